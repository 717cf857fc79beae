//! `firegrid figures`: pixels, suspected fires and alerts of a period, as every page counts them.

use std::str::FromStr;

use anyhow::Context;
use serde_json::json;

use super::moment::Moment;
use super::status::received_words;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::account::Scope;
use crate::domain::burning::local_minute;
use crate::domain::ground::Ground;
use crate::domain::time::{Date, TimeZone, Timestamp, day_bounds, parse_date};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::figures::{Counts, Figures, Question, level_below, of_period};
use crate::store::query::Span;
use crate::words::commands::{figures as words, no_unit};
use crate::words::{Lang, figures as figures_words};

/// Arguments of `figures`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// From this local day or moment; today by default.
    #[arg(long, value_name = "DATE or YYYY-MM-DDTHH:MM")]
    from: Option<End>,
    /// Up to this local day, inclusive, or up to this moment.
    #[arg(long, value_name = "DATE or YYYY-MM-DDTHH:MM")]
    to: Option<End>,
    /// This unit instead of the whole region.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Of these verdicts; several times or with commas.
    #[arg(long = "verdict", value_name = "VERDICT", value_delimiter = ',', value_parser = verdict)]
    verdicts: Vec<Verdict>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

fn verdict(text: &str) -> Result<Verdict, String> {
    Verdict::from_name(text)
        .ok_or_else(|| "expected banned, off_plan, unplanned, planned, heat_source, unzoned or neighbour".to_owned())
}

/// One end of a period.
#[derive(Debug, Clone, Copy)]
enum End {
    Day(Date),
    Moment(Moment),
}

impl FromStr for End {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match parse_date(text) {
            Ok(day) => Ok(Self::Day(day)),
            Err(_no_date) => text.parse().map(Self::Moment),
        }
    }
}

impl End {
    /// The first moment, and the first after it.
    fn bounds(self, zone: &TimeZone) -> anyhow::Result<(Timestamp, Timestamp)> {
        match self {
            Self::Day(day) => Ok(day_bounds(day, zone)?),
            Self::Moment(moment) => moment.instant(zone).map(|at| (at, at)),
        }
    }
}

/// The period that is asked for: today, or from one end to the other; one day alone is that day.
fn span_of(args: &Args, ground: &Ground) -> anyhow::Result<Span> {
    let zone = &ground.data().time_zone;
    let today = End::Day(ground.local_day(app::now()));
    let (first, last) = (args.from.or(args.to).unwrap_or(today), args.to.or(args.from).unwrap_or(today));
    let span = Span { from: first.bounds(zone)?.0, until: last.bounds(zone)?.1 };
    anyhow::ensure!(span.from < span.until, words::EMPTY);
    Ok(span)
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    // What is recorded can be counted even while the region files have a fault.
    let ground = if let Some(ground) = app::stored_ground(&store).await? {
        ground
    } else {
        let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
        ground
    };
    let top = ground.top().context("the region has no unit")?.code.clone();
    let unit = args.unit.clone().map_or(top, UnitCode);
    let scope = Scope::of(&ground, &unit).with_context(|| no_unit(&unit))?;
    let span = span_of(&args, &ground)?;
    let question = Question { ground: &ground, scope: &scope, period: span, verdicts: &args.verdicts };
    let figures = of_period(&question, &store.whole().period(span).await?);
    let satellites = store.health().recorded_range().await?.newest;
    if args.json {
        return output::json(&json!({
            "from": span.from, "until": span.until, "figures": figures,
            "newest_acquired_at": satellites.iter().map(|(_, at)| at).max(),
            "region_version": ground.version(),
        }))
        .map(|()| Done::Completed);
    }
    print(&ground, span, &figures);
    output::note(&received_words(&satellites, &ground.data().time_zone));
    Ok(Done::Completed)
}

fn print(ground: &Ground, span: Span, figures: &Figures) {
    let zone = &ground.data().time_zone;
    let period = format!("{} — {}", local_minute(span.from, zone), local_minute(span.until, zone));
    let column = figures_words::column(level_below(ground, &figures.unit_code)).zh;
    output::line(&format!("{period}\n{column}\t{}", words::HEADS));
    let line = |name: &str, counts: &Counts| {
        output::line(&format!("{name}\t{}\t{}\t{}", counts.pixels, counts.fires, counts.alerts));
    };
    for below in &figures.below {
        line(&figures.name_of(below.unit_code.as_ref(), ground, Lang::Zh), &below.counts);
    }
    line(&figures.title(ground, Lang::Zh), &figures.total);
    for (name, counts) in [(words::NEIGHBOURS, &figures.neighbours), (words::ELSEWHERE, &figures.elsewhere)] {
        if !counts.is_empty() {
            line(name, counts);
        }
    }
    for note in figures.notes(Lang::Zh) {
        output::line(&note);
    }
}
