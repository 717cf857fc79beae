//! The one HTTP client of the feeds: limits, time-outs, redaction. The only place that builds one.
//!
//! Gives [`Fetched`] for any status whose body came whole, [`HttpError`] otherwise; what a body means is
//! decided in [`crate::source::answer`]. Never follows a redirect and never sends a `Referer`, because the key
//! is in the address; never retries by itself, because every request may cost transactions.
//!
//! What proves a body whole: hyper checks `Content-Length` and the last chunk of a chunked body, and the gzip
//! stream has its own end. An answer without any of these that is cut exactly behind a line feed cannot be told from a
//! shorter file by anybody.

mod secret_url;

use std::time::Duration;

use crate::domain::time::{DateTime, SignedDuration, TimeZone, Timestamp};

use super::safe_text::{shown, without_secret};

pub use secret_url::{AddressError, SecretUrl};

/// Limits of one request.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest silence while reading.
    pub idle: Duration,
    /// Longest time for the whole request, so that a drip of a byte a second ends too.
    pub total: Duration,
    /// Largest body after decoding. The global seven-day file is under 30 MB.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            total: Duration::from_mins(2),
            body_bytes: 32 * 1024 * 1024,
        }
    }
}

/// Of the body of an error answer no more is read: enough for every known sentence.
const ERROR_BODY_BYTES: usize = 64 * 1024;
/// Validators longer than this are not kept; real ones have under 100 characters.
const MAX_VALIDATOR_CHARS: usize = 512;

/// What a server gave to recognise its data by: sent back to be told "unchanged".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as received.
    pub etag: Option<String>,
    /// `Last-Modified`, as received.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is anything to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// An answer.
#[derive(Clone)]
pub struct Fetched {
    /// HTTP status, any.
    pub status: u16,
    /// The decoded body; of error answers only its head.
    pub body: Vec<u8>,
    /// What to send next time.
    pub validators: Validators,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// Scheme and host that a redirect points to.
    pub redirects_to: Option<String>,
    /// The server's time, by its `Date` and the `Age` of a copy.
    pub server_date: Option<Timestamp>,
}

impl Fetched {
    /// The same answer without any copy of the key that the server may have echoed.
    pub(super) fn without_secret(self, secret: &str) -> Self {
        let clean = |text: String| {
            let bytes = without_secret(text.clone().into_bytes(), secret);
            (bytes == text.as_bytes()).then_some(text)
        };
        Self {
            body: without_secret(self.body, secret),
            validators: Validators {
                etag: self.validators.etag.and_then(clean),
                last_modified: self.validators.last_modified.and_then(clean),
            },
            redirects_to: self.redirects_to.and_then(clean),
            ..self
        }
    }
}

impl std::fmt::Debug for Fetched {
    /// Without the body, which may echo the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetched")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("retry_after", &self.retry_after)
            .field("redirects_to", &self.redirects_to)
            .finish_non_exhaustive()
    }
}

