//! Which page sent what changes something: one of ours, or somebody else's.
//!
//! A request that changes something must not come from a page of another site, whatever it brings along: a browser
//! remembers cookies and passwords and sends them for any page. It says itself from where it sends (`Sec-Fetch-Site`,
//! else `Origin`, which every browser sends with a form since 2019). One that says nothing is refused: no secret stands in
//! an address to prove a form by, because addresses are copied, logged and shared. Only a program with a bearer token,
//! which no browser remembers, needs neither.

use axum::body::Body;
use axum::http::Request;

use super::cookies::Cookie;
use super::known_by::Token;
use crate::web::reach::{Reach, host_of};
use crate::web::request::is_api_path;

/// What a browser says of the page that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// One of ours, or a person who typed the address.
    Ours,
    /// A page of another site.
    Foreign,
    /// Nothing, as programs and old browsers.
    Unsaid,
}

impl Sender {
    /// Each header that is there has to name us; `null` is what a browser says of pages that tell nobody where they are,
    /// as ours.
    fn of(reach: &Reach, request: &Request<Body>) -> Self {
        let said = |name: &str| request.headers().get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
        let sites: Vec<_> = said("sec-fetch-site").collect();
        let origins: Vec<_> = said("origin").filter(|origin| *origin != "null").collect();
        let host = host_of(request);
        // "none": typed, or a form that the browser restored; no other page can make it say so.
        let is_ours = sites.iter().all(|site| matches!(*site, "same-origin" | "none"))
            && origins.iter().all(|origin| reach.is_own_origin(origin, host.as_deref()));
        match (is_ours, sites.is_empty() && origins.is_empty()) {
            (false, _) => Self::Foreign,
            (true, false) => Self::Ours,
            (true, true) => Self::Unsaid,
        }
    }
}

/// Whether a request may change something, by the page that sent it.
pub(super) fn may_change(reach: &Reach, request: &Request<Body>, token: Option<&Token>) -> bool {
    match Sender::of(reach, request) {
        Sender::Ours => true,
        Sender::Foreign => false,
        Sender::Unsaid => {
            let path = request.uri().path();
            // A program that forgot its token is told so; a browser always has a cookie to be misused.
            let is_bare = is_api_path(path) && Cookie::Session.of(request.headers(), reach).is_none();
            // Coming in is for people alone: a token has nothing to do there.
            let is_program = token.is_some() && !lets_in(path);
            is_bare || is_program
        }
    }
}

/// Whether a path is one by which people come in.
fn lets_in(path: &str) -> bool {
    path == "/sign-in" || path.starts_with("/sign-in/") || path.starts_with("/l/")
}
