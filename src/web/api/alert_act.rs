//! The body of an act on an alert: what every act carries beside itself, and the act with its own fields.
//!
//! Flat. Which fields an act has is declared with it ([`ActKind::fields`]); a field that it does not have is refused, as
//! is one that stands twice. Null is the same as left out: programs write out every field they know.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::domain::alert::{Act, ActKind};
use crate::domain::time::Timestamp;

/// What an act over the API carries beside itself.
#[derive(Debug, Deserialize)]
pub(super) struct Beside {
    /// `NAME` or `NAME@UNIT`.
    #[serde(rename = "as")]
    pub actor: Option<String>,
    /// For or by whom, when another enters it.
    #[serde(rename = "for")]
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person or phone says.
    pub happened_at: Option<Timestamp>,
    /// Names the command.
    pub client_id: Option<String>,
    /// In words.
    #[serde(default)]
    pub note: String,
}

/// The names of its fields.
const BESIDE: [&str; 5] = ["as", "for", "happened_at", "client_id", "note"];

/// An act with what it carries beside itself.
#[derive(Debug)]
pub(super) struct ActBody {
    pub beside: Beside,
    pub act: Act,
}

impl<'de> Deserialize<'de> for ActBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Once(Value::Object(mut own)) = Once::deserialize(deserializer)? else {
            return Err(D::Error::custom("an act is an object"));
        };
        // A note of null is none of a text.
        let mut beside = Map::new();
        for name in BESIDE {
            beside.extend(own.shift_remove(name).map(|value| (name.to_owned(), value)));
        }
        own.retain(|_, value| !value.is_null());
        let beside = Beside::deserialize(Value::Object(beside)).map_err(D::Error::custom)?;
        check_fields(&own).map_err(D::Error::custom)?;
        let act = Act::deserialize(Value::Object(own)).map_err(D::Error::custom)?;
        Ok(Self { beside, act })
    }
}

/// Whether a body has every field that its act needs and none that it does not know.
fn check_fields(own: &Map<String, Value>) -> Result<(), String> {
    let name = own.get("act").ok_or("missing field `act`")?.as_str().unwrap_or_default();
    let Some(kind) = ActKind::from_name(name) else {
        let all = ActKind::ALL.map(ActKind::name).join(", ");
        return Err(format!("act is {name:?}, expected one of {all}"));
    };
    let fields = kind.fields();
    if let Some(unknown) = own.keys().find(|key| *key != "act" && fields.iter().all(|field| field.name != **key)) {
        return Err(format!("unknown field `{unknown}`: the act {name:?} knows no field {unknown}"));
    }
    match fields.iter().find(|field| field.is_needed && !own.contains_key(field.name)) {
        Some(missing) => Err(format!("the act {name:?} needs the field {}", missing.name)),
        None => Ok(()),
    }
}

/// A JSON value whose objects name each field once.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            found.push(item);
        }
        Ok(found.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut found = Map::new();
        while let Some((name, Once(value))) = fields.next_entry::<String, Once>()? {
            if found.contains_key(&name) {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            found.insert(name, value);
        }
        Ok(found.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_every_field_its_act_needs_once_and_none_it_does_not_know() {
        let cases = [
            (r#"{"act":"close","note":"x","to":null}"#, None),
            (r#"{"act":"dispatch","to":"李","unit":"A-a","as":"县长@A","client_id":"c-1"}"#, None),
            (r#"{"act":"report","finding":{"kind":"straw","position":{"lon":122,"lat":45.5},"burnt_mu":1}}"#, None),
            (r#"{"note":"x"}"#, Some("missing field `act`")),
            (r#"{"act":"vanish"}"#, Some("act is \"vanish\", expected one of dispatch, ")),
            (r#"{"act":"dispatch","to":"李"}"#, Some("the act \"dispatch\" needs the field unit")),
            (r#"{"act":"keep","to":"李"}"#, Some("the act \"keep\" knows no field to")),
            (r#"{"act":"keep","colour":1}"#, Some("unknown field `colour`")),
            (r#"{"act":"keep","act":"close"}"#, Some("duplicate field `act`")),
            (r#"{"act":"report","finding":{"kind":"straw","kind":"weeds"}}"#, Some("duplicate field `kind`")),
            (r#"{"act":"report","finding":{"kind":"straw","colour":1}}"#, Some("unknown field `colour`")),
            (r#"{"act":"arrive","position":{"lon":1,"lat":2,"height":3}}"#, Some("unknown field `height`")),
            (r#"{"act":"arrive","position":{"lon":1000,"lat":2}}"#, Some("longitude 1000 is not in -180..180")),
            (r#"{"act":"decide","accepted":"yes"}"#, Some("expected a boolean")),
            (r#"{"act":"keep","note":null}"#, Some("null")),
            (r#"["keep"]"#, Some("an act is an object")),
        ];
        for (body, expected) in cases {
            match (serde_json::from_str::<ActBody>(body), expected) {
                (Ok(_), None) => {}
                (Err(error), Some(expected)) => assert!(error.to_string().contains(expected), "{body}: {error}"),
                (read, expected) => panic!("{body}: {read:?}, expected {expected:?}"),
            }
        }
    }
}
