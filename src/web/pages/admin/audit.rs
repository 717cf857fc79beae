//! The log of everything for those who see the whole region: read backwards, narrowed, and proved on demand.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use crate::domain::account::Role;
use crate::domain::actor::SYSTEM;
use crate::domain::clock_trust::DoubtReason;
use crate::domain::ground::Ground;
use crate::domain::plan::PlanStatus;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::report::words::{event, event_detail, local, plan_event, unit_name};
use crate::store::audit::Verdict;
use crate::store::query::AlertEvent;
use crate::store::{LogFilter, LogRow, TakenUp};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::params;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::Lang;

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
    cases: i64,
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
            cases: audit.cases,
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
            .map(|kind| (kind, about(kind, lang)))
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
        about: about(&row.subject_kind, lang),
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
            vec![(String::new(), case_detail(ground, row, lang))]
        } else {
            detail(ground, &row.detail, lang)
        },
    }
}

fn about(kind: &str, lang: Lang) -> &'static str {
    let (zh, en) = match kind {
        "account" => ("账号", "account"),
        "alert" => ("案件", "case"),
        "desk" => ("值班席位", "desk"),
        "plan" => ("烧除计划", "burn plan"),
        "weather" => ("焚烧气象等级", "burn weather"),
        "heat_source" => ("固定热源", "heat source"),
        "installation" => ("系统", "installation"),
        "judgement" => ("重新判定", "rejudgement"),
        "region" => ("区域文件", "region files"),
        "clock" => ("本机时钟", "this machine's clock"),
        "official_list" => ("官方名单", "official list"),
        _ => ("其他", "other"),
    };
    lang.pick(zh, en)
}

fn who(ground: &Ground, row: &LogRow, lang: Lang) -> String {
    if row.actor == SYSTEM {
        return lang.pick("系统", "system").to_owned();
    }
    let unit = row.actor_unit.as_ref().map(|unit| unit_name(ground, unit, lang));
    let unit = unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
    let behalf = row.on_behalf_of.as_ref().map(|name| format!(" {}{name}", lang.pick("代", "for ")));
    format!("{}{unit}{}", row.actor, behalf.unwrap_or_default())
}

/// Through what it was done: the account, what brought it in, who let it in, and from where.
fn through(row: &LogRow, lang: Lang) -> String {
    let address = row.address.as_deref().map(|address| match address {
        "loopback" => lang.pick("本机", "this machine"),
        "private" => lang.pick("内网", "own network"),
        _ => lang.pick("外网", "elsewhere"),
    });
    let access = row.access.as_ref().map(|access| match access.split_once(' ') {
        Some(("session", id)) => format!("{}{id}", lang.pick("会话", "session ")),
        Some(("token", id)) => format!("{}{id}", lang.pick("令牌", "token ")),
        _ => lang.pick("命令行", "command").to_owned(),
    });
    let let_in_by = row.let_in_by.as_ref().map(|account| format!("{}{account}", lang.pick("放行：", "let in by ")));
    let parts = [row.account.clone(), access, address.map(str::to_owned), let_in_by];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What happened, in words; a word this version does not know stays as it is.
fn what(subject_kind: &str, kind: &str, lang: Lang) -> String {
    let (zh, en) = match (subject_kind, kind) {
        ("alert", _) => return event(kind, lang),
        ("plan", _) => return plan_event(kind, lang),
        (_, "account_added") => ("建立账号", "account made"),
        (_, "account_disabled") => ("停用账号", "account disabled"),
        (_, "account_enabled") => ("启用账号", "account enabled"),
        (_, "role_changed") => ("更改角色", "role changed"),
        (_, "password_set") => ("设置密码", "password set"),
        (_, "link_made") => ("生成个人登录链接", "sign-in link made"),
        (_, "token_added") => ("建立访问令牌", "token made"),
        (_, "token_ended") => ("停用访问令牌", "token ended"),
        (_, "session_ended") => ("让设备退出", "device ended"),
        (_, "second_step_set") => ("设置两步验证", "second step set up"),
        (_, "second_step_removed") => ("取消两步验证", "second step removed"),
        (_, "recovery_code_used") => ("使用恢复码登录", "came in by a recovery code"),
        (_, "browsers_forgotten") => ("清除熟悉的浏览器", "known browsers forgotten"),
        (_, "signed_in") => ("登录", "signed in"),
        (_, "cases_exported") => ("导出案件清单", "cases exported"),
        (_, "plans_exported") => ("导出烧除计划", "plans exported"),
        (_, "people_listed") => ("导出责任清单", "responsibility list taken"),
        (_, "original_taken") => ("下载照片原件", "original of a photo taken"),
        ("weather", "entered") => ("录入", "entered"),
        ("heat_source", "approved") => ("批准", "approved"),
        ("heat_source", "renewed") => ("续期", "renewed"),
        ("heat_source", "handed_over") => ("移交", "handed over"),
        ("heat_source", "ended") => ("终止", "ended"),
        ("installation", "restored") => ("采用恢复的数据库", "restored database accepted"),
        ("clock", "doubted") => ("时间不可信，改按校正时间记录", "not believed; times are corrected"),
        ("clock", "believed") => ("时间恢复可信", "believed again"),
        ("official_list", "recorded") => ("录入", "recorded"),
        (_, "rejudged") => ("改判", "judged again"),
        (_, "people_imported") => ("导入责任人", "people imported"),
        (_, "duty_imported") => ("导入值班表", "roster imported"),
        (_, other) => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
}

/// What an event of a case says, as the page of the case says it.
fn case_detail(ground: &Ground, row: &LogRow, lang: Lang) -> String {
    let event = AlertEvent {
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
            Value::String(text) if key == "plot" && !text.is_empty() => lang.pick("有", "yes").to_owned(),
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => spoken(ground, key, text, lang),
            Value::Bool(is) => lang.pick(if *is { "是" } else { "否" }, if *is { "yes" } else { "no" }).to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let texts = items.iter().filter_map(Value::as_str).map(|text| lang.of_both(text));
                texts.collect::<Vec<_>>().join(lang.pick("；", "; "))
            }
            other => other.to_string().chars().take(200).collect(),
        };
        Some((field(key, lang), text))
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
        "status" => {
            PlanStatus::from_name(text).map_or(text, |status| lang.pick(status.label_zh(), status.name())).to_owned()
        }
        "how" => how(text, lang).to_owned(),
        "reason" => doubt_reason(text, lang).to_owned(),
        "power" => power(text, lang).to_owned(),
        "outcome" => taken_up(text, lang).to_owned(),
        "role" | "old_role" => {
            Role::from_name(text).map_or(text, |role| lang.pick(role.label_zh(), role.label_en())).to_owned()
        }
        _ => lang.of_both(text).to_owned(),
    }
}

