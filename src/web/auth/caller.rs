//! The browser that wants in.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::cookies::Cookie;
use crate::credentials;
use crate::store::Attempt;
use crate::web::reach::{ClientAddress, device_of};
use crate::web::site::Web;

/// The browser that wants in.
pub(in crate::web) struct Caller {
    /// Where it is.
    pub address: String,
    /// What it says of itself.
    pub browser: String,
    device: Option<String>,
    /// The secret of the session that it has now.
    pub session: Option<String>,
}

impl Caller {
    /// Digest of the secret by which the browser may be known.
    pub(super) fn known_as(&self) -> Option<String> {
        self.device.as_deref().map(credentials::digest)
    }

    /// What a password typed in it counts as.
    pub(super) fn attempt(&self, name: &str) -> Attempt {
        Attempt {
            name: name.to_owned(),
            address: self.address.clone(),
            browser: self.browser.clone(),
            device_hash: self.known_as(),
        }
    }
}

impl FromRequestParts<Arc<Web>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Self::Rejection> {
        let headers: &HeaderMap = &parts.headers;
        let address = parts.extensions.get::<ClientAddress>().map(|ClientAddress(ip)| ip.to_string());
        Ok(Self {
            address: address.unwrap_or_default(),
            browser: device_of(headers),
            device: Cookie::Device.of(headers, &web.site.reach),
            session: Cookie::Session.of(headers, &web.site.reach),
        })
    }
}
