//! `firegrid plans import FILE`.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::{Value, json};

use super::Desk;
use super::acts::parse_datum;
use crate::app;
use crate::cli::{Done, acting, output};
use crate::config::Fault;
use crate::domain::actor::Actor;
use crate::domain::datum::Datum;
use crate::regions::bundle::MAX_FILE_BYTES;
use crate::regions::faults::fault;
use crate::regions::plan_rows::{self, DATUM_MISSING, PlanRows};
use crate::report::objects;
use crate::store::{By, ImportRow, Imported, Importing, RowOutcome};
use crate::words::Say;
use crate::words::commands::{plans as words, unreadable};

/// Arguments of `plans import`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file.
    file: PathBuf,
    /// Datum of the plots in it: wgs84, cgcs2000, gcj02 or bd09; needed where a row has a plot.
    #[arg(long, value_name = "DATUM", value_parser = parse_datum)]
    datum: Option<Datum>,
    /// Who imports, for the record: a name of people.csv, or NAME@UNIT; not needed with --dry-run.
    #[arg(long = "as", value_name = "NAME[@UNIT]", required_unless_present = "dry_run")]
    actor: Option<String>,
    /// Only check the file and show what it would change.
    #[arg(long)]
    dry_run: bool,
    /// Replace plans that differ and that nobody has acted on.
    #[arg(long)]
    update: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Whether the command only looks.
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

pub(super) async fn run(args: &Args, desk: &Desk) -> anyhow::Result<Done> {
    let file =
        args.file.file_name().map_or_else(|| args.file.display().to_string(), |name| name.to_string_lossy().into());
    let bytes = read_file(args)?;
    let actor = match &args.actor {
        Some(text) => Some(acting::resolve(&desk.ground, text)?),
        None => None,
    };
    let PlanRows { rows, warnings } = match plan_rows::read_file(&file, &bytes, args.datum, &desk.ground) {
        Ok(rows) => rows,
        Err(faults) => return tell(args, 0, &Imported::default(), (&[], &faults)),
    };
    let read = rows.len();
    let imported = hold(args, actor, rows, desk).await?;
    let problems = imported.problems.iter();
    let faults: Vec<Fault> = problems
        .map(|problem| fault(&file, problem.place.clone(), problem.why.code(), problem.why.say().to_string()))
        .collect();
    tell(args, read, &imported, (&warnings, &faults))
}

fn read_file(args: &Args) -> anyhow::Result<Vec<u8>> {
    let open = std::fs::File::open(&args.file).with_context(|| unreadable(&args.file))?;
    let mut bytes = Vec::new();
    open.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).with_context(|| unreadable(&args.file))?;
    anyhow::ensure!(bytes.len() as u64 <= MAX_FILE_BYTES, words::too_large(&args.file, MAX_FILE_BYTES));
    Ok(bytes)
}

/// Holds the rows against what is known, and imports them unless this is a dry run.
async fn hold(args: &Args, actor: Option<Actor>, rows: Vec<ImportRow>, desk: &Desk) -> anyhow::Result<Imported> {
    let held_against = (desk.ground.clone(), desk.rules);
    let how = match actor {
        Some(actor) if !args.dry_run => Importing::Write(By::now(actor)),
        actor => Importing::Preview(actor),
    };
    Ok(desk.store.whole().import_plans(rows, args.update, how, held_against, app::now()).await?)
}

fn tell(
    args: &Args,
    read: usize,
    imported: &Imported,
    (warnings, faults): (&[Fault], &[Fault]),
) -> anyhow::Result<Done> {
    output::warnings(warnings);
    let count = |outcome| imported.rows.iter().filter(|(_, found)| *found == outcome).count();
    let (new, unchanged, updated) = (count(RowOutcome::New), count(RowOutcome::Unchanged), count(RowOutcome::Updated));
    if args.json {
        let mut document = objects::import(imported, read, args.dry_run);
        if let Value::Object(fields) = &mut document {
            fields.insert("written".to_owned(), json!(faults.is_empty() && !args.dry_run));
            fields.insert("warnings".to_owned(), json!(warnings));
            fields.insert("faults".to_owned(), json!(faults));
        }
        output::json(&document)?;
    }
    if !faults.is_empty() {
        output::faults(faults);
        if args.datum.is_none() && faults.iter().any(|fault| fault.code == DATUM_MISSING) {
            output::note(&words::NAME_THE_DATUM.to_string());
        }
        return Ok(Done::Fault);
    }
    if !args.json {
        let dry = if args.dry_run { words::DRY_RUN } else { "" };
        output::line(&words::imported((new, unchanged, updated), dry).to_string());
    }
    Ok(Done::Completed)
}
