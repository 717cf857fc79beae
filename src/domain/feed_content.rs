//! What the last whole table of a feed held: counts that show when a part of it is gone.
//!
//! Pure. Made by [`crate::watch`] from a table's rows, kept by the store with the source, judged in
//! [`super::freshness`]. Rows are counted wherever they lie; what concerns this ground is [`super::screening`]'s business.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ground::Extent;
use super::named::named;
use super::observation::{Observation, Satellite};
use super::screening::FUTURE_TOLERANCE;
use super::time::Timestamp;

/// Rows within this of the ground show that the feed covers it, km: far enough that on any day something glows there
/// (steel works, flares, other people's fields), near enough that a file of another part of the world does not pass.
pub const NEAR_KM: f64 = 1_000.0;

named! {
    /// How much of the world a source tells of: whether an empty table can be true.
    #[derive(Default)]
    pub enum Cover {
        /// A continent or the globe: it is never without rows.
        #[default]
        Wide = "wide",
        /// A box round this ground: on a day without fires it is rightly empty.
        Small = "small",
        /// Files that somebody brings.
        Brought = "brought",
    }
}

/// What a source is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promise {
    /// How much of the world.
    pub cover: Cover,
    /// Of which satellites; none: whatever comes.
    pub satellites: BTreeSet<Satellite>,
}

/// What a whole table held.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Data rows.
    pub rows: u64,
    /// Of these, rows that could not be read.
    pub unreadable: u64,
    /// Rows acquired later than the present.
    pub future: u64,
    /// Rows near this ground.
    pub near: u64,
    /// The newest of them.
    pub newest_near_at: Option<Timestamp>,
    /// Newest believable acquisition of each satellite.
    pub newest: BTreeMap<Satellite, Timestamp>,
    /// Rows of satellites that the source does not promise, and of which.
    pub foreign: BTreeMap<Satellite, u64>,
    /// The newest row of the future.
    pub newest_future_at: Option<Timestamp>,
}

impl Content {
    /// Counts the rows of a table: those that could be read, and how many could not.
    #[must_use]
    pub fn of<'a>(
        read: impl Iterator<Item = &'a Observation>,
        unreadable: u64,
        promise: &Promise,
        ground: Extent,
        now: Timestamp,
    ) -> Self {
        let near = ground.grown_km(NEAR_KM);
        let mut content = Self { rows: unreadable, unreadable, ..Self::default() };
        for row in read {
            let (satellite, acquired_at) = (row.key.satellite, row.key.acquired_at);
            content.rows += 1;
            if acquired_at.duration_since(now) > FUTURE_TOLERANCE {
                content.future += 1;
                content.newest_future_at = content.newest_future_at.max(Some(acquired_at));
                continue;
            }
            if !promise.satellites.is_empty() && !promise.satellites.contains(&satellite) {
                *content.foreign.entry(satellite).or_default() += 1;
            }
            let newest = content.newest.entry(satellite).or_insert(acquired_at);
            *newest = acquired_at.max(*newest);
            let (lon, lat) = (row.position.lon(), row.position.lat());
            if (near.west..=near.east).contains(&lon) && (near.south..=near.north).contains(&lat) {
                content.near += 1;
                content.newest_near_at = content.newest_near_at.max(Some(acquired_at));
            }
        }
        content
    }

    /// The newest row of the future, when most rows are: then it is more likely the clock that is wrong than the feed.
    #[must_use]
    pub fn mostly_future(&self) -> Option<Timestamp> {
        self.newest_future_at.filter(|_| self.future * 2 > self.rows)
    }

    /// The newest believable acquisition of all.
    #[must_use]
    pub fn newest_at(&self) -> Option<Timestamp> {
        self.newest.values().max().copied()
    }
}

/// Tables of fewer rows than this are too small to say what is missing.
pub const PLENTY: u64 = 50;

/// A table with fewer than this share of the usual rows lacks most of them. A file of two days halves when the first is
/// let go; a tenth is no ordinary day.
const FEW: u64 = 10;

/// How many rows a source usually has, after a table of `rows`.
///
/// Follows ordinary tables by an eighth of the difference; a table that lacks most rows changes it by a hundredth, so
/// that a loss is told for most of a day and what has become ordinary is told no more.
#[must_use]
pub fn usual_rows(before: Option<u64>, rows: u64) -> u64 {
    match before {
        None => rows,
        Some(usual) if is_few(rows, usual) => usual - usual.div_ceil(100),
        Some(usual) => (usual * 7 + rows).div_ceil(8),
    }
}

/// Whether a table lacks most of the rows that the source usually has.
#[must_use]
pub fn is_few(rows: u64, usual: u64) -> bool {
    usual >= PLENTY && rows * FEW < usual
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_number_of_rows_follows_a_season_and_forgets_a_loss_within_a_day() {
        let after = |tables: &[u64]| tables.iter().fold(None, |usual, rows| Some(usual_rows(usual, *rows)));
        assert_eq!(after(&[5000, 5000]), Some(5000));
        assert!(!is_few(2500, 5000), "the first of two days was let go");
        assert!(is_few(1, 5000) && is_few(499, 5000) && !is_few(500, 5000));
        assert!(!is_few(0, 49), "too few to tell");
        let mut usual = 5000;
        let polls = (1..1000).find(|_| {
            usual = usual_rows(Some(usual), 200);
            !is_few(200, usual)
        });
        assert!((60..144).contains(&polls.unwrap()), "{polls:?} polls of ten minutes");
        assert_eq!(usual_rows(Some(0), 0), 0);
    }
}
