//! Cases: their rows, what people do to them, their clocks, and the lists of them.
//!
//! What an act does is decided in [`crate::domain::case`], as a value; here it is written ([`apply`]) with its event,
//! in one transaction. [`super::record`] opens and changes cases from satellite data through the same helpers.

mod act;
#[cfg(test)]
mod act_tests;
mod add;
mod clocks;
mod list;
mod merging;
pub(super) mod mine;
mod row;
mod scope;
mod worklist;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::codec::{Columns, Json, Millis, word};
use super::events::{self, NewEvent, SubjectKind};
use super::query::sees_alert;
use super::seen::Seen;
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, AlertState, CaseSource, NOTICE_EXPIRES_AFTER, NotifyReason};
use crate::domain::case::{self, CaseRecord, CaseView, Consequences, Setting};
use crate::domain::chain::chain_of;
use crate::domain::clock::ClockRules;
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::{Ground, UnitShare};
use crate::domain::observation::Confidence;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp, parse_date};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

pub use act::{ActError, Command, Done};
pub use add::{AddError, Added, Complainant, NewCase};
pub use clocks::{Fired, FiredClock};
pub(super) use clocks::{
    after_recording as start_clocks, cancel_all as cancel_clocks, hand_over_replies, review_follows,
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
    let found = tx
        .prepare_cached(
            "SELECT number, source, state, verdict, responsible_code, owner_code, unit_code, candidates, other_units,
                    is_disputed, proposed_code, acknowledged_at, on_site_at, put_out_at, finding_kind, finder,
                    finder_unit, rectified_at, iif(rekindling_kept, NULL, rekindles) AS rekindles, revision,
                    township_code, county_code, owner_is_chosen, assigned_to, undelivered_at, escalated_to,
                    reported_at, reviewed_at, review, rectify_by, document_number, closed_at, looked_back_at,
                    disputed_by, rekindling_kept, merged_into, merged_by, origin, fire_id, ground_code, detections,
                    confidence, superseded_at IS NOT NULL AS is_superseded
             FROM alerts WHERE number = ?1",
        )?
        .query_row([&number.0], |row| {
            let c = Columns::of(row);
            Ok(Standing {
                view: read_view(&c)?,
                origin: c.word("origin", "origin", Origin::from_name)?,
                fire_id: c.take("fire_id")?,
                ground_code: UnitCode(c.take("ground_code")?),
                detections: c.take("detections")?,
                confidence: c.optional_word("confidence", "confidence", confidence_of_class)?,
                is_superseded: c.take("is_superseded")?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The columns of a case that deciding looks at, then those that acts leave beside.
fn read_view(c: &Columns<'_, '_>) -> rusqlite::Result<CaseView> {
    let code = |name: &str| c.take::<Option<String>>(name).map(|code| code.map(UnitCode));
    let case = |name: &str| c.take::<Option<String>>(name).map(|number| number.map(AlertNumber));
    let instant = |name: &str| c.take::<Option<Millis>>(name).map(|at| at.map(|at| at.0));
    Ok(CaseView {
        number: AlertNumber(c.take("number")?),
        source: c.word("source", "case source", CaseSource::from_name)?,
        state: c.word("state", "alert state", AlertState::from_name)?,
        verdict: c.optional_word("verdict", "verdict", Verdict::from_name)?,
        responsible: UnitCode(c.take("responsible_code")?),
        owner: UnitCode(c.take("owner_code")?),
        unit: UnitCode(c.take("unit_code")?),
        others: {
            let candidates = c.take::<Json<Vec<UnitShare>>>("candidates")?.0.into_iter().map(|share| share.code);
            candidates.chain(c.take::<Json<Vec<UnitCode>>>("other_units")?.0).collect()
        },
        is_disputed: c.take("is_disputed")?,
        proposed: code("proposed_code")?,
        acknowledged_at: instant("acknowledged_at")?,
        on_site_at: instant("on_site_at")?,
        put_out_at: instant("put_out_at")?,
        finding: c.optional_word("finding_kind", "finding", FindingKind::from_name)?,
        finder: {
            let (name, unit) = (c.take::<Option<String>>("finder")?, code("finder_unit")?);
            name.map(|name| Actor::named(name, unit))
        },
        reporters: Vec::new(),
        reporter_accounts: Vec::new(),
        rectified_at: instant("rectified_at")?,
        rekindles: case("rekindles")?,
        record: CaseRecord {
            revision: c.take("revision")?,
            township: code("township_code")?,
            county: code("county_code")?,
            owner_is_chosen: c.take("owner_is_chosen")?,
            assigned_to: c.take("assigned_to")?,
            undelivered_at: instant("undelivered_at")?,
            escalated_to: code("escalated_to")?,
            reported_at: instant("reported_at")?,
            reviewed_at: instant("reviewed_at")?,
            review: c.optional_word("review", "review", Review::from_name)?,
            rectify_by: c.optional_word("rectify_by", "day", |day| parse_date(day).ok())?,
            document_number: c.take("document_number")?,
            closed_at: instant("closed_at")?,
            looked_back_at: instant("looked_back_at")?,
            disputed_by: code("disputed_by")?,
            rekindling_kept: c.take("rekindling_kept")?,
            merged_into: case("merged_into")?,
            merged_by: c.take("merged_by")?,
        },
    })
}

/// Writes every column of a case that people change.
fn write_view(tx: &Transaction<'_>, case: &CaseView) -> Result<(), Error> {
    let code = |code: &Option<UnitCode>| code.as_ref().map(|code| code.0.clone());
    let record = &case.record;
    tx.prepare_cached(
        "UPDATE alerts SET state = ?2, responsible_code = ?3, owner_code = ?4, is_disputed = ?5, proposed_code = ?6,
             acknowledged_at = ?7, on_site_at = ?8, put_out_at = ?9, finding_kind = ?10, finder = ?11,
             finder_unit = ?12, rectified_at = ?13, revision = ?14, township_code = ?15, county_code = ?16,
             owner_is_chosen = ?17, assigned_to = ?18, undelivered_at = ?19, escalated_to = ?20, reported_at = ?21,
             reviewed_at = ?22, review = ?23, rectify_by = ?24, document_number = ?25, closed_at = ?26,
             looked_back_at = ?27, disputed_by = ?28, rekindling_kept = ?29, merged_into = ?30, merged_by = ?31
         WHERE number = ?1",
    )?
    .execute(params![
        case.number.0,
        case.state.name(),
        case.responsible.0,
        case.owner.0,
        case.is_disputed,
        code(&case.proposed),
        case.acknowledged_at.map(Millis),
        case.on_site_at.map(Millis),
        case.put_out_at.map(Millis),
        case.finding.map(FindingKind::name),
        case.finder.as_ref().map(|finder| &finder.name),
        case.finder.as_ref().and_then(|finder| code(&finder.unit)),
        case.rectified_at.map(Millis),
        record.revision,
        code(&record.township),
        code(&record.county),
        record.owner_is_chosen,
        record.assigned_to,
        record.undelivered_at.map(Millis),
        code(&record.escalated_to),
        record.reported_at.map(Millis),
        record.reviewed_at.map(Millis),
        record.review.map(Review::name),
        record.rectify_by.map(|day| day.to_string()),
        record.document_number,
        record.closed_at.map(Millis),
        record.looked_back_at.map(Millis),
        code(&record.disputed_by),
        record.rekindling_kept,
        record.merged_into.as_ref().map(|number| &number.0),
        record.merged_by,
    ])?;
    Ok(())
}

/// Writes what follows from something for a case; its scope, and what reaches beyond it, are its caller's.
fn apply(tx: &Transaction<'_>, at: Setting<'_>, before: &CaseView, follows: &Consequences) -> Result<(), Error> {
    let number = &before.number;
    if follows.case != *before {
        write_view(tx, &follows.case)?;
    }
    if let Some(unit) = &follows.chain {
        append_chain(tx, at.ground, number, unit, at.ground.local_day(at.now), at.now)?;
    }
    follows.events.iter().try_for_each(|event| note_event(tx, number, at.now, event))?;
    follows.clocks.iter().try_for_each(|clock| clocks::write(tx, clock))?;
    for notice in &follows.notices {
        notify(tx, number, notice.reason, notice.unit.as_ref(), notice.person.as_deref(), at.now)?;
    }
    Ok(())
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
    let at = Setting { ground, rules, now };
    let (running, rectify_due) = (clocks::running(tx, survivor)?, clocks::last_rectify_due(tx, merged)?);
    apply(tx, at, &kept.view, &case::take_over(at, (&kept.view, &running), (&other.view, rectify_due)))
}

/// The desk that reviews a case.
pub(super) fn review_desk(ground: &Ground, rules: &Rules, case: &Standing) -> UnitCode {
    case::review_desk(ground, rules.review, &case.view)
}

impl Standing {
    /// Whether it stands for itself: neither merged into another case nor set aside.
    fn stands(&self) -> bool {
        self.view.record.merged_into.is_none() && !self.is_superseded
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
pub(super) fn note_event(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    now: Timestamp,
    event: &case::CaseEvent,
) -> Result<(), Error> {
    let (kind, detail) = events::parts(event);
    let (system, subject) = (Actor::system(), (SubjectKind::Alert, number.0.as_str()));
    events::append(tx, now, &NewEvent::plain(subject, &kind, &system, &detail)).map(drop)
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
