//! What a period is counted and drawn from, read in one snapshot: pixels, fires and alerts of one moment.
//!
//! Read apart, a poll recorded in between would show a pixel without its fire, and no two numbers of a page would have to
//! fit. `report::figures` counts what is read here.

use rusqlite::Connection;

use super::rows::{DetectionRow, FireRow, PixelRow};
use super::span::{Span, in_span, pixels_of};
use crate::domain::time::Timestamp;
use crate::store::alert::AlertRow;
use crate::store::seen::Seen;
use crate::store::{Error, Scoped};

/// Pixels acquired, fires first seen and alerts first seen in a period.
#[derive(Debug, Clone)]
pub struct PeriodRows {
    /// Pixels, as much of them as a map shows.
    pub pixels: Vec<PixelRow>,
    /// Fires.
    pub fires: Vec<FireRow>,
    /// Alerts, worst first.
    pub alerts: Vec<AlertRow>,
}

/// The same with all that is known of each pixel.
#[derive(Debug, Clone)]
pub struct DetailedRows {
    /// Pixels.
    pub detections: Vec<DetectionRow>,
    /// Pixels acquired after it, up to a moment: its fires may burn on.
    pub later: Vec<DetectionRow>,
    /// Fires.
    pub fires: Vec<FireRow>,
    /// Alerts, worst first.
    pub alerts: Vec<AlertRow>,
}

impl Scoped {
    /// What there is of a period.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn period(&self, span: Span) -> Result<PeriodRows, Error> {
        let seen = self.seen();
        self.store().read(move |db| rows_of(db, span, &seen)).await
    }

    /// What there is of a period in detail, with the pixels that follow it up to a moment.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detailed_period(&self, span: Span, later_until: Timestamp) -> Result<DetailedRows, Error> {
        let seen = self.seen();
        self.store()
            .read(move |db| {
                Ok(DetailedRows {
                    detections: in_span(db, span, &seen)?,
                    later: in_span(db, Span { from: span.until, until: later_until }, &seen)?,
                    fires: in_span(db, span, &seen)?,
                    alerts: in_span(db, span, &seen)?,
                })
            })
            .await
    }
}

fn rows_of(db: &Connection, span: Span, seen: &Seen) -> Result<PeriodRows, Error> {
    Ok(PeriodRows {
        pixels: pixels_of(db, span, seen)?,
        fires: in_span(db, span, seen)?,
        alerts: in_span(db, span, seen)?,
    })
}
