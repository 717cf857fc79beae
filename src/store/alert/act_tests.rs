//! What every act does in every situation, by everybody: allowed or refused, and every row that follows.
//!
//! One table, kept as a snapshot: state, columns, clocks, notices, chains, events, scope. Each act is tried in a
//! savepoint and undone. Who is refused alike stands on one line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::Transaction;
use rusqlite::types::ValueRef;

use super::NewAlert;
use super::act::{ActError, Acting, Command};
use crate::domain::actor::Actor;
use crate::domain::alert::Act;
use crate::domain::alert::{AlertNumber, AlertSource};
use crate::domain::finding::{Finding, FindingKind, Review};
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::rules::Rules;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::ground_fixture::{batch, held, row};
use crate::store::query::{AlertRow, Span};
use crate::store::{Delivery, Error, Store};

const START: &str = "2026-04-13T07:00:00Z";

/// A city with one alert on the way, and another beside it.
struct Desk {
    store: Store,
    ground: Arc<Ground>,
    rules: Arc<Rules>,
    now: Timestamp,
    number: AlertNumber,
    other: AlertNumber,
    _folder: tempfile::TempDir,
}

fn code(text: &str) -> UnitCode {
    UnitCode(text.to_owned())
}

fn person(text: &str) -> Actor {
    let (name, unit) = text.split_once('@').unwrap();
    Actor::person(name, code(unit))
}

fn finding(kind: FindingKind) -> Finding {
    let put_out_at = (kind == FindingKind::IndustrialSource).then(|| "2026-04-13T06:30:00Z".parse().unwrap());
    Finding { kind, burnt_mu: None, material: None, action: None, put_out_at, position: None, photos: Vec::new() }
}

fn report(kind: FindingKind) -> Act {
    Act::Report { finding: finding(kind) }
}

fn review(review: Review) -> Act {
    Act::Review { review }
}

fn rectify() -> Act {
    Act::Rectify { by: "2026-04-20".parse().unwrap(), document_number: Some("罚字1号".to_owned()) }
}

fn rectified() -> Act {
    Act::Rectified { result: "已离田".to_owned(), handed_over_to: None }
}

fn dispute(proposed: &str) -> Act {
    Act::Dispute { proposed: code(proposed) }
}

impl Desk {
    /// Two fires of two pixels and of one in one township, the alert of the first in the ban zone.
    async fn new(first_at: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let (ground, rules) = (Arc::new(Ground::build(held())), Arc::new(Rules::default()));
        let now: Timestamp = START.parse().unwrap();
        let rows = vec![row(122.02, 45.97, first_at), row(122.024, 45.97, first_at), row(122.08, 45.92, first_at)];
        store.record(batch(rows, now), ground.clone(), rules.clone(), now).await.unwrap();
        let mut numbers: Vec<_> =
            store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().into_iter().map(|row| row.number).collect();
        numbers.sort();
        let [number, other] = <[_; 2]>::try_from(numbers).unwrap();
        Self { store, ground, rules, now, number, other, _folder: folder }
    }

    async fn act(&self, act: Act, by: &str) {
        let command = Command::plain(self.number.clone(), act, person(by));
        self.store.whole().carry_out(command, (self.ground.clone(), self.rules.clone()), self.now).await.unwrap();
    }

    /// The clocks run until then.
    async fn wait(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
        self.store.fire_due(self.ground.clone(), self.rules.clone(), self.now, 1000).await.unwrap();
    }

    async fn add(&mut self, source: AlertSource) {
        let new = NewAlert {
            source,
            position: Position::from_lon_lat(122.15, 45.95).unwrap(),
            seen_at: self.now,
            description: "堆放秸秆".to_owned(),
            actor: person("李@A-a-2"),
            reported_by: Some("李".to_owned()),
            external_number: None,
            letter_number: None,
            reply_by: Some("2026-04-16".parse().unwrap()),
            complainant: None,
            client_id: None,
        };
        self.number = self
            .store
            .whole()
            .carry_out(new, (self.ground.clone(), self.rules.clone()), self.now)
            .await
            .unwrap()
            .number;
    }
}

const NOON: &str = "2026-04-13T04:12:00Z";

