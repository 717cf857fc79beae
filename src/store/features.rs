//! Detections, fires and alerts for map programs: by place and time, page by page.
//!
//! Pages are walked along the id, which nothing ever changes: what is there when a walk begins is met exactly
//! once, whatever arrives, grows or is revised meanwhile. What merges with another during the walk is met as
//! that other. A page looks at what 31 days hold, or else at [`LOOKED_AT`] rows along the ids; one that ends before it is
//! full says from where to go on, as every page does.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::Error;
use super::case::{ALERT_COLUMNS, AlertRow, read_alert};
use super::codec::Millis;
use super::query::{DETECTION_COLUMNS, DetectionRow, FIRE_COLUMNS, FireRow, read_detection, read_fire};
use super::scoped::Scoped;
use super::seen::Seen;
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Extent;
use crate::domain::time::{SignedDuration, Timestamp};

/// Ids that a page walks along where the call bounds no days: a few milliseconds.
const LOOKED_AT: u32 = 20_000;

/// Days that are looked at whole.
const DAYS: SignedDuration = SignedDuration::from_hours(31 * 24 + 1);

/// Which features are wanted; everything given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct FeatureFilter {
    /// The point lies in it, its edge included; one whose west is greater than its east crosses the antimeridian.
    pub area: Option<Extent>,
    /// Seen at or after it.
    pub from: Option<Timestamp>,
    /// Seen at or before it.
    pub to: Option<Timestamp>,
}

impl FeatureFilter {
    fn is_of_few_days(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to.duration_since(from) <= DAYS)
    }
}

/// One page of features.
#[derive(Debug, Clone)]
pub struct FeaturePage<T> {
    /// The features, in the order of their ids.
    pub rows: Vec<T>,
    /// How many the filter wants on all pages, at the moment of this one; `None` where counting would look at too much.
    pub matched: Option<u64>,
    /// The id behind which the next page begins; there may be none on it.
    pub next: Option<String>,
}

/// Since when there is something of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Earliest {
    /// The earliest acquisition.
    pub detection: Option<Timestamp>,
    /// The earliest first sight of a fire.
    pub fire: Option<Timestamp>,
    /// The earliest first sight of an alert.
    pub alert: Option<Timestamp>,
}

/// Where rows of a kind are, and which of them stand for themselves.
struct Kind<T: 'static> {
    /// Columns and tables.
    columns: &'static str,
    /// The table alone, for counting.
    table: &'static str,
    stands: &'static str,
    id: &'static str,
    /// No id is lower.
    lowest: Value,
    begins: &'static str,
    ends: &'static str,
    lon: &'static str,
    lat: &'static str,
    may_see: fn(&Seen, &mut Vec<Value>) -> String,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
    name: fn(&T) -> String,
}

const DETECTIONS: Kind<DetectionRow> = Kind {
    columns: DETECTION_COLUMNS,
    table: "detections d",
    stands: "d.superseded_by IS NULL",
    id: "d.id",
    lowest: Value::Integer(i64::MIN),
    begins: "d.acquired_at",
    ends: "d.acquired_at",
    lon: "d.lon",
    lat: "d.lat",
    may_see: |seen, values| seen.detection("d", values),
    read: read_detection,
    name: |row| row.id.to_string(),
};

const FIRES: Kind<FireRow> = Kind {
    columns: FIRE_COLUMNS,
    table: "fires f",
    stands: "f.merged_into IS NULL
        AND EXISTS (SELECT 1 FROM detections e WHERE e.fire_id = f.id AND e.superseded_by IS NULL)",
    id: "f.id",
    lowest: Value::Integer(i64::MIN),
    begins: "f.first_seen_at",
    ends: "f.last_seen_at",
    lon: "f.lon",
    lat: "f.lat",
    may_see: |seen, values| seen.fire("f", values),
    read: read_fire,
    name: |row| row.id.to_string(),
};

const ALERTS: Kind<AlertRow> = Kind {
    columns: ALERT_COLUMNS,
    table: "alerts a",
    stands: "a.merged_into IS NULL AND a.superseded_at IS NULL",
    id: "a.number",
    lowest: Value::Text(String::new()),
    begins: "a.first_seen_at",
    ends: "a.last_seen_at",
    lon: "a.lon",
    lat: "a.lat",
    may_see: |seen, values| seen.alert("a", values),
    read: read_alert,
    name: |row| row.number.0.clone(),
};

