//! The row of a case as lists, pages and exports read it.

use rusqlite::Row;
use serde::Serialize;

use super::super::codec::{Columns, Json, Millis};
use crate::domain::alert::{AlertNumber, AlertState, CaseSource};
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::UnitShare;
use crate::domain::landcover::CoverShare;
use crate::domain::nearest::NearestPlace;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::{Reason, Verdict};

/// A stored alert: the case.
#[derive(Debug, Clone, Serialize)]
pub struct AlertRow {
    /// Its number.
    pub number: AlertNumber,
    /// Where it comes from.
    pub source: CaseSource,
    /// The fire; `None` while no satellite saw it.
    pub fire_id: Option<i64>,
    /// The unit that answers: the township, or the lowest unit there is where none is drawn.
    pub responsible_code: UnitCode,
    /// The township, where there is one.
    pub township_code: Option<UnitCode>,
    /// Its county.
    pub county_code: Option<UnitCode>,
    /// Who has the case.
    pub owner_code: UnitCode,
    /// Where the earliest detection stands, or where people reported it.
    pub unit_code: UnitCode,
    /// The person it was dispatched to.
    pub assigned_to: Option<String>,
    /// Where the case stands.
    pub state: AlertState,
    /// Live or late.
    pub origin: Origin,
    /// The verdict; `None` where there is no fire to judge (a problem).
    pub verdict: Option<Verdict>,
    /// The rule that decided.
    pub reason: Option<Reason>,
    /// Some pixel may lie on banned ground although none is judged so.
    pub may_be_banned: bool,
    /// The lowest level at which the likely unit surely holds the fire.
    pub sure_level: Option<UnitLevel>,
    /// Other units that may hold it.
    pub candidates: Vec<UnitShare>,
    /// Other units that detections stand in.
    pub other_units: Vec<UnitCode>,
    /// Land cover under the earliest pixel.
    pub land_cover: Vec<CoverShare>,
    /// Where that is.
    pub nearest_place: Option<NearestPlace>,
    /// Centre of the earliest pixel there, or the reported position: longitude.
    pub lon: f64,
    /// The same, latitude.
    pub lat: f64,
    /// First acquisition there, or when people saw it.
    pub first_seen_at: Timestamp,
    /// Last acquisition there.
    pub last_seen_at: Timestamp,
    /// Number of detections there.
    pub detections: u32,
    /// Greatest radiative power there, MW.
    pub max_frp_mw: Option<f64>,
    /// The region version that decided.
    pub region_version: String,
    /// When it was first recorded.
    pub recorded_at: Timestamp,
    /// Who found it, where no satellite did.
    pub reported_by: Option<String>,
    /// What was reported.
    pub description: Option<String>,
    /// Its number in an outside list.
    pub external_number: Option<String>,
    /// The letter it came with.
    pub letter_number: Option<String>,
    /// Last local day to answer it.
    pub reply_by: Option<String>,
    /// A dispute over whose ground it is waits for a decision.
    pub is_disputed: bool,
    /// The unit named in it.
    pub proposed_code: Option<UnitCode>,
    /// First acknowledgement, server time.
    pub acknowledged_at: Option<Timestamp>,
    /// First arrival.
    pub on_site_at: Option<Timestamp>,
    /// Put out.
    pub put_out_at: Option<Timestamp>,
    /// Last finding.
    pub reported_at: Option<Timestamp>,
    /// What it says.
    pub finding: Option<FindingKind>,
    /// Last review.
    pub reviewed_at: Option<Timestamp>,
    /// What it says.
    pub review: Option<Review>,
    /// Penalty document.
    pub document_number: Option<String>,
    /// Last local day of rectification.
    pub rectify_by: Option<String>,
    /// Closed or excluded.
    pub closed_at: Option<Timestamp>,
    /// Looked back on.
    pub looked_back_at: Option<Timestamp>,
    /// The last desk that was told of a missed clock.
    pub escalated_to: Option<UnitCode>,
    /// Since when nobody could be reached.
    pub undelivered_at: Option<Timestamp>,
    /// An earlier case that may burn again here.
    pub rekindles: Option<AlertNumber>,
    /// Clocks that ran out and still wait.
    pub overdue: u32,
    /// Next due time of its clocks.
    pub next_due_at: Option<Timestamp>,
    /// Counts the changes of the row.
    pub revision: i64,
    /// The alert it was merged into.
    pub merged_into: Option<AlertNumber>,
    /// When later data moved the fire elsewhere.
    pub superseded_at: Option<Timestamp>,
    /// Key of the earliest detection there; empty while no satellite saw it.
    pub first_key: String,
}

