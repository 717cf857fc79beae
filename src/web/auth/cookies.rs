//! The cookies: who is in, which browser it is, and what a browser that went to the city's own sign-on has to come back
//! with.
//!
//! Over TLS they carry the `__Host-` prefix, so that no other host and no plain connection can set or read them. All are
//! `HttpOnly` and `SameSite=Lax`: links in chats must keep people in.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::domain::time::SignedDuration;
use crate::web::reach::Reach;

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Cookie {
    /// Who is in.
    Session,
    /// Which browser it is.
    Device,
    /// What has to come back from the city's own sign-on.
    #[cfg(feature = "oidc")]
    SignOn,
}

impl Cookie {
    fn name(self, reach: &Reach) -> &'static str {
        match (self, reach.is_https()) {
            (Self::Session, true) => "__Host-firegrid",
            (Self::Session, false) => "firegrid",
            (Self::Device, true) => "__Host-firegrid-device",
            (Self::Device, false) => "firegrid-device",
            #[cfg(feature = "oidc")]
            (Self::SignOn, true) => "__Host-firegrid-sign-on",
            #[cfg(feature = "oidc")]
            (Self::SignOn, false) => "firegrid-sign-on",
        }
    }

    /// Its value in a request.
    pub fn of(self, headers: &HeaderMap, reach: &Reach) -> Option<String> {
        let name = self.name(reach);
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(';')).find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name && !value.is_empty()).then(|| value.to_owned())
        })
    }

    /// The header that sets it; `lasts` of `None` ends with the browser.
    pub fn set(self, value: &str, lasts: Option<SignedDuration>, reach: &Reach) -> Option<HeaderValue> {
        let age = lasts.map(|lasts| format!("; Max-Age={}", lasts.as_secs())).unwrap_or_default();
        let secure = if reach.is_https() { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name(reach)))
            .ok()
    }

    /// The header that removes it.
    pub fn clear(self, reach: &Reach) -> Option<HeaderValue> {
        self.set("", Some(SignedDuration::ZERO), reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::reach::Origin;

    #[test]
    fn over_tls_cookies_are_for_this_host_and_secure_connections_alone() {
        let https =
            Reach { origin: Origin::parse("https://fire.example.cn"), proxies: Vec::new(), hsts_subdomains: false };
        for (reach, start, is_secure) in
            [(https, "__Host-firegrid=s; ", true), (Reach::default(), "firegrid=s; ", false)]
        {
            let cookie = Cookie::Session.set("s", None, &reach).unwrap();
            let text = cookie.to_str().unwrap();
            assert!(text.starts_with(start) && text.contains("HttpOnly; SameSite=Lax"), "{text}");
            assert_eq!(text.contains("; Secure"), is_secure, "{text}");
        }
    }
}
