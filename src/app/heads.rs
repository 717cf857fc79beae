//! Writes heads of the log outside the database while the service runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::store::Store;
use crate::store::audit::Head;
use crate::vitals::Vitals;

/// How often it is looked whether a head of the log is to be written outside.
const CHECK: Duration = Duration::from_secs(5);

/// A head is written after so many events, and after so long where anything was recorded at all.
const AFTER_EVENTS: i64 = 100;
const AFTER: Duration = Duration::from_mins(10);

/// Appends heads of the log to a file outside the database: after some events, after some minutes, and at the end.
pub(super) async fn keep_written(store: Store, file: PathBuf, vitals: Arc<Vitals>, cancel: CancellationToken) {
    let mut last: Option<(Head, Instant)> = None;
    loop {
        let is_last = cancel.is_cancelled();
        match store.sealed_head(vitals.present(super::now())).await {
            Ok(head) if is_due(last.as_ref().map(|(head, at)| (head, at.elapsed())), &head, is_last) => {
                // The file may be on another machine's disk.
                let (to, written) = (file.clone(), head.clone());
                let appended = tokio::task::spawn_blocking(move || append(&to, &written)).await;
                match appended.map_err(anyhow::Error::from).flatten() {
                    Ok(()) => last = Some((head, Instant::now())),
                    Err(error) => tracing::error!("{error:#}"),
                }
            }
            Ok(_) => {}
            Err(error) => tracing::error!("cannot read the head of the log: {error}"),
        }
        if is_last {
            return;
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(CHECK) => {}
        }
    }
}

/// Whether a head is to be written, some time after the one before: the first, one that says more, and not too often.
fn is_due(last: Option<(&Head, Duration)>, head: &Head, is_last: bool) -> bool {
    let revision = |head: &Head| head.seal.as_ref().map(|seal| seal.revision);
    last.is_none_or(|(last, since)| {
        let is_news = last.seq != head.seq || revision(last) != revision(head);
        is_news && (is_last || head.seq - last.seq >= AFTER_EVENTS || since >= AFTER)
    })
}

/// Appends a line with the head of the log to a file, safely on disk when it returns.
///
/// # Errors
/// When it cannot be written.
pub fn append(file: &Path, head: &Head) -> anyhow::Result<()> {
    use std::io::Write as _;
    let append = || {
        let mut heads = std::fs::File::options().create(true).append(true).open(file)?;
        writeln!(heads, "{head}")?;
        heads.sync_all()
    };
    append().with_context(|| format!("cannot append the head of the log to {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::audit::HeadSeal;

    #[test]
    fn a_head_is_written_first_after_some_events_after_some_minutes_and_at_the_end() {
        let head = |seq, revision| {
            let text = String::new;
            let seal = HeadSeal { revision, lineage: text(), state: text(), key: text(), mac: text() };
            Head { seq, hash: text(), at: None, seal: Some(seal) }
        };
        let last = head(10, 50);
        for (next, since, is_last, expected) in [
            (head(11, 51), Duration::ZERO, false, false),
            (head(110, 200), Duration::ZERO, false, true),
            (head(11, 51), AFTER, false, true),
            // Nobody acted, and rows were written all the same.
            (head(10, 51), AFTER, false, true),
            (head(10, 50), AFTER, false, false),
            (head(10, 51), Duration::ZERO, true, true),
            (head(10, 50), Duration::ZERO, true, false),
        ] {
            assert_eq!(is_due(Some((&last, since)), &next, is_last), expected, "{next} after {since:?}");
        }
        assert!(is_due(None, &last, false));
    }
}
