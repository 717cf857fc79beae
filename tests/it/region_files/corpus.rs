//! One small change to a good region per named fault; every code word of the reader has its alert.

use std::collections::BTreeSet;

use firegrid::regions::faults::MAX_FAULTS_PER_FILE;
use firegrid::regions::{self, Bundle, bundle, geojson, geometry, table};
use firegrid::words::file_faults::GLOSSES;

use super::{Files, small_region};
use crate::tables::workbook_of;

/// A change and what the reader has to say about it.
struct Alert {
    code: &'static str,
    file: &'static str,
    edit: Edit,
    /// Texts that the fault's place and message have to contain.
    says: &'static [&'static str],
}

enum Edit {
    /// Replaces the only occurrence of a text.
    Swap(&'static str, &'static str),
    Make(fn() -> Vec<u8>),
    Remove,
}

use Edit::{Make, Remove, Swap};

const M: &str = "region.toml";
const U: &str = "units.geojson";
const Z: &str = "zones.geojson";
const H: &str = "heat_sources.geojson";
const P: &str = "people.csv";
const L: &str = "places.csv";
const C: &str = "calendar.toml";
const W: &str = "burn_weather.csv";
const B: &str = "burn_plans.csv";
const D: &str = "duty.csv";
const G: &str = "landcover.geojson";

/// Faults that only a folder can have; see the tests at the end.
const ONLY_IN_FOLDERS: [&str; 2] = ["file_unreadable", "file_too_large"];

/// The CSV library's own errors: none occur on checked UTF-8 from memory, but they are not swallowed.
const NEVER_SEEN: [&str; 1] = ["csv_syntax"];

/// Words of what the readers of tables only warn of, and of what only an import asks for; see `tables.rs`.
const OF_TABLES: [&str; 4] = ["columns_unread", "merged_filled", "row_twice", "no_rows"];

/// Words that warn and never refuse, most of them of the survey; see `survey.rs`.
const WARNINGS: [&str; 13] = [
    // Of the readers; see `properties.rs` and `vertices.rs`.
    "property_unknown",
    "duplicate_vertex",
    "extent_wide",
    "siblings_overlap",
    "siblings_gap",
    "siblings_overhang",
    "no_outline",
    "units_without_outline",
    "units_without_holder",
    "approximate_outlines",
    "zone_outside_city",
    "heat_source_expired",
    "zone_ended",
];

