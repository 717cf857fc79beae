//! Lists as provinces, ministries and other services send them, with the real program: from the file to the alert.
//!
//! The mappings are those that the shipped configuration shows as examples.

use std::path::{Path, PathBuf};
use std::process::Output;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

use firegrid::config::{SourceConfig, SourceKind};
use firegrid::source::drop_folder::SETTLE;
use firegrid::source::http::Limits;
use firegrid::source::{Ask, Cursor, Feed, Network, Outcome};

use crate::commands::Desk;
use crate::harness::real_data;

const NOW: &str = "2026-10-10T08:00:00Z";
const HEADS: &str = "序号,县区,乡镇,经度,纬度,监测时间,卫星";
const ROW: &str = "1,洮北区,平安镇,122.84,45.62,2026/10/10 12:12,NOAA-20";

/// The example lists of the shipped configuration, as an operator takes them into his own.
fn shipped_lists() -> String {
    let text = std::fs::read_to_string("config/firegrid.toml").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let begins = lines.iter().position(|line| *line == "# [[list]]").expect("the examples are shipped");
    let is_toml = |line: &&str| line.starts_with("# ") || line.is_empty();
    let examples = lines[begins..].iter().take_while(|line| is_toml(line));
    examples.map(|line| line.trim_start_matches("# ")).collect::<Vec<_>>().join("\n") + "\n"
}

/// A desk whose configuration knows some lists.
struct Office {
    desk: Desk,
    config: PathBuf,
}

impl Office {
    fn with(lists: &str) -> Self {
        let desk = Desk::new(Path::new("regions/baicheng"));
        let config = desk.path("firegrid.toml");
        std::fs::write(&config, lists).unwrap();
        Self { desk, config }
    }

    fn shipped() -> Self {
        Self::with(&shipped_lists())
    }

