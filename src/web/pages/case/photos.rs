//! The photos of a case, as its events name them.

use std::collections::BTreeSet;

use crate::domain::finding::Finding;
use crate::report::words::read;
use crate::store::query::AlertEvent;

/// The hashes of the photos that findings of a case carry, oldest first, each once.
pub(in crate::web) fn hashes(events: &[AlertEvent]) -> Vec<String> {
    let findings = events.iter().filter_map(|event| read::<Finding>(event.detail.get("finding")));
    let mut seen = BTreeSet::new();
    findings.flat_map(|finding| finding.photos).filter(|hash| seen.insert(hash.clone())).collect()
}
