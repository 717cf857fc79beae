//! Reads the keys of `region.toml` one by one, so that one bad key does not hide the next.

use std::path::{Component, Path};

use toml::{Table, Value};

use super::{DEFAULT_NEIGHBOUR_BELT_KM, FileEntry, MANIFEST, MAX_NEIGHBOUR_BELT_KM, Manifest, Section, Settings};
use crate::domain::datum::Datum;
use crate::domain::ground::Extent;
use crate::domain::time::{Season, TimeZone};
use crate::domain::zone::OutsideZones;
use crate::regions::faults::Faults;
use crate::regions::text;

const KEYS: [&str; 8] =
    ["id", "name", "time_zone", "outside_zones", "outside_season", "extent", "map_review_number", "neighbour_belt_km"];

/// Reads the manifest; `None` when it is not TOML at all.
pub fn read(bytes: &[u8], faults: &mut Faults) -> Option<Manifest> {
    let text = text::decode(MANIFEST, bytes, faults)?;
    let table: Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
            let place = line.map(|line| format!("line {line}")).unwrap_or_default();
            faults.add(MANIFEST, place, "toml_syntax", error.message());
            return None;
        }
    };
    let mut reader = Reader { text, faults };
    let sections: Vec<_> = Section::ALL.iter().map(|section| section.name()).collect();
    for key in table.keys().filter(|key| !KEYS.contains(&key.as_str()) && !sections.contains(&key.as_str())) {
        let known: Vec<_> = KEYS.iter().chain(&sections).copied().collect();
        reader.fault("", key, "key_unknown", text::unknown_key(key, &known));
    }
    let before = reader.faults.count();
    let extent = reader.extent(&table);
    let settings = reader.settings(&table).filter(|_| reader.faults.count() == before);
    let files = Section::ALL.iter().filter_map(|&section| reader.file(&table, section)).collect();
    Some(Manifest { settings, extent, files })
}

