//! Handing a shift over at a desk: who goes, who comes, what the next one must know.
//!
//! Pure. It says what a handover must hold and which shift is handed over: people do it at the change, a little before or
//! after, so the shift that ended is offered for an hour, until somebody handed it over; who sits at the desk is [`super::chain`]'s, the record
//! is the store's. It is a note between people and moves no alert.

use super::chain::duty_at;
use super::ground::Ground;
use super::time::{SignedDuration, Timestamp, instant_of};
use super::unit::{DutyShift, UnitCode};

/// A desk without a roster is handed over once a day: its sheet looks back this far.
pub const WITHOUT_ROSTER: SignedDuration = SignedDuration::from_hours(24);

/// How long after the change the shift that ended is offered: the next one has come, read and signed by then.
pub const OFFERED_AFTER_CHANGE: SignedDuration = SignedDuration::from_hours(1);

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
    #[error("name who hands over and who takes over, {MAX_NAME_CHARS} characters at most")]
    Names,
    /// Nobody hands over to himself.
    #[error("{0:?} cannot hand over to the same person")]
    SamePerson(String),
    /// The note is too long or holds what nobody types.
    #[error("the note is longer than {MAX_NOTE_CHARS} characters or holds control characters")]
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

/// A shift of a desk as its sheet covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskShift<'a> {
    /// When it began: by the roster, else a day ago.
    pub began: Timestamp,
    /// The roster's row; `None` for a desk, or a moment, without one.
    pub roster: Option<&'a DutyShift>,
    /// When it ends or ended by the roster; `None` without one.
    pub ends: Option<Timestamp>,
}

impl<'a> DeskShift<'a> {
    fn of(ground: &Ground, shift: &'a DutyShift) -> Option<Self> {
        let (from, to) = shift.span()?;
        let instant = |at| instant_of(at, &ground.data().time_zone).ok();
        Some(Self { began: instant(from)?, roster: Some(shift), ends: instant(to) })
    }
}

/// The shifts of a desk that somebody may hand over at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskShifts<'a> {
    /// The running one; without a roster the last day.
    pub running: DeskShift<'a>,
    /// The one that ended last, by the roster.
    pub last: Option<DeskShift<'a>>,
}

impl<'a> DeskShifts<'a> {
    /// The shifts of a unit's desk.
    #[must_use]
    pub fn at(ground: &'a Ground, unit: &UnitCode, now: Timestamp) -> Self {
        let running = duty_at(ground, unit, now).and_then(|shift| DeskShift::of(ground, shift));
        let day_ago = now.checked_sub(WITHOUT_ROSTER).unwrap_or(now);
        let last = ground.shift_before(unit, ground.local_moment(now));
        Self {
            running: running.unwrap_or(DeskShift { began: day_ago, roster: None, ends: None }),
            last: last.and_then(|shift| DeskShift::of(ground, shift)),
        }
    }

    /// The shift that ended so short a time ago that it is the one to hand over, unless that was done.
    #[must_use]
    pub fn just_ended(&self, now: Timestamp) -> Option<DeskShift<'a>> {
        self.last.filter(|last| last.ends.is_some_and(|ended| now.duration_since(ended) < OFFERED_AFTER_CHANGE))
    }

    /// The shift that began at a moment, where it is one of these.
    #[must_use]
    pub fn that_began(&self, began: Timestamp) -> Option<DeskShift<'a>> {
        [Some(self.running), self.last].into_iter().flatten().find(|shift| shift.began == began)
    }
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
