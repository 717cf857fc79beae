//! Links fires anew after a person joined or parted them: the same steps as after a poll.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use super::{Error, OriginRule, Recording, Wakes};
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;

/// From now on all pixels of these fires are one fire, as event `seq` says.
pub(in crate::store) fn label_as_one(tx: &Transaction<'_>, fires: &[i64], seq: i64) -> Result<(), Error> {
    let distinct: BTreeSet<_> = fires.iter().collect();
    if distinct.len() < 2 {
        return Ok(());
    }
    for fire in distinct {
        tx.execute(
            "INSERT INTO fire_labels (detection_id, label, event_seq)
             SELECT id, ?2, ?3 FROM detections WHERE fire_id = ?1 AND superseded_by IS NULL
             ON CONFLICT DO UPDATE SET label = excluded.label, event_seq = excluded.event_seq",
            params![fire, first_label(seq), seq],
        )?;
    }
    Ok(())
}

/// From now on these pixels of a fire are a fire of their own.
pub(in crate::store) fn label_apart(
    tx: &Transaction<'_>,
    fire: i64,
    keys: &[String],
    seq: i64,
) -> Result<Vec<i64>, Error> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO fire_labels (detection_id, label, event_seq)
         SELECT id, ?3, ?4 FROM detections WHERE fire_id = ?1 AND key = ?2 AND superseded_by IS NULL
         ON CONFLICT DO UPDATE SET label = excluded.label, event_seq = excluded.event_seq",
    )?;
    for key in keys_of(tx, fire)? {
        // One event makes two labels: who leaves, and who stays.
        let label = first_label(seq) + i64::from(!keys.contains(&key));
        insert.execute(params![fire, key, label, seq])?;
    }
    Ok(vec![fire])
}

fn first_label(seq: i64) -> i64 {
    seq.saturating_mul(2)
}

/// Keys of the detections of a fire.
pub(in crate::store) fn keys_of(tx: &Transaction<'_>, fire: i64) -> Result<BTreeSet<String>, Error> {
    let mut select =
        tx.prepare_cached("SELECT key FROM detections WHERE fire_id = ?1 AND superseded_by IS NULL ORDER BY key")?;
    let keys = select.query_map([fire], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Numbers of the alerts that stand for some fires.
pub(in crate::store) fn standing_numbers(tx: &Transaction<'_>, fires: &[i64]) -> Result<Vec<AlertNumber>, Error> {
    let mut select = tx.prepare_cached(
        "SELECT number FROM alerts WHERE fire_id = ?1 AND merged_into IS NULL AND superseded_at IS NULL ORDER BY number",
    )?;
    let mut numbers = Vec::new();
    for fire in fires {
        for number in select.query_map([fire], |row| row.get(0))? {
            numbers.push(AlertNumber(number?));
        }
    }
    Ok(numbers)
}

/// Links all that these fires can reach anew and lets the alerts follow; returns every fire involved.
pub(in crate::store) fn relink(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    now: Timestamp,
    fires: &[i64],
) -> Result<Vec<i64>, Error> {
    let mut select = tx.prepare_cached("SELECT id FROM detections WHERE fire_id = ?1 AND superseded_by IS NULL")?;
    let mut changed = BTreeSet::new();
    for fire in fires {
        for id in select.query_map([fire], |row| row.get(0))? {
            changed.insert(id?);
        }
    }
    // Nothing is judged here, so no policy is needed.
    let policy = Policy::default();
    let wakes = Wakes::AsRecorded;
    let recording = Recording { tx, ground, now, rules, policy: &policy, origin: OriginRule::ByAge, wakes };
    let linked = recording.link_fires(BTreeMap::new(), &changed)?;
    recording.settle_alerts(&linked)?;
    Ok(linked.before.union(&linked.made).copied().collect())
}
