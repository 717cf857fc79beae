//! What happened to an alert, as its log keeps it.
//!
//! The pages and the command line say the same. A word that this version does not know stays as it is.

use serde_json::Value;

use super::{Label, Lang, Say, local, unit_name};
use crate::domain::actor::SYSTEM;
use crate::domain::alert::{Act, ActKind, AlertEvent, Beginning, FieldKind, Logged, Why};
use crate::domain::clock::ClockKind;
use crate::domain::finding::Finding;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::DeadlineRow;
use crate::store::query::AlertEventRow;

/// What happened to an alert.
#[must_use]
pub fn event(kind: &str, lang: Lang) -> String {
    if let Some(act) = ActKind::ALL.into_iter().find(|act| act.event() == kind && *act != ActKind::Merge) {
        return lang.say(act.label()).to_owned();
    }
    let (zh, en) = match kind {
        "recorded" => ("生成告警", "recorded"),
        "grown" => ("扩大", "grown"),
        "merged" | "merged_here" => ("合并", "merged"),
        "superseded" => ("已被修订取代", "superseded"),
        "vanished" => ("卫星初步数据已撤下", "provisional pixel withdrawn"),
        "reappeared" => ("卫星初步数据重新出现", "provisional pixel back"),
        "joined" => ("卫星随后也观测到", "a satellite saw it too"),
        "reported_too" => ("人员也已上报", "people reported it too"),
        "parted" => ("卫星数据修订后不再对应", "the satellite's fire moved away"),
        "possible_rekindling" => ("疑似复燃", "possible rekindling"),
        "took_over" => ("沿用被并告警的办理进度", "took over what was done"),
        "overdue" => ("超时", "overdue"),
        "escalated" => ("升级提醒", "escalated"),
        "ceiling_reached" => ("已到升级上限", "no higher level is told"),
        "undelivered" => ("未送达", "undelivered"),
        "lookback_due" => ("到期待回头看", "look-back due"),
        "fire_followed_by" => ("火点由另一告警跟进", "another alert follows the fire"),
        "follows_fire_of" => ("跟进已结告警的火点", "follows the fire of an alert that is over"),
        "burns_after_close" => ("结案后再次观测到火点", "fire seen after the alert was closed"),
        other => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
}

/// The detail of an event, with codes and words turned into names.
#[must_use]
pub fn event_detail(ground: &Ground, event: &AlertEventRow, lang: Lang) -> String {
    let detail = Detail { ground, event, lang };
    let text = detail.text();
    let note = detail.field("note");
    if note.is_empty() { text } else { format!("{text} {note}").trim().to_owned() }
}

/// Who did it; the service itself is named in words, and both people where one entered it for another.
#[must_use]
pub fn actor(event: &AlertEventRow, lang: Lang) -> String {
    if event.actor == SYSTEM {
        return lang.pick("系统", "system").to_owned();
    }
    match (&event.on_behalf_of, lang) {
        (None, _) => event.actor.clone(),
        (Some(name), Lang::Zh) => format!("{}（代{name}）", event.actor),
        (Some(name), Lang::En) => format!("{} (for {name})", event.actor),
    }
}

/// When it happened in the words of the person or phone, where that was said; server time stands beside it.
#[must_use]
pub fn claimed(ground: &Ground, event: &AlertEventRow, lang: Lang) -> Option<String> {
    let at = local(ground, event.claimed_at?);
    Some(match lang {
        Lang::Zh => format!("手机时间 {at}"),
        Lang::En => format!("by their account {at}"),
    })
}

/// What became of a clock: a word for programs and styles, and the words people read.
#[must_use]
pub fn clock_state(clock: &DeadlineRow, undelivered_at: Option<Timestamp>, lang: Lang) -> (&'static str, &'static str) {
    let pick = |state, zh, en| (state, lang.pick(zh, en));
    // The clocks of whoever was never reached were cancelled when that was noted.
    let is_of_the_holder = matches!(clock.kind, ClockKind::Acknowledge | ClockKind::OnSite | ClockKind::Report);
    let was_undelivered = is_of_the_holder && clock.ended_at.is_some() && clock.ended_at == undelivered_at;
    match (clock.outcome.as_deref(), clock.fired_at, clock.due_at) {
        (Some("met"), ..) => pick("met", "按时", "met"),
        (Some("missed"), ..) => pick("missed", "超时办理", "missed"),
        (Some(_), ..) if was_undelivered => pick("undelivered", "未送达", "undelivered"),
        (Some(_), ..) => pick("cancelled", "已取消", "cancelled"),
        (None, Some(_), _) => pick("overdue", "超时未办", "overdue"),
        (None, None, Some(_)) => pick("running", "计时中", "running"),
        (None, None, None) => pick("paused", "暂停", "paused"),
    }
}

/// Who answered for the desk that an escalation told, as recorded then; `None` in records older than that.
#[must_use]
pub fn on_duty(event: &AlertEventRow, lang: Lang) -> Option<String> {
    let Some(Logged::Alert(AlertEvent::Escalated { on_duty: Some(found), .. })) = event.logged() else { return None };
    let text = found.say().of(lang);
    (!text.is_empty()).then_some(text)
}

/// The texts that an act carries.
fn texts(act: &Act) -> String {
    let said = serde_json::json!(act);
    let texts = act.kind().fields().iter().filter(|field| field.kind == FieldKind::Text);
    texts.filter_map(|field| said.get(field.name)?.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a look-back said.
#[must_use]
pub fn look_back(is_clean: bool, lang: Lang) -> &'static str {
    if is_clean {
        lang.pick("无复燃", "nothing burns there")
    } else {
        lang.pick("又有火情或过火痕迹", "burns or burnt there again")
    }
}

/// What was found, in one line: kind, area, material, what was done.
#[must_use]
pub fn finding_line(finding: &Finding, lang: Lang) -> String {
    let mut parts = vec![lang.say(finding.kind.label()).to_owned()];
    parts.extend(finding.burnt_mu.map(|mu| format!("{mu} {}", lang.pick("亩", "mu"))));
    parts.extend(finding.material.iter().chain(&finding.action).cloned());
    parts.join(lang.pick("，", ", "))
}

struct Detail<'a> {
    ground: &'a Ground,
    event: &'a AlertEventRow,
    lang: Lang,
}

impl Detail<'_> {
    fn field(&self, key: &str) -> &str {
        self.event.detail.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn text(&self) -> String {
        let event = self.event;
        match event.logged() {
            Some(Logged::Act(done)) => self.act(&done.act),
            Some(Logged::Alert(noted)) => self.noted(&noted),
            // Kept by an older version, or a newer one.
            None => event.text().to_owned(),
        }
    }

    /// What an act carried.
    fn act(&self, act: &Act) -> String {
        let (ground, lang) = (self.ground, self.lang);
        let unit = |code: &UnitCode| unit_name(ground, code, lang);
        match act {
            Act::Report { finding } => finding_line(finding, lang),
            Act::Review { review } => lang.say(review.label()).to_owned(),
            Act::Rectify { by, document_number } => {
                let until = lang.pick("限期", "until ");
                format!("{until}{by} {}", document_number.as_deref().unwrap_or_default()).trim().to_owned()
            }
            Act::LookBack { is_clean } => look_back(*is_clean, lang).to_owned(),
            Act::Decide { accepted: true } => lang.pick("异议成立", "accepted").to_owned(),
            Act::Decide { accepted: false } => lang.pick("异议不成立", "refused").to_owned(),
            Act::Dispatch { to, unit: code } => format!("{to} {}", unit(code)),
            Act::Reassign { to } => unit(to),
            Act::Dispute { proposed } => unit(proposed),
            Act::Merge { into } => into.0.clone(),
            Act::Call { whom, answered: true } => whom.clone(),
            Act::Call { whom, answered: false } => format!("{whom}{}", lang.pick("（未接通）", " (no answer)")),
            other => texts(other),
        }
    }

    /// What firegrid noted, or somebody brought.
    fn noted(&self, noted: &AlertEvent) -> String {
        let (ground, lang) = (self.ground, self.lang);
        let clock = |clock: ClockKind| lang.say(clock.label());
        match noted {
            AlertEvent::Recorded(Beginning::Seen { text }) => lang.say(text.label()).to_owned(),
            AlertEvent::Recorded(Beginning::Brought { description })
            | AlertEvent::ReportedToo(Beginning::Brought { description }) => description.clone(),
            AlertEvent::Grown { text } => {
                let words = text.split_whitespace().map(|word| self.verdict_or_unit(word));
                words.collect::<Vec<_>>().join(lang.pick("、", ", "))
            }
            AlertEvent::Superseded { .. } => lang
                .pick(
                    "卫星数据修订或重新判定后，此处不再有须告警的火点",
                    "after a revision or a rejudgement no fire here asks for an alert",
                )
                .to_owned(),
            AlertEvent::Undelivered { text } => unit_name(ground, text, lang),
            AlertEvent::TookOver { text } => lang.say(text.label()).to_owned(),
            AlertEvent::Overdue { clock: kind, unit, .. } | AlertEvent::CeilingReached { clock: kind, unit, .. } => {
                format!("{} {}", clock(*kind), unit_name(ground, unit, lang))
            }
            AlertEvent::Escalated { from, to, why, .. } => self.escalation(from, to, *why),
            AlertEvent::MergedHere { from, .. } => from.0.clone(),
            _ => self.event.text().to_owned(),
        }
    }

    /// From which desk to which, why, and who was there.
    fn escalation(&self, from: &UnitCode, to: &UnitCode, why: Why) -> String {
        let lang = self.lang;
        let (from, to) = (unit_name(self.ground, from, lang), unit_name(self.ground, to, lang));
        let (why, late) = match why {
            Why::Missed(clock) => (lang.say(clock.label()), lang.pick("超时", " overdue")),
            Why::Undelivered => (lang.pick("未送达", "undelivered"), ""),
        };
        let duty = on_duty(self.event, lang).map(|duty| format!("{}{duty}", lang.pick("；", "; "))).unwrap_or_default();
        match lang {
            Lang::Zh => format!("{from} → {to}（{why}{late}{duty}）"),
            Lang::En => format!("{from} → {to} ({why}{late}{duty})"),
        }
    }

    fn verdict_or_unit(&self, word: &str) -> String {
        match Verdict::from_name(word) {
            Some(verdict) => self.lang.say(verdict.label()).to_owned(),
            None => unit_name(self.ground, &UnitCode(word.to_owned()), self.lang),
        }
    }
}
