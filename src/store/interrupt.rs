//! A read ends when nobody waits for it any more.
//!
//! A request that takes too long is answered without its statement, and a browser that is closed asks for nothing; the
//! statement itself would go on and keep one of the few readers until it ends. SQLite asks here every so many steps
//! whether to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::Error;

/// Steps of SQLite's virtual machine between two looks: a fraction of a millisecond, and no cost that can be measured.
const STEPS: i32 = 10_000;

/// Whoever asked; dropped when he has his answer or waits no more.
pub(super) struct Asker(Arc<AtomicBool>);

/// The other end: whether the asker is gone.
pub(super) struct IsGone(Arc<AtomicBool>);

impl Asker {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }

    pub(super) fn is_gone(&self) -> IsGone {
        IsGone(self.0.clone())
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl IsGone {
    /// Runs work on a connection; its statements are interrupted once the asker is gone.
    pub(super) fn interrupts<T>(
        self,
        connection: &mut Connection,
        work: impl FnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Self(is_gone) = self;
        if is_gone.load(Ordering::Relaxed) {
            return Err(Error::Closed);
        }
        connection.progress_handler(STEPS, Some(move || is_gone.load(Ordering::Relaxed)))?;
        let answer = work(connection);
        connection.progress_handler(0, None::<fn() -> bool>)?;
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Error, Lane, Reader, Store};
    use crate::turns::Whose;

    /// How long somebody who is in line behind nobody may wait.
    const SOON: Duration = Duration::from_secs(10);

    fn reader(lane: Lane, account: i64) -> Reader {
        Reader { lane, whose: Whose::Account(account) }
    }

    /// Begins reads that never end, of one account.
    fn endless(store: &Store, reader: &Reader, reads: usize) -> tokio::task::JoinSet<Result<i64, Error>> {
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..reads {
            let store = store.read_by(reader.clone());
            set.spawn(async move { store.read(|db| Ok(db.query_row(ENDLESS, [], |row| row.get(0))?)).await });
        }
        set
    }

    async fn reads(store: &Store, reader: Reader) -> i64 {
        let store = store.read_by(reader);
        let answer = store.read(|db| Ok(db.query_row("SELECT 7", [], |row| row.get::<_, i64>(0))?));
        tokio::time::timeout(SOON, answer).await.expect("a reader is free").unwrap()
    }

    /// A statement that never ends by itself.
    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn readers_whose_askers_gave_up_are_there_for_others() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        // More of them than there are readers.
        let mut lost = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let store = store.clone();
            lost.spawn(async move {
                let endless = store.read(|db| Ok(db.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?));
                tokio::time::timeout(Duration::from_millis(50), endless).await.is_err()
            });
        }
        assert!(lost.join_all().await.into_iter().all(|gave_up| gave_up), "nobody has an answer");
        let answer = store.read(|db| Ok(db.query_row("SELECT 7", [], |row| row.get::<_, i64>(0))?));
        let answer = tokio::time::timeout(Duration::from_secs(10), answer).await.expect("a reader is free").unwrap();
        assert_eq!(answer, 7);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whole_span_reads_of_programs_keep_no_page_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let _viewer = endless(&store, &reader(Lane::Programs, 1), 20);
        let _other = endless(&store, &reader(Lane::Programs, 2), 20);
        tokio::time::sleep(Duration::from_millis(50)).await;
        for account in [1, 2, 3] {
            assert_eq!(reads(&store, reader(Lane::Pages, account)).await, 7);
        }
        assert_eq!(reads(&store, Reader::SERVICE).await, 7);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_accounts_reads_keep_no_other_account_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        for lane in [Lane::Pages, Lane::Programs] {
            let _viewer = endless(&store, &reader(lane, 1), 20);
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert_eq!(reads(&store, reader(lane, 2)).await, 7, "{lane:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_long_read_apart_ends_with_whoever_asked_too() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let ask =
            |sql: &'static str| store.read_apart(move |db| Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?));
        for _ in 0..3 {
            let given_up = tokio::time::timeout(Duration::from_millis(50), ask(ENDLESS)).await;
            assert!(given_up.is_err());
        }
        assert_eq!(tokio::time::timeout(SOON, ask("SELECT 7")).await.expect("nobody reads any more").unwrap(), 7);
    }
}
