//! Every form in which FIRMS writes fire points, every way a body can be wrong, and the real files.

use std::collections::BTreeSet;
use std::io::Read;

use proptest::prelude::*;

use firegrid::domain::observation::{Confidence, DayNight, ProcessingLevel, Satellite};
use firegrid::domain::position::Position;
use firegrid::source::dialect::{BodyError, ReadOptions, Table, read};
use firegrid::source::refusal::Refusal;

use crate::harness::real_data;

/// One VIIRS pixel in the rolling files' form.
pub const VIIRS_HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight";
pub const VIIRS_ROW: &str = "45.61234,122.84567,331.93,0.45,0.63,2026-04-13,0412,N20,nominal,2.0NRT,286.51,4.26,D";
const MODIS_HEADER: &str =
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight";
const MODIS_ROW: &str = "45.61234,122.84567,311.2,1.1,1.05,2026-04-13,0259,T,62,6.1NRT,288.1,14.3,D";

/// A body of so many different rows.
pub fn body_of(rows: usize) -> String {
    let mut body = format!("{VIIRS_HEADER}\n");
    for i in 0..rows {
        body +=
            &VIIRS_ROW.replace("45.61234,122.84567", &format!("45.{:05},122.{:05}", 10_007 + i * 37, 80_001 + i * 53));
        body += "\n";
    }
    body
}

fn read_strictly(body: &str) -> Result<Table, BodyError> {
    read(body.as_bytes(), &ReadOptions::default())
}

fn one_row(header: &str, row: &str) -> Table {
    read_strictly(&format!("{header}\n{row}\n")).unwrap()
}

/// A VIIRS row with one column changed; returns the column at fault, or "" when the row is good.
fn fault_with(column: &str, value: &str) -> String {
    let position = VIIRS_HEADER.split(',').position(|name| name == column).unwrap();
    let mut fields: Vec<&str> = VIIRS_ROW.split(',').collect();
    fields[position] = value;
    let table = one_row(VIIRS_HEADER, &fields.join(","));
    table.rows[0].result.as_ref().err().map(|error| error.column.to_owned()).unwrap_or_default()
}

#[test]
fn every_form_of_the_same_viirs_pixel_has_the_same_key() {
    let forms = [
        ("VIIRS rolling", VIIRS_HEADER.to_owned(), VIIRS_ROW.to_owned()),
        ("VIIRS daily text", VIIRS_HEADER.to_owned(), VIIRS_ROW.replace(",0412,", ",04:12,").replace("N20", "1")),
        (
            "VIIRS area API",
            VIIRS_HEADER.replace("satellite,", "satellite,instrument,"),
            VIIRS_ROW.replace(",0412,N20,nominal,", ",412,N20,VIIRS,n,"),
        ),
        (
            "VIIRS country API",
            format!("country_id,{}", VIIRS_HEADER.replace("satellite,", "satellite,instrument,")),
            format!("CHN,{}", VIIRS_ROW.replace(",0412,N20,nominal,", ",412,N20,VIIRS,n,")),
        ),
        (
            "VIIRS archive",
            VIIRS_HEADER.replace("satellite,", "satellite,instrument,") + ",type",
            VIIRS_ROW.replace("N20,nominal,2.0NRT", "NOAA-20,VIIRS,n,2") + ",0",
        ),
        (
            "VIIRS table with row numbers",
            r#""","latitude","longitude","brightness","scan","track","acq_date","acq_time","satellite","instrument","confidence","version","bright_t31","frp","daynight""#.to_owned(),
            r#""17",45.61234,122.84567,331.93,0.45,0.63,2026-04-13,412,1,"VIIRS","n","2.0NRT",286.51,4.26,"D""#.to_owned(),
        ),
    ];
    for (dialect, header, row) in forms {
        for (line_end, bom) in [("\n", ""), ("\r\n", "\u{feff}")] {
            let body = format!("{bom}{header}{line_end}{row}{line_end}");
            let table = read_strictly(&body).unwrap();
            assert_eq!(table.dialect, dialect);
            assert!(table.unknown_columns.is_empty(), "{dialect}: {:?}", table.unknown_columns);
            let observation = table.rows[0].result.as_ref().unwrap();
            assert_eq!(observation.key.to_string(), "NOAA-20 2026-04-13T04:12:00Z 122.84567 45.61234", "{dialect}");
            assert_eq!(Position::from_lon_lat(122.84567, 45.61234), Ok(observation.position));
            assert_eq!((observation.scan_km, observation.track_km), (Some(0.45), Some(0.63)), "{dialect}");
            assert_eq!((observation.brightness_k, observation.brightness_background_k), (Some(331.93), Some(286.51)));
            assert_eq!(observation.frp_mw, Some(4.26));
            assert_eq!((observation.confidence, observation.day_night), (Confidence::Nominal, DayNight::Day));
            let (level, kind) = match dialect {
                "VIIRS archive" => (ProcessingLevel::Sp, Some(0)),
                _ => (ProcessingLevel::Nrt, None),
            };
            assert_eq!((observation.level, observation.source_type), (level, kind), "{dialect}");
            assert_eq!(observation.raw, row);
            assert_eq!((table.rows[0].line, table.rows[0].raw()), (2, row.as_str()));
        }
    }
}

