//! An address that may hold a key: it prints as scheme, host and path with the key as `***`.
//!
//! FIRMS wants its key in the path, so every address is treated as a secret. Also the place that says
//! which addresses firegrid may ask at all: https anywhere, plain http only on this machine.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// An address with everything secret hidden from `Debug` and `Display`.
#[derive(Clone)]
pub struct SecretUrl {
    url: Url,
    shown: String,
}

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an address, or one without a host.
    #[error("the address is not a URL ({0}); expected https://host/path")]
    NotAUrl(String),
    /// Neither https nor http.
    #[error("the address uses {0}, expected https")]
    Scheme(String),
    /// Plain http to another machine.
    #[error("plain http to {0} is refused, expected https; http is allowed only to this machine (127.0.0.1)")]
    PlainHttp(String),
    /// A user name or password in the address.
    #[error("the address to {0} holds a user name or password; expected none")]
    UserInfo(String),
}

impl SecretUrl {
    /// Reads an address; `secret` is what must never be printed.
    ///
    /// # Errors
    /// [`AddressError`] when firegrid may not use it; the message never holds more than the host.
    pub fn parse(text: &str, secret: Option<&SecretString>) -> Result<Self, AddressError> {
        let url = Url::parse(text).map_err(|error| AddressError::NotAUrl(error.to_string()))?;
        let Some(host) = url.host_str().map(str::to_owned) else {
            return Err(AddressError::NotAUrl("no host".to_owned()));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo(host));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => return Err(AddressError::PlainHttp(host)),
            other => return Err(AddressError::Scheme(other.to_owned())),
        }
        let shown = shown(&url, secret);
        Ok(Self { url, shown })
    }

    /// The address itself, for the request only.
    pub(super) fn reveal(&self) -> &Url {
        &self.url
    }

    /// Whether it asks this machine over plain http.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Host and port, which are no secret.
    #[must_use]
    pub fn host(&self) -> String {
        host_and_port(&self.url)
    }
}

/// Only literal addresses and `localhost`: a name that merely resolves to this machine may not do so next time.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn shown(url: &Url, secret: Option<&SecretString>) -> String {
    let query = if url.query().is_some() { "?***" } else { "" };
    let path = url.path();
    let path = match secret.map(ExposeSecret::expose_secret) {
        None | Some("") => path.to_owned(),
        Some(secret) => path.replace(secret, "***"),
    };
    format!("{}://{}{path}{query}", url.scheme(), host_and_port(url))
}

/// Scheme and host of a `Location` header, all that may be shown of it.
pub(super) fn target_of(location: &str, base: &SecretUrl) -> Option<String> {
    let url = base.url.join(location).ok()?;
    Some(format!("{}://{}", url.scheme(), host_and_port(&url)))
}

impl std::fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretUrl({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_key_nor_query_is_ever_printed() {
        let key = SecretString::from("c0ffee");
        let url = SecretUrl::parse("https://example.org/api/c0ffee/x?MAP_KEY=c0ffee#c0ffee", Some(&key)).unwrap();
        assert_eq!(url.to_string(), "https://example.org/api/***/x?***");
        assert!(!format!("{url:?}").contains("c0ffee"));
        assert!(url.reveal().as_str().contains("/c0ffee/"));
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["http://127.0.0.1:8080/x", "http://[::1]/x", "http://localhost:1/", "https://example.org/"] {
            assert!(SecretUrl::parse(good, None).is_ok(), "{good}");
        }
        for bad in [
            "http://example.org/",
            "http://10.0.0.1/",
            "http://localhost.example.org/",
            "http://127.0.0.1.example.org/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https://user:pw@example.org/",
            "example.org/x",
            "",
        ] {
            let error = SecretUrl::parse(bad, None).unwrap_err();
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }
}
