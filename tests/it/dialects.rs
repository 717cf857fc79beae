//! Every form in which FIRMS writes fire points, every way a body can be wrong, and the real files.

use std::collections::BTreeSet;
use std::io::Read;

use proptest::prelude::*;

use firegrid::domain::observation::{Confidence, DayNight, ProcessingLevel, Satellite};
use firegrid::domain::position::Position;
use firegrid::domain::sun;
use firegrid::source::dialect::{BodyError, Foreign, Provenance, ReadOptions, Table};
use firegrid::source::firms::read;
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

/// As a person brings a file.
fn read_of_person(body: &str) -> Result<Table, BodyError> {
    read(body.as_bytes(), &ReadOptions { provenance: Provenance::Person, ..ReadOptions::default() })
}

/// A VIIRS row with one column changed.
fn changed(column: &str, value: &str) -> Table {
    let position = VIIRS_HEADER.split(',').position(|name| name == column).unwrap();
    let mut fields: Vec<&str> = VIIRS_ROW.split(',').collect();
    fields[position] = value;
    one_row(VIIRS_HEADER, &fields.join(","))
}

/// The column for which a row with one column changed is rejected, or "" when it is good.
fn fault_with(column: &str, value: &str) -> String {
    let table = changed(column, value);
    table.rows[0].result.as_ref().err().map(|error| error.column.to_string()).unwrap_or_default()
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
        ("acq_time", "04:31:59"),
        ("acq_time", "431.0"),
        ("acq_date", "2026/04/13"),
        ("acq_date", "2026/4/13"),
        ("acq_date", "2026.4.13"),
        ("acq_date", "2026年4月13日"),
        ("acq_date", "2026/4/13 0:00"),
        ("satellite", "N21"),
        ("satellite", "noaa-20"),
        ("confidence", "l"),
        ("confidence", "high"),
        ("confidence", "Low"),
        ("confidence", "N"),
        ("daynight", "d"),
        ("daynight", "Night"),
        ("daynight", "DAY"),
        ("latitude", " 45.1"),
        ("latitude", "45.1\u{a0} "),
        ("longitude", "\u{3000}122.8\t"),
        ("frp", "0"),
        ("frp", ""),
        ("frp", ".64"),
        ("bright_ti5", ""),
        ("latitude", "-45.5"),
        ("latitude", "0"),
        ("scan", "10"),
        ("version", "2.0URT"),
        ("version", "2.0RT"),
        ("version", "2.0nrt"),
        ("version", "2"),
    ];
    for (column, value) in good {
        assert_eq!(fault_with(column, value), "", "{column}={value}");
        assert_eq!(changed(column, value).unknown_values(), [], "{column}={value}");
    }
    let bad = [
        ("acq_time", &["2401", "60", "-5", "4.5", "12345", "", "ab"][..]),
        ("acq_date", &["2026-02-30", "13/04/2026", "4/13/2026", "20260413", "2026-04-13 08:00", ""]),
        (
            "latitude",
            &["91", "-90.1", "NaN", "inf", "1e9", "", "45,6", "-8.", "118.", "45 .1", "4\u{200b}5", "0x10", "１"],
        ),
        ("longitude", &["181", "-180.5", "NaN", "-inf", "1e2", "", "118.", "122°"]),
        ("satellite", &["T", "Aqua", "X", "", "n20", "N22"]),
    ];
    for (column, values) in bad {
        for value in values {
            let found = fault_with(column, value);
            // A comma splits the field: then the row as a whole is at fault.
            let expected = if value.contains(',') { "row" } else { column };
            assert_eq!(found, expected, "{column}={value:?}");
        }
    }
}

