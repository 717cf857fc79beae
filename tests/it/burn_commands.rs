//! Burning in order from the command line: faults row by row, files that read back, whole lives.

use std::process::Output;

use serde_json::Value;

use crate::commands::Desk;
use crate::region_files::small_region;

/// Units and zones and nothing else: no plans of the region's own.
const MANIFEST: &str = r#"id = "small"
name = { zh = "小城", en = "Small" }
time_zone = "Asia/Shanghai"
outside_zones = "limited"
extent = [121.0, 44.0, 125.0, 46.6]
[units]
path = "units.geojson"
datum = "wgs84"
[zones]
path = "zones.geojson"
datum = "wgs84"
"#;

/// A desk over the ground of the small region.
struct Office {
    desk: Desk,
    _region: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let region = tempfile::tempdir().unwrap();
        let files = small_region();
        for name in ["units.geojson", "zones.geojson"] {
            std::fs::write(region.path().join(name), &files[name]).unwrap();
        }
        std::fs::write(region.path().join("region.toml"), MANIFEST).unwrap();
        Self { desk: Desk::new(region.path()), _region: region }
    }

    fn run(&self, args: &[&str]) -> Output {
        self.desk.command(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refusal(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.desk.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

const HEAD: &str = "plan_id,unit_code,window_start,window_end,area_mu,responsible,status,plot,note\n";
const PLOT: &str = "\"POLYGON((122.3 45.7,122.31 45.7,122.31 45.71,122.3 45.71,122.3 45.7))\"";

#[test]
fn every_fault_of_an_import_is_told_with_its_row_and_nothing_is_imported() {
    let office = Office::new();
    let rows = [
        "P-1,2201,2026-10-10T08:00,2026-10-12T16:00,30,张三,,,",
        "P-1,2201,2026-10-10T08:00,2026-10-12T16:00,31,张三,,,",
        "P-3,999,2026-10-10T08:00,2026-10-12T16:00,30,张三,,,",
        "P-4,2201,2026-10-12T08:00,2026-10-10T16:00,30,张三,,,",
        "P-5,2201,2026-10-10,2026-10-12T16:00,-3,张三,burning,,",
        "P-6,2201,2026-10-10T08:00,2026-10-12T16:00,30,,,\"POINT(122.3 45.7)\",",
        "P-7,2201,2026-10-10T08:00,2026-10-12T16:00,30,张三,,\"POLYGON((45.7 122.3,45.7 122.31,45.71 122.31,45.7 122.3))\",",
    ];
    let file = office.file("plans.csv", &format!("{HEAD}{}\n", rows.join("\n")));
    let text = office.refusal(&["plans", "import", &file, "--datum", "wgs84", "--as", "县长@2201"]);
    for (place, says) in [
        ("line 3", "stands at line 2 already"),
        ("line 4", "no unit has the code \"999\""),
        ("line 5", "window_end is not after window_start"),
        ("line 6", "\"window_start\" is \"2026-10-10\", which is not a local date and time"),
        ("line 6", "\"area_mu\" is -3 mu"),
        ("line 6", "\"burning\", expected one of applied, approved"),
        ("line 7", "no value in the column \"responsible\""),
        ("line 7", "expected POLYGON"),
        ("line 8", "longitude and latitude look swapped"),
    ] {
        assert!(text.lines().any(|line| line.contains(place) && line.contains(says)), "{place}: {says}\n{text}");
    }
    assert_eq!(office.json(&["plans", "list"])["plans"], Value::Array(Vec::new()));

    let file = office.file("plot.csv", &format!("{HEAD}P-1,2201,2026-10-10T08:00,2026-10-12T16:00,30,张三,,{PLOT},\n"));
    let text = office.refusal(&["plans", "import", &file, "--as", "县长@2201"]);
    assert!(text.contains("--datum"), "a plot without a datum: {text}");
}

#[test]
fn what_is_exported_reads_back_as_unchanged_here_and_as_new_elsewhere() {
    let office = Office::new();
    let rows = format!(
        "P-1,2201,2026-10-10T08:00,2026-10-12T16:00,30.5,张三,approved,{PLOT},\"=1+1, 注\"\nP-2,2201,2026-10-10T08:00,2026-10-10T24:00,8,李四,,,-\n"
    );
    let file = office.file("plans.csv", &format!("{HEAD}{rows}"));
    let import =
        |office: &Office, file: &str| office.json(&["plans", "import", file, "--datum", "wgs84", "--as", "县长@2201"]);
    let dry = office.json(&["plans", "import", &file, "--datum", "wgs84", "--dry-run"]);
    assert_eq!((&dry["new"], &dry["written"]), (&2.into(), &false.into()));
    assert_eq!(import(&office, &file)["new"], 2);
    assert_eq!(import(&office, &file)["unchanged"], 2);

    let exported = office.run(&["plans", "export", "--format", "csv"]);
    let text = String::from_utf8(exported.stdout).unwrap();
    assert!(text.starts_with("plan_id,county,township,unit_code"), "{text}");
    assert!(text.contains("2026-10-11T00:00"), "the end of the day, local: {text}");
    let back = office.file("exported.csv", &text);
    let again = import(&office, &back);
    assert_eq!((&again["unchanged"], &again["new"]), (&2.into(), &0.into()), "{again}");
    let elsewhere = Office::new();
    assert_eq!(import(&elsewhere, &back)["new"], 2);
    let other = elsewhere.run(&["plans", "export", "--format", "csv"]);
    let without_receipt =
        |text: &str| -> Vec<String> { text.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect() };
    let approvals = |text: &str| text.matches("approved").count();
    let other = String::from_utf8(other.stdout).unwrap();
    assert_eq!(approvals(&other), approvals(&text));
    assert_eq!(without_receipt(&other).len(), without_receipt(&text).len());

    let chinese = String::from_utf8(office.run(&["plans", "export", "--heads", "chinese"]).stdout).unwrap();
    assert!(chinese.starts_with("计划编号,县（市、区）,乡镇,单位代码"), "{chinese}");
    let geojson: Value =
        serde_json::from_slice(&office.run(&["plans", "export", "--format", "geojson"]).stdout).unwrap();
    assert_eq!(geojson["features"][0]["geometry"]["type"], "Polygon");
}

#[test]
fn a_plan_is_burnt_in_order_from_the_command_line() {
    let office = Office::new();
    let today = firegrid::domain::time::local_day(
        firegrid::app::now(),
        &firegrid::domain::time::TimeZone::get("Asia/Shanghai").unwrap(),
    );
    let (from, to) = (format!("{today}T00:00"), format!("{today}T24:00"));
    let plan = |args: &[&str]| office.json(&[&["plans"], args].concat());
    let unit = "2201";
    let applied = plan(&[
        "apply",
        "P-1",
        "--unit",
        unit,
        "--from",
        &from,
        "--to",
        &to,
        "--mu",
        "12",
        "--responsible",
        "张三",
        "--as",
        "王五@2201",
    ]);
    assert_eq!(applied["status"], "applied");
    let own = office.refusal(&["plans", "review", "P-1", "--approve", "--as", "王五@2201"]);
    assert!(own.contains("不能审核自己的计划"), "{own}");
    assert_eq!(plan(&["review", "P-1", "--approve", "--as", "县长@2201"])["status"], "approved");
    let early = office.refusal(&["plans", "lit", "P-1", "--as", "王五@2201"]);
    assert!(early.contains("下达当日烧除指令"), "says what is allowed: {early}");
    assert_eq!(plan(&["order", "P-1", "--from", &from, "--to", &to, "--as", "县长@2201"])["status"], "ordered");
    assert_eq!(plan(&["lit", "P-1", "--as", "王五@2201"])["status"], "lit");
    let text = office.refusal(&[
        "plans",
        "done",
        "P-1",
        "--mu",
        "11",
        "--photo",
        office.desk.region().join("region.toml").to_str().unwrap(),
        "--as",
        "王五@2201",
    ]);
    assert!(text.contains("JPEG"), "{text}");
    let photo = office.desk.path("burnt.png");
    std::fs::write(&photo, crate::pictures::png(3, 2)).unwrap();
    let done = plan(&["done", "P-1", "--mu", "11", "--photo", photo.to_str().unwrap(), "--as", "王五@2201"]);
    assert_eq!((&done["status"], &done["burnt_mu"]), (&"done".into(), &11.0.into()));

    let shown = plan(&["show", "P-1"]);
    let events = shown["events"].as_array().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["applied", "approved", "ordered", "lit", "done"]);
    assert_eq!(events[4]["detail"]["evidence"]["photos"][0]["media_type"], "image/png");

    let ledger = plan(&["ledger", "--unit", unit]);
    assert_eq!(ledger["lines"][0]["burnt"]["mu"], 11.0, "{ledger}");
    let progress = plan(&["progress", "--unit", unit]);
    assert_eq!((&progress["lines"][0]["done"]["number"], &progress["lines"][0]["burnt_mu"]), (&1.into(), &11.0.into()));

    let entered = office.json(&["weather", "set", unit, &today.to_string(), "3", "--as", "县长@2201"]);
    assert_eq!(entered["level"], 3);
    let listed = office.json(&["weather", "list", "--from", &today.to_string(), "--to", &today.to_string()]);
    assert_eq!(listed["weather"].as_array().unwrap().len(), 1, "{listed}");
    // Lines for people have the region's time and Chinese words; documents UTC and ours.
    let text = String::from_utf8(office.run(&["weather", "list", "--unit", unit]).stdout).unwrap();
    assert!(text.contains("录入 entered ") && text.contains(" 县长") && !text.contains('Z'), "{text}");
    let unknown = office.refusal(&["weather", "list", "--unit", "999"]);
    assert!(unknown.contains("没有单位999"), "{unknown}");
    let shown = String::from_utf8(office.run(&["plans", "show", "P-1"]).stdout).unwrap();
    assert!(shown.contains("下达当日烧除指令 ordered") && shown.contains("完成 done"), "{shown}");
}

#[test]
fn looking_takes_up_no_region_files_that_nobody_reloaded() {
    let office = Office::new();
    let none = office.refusal(&["rejudge", "--from", "2026-01-01"]);
    assert!(none.contains("regions reload"), "{none}");
    let active = office.json(&["regions", "reload"])["region_version"].clone();
    let manifest = office.desk.region().join("region.toml");
    std::fs::write(&manifest, MANIFEST.replace("limited", "ban")).unwrap();
    assert_eq!(office.json(&["rejudge", "--from", "2026-01-01"])["region_version"], active);
    assert_eq!(office.json(&["plans", "list"])["region_version"], active);
    let reloaded = office.json(&["regions", "reload"]);
    assert_eq!(reloaded["changed"], true, "it was still the old one");
    assert_eq!(office.json(&["rejudge", "--from", "2026-01-01"])["region_version"], reloaded["region_version"]);
}
