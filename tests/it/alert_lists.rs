//! The problem list and the counts as offices file them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::Act;
use firegrid::domain::alert::{AlertNumber, AlertSource};
use firegrid::domain::finding::{FindingKind, Review};
use firegrid::domain::position::Position;
use firegrid::domain::unit::UnitCode;
use firegrid::report::export::{self, Format, Heads, sheet};
use firegrid::store::{AlertFilter, Complainant, Ended, NewAlert, OpenAlerts};
use serde_json::Value;

use crate::commands;
use crate::ground_fixture::row;
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

/// What people bring, on the ground of the south-western cell.
fn brought(source: AlertSource, lon: f64, by: Actor) -> NewAlert {
    NewAlert {
        source,
        position: Position::from_lon_lat(lon, 45.85).unwrap(),
        seen_at: "2026-04-13T06:40:00Z".parse().unwrap(),
        description: "=HYPERLINK(\"http://x\")".to_owned(),
        reported_by: Some(by.name.clone()),
        actor: by,
        external_number: Some("-1+2".to_owned()),
        letter_number: Some("白环函〔2026〕7号".to_owned()),
        reply_by: Some("2026-04-15".parse().unwrap()),
        complainant: None,
        client_id: None,
    }
}

impl Desk {
    async fn bring(&self, new: NewAlert) -> AlertNumber {
        let now = NOW.parse().unwrap();
        self.store.whole().carry_out(new, (self.ground.clone(), self.rules.clone()), now).await.unwrap().number
    }

    /// Four alerts: one in rectification, one disputed and late, a complaint, a problem without fire.
    async fn with_cases() -> Self {
        let desk = Self::new();
        desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, "2026-04-13T05:02:00Z")]).await;
        let alerts = desk.alerts().await;
        let (banned, unplanned) = (alerts[0].number.clone(), alerts[1].number.clone());
        let (inspector, township, county) = (person("王", "A-a-1"), person("镇长", "A-a"), person("县长", "A"));
        let dispatch = Act::Dispatch { to: "李四".to_owned(), unit: UnitCode("A-a-2".to_owned()) };
        desk.act(&banned, dispatch, township.clone()).await.unwrap();
        let inspector_of_two = person("李四", "A-a-2");
        desk.act(&banned, Act::Arrive { position: None }, inspector_of_two.clone()).await.unwrap();
        desk.report(&banned, FindingKind::Straw, inspector_of_two).await.unwrap();
        desk.act(&banned, Act::Review { review: Review::Confirmed }, county.clone()).await.unwrap();
        let by = "2026-04-20".parse().unwrap();
        let rectify = Act::Rectify { by, document_number: Some("罚字1号".to_owned()) };
        desk.act(&banned, rectify, county).await.unwrap();
        desk.act(&unplanned, Act::Acknowledge, inspector).await.unwrap();
        desk.act(&unplanned, Act::Dispute { proposed: UnitCode("A-c-1".to_owned()) }, township).await.unwrap();
        let later = "2026-04-13T07:31:00Z".parse().unwrap();
        desk.store.fire_due(desk.ground.clone(), desk.rules.clone(), later, 100).await.unwrap();
        let complainant = Complainant {
            name: Some("赵举报".to_owned()),
            phone: Some(firegrid::domain::phone::Phone::kept("000-1234")),
            address: Some("某屯".to_owned()),
        };
        let complaint = brought(AlertSource::Complaint, 122.08, person("值班员", "S"));
        desk.bring(NewAlert { complainant: Some(complainant), reported_by: None, ..complaint }).await;
        desk.bring(brought(AlertSource::Problem, 122.15, person("巡查员", "A-c"))).await;
        desk
    }

    async fn list(&self, heads: Heads, format: Format) -> Vec<u8> {
        let page = self.store.whole().listed_alerts(AlertFilter::default(), None, 100).await.unwrap();
        export::listed_alerts(&self.ground, &page.alerts, heads, format).unwrap()
    }
}

fn cells(bytes: Vec<u8>) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.worksheet_formula("问题清单").unwrap().cells().count(), 0, "nothing is run");
    workbook.worksheet_range_at(0).unwrap().unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn the_office_gets_the_problem_list_in_its_own_columns_words_and_times() {
    let desk = Desk::with_cases().await;
    let csv = String::from_utf8(desk.list(Heads::Chinese, Format::Csv).await).unwrap();
    assert!(!csv.contains("赵举报") && !csv.contains("000-1234"), "{csv}");
    // A line per value, so that a change shows where it is.
    let mut text = String::new();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().unwrap().clone();
    for record in reader.records() {
        let record = record.unwrap();
        let lines = heads.iter().zip(&record).filter(|(_, value)| !value.is_empty());
        text.extend(lines.map(|(head, value)| format!("{head}: {value}\n")));
        text.push('\n');
    }
    insta::assert_snapshot!("problem_list", format!("{}\n\n{text}", heads.iter().collect::<Vec<_>>().join(",")));
}

