//! How SQLite finds the rows of every statement of the store: by an index, never by walking a table that grows.
//!
//! Statements stand as literals in this folder's files. Those without a gap are explained as they stand; those that are
//! put together are heard ([`listen`]) while [`scenario`] asks everything in every scope and with every filter, and one
//! that was not heard fails the test, so that no statement can be added without being looked at. SQLite plans by the
//! tables' definitions alone, because firegrid gathers no statistics: what is found here holds for any number of rows.

mod dialect;
pub(in crate::store) mod scenario;
mod source_text;

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::types::Value;

use source_text::{Literal, literals};

/// Tables that people or operators write by hand, or with one row for each feed, unit or version: never long.
const SHORT: [&str; 15] = [
    "digested_tables",
    "seal",
    "installation",
    "sources",
    "accounts",
    "region_versions",
    "region_activations",
    "heat_sources",
    "responsibility_gaps",
    "alert_scope_state",
    "alert_scope_progress",
    "alert_scope_behind",
    "content_version",
    "case_events_v1",
    "refinery_schema_history",
];

/// Columns that many rows share: an index that is used by them alone is a walk of the table by another name.
const SHARED: [&str; 4] = ["subject_kind", "is_open", "fired_at", "ended_at"];

/// What walks a growing table all the same: words of the statement, the table, and why.
const MAY_WALK: &[(&str, &str, &str)] = &[
    ("FROM events ORDER BY seq DESC LIMIT 1", "events", "the tip of the log: one row"),
    ("AND kind = 'restored' ORDER BY seq DESC LIMIT 1", "events", "events about the installation are few"),
    ("SELECT count(*) FROM events", "events", "verifying the log walks all of it, on demand"),
    ("let_in_by, access, address FROM events ORDER BY seq", "events", "verifying the log walks all of it, on demand"),
    ("SELECT a.number, a.state, (", "alerts", "verifying the log holds every alert against it, on demand"),
    ("SELECT subject, hash FROM photos UNION", "photos", "verifying the log reads every original, on demand"),
    ("SELECT subject, hash FROM photos UNION", "events", "verifying the log reads every original, on demand"),
    ("FROM polls ORDER BY id DESC LIMIT ?1", "polls", "the latest rows: as many as are shown"),
    ("FROM rejected_rows r JOIN polls p", "rejected_rows", "the latest rows: as many as are shown"),
    ("FROM unknown_values u JOIN polls p", "unknown_values", "the latest rows: as many as are shown"),
    ("SELECT t.rowid, t.* FROM", ANY, "rows without a digest are taken up once after a migration, in batches"),
    ("SELECT t.rowid, d.digest, d.mac, t.* FROM", ANY, CHECKED),
    ("SELECT count(*) FROM alert_scope", "alert_scope", CHECKED),
    ("SELECT rowid, number, scope_digest FROM alerts", "alerts", CHECKED),
    ("SELECT hash FROM photos UNION SELECT hash FROM photo_senders", ANY, "a backup takes every photo that is named"),
    ("FROM events WHERE 1 ORDER BY seq DESC LIMIT", "events", "the latest rows: as many as are shown"),
    ("subject_kind <> ?1 ORDER BY seq DESC LIMIT", "events", "most rows are not about accounts: as many as are shown"),
    ("FROM events WHERE 1 AND subject_kind = ?1", "events", "along the number within a kind: as many as are shown"),
    ("GROUP BY account_id", "sessions", "the index of the devices that are in"),
    ("FROM burn_plans WHERE source = 'region'", "burn_plans", "the index of the plans of the region's file"),
    (ALL_ALERTS, "alerts", "the latest of all alerts: as many as are shown"),
    (
        "AS sort_key, a.number FROM alerts a WHERE a.merged_into IS NULL AND a.superseded_at IS NULL AND (",
        "alerts",
        ALL,
    ),
    (
        "AS sort_key, a.number FROM alerts a WHERE a.merged_into IS NULL AND a.superseded_at IS NULL ORDER",
        "alerts",
        ALL,
    ),
    ("FROM alerts a WHERE a.merged_into IS NULL AND a.superseded_at IS NULL GROUP BY 1, 2, 3, 4", "alerts", ALL),
    ("SELECT count(*) FROM alerts a WHERE a.merged_into IS NULL AND a.superseded_at IS NULL", "alerts", ALL),
    ("SELECT count(*) FROM detections d WHERE", "detections", "a layer says how many features it has"),
    ("SELECT count(*) FROM fires f WHERE", "fires", "a layer says how many features it has"),
    ("WHERE d.id IN (SELECT d.id FROM detections d", "detections", "a layer is walked along its ids: a page ends it"),
    ("WHERE f.id IN (SELECT f.id FROM fires f", "fires", "a layer is walked along its ids: a page ends it"),
    ("WHERE a.number IN (SELECT a.number FROM alerts a", "alerts", "a layer is walked along its ids: a page ends it"),
    ("INSERT INTO alerts (", "left_scope", NO_CHILDREN),
    ("INSERT INTO alerts (", "alerts", NO_CHILDREN),
    ("INSERT INTO detections (", "alerts", NO_CHILDREN),
    ("INSERT INTO detections (", "detections", NO_CHILDREN),
    ("INSERT INTO fires (", "fires", NO_CHILDREN),
];

