//! What is sent: alerts, acts, plans, levels, heat sources, judging again.

use serde_json::{Map, Value, json};

use super::parts::joined;
use crate::domain::account::Role;
use crate::domain::alert::AlertSource;
use crate::domain::alert::{ActKind, FieldKind};
use crate::domain::finding::{FindingKind, Review};
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::position::Position;
use crate::report::typed::schema::{count, day, degrees, flag, instant, list, maybe, number, one_of, partly, text};
use crate::report::typed::{Schemas, Typed};

/// What somebody does to an alert.
pub(super) fn alert_act(schemas: &mut Schemas) -> Value {
    schemas.named("CaseAct", |schemas| {
        one_of_forms(ActKind::ALL.into_iter().map(|act| alert_act_form(act, schemas)).collect())
    })
}

/// What somebody does to a plan.
pub(super) fn plan_act(schemas: &mut Schemas) -> Value {
    schemas.named("PlanAct", |_| {
        one_of_forms(PLAN_ACTS.iter().map(|(act, needs, may)| plan_act_form(act, needs, may)).collect())
    })
}

/// What somebody does to a heat source.
pub(super) fn heat_act(schemas: &mut Schemas) -> Value {
    schemas.named("HeatAct", |_| {
        one_of_forms(HEAT_ACTS.iter().map(|(act, needs, may)| heat_act_form(act, needs, may)).collect())
    })
}

const PLAN_ACTS: [(&str, &[&str], &[&str]); 7] = [
    ("approve", &[], &[]),
    ("refuse", &["note"], &[]),
    ("order", &["from", "to"], &[]),
    ("take_back", &[], &["order"]),
    ("light", &[], &[]),
    ("done", &["burnt_mu"], &["photos"]),
    ("withdraw", &[], &[]),
];

const HEAT_ACTS: [(&str, &[&str], &[&str]); 3] =
    [("hand_over", &["unit"], &["watched_by"]), ("renew", &["expires"], &[]), ("end", &["why"], &[])];

#[expect(clippy::needless_pass_by_value, reason = "forms are made for it")]
fn one_of_forms(forms: Vec<Value>) -> Value {
    json!({"oneOf": forms})
}

/// A text that a person writes.
fn words() -> Value {
    json!({"type": "string", "maxLength": 2000})
}

/// What every command may carry.
fn of_commands() -> Value {
    json!({
        "as": {"anyOf": [words(), {"type": "null"}],
            "description": "NAME or NAME@UNIT; only for tokens that may act for others. Left out, the account acts."},
        "client_id": {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 100}, {"type": "null"}],
            "description": "Names the command; sent again it is not done again."},
    })
}

fn with_happened_at() -> Value {
    joined(of_commands(), json!({"happened_at": maybe(&instant())}))
}

/// One form of a body that says by `act` what it is.
fn form(act: &str, common: Value, fields: &Value, (needs, may): (&[&str], &[&str])) -> Value {
    let mut own = Map::new();
    own.insert("act".to_owned(), json!({"type": "string", "const": act}));
    for name in needs.iter().chain(may) {
        let schema = fields.get(*name).cloned().unwrap_or_default();
        own.insert((*name).to_owned(), if needs.contains(name) { schema } else { maybe(&schema) });
    }
    // What belongs to other acts may stand there as null: programs write out every field they know.
    let others = fields.as_object().into_iter().flatten().map(|(name, _)| name);
    for name in others.filter(|name| common.get(name.as_str()).is_none()) {
        own.entry(name.clone()).or_insert_with(|| json!({"type": "null"}));
    }
    let required: Vec<&str> = std::iter::once("act").chain(needs.iter().copied()).collect();
    let mut form = partly(&joined(common, Value::Object(own)), &required);
    if let Some(fields) = form.as_object_mut() {
        fields.insert("title".to_owned(), act.into());
    }
    form
}

/// The form of an act, from the fields that are declared with it.
fn alert_act_form(act: ActKind, schemas: &mut Schemas) -> Value {
    let all = ActKind::ALL.into_iter().flat_map(ActKind::fields);
    let fields = all.map(|field| (field.name.to_owned(), field_of(field.kind, schemas))).collect();
    let named = |is_needed| {
        let own = act.fields().iter().filter(move |field| field.is_needed == is_needed);
        own.map(|field| field.name).collect::<Vec<_>>()
    };
    let common = joined(with_happened_at(), json!({"for": maybe(&words()), "note": words()}));
    form(act.name(), common, &Value::Object(fields), (&named(true), &named(false)))
}

fn field_of(kind: FieldKind, schemas: &mut Schemas) -> Value {
    match kind {
        FieldKind::Text | FieldKind::Unit | FieldKind::Alert => words(),
        FieldKind::Day => day(),
        FieldKind::YesNo => flag(),
        FieldKind::Position => Position::schema(schemas),
        FieldKind::Finding => finding(schemas),
        FieldKind::Review => Review::schema(schemas),
        FieldKind::Detections => list(&words()),
    }
}