#[test]
fn modis_rows_keep_their_per_cent_and_both_satellites() {
    let table = one_row(MODIS_HEADER, MODIS_ROW);
    assert_eq!(table.dialect, "MODIS rolling");
    let observation = table.rows[0].result.as_ref().unwrap();
    assert_eq!(observation.key.satellite, Satellite::Terra);
    assert_eq!(observation.confidence, Confidence::Percent(62));
    let archive = one_row(
        &(MODIS_HEADER.replace("satellite,", "satellite,instrument,") + ",type"),
        &(MODIS_ROW.replace("T,62,6.1NRT", "Aqua,MODIS,0,6.03") + ",2"),
    );
    assert_eq!(archive.dialect, "MODIS archive");
    let observation = archive.rows[0].result.as_ref().unwrap();
    assert_eq!((observation.key.satellite, observation.level), (Satellite::Aqua, ProcessingLevel::Sp));
    assert_eq!((observation.confidence, observation.source_type), (Confidence::Percent(0), Some(2)));
    let old = one_row(MODIS_HEADER, "-0.38,-160.008,310.7,2,1.4,2018-09-22,0035,A,39,6.0NRT,298,18,D");
    assert_eq!(old.rows[0].result.as_ref().unwrap().level, ProcessingLevel::Nrt);
}

#[test]
fn known_values_are_normalised_and_unknown_ones_reject_the_row() {
    let good = [
        ("acq_time", "659"),
        ("acq_time", "0005"),
        ("acq_time", "0"),
        ("acq_time", "2400"),
        ("acq_time", "04:31"),
        ("satellite", "N"),
        ("satellite", "1"),
        ("satellite", "N21"),
        ("confidence", "l"),
        ("confidence", "high"),
        ("frp", "0"),
        ("frp", ""),
        ("frp", ".64"),
        ("bright_ti5", ""),
        ("latitude", "-45.5"),
        ("latitude", "0"),
        ("scan", "10"),
        ("version", "2.0URT"),
        ("version", "2.0RT"),
        ("version", "2"),
    ];
    for (column, value) in good {
        assert_eq!(fault_with(column, value), "", "{column}={value}");
    }
    let bad = [
        ("acq_time", &["2401", "60", "-5", "4.5", "12345", "", "ab"][..]),
        ("acq_date", &["2026-02-30", "13/04/2026", "20260413", ""]),
        ("latitude", &["91", "-90.1", "NaN", "inf", "1e9", "", "45,6", "-8.", "118.", " 45.1", "45.1 ", "0x10", "１"]),
        ("longitude", &["181", "-180.5", "NaN", "-inf", "1e2", "", "118.", "122°"]),
        ("scan", &["0", "-1", "", "10.1", "1035", "NaN", "0.4."]),
        ("track", &["0", "", "11", "inf"]),
        ("frp", &["-1", "NaN", "1e9", "inf", "9999999", "4.", "n/a"]),
        ("satellite", &["T", "Aqua", "X", "", "n20", "N22"]),
        ("confidence", &["62", "medium", "", "N", "Low"]),
        ("version", &["", "2.0SP", "2.0XYZ", "NRT", "2.", "2.0NRT2"]),
        ("daynight", &["d", "", "DAY", "X"]),
    ];
    for (column, values) in bad {
        for value in values {
            let found = fault_with(column, value);
            // A comma splits the field: then the row as a whole is at fault.
            let expected = if value.contains(',') { "row" } else { column };
            assert_eq!(found, expected, "{column}={value:?}");
        }
    }
    for value in ["", "NaN", "inf", "-1", "1e9", "2001"] {
        assert_eq!(fault_with("bright_ti4", value), "brightness", "{value:?}");
    }
    assert_eq!(fault_with("bright_ti5", "NaN"), "background brightness");
}