/// Why there is no whole answer. No variant holds the address or the cause's own text of it.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address may not be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No https client can be built, as on a machine without CA certificates.
    #[error("cannot check https certificates on this machine ({0}); install the ca-certificates package")]
    NoCertificates(String),
    /// The name does not resolve.
    #[error("cannot resolve the name of {host}")]
    Dns {
        /// Host and port.
        host: String,
        /// Cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// The connection is not to be trusted.
    #[error("no trusted encrypted connection to {host}: {why}")]
    Tls {
        /// Host and port.
        host: String,
        /// The innermost reason.
        why: String,
        /// Cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// No connection, or it broke before the answer.
    #[error("cannot reach {host}: {why}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// The innermost reason.
        why: String,
        /// Cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// A time limit was hit.
    #[error("{host} did not answer in time ({received} bytes received)")]
    TimedOut {
        /// Host and port.
        host: String,
        /// Bytes of body that had come.
        received: usize,
        /// Cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// The body exceeds the limit; the rest was not read.
    #[error("the answer of {host} exceeds {limit} bytes")]
    TooLarge {
        /// Host and port.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// The body broke off.
    #[error("the answer of {host} broke off after {received} bytes")]
    Cut {
        /// Host and port.
        host: String,
        /// Bytes of body that had come.
        received: usize,
        /// Cause, without the address.
        #[source]
        source: reqwest::Error,
    },
}

impl HttpError {
    /// Whether the server's certificate is expired or not yet valid by this machine's clock.
    #[must_use]
    pub fn is_of_time(&self) -> bool {
        let Self::Tls { why, .. } = self else { return false };
        let why = why.to_ascii_lowercase();
        ["expired", "not valid yet", "notvalidyet"].iter().any(|word| why.contains(word))
    }
}

/// The client.
#[derive(Debug, Clone)]
pub struct Client {
    limits: Limits,
    /// For plain http on this machine: no proxy, no certificates, so that the demo runs on a bare one.
    plain: reqwest::Client,
    /// For https; the text says why there is none.
    secure: Result<reqwest::Client, String>,
}

impl Client {
    /// Builds the client. On a machine without CA certificates it still speaks plain http to itself, and
    /// a fetch by https says what is missing.
    ///
    /// # Errors
    /// [`HttpError::NoCertificates`] when not even that client can be built.
    pub fn new(limits: Limits) -> Result<Self, HttpError> {
        let plain = builder(&limits)
            .no_proxy()
            .tls_certs_only([])
            .build()
            .map_err(|error| HttpError::NoCertificates(innermost(&error.without_url())))?;
        let secure = builder(&limits).https_only(true).build().map_err(|error| innermost(&error.without_url()));
        Ok(Self { limits, plain, secure })
    }

    /// Asks once.
    ///
    /// # Errors
    /// [`HttpError`] when no whole answer came. An error status is an answer.
    pub async fn get(&self, url: &SecretUrl, known: &Validators) -> Result<Fetched, HttpError> {
        let client = match (url.is_plain(), &self.secure) {
            (true, _) => &self.plain,
            (false, Ok(secure)) => secure,
            (false, Err(why)) => return Err(HttpError::NoCertificates(why.clone())),
        };
        let mut request = client.get(url.reveal().clone());
        let headers =
            [(reqwest::header::IF_NONE_MATCH, &known.etag), (reqwest::header::IF_MODIFIED_SINCE, &known.last_modified)];
        for (name, value) in headers {
            // A stored value that is no header value (by a damaged database) is just not sent.
            if let Some(value) = value.as_deref().and_then(|v| reqwest::header::HeaderValue::from_str(v).ok()) {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| describe(url, error, None))?;
        let status = response.status().as_u16();
        let header =
            |name| response.headers().get(name).and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok());
        let validator = |name| header(name).filter(|text| text.len() <= MAX_VALIDATOR_CHARS).map(str::to_owned);
        let mut fetched = Fetched {
            status,
            body: Vec::new(),
            validators: Validators {
                etag: validator(reqwest::header::ETAG),
                last_modified: validator(reqwest::header::LAST_MODIFIED),
            },
            retry_after: header(reqwest::header::RETRY_AFTER)
                .and_then(|text| retry_after(text, header(reqwest::header::DATE))),
            redirects_to: header(reqwest::header::LOCATION)
                .filter(|_| (300..400).contains(&status))
                .and_then(|location| secret_url::target_of(location, url)),
            server_date: header(reqwest::header::DATE).and_then(|date| server_date(date, header(reqwest::header::AGE))),
        };
        if status == 200 {
            fetched.body = read_body(response, self.limits.body_bytes, url).await.map_err(|(error, _)| error)?;
        } else {
            // The status speaks already; a body that is too long or breaks off takes nothing from it.
            fetched.body = match read_body(response, ERROR_BODY_BYTES, url).await {
                Ok(body) | Err((_, body)) => body,
            };
        }
        Ok(fetched)
    }
}

fn builder(limits: &Limits) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("firegrid/", env!("CARGO_PKG_VERSION")))
        .referer(false)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .gzip(true)
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
        .timeout(limits.total)
        // Polls are minutes apart: a kept connection would only be found dead.
        .pool_max_idle_per_host(0)
}

/// Reads a body up to a limit; with an error comes what had been received.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
    url: &SecretUrl,
) -> Result<Vec<u8>, (HttpError, Vec<u8>)> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                let room = limit - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or_default());
                return Err((HttpError::TooLarge { host: url.host(), limit }, body));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err((describe(url, error, Some(body.len())), body)),
        }
    }
}

