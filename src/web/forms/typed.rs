//! What a form brings, and what its fields mean: one kit for every page.

use std::sync::Arc;

use super::values::{self, Claim, Implausible, not_filled_in, refusal};
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::position::Position;
use crate::domain::time::{Date, Timestamp};
use crate::media::Spool;
use crate::store::By;
use crate::web::auth::Me;
use crate::web::problem::Problem;
use crate::words::{Words, forms};

/// A file that came with a form.
#[derive(Debug, Clone)]
pub(in crate::web) struct Upload {
    /// Name of its field.
    pub field: String,
    /// The name it came with.
    pub name: String,
    /// Its bytes, on disk as long as the form is worked on.
    pub body: Arc<Spool>,
}

/// The fields of a form as they were typed, for reading them and for showing them again.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Typed {
    texts: Vec<(String, String)>,
    /// Its files, empty ones left out.
    pub files: Vec<Upload>,
}

impl Typed {
    /// A form without files, unless one of its texts is none that a person types.
    pub fn of(texts: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut typed = Self::default();
        texts.into_iter().try_for_each(|(name, value)| typed.take(name, value))?;
        Ok(typed)
    }

    /// Takes one more field, unless no person types such a text.
    pub fn take(&mut self, name: String, value: String) -> Result<(), Problem> {
        match values::implausible(&name, &value) {
            Some(Implausible::Control) => Err(refusal(forms::CONTROL_CHARACTER)),
            Some(Implausible::Long { most, .. }) => Err(refusal(forms::too_long(most))),
            None => {
                self.texts.push((name, value));
                Ok(())
            }
        }
    }

    /// Sets a field, for the page that begins with it.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.texts.retain(|(key, _)| key != name);
        self.texts.push((name.to_owned(), value.into()));
        self
    }

    /// What stands in a field, without space round it; nothing where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.exactly(name).trim()
    }

    /// The same with its space, which may belong to a password.
    pub fn exactly(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// What stands in every field of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.texts.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// What was typed into a field, if anything was.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// The same as a text of its own.
    pub fn text(&self, name: &str) -> Option<String> {
        self.given(name).map(str::to_owned)
    }

    /// A field that has to be filled in.
    pub fn needed(&self, name: &str, called: Words) -> Result<&str, Problem> {
        self.given(name).ok_or_else(|| not_filled_in(called))
    }

    /// A box that is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A number that may be left out.
    pub fn number(&self, name: &str, called: Words) -> Result<Option<f64>, Problem> {
        let read = |text: &str| values::number(text).ok_or_else(|| refusal(forms::no_number(called, text)));
        self.given(name).map(read).transpose()
    }

    /// A number that has to be there.
    pub fn needed_number(&self, name: &str, called: Words) -> Result<f64, Problem> {
        self.number(name, called)?.ok_or_else(|| not_filled_in(called))
    }

    /// A moment that may be left out: local as browsers send it, or with its offset as scripts do.
    pub fn moment(&self, name: &str, ground: &Ground) -> Result<Option<Timestamp>, Problem> {
        self.moment_called(name, forms::TIME_FIELD, ground)
    }

    /// As [`Self::moment`], of a field that people know by a name.
    pub fn moment_called(&self, name: &str, called: Words, ground: &Ground) -> Result<Option<Timestamp>, Problem> {
        let no_moment = |text: &str| refusal(forms::no_moment(called, text));
        let read = |text: &str| values::moment(name, text, ground).map_err(|_said_in_english| no_moment(text));
        self.given(name).map(read).transpose()
    }

    /// A moment that has to be there.
    pub fn needed_moment(&self, name: &str, called: Words, ground: &Ground) -> Result<Timestamp, Problem> {
        self.moment_called(name, called, ground)?.ok_or_else(|| not_filled_in(called))
    }

    /// A local day that has to be there.
    pub fn day(&self, name: &'static str, called: Words) -> Result<Date, Problem> {
        values::day(name, self.needed(name, called)?)
    }

    /// When it happened, as the phone says.
    pub fn claim(&self, ground: &Ground, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
        Ok(Claim::of(self.moment("happened_at", ground)?, now)?.at())
    }

    /// A telephone number that may be left out.
    pub fn phone(&self, name: &str, called: Words) -> Result<Option<Phone>, Problem> {
        values::phone(called, self.get(name))
    }

    /// Where the phone was, when both numbers are there.
    pub fn position(&self) -> Result<Option<Position>, Problem> {
        let lon = self.number("lon", forms::LONGITUDE_FIELD)?;
        let lat = self.number("lat", forms::LATITUDE_FIELD)?;
        match (lon, lat) {
            (Some(lon), Some(lat)) => Position::from_lon_lat(lon, lat)
                .map(Some)
                .map_err(|problem| refusal(forms::not_on_earth(lon, lat, &problem.to_string()))),
            (None, None) => Ok(None),
            _ => Err(refusal(forms::BOTH_COORDINATES)),
        }
    }

    /// The id of the command, so that sending it twice does it once.
    pub fn client_id(&self) -> Result<Option<String>, Problem> {
        values::client_id(self.text("client_id"))
    }

    /// The command of a form, in the name of whoever is in.
    pub fn by(&self, me: &Me) -> Result<By, Problem> {
        values::by(me.own_actor(), self.text("client_id"), Claim::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Words = Words { zh: "面积", en: "area" };

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).unwrap()
    }

    #[test]
    fn a_field_is_what_was_typed_without_space_round_it() {
        let form = typed(&[("note", " 火 "), ("blank", "  "), ("note", "second")]);
        assert_eq!((form.get("note"), form.get("blank"), form.get("other")), ("火", "", ""));
        assert_eq!((form.given("note"), form.given("blank")), (Some("火"), None));
        assert_eq!(form.all("note"), [" 火 ", "second"]);
        assert!(form.needed("blank", forms::TIME_FIELD).is_err() && !form.is_ticked("blank"));
        assert_eq!(form.with("note", "anew").get("note"), "anew");
    }

    #[test]
    fn texts_that_no_person_types_are_refused_and_a_plot_may_be_longer() {
        let long = "长".repeat(values::MAX_TEXT_CHARS + 1);
        for (name, value, is_taken) in
            [("note", "two\r\nlines", true), ("note", "\u{0}", false), ("note", &long, false), ("plot", &long, true)]
        {
            assert_eq!(Typed::of(vec![(name.to_owned(), value.to_owned())]).is_ok(), is_taken, "{name}");
        }
    }

    #[test]
    fn a_number_may_be_left_out_unless_it_is_needed() {
        let form = typed(&[("mu", "１２"), ("bad", "many")]);
        assert_eq!(form.number("mu", AREA).unwrap(), Some(12.0));
        assert_eq!(form.number("none", AREA).unwrap(), None);
        assert!(form.number("bad", AREA).is_err() && form.needed_number("none", AREA).is_err());
    }

    #[test]
    fn a_position_is_two_numbers_on_earth_or_none() {
        for (lon, lat, expected) in [
            ("122.8", "45.6", Some(true)),
            ("", "", Some(false)),
            ("122.8", "", None),
            ("222.8", "45.6", None),
            ("东经", "45.6", None),
        ] {
            let found = typed(&[("lon", lon), ("lat", lat)]).position();
            assert_eq!(found.ok().map(|position| position.is_some()), expected, "{lon} {lat}");
        }
    }
}