/// Why the clock was doubted; other reasons are the words of people.
fn doubt_reason(word: &str, lang: Lang) -> &str {
    DoubtReason::from_name(word).map_or(word, |reason| lang.pick(reason.label_zh(), reason.label_en()))
}

fn how(word: &str, lang: Lang) -> &str {
    match word {
        "password" => lang.pick("密码", "password"),
        "link" => lang.pick("个人链接", "personal link"),
        "sign_on" => lang.pick("统一认证", "city sign-on"),
        "demo" => lang.pick("演示", "demonstration"),
        other => other,
    }
}

fn power(word: &str, lang: Lang) -> &str {
    match word {
        "read" => lang.pick("只读", "read"),
        "write" => lang.pick("办理", "write"),
        "act_for" => lang.pick("代他人办理", "act for others"),
        other => other,
    }
}

/// What became of a plan of the region's file.
fn taken_up(word: &str, lang: Lang) -> &str {
    serde_json::from_value(Value::from(word)).map_or(word, |outcome: TakenUp| lang.of_both(outcome.label()))
}

/// What a field is called; one this version does not know stays as it is.
fn field(key: &str, lang: Lang) -> String {
    let (zh, en) = match key {
        "role" => ("角色", "role"),
        "unit" | "unit_code" | "owner" => ("单位", "unit"),
        "old_role" => ("原角色", "role before"),
        "old_unit" => ("原单位", "unit before"),
        "person" => ("姓名", "person"),
        "expires_at" | "expires" => ("到期", "until"),
        "label" => ("用途", "for"),
        "power" => ("权限", "may"),
        "status" | "state" => ("状态", "state"),
        "note" => ("备注", "note"),
        "order" => ("指令", "order"),
        "from" => ("自", "from"),
        "to" => ("至", "to"),
        "burnt_mu" => ("实际烧除（亩）", "burnt, mu"),
        "area_mu" => ("面积（亩）", "area, mu"),
        "responsible" => ("负责人", "answers for it"),
        "cautions" => ("注意事项", "cautions"),
        "level" => ("等级", "level"),
        "text" => ("内容", "text"),
        "why" | "reason" => ("原因", "why"),
        "ahead_secs" => ("快（秒，负数为慢）", "ahead, s (negative: behind)"),
        "clock_shows" => ("本机时钟显示", "this clock showed"),
        "clock" => ("时限", "clock"),
        "name" => ("名称", "name"),
        "session" => ("设备", "device"),
        "token" => ("令牌", "token"),
        "rows" => ("行数", "rows"),
        "how" => ("方式", "how"),
        "device" => ("浏览器", "browser"),
        "address" => ("地址", "address"),
        "plot" => ("地块", "plot"),
        "window_start" => ("时段自", "window from"),
        "window_end" => ("时段至", "window to"),
        "received_at" => ("收到", "received"),
        "approved_in_file" | "approved_at_in_file" => ("文件所称批准时间", "approved, by the file"),
        "outcome" => ("结果", "outcome"),
        "watched_by" => ("看护人", "watched by"),
        "ended_on" => ("终止日期", "ended on"),
        "before" => ("之前", "before"),
        "after" => ("之后", "after"),
        "kind" => ("类型", "kind"),
        "radius_m" => ("半径（米）", "radius, m"),
        "lon" => ("经度", "longitude"),
        "lat" => ("纬度", "latitude"),
        "evidence" => ("证据", "evidence"),
        "day" | "date" => ("日期", "day"),
        other => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
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
