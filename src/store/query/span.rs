//! What was seen in a span of time.

use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::listed::{Listed, ordered_by};
use super::rows::{PIXEL_COLUMNS, PixelRow, read_pixel};
use crate::domain::account::Scope;
use crate::domain::ledger::SeenPixel;
use crate::domain::observation::Observation;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::codec::word;
use crate::store::observed::{self, COLUMNS, OF_DETECTIONS};
use crate::store::seen::Seen;
use crate::store::{Error, Scoped};

/// A half-open span of instants: from the first, up to but not including the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self { from: Timestamp::MIN, until: Timestamp::MAX };
}

/// What is read of a span.
pub trait InSpan: Sized + Send + 'static {
    fn read_span(db: &Connection, span: Span, scope: &Arc<Scope>) -> Result<Vec<Self>, Error>;
}

impl<T: Listed> InSpan for T {
    fn read_span(db: &Connection, span: Span, scope: &Arc<Scope>) -> Result<Vec<Self>, Error> {
        in_span(db, span, &Seen::by(scope))
    }
}

impl InSpan for Observation {
    fn read_span(db: &Connection, span: Span, scope: &Arc<Scope>) -> Result<Vec<Self>, Error> {
        standing_observations_of(db, span, &Seen::by(scope))
    }
}

impl InSpan for SeenPixel {
    fn read_span(db: &Connection, span: Span, scope: &Arc<Scope>) -> Result<Vec<Self>, Error> {
        seen_pixels_of(db, span, scope)
    }
}

impl Scoped {
    /// What there is of a kind in a span: detections acquired, or fires or alerts first seen, in the order of their lists,
    /// merged and superseded ones left out, as what they said is said by others; observations that their feed still holds,
    /// earliest first; judged pixels that stand in a fire and a unit here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn in_span<T: InSpan>(&self, span: Span) -> Result<Vec<T>, Error> {
        let scope = self.scope().clone();
        self.store().read(move |db| T::read_span(db, span, &scope)).await
    }

    /// Rises with every change of what the pages of a day are made of: detections, fires, alerts, who sees them, and the
    /// clocks of alerts. Two pages of the same version show the same; who changed it, and by which program, is all one.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn content_version(&self) -> Result<i64, Error> {
        self.store()
            .read(|db| {
                let mut select = db.prepare_cached("SELECT version FROM content_version WHERE id = 1")?;
                Ok(select.query_row([], |row| row.get(0))?)
            })
            .await
    }
}

/// The values of a span, where a statement's conditions begin.
pub(super) fn bounds(span: Span) -> Vec<Value> {
    vec![Value::from(span.from.as_millisecond()), Value::from(span.until.as_millisecond())]
}

pub(super) fn in_span<T: Listed>(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<T>, Error> {
    let mut values = bounds(span);
    let may_see = T::may_see(seen, &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {} WHERE {} AND {begins} >= ?1 AND {begins} < ?2 AND {may_see} ORDER BY {}",
        T::COLUMNS,
        T::STANDS,
        ordered_by(&T::order()),
        begins = T::BEGINS,
    ))?;
    let rows = select.query_map(params_from_iter(values), T::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn pixels_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<PixelRow>, Error> {
    let mut values = bounds(span);
    let may_see = seen.detection("d", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {PIXEL_COLUMNS}
         WHERE d.superseded_by IS NULL AND d.acquired_at >= ?1 AND d.acquired_at < ?2 AND {may_see}
         ORDER BY d.acquired_at, d.key"
    ))?;
    let rows = select.query_map(params_from_iter(values), read_pixel)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was seen in a span and not taken back by its feed since, as published: a third of a [`super::DetectionRow`].
fn standing_observations_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<Observation>, Error> {
    let mut values = bounds(span);
    let may_see = seen.detection("d", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM {OF_DETECTIONS}
         WHERE d.superseded_by IS NULL AND d.vanished_at IS NULL
         AND d.acquired_at >= ?1 AND d.acquired_at < ?2 AND {may_see} ORDER BY d.acquired_at, d.key"
    ))?;
    let rows = select.query_map(params_from_iter(values), |row| observed::read(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The judged pixels of a span that stand in a fire and a unit of a scope.
fn seen_pixels_of(db: &Connection, span: Span, scope: &Scope) -> Result<Vec<SeenPixel>, Error> {
    let mut select = db.prepare(
        "SELECT fire_id, unit_code, verdict FROM detections
         WHERE superseded_by IS NULL AND acquired_at >= ?1 AND acquired_at < ?2
             AND fire_id IS NOT NULL AND unit_code IS NOT NULL ORDER BY fire_id, id",
    )?;
    let pixels = select.query_map(params_from_iter(bounds(span)), |row| {
        Ok(SeenPixel {
            fire_id: row.get(0)?,
            unit: UnitCode(row.get(1)?),
            verdict: word(&row.get::<_, String>(2)?, "verdict", Verdict::from_name)?,
        })
    })?;
    let mut pixels = pixels.collect::<Result<Vec<SeenPixel>, _>>()?;
    pixels.retain(|pixel| scope.holds(&pixel.unit));
    Ok(pixels)
}
