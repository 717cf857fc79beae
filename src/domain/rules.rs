//! Everything about judging and working alerts that a configuration may set.

use super::alert::ReviewRules;
use super::clock::ClockRules;
use super::fire::DEFAULT_LINK_GAP;
use super::policy::PlanRules;
use super::time::SignedDuration;

/// The rules of an installation; built from the configuration, handed to whoever records.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Detections at most this far apart in time may be one fire.
    pub link_gap: SignedDuration,
    /// Tolerances of matching fires with burn plans.
    pub plans: PlanRules,
    /// Which level reviews what.
    pub review: ReviewRules,
    /// Times and limits of the clocks.
    pub clocks: ClockRules,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            link_gap: DEFAULT_LINK_GAP,
            plans: PlanRules::default(),
            review: ReviewRules::default(),
            clocks: ClockRules::default(),
        }
    }
}
