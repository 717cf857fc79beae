//! Handing a shift over at a desk: who goes, who comes, what the next one must know.
//!
//! Pure. It says what a handover must hold and when a shift began; who sits at the desk is [`super::chain`]'s, the record
//! is the store's. It is a note between people and moves no case.

use super::chain::duty_at;
use super::ground::Ground;
use super::time::{SignedDuration, Timestamp, instant_of};
use super::unit::UnitCode;

/// A desk without a roster is handed over once a day: its sheet looks back this far.
pub const WITHOUT_ROSTER: SignedDuration = SignedDuration::from_hours(24);

/// Longest note, characters: a page of handwriting.
pub const MAX_NOTE_CHARS: usize = 2000;

/// Longest name, characters.
pub const MAX_NAME_CHARS: usize = 40;

/// What somebody hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Whose desk.
    pub unit: UnitCode,
    /// Who goes.
    pub gives: String,
    /// Who comes.
    pub takes: String,
    /// What the next one must know.
    pub note: String,
}

/// Why it is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHandover {
    /// A name is missing or too long.
    #[error(
        "请填写交班人和接班人姓名（不超过{MAX_NAME_CHARS}字） · name who hands over and who takes over, {MAX_NAME_CHARS} characters at most"
    )]
    Names,
    /// Nobody hands over to himself.
    #[error("交班人和接班人都是“{0}” · {0:?} cannot hand over to the same person")]
    SamePerson(String),
    /// The note is too long or holds what nobody types.
    #[error(
        "交接事项超过{MAX_NOTE_CHARS}字或含有控制字符 · the note is longer than {MAX_NOTE_CHARS} characters or holds control characters"
    )]
    Note,
}

/// Checks what a person typed.
///
/// # Errors
/// [`BadHandover`].
pub fn check(handover: &Handover) -> Result<(), BadHandover> {
    let is_name = |name: &str| {
        let name = name.trim();
        !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control)
    };
    if !is_name(&handover.gives) || !is_name(&handover.takes) {
        return Err(BadHandover::Names);
    }
    if handover.gives.trim() == handover.takes.trim() {
        return Err(BadHandover::SamePerson(handover.gives.trim().to_owned()));
    }
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if handover.note.chars().count() > MAX_NOTE_CHARS || handover.note.chars().any(is_odd) {
        return Err(BadHandover::Note);
    }
    Ok(())
}

/// When the shift of a desk began: by the roster, else a day ago.
#[must_use]
pub fn shift_began(ground: &Ground, unit: &UnitCode, now: Timestamp) -> Timestamp {
    let by_roster = duty_at(ground, unit, now).and_then(|shift| {
        let (from, _) = shift.span()?;
        instant_of(from, &ground.data().time_zone).ok()
    });
    by_roster.unwrap_or_else(|| now.checked_sub(WITHOUT_ROSTER).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handover(gives: &str, takes: &str, note: &str) -> Handover {
        let unit = UnitCode("22".to_owned());
        Handover { unit, gives: gives.to_owned(), takes: takes.to_owned(), note: note.to_owned() }
    }

    #[test]
    fn a_handover_names_two_people_and_has_a_note_that_a_person_could_write() {
        let long = "长".repeat(MAX_NOTE_CHARS + 1);
        let cases = [
            (handover("甲", "乙", ""), Ok(())),
            (handover("甲", "乙", "两件未签收\n已电话通知"), Ok(())),
            (handover(" ", "乙", ""), Err(BadHandover::Names)),
            (handover("甲", &"乙".repeat(41), ""), Err(BadHandover::Names)),
            (handover("甲", " 甲 ", ""), Err(BadHandover::SamePerson("甲".to_owned()))),
            (handover("甲", "乙", &long), Err(BadHandover::Note)),
            (handover("甲", "乙", "\u{7}"), Err(BadHandover::Note)),
        ];
        for (given, expected) in cases {
            assert_eq!(check(&given), expected, "{given:?}");
        }
    }
}
