//! `firegrid status`: what every feed is worth right now, and how many cases wait for somebody.

use serde_json::{Value, json};

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::burning::local_minute;
use crate::domain::freshness::{silences, state_of};
use crate::domain::observation::Satellite;
use crate::domain::time::{TimeZone, Timestamp};
use crate::report::silence::{doubt_text, silence_text};
use crate::report::words;
use crate::store::{CaseFilter, OpenCases, SourceState};
use crate::words::Lang;

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
            let at = |at: Option<Timestamp>| at.map_or_else(|| "无 never".to_owned(), |at| local_minute(at, &zone));
            let outcome = state.last_outcome.as_deref().unwrap_or("none");
            output::line(&format!(
                "{:<12} {} {}  最新观测 newest acquisition {}，最近尝试 last attempt {}，最近成功 last success {}，结果 outcome {} {outcome}",
                state.id,
                judged.label_zh(),
                judged.name(),
                at(state.newest_acquired_at),
                at(state.last_attempt_at),
                at(state.last_success_at),
                if outcome == "none" { "无".to_owned() } else { words::outcome(outcome, Lang::Zh) },
            ));
            for silence in &found {
                let text = |lang| silence_text(silence, lang, &zone);
                output::line(&format!("             {} · {}", text(Lang::Zh), text(Lang::En)));
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
            output::line("未配置数据源，不自动接收数据 · no feed is configured: nothing comes by itself");
        }
        output::line(&received_words(&received, &zone));
    }
    // As the service knew it last; this command asks nobody.
    let doubt = store.known_clock().await?.and_then(|known| known.doubt);
    let (cases, gaps) = (
        OpenCases::of(&store.whole().case_counts(CaseFilter::open()).await?),
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
            "cases": cases,
            "responsibility_gaps": gaps,
        }))?;
    } else {
        for lang in doubt.iter().flat_map(|_| [Lang::Zh, Lang::En]) {
            let text = doubt.map(|doubt| doubt_text(doubt, lang)).unwrap_or_default();
            output::line(&format!(
                "{}: {text}",
                lang.pick("本机时间不可信", "the clock of this machine is not believed")
            ));
        }
        let OpenCases { open, overdue, undelivered, disputed } = cases;
        output::line(&format!(
            "案件 / cases: 未结 open {open}, 超时 overdue {overdue}, 未送达 undelivered {undelivered}, 有异议 disputed {disputed}"
        ));
        let list = if gaps > 0 { "，见 see `firegrid people check`" } else { "" };
        output::line(&format!("责任空缺 / gaps that cases fell through: {gaps}{list}"));
    }
    Ok(Done::Well)
}

/// How far what was recorded reaches, whichever way it came.
pub(super) fn received_words(received: &[(Satellite, Timestamp)], zone: &TimeZone) -> String {
    let each = received.iter().map(|(satellite, at)| format!("{} {}", satellite.name(), local_minute(*at, zone)));
    let each: Vec<_> = each.collect();
    if each.is_empty() {
        return "范围内尚无观测记录 · nothing was recorded of this ground so far".to_owned();
    }
    format!("各卫星最新观测 · newest recorded of each satellite: {}", each.join("，"))
}
