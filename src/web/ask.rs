//! A request with who sent it: what handlers take, and what the head of a page is made of.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::auth::{Me, Visitor};
use super::request::Request;

/// A request, and who sent it.
#[derive(Clone)]
pub(super) struct Ask {
    request: Request,
    /// Who asks, for the head of the page; pages take what they show through [`Me`].
    pub visitor: Option<Arc<Me>>,
}

impl Ask {
    /// Of a request that passed the gate, or is refused there.
    pub fn of(parts: &Parts) -> Self {
        let visitor = match parts.extensions.get::<Visitor>() {
            Some(Visitor::In(me)) => Some(me.clone()),
            _ => None,
        };
        Self { request: Request::of(parts), visitor }
    }

    /// The same asked of another path of this site.
    pub fn at(&self, path: &str) -> Self {
        Self { request: self.request.at(path), visitor: self.visitor.clone() }
    }

    /// As [`Self::at`] without any parameter, where they are secrets that no link of a page may repeat.
    #[cfg(feature = "oidc")]
    pub fn bare_at(&self, path: &str) -> Self {
        Self { request: self.request.bare_at(path), visitor: self.visitor.clone() }
    }
}

/// Whatever reads parameters and language alone takes the [`Request`].
impl Deref for Ask {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.request
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}
