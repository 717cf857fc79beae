//! Plans of an uploaded CSV file or XLSX workbook: all rows, or none and every fault.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::params;
use super::refused::Refused;
use crate::domain::datum::Datum;
use crate::regions::faults::{Fault, fault};
use crate::regions::plan_rows::{self, PlanRows};
use crate::report::objects;
use crate::store::{By, CLIENT_ID_TAKEN, Imported};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::error::{Problem, document};

/// Largest file over HTTP; larger ones are for the command line, which nobody waits for.
pub(in crate::web) const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// What the file is called in faults unless `file` names it.
const UPLOAD: &str = "upload";

/// `POST /api/v1/plans/import`
pub(super) async fn import(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let written = async {
        ask.only(&["as", "datum", "dry_run", "update", "client_id", "file"])?;
        let bytes = super::body::taken(body, MAX_BYTES)?;
        let (dry_run, update) = (params::flag(&ask, "dry_run")?, params::flag(&ask, "update")?);
        let datum = |word: &str| serde_json::from_value::<Datum>(json!(word)).ok();
        let datum = params::word(&ask, "datum", datum, "wgs84, cgcs2000, gcj02 or bd09")?;
        let client_id = ask.param("client_id").map(str::to_owned);
        let by = params::by(me.actor(&web, ask.param("as"))?, client_id, params::Claim::default())?;
        let file = ask.param("file").unwrap_or(UPLOAD).to_owned();
        let upload = PlanFile { name: file, bytes, datum, update };
        let mode = if dry_run { Mode::Preview } else { Mode::Write };
        let Taken { imported, read, warnings } = take(&web, &me, upload, by, mode).await?;
        let mut document = objects::import(&imported, read, dry_run);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("warnings".to_owned(), json!(warnings));
        }
        Ok(Json(document).into_response())
    };
    document(&ask, written.await)
}

/// A file of plans as it came.
pub(in crate::web) struct PlanFile {
    /// What it is called in faults.
    pub name: String,
    /// Its bytes, CSV or XLSX.
    pub bytes: Bytes,
    /// Datum of its plots; `None` where no row has one.
    pub datum: Option<Datum>,
    /// Rows that say something else replace plans nobody has acted on.
    pub update: bool,
}

/// Files that may wait for their turn, with the one that is read; each lies in memory meanwhile.
const IN_LINE: usize = 4;

/// Whose turn it is: one file is read at a time, because a workbook may take some hundred megabytes.
pub(in crate::web) struct Imports {
    line: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A file's turn; dropping it is the next one's.
struct Turn {
    _line: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Default for Imports {
    fn default() -> Self {
        Self { line: Arc::new(Semaphore::new(IN_LINE)), turns: Arc::new(Semaphore::new(1)) }
    }
}

impl Imports {
    /// Waits for a turn, or says that too many wait.
    async fn turn(&self) -> Result<Turn, Problem> {
        let line = self.line.clone().try_acquire_owned().map_err(|_full| {
            let text = "其他文件正在导入，请一分钟后再试 · other files are being imported: try again in a minute";
            Refused::plain(StatusCode::SERVICE_UNAVAILABLE, text)
        })?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_closed| Problem::Interrupted)?;
        Ok(Turn { _line: line, _turn: turn })
    }
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
    let ground = web.ground();
    let name: String = upload.name.chars().filter(|c| !c.is_control()).take(100).collect();
    let reading = (name.clone(), ground.clone());
    let turn = web.imports.turn().await?;
    // The turn goes with the work: a caller that goes away does not make room for another.
    let (_turn, rows) =
        params::aside(move || (turn, plan_rows::read_file(&reading.0, &upload.bytes, upload.datum, &reading.1)))
            .await?;
    let PlanRows { rows, warnings } = rows.map_err(Refused::rows)?;
    let (read, rules) = (rows.len(), web.site.burn_rules);
    let imported = match mode {
        Mode::Preview => me.store.preview_import(rows, upload.update, Some(by.actor), (ground, rules)).await?,
        Mode::Write => me.store.import_plans(rows, upload.update, by, (ground, rules), web.now()).await?,
    };
    refuse_problems(&name, &imported)?;
    Ok(Taken { imported, read, warnings })
}

fn refuse_problems(file: &str, imported: &Imported) -> Result<(), Problem> {
    if let Some(taken) = imported.problems.iter().find(|problem| problem.code == CLIENT_ID_TAKEN) {
        return Err(Refused::plain(StatusCode::CONFLICT, &taken.message));
    }
    let problems = imported.problems.iter();
    let faults: Vec<Fault> =
        problems.map(|problem| fault(file, problem.place.clone(), problem.code, &problem.message)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refused::rows(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_file_is_read_at_a_time_and_few_wait() {
        let imports = Arc::new(Imports::default());
        let first = imports.turn().await.unwrap();
        let others: Vec<_> = (1..IN_LINE)
            .map(|_| {
                let imports = imports.clone();
                tokio::spawn(async move { imports.turn().await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(others.iter().all(|other| !other.is_finished()), "each waits for its turn");
        let refused = imports.turn().await.err().unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        for other in others {
            other.await.unwrap().unwrap();
        }
        assert!(imports.turn().await.is_ok());
    }
}