/// In place of a table: whichever it is.
const ANY: &str = "*";

const CHECKED: &str = "the daily check holds every row against its digest, on a connection of its own";
const ALL_ALERTS: &str = "WHERE a.merged_into IS NULL AND a.superseded_at IS NULL ORDER BY a.first_seen_at DESC";
const ALL: &str = "whoever asks for the alerts that are over too, in every state, asks for all";
const NO_CHILDREN: &str =
    "what names a new row is looked for only while a reference is broken: never, in our transactions";

/// Every statement that a connection of this process ran, with blanks as one space.
static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Notes what a connection runs from now on.
pub(super) fn listen(connection: &Connection) {
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that the trace asks for")]
fn note(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event {
        // A trigger's own statements come as comments.
        if !sql.starts_with("--") {
            HEARD.lock().unwrap().insert(spaced(sql));
        }
    }
}

fn spaced(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The tables of a database that grow.
fn growing(db: &Connection) -> Vec<String> {
    let mut select = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names = select.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap();
    names.into_iter().filter(|name| !SHORT.contains(&name.as_str()) && !name.starts_with("sqlite_")).collect()
}

/// The tables that a statement walks, each with the step of the plan that does.
fn walks(db: &Connection, growing: &[String], sql: &str) -> Result<Vec<(String, String)>, rusqlite::Error> {
    let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let values = vec![Value::Null; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>("detail"))?;
    let mut found = Vec::new();
    for step in steps {
        let step = step?;
        let Some(table) = step.split(' ').nth(1).and_then(|name| table_of(growing, sql, name)) else { continue };
        if step.starts_with("SCAN ") || step.contains("AUTOMATIC") || is_shared(&step) {
            found.push((table, step));
        }
    }
    Ok(found)
}

/// The growing table that a name in a plan stands for.
fn table_of(growing: &[String], sql: &str, name: &str) -> Option<String> {
    // A column of a table's name, as in `f.detections`, is one word with its table.
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_alphanumeric() && !"_.".contains(c)).filter(|w| !w.is_empty()).collect();
    let is_called = |table: &str| {
        words.windows(2).any(|pair| pair == [table, name]) || words.windows(3).any(|three| three == [table, "AS", name])
    };
    growing.iter().find(|table| *table == name || is_called(table)).cloned()
}

/// Whether a step finds rows by nothing but columns that many of them share.
fn is_shared(step: &str) -> bool {
    let Some((_, terms)) = step.split_once('(') else { return false };
    let columns = terms
        .trim_end_matches([')', ' '])
        .split(" AND ")
        .map(|term| term.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default());
    columns.into_iter().all(|column| SHARED.contains(&column))
}

/// The number of the exception that lets a statement walk a table.
fn exception(sql: &str, table: &str) -> Option<usize> {
    MAY_WALK.iter().position(|(words, of, _)| sql.contains(words) && [table, ANY].contains(of))
}

#[tokio::test]
async fn no_statement_of_the_store_walks_a_table_that_grows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    scenario::run(&path).await;
    let db = Connection::open(&path).unwrap();
    let growing = growing(&db);
    assert!(growing.len() > 20, "{growing:?}");
    let heard = HEARD.lock().unwrap().clone();
    let (mut statements, mut unheard) = (BTreeSet::new(), Vec::new());
    for Literal { file, parts, is_whole } in literals() {
        let parts: Vec<String> = parts.iter().map(|part| spaced(part)).collect();
        if is_whole {
            statements.insert(parts[0].clone());
        } else if !heard.iter().any(|sql| source_text::holds_in_order(sql, &parts)) {
            unheard.push(format!("{file}: {parts:?}"));
        }
    }
    let of_store = |sql: &&String| source_text::is_statement(sql);
    statements.extend(heard.iter().filter(of_store).cloned());
    assert!(statements.len() > 300, "{}", statements.len());
    let (mut walking, mut used) = (Vec::new(), BTreeSet::new());
    for sql in &statements {
        // Of tables that only a database of version 1 has.
        let Ok(found) = walks(&db, &growing, sql) else {
            assert!(sql.contains("case_events_v1"), "this cannot be explained: {sql}");
            continue;
        };
        for (table, step) in found {
            match exception(sql, &table) {
                Some(number) => drop(used.insert(number)),
                None => walking.push(format!("{step}\n    {sql}")),
            }
        }
    }
    let unused: Vec<_> = (0..MAY_WALK.len()).filter(|n| !used.contains(n)).map(|n| MAY_WALK[n]).collect();
    assert!(
        unheard.is_empty() && walking.is_empty() && unused.is_empty(),
        "the scenario never ran these: {unheard:#?}\n{} statements walk:\n{}\nthese exceptions are of no statement: {unused:#?}",
        walking.len(),
        walking.join("\n")
    );
}

