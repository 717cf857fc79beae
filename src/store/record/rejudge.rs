//! Judging recorded detections again, on somebody's demand: first the difference, then the act.
//!
//! The active region version and the policy as known at each acquisition decide. Applying writes
//! new judgements beside the old ones, says in the log who asked and why, and lets fires and alerts
//! follow by the same steps as a recording. Nobody is woken for old ground: what was seen more than
//! a day ago counts as late here, and archives still open no case.

mod difference;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::codec::Millis;
use super::super::events::{NewEvent, SubjectKind, append, trace_of};
use super::super::judged::Packed;
use super::super::plans::By;
use super::super::query::Span;
use super::super::{Error, Store};
use super::detections::keep_judgement;
use super::{OriginRule, Recording, Wakes};
use crate::domain::alert::AlertNumber;
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Judgement;
use difference::difference;

/// Which detections are judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RejudgeScope {
    /// Those acquired in a span.
    Span(Span),
    /// Those of the fire that an alert stands for.
    Alert(AlertNumber),
}

/// What to do with the difference.
#[derive(Debug, Clone)]
pub struct RejudgeOrder {
    /// Who asked.
    pub by: By,
    /// Why.
    pub why: String,
    /// [`Rejudgement::hash`] of the difference that was shown; anything else is refused.
    pub expect: Option<String>,
}

/// A detection that would be judged otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RejudgedDetection {
    /// Surrogate id.
    pub detection_id: i64,
    /// Key of its speaking observation.
    pub key: String,
    /// When it was acquired.
    pub acquired_at: Timestamp,
    /// The alert it stands under now.
    pub alert: Option<AlertNumber>,
    /// What is recorded.
    pub old: Judgement,
    /// What the rules say now.
    pub new: Judgement,
}

/// A detection that the active region version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudgeable {
    /// Surrogate id.
    pub detection_id: i64,
    /// Key of its speaking observation.
    pub key: String,
}

/// The difference between what is recorded and what the rules say now.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejudgement {
    /// The region version that judged.
    pub region_version: RegionVersion,
    /// Detections looked at.
    pub looked_at: u64,
    /// Those that would be, or were, judged otherwise, by acquisition.
    pub changes: Vec<RejudgedDetection>,
    /// Those beyond the belt of this region version: they keep their judgement.
    pub unjudgeable: Vec<Unjudgeable>,
    /// Names this difference and region version, for [`RejudgeOrder::expect`].
    pub hash: String,
    /// It was written; the number of the event that says so.
    pub applied: Option<i64>,
    /// Alerts that were opened by it.
    pub alerts_opened: u64,
    /// The same command was done before, as event [`Self::applied`]; nothing was done now, and the
    /// difference is what is left by now.
    pub repeated: bool,
}

/// Why nothing was judged again.
#[derive(Debug, thiserror::Error)]
pub enum RejudgeError {
    /// There is no such alert.
    #[error("there is no alert {0}")]
    UnknownAlert(AlertNumber),
    /// Another region version became active.
    #[error("the active region version is {active}, but {judged} judged: look at the difference again")]
    RegionChanged {
        /// Active now.
        active: String,
        /// The one that judged.
        judged: String,
    },
    /// The difference is not the one that was shown.
    #[error("the difference is {found}, not the {expected} that was shown: look again")]
    DifferenceChanged {
        /// What was asked for.
        expected: String,
        /// What it is.
        found: String,
    },
    /// No reason was given.
    #[error("a rejudgement has to say why")]
    NoReason,
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Store {
    /// The difference that judging again would make; changes nothing.
    ///
    /// # Errors
    /// [`RejudgeError`].
    pub async fn preview_rejudgement(
        &self,
        scope: RejudgeScope,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
    ) -> Result<Rejudgement, RejudgeError> {
        self.read(move |db| difference(db, &scope, &ground, &rules)).await?
    }

    /// Judges again and writes the difference in one transaction; without any, writes nothing.
    ///
    /// # Errors
    /// [`RejudgeError`]; then nothing was written.
    pub async fn rejudge(
        &self,
        scope: RejudgeScope,
        order: RejudgeOrder,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Rejudgement, RejudgeError> {
        if order.why.trim().is_empty() {
            return Err(RejudgeError::NoReason);
        }
        self.write(move |tx| {
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
        })
        .await?
    }
}

/// The word of the event a rejudgement leaves.
const REJUDGED: &str = "rejudged";

type Answer<T> = Result<Result<T, RejudgeError>, Error>;

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
