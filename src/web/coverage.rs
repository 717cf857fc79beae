//! How far the feeds can be believed: the statement that stands beside every number.
//!
//! A zero is only worth what its coverage is worth, so pages, API and health checks all
//! take the state of the feeds from here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Web;
use crate::domain::freshness::{Freshness, SatelliteSigns, Silence, of_satellites, silences, state_of};
use crate::domain::observation::Satellite;
use crate::domain::time::{TimeZone, Timestamp};
use crate::store::query::Span;
use crate::store::{Error, SourceState};
pub(super) use crate::words::age_text;
use crate::words::{Label, Lang, pages as w, silence_text};

/// How far all that was received can be believed, whichever way it came.
#[derive(Debug, Clone)]
pub(super) struct Coverage {
    /// The configured feeds.
    pub feeds: Vec<Feed>,
    /// What came by other ways: files that were ingested, feeds that are not configured any more.
    brought: Vec<SourceState>,
    /// The newest acquisition of each satellite, in the order of the enum of satellites.
    satellites: BTreeMap<Satellite, Timestamp>,
}

/// What a source says of some days, beside their numbers.
pub(super) struct CoverageLine {
    /// The source.
    pub id: String,
    /// Its state, for the style sheet.
    pub state: &'static str,
    /// In words.
    pub state_words: &'static str,
    /// Its newest acquisition.
    pub says: String,
}

/// The coverage as it stands beside the numbers of a page.
pub(super) struct CoverageWords {
    /// A line for each source.
    pub lines: Vec<CoverageLine>,
    /// The newest acquisition of all; `None` while nothing was ever received.
    pub data_up_to: Option<String>,
    /// The newest acquisition of each satellite.
    pub satellites: Option<String>,
}

/// A configured feed and how far it can be believed now.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    /// What is known of it.
    pub state: SourceState,
    /// The judgement.
    pub freshness: Freshness,
    /// What it rests on, the gravest first.
    pub silences: Vec<Silence>,
    /// The same for each of its satellites.
    pub satellites: Vec<(SatelliteSigns, Freshness)>,
}

/// The configured feeds, in the order of the configuration; those never polled are unknown.
pub(super) async fn feeds(web: &Web) -> Result<Vec<Feed>, Error> {
    let known = web.site.health.source_states().await?;
    let feed = |id: &String| {
        let state = known
            .iter()
            .find(|state| state.id == *id)
            .cloned()
            .unwrap_or_else(|| SourceState { id: id.clone(), ..SourceState::default() });
        Feed::judge(web, state)
    };
    Ok(web.site.sources.iter().map(feed).collect())
}

/// All that was received, and how far it can be believed.
pub(super) async fn coverage(web: &Web) -> Result<Coverage, Error> {
    let feeds = feeds(web).await?;
    let mut brought = web.site.health.source_states().await?;
    brought.retain(|state| !web.site.sources.contains(&state.id));
    let mut satellites: BTreeMap<_, _> = web.site.health.recorded_range().await?.newest.into_iter().collect();
    let signs = feeds.iter().map(|feed| &feed.state).chain(&brought).flat_map(|state| &state.satellites);
    for (satellite, at) in signs.filter_map(|signs| Some((signs.satellite, signs.newest_acquired_at?))) {
        let newest = satellites.entry(satellite).or_insert(at);
        *newest = at.max(*newest);
    }
    Ok(Coverage { feeds, brought, satellites })
}

impl Coverage {
    /// Whether anything of a satellite was ever received.
    pub fn brought_by(&self, satellite: Satellite) -> bool {
        self.satellites.contains_key(&satellite)
    }

    /// The newest acquisition that was ever received.
    pub fn newest(&self) -> Option<Timestamp> {
        let states = self.feeds.iter().map(|feed| &feed.state).chain(&self.brought);
        states.filter_map(|state| state.newest_acquired_at).chain(self.satellites.values().copied()).max()
    }

    /// The same as pages say it.
    pub fn data_up_to(&self, zone: &TimeZone) -> Option<String> {
        self.newest().map(|at| short(at, zone))
    }

    /// The newest acquisition of each satellite.
    pub fn satellites(&self) -> impl Iterator<Item = (Satellite, Timestamp)> {
        self.satellites.iter().map(|(satellite, at)| (*satellite, *at))
    }

