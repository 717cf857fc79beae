//! Everything of FIRMS: its addresses, key, budget and refusals, and every form in which it writes fire points.
//!
//! Called by [`crate::source`] for its two kinds of feed and by [`super::file`] for files. [`address`] makes the address,
//! [`budget`] allows it, [`body`] reads what came: [`header`], [`row`], [`side`], for people's files also [`json`] and
//! [`sheet`].

pub mod address;
pub(super) mod body;
pub mod budget;
mod header;
mod json;
pub mod refusal;
mod row;
mod sheet;
mod side;

use std::sync::PoisonError;
use std::time::Duration;

use super::answer::Dialect;
use super::ask::{Ask, Network};
use super::fetch::fetch;
use super::outcome::Outcome;
use super::poll::{Poll, error_text};
use super::refusal::Refusal;
use crate::config::{FirmsDataset, Secret};
use address::AreaRequest;
pub(super) use body::begins_like_a_table;
pub use body::read;
pub(super) use sheet::{is_heads, read_sheet};

/// How its answers are read.
pub(super) const DIALECT: Dialect = Dialect { read, refusal_in: Refusal::in_line };

/// What the area API is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct AreaFeed<'a> {
    pub dataset: FirmsDataset,
    pub key: &'a Secret,
    pub days: u8,
    pub base_url: &'a str,
}

impl AreaFeed<'_> {
    /// Asks once, where key and budget allow it.
    pub(super) async fn poll(&self, ask: &Ask<'_>, network: &Network) -> Poll {
        let key = match self.key.reveal() {
            Ok(key) if address::is_key(&key) => key,
            Ok(_) => {
                let detail = "the key is not of 8 to 128 letters and digits".to_owned();
                return Poll::without_body(Outcome::KeyMissing, detail, ask.cursor);
            }
            Err(error) => return Poll::without_body(Outcome::KeyMissing, error_text(&error), ask.cursor),
        };
        let area = address::area_of(ask.extent, ask.belt_km, self.dataset);
        let request = AreaRequest { dataset: self.dataset, days: self.days, area };
        let cost = request.transactions();
        // A panic elsewhere cannot leave a budget half changed, so a poisoned lock is still good.
        let spent = network.budget.lock().unwrap_or_else(PoisonError::into_inner).spend(cost, ask.now);
        if let Err(wait) = spent {
            let detail = format!("{cost} transactions would exceed firegrid's own budget; nothing was sent");
            let mut poll = Poll::without_body(Outcome::Refused(Refusal::LocalBudget), detail, ask.cursor);
            poll.retry_after = Duration::try_from(wait).ok();
            return poll;
        }
        fetch(request.url(self.base_url, &key), Some(key), ask.cursor, (&network.client, DIALECT)).await
    }
}
