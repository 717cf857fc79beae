//! What every test may use: the real data, temporary folders.

use std::path::PathBuf;

/// A file or folder of the real data; `None` when this machine has none, said aloud.
///
/// Where `FIREGRID_REQUIRE_DATA=1` says that the data is at hand, its absence is a failure.
pub fn real_data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FIREGRID_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    let is_required = std::env::var_os("FIREGRID_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!is_required, "FIREGRID_REQUIRE_DATA=1, but the real data is missing: {}", found.display());
    eprintln!("SKIPPED: no real data at {}; set FIREGRID_REAL_DATA to its folder", found.display());
    None
}
