//! What was handed out to an account in bulk or whole: whoever carries lists and originals away leaves a trace.

use serde_json::{Value, json};

use crate::domain::event_kind::AccountEvent;
/// What is handed out.
#[derive(Debug, Clone, PartialEq)]
pub enum HandedOut {
    /// A list of alerts.
    Alerts {
        /// How many.
        rows: usize,
        /// What was asked for, as the address says it.
        asked: String,
    },
    /// A list of burn plans.
    Plans {
        /// How many.
        rows: usize,
        /// What was asked for, as the address says it.
        asked: String,
    },
    /// The responsibility list of a unit.
    Responsibility {
        /// The unit and the form.
        asked: String,
    },
    /// The original of a photo.
    Original {
        /// Its hash.
        hash: String,
    },
}

impl HandedOut {
    pub(super) fn kind(&self) -> AccountEvent {
        match self {
            Self::Alerts { .. } => AccountEvent::AlertsExported,
            Self::Plans { .. } => AccountEvent::PlansExported,
            Self::Responsibility { .. } => AccountEvent::PeopleListed,
            Self::Original { .. } => AccountEvent::OriginalTaken,
        }
    }

    pub(super) fn detail(&self) -> Value {
        match self {
            Self::Alerts { rows, asked } | Self::Plans { rows, asked } => json!({"rows": rows, "asked": asked}),
            Self::Responsibility { asked } => json!({"asked": asked}),
            Self::Original { hash } => json!({"photo": hash}),
        }
    }
}
