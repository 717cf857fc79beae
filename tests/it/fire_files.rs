//! Files of fire points as people have them, given to `firegrid ingest`: what is read, what is said, how it exits.

use std::path::Path;

use serde_json::Value;

use crate::commands::Desk;

const HEADER: &str = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight";
const ROW: &str = "45.62007,122.84007,330.1,0.45,0.41,2026-10-10,0412,N20,VIIRS,n,2.0NRT,294.18,5.76,D";
const NOW: &str = "2026-10-10T08:00:00Z";

/// One file on a desk of its own: exit code, the JSON summary, what was said beside it.
fn ingest(name: &str, content: &[u8], more: &[&str]) -> (Option<i32>, Value, String) {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let file = desk.path(name);
    std::fs::write(&file, content).unwrap();
    let mut args = vec!["ingest", "--json", "--now", NOW];
    args.extend(more);
    args.push(file.to_str().unwrap());
    let output = desk.run(&args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{name}: {error}: {said}"));
    (output.status.code(), summary, said)
}

fn table(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn odd_files_are_read_where_the_meaning_is_sure() {
    let row = |from: &str, to: &str| table(&[&ROW.replace(from, to)]);
    let cases: [(&str, String, u64); 16] = [
        ("dates of a Chinese spreadsheet", format!("\u{feff}{}", row("2026-10-10,0412", "2026/10/10,412").replace('\n', "\r\n")), 0),
        ("dates without padding", row("2026-10-10", "2026/10/9"), 0),
        ("Chinese dates", row("2026-10-10", "2026年10月10日"), 0),
        ("a date with its midnight", row("2026-10-10", "2026-10-10T00:00:00"), 0),
        ("blanks at the ends", row("45.62007,122.84007", " 45.62007,122.84007\u{a0} "), 0),
        ("heads of a shapefile", table(&[ROW]).replace(HEADER, &HEADER.to_uppercase()), 0),
        ("date and time in one", table(&[&ROW.replace("2026-10-10,0412", "2026-10-10 04:12:00")]).replace("acq_date,acq_time", "acq_datetime"), 0),
        ("a negative power", row("5.76", "-1.25"), 1),
        ("no number", row("5.76", "nan"), 1),
        ("no day nor night", row(",D", ","), 1),
        ("a pixel of no size", row("0.45,0.41", "0,0"), 1),
        ("another alphabet of confidence", row(",n,", ",85,"), 1),
        ("no version", row("2.0NRT", ""), 1),
        ("both temperatures", row("330.1", "-").replace("294.18", "-"), 1),
        ("columns left out", "LATITUDE,LONGITUDE,ACQ_DATE,ACQ_TIME,SATELLITE\n45.62007,122.84007,2026-10-10,0412,N20\n".to_owned(), 1),
        ("a map program's points", r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"LATITUDE":45.62,"LONGITUDE":122.84,"ACQ_DATE":"2026-10-10","ACQ_TIME":"0412","SATELLITE":"N20"},"geometry":{"type":"Point","coordinates":[122.84,45.62]}}]}"#.to_owned(), 1),
    ];
    for (name, content, has_unknown) in cases {
        let (code, summary, said) = ingest("a.csv", content.as_bytes(), &[]);
        assert_eq!((code, summary["new"].as_u64()), (Some(0), Some(1)), "{name}: {summary} {said}");
        assert_eq!(summary["files"][0]["outcome"], "parsed", "{name}");
        let is_told = summary["files"][0]["detail"].as_str().unwrap().contains("unknown");
        assert_eq!(u64::from(is_told), has_unknown, "{name}: {summary}");
        assert_eq!(summary["fires"], 1, "{name}: the fire is there");
    }
}

#[test]
fn a_file_of_which_no_row_or_too_few_can_be_read_exits_3_and_says_why_in_text_and_json() {
    let bad = ROW.replace("2026-10-10", "10/11/2026");
    let (code, summary, said) = ingest("a.csv", table(&[&bad, &bad]).as_bytes(), &[]);
    assert_eq!(code, Some(3));
    let file = &summary["files"][0];
    assert_eq!((file["outcome"].as_str(), file["rejected"][0]["rows"].as_u64()), (Some("no_readable_rows"), Some(2)));
    assert_eq!(
        (file["rejected"][0]["column"].as_str(), file["rejected"][0]["first_line"].as_u64()),
        (Some("acq_date"), Some(2))
    );
    for part in ["没有一行能读出", "acq_date 2 行 rows", "10/11/2026", "YYYY-MM-DD", "upgrade firegrid"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, summary, _) = ingest("a.csv", table(&[&bad, ROW, &bad]).as_bytes(), &[]);
    assert_eq!((code, summary["new"].as_u64()), (Some(3), Some(1)), "the good row is recorded");
    assert_eq!(summary["files"][0]["outcome"], "most_rows_rejected");
    let old = ROW.replace("2026-10-10", "1970-01-01");
    let (code, summary, said) = ingest("a.csv", table(&[&old]).as_bytes(), &[]);
    assert_eq!((code, summary["new"].as_u64()), (Some(3), Some(0)));
    assert!(said.contains("launched on 2017-11-18"), "{said}");
    let future = ROW.replace("2026-10-10", "2026-10-11");
    let (code, summary, said) = ingest("a.csv", table(&[&future]).as_bytes(), &[]);
    assert_eq!((code, summary["files"][0]["outcome"].as_str()), (Some(3), Some("future_rows")));
    assert_eq!(summary["files"][0]["future"], 1);
    assert!(said.contains("NTP") && said.contains("later than this machine's clock"), "{said}");
}

#[test]
fn a_list_that_is_not_read_says_what_it_is_and_what_to_do() {
    let himawari = "# 2026 10 10  4 10 UTC\n# ID,Year,Month,Day,Time(UTC),Lat,Lon\n1,2026,10,10,0412,45.62,122.84\n";
    let chinese =
        "\u{feff}序号,县区,乡镇,经度,纬度,监测时间,卫星\n1,洮北区,平安镇,122.84,45.62,2026/10/10 12:12,NOAA-20\n";
    for (content, outcome, said_of_it) in
        [(himawari, "missing_columns", "Reliability"), (chinese, "unsupported", "[[list]]")]
    {
        let (code, summary, said) = ingest("a.csv", content.as_bytes(), &[]);
        assert_eq!((code, summary["files"][0]["outcome"].as_str()), (Some(3), Some(outcome)));
        assert!(said.contains(said_of_it), "{said}");
    }
    let cut = table(&[ROW]);
    let (code, _, said) = ingest("a.csv", cut.trim_end().as_bytes(), &[]);
    assert_eq!(code, Some(3));
    assert!(said.contains("--allow-missing-newline"), "{said}");
    let (code, summary, _) = ingest("a.csv", cut.trim_end().as_bytes(), &["--allow-missing-newline"]);
    assert_eq!((code, summary["new"].as_u64()), (Some(0), Some(1)));
}