#[test]
fn null_island_is_no_place_and_one_zero_is() {
    let at = |position: &str| one_row(VIIRS_HEADER, &VIIRS_ROW.replace("45.61234,122.84567", position));
    assert!(at("0.00,-0.0").rows[0].result.is_err());
    assert!(at("0,122.8").rows[0].result.is_ok());
}

#[test]
fn modis_confidence_is_a_whole_per_cent_and_nothing_else() {
    for (text, good) in [
        ("0", true),
        ("100", true),
        ("101", false),
        ("-1", false),
        ("+5", false),
        ("50.0", false),
        ("n", false),
        ("", false),
    ] {
        let table = one_row(MODIS_HEADER, &MODIS_ROW.replace(",62,", &format!(",{text},")));
        assert_eq!(table.rows[0].result.is_ok(), good, "{text:?}");
    }
}

#[test]
fn a_viirs_satellite_in_a_modis_table_is_an_error_of_the_row() {
    for code in ["N", "N20", "1", "N21"] {
        let table = one_row(MODIS_HEADER, &MODIS_ROW.replace(",T,", &format!(",{code},")));
        assert_eq!(table.rows[0].result.as_ref().unwrap_err().column, "satellite", "{code}");
    }
    let header = VIIRS_HEADER.replace("satellite,", "satellite,instrument,");
    let table = one_row(&header, &VIIRS_ROW.replace("N20,", "T,MODIS,"));
    assert_eq!(table.rows[0].result.as_ref().unwrap_err().column, "instrument");
}

#[test]
fn a_bad_row_is_counted_named_and_kept_and_the_others_go_on() {
    let bad = VIIRS_ROW.replace("45.61234", "95.1");
    let short = VIIRS_ROW.rsplit_once(',').unwrap().0;
    let long = format!("{VIIRS_ROW},7");
    let body = format!("{VIIRS_HEADER}\n{VIIRS_ROW}\n{bad}\n\n{short}\n{long}\n\"{VIIRS_ROW}\n{VIIRS_ROW}\n");
    let table = read_strictly(&body).unwrap();
    assert_eq!(table.observations().count(), 2);
    let rejected: Vec<_> = table.rejected().map(|(line, error)| (line, error.column, error.raw.clone())).collect();
    let unpaired = format!("\"{VIIRS_ROW}");
    assert_eq!(rejected, [(3, "latitude", bad), (5, "row", short.to_owned()), (6, "row", long), (7, "row", unpaired)]);
    assert_eq!(table.rejected().next().unwrap().1.to_string(), "latitude is \"95.1\", expected degrees from -90 to 90");
    assert!(table.is_suspicious());
}

#[test]
fn a_hostile_value_is_escaped_in_the_error_and_kept_in_the_row() {
    for hostile in ["<script>", "=HYPERLINK(1)", "\u{1b}[31m", "\u{202e}x", "a\0b"] {
        let row = VIIRS_ROW.replace("nominal", hostile);
        let table = one_row(VIIRS_HEADER, &row);
        let error = table.rows[0].result.as_ref().unwrap_err();
        assert_eq!(error.raw, row);
        assert!(!error.to_string().chars().any(|c| c.is_control() || c == '\u{202e}'), "{error}");
    }
    let many = VIIRS_ROW.replace("nominal", &"x".repeat(3_000));
    let table = one_row(VIIRS_HEADER, &many);
    assert!(table.rows[0].result.as_ref().unwrap_err().to_string().len() < 200);
}

