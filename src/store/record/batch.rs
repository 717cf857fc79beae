//! What one poll or one file brought, and what recording it changed.

use crate::domain::detection::Origin;
use crate::domain::feed_content::{Content, Promise};
use crate::domain::observation::Observation;
use crate::domain::time::Timestamp;

/// How new detections get their origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginRule {
    /// By age of the acquisition when recorded.
    ByAge,
    /// By age of the acquisition at this instant, where the clock alone must not decide.
    AsOf(Timestamp),
    /// All the same.
    Fixed(Origin),
}

/// A row that could not be read or was not believed, or a value of a row that is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtfulRow {
    /// Line in the body, counted from 1.
    pub line: u64,
    /// The row as published.
    pub raw: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What the next poll of a source needs to know.
#[derive(Debug, Clone, Default)]
pub struct CursorUpdate {
    /// What the feed wants to be told at its next poll; text that only the feed reads.
    pub cursor: Option<String>,
    /// What it was given for.
    pub cursor_for: Option<String>,
    /// The poll proves that the feed answers: it succeeded.
    pub succeeded: bool,
    /// When to ask again.
    pub next_attempt_at: Option<Timestamp>,
    /// What the source is to hold.
    pub promise: Promise,
    /// What its table held, where a whole one came.
    pub content: Option<Content>,
}

/// What one poll or one file brought.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The source, or `ingest`.
    pub source_id: String,
    /// The file, where there was one.
    pub file_name: Option<String>,
    /// When the poll started.
    pub started_at: Timestamp,
    /// Named outcome.
    pub outcome: String,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
    /// Outcome in safe words.
    pub detail: String,
    /// Name of the kept body.
    pub body_hash: Option<String>,
    /// Header line of the body.
    pub header: Option<String>,
    /// Data rows in the body.
    pub read: u64,
    /// Rows beyond the belt.
    pub outside: u64,
    /// Rows rejected.
    pub rejected: Vec<DoubtfulRow>,
    /// Values of kept rows that are unknown, once a value.
    pub unknown: Vec<DoubtfulRow>,
    /// Rows inside the region and its belt.
    pub kept: Vec<Observation>,
    /// Oldest and newest acquisition over all rows of a whole table, outside ones included.
    pub acquired_within: Option<(Timestamp, Timestamp)>,
    /// How new detections get their origin.
    pub origin: OriginRule,
    /// State of the source; `None` for files given by hand.
    pub cursor: Option<CursorUpdate>,
}

/// What recording changed, counted from what the database did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Data rows in the body.
    pub read: u64,
    /// Rows that made a new detection.
    pub new: u64,
    /// Rows known before, or older levels of a known pixel.
    pub duplicate: u64,
    /// Rows of a higher level that now speak for a known pixel.
    pub revised: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows inside the region and its belt that hold a value which could not be read; recorded like any other.
    pub with_unknown: u64,
    /// Rows beyond the belt.
    pub outside: u64,
    /// New detections in the belt; part of `new`.
    pub neighbour: u64,
    /// Fires created.
    pub fires: u64,
    /// Alerts created.
    pub alerts: u64,
}

impl std::ops::AddAssign for Recorded {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.new += other.new;
        self.duplicate += other.duplicate;
        self.revised += other.revised;
        self.rejected += other.rejected;
        self.with_unknown += other.with_unknown;
        self.outside += other.outside;
        self.neighbour += other.neighbour;
        self.fires += other.fires;
        self.alerts += other.alerts;
    }
}
