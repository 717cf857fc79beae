//! One number everywhere: whatever page, list, export, call or command says how many, it is the same, for every role.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use calamine::{Reader, Xlsx};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::detection::Origin;
use firegrid::domain::time::Timestamp;
use firegrid::domain::unit::UnitCode;
use firegrid::media::Bodies;
use firegrid::source::dialect::ReadOptions;
use firegrid::source::read_file;
use firegrid::store::OriginRule;
use firegrid::store::query::{AlertRow, DetectionRow, FireRow, Span};
use firegrid::watch::{Given, batch_of};
use serde_json::{Value, json};

use crate::commands::Desk;
use crate::ground_fixture::batch;
use crate::harness::real_data;
use crate::pages::{App, Setting, add_account, add_token, assert_in_order, observation, text_of};

/// Pixels, fires, alerts.
type Three = [u64; 3];

/// Somebody who reads.
struct Reader5 {
    name: &'static str,
    role: Role,
    unit: String,
}

impl App {
    async fn bytes_as(&self, who: &str, path: &str) -> Vec<u8> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {who}"));
        let (status, _, body) = self.ask_bytes(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{who} {path}: {}", String::from_utf8_lossy(&body));
        body
    }

    async fn text_as(&self, who: &str, path: &str) -> String {
        String::from_utf8(self.bytes_as(who, path).await).unwrap()
    }

    async fn json_as(&self, who: &str, path: &str) -> Value {
        serde_json::from_str(&self.text_as(who, path).await).unwrap()
    }

    async fn let_in(&self, readers: &[Reader5]) {
        for reader in readers {
            add_account(&self.store, reader.name, reader.role, &UnitCode(reader.unit.clone()), self.now).await;
            add_token(&self.store, reader.name, reader.name, TokenPower::Read, self.now).await;
        }
        self.store.refresh_scopes(self.ground.clone()).await.unwrap();
    }
}

fn three(counts: &Value) -> Three {
    ["pixels", "fires", "alerts"].map(|name| counts[name].as_u64().unwrap())
}

/// The last line of a page that begins so: its first two numbers and its last one.
fn total_line(page: &str, title: &str) -> Three {
    let text = text_of(page);
    let line = text.lines().rfind(|line| line.starts_with(title)).unwrap_or_else(|| panic!("no {title} in\n{text}"));
    let numbers: Vec<u64> = line[title.len()..].split_whitespace().map(|word| word.parse().unwrap()).collect();
    [numbers[0], numbers[1], *numbers.last().unwrap()]
}

/// The numbers of `X合计：热异常像元 1 个，疑似火点 1 处，告警 1 件`.
fn sentence(page: &str, title: &str) -> Three {
    let from = page.find(&format!("{title}：")).unwrap_or_else(|| panic!("no sentence of {title} in\n{page}"));
    let words = &page[from + title.len()..];
    let number = |before: &str| -> u64 {
        let rest = &words[words.find(before).unwrap() + before.len()..];
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    ["热异常像元 ", "疑似火点 ", "告警 "].map(number)
}

/// The number in a heading.
fn heading(page: &str, id: &str) -> u64 {
    let rest = &page[page.find(&format!("id=\"{id}\"")).unwrap()..];
    let rest = &rest[rest.find("class=\"n\"").unwrap()..];
    rest[rest.find('>').unwrap() + 1..rest.find('<').unwrap()].parse().unwrap()
}

fn features(document: &Value) -> u64 {
    document["features"].as_array().unwrap().len() as u64
}

/// What is there, counted by plain reckoning from all that was ever recorded.
struct Oracle {
    pixels: Vec<(Timestamp, Vec<String>)>,
    fires: Vec<(Timestamp, Vec<String>)>,
    alerts: Vec<(Timestamp, Vec<String>)>,
}

impl Oracle {
    async fn of(app: &App) -> Self {
        let line = |unit: Option<&UnitCode>| -> Vec<String> {
            unit.map(|unit| app.ground.line_of(unit).iter().map(|unit| unit.code.0.clone()).collect())
                .unwrap_or_default()
        };
        let pixels = app.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
        let fires = app.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap();
        let alerts = app.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap();
        Self {
            pixels: pixels
                .iter()
                .map(|row| (row.observation.key.acquired_at, line(row.judgement.unit.as_ref())))
                .collect(),
            fires: fires.iter().map(|row| (row.first_seen_at, line(row.unit_code.as_ref()))).collect(),
            // Nobody has reassigned anything: an alert is worked where it lies.
            alerts: alerts.iter().map(|row| (row.first_seen_at, line(Some(&row.unit_code)))).collect(),
        }
    }

    /// A neighbour has no unit and is on nobody's line.
    fn count(&self, unit: &str, (from, until): (Timestamp, Timestamp)) -> Three {
        [&self.pixels, &self.fires, &self.alerts].map(|rows| {
            let is_asked = |(at, line): &&(Timestamp, Vec<String>)| {
                *at >= from && *at < until && line.iter().any(|code| code == unit)
            };
            rows.iter().filter(is_asked).count() as u64
        })
    }

    /// The unit of a level with most pixels.
    fn busiest(&self, length: usize) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for code in self.pixels.iter().flat_map(|(_, line)| line).filter(|code| code.len() == length) {
            *counts.entry(code).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, n)| *n).unwrap().0.to_owned()
    }
}

