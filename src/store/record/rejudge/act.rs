//! Shows the difference, or writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::super::detections::keep_judgement;
use super::super::{OriginRule, Recording, Wakes};
use super::difference::difference;
use super::{Answer, RejudgeError, RejudgeOrder, RejudgeScope, RejudgedDetection, Rejudgement};
use crate::domain::ground::Ground;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitLevel;
use crate::store::codec::Millis;
use crate::store::events::{NewEvent, SubjectKind, append, trace_of};
use crate::store::judged::Packed;
use crate::store::query::Span;
use crate::store::{Error, Scoped};

impl Scoped {
    /// The difference that judging again would make, or with an order judges again and writes it in one transaction;
    /// without any difference, writes nothing. For whoever does not see the whole region there is none.
    ///
    /// # Errors
    /// [`RejudgeError`]; then nothing was written.
    pub async fn rejudge(
        &self,
        wanted: RejudgeScope,
        order: Option<RejudgeOrder>,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Rejudgement, RejudgeError> {
        let scope = self.whole_or_nothing(wanted);
        let Some(order) = order else {
            return self.store().read(move |db| difference(db, &scope, &ground, &rules)).await?;
        };
        if order.why.trim().is_empty() {
            return Err(RejudgeError::NoReason);
        }
        let write = move |tx: &Transaction<'_>| {
            let mut rejudgement = match difference(tx, &scope, &ground, &rules)? {
                Ok(rejudgement) => rejudgement,
                Err(refused) => return Ok(Err(refused)),
            };
            if let Some(trace) = trace_of(tx, order.by.client_id.as_deref())? {
                let is_this = trace.is_of(&order.by.actor, (SubjectKind::Judgement, &subject_of(&scope)))
                    && trace.kind == REJUDGED;
                if !is_this {
                    return Ok(Err(RejudgeError::ClientIdTaken(order.by.client_id.unwrap_or_default())));
                }
                (rejudgement.applied, rejudgement.repeated) = (Some(trace.seq), true);
                return Ok(Ok(rejudgement));
            }
            if let Err(refused) = check(tx, &order, &rejudgement)? {
                return Ok(Err(refused));
            }
            if !rejudgement.changes.is_empty() {
                apply(tx, (&scope, &order), (&ground, &rules), &mut rejudgement, now)?;
            }
            Ok(Ok(rejudgement))
        };
        self.store().write(write).await?
    }

    fn whole_or_nothing(&self, wanted: RejudgeScope) -> RejudgeScope {
        let nothing = RejudgeScope::Span(Span { from: Timestamp::MIN, until: Timestamp::MIN });
        if self.scope().is_whole() { wanted } else { nothing }
    }
}

/// The word of the event a rejudgement leaves.
const REJUDGED: &str = "rejudged";

fn check(db: &Connection, order: &RejudgeOrder, rejudgement: &Rejudgement) -> Answer<()> {
    let active: Option<String> = db
        .query_row("SELECT version FROM region_activations ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    let judged = &rejudgement.region_version;
    if let Some(active) = active.filter(|active| *active != judged.0) {
        return Ok(Err(RejudgeError::RegionChanged { active, judged: judged.0.clone() }));
    }
    let hashes = [rejudgement.hash.as_str(), judged.0.as_str()];
    match &order.expect {
        Some(expected) if !hashes.iter().any(|hash| expected.len() >= 12 && hash.starts_with(expected.as_str())) => {
            let (expected, found) = (expected.clone(), rejudgement.hash.clone());
            Ok(Err(RejudgeError::DifferenceChanged { expected, found }))
        }
        _ => Ok(Ok(())),
    }
}

fn apply(
    tx: &Transaction<'_>,
    (scope, order): (&RejudgeScope, &RejudgeOrder),
    (ground, rules): (&Ground, &Rules),
    rejudgement: &mut Rejudgement,
    now: Timestamp,
) -> Result<(), Error> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let looked_at = i64::try_from(rejudgement.looked_at).unwrap_or(i64::MAX);
    let (subject, detail) = (subject_of(scope), said(order, rejudgement));
    let event = NewEvent {
        subject: (SubjectKind::Judgement, &subject),
        kind: REJUDGED,
        actor: &order.by.actor,
        on_behalf_of: None,
        claimed_at: order.by.claimed_at,
        client_id: order.by.client_id.as_deref(),
        detail: &detail,
    };
    let event_seq = append(tx, now, &event)?;
    tx.execute(
        "INSERT INTO rejudgements (at, actor, why, region_version, detections, changed, event_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            Millis(now),
            order.by.actor.name,
            order.why,
            rejudgement.region_version.0,
            looked_at,
            count(rejudgement.changes.len()),
            event_seq
        ],
    )?;
    let rejudgement_id = tx.last_insert_rowid();
    for change in &rejudgement.changes {
        write_judgement(tx, change, ground, rejudgement_id, now)?;
    }
    // The steps of a recording from here on; they ask no policy and give no origin.
    let policy = Policy::default();
    let origin = OriginRule::ByAge;
    let wakes = Wakes::NobodyForOldGround;
    let recording = Recording { tx, ground, now, rules, policy: &policy, origin, wakes };
    let changed: BTreeSet<i64> = rejudgement.changes.iter().map(|change| change.detection_id).collect();
    let linked = recording.link_fires(BTreeMap::new(), &changed)?;
    rejudgement.alerts_opened = recording.settle_alerts(&linked)?;
    rejudgement.applied = Some(event_seq);
    Ok(())
}

/// What the log calls what was judged again.
fn subject_of(scope: &RejudgeScope) -> String {
    match scope {
        RejudgeScope::Alert(number) => number.0.clone(),
        RejudgeScope::Span(span) => {
            let end = |at: Timestamp, open: Timestamp| if at == open { "..".to_owned() } else { at.to_string() };
            format!("{}/{}", end(span.from, Timestamp::MIN), end(span.until, Timestamp::MAX))
        }
    }
}

/// What the log says of a rejudgement.
fn said(order: &RejudgeOrder, rejudgement: &Rejudgement) -> Value {
    let changes: Vec<Value> = rejudgement
        .changes
        .iter()
        .map(|change| json!({"key": change.key, "old": change.old.verdict, "new": change.new.verdict}))
        .collect();
    json!({
        "why": order.why, "region_version": rejudgement.region_version, "looked_at": rejudgement.looked_at,
        "changed": rejudgement.changes.len(), "hash": rejudgement.hash, "changes": changes,
    })
}

fn write_judgement(
    tx: &Transaction<'_>,
    change: &RejudgedDetection,
    ground: &Ground,
    rejudgement_id: i64,
    now: Timestamp,
) -> Result<(), Error> {
    let judgement = &change.new;
    let county = judgement.unit.as_ref().and_then(|unit| ground.at_level(unit, UnitLevel::County));
    keep_judgement(tx, change.detection_id)?;
    tx.prepare_cached(
        "UPDATE detections SET judgement = ?2, verdict = ?3, unit_code = ?4, township_code = ?5, county_code = ?6,
             judged_at = ?7, judged_because = 'rejudged', rejudgement_id = ?8
         WHERE id = ?1",
    )?
    .execute(params![
        change.detection_id,
        Packed(judgement),
        judgement.verdict.name(),
        judgement.unit.as_ref().map(|code| &code.0),
        judgement.township.as_ref().map(|code| &code.0),
        county.map(|county| &county.code.0),
        Millis(now),
        rejudgement_id
    ])?;
    Ok(())
}
