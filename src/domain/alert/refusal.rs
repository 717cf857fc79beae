//! Why an act is refused.

use super::ActKind;
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::time::Date;
use crate::domain::unit::UnitLevel;

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it.
    #[error("alert {number} is {}, no state to {} in", state.name(), act.name())]
    State {
        /// The alert.
        number: AlertNumber,
        /// Its state.
        state: AlertState,
        /// What was asked for.
        act: ActKind,
        /// What is allowed instead.
        allowed: Vec<ActKind>,
    },
    /// The person's unit has no right to it.
    #[error("{unit} has no right to {} alert {number}", act.name())]
    Rights {
        /// The alert.
        number: AlertNumber,
        /// What was asked for.
        act: ActKind,
        /// Who acts.
        unit: String,
        /// Who may.
        who: Entitled,
    },
    /// Nobody reviews his own finding, or his own unit's.
    #[error(
        "alert {number}: {finder} of {finder_unit} reported the finding, so neither that person nor that unit nor an \
         account through which it was done reviews it"
    )]
    OwnFinding {
        /// The alert.
        number: AlertNumber,
        /// Who reported.
        finder: String,
        /// For which unit.
        finder_unit: String,
    },
    /// What the act carries is not enough or not right.
    #[error("alert {number}: {problem}")]
    Content {
        /// The alert.
        number: AlertNumber,
        /// What is wrong.
        problem: BadContent,
    },
}

/// Who has the right to an act on an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entitled {
    /// A person acting for a unit of the tree.
    Person,
    /// A desk's account; an inspector's works in the field.
    DeskAccount,
    /// The people of the responsible unit and of the candidates; a level above only in their name.
    Field,
    /// The desk of the responsible unit, and the levels above.
    Desk,
    /// The responsible unit and the levels above.
    OwnOrAbove,
    /// An officer of the responsible unit or above.
    Officer,
    /// A unit of this level or above, on the alert's line.
    Reviewer(UnitLevel),
    /// The responsible unit and those below it, where a unit above them decides.
    Disputing,
    /// The lowest common superior of both units, or above.
    CommonSuperior,
}

/// What is wrong with what an act carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadContent {
    /// A finding that has to be shown has no photo.
    #[error("a fire, a scar or \"nothing found\" needs at least one photo")]
    NoPhoto,
    /// The burnt area is none.
    #[error("the burnt area is a number of mu, 0 or more")]
    BurntArea,
    /// Straw is excluded.
    #[error("the finding says straw or stubble, which is not excluded; send it back for another finding")]
    StrawExcluded,
    /// A disputed alert is closed.
    #[error("a dispute over the alert waits for its decision; decide it first")]
    Undecided,
    /// An alert is closed while it is being rectified.
    #[error("rectification was ordered and has no result yet")]
    NotRectified,
    /// A disputed alert is disputed.
    #[error("a dispute is open already")]
    DisputedAlready,
    /// The region does not have the unit.
    #[error("there is no such unit in this region")]
    NoUnit,
    /// The unit has the alert.
    #[error("the alert is with that unit already")]
    SameUnit,
    /// Somebody of another unit is sent.
    #[error("an alert is dispatched to somebody at or below the responsible unit; use reassign for another unit")]
    DispatchedAway,
    /// A dispute is decided, and none is open.
    #[error("no dispute is open")]
    NoDispute,
    /// An alert is merged into itself.
    #[error("an alert cannot be merged into itself")]
    MergedIntoItself,
    /// An alert is split, and nothing of it named.
    #[error("name the detections that are a fire of their own")]
    NoDetections,
    /// An alert is kept that nothing questions.
    #[error("nothing says that this alert is a possible rekindling")]
    NoRekindling,
    /// The day is no day of the calendar's reach.
    #[error("the day {0} is beyond the calendar")]
    Day(Date),
}

impl Refusal {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::State { .. } => "state_does_not_allow",
            Self::Rights { .. } => "no_right",
            Self::OwnFinding { .. } => "own_finding",
            Self::Content { .. } => "content",
        }
    }
}
