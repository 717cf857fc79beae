//! What one account may use, so that no one of them takes what the others and the recording of feeds need.
//!
//! The numbers are settings; these are their defaults and what they mean. Uses are counted by [`crate::store`], places by
//! [`crate::web`]. Why each number: docs/decisions/0042.

use std::time::Duration;

use serde::Deserialize;

use super::named::named;
use crate::domain::time::{SignedDuration, Timestamp};

/// `[shares]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shares {
    /// Photos that an account may send within 24 hours.
    pub photos_a_day: u32,
    /// Their size in all, MB.
    pub photo_mb_a_day: u32,
    /// Uploads in parts that an account may have unfinished.
    pub open_uploads: u32,
    /// Alerts that an account may bring within an hour.
    pub cases_an_hour: u32,
    /// Tables that an account may import, or look at before, within an hour.
    pub imports_an_hour: u32,
    /// Pages that are made for an account at the same moment.
    pub pages_at_once: u32,
    /// Documents and layers that are written for an account at the same moment.
    pub documents_at_once: u32,
    /// Requests of an account that may wait for one of these.
    pub waiting: u32,
    /// Hours after which an original goes that no alert and no plan has named.
    pub unattached_hours: u32,
    /// Free space, MB, below which no photo is taken, so that feeds and acts are still recorded.
    pub free_disk_mb: u32,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            photos_a_day: 200,
            photo_mb_a_day: 500,
            open_uploads: 32,
            cases_an_hour: 120,
            imports_an_hour: 30,
            pages_at_once: 4,
            documents_at_once: 2,
            waiting: 32,
            unattached_hours: 48,
            free_disk_mb: 1024,
        }
    }
}

named! {
    /// A use that is counted over time.
    pub enum Share {
        /// Photos sent, kept or not.
        Photos = "photos",
        /// Their bytes.
        PhotoBytes = "photo_bytes",
        /// Alerts brought.
        Alerts = "cases",
        /// Tables imported.
        Imports = "imports",
    }
}

impl Share {
    /// How far back uses count.
    #[must_use]
    pub fn window(self) -> SignedDuration {
        match self {
            Self::Photos | Self::PhotoBytes => SignedDuration::from_hours(24),
            Self::Alerts | Self::Imports => SignedDuration::from_hours(1),
        }
    }

    /// The most within it.
    #[must_use]
    pub fn most(self, shares: &Shares) -> u64 {
        u64::from(match self {
            Self::Photos => shares.photos_a_day,
            Self::PhotoBytes => return u64::from(shares.photo_mb_a_day) * 1_000_000,
            Self::Alerts => shares.cases_an_hour,
            Self::Imports => shares.imports_an_hour,
        })
    }
}

/// A share that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the share {} of {most} is used up for {} s", .share.name(), .wait.as_secs())]
pub struct Spent {
    /// Which one.
    pub share: Share,
    /// The most within its window.
    pub most: u64,
    /// After how long there is room again.
    pub wait: Duration,
}

/// From when on `amount` more fits below `most`, from what was used when, oldest first; `None`: it fits now.
#[must_use]
pub fn room_from(share: Share, most: u64, used: &[(Timestamp, u64)], amount: u64, now: Timestamp) -> Option<Timestamp> {
    let mut left: u64 = used.iter().map(|(_, amount)| *amount).sum();
    if left.saturating_add(amount) <= most {
        return None;
    }
    let after_window = |at: Timestamp| at.checked_add(share.window()).unwrap_or(Timestamp::MAX);
    for (at, amount_then) in used {
        left = left.saturating_sub(*amount_then);
        if left.saturating_add(amount) <= most {
            return Some(after_window(*at));
        }
    }
    // More than the whole share: never, which is told as the longest wait.
    Some(after_window(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn there_is_room_again_when_enough_old_uses_count_no_more() {
        let now = at("2026-04-13T05:00:00Z");
        let used = [(at("2026-04-13T04:10:00Z"), 50), (at("2026-04-13T04:40:00Z"), 40)];
        let room = |amount| room_from(Share::Alerts, 100, &used, amount, now);
        assert_eq!(room(10), None, "up to the last one");
        assert_eq!(room(11), Some(at("2026-04-13T05:10:00Z")));
        assert_eq!(room(60), Some(at("2026-04-13T05:10:00Z")));
        assert_eq!(room(61), Some(at("2026-04-13T05:40:00Z")));
        assert_eq!(room(101), Some(at("2026-04-13T06:00:00Z")));
        assert_eq!(room_from(Share::Alerts, 1, &[], 1, now), None);
    }
}
