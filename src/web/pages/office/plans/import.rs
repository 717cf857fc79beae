//! A file of burn plans from a browser: looked at first, then imported, all rows or none; faults row by row.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::plan_href;
use crate::domain::datum::Datum;
use crate::store::RowOutcome;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::plan_file::{Mode, PlanFile, Taken, take};
use crate::web::forms::values::refusal;
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::pages as w;

/// Plans of the answer that are named; the rest are counted.
const NAMED: usize = 200;

#[derive(Template)]
#[template(path = "plans_import.html")]
struct ImportPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    client_id: String,
    form: Typed,
    refused: Option<String>,
    faults: Vec<(String, String)>,
    result: Option<ResultView>,
}

struct ResultView {
    is_preview: bool,
    read: usize,
    new: usize,
    unchanged: usize,
    updated: usize,
    plans: Vec<(String, String, &'static str)>,
    more: usize,
    warnings: Vec<(String, String)>,
}

/// `GET /plans/import`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, Worker(_): Worker, ask: Ask) -> Response {
    let built = async {
        ask.only(&[])?;
        show(&web, &ask, Typed::default().with("datum", "wgs84"), Ok(None)).await
    };
    respond::page(&web, &ask, built.await).await
}

async fn show(
    web: &Web,
    ask: &Ask,
    form: Typed,
    outcome: Result<Option<ResultView>, &Problem>,
) -> Result<String, Problem> {
    let mut page = ImportPage {
        f: Frame::of(web, ask).await,
        here: "import",
        may_apply: true,
        client_id: new_client_id()?,
        form,
        refused: None,
        faults: Vec::new(),
        result: None,
    };
    match outcome {
        Ok(result) => page.result = result,
        Err(problem) => {
            page.refused = Some(problem.happened(ask.lang));
            if let Problem::Refused(refused) = problem {
                let rows = refused.faults.iter();
                page.faults =
                    rows.map(|fault| (fault.place.clone(), ask.lang.of_both(&fault.message).to_owned())).collect();
            }
        }
    }
    Ok(page.render()?)
}

/// `POST /plans/import`
pub(in crate::web) async fn post(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, fields: Typed) -> Response {
    match import(&web, &me, &ask, &fields).await {
        Ok(result) => {
            let built = show(&web, &ask, fields, Ok(Some(result))).await;
            respond::page(&web, &ask, built).await
        }
        Err(problem) if problem.status().is_server_error() => respond::page(&web, &ask, Err(problem)).await,
        Err(problem) => {
            let built = show(&web, &ask, fields, Err(&problem)).await;
            let mut response = respond::page(&web, &ask, built).await;
            respond::mark(&problem, &mut response);
            response
        }
    }
}

async fn import(web: &Web, me: &Me, ask: &Ask, fields: &Typed) -> Result<ResultView, Problem> {
    let file = fields.files.iter().find(|file| file.field == "file");
    let file = file.ok_or_else(|| refusal(w::plans::CHOOSE_FILE))?;
    let datum = serde_json::from_value::<Datum>(json!(fields.get("datum"))).ok();
    let by = fields.by(me)?;
    let upload =
        PlanFile { name: file.name.clone(), body: file.body.clone(), datum, update: fields.is_ticked("update") };
    let mode = if fields.get("do") == "import" { Mode::Write } else { Mode::Preview };
    Ok(view(&take(web, me, upload, by, mode).await?, mode, ask))
}

fn view(Taken { imported, read, warnings }: &Taken, mode: Mode, ask: &Ask) -> ResultView {
    let count = |outcome| imported.rows.iter().filter(|(_, found)| *found == outcome).count();
    let words = |outcome: RowOutcome| match outcome {
        RowOutcome::New => ask.lang.say(w::plans::NEW),
        RowOutcome::Unchanged => ask.lang.say(w::plans::UNCHANGED),
        RowOutcome::Updated => ask.lang.say(w::plans::UPDATED),
    };
    let named = imported.rows.iter().take(NAMED);
    ResultView {
        is_preview: mode == Mode::Preview,
        read: *read,
        new: count(RowOutcome::New),
        unchanged: count(RowOutcome::Unchanged),
        updated: count(RowOutcome::Updated),
        plans: named.map(|(id, outcome)| (id.0.clone(), plan_href(ask, &id.0), words(*outcome))).collect(),
        more: imported.rows.len().saturating_sub(NAMED),
        warnings: warnings.iter().map(|warning| (warning.place.clone(), warning.message.clone())).collect(),
    }
}
