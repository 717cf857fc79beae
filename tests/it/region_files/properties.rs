//! Properties that no reader asks for: one that was surely meant to be known is a fault, the others are named.

use firegrid::regions::{self, Bundle};

use super::{passes, small_region};

const U: &str = "units.geojson";
const Z: &str = "zones.geojson";
const H: &str = "heat_sources.geojson";
const G: &str = "landcover.geojson";

fn edited(file: &str, from: &str, to: &str) -> super::Files {
    let mut files = small_region();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} does not contain {from:?}");
    files.insert(file.to_owned(), text.replace(from, to).into_bytes());
    files
}

#[test]
fn a_property_near_a_known_one_is_a_fault_with_the_guess() {
    let season = "\"season\":\"09-15..05-31\"";
    let cases = [
        // A ban of a season would hold all year.
        (Z, season, "\"SEASON\":\"09-15..05-31\"", "\"SEASON\"", "\"season\""),
        (Z, season, "\"seasons\":\"09-15..05-31\"", "\"seasons\"", "\"season\""),
        (Z, season, "\" season\":\"09-15..05-31\"", "\" season\"", "\"season\""),
        (Z, season, "\"禁烧期\":\"09-15..05-31\"", "禁烧期", "\"season\""),
        // Known, but nothing is said by it.
        (Z, season, "\"season\":null,\"Season\":\"09-15..05-31\"", "\"Season\"", "\"season\""),
        (Z, season, "\"season\":\" \",\"Season\":\"09-15..05-31\"", "\"Season\"", "\"season\""),
        // A zone would never end, or have begun before its day.
        (Z, "\"valid_to\"", "\"vaild_to\"", "\"vaild_to\"", "\"valid_to\""),
        (Z, "\"valid_to\"", "\"expires\"", "\"expires\"", "\"valid_to\""),
        (Z, "\"valid_from\"", "\"ValidFrom\"", "\"ValidFrom\"", "\"valid_from\""),
        // The same word with two values: one of them is wrong.
        (Z, "\"class\":\"ban\"", "\"class\":\"ban\",\"Class\":\"limited\"", "\"Class\"", "\"class\""),
        // Approximate units would pass as official.
        (U, "\"approximate\":true", "\"approximat\":1", "\"approximat\"", "\"approximate\""),
        (U, "\"approximate\":true", "\"aproximate\":true", "\"aproximate\"", "\"approximate\""),
        (U, "\"cropland_ha\"", "\"cropland_h\"", "\"cropland_h\"", "\"cropland_ha\""),
        (U, "\"name_en\"", "\"name:en\"", "\"name:en\"", "\"name_en\""),
        (U, "\"parent\":\"2201\"", "\"Parent\":\"2201\"", "\"Parent\"", "\"parent\""),
        (H, "\"expires\"", "\"expire\"", "\"expire\"", "\"expires\""),
        (H, "\"approved_on\"", "\"approved_o\"", "\"approved_o\"", "\"approved_on\""),
        (H, "\"radius_m\"", "\"radius\"", "\"radius\"", "\"radius_m\""),
        (G, "\"class\"", "\"CLASS\"", "\"CLASS\"", "\"class\""),
        // Beside the properties it does nothing either.
        (
            Z,
            "\"properties\":{\"id\":\"lim-1\"",
            "\"season\":\"09-15..05-31\",\"properties\":{\"id\":\"lim-1\"",
            "\"season\" stands beside",
            "move it",
        ),
    ];
    for (file, from, to, name, guess) in cases {
        let faults = regions::parse(Bundle { files: edited(file, from, to) }).expect_err(to);
        let near: Vec<_> = faults.iter().filter(|fault| fault.code == "property_near").collect();
        assert_eq!(near.len(), 1, "{to}: {faults:?}");
        assert_eq!(near[0].file, file);
        assert!(near[0].place.starts_with("feature "), "{}", near[0]);
        assert!(near[0].message.contains(name) && near[0].message.contains(guess), "{}", near[0]);
        assert!(near[0].message.contains("属性名疑似写错"), "{}", near[0]);
    }
}

