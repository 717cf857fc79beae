//! Cells cut from outlines: they tile their unit, go to the nearest seat, and pass the strict reader.

use std::path::Path;

use firegrid::domain::ground::RegionData;
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::regions::area::outline_km2 as area_km2;
use firegrid::regions::grid::{self, Cut, GridError, Inside, Options};
use firegrid::regions::{self, Bundle, Loaded};
use geo::{BooleanOps, unary_union};

use super::{Outlines, contract_folder, passes, small_region};

/// The small region as one bare county with two seats, its outline replaced.
fn county(ring: &str) -> Loaded {
    let mut files = small_region();
    let units = format!(
        r#"{{"type":"FeatureCollection","features":[
{{"type":"Feature","properties":{{"code":"22","name":"小城","level":"city","parent":null}},"geometry":null}},
{{"type":"Feature","properties":{{"code":"2201","name":"甲县","level":"county","parent":"22","colour":"red"}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}},
{{"type":"Feature","properties":{{"code":"220101","name":"东镇","name_en":"East","level":"township","parent":"2201"}},"geometry":null}},
{{"type":"Feature","properties":{{"code":"220102","name":"西镇","level":"township","parent":"2201"}},"geometry":null}}
]}}"#
    );
    files.insert("units.geojson".to_owned(), units.into_bytes());
    passes(files)
}

fn options(cell_km: f64, outlines: bool) -> Options {
    Options { inside: UnitLevel::County.into(), cell_km, outlines }
}

/// The region with the cut units in place of its own.
fn reread(region: &Loaded, cut: &Cut) -> Loaded {
    let mut files = region.bundle.files.clone();
    files.insert("units.geojson".to_owned(), cut.geojson.clone().into_bytes());
    let manifest = String::from_utf8(files["region.toml"].clone()).unwrap();
    let manifest = manifest.replace("gcj02", "wgs84").replace("cgcs2000", "wgs84");
    files.insert("region.toml".to_owned(), manifest.into_bytes());
    regions::parse(Bundle { files }).unwrap_or_else(|faults| panic!("{} faults: {}", faults.len(), faults[0]))
}

/// Checks what every cut has to fulfil; returns the region with its cells.
fn check(region: &Loaded, options: &Options) -> Loaded {
    let cut = grid::cut(region, options).unwrap();
    assert_eq!(cut, grid::cut(region, options).unwrap(), "the same region gives the same cells");
    let with_cells = reread(region, &cut);
    let data = &with_cells.data;
    let (before, cells) = data.units.split_at(region.data.units.len());
    assert_eq!(cells.len(), cut.cells);
    for (old, new) in region.data.units.iter().zip(before) {
        assert_eq!((&old.code, &old.name, &old.parent), (&new.code, &new.name, &new.parent));
        if old.outline.is_some() {
            assert_eq!(old.outline, new.outline, "{} keeps its outline", old.code);
        }
    }
    for cell in cells {
        assert_eq!(cell.level, UnitLevel::Grid);
        assert!(cell.approximate && cell.outline.is_some());
        assert!(cell.code.0.starts_with(&format!("{}-G", cell.parent.as_ref().unwrap())), "{}", cell.code);
        for c in geo::CoordsIter::coords_iter(cell.outline.as_ref().unwrap()) {
            assert!(
                ((c.x * 1e5).round() - c.x * 1e5).abs() < 1e-6 && ((c.y * 1e5).round() - c.y * 1e5).abs() < 1e-6,
                "{c:?}"
            );
        }
    }
    check_tiling(&region.data, data);
    let untidy = ["siblings_overlap", "siblings_gap", "siblings_overhang"];
    let told: Vec<_> = with_cells
        .warnings
        .iter()
        .filter(|warning| untidy.contains(&warning.code) && !region.warnings.contains(warning))
        .map(ToString::to_string)
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    with_cells
}

/// Within each county the cells leave no gap, do not overlap and do not reach out.
fn check_tiling(before: &RegionData, after: &RegionData) {
    for county in before.units.iter().filter(|unit| unit.level == UnitLevel::County) {
        let Some(outline) = &county.outline else { continue };
        let below = |code: &UnitCode| code.0.starts_with(&county.code.0);
        let cells: Vec<_> = after
            .units
            .iter()
            .filter(|unit| unit.level == UnitLevel::Grid && below(unit.parent.as_ref().unwrap()))
            .map(|unit| unit.outline.as_ref().unwrap())
            .collect();
        let union = unary_union(cells.iter().copied());
        let sum: f64 = cells.iter().map(|cell| area_km2(cell)).sum();
        let whole = area_km2(outline);
        // Half a metre along the border on average, at most.
        let (gap, beyond) = (area_km2(&outline.difference(&union)), area_km2(&union.difference(outline)));
        assert!(
            gap < whole * 1e-4 && beyond < whole * 1e-4,
            "{}: gap {gap}, beyond {beyond} of {whole} km²",
            county.code
        );
        assert!(
            (sum - area_km2(&union)).abs() < whole * 1e-6,
            "{}: cells overlap by {} km²",
            county.code,
            sum - area_km2(&union)
        );
    }
}

