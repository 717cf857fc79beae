//! What a form does to a burn plan.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{one, plan_href};
use crate::domain::burning::PlanAct;
use crate::domain::plan::PlanId;
use crate::media::{Photo, Photos};
use crate::store::PlanCommand;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::Typed;
use crate::web::forms::plans::{ActBody, act_of};
use crate::web::forms::values::refusal;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::forms;
use crate::words::pages as w;

/// Most photos of one act.
const MAX_PHOTOS: usize = 9;

/// Largest body with photos: nine of what a phone's camera usually makes.
pub(in crate::web) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// `POST /plans/{id}/acts`
pub(in crate::web) async fn post(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(id): Path<String>,
    ask: Ask,
    fields: Typed,
) -> Response {
    let id = PlanId(id);
    // Links of the answer lead to the page, not to the address of the form.
    let ask = ask.at(&format!("/plans/{}", percent_encoded(&id.0)));
    match act(&web, &me, &id, &fields).await {
        Ok(()) => respond::see_other(&format!("{}#now", done_href(&ask, &id))),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| one::show(&web, &me, &ask, id, Some(why)).await).await
        }
    }
}

fn done_href(ask: &Ask, id: &PlanId) -> String {
    let path = plan_href(ask, &id.0);
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}done=1")
}

async fn act(web: &Web, me: &Me, id: &PlanId, fields: &Typed) -> Result<(), Problem> {
    let ground = web.ground();
    let act = read(fields, &ground)?;
    let by = fields.by(me)?;
    let photos = if matches!(act, PlanAct::Finish { .. }) { keep_photos(web, me, fields).await? } else { Vec::new() };
    let command = PlanCommand { id: id.clone(), act, note: fields.text("note"), photos };
    me.store.carry_out(command, (by, ground, web.site.burn_rules), web.now()).await?;
    Ok(())
}

fn read(fields: &Typed, ground: &crate::domain::ground::Ground) -> Result<PlanAct, Problem> {
    match fields.get("act") {
        "refuse" => {
            fields.needed("note", w::plans::REFUSE_WHY_FIELD)?;
        }
        "order" => {
            fields.needed("from", w::plans::ORDER_FROM_FIELD)?;
            fields.needed("to", w::plans::ORDER_TO_FIELD)?;
        }
        "done" => {
            fields.needed_number("burnt_mu", w::plans::BURNT_MU_FIELD)?;
        }
        _ => {}
    }
    let body = ActBody {
        act: fields.get("act").to_owned(),
        from: fields.text("from"),
        to: fields.text("to"),
        order: fields.get("order").parse().ok(),
        burnt_mu: fields.get("burnt_mu").parse().ok(),
        note: fields.text("note"),
        ..ActBody::default()
    };
    act_of(&body, ground)
}

/// Keeps the originals before any row names them.
async fn keep_photos(web: &Web, me: &Me, fields: &Typed) -> Result<Vec<Photo>, Problem> {
    let files: Vec<_> = fields.files.iter().filter(|file| file.field == "photo").cloned().collect();
    if files.len() > MAX_PHOTOS {
        return Err(refusal(forms::too_many_photos(MAX_PHOTOS)));
    }
    let originals = Photos::beside(&web.site.database);
    let mut kept = Vec::with_capacity(files.len());
    // One by one: between two of them others may decode.
    for file in files {
        web.take_photo(me, file.body.length()).await?;
        let originals = originals.clone();
        kept.push(web.places.decoding(me.account.id, move || file.body.keep(&originals, Some(file.name))).await??);
    }
    Ok(kept)
}
