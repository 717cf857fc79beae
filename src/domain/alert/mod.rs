//! The life of an alert: who may do what in which state, and what follows.
//!
//! [`decide`] is the one place that says whether an act is allowed and what it does: it returns the alert as it stands
//! afterwards, its clocks, whom to tell and what to log, and the store writes that. An act and its words are declared
//! in one place ([`Act`]), the moves are one table ([`moves`]), the rights one file ([`rights`]), what follows another
//! ([`follow`]), so that each can be read beside the office's rules.
//!
//! Acts may come late and out of order (a phone that was offline sends them when it can). An act
//! that has been overtaken is a late fact: it is kept with its own time and moves nothing.

mod act;
mod clocks;
mod content;
mod desks;
mod draft;
mod due;
mod event;
mod follow;
pub mod joining;
mod moves;
mod offers;
mod refusal;
mod rights;
mod scope;
mod state;
#[cfg(test)]
mod table_tests;

pub use act::{Act, ActKind, Field, FieldKind};
pub use clocks::{Clock, Outcome};
pub use desks::review_desk;
pub use draft::{
    AlertDraft, Judged, NOTICE_EXPIRES_AFTER, OWNER_SHARE, REKINDLING_KM, REKINDLING_WITHIN, alerts_of, deciding,
};
pub use due::{due, reached, recorded, unreached};
pub use event::{ActEvent, AlertEvent, Beginning, Logged, Why};
pub use follow::{Beyond, Consequences, Notice, Setting, decide, review_follows, take_over};
pub use moves::{Step, allowed_in, step};
pub use offers::{InNameOf, Offer, acts_open_to, bare_finding, is_open, other_units};
pub use refusal::{BadContent, Entitled, Refusal};
pub use rights::{Relation, check_merge, relation, review_level};
pub use scope::{Concern, units_of};
pub use state::{AlertNumber, AlertSource, AlertState, NotifyReason};

use super::actor::Actor;
use super::finding::{FindingKind, Review};
use super::ground::Ground;
use super::time::{Date, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::verdict::Verdict;

/// Which level reviews what; everything else about rights follows from the tree of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewRules {
    /// Reviews findings of fires in the ban zone.
    pub banned: UnitLevel,
    /// Reviews "nothing found", "could not reach" and "reflection".
    pub nothing_found: UnitLevel,
    /// Reviews the rest.
    pub others: UnitLevel,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self { banned: UnitLevel::County, nothing_found: UnitLevel::County, others: UnitLevel::Township }
    }
}

/// What deciding looks at in an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertView {
    /// Its number.
    pub number: AlertNumber,
    /// Where it comes from.
    pub source: AlertSource,
    /// Where it stands.
    pub state: AlertState,
    /// The verdict; `None` for a problem.
    pub verdict: Option<Verdict>,
    /// The unit that answers.
    pub responsible: UnitCode,
    /// Who has the alert.
    pub owner: UnitCode,
    /// Where it lies.
    pub unit: UnitCode,
    /// Units that may hold it or that it reaches.
    pub others: Vec<UnitCode>,
    /// A dispute is open.
    pub is_disputed: bool,
    /// The unit named in the open dispute.
    pub proposed: Option<UnitCode>,
    /// First acknowledgement.
    pub acknowledged_at: Option<Timestamp>,
    /// First arrival.
    pub on_site_at: Option<Timestamp>,
    /// When it was put out.
    pub put_out_at: Option<Timestamp>,
    /// What the standing finding says.
    pub finding: Option<FindingKind>,
    /// Who reported it.
    pub finder: Option<Actor>,
    /// Everybody who reported a finding of the alert, or entered one for another.
    pub reporters: Vec<String>,
    /// The accounts through which they did, and those that let these in.
    pub reporter_accounts: Vec<String>,
    /// When the result of the rectification came.
    pub rectified_at: Option<Timestamp>,
    /// An earlier alert that may burn again here, while nobody decided.
    pub rekindles: Option<AlertNumber>,
    /// What no right or move looks at.
    pub record: AlertRecord,
}

