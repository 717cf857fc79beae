//! `firegrid alerts`: the problem list, one alert whole, and everything people do to an alert.

mod add;
mod list;
mod show;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use super::acting::Acting;
use super::moment::{self, Moment};
use super::{Done, output, photos};
use crate::app;
use crate::config::Config;
use crate::domain::alert::Act;
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::chain;
use crate::domain::finding::{Finding, FindingKind, Review};
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::time::{Date, TimeZone, parse_date};
use crate::domain::unit::UnitCode;
use crate::media::Photo;
use crate::store::{Command, Store};
use crate::words::commands::{self, alerts as words};
use crate::words::{Label, Lang, unit_name};

pub(super) use add::{ComplaintArgs, run_complaints};

/// Arguments of `alerts`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Take an alert found on patrol, by video, inspection, in an official list, or a problem without fire.
    Add(add::AddArgs),
    /// List alerts, latest first (问题清单).
    List(list::ListArgs),
    /// Counts for the office, by county, township, source and state.
    Counts(list::ListArgs),
    /// One alert with its chain, clocks and everything that happened (案件详情).
    Show {
        /// The alert, `YYYYMMDD-NNNN`.
        number: String,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Give the alert to a person (派单).
    Dispatch {
        #[command(flatten)]
        by: ActArgs,
        /// The person.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// The unit the person works for; default: the one unit that the person holds at or below the
        /// responsible one.
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Acknowledge (签收).
    Ack {
        #[command(flatten)]
        by: ActArgs,
    },
    /// Arrive on site (到场).
    Arrive {
        #[command(flatten)]
        by: ActArgs,
        #[command(flatten)]
        position: PositionArgs,
    },
    /// Put out (扑灭).
    Out {
        #[command(flatten)]
        by: ActArgs,
    },
    /// Report what was found (反馈).
    Report {
        #[command(flatten)]
        by: ActArgs,
        #[command(flatten)]
        finding: FindingArgs,
    },
    /// Review a finding (审核).
    Review {
        #[command(flatten)]
        by: ActArgs,
        /// `confirmed`, `excluded` or `sent_back`.
        #[arg(value_parser = word(Review::from_name, "confirmed, excluded or sent_back"))]
        decision: Review,
    },
    /// Order rectification (下达整改), or give its result (整改结果).
    Rectify {
        #[command(flatten)]
        by: ActArgs,
        /// Last local day; default: the configured number of days from today.
        #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "result")]
        until: Option<Date>,
        /// Number of the penalty document.
        #[arg(long, value_name = "NUMBER", conflicts_with = "result")]
        document: Option<String>,
        /// The result, when it was done.
        #[arg(long, value_name = "TEXT")]
        result: Option<String>,
        /// Whom it was handed over to.
        #[arg(long, value_name = "TEXT", requires = "result")]
        handed_over: Option<String>,
    },
    /// Close (销号).
    Close {
        #[command(flatten)]
        by: ActArgs,
    },
    /// Look back (回头看).
    LookBack {
        #[command(flatten)]
        by: ActArgs,
        /// Something burns or burnt there again.
        #[arg(long)]
        not_clean: bool,
    },
    /// Give the alert to another unit (改派).
    Reassign {
        #[command(flatten)]
        by: ActArgs,
        /// Code of the unit.
        #[arg(long, value_name = "CODE")]
        to: String,
    },
    /// Dispute whose ground it is (归属异议).
    Dispute {
        #[command(flatten)]
        by: ActArgs,
        /// Code of the unit that answers instead.
        #[arg(long, value_name = "CODE")]
        proposed: String,
    },
    /// Decide a dispute (裁定).
    Decide {
        #[command(flatten)]
        by: ActArgs,
        /// The alert goes to the proposed unit; without it, it stays.
        #[arg(long)]
        accept: bool,
    },
    /// Merge into another alert (合并).
    Merge {
        #[command(flatten)]
        by: ActArgs,
        /// The alert that lives on.
        #[arg(long, value_name = "NUMBER")]
        into: String,
    },
    /// Make some detections a fire of their own (拆分).
    Split {
        #[command(flatten)]
        by: ActArgs,
        /// Key of a detection, as `show` prints it; once for each.
        #[arg(long = "detection", value_name = "KEY", required = true)]
        detections: Vec<String>,
    },
    /// Keep a possible rekindling as an alert of its own (疑似复燃，保留).
    Keep {
        #[command(flatten)]
        by: ActArgs,
    },
    /// Note a telephone call (电话记录).
    Call {
        #[command(flatten)]
        by: ActArgs,
        /// Who was called.
        #[arg(long, value_name = "NAME")]
        whom: String,
        /// Nobody answered.
        #[arg(long)]
        unanswered: bool,
    },
}

/// What every act has.
#[derive(Debug, clap::Args)]
struct ActArgs {
    /// The alert, `YYYYMMDD-NNNN`.
    number: String,
    #[command(flatten)]
    acting: Acting,
    /// For or by whom it is entered (代办); both names are kept.
    #[arg(long = "for", value_name = "NAME")]
    on_behalf_of: Option<String>,
    /// When it happened, local time (or with an offset); default now. Server time is kept beside it.
    #[arg(long = "happened-at", value_name = moment::VALUE)]
    claimed_at: Option<Moment>,
    /// Id of the command: the same id twice is one command.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// A note for the record.
    #[arg(long, default_value = "")]
    note: String,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct PositionArgs {
    /// Longitude of the phone, WGS-84.
    #[arg(long, requires = "lat", allow_negative_numbers = true)]
    lon: Option<f64>,
    /// Latitude of the phone.
    #[arg(long, requires = "lon", allow_negative_numbers = true)]
    lat: Option<f64>,
}

impl PositionArgs {
    fn position(&self) -> anyhow::Result<Option<Position>> {
        let Some((lon, lat)) = self.lon.zip(self.lat) else { return Ok(None) };
        Ok(Some(Position::from_lon_lat(lon, lat).context(commands::NOT_DEGREES)?))
    }
}

#[derive(Debug, clap::Args)]
struct FindingArgs {
    /// `straw`, `stubble`, `weeds`, `rubbish`, `ritual`, `planned_burn`, `forest_grass`, `industrial_source`,
    /// `reflection`, `burnt_out`, `nothing_found` or `could_not_reach`.
    #[arg(long, value_name = "KIND", value_parser = word(FindingKind::from_name, KINDS))]
    finding: FindingKind,
    /// Burnt area, mu.
    #[arg(long, value_name = "MU")]
    mu: Option<f64>,
    /// What burnt, in words.
    #[arg(long, value_name = "TEXT")]
    material: Option<String>,
    /// What was done.
    #[arg(long, value_name = "TEXT")]
    action: Option<String>,
    /// When it was put out, local time (or with an offset).
    #[arg(long, value_name = moment::VALUE)]
    put_out_at: Option<Moment>,
    /// A photo; once for each.
    #[arg(long = "photo", value_name = "FILE")]
    photos: Vec<PathBuf>,
    #[command(flatten)]
    position: PositionArgs,
}

const KINDS: &str = "straw, stubble, weeds, rubbish, ritual, planned_burn, forest_grass, industrial_source, reflection, burnt_out, nothing_found or could_not_reach";

/// A parser of one of the domain's words.
pub(super) fn word<T: Clone + Send + Sync + 'static>(
    from_name: fn(&str) -> Option<T>,
    expected: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text: &str| from_name(text).ok_or_else(|| format!("expected {expected}"))
}

fn day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

/// What every command on alerts needs.
pub(super) struct Desk {
    pub store: Store,
    pub ground: Arc<Ground>,
    pub config: Config,
}

impl Desk {
    /// Where local times are read and said.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.ground.data().time_zone
    }

    /// Opens the database and the ground in use; `None` after the faults of the region files were printed.
    pub(super) async fn open(config: Config) -> anyhow::Result<Option<Self>> {
        let store = app::open_store(&config)?;
        let ground = match app::stored_ground(&store).await? {
            Some(ground) => ground,
            None => match output::passed(app::settle_ground(&config, &store).await?) {
                Some(ground) => ground,
                None => return Ok(None),
            },
        };
        Ok(Some(Self { store, ground, config }))
    }
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    if let Action::Add(args) = args.action {
        return add::run(args, config).await;
    }
    let Some(desk) = Desk::open(config).await? else { return Ok(Done::Fault) };
    match args.action {
        Action::List(args) => list::list(&desk, &args).await?,
        Action::Counts(args) => list::counts(&desk, &args).await?,
        Action::Show { number, json } => show::show(&desk, number, json).await?,
        action => {
            let (by, act, photos) = act_of(&desk, action).await?;
            act_on(&desk, by, act, photos).await?;
        }
    }
    Ok(Done::Completed)
}

