//! The responsibility chain: the units above a place, the people who held them that day, and who answers.
//!
//! Any unit of any level may be a grid: a unit with an inspector is worked by its inspector.
//! Whatever is missing (an outline, a holder, a shift), the question moves one level up until it ends
//! with a named person, and every step over a gap is told ([`Gap`]), because the operator has to mend it.
//! Asked by the alerts, the clocks and `firegrid people`; it tells nobody anything itself.

mod gap;
mod on_duty;
pub mod review;

use serde::{Deserialize, Serialize};

use super::ground::Ground;
use super::phone::Phone;
use super::plain_text;
use super::position::Position;
use super::time::{Date, Timestamp};
use super::unit::{DutyShift, Holder, Role, Unit, UnitCode, UnitLevel};
pub use gap::{Gap, gap_at};
pub use on_duty::{DutyPerson, OnDuty, Seat, on_duty};

/// One person of a chain, as held on the day of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHolder {
    /// What he or she does for the unit.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Employer.
    pub employer: Option<String>,
    /// Telephone.
    pub phone: Option<Phone>,
}

/// One unit of a chain with its holders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLink {
    /// Level of the unit.
    pub level: UnitLevel,
    /// The unit.
    pub code: UnitCode,
    /// Its Chinese name.
    pub name: String,
    /// Who held it that day: head, sponsor, inspector, deputy, then by name.
    pub holders: Vec<ChainHolder>,
}

impl ChainLink {
    /// The one person to name: the inspector where the unit has one, else the first by role.
    #[must_use]
    pub fn holder(&self) -> Option<&ChainHolder> {
        self.holders.iter().find(|holder| holder.role == Role::Inspector).or_else(|| self.holders.first())
    }
}

impl From<&Holder> for ChainHolder {
    fn from(holder: &Holder) -> Self {
        Self {
            role: holder.role,
            name: holder.name.clone(),
            post: holder.post.clone(),
            employer: holder.employer.clone(),
            phone: holder.phone.clone(),
        }
    }
}

/// A list from the lowest unit up to the city; an alert keeps it unchanged.
pub type Chain = Vec<ChainLink>;

/// The chain of a unit on a local day, lowest unit first.
///
/// A unit nobody holds stays in the chain with no holder: the gap is shown, and whoever is
/// told moves one level up.
#[must_use]
pub fn chain_of(ground: &Ground, unit: &UnitCode, day: Date) -> Chain {
    ground.line_of(unit).into_iter().map(|unit| link_of(ground, unit, day)).collect()
}

/// The chain of a place at a moment; empty outside the city.
#[must_use]
pub fn chain_at(ground: &Ground, position: Position, at: Timestamp) -> Chain {
    ground.unit_at(position).map(|unit| chain_of(ground, &unit.code, ground.local_day(at))).unwrap_or_default()
}

/// The link of one unit on a local day.
#[must_use]
pub fn link_of(ground: &Ground, unit: &Unit, day: Date) -> ChainLink {
    let held = ground.people_of(&unit.code).filter(|holder| holder.holds_on(day));
    let mut holders: Vec<ChainHolder> = held.map(ChainHolder::from).collect();
    holders.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| a.name.cmp(&b.name)));
    ChainLink { level: unit.level, code: unit.code.clone(), name: unit.name.clone(), holders }
}

/// The person who answers, and for which unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Level of the unit.
    pub level: UnitLevel,
    /// The unit.
    pub code: UnitCode,
    /// Its Chinese name.
    pub name: String,
    /// The person.
    pub person: ChainHolder,
}

/// Who answers for a unit, and what was passed over on the way up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerable {
    /// The person; `None` only when nobody holds any unit up to the city, or the unit does not exist.
    pub answer: Option<Answer>,
    /// The gaps, lowest first; empty when the unit itself is held.
    pub gaps: Vec<Gap>,
}

