//! What is asked of burn plans: which of them, and the acts on one.

use serde::Deserialize;

use super::{params, values};
use crate::domain::burning::{PlanAct, StandingPlan, distance_km};
use crate::domain::ground::Ground;
use crate::domain::plan::PlanStatus;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::store::PlanFilter;
use crate::web::auth::Me;
use crate::web::problem::Problem;
use crate::web::request::Request;

/// How near `near` means, km, unless `within` says otherwise.
const NEAR_KM: f64 = 5.0;

/// What a list of plans can be narrowed by; the same for the export.
pub(in crate::web) const FILTERS: &[&str] = &["unit", "status", "day", "from", "to", "near", "within"];

/// The plans that the parameters ask for, by id.
pub(in crate::web) async fn plans_of(me: &Me, ask: &Request, ground: &Ground) -> Result<Vec<StandingPlan>, Problem> {
    let (day, from, to) = (ask.date("day")?, ask.date("from")?, ask.date("to")?);
    let window = match day {
        Some(_) if from.is_some() || to.is_some() => {
            let value = ask.param("day").unwrap_or_default().to_owned();
            return Err(Problem::BadParameter { name: "day", value, expected: "day, or from and to, not both" });
        }
        Some(day) => params::day_span("day", day, ground)?,
        None => params::open_span(from, to, ground)?,
    };
    let expected = "applied, approved, refused, ordered, lit, done or withdrawn";
    let status = params::word(ask, "status", PlanStatus::from_name, expected)?;
    let near = params::word(ask, "near", place, "LON,LAT in WGS-84 degrees")?;
    let is_distance = |km: &f64| km.is_finite() && *km >= 0.0;
    let within = params::word(ask, "within", |text| text.parse().ok().filter(is_distance), "kilometres, 0 or more")?;
    let filter = PlanFilter { units: params::subtree_of(ask, ground)?, status, window: Some(window) };
    let mut plans = me.store.plans(filter).await?;
    if let Some(place) = near {
        let within = within.unwrap_or(NEAR_KM);
        plans.retain(|standing| distance_km(ground, &standing.plan, place) <= within);
    } else if within.is_some() {
        let value = ask.param("within").unwrap_or_default().to_owned();
        return Err(Problem::BadParameter { name: "within", value, expected: "near beside it" });
    }
    Ok(plans)
}

fn place(text: &str) -> Option<Position> {
    let (lon, lat) = text.split_once(',')?;
    Position::from_lon_lat(lon.trim().parse().ok()?, lat.trim().parse().ok()?).ok()
}

/// An act on a plan. Flat, so that a field that the act does not know is refused like any other.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ActBody {
    /// Who acts, where a program names somebody.
    #[serde(rename = "as")]
    pub actor: Option<String>,
    /// The word of the act.
    pub act: String,
    /// Begin of an order.
    pub from: Option<String>,
    /// End of an order.
    pub to: Option<String>,
    /// The order taken back.
    pub order: Option<i64>,
    /// Area really burnt, mu.
    pub burnt_mu: Option<f64>,
    /// Hashes of photos.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Why, or a note.
    pub note: Option<String>,
    /// Names the command.
    pub client_id: Option<String>,
    /// When it happened, as the person says.
    pub happened_at: Option<Timestamp>,
}

/// The act of a body, which has every field the act needs and none it does not know.
pub(in crate::web) fn act_of(body: &ActBody, ground: &Ground) -> Result<PlanAct, Problem> {
    let name = body.act.as_str();
    let missing = |field: &str| Problem::BadBody(format!("the act {name:?} needs the field {field}"));
    let moment = |field: &str, text: &Option<String>| {
        values::moment(field, text.as_deref().ok_or_else(|| missing(field))?, ground)
    };
    let (act, knows): (PlanAct, &[&str]) = match name {
        "approve" => (PlanAct::Approve, &[]),
        "refuse" if body.note.as_deref().is_none_or(|why| why.trim().is_empty()) => return Err(missing("note")),
        "refuse" => (PlanAct::Refuse, &[]),
        "order" => (PlanAct::Order { from: moment("from", &body.from)?, to: moment("to", &body.to)? }, &["from", "to"]),
        "take_back" => (PlanAct::TakeBack { order: body.order }, &["order"]),
        "light" => (PlanAct::Light, &[]),
        "done" => {
            let burnt_mu = body.burnt_mu.ok_or_else(|| missing("burnt_mu"))?;
            (PlanAct::Finish { burnt_mu }, &["burnt_mu", "photos"])
        }
        "withdraw" => (PlanAct::Withdraw, &[]),
        other => {
            let expected = "approve, refuse, order, take_back, light, done or withdraw";
            return Err(Problem::BadBody(format!("act is {other:?}, expected {expected}")));
        }
    };
    let given = [
        ("from", body.from.is_some()),
        ("to", body.to.is_some()),
        ("order", body.order.is_some()),
        ("burnt_mu", body.burnt_mu.is_some()),
        ("photos", !body.photos.is_empty()),
    ];
    match given.iter().find(|(field, is_given)| *is_given && !knows.contains(field)) {
        Some((field, _)) => Err(Problem::BadBody(format!("the act {name:?} knows no field {field}"))),
        None => Ok(act),
    }
}
