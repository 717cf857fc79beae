//! Feeds: asks each source, reads what comes in any dialect, and names the outcome.
//!
//! Called by [`crate::watch`], which commits each [`Poll`] in one transaction. The path of a poll: the feed ([`firms`])
//! asks over [`http`] or [`drop_folder`] finds files, [`answer`](self) decides the [`outcome`], the rows are read in the
//! feed's [`dialect`], of files in the one that [`mod@file`] finds. [`backoff`] says when to ask again.
//! Stores nothing, judges nothing, retries nothing.
//!
//! A new feed is one file, or folder, and three edits: a variant of [`SourceKind`], a line in [`Feed::poll`] or in
//! [`mod@file`], and an example in the configuration.
//!
//! The rule above all others: nothing but a whole table under an exact header is a success, and every other
//! thing has its own name.

mod answer;
mod ask;
pub mod backoff;
mod cursor;
pub mod decode;
pub mod dialect;
pub mod drop_folder;
mod fetch;
pub mod file;
pub mod firms;
mod himawari;
pub mod http;
mod lists;
pub mod outcome;
mod parsed;
mod poll;
pub mod refusal;
pub mod safe_text;
mod vocabulary;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::config::{SourceConfig, SourceKind};
use crate::domain::time::Timestamp;

pub use ask::{Ask, Network};
pub use cursor::Cursor;
use dialect::ReadOptions;
use drop_folder::{DroppedFile, Scanner};
pub use file::{read_file, unreadable_file};
use firms::AreaFeed;
pub use outcome::Outcome;
pub use parsed::OfficialList;
pub use poll::{MAX_DETAIL_CHARS, Poll, ServerTime};
use poll::{error_text, unread};
use safe_text::shown;

/// A configured source, ready to be polled.
#[derive(Debug)]
pub struct Feed {
    config: SourceConfig,
    scanner: Scanner,
}

impl Feed {
    /// The feed of a configuration entry.
    #[must_use]
    pub fn new(config: SourceConfig) -> Self {
        Self { config, scanner: Scanner::default() }
    }

    /// The source's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.config.id
    }

    /// What kind of feed it is.
    #[must_use]
    pub fn kind(&self) -> &SourceKind {
        &self.config.kind
    }

    /// Leaves a dropped file alone until it changes; for one that could not be put away, which would else be read at
    /// every poll and keep later files waiting.
    pub fn set_aside(&mut self, file: &DroppedFile) {
        self.scanner.set_aside(file.path());
    }

    /// Leaves a dropped file where it is and reads it again from a moment on.
    pub fn set_aside_until(&mut self, file: &DroppedFile, until: Timestamp) {
        self.scanner.set_aside_until(file.path(), system_time(until));
    }

    /// Tells this configuration from any other of the same id, without its secret.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        // A secret's Debug form is three stars.
        hex::encode(Sha256::digest(format!("{:?}", self.config)))
    }

    /// Looks at the feed once. Never fails: every fault is an outcome.
    ///
    /// # Shape
    /// One poll of a FIRMS source; of a drop folder one per file that is ready, so perhaps none.
    pub async fn poll(&mut self, ask: &Ask<'_>, network: &Network) -> Vec<Poll> {
        match &self.config.kind {
            SourceKind::FirmsFiles { satellite, region, window, base_url } => {
                let url = firms::address::file_url(base_url, *satellite, region, *window);
                vec![fetch::fetch(url, None, ask.cursor, (&network.client, firms::DIALECT)).await]
            }
            SourceKind::FirmsArea { dataset, key, days, base_url } => {
                vec![AreaFeed { dataset: *dataset, key, days: *days, base_url }.poll(ask, network).await]
            }
            SourceKind::DropFolder { path, allow_missing_newline } => {
                let options = ReadOptions {
                    allow_missing_final_newline: *allow_missing_newline,
                    lists: network.lists.clone(),
                    ..ReadOptions::default()
                };
                read_folder(&mut self.scanner, path.clone(), options, ask.now).await
            }
        }
    }
}

/// Reads the ready files of a folder, one after the other, off the runtime's threads.
async fn read_folder(scanner: &mut Scanner, folder: PathBuf, options: ReadOptions, now: Timestamp) -> Vec<Poll> {
    let mut own = std::mem::take(scanner);
    let work = tokio::task::spawn_blocking(move || {
        let polls = read_ready(&mut own, &folder, &options, now);
        (own, polls)
    });
    match work.await {
        Ok((own, polls)) => {
            *scanner = own;
            polls
        }
        Err(error) => vec![unread("reading the drop folder", &error)],
    }
}

/// An instant as the file system has it; before 1970 there is none.
fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.as_millisecond()).unwrap_or_default())
}

fn read_ready(scanner: &mut Scanner, folder: &Path, options: &ReadOptions, now: Timestamp) -> Vec<Poll> {
    let unreadable =
        |error: &dyn std::error::Error| Poll::without_body(Outcome::Unreadable, error_text(error), &Cursor::default());
    let scan = match scanner.scan(folder, system_time(now)) {
        Ok(scan) => scan,
        Err(error) => return vec![unreadable(&error)],
    };
    for drop_folder::Ignored { name, why } in &scan.ignored {
        tracing::warn!(file.name = %name, "ignored {name} in the drop folder: {why}");
    }
    let mut polls = Vec::new();
    let mut bytes_held = 0;
    for path in scan.ready {
        match DroppedFile::read(&path, drop_folder::MAX_FILE_BYTES) {
            Ok(Some((file, bytes))) => polls.push(read_dropped(file, bytes, options)),
            // Changed while it was being read: the next look decides.
            Ok(None) => {}
            Err(error) => {
                scanner.set_aside(&path);
                polls.push(unreadable(&error));
            }
        }
        bytes_held += polls.last().and_then(|poll| poll.body.as_ref()).map_or(0, Vec::len);
        if bytes_held >= drop_folder::MAX_FILE_BYTES {
            break;
        }
    }
    polls
}

fn read_dropped(file: DroppedFile, bytes: Vec<u8>, options: &ReadOptions) -> Poll {
    let options = ReadOptions { file_name: Some(file.name.clone()), ..options.clone() };
    let mut poll = read_file(bytes, drop_folder::MAX_FILE_BYTES, &options);
    poll.detail = shown(&format!("{}: {}", file.name, poll.detail), MAX_DETAIL_CHARS);
    poll.file = Some(file);
    poll
}
