//! The difference between recorded judgements and what the rules say now; reads only.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use sha2::{Digest, Sha256};

use super::super::super::codec::Millis;
use super::super::super::observed::{COLUMNS, OF_DETECTIONS};
use super::super::super::{Error, judged, observed, policy};
use super::{Answer, RejudgeError, RejudgeScope, RejudgedDetection, Rejudgement, Unjudgeable};
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::verdict::{Judgement, Sighting, judge};

/// Judges every detection of the scope again and keeps those that come out otherwise.
pub(super) fn difference(db: &Connection, scope: &RejudgeScope, ground: &Ground, rules: &Rules) -> Answer<Rejudgement> {
    let (condition, values) = match scope {
        RejudgeScope::Span(span) => (
            "d.acquired_at >= ?1 AND d.acquired_at < ?2",
            vec![SqlValue::from(span.from.as_millisecond()), SqlValue::from(span.until.as_millisecond())],
        ),
        RejudgeScope::Alert(number) => match fire_of(db, number)? {
            Some(fire) => ("d.fire_id = ?1", vec![SqlValue::from(fire)]),
            None => return Ok(Err(RejudgeError::UnknownAlert(number.clone()))),
        },
    };
    let policy = policy_for(db, (condition, &values), ground, rules)?;
    let mut statement = db.prepare(&format!(
        "SELECT d.id, d.key, {COLUMNS}, d.judgement, d.verdict, d.unit_code, d.township_code FROM {OF_DETECTIONS}
         WHERE d.superseded_by IS NULL AND {condition} ORDER BY d.acquired_at, d.key"
    ))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut rejudgement = Rejudgement {
        region_version: ground.version().clone(),
        looked_at: 0,
        changes: Vec::new(),
        unjudgeable: Vec::new(),
        hash: String::new(),
        applied: None,
        alerts_opened: 0,
        repeated: false,
    };
    while let Some(row) = rows.next()? {
        let (detection_id, key): (i64, String) = (row.get(0)?, row.get(1)?);
        let (observation, old) = (observed::read(row, 2)?, judged::read(row, 8)?);
        rejudgement.looked_at += 1;
        let Some(new) = judge(ground, &policy, &Sighting::of(&observation)) else {
            rejudgement.unjudgeable.push(Unjudgeable { detection_id, key });
            continue;
        };
        let new = as_stored(&new)?;
        if says_the_same(&old, &new) {
            continue;
        }
        let alert = alert_of(db, detection_id, &old)?;
        let acquired_at = observation.key.acquired_at;
        rejudgement.changes.push(RejudgedDetection { detection_id, key, acquired_at, alert, old, new });
    }
    rejudgement.hash = hash_of(&rejudgement)?;
    Ok(Ok(rejudgement))
}

fn policy_for(
    db: &Connection,
    (condition, values): (&str, &[SqlValue]),
    ground: &Ground,
    rules: &Rules,
) -> Result<Policy, Error> {
    let span: (Option<Millis>, Option<Millis>) = db.query_row(
        &format!(
            "SELECT min(d.acquired_at), max(d.acquired_at) FROM detections d
             WHERE d.superseded_by IS NULL AND {condition}"
        ),
        params_from_iter(values),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let moments = [span.0, span.1].into_iter().flatten().map(|at| at.0);
    policy::load(db, rules, &ground.data().time_zone, moments)
}

/// A judgement as it reads back from the database: a number may lose its last digit on the way.
fn as_stored(judgement: &Judgement) -> Result<Judgement, Error> {
    let unreadable = |error| Error::unreadable("judgement", error);
    serde_json::from_str(&serde_json::to_string(judgement).map_err(unreadable)?).map_err(unreadable)
}

/// Whether two judgements differ in nothing but the name of the region version.
fn says_the_same(old: &Judgement, new: &Judgement) -> bool {
    *old == Judgement { region_version: old.region_version.clone(), ..new.clone() }
}

fn hash_of(rejudgement: &Rejudgement) -> Result<String, Error> {
    let mut hash = Sha256::new();
    hash.update(rejudgement.region_version.0.as_bytes());
    for change in &rejudgement.changes {
        let new = serde_json::to_string(&change.new).map_err(|error| Error::unreadable("judgement", error))?;
        hash.update(format!("\n{} {new}", change.detection_id).as_bytes());
    }
    Ok(hex::encode(hash.finalize()))
}

/// The fire that an alert, or the one it was merged into, stands for.
fn fire_of(db: &Connection, number: &AlertNumber) -> Result<Option<i64>, Error> {
    Ok(db
        .query_row(
            "SELECT coalesce(heir.fire_id, a.fire_id) FROM alerts a LEFT JOIN alerts heir ON heir.number = a.merged_into
             WHERE a.number = ?1",
            [&number.0],
            |row| row.get(0),
        )
        .optional()?
        .flatten())
}

fn alert_of(db: &Connection, detection: i64, judgement: &Judgement) -> Result<Option<AlertNumber>, Error> {
    let Some(responsible) = &judgement.responsible else { return Ok(None) };
    let number: Option<String> = db
        .prepare_cached(
            "SELECT a.number FROM alerts a JOIN detections d ON d.fire_id = a.fire_id
             WHERE d.id = ?1 AND a.responsible_code = ?2 AND a.merged_into IS NULL AND a.superseded_at IS NULL",
        )?
        .query_row(params![detection, responsible.0], |row| row.get(0))
        .optional()?;
    Ok(number.map(AlertNumber))
}
