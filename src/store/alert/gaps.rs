//! Ground where alerts fall through: nobody holds it, or it has no lower unit where they lie.

use rusqlite::Connection;

use super::super::Error;
use super::super::codec::Millis;
use super::super::scoped::Scoped;
use crate::domain::alert::AlertNumber;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Ground where an alert did not end with the people it should have.
#[derive(Debug, Clone, serde::Serialize)]
pub struct GapRow {
    /// The unit.
    pub unit_code: UnitCode,
    /// `no_holder`: nobody holds it; `no_lower_unit`: it has lower units, but none where the alert lies.
    pub kind: String,
    /// First alert that fell through.
    pub first_at: Timestamp,
    /// Last one.
    pub last_at: Timestamp,
    /// How many.
    #[serde(rename = "cases")]
    pub alerts: u32,
    /// The last one's number.
    pub last_alert: AlertNumber,
}

impl Scoped {
    /// Where alerts of the units here did not end with the people they should have, most frequent first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn responsibility_gaps(&self) -> Result<Vec<GapRow>, Error> {
        let read = |db: &Connection| -> Result<Vec<GapRow>, Error> {
            let mut select = db.prepare_cached(
                "SELECT unit_code, kind, first_at, last_at, cases, last_alert FROM responsibility_gaps
                 ORDER BY cases DESC, unit_code, kind",
            )?;
            let rows = select.query_map([], |row| {
                Ok(GapRow {
                    unit_code: UnitCode(row.get(0)?),
                    kind: row.get(1)?,
                    first_at: row.get::<_, Millis>(2)?.0,
                    last_at: row.get::<_, Millis>(3)?.0,
                    alerts: row.get(4)?,
                    last_alert: AlertNumber(row.get(5)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let mut gaps = self.store().read(read).await?;
        gaps.retain(|gap| self.scope().holds(&gap.unit_code));
        Ok(gaps)
    }
}
