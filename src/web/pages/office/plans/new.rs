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
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::regions::{plan_rows, plot};
use crate::report::map_svg::PlanSketch;
use crate::report::words::full_name;
use crate::web::Web;
use crate::web::api::{Refused, params};
use crate::web::ask::Ask;
use crate::web::auth::Worker;
use crate::web::error::{self, Problem};
use crate::web::frame::Frame;
use crate::web::pages::form::{self, Choice, Fields, refusal, units};

#[derive(Template)]
#[template(path = "plans_new.html")]
struct NewPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    form: Fields,
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
        let fields = Fields::default()
            .with("plan_id", id)
            .with("unit", unit)
            .with("window_start", format!("{day}T08:00"))
            .with("window_end", format!("{day}T16:00"))
            .with("datum", "wgs84");
        show(&web, &me, &ask, fields, None).await
    };
    error::page(&web, &ask, built.await).await
}

async fn show(
    web: &Web,
    me: &crate::web::auth::Me,
    ask: &Ask,
    form: Fields,
    refused: Option<String>,
) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let unit = UnitCode(form.text("unit").to_owned());
    // While typing, a plot that cannot be read yet shows the unit alone.
    let plot = plot_of(&form, &ground).ok().flatten();
    let sketch = PlanSketch {
        ground: &ground,
        day: ground.local_day(web.now()),
        plot: plot.as_ref(),
        unit: &unit,
        title: lang.pick("烧除地块示意图", "sketch of the plot"),
        simulated: web.site.simulated,
        lang,
    };
    let page = NewPage {
        sketch: sketch.svg(),
        sketched: if plot.is_some() {
            lang.pick("粗线框为所填地块。", "The thick frame is the plot as typed.").to_owned()
        } else {
            lang.pick(
                "尚无地块：按整个单位的范围申请。",
                "No plot: the application is for the whole ground of the unit.",
            )
            .to_owned()
        },
        f: Frame::of(web, ask).await,
        here: "new",
        may_apply: true,
        client_id: match form.optional("client_id") {
            Some(id) => id,
            None => form::client_id()?,
        },
        units: units(me, &ground, lang),
        unit_name: full_name(&ground, &unit, lang),
        refused,
        form,
    };
    Ok(page.render()?)
}

/// `POST /plans/new`: shows the plot, or applies.
pub(in crate::web) async fn post(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    fields: Fields,
) -> Response {
    if fields.text("do") == "preview" {
        let refused = plot_of(&fields, &web.ground()).err().map(|problem| problem.happened(ask.lang));
        let built = show(&web, &me, &ask, fields, refused).await;
        return error::page(&web, &ask, built).await;
    }
    let written = async {
        let ground = web.ground();
        let by = params::by(me.own_actor(), fields.optional("client_id"), params::Claim::default())?;
        let application = application_of(&fields, &ground)?;
        me.holds(&application.unit_code)?;
        let answer = me.store.apply_for_plan(application, by, ground.clone(), web.now()).await?;
        Ok(answer.standing.plan.id)
    };
    match written.await {
        Ok(PlanId(id)) => error::see_other(&plan_href(&ask, &id)),
        Err(problem) => {
            form::again(&web, &ask, problem, async |why| show(&web, &me, &ask, fields, Some(why)).await).await
        }
    }
}

fn application_of(form: &Fields, ground: &Ground) -> Result<PlanApplication, Problem> {
    let window = |name, called| moment(form, name, called, ground);
    Ok(PlanApplication {
        id: PlanId(form.needed("plan_id", ("计划编号", "plan id"))?),
        unit_code: unit_of(form, ground)?,
        plot: plot_of(form, ground)?,
        window_start: window("window_start", ("烧除时段开始", "window, from"))?,
        window_end: window("window_end", ("烧除时段结束", "window, to"))?,
        area_mu: form.number("area_mu", ("面积（亩）", "area, mu"))?,
        responsible: form.needed("responsible", ("烧除负责人", "who answers for the burning"))?,
        note: form.optional("note"),
    })
}

fn unit_of(form: &Fields, ground: &Ground) -> Result<UnitCode, Problem> {
    let code = UnitCode(form.needed("unit", ("单位", "unit"))?);
    match ground.unit(&code) {
        Some(_) => Ok(code),
        None => Err(refusal(format!("本区域没有单位{code} · there is no unit {code} in this region"))),
    }
}

/// The plot as typed, WKT or corners; `None` where nothing was.
fn plot_of(form: &Fields, ground: &Ground) -> Result<Option<geo::MultiPolygon<f64>>, Problem> {
    let Some(text) = form.optional("plot") else { return Ok(None) };
    let datum = serde_json::from_value::<Datum>(json!(form.text("datum")));
    let datum = datum.map_err(|_unknown| refusal("请选择坐标系 · choose the datum of the plot"))?;
    let wkt = plot::corners_to_wkt(&text).map_err(refusal)?;
    let read = plan_rows::read_plot("plot", &wkt, datum, ground);
    read.map(Some).map_err(|faults| match faults.first() {
        Some(first) => refusal(format!("地块坐标有误：{0} · the plot cannot be taken: {0}", first.message)),
        None => Refused::rows(faults),
    })
}

/// A local date and time that has to be there.
fn moment(form: &Fields, name: &str, called: (&str, &str), ground: &Ground) -> Result<Timestamp, Problem> {
    let text = form.needed(name, called)?;
    params::moment(name, &text, ground).map_err(|_unreadable| {
        let (zh, en) = called;
        refusal(format!(
            "“{zh}”应为日期和时间，如2026-10-10 08:00，而不是“{text}” · {en}: a date and time as 2026-10-10 08:00, not {text:?}"
        ))
    })
}
