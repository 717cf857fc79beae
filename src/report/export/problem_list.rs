//! The problem list (问题清单) as offices keep it: their column order, Chinese heads, names for codes, local times.
//!
//! Only CSV and XLSX look like this; programs read [`super::alerts`]. Who complained is in no row
//! that comes here. What is not so yet is an empty cell.

use serde_json::{Value, json};

use super::{Line, Table};
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::query::AlertRow;
use crate::words::exports::{self, problem_list as head};
use crate::words::{Label, Lang, Say, Words, dms, local, unit_name};

/// A column: its head, and what stands under it.
type Column = (Words, fn(&Listed<'_>) -> Value);

/// Which alert, how it stands, whose it is, where, what was seen, what was done when, and the rest.
const COLUMNS: &[Column] = &[
    (head::NUMBER, |row| json!(row.alert.number)),
    (head::SOURCE, |row| json!(row.alert.source.label().zh)),
    (head::VERDICT, |row| json!(Lang::Zh.alert_verdict(row.alert.verdict))),
    (head::STATE, |row| json!(row.alert.state.label().zh)),
    (head::IS_LATE, |row| json!(row.lateness())),
    (head::COUNTY, |row| json!(row.alert.county_code.as_ref().map(|code| row.name(code)))),
    (head::TOWNSHIP, |row| json!(row.alert.township_code.as_ref().map(|code| row.name(code)))),
    (head::OWNER, |row| json!(row.name(&row.alert.owner_code))),
    (head::ASSIGNED_TO, |row| json!(row.alert.assigned_to)),
    (head::PLACE, |row| json!(row.alert.nearest_place.as_ref().map(|place| Lang::Zh.nearest_place(place)))),
    (head::POSITION, |row| {
        json!(Position::from_lon_lat(row.alert.lon, row.alert.lat).ok().map(|at| dms(at, Lang::Zh)))
    }),
    (head::LONGITUDE, |row| json!(row.alert.lon)),
    (head::LATITUDE, |row| json!(row.alert.lat)),
    (head::FIRST_SEEN, |row| row.time(Some(row.alert.first_seen_at))),
    (head::LAST_SEEN, |row| row.time(Some(row.alert.last_seen_at))),
    (head::PIXELS, |row| json!(row.alert.detections)),
    (head::MAX_FRP, |row| json!(row.alert.max_frp_mw)),
    (head::ACKNOWLEDGED, |row| row.time(row.alert.acknowledged_at)),
    (head::ON_SITE, |row| row.time(row.alert.on_site_at)),
    (head::PUT_OUT, |row| row.time(row.alert.put_out_at)),
    (head::REPORTED, |row| row.time(row.alert.reported_at)),
    (head::FINDING, |row| json!(row.alert.finding.map(|kind| kind.label().zh))),
    (head::REVIEW, |row| json!(row.alert.review.map(|review| review.label().zh))),
    (head::REVIEWED, |row| row.time(row.alert.reviewed_at)),
    (head::RECTIFY_BY, |row| json!(row.alert.rectify_by)),
    (head::DOCUMENT, |row| json!(row.alert.document_number)),
    (head::CLOSED, |row| row.time(row.alert.closed_at)),
    (head::LOOKED_BACK, |row| row.time(row.alert.looked_back_at)),
    (head::DISPUTE, |row| json!(row.dispute())),
    (head::REKINDLES, |row| json!(row.alert.rekindles)),
    (head::REASON, |row| json!(row.alert.reason.as_ref().map(|reason| reason.say().zh))),
    (head::EXTERNAL_NUMBER, |row| json!(row.alert.external_number)),
    (head::LETTER, |row| json!(row.alert.letter_number)),
    (head::REPLY_BY, |row| json!(row.alert.reply_by)),
    (head::REPORTED_BY, |row| json!(row.alert.reported_by)),
    (head::DESCRIPTION, |row| json!(row.alert.description.as_ref().filter(|text| !text.is_empty()))),
];

/// The list of some alerts.
pub(super) fn table(ground: &Ground, rows: &[AlertRow]) -> Table {
    let line = |alert| {
        let row = Listed { ground, alert };
        Line { geometry: None, values: COLUMNS.iter().map(|(_, value)| value(&row)).collect() }
    };
    Table {
        name: head::NAME.zh,
        heads: COLUMNS.iter().map(|(head, _)| head.zh).collect(),
        lines: rows.iter().map(line).collect(),
    }
}

/// An alert on the ground whose names the list says.
struct Listed<'a> {
    ground: &'a Ground,
    alert: &'a AlertRow,
}

impl Listed<'_> {
    fn name(&self, code: &UnitCode) -> String {
        unit_name(self.ground, code, Lang::Zh)
    }

    fn time(&self, at: Option<Timestamp>) -> Value {
        json!(at.map(|at| local(self.ground, at)))
    }

    /// Who was never reached is not late, and a plain "no" would hide it.
    fn lateness(&self) -> &'static str {
        let words = match (self.alert.overdue > 0, self.alert.undelivered_at) {
            (true, _) => exports::YES,
            (false, Some(_)) => exports::UNDELIVERED,
            (false, None) => exports::NO,
        };
        words.zh
    }

    fn dispute(&self) -> Option<String> {
        let proposed = self.alert.proposed_code.as_ref().map(|code| self.name(code));
        self.alert.is_disputed.then(|| exports::dispute(proposed.as_deref()).zh)
    }
}
