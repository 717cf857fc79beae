//! The reader never panics: a good region with random nodes replaced, removed, or its bytes cut.

use firegrid::regions::{self, Bundle};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Files, small_region};

/// Values that have hurt readers before, and plain ones.
fn values() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        (119.0..127.0_f64).prop_map(|number| json!(number)),
        (43.0..47.0_f64).prop_map(|number| json!(number)),
        Just(json!(1e308)),
        Just(json!(-0.0)),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["city", "grid", "ban", "22", "220101", "2026-02-30", "02-29..02-29", "Polygon", "Point"])
            .prop_map(Value::from),
        // Coordinates of the small region, so that rings touch, cross and repeat themselves.
        (0..9_u8, 0..9_u8).prop_map(|(x, y)| json!([122.0 + f64::from(x) / 10.0, 45.0 + f64::from(y) / 10.0])),
    ];
    plain.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("type|coordinates|geometry|code|id|properties", inner, 0..3)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

/// What is done to one node, found by walking down with these choices.
#[derive(Debug, Clone)]
enum Change {
    Replace(Vec<prop::sample::Index>, Value),
    Remove(Vec<prop::sample::Index>),
    Double(Vec<prop::sample::Index>),
}

fn changes() -> impl Strategy<Value = Change> {
    // Deep enough to reach a number of a position in a hole of a part.
    let path = || prop::collection::vec(any::<prop::sample::Index>(), 1..9);
    prop_oneof![
        3 => (path(), values()).prop_map(|(path, value)| Change::Replace(path, value)),
        1 => path().prop_map(Change::Remove),
        1 => path().prop_map(Change::Double),
    ]
}

fn apply(document: &mut Value, change: &Change) {
    let (Change::Replace(path, _) | Change::Remove(path) | Change::Double(path)) = change;
    let Some((last, way)) = path.split_last() else { return };
    let mut node = document;
    for choice in way {
        let is_leaf = match &*node {
            Value::Array(list) => list.is_empty() || !list.iter().any(|child| child.is_array() || child.is_object()),
            Value::Object(map) => map.is_empty() || !map.values().any(|child| child.is_array() || child.is_object()),
            _ => return,
        };
        if is_leaf {
            break;
        }
        node = match node {
            Value::Array(list) => list.get_mut(choice.index(list.len())).unwrap(),
            Value::Object(map) => map.values_mut().nth(choice.index(map.len())).unwrap(),
            _ => return,
        };
        if !node.is_array() && !node.is_object() {
            break;
        }
    }
    match (node, change) {
        (Value::Array(list), _) if !list.is_empty() => {
            let i = last.index(list.len());
            match change {
                Change::Replace(_, value) => list[i] = value.clone(),
                Change::Remove(_) => drop(list.remove(i)),
                Change::Double(_) => list.insert(i, list[i].clone()),
            }
        }
        (Value::Object(map), _) if !map.is_empty() => {
            let key = map.keys().nth(last.index(map.len())).unwrap().clone();
            match change {
                Change::Replace(_, value) => drop(map.insert(key, value.clone())),
                Change::Remove(_) => drop(map.shift_remove(&key)),
                Change::Double(_) => {}
            }
        }
        (other, Change::Replace(_, value)) => *other = value.clone(),
        _ => {}
    }
}

fn survives(files: Files) -> bool {
    match regions::parse(Bundle { files }) {
        Ok(_) => true,
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a reason");
            assert!(faults.iter().all(|fault| !fault.code.is_empty() && !fault.message.is_empty()));
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn mutated_documents_are_read_or_refused_but_never_panic(
        file in prop::sample::select(vec!["units.geojson", "zones.geojson", "heat_sources.geojson"]),
        changes in prop::collection::vec(changes(), 1..4),
    ) {
        let mut files = small_region();
        let mut document: Value = serde_json::from_slice(&files[file]).unwrap();
        for change in &changes {
            apply(&mut document, change);
        }
        files.insert(file.to_owned(), document.to_string().into_bytes());
        survives(files);
    }

    #[test]
    fn cut_or_scribbled_bytes_are_read_or_refused_but_never_panic(
        file in prop::sample::select(small_region().into_keys().collect::<Vec<_>>()),
        cut in any::<prop::sample::Index>(),
        scribbles in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut files = small_region();
        let bytes = files.get_mut(&file).unwrap();
        for (at, byte) in scribbles {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let length = cut.index(bytes.len() + 1);
        bytes.truncate(length);
        survives(files);
    }
}

#[test]
fn a_geojson_file_cut_anywhere_is_refused() {
    for file in ["units.geojson", "zones.geojson", "heat_sources.geojson"] {
        // The last byte is a line end, which may go.
        let end = small_region()[file].len() - 1;
        for length in (0..end).step_by(7) {
            let mut files = small_region();
            files.get_mut(file).unwrap().truncate(length);
            assert!(!survives(files), "{file} cut at {length}");
        }
    }
}
