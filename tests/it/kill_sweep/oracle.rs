//! What a sweep is judged by: the database as SQLite shows it, without a line of firegrid's own code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::installation::Installation;

/// What the callers were told.
#[derive(Debug, Default)]
pub struct Told {
    /// Commands that were answered as done, by client id.
    pub commands: BTreeSet<String>,
    /// Commands whose answer was lost and that were not sent again.
    pub unanswered: BTreeSet<String>,
    /// Photos whose hash was given, with their bytes.
    pub photos: BTreeMap<String, Vec<u8>>,
    /// What was answered wrong, as it happened.
    pub wrong: Vec<String>,
}

/// What stands on disk.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Client ids in the log.
    pub commands: Vec<String>,
    /// Place, hash before and own hash of every event.
    pub chain: Vec<(i64, String, String)>,
    /// Where and when, of detections that stand.
    pub detections: Vec<String>,
    /// Where, whose and how bad, of alerts that stand.
    pub alerts: Vec<String>,
    /// How often each alert was opened and first told.
    pub opened: Vec<(i64, i64)>,
    /// Hashes of originals whose bytes are theirs.
    pub photos: BTreeSet<String>,
}

impl Evidence {
    pub fn read(installation: &Installation) -> Self {
        let db = rusqlite::Connection::open(installation.database()).unwrap();
        let integrity: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(integrity, "ok");
        let texts = |sql: &str| -> Vec<String> {
            let mut select = db.prepare(sql).unwrap();
            select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let mut chain = db.prepare("SELECT seq, previous, hash FROM events ORDER BY seq").unwrap();
        let chain = chain.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let chain: Vec<(i64, String, String)> = chain.map(Result::unwrap).collect();
        let mut opened = db
            .prepare(
                "SELECT (SELECT count(*) FROM events WHERE subject = number AND kind = 'recorded'),
                        (SELECT count(*) FROM notices WHERE alert_number = number AND generation = 1)
                 FROM alerts WHERE merged_into IS NULL",
            )
            .unwrap();
        let opened = opened.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
        Self {
            commands: texts("SELECT client_id FROM events WHERE client_id IS NOT NULL"),
            chain,
            detections: texts(
                "SELECT satellite || ' ' || acquired_at || ' ' || lon || ' ' || lat || ' ' || verdict || ' ' || origin
                 FROM detections WHERE superseded_by IS NULL ORDER BY 1",
            ),
            alerts: texts(
                "SELECT lon || ' ' || lat || ' ' || ground_code || ' ' || verdict || ' ' || first_seen_at || ' ' || detections
                 FROM alerts WHERE merged_into IS NULL AND superseded_at IS NULL ORDER BY 1",
            ),
            opened,
            photos: originals(&installation.path("data/photos")),
        }
    }
}

/// The names of originals that are the SHA-256 of their bytes.
fn originals(folder: &Path) -> BTreeSet<String> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let shelves = entries(folder).filter(|path| path.file_name().is_some_and(|name| name.len() == 2));
    let files = shelves.flat_map(|shelf| entries(&shelf).collect::<Vec<_>>());
    let named = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        let bytes = std::fs::read(&path).ok()?;
        (hex::encode(Sha256::digest(bytes)) == name).then_some(name)
    });
    named.collect()
}

/// Everything that is lost, doubled, or not as it was told.
pub fn faults(evidence: &Evidence, calm: &Evidence, told: &Told) -> Vec<String> {
    let mut faults = told.wrong.clone();
    let mut times: BTreeMap<&String, usize> = BTreeMap::new();
    for id in &evidence.commands {
        *times.entry(id).or_default() += 1;
    }
    for id in &told.commands {
        if times.get(id) != Some(&1) {
            faults.push(format!("the command {id} was answered as done and is {:?} times in the log", times.get(id)));
        }
    }
    for (id, times) in times {
        if !(told.commands.contains(id) || told.unanswered.contains(id) && times == 1) {
            faults.push(format!("the command {id} is {times} times in the log and was never answered as done"));
        }
    }
    faults.extend(chain_faults(evidence));
    for (what, ours, theirs) in
        [("detections", &evidence.detections, &calm.detections), ("alerts", &evidence.alerts, &calm.alerts)]
    {
        if ours != theirs {
            faults.push(format!("the {what} are not those of a calm run:\n{ours:#?}\n{theirs:#?}"));
        }
    }
    for (recorded, told) in evidence.opened.iter().filter(|opened| **opened != (1, 1)) {
        faults.push(format!("an alert was opened {recorded} times and told {told} times"));
    }
    for hash in told.photos.keys().filter(|hash| !evidence.photos.contains(*hash)) {
        faults.push(format!("the photo {hash} was acknowledged and is not whole on disk"));
    }
    faults
}

fn chain_faults(evidence: &Evidence) -> Vec<String> {
    let mut faults = Vec::new();
    for (expected, two) in (2..).zip(evidence.chain.windows(2)) {
        if two[1].0 != expected || two[1].1 != two[0].2 {
            faults.push(format!("the log breaks between its rows {} and {}", two[0].0, two[1].0));
        }
    }
    faults
}
