//! `firegrid rejudge`: what today's rules and plans say of recorded detections; shown first, applied second.

use anyhow::Context;

use super::export::Days;
use super::{Done, acting, output};
use crate::app;
use crate::config::Config;
use crate::domain::alert::AlertNumber;
use crate::domain::burning::local_minute;
use crate::domain::time::TimeZone;
use crate::report::objects;
use crate::store::{By, RejudgeOrder, RejudgeScope, RejudgedDetection};
use crate::words::commands::rejudge as words;
use crate::words::{Label, Say};

/// Arguments of `rejudge`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    days: Days,
    /// The detections of this alert's fire instead of days.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "to"])]
    alert: Option<String>,
    /// Write the difference; without it nothing changes.
    #[arg(long, requires = "actor", requires = "why")]
    apply: bool,
    /// Who asked, for the record: a name of people.csv, or NAME@UNIT.
    #[arg(long = "as", value_name = "NAME[@UNIT]")]
    actor: Option<String>,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// The hash that was shown with the difference: refuse when it is another by now.
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    anyhow::ensure!(args.alert.is_some() || args.days.is_bounded(), words::NAME_WHAT);
    let store = app::open_store(&config)?;
    // The active version judges, never files that nobody has reloaded: looking changes nothing.
    let ground = app::stored_ground(&store).await?.context(words::NO_REGION)?;
    let zone = ground.data().time_zone.clone();
    let scope = match &args.alert {
        Some(number) => RejudgeScope::Alert(AlertNumber(number.clone())),
        None => RejudgeScope::Span(args.days.span(Some(&zone))?),
    };
    let rules = std::sync::Arc::new(config.domain_rules());
    let order = match (&args.actor, &args.why) {
        (Some(actor), Some(why)) if args.apply => {
            let actor = acting::resolve(&ground, actor)?;
            Some(RejudgeOrder { by: By::now(actor), why: why.clone(), expect: args.expect.clone() })
        }
        _ => None,
    };
    let rejudgement = store.whole().rejudge(scope, order, ground.clone(), rules, app::now()).await?;
    if args.json {
        output::json(&objects::rejudgement(&rejudgement))?;
    } else {
        for change in &rejudgement.changes {
            output::line(&text(change, &zone));
        }
        for unknown in &rejudgement.unjudgeable {
            output::note(&words::beyond(&unknown.key).to_string());
        }
        output::line(&words::summary(&rejudgement).to_string());
    }
    Ok(Done::Completed)
}

fn text(change: &RejudgedDetection, zone: &TimeZone) -> String {
    let (old, new) = (&change.old, &change.new);
    format!(
        "{}  {}  {}\n  {}\n  {} -> {}: {}",
        local_minute(change.acquired_at, zone),
        change.key,
        change.alert.as_ref().map_or("—", |number| number.0.as_str()),
        words::change((old.verdict.label().zh, &old.reason.say().zh), (new.verdict.label().zh, &new.reason.say().zh),),
        old.verdict.name(),
        new.verdict.name(),
        new.reason.say().en,
    )
}
