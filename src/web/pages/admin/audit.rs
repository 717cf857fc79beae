//! The log of everything for those who see the whole region: read backwards, narrowed, and proved on demand.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use crate::domain::account::Role;
use crate::domain::actor::SYSTEM;
use crate::domain::clock_trust::DoubtReason;
use crate::domain::event_kind::AccountEvent;
use crate::domain::ground::Ground;
use crate::domain::plan::PlanStatus;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::audit::Verdict;
use crate::store::query::AlertEventRow;
use crate::store::{LogFilter, LogRow, TakenUp};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::params;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, event, event_detail, local, pages as w, plan_event, unit_name};

/// Rows of a page.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    kinds: Vec<(&'static str, &'static str)>,
    kind: String,
    subject: String,
    actor: String,
    day: String,
    rows: Vec<RowView>,
    next: Option<String>,
    proof: Option<Proof>,
}

struct RowView {
    seq: i64,
    at: String,
    about: &'static str,
    subject: String,
    href: Option<String>,
    what: String,
    who: String,
    through: String,
    claimed: Option<String>,
    detail: Vec<(String, String)>,
}

struct Proof {
    verdict: Verdict,
    events: i64,
    alerts: i64,
    photos: i64,
    seq: i64,
    hash: String,
    faults: Vec<String>,
}

/// `GET /audit`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = show(&web, &me, &ask, None).await;
    respond::page(&web, &ask, built).await
}

/// `POST /audit/verify`: walks the whole chain on a reader's thread and shows what it found.
pub(in crate::web) async fn verify(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        me.reads_log()?;
        let audit = me.store.verify_audit(None).await?.ok_or(Problem::NotForRole(me.account.role))?;
        let faults = audit.faults.iter().map(ToString::to_string);
        let proof = Proof {
            verdict: audit.verdict,
            events: audit.events,
            alerts: audit.alerts,
            photos: audit.photos,
            seq: audit.head.seq,
            hash: audit.head.hash,
            faults: faults.chain(audit.damage.iter().map(ToString::to_string)).collect(),
        };
        show(&web, &me, &ask, Some(proof)).await
    };
    respond::page(&web, &ask, built.await).await
}

async fn show(web: &Web, me: &Me, ask: &Ask, proof: Option<Proof>) -> Result<String, Problem> {
    ask.only(&["kind", "subject", "actor", "day", "before"])?;
    me.reads_log()?;
    let (ground, lang) = (web.ground(), ask.lang);
    let known = |word: &str| LogFilter::kinds().into_iter().find(|kind| *kind == word);
    let kind = params::word(ask, "kind", known, LogFilter::KINDS)?;
    let day = ask.date("day")?;
    let span = day.map(|day| params::day_span("day", day, &ground)).transpose()?;
    let before = params::word(ask, "before", |text| text.parse::<i64>().ok(), "the number of an event")?;
    let text = |name: &str| ask.param(name).map(|text| text.trim().to_owned());
    // How people came in, and from where, is for whoever keeps the accounts: as in the API.
    let without_accounts = !me.account.role.administers();
    let filter = LogFilter {
        subject_kind: kind.map(str::to_owned),
        subject: text("subject"),
        actor: text("actor"),
        span,
        without_accounts,
    };
    let mut rows = me.store.log(filter, before, PAGE + 1).await?;
    let has_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let last = rows.last().map(|row| row.seq).filter(|_| has_more);
    // After the button the address is that of the form.
    let listed = ask.at("/audit");
    let page = AuditPage {
        f: Frame::of(web, &listed).await,
        kinds: LogFilter::kinds()
            .into_iter()
            .filter(|kind| !(without_accounts && *kind == "account"))
            .map(|kind| (kind, lang.say(w::log::subject(kind))))
            .collect(),
        kind: kind.unwrap_or_default().to_owned(),
        subject: text("subject").unwrap_or_default(),
        actor: text("actor").unwrap_or_default(),
        day: day.map(|day| day.to_string()).unwrap_or_default(),
        rows: rows.iter().map(|row| view(&ground, row, ask)).collect(),
        next: last.map(|seq| listed.here_with("before", &seq.to_string())),
        proof,
    };
    Ok(page.render()?)
}