#[test]
fn an_odd_value_beside_place_time_and_satellite_is_unknown_and_never_loses_the_fire() {
    let odd = [
        ("scan", "scan", &["0", "-1", "", "10.1", "1035", "NaN", "0.4."][..]),
        ("track", "track", &["0", "", "11", "inf"]),
        ("frp", "frp", &["-1", "-1.25", "-999.0", "nan", "NaN", "NA", "n/a", "null", "1e9", "inf", "9999999", "4."]),
        ("bright_ti4", "brightness", &["", "NaN", "inf", "-1", "1e9", "2001", "\u{1b}[31m"]),
        ("bright_ti5", "background brightness", &["NaN", "-9999"]),
        ("confidence", "confidence", &["62", "medium", "", "中", "<b>"]),
        ("version", "version", &["", "2.0SP", "2.0XYZ", "NRT", "2.", "2.0NRT2"]),
        ("daynight", "daynight", &["", "X", "U", "0", "Dusk"]),
    ];
    let whole = one_row(VIIRS_HEADER, VIIRS_ROW).rows[0].result.clone().unwrap();
    for (column, named, values) in odd {
        for value in values {
            let table = changed(column, value);
            let observation =
                table.rows[0].result.as_ref().unwrap_or_else(|error| panic!("{column}={value:?}: {error}"));
            assert_eq!((&observation.key, observation.position), (&whole.key, whole.position), "{column}={value:?}");
            let unknown = table.unknown_values();
            assert_eq!(unknown.iter().map(|reason| (&*reason.column, reason.rows)).collect::<Vec<_>>(), [(named, 1)]);
            assert!(!unknown[0].first.chars().any(char::is_control), "{}", unknown[0].first);
            let unread = match column {
                "scan" => observation.scan_km.is_none() && observation.track_km.is_some(),
                "track" => observation.track_km.is_none(),
                "frp" => observation.frp_mw.is_none(),
                "bright_ti4" => observation.brightness_k.is_none(),
                "bright_ti5" => observation.brightness_background_k.is_none(),
                "confidence" => observation.confidence == Confidence::Unknown,
                "version" => observation.level == ProcessingLevel::Unknown,
                // Half past twelve at noon: the sun says it.
                _ => observation.day_night == DayNight::Day,
            };
            assert!(unread, "{column}={value:?}: no usual value is put in its place");
            assert!(observation.raw.contains(value), "the row is kept as published");
        }
    }
    let night = one_row(VIIRS_HEADER, &VIIRS_ROW.replace(",0412,", ",1712,").replace(",D", ",U"));
    assert_eq!(night.rows[0].result.as_ref().unwrap().day_night, DayNight::Night);
    let header = format!("{VIIRS_HEADER},type");
    for (value, expected) in [("2", Some(2)), ("2.0", Some(2)), ("4", None), ("", None), ("x", None)] {
        let table = one_row(&header, &format!("{VIIRS_ROW},{value}"));
        assert_eq!(table.rows[0].result.as_ref().unwrap().source_type, expected, "{value:?}");
        assert_eq!(table.unknown_values().len(), usize::from(expected.is_none()), "{value:?}");
    }
    let header = VIIRS_HEADER.replace("satellite,", "satellite,instrument,");
    for value in ["", "N/A", "viirs "] {
        let table = one_row(&header, &VIIRS_ROW.replace("N20,", &format!("N20,{value},")));
        assert_eq!(table.rows[0].result.as_ref().unwrap().key, whole.key, "{value:?}: the satellite says it too");
    }
}

#[test]
fn a_row_older_than_its_satellite_is_not_believed_and_archives_are() {
    let on = |satellite: &str, date: &str| {
        let (header, row) =
            if satellite.starts_with('N') { (VIIRS_HEADER, VIIRS_ROW) } else { (MODIS_HEADER, MODIS_ROW) };
        let row = row.replace("2026-04-13", date).replace(",N20,", &format!(",{satellite},"));
        let table = one_row(header, &row.replace(",T,", &format!(",{satellite},")));
        table.rows[0].result.as_ref().err().map(ToString::to_string)
    };
    for (satellite, date) in
        [("N", "2012-01-20"), ("N20", "2018-04-01"), ("N21", "2023-02-10"), ("T", "2000-11-01"), ("A", "2002-07-04")]
    {
        assert_eq!(on(satellite, date), None, "{satellite} {date}");
    }
    for (satellite, date) in
        [("N20", "1970-01-01"), ("N", "1970-01-01"), ("N21", "2022-04-13"), ("T", "1999-01-01"), ("A", "2000-11-01")]
    {
        let error = on(satellite, date).expect(date);
        assert!(error.contains("launched"), "{error}");
    }
}

#[test]
fn heads_in_other_letters_with_blanks_or_other_spellings_are_the_same_columns() {
    let expected = one_row(VIIRS_HEADER, VIIRS_ROW).rows[0].result.clone();
    for header in [
        VIIRS_HEADER.to_uppercase(),
        "Latitude,Longitude,Bright_ti4,Scan,Track,Acq_date,Acq_time,Satellite,Confidence,Version,Bright_ti5,Frp,Daynight".to_owned(),
        format!("\u{feff}{}", VIIRS_HEADER.replace(',', " ,\u{a0}")),
        VIIRS_HEADER.replace(',', "\u{3000},"),
        VIIRS_HEADER.replace("latitude,longitude", "LAT,LON"),
    ] {
        let table = one_row(&header, VIIRS_ROW);
        assert_eq!(table.rows[0].result, expected, "{header}");
        assert_eq!(table.unknown_columns, Vec::<String>::new(), "{header}");
    }
    // Shapefiles of VIIRS name the channels the MODIS way; the instrument says whose they are.
    let header = "LATITUDE,LONGITUDE,BRIGHTNESS,SCAN,TRACK,ACQ_DATE,ACQ_TIME,SATELLITE,INSTRUMENT,CONFIDENCE,VERSION,BRIGHT_T31,FRP,DAYNIGHT,TYPE";
    let row = "45.61234,122.84567,331.93,0.45,0.63,2026-04-13,0412,N,VIIRS,n,2,286.51,4.26,D,0";
    assert_eq!(one_row(header, row).rows[0].result.as_ref().unwrap().key.satellite, Satellite::SuomiNpp);
    let header = VIIRS_HEADER.replace("acq_date,acq_time", "acq_datetime");
    for at in ["2026-04-13 04:12:00", "2026-04-13T04:12:00Z", "2026/4/13 4:12"] {
        let table = one_row(&header, &VIIRS_ROW.replace("2026-04-13,0412", at));
        assert_eq!(table.rows[0].result.as_ref().unwrap().key, expected.as_ref().unwrap().key, "{at}");
    }
}

