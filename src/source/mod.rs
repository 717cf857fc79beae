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
pub mod refusal;
pub mod safe_text;
pub mod words;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::config::{ListConfig, SourceConfig, SourceKind};
use crate::domain::ground::Extent;
use crate::domain::time::Timestamp;

pub use cursor::Cursor;
use dialect::{ReadOptions, Reason, Table};
use drop_folder::{DroppedFile, Scanner};
pub use file::{read_file, unreadable_file};
use firms::AreaFeed;
use firms::budget::Budget;
use http::{Client, HttpError, Limits};
pub use lists::OfficialList;
pub use outcome::Outcome;
use safe_text::shown;

/// Longest detail text, in characters.
const MAX_DETAIL_CHARS: usize = 600;

/// One look at a feed, to be committed as one transaction.
#[derive(Debug, Clone)]
pub struct Poll {
    /// What became of it.
    pub outcome: Outcome,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
    /// The decoded body as received, for keeping; of error answers its head. The key never is in it.
    pub body: Option<Vec<u8>>,
    /// The rows, when a whole table came.
    pub table: Option<Table>,
    /// The points, when a whole list of days came.
    pub official: Option<OfficialList>,
    /// What to give to the next poll: new after a whole table, as before otherwise.
    pub cursor: Cursor,
    /// What happened in technical words: escaped, capped, without the key.
    pub detail: String,
    /// How long to wait at least before the next poll.
    pub retry_after: Option<Duration>,
    /// The file it was read from; to be put away after the commit.
    pub file: Option<DroppedFile>,
    /// Rows later than this machine's clock, as [`Poll::note_future_rows`] was told.
    pub future: u64,
    /// From when on the file is to be read again: rows of it are later than this machine's clock.
    pub read_again_at: Option<Timestamp>,
    /// What the server said of the time.
    pub server_time: Option<ServerTime>,
}

/// What a server said of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerTime {
    /// Its own time when it answered.
    Is(Timestamp),
    /// Its certificate is expired or not yet valid by this machine's clock.
    CertificateRefused,
}

/// What a poll is asked with.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The box of the ground.
    pub extent: Extent,
    /// Width of the neighbour belt around it, km.
    pub belt_km: f64,
    /// The cursor that the last poll of this source left.
    pub cursor: &'a Cursor,
    /// Now; only for the transaction budget and the age of dropped files.
    pub now: Timestamp,
}

/// What all sources share: the HTTP client, the transaction budget of the keyed API, and how the lists are written that
/// people bring.
#[derive(Debug)]
pub struct Network {
    client: Client,
    budget: Mutex<Budget>,
    lists: Arc<[ListConfig]>,
}

impl Network {
    /// A network with the given limits and the ordinary budget.
    ///
    /// # Errors
    /// [`HttpError::NoCertificates`] when no client can be built at all.
    pub fn new(limits: Limits) -> Result<Self, HttpError> {
        Ok(Self { client: Client::new(limits)?, budget: Mutex::new(Budget::default()), lists: Arc::default() })
    }

    /// The same with another budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { budget: Mutex::new(budget), ..self }
    }

    /// The same, knowing lists.
    #[must_use]
    pub fn with_lists(self, lists: &[ListConfig]) -> Self {
        Self { lists: lists.into(), ..self }
    }
}

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

/// What a thread that broke off leaves.
fn unread(what: &str, error: &tokio::task::JoinError) -> Poll {
    let detail = format!("{what} ended abnormally: {error}");
    Poll::without_body(Outcome::Unreadable, shown(&detail, MAX_DETAIL_CHARS), &Cursor::default())
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

/// Rejected rows and unknown values named in an explanation, each reason once.
const REASONS_NAMED: usize = 40;

impl Poll {
    /// The detail, and below it each reason for which rows were rejected or values are unknown, with how many and the first.
    #[must_use]
    pub fn explanation(&self) -> String {
        let mut lines = vec![self.detail.clone()];
        let rejected = self.rejected_reasons().into_iter().map(|reason| format!("不合格 rejected: {reason}"));
        let unknown = self.table.iter().flat_map(Table::unknown_values);
        let unknown = unknown.map(|reason| format!("值未知 unknown: {reason}"));
        lines.extend(rejected.chain(unknown).take(REASONS_NAMED).map(|line| shown(&line, MAX_DETAIL_CHARS)));
        lines.join("\n")
    }

    /// Why rows were rejected, of observations and of official points alike.
    #[must_use]
    pub fn rejected_reasons(&self) -> Vec<Reason> {
        let of_official = self.official.iter().flat_map(|official| official.table.reasons());
        self.table.iter().flat_map(Table::reasons).chain(of_official).collect()
    }

    /// A poll that brought nothing to keep.
    fn without_body(outcome: Outcome, detail: String, known: &Cursor) -> Self {
        Self {
            outcome,
            http_status: None,
            body: None,
            table: None,
            official: None,
            cursor: known.clone(),
            detail,
            retry_after: None,
            file: None,
            future: 0,
            read_again_at: None,
            server_time: None,
        }
    }
}

/// An error and its causes in one showable line.
fn error_text(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = error.source();
    }
    shown(&parts.join(": "), MAX_DETAIL_CHARS)
}
