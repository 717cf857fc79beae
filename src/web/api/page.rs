//! Pages of lists: how many, from where, and where the next one begins.
//!
//! A page says so twice: as `next` in its body where it has one of our own, and as a `Link` header, which `GeoJSON` has too.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::report::typed::Typed;
use crate::store::DayPage;
use crate::web::ask::Ask;
use crate::web::forms::params;
use crate::web::problem::Problem;

/// The parameters of a page.
pub(super) const PAGING: &[&str] = &["limit", "after"];

/// Most features of a page: some ten megabytes of text and as much again while it is written. Most burning days have
/// fewer.
pub(super) const MAX_FEATURES: u32 = 5_000;

/// A page that the database cut, unless the row it was to go on behind is gone.
pub(super) fn held<T>(ask: &Ask, page: Option<DayPage<T>>) -> Result<DayPage<T>, Problem> {
    page.ok_or_else(|| gone(ask.param("after").unwrap_or_default()))
}

/// Where the next page begins.
pub(super) fn next_of<T>(page: &DayPage<T>, name: impl Fn(&T) -> String) -> Option<String> {
    page.rows.last().filter(|_| page.has_more).map(name)
}

/// Merged or superseded since: going on from anywhere else would skip or repeat.
fn gone(after: &str) -> Problem {
    let expected = "`next` of the page before; the list changed, so begin again without it";
    Problem::BadParameter { name: "after", value: after.to_owned(), expected }
}

/// Cuts a list that was read whole to the page that was asked for, at most `largest` rows; returns where the next begins.
pub(super) fn cut<T>(
    ask: &Ask,
    rows: &mut Vec<T>,
    largest: u32,
    name: impl Fn(&T) -> String,
) -> Result<Option<String>, Problem> {
    if let Some(after) = ask.param("after") {
        let Some(at) = rows.iter().position(|row| name(row) == after) else { return Err(gone(after)) };
        rows.drain(..=at);
    }
    let limit = usize::try_from(params::limit_up_to(ask, largest)?).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(rows.last().filter(|_| has_more).map(name))
}

/// A page that is a JSON object, which says `next` itself.
pub(super) fn listed(ask: &Ask, next: Option<&str>, page: &impl Typed) -> Response {
    linked(ask, next, answered(page))
}

/// A page with the address of the next one in its head.
pub(super) fn linked(ask: &Ask, next: Option<&str>, mut response: Response) -> Response {
    let Some(next) = next else { return response };
    let link = format!("<{}>; rel=\"next\"", ask.here_with("after", next));
    // The address is percent-encoded, so it is always a header.
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// An answer of a declared type.
pub(super) fn answered(answer: &impl Typed) -> Response {
    Json(answer.json()).into_response()
}
