//! Alerts of other fires that burnt near one shortly before it.

use rusqlite::{Connection, Row, params};

use crate::domain::alert::{AlertNumber, REKINDLING_KM, REKINDLING_WITHIN};
use crate::domain::ground::Extent;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::alert::{ALERT_COLUMNS, AlertRow, read_alert};
use crate::store::codec::{Json, Millis};

/// Where and when an alert began, as earlier ones are looked for near it.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Place {
    pub position: Position,
    pub first_seen_at: Timestamp,
    /// Alerts of the same fire are not meant.
    pub fire_id: Option<i64>,
}

/// The alert of another fire within [`REKINDLING_KM`] and [`REKINDLING_WITHIN`] before one that was seen last.
pub(in crate::store) fn earlier_near(
    db: &Connection,
    number: &AlertNumber,
    place: Place,
) -> Result<Option<AlertNumber>, Error> {
    let read = |row: &Row<'_>| Ok((AlertNumber(row.get(0)?), row.get(1)?, row.get(2)?));
    let found: Vec<(AlertNumber, f64, f64)> = near_before(db, NUMBER_AND_PLACE, (number, place), read)?;
    Ok(found.into_iter().find(|(_, lon, lat)| is_near(place.position, (*lon, *lat))).map(|(number, ..)| number))
}

const NUMBER_AND_PLACE: &str = "a.number, a.lon, a.lat FROM alerts a";

/// Alerts of other fires near a stored one and before it, latest first.
pub(super) fn all_earlier_near(db: &Connection, alert: &AlertRow) -> Result<Vec<AlertRow>, Error> {
    let Ok(position) = Position::from_lon_lat(alert.lon, alert.lat) else { return Ok(Vec::new()) };
    let place = Place { position, first_seen_at: alert.first_seen_at, fire_id: alert.fire_id };
    let found = near_before(db, ALERT_COLUMNS, (&alert.number, place), read_alert)?;
    Ok(found.into_iter().filter(|row| is_near(position, (row.lon, row.lat))).collect())
}

fn is_near(here: Position, (lon, lat): (f64, f64)) -> bool {
    Position::from_lon_lat(lon, lat).is_ok_and(|there| here.distance_km(there) <= REKINDLING_KM)
}

/// Those in the box about a place.
fn near_before<T>(
    db: &Connection,
    columns: &str,
    (number, place): (&AlertNumber, Place),
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let (lon, lat) = (place.position.lon(), place.position.lat());
    let reach = Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(REKINDLING_KM);
    let since = place.first_seen_at.checked_sub(REKINDLING_WITHIN).unwrap_or(Timestamp::MIN);
    let (lat_bands, lon_bands) = (Json(bands(reach.south, reach.north)), Json(bands(reach.west, reach.east)));
    let mut select = db.prepare_cached(&earlier_near_sql(columns))?;
    // Long-burning fires are seen for days; the index on the first sight needs some bound.
    let index_from = since.checked_sub(REKINDLING_WITHIN).unwrap_or(Timestamp::MIN);
    let values = params![
        place.fire_id,
        Millis(since),
        Millis(place.first_seen_at),
        reach.west,
        reach.east,
        reach.south,
        reach.north,
        number.0,
        Millis(index_from),
        lat_bands,
        lon_bands
    ];
    Ok(select.query_map(values, read)?.collect::<Result<_, _>>()?)
}

/// ?1 fire, ?2 last seen since, ?3 first seen before, ?4 to ?7 the box, ?8 but this one, ?9 first seen since, ?10 and
/// ?11 its bands.
fn earlier_near_sql(columns: &str) -> String {
    format!(
        "SELECT {columns} WHERE a.number <> ?8 AND (?1 IS NULL OR a.fire_id IS DISTINCT FROM ?1)
         AND a.merged_into IS NULL AND a.superseded_at IS NULL AND a.source <> 'problem'
         AND a.last_seen_at >= ?2 AND a.first_seen_at < ?3 AND a.first_seen_at >= ?9
         AND a.lat_band IN (SELECT value FROM json_each(?10)) AND a.lon_band IN (SELECT value FROM json_each(?11))
         AND a.lon BETWEEN ?4 AND ?5 AND a.lat BETWEEN ?6 AND ?7 ORDER BY a.last_seen_at DESC, a.number"
    )
}

/// The bands that a stretch of degrees lies in, as the columns `lat_band` and `lon_band` number them: tenths of a degree,
/// cut towards zero as SQLite's `CAST` does.
#[expect(clippy::cast_possible_truncation, reason = "tenths of a degree")]
fn bands(from: f64, to: f64) -> Vec<i64> {
    ((from * 10.0) as i64..=(to * 10.0) as i64).collect()
}

#[cfg(test)]
mod tests {
    use rusqlite::params_from_iter;
    use rusqlite::types::Value;

    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_burnt_near_is_looked_up_by_place_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let plan: Vec<String> = store
            .read(|db| {
                let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {}", earlier_near_sql(NUMBER_AND_PLACE)))?;
                Ok(explain
                    .query_map(params_from_iter(vec![Value::Null; 11]), |row| row.get("detail"))?
                    .collect::<Result<_, _>>()?)
            })
            .await
            .unwrap();
        let place = "alerts_by_place (lat_band=? AND lon_band=? AND first_seen_at>? AND first_seen_at<?)";
        assert!(plan.iter().any(|step| step.contains(place)), "{plan:#?}");
    }

    #[test]
    fn a_stretch_has_the_bands_that_sqlite_gives_its_ends() {
        let db = Connection::open_in_memory().unwrap();
        for degrees in [122.1, 122.099_999, 45.9, 45.3, 0.05, -0.05, -0.1, -33.7, 179.999, -180.0] {
            let band: i64 = db.query_row("SELECT CAST(?1 * 10 AS INTEGER)", [degrees], |row| row.get(0)).unwrap();
            assert_eq!(bands(degrees, degrees), [band], "{degrees}");
        }
        assert_eq!(bands(-0.15, 0.25), [-1, 0, 1, 2]);
    }
}
