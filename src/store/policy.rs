//! Loads what decides beside the region version: plans, weather entered by people, heat sources
//! approved here.

use rusqlite::Transaction;

use super::{Error, heat_sources};
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;

/// The policy for judging detections acquired at some moments.
pub(super) fn load(
    tx: &Transaction<'_>,
    rules: &Rules,
    _moments: impl Iterator<Item = Timestamp>,
) -> Result<Policy, Error> {
    Ok(Policy { plan_rules: rules.plans, heat_sources: heat_sources::for_judging(tx)?, ..Policy::default() })
}
