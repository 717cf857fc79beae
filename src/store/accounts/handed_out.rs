//! What was handed out to an account in bulk or whole: whoever carries lists and originals away leaves a trace.

use serde_json::{Value, json};

use super::{AccountError, named, note};
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::Timestamp;
use crate::store::Store;

/// What is handed out.
#[derive(Debug, Clone, PartialEq)]
pub enum HandedOut {
    /// A list of cases.
    Cases {
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
    fn kind(&self) -> AccountEvent {
        match self {
            Self::Cases { .. } => AccountEvent::CasesExported,
            Self::Plans { .. } => AccountEvent::PlansExported,
            Self::Responsibility { .. } => AccountEvent::PeopleListed,
            Self::Original { .. } => AccountEvent::OriginalTaken,
        }
    }

    fn detail(&self) -> Value {
        match self {
            Self::Cases { rows, asked } | Self::Plans { rows, asked } => json!({"rows": rows, "asked": asked}),
            Self::Responsibility { asked } => json!({"asked": asked}),
            Self::Original { hash } => json!({"photo": hash}),
        }
    }
}

impl Store {
    /// Notes in the log what an account is about to be given.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database: then it is not to be given.
    pub async fn note_handed_out(
        &self,
        account: &str,
        what: HandedOut,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let account = account.to_owned();
        self.try_write(move |tx| {
            let account = named(tx, &account)?;
            Ok(note(tx, &account, what.kind(), &by, &what.detail(), now)?)
        })
        .await
    }
}
