//! The photos of a case, as its events name them.

use std::collections::BTreeSet;

use crate::domain::case::Act;
use crate::store::query::AlertEvent;

/// The hashes of the photos that findings of a case carry, oldest first, each once.
pub(in crate::web) fn hashes(events: &[AlertEvent]) -> Vec<String> {
    let acts = events.iter().filter_map(AlertEvent::act);
    let photos = acts.flat_map(|done| match done.act {
        Act::Report { finding } => finding.photos,
        _ => Vec::new(),
    });
    let mut seen = BTreeSet::new();
    photos.filter(|hash| seen.insert(hash.clone())).collect()
}
