//! The row of an alert as lists, pages and exports read it.

use rusqlite::Row;
use rusqlite::types::FromSql;

use super::super::codec::{Columns, Json, Millis, word};
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::UnitShare;
use crate::domain::landcover::CoverShare;
use crate::domain::nearest::NearestPlace;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::{Reason, Verdict};

/// A type of the domain that stands in a column.
trait Stored: Sized {
    /// What is read.
    type In: FromSql;

    /// The value that was stored so.
    fn of(read: Self::In) -> rusqlite::Result<Self>;
}

impl<T: Stored> Stored for Option<T> {
    type In = Option<T::In>;

    fn of(read: Self::In) -> rusqlite::Result<Self> {
        read.map(T::of).transpose()
    }
}

macro_rules! stored {
    ($($type:ty: $in:ty, |$read:ident| $value:expr;)+) => {
        $(impl Stored for $type {
            type In = $in;

            fn of($read: $in) -> rusqlite::Result<Self> {
                $value
            }
        })+
    };
}

stored! {
    String: Self, |text| Ok(text);
    f64: Self, |number| Ok(number);
    u32: Self, |number| Ok(number);
    i64: Self, |number| Ok(number);
    bool: Self, |flag| Ok(flag);
    Timestamp: Millis, |at| Ok(at.0);
    AlertNumber: String, |number| Ok(Self(number));
    UnitCode: String, |code| Ok(Self(code));
    AlertSource: String, |text| word(&text, "alert source", Self::from_name);
    AlertState: String, |text| word(&text, "alert state", Self::from_name);
    Origin: String, |text| word(&text, "origin", Self::from_name);
    Verdict: String, |text| word(&text, "verdict", Self::from_name);
    UnitLevel: String, |text| word(&text, "unit level", Self::from_name);
    FindingKind: String, |text| word(&text, "finding", Self::from_name);
    Review: String, |text| word(&text, "review", Self::from_name);
    Reason: Json<Self>, |json| Ok(json.0);
    NearestPlace: Json<Self>, |json| Ok(json.0);
    Vec<UnitShare>: Json<Self>, |json| Ok(json.0);
    Vec<UnitCode>: Json<Self>, |json| Ok(json.0);
    Vec<CoverShare>: Json<Self>, |json| Ok(json.0);
}

/// The row, what is selected for it and how it is read: a column of the same name, unless it is written out.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident {
        $(#[$doc0:meta])* $field0:ident: $type0:ty, $($(#[$doc:meta])* $field:ident: $type:ty $(= $sql:literal)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $(#[$doc0])* pub $field0: $type0,
            $($(#[$doc])* pub $field: $type),*
        }

        pub(in crate::store) const ALERT_COLUMNS: &str =
            concat!("a.", stringify!($field0), $(", ", row!(@sql $field $($sql)?)),*, " FROM alerts a");

        pub(in crate::store) fn read_alert(row: &Row<'_>) -> rusqlite::Result<$name> {
            let columns = Columns::of(row);
            Ok($name {
                $field0: Stored::of(columns.take(stringify!($field0))?)?,
                $($field: Stored::of(columns.take(stringify!($field))?)?),*
            })
        }
    };
    (@sql $field:ident) => { concat!("a.", stringify!($field)) };
    (@sql $field:ident $sql:literal) => { $sql };
}

row! {
    /// A stored alert: the alert.
    pub struct AlertRow {
        /// Its number.
        number: AlertNumber,
        /// Where it comes from.
        source: AlertSource,
        /// The fire; `None` while no satellite saw it.
        fire_id: Option<i64>,
        /// The unit that answers: the township, or the lowest unit there is where none is drawn.
        responsible_code: UnitCode,
        /// The township, where there is one.
        township_code: Option<UnitCode>,
        /// Its county.
        county_code: Option<UnitCode>,
        /// Who has the alert.
        owner_code: UnitCode,
        /// Where the earliest detection stands, or where people reported it.
        unit_code: UnitCode,
        /// The person it was dispatched to.
        assigned_to: Option<String>,
        /// Where the alert stands.
        state: AlertState,
        /// Live or late.
        origin: Origin,
        /// The verdict; `None` where there is no fire to judge (a problem).
        verdict: Option<Verdict>,
        /// The rule that decided.
        reason: Option<Reason>,
        /// Some pixel may lie on banned ground although none is judged so.
        may_be_banned: bool,
        /// The lowest level at which the likely unit surely holds the fire.
        sure_level: Option<UnitLevel>,
        /// Other units that may hold it.
        candidates: Vec<UnitShare>,
        /// Other units that detections stand in.
        other_units: Vec<UnitCode>,
        /// Land cover under the earliest pixel.
        land_cover: Vec<CoverShare>,
        /// Where that is.
        nearest_place: Option<NearestPlace>,
        /// Centre of the earliest pixel there, or the reported position: longitude.
        lon: f64,
        /// The same, latitude.
        lat: f64,
        /// First acquisition there, or when people saw it.
        first_seen_at: Timestamp,
        /// Last acquisition there.
        last_seen_at: Timestamp,
        /// Number of detections there.
        detections: u32,
        /// Greatest radiative power there, MW.
        max_frp_mw: Option<f64>,
        /// The region version that decided.
        region_version: String,
        /// When it was first recorded.
        recorded_at: Timestamp,
        /// Who found it, where no satellite did.
        reported_by: Option<String>,
        /// What was reported.
        description: Option<String>,
        /// Its number in an outside list.
        external_number: Option<String>,
        /// The letter it came with.
        letter_number: Option<String>,
        /// Last local day to answer it.
        reply_by: Option<String>,
        /// A dispute over whose ground it is waits for a decision.
        is_disputed: bool,
        /// The unit named in it.
        proposed_code: Option<UnitCode>,
        /// First acknowledgement, server time.
        acknowledged_at: Option<Timestamp>,
        /// First arrival.
        on_site_at: Option<Timestamp>,
        /// Put out.
        put_out_at: Option<Timestamp>,
        /// Last finding.
        reported_at: Option<Timestamp>,
        /// What it says.
        finding: Option<FindingKind> = "a.finding_kind AS finding",
        /// Last review.
        reviewed_at: Option<Timestamp>,
        /// What it says.
        review: Option<Review>,
        /// Penalty document.
        document_number: Option<String>,
        /// Last local day of rectification.
        rectify_by: Option<String>,
        /// Closed or excluded.
        closed_at: Option<Timestamp>,
        /// Looked back on.
        looked_back_at: Option<Timestamp>,
        /// The last desk that was told of a missed clock.
        escalated_to: Option<UnitCode>,
        /// Since when nobody could be reached.
        undelivered_at: Option<Timestamp>,
        /// An earlier alert that may burn again here.
        rekindles: Option<AlertNumber>,
        /// Clocks that ran out and still wait.
        overdue: u32 = "(SELECT count(*) FROM deadlines o
             WHERE o.alert_number = a.number AND o.fired_at IS NOT NULL AND o.ended_at IS NULL) AS overdue",
        /// Next due time of its clocks.
        next_due_at: Option<Timestamp> = "(SELECT min(o.due_at) FROM deadlines o
             WHERE o.alert_number = a.number AND o.fired_at IS NULL AND o.ended_at IS NULL) AS next_due_at",
        /// Counts the changes of the row.
        revision: i64,
        /// The alert it was merged into.
        merged_into: Option<AlertNumber>,
        /// When later data moved the fire elsewhere.
        superseded_at: Option<Timestamp>,
        /// Key of the earliest detection there; empty while no satellite saw it.
        first_key: String,
    }
}
