//! Warnings about regions that pass, and the difference between two versions.

use firegrid::domain::time::parse_date;
use firegrid::regions::{self, Bundle, Loaded};

use super::{Files, passes, small_region};

fn with(file: &str, from: &str, to: &str) -> Files {
    let mut files = small_region();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} does not contain {from:?}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

fn warning<'a>(loaded: &'a Loaded, code: &str) -> Vec<&'a regions::Warning> {
    loaded.warnings.iter().filter(|warning| warning.code == code).collect()
}

#[test]
fn the_small_region_draws_only_the_warnings_it_deserves() {
    let loaded = passes(small_region());
    let codes: Vec<_> = loaded.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["property_unknown", "property_unknown", "units_without_outline", "approximate_outlines"]);
    assert!(loaded.warnings[2].message.contains("1 of 4") && loaded.warnings[2].message.contains("22"));
}

#[test]
fn overlap_gap_and_overhang_are_told_with_their_area() {
    // One degree of latitude by a tenth of longitude at 45.5 north: 867 km².
    let overlap = passes(with(
        "units.geojson",
        "[[122.5,45.0],[123.0,45.0],[123.0,46.0],[122.5,46.0],[122.5,45.0]]",
        "[[122.4,45.0],[123.0,45.0],[123.0,46.0],[122.4,46.0],[122.4,45.0]]",
    ));
    let found = warning(&overlap, "siblings_overlap");
    assert_eq!(found.len(), 1);
    assert!(found[0].place.contains("220101") && found[0].place.contains("220102"), "{}", found[0].place);
    assert_area(&found[0].message, 867.0);
    assert!(warning(&overlap, "siblings_gap").is_empty());

    let gap = passes(with(
        "units.geojson",
        "[[122.5,45.0],[123.0,45.0],[123.0,46.0],[122.5,46.0],[122.5,45.0]]",
        "[[122.6,45.0],[123.1,45.0],[123.1,46.0],[122.6,46.0],[122.6,45.0]]",
    ));
    let (hole, beyond) = (warning(&gap, "siblings_gap"), warning(&gap, "siblings_overhang"));
    assert_eq!((hole.len(), beyond.len()), (1, 1));
    assert!(hole[0].place.contains("2201"));
    assert_area(&hole[0].message, 867.0);
    assert_area(&beyond[0].message, 867.0);
}

/// Checks the first number with three decimals of a message.
fn assert_area(message: &str, expected: f64) {
    let number = message.split(' ').find(|word| word.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 3));
    let km2: f64 = number.and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no area in {message}"));
    assert!((km2 / expected - 1.0).abs() < 0.01, "{message}");
}

#[test]
fn rounding_along_a_long_border_is_not_told_and_a_strip_of_fields_is() {
    let wedge = |corner: &str| {
        let edge = format!("[123.0,46.0],[{corner},46.0]");
        let loaded = passes(with("units.geojson", "[123.0,46.0],[122.5,46.0]", &edge));
        warning(&loaded, "siblings_gap").iter().map(|warning| warning.message.clone()).collect::<Vec<_>>()
    };
    // 111 km by 0.8 m at its end: four hectares, but 0.4 m wide.
    assert_eq!(wedge("122.50001"), Vec::<String>::new());
    // 15.5 m at its end.
    let told = wedge("122.5002");
    assert_eq!(told.len(), 1);
    assert_area(&told[0], 0.86);
}

#[test]
fn zones_beyond_the_city_are_told_and_zones_in_it_are_not() {
    let loaded = passes(with(
        "zones.geojson",
        "[[[122.85,45.05],[122.95,45.05],[122.95,45.15],[122.85,45.15],[122.85,45.05]]]",
        "[[[123.85,45.05],[123.95,45.05],[123.95,45.15],[123.85,45.15],[123.85,45.05]]]",
    ));
    let found = warning(&loaded, "zone_outside_city");
    assert_eq!(found.len(), 1);
    assert!(found[0].place.contains("lim-1"));
    assert_area(&found[0].message, 87.4);
}

#[test]
fn the_folder_is_read_with_every_file_it_names_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small_region() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    let bundle = Bundle::read(folder.path()).unwrap();
    assert_eq!(bundle.files, small_region());
    assert_eq!(regions::load(folder.path()).unwrap().data.version, bundle.version());
}

#[test]
fn what_has_run_out_depends_on_the_day() {
    let loaded = passes(small_region());
    let codes = |day: &str| {
        let warnings = loaded.warnings_on(parse_date(day).unwrap());
        warnings.iter().map(|warning| (warning.code, warning.place.clone())).collect::<Vec<_>>()
    };
    assert_eq!(codes("2026-12-31"), []);
    let expected = [("heat_source_expired", "id \"flare-1\"".to_owned()), ("zone_ended", "id \"ban-1\"".to_owned())];
    assert_eq!(codes("2027-01-01"), expected);
}

#[test]
fn no_outline_at_all_an_overwide_extent_and_missing_holders_are_warnings() {
    let mut files = with("region.toml", "[121.0, 44.0, 125.0, 46.6]", "[70.0, 10.0, 140.0, 55.0]");
    let manifest = String::from_utf8(files["region.toml"].clone()).unwrap();
    files.insert("region.toml".to_owned(), manifest.split("[calendar]").next().unwrap().as_bytes().to_vec());
    let units = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"22","name":"c","level":"city","parent":null},"geometry":null}]}"#;
    files.insert("units.geojson".to_owned(), units.as_bytes().to_vec());
    files.insert("people.csv".to_owned(), b"unit_code,name,role\n".to_vec());
    files.insert("places.csv".to_owned(), b"name,lon,lat\n".to_vec());
    let loaded = passes(files);
    for code in ["no_outline", "extent_wide", "units_without_holder"] {
        assert_eq!(warning(&loaded, code).len(), 1, "{code}");
    }
}