/// The real polls of April 2022 on the sample region, recorded as they came.
async fn april() -> Option<App> {
    let polls = real_data("firms/replay")?;
    let region = firegrid::regions::load(Path::new("regions/baicheng")).unwrap().data;
    let app = App::start(Setting { region, rows: Vec::new(), now: "2022-04-24T00:00:00Z", ..Setting::default() }).await;
    let bodies = Bodies::beside(app.store.path());
    let mut files: Vec<_> = std::fs::read_dir(polls).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mut poll = read_file(std::fs::read(&file).unwrap(), 1 << 20, &ReadOptions::default());
        let given = Given {
            source_id: "noaa20",
            file_name: None,
            started_at: app.now,
            origin: OriginRule::Fixed(Origin::Live),
        };
        let (batch, _) = batch_of(&bodies, &mut poll, &app.ground, given, app.now).unwrap();
        app.store.record(batch, app.ground.clone(), Arc::default(), app.now).await.unwrap();
    }
    Some(app)
}

/// A period: how the calls ask for it, and its days or its hours of a day where pages can be asked for them.
struct Period {
    from: &'static str,
    to: &'static str,
}

/// Days, spans of days, hours, across midnight, before there was anything, and in the future.
const PERIODS: [Period; 12] = [
    Period { from: "2022-04-12", to: "2022-04-12" },
    Period { from: "2022-04-13", to: "2022-04-13" },
    Period { from: "2022-04-15", to: "2022-04-15" },
    Period { from: "2022-04-09", to: "2022-04-09" },
    Period { from: "2022-05-01", to: "2022-05-01" },
    Period { from: "2022-04-12", to: "2022-04-13" },
    Period { from: "2022-04-15", to: "2022-04-17" },
    Period { from: "2022-04-10", to: "2022-04-24" },
    Period { from: "2022-04-13T10:00", to: "2022-04-13T14:00" },
    Period { from: "2022-04-15T00:00", to: "2022-04-15T12:00" },
    Period { from: "2022-04-12T20:00", to: "2022-04-13T08:00" },
    Period { from: "2022-04-12T08:00", to: "2022-04-13T08:00" },
];

impl Period {
    fn is_of_days(&self) -> bool {
        self.from.len() == 10
    }

    /// Local days of China, or moments.
    fn bounds(&self) -> (Timestamp, Timestamp) {
        let at = |text: &str| -> Timestamp { format!("{text}:00+08:00").parse().unwrap() };
        if !self.is_of_days() {
            return (at(self.from), at(self.to));
        }
        let day = firegrid::domain::time::SignedDuration::from_hours(24);
        (at(&format!("{}T00:00", self.from)), at(&format!("{}T00:00", self.to)).checked_add(day).unwrap())
    }

    /// The hours where they are of one day.
    fn hours(&self) -> Option<(&str, &str, &str)> {
        (!self.is_of_days() && self.from[..10] == self.to[..10])
            .then(|| (&self.from[..10], &self.from[11..13], &self.to[11..13]))
    }
}

