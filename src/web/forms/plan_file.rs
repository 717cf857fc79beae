//! A file of burn plans, CSV or XLSX: all rows are taken, or none and every fault is named.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::domain::datum::Datum;
use crate::domain::share::Share;
use crate::media::Spool;
use crate::regions::faults::{Fault, fault};
use crate::regions::plan_rows::{self, PlanRows};
use crate::store::{By, Error, ImportError, Imported, Importing};
use crate::web::auth::Me;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::site::Web;
use crate::words::Say;

/// Largest file over HTTP; larger ones are for the command line, which nobody waits for.
pub(in crate::web) const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// A file of plans as it came.
pub(in crate::web) struct PlanFile {
    /// What it is called in faults.
    pub name: String,
    /// Its bytes, CSV or XLSX, on disk.
    pub body: Arc<Spool>,
    /// Datum of its plots; `None` where no row has one.
    pub datum: Option<Datum>,
    /// Rows that say something else replace plans nobody has acted on.
    pub update: bool,
}

/// Whether rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Mode {
    /// Only looked at.
    Preview,
    /// Written, all or none.
    Write,
}

/// What became of a file.
pub(in crate::web) struct Taken {
    /// What became of its plans.
    pub imported: Imported,
    /// Rows read.
    pub read: usize,
    /// What whoever sent it should know.
    pub warnings: Vec<Fault>,
}

/// Reads a file and imports it, or says what that would do.
pub(in crate::web) async fn take(web: &Web, me: &Me, upload: PlanFile, by: By, mode: Mode) -> Result<Taken, Problem> {
    web.use_shares(me, vec![(Share::Imports, 1)]).await?;
    let place = web.places.import(me.account.id).await?;
    let ground = web.ground();
    let name: String = upload.name.chars().filter(|c| !c.is_control()).take(100).collect();
    let reading = (name.clone(), ground.clone());
    let rows = run_blocking(move || {
        let _place = place;
        let bytes = upload.body.read()?;
        Ok::<_, Error>(plan_rows::read_file(&reading.0, &bytes, upload.datum, &reading.1))
    });
    let rows = rows.await??;
    let PlanRows { rows, warnings } = rows.map_err(Problem::rows)?;
    let (read, rules) = (rows.len(), web.site.burn_rules);
    let how = match mode {
        Mode::Preview => Importing::Preview(Some(by.actor)),
        Mode::Write => Importing::Write(by),
    };
    let imported = me.store.import_plans(rows, upload.update, how, (ground, rules), web.now()).await?;
    refuse_problems(&name, &imported)?;
    Ok(Taken { imported, read, warnings })
}

fn refuse_problems(file: &str, imported: &Imported) -> Result<(), Problem> {
    if let Some(taken) = imported.problems.iter().find(|problem| matches!(problem.why, ImportError::ClientIdTaken(_))) {
        return Err(Problem::refused(StatusCode::CONFLICT, taken.why.say()));
    }
    let problems = imported.problems.iter();
    let faults: Vec<Fault> = problems
        .map(|problem| fault(file, problem.place.clone(), problem.why.code(), problem.why.say().to_string()))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::rows(faults)) }
}
