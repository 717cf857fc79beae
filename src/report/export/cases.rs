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

/// Which case, how it stands, whose it is, where, what was seen, what was done when, and the rest.
const COLUMNS: &[Column] = &[
    (head::NUMBER, |row| json!(row.case.number)),
    (head::SOURCE, |row| json!(row.case.source.label().zh)),
    (head::VERDICT, |row| json!(Lang::Zh.case_verdict(row.case.verdict))),
    (head::STATE, |row| json!(row.case.state.label().zh)),
    (head::IS_LATE, |row| json!(row.lateness())),
    (head::COUNTY, |row| json!(row.case.county_code.as_ref().map(|code| row.name(code)))),
    (head::TOWNSHIP, |row| json!(row.case.township_code.as_ref().map(|code| row.name(code)))),
    (head::OWNER, |row| json!(row.name(&row.case.owner_code))),
    (head::ASSIGNED_TO, |row| json!(row.case.assigned_to)),
    (head::PLACE, |row| json!(row.case.nearest_place.as_ref().map(|place| Lang::Zh.nearest_place(place)))),
    (head::POSITION, |row| json!(Position::from_lon_lat(row.case.lon, row.case.lat).ok().map(|at| dms(at, Lang::Zh)))),
    (head::LONGITUDE, |row| json!(row.case.lon)),
    (head::LATITUDE, |row| json!(row.case.lat)),
    (head::FIRST_SEEN, |row| row.time(Some(row.case.first_seen_at))),
    (head::LAST_SEEN, |row| row.time(Some(row.case.last_seen_at))),
    (head::PIXELS, |row| json!(row.case.detections)),
    (head::MAX_FRP, |row| json!(row.case.max_frp_mw)),
    (head::ACKNOWLEDGED, |row| row.time(row.case.acknowledged_at)),
    (head::ON_SITE, |row| row.time(row.case.on_site_at)),
    (head::PUT_OUT, |row| row.time(row.case.put_out_at)),
    (head::REPORTED, |row| row.time(row.case.reported_at)),
    (head::FINDING, |row| json!(row.case.finding.map(|kind| kind.label().zh))),
    (head::REVIEW, |row| json!(row.case.review.map(|review| review.label().zh))),
    (head::REVIEWED, |row| row.time(row.case.reviewed_at)),
    (head::RECTIFY_BY, |row| json!(row.case.rectify_by)),
    (head::DOCUMENT, |row| json!(row.case.document_number)),
    (head::CLOSED, |row| row.time(row.case.closed_at)),
    (head::LOOKED_BACK, |row| row.time(row.case.looked_back_at)),
    (head::DISPUTE, |row| json!(row.dispute())),
    (head::REKINDLES, |row| json!(row.case.rekindles)),
    (head::REASON, |row| json!(row.case.reason.as_ref().map(|reason| reason.say().zh))),
    (head::EXTERNAL_NUMBER, |row| json!(row.case.external_number)),
    (head::LETTER, |row| json!(row.case.letter_number)),
    (head::REPLY_BY, |row| json!(row.case.reply_by)),
    (head::REPORTED_BY, |row| json!(row.case.reported_by)),
    (head::DESCRIPTION, |row| json!(row.case.description.as_ref().filter(|text| !text.is_empty()))),
];

/// The list of some cases.
pub(super) fn table(ground: &Ground, rows: &[AlertRow]) -> Table {
    let line = |case| {
        let row = Listed { ground, case };
        Line { geometry: None, values: COLUMNS.iter().map(|(_, value)| value(&row)).collect() }
    };
    Table {
        name: head::NAME.zh,
        heads: COLUMNS.iter().map(|(head, _)| head.zh).collect(),
        lines: rows.iter().map(line).collect(),
    }
}

/// A case on the ground whose names the list says.
struct Listed<'a> {
    ground: &'a Ground,
    case: &'a AlertRow,
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
        let words = match (self.case.overdue > 0, self.case.undelivered_at) {
            (true, _) => exports::YES,
            (false, Some(_)) => exports::UNDELIVERED,
            (false, None) => exports::NO,
        };
        words.zh
    }

    fn dispute(&self) -> Option<String> {
        let proposed = self.case.proposed_code.as_ref().map(|code| self.name(code));
        self.case.is_disputed.then(|| exports::dispute(proposed.as_deref()).zh)
    }
}
