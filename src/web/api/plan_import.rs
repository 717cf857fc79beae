//! Plans of an uploaded CSV file or XLSX workbook: all rows, or none and every fault.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::openapi::parts::fault;
use super::page::answered;
use crate::domain::datum::Datum;
use crate::media::Spool;
use crate::regions::faults::Fault;
use crate::report::objects::ImportOf;
use crate::report::typed::{Row, Schemas, Typed, schema};
use crate::store::Imported;
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Worker;
use crate::web::forms::plan_file::{MAX_BYTES, Mode, PlanFile, Taken, take};
use crate::web::forms::{params, values};
use crate::web::incoming::spooled;
use crate::web::respond::document;

/// What the file is called in faults unless `file` names it.
const UPLOAD: &str = "upload";

/// `POST /api/v1/plans/import`; with an `Idempotency-Key` the body is on disk already.
pub(super) async fn import(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    here: Option<Extension<Arc<Spool>>>,
    body: Body,
) -> Response {
    let written = async {
        ask.only(&["as", "datum", "dry_run", "update", "client_id", "file"])?;
        let body = match here {
            Some(Extension(body)) => body,
            None => spooled(&web, body, MAX_BYTES).await?,
        };
        let (dry_run, update) = (params::flag(&ask, "dry_run")?, params::flag(&ask, "update")?);
        let datum = |word: &str| serde_json::from_value::<Datum>(json!(word)).ok();
        let datum = params::word(&ask, "datum", datum, "wgs84, cgcs2000, gcj02 or bd09")?;
        let client_id = ask.param("client_id").map(str::to_owned);
        let by = values::by(me.actor(&web, ask.param("as")).await?, client_id, values::Claim::default())?;
        let file = ask.param("file").unwrap_or(UPLOAD).to_owned();
        let upload = PlanFile { name: file, body, datum, update };
        let mode = if dry_run { Mode::Preview } else { Mode::Write };
        let Taken { imported, read, warnings } = take(&web, &me, upload, by, mode).await?;
        Ok(answered(&Done { imported: &imported, read, dry_run, warnings }))
    };
    document(&ask, written.await)
}

/// What a file did, or would do.
pub(super) struct Done<'a> {
    imported: &'a Imported,
    read: usize,
    dry_run: bool,
    warnings: Vec<Fault>,
}

impl Typed for Done<'_> {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("PlanImport", |schemas| {
            let mut fields = ImportOf::fields(schemas);
            fields.push(("warnings", schema::list(&fault())));
            schema::object(fields)
        })
    }

    fn json(&self) -> Value {
        let mut object = ImportOf { imported: self.imported, read: self.read, dry_run: self.dry_run }.object();
        object.insert("warnings".to_owned(), json!(self.warnings));
        object.into()
    }
}
