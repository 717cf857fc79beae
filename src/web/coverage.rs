//! How far the feeds can be believed: the statement that stands beside every number.
//!
//! A zero is only worth what its coverage is worth, so pages, API and health checks all
//! take the state of the feeds from here.

use serde_json::{Value, json};

use super::Web;
use crate::domain::freshness::{Freshness, SatelliteSigns, Silence, of_satellites, silences, state_of};
use crate::domain::time::{TimeZone, Timestamp};
use crate::report::lang::Lang;
pub(super) use crate::report::silence::age_text;
use crate::report::silence::silence_text;
use crate::store::query::Span;
use crate::store::{Error, SourceState};

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
    let known = web.site.store.source_states().await?;
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

/// The newest acquisition of all feeds.
pub(super) fn newest(feeds: &[Feed]) -> Option<Timestamp> {
    feeds.iter().filter_map(|feed| feed.state.newest_acquired_at).max()
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
            return texts.join(lang.pick("；", "; "));
        }
        match self.state.newest_acquired_at.map(|at| age_text(now.duration_since(at), lang)) {
            Some(age) if lang == Lang::Zh => format!("最新观测在{age}前"),
            Some(age) => format!("newest acquisition {age} ago"),
            None => lang.pick("已读取，范围内尚无火点记录", "read, and no row in its box so far").to_owned(),
        }
    }

    /// What it says of a day: whether its newest acquisition lies before, in or after it.
    pub fn says_of(&self, span: Span, zone: &TimeZone, lang: Lang) -> String {
        let newest = match self.state.newest_acquired_at {
            None => lang.pick("无数据", "no data").to_owned(),
            Some(at) if at < span.from => lang.pick("当日尚无数据", "nothing yet for this day").to_owned(),
            Some(at) => {
                let at = zone.to_datetime(at).strftime("%m-%d %H:%M");
                match lang {
                    Lang::Zh => format!("最新观测 {at}"),
                    Lang::En => format!("newest acquisition {at}"),
                }
            }
        };
        let parts = self.silences.iter().filter(|silence| silence.state() != Freshness::Unknown && !is_age(silence));
        let parts: Vec<_> = parts.map(|silence| silence_text(silence, lang, zone)).collect();
        [vec![newest], parts].concat().join(lang.pick("；", "; "))
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
