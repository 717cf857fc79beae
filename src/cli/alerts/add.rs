//! `firegrid alerts add` and `firegrid complaints add`: alerts that people bring.

use std::sync::Arc;

use anyhow::Context;

use super::super::acting::Acting;
use super::super::moment::{self, Moment};
use super::super::{Done, output};
use super::{Desk, word};
use crate::app;
use crate::config::Config;
use crate::domain::alert::AlertSource;
use crate::domain::phone::Phone;
use crate::domain::position::Position;
use crate::domain::time::{Date, parse_date};
use crate::store::{Complainant, NewAlert};
use crate::words::bad_phone;
use crate::words::commands::NOT_DEGREES;
use crate::words::commands::brought::{COMPLAINANTS_PHONE, joined};

/// Arguments of `alerts add`.
#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// patrol, video, inspection, official or problem.
    #[arg(long, value_parser = word(AlertSource::from_name, "patrol, video, inspection, complaint, official or problem"))]
    source: AlertSource,
    #[command(flatten)]
    what: What,
    /// Who found it, where that is somebody else than --as.
    #[arg(long, value_name = "NAME")]
    found_by: Option<String>,
}

/// Arguments of `complaints`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ComplaintArgs {
    #[command(subcommand)]
    action: ComplaintAction,
}

#[derive(Debug, clap::Subcommand)]
enum ComplaintAction {
    /// Take a complaint (举报、信访). Who complained is kept apart and shown to few.
    Add {
        #[command(flatten)]
        what: What,
        /// Name of the complainant.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Telephone of the complainant.
        #[arg(long, value_name = "NUMBER")]
        phone: Option<String>,
        /// Address of the complainant.
        #[arg(long, value_name = "TEXT")]
        address: Option<String>,
    },
}

/// What every alert of people has.
#[derive(Debug, clap::Args)]
struct What {
    /// Longitude, WGS-84 degrees.
    #[arg(long, allow_negative_numbers = true)]
    lon: f64,
    /// Latitude, WGS-84 degrees.
    #[arg(long, allow_negative_numbers = true)]
    lat: f64,
    /// When it was seen, local time (or with an offset); default now.
    #[arg(long, value_name = moment::VALUE)]
    seen_at: Option<Moment>,
    /// What was seen.
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Its number in an outside list.
    #[arg(long, value_name = "NUMBER")]
    external: Option<String>,
    /// The letter it came with.
    #[arg(long, value_name = "NUMBER")]
    letter: Option<String>,
    /// Last local day to answer it.
    #[arg(long, value_name = "DATE", value_parser = day)]
    reply_by: Option<Date>,
    #[command(flatten)]
    acting: Acting,
    /// Id of the command: the same id twice is one alert.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

pub(super) async fn run(args: AddArgs, config: Config) -> anyhow::Result<Done> {
    let AddArgs { source, what, found_by } = args;
    add(config, source, what, found_by, None).await
}

pub(in crate::cli) async fn run_complaints(args: ComplaintArgs, config: Config) -> anyhow::Result<Done> {
    let ComplaintAction::Add { what, name, phone, address } = args.action;
    let phone = Phone::parse(phone.as_deref().unwrap_or_default())
        .map_err(|error| anyhow::anyhow!("{}", bad_phone(COMPLAINANTS_PHONE.zh, COMPLAINANTS_PHONE.en, error)))?;
    add(config, AlertSource::Complaint, what, None, Some(Complainant::new(name, phone, address))).await
}

async fn add(
    config: Config,
    source: AlertSource,
    what: What,
    found_by: Option<String>,
    complainant: Option<Complainant>,
) -> anyhow::Result<Done> {
    let Some(desk) = Desk::open(config).await? else { return Ok(Done::Fault) };
    let now = app::now();
    let actor = what.acting.actor(&desk.ground)?;
    let new = NewAlert {
        source,
        position: Position::from_lon_lat(what.lon, what.lat).context(NOT_DEGREES)?,
        seen_at: what.seen_at.map_or(Ok(now), |at| at.instant(desk.zone()))?,
        description: what.description,
        // A complainant's name never stands in the alert itself.
        reported_by: match source {
            AlertSource::Complaint => None,
            _ => found_by.or_else(|| Some(actor.name.clone())),
        },
        actor,
        external_number: what.external,
        letter_number: what.letter,
        reply_by: what.reply_by,
        complainant,
        client_id: what.client_id,
    };
    let rules = Arc::new(desk.config.domain_rules());
    let added = desk.store.whole().carry_out(new, (desk.ground.clone(), rules), now).await?;
    if what.json {
        output::json(&added)?;
    } else if added.joined {
        output::line(&joined(&added.number));
    } else {
        output::line(&added.number.0);
    }
    Ok(Done::Completed)
}
