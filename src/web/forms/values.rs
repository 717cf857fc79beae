//! What a single field means, in a form as in a body: texts, numbers, telephones, moments, ids, and refusals.
//!
//! A refusal of a form says which field is meant and what was expected ([`forms`]).

use serde_json::Value;

use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::time::{Date, SignedDuration, TimeError, Timestamp, parse_date};
use crate::regions::plot::MAX_PLOT_CHARS;
use crate::store::By;
use crate::web::problem::Problem;
use crate::web::when;
use crate::words::{Sentence, Words, bad_phone, forms};

/// Longest text in a body, characters; plots may be longer.
pub(in crate::web) const MAX_TEXT_CHARS: usize = 2000;

/// Whether a text holds a character that no keyboard gives.
fn has_control(text: &str) -> bool {
    // A browser sends the lines of a text with both characters.
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// What is wrong with a text that no person writes.
pub(in crate::web) enum Implausible {
    /// A character that no keyboard gives.
    Control,
    /// Without end.
    Long {
        /// Its characters.
        length: usize,
        /// As many as such a field may have.
        most: usize,
    },
}

/// What is wrong with the text of a field, if no person writes it.
pub(in crate::web) fn implausible(name: &str, text: &str) -> Option<Implausible> {
    if has_control(text) {
        return Some(Implausible::Control);
    }
    let (length, most) = (text.chars().count(), if name == "plot" { MAX_PLOT_CHARS } else { MAX_TEXT_CHARS });
    (length > most).then_some(Implausible::Long { length, most })
}

/// The first text of a body that no person writes.
pub(in crate::web) fn implausible_text(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => implausible(name, text).map(|problem| match problem {
            Implausible::Control => format!("{name:?} holds a control character"),
            Implausible::Long { length, most } => {
                format!("{name:?} has {length} characters, expected at most {most}")
            }
        }),
        Value::Array(items) => items.iter().find_map(|item| implausible_text(name, item)),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| implausible_text(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Longest id of a command, characters; a UUID has 36.
const MAX_CLIENT_ID_CHARS: usize = 100;

/// The telephone number of a field; `None` where there is none.
pub(in crate::web) fn phone(called: Words, text: &str) -> Result<Option<Phone>, Problem> {
    Phone::parse(text).map_err(|error| refusal(bad_phone(called.zh, called.en, error)))
}

/// A local day in a body.
pub(in crate::web) fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    parse_date(text).map_err(|source| Problem::BadDate { name, source })
}

/// A moment: RFC 3339 with its offset, or a local date and time of the region.
pub(in crate::web) fn moment(name: &str, text: &str, ground: &Ground) -> Result<Timestamp, Problem> {
    when::moment(text, &ground.data().time_zone).map_err(|TimeError { expected, .. }| {
        Problem::BadBody(format!(
            "{name} is {text:?}, expected {expected}, or a moment with its offset as 2026-10-10T08:00:00+08:00"
        ))
    })
}

/// A command with whoever acts: the account, or whom a program names that may.
pub(in crate::web) fn by(actor: Actor, client_id: Option<String>, claim: Claim) -> Result<By, Problem> {
    Ok(By { actor, client_id: self::client_id(client_id)?, claimed_at: claim.0 })
}

/// Phones send what they kept within a day or two; further off the clock is wrong, or somebody makes a past.
const CLAIM_REACH: SignedDuration = SignedDuration::from_hours(72);

/// When something happened, as the person or phone says, where that may be.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::web) struct Claim(Option<Timestamp>);

impl Claim {
    /// Refuses what lies too far from the present, before or behind it.
    pub(in crate::web) fn of(happened_at: Option<Timestamp>, now: Timestamp) -> Result<Self, Problem> {
        match happened_at {
            Some(at) if at.duration_since(now).abs() > CLAIM_REACH => {
                Err(refusal(forms::claimed_too_far(&at.to_string())))
            }
            at => Ok(Self(at)),
        }
    }

    /// What goes into the record.
    pub(in crate::web) fn at(self) -> Option<Timestamp> {
        self.0
    }
}

/// The id of a command: none, or one that can tell commands apart.
pub(in crate::web) fn client_id(id: Option<String>) -> Result<Option<String>, Problem> {
    match &id {
        Some(text) if text.trim().is_empty() || text.chars().count() > MAX_CLIENT_ID_CHARS => Err(Problem::BadBody(
            format!("client_id has to have 1 to {MAX_CLIENT_ID_CHARS} characters, its own for every command"),
        )),
        _ => Ok(id),
    }
}

/// A number as somebody types it; full-width digits and stops are what keyboards here give.
pub(in crate::web) fn number(text: &str) -> Option<f64> {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' | '。' => '.',
        '－' => '-',
        c => c,
    };
    let plain: String = text.trim().chars().map(plain).collect();
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A refusal of a form.
pub(in crate::web) fn refusal(why: impl Into<Sentence>) -> Problem {
    Problem::Form(why.into())
}

/// A field that has to be filled in was not.
pub(in crate::web) fn not_filled_in(called: Words) -> Problem {
    refusal(forms::not_filled_in(called))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_that_nobody_writes_are_named_by_their_field_and_not_repeated() {
        let cases = [
            (json!({"note": "两行\n文字"}), None),
            (json!({"plot": "P".repeat(MAX_PLOT_CHARS)}), None),
            (json!({"a": {"b": ["x", "\u{0}"]}}), Some("\"b\" holds a control character")),
            (json!({"note": "长".repeat(2001)}), Some("\"note\" has 2001 characters, expected at most 2000")),
        ];
        for (value, expected) in cases {
            assert_eq!(implausible_text("", &value).as_deref(), expected);
        }
    }

    #[test]
    fn numbers_are_read_as_keyboards_here_give_them() {
        for (text, expected) in [
            ("12.5", Some(12.5)),
            (" 12 ", Some(12.0)),
            ("１２．５", Some(12.5)),
            ("12。5", Some(12.5)),
            ("－3", Some(-3.0)),
            ("", None),
            ("很多", None),
            ("NaN", None),
            ("inf", None),
            ("1,000", None),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_id_of_a_command_has_characters_and_not_too_many() {
        for (id, is_taken) in [(None, true), (Some("form-1"), true), (Some("  "), false), (Some(""), false)] {
            assert_eq!(client_id(id.map(str::to_owned)).is_ok(), is_taken, "{id:?}");
        }
        assert!(client_id(Some("长".repeat(100))).is_ok() && client_id(Some("长".repeat(101))).is_err());
    }

    #[test]
    fn nobody_claims_a_moment_further_off_than_three_days() {
        let now: Timestamp = "2026-04-13T05:00:00Z".parse().unwrap();
        for (hours, is_taken) in [(0, true), (72, true), (-72, true), (73, false), (-73, false)] {
            let at = now.checked_add(SignedDuration::from_hours(hours)).unwrap();
            assert_eq!(Claim::of(Some(at), now).is_ok(), is_taken, "{hours} h");
        }
        assert_eq!(Claim::of(None, now).unwrap().at(), None);
    }
}