/// Who answers for a unit on a local day: the first unit upwards that somebody holds.
#[must_use]
pub fn answerable(ground: &Ground, unit: &UnitCode, day: Date) -> Answerable {
    let mut gaps = Vec::new();
    for unit in ground.line_of(unit) {
        let link = link_of(ground, unit, day);
        if let Some(person) = link.holder().cloned() {
            let answer = Answer { level: link.level, code: link.code, name: link.name, person };
            return Answerable { answer: Some(answer), gaps };
        }
        gaps.push(Gap::NoHolder { code: link.code, name: link.name });
    }
    Answerable { answer: None, gaps }
}

/// Who answers for a place on a local day; `None` outside the city.
///
/// A place that lies in no drawn unit of the lowest level begins with the gap it lies in.
#[must_use]
pub fn answerable_at(ground: &Ground, position: Position, day: Date) -> Option<Answerable> {
    let unit = ground.unit_at(position)?;
    let mut found = answerable(ground, &unit.code, day);
    if let Some(gap) = gap_at(ground, unit) {
        found.gaps.insert(0, gap);
    }
    Some(found)
}

/// The people who hold a unit or one below it on a local day, in the order of the file.
#[must_use]
pub fn people_below<'a>(ground: &'a Ground, unit: &UnitCode, day: Date) -> Vec<&'a Holder> {
    let is_below = |code: &UnitCode| ground.line_of(code).iter().any(|above| above.code == *unit);
    ground.data().people.iter().filter(|holder| holder.holds_on(day) && is_below(&holder.unit_code)).collect()
}

/// The units that a person of a name holds on a local day, at or below one, in the order of their codes.
#[must_use]
pub fn units_of_person(ground: &Ground, name: &str, below: &UnitCode, day: Date) -> Vec<UnitCode> {
    let name = plain_text::person_name(name);
    let held = people_below(ground, below, day).into_iter().filter(|holder| holder.name == name);
    let mut units: Vec<_> = held.map(|holder| holder.unit_code.clone()).collect();
    units.sort();
    units.dedup();
    units
}

/// The shift on duty at a unit's desk; the moment a shift ends belongs to the next.
#[must_use]
pub fn duty_at<'a>(ground: &'a Ground, unit: &UnitCode, at: Timestamp) -> Option<&'a DutyShift> {
    ground.shift_at(unit, ground.local_time(at))
}

/// Who sits at a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum DeskPeople {
    /// The roster names them.
    Roster {
        /// 带班领导
        leader: String,
        /// 值班员, the one to call.
        officer: String,
        /// Telephone of the desk.
        phone: Phone,
    },
    /// No shift is running; the holder of the unit stands in.
    Holder {
        /// The person.
        person: ChainHolder,
    },
}

impl DeskPeople {
    /// The one person to call.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Roster { officer, .. } => officer,
            Self::Holder { person } => &person.name,
        }
    }
}

/// A desk that answers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Level of the unit whose desk it is.
    pub level: UnitLevel,
    /// The unit.
    pub code: UnitCode,
    /// Its Chinese name.
    pub name: String,
    /// Who sits there.
    pub people: DeskPeople,
    /// What was passed over, lowest first; empty when the unit's own shift is running.
    pub gaps: Vec<Gap>,
}

/// The desk that answers for a unit at a moment: its shift on duty, else its holder, else the next unit up.
///
/// # Errors
/// The gaps, when there is neither shift nor holder up to the city, or the unit does not exist.
pub fn desk_of(ground: &Ground, unit: &UnitCode, at: Timestamp) -> Result<Desk, Vec<Gap>> {
    let day = ground.local_day(at);
    let mut gaps = Vec::new();
    for unit in ground.line_of(unit) {
        let people = if let Some(shift) = duty_at(ground, &unit.code, at) {
            let (leader, officer) = (shift.leader.clone(), shift.officer.clone());
            Some(DeskPeople::Roster { leader, officer, phone: shift.phone.clone() })
        } else {
            gaps.push(Gap::NoShift { code: unit.code.clone(), name: unit.name.clone() });
            link_of(ground, unit, day).holder().cloned().map(|person| DeskPeople::Holder { person })
        };
        if let Some(people) = people {
            return Ok(Desk { level: unit.level, code: unit.code.clone(), name: unit.name.clone(), people, gaps });
        }
        gaps.push(Gap::NoHolder { code: unit.code.clone(), name: unit.name.clone() });
    }
    Err(gaps)
}
