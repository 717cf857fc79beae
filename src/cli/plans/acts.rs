//! `firegrid plans apply|review|order|takeback|lit|done|withdraw`.

use std::path::PathBuf;

use serde_json::json;

use super::{ActingArgs, Desk};
use crate::app;
use crate::cli::{Done, output, photos};
use crate::domain::burning::PlanAct;
use crate::domain::datum::Datum;
use crate::domain::plan::{PlanApplication, PlanId};
use crate::domain::unit::UnitCode;
use crate::regions::plan_rows;
use crate::report::objects;
use crate::store::{PlanAnswer, PlanCommand};
use crate::words::commands::plans as words;

/// Arguments of `plans apply`.
#[derive(Debug, clap::Args)]
pub(super) struct ApplyArgs {
    /// The id of the plan, unique in this installation.
    id: String,
    /// Code of the unit that burns.
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// First local moment of the window.
    #[arg(long, value_name = "LOCAL")]
    from: String,
    /// First local moment after the window.
    #[arg(long, value_name = "LOCAL")]
    to: String,
    /// Planned area, mu.
    #[arg(long, value_name = "MU")]
    mu: f64,
    /// Who answers for the burning.
    #[arg(long, value_name = "NAME")]
    responsible: String,
    /// Outline of the plot, WKT POLYGON or MULTIPOLYGON; needs --datum.
    #[arg(long, value_name = "WKT", requires = "datum")]
    plot: Option<String>,
    /// Datum of the plot: wgs84, cgcs2000, gcj02 or bd09.
    #[arg(long, value_name = "DATUM", value_parser = parse_datum)]
    datum: Option<Datum>,
    /// A note.
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Reads the word of a datum.
pub(super) fn parse_datum(text: &str) -> Result<Datum, String> {
    serde_json::from_value(json!(text)).map_err(|_not_one| "expected wgs84, cgcs2000, gcj02 or bd09".to_owned())
}

/// Arguments of `plans review`.
#[derive(Debug, clap::Args)]
pub(super) struct ReviewArgs {
    /// The plan.
    id: String,
    /// Approve it.
    #[arg(long, conflicts_with = "refuse", required_unless_present = "refuse")]
    approve: bool,
    /// Refuse it; say why.
    #[arg(long, requires = "note")]
    refuse: bool,
    /// Why, or a note.
    #[arg(long, alias = "why")]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans order`.
#[derive(Debug, clap::Args)]
pub(super) struct OrderArgs {
    /// The plan.
    id: String,
    /// First local moment inside.
    #[arg(long, value_name = "LOCAL")]
    from: String,
    /// First local moment after, at most 24 hours later.
    #[arg(long, value_name = "LOCAL")]
    to: String,
    /// A note.
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans takeback`.
#[derive(Debug, clap::Args)]
pub(super) struct TakebackArgs {
    /// The plan.
    id: String,
    /// The order, where several stand.
    #[arg(long, value_name = "ORDER")]
    order: Option<i64>,
    /// Why, or a note.
    #[arg(long, alias = "why")]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans lit` and `plans withdraw`.
#[derive(Debug, clap::Args)]
pub(super) struct PlainArgs {
    /// The plan.
    id: String,
    /// Why, or a note.
    #[arg(long, alias = "why")]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans done`.
#[derive(Debug, clap::Args)]
pub(super) struct DoneArgs {
    /// The plan.
    id: String,
    /// Area really burnt, mu.
    #[arg(long, value_name = "MU")]
    mu: f64,
    /// A photo of the burnt plot: JPEG, PNG or WebP.
    #[arg(long, value_name = "FILE")]
    photo: Option<PathBuf>,
    /// A note.
    #[arg(long)]
    note: Option<String>,
    #[command(flatten)]
    acting: ActingArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn apply(args: ApplyArgs, desk: &Desk) -> anyhow::Result<Done> {
    let by = args.acting.by(desk)?;
    let plot = match (&args.plot, args.datum) {
        (Some(plot), Some(datum)) => match plan_rows::read_plot("--plot", plot, datum, &desk.ground) {
            Ok(plot) => Some(plot),
            Err(faults) => {
                output::faults(&faults);
                return Ok(Done::Fault);
            }
        },
        _ => None,
    };
    let application = PlanApplication {
        id: PlanId(args.id),
        unit_code: UnitCode(args.unit),
        plot,
        window_start: desk.moment("--from", &args.from)?,
        window_end: desk.moment("--to", &args.to)?,
        area_mu: args.mu,
        responsible: args.responsible,
        note: args.note,
    };
    let answer = desk.store.whole().carry_out(application, (by, desk.ground.clone(), desk.rules), app::now()).await?;
    tell(desk, &answer, args.json)
}

pub(super) async fn review(args: ReviewArgs, desk: &Desk) -> anyhow::Result<Done> {
    let act = if args.approve { PlanAct::Approve } else { PlanAct::Refuse };
    let command = PlanCommand { id: PlanId(args.id), act, note: args.note, photos: Vec::new() };
    perform(desk, command, args.acting, args.json).await
}

pub(super) async fn order(args: OrderArgs, desk: &Desk) -> anyhow::Result<Done> {
    let act = PlanAct::Order { from: desk.moment("--from", &args.from)?, to: desk.moment("--to", &args.to)? };
    let command = PlanCommand { id: PlanId(args.id), act, note: args.note, photos: Vec::new() };
    perform(desk, command, args.acting, args.json).await
}

pub(super) async fn take_back(args: TakebackArgs, desk: &Desk) -> anyhow::Result<Done> {
    let act = PlanAct::TakeBack { order: args.order };
    let command = PlanCommand { id: PlanId(args.id), act, note: args.note, photos: Vec::new() };
    perform(desk, command, args.acting, args.json).await
}

pub(super) async fn lit(args: PlainArgs, desk: &Desk) -> anyhow::Result<Done> {
    let command = PlanCommand { id: PlanId(args.id), act: PlanAct::Light, note: args.note, photos: Vec::new() };
    perform(desk, command, args.acting, args.json).await
}

pub(super) async fn withdraw(args: PlainArgs, desk: &Desk) -> anyhow::Result<Done> {
    let command = PlanCommand { id: PlanId(args.id), act: PlanAct::Withdraw, note: args.note, photos: Vec::new() };
    perform(desk, command, args.acting, args.json).await
}

pub(super) async fn done(args: DoneArgs, desk: &Desk) -> anyhow::Result<Done> {
    let files: Vec<PathBuf> = args.photo.into_iter().collect();
    let photos = photos::keep(&desk.store, &files)?;
    if photos.is_empty() {
        output::note(&words::NO_PHOTO.to_string());
    }
    let act = PlanAct::Finish { burnt_mu: args.mu };
    let command = PlanCommand { id: PlanId(args.id), act, note: args.note, photos };
    perform(desk, command, args.acting, args.json).await
}

async fn perform(desk: &Desk, command: PlanCommand, acting: ActingArgs, as_json: bool) -> anyhow::Result<Done> {
    let by = acting.by(desk)?;
    let answer = desk.store.whole().carry_out(command, (by, desk.ground.clone(), desk.rules), app::now()).await?;
    tell(desk, &answer, as_json)
}

fn tell(desk: &Desk, answer: &PlanAnswer, as_json: bool) -> anyhow::Result<Done> {
    if as_json {
        output::json(&objects::plan_answer(&desk.ground, answer))?;
    } else {
        output::line(&desk.line(&answer.standing));
        for caution in &answer.cautions {
            output::note(&words::caution(caution));
        }
        if answer.repeated {
            output::note(&words::DONE_BEFORE.to_string());
        }
    }
    Ok(Done::Completed)
}