#[tokio::test]
async fn a_walk_is_found_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    drop(super::Store::open(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    let growing = growing(&db);
    for (sql, table) in [
        ("SELECT * FROM alerts WHERE may_be_banned = 1", "alerts"),
        ("SELECT a.number FROM alerts AS a WHERE a.revision > 3", "alerts"),
        ("SELECT count(*) FROM detections d", "detections"),
        ("DELETE FROM notices WHERE reason = ?1", "notices"),
        ("UPDATE deadlines SET step = 1 WHERE person = ?1", "deadlines"),
        // By an index, and all the same every event of every alert.
        ("SELECT actor FROM events WHERE subject_kind = 'alert' AND kind = 'reported'", "events"),
        // Who reported, as it was asked before: with 588 findings 1.2 s a call.
        (
            "WITH merged (number) AS (SELECT ?1 UNION SELECT 'x') SELECT e.actor FROM merged m
             JOIN events e ON e.subject_kind = 'alert' AND e.subject = m.number AND e.kind = 'reported'",
            "events",
        ),
        ("SELECT o.id FROM polls p JOIN observations o ON o.stored_at = p.started_at WHERE p.id = 1", "observations"),
    ] {
        let found = walks(&db, &growing, sql).unwrap();
        assert!(found.iter().any(|(walked, _)| walked == table), "{sql}: {found:?}");
        assert_eq!(exception(&spaced(sql), table), None, "{sql}");
    }
    let by_index = "SELECT e.actor FROM events e WHERE e.subject_kind = 'alert' AND e.subject = ?1";
    assert_eq!(walks(&db, &growing, by_index).unwrap(), []);
}
