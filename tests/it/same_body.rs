//! Feeds that answer the same at the same moment, and what becomes of bodies that no row names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use firegrid::config::{FirmsFile, FirmsWindow, SourceConfig, SourceKind};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Bodies;
use firegrid::source::http::Limits;
use firegrid::source::{Feed, Network};
use firegrid::store::{Old, Store};
use firegrid::watch::{self, Watch};

use crate::fault_origin::{Answer, Origin};
use crate::ground_fixture::{batch, ground};

const HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";

fn now() -> Timestamp {
    "2026-04-13T07:00:00Z".parse().unwrap()
}

fn source(id: &str, satellite: FirmsFile, origin: &Origin) -> SourceConfig {
    let kind = SourceKind::FirmsFiles {
        satellite,
        region: "Russia_Asia".to_owned(),
        window: FirmsWindow::Day,
        base_url: origin.base_url(),
    };
    SourceConfig { id: id.to_owned(), kind }
}

/// A database with its bodies.
struct Shelf {
    store: Store,
    bodies: Bodies,
    folder: tempfile::TempDir,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        Self { bodies: Bodies::beside(store.path()), store, folder }
    }

    async fn record(&self, hash: &str, at: Timestamp) -> Result<(), firegrid::store::Error> {
        let batch = firegrid::store::Batch { body_hash: Some(hash.to_owned()), ..batch(Vec::new(), at) };
        self.store.record(batch, ground(), Arc::default(), at).await.map(|_recorded| ())
    }

    fn files(&self) -> BTreeSet<String> {
        walk(&self.folder.path().join("bodies"))
            .into_iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    /// Makes every file as old as a kill of two days ago would have left it.
    fn age(&self) {
        for path in walk(&self.folder.path().join("bodies")) {
            let days_ago = SystemTime::now() - Duration::from_hours(48);
            std::fs::File::options().write(true).open(path).unwrap().set_modified(days_ago).unwrap();
        }
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn three_feeds_that_answer_a_header_alone_at_one_moment_are_all_recorded() {
    let origin = Origin::start(Answer::new(200, HEADER)).await;
    for _ in 0..20 {
        let shelf = Shelf::new();
        let watch = Watch {
            bodies: shelf.bodies.clone(),
            store: shelf.store.clone(),
            ground: tokio::sync::watch::channel(ground()).1,
            rules: Arc::default(),
            clock: Arc::new(now),
            vitals: Arc::default(),
        };
        let network = Arc::new(Network::new(Limits::default()).unwrap());
        let mut polls = tokio::task::JoinSet::new();
        for (id, satellite) in [("a", FirmsFile::Noaa20), ("b", FirmsFile::Noaa21), ("c", FirmsFile::SuomiNpp)] {
            let (watch, network, source) = (watch.clone(), network.clone(), source(id, satellite, &origin));
            polls.spawn(async move {
                let mut feed = Feed::new(source);
                watch::cycle(&watch, &mut feed, &network, Duration::from_mins(10)).await.map(|_recorded| ())
            });
        }
        for recorded in polls.join_all().await {
            recorded.unwrap();
        }
        let kept = shelf.files();
        assert_eq!(kept.len(), 1, "one body, nothing unfinished: {kept:?}");
        let hash = kept.first().unwrap().strip_suffix(".gz").unwrap();
        assert_eq!(shelf.bodies.read(hash).unwrap(), HEADER.as_bytes());
        assert_eq!(shelf.store.whole().latest_polls(10, 0).await.unwrap().polls.len(), 3);
    }
}

#[tokio::test]
async fn leftovers_of_a_kill_are_removed_and_nothing_that_a_row_names_or_will_name() {
    let shelf = Shelf::new();
    let clock = Timestamp::now();
    let named = shelf.bodies.keep(b"a body with a row").unwrap();
    shelf.record(&named, clock).await.unwrap();
    let stray = shelf.bodies.keep(b"killed before its row was written").unwrap();
    let part = shelf.folder.path().join("bodies").join(&stray[..2]).join(format!("{stray}.gz.part1-7"));
    std::fs::write(&part, b"killed while it was written").unwrap();
    // As earlier versions named them.
    std::fs::write(part.with_file_name(format!("{stray}.part77")), b"too").unwrap();
    let month = SignedDuration::from_hours(24 * 30);
    assert_eq!(shelf.store.remove_old(Old::Bodies(month), clock).await.unwrap(), 0, "its row may be on its way");
    shelf.age();
    let young = shelf.bodies.keep(b"its row is on its way").unwrap();
    assert_eq!(shelf.store.remove_old(Old::Bodies(month), clock).await.unwrap(), 3);
    assert_eq!(shelf.files(), BTreeSet::from([format!("{named}.gz"), format!("{young}.gz")]));
    assert_eq!(shelf.store.remove_old(Old::Bodies(month), clock).await.unwrap(), 0);
}

#[tokio::test]
async fn a_row_never_names_a_body_that_is_gone() {
    let shelf = Shelf::new();
    let hash = shelf.bodies.keep(b"removed between its file and its row").unwrap();
    std::fs::remove_dir_all(shelf.folder.path().join("bodies")).unwrap();
    shelf.record(&hash, now()).await.unwrap_err();
    assert!(shelf.store.whole().latest_polls(1, 0).await.unwrap().polls.is_empty());
}

/// A feed that was off for a month answers the same as before, while housekeeping removes what was kept of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_body_that_is_kept_again_while_it_is_removed_is_there_for_its_row() {
    let shelf = Shelf::new();
    let body = b"the same header as a month ago";
    let much_later = now().checked_add(SignedDuration::from_hours(24 * 400)).unwrap();
    let (store, swept) = (shelf.store.clone(), Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let stop = swept.clone();
    let sweeper = tokio::spawn(async move {
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            store.remove_old(Old::Bodies(SignedDuration::from_hours(24)), much_later).await.unwrap();
        }
    });
    let mut recorded = 0;
    for _ in 0..200 {
        // Refused where the sweeper came between: it is kept again. Its clock is a year ahead, so that it takes what is
        // just being written for a leftover too.
        let Ok(hash) = shelf.bodies.keep(body) else { continue };
        recorded += u32::from(shelf.record(&hash, now()).await.is_ok());
        let db = rusqlite::Connection::open(shelf.store.path()).unwrap();
        db.busy_timeout(Duration::from_secs(5)).unwrap();
        let tx = rusqlite::Transaction::new_unchecked(&db, rusqlite::TransactionBehavior::Immediate).unwrap();
        let named: bool = tx
            .query_row("SELECT EXISTS (SELECT 1 FROM polls WHERE body_removed_at IS NULL)", [], |row| row.get(0))
            .unwrap();
        assert!(!named || shelf.bodies.read(&hash).is_ok(), "a row names a body that is gone");
    }
    swept.store(true, std::sync::atomic::Ordering::Relaxed);
    sweeper.await.unwrap();
    assert!(recorded > 0);
}
