//! `firegrid rejudge`: what today's rules and plans say of recorded detections; shown first, applied second.

use anyhow::Context;

use super::export::Days;
use super::{Done, acting, output};
use crate::app;
use crate::config::Config;
use crate::domain::alert::AlertNumber;
use crate::domain::burning::local_minute;
use crate::domain::time::TimeZone;
use crate::report::objects;
use crate::store::{By, RejudgeOrder, RejudgeScope, RejudgedDetection, Rejudgement};

/// Arguments of `rejudge`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    days: Days,
    /// The detections of this alert's fire instead of days.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "to"])]
    alert: Option<String>,
    /// Write the difference; without it nothing changes.
    #[arg(long, requires = "actor", requires = "why")]
    apply: bool,
    /// Who asked, for the record: a name of people.csv, or NAME@UNIT.
    #[arg(long = "as", value_name = "NAME[@UNIT]")]
    actor: Option<String>,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// The hash that was shown with the difference: refuse when it is another by now.
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    anyhow::ensure!(
        args.alert.is_some() || args.days.is_bounded(),
        "请指定 --from/--to 或 --alert · say what to judge again: --from and --to, or --alert NUMBER"
    );
    let store = app::open_store(&config)?;
    // The active version judges, never files that nobody has reloaded: looking changes nothing.
    let ground = app::stored_ground(&store).await?.context(
        "还没有启用的区域版本，请先运行 firegrid regions reload · no region version is active yet: run \
         `firegrid regions reload` first",
    )?;
    let zone = ground.data().time_zone.clone();
    let scope = match &args.alert {
        Some(number) => RejudgeScope::Alert(AlertNumber(number.clone())),
        None => RejudgeScope::Span(args.days.span(Some(&zone))?),
    };
    let rules = std::sync::Arc::new(config.domain_rules());
    let order = match (&args.actor, &args.why) {
        (Some(actor), Some(why)) if args.apply => {
            let actor = acting::resolve(&ground, actor)?;
            Some(RejudgeOrder { by: By::now(actor), why: why.clone(), expect: args.expect.clone() })
        }
        _ => None,
    };
    let rejudgement = store.whole().rejudge(scope, order, ground.clone(), rules, app::now()).await?;
    if args.json {
        output::json(&objects::rejudgement(&rejudgement))?;
    } else {
        for change in &rejudgement.changes {
            output::line(&text(change, &zone));
        }
        for unknown in &rejudgement.unjudgeable {
            output::note(&format!(
                "{} 不在现行区域版本范围内，判定不变 · beyond this region version, kept",
                unknown.key
            ));
        }
        output::line(&summary(&rejudgement));
    }
    Ok(Done::Well)
}

fn text(change: &RejudgedDetection, zone: &TimeZone) -> String {
    let (old, new) = (&change.old, &change.new);
    format!(
        "{}  {}  {}\n  原判 {}：{}\n  改判 {}：{}\n  {} -> {}: {}",
        local_minute(change.acquired_at, zone),
        change.key,
        change.alert.as_ref().map_or("—", |number| number.0.as_str()),
        old.verdict.label_zh(),
        old.reason.text_zh(),
        new.verdict.label_zh(),
        new.reason.text_zh(),
        old.verdict.name(),
        new.verdict.name(),
        new.reason.text_en(),
    )
}

fn summary(rejudgement: &Rejudgement) -> String {
    let (looked_at, changed) = (rejudgement.looked_at, rejudgement.changes.len());
    let opened = rejudgement.alerts_opened;
    match (rejudgement.applied, changed) {
        (Some(event), _) => format!(
            "已重新判定{looked_at}个像元，改判{changed}个，新立案{opened}件，记录号{event} · looked at {looked_at}, \
             changed {changed}, opened {opened} case(s), event {event}"
        ),
        (None, 0) => format!("已核对{looked_at}个像元，无差异 · looked at {looked_at}, nothing differs"),
        (None, _) => format!(
            "已核对{looked_at}个像元，{changed}个将改判，尚未写入；确认后加 --apply --as --why --expect {} · looked at \
             {looked_at}, {changed} would change, nothing is written yet",
            rejudgement.hash.get(..12).unwrap_or_default()
        ),
    }
}