    /// What stands beside the numbers of some days.
    pub fn words(&self, span: Span, zone: &TimeZone, lang: Lang) -> CoverageWords {
        let line = |id: &str, state: &'static str, state_words, says| CoverageLine {
            id: id.to_owned(),
            state,
            state_words,
            says,
        };
        let mut lines: Vec<_> = self
            .feeds
            .iter()
            .map(|feed| {
                let words = lang.say(feed.freshness.label());
                line(&feed.state.id, feed.freshness.name(), words, feed.says_of(span, zone, lang))
            })
            .collect();
        if self.feeds.is_empty() {
            // Nothing comes by itself: without a look at the files nobody knows of the next fire.
            let words = lang.say(w::day::NO_FEED);
            let says = lang.say(w::day::NOTHING_COMES).to_owned();
            lines.push(line(lang.say(w::day::FEEDS), Freshness::Unknown.name(), words, says));
        }
        lines.extend(self.brought.iter().map(|state| {
            let words = lang.say(w::day::BROUGHT_AS_FILES);
            line(&state.id, "brought", words, newest_of(state.newest_acquired_at, span, zone, lang))
        }));
        CoverageWords { lines, data_up_to: self.data_up_to(zone), satellites: self.each_satellite(zone, lang) }
    }

    /// The newest acquisition of each satellite in words; `None` while nothing was ever received.
    pub fn each_satellite(&self, zone: &TimeZone, lang: Lang) -> Option<String> {
        let each = self.satellites().map(|(satellite, at)| format!("{} {}", satellite.name(), short(at, zone)));
        let each: Vec<_> = each.collect();
        (!each.is_empty()).then(|| each.join(lang.say(w::shared::COMMA)))
    }

    /// What was received, for the API.
    pub fn json(&self) -> Value {
        let satellites =
            self.satellites().map(|(satellite, at)| json!({"satellite": satellite, "newest_acquired_at": at}));
        json!({
            "newest_acquired_at": self.newest(),
            "satellites": satellites.collect::<Vec<_>>(),
            "brought": self.brought.iter().map(|state| json!({
                "source": state.id, "newest_acquired_at": state.newest_acquired_at,
            })).collect::<Vec<_>>(),
        })
    }
}

/// A moment of a day of this year.
fn short(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

/// Whether a newest acquisition lies before, in or after some days.
fn newest_of(newest: Option<Timestamp>, span: Span, zone: &TimeZone, lang: Lang) -> String {
    match newest {
        None => lang.say(w::shared::NO_DATA).to_owned(),
        Some(at) if at < span.from => lang.say(w::day::NOTHING_YET).to_owned(),
        Some(at) => w::day::newest_at(&short(at, zone)).of(lang),
    }
}

/// What the feeds' polls meet that cannot be recorded; known also while the database cannot be read.
pub(super) fn unrecorded(web: &Web) -> Vec<Value> {
    let found = web.site.sources.iter().filter_map(|id| Some((id, web.site.vitals.unrecorded(id)?)));
    found.map(|(id, unrecorded)| json!({"feed": id, "since": unrecorded.since, "why": unrecorded.why})).collect()
}

impl Feed {
    fn judge(web: &Web, state: SourceState) -> Self {
        let (signs, patience, now) = (state.signs(), web.site.patience, web.now());
        let unrecorded = web.site.vitals.unrecorded(&state.id);
        let mut found: Vec<_> =
            unrecorded.map(|found| Silence::NotRecorded { since: found.since, why: found.why }).into_iter().collect();
        found.extend(silences(&signs, patience, now));
        let satellites = of_satellites(&signs, patience, now);
        Self { state, freshness: state_of(&found), silences: found, satellites }
    }

    /// Why it is judged so.
    pub fn why(&self, web: &Web, lang: Lang) -> String {
        let (ground, now) = (web.ground(), web.now());
        let texts: Vec<_> =
            self.silences.iter().map(|silence| silence_text(silence, lang, &ground.data().time_zone)).collect();
        if !texts.is_empty() {
            return texts.join(lang.say(w::shared::SEMICOLON));
        }
        match self.state.newest_acquired_at.map(|at| age_text(now.duration_since(at), lang)) {
            Some(age) => w::day::newest_ago(&age).of(lang),
            None => lang.say(w::day::READ_AND_EMPTY).to_owned(),
        }
    }

    /// What it says of a day: whether its newest acquisition lies before, in or after it.
    fn says_of(&self, span: Span, zone: &TimeZone, lang: Lang) -> String {
        let newest = newest_of(self.state.newest_acquired_at, span, zone, lang);
        let parts = self.silences.iter().filter(|silence| silence.state() != Freshness::Unknown && !is_age(silence));
        let parts: Vec<_> = parts.map(|silence| silence_text(silence, lang, zone)).collect();
        [vec![newest], parts].concat().join(lang.say(w::shared::SEMICOLON))
    }

    /// The feed for the API.
    pub fn json(&self) -> Value {
        json!({
            "feed": self.state.id,
            "state": self.freshness,
            "satellites": self.satellites.iter().map(|(signs, state)| json!({
                "satellite": signs.satellite, "state": state, "newest_acquired_at": signs.newest_acquired_at,
            })).collect::<Vec<_>>(),
            "silences": self.silences.iter().map(|silence| silence_text(silence, Lang::En, &TimeZone::UTC)).collect::<Vec<_>>(),
            "newest_acquired_at": self.state.newest_acquired_at,
            "last_success_at": self.state.last_success_at,
            "last_attempt_at": self.state.last_attempt_at,
            "last_outcome": self.state.last_outcome,
        })
    }
}

/// Whether a silence says no more than how old the newest row is.
fn is_age(silence: &Silence) -> bool {
    matches!(silence, Silence::Old { .. })
}