#[test]
fn empty_rows_and_commas_that_a_spreadsheet_leaves_are_no_rows() {
    let body = format!("{VIIRS_HEADER},,\r\n{VIIRS_ROW},,\r\n{VIIRS_ROW},,,,\r\n,,,,,,,,,,,,,,\r\n\u{a0}\r\n");
    let table = read_strictly(&body).unwrap();
    assert_eq!((table.rows.len(), table.rejected().count()), (2, 0));
}

#[test]
fn points_as_geojson_are_read_from_a_persons_file_and_never_from_a_feed() {
    let feature = |properties: &str, geometry: &str| {
        format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
    };
    let collection =
        |features: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let when = r#""ACQ_DATE":"2026-04-13","ACQ_TIME":"0412","SATELLITE":"N20""#;
    let point = r#"{"type":"Point","coordinates":[122.84567,45.61234]}"#;
    let placed = format!(r#""LATITUDE":45.61234,"LONGITUDE":122.84567,{when}"#);
    let whole = collection(&[feature(&placed, point)]);
    assert!(matches!(read_strictly(&whole), Err(BodyError::NotCsv { .. })), "of a feed only CSV is a table");
    let key = one_row(VIIRS_HEADER, VIIRS_ROW).rows[0].result.as_ref().unwrap().key.clone();
    for good in [
        feature(&placed, point),
        feature(&placed, "null"),
        feature(when, point),
        feature(&format!(r#"{when},"FRP":null,"extra":{{"a":[1]}},"CONFIDENCE":"n""#), point),
        feature(&when.replace(r#""0412""#, "412"), point),
        feature(r#""acq_datetime":"2026-04-13T04:12:00Z","satellite":"N20""#, point),
    ] {
        let table = read_of_person(&collection(std::slice::from_ref(&good))).unwrap();
        let found = table.rows[0].result.as_ref().unwrap_or_else(|error| panic!("{good}: {error}"));
        assert_eq!(found.key, key, "{good}");
        assert!(found.frp_mw.is_none() && found.scan_km.is_none() && found.level == ProcessingLevel::Unknown);
    }
    let list = read_of_person(&format!("[{{{placed}}},{{{placed},\"frp\":1.5}}]")).unwrap();
    assert!(list.observations().all(|observation| observation.key == key), "FIRMS's own form, without geometry");
    assert_eq!((list.observations().count(), list.observations().last().unwrap().frp_mw), (2, Some(1.5)));
    let bad = [
        ("geometry", feature(&placed, r#"{"type":"Point","coordinates":[45.61234,122.84567]}"#)),
        ("geometry", feature(&placed, r#"{"type":"Point","coordinates":[122.85187,45.61432]}"#)),
        ("row", feature(&placed, r#"{"type":"Polygon","coordinates":[]}"#)),
        ("row", feature(&format!("{placed},{placed}"), point)),
        ("row", feature(r#""name":"ban""#, point)),
        ("longitude", feature(when, r#"{"type":"Point","coordinates":[13675000.0,5721000.0]}"#)),
    ];
    for (column, feature) in bad {
        let table = read_of_person(&collection(std::slice::from_ref(&feature))).unwrap();
        assert_eq!(table.rows[0].result.as_ref().err().map(|error| &*error.column), Some(column), "{feature}");
    }
    for end in 1..whole.len() {
        let cut = read_of_person(&whole[..end]);
        assert!(matches!(cut, Err(BodyError::Truncated { .. } | BodyError::NotCsv { .. })), "cut at {end}: {cut:?}");
    }
    for no_table in [
        r#"{"error":1}"#,
        "{}",
        "[]",
        "[1]",
        r#"{"type":"FeatureCollection","features":[]}"#,
        r#"{"type":"FeatureCollection"}"#,
        r#"{"type":"Feature","features":[]}"#,
    ] {
        assert!(matches!(read_of_person(no_table), Err(BodyError::NotCsv { .. })), "{no_table}");
    }
    let mercator = whole.replacen('{', r#"{"crs":{"type":"name","properties":{"name":"EPSG:3857"}},"#, 1);
    assert!(matches!(read_of_person(&mercator), Err(BodyError::Unsupported { what: Foreign::OtherDatum })));
    let wgs84 = mercator.replace("EPSG:3857", "urn:ogc:def:crs:OGC:1.3:CRS84");
    assert!(read_of_person(&wgs84).is_ok());
    let limit = ReadOptions { max_rows: 2, provenance: Provenance::Person, ..ReadOptions::default() };
    let many = collection(&vec![feature(&placed, point); 3]);
    assert_eq!(read(many.as_bytes(), &limit), Err(BodyError::TooManyRows { limit: 2 }));
}

#[test]
fn lists_of_other_kinds_are_named() {
    let cases = [
        ("序号,县区,经度,纬度,监测时间,卫星\n1,洮北区,122.84,45.62,2026/4/13 12:12,NOAA-20\n", Foreign::ChineseList),
        ("县,东经,北纬,时间\n", Foreign::ChineseList),
        ("<?xml version=\"1.0\"?><kml xmlns=\"x\"></kml>\n", Foreign::Kml),
        ("latitude,longitude,scan\r45,122,1\r", Foreign::CrText),
    ];
    for (body, expected) in cases {
        let error = read_of_person(body).unwrap_err();
        assert_eq!(error, BodyError::Unsupported { what: expected }, "{body}");
        assert!(error.to_string().contains(expected.name()), "{error}");
    }
}

#[test]
fn null_island_is_no_place_and_one_zero_is() {
    let at = |position: &str| one_row(VIIRS_HEADER, &VIIRS_ROW.replace("45.61234,122.84567", position));
    assert!(at("0.00,-0.0").rows[0].result.is_err());
    assert!(at("0,122.8").rows[0].result.is_ok());
}

#[test]
fn modis_confidence_is_a_whole_per_cent_and_nothing_else() {
    for (text, known) in [
        ("0", true),
        ("100", true),
        ("101", false),
        ("-1", false),
        ("+5", true),
        ("50.0", true),
        ("50.5", false),
        ("n", false),
        ("", false),
    ] {
        let table = one_row(MODIS_HEADER, &MODIS_ROW.replace(",62,", &format!(",{text},")));
        let confidence = table.rows[0].result.as_ref().unwrap().confidence;
        assert_eq!(confidence != Confidence::Unknown, known, "{text:?}");
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
    let rejected: Vec<_> = table.rejected().map(|(line, error)| (line, &*error.column, error.raw.clone())).collect();
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
        let observation = table.rows[0].result.as_ref().unwrap();
        assert_eq!(observation.raw, row);
        let said = format!("{} {}", table.unknown_values()[0].first, observation.confidence_raw);
        assert!(!said.chars().any(|c| c.is_control() || c == '\u{202e}'), "{said}");
        let row = VIIRS_ROW.replace("N20", hostile);
        let table = one_row(VIIRS_HEADER, &row);
        let error = table.rows[0].result.as_ref().unwrap_err();
        assert_eq!(error.raw, row);
        assert!(!error.to_string().chars().any(|c| c.is_control() || c == '\u{202e}'), "{error}");
    }
    for column in ["nominal", "N20"] {
        let table = one_row(VIIRS_HEADER, &VIIRS_ROW.replace(column, &"x".repeat(3_000)));
        let mut said = table.reasons().into_iter().chain(table.unknown_values());
        assert!(said.next().unwrap().first.len() < 300);
        assert!(table.observations().all(|observation| observation.confidence_raw.len() < 100));
    }
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
fn a_cut_at_any_byte_of_sixty_rows_never_makes_a_wrong_row_nor_passes_for_the_whole() {
    check_every_cut(&body_of(60), 60, false);
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
    for last in ["", "U"] {
        let unsure = body.trim_end_matches('D').to_owned() + last;
        assert!(
            matches!(read(unsure.as_bytes(), &allow), Err(BodyError::Truncated { .. })),
            "{last:?} may be a beginning"
        );
    }
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
        let by_hand = ReadOptions { provenance: Provenance::Person, ..ReadOptions::default() };
        prop_assert!(read(&body, &by_hand).is_err());
        let like_json = [b"{", &body[..]].concat();
        prop_assert!(read(&like_json, &by_hand).is_err());
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
        assert_eq!(table.unknown_values(), [], "{path}");
        let by_sun = table.observations().filter(|o| sun::day_or_night(o.key.acquired_at, o.position) == o.day_night);
        let by_sun = by_sun.count();
        assert!(by_sun * 100 >= rows * 99, "{path}: the sun agrees with {by_sun} of {rows} rows");
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