/// The act that a command line asks for.
async fn act_of(desk: &Desk, action: Action) -> anyhow::Result<(ActArgs, Act, Vec<Photo>)> {
    let code = UnitCode;
    let none = Vec::new();
    Ok(match action {
        Action::Dispatch { by, to, unit } => {
            let unit = match unit {
                Some(unit) => code(unit),
                None => unit_of(desk, &by.number, &to).await?,
            };
            (by, Act::Dispatch { to, unit }, none)
        }
        Action::Ack { by } => (by, Act::Acknowledge, none),
        Action::Arrive { by, position } => (by, Act::Arrive { position: position.position()? }, none),
        Action::Out { by } => (by, Act::PutOut, none),
        Action::Report { by, finding } => {
            let kept = photos::keep(&desk.store, &finding.photos)?;
            let finding = Finding {
                kind: finding.finding,
                burnt_mu: finding.mu,
                material: finding.material,
                action: finding.action,
                put_out_at: finding.put_out_at.map(|at| at.instant(desk.zone())).transpose()?,
                position: finding.position.position()?,
                photos: kept.iter().map(|photo| photo.hash.clone()).collect(),
            };
            (by, Act::Report { finding }, kept)
        }
        Action::Review { by, decision } => (by, Act::Review { review: decision }, none),
        Action::Rectify { by, result: Some(result), handed_over, .. } => {
            (by, Act::Rectified { result, handed_over_to: handed_over }, none)
        }
        Action::Rectify { by, until, document, result: None, .. } => {
            (by, Act::Rectify { by: until.map_or_else(|| default_day(desk), Ok)?, document_number: document }, none)
        }
        Action::Close { by } => (by, Act::Close, none),
        Action::LookBack { by, not_clean } => (by, Act::LookBack { is_clean: !not_clean }, none),
        Action::Reassign { by, to } => (by, Act::Reassign { to: code(to) }, none),
        Action::Dispute { by, proposed } => (by, Act::Dispute { proposed: code(proposed) }, none),
        Action::Decide { by, accept } => (by, Act::Decide { accepted: accept }, none),
        Action::Merge { by, into } => (by, Act::Merge { into: AlertNumber(into) }, none),
        Action::Split { by, detections } => (by, Act::Split { detections }, none),
        Action::Keep { by } => (by, Act::Keep, none),
        Action::Call { by, whom, unanswered } => (by, Act::Call { whom, answered: !unanswered }, none),
        Action::Add(_) | Action::List(_) | Action::Counts(_) | Action::Show { .. } => anyhow::bail!("a list is no act"),
    })
}

