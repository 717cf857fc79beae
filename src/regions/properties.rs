//! Typed reading of a feature's properties: a missing or mistyped one becomes a fault.
//!
//! Properties that no reader asks for are named by [`super::unknown_properties`]; they stay in the stored file. `null`
//! means absent, as GIS programs write it. Used by the readers of the four `GeoJSON` files.

use serde_json::Value;

use super::faults::Faults;
use super::geojson::{RawFeature, excerpt, kind};
use crate::domain::time::{self, Date, Season};

/// Longest code, id or name, in characters.
pub const MAX_TEXT_CHARS: usize = 200;

/// The properties of one feature.
#[derive(Debug)]
pub struct Properties<'a> {
    file: &'a str,
    feature: &'a RawFeature,
    place: String,
}

impl<'a> Properties<'a> {
    /// Reads a feature's properties; `id_key` is the property that names it in faults.
    #[must_use]
    pub fn of(file: &'a str, feature: &'a RawFeature, id_key: &str) -> Self {
        let named = feature.property(id_key).map(|id| format!(" ({id_key} {})", excerpt(id)));
        let place = format!("feature {}{}", feature.number, named.unwrap_or_default());
        Self { file, feature, place }
    }

    /// The feature's number and name, for faults.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The feature itself.
    #[must_use]
    pub fn feature(&self) -> &'a RawFeature {
        self.feature
    }

    /// Adds a fault about this feature.
    pub fn fault(&self, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.file, self.place.as_str(), code, message);
    }

    /// Whether the property is there and not null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.feature.property(key).filter(|value| !value.is_null())
    }

    /// A text that has to be there: not blank, no blanks around it, no control characters, not overlong.
    pub fn required_text(&self, key: &str, faults: &mut Faults) -> Option<String> {
        let Some(value) = self.get(key) else {
            self.fault("property_missing", format!("the property \"{key}\" is missing"), faults);
            return None;
        };
        let text = self.text(key, value, faults)?;
        let fits = !text.is_empty()
            && text.trim() == text
            && !text.chars().any(char::is_control)
            && text.chars().count() <= MAX_TEXT_CHARS;
        if fits {
            return Some(text.to_owned());
        }
        let message = format!(
            "\"{key}\" is {}, expected a text without blanks around it or control characters, at most {MAX_TEXT_CHARS} long",
            excerpt(value)
        );
        self.fault("property_empty", message, faults);
        None
    }

    /// A text that may be absent; blank counts as absent.
    pub fn optional_text(&self, key: &str, faults: &mut Faults) -> Option<String> {
        let text = self.text(key, self.get(key)?, faults)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn text(&self, key: &str, value: &'a Value, faults: &mut Faults) -> Option<&'a str> {
        if let Value::String(text) = value {
            return Some(text);
        }
        let quotes = if value.is_number() { "; put it in quotes" } else { "" };
        let message = format!("\"{key}\" is {} {}, expected a text{quotes}", kind(value), excerpt(value));
        self.fault("property_type", message, faults);
        None
    }

    /// A truth value; absent is false. 1 and 0 are what a shapefile has for true and false.
    pub fn flag(&self, key: &str, faults: &mut Faults) -> bool {
        match self.get(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) if number.as_f64() == Some(1.0) => true,
            Some(Value::Number(number)) if number.as_f64() == Some(0.0) => false,
            Some(other) => {
                let message =
                    format!("\"{key}\" is {}, expected true or false (or 1 or 0) without quotes", excerpt(other));
                self.fault("property_type", message, faults);
                false
            }
        }
    }

    /// A number, 0 or greater; absent is `None`.
    pub fn amount(&self, key: &str, faults: &mut Faults) -> Option<f64> {
        let value = self.get(key)?;
        let amount = value.as_f64().filter(|number| number.is_finite() && *number >= 0.0);
        if amount.is_none() {
            let message = format!("\"{key}\" is {}, expected a number, 0 or greater, without quotes", excerpt(value));
            self.fault("property_type", message, faults);
        }
        amount
    }

    /// A date that may be absent.
    pub fn optional_date(&self, key: &str, faults: &mut Faults) -> Option<Date> {
        let text = self.optional_text(key, faults)?;
        self.date(key, &text, faults)
    }

    /// A date that has to be there.
    pub fn required_date(&self, key: &str, faults: &mut Faults) -> Option<Date> {
        let text = self.required_text(key, faults)?;
        self.date(key, &text, faults)
    }

    fn date(&self, key: &str, text: &str, faults: &mut Faults) -> Option<Date> {
        let parsed = time::parse_date(text);
        parsed.map_err(|error| self.fault("bad_date", format!("\"{key}\": {error}"), faults)).ok()
    }

    /// A season that may be absent.
    pub fn season(&self, key: &str, faults: &mut Faults) -> Option<Season> {
        let text = self.optional_text(key, faults)?;
        text.parse().map_err(|error| self.fault("bad_season", format!("\"{key}\": {error}"), faults)).ok()
    }

    /// Adds a fault when the first of two dates is the later one.
    pub fn check_order(&self, from: (&str, Option<Date>), to: (&str, Option<Date>), faults: &mut Faults) {
        if let Some(message) = reversed(from, to) {
            self.fault("dates_reversed", message, faults);
        }
    }
}

/// What is wrong when the first of two dates is the later one.
#[must_use]
pub fn reversed(from: (&str, Option<Date>), to: (&str, Option<Date>)) -> Option<String> {
    let (first, last) = (from.1?, to.1?);
    (first > last).then(|| format!("{} {first} is after {} {last}", from.0, to.0))
}

/// Names every id that several features share, at each feature after the first.
pub fn check_unique<'a>(file: &str, ids: impl Iterator<Item = (&'a str, &'a str)>, faults: &mut Faults) {
    let mut first_place = std::collections::HashMap::new();
    for (id, place) in ids {
        if let Some(first) = first_place.get(id) {
            faults.add(file, place, "duplicate_id", format!("{id:?} is already used by {first}; every id stands once"));
        } else {
            first_place.insert(id, place);
        }
    }
}
