//! What the parameters of an address mean: words, flags, units, spans, and the form of an answer.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::domain::ground::Ground;
use crate::domain::time::{Date, SignedDuration, day_bounds, parse_date};
use crate::domain::unit::UnitCode;
use crate::report::export::{Format, Heads};
use crate::store::query::Span;
use crate::web::problem::Problem;
use crate::web::request::Request;
use crate::web::site::Web;
use crate::web::when;
use crate::words::api::refusals;

/// Rows of a page unless asked otherwise, and at most.
const PAGE: u32 = 100;
pub(in crate::web) const MAX_PAGE: u32 = 1000;

/// Words joined by commas.
pub(in crate::web) fn words<T>(
    ask: &Request,
    name: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Vec<T>, Problem> {
    let list = ask.param(name).into_iter().flat_map(|text| text.split(','));
    list.map(|word| {
        from_name(word.trim()).ok_or_else(|| Problem::BadParameter { name, value: word.to_owned(), expected })
    })
    .collect()
}

/// One word.
pub(in crate::web) fn word<T>(
    ask: &Request,
    name: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, Problem> {
    let read =
        |text: &str| from_name(text).ok_or_else(|| Problem::BadParameter { name, value: text.to_owned(), expected });
    ask.param(name).map(read).transpose()
}

/// True or false.
pub(in crate::web) fn flag(ask: &Request, name: &'static str) -> Result<bool, Problem> {
    match ask.param(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(Problem::BadParameter { name, value: other.to_owned(), expected: "true or false" }),
    }
}

/// How many rows a page has.
pub(in crate::web) fn limit_of(ask: &Request) -> Result<u32, Problem> {
    Ok(limit(ask)?.unwrap_or(PAGE).min(MAX_PAGE))
}

/// How many rows a page has that holds as many as it may unless fewer are asked for.
pub(in crate::web) fn limit_up_to(ask: &Request, largest: u32) -> Result<u32, Problem> {
    Ok(limit(ask)?.unwrap_or(largest).min(largest))
}

fn limit(ask: &Request) -> Result<Option<u32>, Problem> {
    word(ask, "limit", |text| text.parse().ok().filter(|n: &u32| *n > 0), "a number from 1 up")
}

/// The form of a document.
pub(in crate::web) fn format_of(ask: &Request) -> Result<Format, Problem> {
    Ok(word(ask, "format", Format::from_name, "csv, xlsx, json or geojson")?.unwrap_or(Format::Csv))
}

/// Which heads a table has: our names for programs, or those of the office.
pub(in crate::web) fn heads_of(ask: &Request, otherwise: Heads) -> Result<Heads, Problem> {
    let heads = |word: &str| match word {
        "names" => Some(Heads::Names),
        "chinese" => Some(Heads::Chinese),
        _ => None,
    };
    Ok(word(ask, "heads", heads, "names or chinese")?.unwrap_or(otherwise))
}

/// A unit that exists.
pub(in crate::web) fn unit_of(ask: &Request, ground: &Ground) -> Result<Option<UnitCode>, Problem> {
    let known = |text: &str| Some(UnitCode(text.to_owned())).filter(|code| ground.unit(code).is_some());
    word(ask, "unit", known, "the code of a unit")
}

/// A unit that exists, and everything below it.
pub(in crate::web) fn subtree_of(ask: &Request, ground: &Ground) -> Result<Option<BTreeSet<UnitCode>>, Problem> {
    Ok(unit_of(ask, ground)?.map(|code| ground.subtree(&code)))
}

/// The instants of a local day.
pub(in crate::web) fn day_span(name: &'static str, day: Date, ground: &Ground) -> Result<Span, Problem> {
    let bounds = day_bounds(day, &ground.data().time_zone);
    let (from, until) = bounds.map_err(|source| Problem::BadDate { name, source })?;
    Ok(Span { from, until })
}

/// From `from` to `to`: local days, both inclusive, or moments, the last not included. Today where neither is given; one
/// day alone is that day.
pub(in crate::web) fn period(web: &Web, ask: &Request, ground: &Ground) -> Result<Span, Problem> {
    let zone = &ground.data().time_zone;
    let read = |name: &'static str| -> Result<Option<Span>, Problem> {
        let Some(text) = ask.param(name) else { return Ok(None) };
        if let Ok(day) = parse_date(text) {
            return day_span(name, day, ground).map(Some);
        }
        let expected = "a local day as 2026-10-10, or a moment as 2026-10-10T08:00 or 2026-10-10T08:00:00+08:00";
        let bad = |_| Problem::BadParameter { name, value: text.to_owned(), expected };
        when::moment(text, zone).map(|at| Some(Span { from: at, until: at })).map_err(bad)
    };
    let (from, to) = (read("from")?, read("to")?);
    let today = day_span("from", ground.local_day(web.now()), ground)?;
    let span = Span { from: from.or(to).unwrap_or(today).from, until: to.or(from).unwrap_or(today).until };
    if span.until <= span.from { Err(Problem::EmptySpan) } else { Ok(span) }
}

/// Most days of one call: the season's busiest month. A year is twelve calls, between which others read.
const MAX_DAYS: i64 = 31;

/// A span that is not too long for one call.
pub(in crate::web) fn at_most_a_month(span: Span) -> Result<Span, Problem> {
    // A day of a zone with summer time has an hour more.
    if span.until.duration_since(span.from) > SignedDuration::from_hours(24 * MAX_DAYS + 1) {
        return Err(Problem::refused(StatusCode::BAD_REQUEST, refusals::TOO_MANY_DAYS));
    }
    Ok(span)
}

/// From `from` to `to`, local days, both inclusive; an end left out is open.
pub(in crate::web) fn open_span(from: Option<Date>, to: Option<Date>, ground: &Ground) -> Result<Span, Problem> {
    let mut span = Span::ALL;
    if let Some(day) = from {
        span.from = day_span("from", day, ground)?.from;
    }
    if let Some(day) = to {
        span.until = day_span("to", day, ground)?.until;
    }
    if span.until <= span.from { Err(Problem::EmptySpan) } else { Ok(span) }
}

/// From `from` to `to`, local days, both inclusive; today where neither is given.
pub(in crate::web) fn span_of(web: &Web, ask: &Request, ground: &Ground) -> Result<Span, Problem> {
    let (from, to) = (ask.date("from")?, ask.date("to")?);
    let today = ground.local_day(web.now());
    // One end alone means that day alone.
    open_span(from.or(to).or(Some(today)), to.or(from).or(Some(today)), ground)
}
