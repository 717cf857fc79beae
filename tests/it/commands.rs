//! The command line as a script sees it: what it prints, what it exits with, what it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::harness::real_data;
use crate::region_files::{Outlines, contract_folder};

/// A desk of its own: region folder and database in a temporary folder.
pub struct Desk {
    folder: tempfile::TempDir,
    region: PathBuf,
}

impl Desk {
    pub fn new(region: &Path) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), region: region.to_owned() }
    }

    /// A desk over the real county outlines; `None` where this machine has none.
    pub fn of_counties(set: Outlines, datum: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let region = folder.path().join("region");
        contract_folder(&region, set, datum, &[])?;
        Some(Self { folder, region })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn region(&self) -> &Path {
        &self.region
    }

    /// The program with these arguments, on this desk.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_firegrid"));
        command
            .args(args)
            .env("FIREGRID_REGION", &self.region)
            .env("FIREGRID_DATABASE", self.path("firegrid.sqlite"))
            .env_remove("FIREGRID_LISTEN");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed and print one JSON document and nothing else.
    pub fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn ingest(&self, path: &Path, origin: &str) -> Value {
        self.json(&["ingest", path.to_str().unwrap(), "--origin", origin, "--json"])
    }

    /// All there is, what is in no total too.
    pub fn export(&self, what: &str) -> Vec<Value> {
        let document = self.json(&["export", what, "--format", "geojson", "--outside"]);
        document["features"].as_array().unwrap().clone()
    }

    /// What must not depend on the order of arrival: detections with their ground, fires, alerts.
    pub fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for detection in self.export("detections") {
            let p = &detection["properties"];
            facts.insert(format!(
                "{} {} {} {} {}",
                p["satellite"], p["acquired_at"], detection["geometry"], p["verdict"], p["unit_code"]
            ));
        }
        for fire in self.export("fires") {
            let p = &fire["properties"];
            facts.insert(format!("{} {} {} {}", fire["geometry"], p["first_seen_at"], p["detections"], p["verdict"]));
        }
        for alert in self.export("alerts") {
            let p = &alert["properties"];
            facts.insert(format!(
                "{} {} {} {}",
                alert["geometry"], p["responsible_code"], p["verdict"], p["detections"]
            ));
        }
        facts
    }
}

fn counts(summary: &Value) -> BTreeMap<String, u64> {
    let numbers = summary.as_object().unwrap().iter().filter_map(|(key, value)| Some((key.clone(), value.as_u64()?)));
    numbers.collect()
}

fn by_county(detections: &[Value]) -> BTreeMap<String, usize> {
    let mut counties = BTreeMap::new();
    for detection in detections {
        let county = detection["properties"]["county_code"].as_str().unwrap_or("outside").to_owned();
        *counties.entry(county).or_default() += 1;
    }
    counties
}

#[test]
fn twelve_days_of_real_polls_land_in_their_counties_whatever_the_order() {
    let (Some(desk), Some(replay)) = (Desk::of_counties(Outlines::CountiesWgs84, "wgs84"), real_data("firms/replay"))
    else {
        return;
    };
    let summary = desk.ingest(&replay, "live");
    assert_eq!(summary["files"].as_array().unwrap().len(), 62);
    let n = counts(&summary);
    assert_eq!((n["read"], n["new"], n["neighbour"], n["rejected"]), (4791, 180, 30, 0));
    assert_eq!(n["read"], n["new"] + n["duplicate"] + n["revised"] + n["rejected"] + n["outside"]);
    let expected = [("220802", 17), ("220821", 21), ("220881", 31), ("220882", 81), ("outside", 30)];
    let expected: BTreeMap<_, _> = expected.map(|(county, n)| (county.to_owned(), n)).into();
    assert_eq!(by_county(&desk.export("detections")), expected);

    let facts = desk.facts();
    let again = counts(&desk.ingest(&replay, "live"));
    assert_eq!((again["new"], again["revised"], again["fires"], again["alerts"]), (0, 0, 0, 0));
    assert_eq!(desk.facts(), facts, "the same files again change nothing");

    let backwards = Desk::new(&desk.region);
    let mut files: Vec<_> = std::fs::read_dir(&replay).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.reverse();
    let mut args = vec!["ingest", "--origin", "live", "--json"];
    args.extend(files.iter().map(|path| path.to_str().unwrap()));
    backwards.json(&args);
    assert_eq!(backwards.facts(), facts, "the last poll first ends the same");
}

