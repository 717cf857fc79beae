//! What judging again changes.

use crate::words::Say;
use serde_json::Value;

use crate::domain::verdict::Judgement;
use crate::report::typed::{Typed, typed};
use crate::store::{RejudgedDetection, Rejudgement, Unjudgeable};

typed! { Rejudgement as row named "Rejudgement" {
    region_version, looked_at, changed = row.changes.len(), hash, applied = row.applied.is_some(),
    event = row.applied, repeated, alerts_opened, changes, unjudgeable,
} }

typed! { RejudgedDetection as row { detection = &row.key, acquired_at, alert, old, new } }

typed! { Judgement as judged {
    verdict, reason = judged.reason.say().zh, reason_en = judged.reason.say().en, responsible,
    unit_code = &judged.unit, region_version,
} }

typed! { Unjudgeable as row { detection_id, key } }

/// The difference that judging again makes, or made.
#[must_use]
pub fn rejudgement(rejudgement: &Rejudgement) -> Value {
    rejudgement.json()
}
