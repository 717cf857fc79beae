//! How far the feeds can be believed: the statement that stands beside every number.
//!
//! A zero is only worth what its coverage is worth, so pages, API and health checks all
//! take the state of the feeds from here.

use serde_json::{Value, json};

use super::Web;
use crate::domain::freshness::{Freshness, Patience, freshness};
use crate::domain::time::{SignedDuration, TimeZone, Timestamp};
use crate::report::lang::Lang;
use crate::store::query::Span;
use crate::store::{Error, SourceState};

/// A configured feed and how far it can be believed now.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    /// What is known of it.
    pub state: SourceState,
    /// The judgement.
    pub freshness: Freshness,
}

/// The configured feeds, in the order of the configuration; those never polled are unknown.
pub(super) async fn feeds(web: &Web) -> Result<Vec<Feed>, Error> {
    let (now, known) = (web.now(), web.site.store.source_states().await?);
    let feed = |id: &String| {
        let state = known
            .iter()
            .find(|state| state.id == *id)
            .cloned()
            .unwrap_or_else(|| SourceState { id: id.clone(), ..SourceState::default() });
        Feed { freshness: freshness(state.signs(), web.site.patience, now), state }
    };
    Ok(web.site.sources.iter().map(feed).collect())
}

/// The newest acquisition of all feeds.
pub(super) fn newest(feeds: &[Feed]) -> Option<Timestamp> {
    feeds.iter().filter_map(|feed| feed.state.newest_acquired_at).max()
}

impl Feed {
    /// Why it is judged so.
    pub fn why(&self, lang: Lang, patience: Patience, now: Timestamp) -> String {
        let age = self.state.newest_acquired_at.map(|at| age_text(now.duration_since(at), lang));
        let limit = |limit: SignedDuration| limit.as_hours();
        match (self.freshness, age, lang) {
            (Freshness::Refused, _, _) => {
                lang.pick("数据源拒绝了最近一次请求", "the server refused the last request").to_owned()
            }
            (Freshness::Unknown, ..) | (_, None, _) => {
                lang.pick("尚未取得任何可读的数据", "nothing readable has come from it yet").to_owned()
            }
            (Freshness::Fresh, Some(age), Lang::Zh) => format!("最新观测在{age}前"),
            (Freshness::Fresh, Some(age), Lang::En) => format!("newest acquisition {age} ago"),
            (state, Some(age), _) => {
                let hours = limit(if state == Freshness::Late { patience.late_after } else { patience.stale_after });
                match lang {
                    Lang::Zh => format!("最新观测在{age}前，已超过{hours}小时"),
                    Lang::En => format!("newest acquisition {age} ago, more than {hours} h"),
                }
            }
        }
    }

    /// What it says of a day: whether its newest acquisition lies before, in or after it.
    pub fn says_of(&self, span: Span, zone: &TimeZone, lang: Lang) -> String {
        match self.state.newest_acquired_at {
            None => lang.pick("无数据", "no data").to_owned(),
            Some(at) if at < span.from => lang.pick("当日尚无数据", "nothing yet for this day").to_owned(),
            Some(at) => {
                let at = zone.to_datetime(at).strftime("%m-%d %H:%M");
                match lang {
                    Lang::Zh => format!("最新观测 {at}"),
                    Lang::En => format!("newest acquisition {at}"),
                }
            }
        }
    }

    /// The feed for the API.
    pub fn json(&self) -> Value {
        json!({
            "feed": self.state.id,
            "state": self.freshness,
            "newest_acquired_at": self.state.newest_acquired_at,
            "last_success_at": self.state.last_success_at,
            "last_attempt_at": self.state.last_attempt_at,
            "last_outcome": self.state.last_outcome,
        })
    }
}

/// A span in the two largest units that matter.
pub(super) fn age_text(age: SignedDuration, lang: Lang) -> String {
    let (hours, minutes) = (age.as_hours(), age.as_mins() % 60);
    let (days, rest) = (hours / 24, hours % 24);
    match lang {
        Lang::Zh if hours >= 48 => format!("{days}天{rest}小时"),
        Lang::Zh if hours >= 1 => format!("{hours}小时{minutes}分"),
        Lang::Zh => format!("{minutes}分钟"),
        Lang::En if hours >= 48 => format!("{days} d {rest} h"),
        Lang::En if hours >= 1 => format!("{hours} h {minutes} min"),
        Lang::En => format!("{minutes} min"),
    }
}