#[test]
fn undeclared_gcj02_moves_points_and_declared_gcj02_does_not() {
    let Some(replay) = real_data("firms/replay") else { return };
    let count = |set, datum| {
        let desk = Desk::of_counties(set, datum).unwrap();
        desk.ingest(&replay, "live");
        by_county(&desk.export("detections"))
    };
    let truth = count(Outlines::CountiesWgs84, "wgs84");
    assert_eq!(count(Outlines::CountiesGcj02, "gcj02"), truth);
    assert_ne!(count(Outlines::CountiesGcj02, "wgs84"), truth, "half a kilometre is more than a pixel");
}

/// One large reed fire seen by two passes: 40 pixels, and by the rule of product section 5
/// (6 h, the larger of 0.8 km and the mean diagonal) twelve fires.
#[test]
fn the_zhenlai_reed_fire_is_forty_pixels_and_twelve_fires() {
    let (Some(desk), Some(file)) = (
        Desk::of_counties(Outlines::CountiesWgs84, "wgs84"),
        real_data("firms/MODIS_C6_1_Global_24h.2023-03-10.csv.gz"),
    ) else {
        return;
    };
    let n = counts(&desk.ingest(&file, "live"));
    assert_eq!((n["read"], n["new"], n["neighbour"], n["fires"], n["alerts"]), (8812, 40, 0, 12, 12));
    let detections = desk.export("detections");
    assert_eq!(by_county(&detections), BTreeMap::from([("220821".to_owned(), 40)]));
    assert_eq!(naive_fires(&detections), 12);
}

/// A second implementation of the linking rule, sharing no code with the first: spherical law
/// of cosines, minutes as numbers, flood fill over a full matrix.
fn naive_fires(detections: &[Value]) -> usize {
    let number = |value: &Value| value.as_f64().unwrap();
    let pixels: Vec<_> = detections
        .iter()
        .map(|detection| {
            let (p, c) = (&detection["properties"], &detection["geometry"]["coordinates"]);
            let at: jiff::Timestamp = p["acquired_at"].as_str().unwrap().parse().unwrap();
            let diagonal = (number(&p["scan_km"]).powi(2) + number(&p["track_km"]).powi(2)).sqrt();
            (number(&c[0]).to_radians(), number(&c[1]).to_radians(), at.as_second() / 60, diagonal)
        })
        .collect();
    let linked = |a: &(f64, f64, i64, f64), b: &(f64, f64, i64, f64)| {
        let cosine = a.1.sin() * b.1.sin() + a.1.cos() * b.1.cos() * (a.0 - b.0).cos();
        let km = 6371.0088 * cosine.clamp(-1.0, 1.0).acos();
        (a.2 - b.2).abs() <= 360 && km <= 0.8_f64.max(f64::midpoint(a.3, b.3))
    };
    let mut seen = vec![false; pixels.len()];
    let mut fires = 0;
    for start in 0..pixels.len() {
        if seen[start] {
            continue;
        }
        fires += 1;
        let mut open = vec![start];
        while let Some(i) = open.pop() {
            if std::mem::replace(&mut seen[i], true) {
                continue;
            }
            open.extend((0..pixels.len()).filter(|&j| !seen[j] && linked(&pixels[i], &pixels[j])));
        }
    }
    fires
}

#[test]
fn a_whole_day_of_the_world_leaves_nothing_in_the_city() {
    let (Some(desk), Some(file)) = (
        Desk::of_counties(Outlines::CountiesWgs84, "wgs84"),
        real_data("firms/SUOMI_VIIRS_C2_Global_VNP14IMGTDL_NRT_2023313.txt.gz"),
    ) else {
        return;
    };
    let n = counts(&desk.ingest(&file, "history"));
    assert_eq!((n["read"], n["rejected"], n["alerts"]), (43_981, 0, 0));
    assert_eq!(n["new"], n["neighbour"], "all that is near lies outside the city");
}