pub(in crate::store) const ALERT_COLUMNS: &str =
    "a.number, a.source, a.fire_id, a.responsible_code, a.township_code, a.county_code, a.owner_code, a.unit_code,
    a.assigned_to, a.state, a.origin, a.verdict, a.reason, a.may_be_banned, a.sure_level, a.candidates,
    a.other_units, a.land_cover, a.nearest_place, a.lon, a.lat, a.first_seen_at, a.last_seen_at, a.detections,
    a.max_frp_mw, a.region_version, a.recorded_at, a.reported_by, a.description, a.external_number, a.letter_number,
    a.reply_by, a.is_disputed, a.proposed_code, a.acknowledged_at, a.on_site_at, a.put_out_at, a.reported_at,
    a.finding_kind, a.reviewed_at, a.review, a.document_number, a.rectify_by, a.closed_at, a.looked_back_at,
    a.escalated_to, a.undelivered_at, a.rekindles, a.revision, a.merged_into, a.superseded_at, a.first_key,
    (SELECT count(*) FROM deadlines o
     WHERE o.alert_number = a.number AND o.fired_at IS NOT NULL AND o.ended_at IS NULL) AS overdue,
    (SELECT min(o.due_at) FROM deadlines o
     WHERE o.alert_number = a.number AND o.fired_at IS NULL AND o.ended_at IS NULL) AS next_due_at
    FROM alerts a";

pub(in crate::store) fn read_alert(row: &Row<'_>) -> rusqlite::Result<AlertRow> {
    let c = Columns::of(row);
    let code = |name: &str| c.take::<Option<String>>(name).map(|code| code.map(UnitCode));
    let instant = |name: &str| c.take::<Option<Millis>>(name).map(|at| at.map(|at| at.0));
    let given = |name: &str| c.take::<Millis>(name).map(|at| at.0);
    let number = |name: &str| c.take::<Option<String>>(name).map(|number| number.map(AlertNumber));
    Ok(AlertRow {
        number: AlertNumber(c.take("number")?),
        source: c.word("source", "case source", CaseSource::from_name)?,
        fire_id: c.take("fire_id")?,
        responsible_code: UnitCode(c.take("responsible_code")?),
        township_code: code("township_code")?,
        county_code: code("county_code")?,
        owner_code: UnitCode(c.take("owner_code")?),
        unit_code: UnitCode(c.take("unit_code")?),
        assigned_to: c.take("assigned_to")?,
        state: c.word("state", "alert state", AlertState::from_name)?,
        origin: c.word("origin", "origin", Origin::from_name)?,
        verdict: c.optional_word("verdict", "verdict", Verdict::from_name)?,
        reason: c.take::<Option<Json<_>>>("reason")?.map(|json| json.0),
        may_be_banned: c.take("may_be_banned")?,
        sure_level: c.optional_word("sure_level", "unit level", UnitLevel::from_name)?,
        candidates: c.take::<Json<_>>("candidates")?.0,
        other_units: c.take::<Json<_>>("other_units")?.0,
        land_cover: c.take::<Json<_>>("land_cover")?.0,
        nearest_place: c.take::<Option<Json<_>>>("nearest_place")?.map(|json| json.0),
        lon: c.take("lon")?,
        lat: c.take("lat")?,
        first_seen_at: given("first_seen_at")?,
        last_seen_at: given("last_seen_at")?,
        detections: c.take("detections")?,
        max_frp_mw: c.take("max_frp_mw")?,
        region_version: c.take("region_version")?,
        recorded_at: given("recorded_at")?,
        reported_by: c.take("reported_by")?,
        description: c.take("description")?,
        external_number: c.take("external_number")?,
        letter_number: c.take("letter_number")?,
        reply_by: c.take("reply_by")?,
        is_disputed: c.take("is_disputed")?,
        proposed_code: code("proposed_code")?,
        acknowledged_at: instant("acknowledged_at")?,
        on_site_at: instant("on_site_at")?,
        put_out_at: instant("put_out_at")?,
        reported_at: instant("reported_at")?,
        finding: c.optional_word("finding_kind", "finding", FindingKind::from_name)?,
        reviewed_at: instant("reviewed_at")?,
        review: c.optional_word("review", "review", Review::from_name)?,
        document_number: c.take("document_number")?,
        rectify_by: c.take("rectify_by")?,
        closed_at: instant("closed_at")?,
        looked_back_at: instant("looked_back_at")?,
        escalated_to: code("escalated_to")?,
        undelivered_at: instant("undelivered_at")?,
        rekindles: number("rekindles")?,
        revision: c.take("revision")?,
        merged_into: number("merged_into")?,
        superseded_at: instant("superseded_at")?,
        first_key: c.take("first_key")?,
        overdue: c.take("overdue")?,
        next_due_at: instant("next_due_at")?,
    })
}
