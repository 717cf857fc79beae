//! One request to the provider: https, no redirects, no proxy, limits of time and size.
//!
//! A client of its own beside that of the feeds ([`crate::source`]), because codes and secrets travel here: nothing is
//! retried, and no error holds an address beyond its host.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::Error;
use crate::config::is_plain_here;

/// Longest answer. Metadata, keys and tokens have a few kilobytes; the largest key sets some dozen.
const LONGEST_ANSWER: usize = 256 * 1024;

/// The client.
pub(super) struct Client {
    client: reqwest::Client,
    /// The issuer is on this machine and speaks plain http.
    is_plain: bool,
}

impl Client {
    /// A client for the provider of an issuer.
    pub fn new(issuer: &str, longest_wait: Duration) -> Result<Self, Error> {
        let is_plain = Url::parse(issuer).is_ok_and(|url| is_plain_here(&url));
        let builder = reqwest::Client::builder()
            .user_agent(concat!("firegrid/", env!("CARGO_PKG_VERSION")))
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(longest_wait)
            .timeout(longest_wait)
            .pool_max_idle_per_host(0);
        let builder = if is_plain { builder.tls_certs_only([]) } else { builder.https_only(true) };
        let client = builder
            .build()
            .map_err(|error| Error::Unusable(format!("no https on this machine: {}", innermost(&error))))?;
        Ok(Self { client, is_plain })
    }

    /// Whether an address of the provider may be used: https, or plain http where the issuer itself is on this machine.
    pub fn may_ask(&self, url: &Url) -> bool {
        url.scheme() == "https" || (self.is_plain && is_plain_here(url))
    }

    /// Asks once.
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let request = reqwest::Request::try_from(request)
            .map_err(|_no_request| Error::Odd("one of its addresses cannot be asked".to_owned()))?;
        if !self.may_ask(request.url()) {
            return Err(Error::Odd("one of its addresses is not https".to_owned()));
        }
        let host = host_of(request.url());
        let unreachable = |error: reqwest::Error| {
            let why = if error.is_timeout() { "no answer in time".to_owned() } else { innermost(&error.without_url()) };
            Error::Unreachable { host: host.clone(), why }
        };
        let mut response = self.client.execute(request).await.map_err(unreachable)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(Error::Odd(format!("{host} redirects (status {})", status.as_u16())));
        }
        if status.is_server_error() {
            return Err(Error::Unreachable { host, why: format!("status {}", status.as_u16()) });
        }
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Error::Odd(format!("{host} sends more than {LONGEST_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The innermost cause, which says what really happened ("connection refused").
fn innermost(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes.last().map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}
