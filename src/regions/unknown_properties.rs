//! The properties of a `GeoJSON` file that no reader asks for.
//!
//! They are kept in the stored file and mean nothing, so a `season` in other letters would be dropped without a word.
//! One near a known one ([`super::guess`]) is a fault where something is lost by it; the others are named in one warning
//! of the file, with counts. Fed feature by feature by the readers of the four `GeoJSON` files.

use std::collections::BTreeMap;

use serde_json::Value;

use super::faults::Faults;
use super::geojson::{RawFeature, excerpt};
use super::guess::{guess, same_letters};
use super::properties::Properties;

/// Names told in a warning. A join in a GIS program can add dozens of columns.
const TOLD: usize = 20;

/// What was found in a file so far.
#[derive(Debug)]
pub struct UnknownProperties {
    known: &'static [&'static str],
    found: BTreeMap<String, Found>,
    /// Members beside the properties that are properties by their name, with their features.
    misplaced: BTreeMap<String, Option<Loss>>,
}

/// A property and in how many features it stands.
#[derive(Debug)]
struct Found {
    features: usize,
    /// The known one it is near to.
    near: Option<&'static str>,
    lost: Option<Loss>,
}

/// Where something is lost: in how many features, and the first of them.
#[derive(Debug)]
struct Loss {
    features: usize,
    place: String,
    value: String,
}

impl Loss {
    fn count(lost: &mut Option<Self>, place: &str, value: &Value) {
        match lost {
            Some(loss) => loss.features += 1,
            None => *lost = Some(Self { features: 1, place: place.to_owned(), value: excerpt(value) }),
        }
    }

    fn others(&self) -> String {
        if self.features == 1 { String::new() } else { format!(", and so in {} more features", self.features - 1) }
    }
}

impl UnknownProperties {
    /// Those of a file whose reader knows these.
    #[must_use]
    pub fn beside(known: &'static [&'static str]) -> Self {
        Self { known, found: BTreeMap::new(), misplaced: BTreeMap::new() }
    }

    /// Looks at one feature.
    pub fn look(&mut self, properties: &Properties<'_>) {
        let (feature, place) = (properties.feature(), properties.place());
        for (name, value) in feature.properties().filter(|(name, _)| !self.known.contains(name)) {
            // Most names come again in every feature: no new text for those.
            if !self.found.contains_key(name) {
                let near = guess(name, self.known);
                self.found.insert(name.to_owned(), Found { features: 0, near, lost: None });
            }
            let Some(found) = self.found.get_mut(name) else { continue };
            found.features += 1;
            if found.near.is_some_and(|near| is_lost(feature, name, value, near)) {
                Loss::count(&mut found.lost, place, value);
            }
        }
        for (name, value) in feature.foreign_members().filter(|(name, _)| self.known.contains(name)) {
            if is_lost(feature, name, value, name) {
                Loss::count(self.misplaced.entry(name.to_owned()).or_default(), place, value);
            }
        }
    }

    /// Adds the faults and the warning.
    pub fn tell(self, file: &str, faults: &mut Faults) {
        for (name, loss) in self.misplaced.into_iter().filter_map(|(name, loss)| Some((name, loss?))) {
            let message = format!(
                "{name:?} stands beside \"properties\", with {}{}; it does nothing there, move it into them",
                loss.value,
                loss.others()
            );
            faults.add(file, loss.place, "property_near", message);
        }
        let mut others = Vec::new();
        for (name, found) in self.found {
            let (Some(near), Some(loss)) = (found.near, found.lost) else {
                others.push(format!("{name:?} ({})", found.features));
                continue;
            };
            let message = format!(
                "the property {name:?}, here {}{}, is not known and does nothing; is it {near:?}? Rename it, or give \
                 what is something else a name less like it",
                loss.value,
                loss.others()
            );
            faults.add(file, loss.place, "property_near", message);
        }
        if !others.is_empty() {
            let more = others.len().saturating_sub(TOLD);
            others.truncate(TOLD);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let message =
                format!("properties that nothing reads, with their number of features: {}{more}", others.join(", "));
            faults.warn(file, "", "property_unknown", message);
        }
    }
}

/// Whether a feature loses something by a name near a known one: it says something, and the known one is not there, or
/// is the same word with another value, and then one of the two is wrong.
fn is_lost(feature: &RawFeature, name: &str, value: &Value, near: &str) -> bool {
    match feature.property(near).filter(|known| !says_nothing(known)) {
        None => !says_nothing(value),
        Some(known) => !says_nothing(value) && same_letters(name, near) && value != known,
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
