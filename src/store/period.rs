//! What a period is counted and drawn from, read in one snapshot: pixels, fires and alerts of one moment.
//!
//! Read apart, a poll recorded in between would show a pixel without its fire, and no two numbers of a page would have to
//! fit. `report::figures` counts what is read here.

use rusqlite::Connection;

use super::query::{AlertRow, DetectionRow, FireRow, PixelRow, Span, alerts_of, detections_of, fires_of, pixels_of};
use super::scoped::Scoped;
use super::seen::Seen;
use super::{Error, Store};
use crate::domain::observation::Satellite;
use crate::domain::time::Timestamp;

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

impl Store {
    /// What there is of a period.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn period(&self, span: Span) -> Result<PeriodRows, Error> {
        self.read(move |db| rows_of(db, span, &Seen::default())).await
    }

    /// The newest recorded acquisition of each satellite, whichever way it came: polled, dropped or ingested. Satellites
    /// of which nothing was recorded are left out.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn newest_recorded(&self) -> Result<Vec<(Satellite, Timestamp)>, Error> {
        self.read(|db| {
            let mut select = db.prepare_cached("SELECT max(acquired_at) FROM detections WHERE satellite = ?1")?;
            let mut found = Vec::new();
            for satellite in Satellite::ALL {
                let newest: Option<super::codec::Millis> = select.query_row([satellite.name()], |row| row.get(0))?;
                found.extend(newest.map(|newest| (satellite, newest.0)));
            }
            Ok(found)
        })
        .await
    }
}

impl Scoped {
    /// As [`Store::period`].
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
                    detections: detections_of(db, span, &seen)?,
                    later: detections_of(db, Span { from: span.until, until: later_until }, &seen)?,
                    fires: fires_of(db, span, &seen)?,
                    alerts: alerts_of(db, span, &seen)?,
                })
            })
            .await
    }
}

fn rows_of(db: &Connection, span: Span, seen: &Seen) -> Result<PeriodRows, Error> {
    Ok(PeriodRows {
        pixels: pixels_of(db, span, seen)?,
        fires: fires_of(db, span, seen)?,
        alerts: alerts_of(db, span, seen)?,
    })
}
