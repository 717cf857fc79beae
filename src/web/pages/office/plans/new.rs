//! An application for a burn plan: its form, a look at the plot before it is sent, and sending it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::plan_href;
use crate::domain::datum::Datum;
use crate::domain::ground::Ground;
use crate::domain::plan::{PlanApplication, PlanId};
use crate::domain::unit::UnitCode;
use crate::regions::{plan_rows, plot};
use crate::report::map_svg::PlanSketch;
use crate::web::ask::Ask;
use crate::web::auth::Worker;
use crate::web::forms::Typed;
use crate::web::forms::choices::{Choice, units};
use crate::web::forms::values::refusal;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, forms, respond};
use crate::words::{full_name, pages as w};

#[derive(Template)]
#[template(path = "plans_new.html")]
struct NewPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    form: Typed,
    client_id: String,
    units: Vec<Choice>,
    /// Name of the unit that stands in the form.
    unit_name: String,
    refused: Option<String>,
    sketch: Option<String>,
    /// What the sketch shows, in words.
    sketched: String,
}

/// `GET /plans/new`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask) -> Response {
    let built = async {
        ask.only(&["unit"])?;
        let (ground, now) = (web.ground(), web.now());
        let day = ground.local_day(now).tomorrow().unwrap_or_else(|_last| ground.local_day(now));
        // A suggestion that is easily changed: tomorrow, and an id nobody else has.
        let unit = ask.param("unit").unwrap_or(&me.store.scope().unit().0).to_owned();
        let id = format!("{unit}-{}", ground.local_time(now).strftime("%Y%m%d-%H%M%S"));
        let fields = Typed::default()
            .with("plan_id", id)
            .with("unit", unit)
            .with("window_start", format!("{day}T08:00"))
            .with("window_end", format!("{day}T16:00"))
            .with("datum", "wgs84");
        show(&web, &me, &ask, fields, None).await
    };
    respond::page(&web, &ask, built.await).await
}

async fn show(
    web: &Web,
    me: &crate::web::auth::Me,
    ask: &Ask,
    form: Typed,
    refused: Option<String>,
) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let unit = UnitCode(form.get("unit").to_owned());
    // While typing, a plot that cannot be read yet shows the unit alone.
    let plot = plot_of(&form, &ground).ok().flatten();
    let sketch = PlanSketch {
        ground: &ground,
        day: ground.local_day(web.now()),
        plot: plot.as_ref(),
        unit: &unit,
        title: lang.say(w::plans::SKETCH),
        simulated: web.site.simulated,
        lang,
    };
    let page = NewPage {
        sketch: sketch.svg(),
        sketched: if plot.is_some() {
            lang.say(w::plans::THICK_FRAME).to_owned()
        } else {
            lang.say(w::plans::NO_PLOT_YET).to_owned()
        },
        f: Frame::of(web, ask).await,
        here: "new",
        may_apply: true,
        client_id: match form.text("client_id") {
            Some(id) => id,
            None => forms::new_client_id()?,
        },
        units: units(me, &ground, lang),
        unit_name: full_name(&ground, &unit, lang),
        refused,
        form,
    };
    Ok(page.render()?)
}

/// `POST /plans/new`: shows the plot, or applies.
pub(in crate::web) async fn post(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, fields: Typed) -> Response {
    if fields.get("do") == "preview" {
        let refused = plot_of(&fields, &web.ground()).err().map(|problem| problem.happened(ask.lang));
        let built = show(&web, &me, &ask, fields, refused).await;
        return respond::page(&web, &ask, built).await;
    }
    let written = async {
        let ground = web.ground();
        let by = fields.by(&me)?;
        let application = application_of(&fields, &ground)?;
        me.holds(&application.unit_code)?;
        let answer = me.store.carry_out(application, (by, ground.clone(), web.site.burn_rules), web.now()).await?;
        Ok(answer.standing.plan.id)
    };
    match written.await {
        Ok(PlanId(id)) => respond::see_other(&plan_href(&ask, &id)),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, fields, Some(why)).await).await
        }
    }
}

fn application_of(form: &Typed, ground: &Ground) -> Result<PlanApplication, Problem> {
    Ok(PlanApplication {
        id: PlanId(form.needed("plan_id", w::plans::PLAN_ID_FIELD)?.to_owned()),
        unit_code: unit_of(form, ground)?,
        plot: plot_of(form, ground)?,
        window_start: form.needed_moment("window_start", w::plans::WINDOW_FROM_FIELD, ground)?,
        window_end: form.needed_moment("window_end", w::plans::WINDOW_TO_FIELD, ground)?,
        area_mu: form.needed_number("area_mu", w::plans::AREA_MU_FIELD)?,
        responsible: form.needed("responsible", w::plans::RESPONSIBLE_FIELD)?.to_owned(),
        note: form.text("note"),
    })
}

fn unit_of(form: &Typed, ground: &Ground) -> Result<UnitCode, Problem> {
    let code = UnitCode(form.needed("unit", w::shared::UNIT_FIELD)?.to_owned());
    match ground.unit(&code) {
        Some(_) => Ok(code),
        None => Err(refusal(w::plans::no_such_unit(&code))),
    }
}

/// The plot as typed, WKT or corners; `None` where nothing was.
fn plot_of(form: &Typed, ground: &Ground) -> Result<Option<geo::MultiPolygon<f64>>, Problem> {
    let Some(text) = form.text("plot") else { return Ok(None) };
    let datum = serde_json::from_value::<Datum>(json!(form.get("datum")));
    let datum = datum.map_err(|_unknown| refusal(w::plans::CHOOSE_DATUM))?;
    let wkt = plot::corners_to_wkt(&text).map_err(refusal)?;
    let read = plan_rows::read_plot("plot", &wkt, datum, ground);
    read.map(Some).map_err(|faults| match faults.first() {
        Some(first) => refusal(w::plans::plot_at_fault(&first.message)),
        None => Problem::rows(faults),
    })
}
