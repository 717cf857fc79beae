//! What parameters and fields of a call mean: words, flags, moments, units, spans, and who acts.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use super::refused::Refused;
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::time::{Date, SignedDuration, TimeError, Timestamp, day_bounds, parse_date};
use crate::domain::unit::UnitCode;
use crate::media::{Photo, Photos};
use crate::report::export::{Format, Heads};
use crate::store::By;
use crate::store::query::Span;
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::error::Problem;
use crate::web::when;

/// Rows of a page unless asked otherwise, and at most.
const PAGE: u32 = 100;
pub(super) const MAX_PAGE: u32 = 1000;

/// Longest id of a command, characters; a UUID has 36.
const MAX_CLIENT_ID_CHARS: usize = 100;

/// The telephone number of a field; `None` where there is none.
pub(in crate::web) fn phone(name_zh: &str, name_en: &str, text: &str) -> Result<Option<Phone>, Problem> {
    Phone::parse(text)
        .map_err(|error| Refused::plain(StatusCode::UNPROCESSABLE_ENTITY, error.of_field(name_zh, name_en)))
}

/// Words joined by commas.
pub(in crate::web) fn words<T>(
    ask: &Ask,
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
    ask: &Ask,
    name: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, Problem> {
    let read =
        |text: &str| from_name(text).ok_or_else(|| Problem::BadParameter { name, value: text.to_owned(), expected });
    ask.param(name).map(read).transpose()
}

/// True or false.
pub(in crate::web) fn flag(ask: &Ask, name: &'static str) -> Result<bool, Problem> {
    match ask.param(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(Problem::BadParameter { name, value: other.to_owned(), expected: "true or false" }),
    }
}

/// How many rows a page has.
pub(in crate::web) fn limit_of(ask: &Ask) -> Result<u32, Problem> {
    Ok(limit(ask)?.unwrap_or(PAGE).min(MAX_PAGE))
}

/// How many rows a page has that holds as many as it may unless fewer are asked for.
pub(super) fn limit_up_to(ask: &Ask, largest: u32) -> Result<u32, Problem> {
    Ok(limit(ask)?.unwrap_or(largest).min(largest))
}

fn limit(ask: &Ask) -> Result<Option<u32>, Problem> {
    word(ask, "limit", |text| text.parse().ok().filter(|n: &u32| *n > 0), "a number from 1 up")
}

/// The form of a document.
pub(in crate::web) fn format_of(ask: &Ask) -> Result<Format, Problem> {
    Ok(word(ask, "format", Format::from_name, "csv, xlsx, json or geojson")?.unwrap_or(Format::Csv))
}

/// Which heads a table has: our names for programs, or those of the office.
pub(in crate::web) fn heads_of(ask: &Ask, otherwise: Heads) -> Result<Heads, Problem> {
    let heads = |word: &str| match word {
        "names" => Some(Heads::Names),
        "chinese" => Some(Heads::Chinese),
        _ => None,
    };
    Ok(word(ask, "heads", heads, "names or chinese")?.unwrap_or(otherwise))
}

/// A unit that exists.
pub(in crate::web) fn unit_of(ask: &Ask, ground: &Ground) -> Result<Option<UnitCode>, Problem> {
    let known = |text: &str| Some(UnitCode(text.to_owned())).filter(|code| ground.unit(code).is_some());
    word(ask, "unit", known, "the code of a unit")
}

/// A unit that exists, and everything below it.
pub(in crate::web) fn subtree_of(ask: &Ask, ground: &Ground) -> Result<Option<BTreeSet<UnitCode>>, Problem> {
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
pub(in crate::web) fn period(web: &Web, ask: &Ask, ground: &Ground) -> Result<Span, Problem> {
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

/// A local day in a body.
pub(in crate::web) fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    parse_date(text).map_err(|source| Problem::BadDate { name, source })
}

/// A moment: RFC 3339 with its offset, or a local date and time of the region.
pub(in crate::web) fn moment(name: &str, text: &str, ground: &Ground) -> Result<Timestamp, Problem> {
    when::moment(text, &ground.data().time_zone).map_err(|TimeError { expected, .. }| {
        Problem::BadBody(format!(
            "{name} is {text:?}, expected {expected}, or a moment with its offset as 2026-10-10T08:00:00+08:00"
        ))
    })
}

/// A command with whoever acts: the account, or whom a program names that may.
pub(in crate::web) fn by(actor: Actor, client_id: Option<String>, claim: Claim) -> Result<By, Problem> {
    Ok(By { actor, client_id: self::client_id(client_id)?, claimed_at: claim.0 })
}

/// Phones send what they kept within a day or two; further off the clock is wrong, or somebody makes a past.
const CLAIM_REACH: SignedDuration = SignedDuration::from_hours(72);

/// When something happened, as the person or phone says, where that may be.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::web) struct Claim(Option<Timestamp>);

impl Claim {
    /// Refuses what lies too far from the present, before or behind it.
    pub(in crate::web) fn of(happened_at: Option<Timestamp>, now: Timestamp) -> Result<Self, Problem> {
        match happened_at {
            Some(at) if at.duration_since(now).abs() > CLAIM_REACH => Err(Problem::Form(format!(
                "所称发生时间{at}与现在相差超过72小时 · happened_at is {at}, more than 72 hours from now: leave it out and say it in the note"
            ))),
            at => Ok(Self(at)),
        }
    }

    /// What goes into the record.
    pub(in crate::web) fn at(self) -> Option<Timestamp> {
        self.0
    }
}

/// The id of a command: none, or one that can tell commands apart.
pub(in crate::web) fn client_id(id: Option<String>) -> Result<Option<String>, Problem> {
    match &id {
        Some(text) if text.trim().is_empty() || text.chars().count() > MAX_CLIENT_ID_CHARS => Err(Problem::BadBody(
            format!("client_id has to have 1 to {MAX_CLIENT_ID_CHARS} characters, its own for every command"),
        )),
        _ => Ok(id),
    }
}

/// Most photos of one act.
pub(in crate::web) const MAX_PHOTOS: usize = 20;

/// Photos that were uploaded before, by their hashes: by this account, or of a case or plan that it sees. Naming another
/// one in a case of one's own would show it to oneself.
pub(in crate::web) async fn photos(web: &Web, me: &Me, hashes: Vec<String>) -> Result<Vec<Photo>, Problem> {
    if hashes.len() > MAX_PHOTOS {
        return Err(Problem::BadBody(format!("{} photos are named, expected at most {MAX_PHOTOS}", hashes.len())));
    }
    let unknown =
        || Problem::BadBody("a photo that is named was never uploaded: POST it to /api/v1/photos first".to_owned());
    for hash in &hashes {
        if !super::photos::is_known_to(web, me, hash).await? {
            return Err(unknown());
        }
    }
    let originals = Photos::beside(web.site.store.path());
    let found = aside(move || hashes.iter().map(|hash| originals.find(hash)).collect::<Result<Vec<_>, _>>()).await?;
    // What cannot be read just now was sent all the same: whoever is told otherwise gives it up.
    found.map_err(|error| if error.is_lost_file() { unknown() } else { error.into() })
}

/// Does work that takes long beside the runtime's own threads.
pub(in crate::web) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_panicked| Problem::Interrupted)
}

/// As [`aside`], for work that decodes pictures: a few at once, accounts take turns.
pub(in crate::web) async fn decoding<T: Send + 'static>(
    web: &Web,
    me: &Me,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let place = web.places.decoder(me).await?;
    aside(move || {
        // The place goes with the work: a caller that goes away does not end a decoder.
        let _place = place;
        work()
    })
    .await
}
