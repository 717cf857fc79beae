//! `firegrid alerts list|ack|close`.

use serde_json::json;

use super::export::Days;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::alert::AlertNumber;
use crate::domain::verdict::{Reason, Verdict};
use crate::report::export;
use crate::store::Act;

/// Arguments of `alerts`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List alerts, worst verdict first.
    List {
        #[command(flatten)]
        days: Days,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Acknowledge an alert (签收).
    Ack(ActArgs),
    /// Close an alert (销号).
    Close(ActArgs),
}

#[derive(Debug, clap::Args)]
struct ActArgs {
    /// The alert, `YYYYMMDD-NNNN`.
    number: String,
    /// Who does it; kept in the record.
    #[arg(long = "as", value_name = "NAME")]
    actor: String,
    /// A note for the record.
    #[arg(long, default_value = "")]
    note: String,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    match args.action {
        Action::List { days, json } => {
            let ground = app::stored_ground(&store).await?;
            let alerts = store.alerts(days.span(ground.as_ref().map(|ground| &ground.data().time_zone))?).await?;
            if json {
                output::json(&json!({
                    "alerts": export::alert_objects(&alerts),
                    "region_version": ground.as_ref().map(|ground| ground.version()),
                }))?;
                return Ok(Done::Well);
            }
            for alert in &alerts {
                let township = ground.as_ref().and_then(|ground| ground.unit(&alert.responsible_code));
                output::line(&format!(
                    "{}  {:<12} {:<12} {}  {}  {}",
                    alert.number,
                    alert.verdict.map_or("problem", Verdict::name),
                    alert.state.name(),
                    alert.first_seen_at,
                    township.map_or(alert.responsible_code.0.as_str(), |unit| unit.name.as_str()),
                    alert.reason.as_ref().map(Reason::text_zh).unwrap_or_default(),
                ));
            }
            output::note(&format!("{} alert(s)", alerts.len()));
        }
        Action::Ack(act) => perform(&store, act, Act::Acknowledge).await?,
        Action::Close(act) => perform(&store, act, Act::Close).await?,
    }
    Ok(Done::Well)
}

async fn perform(store: &crate::store::Store, args: ActArgs, act: Act) -> anyhow::Result<()> {
    let state = store.act_on_alert(AlertNumber(args.number.clone()), act, args.actor, args.note, app::now()).await?;
    output::line(&format!("{} {}", args.number, state.name()));
    Ok(())
}
