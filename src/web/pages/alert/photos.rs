//! The photos of an alert, as its events name them.

use std::collections::BTreeSet;

use crate::domain::alert::Act;
use crate::store::query::AlertEventRow;

/// The hashes of the photos that findings of an alert carry, oldest first, each once.
pub(in crate::web) fn hashes(events: &[AlertEventRow]) -> Vec<String> {
    let acts = events.iter().filter_map(AlertEventRow::act);
    let photos = acts.flat_map(|done| match done.act {
        Act::Report { finding } => finding.photos,
        _ => Vec::new(),
    });
    let mut seen = BTreeSet::new();
    photos.filter(|hash| seen.insert(hash.clone())).collect()
}
