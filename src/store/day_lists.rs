//! Detections, fires and alerts of some days for programs, page by page.
//!
//! Each page is cut by the statement itself: what is read is what is answered and one row, however many there are. A page
//! goes on behind the row that the page before ended with, in the order of the list; a row that has merged or moved out of
//! the span since is named as gone, because going on from anywhere else would skip or repeat.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::Error;
use super::case::{ALERT_COLUMNS, AlertRow, read_alert};
use super::query::{DETECTION_COLUMNS, DetectionRow, FIRE_COLUMNS, FireRow, Span, bounds, read_detection, read_fire};
use super::scoped::Scoped;
use super::seen::Seen;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;

/// Which rows of a list are wanted.
#[derive(Debug, Clone)]
pub struct DayList {
    /// Of which days.
    pub span: Span,
    /// Of this county alone.
    pub county: Option<UnitCode>,
    /// Behind the row of this name.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct DayPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Others come behind them.
    pub has_more: bool,
}

/// How a list is read.
struct Kind<T: 'static> {
    columns: &'static str,
    table: &'static str,
    /// Which rows stand for themselves.
    stands: &'static str,
    begins: &'static str,
    county: &'static str,
    /// What `after` names a row by.
    name: &'static str,
    /// What the list is ordered by, and whether downwards; the last one differs for every row.
    order: fn() -> Vec<(String, Way)>,
    may_see: fn(&Seen, &mut Vec<Value>) -> String,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
}

#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

const DETECTIONS: Kind<DetectionRow> = Kind {
    columns: DETECTION_COLUMNS,
    table: "detections d",
    stands: "d.superseded_by IS NULL",
    begins: "d.acquired_at",
    county: "d.county_code",
    name: "d.key",
    order: || vec![("d.acquired_at".to_owned(), Way::Up), ("d.key".to_owned(), Way::Up)],
    may_see: |seen, values| seen.detection("d", values),
    read: read_detection,
};

const FIRES: Kind<FireRow> = Kind {
    columns: FIRE_COLUMNS,
    table: "fires f",
    stands: "f.merged_into IS NULL",
    begins: "f.first_seen_at",
    county: "d.county_code",
    name: "f.id",
    order: || vec![("f.first_seen_at".to_owned(), Way::Up), ("f.first_key".to_owned(), Way::Up)],
    may_see: |seen, values| seen.fire("f", values),
    read: read_fire,
};

const ALERTS: Kind<AlertRow> = Kind {
    columns: ALERT_COLUMNS,
    table: "alerts a",
    stands: "a.merged_into IS NULL AND a.superseded_at IS NULL",
    begins: "a.first_seen_at",
    county: "a.county_code",
    name: "a.number",
    order: || {
        vec![
            (worst_first("a.verdict"), Way::Up),
            ("a.first_seen_at".to_owned(), Way::Down),
            ("a.number".to_owned(), Way::Up),
        ]
    },
    may_see: |seen, values| seen.alert("a", values),
    read: read_alert,
};

/// The place of a verdict among all, those without one last.
fn worst_first(column: &str) -> String {
    let places = Verdict::ALL.iter().enumerate();
    let cases: Vec<_> = places.map(|(place, verdict)| format!("WHEN '{}' THEN {place}", verdict.name())).collect();
    format!("(CASE {column} {} ELSE {} END)", cases.join(" "), cases.len())
}

impl Scoped {
    /// Detections of some days, earliest first, neighbours included; `None` where the row to go on behind is gone.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detection_list(&self, wanted: DayList) -> Result<Option<DayPage<DetectionRow>>, Error> {
        let seen = self.seen();
        self.store().read(move |db| page(db, &DETECTIONS, &wanted, &seen)).await
    }

    /// Fires first seen on some days, earliest first; likewise.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn fire_list(&self, wanted: DayList) -> Result<Option<DayPage<FireRow>>, Error> {
        let seen = self.seen();
        self.store().read(move |db| page(db, &FIRES, &wanted, &seen)).await
    }

    /// Alerts of some days, the worst verdict first, then the newest; likewise.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert_list(&self, wanted: DayList) -> Result<Option<DayPage<AlertRow>>, Error> {
        let seen = self.seen();
        self.store().read(move |db| page(db, &ALERTS, &wanted, &seen)).await
    }
}

fn page<T>(db: &Connection, kind: &Kind<T>, wanted: &DayList, seen: &Seen) -> Result<Option<DayPage<T>>, Error> {
    let mut values = bounds(wanted.span);
    let begins = kind.begins;
    let mut conditions =
        vec![kind.stands.to_owned(), format!("{begins} >= ?1 AND {begins} < ?2"), (kind.may_see)(seen, &mut values)];
    let order = (kind.order)();
    if let Some(after) = &wanted.after {
        let Some(last) = place_of(db, kind, (&conditions, &values, &order), after)? else { return Ok(None) };
        conditions.push(behind(&order, last, &mut values));
    }
    if let Some(county) = &wanted.county {
        conditions.push(format!("{} = {}", kind.county, bind(&mut values, Value::from(county.0.clone()))));
    }
    let by: Vec<_> = order
        .iter()
        .map(|(column, way)| format!("{column}{}", if matches!(way, Way::Down) { " DESC" } else { "" }))
        .collect();
    let limit = bind(&mut values, Value::from(i64::from(wanted.limit) + 1));
    let sql =
        format!("SELECT {} WHERE {} ORDER BY {} LIMIT {limit}", kind.columns, conditions.join(" AND "), by.join(", "));
    let mut rows: Vec<T> =
        db.prepare_cached(&sql)?.query_map(params_from_iter(values), kind.read)?.collect::<Result<_, _>>()?;
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Some(DayPage { rows, has_more }))
}

/// Where a row stands in the order of its list; `None` where the list does not hold it.
fn place_of<T>(
    db: &Connection,
    kind: &Kind<T>,
    (conditions, values, order): (&[String], &[Value], &[(String, Way)]),
    name: &str,
) -> Result<Option<Vec<Value>>, Error> {
    let mut values = values.to_vec();
    let name = bind(&mut values, Value::from(name.to_owned()));
    let columns: Vec<_> = order.iter().map(|(column, _)| column.as_str()).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} AND {} = {name}",
        columns.join(", "),
        kind.table,
        conditions.join(" AND "),
        kind.name
    );
    let read = |row: &Row<'_>| (0..order.len()).map(|column| row.get(column)).collect();
    Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(values), read).optional()?)
}

/// The condition on a row that stands behind another one.
fn behind(order: &[(String, Way)], last: Vec<Value>, values: &mut Vec<Value>) -> String {
    let last: Vec<String> = last.into_iter().map(|value| bind(values, value)).collect();
    let differs_first_at = |place: usize| {
        let same = order.iter().zip(&last).take(place).map(|((column, _), value)| format!("{column} = {value}"));
        let further = order.iter().zip(&last).skip(place).take(1).map(|((column, way), value)| match way {
            Way::Up => format!("{column} > {value}"),
            Way::Down => format!("{column} < {value}"),
        });
        same.chain(further).collect::<Vec<_>>().join(" AND ")
    };
    let ways: Vec<_> = (0..order.len()).map(|place| format!("({})", differs_first_at(place))).collect();
    format!("({})", ways.join(" OR "))
}

fn bind(values: &mut Vec<Value>, value: Value) -> String {
    values.push(value);
    format!("?{}", values.len())
}