#[test]
fn age_decides_who_is_woken_unless_told_otherwise() {
    let (Some(desk), Some(file)) = (
        Desk::of_counties(Outlines::CountiesWgs84, "wgs84"),
        real_data("firms/NOAA20_2022-04-13_0412Z_ne_china_excerpt.csv"),
    ) else {
        return;
    };
    let file = file.to_str().unwrap();
    let origin_at = |now: &str| {
        let desk = Desk::new(&desk.region);
        desk.json(&["ingest", file, "--now", now, "--json"]);
        let alerts = desk.json(&["alerts", "list", "--json"]);
        let alerts = alerts["alerts"].as_array().unwrap();
        alerts.first().map(|alert| alert["origin"].as_str().unwrap().to_owned())
    };
    assert_eq!(origin_at("2022-04-13T07:00:00Z").as_deref(), Some("live"));
    assert_eq!(origin_at("2022-04-15T07:00:00Z").as_deref(), Some("late"));
    assert_eq!(origin_at("2022-08-01T00:00:00Z"), None, "archives open no alert");
}

#[test]
fn a_bad_file_is_named_and_the_others_go_on() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
    let row = "45.62000,122.84000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D";
    std::fs::write(desk.path("good.csv"), format!("{header}{row}\n")).unwrap();
    std::fs::write(desk.path("cut.csv"), format!("{header}{row}")).unwrap();
    std::fs::write(desk.path("refused.csv"), "Invalid MAP_KEY.").unwrap();
    std::fs::write(desk.path("empty.csv"), header).unwrap();
    let paths = ["cut.csv", "refused.csv", "empty.csv", "missing.csv", "good.csv"].map(|name| desk.path(name));
    let mut args = vec!["ingest", "--json", "--now", "2026-04-13T07:00:00Z"];
    args.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(3));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcomes: Vec<_> =
        summary["files"].as_array().unwrap().iter().map(|file| file["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["truncated", "refused:invalid_key", "no_rows", "unreadable", "parsed"]);
    assert_eq!((summary["read"].as_u64(), summary["new"].as_u64()), (Some(1), Some(1)));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cut.csv"));

    let again = Desk::new(Path::new("regions/baicheng"));
    let told = desk.path("cut.csv");
    let summary = again.json(&["ingest", "--json", "--allow-missing-newline", told.to_str().unwrap()]);
    assert_eq!(summary["files"][0]["outcome"], "parsed");
}

#[test]
fn explain_answers_for_any_point_by_the_same_rules() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let inside = desk.json(&[
        "explain",
        "122.84",
        "45.62",
        "--at",
        "2026-04-13T04:12:00Z",
        "--scan",
        "0.5",
        "--track",
        "0.4",
        "--json",
    ]);
    assert_eq!(inside["county"]["code"], "220802");
    assert_eq!(inside["verdict"], "banned");
    let chain: Vec<_> =
        inside["chain"].as_array().unwrap().iter().map(|link| link["level"].as_str().unwrap()).collect();
    assert_eq!(chain.last(), Some(&"city"));
    assert_eq!(inside["unit"]["code"], inside["chain"][0]["code"]);
    let classes = &inside["shares"]["zone_classes"];
    let sum = ["ban", "limited", "none"].map(|class| classes[class].as_f64().unwrap()).iter().sum::<f64>();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    assert!(!inside["zones"].as_array().unwrap().is_empty());
    assert_eq!((&inside["closures"], &inside["plans"], &inside["plan"]), (&json!([]), &json!([]), &Value::Null));
    assert_eq!(inside["weather"]["text"], "当日焚烧气象等级未登记");
    assert!(inside["land_cover"]["at_point"].is_array());

    let no_pixel = desk.json(&["explain", "122.84", "45.62", "--json"]);
    assert!(no_pixel["shares"].is_null() && no_pixel["sure_level"].is_null());

    let outside = desk.json(&["explain", "100", "10", "--scan", "1", "--track", "1", "--json"]);
    assert_eq!(outside["verdict"], "outside");
    for key in ["unit", "township", "county", "shares", "sure_level"] {
        assert!(outside[key].is_null(), "{key}");
    }
    assert_eq!((outside["chain"].clone(), outside["zones"].clone()), (json!([]), json!([])));
    assert!(!desk.path("firegrid.sqlite").exists(), "asking changes nothing");
}