/// Everything that a page or call says of a day or some days to somebody, by where it stands.
async fn said(app: &App, reader: &Reader5, period: &Period, title: &str) -> Vec<(String, Three)> {
    let (who, Period { from, to }) = (reader.name, period);
    let mut found = Vec::new();
    let query = format!("from={from}&to={to}");
    let figures = app.json_as(who, &format!("/api/v1/figures?{query}")).await["figures"].clone();
    assert_eq!(figures["title"], title, "{who}");
    found.push(("figures".to_owned(), three(&figures["total"])));
    let below = figures["below"].as_array().unwrap();
    if !below.is_empty() {
        let sum = below.iter().map(three).fold([0; 3], |sum, line| std::array::from_fn(|i| sum[i] + line[i]));
        found.push(("lines below".to_owned(), sum));
    }
    check_reasons(&figures);
    if let Some((day, first, last)) = period.hours() {
        let page = app.text_as(who, &format!("/map?date={day}&from_hour={first}&to_hour={last}")).await;
        found.push(("/map, hours".to_owned(), sentence(&page, title)));
    }
    if !period.is_of_days() {
        return found;
    }
    let cases = format!("{query}&open=false");
    let pixels = features(&app.json_as(who, &format!("/api/v1/detections.geojson?{query}")).await);
    let fires = features(&app.json_as(who, &format!("/api/v1/fires.geojson?{query}")).await);
    let alerts =
        app.json_as(who, &format!("/api/v1/alerts/of-days?{query}")).await["items"].as_array().unwrap().len() as u64;
    found.push(("lists of days".to_owned(), [pixels, fires, alerts]));
    let mut of_alerts = vec![app.json_as(who, &format!("/api/v1/alerts?{query}")).await["count"].as_u64().unwrap()];
    let counts = app.json_as(who, &format!("/api/v1/alerts/counts?{query}")).await;
    of_alerts.push(counts["counts"].as_array().unwrap().iter().map(|row| row["cases"].as_u64().unwrap()).sum());
    of_alerts.push(features(&app.json_as(who, &format!("/api/v1/alerts/export?{query}&format=geojson")).await));
    let csv = app.text_as(who, &format!("/api/v1/alerts/export?{query}&format=csv")).await;
    of_alerts.push(csv::Reader::from_reader(csv.as_bytes()).records().count() as u64);
    let workbook = app.bytes_as(who, &format!("/api/v1/alerts/export?{query}&format=xlsx")).await;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    of_alerts.push(workbook.worksheet_range_at(0).unwrap().unwrap().rows().count() as u64 - 1);
    if reader.role.is_office() {
        of_alerts.push(heading(&app.text_as(who, &format!("/problems?{cases}")).await, "list-h"));
    }
    found.extend(of_alerts.into_iter().map(|alerts| ("cases".to_owned(), [pixels, fires, alerts])));
    if from == to {
        found.extend(said_of_day(app, who, from, title).await);
    }
    found
}

