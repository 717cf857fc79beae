//! `firegrid export`: what is recorded, as GeoJSON, CSV, JSON or XLSX on standard output or in a file.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::time::{Date, TimeZone, day_bounds, parse_date};
use crate::domain::verdict::Verdict;
use crate::report::export::{self, Format};
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::words::commands::DAYS_REVERSED;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to write.
    what: What,
    /// In which form.
    #[arg(long)]
    format: FormatArg,
    /// Also what is in no total: neighbours outside the region.
    #[arg(long)]
    outside: bool,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    days: Days,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Detections,
    Fires,
    Alerts,
    Units,
    Zones,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    Geojson,
    Csv,
    Json,
    Xlsx,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Geojson => Self::GeoJson,
            FormatArg::Csv => Self::Csv,
            FormatArg::Json => Self::Json,
            FormatArg::Xlsx => Self::Xlsx,
        }
    }
}

/// Inclusive local days.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Days {
    /// First local day, inclusive.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    from: Option<Date>,
    /// Last local day, inclusive.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    to: Option<Date>,
}

fn parse_day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

impl Days {
    /// Whether any day was named.
    pub(super) fn is_bounded(self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The days as a span of instants in a time zone (UTC while there is no region).
    pub(super) fn span(self, zone: Option<&TimeZone>) -> anyhow::Result<Span> {
        let zone = zone.cloned().unwrap_or(TimeZone::UTC);
        let mut span = Span::ALL;
        if let Some(day) = self.from {
            span.from = day_bounds(day, &zone)?.0;
        }
        if let Some(day) = self.to {
            span.until = day_bounds(day, &zone)?.1;
        }
        // An empty list would look like a quiet week.
        anyhow::ensure!(span.from < span.until, DAYS_REVERSED);
        Ok(span)
    }
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    // What is recorded can be had even while the region files have a fault.
    let ground = match app::stored_ground(&store).await? {
        Some(ground) if !matches!(args.what, What::Units | What::Zones) => ground,
        _ => {
            let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
            ground
        }
    };
    let span = args.days.span(Some(&ground.data().time_zone))?;
    let format = args.format.into();
    let document = match args.what {
        What::Detections => {
            let mut rows = store.whole().in_span::<DetectionRow>(span).await?;
            rows.retain(|row| args.outside || row.judgement.verdict != Verdict::Neighbour);
            export::detections(&rows, format)
        }
        What::Fires => {
            let mut rows = store.whole().in_span::<FireRow>(span).await?;
            rows.retain(|row| args.outside || row.verdict != Verdict::Neighbour);
            export::fires(&rows, format)
        }
        What::Alerts => export::alerts(&store.whole().in_span::<AlertRow>(span).await?, format),
        What::Units => export::units(&ground, format),
        What::Zones => export::zones(&ground, ground.local_day(app::now()), format),
    }?;
    output::document(&document, args.output.as_deref())?;
    Ok(Done::Completed)
}
