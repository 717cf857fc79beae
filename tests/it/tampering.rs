//! Tampering is found: whoever edits, removes or adds a row by hand, also one who knows how digests and the chain are
//! made, has no key. What is not provable is named in docs/tampering.md.

use std::path::Path;

use firegrid::credentials;
use firegrid::domain::account::{Role, Stay, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::Act;
use firegrid::domain::burning::{BurnRules, PlanAct};
use firegrid::domain::calendar::BurnWeather;
use firegrid::domain::finding::FindingKind;
use firegrid::domain::handover::Handover;
use firegrid::domain::heat_approval::{ApprovalRules, NewHeatSource};
use firegrid::domain::heat_source::HeatSourceKind;
use firegrid::domain::observation::{Observation, ProcessingLevel};
use firegrid::domain::plan::PlanId;
use firegrid::domain::position::Position;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::store::audit::{Audit, AuditFault, Verdict};
use firegrid::store::{
    Acceptance, AccountChange, By, ClockFound, Complainant, Distrust, Error, HandOver, Look, NewAccount, NewAlert,
    NewSession, NewToken, Outside, PlanCommand, RegionFiles, RowFault, SignIn, SignInMethod, Store,
};
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::alert_life::{at, patrol};
use crate::burning::application;
use crate::ground_fixture::row;
use crate::spine::{Desk, person};

const NOW: &str = "2026-04-13T07:00:00Z";

fn now() -> Timestamp {
    at(NOW)
}

/// Something of everything that people and the service leave behind.
async fn season() -> Desk {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let first = row(122.12, 45.97, "2026-04-13T05:12:00Z");
    desk.record(vec![first.clone()]).await;
    // What was judged of it before stays.
    desk.record(vec![Observation { level: ProcessingLevel::Sp, ..first }]).await;
    desk.act(&number, Act::Acknowledge, person("王", "A-a-1")).await.unwrap();
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    let complainant = Complainant { name: Some("周".to_owned()), phone: None, address: None };
    let complaint = NewAlert {
        source: firegrid::domain::alert::AlertSource::Complaint,
        complainant: Some(complainant),
        actor: person("市值班员", "S"),
        reported_by: None,
        ..patrol(122.15, 45.95, NOW)
    };
    desk.add(complaint).await;
    office_work(&desk).await;
    accounts(&desk).await;
    desk
}

async fn office_work(desk: &Desk) {
    let (store, ground, rules) = (&desk.store, desk.ground.clone(), BurnRules::default());
    let version = firegrid::domain::ground::RegionVersion("one".to_owned());
    store
        .activate_region(
            RegionFiles { region_id: "fixture".to_owned(), version, bundle: vec![1], plans: Vec::new() },
            None,
            now(),
        )
        .await
        .unwrap();
    store
        .whole()
        .carry_out(application("P"), (By::now(person("甲镇长", "A-a")), ground.clone(), BurnRules::default()), now())
        .await
        .unwrap();
    let hours = |n| now() + SignedDuration::from_hours(n);
    for act in [PlanAct::Approve, PlanAct::Order { from: hours(18), to: hours(22) }] {
        let command = PlanCommand { id: PlanId("P".to_owned()), act, note: None, photos: Vec::new() };
        store.whole().carry_out(command, (By::now(person("甲县长", "A")), ground.clone(), rules), now()).await.unwrap();
    }
    let weather = BurnWeather { unit_code: UnitCode("A".to_owned()), date: "2026-04-13".parse().unwrap(), level: 2 };
    store.whole().carry_out(weather, (By::now(person("甲县长", "A")), ground.clone()), now()).await.unwrap();
    let source = NewHeatSource {
        name: "砖窑".to_owned(),
        kind: HeatSourceKind::Kiln,
        centre: Position::from_lon_lat(122.08, 45.92).unwrap(),
        radius_m: 300.0,
        unit: UnitCode("A".to_owned()),
        watched_by: None,
        expires: "2026-10-01".parse().unwrap(),
    };
    let (by, rules) = (By::now(person("市值班员", "S")), ApprovalRules::default());
    store.whole().carry_out(source, (by.clone(), ground.clone(), rules), now()).await.unwrap();
    let handover = Handover {
        unit: UnitCode("S".to_owned()),
        gives: "甲".to_owned(),
        takes: "乙".to_owned(),
        note: String::new(),
    };
    let scope = firegrid::domain::account::Scope::of(&ground, &handover.unit).unwrap();
    store
        .accounts()
        .seen_by(std::sync::Arc::new(scope), Role::City)
        .carry_out(HandOver { handover, shift: None }, (by, ground), now())
        .await
        .unwrap();
}

async fn accounts(desk: &Desk) {
    let new = NewAccount {
        name: "county".to_owned(),
        person: "县长".to_owned(),
        role: Role::County,
        unit: UnitCode("A".to_owned()),
        phone: None,
        password_hash: Some("hash".to_owned()),
        subject: None,
    };
    let account = desk.store.accounts().add(new, Actor::system(), now()).await.unwrap();
    let day = SignedDuration::from_hours(24);
    let session = NewSession {
        secret_hash: credentials::digest("session"),
        account_id: account.id,
        how: SignInMethod::Password,
        device: "phone".to_owned(),
        address: "127.0.0.1".to_owned(),
        stay: Stay { unused: day, longest: day },
        device_hash: None,
        known_as: None,
        replaces: None,
    };
    desk.store.accounts().sign_in(SignIn::Proved, session, now()).await.unwrap();
    let token = NewToken {
        secret_hash: credentials::digest("token"),
        label: "t".to_owned(),
        power: TokenPower::Read,
        expires_at: now() + day,
    };
    desk.store.accounts().change("county", AccountChange::Token(token), Actor::system(), now()).await.unwrap();
}

/// Tables of which a row is expected, because they are evidence.
const EVIDENCE: [&str; 23] = [
    "accounts",
    "alert_chains",
    "alerts",
    "api_tokens",
    "burn_orders",
    "burn_plans",
    "burn_weather",
    "complainants",
    "deadlines",
    "detections",
    "events",
    "fires",
    "handovers",
    "heat_sources",
    "installation",
    "judgements",
    "notices",
    "observations",
    "photos",
    "polls",
    "region_activations",
    "region_versions",
    "sessions",
];

/// Somebody with the database and firegrid's source, and without the key.
struct Insider {
    db: Connection,
    /// As it was, so that one tampering after the other can be undone.
    _pristine: tempfile::TempDir,
}

impl Insider {
    fn at(path: &Path) -> Self {
        let db = Connection::open(path).unwrap();
        let pristine = tempfile::tempdir().unwrap();
        let copy = pristine.path().join("copy.sqlite");
        db.backup("main", &copy, None).unwrap();
        db.execute("ATTACH ?1 AS pristine", [copy.to_str().unwrap()]).unwrap();
        db.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
             DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed;",
        )
        .unwrap();
        Self { db, _pristine: pristine }
    }

    /// Puts a table and all digests back to what they were.
    fn undo(&self, table: &str) {
        let columns: Vec<String> = self.columns(table).into_iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let columns = columns.join(", ");
        self.db
            .execute_batch(&format!(
                "BEGIN; DELETE FROM \"{table}\";
                 INSERT INTO \"{table}\" (rowid, {columns}) SELECT rowid, {columns} FROM pristine.\"{table}\";
                 DELETE FROM row_digests; INSERT INTO row_digests SELECT * FROM pristine.row_digests; COMMIT;"
            ))
            .unwrap();
    }

    fn tables(&self) -> Vec<(String, bool)> {
        let sql = "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                   AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let mut select = self.db.prepare(sql).unwrap();
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Columns that can be written, each with its type.
    fn columns(&self, table: &str) -> Vec<(String, String)> {
        let sql = format!("SELECT name, type FROM pragma_table_xinfo('{table}') WHERE hidden = 0");
        let mut select = self.db.prepare(&sql).unwrap();
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn first_row(&self, table: &str) -> Option<i64> {
        self.db.query_row(&format!("SELECT min(rowid) FROM \"{table}\""), [], |row| row.get(0)).unwrap()
    }

    fn cell(&self, table: &str, column: &str, row: i64) -> Value {
        let sql = format!("SELECT \"{column}\" FROM \"{table}\" WHERE rowid = ?1");
        self.db.query_row(&sql, [row], |row| row.get(0)).unwrap()
    }

    /// Adds a row with the content of another one, but for what must be unique.
    fn add_like(&self, table: &str, row: i64, columns: &[String]) -> usize {
        let unique =
            "SELECT DISTINCT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE l.\"unique\"
                      UNION SELECT name FROM pragma_table_info(?1) WHERE pk > 0";
        let mut select = self.db.prepare(unique).unwrap();
        let unique: Vec<String> = select.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let kinds = self.columns(table);
        let values: Vec<String> = columns
            .iter()
            .zip(&kinds)
            .map(|(column, (name, kind))| match (unique.contains(name), kind.as_str()) {
                (false, _) => column.clone(),
                (true, "INTEGER" | "INT4") => format!("{column} + {ELSEWHERE}"),
                (true, _) => format!("{column} || 'x'"),
            })
            .collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        // Under a number that is known, so that its digest can be made too.
        let sql = if kinds.iter().any(|(name, kind)| kind == "INTEGER" && self.is_row_number(table, name)) {
            format!("INSERT INTO \"{table}\" ({columns}) SELECT {values} FROM \"{table}\" WHERE rowid = {row}")
        } else {
            format!(
                "INSERT INTO \"{table}\" (rowid, {columns}) SELECT rowid + {ELSEWHERE}, {values} FROM \"{table}\"
                 WHERE rowid = {row}"
            )
        };
        self.db.execute(&sql, []).unwrap()
    }

    fn is_row_number(&self, table: &str, column: &str) -> bool {
        let sql = "SELECT count(*) = 1 AND max(name) = ?2 FROM pragma_table_info(?1) WHERE pk > 0";
        self.db.query_row(sql, [table, column], |row| row.get(0)).unwrap()
    }

    /// Makes the digest of a row right again, as firegrid does it, but for what takes the key.
    fn mend_digest(&self, table: &str, row: i64) {
        let id: Option<i64> =
            self.db.query_row("SELECT id FROM digested_tables WHERE name = ?1", [table], |row| row.get(0)).ok();
        let Some(id) = id else { return };
        let values: Option<Vec<Value>> = self
            .db
            .query_row(&format!("SELECT * FROM \"{table}\" WHERE rowid = ?1"), [row], |row| {
                (0..row.as_ref().column_count()).map(|i| row.get(i)).collect()
            })
            .ok();
        let Some(values) = values else {
            self.db.execute("DELETE FROM row_digests WHERE table_id = ?1 AND row_id = ?2", [id, row]).unwrap();
            return;
        };
        let digest = digest_of(values);
        let put = "INSERT INTO row_digests (table_id, row_id, digest, mac) VALUES (?1, ?2, ?3, ?3)
                   ON CONFLICT DO UPDATE SET digest = excluded.digest";
        self.db.execute(put, params![id, row, digest]).unwrap();
    }
}

/// The digest of some values, as firegrid makes it.
fn digest_of(values: Vec<Value>) -> Vec<u8> {
    let mut hash = Sha256::new();
    for value in values {
        let (kind, bytes) = match value {
            Value::Null => (0, Vec::new()),
            Value::Integer(number) => (1, number.to_le_bytes().to_vec()),
            Value::Real(number) => (2, number.to_bits().to_le_bytes().to_vec()),
            Value::Text(text) => (3, text.into_bytes()),
            Value::Blob(bytes) => (4, bytes),
        };
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize()[..16].to_vec()
}

/// How far an edited number is from what it was; also that of a row.
const ELSEWHERE: i64 = 1_000_003;

/// Another value of the same column.
fn another(value: &Value, kind: &str) -> Value {
    match value {
        Value::Integer(number) => Value::Integer(number + ELSEWHERE),
        Value::Real(number) => Value::Real(number + 0.25),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(bytes) => Value::Blob([bytes.as_slice(), b"x"].concat()),
        Value::Null if kind == "INTEGER" => Value::Integer(7),
        Value::Null if kind == "REAL" => Value::Real(7.5),
        Value::Null if kind == "BLOB" => Value::Blob(vec![7]),
        Value::Null => Value::Text("x".to_owned()),
    }
}

async fn is_found(store: &Store) -> bool {
    // What cannot even be read is an error, and the command ends as with a fault.
    store.whole().verify_audit(None).await.map_or(true, |audit| audit.unwrap().verdict == Verdict::Broken)
}

/// Tables that docs/tampering.md names as not covered.
fn uncovered() -> Vec<String> {
    let doc = std::fs::read_to_string("docs/tampering.md").unwrap();
    let list = doc.split("## Not covered").nth(1).unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("- `"));
    names.map(|line| line.split('`').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_column_of_every_table_edited_a_row_removed_and_one_added_are_found_without_the_key() {
    let desk = season().await;
    let store = &desk.store;
    assert_eq!(store.whole().verify_audit(None).await.unwrap().unwrap().verdict, Verdict::Unproven);
    let insider = Insider::at(store.path());
    let (uncovered, mut missed, mut edits, mut seen) = (uncovered(), Vec::new(), 0, Vec::new());
    for (table, has_no_rowid) in insider.tables() {
        if uncovered.contains(&table) {
            continue;
        }
        if table == "row_digests" || table == "alert_scope" {
            assert!(has_no_rowid, "{table} has a test of its own");
            continue;
        }
        assert!(!has_no_rowid, "{table} is neither covered nor named in docs/tampering.md");
        let Some(row) = insider.first_row(&table) else { continue };
        seen.push(table.clone());
        for (column, kind) in insider.columns(&table) {
            let after = another(&insider.cell(&table, &column, row), &kind);
            insider
                .db
                .execute(&format!("UPDATE \"{table}\" SET \"{column}\" = ?2 WHERE rowid = ?1"), params![row, after])
                .unwrap();
            // With another number it is another row.
            insider.mend_digest(&table, row);
            insider.mend_digest(&table, row + ELSEWHERE);
            edits += 1;
            if !is_found(store).await {
                missed.push(format!("{table}.{column}"));
            }
            insider.undo(&table);
        }
        for change in ["removed", "added"] {
            let columns: Vec<_> = insider.columns(&table).into_iter().map(|(name, _)| format!("\"{name}\"")).collect();
            match change {
                "removed" => insider.db.execute(&format!("DELETE FROM \"{table}\" WHERE rowid = ?1"), [row]).unwrap(),
                _ => insider.add_like(&table, row, &columns),
            };
            insider.mend_digest(&table, row);
            insider.mend_digest(&table, row + ELSEWHERE);
            edits += 1;
            if !is_found(store).await {
                missed.push(format!("a row of {table} {change}"));
            }
            insider.undo(&table);
        }
    }
    println!("{edits} edits of {} tables", seen.len());
    assert!(missed.is_empty(), "not found: {missed:?}");
    assert!(edits > 250, "{edits}");
    let lacking: Vec<_> = EVIDENCE.iter().filter(|table| !seen.iter().any(|seen| seen == *table)).collect();
    assert!(lacking.is_empty(), "no row of {lacking:?}");
    assert!(!is_found(store).await, "all was undone");
}

/// A sweep that passes for the wrong reason is none: what mends digests mends them, and only the key finds it.
#[tokio::test]
async fn an_edit_with_its_digest_made_right_is_named_by_its_mac_alone() {
    let desk = season().await;
    let insider = Insider::at(desk.store.path());
    let verify = async || desk.store.whole().verify_audit(None).await.unwrap().unwrap();
    insider.db.execute("UPDATE alerts SET owner_code = 'A-b' WHERE rowid = 1", []).unwrap();
    let fault = |audit: &Audit| audit.damage.iter().map(|row| (row.table.clone(), row.fault)).collect::<Vec<_>>();
    assert_eq!(fault(&verify().await), [("alerts".to_owned(), RowFault::Changed)]);
    insider.mend_digest("alerts", 1);
    assert_eq!(fault(&verify().await), [("alerts".to_owned(), RowFault::Forged)]);
    insider.undo("alerts");
    // Taken out with its digest.
    insider.db.execute("DELETE FROM complainants", []).unwrap();
    insider
        .db
        .execute(
            "DELETE FROM row_digests WHERE table_id = (SELECT id FROM digested_tables WHERE name = 'complainants')",
            [],
        )
        .unwrap();
    let audit = verify().await;
    assert_eq!(audit.faults, [AuditFault::TableDiffers { table: "complainants".to_owned() }]);
    // The daily look says so too, and the service goes on.
    assert_eq!(
        desk.store.check(Look::Whole).await.unwrap().iter().filter(|found| found.contains("complainants")).count(),
        1
    );
    insider.undo("complainants");
    assert_eq!(verify().await.verdict, Verdict::Unproven);
}

#[tokio::test]
async fn scopes_and_digests_are_found_too_with_everything_made_right_that_needs_no_key() {
    let desk = season().await;
    let insider = Insider::at(desk.store.path());
    let number: String =
        insider.db.query_row("SELECT number FROM alerts WHERE rowid = 1", [], |row| row.get(0)).unwrap();
    for change in [
        "UPDATE alert_scope SET unit_code = 'A-b' WHERE number = ?1 AND unit_code = 'A-a'",
        "UPDATE alert_scope SET relation = relation || 'x' WHERE number = ?1",
        "DELETE FROM alert_scope WHERE number = ?1 AND unit_code = 'A'",
        "INSERT INTO alert_scope SELECT 'B', is_open, first_seen_at, number, 'own' FROM alert_scope WHERE number = ?1 LIMIT 1",
    ] {
        let before: Vec<u8> =
            insider.db.query_row("SELECT scope_digest FROM alerts WHERE rowid = 1", [], |row| row.get(0)).unwrap();
        assert!(insider.db.execute(change, [&number]).unwrap() > 0, "{change}");
        let rows: Vec<Vec<Value>> = insider
            .db
            .prepare("SELECT unit_code, is_open, first_seen_at, relation FROM alert_scope WHERE number = ?1 ORDER BY unit_code")
            .unwrap()
            .query_map([&number], |row| (0..4).map(|i| row.get(i)).collect())
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let digest = digest_of(rows.concat());
        assert_ne!(digest, before);
        insider.db.execute("UPDATE alerts SET scope_digest = ?1 WHERE rowid = 1", [digest]).unwrap();
        insider.mend_digest("alerts", 1);
        let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
        let damage: Vec<_> = audit.damage.iter().map(|row| (row.table.as_str(), row.fault)).collect();
        assert_eq!(damage, [("alerts", RowFault::Forged)], "{change}");
        let undo =
            "BEGIN; DELETE FROM alert_scope; INSERT INTO alert_scope SELECT * FROM pristine.alert_scope; COMMIT;";
        insider.db.execute_batch(undo).unwrap();
        insider.undo("alerts");
        assert!(!is_found(&desk.store).await, "{change}");
    }
    for change in [
        "UPDATE row_digests SET digest = zeroblob(16) WHERE row_id = 1",
        "UPDATE row_digests SET mac = zeroblob(16) WHERE row_id = 1",
        "DELETE FROM row_digests WHERE row_id = 1",
        "INSERT INTO row_digests SELECT table_id, 99999, digest, mac FROM row_digests LIMIT 1",
    ] {
        insider.db.execute(change, []).unwrap();
        assert!(is_found(&desk.store).await, "{change}");
        insider.undo("alerts");
    }
}

/// Makes every hash of the log right again from an event on.
fn chain_anew(db: &Connection) {
    let columns =
        "seq, at, subject_kind, subject, kind, actor, actor_unit, on_behalf_of, claimed_at, client_id, detail,
                   account, let_in_by, access, address";
    let mut previous = "0".repeat(64);
    let rows: Vec<Vec<Value>> = db
        .prepare(&format!("SELECT {columns} FROM events ORDER BY seq"))
        .unwrap()
        .query_map([], |row| (0..15).map(|i| row.get(i)).collect())
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for row in rows {
        let mut hash = Sha256::new();
        let (format, previous_value) = (Value::Text("format 2".to_owned()), Value::Text(previous.clone()));
        for value in [&format].into_iter().chain(&row[..11]).chain([&previous_value]).chain(&row[11..]) {
            let text = match value {
                Value::Null => None,
                Value::Integer(number) => Some(number.to_string()),
                Value::Text(text) => Some(text.clone()),
                other => panic!("{other:?}"),
            };
            match text {
                None => hash.update([0]),
                Some(text) => {
                    hash.update([1]);
                    hash.update((text.len() as u64).to_le_bytes());
                    hash.update(text.as_bytes());
                }
            }
        }
        let hash = hex::encode(hash.finalize());
        let set = "UPDATE events SET previous = ?2, hash = ?3 WHERE seq = ?1";
        db.execute(set, params![row[0], previous, hash]).unwrap();
        previous = hash;
    }
}

#[tokio::test]
async fn a_log_that_was_rewritten_cut_or_added_to_with_every_hash_right_is_found_without_a_head() {
    for change in [
        "UPDATE events SET actor = '别人' WHERE kind = 'acknowledged'",
        "UPDATE events SET account = 'other', access = 'session 9' WHERE kind = 'reported'",
        "UPDATE events SET detail = replace(detail, 'straw', 'garbage') WHERE kind = 'reported'",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "DELETE FROM events WHERE seq > (SELECT max(seq) - 3 FROM events)",
        "INSERT INTO events (seq, at, subject_kind, subject, kind, actor, detail, previous, hash, format)
             SELECT seq + 1, at, 'account', 'county', 'password_set', 'firegrid', '{}', '', '', 2 FROM events ORDER BY seq DESC LIMIT 1",
    ] {
        let desk = season().await;
        let insider = Insider::at(desk.store.path());
        insider.db.execute(change, []).unwrap();
        chain_anew(&insider.db);
        let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
        assert_eq!(audit.faults, [AuditFault::Unsealed { why: Distrust::OtherLog }], "{change}");
        // What firegrid goes on to write makes nothing of it true.
        desk.record(vec![row(122.03, 45.98, "2026-04-13T06:12:00Z")]).await;
        let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
        assert!(audit.faults.contains(&AuditFault::Unsealed { why: Distrust::OtherLog }), "{change}: {:?}", audit.faults);
    }
}

#[tokio::test]
async fn what_was_changed_by_hand_stays_found_when_firegrid_writes_the_same_row() {
    let desk = season().await;
    let number = desk.alerts().await[1].number.clone();
    let insider = Insider::at(desk.store.path());
    insider.db.execute("UPDATE alerts SET may_be_banned = 1 - may_be_banned", []).unwrap();
    for row in 1..10 {
        insider.mend_digest("alerts", row);
    }
    desk.act(&number, Act::Acknowledge, person("李", "A-a-2")).await.unwrap();
    let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
    assert_eq!(audit.verdict, Verdict::Broken);
    // All of them put right again by hand, but for the one that firegrid has written meanwhile.
    for table in ["seal", "digested_tables"] {
        let before = audit.verdict;
        insider.db.execute(&format!("DELETE FROM {table}"), []).unwrap();
        assert_eq!(desk.store.whole().verify_audit(None).await.unwrap().unwrap().verdict, before, "without {table}");
    }
}

#[tokio::test]
async fn a_seal_that_is_forged_removed_or_made_anew_proves_nothing_until_a_person_accepts() {
    let desk = season().await;
    let (path, key) = (desk.store.path().to_owned(), desk.folder.path().join("firegrid.sqlite.key"));
    let head = desk.store.sealed_head(now()).await.unwrap();
    assert_eq!(
        desk.store.whole().verify_audit(Some(vec![head.clone()])).await.unwrap().unwrap().verdict,
        Verdict::Proven
    );
    desk.store.close().await;
    let pristine = std::fs::read(&path).unwrap();
    let why = |audit: &Audit| audit.faults.clone();
    for (change, expected) in [
        ("UPDATE seal SET revision = revision + 1", AuditFault::Unsealed { why: Distrust::Forged }),
        ("UPDATE digested_tables SET is_complete = 0", AuditFault::Unsealed { why: Distrust::Forged }),
        ("UPDATE digested_tables SET schema_version = 0", AuditFault::Unsealed { why: Distrust::Forged }),
        ("CREATE TABLE other (id INTEGER PRIMARY KEY)", AuditFault::Unsealed { why: Distrust::BegunAnew }),
        ("DELETE FROM seal", AuditFault::Unsealed { why: Distrust::Removed }),
        // As if the version that brought the seal had just been installed: only the head knows better.
        (
            "UPDATE alerts SET verdict = 'limited'; DELETE FROM seal; DELETE FROM digested_tables; DELETE FROM row_digests",
            AuditFault::HeadOfOtherSeal { seq: head.seq },
        ),
    ] {
        std::fs::write(&path, &pristine).unwrap();
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let store = Store::open(&path).unwrap();
        let audit = store.whole().verify_audit(Some(vec![head.clone()])).await.unwrap().unwrap();
        assert!(why(&audit).contains(&expected), "{change}: {audit:?}");
        store.health().ping().await.unwrap();
        while store.take_up_digests().await.unwrap() {}
        let audit = store.whole().verify_audit(Some(vec![head.clone()])).await.unwrap().unwrap();
        assert_eq!(audit.verdict, Verdict::Broken, "{change}: writing on mends nothing");
        store.close().await;
    }
    // The key is gone: another is made, warning goes on, and nothing is proven.
    std::fs::write(&path, &pristine).unwrap();
    std::fs::rename(&key, key.with_extension("aside")).unwrap();
    let store = Store::open(&path).unwrap();
    store.health().ping().await.unwrap();
    let audit = store.whole().verify_audit(Some(vec![head.clone()])).await.unwrap().unwrap();
    assert!(why(&audit).contains(&AuditFault::Unsealed { why: Distrust::OtherKey }), "{audit:?}");
    assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new(), "it is no damage");
    store.close().await;

    let acceptance = Acceptance {
        actor: person("值班员", "S"),
        why: "密钥丢失".to_owned(),
        at: now() + SignedDuration::from_hours(1),
    };
    let store = Store::open_witnessed(&path, Outside { accepted: Some(&acceptance), ..Outside::default() }).unwrap();
    while store.take_up_digests().await.unwrap() {}
    let audit = store.whole().verify_audit(Some(vec![head.clone()])).await.unwrap().unwrap();
    assert_eq!((audit.verdict, why(&audit)), (Verdict::Unproven, Vec::new()), "{audit:?}");
    let new = store.sealed_head(now() + SignedDuration::from_hours(2)).await.unwrap();
    assert_eq!(store.whole().verify_audit(Some(vec![head, new])).await.unwrap().unwrap().verdict, Verdict::Proven);
    store.close().await;
}

#[tokio::test]
async fn a_whole_folder_put_back_to_an_earlier_state_is_found_by_heads_and_forged_heads_are_too() {
    let desk = season().await;
    desk.store.close().await;
    let path = desk.store.path().to_owned();
    let names = ["firegrid.sqlite", "firegrid.sqlite.tip", "firegrid.sqlite.installation"];
    let old: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(desk.folder.path().join(name)).unwrap()).collect();
    // Not everything leaves an event: what is sealed rises all the same.
    let store = Store::open(&path).unwrap();
    let before = store.sealed_head(now()).await.unwrap();
    store.note_clock(ClockFound::Certain(now()), now()).await.unwrap();
    let head = store.sealed_head(now()).await.unwrap();
    assert_eq!(head.seq, before.seq, "no event");
    assert!(head.seal.as_ref().unwrap().revision > before.seal.as_ref().unwrap().revision);
    store.close().await;
    for (name, bytes) in names.iter().zip(&old) {
        std::fs::write(desk.folder.path().join(name), bytes).unwrap();
    }
    let store = Store::open(&path).unwrap();
    let verify = async |head| store.whole().verify_audit(Some(vec![head])).await.unwrap().unwrap();
    assert_eq!(verify(before.clone()).await.verdict, Verdict::Proven);
    assert_eq!(verify(head.clone()).await.faults, [AuditFault::OlderThanHead { seq: head.seq }]);
    let mut forged = before.clone();
    forged.seal.as_mut().unwrap().revision -= 1;
    assert_eq!(verify(forged).await.faults, [AuditFault::HeadForged { seq: before.seq }]);
    let unsealed = firegrid::store::audit::Head { seal: None, ..before.clone() };
    assert_eq!(verify(unsealed).await.verdict, Verdict::Unproven, "whoever has the file can write such a line");
    store.close().await;
}

#[tokio::test]
async fn a_key_named_elsewhere_is_made_there_and_not_in_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("data/firegrid.sqlite"), folder.path().join("keys/seal.key"));
    let store = Store::open_witnessed(&path, Outside { key: Some(&key), ..Outside::default() }).unwrap();
    assert!(key.exists() && !folder.path().join("data/firegrid.sqlite.key").exists());
    store.backup(&folder.path().join("copy")).await.unwrap();
    assert!(!folder.path().join("copy/firegrid.sqlite.key").exists());
    store.close().await;
    std::fs::write(&key, "x").unwrap();
    let refused = Store::open_witnessed(&path, Outside { key: Some(&key), ..Outside::default() }).map(drop);
    assert!(matches!(&refused, Err(Error::File { path, .. }) if *path == key), "{refused:?}");
}
