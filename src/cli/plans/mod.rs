//! `firegrid plans ...`: burning in order, from the application to the ledger.
//!
//! Every command that changes something names who acts (`--as`); what the rules allow is
//! [`crate::domain::burning`]'s business. Like `ingest`, commands that change something take up the
//! region files first, and with them the plans of `burn_plans.csv`.

mod acts;
mod import;
mod ledger;
mod list;

use std::sync::Arc;

use serde_json::Value;

use super::moment::Moment;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::burning::{BurnRules, StandingPlan, local_minute};
use crate::domain::ground::Ground;
use crate::domain::time::{TimeZone, Timestamp};
use crate::report::objects;
use crate::store::{By, Store};
use crate::words::Label;
use crate::words::commands::plans as words;

/// Arguments of `plans`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Import plans from a CSV or XLSX file: all rows, or none and every fault.
    Import(import::Args),
    /// List plans.
    List(list::ListArgs),
    /// One plan whole, with its orders and events.
    Show(list::ShowArgs),
    /// Write plans to standard output in office column order.
    Export(list::ExportArgs),
    /// Apply for a plan (申请).
    Apply(acts::ApplyArgs),
    /// Approve or refuse a plan (审核).
    Review(acts::ReviewArgs),
    /// Give a plan the day's order (当日烧除指令).
    Order(acts::OrderArgs),
    /// Take an order back before it is lit (撤回指令).
    Takeback(acts::TakebackArgs),
    /// Report a plan lit (点火).
    Lit(acts::PlainArgs),
    /// Report a plan done, with the area really burnt (完成).
    Done(acts::DoneArgs),
    /// Withdraw a plan that is not lit yet (撤回计划).
    Withdraw(acts::PlainArgs),
    /// Plans, orders, burnt and seen of a day, by unit, with quotas (烧除台账).
    Ledger(ledger::LedgerArgs),
    /// How far the season has come, by county and township (烧除进度).
    Progress(ledger::ProgressArgs),
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    // Looking takes up no edited region files, except where there is nothing to look at yet.
    let stored = if args.action.only_looks() { app::stored_ground(&store).await? } else { None };
    let ground = match stored {
        Some(ground) => Some(ground),
        None => output::passed(app::settle_ground(&config, &store).await?),
    };
    let Some(ground) = ground else { return Ok(Done::Fault) };
    let desk = Desk { store, ground, rules: config.burn_rules() };
    match args.action {
        Action::Import(args) => import::run(&args, &desk).await,
        Action::List(args) => list::list(&args, &desk).await,
        Action::Show(args) => list::show(args, &desk).await,
        Action::Export(args) => list::export(&args, &desk).await,
        Action::Apply(args) => acts::apply(args, &desk).await,
        Action::Review(args) => acts::review(args, &desk).await,
        Action::Order(args) => acts::order(args, &desk).await,
        Action::Takeback(args) => acts::take_back(args, &desk).await,
        Action::Lit(args) => acts::lit(args, &desk).await,
        Action::Done(args) => acts::done(args, &desk).await,
        Action::Withdraw(args) => acts::withdraw(args, &desk).await,
        Action::Ledger(args) => ledger::ledger(&args, &desk).await,
        Action::Progress(args) => ledger::progress(&args, &desk).await,
    }
}

impl Action {
    fn only_looks(&self) -> bool {
        match self {
            Self::Import(args) => args.is_dry_run(),
            Self::List(_) | Self::Show(_) | Self::Export(_) | Self::Ledger(_) | Self::Progress(_) => true,
            Self::Apply(_)
            | Self::Review(_)
            | Self::Order(_)
            | Self::Takeback(_)
            | Self::Lit(_)
            | Self::Done(_)
            | Self::Withdraw(_) => false,
        }
    }
}

/// What every command needs.
struct Desk {
    store: Store,
    ground: Arc<Ground>,
    rules: BurnRules,
}

impl Desk {
    fn zone(&self) -> &TimeZone {
        &self.ground.data().time_zone
    }

    /// A local date and time of an argument.
    fn moment(&self, argument: &str, text: &str) -> anyhow::Result<Timestamp> {
        let read = text.parse::<Moment>().ok().and_then(|moment| moment.instant(self.zone()).ok());
        read.ok_or_else(|| anyhow::anyhow!(words::not_a_moment(argument, text)))
    }

    fn local(&self, at: Timestamp) -> String {
        local_minute(at, self.zone())
    }

    fn unit_name(&self, standing: &StandingPlan) -> String {
        let code = &standing.plan.unit_code;
        self.ground.unit(code).map_or_else(|| code.0.clone(), |unit| unit.name.clone())
    }

    /// A plan as JSON: instants in UTC, as everywhere; local times are for the export.
    fn document(&self, standing: &StandingPlan) -> Value {
        objects::plan(&self.ground, standing)
    }

    /// A plan in a line for people.
    fn line(&self, standing: &StandingPlan) -> String {
        let plan = &standing.plan;
        format!(
            "{}  {}  {}  {}  {}",
            plan.id,
            standing.status.label().zh,
            words::window(&self.local(plan.window_start), &self.local(plan.window_end), plan.area_mu),
            self.unit_name(standing),
            plan.responsible,
        )
    }
}

/// Who acts, and how the command says so.
#[derive(Debug, clap::Args)]
struct ActingArgs {
    #[command(flatten)]
    acting: super::acting::Acting,
    /// Names the command: sent again with the same id it is answered and not done again.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// When it happened, where it is entered later: local date and time, at most 72 hours ago.
    #[arg(long = "happened-at", alias = "claimed-at", value_name = "LOCAL")]
    claimed_at: Option<String>,
}

impl ActingArgs {
    fn by(self, desk: &Desk) -> anyhow::Result<By> {
        let actor: Actor = self.acting.actor(&desk.ground)?;
        let claimed_at = self.claimed_at.map(|text| desk.moment("--happened-at", &text)).transpose()?;
        Ok(By { actor, client_id: self.client_id, claimed_at })
    }
}