#[test]
fn a_row_with_foreign_bytes_is_one_bad_row_and_a_foreign_file_is_named() {
    let gbk = b"\xb0\xd7\xb3\xc7"; // the city's name in GBK
    let bytes_row = [VIIRS_ROW.as_bytes(), b",", gbk, b"\n"].concat();
    let header = format!("{VIIRS_HEADER},place\n");
    let good_row = format!("{VIIRS_ROW},x\n");
    let mixed = [header.as_bytes(), &bytes_row, good_row.as_bytes()].concat();
    let table = read(&mixed, &ReadOptions::default()).unwrap();
    assert_eq!((table.observations().count(), table.rejected().count()), (1, 1));
    let all_foreign = [header.as_bytes(), &bytes_row, &bytes_row].concat();
    assert_eq!(read(&all_foreign, &ReadOptions::default()), Err(BodyError::NotUtf8 { line: 2 }));
    let foreign_header = [&gbk[..], b",", header.as_bytes()].concat();
    assert_eq!(read(&foreign_header, &ReadOptions::default()), Err(BodyError::NotUtf8 { line: 1 }));
    let utf16: Vec<u8> = "\u{feff}latitude".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16, &ReadOptions::default()), Err(BodyError::NotUtf8 { line: 1 }));
}

#[test]
fn a_header_alone_is_a_table_without_rows() {
    for end in ["\n", "\r\n", "\n\n\n"] {
        let table = read_strictly(&format!("{VIIRS_HEADER}{end}")).unwrap();
        assert!(table.rows.is_empty());
        assert!(!table.is_suspicious());
    }
}

#[test]
fn what_is_no_table_is_never_zero_points() {
    let not_csv = [
        "",
        "\n\n",
        "hello",
        "<!DOCTYPE html><html>latitude,longitude,scan</html>",
        "\n  <?xml version=\"1.0\"?>",
        "{\"latitude\":1,\"longitude\":2,\"scan\":3}",
        "id,name\n1,2\n",
        "Please log in\n",
        "latitude;longitude;scan;track\n",
    ];
    for body in not_csv {
        assert!(matches!(read_strictly(body), Err(BodyError::NotCsv { .. })), "{body:?}: {:?}", read_strictly(body));
    }
    let huge_page = format!("<html>{}</html>", "x".repeat(100_000));
    assert!(matches!(read_strictly(&huge_page), Err(BodyError::NotCsv { .. })), "a page in one line is a page");
    let zip = b"PK\x03\x04rest of a workbook";
    assert!(matches!(read(zip, &ReadOptions::default()), Err(BodyError::Unsupported { .. })));
}

#[test]
fn a_refusal_is_recognised_alone_and_inside_a_table() {
    let cases = [
        ("Invalid MAP_KEY.", Refusal::InvalidKey),
        ("Exceeding allowed transaction limit.", Refusal::Quota),
        ("Invalid day range. Expects [1..5].", Refusal::DayRange),
    ];
    for (text, refusal) in cases {
        for body in [
            text.to_owned(),
            format!("{text}\n"),
            format!("{VIIRS_HEADER}\n{text}\n"),
            format!("{VIIRS_HEADER}\n{VIIRS_ROW}\n{text}"),
        ] {
            assert_eq!(read_strictly(&body), Err(BodyError::Refused { refusal, text: text.to_owned() }), "{body:?}");
        }
    }
}

#[test]
fn columns_that_are_missing_doubled_or_of_another_product_are_named() {
    let missing =
        read_strictly(&format!("{}\n", VIIRS_HEADER.replace("frp,", "power,").replace("scan,", ""))).unwrap_err();
    assert_eq!(missing.to_string(), "the header lacks scan, frp");
    let twice = read_strictly(&format!("{VIIRS_HEADER},latitude\n")).unwrap_err();
    assert_eq!(twice, BodyError::DuplicateColumns { columns: vec!["latitude"] });
    let landsat = "latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,version,daynight\n";
    assert!(matches!(read_strictly(landsat), Err(BodyError::Unsupported { .. })));
}

#[test]
fn limits_hold_for_lines_and_rows() {
    let options = ReadOptions { max_rows: 3, max_row_bytes: 200, ..ReadOptions::default() };
    assert!(read(body_of(3).as_bytes(), &options).is_ok());
    assert_eq!(read(body_of(4).as_bytes(), &options), Err(BodyError::TooManyRows { limit: 3 }));
    let long = format!("{VIIRS_HEADER}\n{VIIRS_ROW}{}\n", " ".repeat(200));
    assert_eq!(read(long.as_bytes(), &options), Err(BodyError::RowTooLong { line: 2, limit: 200 }));
    let mut giant = format!("{VIIRS_HEADER}\n").into_bytes();
    giant.resize(100_000_000, b'4');
    assert_eq!(read(&giant, &ReadOptions::default()), Err(BodyError::RowTooLong { line: 2, limit: 4096 }));
}