#[tokio::test]
async fn the_workbook_has_numbers_to_reckon_with_texts_that_do_not_run_and_empty_cells() {
    let desk = Desk::with_cases().await;
    let rows = cells(desk.list(Heads::Chinese, Format::Xlsx).await);
    let column = |head: &str| rows[0].iter().position(|cell| *cell == Data::String(head.to_owned())).unwrap();
    let of = |source: &str| {
        rows.iter().find(|row| row[column("来源")] == Data::String(source.to_owned())).unwrap_or(&rows[0])
    };
    let satellite = of("卫星");
    assert_eq!(rows.len(), 5);
    assert!(matches!(satellite[column("经度")], Data::Float(lon) if lon > 122.0));
    assert!(matches!(satellite[column("最大火辐射功率（MW）")], Data::Float(_)));
    assert!(matches!(satellite[column("像元数")], Data::Float(_) | Data::Int(_)));
    assert!(matches!(&satellite[column("编号")], Data::String(number) if number.contains('-')));
    let complaint = of("举报信访");
    assert_eq!(complaint[column("情况说明")], Data::String("=HYPERLINK(\"http://x\")".to_owned()));
    assert_eq!(complaint[column("外部编号")], Data::String("-1+2".to_owned()));
    assert_eq!(complaint[column("签收时间")], Data::Empty);
    assert_eq!(complaint[column("上报人")], Data::Empty, "who complained is nowhere");
}

#[tokio::test]
async fn programs_keep_our_names_in_every_format() {
    let desk = Desk::with_cases().await;
    let csv = String::from_utf8(desk.list(Heads::Names, Format::Csv).await).unwrap();
    assert!(csv.starts_with("number,fire_id,state,"), "{csv}");
    for heads in [Heads::Names, Heads::Chinese] {
        let cases: Vec<Value> = serde_json::from_slice(&desk.list(heads, Format::Json).await).unwrap();
        assert_eq!(cases[0]["county_code"], "A");
    }
}

#[tokio::test]
async fn the_counts_have_names_and_a_total_and_for_programs_codes_and_none() {
    let desk = Desk::with_cases().await;
    let counts = desk.store.whole().alert_counts(AlertFilter::default()).await.unwrap();
    let csv = sheet::csv(&export::alert_counts(&desk.ground, &counts, Heads::Chinese));
    let expected = "县区,乡镇,来源,状态,件数,超时,未送达,有异议\r\n\
        甲县,甲镇,卫星,已签收,1,1,0,1\r\n甲县,甲镇,卫星,整改中,1,0,0,0\r\n\
        甲县,丙乡,举报信访,待签收,1,0,0,0\r\n甲县,丙乡,问题线索,待签收,1,0,0,0\r\n合计,,,,4,1,0,1\r\n";
    assert_eq!(csv, expected);
    let csv = sheet::csv(&export::alert_counts(&desk.ground, &counts, Heads::Names));
    assert!(csv.contains("A,A-a,satellite,acknowledged,1,1,0,1\r\n") && !csv.contains("合计"), "{csv}");
    let total = counts.iter().map(|count| u64::from(count.alerts)).sum::<u64>();
    assert_eq!(desk.store.whole().count_alerts(AlertFilter::default(), Ended::All).await.unwrap().alerts, total);
    let open = OpenAlerts::of(&desk.store.whole().alert_counts(AlertFilter::open()).await.unwrap());
    assert_eq!((open.open, open.overdue, open.undelivered, open.disputed), (4, 1, 0, 1));
}

/// The sample region with one alert in it and three people more on its ground; its number.
fn sample() -> (commands::Desk, tempfile::TempDir, String) {
    let region = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir("regions/baicheng").unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), region.path().join(file.file_name())).unwrap();
    }
    let desk = commands::Desk::new(region.path());
    let header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
    let row = "45.62000,122.84000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D\n";
    let file = desk.path("one.csv");
    std::fs::write(&file, format!("{header}{row}")).unwrap();
    desk.json(&["ingest", "--json", "--now", "2026-04-13T07:00:00Z", file.to_str().unwrap()]);
    let listed = desk.json(&["alerts", "list", "--json"]);
    assert_eq!(listed["count"], 1);
    let case = &listed["alerts"][0];
    let (cell, township) = (case["unit_code"].as_str().unwrap(), case["responsible_code"].as_str().unwrap());
    let people = region.path().join("people.csv");
    let mut text = std::fs::read_to_string(&people).unwrap();
    let added = [(cell, "单岗"), (cell, "双岗"), (township, "双岗"), ("2208", "市里人")];
    text.extend(added.map(|(unit, name)| format!("{unit},{name},inspector,,,,,,,,,\n")));
    std::fs::write(&people, text).unwrap();
    desk.json(&["regions", "reload", "--json"]);
    (desk, region, case["number"].as_str().unwrap().to_owned())
}