#[test]
fn the_difference_names_what_came_went_and_changed_with_areas() {
    let old = passes(small_region()).data;
    let mut files =
        with("zones.geojson", "[122.8,45.2],[122.8,45.8],[122.2,45.8]", "[122.9,45.2],[122.9,45.8],[122.2,45.8]");
    let edit = |files: &mut Files, file: &str, from: &str, to: &str| {
        let text = String::from_utf8(files[file].clone()).unwrap();
        assert!(text.contains(from), "{file} does not contain {from:?}");
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    };
    edit(&mut files, "zones.geojson", "\"id\":\"lim-1\"", "\"id\":\"lim-2\"");
    edit(&mut files, "units.geojson", "\"name\":\"甲县\"", "\"name\":\"乙县\"");
    edit(&mut files, "people.csv", "13800000000", "13800000001");
    edit(&mut files, "heat_sources.geojson", "2027-12-31", "2028-12-31");
    edit(&mut files, "region.toml", "neighbour_belt_km = 10.0", "neighbour_belt_km = 5.0");
    let new = passes(files).data;
    let difference = regions::difference(&old, &new);
    assert_eq!(difference.settings, ["neighbour_belt_km"]);
    assert_eq!(
        (difference.zones.added.as_slice(), difference.zones.removed.as_slice()),
        (&["lim-2".to_owned()][..], &["lim-1".to_owned()][..])
    );
    let fields = |changes: &regions::difference::Changes| {
        changes.changed.iter().map(|change| (change.key.clone(), change.fields.clone())).collect::<Vec<_>>()
    };
    assert_eq!(fields(&difference.zones), [("ban-1".to_owned(), vec!["outline"])]);
    assert_eq!(fields(&difference.units), [("2201".to_owned(), vec!["name"])]);
    assert_eq!(fields(&difference.people), [("22 赵一 head".to_owned(), vec!["phone"])]);
    assert_eq!(fields(&difference.heat_sources), [("kiln-1".to_owned(), vec!["expires"])]);
    let areas: Vec<_> = difference
        .zone_areas
        .iter()
        .map(|area| (area.id.as_str(), area.gained_km2.round(), area.lost_km2.round()))
        .collect();
    assert_eq!(areas, [("ban-1", 520.0, 0.0), ("lim-1", 0.0, 175.0), ("lim-2", 175.0, 0.0)]);
    let text = difference.to_string();
    for part in [
        "分区 / zones: 新增 1 删除 1 修改 1",
        "~ ban-1: outline",
        "设置 / settings: neighbour_belt_km",
        "+519.975 km² -0.000 km²",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("13800000001"), "telephone numbers are not printed");
    assert!(serde_json::to_value(&difference).unwrap()["zones"]["added"][0] == "lim-2");
    assert!(regions::difference(&old, &old).is_empty());
}

#[test]
fn the_difference_knows_calendar_weather_plans_roster_and_land_cover() {
    let old = passes(small_region()).data;
    let mut files = small_region();
    for (file, from, to) in [
        ("calendar.toml", "to = 2026-10-07", "to = 2026-10-08"),
        ("calendar.toml", "name = \"重污染预警\"", "name = \"重污染红色预警\""),
        ("calendar.toml", "max_level = 2", "max_level = 1"),
        ("burn_weather.csv", "2026-10-21,3", "2026-10-21,4"),
        ("burn_plans.csv", "P3,220102", "P9,220102"),
        ("burn_plans.csv", "吴七,2026-10-18T09:30,approved", "吴七,2026-10-18T09:30,ordered"),
        ("duty.csv", "10000000001", "10000000009"),
        ("landcover.geojson", "\"wetland\"", "\"grass\""),
    ] {
        let text = String::from_utf8(files[file].clone()).unwrap();
        assert!(text.contains(from), "{file} does not contain {from:?}");
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    }
    let difference = regions::difference(&old, &passes(files).data);
    assert_eq!(difference.settings, ["calendar.weather"]);
    let told = |changes: &regions::difference::Changes| {
        let changed = changes.changed.iter().map(|change| format!("~{} {}", change.key, change.fields.join(",")));
        let (added, removed) =
            (changes.added.iter().map(|key| format!("+{key}")), changes.removed.iter().map(|key| format!("-{key}")));
        added.chain(removed).chain(changed).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(&difference.closures), "+重污染红色预警 -重污染预警 ~国庆管控 to");
    assert_eq!(told(&difference.burn_weather), "~2201 2026-10-21 level");
    assert_eq!(told(&difference.burn_plans), "+P9 -P3 ~P1 status");
    assert_eq!(told(&difference.duty), "~2201 2026-10-01 08:00 phone");
    assert_eq!(told(&difference.landcover), "+grass -wetland");
    let text = difference.to_string();
    assert!(text.contains("烧除计划 / burn plans: 新增 1 删除 1 修改 1") && !text.contains("10000000009"), "{text}");
}
