//! Cases: their rows, what people do to them, their clocks, and the lists of them.
//!
//! What an act may do is decided in [`crate::domain::case`]; here it is written, with its event,
//! its clocks and its notices, in one transaction. [`super::record`] opens and changes cases from
//! satellite data through the same helpers.

mod act;
mod add;
mod clocks;
mod list;
mod merging;
pub(super) mod mine;
mod row;
mod scope;
mod worklist;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::codec::{Json, Millis, word};
use super::events::{self, NewEvent, SubjectKind};
use super::query::sees_alert;
use super::seen::Seen;
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, AlertState, CaseSource, NOTICE_EXPIRES_AFTER, NotifyReason};
use crate::domain::case::CaseView;
use crate::domain::chain::chain_of;
use crate::domain::clock::ClockRules;
use crate::domain::detection::Origin;
use crate::domain::finding::FindingKind;
use crate::domain::ground::{Ground, UnitShare};
use crate::domain::observation::Confidence;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

pub use act::{ActError, Command, Done};
pub use add::{AddError, Added, Complainant, NewCase};
pub use clocks::{Fired, FiredClock};
pub(super) use clocks::{
    after_recording as start_clocks, cancel_all as cancel_clocks, hand_over_replies, review_desk, review_follows,
};
pub use list::{CaseCount, CaseFilter, CaseTotal, Cursor, DeadlineRow, ENDED_COUNTED, OpenCases, Page, StateCounts};
pub(super) use merging::no_heir;
pub use mine::{MY_PAGE, MyCase, MyClock, MyCursor, MyList, Relation};
pub use row::AlertRow;
pub(super) use row::{ALERT_COLUMNS, read_alert};
pub(super) use scope::{of_new as scope_of_new, refresh_by_number as refresh_scope};
pub use worklist::{CaseEvent, WorkOrder, WorkPage, WorkPlace, WorkRow};

/// A case as the store works on it: what deciding looks at, and what clocks and notices need.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub view: CaseView,
    /// How it came to be recorded; only live cases wake anybody.
    pub origin: Origin,
    pub fire_id: Option<i64>,
    pub ground_code: UnitCode,
    pub detections: u32,
    pub confidence: Option<Confidence>,
    pub merged_into: Option<AlertNumber>,
    pub is_superseded: bool,
}

/// Reads one case; `None` when there is none of that number.
pub(super) fn standing(tx: &Connection, number: &AlertNumber) -> Result<Option<Standing>, Error> {
    let Some(mut found) = standing_row(tx, number)? else { return Ok(None) };
    if found.view.finder.is_some() {
        (found.view.reporters, found.view.reporter_accounts) = reporters_of(tx, number)?;
    }
    Ok(Some(found))
}

