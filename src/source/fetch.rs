//! Fetches one answer over HTTP and has it read off the runtime's threads, in the dialect that the feed chose.
//!
//! Called by the feeds that are asked over the network.

use secrecy::{ExposeSecret, SecretString};

use super::Cursor;
use super::answer::{self, Dialect};
use super::http::{AddressError, Client, HttpError, SecretUrl};
use super::poll::{Poll, unread};

/// Asks for an address; `secret` is part of it and is taken out of whatever comes.
pub(super) async fn fetch(
    url: Result<SecretUrl, AddressError>,
    secret: Option<SecretString>,
    known: &Cursor,
    (client, dialect): (&Client, Dialect),
) -> Poll {
    let url = match url {
        Ok(url) => url,
        Err(error) => return answer::of_error(&HttpError::Address(error), known),
    };
    let fetched = match client.get(&url, &known.validators()).await {
        Ok(fetched) => fetched,
        Err(error) => return answer::of_error(&error, known),
    };
    let known = known.clone();
    // The rows of a burning day take longer than a page may wait for its thread.
    let read = tokio::task::spawn_blocking(move || {
        let fetched = secret.iter().fold(fetched, |fetched, secret| fetched.without_secret(secret.expose_secret()));
        answer::of_answer(fetched, &known, dialect)
    });
    read.await.unwrap_or_else(|error| unread("reading the answer", &error))
}
