//! What every test may use: the real data, temporary folders.

use std::path::PathBuf;

/// A file or folder of the real data; `None` when this machine has none, said aloud.
///
/// CI has the data, so there its absence is a failure.
pub fn real_data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("FIREGRID_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var_os("CI").is_none(), "real data is missing under CI: {}", found.display());
    eprintln!("SKIPPED: no real data at {}; set FIREGRID_REAL_DATA to its folder", found.display());
    None
}