#[test]
fn a_fault_of_many_features_is_told_once_with_their_number() {
    let faults = regions::parse(Bundle { files: edited(U, "\"parent\"", "\"PARENT\"") }).unwrap_err();
    let near: Vec<_> = faults.iter().filter(|fault| fault.code == "property_near").collect();
    assert_eq!(near.len(), 1, "{near:?}");
    // The city's is null and lost nothing.
    assert_eq!(near[0].place, "feature 2 (code \"2201\")");
    assert!(near[0].message.contains("and so in 2 more features"), "{}", near[0]);
}

#[test]
fn other_properties_are_named_once_a_file_and_nothing_is_refused() {
    let warnings = |file: &str, from: &str, to: &str| {
        let found = passes(edited(file, from, to)).warnings;
        let unknown = found.into_iter().filter(|warning| warning.code == "property_unknown" && warning.file == file);
        unknown.map(|warning| warning.message).collect::<Vec<_>>()
    };
    let cases = [
        (Z, "\"class\":", "\"OBJECTID\":7,\"class\":", vec!["\"OBJECTID\" (2)"]),
        (
            Z,
            "\"class\":\"ban\"",
            "\"fid\":1,\"stroke\":\"#f00\",\"class\":\"ban\"",
            vec!["\"fid\" (1)", "\"stroke\" (1)"],
        ),
        // Near a known one that is there, or without a word: nothing is lost.
        (Z, "\"name\":", "\"title\":\"x\",\"name\":", vec!["\"title\" (2)"]),
        (Z, "\"class\":\"ban\"", "\"class\":\"ban\",\"CLASS\":\"ban\"", vec!["\"CLASS\" (1)"]),
        (Z, "\"class\":\"limited\"", "\"class\":\"limited\",\"SEASON\":null", vec!["\"SEASON\" (1)"]),
        (Z, "\"class\":\"limited\"", "\"class\":\"limited\",\"vaild_to\":\"\"", vec!["\"vaild_to\" (1)"]),
        (G, "\"name\":", "\"Name\":", vec!["\"Name\" (1)"]),
    ];
    for (file, from, to, expected) in cases {
        let found = warnings(file, from, to);
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert!(expected.iter().all(|name| found[0].contains(name)), "{to}: {found:?}");
        assert!(found[0].contains("有不使用的属性"), "{found:?}");
    }
    // The small region's own units have a colour.
    assert!(warnings(U, "red", "blue")[0].contains("\"colour\" (1)"));
    // Foreign members of the collection and of a feature are nobody's business.
    assert!(warnings(Z, "{\"type\":\"Feature\",", "{\"type\":\"Feature\",\"id\":7,\"note\":\"x\",").is_empty());
}

#[test]
fn dozens_of_columns_of_a_join_are_one_readable_line() {
    let columns = (0..50).map(|i| format!("\"column_{i:02}\":{i},")).collect::<Vec<_>>().concat();
    let loaded = passes(edited(Z, "\"class\":", &format!("{columns}\"class\":")));
    let warning =
        loaded.warnings.iter().find(|warning| warning.code == "property_unknown" && warning.file == Z).unwrap();
    assert!(warning.message.contains("\"column_00\" (2)") && warning.message.contains("and 30 more"), "{warning}");
}

#[test]
fn a_shapefile_says_true_and_false_with_one_and_nought() {
    let approximate = |value: &str| {
        let files = edited(U, "\"approximate\":true", &format!("\"approximate\":{value}"));
        regions::parse(Bundle { files }).map(|loaded| loaded.data.units[2].approximate)
    };
    for (value, expected) in
        [("1", true), ("0", false), ("1.0", true), ("true", true), ("false", false), ("null", false)]
    {
        assert_eq!(approximate(value).ok(), Some(expected), "{value}");
    }
    for value in ["2", "\"1\"", "\"true\"", "-1"] {
        assert_eq!(approximate(value).unwrap_err()[0].code, "property_type", "{value}");
    }
}

#[test]
fn a_key_that_stands_twice_never_decides_by_its_place() {
    for (first, last) in [("ban", "limited"), ("limited", "ban"), ("ban", "ban")] {
        let to = format!("\"class\":\"{first}\",\"class\":\"{last}\"");
        let faults = regions::parse(Bundle { files: edited(Z, "\"class\":\"ban\"", &to) }).unwrap_err();
        let codes: Vec<_> = faults.iter().map(|fault| (fault.code, fault.place.as_str())).collect();
        assert_eq!(codes, [("duplicate_key", "feature 1, properties")], "{to}");
    }
}
