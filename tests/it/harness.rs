//! What every test may use: the real data, temporary folders, what no page and no command asks a database.

use std::path::PathBuf;

use firegrid::domain::alert::AlertNumber;
use firegrid::store::audit::Head;
use firegrid::store::{AlertFilter, Complainant, LogFilter, Store, With, WorkList, WorkOrder};

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

/// The end of the log.
pub async fn head_of(store: &Store) -> Head {
    let last = store.whole().log(LogFilter::default(), None, 1).await.unwrap().remove(0);
    Head { seq: last.seq, hash: last.hash, at: Some(last.at), seal: None }
}

/// Number of notices written so far, by reason.
pub fn notice_counts(store: &Store) -> Vec<(String, u64)> {
    let db = rusqlite::Connection::open(store.path()).unwrap();
    let mut select = db.prepare("SELECT reason, count(*) FROM notices GROUP BY reason ORDER BY reason").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, u32>(1)?.into()))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Who complained in an alert.
pub async fn complainant_of(store: &Store, number: &AlertNumber) -> Complainant {
    let filter = AlertFilter::default();
    let wanted = WorkList { filter, order: WorkOrder::Newest, after: None, limit: 100, with: vec![With::Complainant] };
    let mut rows = store.whole().worklist(wanted).await.unwrap().rows;
    rows.retain(|row| row.alert.number == *number);
    rows.remove(0).complainant.unwrap()
}
