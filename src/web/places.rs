//! Where requests get a place: pages, documents, decoders, passwords and imports, each by turns of accounts.
//!
//! What somebody who is in reads is answered on a thread of its own and never on the runtime's: a page reads, draws and
//! writes for milliseconds at a time, and the runtime's few threads carry every connection, timer and poll of a feed. Which
//! places there are bounds the threads, the memory and the cores that anybody can take. Why: docs/decisions/0041 and 0042.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};

use axum::http::Method;
use axum::response::Response;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::domain::share::Shares;
use crate::store::{Lane, Reader};
use crate::turns::{Limits, Turn, Turns, Whose};
use crate::web::problem::Problem;
use crate::web::request;

/// Pages that are made at once: a few for each core, because most of a page is waiting for a reader.
const PAGES: usize = 16;

/// Documents that are written at once: each holds its rows and its text, some tens of megabytes at most.
const DOCUMENTS: usize = 4;

/// Pictures that are decoded at once: each takes a core and up to 300 MB, and pages want a core too.
const DECODERS: usize = 2;

/// Passwords of known browsers that are worked on at once; each takes a core and 19 MB.
const OF_KNOWN: Limits = Limits { places: 2, each: 1, waiting_each: 4, waiting: 64 };

/// Passwords of strangers: one at once, which also keeps many that are sent together from all being tried before the
/// first failure counts. They have a line of their own, so that none of them stands before a known browser.
const OF_STRANGERS: Limits = Limits { places: 1, each: 1, waiting_each: 16, waiting: 64 };

/// Tables that are read at once: a workbook may unpack to much.
const IMPORTS: Limits = Limits { places: 1, each: 1, waiting_each: 2, waiting: 16 };

/// Lines of all accounts together are this many times as long as one's.
const ALL: usize = 16;

/// All places.
pub(super) struct Places {
    pages: Turns,
    documents: Turns,
    decoders: Turns,
    of_known: Turns,
    of_strangers: Turns,
    imports: Turns,
}

impl Places {
    pub fn new(shares: &Shares) -> Self {
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let waiting_each = number(shares.waiting);
        let turns = |places: usize, each: usize| {
            Turns::new(Limits { places, each, waiting_each, waiting: waiting_each.saturating_mul(ALL) })
        };
        Self {
            pages: turns(PAGES, number(shares.pages_at_once)),
            documents: turns(DOCUMENTS, number(shares.documents_at_once)),
            decoders: turns(DECODERS, 1),
            of_known: Turns::new(OF_KNOWN),
            of_strangers: Turns::new(OF_STRANGERS),
            imports: Turns::new(IMPORTS),
        }
    }

    /// A place to decode a picture at.
    pub async fn decoder(&self, account: i64) -> Result<Turn, Problem> {
        Ok(self.decoders.take(Whose::Account(account)).await?)
    }

    /// Does work that decodes a picture: a few at once, accounts take turns.
    pub async fn decoding<T: Send + 'static>(
        &self,
        account: i64,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.decoder(account).await?;
        run_blocking(move || {
            // The place goes with the work: a caller that goes away does not end a decoder.
            let _place = place;
            work()
        })
        .await
    }

    /// A place to work on a password at.
    pub async fn password(&self, whose: Whose) -> Result<Turn, Problem> {
        let turns = if matches!(whose, Whose::Address(_)) { &self.of_strangers } else { &self.of_known };
        Ok(turns.take(whose).await?)
    }

    /// A place to read a table at.
    pub async fn import(&self, account: i64) -> Result<Turn, Problem> {
        Ok(self.imports.take(Whose::Account(account)).await?)
    }

    /// A place to be answered at, for what is read on a thread of its own.
    pub async fn answer(&self, kind: Kind, account: i64) -> Result<Option<Turn>, Problem> {
        let turns = match kind {
            Kind::Page => &self.pages,
            Kind::Document => &self.documents,
            Kind::Passing => return Ok(None),
        };
        Ok(Some(turns.take(Whose::Account(account)).await?))
    }
}

/// How a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody waits for a page, or a page for what it shows.
    Page,
    /// A program reads a document or a layer.
    Document,
    /// It brings something, follows, or hands on a file: it may last, and what of it takes long has places of its own.
    Passing,
}

impl Kind {
    /// By what a request asks for.
    pub fn of(method: &Method, path: &str) -> Self {
        const PASSING: [&str; 9] = [
            "/api/v1/events",
            "/api/v1/photos",
            "/api/v1/uploads",
            "/map/base.pmtiles",
            "/metrics",
            "/sw.js",
            "/manifest.webmanifest",
            "/sign-in",
            "/l/",
        ];
        // What the live map and the phone ask for.
        const OF_PAGES: [&str; 2] = ["/api/v1/map/", "/api/v1/accounts/"];
        let begins = |with: &&str| path.starts_with(*with);
        if !matches!(*method, Method::GET | Method::HEAD) || PASSING.iter().any(begins) {
            Self::Passing
        } else if request::is_api_path(path) && !OF_PAGES.iter().any(begins) {
            Self::Document
        } else {
            Self::Page
        }
    }

    /// How an account reads for it.
    pub fn reader(self, account: i64) -> Reader {
        let lane = if self == Self::Document { Lane::Programs } else { Lane::Pages };
        Reader { lane, whose: Whose::Account(account) }
    }
}

/// A stranger, by the address as it is written down; all whose address is unknown are one.
pub(super) fn stranger_at(address: &str) -> Whose {
    Whose::stranger(address.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
}

/// Does work that takes long beside the runtime's own threads.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    spawn_blocking(work).await.map_err(|_panicked| Problem::Interrupted)
}

/// Answers on a thread of its own; ends with whoever asked.
pub(super) async fn on_own_thread(
    turn: Turn,
    answering: impl Future<Output = Response> + Send + 'static,
) -> Result<Response, Problem> {
    let (runtime, stop) = (Handle::current(), CancellationToken::new());
    // Dropped with this future: nobody reads, draws or waits for whom nobody waits.
    let _asked = stop.clone().drop_guard();
    let answering = answering.instrument(tracing::Span::current());
    let answered = spawn_blocking(move || {
        let _turn = turn;
        runtime.block_on(stop.run_until_cancelled_owned(answering))
    });
    match answered.await {
        Ok(response) => response.ok_or(Problem::Interrupted),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_stopping) => Err(Problem::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_what_programs_read_and_not_what_pages_are_made_of() {
        for (method, path, kind) in [
            (Method::GET, "/", Kind::Page),
            (Method::HEAD, "/problems", Kind::Page),
            (Method::GET, "/map.svg", Kind::Page),
            (Method::GET, "/api/v1/map/day", Kind::Page),
            (Method::GET, "/api/v1/alerts/export", Kind::Document),
            (Method::GET, "/api/v1/detections.geojson", Kind::Document),
            (Method::GET, "/ogc/collections", Kind::Document),
            (Method::GET, "/api/v1/events", Kind::Passing),
            (Method::HEAD, "/api/v1/uploads/1", Kind::Passing),
            (Method::GET, "/api/v1/photos/1", Kind::Passing),
            (Method::POST, "/api/v1/alerts", Kind::Passing),
            (Method::POST, "/problems", Kind::Passing),
        ] {
            assert_eq!(Kind::of(&method, path), kind, "{method} {path}");
        }
    }
}