#[test]
fn check_lists_the_faults_of_configuration_and_region_together() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let ok = desk.json(&["check", "--json"]);
    assert_eq!((&ok["ok"], &ok["faults"]), (&json!(true), &json!([])));
    assert_eq!(ok["region_version"].as_str().unwrap().len(), 64);

    let region = desk.path("region");
    std::fs::create_dir(&region).unwrap();
    std::fs::write(region.join("region.toml"), "id = 3\nfarbe = 1\n").unwrap();
    let config = desk.path("bad.toml");
    std::fs::write(&config, "colour = 1\n[web]\nlisten = \"nowhere\"\n[[source]]\nid = \"x\"\nkind = \"firms_area\"\ndataset = \"VIIRS_NOAA20_NRT\"\ndays = 9\n").unwrap();
    let broken = Desk::new(&region);
    let output = broken.run(&["--config", config.to_str().unwrap(), "check", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ok"], false);
    let faults = report["faults"].as_array().unwrap();
    assert_eq!(report["region_version"], "");
    let mentions = |text: &str| faults.iter().any(|fault| fault.to_string().contains(text));
    for text in ["colour", "web", "listen is \\\"nowhere\\\"", "days is 9", "no key", "farbe", "time_zone"] {
        assert!(mentions(text), "{text} is missing in {faults:#?}");
    }
    for fault in faults {
        for key in ["file", "where", "code", "message"] {
            assert!(fault[key].is_string(), "{key} in {fault}");
        }
    }
}

#[test]
fn exports_carry_codes_and_inclusive_local_days() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
    // 16:30 UTC is half past midnight of the next day in Baicheng.
    let rows = "45.62000,122.84000,334.1,0.39,0.36,2026-04-12,1559,N20,n,2.0NRT,291.0,2.31,N\n\
                45.30000,122.80000,334.1,0.39,0.36,2026-04-12,1630,N20,n,2.0NRT,291.0,2.31,N\n";
    std::fs::write(desk.path("two.csv"), format!("{header}{rows}")).unwrap();
    desk.json(&["ingest", "--json", "--now", "2026-04-12T18:00:00Z", desk.path("two.csv").to_str().unwrap()]);
    let of = |from: &str, to: &str| {
        let document = desk.json(&["export", "detections", "--format", "json", "--from", from, "--to", to]);
        document.as_array().map_or_else(|| document["detections"].as_array().unwrap().len(), Vec::len)
    };
    assert_eq!(
        (of("2026-04-12", "2026-04-12"), of("2026-04-13", "2026-04-13"), of("2026-04-12", "2026-04-13")),
        (1, 1, 2)
    );
    for what in ["detections", "alerts"] {
        for feature in desk.export(what) {
            for key in ["county_code", "township_code", "unit_code", "verdict"] {
                assert!(feature["properties"][key].is_string(), "{what} {key}: {feature}");
            }
            let longitude = feature["geometry"]["coordinates"][0].as_f64().unwrap();
            assert!((122.0..123.0).contains(&longitude), "longitude first");
        }
    }
    assert!(desk.export("units").len() > 100);
    assert!(desk.export("zones").len() > 10);
    let csv = desk.run(&["export", "alerts", "--format", "csv"]);
    assert_eq!(String::from_utf8(csv.stdout).unwrap().lines().count(), 3, "a header and two alerts");
}