/// Reads keys and says where a bad one stands.
struct Reader<'a> {
    text: &'a str,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn fault(&mut self, section: &str, key: &str, code: &'static str, message: impl std::fmt::Display) {
        let path = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
        let place = line_of(self.text, section, key).map_or(path.clone(), |line| format!("line {line}, {path}"));
        self.faults.add(MANIFEST, place, code, message);
    }

    fn settings(&mut self, table: &Table) -> Option<Settings> {
        let id = self.text(table, "", "id", Need::Required);
        if let Some(id) = id.as_ref().filter(|id| !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)))
        {
            self.fault("", "id", "key_value", format!("id is {id:?}, expected letters, digits, '-' and '_'"));
        }
        let (name, name_en) = self.name(table);
        let zone_name = self.text(table, "", "time_zone", Need::Required);
        let time_zone = zone_name.and_then(|name| {
            let zone = TimeZone::get(&name).ok();
            if zone.is_none() {
                let message = format!("time_zone is {name:?}, expected a name such as \"Asia/Shanghai\"");
                self.fault("", "time_zone", "time_zone_unknown", message);
            }
            zone
        });
        let outside = self.text(table, "", "outside_zones", Need::Required);
        let outside_zones = outside.and_then(|word| match word.as_str() {
            "limited" => Some(OutsideZones::Limited),
            "ban" => Some(OutsideZones::Ban),
            "none" => Some(OutsideZones::None),
            _ => {
                let message = format!("outside_zones is {word:?}, expected \"limited\", \"ban\" or \"none\"");
                self.fault("", "outside_zones", "key_value", message);
                None
            }
        });
        let season = self.text(table, "", "outside_season", Need::Optional);
        let outside_season = season.and_then(|text| match text.parse::<Season>() {
            Ok(season) => Some(season),
            Err(error) => {
                self.fault("", "outside_season", "bad_season", error);
                None
            }
        });
        let map_review_number = self.text(table, "", "map_review_number", Need::Optional);
        let neighbour_belt_km = self.belt(table);
        Some(Settings {
            id: id?,
            name: name?,
            name_en,
            time_zone: time_zone?,
            outside_zones: outside_zones?,
            outside_season,
            map_review_number,
            neighbour_belt_km: neighbour_belt_km?,
        })
    }

    fn name(&mut self, table: &Table) -> (Option<String>, Option<String>) {
        match table.get("name") {
            Some(Value::Table(name)) => {
                for key in name.keys().filter(|key| !["zh", "en"].contains(&key.as_str())) {
                    self.fault("", "name", "key_unknown", format!("unknown key name.{key}; known: zh, en"));
                }
                (self.text(name, "name", "zh", Need::Required), self.text(name, "name", "en", Need::Optional))
            }
            Some(other) => {
                let message = format!("name is a {}, expected {{ zh = \"…\", en = \"…\" }}", other.type_str());
                self.fault("", "name", "key_type", message);
                (None, None)
            }
            None => {
                self.fault("", "name", "key_missing", "name is missing, expected { zh = \"…\", en = \"…\" }");
                (None, None)
            }
        }
    }

    fn belt(&mut self, table: &Table) -> Option<f64> {
        let Some(value) = table.get("neighbour_belt_km") else { return Some(DEFAULT_NEIGHBOUR_BELT_KM) };
        let Some(km) = number(value) else {
            let message = format!("neighbour_belt_km is a {}, expected a number of kilometres", value.type_str());
            self.fault("", "neighbour_belt_km", "key_type", message);
            return None;
        };
        if (0.0..=MAX_NEIGHBOUR_BELT_KM).contains(&km) {
            return Some(km);
        }
        let message = format!("neighbour_belt_km is {km}, expected 0 to {MAX_NEIGHBOUR_BELT_KM}");
        self.fault("", "neighbour_belt_km", "key_value", message);
        None
    }

    fn extent(&mut self, table: &Table) -> Option<Extent> {
        const SHAPE: &str = "[west, south, east, north] in degrees, for example [121.0, 44.0, 125.0, 46.6]";
        let Some(value) = table.get("extent") else {
            self.fault("", "extent", "key_missing", format!("extent is missing, expected {SHAPE}"));
            return None;
        };
        let numbers: Option<Vec<f64>> = value.as_array().and_then(|list| list.iter().map(number).collect());
        let Some(&[west, south, east, north]) = numbers.as_deref() else {
            self.fault("", "extent", "key_type", format!("extent is {value}, expected {SHAPE}"));
            return None;
        };
        let on_globe = |lon: f64, lat: f64| (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        if on_globe(west, south) && on_globe(east, north) && west < east && south < north {
            return Some(Extent { west, south, east, north });
        }
        let swapped = on_globe(south, west) && on_globe(north, east) && south < north && west < east;
        let hint = if swapped { "; longitude comes first" } else { "" };
        let message = format!("extent is {value}, expected west < east, south < north, on the globe: {SHAPE}{hint}");
        self.fault("", "extent", "extent_bad", message);
        None
    }

    fn file(&mut self, table: &Table, section: Section) -> Option<FileEntry> {
        let name = section.name();
        let keys = match table.get(name) {
            Some(Value::Table(keys)) => keys,
            Some(other) => {
                let message = format!("{name} is a {}, expected a section [{name}] with a path", other.type_str());
                self.fault("", name, "key_type", message);
                return None;
            }
            None if section.is_required() => {
                let message = format!("the section [{name}] is missing; a region needs units and zones");
                self.fault("", name, "key_missing", message);
                return None;
            }
            None => return None,
        };
        let known: &[&str] = if section.has_geometry() { &["path", "datum"] } else { &["path"] };
        for key in keys.keys().filter(|key| !known.contains(&key.as_str())) {
            self.fault(name, key, "key_unknown", text::unknown_key(key, known));
        }
        let datum = if section.has_geometry() { self.datum(keys, name) } else { Datum::Wgs84 };
        let path = self.text(keys, name, "path", Need::Required)?;
        let Some(path) = inside_folder(&path) else {
            let message = format!("path is {path:?}, expected a path inside the region's folder, without '..'");
            self.fault(name, "path", "path_outside", message);
            return None;
        };
        Some(FileEntry { section, path, datum })
    }

    fn datum(&mut self, keys: &Table, section: &str) -> Datum {
        const WORDS: &str = "\"wgs84\", \"cgcs2000\", \"gcj02\" or \"bd09\"";
        let word = match keys.get("datum") {
            Some(Value::String(word)) => word.as_str(),
            Some(other) => {
                let message = format!("datum is a {}, expected {WORDS}", other.type_str());
                self.fault(section, "datum", "datum_unknown", message);
                return Datum::Wgs84;
            }
            None => {
                let message = format!(
                    "[{section}] declares no datum, expected {WORDS}; ask whoever drew the file, it cannot be guessed"
                );
                self.fault(section, "datum", "datum_missing", message);
                return Datum::Wgs84;
            }
        };
        match word {
            "wgs84" => Datum::Wgs84,
            "cgcs2000" => Datum::Cgcs2000,
            "gcj02" => Datum::Gcj02,
            "bd09" => Datum::Bd09,
            _ => {
                self.fault(section, "datum", "datum_unknown", format!("datum is {word:?}, expected {WORDS}"));
                Datum::Wgs84
            }
        }
    }

    /// A text; blank counts as absent.
    fn text(&mut self, table: &Table, section: &str, key: &str, need: Need) -> Option<String> {
        match table.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => return Some(text.trim().to_owned()),
            Some(Value::String(_)) | None => {}
            Some(other) => {
                let message = format!("{key} is a {}, expected a text in quotes", other.type_str());
                self.fault(section, key, "key_type", message);
                return None;
            }
        }
        if need == Need::Required {
            let place = if section.is_empty() { "region.toml".to_owned() } else { format!("[{section}]") };
            self.fault(section, key, "key_missing", format!("{key} is missing in {place}"));
        }
        None
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) if number.is_finite() => Some(*number),
        Value::Integer(number) => i32::try_from(*number).ok().map(f64::from),
        _ => None,
    }
}

/// The path with single forward slashes, if it stays inside the folder.
fn inside_folder(path: &str) -> Option<String> {
    let parts: Option<Vec<&str>> = Path::new(path)
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
}

/// The line a key stands on; for a section's missing key, the line of the section.
fn line_of(text: &str, section: &str, key: &str) -> Option<usize> {
    let (mut here, mut header) = (String::new(), None);
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            name.trim().clone_into(&mut here);
            if here == section || (section.is_empty() && here == key) {
                header = Some(i + 1);
            }
        } else if here == section && line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return Some(i + 1);
        }
    }
    header
}
