//! What a feed is asked with, and what all feeds share.

use std::sync::{Arc, Mutex};

use super::Cursor;
use super::firms::budget::Budget;
use super::http::{Client, HttpError, Limits};
use crate::config::ListConfig;
use crate::domain::ground::Extent;
use crate::domain::time::Timestamp;

/// What a poll is asked with.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The box of the ground.
    pub extent: Extent,
    /// Width of the neighbour belt around it, km.
    pub belt_km: f64,
    /// The cursor that the last poll of this source left.
    pub cursor: &'a Cursor,
    /// Now; only for the transaction budget and the age of dropped files.
    pub now: Timestamp,
}

/// What all sources share: the HTTP client, the transaction budget of the keyed API, and how the lists are written that
/// people bring.
#[derive(Debug)]
pub struct Network {
    pub(super) client: Client,
    pub(super) budget: Mutex<Budget>,
    pub(super) lists: Arc<[ListConfig]>,
}

impl Network {
    /// A network with the given limits and the ordinary budget.
    ///
    /// # Errors
    /// [`HttpError::NoCertificates`] when no client can be built at all.
    pub fn new(limits: Limits) -> Result<Self, HttpError> {
        Ok(Self { client: Client::new(limits)?, budget: Mutex::new(Budget::default()), lists: Arc::default() })
    }

    /// The same with another budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { budget: Mutex::new(budget), ..self }
    }

    /// The same, knowing lists.
    #[must_use]
    pub fn with_lists(self, lists: &[ListConfig]) -> Self {
        Self { lists: lists.into(), ..self }
    }
}