/// The situations, each with what led to it.
async fn situations() -> Vec<(&'static str, Desk)> {
    let (inspector, town, county, city) = ("王@A-a-1", "镇长@A-a", "县长@A", "市长@S");
    let mut all = Vec::new();
    all.push(("open", Desk::new(NOON).await));
    let mut desk = Desk::new(NOON).await;
    desk.wait(25).await;
    all.push(("open, overdue", desk));
    let desk = Desk::new(NOON).await;
    let (ground, rules) = (desk.ground.clone(), desk.rules.clone());
    desk.store.note_delivery((desk.number.clone(), Delivery::Failed), ground, rules, desk.now).await.unwrap();
    all.push(("open, undelivered", desk));
    all.push(("open, late", Desk::new("2026-04-11T04:12:00Z").await));
    let desk = Desk::new(NOON).await;
    desk.act(dispute("A-c-1"), town).await;
    all.push(("open, disputed", desk));
    let desk = Desk::new(NOON).await;
    desk.act(Act::Dispatch { to: "李".to_owned(), unit: code("A-a-2") }, town).await;
    all.push(("open, dispatched", desk));
    let mut desk = Desk::new(NOON).await;
    desk.add(AlertSource::Problem).await;
    all.push(("open, problem with a reply date", desk));
    let desk = Desk::new(NOON).await;
    desk.act(Act::Acknowledge, inspector).await;
    all.push(("acknowledged", desk));
    let mut desk = Desk::new(NOON).await;
    desk.act(Act::Arrive { position: None }, inspector).await;
    desk.wait(40).await;
    all.push(("on site, not put out in time", desk));
    let desk = Desk::new(NOON).await;
    desk.act(Act::PutOut, inspector).await;
    desk.act(report(FindingKind::CouldNotReach), inspector).await;
    all.push(("reported", desk));
    let desk = Desk::new(NOON).await;
    desk.act(report(FindingKind::CouldNotReach), inspector).await;
    desk.act(dispute("A-c-1"), town).await;
    all.push(("reported, disputed", desk));
    let confirmed = || async {
        let desk = Desk::new(NOON).await;
        desk.act(report(FindingKind::IndustrialSource), inspector).await;
        desk.act(review(Review::Confirmed), county).await;
        desk
    };
    all.push(("confirmed", confirmed().await));
    let mut desk = Desk::new(NOON).await;
    desk.add(AlertSource::Inspection).await;
    desk.act(report(FindingKind::IndustrialSource), "李@A-a-2").await;
    desk.act(review(Review::Confirmed), county).await;
    all.push(("confirmed, with a reply date", desk));
    let desk = confirmed().await;
    desk.act(rectify(), county).await;
    all.push(("rectifying", desk));
    let desk = confirmed().await;
    desk.act(rectify(), county).await;
    desk.act(rectified(), town).await;
    all.push(("rectified", desk));
    let desk = Desk::new(NOON).await;
    desk.act(report(FindingKind::CouldNotReach), inspector).await;
    desk.act(review(Review::Excluded), city).await;
    all.push(("excluded", desk));
    let desk = confirmed().await;
    desk.act(Act::Close, county).await;
    all.push(("closed", desk));
    let mut desk = confirmed().await;
    desk.act(Act::Close, county).await;
    desk.wait(31 * 24 * 60).await;
    all.push(("look-back due", desk));
    let mut desk = confirmed().await;
    desk.act(Act::Close, county).await;
    desk.wait(31 * 24 * 60).await;
    desk.act(Act::LookBack { is_clean: true }, county).await;
    all.push(("looked back", desk));
    all
}

fn acts(other: &AlertNumber, pixels: &[String]) -> Vec<(&'static str, Act)> {
    vec![
        ("dispatch", Act::Dispatch { to: "李".to_owned(), unit: code("A-a-2") }),
        ("dispatch abroad", Act::Dispatch { to: "孙".to_owned(), unit: code("A-c-1") }),
        ("acknowledge", Act::Acknowledge),
        ("arrive", Act::Arrive { position: Some(Position::from_lon_lat(122.02, 45.97).unwrap()) }),
        ("put out", Act::PutOut),
        ("report, not reached", report(FindingKind::CouldNotReach)),
        ("report a kiln, out", report(FindingKind::IndustrialSource)),
        ("report straw, no photo", report(FindingKind::Straw)),
        ("confirm", review(Review::Confirmed)),
        ("exclude", review(Review::Excluded)),
        ("send back", review(Review::SentBack)),
        ("rectify", rectify()),
        ("rectified", rectified()),
        ("close", Act::Close),
        ("look back, clean", Act::LookBack { is_clean: true }),
        ("look back, burns", Act::LookBack { is_clean: false }),
        ("dispute, sibling", dispute("A-a-2")),
        ("dispute, other town", dispute("A-c-1")),
        ("accept", Act::Decide { accepted: true }),
        ("refuse", Act::Decide { accepted: false }),
        ("reassign, sibling", Act::Reassign { to: code("A-a-2") }),
        ("reassign, other town", Act::Reassign { to: code("A-c-1") }),
        ("reassign, other county", Act::Reassign { to: code("B") }),
        ("call", Act::Call { whom: "王".to_owned(), answered: false }),
        ("merge", Act::Merge { into: other.clone() }),
        ("split", Act::Split { detections: pixels.iter().take(1).cloned().collect() }),
        ("split all", Act::Split { detections: pixels.to_vec() }),
        ("keep", Act::Keep),
    ]
}

