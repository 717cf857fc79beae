//! Entity tags: a short hash of what is served, so that an unchanged answer costs no bytes.
//!
//! Used by static files, by the map's documents and by every other document of the API.

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// The tag of a content.
pub(super) fn of(content: &[u8]) -> String {
    // 128 bits of the hash: no two documents share them.
    let hash = Sha256::digest(content);
    format!("\"{}\"", hex::encode(hash.get(..16).unwrap_or(&hash)))
}

/// Whether `If-None-Match` names a tag; a weak one counts too, as RFC 9110 (13.1.2) has it.
pub(super) fn is_held(headers: &HeaderMap, tag: &str) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut held = asked.flat_map(|list| list.split(',')).map(str::trim);
    held.any(|held| held == "*" || held.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong() {
        let held = |text: &'static str| {
            is_held(&HeaderMap::from_iter([(header::IF_NONE_MATCH, text.parse().unwrap())]), "\"a\"")
        };
        assert!(held("\"a\"") && held("W/\"a\"") && held("\"b\", \"a\"") && held("*"));
        assert!(!held("\"b\"") && !held("a") && !held(""));
        assert!(!is_held(&HeaderMap::new(), "\"a\""));
    }
}
