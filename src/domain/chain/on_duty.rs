//! Who sat at a desk at a moment, as the record keeps it: names and gaps, never a telephone.

use serde::{Deserialize, Serialize};

use super::{DeskPeople, Gap, desk_of};
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::{Role, UnitCode};

/// Who answered for a desk at a moment.
///
/// Stored in the event log: fields are only added, with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// The unit whose people answered: the desk's own, or one above it; `None` when nobody did.
    pub unit: Option<UnitCode>,
    /// That unit's Chinese name.
    pub unit_name: Option<String>,
    /// Who.
    pub people: Vec<DutyPerson>,
    /// What was passed over, lowest first.
    pub gaps: Vec<Gap>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyPerson {
    /// What the person does there.
    pub seat: Seat,
    /// Name.
    pub name: String,
}

/// What somebody does at a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// 值班员, the one to call.
    Officer,
    /// 带班领导
    Leader,
    /// 负责人, standing in where no shift is running.
    Head,
    /// 包保责任人, standing in.
    Sponsor,
    /// 网格员, standing in.
    Inspector,
    /// 副职, standing in.
    Deputy,
}

impl From<Role> for Seat {
    fn from(role: Role) -> Self {
        match role {
            Role::Head => Self::Head,
            Role::Sponsor => Self::Sponsor,
            Role::Inspector => Self::Inspector,
            Role::Deputy => Self::Deputy,
        }
    }
}

/// Who sits at the desk of a unit at a moment; where nobody does, who answers above, and the gaps.
#[must_use]
pub fn on_duty(ground: &Ground, unit: &UnitCode, at: Timestamp) -> OnDuty {
    let desk = match desk_of(ground, unit, at) {
        Ok(desk) => desk,
        Err(gaps) => return OnDuty { unit: None, unit_name: None, people: Vec::new(), gaps },
    };
    let person = |seat, name: String| DutyPerson { seat, name };
    let people = match desk.people {
        // A small desk may have one person for both.
        DeskPeople::Roster { leader, officer, .. } if leader == officer => vec![person(Seat::Officer, officer)],
        DeskPeople::Roster { leader, officer, .. } => {
            vec![person(Seat::Officer, officer), person(Seat::Leader, leader)]
        }
        DeskPeople::Holder { person: holder } => vec![person(holder.role.into(), holder.name)],
    };
    OnDuty { unit: Some(desk.code), unit_name: Some(desk.name), people, gaps: desk.gaps }
}