/// What a cut body may be: cut off, or (behind a line feed) a table whose rows are all rows of the whole.
fn check_cut(whole: &Table, body: &[u8], end: usize, options: &ReadOptions) {
    match read(&body[..end], options) {
        Ok(table) => {
            let last_is_whole = body[end - 1] == b'\n' || options.allow_missing_final_newline;
            assert!(last_is_whole, "cut at {end} reads as whole");
            assert_eq!(table.rows[..], whole.rows[..table.rows.len()], "cut at {end} changes a row");
        }
        Err(BodyError::Truncated { .. }) => {}
        Err(BodyError::NotCsv { .. }) if end < 20 => {}
        Err(other) => panic!("cut at {end}: {other}"),
    }
}

#[test]
fn a_cut_at_any_byte_of_two_hundred_rows_never_makes_a_wrong_row_nor_passes_for_the_whole() {
    check_every_cut(&body_of(200), 200, false);
}

#[test]
fn a_cut_does_no_harm_either_where_the_position_comes_last_or_values_are_quoted() {
    // With the position in the last columns a cut number would still fill its field.
    let normal = body_of(12);
    let turned = each_line(&normal, |line| {
        let (latitude, rest) = line.split_once(',').unwrap();
        format!("{rest},{latitude}\r\n")
    });
    let quoted = each_line(&normal, |line| format!("\"{}\"\n", line.replace(',', "\",\"")));
    for body in [normal, turned, quoted] {
        check_every_cut(&body, 12, false);
        check_every_cut(&body, 12, true);
    }
}

fn each_line(body: &str, change: impl Fn(&str) -> String) -> String {
    body.lines().map(change).collect::<Vec<_>>().concat()
}

fn check_every_cut(body: &str, rows: usize, allow_missing_final_newline: bool) {
    let options = ReadOptions { allow_missing_final_newline, ..ReadOptions::default() };
    let whole = read(body.as_bytes(), &options).unwrap();
    assert_eq!(whole.observations().count(), rows);
    for end in 0..body.len() {
        check_cut(&whole, body.as_bytes(), end, &options);
    }
}

#[test]
fn a_missing_final_line_feed_is_allowed_only_on_request_and_only_where_the_end_is_sure() {
    let body = body_of(3);
    let body = body.trim_end();
    let allow = ReadOptions { allow_missing_final_newline: true, ..ReadOptions::default() };
    assert!(matches!(read_strictly(body), Err(BodyError::Truncated { line: 4, .. })));
    assert_eq!(read(body.as_bytes(), &allow).unwrap().rows.len(), 3);
    let with_unknown_end = each_line(body, |line| format!("{line},x\n"));
    let unsure = read(with_unknown_end.trim_end().as_bytes(), &allow);
    assert!(matches!(unsure, Err(BodyError::Truncated { .. })), "nobody knows how long an unknown value is");
    let header_only = read(VIIRS_HEADER.as_bytes(), &allow);
    assert!(matches!(header_only, Err(BodyError::Truncated { .. })), "a header without its end is not zero points");
}