/// What acts leave in an alert beside what deciding looks at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertRecord {
    /// Grows by one with each change.
    pub revision: u32,
    /// The township above the responsible unit.
    pub township: Option<UnitCode>,
    /// The county above it.
    pub county: Option<UnitCode>,
    /// A person chose who has the alert: satellite data leaves it so.
    pub owner_is_chosen: bool,
    /// The person it was dispatched to.
    pub assigned_to: Option<String>,
    /// Since when nobody of it could be reached.
    pub undelivered_at: Option<Timestamp>,
    /// The highest desk that heard of a missed clock.
    pub escalated_to: Option<UnitCode>,
    /// When the standing finding came.
    pub reported_at: Option<Timestamp>,
    /// When it was reviewed.
    pub reviewed_at: Option<Timestamp>,
    /// What the review said.
    pub review: Option<Review>,
    /// Last local day of the rectification.
    pub rectify_by: Option<Date>,
    /// Number of the penalty document.
    pub document_number: Option<String>,
    /// When it was closed, or excluded.
    pub closed_at: Option<Timestamp>,
    /// When it was looked back on.
    pub looked_back_at: Option<Timestamp>,
    /// Who disputes.
    pub disputed_by: Option<UnitCode>,
    /// A person said that it is no rekindling.
    pub rekindling_kept: bool,
    /// The alert it lives on in.
    pub merged_into: Option<AlertNumber>,
    /// Who merged it; `None` where satellite data did.
    pub merged_by: Option<String>,
}

impl AlertView {
    /// Whether a result of the rectification is recorded.
    #[must_use]
    pub fn is_rectified(&self) -> bool {
        self.rectified_at.is_some()
    }

    /// Whether the next step is the reviewing level's: a finding, or the result of a rectification, lies before it.
    #[must_use]
    pub fn waits_for_review(&self) -> bool {
        self.state == AlertState::Reported || (self.state == AlertState::Rectifying && self.is_rectified())
    }
}

/// What an allowed act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The alert moves on (or stays in a state by a full act, as a second finding does).
    Moves(AlertState),
    /// A fact is kept; the alert stays where it is.
    Notes,
    /// It is so already: nothing changes.
    Unchanged,
}

/// Who acts, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who enters it.
    pub actor: &'a Actor,
    /// The person it was done for or by, when another enters it (代签收).
    pub on_behalf_of: Option<&'a str>,
}

/// Whether an act is allowed, and whether it moves the alert: what [`decide`] asks first, and pages to offer it.
///
/// # Errors
/// [`Refusal`] with the reason and what is allowed.
pub fn check(ground: &Ground, rules: ReviewRules, alert: &AlertView, by: By<'_>, act: &Act) -> Result<Effect, Refusal> {
    let effect = effect(alert, act)?;
    rights::check(ground, rules, alert, by, act)?;
    content::check(ground, alert, act)?;
    Ok(effect)
}

fn effect(alert: &AlertView, act: &Act) -> Result<Effect, Refusal> {
    let kind = act.kind();
    let known = match kind {
        ActKind::Acknowledge => alert.acknowledged_at.is_some(),
        ActKind::Arrive => alert.on_site_at.is_some(),
        ActKind::PutOut => alert.put_out_at.is_some(),
        _ => false,
    };
    match step(alert.state, kind) {
        // A dispute that was right is a reassignment.
        Some(Step::Note) if matches!(act, Act::Decide { accepted: true }) && alert.state < AlertState::Reported => {
            Ok(Effect::Moves(AlertState::Open))
        }
        // A person reopens the alert: what was rectified is not.
        Some(Step::To(_)) if matches!(act, Act::LookBack { is_clean: false }) => {
            Ok(Effect::Moves(AlertState::Rectifying))
        }
        Some(Step::To(state)) => Ok(Effect::Moves(state)),
        Some(Step::Note) if known => Ok(Effect::Unchanged),
        Some(Step::Note) => Ok(Effect::Notes),
        Some(Step::Reviewed) => Ok(Effect::Moves(after_review(alert, act))),
        None => Err(Refusal::State {
            number: alert.number.clone(),
            state: alert.state,
            act: kind,
            allowed: allowed_in(alert.state),
        }),
    }
}

fn after_review(alert: &AlertView, act: &Act) -> AlertState {
    match act {
        Act::Review { review: Review::Confirmed } => AlertState::Confirmed,
        Act::Review { review: Review::Excluded } => AlertState::Excluded,
        // Sent back: whoever was on site need not arrive again.
        _ if alert.on_site_at.is_some() => AlertState::OnSite,
        _ => AlertState::Acknowledged,
    }
}
