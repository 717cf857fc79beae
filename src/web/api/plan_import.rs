//! Plans of an uploaded CSV file or XLSX workbook: all rows, or none and every fault.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::incoming::spooled;
use super::params;
use super::refused::Refused;
use crate::domain::datum::Datum;
use crate::domain::share::Share;
use crate::media::Spool;
use crate::regions::faults::{Fault, fault};
use crate::regions::plan_rows::{self, PlanRows};
use crate::report::objects;
use crate::store::{By, CLIENT_ID_TAKEN, Error, Imported};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::error::{Problem, document};

/// Largest file over HTTP; larger ones are for the command line, which nobody waits for.
pub(in crate::web) const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// What the file is called in faults unless `file` names it.
const UPLOAD: &str = "upload";

/// `POST /api/v1/plans/import`
pub(super) async fn import(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, body: Body) -> Response {
    let written = async {
        ask.only(&["as", "datum", "dry_run", "update", "client_id", "file"])?;
        let body = spooled(&web, body, MAX_BYTES).await?;
        let (dry_run, update) = (params::flag(&ask, "dry_run")?, params::flag(&ask, "update")?);
        let datum = |word: &str| serde_json::from_value::<Datum>(json!(word)).ok();
        let datum = params::word(&ask, "datum", datum, "wgs84, cgcs2000, gcj02 or bd09")?;
        let client_id = ask.param("client_id").map(str::to_owned);
        let by = params::by(me.actor(&web, ask.param("as")).await?, client_id, params::Claim::default())?;
        let file = ask.param("file").unwrap_or(UPLOAD).to_owned();
        let upload = PlanFile { name: file, body, datum, update };
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
    let place = web.places.import(me).await?;
    let ground = web.ground();
    let name: String = upload.name.chars().filter(|c| !c.is_control()).take(100).collect();
    let reading = (name.clone(), ground.clone());
    let rows = params::aside(move || {
        let _place = place;
        let bytes = upload.body.read()?;
        Ok::<_, Error>(plan_rows::read_file(&reading.0, &bytes, upload.datum, &reading.1))
    });
    let rows = rows.await??;
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