fn view(ground: &Ground, row: &LogRow, ask: &Ask) -> RowView {
    let lang = ask.lang;
    let subject = percent_encoded(&row.subject);
    let href = match row.subject_kind.as_str() {
        "alert" => Some(format!("/alerts/{subject}")),
        "plan" => Some(format!("/plans/{subject}")),
        "heat_source" => Some("/heat-sources".to_owned()),
        "region" => Some("/regions".to_owned()),
        "account" => Some(format!("/users/{subject}")),
        _ => None,
    };
    RowView {
        seq: row.seq,
        at: ground.local_time(row.at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        about: lang.say(w::log::subject(&row.subject_kind)),
        subject: if row.subject_kind == "region" {
            row.subject.chars().take(12).collect()
        } else {
            row.subject.clone()
        },
        href: href.map(|href| ask.href(&href)),
        what: what(&row.subject_kind, &row.kind, lang),
        who: who(ground, row, lang),
        through: through(row, lang),
        claimed: row.claimed_at.map(|at| local(ground, at)),
        detail: if row.subject_kind == "alert" {
            vec![(String::new(), alert_detail(ground, row, lang))]
        } else {
            detail(ground, &row.detail, lang)
        },
    }
}

fn who(ground: &Ground, row: &LogRow, lang: Lang) -> String {
    if row.actor == SYSTEM {
        return lang.say(w::plans::SYSTEM).to_owned();
    }
    let unit = row.actor_unit.as_ref().map(|unit| unit_name(ground, unit, lang));
    let unit = unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
    let behalf = row.on_behalf_of.as_ref().map(|name| format!(" {}{name}", lang.say(w::log::ON_BEHALF)));
    format!("{}{unit}{}", row.actor, behalf.unwrap_or_default())
}

/// Through what it was done: the account, what brought it in, who let it in, and from where.
fn through(row: &LogRow, lang: Lang) -> String {
    let address = row.address.as_deref().map(|address| match address {
        "loopback" => lang.say(w::log::THIS_MACHINE),
        "private" => lang.say(w::log::OWN_NETWORK),
        _ => lang.say(w::log::OUTSIDE),
    });
    let access = row.access.as_ref().map(|access| match access.split_once(' ') {
        Some(("session", id)) => format!("{}{id}", lang.say(w::log::SESSION)),
        Some(("token", id)) => format!("{}{id}", lang.say(w::log::TOKEN)),
        _ => lang.say(w::log::COMMAND).to_owned(),
    });
    let let_in_by = row.let_in_by.as_ref().map(|account| format!("{}{account}", lang.say(w::log::LET_IN_BY)));
    let parts = [row.account.clone(), access, address.map(str::to_owned), let_in_by];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What happened, in words; a word this version does not know stays as it is.
fn what(subject_kind: &str, kind: &str, lang: Lang) -> String {
    match subject_kind {
        "alert" => event(kind, lang),
        "account" => AccountEvent::from_name(kind).map_or(kind, |kind| lang.say(kind.label())).to_owned(),
        "plan" => plan_event(kind, lang),
        _ => w::log::event(subject_kind, kind).map_or(kind, |words| lang.say(words)).to_owned(),
    }
}

/// What an event of an alert says, as the page of the alert says it.
fn alert_detail(ground: &Ground, row: &LogRow, lang: Lang) -> String {
    let event = AlertEventRow {
        seq: row.seq,
        at: row.at,
        kind: row.kind.clone(),
        actor: row.actor.clone(),
        actor_unit: row.actor_unit.clone(),
        on_behalf_of: row.on_behalf_of.clone(),
        claimed_at: row.claimed_at,
        detail: row.detail.clone(),
    };
    event_detail(ground, &event, lang)
}

/// The facts of an event: its simple values by name, codes as names, moments local.
fn detail(ground: &Ground, detail: &Value, lang: Lang) -> Vec<(String, String)> {
    let Value::Object(fields) = detail else { return Vec::new() };
    let line = |(key, value): (&String, &Value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) if key == "plot" && !text.is_empty() => lang.say(w::log::HAS_PLOT).to_owned(),
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => spoken(ground, key, text, lang),
            Value::Bool(is) => lang.say(if *is { w::log::YES } else { w::log::NO }).to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let texts = items.iter().filter_map(Value::as_str).map(|text| lang.of_both(text));
                texts.collect::<Vec<_>>().join(lang.say(w::shared::SEMICOLON))
            }
            other => other.to_string().chars().take(200).collect(),
        };
        Some((w::log::field(key).map_or(key.as_str(), |words| lang.say(words)).to_owned(), text))
    };
    fields.iter().filter_map(line).collect()
}

fn spoken(ground: &Ground, key: &str, text: &str, lang: Lang) -> String {
    if let Ok(at) = text.parse::<Timestamp>() {
        return local(ground, at);
    }
    match key {
        "unit" | "old_unit" | "to" | "from" | "proposed" | "owner" | "unit_code" => {
            unit_name(ground, &UnitCode(text.to_owned()), lang)
        }
        "status" => PlanStatus::from_name(text).map_or(text, |status| lang.say(status.label())).to_owned(),
        "how" => w::log::came_in(text).map_or(text, |words| lang.say(words)).to_owned(),
        "reason" => doubt_reason(text, lang).to_owned(),
        "power" => w::log::power(text).map_or(text, |words| lang.say(words)).to_owned(),
        "outcome" => taken_up(text, lang).to_owned(),
        "role" | "old_role" => Role::from_name(text).map_or(text, |role| lang.say(role.label())).to_owned(),
        _ => lang.of_both(text).to_owned(),
    }
}

/// Why the clock was doubted; other reasons are the words of people.
fn doubt_reason(word: &str, lang: Lang) -> &str {
    DoubtReason::from_name(word).map_or(word, |reason| lang.say(reason.label()))
}

/// What became of a plan of the region's file.
fn taken_up(word: &str, lang: Lang) -> &str {
    serde_json::from_value(Value::from(word)).map_or(word, |outcome: TakenUp| lang.say(outcome.label()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_plan_is_said_in_the_readers_language() {
        assert_eq!(taken_up("believed", Lang::Zh), "首次载入，按表内批准时间采信");
        assert_eq!(taken_up("changed", Lang::En), "changed: taken up now");
        assert_eq!(taken_up("of a later version", Lang::Zh), "of a later version");
    }
}