#[test]
fn an_alert_is_acknowledged_and_closed_by_somebody() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
    let row = "45.62000,122.84000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D\n";
    std::fs::write(desk.path("one.csv"), format!("{header}{row}")).unwrap();
    desk.json(&["ingest", "--json", "--now", "2026-04-13T07:00:00Z", desk.path("one.csv").to_str().unwrap()]);
    let listed = desk.json(&["alerts", "list", "--json"]);
    let number = listed["alerts"][0]["number"].as_str().unwrap().to_owned();
    assert_eq!(number, "20260413-0001");
    assert!(desk.run(&["alerts", "ack", &number, "--as", "网格员甲"]).status.success());
    let refused = desk.run(&["alerts", "close", &number, "--as", "值班员@220802"]);
    assert_eq!(refused.status.code(), Some(1));
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(says.contains("acknowledged") && says.contains("不能“销号”") && says.contains("report, "), "{says}");

    let photo = desk.path("现场.jpg");
    std::fs::write(&photo, crate::pictures::jpeg("a picture")).unwrap();
    let act = |args: &[&str]| {
        let mut whole = vec!["alerts", args[0], &number];
        whole.extend(&args[1..]);
        let output = desk.run(&whole);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    act(&["arrive", "--as", "网格员甲", "--lon", "122.84", "--lat", "45.62"]);
    act(&["out", "--as", "网格员甲"]);
    act(&["report", "--as", "网格员甲", "--finding", "straw", "--mu", "1.5", "--photo", photo.to_str().unwrap()]);
    act(&["review", "confirmed", "--as", "值班员@220802", "--note", "属实"]);
    act(&["close", "--as", "值班员@220802"]);
    let heads = desk.path("heads.txt");
    let heads = heads.to_str().unwrap();
    let verify = |more: &[&str]| {
        let output = desk.run(&[&["audit", "verify", "--json"], more].concat());
        let audit: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&audit["faults"], &audit["photos"]), (&json!([]), &json!(1)));
        (output.status.code(), audit["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(verify(&[]), (Some(2), "unproven".to_owned()));
    assert!(desk.run(&["audit", "head", "--append", heads]).status.success());
    assert_eq!(verify(&["--heads", heads]), (Some(0), "proven".to_owned()));
    let forged = std::fs::read_to_string(heads).unwrap().replace("Z ", "Z 1");
    std::fs::write(heads, forged).unwrap();
    assert_eq!(desk.run(&["audit", "verify", "--heads", heads]).status.code(), Some(1));
    assert_eq!(desk.json(&["alerts", "list", "--json"])["alerts"][0]["state"], "closed");
}

#[test]
fn status_knows_feeds_that_were_never_polled() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let status = desk.json(&["status", "--json"]);
    let states: Vec<_> =
        status["feeds"].as_array().unwrap().iter().map(|feed| feed["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["unknown", "unknown", "unknown"]);
    assert_eq!((status["cases"]["open"].as_u64(), status["responsibility_gaps"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn reloading_shows_the_difference_first_and_a_bad_file_changes_nothing() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let region = desk.path("region");
    std::fs::create_dir(&region).unwrap();
    for entry in std::fs::read_dir("regions/baicheng").unwrap() {
        let from = entry.unwrap().path();
        std::fs::copy(&from, region.join(from.file_name().unwrap())).unwrap();
    }
    let desk = Desk { folder: desk.folder, region: region.clone() };
    let first = desk.json(&["regions", "reload", "--json"]);
    assert_eq!(first["changed"], true);

    let manifest = std::fs::read_to_string(region.join("region.toml")).unwrap();
    std::fs::write(region.join("region.toml"), manifest.replace("neighbour_belt_km = 10", "neighbour_belt_km = 12"))
        .unwrap();
    let dry = desk.json(&["regions", "reload", "--dry-run", "--json"]);
    assert_eq!((&dry["changed"], &dry["dry_run"]), (&json!(true), &json!(true)));
    assert_ne!(dry["region_version"], first["region_version"]);
    assert_eq!(
        desk.json(&["status", "--json"])["region_version"],
        first["region_version"],
        "a dry run changes nothing"
    );

    std::fs::write(region.join("zones.geojson"), "{").unwrap();
    assert_eq!(desk.run(&["regions", "reload"]).status.code(), Some(1));
    assert_eq!(desk.json(&["status", "--json"])["region_version"], first["region_version"]);
}
