//! `firegrid status`: what every feed is worth right now, and how many alerts wait for somebody.

use serde_json::{Value, json};

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::burning::local_minute;
use crate::domain::freshness::{silences, state_of};
use crate::domain::observation::Satellite;
use crate::domain::time::{TimeZone, Timestamp};
use crate::store::{AlertFilter, OpenAlerts, SourceState};
use crate::words::commands::status::{self as said, Times};
use crate::words::{self, Label, Lang, doubt_text, silence_text};

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    let now = app::now();
    // Before the first region version is recorded there is nothing but UTC to tell times in.
    let ground = app::stored_ground(&store).await?;
    let zone = ground.map_or(TimeZone::UTC, |ground| ground.data().time_zone.clone());
    let mut feeds: Vec<Value> = Vec::new();
    for source in &config.sources {
        let state = SourceState::among(store.health().source_states().await?, &source.id);
        let found = silences(&state.signs(), app::patience(&config), now);
        let judged = state_of(&found);
        if !args.json {
            let at = |at: Option<Timestamp>| at.map_or_else(|| said::NEVER.to_owned(), |at| local_minute(at, &zone));
            let times = Times {
                newest: at(state.newest_acquired_at),
                attempt: at(state.last_attempt_at),
                success: at(state.last_success_at),
            };
            let last = state.last_outcome.as_deref();
            let feed = said::feed(&times, last, |word| words::outcome(word, Lang::Zh));
            output::line(&format!("{:<12} {} {}  {feed}", state.id, judged.label().zh, judged.name()));
            for silence in &found {
                let text = |lang| silence_text(silence, lang, &zone);
                output::line(&format!("             {} · {}", text(Lang::Zh), text(Lang::En)));
            }
            if let Some(todo) = said::what_to_do(last) {
                output::line(&format!("             {todo}"));
            }
        }
        feeds.push(json!({
            "source": state.id,
            "state": judged,
            "silences": found.iter().map(|silence| silence_text(silence, Lang::En, &TimeZone::UTC)).collect::<Vec<_>>(),
            "last_attempt_at": state.last_attempt_at,
            "last_success_at": state.last_success_at,
            "newest_acquired_at": state.newest_acquired_at,
            "last_outcome": state.last_outcome,
            "last_detail": state.last_detail,
            "consecutive_failures": state.consecutive_failures,
            "next_attempt_at": state.next_attempt_at,
        }));
    }
    let received = store.health().recorded_range().await?.newest;
    if !args.json {
        if config.sources.is_empty() {
            output::line(&said::NO_FEED.to_string());
        }
        output::line(&received_words(&received, &zone));
    }
    // As the service knew it last; this command asks nobody.
    let doubt = store.known_clock().await?.and_then(|known| known.doubt);
    let (alerts, gaps) = (
        OpenAlerts::of(&store.whole().alert_counts(AlertFilter::open()).await?),
        store.whole().responsibility_gaps().await?.len(),
    );
    if args.json {
        let region_version = app::active_version(&store).await?;
        output::json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "now": now.to_string(),
            "region_version": region_version,
            "feeds": feeds,
            "received": received.iter().map(|(satellite, at)| json!({"satellite": satellite, "newest_acquired_at": at})).collect::<Vec<_>>(),
            "clock_doubt": doubt.map(|doubt| json!({"reason": doubt.reason.name(), "ahead_secs": doubt.by.as_secs()})),
            "cases": alerts,
            "responsibility_gaps": gaps,
        }))?;
    } else {
        for lang in doubt.iter().flat_map(|_| [Lang::Zh, Lang::En]) {
            let text = doubt.map(|doubt| doubt_text(doubt, lang)).unwrap_or_default();
            output::line(&said::doubted(lang, &text));
        }
        output::line(&said::open_alerts(alerts));
        output::line(&said::gaps(gaps));
    }
    Ok(Done::Completed)
}

/// How far what was recorded reaches, whichever way it came.
pub(super) fn received_words(received: &[(Satellite, Timestamp)], zone: &TimeZone) -> String {
    let each = received.iter().map(|(satellite, at)| format!("{} {}", satellite.name(), local_minute(*at, zone)));
    let each: Vec<_> = each.collect();
    if each.is_empty() {
        return said::NOTHING_RECORDED.to_string();
    }
    said::newest(&each)
}
