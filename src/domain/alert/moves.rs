//! The table of moves: for each state, the acts it allows and where they lead.

use super::{ActKind, AlertState};

/// Where an allowed act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To a state (which may be the same one).
    To(AlertState),
    /// Nowhere: it is kept as a fact.
    Note,
    /// Where the review's decision says.
    Reviewed,
}

/// Acts that any state takes as facts: calls, and what a person does to the alert as a thing.
const ALWAYS: [ActKind; 4] = [ActKind::Call, ActKind::Merge, ActKind::Split, ActKind::Keep];

/// Facts of attendance that an offline phone may send after the alert has moved on.
const LATE_FACTS: [ActKind; 3] = [ActKind::Acknowledge, ActKind::Arrive, ActKind::PutOut];

/// Facts that a state takes although nobody expects them there any more.
fn is_late_fact(state: AlertState, act: ActKind) -> bool {
    match act {
        ActKind::Report => state > AlertState::Reported,
        _ => state >= AlertState::Reported && LATE_FACTS.contains(&act),
    }
}

/// Where an act leads from a state; `None` when it is not allowed there.
#[expect(clippy::match_same_arms, reason = "a table: one line for each rule, in the order of an alert's life")]
#[must_use]
pub fn step(state: AlertState, act: ActKind) -> Option<Step> {
    use ActKind as A;
    use AlertState as S;
    use Step::{Note, Reviewed, To};
    Some(match (state, act) {
        // Attendance: what implies the earlier steps may come before them.
        (S::Open, A::Acknowledge) => To(S::Acknowledged),
        (S::Open | S::Acknowledged, A::Arrive | A::PutOut) => To(S::OnSite),
        (S::Open | S::Acknowledged | S::OnSite | S::Reported, A::Report) => To(S::Reported),
        (S::Open | S::Acknowledged, A::Dispatch) => Note,
        // A new unit starts at the beginning; after a finding only the blame moves.
        (S::Open | S::Acknowledged | S::OnSite, A::Reassign) => To(S::Open),
        (S::Reported | S::Confirmed | S::Rectifying, A::Reassign) => Note,
        (S::Open | S::Acknowledged | S::OnSite | S::Reported, A::Dispute) => Note,
        // A dispute may be decided after the finding was reviewed.
        (S::Open | S::Acknowledged | S::OnSite | S::Reported | S::Confirmed | S::Rectifying, A::Decide) => Note,
        (S::Reported, A::Review) => Reviewed,
        (S::Confirmed, A::Rectify) => To(S::Rectifying),
        // A new deadline, a further result.
        (S::Rectifying, A::Rectify | A::Rectified) => Note,
        (S::Confirmed | S::Rectifying, A::Close) => To(S::Closed),
        (S::Closed | S::LookbackDue, A::LookBack) => To(S::LookedBack),
        (_, late) if state > S::Open && LATE_FACTS.contains(&late) => Note,
        // A finding that comes after the review is kept beside the one that was reviewed.
        (_, A::Report) => Note,
        (_, always) if ALWAYS.contains(&always) => Note,
        _ => return None,
    })
}

/// The acts a state allows, in the order of [`ActKind::ALL`]; late facts are left out where they
/// are only accepted, not expected.
#[must_use]
pub fn allowed_in(state: AlertState) -> Vec<ActKind> {
    let is_expected = |act: ActKind| step(state, act).is_some() && !is_late_fact(state, act);
    ActKind::ALL.into_iter().filter(|act| is_expected(*act)).collect()
}
