//! Vertices that repeat the one before them are left out with a warning, in every kind of ring and file.

use firegrid::config::Fault;
use firegrid::regions::{self, Bundle, Warning};
use geo::CoordsIter;

use super::{passes, small_region};

const Z: &str = "zones.geojson";

fn edited(file: &str, from: &str, to: &str) -> super::Files {
    let mut files = small_region();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert!(text.contains(from), "{file} does not contain {from:?}");
    files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

fn repeats(warnings: &[Warning]) -> Vec<String> {
    let told = warnings.iter().filter(|warning| warning.code == "duplicate_vertex");
    told.map(|warning| format!("{} {}: {}", warning.file, warning.place, warning.message)).collect()
}

#[test]
fn repeated_vertices_are_left_out_and_told_once_with_their_number_and_the_first_place() {
    let whole = passes(small_region()).data.zones[0].outline.clone();
    let corner = "[122.8,45.8]";
    let cases = [
        ("[122.8,45.8],[122.8,45.8]", "position 4", "(122.8000000, 45.8000000)", "1 repeated vertices of 1 rings"),
        (
            "[122.8,45.8],[122.8,45.8],[122.8,45.8]",
            "position 4",
            "(122.8000000, 45.8000000)",
            "2 repeated vertices of 1 rings",
        ),
        ("[122.8,45.80],[1.228e2,45.8]", "position 4", "(122.8000000, 45.8000000)", "1 repeated vertices of 1 rings"),
        // A height does not make another place of it.
        ("[122.8,45.8,1],[122.8,45.8,2]", "position 4", "(122.8000000, 45.8000000)", "1 repeated vertices of 1 rings"),
    ];
    for (to, place, at, count) in cases {
        let loaded = passes(edited(Z, corner, to));
        let told = repeats(&loaded.warnings);
        assert_eq!(told.len(), 1, "{to}: {told:?}");
        for part in ["feature 1 (id \"ban-1\"), ring 1 (outer)", place, at, count, "相邻顶点重复"] {
            assert!(told[0].contains(part), "{to}: {told:?}");
        }
        assert_eq!(loaded.data.zones[0].outline, whole, "{to}");
    }
    assert!(repeats(&passes(small_region()).warnings).is_empty());
}

#[test]
fn repeats_at_the_seam_in_holes_in_parts_and_in_plots_are_repeats_too() {
    let cases = [
        (Z, "[122.2,45.8],[122.2,45.2]]", "[122.2,45.8],[122.2,45.2],[122.2,45.2]]", "ring 1 (outer), position 6"),
        (Z, "[[[122.2,45.2],", "[[[122.2,45.2],[122.2,45.2],", "ring 1 (outer), position 2"),
        (Z, "[122.6,45.6],", "[122.6,45.6],[122.6,45.6],", "ring 2 (hole 1), position 4"),
        (Z, "[122.95,45.15],", "[122.95,45.15],[122.95,45.15],", "part 2, ring 1 (outer), position 4"),
        ("units.geojson", "[123.0,46.0],", "[123.0,46.0],[123.0,46.0],", "feature 2 (code \"2201\")"),
        ("heat_sources.geojson", "[122.31,45.31],", "[122.31,45.31],[122.31,45.31],", "feature 2 (id \"kiln-1\")"),
        ("landcover.geojson", "[122.9,45.9],", "[122.9,45.9],[122.9,45.9],", "feature 1 (class \"cropland\")"),
        ("burn_plans.csv", "122.61 45.51, ", "122.61 45.51, 122.61 45.51, ", "line 2, ring 1 (outer), position 4"),
    ];
    for (file, from, to, place) in cases {
        let told = repeats(&passes(edited(file, from, to)).warnings);
        assert_eq!(told.len(), 1, "{to}: {told:?}");
        assert!(told[0].starts_with(file) && told[0].contains(place), "{to}: {told:?}");
    }
}

#[test]
fn repeats_in_many_rings_are_one_line_of_their_file() {
    let mut files = small_region();
    let text = String::from_utf8(files[Z].clone()).unwrap();
    let twice =
        text.replace("[122.8,45.8]", "[122.8,45.8],[122.8,45.8]").replace("[122.4,45.6]", "[122.4,45.6],[122.4,45.6]");
    files.insert(Z.to_owned(), twice.replace("[122.15,45.15]", "[122.15,45.15],[122.15,45.15]").into_bytes());
    let told = repeats(&passes(files).warnings);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("3 repeated vertices of 3 rings"), "{told:?}");
}

#[test]
fn a_ring_of_repeats_is_too_short_and_one_that_crosses_itself_stays_a_fault() {
    let faults = |to: &str| -> Vec<Fault> {
        regions::parse(Bundle {
            files: edited(Z, "[[122.4,45.4],[122.4,45.6],[122.6,45.6],[122.6,45.4],[122.4,45.4]]", to),
        })
        .unwrap_err()
    };
    let cases = [
        ("[[122.4,45.4],[122.4,45.4],[122.4,45.4],[122.4,45.4]]", "ring_too_short"),
        ("[[122.4,45.4],[122.4,45.6],[122.4,45.6],[122.4,45.4]]", "ring_too_short"),
        ("[[122.4,45.4],[122.6,45.6],[122.6,45.6],[122.6,45.4],[122.4,45.6],[122.4,45.4]]", "self_intersection"),
        ("[[122.4,45.4],[122.4,45.6],[122.4,45.6],[122.6,45.6],[122.6,45.4]]", "unclosed_ring"),
    ];
    for (to, code) in cases {
        let found = faults(to);
        assert_eq!(found.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code], "{to}");
        assert!(found[0].place.contains("ring 2 (hole 1)"), "{}", found[0]);
    }
}

#[test]
fn vertices_that_only_lie_near_each_other_stay() {
    let loaded = passes(edited(Z, "[122.8,45.8]", "[122.8,45.8],[122.8,45.80000001]"));
    assert!(repeats(&loaded.warnings).is_empty());
    assert_eq!(loaded.data.zones[0].outline.coords_count(), 11);
}