/// Who tries, and in whose name.
const ROLES: [(&str, Option<&str>); 8] = [
    ("王@A-a-1", None),
    ("李@A-a-2", None),
    ("镇长@A-a", None),
    ("乡长@A-c", None),
    ("县长@A", None),
    ("县长@A", Some("王")),
    ("市长@S", None),
    ("外人@B", None),
];

/// Rows by table and key: each column with its text.
type Image = BTreeMap<&'static str, BTreeMap<String, Vec<(String, String)>>>;

/// Every row of a query by its first column; instants in minutes from the present.
fn rows(tx: &Transaction<'_>, now: Timestamp, sql: &str) -> Result<BTreeMap<String, Vec<(String, String)>>, Error> {
    // The comment tells whoever listens for the store's own statements that this is none.
    let mut select = tx.prepare(&format!("/* of a test */ {sql}"))?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = select.query([])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let mut columns = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let text = match row.get_ref(i)? {
                ValueRef::Null => "none".to_owned(),
                ValueRef::Integer(at) if name.ends_with("_at") => format!("{}m", (at - now.as_millisecond()) / 60_000),
                ValueRef::Integer(n) => n.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            };
            columns.push((name.clone(), text));
        }
        found.insert(columns.remove(0).1, columns);
    }
    Ok(found)
}

/// Everything that an act may change.
fn image(tx: &Transaction<'_>, now: Timestamp) -> Result<Image, Error> {
    let rows = |sql| rows(tx, now, sql);
    Ok(BTreeMap::from([
        (
            "1 alert",
            rows(
                "SELECT number, state, revision, responsible_code, township_code, county_code, owner_code,
                    owner_is_chosen, assigned_to, acknowledged_at, on_site_at, put_out_at, reported_at, finding_kind,
                    finder, finder_unit, reviewed_at, review, document_number, rectify_by, rectified_at, closed_at,
                    looked_back_at, is_disputed, proposed_code, disputed_by, undelivered_at, escalated_to,
                    rekindling_kept, merged_into, merged_by, superseded_at IS NOT NULL AS is_superseded, fire_id,
                    detections FROM alerts",
            )?,
        ),
        (
            "2 clock",
            rows(
                "SELECT id, alert_number, kind, unit_code, person, step, starts_at, due_at, remaining_ms, fired_at,
                    was_late, ended_at, outcome FROM deadlines",
            )?,
        ),
        (
            "3 notice",
            rows(
                "SELECT alert_number || '/' || printf('%03d', generation), alert_number, reason, unit_code, person
                 FROM notices",
            )?,
        ),
        ("4 chain", rows("SELECT id, alert_number, unit_code FROM alert_chains")?),
        ("5 event", rows("SELECT printf('%06d', seq), subject, kind, detail FROM events")?),
        ("6 scope", rows("SELECT number || ' ' || unit_code, relation, is_open FROM alert_scope")?),
    ]))
}

/// What differs: columns of a row that was there, all of a new one, but for what goes without saying.
fn difference(before: &Image, after: &Image, command: &Command) -> String {
    let by = &command.actor;
    let is_plain = |name: &str, text: &str| match name {
        "alert_number" | "subject" => text == command.number.0,
        "starts_at" => text == "0m",
        "step" | "was_late" => text == "0",
        _ => text == "none",
    };
    let is_own = |name: &str, text: &str| match name {
        "merged_by" | "finder" => text == by.name,
        "finder_unit" | "disputed_by" => by.unit.as_ref().is_some_and(|unit| unit.0 == text),
        _ => false,
    };
    let mut text = String::new();
    for (what, rows) in after {
        let old = &before[what];
        for (key, columns) in rows {
            let known = old.get(key);
            let changed = columns.iter().enumerate().filter(|(i, column)| match known {
                Some(known) => known[*i] != **column,
                None => !is_plain(&column.0, &column.1),
            });
            let said: Vec<_> = changed
                .map(|(_, (name, text))| format!("{name}={}", if is_own(name, text) { "·" } else { text }))
                .collect();
            if !said.is_empty() {
                // The row of a clock that was there, an alert and a unit are named; other keys are numbers.
                let is_named = known.is_some() || matches!(*what, "1 alert" | "6 scope");
                let named = if is_named { format!("{key} ") } else { String::new() };
                writeln!(text, "      {} {named}{}", &what[2..], said.join(" ")).unwrap();
            }
        }
        for gone in old.keys().filter(|key| !rows.contains_key(*key)) {
            writeln!(text, "      {} {gone} gone", &what[2..]).unwrap();
        }
    }
    text
}

