//! Work that may wait, done in short transactions: what many rows need keeps neither a poll nor a person waiting.
//!
//! For housekeeping, for scopes after a change of the units, for storms of clocks. Bounded by time, because how long a
//! number of rows takes depends on the disk and on who else writes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Transaction;

use super::{Error, Store};

/// How long one portion holds the write lock: a blink for whoever waits, and long beside what a commit costs.
const HOLD: Duration = Duration::from_millis(100);

/// How long the lock is free between two portions. This process's writes are in one queue and come in between anyhow;
/// another process looks for the lock in steps of up to a tenth of a second, so half of its looks find it free.
const PAUSE: Duration = Duration::from_millis(100);

/// The time of one portion.
pub(super) struct Portion(Instant);

impl Portion {
    /// Begins now.
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Whether others are to be let in.
    pub(super) fn is_over(&self) -> bool {
        self.0.elapsed() >= HOLD
    }
}

impl Store {
    /// Does something to each of some items, in as many transactions as that takes, and returns the answers. What is
    /// committed stays when a later portion fails or nobody waits for the end.
    pub(super) async fn write_in_portions<T, R>(
        &self,
        items: Vec<T>,
        work: impl Fn(&Transaction<'_>, &T) -> Result<R, Error> + Clone + Send + 'static,
    ) -> Result<Vec<R>, Error>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let mut left = VecDeque::from(items);
        let mut answers = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let work = work.clone();
            let (rest, done) = self
                .write(move |tx| {
                    let (portion, mut done) = (Portion::begin(), Vec::new());
                    while let Some(item) = left.pop_front() {
                        done.push(work(tx, &item)?);
                        if portion.is_over() {
                            break;
                        }
                    }
                    Ok((left, done))
                })
                .await?;
            left = rest;
            answers.extend(done);
            if !left.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_waits_for_one_portion_of_long_work_and_not_for_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let long = store.clone();
        let work = |_: &Transaction<'_>, item: &u32| {
            std::thread::sleep(Duration::from_millis(20));
            Ok(*item)
        };
        let long = tokio::spawn(async move { long.write_in_portions((0..50).collect(), work).await });
        tokio::time::sleep(Duration::from_millis(30)).await;
        store.health().ping().await.unwrap();
        assert!(!long.is_finished(), "the write came in between");
        assert_eq!(long.await.unwrap().unwrap(), (0..50).collect::<Vec<_>>(), "every item once, in order");
    }
}