/// The one unit that a person holds among those an alert may be dispatched to.
async fn unit_of(desk: &Desk, number: &str, name: &str) -> anyhow::Result<UnitCode> {
    let number = AlertNumber(number.to_owned());
    let alert = desk.store.whole().alert(&number).await?.with_context(|| commands::no_alert(&number))?;
    let (below, today) = (alert.alert.responsible_code, desk.ground.local_day(app::now()));
    let named = |code: &UnitCode| format!("{code} {}", unit_name(&desk.ground, code, Lang::Zh));
    match chain::units_of_person(&desk.ground, name, &below, today).as_slice() {
        [unit] => Ok(unit.clone()),
        [] => {
            let people = chain::people_below(&desk.ground, &below, today);
            let people: Vec<_> = people.iter().map(|holder| format!("{}@{}", holder.name, holder.unit_code)).collect();
            anyhow::bail!(words::nobody_called(name, &below, &named(&below), &people))
        }
        several => {
            let units: Vec<_> = several.iter().map(named).collect();
            anyhow::bail!(words::several_units_of(name, &below, &named(&below), &units))
        }
    }
}

fn default_day(desk: &Desk) -> anyhow::Result<Date> {
    let today = desk.ground.local_day(app::now());
    let days = crate::domain::time::SignedDuration::from_hours(24 * i64::from(desk.config.clocks.rectify_days));
    today.checked_add(days).context("clocks.rectify_days leads out of the calendar")
}

async fn act_on(desk: &Desk, by: ActArgs, act: Act, photos: Vec<Photo>) -> anyhow::Result<()> {
    let number = AlertNumber(by.number);
    let alert = desk.store.whole().alert(&number).await?.with_context(|| commands::no_alert(&number))?;
    let heir = match &act {
        Act::Merge { into } => Some(into.clone()),
        _ => None,
    };
    let command = Command {
        number,
        act,
        actor: by.acting.actor_on(&desk.ground, &alert.alert.owner_code)?,
        on_behalf_of: by.on_behalf_of,
        claimed_at: by.claimed_at.map(|at| at.instant(desk.zone())).transpose()?,
        client_id: by.client_id,
        note: by.note,
        photos,
    };
    let rules = Arc::new(desk.config.domain_rules());
    let done = desk.store.whole().carry_out(command, (desk.ground.clone(), rules), app::now()).await?;
    if by.json {
        return output::json(&done);
    }
    let suffix = if done.changed { "" } else { words::UNCHANGED };
    // A merged alert keeps the state it had; what it is now is said by the alert it lives on in.
    let state = match &heir {
        Some(heir) => words::merged_into(heir),
        None => format!("{} {}", done.state.name(), done.state.label().zh),
    };
    output::line(&format!("{} {state}{suffix}", done.number));
    for number in &done.split_off {
        output::line(&format!("{number} open {}", AlertState::Open.label().zh));
    }
    Ok(())
}