#[test]
fn a_dispatch_finds_the_unit_of_a_person_who_holds_one_and_otherwise_lists_what_there_is() {
    let (desk, _region, number) = sample();
    let dispatch = |name: &str| desk.run(&["alerts", "dispatch", &number, "--to", name, "--as", "值班员@2208"]);
    let refusal = |name: &str| {
        let output = dispatch(name);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    };
    let several = refusal("双岗");
    assert!(several.contains("several units") && several.contains("--unit CODE"), "{several}");
    for foreign in ["市里人", "无此人"] {
        let none = refusal(foreign);
        assert!(none.contains("nobody called") && none.contains("单岗@"), "{none}");
    }
    assert!(dispatch("单岗").status.success());
    let case = desk.json(&["alerts", "show", &number, "--json"]);
    assert_eq!(
        (&case["alert"]["assigned_to"], &case["alert"]["owner_code"]),
        (&"单岗".into(), &case["alert"]["unit_code"])
    );
    let shown = String::from_utf8(desk.run(&["alerts", "show", &number]).stdout).unwrap();
    assert!(shown.contains("派单 值班员 单岗"), "{shown}");
}

#[test]
fn lists_come_as_files_and_gaps_that_alerts_fell_through_are_named() {
    let (desk, _region, number) = sample();
    let list = |args: &[&str]| String::from_utf8(desk.run(args).stdout).unwrap();
    assert!(list(&["alerts", "list", "--format", "csv"]).starts_with("编号,来源,判定,状态"));
    assert!(list(&["alerts", "list", "--format", "csv", "--heads", "names"]).starts_with("number,"));
    let counts = list(&["alerts", "counts", "--format", "csv"]);
    assert!(counts.starts_with("县区,") && counts.lines().last().unwrap().starts_with("合计,,,,1,"), "{counts}");
    let map = desk.run(&["alerts", "counts", "--format", "geojson"]);
    assert!(String::from_utf8_lossy(&map.stderr).contains("take csv"));
    let book = desk.path("list.xlsx");
    let saved = desk.run(&["alerts", "list", "--format", "xlsx", "--output", book.to_str().unwrap()]);
    assert!(saved.status.success() && cells(std::fs::read(&book).unwrap()).len() == 2);

    let text = list(&["alerts", "list"]);
    assert!(text.contains("禁烧区火点  待签收  卫星  2026-04-13 12:12") && !text.contains("banned"), "{text}");
    let text = list(&["alerts", "show", &number]);
    assert!(text.contains("计时中") && text.contains("像元 2026-04-13 12:12  NOAA-20 2026-04-13T04:12:00Z"), "{text}");
    for (args, says) in [
        (&["--from", "2026-04-14", "--to", "2026-04-13"][..], "结束日期早于开始日期"),
        (&["--unit", "999"], "没有单位999"),
    ] {
        let refused = desk.run(&[&["alerts", "list"], args].concat());
        assert_eq!(refused.status.code(), Some(1), "an empty list would look like a quiet week");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(says), "{args:?}");
    }

    let check = desk.json(&["people", "check", "--json"]);
    assert_eq!(check["case_gaps"][0]["last_alert"], number);
    let text = list(&["people", "check"]);
    assert!(text.contains("告警遇到的责任空缺") && text.contains(&number), "{text}");
    let status = list(&["status"]);
    assert!(status.contains("未结 open 1") && status.contains("firegrid people check"), "{status}");
    assert!(status.contains("未知 unknown") && status.contains("最近尝试 last attempt"), "{status}");
}

#[test]
fn a_merged_alert_says_so_in_the_answer_and_when_it_is_shown() {
    let (desk, _region, number) = sample();
    let add =
        ["cases", "add", "--source", "problem", "--lon", "122.85", "--lat", "45.625", "--as", "值班员@2208", "--json"];
    let brought = desk.json(&add)["number"].as_str().unwrap().to_owned();
    let merged = desk.run(&["alerts", "merge", &brought, "--into", &number, "--as", "值班员@2208"]);
    let says = String::from_utf8(merged.stdout).unwrap();
    assert!(says.contains(&format!("已并入 {number}")) && !says.contains("待签收"), "{says}");
    let shown = String::from_utf8(desk.run(&["alerts", "show", &brought]).stdout).unwrap();
    assert!(shown.contains(&format!("已并入 {number}")), "{shown}");
}
