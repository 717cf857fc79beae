//! An alert as the store works on it: its row read for deciding, and written back.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::super::Error;
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::alert::{AlertRecord, AlertView};
use crate::domain::clock::ClockRules;
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::UnitShare;
use crate::domain::observation::Confidence;
use crate::domain::time::parse_date;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::store::codec::{Columns, Json, Millis};

/// An alert as the store works on it: what deciding looks at, and what clocks and notices need.
#[derive(Debug, Clone)]
pub(in crate::store) struct Standing {
    pub view: AlertView,
    /// How it came to be recorded; only live alerts wake anybody.
    pub origin: Origin,
    pub fire_id: Option<i64>,
    pub ground_code: UnitCode,
    pub detections: u32,
    pub confidence: Option<Confidence>,
    pub is_superseded: bool,
}

/// Reads one alert; `None` when there is none of that number.
pub(in crate::store) fn standing(tx: &Connection, number: &AlertNumber) -> Result<Option<Standing>, Error> {
    let Some(mut found) = standing_row(tx, number)? else { return Ok(None) };
    if found.view.finder.is_some() {
        (found.view.reporters, found.view.reporter_accounts) = reporters_of(tx, number)?;
    }
    Ok(Some(found))
}

/// The same from its row alone, without those who reported: what it stands for, not who may act.
pub(super) fn standing_row(tx: &Connection, number: &AlertNumber) -> Result<Option<Standing>, Error> {
    let found = tx
        .prepare_cached(
            "SELECT number, source, state, verdict, responsible_code, owner_code, unit_code, candidates, other_units,
                    is_disputed, proposed_code, acknowledged_at, on_site_at, put_out_at, finding_kind, finder,
                    finder_unit, rectified_at,
                    CASE WHEN rekindling_kept THEN NULL ELSE rekindles END AS rekindles, revision,
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

/// The columns of an alert that deciding looks at, then those that acts leave beside.
fn read_view(c: &Columns<'_, '_>) -> rusqlite::Result<AlertView> {
    let code = |name: &str| c.take::<Option<String>>(name).map(|code| code.map(UnitCode));
    let alert = |name: &str| c.take::<Option<String>>(name).map(|number| number.map(AlertNumber));
    let instant = |name: &str| c.take::<Option<Millis>>(name).map(|at| at.map(|at| at.0));
    Ok(AlertView {
        number: AlertNumber(c.take("number")?),
        source: c.word("source", "alert source", AlertSource::from_name)?,
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
        rekindles: alert("rekindles")?,
        record: AlertRecord {
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
            merged_into: alert("merged_into")?,
            merged_by: c.take("merged_by")?,
        },
    })
}

/// Writes every column of an alert that people change.
pub(super) fn write_view(tx: &Transaction<'_>, alert: &AlertView) -> Result<(), Error> {
    let code = |code: &Option<UnitCode>| code.as_ref().map(|code| code.0.clone());
    let record = &alert.record;
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
        alert.number.0,
        alert.state.name(),
        alert.responsible.0,
        alert.owner.0,
        alert.is_disputed,
        code(&alert.proposed),
        alert.acknowledged_at.map(Millis),
        alert.on_site_at.map(Millis),
        alert.put_out_at.map(Millis),
        alert.finding.map(FindingKind::name),
        alert.finder.as_ref().map(|finder| &finder.name),
        alert.finder.as_ref().and_then(|finder| code(&finder.unit)),
        alert.rectified_at.map(Millis),
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

impl Standing {
    /// Whether it stands for itself: neither merged into another alert nor set aside.
    pub(super) fn stands(&self) -> bool {
        self.view.record.merged_into.is_none() && !self.is_superseded
    }

    /// How high a missed clock may climb.
    pub(super) fn ceiling(&self, rules: &ClockRules) -> UnitLevel {
        rules.ceiling(self.view.verdict, self.detections, self.confidence)
    }
}

/// Everybody who reported a finding, or entered one for another, in an alert or in those merged into it; and the accounts
/// through which they did.
fn reporters_of(tx: &Connection, number: &AlertNumber) -> Result<(Vec<String>, Vec<String>), Error> {
    // Through the log, which has an index by alert: by a person `merged_here`, by data `merged`. CROSS JOIN: the few
    // alerts first, then their events; left to itself SQLite walks every event of every alert instead.
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
fn confidence_of_class(class: &str) -> Option<Confidence> {
    [Confidence::Unknown, Confidence::Low, Confidence::Nominal, Confidence::High]
        .into_iter()
        .find(|known| known.class_name() == class)
}