proptest! {
    #[test]
    fn columns_may_stand_in_any_order_with_unknown_ones_between(
        order in Just((0..16usize).collect::<Vec<_>>()).prop_shuffle(), crlf in any::<bool>(), quote in any::<bool>(),
        bom in any::<bool>(),
    ) {
        let names = format!("{VIIRS_HEADER},instrument,地名,extra");
        let values = format!("{VIIRS_ROW},VIIRS,白城,1e9");
        let pick = |text: &str| {
            let fields: Vec<&str> = text.split(',').collect();
            let q = if quote { "\"" } else { "" };
            order.iter().map(|&i| format!("{q}{}{q}", fields[i])).collect::<Vec<_>>().join(",")
        };
        let end = if crlf { "\r\n" } else { "\n" };
        let body = format!("{}{}{end}{}{end}", if bom { "\u{feff}" } else { "" }, pick(&names), pick(&values));
        let table = read_strictly(&body).unwrap();
        let mut unknown = table.unknown_columns.clone();
        unknown.sort();
        prop_assert_eq!(unknown, ["extra", "地名"]);
        let mut found = table.rows[0].result.clone().unwrap();
        found.raw = VIIRS_ROW.to_owned();
        let expected = one_row(VIIRS_HEADER, VIIRS_ROW).rows[0].result.clone().unwrap();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_bytes_whatever_make_the_reader_fall_over_or_find_points(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&body, &ReadOptions::default()).is_err());
    }

    #[test]
    fn a_damaged_row_is_an_error_or_an_honest_reading(at in 0usize..95, byte in any::<u8>()) {
        // One byte changed: whatever still reads must be a position on the globe with its own text as key.
        let mut row = VIIRS_ROW.as_bytes().to_vec();
        prop_assume!(at < row.len());
        row[at] = byte;
        let body = [VIIRS_HEADER.as_bytes(), b"\n", &row, b"\n", VIIRS_ROW.as_bytes(), b"\n"].concat();
        if let Ok(table) = read(&body, &ReadOptions::default()) {
            for observation in table.observations() {
                let (lon, lat) = (observation.key.lon.to_f64(), observation.key.lat.to_f64());
                prop_assert_eq!(Position::from_lon_lat(lon, lat), Ok(observation.position));
            }
        }
    }
}

/// A real file, unpacked.
fn real_body(path: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(real_data(path)?).unwrap();
    let mut content = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut content).unwrap();
    } else {
        content = bytes;
    }
    Some(content)
}

#[test]
fn every_real_file_reads_without_a_rejected_row() {
    let files = [
        ("firms/SUOMI_VIIRS_C2_Global_VNP14IMGTDL_NRT_2023313.txt.gz", "VIIRS daily text", 43_981),
        ("firms/NOAA20_2022-04-13_0412Z_ne_china_excerpt.csv", "VIIRS table with row numbers", 59),
        ("firms/J2_VIIRS_NOAA-21_FDDC_2025-04-07.csv.gz", "VIIRS rolling", 2_824),
        ("firms/MODIS_C6_1_Global_24h.2022-02-26.csv.gz", "MODIS rolling", 19_416),
        ("firms/MODIS_C6_1_Global_24h.2023-03-10.csv.gz", "MODIS rolling", 8_812),
        ("firms/archive/modis_2016_Mongolia.csv", "MODIS archive", 1_604),
        ("firms/archive/modis_2018_Republic_of_Korea.csv", "MODIS archive", 1_124),
        ("firms/archive/modis_2022_Dem_Rep_Korea.csv", "MODIS archive", 179),
    ];
    for (path, dialect, rows) in files {
        let Some(body) = real_body(path) else { return };
        let table = read(&body, &ReadOptions::default()).unwrap();
        let rejected: Vec<_> = table.rejected().map(|(line, error)| format!("{line}: {error}")).collect();
        assert_eq!(rejected, Vec::<String>::new(), "{path}");
        assert_eq!((table.dialect.as_str(), table.rows.len()), (dialect, rows), "{path}");
        assert!(table.unknown_columns.is_empty(), "{path}");
        let keys: BTreeSet<_> = table.observations().map(|o| o.key.clone()).collect();
        assert_eq!(keys.len(), rows, "{path}: keys are unique");
    }
}

#[test]
fn the_old_collection_6_file_lacks_its_last_line_feed_and_reads_on_request() {
    let Some(body) = real_body("firms/MODIS_C6_world_fires_1_day.2018-09-22.csv.gz") else { return };
    assert!(matches!(read(&body, &ReadOptions::default()), Err(BodyError::Truncated { .. })));
    let allow = ReadOptions { allow_missing_final_newline: true, ..ReadOptions::default() };
    let table = read(&body, &allow).unwrap();
    assert_eq!((table.rows.len(), table.rejected().count()), (27_381, 0));
}

#[test]
fn the_replay_files_hold_428_observations_in_4791_rows() {
    let Some(folder) = real_data("firms/replay") else { return };
    let (mut files, mut rows, mut keys) = (0, 0, BTreeSet::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let body = std::fs::read(entry.unwrap().path()).unwrap();
        let table = read(&body, &ReadOptions::default()).unwrap();
        assert_eq!(table.rejected().count(), 0);
        files += 1;
        rows += table.rows.len();
        keys.extend(table.observations().map(|observation| observation.key.clone()));
    }
    assert_eq!((files, rows, keys.len()), (62, 4_791, 428));
}