#[test]
fn a_square_county_is_tiled_numbered_and_given_to_the_nearest_seat() {
    let region = county("[[[122.0,45.0],[123.0,45.0],[123.0,46.0],[122.0,46.0],[122.0,45.0]]]");
    let with_cells = check(&region, &options(10.0, true));
    let units = &with_cells.data.units;
    assert_eq!(units[1].level, UnitLevel::County);
    for (code, name, name_en) in
        [("220101-G0001", "东镇网格001", Some("East grid 001")), ("220102-G0001", "西镇网格001", None)]
    {
        let cell = units.iter().find(|unit| unit.code.0 == code).unwrap();
        assert_eq!((cell.name.as_str(), cell.name_en.as_deref()), (name, name_en));
    }
    // The seats stand at a quarter and three quarters: the townships halve the county.
    for township in units.iter().filter(|unit| unit.level == UnitLevel::Township) {
        assert!(township.approximate);
        let share = area_km2(township.outline.as_ref().unwrap()) / area_km2(units[1].outline.as_ref().unwrap());
        assert!((share - 0.5).abs() < 0.07, "{}: {share}", township.code);
    }
    let text = grid::cut(&region, &options(10.0, true)).unwrap().geojson;
    assert!(text.contains("\"colour\":\"red\""), "properties of the file are kept");
    assert_eq!(text.lines().count(), units.len() + 2, "a feature on each line");
}

#[test]
fn a_county_with_a_hole_a_neck_and_a_spur_is_tiled_and_its_slivers_are_joined() {
    let ring = "[[[122.0,45.0],[122.5,45.003],[122.5002,45.2],[122.9,45.201],[123.0,45.0],[123.013,45.9],[122.4,45.91],[122.39,45.95],[122.38,45.9],[122.0,45.8],[122.0,45.0]],[[122.2,45.3],[122.25,45.61],[122.31,45.6],[122.3,45.3],[122.2,45.3]]]";
    let region = county(ring);
    for cell_km in [2.0, 3.0, 7.3, 50.0] {
        let with_cells = check(&region, &options(cell_km, true));
        let square = cell_km * cell_km;
        let cells = with_cells.data.units.iter().filter(|unit| unit.level == UnitLevel::Grid);
        let smallest = cells.map(|cell| area_km2(cell.outline.as_ref().unwrap())).fold(f64::INFINITY, f64::min);
        assert!(smallest > 0.045 * square, "a sliver of {smallest} km² stayed at {cell_km} km");
    }
}

#[test]
fn without_a_seat_the_cells_belong_to_the_cut_unit() {
    let region = county("[[[122.0,45.0],[122.2,45.0],[122.2,45.2],[122.0,45.2],[122.0,45.0]]]");
    let mut files = region.bundle.files.clone();
    files.insert("places.csv".to_owned(), b"name,lon,lat\n".to_vec());
    let cut = grid::cut(&passes(files), &options(3.0, true)).unwrap();
    assert_eq!((cut.without_seat, cut.outlined), (vec![UnitCode("2201".to_owned())], Vec::new()));
    assert!(cut.geojson.contains("\"2201-G0001\""));
}

#[test]
fn outlines_of_townships_are_drawn_only_when_asked_for() {
    let region = county("[[[122.0,45.0],[123.0,45.0],[123.0,46.0],[122.0,46.0],[122.0,45.0]]]");
    let left = check(&region, &options(9.0, false));
    assert!(left.data.units[2].outline.is_none() && !left.data.units[2].approximate);
    let cut = grid::cut(&region, &options(9.0, true)).unwrap();
    assert_eq!(cut.outlined, [UnitCode("220101".to_owned()), UnitCode("220102".to_owned())]);
}

#[test]
fn what_cannot_be_cut_is_said() {
    let region = county("[[[122.0,45.0],[123.0,45.0],[123.0,46.0],[122.0,46.0],[122.0,45.0]]]");
    let units = |codes: &[&str]| Inside::Units(codes.iter().map(|&code| UnitCode(code.to_owned())).collect());
    let error =
        |inside: Inside, cell_km| grid::cut(&region, &Options { inside, cell_km, outlines: false }).unwrap_err();
    assert!(matches!(error(units(&["2201"]), 0.1), GridError::CellSize { .. }));
    assert!(matches!(error(units(&["2201"]), f64::NAN), GridError::CellSize { .. }));
    assert!(matches!(error(units(&["99"]), 3.0), GridError::UnknownUnit(_)));
    assert!(matches!(error(units(&["220101"]), 3.0), GridError::NoOutline(_)));
    assert!(matches!(error(units(&["2201", "220101"]), 3.0), GridError::Nested(..)));
    assert!(matches!(error(UnitLevel::Village.into(), 3.0), GridError::NothingToCut(_)));
    let cells = reread(&region, &grid::cut(&region, &options(20.0, false)).unwrap());
    assert!(matches!(grid::cut(&cells, &options(20.0, false)), Err(GridError::AlreadyCut(..))));
}

#[test]
fn the_real_counties_are_tiled_by_cells_of_three_kilometres() {
    let folder = tempfile::tempdir().unwrap();
    if contract_folder(folder.path(), Outlines::CountiesWgs84, "wgs84", &[]).is_none() {
        return;
    }
    let region = regions::load(folder.path()).unwrap();
    let with_cells = check(&region, &options(grid::DEFAULT_CELL_KM, false));
    assert!(with_cells.data.units.len() > 2_500, "{}", with_cells.data.units.len());
}

#[test]
fn the_shipped_region_is_tiled_by_its_cells_or_can_be() {
    let region = regions::load(Path::new("regions/baicheng")).unwrap();
    let has = |data: &RegionData, level| data.units.iter().any(|unit| unit.level == level && unit.outline.is_some());
    if has(&region.data, UnitLevel::Grid) {
        check_tiling(&region.data, &region.data);
    } else {
        let with_cells = check(&region, &options(grid::DEFAULT_CELL_KM, true));
        assert!(has(&with_cells.data, UnitLevel::Township));
    }
}