/// Sorts a client error; `received` is known once a body had begun.
fn describe(url: &SecretUrl, error: reqwest::Error, received: Option<usize>) -> HttpError {
    let source = error.without_url();
    let (host, why) = (url.host(), innermost(&source));
    if source.is_timeout() {
        return HttpError::TimedOut { host, received: received.unwrap_or_default(), source };
    }
    if let Some(received) = received {
        return HttpError::Cut { host, received, source };
    }
    if source.is_dns() {
        HttpError::Dns { host, source }
    } else if !url.is_plain() && speaks_of_tls(&source) {
        HttpError::Tls { host, why, source }
    } else {
        HttpError::Unreachable { host, why, source }
    }
}

/// Whether a chain of causes comes from the TLS layer, whose types are not ours to name.
fn speaks_of_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|text| {
        let text = text.to_ascii_lowercase();
        ["certificate", "tls", "corrupt message", "alert", "handshake"].iter().any(|word| text.contains(word))
    })
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = String> {
    std::iter::successors(std::error::Error::source(error), |error| error.source()).map(ToString::to_string)
}

/// The innermost cause, which says what really happened ("connection refused").
fn innermost(error: &reqwest::Error) -> String {
    let why = chain(error).last().unwrap_or_else(|| error.to_string());
    shown(&why, 200)
}

/// Reads `Retry-After`: seconds, or a date that is measured against the server's own `Date`, so that a wrong
/// clock here does not matter. Anything else is ignored.
fn retry_after(text: &str, server_date: Option<&str>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit mean "very long"; the back-off caps it.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let (until, now) = (http_date(text)?, http_date(server_date?)?);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// The time at the server: its `Date`, and how long a cache on the way has kept the answer.
fn server_date(date: &str, age: Option<&str>) -> Option<Timestamp> {
    let age = age.and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or_default();
    http_date(date)?.checked_add(SignedDuration::from_secs(i64::from(age))).ok()
}

fn http_date(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text.trim()).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_time_is_its_date_and_the_age_of_a_copy() {
        let at = |date, age| server_date(date, age).map(|at| at.to_string());
        let date = "Wed, 21 Oct 2026 07:28:00 GMT";
        assert_eq!(at(date, None).as_deref(), Some("2026-10-21T07:28:00Z"));
        assert_eq!(at(date, Some(" 3600 ")).as_deref(), Some("2026-10-21T08:28:00Z"));
        assert_eq!(at(date, Some("-1")).as_deref(), Some("2026-10-21T07:28:00Z"));
        assert_eq!(at("yesterday", None), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_clock() {
        let date = Some("Wed, 21 Oct 2026 07:28:00 GMT");
        let cases = [
            ("120", None, Some(120)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Wed, 21 Oct 2026 07:30:00 GMT", date, Some(120)),
            ("Wed, 21 Oct 2026 07:00:00 GMT", date, Some(0)),
            ("Wed, 21 Oct 2026 07:30:00 GMT", None, None),
            ("soon", date, None),
            ("-5", date, None),
            ("", date, None),
        ];
        for (text, date, expected) in cases {
            assert_eq!(retry_after(text, date), expected.map(Duration::from_secs), "{text:?}");
        }
    }
}
