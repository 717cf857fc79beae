//! What the fields of an act's form mean: the small acts of attendance, those of the desks, and whose case it is.
//!
//! The report has a page of its own ([`super::report`]). What is allowed is the domain's business; here only what
//! was typed becomes an [`Act`].

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::domain::actor::Actor;
use crate::domain::case::{Act, ActKind, CaseView, Field, FieldKind};
use crate::domain::finding::Review;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::web::forms::Typed;
use crate::web::forms::values::{not_filled_in, refused};
use crate::web::problem::Problem;

/// Reads the act that a form names, with what it carries: the fields that are declared with it.
pub(super) fn act(typed: &Typed, ground: &Ground, case: &CaseView, now: Timestamp) -> Result<Act, Problem> {
    let kind = ActKind::from_name(typed.get("act"))
        .ok_or_else(|| refused("请选择要办理的事项", "choose what is to be done"))?;
    if kind == ActKind::Dispatch {
        return dispatch(typed, ground, case, now);
    }
    let mut act = Map::from_iter([("act".to_owned(), Value::from(kind.name()))]);
    for field in kind.fields() {
        act.insert(field.name.to_owned(), value(typed, ground, *field)?);
    }
    // What was read is of the declared kinds, so this fails for nobody.
    Act::deserialize(Value::Object(act)).map_err(|problem| Problem::BadBody(problem.to_string()))
}

/// What was typed for a field; null where nothing was and nothing need be.
fn value(typed: &Typed, ground: &Ground, field: Field) -> Result<Value, Problem> {
    let (zh, en) = words_of(field);
    Ok(match field.kind {
        FieldKind::Text if field.is_needed => typed.needed(field.name, zh, en)?.into(),
        FieldKind::Text => typed.text(field.name).into(),
        FieldKind::Unit => json!(unit(typed, ground)?),
        FieldKind::Day => json!(typed.day(field.name, zh, en)?),
        FieldKind::YesNo => yes_or_no(typed, field.name, (zh, en))?.into(),
        FieldKind::Position => json!(typed.position()?),
        FieldKind::Review => json!(review(typed)?),
        FieldKind::Finding | FieldKind::Case | FieldKind::Detections => {
            return Err(refused("此事项不在本页办理", "this is not done on this page"));
        }
    })
}

/// What a field is called where it was not filled in.
fn words_of(field: Field) -> (&'static str, &'static str) {
    match field.name {
        "by" => ("整改期限", "until when"),
        "result" => ("整改结果", "the result"),
        "is_clean" => ("现场是否无复燃", "whether nothing burns there"),
        "accepted" => ("异议是否成立", "whether the dispute is right"),
        "whom" => ("打给谁", "who was called"),
        "answered" => ("是否接通", "whether somebody answered"),
        name => (name, name),
    }
}

/// A person of the list, or somebody typed as NAME or NAME@UNIT.
fn dispatch(typed: &Typed, ground: &Ground, case: &CaseView, now: Timestamp) -> Result<Act, Problem> {
    let text = typed.given("other").or_else(|| typed.given("person"));
    let text = text.ok_or_else(|| not_filled_in("派给谁", "to whom"))?;
    let person = Actor::resolve_for(ground, text, ground.local_day(now), &case.responsible)?;
    Ok(Act::Dispatch { to: person.name, unit: person.unit.unwrap_or_else(|| case.responsible.clone()) })
}

fn review(typed: &Typed) -> Result<Review, Problem> {
    let review = Review::from_name(typed.get("review"));
    let review = review.ok_or_else(|| not_filled_in("审核意见", "the decision"))?;
    // Whoever is sent back, or whose fire is none, is told why.
    if review != Review::Confirmed && typed.given("note").is_none() {
        return Err(not_filled_in("原因", "the reason"));
    }
    Ok(review)
}

/// A unit of the list, or the code of another one.
fn unit(typed: &Typed, ground: &Ground) -> Result<UnitCode, Problem> {
    let code = typed.given("other").or_else(|| typed.given("unit"));
    let code = UnitCode(code.ok_or_else(|| not_filled_in("单位", "the unit"))?.to_owned());
    if ground.unit(&code).is_some() {
        return Ok(code);
    }
    Err(refused(format!("本区域没有代码为“{code}”的单位"), format!("this region has no unit with the code “{code}”")))
}

fn yes_or_no(typed: &Typed, name: &str, (zh, en): (&'static str, &'static str)) -> Result<bool, Problem> {
    match typed.get(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(not_filled_in(zh, en)),
    }
}