    fn run(&self, args: &[&str]) -> Output {
        let config = ["--config", self.config.to_str().unwrap()];
        self.desk.run(&[&config[..], args].concat())
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// One file: exit code, the JSON summary, what was said beside it.
    fn ingest(&self, name: &str, content: &[u8]) -> (Option<i32>, Value, String) {
        let file = self.desk.path(name);
        std::fs::write(&file, content).unwrap();
        let output = self.run(&["ingest", "--json", "--now", NOW, file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let summary = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{name}: {error}: {said}"));
        (output.status.code(), summary, said)
    }
}

fn csv(heads: &str, rows: &[&str]) -> String {
    format!("\u{feff}{heads}\r\n{}\r\n", rows.join("\r\n"))
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text.trim_start_matches('\u{feff}')).0.into_owned()
}

/// A province's workbook: a title above the heads, numbers and a date as a spreadsheet keeps them.
fn province_workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("填表说明").unwrap().write(0, 0, "请勿改动表头").unwrap();
    let sheet = workbook.add_worksheet().set_name("火点").unwrap();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 6, "吉林省秸秆焚烧疑似火点清单", &plain).unwrap();
    sheet.write_row(2, 0, HEADS.split(',')).unwrap();
    sheet.write(3, 0, 1).unwrap();
    sheet.write_row(3, 1, ["洮北区", "平安镇"]).unwrap();
    sheet.write(3, 3, 122.84).unwrap();
    sheet.write(3, 4, 45.62).unwrap();
    let at = ExcelDateTime::from_ymd(2026, 10, 10).unwrap().and_hms(12, 12, 0).unwrap();
    sheet.write_with_format(3, 5, &at, &Format::new().set_num_format("yyyy/m/d h:mm")).unwrap();
    sheet.write(3, 6, "NOAA-20").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_provinces_list_becomes_detections_and_alerts_as_csv_and_as_workbook() {
    let files: [(&str, Vec<u8>); 3] = [
        ("clean.csv", csv(HEADS, &[ROW]).into_bytes()),
        ("title.csv", csv(&format!("吉林省火点清单,,,,,,\r\n{HEADS}"), &[ROW]).into_bytes()),
        ("list.xlsx", province_workbook()),
    ];
    for (name, content) in files {
        let office = Office::shipped();
        let (code, summary, said) = office.ingest(name, &content);
        assert_eq!(
            (code, summary["new"].as_u64(), summary["alerts"].as_u64()),
            (Some(0), Some(1), Some(1)),
            "{name}: {said}"
        );
        let file = &summary["files"][0];
        assert_eq!(file["outcome"], "parsed", "{name}");
        assert!(file["detail"].as_str().unwrap().starts_with("list province: 1 rows"), "{file}");
        let document = office.json(&["export", "detections", "--format", "geojson"]);
        let feature = &document["features"][0];
        let seen = &feature["properties"];
        assert_eq!(
            (seen["satellite"].as_str(), seen["acquired_at"].as_str()),
            (Some("NOAA-20"), Some("2026-10-10T04:12:00Z"))
        );
        assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([122.84, 45.62]));
        let alerts = office.json(&["export", "alerts", "--format", "geojson"]);
        assert_eq!(alerts["features"].as_array().unwrap().len(), 1, "{name}");
        // Again, and as the same list in another form: nothing new.
        for (name, content) in [(name, content.clone()), ("again.xlsx", province_workbook())] {
            let (code, again, _) = office.ingest(name, &content);
            assert_eq!(
                (code, again["new"].as_u64(), again["duplicate"].as_u64()),
                (Some(0), Some(0), Some(1)),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_drop_folder_reads_a_list_by_the_same_mapping() {
    let lists = firegrid::config::load::parse("firegrid.toml", &shipped_lists()).unwrap().lists;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("list.csv"), csv(HEADS, &[ROW])).unwrap();
    let kind = SourceKind::DropFolder { path: folder.path().to_owned(), allow_missing_newline: false };
    let mut feed = Feed::new(SourceConfig { id: "drop".to_owned(), kind });
    let network = Network::new(Limits::default()).unwrap().with_lists(&lists);
    let cursor = Cursor::default();
    let extent = firegrid::domain::ground::Extent { west: 121.6, south: 44.2, east: 124.4, north: 46.3 };
    let now = firegrid::domain::time::Timestamp::now() + 2 * SETTLE;
    let polls = feed.poll(&Ask { extent, belt_km: 10.0, cursor: &cursor, now }, &network).await;
    assert_eq!(polls.iter().map(|poll| poll.outcome).collect::<Vec<_>>(), [Outcome::Parsed], "{}", polls[0].detail);
    assert_eq!(polls[0].table.as_ref().unwrap().observations().count(), 1);
}

#[test]
fn a_row_of_firms_and_the_provinces_row_of_the_same_pixel_are_one_detection() {
    let office = Office::shipped();
    let firms = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight\n\
        45.62007,122.84007,330.1,0.45,0.41,2026-10-10,0412,N20,VIIRS,n,2.0NRT,294.18,5.76,D\n";
    office.ingest("province.csv", csv(HEADS, &[ROW]).as_bytes());
    let (_, summary, _) = office.ingest("firms.csv", firms.as_bytes());
    assert_eq!((summary["new"].as_u64(), summary["revised"].as_u64()), (Some(0), Some(1)), "{summary}");
    let document = office.json(&["export", "detections", "--format", "geojson"]);
    let features = document["features"].as_array().unwrap();
    assert_eq!(
        (features.len(), features[0]["properties"]["processing_level"].as_str()),
        (1, Some("NRT")),
        "{document}"
    );
}

/// The province's mapping with one thing changed.
fn changed(from: &str, to: &str) -> String {
    let text = shipped_lists();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn datum_encoding_degrees_and_forms_of_time_are_as_the_mapping_says() {
    // GCJ-02 lies 457 m east and 212 m north of WGS-84 here.
    let place = |summary: &Office| {
        let document = summary.json(&["export", "detections", "--format", "geojson"]);
        let at = document["features"][0]["geometry"]["coordinates"].clone();
        (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
    };
    let list = csv(HEADS, &[ROW]);
    let dms = list.replace("122.84,45.62", "122°50′24″,45°37′12″");
    let cases = [
        ("wgs84", "wgs84", list.clone().into_bytes(), (122.84, 45.62)),
        ("wgs84", "cgcs2000", list.clone().into_bytes(), (122.84, 45.62)),
        ("wgs84", "gcj02", list.clone().into_bytes(), (122.8341, 45.6181)),
        ("wgs84", "bd09", list.clone().into_bytes(), (122.8276, 45.6121)),
        ("\"utf-8\"", "\"gb18030\"", gb18030(&list), (122.84, 45.62)),
        ("\"utf-8\"", "\"gb18030\"", list.clone().into_bytes(), (122.84, 45.62)),
        ("\"decimal\"", "\"dms\"", dms.into_bytes(), (122.84, 45.62)),
        (
            "time_zone = \"Asia/Shanghai\"",
            "time_zone = \"Asia/Shanghai\"\ntime_format = \"%d.%m.%Y %H:%M\"",
            list.replace("2026/10/10 12:12", "10.10.2026 12:12").into_bytes(),
            (122.84, 45.62),
        ),
    ];
    for (from, to, content, (lon, lat)) in cases {
        let office = Office::with(&changed(from, to));
        let (code, summary, said) = office.ingest("list.csv", &content);
        assert_eq!((code, summary["new"].as_u64()), (Some(0), Some(1)), "{to}: {said}");
        let found = place(&office);
        assert!((found.0 - lon).abs() < 0.001 && (found.1 - lat).abs() < 0.001, "{to}: {found:?}");
    }
}

#[test]
fn a_value_whose_meaning_is_not_sure_refuses_its_row_with_column_and_reason() {
    let cases = [
        ("122.84,45.62", "45.62,122.84", "经度", "look exchanged"),
        ("122.84,45.62", "122.84,95.62", "纬度", "-90 to 90"),
        ("122.84,45.62", "222.84,45.62", "经度", "-180 to 180"),
        ("122.84,45.62", "0,0", "纬度", "broken tables"),
        ("122.84,45.62", "122°50′24″,45.62", "经度", "dms"),
        ("122.84,45.62", ",45.62", "经度", "a value"),
        ("NOAA-20", "NOAA-19", "卫星", "one of the words in satellites"),
        ("NOAA-20", "", "卫星", "a value"),
        ("2026/10/10 12:12", "2026/10/10", "监测时间", "Asia/Shanghai"),
        ("2026/10/10 12:12", "10/11/2026 12:12", "监测时间", "year first"),
        ("2026/10/10 12:12", "2026年10月10日12时", "监测时间", "to the minute"),
        ("2026/10/10 12:12", "1998/10/10 12:12", "监测时间", "launched on"),
        ("平安镇,", "平安镇,,", "row", "7 fields"),
    ];
    for (from, to, column, reason) in cases {
        let office = Office::shipped();
        let (code, summary, said) = office.ingest("list.csv", csv(HEADS, &[&ROW.replace(from, to)]).as_bytes());
        let file = &summary["files"][0];
        assert_eq!((code, file["outcome"].as_str()), (Some(3), Some("no_readable_rows")), "{to}: {said}");
        let rejected = &file["rejected"][0];
        assert_eq!((rejected["column"].as_str(), rejected["first_line"].as_u64()), (Some(column), Some(2)), "{to}");
        assert!(rejected["first"].as_str().unwrap().contains(reason), "{to}: {rejected}");
        assert!(said.contains("list.csv") && said.contains(reason), "{to}: {said}");
        assert_eq!(summary["alerts"], 0, "{to}");
    }
    // In a workbook the column has its letters.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADS.split(',')).unwrap();
    sheet.write_row(1, 0, ROW.replace("NOAA-20", "某星").split(',')).unwrap();
    let (_, summary, _) = Office::shipped().ingest("list.xlsx", &workbook.save_to_buffer().unwrap());
    assert_eq!(summary["files"][0]["rejected"][0]["column"], "卫星 (G)");
}

#[test]
fn a_list_that_no_mapping_fits_surely_is_refused_as_a_whole() {
    let list = csv(HEADS, &[ROW]);
    let shipped = shipped_lists();
    let mut merged = Workbook::new();
    let sheet = merged.add_worksheet();
    sheet.write_row(0, 0, HEADS.split(',')).unwrap();
    sheet.write_row(1, 0, ROW.split(',')).unwrap();
    sheet.merge_range(2, 3, 2, 4, "122.84", &Format::new()).unwrap();
    let twin = shipped.replacen("id = \"province\"", "id = \"twin\"", 1);
    let twice = format!("{shipped}\n{}", twin.split("[[list]]").nth(1).map(|one| format!("[[list]]{one}")).unwrap());
    let cases: [(&str, &str, Vec<u8>, &str, &str); 8] = [
        ("no mapping", "", list.clone().into_bytes(), "unsupported", "[[list]]"),
        ("another head", &shipped, list.replace("监测时间", "时间").into_bytes(), "unsupported", "[[list]]"),
        ("another encoding", &shipped, gb18030(&list), "unsupported", "encoding = \"utf-8\""),
        ("two mappings", &twice, list.clone().into_bytes(), "unsupported", "several lists"),
        ("a head twice", &shipped, list.replace("序号", "经度").into_bytes(), "unsupported", "more than once"),
        ("no last line feed", &shipped, list.trim_end().into(), "truncated", "no line feed"),
        ("a merge over two columns", &shipped, merged.save_to_buffer().unwrap(), "unsupported", "merged over several"),
        ("a workbook of something else", "", province_workbook(), "unsupported", "[[list]]"),
    ];
    for (name, lists, content, outcome, reason) in cases {
        let (code, summary, said) = Office::with(lists).ingest("list.x", &content);
        assert_eq!((code, summary["files"][0]["outcome"].as_str()), (Some(3), Some(outcome)), "{name}: {said}");
        assert!(said.contains(reason), "{name}: {said}");
    }
    for (from, to, said_of_it) in [
        ("time_zone = \"Asia/Shanghai\"\n", "", "no time_zone"),
        ("datum = \"wgs84\"\n", "", "datum"),
        ("satellite = \"卫星\"", "satelite = \"卫星\"", "satelite"),
    ] {
        let office = Office::with(&changed(from, to));
        let checked = office.run(&["ingest", "x.csv"]);
        let said = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(!checked.status.success() && said.contains(said_of_it), "{to}: {said}");
    }
}

#[test]
fn firms_rows_that_excel_saved_as_a_workbook_are_the_rows_of_the_csv() {
    let heads = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight";
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, heads.split(',')).unwrap();
    for (column, value) in
        [(0, 45.62007), (1, 122.84007), (2, 330.1), (3, 0.45), (4, 0.41), (6, 412.0), (11, 294.18), (12, 5.76)]
    {
        sheet.write(1, column, value).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2026, 10, 10).unwrap();
    sheet.write_with_format(1, 5, &day, &Format::new().set_num_format("yyyy/m/d")).unwrap();
    for (column, value) in [(7, "N20"), (8, "VIIRS"), (9, "n"), (10, "2.0NRT"), (13, "D")] {
        sheet.write(1, column, value).unwrap();
    }
    let office = Office::with("");
    let (code, summary, said) = office.ingest("fires.xlsx", &workbook.save_to_buffer().unwrap());
    assert_eq!(
        (code, summary["new"].as_u64(), summary["with_unknown"].as_u64()),
        (Some(0), Some(1), Some(0)),
        "{said}"
    );
    let row = "45.62007,122.84007,330.1,0.45,0.41,2026-10-10,0412,N20,VIIRS,n,2.0NRT,294.18,5.76,D";
    let (_, again, _) = office.ingest("fires.csv", format!("{heads}\n{row}\n").as_bytes());
    assert_eq!((again["new"].as_u64(), again["duplicate"].as_u64()), (Some(0), Some(1)), "{again}");
}

#[test]
fn a_himawari_list_becomes_a_detection_of_its_own_satellite() {
    let list = "# 2026 10 10  4 10 UTC  2026 10 10  4 40 UTC\n\
        # ID,Year,Month,Day,Time(UTC),Lat,Lon,Area(km^2),Volcano,Level,Reliability,FRP(Wm^-2),QF,Hot(ID)\n\
        1,2026,10,10,0412,45.62,122.84,4.0,0,2,5,3.75,0,1\n";
    for (name, satellite) in [
        ("H09_20261010_0410_L2WLF010_FLDK.06001_06001.csv", "Himawari-9"),
        ("H08_20261010_0410_L2WLF010_FLDK.06001_06001.csv", "Himawari-8"),
        ("list.csv", "Himawari-9"),
    ] {
        let office = Office::with("");
        let (code, summary, said) = office.ingest(name, list.as_bytes());
        assert_eq!(
            (code, summary["new"].as_u64(), summary["alerts"].as_u64()),
            (Some(0), Some(1), Some(1)),
            "{name}: {said}"
        );
        let document = office.json(&["export", "detections", "--format", "geojson"]);
        let seen = &document["features"][0]["properties"];
        assert_eq!((seen["satellite"].as_str(), seen["frp_mw"].as_f64()), (Some(satellite), Some(15.0)), "{seen}");
        let (_, again, _) = office.ingest(name, list.as_bytes());
        assert_eq!(again["new"], 0);
    }
}

const DAYS: &str = "时间,中心经度,中心纬度,省,市,县";

#[test]
fn a_list_of_days_is_recorded_as_official_points_and_never_as_detections() {
    let office = Office::shipped();
    let ours = "2026/10/9,122.84,45.62,吉林,白城市,洮北区";
    let elsewhere = "2026/10/9,115.064,40.548,河北,张家口市,宣化县";
    let tomorrow = "2026/10/12,122.84,45.62,吉林,白城市,洮北区";
    let timed = "2026/10/9 12:12,122.84,45.62,吉林,白城市,洮北区";
    let content = csv(DAYS, &[ours, ours, elsewhere, tomorrow, timed]);
    let (code, summary, said) = office.ingest("days.csv", content.as_bytes());
    assert_eq!((code, summary["official_points"].as_u64()), (Some(0), Some(2)), "{summary} {said}");
    let counts = ["new", "alerts", "fires", "outside", "rejected"].map(|count| summary[count].as_u64().unwrap());
    assert_eq!(counts, [0, 0, 0, 1, 2], "{summary}");
    assert!(said.contains("without a time"), "{said}");
    let listed = office.json(&["official", "list", "--json"]);
    let points = listed["official_points"].as_array().unwrap();
    assert_eq!(points.len(), 2, "a list may say the same twice");
    let point = &points[0];
    assert_eq!(
        (point["list"].as_str(), point["day"].as_str(), point["row"].as_u64()),
        (Some("ministry"), Some("2026-10-09"), Some(2))
    );
    assert_eq!(point["places"], serde_json::json!(["吉林", "白城市", "洮北区"]));
    let text =
        String::from_utf8(office.run(&["official", "list", "--from", "2026-10-09", "--to", "2026-10-09"]).stdout)
            .unwrap();
    assert!(text.contains("2026-10-09  122.84000,45.62000  吉林 白城市 洮北区"), "{text}");
    for args in [["--of", "province"], ["--from", "2026-10-10"]] {
        let none = office.json(&[&["official", "list", "--json"][..], &args[..]].concat());
        assert_eq!(none["official_points"].as_array().unwrap().len(), 0, "{args:?}");
    }
    // The same list again, with one more row, and as a workbook: only what is new is new.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, DAYS.split(',')).unwrap();
    for (row, line) in (1..).zip([ours, ours, "2026/10/8,122.84,45.62,吉林,白城市,洮北区"]) {
        let fields: Vec<&str> = line.split(',').collect();
        let day = ExcelDateTime::parse_from_str(&fields[0].replace("/8", "/08").replace("/9", "/09").replace('/', "-"))
            .unwrap();
        sheet.write_with_format(row, 0, &day, &Format::new().set_num_format("yyyy/m/d")).unwrap();
        for (column, value) in [(1, fields[1]), (2, fields[2])] {
            sheet.write(row, column, value.parse::<f64>().unwrap()).unwrap();
        }
        sheet.write_row(row, 3, fields[3..].iter().copied()).unwrap();
    }
    for (name, content, new) in
        [("again.csv", content.into_bytes(), 0), ("more.xlsx", workbook.save_to_buffer().unwrap(), 1)]
    {
        let (code, summary, said) = office.ingest(name, &content);
        assert_eq!((code, summary["official_points"].as_u64()), (Some(0), Some(new)), "{name}: {said}");
    }
    let log = rusqlite::Connection::open(office.desk.path("firegrid.sqlite")).unwrap();
    let events: i64 = log
        .query_row(
            "SELECT count(*) FROM events WHERE subject_kind = 'official_list' AND subject = 'ministry'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(events, 2, "one for each list that brought anything");
}

#[test]
fn a_point_that_names_a_county_of_ours_is_in_our_account_wherever_it_lies() {
    let office = Office::shipped();
    let county = office.json(&["export", "units", "--format", "geojson"])["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|unit| unit["properties"]["level"] == "county")
        .map(|unit| unit["properties"]["name"].as_str().unwrap().to_owned())
        .unwrap();
    let content = csv(DAYS, &[&format!("2026/10/9,115.064,40.548,吉林,白城市,{county}")]);
    let (_, summary, said) = office.ingest("days.csv", content.as_bytes());
    assert_eq!((summary["official_points"].as_u64(), summary["outside"].as_u64()), (Some(1), Some(0)), "{said}");
}

#[test]
fn the_ministrys_real_list_is_read_whole_as_csv_and_as_workbook() {
    let Some(folder) = real_data("official") else { return };
    let office = Office::shipped();
    let workbook = folder.join("straw_burning_fire_point_monitoring_data_2016-08_2017-02.xlsx");
    let (code, summary, said) = office.ingest("real.xlsx", &std::fs::read(workbook).unwrap());
    assert_eq!(
        (code, summary["rejected"].as_u64(), summary["read"].as_u64()),
        (Some(0), Some(0), Some(2583)),
        "{said}"
    );
    let points = summary["official_points"].as_u64().unwrap();
    assert_eq!(points + summary["outside"].as_u64().unwrap(), 2583);
    assert!(points > 0, "{summary}");
    assert_eq!(summary["alerts"], 0);
}
