//! What the fields of an act's form mean: the small acts of attendance, those of the desks, and whose alert it is.
//!
//! The report has a page of its own ([`super::report`]). What is allowed is the domain's business; here only what
//! was typed becomes an [`Act`].

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::domain::actor::Actor;
use crate::domain::alert::{Act, ActKind, AlertView, Field, FieldKind};
use crate::domain::finding::Review;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::web::forms::Typed;
use crate::web::forms::values::{not_filled_in, refusal};
use crate::web::problem::Problem;
use crate::words::pages as w;
use crate::words::{Words, forms};

/// Reads the act that a form names, with what it carries: the fields that are declared with it.
pub(super) fn act(typed: &Typed, ground: &Ground, alert: &AlertView, now: Timestamp) -> Result<Act, Problem> {
    let kind = ActKind::from_name(typed.get("act")).ok_or_else(|| refusal(w::shared::CHOOSE_ACT))?;
    if kind == ActKind::Dispatch {
        return dispatch(typed, ground, alert, now);
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
    let called = words_of(field);
    Ok(match field.kind {
        FieldKind::Text if field.is_needed => typed.needed(field.name, called)?.into(),
        FieldKind::Text => typed.text(field.name).into(),
        FieldKind::Unit => json!(unit(typed, ground)?),
        FieldKind::Day => json!(typed.day(field.name, called)?),
        FieldKind::YesNo => yes_or_no(typed, field.name, called)?.into(),
        FieldKind::Position => json!(typed.position()?),
        FieldKind::Review => json!(review(typed)?),
        FieldKind::Finding | FieldKind::Alert | FieldKind::Detections => {
            return Err(refusal(w::acts::NOT_ON_THIS_PAGE));
        }
    })
}

/// What a field is called where it was not filled in.
fn words_of(field: Field) -> Words {
    match field.name {
        "by" => w::acts::RECTIFY_BY_FIELD,
        "result" => w::acts::RESULT_FIELD,
        "is_clean" => w::acts::IS_CLEAN_FIELD,
        "accepted" => w::acts::ACCEPTED_FIELD,
        "whom" => w::acts::CALLED_WHOM_FIELD,
        "answered" => w::acts::CALL_ANSWERED_FIELD,
        name => Words { zh: name, en: name },
    }
}

/// A person of the list, or somebody typed as NAME or NAME@UNIT.
fn dispatch(typed: &Typed, ground: &Ground, alert: &AlertView, now: Timestamp) -> Result<Act, Problem> {
    let text = typed.given("other").or_else(|| typed.given("person"));
    let text = text.ok_or_else(|| not_filled_in(w::acts::DISPATCH_TO_FIELD))?;
    let person = Actor::resolve_for(ground, text, ground.local_day(now), &alert.responsible)?;
    Ok(Act::Dispatch { to: person.name, unit: person.unit.unwrap_or_else(|| alert.responsible.clone()) })
}

fn review(typed: &Typed) -> Result<Review, Problem> {
    let review = Review::from_name(typed.get("review"));
    let review = review.ok_or_else(|| not_filled_in(w::acts::DECISION_FIELD))?;
    // Whoever is sent back, or whose fire is none, is told why.
    if review != Review::Confirmed && typed.given("note").is_none() {
        return Err(not_filled_in(w::acts::REASON_FIELD));
    }
    Ok(review)
}

/// A unit of the list, or the code of another one.
fn unit(typed: &Typed, ground: &Ground) -> Result<UnitCode, Problem> {
    let code = typed.given("other").or_else(|| typed.given("unit"));
    let code = UnitCode(code.ok_or_else(|| not_filled_in(w::acts::UNIT_FIELD))?.to_owned());
    if ground.unit(&code).is_some() {
        return Ok(code);
    }
    Err(refusal(forms::no_such_unit(&code.0)))
}

fn yes_or_no(typed: &Typed, name: &str, called: Words) -> Result<bool, Problem> {
    match typed.get(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(not_filled_in(called)),
    }
}