fn plan_act_form(act: &str, needs: &[&str], may: &[&str]) -> Value {
    let fields = json!({
        "note": words(), "from": words(), "to": words(), "order": {"type": "integer", "format": "int64"},
        "burnt_mu": number(),
    });
    let mut form = form(
        act,
        joined(with_happened_at(), json!({"note": maybe(&words())})),
        &fields,
        (needs, &may.iter().copied().filter(|name| *name != "photos").collect::<Vec<_>>()),
    );
    // A list that is left out is empty; it is never null.
    let own_photos = if may.contains(&"photos") { photos() } else { json!({"type": "array", "maxItems": 0}) };
    if let Some(own) = form.pointer_mut("/properties").and_then(Value::as_object_mut) {
        own.insert("photos".to_owned(), own_photos);
    }
    form
}

fn heat_act_form(act: &str, needs: &[&str], may: &[&str]) -> Value {
    let fields = json!({"unit": words(), "watched_by": words(), "expires": day(), "why": words()});
    form(act, of_commands(), &fields, (needs, may))
}

/// Hashes that `POST /api/v1/photos` answered.
fn photos() -> Value {
    json!({"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}})
}

fn finding(schemas: &mut Schemas) -> Value {
    schemas.named("Finding", |schemas| {
        let fields = json!({
            "kind": FindingKind::schema(schemas), "burnt_mu": maybe(&number()), "material": maybe(&words()),
            "action": maybe(&words()), "put_out_at": maybe(&instant()),
            "position": Option::<Position>::schema(schemas), "photos": photos(),
        });
        partly(&fields, &["kind"])
    })
}

/// An alert that people bring.
pub(super) fn new_alert(schemas: &mut Schemas) -> Value {
    schemas.named("NewCase", |_| {
        let complainant =
            partly(&json!({"name": maybe(&words()), "phone": maybe(&words()), "address": maybe(&words())}), &[]);
        let fields = json!({
            "source": one_of(&AlertSource::ALL.map(AlertSource::name)), "lon": degrees(180), "lat": degrees(90),
            "seen_at": maybe(&instant()), "description": words(), "found_by": maybe(&words()),
            "external_number": maybe(&words()), "letter_number": maybe(&words()), "reply_by": maybe(&day()),
            "complainant": maybe(&complainant),
        });
        partly(&joined(of_commands(), fields), &["source", "lon", "lat"])
    })
}

/// An application.
pub(super) fn new_plan(schemas: &mut Schemas) -> Value {
    schemas.named("NewPlan", |_| {
        let fields = json!({
            "plan_id": words(), "unit": words(),
            "window_start": {"type": "string", "maxLength": 2000,
                "description": "With its offset, or local: 2026-04-13T06:00."},
            "window_end": words(), "area_mu": number(), "responsible": words(),
            "plot": {"anyOf": [{"type": "string", "maxLength": 20000}, {"type": "null"}],
                "description": "WKT; goes together with datum."},
            "datum": maybe(&one_of(&["wgs84", "cgcs2000", "gcj02", "bd09"])), "note": maybe(&words()),
        });
        let required = ["plan_id", "unit", "window_start", "window_end", "area_mu", "responsible"];
        partly(&joined(with_happened_at(), fields), &required)
    })
}

/// A level that a person enters.
pub(super) fn new_weather(schemas: &mut Schemas) -> Value {
    schemas.named("NewWeather", |_| {
        let fields = json!({"unit": words(), "day": day(), "level": count()});
        partly(&joined(with_happened_at(), fields), &["unit", "day", "level"])
    })
}

/// An approval of a heat source.
pub(super) fn new_heat_source(schemas: &mut Schemas) -> Value {
    schemas.named("NewHeatSource", |_| {
        let fields = json!({
            "name": words(), "kind": one_of(&HeatSourceKind::ALL.map(HeatSourceKind::name)), "lon": degrees(180),
            "lat": degrees(90), "radius_m": number(), "unit": words(), "watched_by": maybe(&words()), "expires": day(),
        });
        partly(&joined(of_commands(), fields), &["name", "kind", "lon", "lat", "radius_m", "unit", "expires"])
    })
}

/// What an account becomes.
pub(super) fn new_role(schemas: &mut Schemas) -> Value {
    schemas.named("NewRole", |_| {
        let fields = json!({"role": one_of(&Role::ALL.map(Role::name)), "unit": maybe(&words())});
        partly(&fields, &["role"])
    })
}

/// Which difference is applied.
pub(super) fn rejudge(schemas: &mut Schemas) -> Value {
    schemas.named("Rejudge", |_| {
        let fields = json!({
            "why": words(), "expect": words(), "from": maybe(&day()), "to": maybe(&day()), "alert": maybe(&text()),
        });
        partly(&joined(of_commands(), fields), &["why", "expect"])
    })
}
