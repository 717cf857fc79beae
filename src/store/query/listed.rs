//! Detections, fires and alerts as lists know them: where they stand, which of them count, in what order they come.
//!
//! One description serves spans, day lists and map layers, so that they cannot disagree.

use rusqlite::Row;
use rusqlite::types::Value;

use super::rows::{DETECTION_COLUMNS, DetectionRow, FIRE_COLUMNS, FireRow, read_detection, read_fire};
use crate::domain::alert::AlertNumber;
use crate::domain::verdict::Verdict;
use crate::store::alert::{ALERT_COLUMNS, AlertRow, read_alert};
use crate::store::seen::Seen;

/// In which direction a column is ordered.
#[derive(Clone, Copy)]
pub enum Way {
    Up,
    Down,
}

/// A row that lists hold, of those that stand in a span.
pub trait Listed: Sized + Send + 'static {
    /// What names one.
    type Id;
    /// Columns and tables.
    const COLUMNS: &'static str;
    /// The table alone.
    const TABLE: &'static str;
    /// Which rows stand for themselves, of the tables.
    const STANDS: &'static str;
    /// The same of the table alone.
    const STANDS_ALONE: &'static str = Self::STANDS;
    const ID: &'static str;
    /// No id is lower.
    const LOWEST: Value;
    /// What a list of days goes on behind.
    const NAME: &'static str;
    const BEGINS: &'static str;
    const ENDS: &'static str;
    const LON: &'static str;
    const LAT: &'static str;
    const COUNTY: &'static str;
    /// What lists are ordered by; the last one differs for every row.
    fn order() -> Vec<(String, Way)>;
    fn may_see(seen: &Seen, values: &mut Vec<Value>) -> String;
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;
    fn id_value(id: Self::Id) -> Value;
    fn id_text(&self) -> String;
}

impl Listed for DetectionRow {
    type Id = i64;
    const COLUMNS: &'static str = DETECTION_COLUMNS;
    const TABLE: &'static str = "detections d";
    const STANDS: &'static str = "d.superseded_by IS NULL";
    const ID: &'static str = "d.id";
    const LOWEST: Value = Value::Integer(i64::MIN);
    const NAME: &'static str = "d.key";
    const BEGINS: &'static str = "d.acquired_at";
    const ENDS: &'static str = "d.acquired_at";
    const LON: &'static str = "d.lon";
    const LAT: &'static str = "d.lat";
    const COUNTY: &'static str = "d.county_code";

    fn order() -> Vec<(String, Way)> {
        vec![("d.acquired_at".to_owned(), Way::Up), ("d.key".to_owned(), Way::Up)]
    }

    fn may_see(seen: &Seen, values: &mut Vec<Value>) -> String {
        seen.detection("d", values)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        read_detection(row)
    }

    fn id_value(id: i64) -> Value {
        Value::from(id)
    }

    fn id_text(&self) -> String {
        self.id.to_string()
    }
}

impl Listed for FireRow {
    type Id = i64;
    const COLUMNS: &'static str = FIRE_COLUMNS;
    const TABLE: &'static str = "fires f";
    const STANDS: &'static str = "f.merged_into IS NULL";
    const STANDS_ALONE: &'static str = "f.merged_into IS NULL
        AND EXISTS (SELECT 1 FROM detections e WHERE e.fire_id = f.id AND e.superseded_by IS NULL)";
    const ID: &'static str = "f.id";
    const LOWEST: Value = Value::Integer(i64::MIN);
    const NAME: &'static str = "f.id";
    const BEGINS: &'static str = "f.first_seen_at";
    const ENDS: &'static str = "f.last_seen_at";
    const LON: &'static str = "f.lon";
    const LAT: &'static str = "f.lat";
    const COUNTY: &'static str = "d.county_code";

    fn order() -> Vec<(String, Way)> {
        vec![("f.first_seen_at".to_owned(), Way::Up), ("f.first_key".to_owned(), Way::Up)]
    }

    fn may_see(seen: &Seen, values: &mut Vec<Value>) -> String {
        seen.fire("f", values)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        read_fire(row)
    }

    fn id_value(id: i64) -> Value {
        Value::from(id)
    }

    fn id_text(&self) -> String {
        self.id.to_string()
    }
}

impl Listed for AlertRow {
    type Id = AlertNumber;
    const COLUMNS: &'static str = ALERT_COLUMNS;
    const TABLE: &'static str = "alerts a";
    const STANDS: &'static str = "a.merged_into IS NULL AND a.superseded_at IS NULL";
    const ID: &'static str = "a.number";
    const LOWEST: Value = Value::Text(String::new());
    const NAME: &'static str = "a.number";
    const BEGINS: &'static str = "a.first_seen_at";
    const ENDS: &'static str = "a.last_seen_at";
    const LON: &'static str = "a.lon";
    const LAT: &'static str = "a.lat";
    const COUNTY: &'static str = "a.county_code";

    fn order() -> Vec<(String, Way)> {
        vec![
            (worst_first("a.verdict"), Way::Up),
            ("a.first_seen_at".to_owned(), Way::Down),
            ("a.number".to_owned(), Way::Up),
        ]
    }

    fn may_see(seen: &Seen, values: &mut Vec<Value>) -> String {
        seen.alert("a", values)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        read_alert(row)
    }

    fn id_value(id: AlertNumber) -> Value {
        Value::from(id.0)
    }

    fn id_text(&self) -> String {
        self.number.0.clone()
    }
}

/// The place of a verdict among all, those without one last.
fn worst_first(column: &str) -> String {
    let places = Verdict::ALL.iter().enumerate();
    let alerts: Vec<_> = places.map(|(place, verdict)| format!("WHEN '{}' THEN {place}", verdict.name())).collect();
    format!("(CASE {column} {} ELSE {} END)", alerts.join(" "), alerts.len())
}

/// An order as SQL says it.
pub(super) fn ordered_by(order: &[(String, Way)]) -> String {
    let column =
        |(column, way): &(String, Way)| format!("{column}{}", if matches!(way, Way::Down) { " DESC" } else { "" });
    order.iter().map(column).collect::<Vec<_>>().join(", ")
}
