//! `firegrid alerts show`: one alert whole.

use anyhow::Context;
use serde_json::json;

use super::super::output;
use super::Desk;
use super::list::line;
use crate::domain::alert::AlertNumber;
use crate::report::export;
use crate::store::query::AlertDetail;
use crate::words::commands::{self, alerts as said};
use crate::words::{self, Label, Lang};

pub(super) async fn show(desk: &Desk, number: String, as_json: bool) -> anyhow::Result<()> {
    let number = AlertNumber(number);
    let detail = desk.store.whole().alert(&number).await?.with_context(|| commands::no_alert(&number))?;
    if as_json {
        let keys: Vec<_> = detail.detections.iter().map(|row| row.observation.key.to_string()).collect();
        return output::json(&json!({
            "alert": export::alert_objects(std::slice::from_ref(&detail.alert)).first(),
            "chains": detail.chains, "events": detail.events, "clocks": detail.clocks, "detections": keys,
            "linked": detail.linked.iter().map(|row| &row.number).collect::<Vec<_>>(),
            "earlier": detail.earlier.iter().map(|row| &row.number).collect::<Vec<_>>(),
        }));
    }
    output::line(&line(desk, &detail.alert));
    if let Some(heir) = &detail.alert.merged_into {
        output::line(&format!("  {}", said::merged_into(heir)));
    } else if detail.alert.superseded_at.is_some() {
        output::line(&format!("  {}", said::SUPERSEDED));
    }
    print_chain(&detail);
    for clock in &detail.clocks {
        let due = clock.due_at.map_or_else(|| "–".to_owned(), |at| words::local(&desk.ground, at));
        let (_, state) = words::clock_state(clock, detail.alert.undelivered_at, Lang::Zh);
        let unit = words::unit_name(&desk.ground, &clock.unit_code, Lang::Zh);
        output::line(&format!("  {}", said::clock(clock.kind.label().zh, &unit, &due, state)));
    }
    for row in &detail.detections {
        // The key is what `split` takes and is in UTC; the hour on the clock stands before it.
        let seen = words::local(&desk.ground, row.observation.key.acquired_at);
        output::line(&format!("  {}", said::pixel(&seen, &row.observation.key)));
    }
    for seen in &detail.events {
        let what = words::event_detail(&desk.ground, seen, Lang::Zh);
        let (kind, who) = (words::event(&seen.kind, Lang::Zh), words::actor(seen, Lang::Zh));
        let claimed = words::claimed(&desk.ground, seen, Lang::Zh).map(|at| format!("（{at}）")).unwrap_or_default();
        output::line(&format!("  {} {kind} {who}{claimed} {what}", words::local(&desk.ground, seen.at)));
    }
    Ok(())
}

fn print_chain(detail: &AlertDetail) {
    for link in detail.chains.last().into_iter().flatten() {
        let people: Vec<_> = link
            .holders
            .iter()
            .map(|holder| format!("{} {}", Lang::Zh.say(holder.role.label()), holder.name))
            .collect();
        output::line(&format!("  {} {} {}", Lang::Zh.say(link.level.label()), link.name, said::holders(&people)));
    }
}