fn outcome(
    desk: &(Arc<Ground>, Arc<Rules>, Timestamp),
    tx: &Transaction<'_>,
    command: &Command,
    before: &Image,
) -> String {
    tx.execute_batch("SAVEPOINT tried").unwrap();
    let acting = Acting { tx, ground: &desk.0, rules: &desk.1, now: desk.2, command };
    let text = match acting.run() {
        Ok(done) => {
            let changed = if done.changed { "" } else { ", unchanged" };
            let split: Vec<_> = done.split_off.iter().map(|number| format!(", split off {number}")).collect();
            let after = image(tx, desk.2).unwrap();
            format!("{}{changed}{}\n{}", done.state.name(), split.concat(), difference(before, &after, command))
        }
        Err(ActError::Refused(refusal)) => format!("refused: {}\n", refusal.code()),
        Err(ActError::Target { problem, .. }) => format!("refused: {problem}\n"),
        Err(error) => format!("error: {error}\n"),
    };
    tx.execute_batch("ROLLBACK TO tried; RELEASE tried").unwrap();
    text
}

/// The table of one situation.
fn table(
    desk: &(Arc<Ground>, Arc<Rules>, Timestamp),
    tx: &Transaction<'_>,
    number: &AlertNumber,
    other: &AlertNumber,
) -> String {
    let pixels = super::super::record::relink::keys_of(tx, fire_of(tx, number)).unwrap();
    let mut pixels: Vec<String> = pixels.into_iter().collect();
    pixels.sort();
    let mut text = String::new();
    let before = image(tx, desk.2).unwrap();
    for (id, columns) in &before["2 clock"] {
        let said: Vec<_> = columns.iter().filter(|(_, text)| text != "none").map(|(_, text)| text.as_str()).collect();
        writeln!(text, "  clock {id}: {}", said.join(" ")).unwrap();
    }
    let mut refused_by_state = Vec::new();
    for (name, act) in acts(other, &pixels) {
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        for (who, on_behalf_of) in ROLES {
            let command = Command {
                on_behalf_of: on_behalf_of.map(str::to_owned),
                ..Command::plain(number.clone(), act.clone(), person(who))
            };
            let came = outcome(desk, tx, &command, &before);
            let who = on_behalf_of.map_or_else(|| who.to_owned(), |whom| format!("{who} for {whom}"));
            match found.iter_mut().find(|(known, _)| *known == came) {
                Some((_, people)) => people.push(who),
                None => found.push((came, vec![who])),
            }
        }
        if found.iter().all(|(came, _)| came == "refused: state_does_not_allow\n") {
            refused_by_state.push(name);
            continue;
        }
        writeln!(text, "  {name}").unwrap();
        for (came, people) in found {
            let who = if people.len() == ROLES.len() { "all".to_owned() } else { people.join(", ") };
            write!(text, "    {who}: {came}").unwrap();
        }
    }
    writeln!(text, "  not in this state: {}", refused_by_state.join(", ")).unwrap();
    text
}

fn fire_of(tx: &Transaction<'_>, number: &AlertNumber) -> i64 {
    let fire: Option<i64> =
        tx.query_row("SELECT fire_id FROM alerts WHERE number = ?1", [&number.0], |row| row.get(0)).unwrap();
    fire.unwrap_or_default()
}

#[tokio::test]
async fn every_act_by_everybody_in_every_situation_does_what_the_table_says() {
    let mut text = String::new();
    for (name, desk) in situations().await {
        let (number, other) = (desk.number.clone(), desk.other.clone());
        let setting = (desk.ground.clone(), desk.rules.clone(), desk.now);
        let found = desk.store.write(move |tx| Ok(table(&setting, tx, &number, &other))).await.unwrap();
        writeln!(text, "{name}\n{found}").unwrap();
    }
    insta::assert_snapshot!(text);
}