async fn said_of_day(app: &App, who: &str, day: &str, title: &str) -> Vec<(String, Three)> {
    let mut found = Vec::new();
    for page in ["/", "/wall"] {
        let text = app.text_as(who, &format!("{page}?date={day}")).await;
        assert!(title.starts_with("白城市") || !text.contains("全市") && !text.contains("白城市合计"), "{who} {page}");
        found.push((page.to_owned(), total_line(&text, title)));
    }
    let home = app.text_as(who, &format!("/?date={day}")).await;
    let wall = text_of(&app.text_as(who, &format!("/wall?date={day}")).await);
    let big = |words: &str| -> u64 {
        let rest = &wall[wall.find(words).unwrap() + words.len()..];
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    let map = app.text_as(who, &format!("/map?date={day}")).await;
    let total = sentence(&map, title);
    found.push(("large on the wall".to_owned(), [big("热异常像元（个）"), big("疑似火点（处）"), total[2]]));
    found.push(("heading of the list on /".to_owned(), [total[0], total[1], heading(&home, "alerts-h")]));
    found.push(("heading of the list on /map".to_owned(), [total[0], total[1], heading(&map, "shown-h")]));
    found.push(("/map".to_owned(), total));
    found.push(("/map.svg".to_owned(), sentence(&app.text_as(who, &format!("/map.svg?date={day}")).await, title)));
    let document = app.json_as(who, &format!("/api/v1/map/day?date={day}")).await;
    found.push(("the live map".to_owned(), three(&document["figures"]["total"])));
    let counted = ["detections", "fires", "alerts"].map(|table| {
        document[table]["counted"].as_array().unwrap().iter().map(|row| row.as_u64().unwrap()).sum::<u64>()
    });
    found.push(("rows of the live map".to_owned(), counted));
    found
}

/// The difference of alerts and fires is explained to the unit.
fn check_reasons(figures: &Value) {
    let why = |name: &str| figures["reasons"][name].as_i64().unwrap();
    let [_, fires, alerts] = three(&figures["total"]).map(|n| i64::try_from(n).unwrap());
    let explained = fires - why("without_alert") - why("worked_elsewhere")
        + why("further_alerts")
        + why("of_earlier_fires")
        + why("of_fires_elsewhere")
        + why("of_other_verdict")
        + why("reported");
    assert_eq!(alerts, explained, "{figures}");
}

/// The same from the command line.
fn said_by_commands(app: &App, unit: &str, period: &Period) -> Vec<(String, Three)> {
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_firegrid"))
            .args(args)
            .env("FIREGRID_REGION", "regions/baicheng")
            .env("FIREGRID_DATABASE", app.store.path())
            .env_remove("FIREGRID_LISTEN")
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let span = ["--from", period.from, "--to", period.to];
    let figures = run(&[&["figures", "--json", "--unit", unit], &span[..]].concat());
    let figures: Value = serde_json::from_str(&figures).unwrap();
    let total = three(&figures["figures"]["total"]);
    let mut found = vec![("firegrid figures".to_owned(), total)];
    if period.is_of_days() {
        let list = run(&[&["alerts", "list", "--json", "--unit", unit], &span[..]].concat());
        let list: Value = serde_json::from_str(&list).unwrap();
        found.push(("firegrid alerts list".to_owned(), [total[0], total[1], list["count"].as_u64().unwrap()]));
    }
    if period.is_of_days() && unit == "2208" {
        let rows = |what: &str| {
            let csv = run(&[&["export", what, "--format", "csv"], &span[..]].concat());
            csv::Reader::from_reader(csv.as_bytes()).records().count() as u64
        };
        found.push(("firegrid export".to_owned(), ["detections", "fires", "alerts"].map(rows)));
    }
    found
}

#[tokio::test]
async fn every_page_list_export_and_call_says_the_same_number_in_twelve_periods_to_five_roles() {
    let Some(app) = april().await else { return };
    let oracle = Oracle::of(&app).await;
    let (county, township, cell) = (oracle.busiest(6), oracle.busiest(9), oracle.busiest(15));
    let readers = [
        Reader5 { name: "city", role: Role::City, unit: "2208".to_owned() },
        Reader5 { name: "county", role: Role::County, unit: county },
        Reader5 { name: "township", role: Role::Township, unit: township },
        Reader5 { name: "inspector", role: Role::Inspector, unit: cell },
        Reader5 { name: "viewer", role: Role::Viewer, unit: "220881".to_owned() },
    ];
    app.let_in(&readers).await;
    let mut seen = [[0; 3]; 5];
    for (turn, period) in PERIODS.iter().enumerate() {
        for ((place, reader), seen) in readers.iter().enumerate().zip(&mut seen) {
            let expected = oracle.count(&reader.unit, period.bounds());
            let name = &app.ground.unit(&UnitCode(reader.unit.clone())).unwrap().name;
            let mut found = said(&app, reader, period, &format!("{name}合计")).await;
            // A program is started for each: every role and every period in turn.
            if turn % readers.len() == place {
                found.extend(said_by_commands(&app, &reader.unit, period));
            }
            assert!(!found.is_empty(), "{} {}", reader.name, period.from);
            for (place, three) in found {
                assert_eq!(three, expected, "{place}, {} from {} to {}", reader.name, period.from, period.to);
            }
            *seen = std::array::from_fn(|i| seen[i] + expected[i]);
        }
    }
    assert!(seen.iter().all(|three| three.iter().all(|n| *n > 0)), "every role has seen something: {seen:?}");
    let neighbours = app
        .store
        .whole()
        .in_span::<FireRow>(Span::ALL)
        .await
        .unwrap()
        .iter()
        .filter(|fire| fire.unit_code.is_none())
        .count();
    assert!(neighbours > 0, "and something was not to be counted");
}

#[tokio::test]
async fn a_county_reads_in_its_own_pages_what_the_city_reads_in_its_line() {
    let Some(app) = april().await else { return };
    let counties: Vec<_> = ["220802", "220821", "220822", "220881", "220882"].map(str::to_owned).into();
    let names = ["c0", "c1", "c2", "c3", "c4"];
    let readers: Vec<_> = names
        .into_iter()
        .zip(&counties)
        .map(|(name, unit)| Reader5 { name, role: Role::County, unit: unit.clone() })
        .collect();
    app.let_in(&readers).await;
    for day in ["2022-04-12", "2022-04-13", "2022-04-15"] {
        let city = app.json(&format!("/api/v1/figures?from={day}")).await["figures"]["below"].clone();
        for reader in &readers {
            let line = city.as_array().unwrap().iter().find(|line| line["unit_code"] == reader.unit).unwrap();
            let own = app.json_as(reader.name, &format!("/api/v1/figures?from={day}")).await;
            assert_eq!(three(&own["figures"]["total"]), three(line), "{} {day}", reader.unit);
            let name = &app.ground.unit(&UnitCode(reader.unit.clone())).unwrap().name;
            let page = app.text_as(reader.name, &format!("/?date={day}")).await;
            let text = text_of(&page);
            for other in readers.iter().filter(|other| other.unit != reader.unit) {
                let other = &app.ground.unit(&UnitCode(other.unit.clone())).unwrap().name;
                let is_line = |line: &str| line.starts_with(other.as_str()) && line.split_whitespace().count() > 3;
                assert!(!text.lines().any(is_line), "{name} reads a line of {other}");
            }
        }
    }
}

/// A fire on both sides of the border of the two counties, and one outside the city.
async fn across() -> App {
    let seen = "2026-04-13T04:12:00Z";
    let rows = vec![
        observation("122.998", "45.7", seen),
        observation("123.002", "45.7", "2026-04-13T04:13:00Z"),
        observation("122.45", "45.7", seen),
    ];
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    app.let_in(&[
        Reader5 { name: "west", role: Role::County, unit: "2201".to_owned() },
        Reader5 { name: "east", role: Role::County, unit: "2202".to_owned() },
        Reader5 { name: "inspector", role: Role::Inspector, unit: "220101001".to_owned() },
    ])
    .await;
    app
}

#[tokio::test]
async fn why_there_are_more_alerts_than_fires_is_said_beside_and_a_fire_counts_on_one_ground() {
    let app = across().await;
    let home = text_of(&app.page("/").await);
    assert_in_order(
        &home,
        &[
            "分县（市、区）统计",
            "洮北区 1 1 0 1 1",
            "镇赉县 1 0 0 0 1",
            "白城市合计 2 1 0 1 2",
            "市外邻近（不计入） 1 1",
            "其中跨界 1 处分办（多 1 件）",
        ],
    );
    let map = text_of(&app.page("/map").await);
    assert_in_order(
        &map,
        &["图上的告警 2", "白城市合计：热异常像元 2 个，疑似火点 1 处，告警 2 件", "市外邻近火点 1 处"],
    );
    assert!(map.contains("其中跨界 1 处分办"), "{map}");
    let west = text_of(&app.text_as("west", "/").await);
    assert_in_order(&west, &["分乡镇统计", "到保镇 0 0 0 0 0", "未归乡镇 1 1 0 1 1", "洮北区合计 1 1 0 1 1"]);
    assert!(!west.contains("全市") && !west.contains("镇赉县合计"), "{west}");
    let east = text_of(&app.text_as("east", "/").await);
    assert_in_order(&east, &["镇赉县合计 1 0 0 0 1", "1 件的火点主体在辖区外", "1 个的火点主体在辖区外"]);
    let inspector = text_of(&app.text_as("inspector", "/").await);
    assert_in_order(&inspector, &["到保东网格合计 0 0 0 0 0"]);
    assert!(!inspector.contains("全市") && !inspector.lines().any(|line| line.starts_with("洮北区")), "{inspector}");
}

#[tokio::test]
async fn what_only_may_concern_a_county_is_shown_apart_and_in_no_total() {
    let app = across().await;
    rusqlite::Connection::open(app.store.path())
        .unwrap()
        .execute_batch(
            "INSERT OR IGNORE INTO alert_scope SELECT '2202', is_open, first_seen_at, number, 'candidate' FROM alert_scope
             WHERE unit_code = '2201'",
        )
        .unwrap();
    let page = text_of(&app.text_as("east", "/").await);
    assert_in_order(
        &page,
        &["镇赉县合计 1 0 0 0 1", "辖区外、可能涉及（不计入）", "告警 1\n", "可能涉及本辖区的告警（不计入合计） 1"],
    );
    let problems = app.text_as("east", "/problems?open=false").await;
    assert_eq!(heading(&problems, "list-h"), 1);
    assert!(text_of(&problems).contains("另有可能涉及本辖区的告警 1 件，不计入"), "{problems}");
    let both = app.text_as("east", "/problems?open=false&candidates=true").await;
    assert_eq!(heading(&both, "list-h"), 2, "whoever asks for them gets them");
    let day = "from=2026-04-13";
    for (path, own, all) in [("fires.geojson", 0, 1), ("detections.geojson", 1, 2)] {
        assert_eq!(features(&app.json_as("east", &format!("/api/v1/{path}?{day}")).await), own, "{path}");
        assert_eq!(features(&app.json_as("east", &format!("/api/v1/{path}?{day}&outside=true")).await), all, "{path}");
    }
}

#[tokio::test]
async fn nobody_is_told_a_zero_for_ground_that_he_does_not_see() {
    let app = across().await;
    for path in ["/api/v1/figures?unit=2202", "/api/v1/map/day?unit=2202", "/map?unit=2202"] {
        let request = Request::get(path).header(header::AUTHORIZATION, "Bearer west");
        let (status, _, body) = app.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {body}");
        assert!(body.contains("本辖区"), "{path}: {body}");
    }
    let page = app.text_as("west", "/map").await;
    assert!(!page.contains("镇赉县</option>"), "it is not offered");
    // What lies above is read as the own ground.
    assert_eq!(app.json_as("west", "/api/v1/figures?unit=22").await["figures"]["title"], "洮北区合计");
}

#[tokio::test]
async fn a_period_has_its_end_and_says_what_it_does_not_understand() {
    let app = across().await;
    let total = async |query: &str| three(&app.json(&format!("/api/v1/figures?{query}")).await["figures"]["total"]);
    assert_eq!(total("").await, [2, 1, 2], "today");
    assert_eq!(total("from=2026-04-13T12:12&to=2026-04-13T12:13").await, [1, 1, 1], "the last minute is not in it");
    assert_eq!(total("from=2026-04-13T12:13&to=2026-04-14").await, [1, 0, 1]);
    assert_eq!(total("from=2026-04-13T04:13:00Z&to=2026-04-13T05:00:00Z").await, [1, 0, 1]);
    assert_eq!(total("verdict=banned").await, [0, 0, 0]);
    let later = app.json("/api/v1/figures?from=2026-04-13T12:13&to=2026-04-14").await["figures"].clone();
    check_reasons(&later);
    assert_eq!(
        (&later["reasons"]["of_earlier_fires"], &later["reasons"]["pixels_of_earlier_fires"]),
        (&json!(1), &json!(1))
    );
    assert!(later["notes"].to_string().contains("1 件属于此前已列出的火点"), "{later}");
    for bad in
        ["from=2026-04-13&to=2026-04-12", "from=2026-04-13T12:00", "from=soon", "unit=99", "verdict=red", "day=1"]
    {
        assert_eq!(app.get(&format!("/api/v1/figures?{bad}")).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn figures_are_of_at_most_31_days_a_call_and_those_of_portions_add_up() {
    let app = App::usual().await;
    for (span, status) in [
        ("from=2026-04-01&to=2026-05-01", StatusCode::OK),
        ("from=2026-04-01&to=2026-05-02", StatusCode::BAD_REQUEST),
        ("from=2020-01-01&to=2026-12-31", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(app.get(&format!("/api/v1/figures?{span}")).await.0, status, "{span}");
    }
    let total = async |span: &str| three(&app.json(&format!("/api/v1/figures?{span}")).await["figures"]["total"]);
    let whole = total("from=2026-04-12&to=2026-04-14").await;
    let mut sum = [0; 3];
    for day in ["2026-04-12", "2026-04-13", "2026-04-14"] {
        let day = total(&format!("from={day}&to={day}")).await;
        sum = std::array::from_fn(|i| sum[i] + day[i]);
    }
    assert_eq!(sum, whole);
    assert!(whole.iter().all(|count| *count > 0), "{whole:?}");
}

#[tokio::test]
async fn what_was_brought_as_files_is_data_also_where_no_feed_is_configured() {
    let app = App::start(Setting { sources: Vec::new(), ..Setting::default() }).await;
    // As `ingest` left it before it told of its files.
    let beside = rusqlite::Connection::open(app.store.path()).unwrap();
    let forget = "DELETE FROM source_satellites; DELETE FROM sources;";
    for forgotten in [false, true] {
        if forgotten {
            beside.execute_batch(forget).unwrap();
        }
        for path in ["/", "/map", "/wall"] {
            let text = text_of(&app.page(path).await);
            assert!(!text.contains("尚未收到任何数据"), "{path}: {text}");
            assert_in_order(&text, &["数据截至", "04-13 12:12"]);
            assert_in_order(&text, &["未配置数据源", "各卫星最新观测：NOAA-20 04-13 12:12"]);
        }
        assert_eq!(app.json("/api/v1/map/day").await["data_up_to"], "04-13 12:12");
        let received = app.json("/api/v1/figures").await["coverage"].clone();
        assert_eq!(
            received["satellites"],
            json!([{"satellite": "NOAA-20", "newest_acquired_at": "2026-04-13T04:12:00Z"}])
        );
    }
    let none = App::start(Setting { sources: Vec::new(), rows: Vec::new(), ..Setting::default() }).await;
    rusqlite::Connection::open(none.store.path()).unwrap().execute_batch(forget).unwrap();
    assert!(text_of(&none.page("/").await).contains("尚未收到任何数据"), "only where there is none");
}

#[tokio::test]
async fn a_zero_of_a_day_says_that_what_was_brought_ends_before_it() {
    let app = App::start(Setting { sources: Vec::new(), now: "2026-04-14T05:00:00Z", ..Setting::default() }).await;
    let text = text_of(&app.page("/").await);
    assert_in_order(
        &text,
        &["当日暂无疑似火点", "数据截至 04-13 12:12", "noaa20 离线导入 当日尚无数据", "没有火点不等于没有火情"],
    );
}

#[test]
fn ingest_tells_how_far_its_files_reach_also_where_nothing_burns() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let file = desk.path("far.csv");
    // A fire in another province: none here, and data all the same.
    let content = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,\
                   bright_ti5,frp,daynight\n40.1,117.2,330.1,0.45,0.41,2026-10-10,0412,N20,VIIRS,n,2.0NRT,294.18,5.76,D\n";
    std::fs::write(&file, content).unwrap();
    desk.json(&["ingest", file.to_str().unwrap(), "--now", "2026-10-10T08:00:00Z", "--json"]);
    let database = rusqlite::Connection::open(desk.path("firegrid.sqlite")).unwrap();
    let newest: i64 =
        database.query_row("SELECT newest_acquired_at FROM sources WHERE id = 'ingest'", [], |row| row.get(0)).unwrap();
    assert_eq!(newest, "2026-10-10T04:12:00Z".parse::<Timestamp>().unwrap().as_millisecond());
    let status = desk.run(&["status"]);
    let said = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(said.contains("未配置数据源") || said.contains("范围内尚无观测记录"), "{said}");
}

#[tokio::test]
async fn a_late_pixel_on_its_way_is_in_no_number_or_in_all() {
    let app = across().await;
    let before = sentence(&app.page("/map").await, "白城市合计");
    let more = batch(vec![observation("122.65", "45.55", "2026-04-13T04:14:00Z")], app.now);
    app.store.record(more, app.ground.clone(), Arc::default(), app.now).await.unwrap();
    let after = sentence(&app.page("/map").await, "白城市合计");
    assert_eq!(after, before.map(|n| n + 1));
    assert_eq!(total_line(&app.page("/").await, "白城市合计"), after);
    assert_eq!(three(&app.json("/api/v1/figures").await["figures"]["total"]), after);
}
