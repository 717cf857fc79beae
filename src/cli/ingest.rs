//! `firegrid ingest PATH...`: feed files into the database, each one poll of its own.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::detection::Origin;
use crate::domain::feed_content::{Content, Cover, Promise};
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::media::Bodies;
use crate::source::dialect::{ReadOptions, Reason, Table};
use crate::source::{Outcome, drop_folder, read_file, unreadable_file};
use crate::store::{Batch, CursorUpdate, OfficialRecorded, OriginRule, Recorded, Store};
use crate::watch::{self, Given};
use crate::words::{commands, dropped_files, feeds};

/// Arguments of `ingest`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, or folders that are read with everything below them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the detections came to be recorded: `auto` goes by their age.
    #[arg(long, default_value = "auto")]
    origin: OriginArg,
    /// The moment to take as now (RFC 3339).
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    /// Accept files whose last line has no line feed, as some tools write them.
    #[arg(long)]
    allow_missing_newline: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OriginArg {
    Auto,
    Live,
    Late,
    History,
}

impl From<OriginArg> for OriginRule {
    fn from(origin: OriginArg) -> Self {
        match origin {
            OriginArg::Auto => Self::ByAge,
            OriginArg::Live => Self::Fixed(Origin::Live),
            OriginArg::Late => Self::Fixed(Origin::Late),
            OriginArg::History => Self::Fixed(Origin::History),
        }
    }
}

#[derive(Serialize)]
struct Summary {
    read: u64,
    new: u64,
    duplicate: u64,
    revised: u64,
    rejected: u64,
    with_unknown: u64,
    outside: u64,
    neighbour: u64,
    fires: u64,
    alerts: u64,
    /// Points of official lists of days that were not known.
    official_points: u64,
    files: Vec<FileSummary>,
}