impl Scoped {
    /// A page of detections, neighbours included: those behind an id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detection_page(
        &self,
        filter: FeatureFilter,
        after: Option<i64>,
        limit: u32,
    ) -> Result<FeaturePage<DetectionRow>, Error> {
        let seen = self.seen();
        self.store()
            .read(move |db| page(db, &DETECTIONS, &Wanted { filter, after: after.map(Value::from), limit }, &seen))
            .await
    }

    /// A page of fires, those outside the city included: those behind an id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn fire_page(
        &self,
        filter: FeatureFilter,
        after: Option<i64>,
        limit: u32,
    ) -> Result<FeaturePage<FireRow>, Error> {
        let seen = self.seen();
        self.store()
            .read(move |db| page(db, &FIRES, &Wanted { filter, after: after.map(Value::from), limit }, &seen))
            .await
    }

    /// A page of alerts, merged and superseded ones left out: those behind a number.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert_page(
        &self,
        filter: FeatureFilter,
        after: Option<AlertNumber>,
        limit: u32,
    ) -> Result<FeaturePage<AlertRow>, Error> {
        let seen = self.seen();
        self.store()
            .read(move |db| {
                page(db, &ALERTS, &Wanted { filter, after: after.map(|number| Value::from(number.0)), limit }, &seen)
            })
            .await
    }

    /// One detection that stands for itself.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detection_by_id(&self, id: i64) -> Result<Option<DetectionRow>, Error> {
        let seen = self.seen();
        self.store().read(move |db| one(db, &DETECTIONS, Value::from(id), &seen)).await
    }

    /// One fire that stands for itself.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn fire_by_id(&self, id: i64) -> Result<Option<FireRow>, Error> {
        let seen = self.seen();
        self.store().read(move |db| one(db, &FIRES, Value::from(id), &seen)).await
    }

    /// One alert that is neither merged nor superseded.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn standing_alert(&self, number: AlertNumber) -> Result<Option<AlertRow>, Error> {
        let seen = self.seen();
        self.store().read(move |db| one(db, &ALERTS, Value::from(number.0), &seen)).await
    }

    /// Since when there are detections, fires and alerts; each the first entry of an index.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn earliest(&self) -> Result<Earliest, Error> {
        self.store()
            .read(|db| {
                let first = |sql: &str| -> rusqlite::Result<Option<Timestamp>> {
                    let found: Option<Millis> = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
                    Ok(found.map(|at| at.0))
                };
                Ok(Earliest {
                    detection: first("SELECT min(acquired_at) FROM detections WHERE superseded_by IS NULL")?,
                    fire: first("SELECT min(first_seen_at) FROM fires")?,
                    alert: first(
                        "SELECT min(first_seen_at) FROM alerts WHERE merged_into IS NULL AND superseded_at IS NULL",
                    )?,
                })
            })
            .await
    }
}

/// Which page is wanted.
struct Wanted {
    filter: FeatureFilter,
    /// The id it begins behind.
    after: Option<Value>,
    limit: u32,
}

fn page<T>(db: &Connection, kind: &Kind<T>, wanted: &Wanted, seen: &Seen) -> Result<FeaturePage<T>, Error> {
    let (mut conditions, mut values) = conditions_of(kind, &wanted.filter);
    conditions.push((kind.may_see)(seen, &mut values));
    let is_of_few_days = wanted.filter.is_of_few_days();
    let matched = if is_of_few_days || far_behind(db, kind, None)?.is_none() {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", kind.table, conditions.join(" AND "));
        let matched: i64 = db.prepare_cached(&sql)?.query_row(params_from_iter(&values), |row| row.get(0))?;
        Some(u64::try_from(matched).unwrap_or_default())
    } else {
        None
    };
    let last = if is_of_few_days { None } else { far_behind(db, kind, wanted.after.as_ref())? };
    for (bound, how) in [(&wanted.after, ">"), (&last, "<=")] {
        if let Some(bound) = bound {
            values.push(bound.clone());
            conditions.push(format!("{} {how} ?{}", kind.id, values.len()));
        }
    }
    values.push(Value::from(i64::from(wanted.limit) + 1));
    // The ids first: of detections an index holds all that is asked of them, and only the rows of the page, with
    // their long JSON columns, are read.
    let sql = format!(
        "SELECT {} WHERE {id} IN (SELECT {id} FROM {} WHERE {} ORDER BY {id} LIMIT ?{}) ORDER BY {id}",
        kind.columns,
        kind.table,
        conditions.join(" AND "),
        values.len(),
        id = kind.id,
    );
    let mut rows: Vec<T> =
        db.prepare_cached(&sql)?.query_map(params_from_iter(values), kind.read)?.collect::<Result<_, _>>()?;
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = if has_more { rows.last().map(kind.name) } else { last.as_ref().map(text_of) };
    Ok(FeaturePage { rows, matched, next })
}

/// The id so far behind another one that a page goes no further; `None` where the rows end before.
fn far_behind<T>(db: &Connection, kind: &Kind<T>, after: Option<&Value>) -> Result<Option<Value>, Error> {
    let sql = format!(
        "SELECT {id} FROM {} WHERE {id} > ?1 ORDER BY {id} LIMIT 1 OFFSET {LOOKED_AT}",
        kind.table,
        id = kind.id
    );
    let after = after.unwrap_or(&kind.lowest);
    Ok(db.prepare_cached(&sql)?.query_row([after], |row| row.get(0)).optional()?)
}

fn text_of(id: &Value) -> String {
    match id {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        // No id is anything else.
        _ => String::new(),
    }
}

fn one<T>(db: &Connection, kind: &Kind<T>, id: Value, seen: &Seen) -> Result<Option<T>, Error> {
    let mut values = vec![id];
    let may_see = (kind.may_see)(seen, &mut values);
    let sql = format!("SELECT {} WHERE {} AND {} = ?1 AND {may_see}", kind.columns, kind.stands, kind.id);
    Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(values), kind.read).optional()?)
}

fn conditions_of<T>(kind: &Kind<T>, filter: &FeatureFilter) -> (Vec<String>, Vec<Value>) {
    let (mut conditions, mut values) = (vec![kind.stands.to_owned()], Vec::new());
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    if let Some(Extent { west, south, east, north }) = filter.area {
        let (lon, lat) = (kind.lon, kind.lat);
        let (west_of, east_of) = (bind(Value::from(west)), bind(Value::from(east)));
        let both = if west <= east { "AND" } else { "OR" };
        conditions.push(format!("({lon} >= {west_of} {both} {lon} <= {east_of})"));
        conditions.push(format!("{lat} BETWEEN {} AND {}", bind(Value::from(south)), bind(Value::from(north))));
    }
    // What lasts is wanted when any moment of it is.
    if let Some(from) = filter.from {
        conditions.push(format!("{} >= {}", kind.ends, bind(Value::from(from.as_millisecond()))));
    }
    if let Some(to) = filter.to {
        conditions.push(format!("{} <= {}", kind.begins, bind(Value::from(to.as_millisecond()))));
    }
    (conditions, values)
}

#[cfg(test)]
mod tests;