/// The same from its row alone, without those who reported: what it stands for, not who may act.
fn standing_row(tx: &Connection, number: &AlertNumber) -> Result<Option<Standing>, Error> {
    let code = |row: &rusqlite::Row<'_>, i: usize| row.get::<_, Option<String>>(i).map(|code| code.map(UnitCode));
    let instant = |row: &rusqlite::Row<'_>, i: usize| row.get::<_, Option<Millis>>(i).map(|at| at.map(|at| at.0));
    let found = tx
        .prepare_cached(
            "SELECT number, source, state, verdict, responsible_code, owner_code, unit_code, candidates, other_units,
                    is_disputed, proposed_code, acknowledged_at, on_site_at, put_out_at, finding_kind, finder,
                    finder_unit, rectified_at IS NOT NULL, iif(rekindling_kept, NULL, rekindles), origin, fire_id,
                    ground_code, detections, confidence, merged_into, superseded_at IS NOT NULL
             FROM alerts WHERE number = ?1",
        )?
        .query_row([&number.0], |row| {
            let candidates = row.get::<_, Json<Vec<UnitShare>>>(7)?.0.into_iter().map(|share| share.code);
            let others: Vec<UnitCode> = candidates.chain(row.get::<_, Json<Vec<UnitCode>>>(8)?.0).collect();
            let finder: Option<String> = row.get(15)?;
            let finder_unit = code(row, 16)?;
            Ok(Standing {
                view: CaseView {
                    number: AlertNumber(row.get(0)?),
                    source: word(&row.get::<_, String>(1)?, "case source", CaseSource::from_name)?,
                    state: word(&row.get::<_, String>(2)?, "alert state", AlertState::from_name)?,
                    verdict: optional_word(row, 3, "verdict", Verdict::from_name)?,
                    responsible: UnitCode(row.get(4)?),
                    owner: UnitCode(row.get(5)?),
                    unit: UnitCode(row.get(6)?),
                    others,
                    is_disputed: row.get(9)?,
                    proposed: code(row, 10)?,
                    acknowledged_at: instant(row, 11)?,
                    on_site_at: instant(row, 12)?,
                    put_out_at: instant(row, 13)?,
                    finding: optional_word(row, 14, "finding", FindingKind::from_name)?,
                    finder: finder.map(|name| Actor::named(name, finder_unit)),
                    reporters: Vec::new(),
                    reporter_accounts: Vec::new(),
                    is_rectified: row.get(17)?,
                    rekindles: row.get::<_, Option<String>>(18)?.map(AlertNumber),
                },
                origin: word(&row.get::<_, String>(19)?, "origin", Origin::from_name)?,
                fire_id: row.get(20)?,
                ground_code: UnitCode(row.get(21)?),
                detections: row.get(22)?,
                confidence: optional_word(row, 23, "confidence", confidence_of_class)?,
                merged_into: row.get::<_, Option<String>>(24)?.map(AlertNumber),
                is_superseded: row.get(25)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// A case that may be seen, as deciding looks at it; `None` when it does not stand for itself.
pub(super) fn view_of(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<Option<CaseView>, Error> {
    if !sees_alert(db, number, seen)? {
        return Ok(None);
    }
    Ok(standing(db, number)?.filter(Standing::stands).map(|case| case.view))
}

/// Everybody who reported a finding, or entered one for another, in a case or in those merged into it; and the accounts
/// through which they did.
fn reporters_of(tx: &Connection, number: &AlertNumber) -> Result<(Vec<String>, Vec<String>), Error> {
    // Through the log, which has an index by case: by a person `merged_here`, by data `merged`. CROSS JOIN: the few
    // cases first, then their events; left to itself SQLite walks every event of every case instead.
    let mut select = tx.prepare_cached(
        "WITH RECURSIVE merged (number) AS (
             SELECT ?1 UNION
             SELECT coalesce(json_extract(e.detail, '$.from'), json_extract(e.detail, '$.text'))
             FROM merged m CROSS JOIN events e ON e.subject_kind = 'alert' AND e.subject = m.number
                 AND e.kind IN ('merged_here', 'merged'))
         SELECT e.actor, e.on_behalf_of, e.account, e.let_in_by FROM merged m
         CROSS JOIN events e ON e.subject_kind = 'alert' AND e.subject = m.number AND e.kind = 'reported'",
    )?;
    let (mut names, mut accounts) = (Vec::new(), Vec::new());
    let mut rows = select.query([&number.0])?;
    while let Some(row) = rows.next()? {
        names.extend([row.get::<_, Option<String>>(0)?, row.get(1)?].into_iter().flatten());
        accounts.extend([row.get::<_, Option<String>>(2)?, row.get(3)?].into_iter().flatten());
    }
    Ok((names, accounts))
}

/// The class of a confidence from its API word.
pub(super) fn confidence_of_class(class: &str) -> Option<Confidence> {
    [Confidence::Unknown, Confidence::Low, Confidence::Nominal, Confidence::High]
        .into_iter()
        .find(|known| known.class_name() == class)
}

pub(super) fn optional_word<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    what: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    row.get::<_, Option<String>>(column)?.map(|text| word(&text, what, &from_name)).transpose()
}

/// The case that lives on takes over what people did for the one merged into it, where that went further.
pub(super) fn take_over(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    survivor: &AlertNumber,
    merged: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let (Some(kept), Some(other)) = (standing(tx, survivor)?, standing(tx, merged)?) else { return Ok(()) };
    tx.execute(
        "UPDATE alerts SET acknowledged_at = coalesce(alerts.acknowledged_at, o.acknowledged_at),
             on_site_at = coalesce(alerts.on_site_at, o.on_site_at),
             put_out_at = coalesce(alerts.put_out_at, o.put_out_at),
             assigned_to = coalesce(alerts.assigned_to, o.assigned_to)
         FROM alerts o WHERE alerts.number = ?1 AND o.number = ?2",
        params![survivor.0, merged.0],
    )?;
    if other.view.state <= kept.view.state {
        return Ok(());
    }
    tx.execute(
        "UPDATE alerts SET state = o.state, reported_at = o.reported_at, finding_kind = o.finding_kind,
             finder = o.finder, finder_unit = o.finder_unit, reviewed_at = o.reviewed_at, review = o.review,
             document_number = o.document_number, rectify_by = o.rectify_by, rectified_at = o.rectified_at
         FROM alerts o WHERE alerts.number = ?1 AND o.number = ?2",
        params![survivor.0, merged.0],
    )?;
    note(tx, survivor, now, "took_over", other.view.state.name())?;
    clocks::after_taking_over(tx, ground, rules, survivor, merged, now)
}

impl Standing {
    /// Whether it stands for itself: neither merged into another case nor set aside.
    fn stands(&self) -> bool {
        self.merged_into.is_none() && !self.is_superseded
    }

    /// How high a missed clock may climb.
    fn ceiling(&self, rules: &ClockRules) -> UnitLevel {
        rules.ceiling(self.view.verdict, self.detections, self.confidence)
    }
}

/// The free numbers of a local day, counted once for all cases of a transaction.
pub(super) struct Numbers {
    day: Date,
    used: Option<u32>,
}

impl Numbers {
    /// Those of a day.
    pub(super) fn of(day: Date) -> Self {
        Self { day, used: None }
    }

    /// The next free one.
    pub(super) fn next(&mut self, tx: &Transaction<'_>) -> Result<AlertNumber, Error> {
        let used = match self.used {
            Some(used) => used,
            None => {
                let first = AlertNumber::new(self.day, 0);
                let prefix = first.0.split_once('-').map_or("", |(day, _)| day);
                tx.prepare_cached("SELECT count(*) FROM alerts WHERE number >= ?1 || '-' AND number < ?1 || '.'")?
                    .query_row([prefix], |row| row.get(0))?
            }
        };
        self.used = Some(used + 1);
        Ok(AlertNumber::new(self.day, used + 1))
    }
}

/// Appends what firegrid itself notes about a case.
pub(super) fn note(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    now: Timestamp,
    kind: &str,
    text: &str,
) -> Result<(), Error> {
    note_detail(tx, number, now, kind, &json!({"text": text}))
}

/// The same with more than a text.
fn note_detail(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    now: Timestamp,
    kind: &str,
    detail: &Value,
) -> Result<(), Error> {
    events::append(tx, now, &NewEvent::plain((SubjectKind::Alert, &number.0), kind, &Actor::system(), detail))?;
    Ok(())
}

/// Writes what people are to be told: `unit` names a desk, `person` one person of it; without either the
/// people of the case are meant.
pub(super) fn notify(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    reason: NotifyReason,
    unit: Option<&UnitCode>,
    person: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let expires_at = now.saturating_add(NOTICE_EXPIRES_AFTER).unwrap_or(now);
    tx.prepare_cached(
        "INSERT INTO notices (alert_number, reason, unit_code, person, generation, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, coalesce(max(generation), 0) + 1, ?5, ?6 FROM notices WHERE alert_number = ?1",
    )?
    .execute(params![
        number.0,
        reason.name(),
        unit.map(|code| &code.0),
        person,
        Millis(now),
        Millis(expires_at)
    ])?;
    Ok(())
}

/// Keeps the accountable chain of a unit as it stood on a day, and notes where it has gaps.
pub(super) fn append_chain(
    tx: &Transaction<'_>,
    ground: &Ground,
    number: &AlertNumber,
    unit: &UnitCode,
    day: Date,
    now: Timestamp,
) -> Result<(), Error> {
    let chain = chain_of(ground, unit, day);
    tx.prepare_cached("INSERT INTO alert_chains (alert_number, at, unit_code, chain) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![number.0, Millis(now), unit.0, Json(&chain)])?;
    let mut gaps: Vec<(&UnitCode, &str)> = Vec::new();
    // Whoever is told moves up to the first unit that somebody holds: all below it are gaps.
    gaps.extend(chain.iter().take_while(|link| link.holders.is_empty()).map(|link| (&link.code, "no_holder")));
    if ground.children(unit).next().is_some() {
        gaps.push((unit, "no_lower_unit"));
    }
    for (code, kind) in gaps {
        tx.prepare_cached(
            "INSERT INTO responsibility_gaps (unit_code, kind, first_at, last_at, cases, last_alert)
             VALUES (?1, ?2, ?3, ?3, 1, ?4)
             ON CONFLICT DO UPDATE SET last_at = excluded.last_at, last_alert = excluded.last_alert,
                 cases = cases + 1",
        )?
        .execute(params![code.0, kind, Millis(now), number.0])?;
    }
    Ok(())
}

/// Ground where a case did not end with the people it should have.
#[derive(Debug, Clone, serde::Serialize)]
pub struct GapRow {
    /// The unit.
    pub unit_code: UnitCode,
    /// `no_holder`: nobody holds it; `no_lower_unit`: it has lower units, but none where the case lies.
    pub kind: String,
    /// First case that fell through.
    pub first_at: Timestamp,
    /// Last one.
    pub last_at: Timestamp,
    /// How many.
    pub cases: u32,
    /// The last one's number.
    pub last_alert: AlertNumber,
}

impl Store {
    /// Where cases did not end with the people they should have, most frequent first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn responsibility_gaps(&self) -> Result<Vec<GapRow>, Error> {
        self.read(|db| {
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
                    cases: row.get(4)?,
                    last_alert: AlertNumber(row.get(5)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