#[derive(Serialize)]
struct FileSummary {
    path: String,
    outcome: String,
    read: u64,
    detail: String,
    /// Why rows were rejected.
    rejected: Vec<Reason>,
    /// Rows later than the moment taken as now, wherever they lie.
    future: u64,
    /// Values of recorded and other rows that could not be read.
    unknown: Vec<Reason>,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    let Some(ground) = output::passed(app::settle_ground(&config, &store).await?) else { return Ok(Done::Fault) };
    let ingest = Ingest {
        bodies: Bodies::beside(store.path()),
        store,
        ground,
        rules: std::sync::Arc::new(config.domain_rules()),
        origin: args.origin.into(),
        now: args.now,
        options: ReadOptions {
            allow_missing_final_newline: args.allow_missing_newline,
            lists: config.lists.as_slice().into(),
            ..ReadOptions::default()
        },
    };
    let mut files = Vec::new();
    for path in &args.paths {
        collect(path, &mut files);
    }
    let progress = progress_over(files.len());
    let mut total = Recorded::default();
    let mut summaries = Vec::new();
    let (mut all_read, mut official) = (true, OfficialRecorded::default());
    for file in &files {
        let Ingested { summary, recorded, official: of_days, outcome, explanation } = ingest.file(file).await?;
        let is_worth_saying = !outcome.is_success() || recorded.rejected > 0 || recorded.with_unknown > 0;
        if is_worth_saying {
            progress.suspend(|| output::note(&said_of(&summary.path, outcome, &explanation)));
        }
        all_read &= outcome.is_success();
        total += recorded;
        official.new += of_days.new;
        official.known += of_days.known;
        summaries.push(summary);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let summary = Summary {
        read: total.read,
        new: total.new,
        duplicate: total.duplicate,
        revised: total.revised,
        rejected: total.rejected,
        with_unknown: total.with_unknown,
        outside: total.outside,
        neighbour: total.neighbour,
        fires: total.fires,
        alerts: total.alerts,
        official_points: official.new,
        files: summaries,
    };
    if args.json {
        output::json(&summary)?;
    } else {
        output::line(&format!(
            "{} file(s): {} rows read, {} new ({} neighbours), {} duplicate, {} revised, {} rejected, {} with unknown values, {} outside; {} fires, {} alerts",
            summary.files.len(),
            total.read,
            total.new,
            total.neighbour,
            total.duplicate,
            total.revised,
            total.rejected,
            total.with_unknown,
            total.outside,
            total.fires,
            total.alerts,
        ));
        if official != OfficialRecorded::default() {
            output::line(&commands::official::recorded(official.new, official.known).to_string());
        }
    }
    Ok(if all_read { Done::Completed } else { Done::PartialFailure })
}

/// What is said of a file that did not go wholly well: what happened, why, what to do.
fn said_of(path: &str, outcome: Outcome, explanation: &str) -> String {
    let (what, todo) = (feeds::what_happened(outcome), feeds::what_to_do(outcome));
    let mut said = vec![format!("{path}: {outcome} {} {}", what.zh, what.en)];
    said.extend(explanation.lines().map(str::to_owned));
    if !outcome.is_success() {
        said.push(format!("{} {}", todo.zh, todo.en));
    }
    said.join("\n  ")
}

struct Ingested {
    summary: FileSummary,
    recorded: Recorded,
    official: OfficialRecorded,
    outcome: Outcome,
    explanation: String,
}

struct Ingest {
    store: Store,
    bodies: Bodies,
    ground: std::sync::Arc<Ground>,
    rules: std::sync::Arc<crate::domain::rules::Rules>,
    origin: OriginRule,
    now: Option<Timestamp>,
    options: ReadOptions,
}

impl Ingest {
    /// Reads and records one file.
    async fn file(&self, path: &Path) -> anyhow::Result<Ingested> {
        let now = self.now.unwrap_or_else(app::now);
        let shown = path.display().to_string();
        let mut poll = match read_whole(path) {
            Ok(bytes) => {
                let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                let options = ReadOptions { file_name, ..self.options.clone() };
                read_file(bytes, drop_folder::MAX_FILE_BYTES, &options)
            }
            Err(error) => unreadable_file(&error),
        };
        let given = Given { source_id: "ingest", file_name: Some(&shown), started_at: now, origin: self.origin };
        let promise = Promise { cover: Cover::Brought, ..Promise::default() };
        let content = poll.table.as_ref().map(|table| {
            let unreadable = table.rejected().count() as u64;
            Content::of(table.observations(), unreadable, &promise, self.ground.data().extent, now)
        });
        let (batch, official) = watch::batch_of(&self.bodies, &mut poll, &self.ground, given, now)?;
        // What a file brought is data, also where no feed is configured: pages say how far it reaches.
        let cursor = CursorUpdate { succeeded: poll.outcome.is_success(), promise, content, ..CursorUpdate::default() };
        let batch = Batch { cursor: Some(cursor), ..batch };
        let (outcome, detail) = (batch.outcome.clone(), batch.detail.clone());
        let official = match official {
            Some(official) => self.store.record_official(official, now).await?,
            None => OfficialRecorded::default(),
        };
        let recorded = self.store.record(batch, self.ground.clone(), self.rules.clone(), now).await?;
        let table = poll.table.as_ref();
        let summary = FileSummary {
            path: shown,
            outcome,
            read: recorded.read,
            detail,
            rejected: poll.rejected_reasons(),
            future: poll.future,
            unknown: table.map(Table::unknown_values).unwrap_or_default(),
        };
        Ok(Ingested {
            summary,
            recorded,
            official,
            outcome: poll.outcome,
            explanation: dropped_files::explanation(&poll),
        })
    }
}

/// A regular file's bytes, at most one more than the limit: the reader then says that it is too large.
fn read_whole(path: &Path) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("not a regular file"));
    }
    let limit = u64::try_from(drop_folder::MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files in the order given, folders in the order of their names; hidden files are left out.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        // A file, or something that cannot be read: reading it will say which.
        files.push(path.to_owned());
        return;
    };
    let mut below: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    below.sort();
    for entry in below {
        let is_hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        // A link below may lead round in a circle.
        let is_linked_folder = entry.is_symlink() && entry.is_dir();
        if !is_hidden && !is_linked_folder {
            collect(&entry, files);
        }
    }
}

/// A bar on a terminal; nothing elsewhere.
fn progress_over(files: usize) -> ProgressBar {
    let progress = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {eta} left") {
        progress.set_style(style);
    }
    progress
}
