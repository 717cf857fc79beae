//! Entity tags: a short hash of what is served, so that an unchanged answer costs no bytes.
//!
//! Used by static files and by the map's documents.

use std::fmt::Write;

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// The tag of a content.
pub(super) fn of(content: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(content).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the caller already holds what has this tag.
pub(super) fn is_held(headers: &HeaderMap, tag: &str) -> bool {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    asked.split(',').any(|held| held.trim().trim_start_matches("W/") == tag)
}