fn case(code: &'static str, file: &'static str, edit: Edit, says: &'static [&'static str]) -> Alert {
    Alert { code, file, edit, says }
}

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Alert> {
    vec![
        // region.toml
        case("file_missing", M, Remove, &[]),
        case("file_missing", Z, Remove, &["[zones]"]),
        case("toml_syntax", M, Swap("id = \"small\"", "id = small"), &["line 1"]),
        case("wrong_encoding", M, Make(|| b"id = \"\xB0\xD7\"".to_vec()), &["GBK"]),
        case("key_unknown", M, Swap("neighbour_belt_km", "neighbor_belt_km"), &["line 8", "neighbor_belt_km"]),
        case("key_unknown", M, Swap("path = \"people.csv\"", "path = \"people.csv\"\ndatum = \"wgs84\""), &["people.datum"]),
        case("key_missing", M, Swap("time_zone = \"Asia/Shanghai\"\n", ""), &["time_zone"]),
        case("key_missing", M, Swap("[zones]\npath = \"zones.geojson\"\ndatum = \"wgs84\"\n", ""), &["[zones]"]),
        case("key_type", M, Swap("id = \"small\"", "id = 5"), &["line 1", "integer"]),
        case("key_type", M, Swap("[121.0, 44.0, 125.0, 46.6]", "[121.0, 44.0]"), &["extent", "west"]),
        case("key_value", M, Swap("\"limited\"", "\"free\""), &["line 4", "free", "ban"]),
        case("key_value", M, Swap("10.0", "-1.0"), &["line 8", "-1"]),
        case("key_value", M, Swap("id = \"small\"", "id = \"../small\""), &["../small"]),
        case("datum_missing", M, Swap("path = \"units.geojson\"\ndatum = \"wgs84\"", "path = \"units.geojson\""), &["units.datum", "gcj02"]),
        case("datum_unknown", M, Swap("path = \"units.geojson\"\ndatum = \"wgs84\"", "path = \"units.geojson\"\ndatum = \"WGS-84\""), &["line 12", "WGS-84"]),
        case("extent_bad", M, Swap("[121.0, 44.0, 125.0, 46.6]", "[44.0, 121.0, 46.6, 125.0]"), &["line 6", "longitude comes first"]),
        case("extent_bad", M, Swap("[121.0, 44.0, 125.0, 46.6]", "[125.0, 44.0, 121.0, 46.6]"), &["west < east"]),
        case("time_zone_unknown", M, Swap("Asia/Shanghai", "Asia/Baicheng"), &["line 3", "Asia/Baicheng"]),
        case("bad_season", M, Swap("09-15..05-31", "09-15..05-32"), &["line 5", "05-32"]),
        case("path_outside", M, Swap("\"people.csv\"", "\"../people.csv\""), &["people.path", "../people.csv"]),
        case("path_outside", M, Swap("\"people.csv\"", "\"/etc/passwd\""), &["/etc/passwd"]),
        // GeoJSON as a document
        case("json_syntax", Z, Swap("{\"id\":\"ban-1\"", "{\"id\":ban-1"), &["line 2"]),
        case("json_syntax", Z, Swap("[122.8,45.8]", "[122.8,NaN]"), &["line 2"]),
        case("json_syntax", Z, Swap("[122.8,45.8]", "[1e999,45.8]"), &["line 2", "out of range"]),
        case("json_syntax", Z, Make(Vec::new), &["line 1"]),
        case("json_too_deep", Z, Make(|| b"[".repeat(100_000)), &["recursion"]),
        case("duplicate_key", Z, Swap("\"class\":\"ban\"", "\"class\":\"ban\",\"class\":\"limited\""), &["feature 1, properties", "\"class\"", "\"ban\"", "\"limited\""]),
        case("duplicate_key", Z, Swap("\"type\":\"MultiPolygon\"", "\"type\":\"MultiPolygon\",\"type\":\"MultiPolygon\""), &["feature 2, geometry", "\"type\""]),
        case("duplicate_key", Z, Swap("\"type\":\"FeatureCollection\"", "\"type\":\"FeatureCollection\",\"type\":\"FeatureCollection\""), &["FeatureCollection"]),
        case("duplicate_key", U, Swap("\"code\":\"2201\"", "\"code\":\"2202\",\"code\":\"2201\""), &["feature 2, properties", "2202"]),
        case("wrong_encoding", Z, Make(|| b"{\"type\":\"\xB0\xD7\xB3\xC7\"}".to_vec()), &["line 1", "GBK"]),
        case("not_feature_collection", Z, Make(|| b"[]".to_vec()), &["a list"]),
        case("not_feature_collection", Z, Make(|| br#"{"type":"Polygon","coordinates":[]}"#.to_vec()), &["Polygon", "wrapped"]),
        case("not_feature_collection", Z, Make(|| br#"{"type":"FeatureCollection"}"#.to_vec()), &["features"]),
        case("not_feature", Z, Make(|| br#"{"type":"FeatureCollection","features":[7]}"#.to_vec()), &["feature 1", "a number"]),
        case("not_feature", Z, Swap("\"properties\":{\"id\":\"lim-1\"", "\"id\":true,\"properties\":{\"id\":\"lim-1\""), &["feature 2", "a text or a number"]),
        case("crs_not_accepted", Z, Swap("\"FeatureCollection\",", "\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:3857\"}},"), &["EPSG:3857"]),
        case("crs_not_accepted", Z, Swap("\"type\":\"MultiPolygon\",", "\"type\":\"MultiPolygon\",\"crs\":null,"), &["feature 2"]),
        case("too_many_features", Z, Make(|| collection(&"0,".repeat(geojson::MAX_FEATURES))), &["50001"]),
        case("too_many_vertices", Z, Make(|| zone(&format!("[[{}[1,1]]]", "[1,1],".repeat(geometry::MAX_VERTICES)))), &["feature 1", "ring 1", "1000000"]),
        // geometry
        case("geometry_missing", Z, Swap("{\"type\":\"Polygon\",\"coordinates\":[[[122.2,45.2],[122.8,45.2],[122.8,45.8],[122.2,45.8],[122.2,45.2]],[[122.4,45.4],[122.4,45.6],[122.6,45.6],[122.6,45.4],[122.4,45.4]]]}", "null"), &["feature 1 (id \"ban-1\")", "null"]),
        case("geometry_missing", U, Swap(",\"geometry\":null", ""), &["feature 1"]),
        case("geometry_type", Z, Swap("\"MultiPolygon\"", "\"LineString\""), &["feature 2 (id \"lim-1\")", "LineString"]),
        case("geometry_type", U, Swap("\"geometry\":null", "\"geometry\":{\"type\":\"Point\",\"coordinates\":[122,45]}"), &["feature 1", "Point"]),
        case("geometry_collection", Z, Swap("\"MultiPolygon\",\"coordinates\"", "\"GeometryCollection\",\"geometries\""), &["feature 2", "GeometryCollection"]),
        case("coordinates_malformed", Z, Swap("[122.8,45.8],", "122.8,45.8,"), &["feature 1", "ring 1 (outer), position 3", "122.8"]),
        case("empty_geometry", Z, Make(|| zone("[]")), &["feature 1"]),
        case("empty_ring", Z, Make(|| zone("[[]]")), &["feature 1", "ring 1"]),
        case("empty_position", Z, Swap("[122.8,45.8]", "[]"), &["ring 1 (outer), position 3"]),
        case("short_position", Z, Swap("[122.8,45.8]", "[122.8]"), &["ring 1 (outer), position 3", "[122.8]"]),
        case("long_position", Z, Swap("[122.6,45.6]", "[122.6,45.6,1,2]"), &["ring 2 (hole 1), position 3", "[122.6,45.6,1,2]"]),
        case("position_not_number", Z, Swap("[122.8,45.8]", "[\"122.8\",45.8]"), &["position 3", "\"122.8\""]),
        case("position_not_number", Z, Swap("[122.8,45.8]", "[122.8,45.8,null]"), &["position 3", "null"]),
        case("ring_too_short", Z, Make(|| zone("[[[122.2,45.2],[122.3,45.2],[122.2,45.2]]]")), &["ring 1", "3 positions", "(122.2, 45.2)"]),
        case("ring_too_short", Z, Make(|| zone("[[[122.2,45.2],[122.3,45.2],[122.3,45.2],[122.2,45.2]]]")), &["ring 1", "4 positions", "1 of them repeated"]),
        case("unclosed_ring", Z, Swap("[122.2,45.8],[122.2,45.2]]", "[122.2,45.8],[122.2,45.20001]]"), &["feature 1", "ring 1 (outer)", "(122.2, 45.2)", "(122.2, 45.20001)"]),
        case("out_of_extent", Z, Swap("[122.8,45.8]", "[45.8,122.8]"), &["position 3", "(45.8, 122.8)", "swapped"]),
        case("out_of_extent", Z, Swap("[122.8,45.8]", "[13671234.5,5750000.25]"), &["position 3", "metres"]),
        case("out_of_extent", Z, Swap("[122.8,45.8]", "[1e308,45.8]"), &["position 3", "metres"]),
        case("out_of_extent", Z, Swap("[122.8,45.8]", "[116.4,39.9]"), &["(116.4, 39.9)", "another place"]),
        case("out_of_extent", Z, Swap("[122.8,45.8]", "[122.8,46.605]"), &["(122.8, 46.605)", "datum"]),
        case("out_of_extent", H, Swap("[122.5,45.5]", "[45.5,122.5]"), &["feature 1 (id \"flare-1\")", "swapped"]),
        case("out_of_extent", L, Swap("122.75,45.5", "45.5,122.75"), &["line 2", "swapped"]),
        case("antimeridian", Z, Make(|| zone("[[[179,45],[-179,45],[-179,46],[179,46],[179,45]]]")), &["ring 1 (outer), position 2", "(179, 45)", "(-179, 45)"]),
        case("self_intersection", Z, Make(|| zone("[[[122,45],[123,46],[123,45],[122,46],[122,45]]]")), &["feature 1", "ring 1", "(122.5000000, 45.5000000)"]),
        case("self_intersection", Z, Make(|| zone("[[[122,45],[123,45],[123,46],[122.5,45],[122,46],[122,45]]]")), &["touch itself", "(122.5000000, 45.0000000)"]),
        case("spike", Z, Swap("[122.8,45.2],[122.8,45.8]", "[122.8,45.2],[122.9,45.2],[122.8,45.2],[122.8,45.8]"), &["ring 1", "(122.9000000, 45.2000000)"]),
        case("hole_outside_shell", Z, Swap("[122.6,45.6]", "[122.9,45.6]"), &["ring 2 (hole 1)", "crosses ring 1 (outer) at (122.8"]),
        case("hole_outside_shell", Z, Swap("[[122.4,45.4],[122.4,45.6],[122.6,45.6],[122.6,45.4],[122.4,45.4]]", "[[123.4,45.4],[123.4,45.6],[123.6,45.6],[123.4,45.4]]"), &["ring 2 (hole 1)", "(123.4"]),
        case("holes_overlap", Z, Swap("[122.6,45.4],[122.4,45.4]]", "[122.6,45.4],[122.4,45.4]],[[122.45,45.45],[122.45,45.5],[122.5,45.5],[122.45,45.45]]"), &["ring 3 (hole 2)", "ring 2 (hole 1)"]),
        case("parts_overlap", Z, Swap("[[[122.85,45.05],[122.95,45.05],[122.95,45.15],[122.85,45.15],[122.85,45.05]]]", "[[[122.1,45.1],[122.2,45.1],[122.2,45.2],[122.1,45.1]]]"), &["feature 2", "part 2, ring 1", "part 1 ring 1", "(122.1500000, 45.1"]),
        case("shared_edge", Z, Make(|| multi_zone("[[[[122,45],[123,45],[123,46],[122,45]]],[[[123,45.2],[124,45.5],[123,45.8],[123,45.2]]]]")), &["part 2, ring 1", "part 1", "(123.0"]),
        // records
        case("property_missing", Z, Swap("\"id\":\"lim-1\",", ""), &["feature 2", "\"id\""]),
        case("property_missing", Z, Swap("\"properties\":{\"id\":\"lim-1\",\"name\":\"限烧区\",\"class\":\"limited\"}", "\"properties\":null"), &["feature 2"]),
        case("property_missing", H, Swap("\"approved_by\":\"王五\",\"approved_on\":\"2026-03-01\",\"expires\":\"2026-12-31\"", "\"approved_by\":null"), &["feature 1 (id \"flare-1\")", "approved_by"]),
        case("property_near", Z, Swap("\"season\"", "\"SEASON\""), &["feature 1 (id \"ban-1\")", "\"SEASON\"", "\"season\""]),
        case("property_type", U, Swap("\"code\":\"220101\"", "\"code\":220101"), &["feature 3", "quotes"]),
        case("property_type", U, Swap("1000.5", "\"1000\""), &["feature 2", "cropland_ha"]),
        case("property_type", U, Swap("\"approximate\":true", "\"approximate\":\"yes\""), &["feature 3", "approximate"]),
        case("property_empty", U, Swap("\"东镇\"", "\" \""), &["feature 3", "name"]),
        case("duplicate_id", U, Swap("\"code\":\"220102\"", "\"code\":\"220101\""), &["feature 4", "feature 3"]),
        case("duplicate_id", Z, Swap("lim-1", "ban-1"), &["feature 2", "feature 1"]),
        case("unknown_level", U, Swap("\"level\":\"county\"", "\"level\":\"banner\""), &["feature 2", "banner"]),
        case("unknown_class", Z, Swap("\"limited\"", "\"forbidden\""), &["feature 2", "forbidden"]),
        case("unknown_kind", H, Swap("\"kiln\"", "\"oven\""), &["feature 2", "oven"]),
        case("unknown_parent", U, Swap("\"parent\":\"22\"", "\"parent\":\"23\""), &["feature 2", "23"]),
        case("parent_missing", U, Swap("\"parent\":\"22\"", "\"parent\":null"), &["feature 2"]),
        case("parent_not_higher", U, Swap("\"level\":\"township\",\"parent\":\"2201\",", "\"level\":\"county\",\"parent\":\"2201\","), &["feature 3", "county"]),
        case("unit_cycle", U, Swap("\"parent\":\"22\"", "\"parent\":\"220101\""), &["2201 -> 220101", "again"]),
        case("unit_cycle", U, Swap("\"parent\":\"22\"", "\"parent\":\"2201\""), &["feature 2", "2201 and again"]),
        case("no_city", U, Swap("\"city\"", "\"county\""), &["city"]),
        case("several_cities", U, Swap("\"county\",\"parent\":\"22\"", "\"city\",\"parent\":null"), &["feature 2", "feature 1"]),
        case("city_has_parent", U, Swap("\"parent\":null", "\"parent\":\"2201\""), &["feature 1", "2201"]),
        case("bad_date", Z, Swap("2026-01-01", "2026-13-01"), &["feature 1", "valid_from", "2026-13-01"]),
        case("bad_date", P, Swap("2026-12-31", "31.12.2026"), &["line 4", "valid_to", "31.12.2026"]),
        case("dates_reversed", Z, Swap("2026-01-01", "2027-01-01"), &["feature 1", "2027-01-01", "2026-12-31"]),
        case("dates_reversed", H, Swap("2026-12-31", "2026-02-28"), &["feature 1", "expires"]),
        case("dates_reversed", P, Swap("2026-12-31", "2025-12-31"), &["line 4"]),
        case("bad_season", Z, Swap("09-15..05-31", "autumn"), &["feature 1", "autumn"]),
        case("bad_radius", H, Swap("500", "0"), &["feature 1", "radius_m", "0"]),
        case("radius_missing", H, Swap("\"radius_m\":500,", ""), &["feature 1 (id \"flare-1\")"]),
        case("radius_not_allowed", H, Swap("\"kind\":\"kiln\",", "\"kind\":\"kiln\",\"radius_m\":5,"), &["feature 2 (id \"kiln-1\")"]),
        // tables
        case("wrong_encoding", P, Make(|| b"unit_code,name,role\n22,\xD5\xD4,head\n".to_vec()), &["line 2", "GBK"]),
        case("column_missing", P, Swap("unit_code,name,role", "unit_code,name,duty"), &["line 1", "role"]),
        case("column_missing", P, Make(|| b"unit_code;name;role\n22;a;head\n".to_vec()), &["commas"]),
        case("column_twice", P, Swap("post,phone", "name,phone"), &["line 1", "name"]),
        case("column_unknown", P, Swap("valid_from,valid_to", "valid_from,vaild_to"), &["line 1", "vaild_to", "column H", "\"valid_to\""]),
        case("column_unknown", D, Make(|| b"unit_code,date,from,to,leader,officer,Phone\n".to_vec()), &["line 1", "Phone", "\"phone\""]),
        case("column_unknown", B, Swap("plot,note", "plot,notes"), &["line 1", "notes", "\"note\""]),
        case("column_unknown", L, Swap("name_en,kind", "eng_name,kind"), &["line 1", "eng_name", "\"name_en\""]),
        case("bad_phone", P, Swap("13800000000", "1.00E+10"), &["line 2", "\"phone\"", "as text"]),
        case("bad_phone", D, Swap("10000000002", "1000000000"), &["line 3", "\"phone\"", "10 digits"]),
        case("row_length", P, Swap("220102,李四,deputy", "220102,李,四,deputy"), &["line 5", "9 fields", "8"]),
        case("too_many_rows", P, Make(|| ["unit_code,name,role\n", &"22,a,head\n".repeat(table::MAX_ROWS + 1)].concat().into_bytes()), &["line 100002"]),
        case("value_missing", P, Swap("2201,钱二", "2201,"), &["line 3", "name"]),
        case("value_too_long", P, Make(|| format!("unit_code,name,role\n22,{},head\n", "长".repeat(201)).into_bytes()), &["line 2", "name"]),
        case("unknown_unit", P, Swap("2201,钱二", "2299,钱二"), &["line 3", "2299"]),
        case("unknown_unit", L, Swap("town,220101", "town,229901"), &["line 2", "229901"]),
        case("unknown_role", P, Swap("sponsor", "boss"), &["line 3", "boss"]),
        case("bad_number", L, Swap("122.25", "inf"), &["line 3", "lon", "inf"]),
        // calendar.toml
        case("toml_syntax", C, Swap("max_level = 2", "max_level = "), &["line 15"]),
        case("key_unknown", C, Swap("units = [\"2201\"]", "unit = [\"2201\"]"), &["line 9, closure 2, unit"]),
        case("key_unknown", C, Swap("[hours]", "[hour]"), &["hour", "known"]),
        case("key_missing", C, Swap("to = 2026-10-07\n", ""), &["line 1, closure 1, to"]),
        case("key_type", C, Swap("[weather]", "[[weather]]"), &["weather", "once"]),
        case("key_type", C, Swap("area_mu = 500", "area_mu = \"500\""), &["quota 1, area_mu"]),
        case("key_value", C, Swap("max_level = 2", "max_level = 0"), &["weather, max_level", "1 to 4"]),
        case("key_value", C, Swap("to = \"16:00\"", "to = \"08:00\""), &["hours, to"]),
        case("bad_time", C, Swap("from = 2026-11-05T12:00", "from = 2026-11-05T12:00:00+08:00"), &["line 7, closure 2, from", "offset"]),
        case("bad_time", C, Swap("\"2026-11-06T18:00\"", "\"2026-11-31T18:00\""), &["line 8, closure 2, to", "2026-11-31"]),
        case("bad_time", C, Swap("from = \"08:00\"", "from = \"24:00\""), &["hours, from", "24:00"]),
        case("dates_reversed", C, Swap("2026-10-07", "2026-09-07"), &["line 4, closure 1, to", "2026-09-08"]),
        case("unknown_unit", C, Swap("[\"2201\"]", "[\"2299\"]"), &["line 9, closure 2, units", "2299"]),
        case("duplicate_id", C, Swap("units = [\"220101\"]\n", ""), &["quota 2", "quota 1"]),
        // burn_weather.csv, burn_plans.csv, duty.csv, landcover.geojson
        case("unknown_unit", W, Swap("2201,2026-10-21", "2299,2026-10-21"), &["line 3", "2299"]),
        case("bad_date", W, Swap("2026-10-21", "21.10.2026"), &["line 3", "21.10.2026"]),
        case("bad_level", W, Swap("2026-10-21,3", "2026-10-21,5"), &["line 3", "\"5\""]),
        case("bad_level", W, Swap("2026-10-21,3", "2026-10-21,2.5"), &["line 3", "2.5"]),
        case("duplicate_id", W, Swap("2026-10-21", "2026-10-20"), &["line 3", "line 2"]),
        case("duplicate_id", B, Swap("P2,", "P1,"), &["line 3", "P1", "line 2"]),
        case("unknown_unit", B, Swap("P3,220102", "P3,229901"), &["line 4", "229901"]),
        case("bad_time", B, Swap("2026-10-20T08:00,2026-10-20T16:00,120", "2026-10-20,2026-10-20T16:00,120"), &["line 2", "window_start", "2026-10-20"]),
        case("window_reversed", B, Swap("2026-10-20T08:00,2026-10-20T16:00,120", "2026-10-20T16:00,2026-10-20T16:00,120"), &["line 2"]),
        case("bad_area", B, Swap("120,", "-120,"), &["line 2", "-120"]),
        case("bad_number", B, Swap("80.5", "80亩"), &["line 3", "area_mu"]),
        case("unknown_status", B, Swap("已下令", "已点烧"), &["line 3", "已点烧", "ordered"]),
        case("approval_missing", B, Swap("吴七,2026-10-18T09:30", ",2026-10-18T09:30"), &["line 2", "approver"]),
        case("approval_missing", B, Swap("吴七,2026-10-18 09:30", "吴七,"), &["line 3", "approved_at"]),
        case("value_missing", B, Swap("120,周六", "120,"), &["line 2", "responsible"]),
        case("wkt_syntax", B, Swap("122.61 45.51, 122.6 45.51, 122.6 45.5))", "122.61 45.51, 122.6 45.51, 122.6 45.5)"), &["line 2", "plot"]),
        case("geometry_type", B, Swap("POLYGON ((122.6", "POINT ((122.6"), &["line 2", "POINT"]),
        case("geometry_type", B, Swap("POLYGON ((122.6", "GEOMETRYCOLLECTION (((122.6"), &["line 2", "GEOMETRYCOLLECTION"]),
        case("empty_geometry", B, Swap("\"POLYGON ((122.6 45.5, 122.61 45.5, 122.61 45.51, 122.6 45.51, 122.6 45.5))\"", "POLYGON EMPTY"), &["line 2"]),
        case("out_of_extent", B, Swap("((122.6 45.5, 122.61 45.5, 122.61 45.51, 122.6 45.51, 122.6 45.5))", "((45.5 122.6, 45.5 122.61, 45.51 122.61, 45.5 122.6))"), &["line 2, ring 1", "swapped"]),
        case("unclosed_ring", B, Swap("122.6 45.51, 122.6 45.5))", "122.6 45.51))"), &["line 2, ring 1"]),
        case("self_intersection", B, Swap("122.61 45.5, 122.61 45.51, 122.6 45.51", "122.61 45.51, 122.61 45.5, 122.6 45.51"), &["line 2, ring 1"]),
        case("value_too_long", B, Make(|| [plan_head(), "P,220101,2026-10-20T08:00,2026-10-20T16:00,1,a,,,applied,\"POLYGON ((", &"122 45,".repeat(3000), "122 45))\"\n"].concat().into_bytes()), &["line 2", "plot"]),
        case("bad_time", D, Swap("17:30,08:00", "17:30,8"), &["line 3", "\"to\""]),
        case("bad_time", D, Swap("16:00,24:00", "24:00,24:00"), &["line 4", "\"from\""]),
        case("shifts_overlap", D, Swap("17:30,08:00", "17:29,08:00"), &["line 3", "line 2", "2026-10-01T17:30:00"]),
        case("shifts_overlap", D, Make(|| b"unit_code,date,from,to,leader,officer,phone\n22,2026-10-01,08:00,08:00,a,b,100\n22,2026-10-01,10:00,11:00,a,b,100\n22,2026-10-01,12:00,13:00,a,b,100\n".to_vec()), &["line 4", "line 2"]),
        case("unknown_unit", D, Swap("22,2026-10-01,16", "23,2026-10-01,16"), &["line 4", "23"]),
        case("value_missing", D, Swap(",陈十,", ",,"), &["line 2", "officer"]),
        case("unknown_cover", G, Swap("\"wetland\"", "\"reeds\""), &["feature 2", "reeds", "grass"]),
        case("geometry_type", G, Swap("\"type\":\"Polygon\"", "\"type\":\"Point\""), &["feature 1 (class \"cropland\")", "Point"]),
        // workbooks
        case("workbook_unreadable", P, Make(|| b"PK\x03\x04 and nothing else".to_vec()), &["save it again"]),
        case("workbook_too_large", P, Make(|| [b"PK\x03\x04".to_vec(), vec![0; table::MAX_WORKBOOK_BYTES]].concat()), &["16777220"]),
        case("workbook_kind", P, Make(|| b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()), &["save it as .xlsx"]),
        case("several_sheets", P, Make(two_sheets), &["\"Sheet1\", \"Sheet2\""]),
        case("sheet_hidden", P, Make(hidden_people), &["\"Sheet1\""]),
        case("merged_cells", P, Make(|| people_workbook(|sheet| { sheet.merge_range(1, 1, 1, 2, "钱二", &rust_xlsxwriter::Format::new()).unwrap(); })), &["row 2", "B2:C2"]),
        case("formula_without_value", P, Make(|| workbook_of(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>unit_code</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c><c r="C1" t="inlineStr"><is><t>role</t></is></c></row><row r="2"><c r="A2"><v>22</v></c><c r="B2"><f>"a"&amp;"b"</f><v></v></c><c r="C2" t="inlineStr"><is><t>head</t></is></c></row>"#)), &["row 2, column B", "\"name\"", "save it"]),
        case("cell_error", P, Make(|| people_workbook(|sheet| { sheet.write_formula(1, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap(); })), &["row 2", "name", "#N/A"]),
        case("number_too_long", P, Make(|| people_workbook(|sheet| { sheet.write_number(1, 1, 1.234_567_890_123_456e17).unwrap(); })), &["row 2", "name", "as text"]),
        case("unknown_unit", P, Make(|| people_workbook(|sheet| { sheet.write_number(1, 0, 2299.0).unwrap(); })), &["row 2", "2299"]),
        case("more_faults", P, Make(|| (0..MAX_FAULTS_PER_FILE + 7).fold("unit_code,name,role\n".to_owned(), |text, i| text + &format!("99,a{i},head\n")).into_bytes()), &["7 more"]),
    ]
}

/// People as an office keeps them, with Chinese heads, and one cell changed.
fn people_workbook(change: fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, values) in [["单位代码", "姓名", "职责"], ["2201", "钱二", "sponsor"]].iter().enumerate() {
        sheet.write_row(u32::try_from(row).unwrap(), 0, *values).unwrap();
    }
    change(sheet);
    workbook.save_to_buffer().unwrap()
}

/// A workbook of two sheets of people.
fn two_sheets() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for _ in 0..2 {
        let sheet = workbook.add_worksheet();
        sheet.write_row(0, 0, ["单位代码", "姓名", "职责"]).unwrap();
        sheet.write_row(1, 0, ["2201", "钱二", "sponsor"]).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// A workbook whose people stand on a hidden sheet.
fn hidden_people() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet().set_hidden(true);
    sheet.write_row(0, 0, ["单位代码", "姓名", "职责"]).unwrap();
    workbook.add_worksheet().set_active(true).write_string(0, 0, "填写说明").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn plan_head() -> &'static str {
    "plan_id,unit_code,window_start,window_end,area_mu,responsible,approver,approved_at,status,plot\n"
}

fn collection(features: &str) -> Vec<u8> {
    format!(r#"{{"type":"FeatureCollection","features":[{features}0]}}"#).into_bytes()
}

fn zone(rings: &str) -> Vec<u8> {
    zone_of("Polygon", rings)
}

fn multi_zone(parts: &str) -> Vec<u8> {
    zone_of("MultiPolygon", parts)
}

fn zone_of(kind: &str, coordinates: &str) -> Vec<u8> {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"id":"z","name":"z","class":"ban"}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}]}}"#
    )
    .into_bytes()
}

fn edited(file: &str, edit: &Edit) -> Files {
    let mut files = small_region();
    match edit {
        Swap(from, to) => {
            let text = String::from_utf8(files[file].clone()).unwrap();
            assert!(text.contains(from), "{file} does not contain {from:?}");
            files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
        }
        Make(make) => {
            files.insert(file.to_owned(), make());
        }
        Remove => {
            files.remove(file);
        }
    }
    files
}

#[test]
fn every_fault_is_named_with_its_file_its_place_and_its_value() {
    let mut wrong = Vec::new();
    for Alert { code, file, edit, says } in cases() {
        let Err(faults) = regions::parse(Bundle { files: edited(file, &edit) }) else {
            wrong.push(format!("{code}: {file} passed"));
            continue;
        };
        let gloss = GLOSSES.iter().find(|(word, _)| *word == code).unwrap().1;
        let found = faults.iter().any(|fault| {
            let text = format!("{}: {}", fault.place, fault.message);
            fault.code == code
                && fault.file == file
                && text.contains(gloss)
                && says.iter().all(|part| text.contains(part))
        });
        if !found {
            let lines: Vec<_> = faults.iter().take(5).map(ToString::to_string).collect();
            wrong.push(format!("{code} in {file} saying {says:?}, found:\n  {}", lines.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_word_of_the_reader_has_an_alert() {
    let tried: BTreeSet<_> = cases()
        .iter()
        .map(|case| case.code)
        .chain(ONLY_IN_FOLDERS)
        .chain(NEVER_SEEN)
        .chain(OF_TABLES)
        .chain(WARNINGS)
        .collect();
    let known: BTreeSet<_> = GLOSSES.iter().map(|(code, _)| *code).collect();
    assert_eq!(tried.symmetric_difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn all_faults_of_all_files_come_at_once() {
    let edits = [
        (M, "Asia/Shanghai", "Asia/Baicheng"),
        (U, "\"level\":\"county\"", "\"level\":\"banner\""),
        (Z, "[122.8,45.8]", "[45.8,122.8]"),
        (Z, "\"class\":\"limited\"", "\"class\":\"free\""),
        (P, "sponsor", "boss"),
        (H, "\"kiln\"", "\"oven\""),
        (L, "122.25", "x"),
    ];
    let mut files = small_region();
    for (file, from, to) in edits {
        let text = String::from_utf8(files[file].clone()).unwrap();
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    }
    let faults = regions::parse(Bundle { files }).unwrap_err();
    let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
    let expected = [
        "time_zone_unknown",
        "unknown_level",
        "out_of_extent",
        "unknown_class",
        "unknown_kind",
        "unknown_role",
        "bad_number",
    ];
    assert_eq!(codes, expected, "in the order of reading, none hidden by another");
}

#[test]
fn telephone_numbers_never_stand_in_a_fault() {
    let text = String::from_utf8(small_region()["people.csv"].clone()).unwrap();
    let spoilt = text.replace("head", "x").replace("inspector", "y").replace("2026-01-01", "z");
    let mut files = small_region();
    files.insert(P.to_owned(), spoilt.into_bytes());
    let faults = regions::parse(Bundle { files }).unwrap_err();
    assert!(faults.len() >= 4);
    assert!(
        faults.iter().all(|fault| !fault.to_string().contains("1380000") && !fault.to_string().contains("1390000"))
    );
    let mut files = small_region();
    let text = String::from_utf8(files[D].clone()).unwrap();
    files.insert(D.to_owned(), text.replace("2026", "26").replace("08:00", "8").into_bytes());
    let faults = regions::parse(Bundle { files }).unwrap_err();
    assert!(faults.len() >= 5 && faults.iter().all(|fault| !fault.to_string().contains("1000000000")));
}

#[test]
fn a_folder_names_files_that_are_missing_unreadable_or_too_large_and_checks_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small_region() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    std::fs::remove_file(folder.path().join(P)).unwrap();
    std::fs::remove_file(folder.path().join(H)).unwrap();
    std::fs::create_dir(folder.path().join(H)).unwrap();
    let large = std::fs::File::create(folder.path().join(Z)).unwrap();
    large.set_len(bundle::MAX_FILE_BYTES + 1).unwrap();
    std::fs::write(folder.path().join(L), "name,lon\n").unwrap();
    let faults = regions::load(folder.path()).unwrap_err();
    let mut found: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.code)).collect();
    found.sort_unstable();
    let expected = [(H, "file_unreadable"), (P, "file_missing"), (L, "column_missing"), (Z, "file_too_large")];
    assert_eq!(found, expected);
}

#[test]
fn a_folder_without_a_manifest_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let faults = regions::load(folder.path()).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].file.as_str(), faults[0].code), (M, "file_missing"));
}
