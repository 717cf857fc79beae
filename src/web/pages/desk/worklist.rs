//! What the pages of the office share: a case as a row, its next clock in words, telephones, forms and their refusals.
//!
//! Read only; the pages themselves ask the store and write through it.

use axum::http::StatusCode;
use axum::response::Response;

use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::report::lang::Lang;
use crate::report::words::{full_name, local, unit_name};
use crate::store::{DeadlineRow, WorkRow};
use crate::web::Web;
use crate::web::api::{Refused, moment};
use crate::web::ask::{Ask, percent_encoded};
use crate::web::auth::Me;
use crate::web::coverage::age_text;
use crate::web::error::{self, Problem};
use crate::web::pages::day::alert_list::verdict_class;
use crate::{credentials, domain};

/// Longest text of a form, characters.
const MAX_TEXT_CHARS: usize = 2000;

/// A clock that runs on a case.
pub(in crate::web) struct NextClock {
    /// What it waits for.
    pub kind: &'static str,
    /// Whose it is.
    pub whose: String,
    /// When it is due, local.
    pub due: String,
    /// It is past its time.
    pub is_overdue: bool,
    /// How long it has, or how long it is past, in words.
    pub span: String,
}

/// A case as a row of a worklist.
pub(in crate::web) struct CaseLine {
    /// Its number.
    pub number: String,
    /// The verdict, for the style sheet.
    pub verdict: &'static str,
    /// In words.
    pub verdict_words: &'static str,
    /// The state, for the style sheet.
    pub state: &'static str,
    /// In words.
    pub state_words: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Where it lies, with all units above.
    pub unit: String,
    /// Where, from the nearest place.
    pub place: Option<String>,
    /// Who has it.
    pub owner: String,
    /// The person it was dispatched to.
    pub assigned_to: Option<String>,
    /// Local time it was first seen.
    pub seen: String,
    /// What people reported.
    pub description: Option<String>,
    /// The clock that is due first.
    pub clock: Option<NextClock>,
    /// The last desk that was told of a missed clock.
    pub escalated_to: Option<String>,
    /// Since when nobody could be reached.
    pub undelivered: Option<String>,
    /// A dispute waits.
    pub is_disputed: bool,
}

/// Turns a row of the store into words.
pub(in crate::web) fn case_line(ground: &Ground, lang: Lang, now: Timestamp, row: &WorkRow) -> CaseLine {
    let case = &row.case;
    CaseLine {
        number: case.number.0.clone(),
        verdict: verdict_class(case.verdict),
        verdict_words: lang.case_verdict(case.verdict),
        state: case.state.name(),
        state_words: lang.alert_state(case.state),
        source: lang.pick(case.source.label_zh(), case.source.label_en()),
        unit: full_name(ground, &case.unit_code, lang),
        place: case.nearest_place.as_ref().map(|place| lang.nearest_place(place)),
        owner: unit_name(ground, &case.owner_code, lang),
        assigned_to: case.assigned_to.clone(),
        seen: short(ground, case.first_seen_at),
        description: case.description.clone().filter(|text| !text.is_empty()),
        clock: row.clocks.first().map(|clock| next_clock(ground, lang, now, clock)),
        escalated_to: case.escalated_to.as_ref().map(|code| unit_name(ground, code, lang)),
        undelivered: case.undelivered_at.map(|at| short(ground, at)),
        is_disputed: case.is_disputed,
    }
}

/// A clock in words.
pub(in crate::web) fn next_clock(ground: &Ground, lang: Lang, now: Timestamp, clock: &DeadlineRow) -> NextClock {
    let unit = unit_name(ground, &clock.unit_code, lang);
    let due_at = clock.due_at.unwrap_or(Timestamp::MAX);
    let is_overdue = clock.fired_at.is_some() || due_at <= now;
    let span = age_text(now.duration_since(due_at).abs(), lang);
    NextClock {
        kind: lang.pick(clock.kind.label_zh(), clock.kind.label_en()),
        whose: clock.person.as_ref().map_or_else(|| unit.clone(), |person| format!("{unit} {person}")),
        due: short(ground, due_at),
        is_overdue,
        span: match (is_overdue, lang) {
            (true, Lang::Zh) => format!("超时{span}"),
            (true, Lang::En) => format!("overdue by {span}"),
            (false, Lang::Zh) => format!("还剩{span}"),
            (false, Lang::En) => format!("{span} left"),
        },
    }
}

/// Local time without the year: lists hold the work of weeks, not of years.
pub(in crate::web) fn short(ground: &Ground, at: Timestamp) -> String {
    ground.data().time_zone.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

/// A telephone as a page shows it: dialled where it can be.
#[derive(Clone)]
pub(in crate::web) struct Phone {
    /// As it stands in the list.
    pub text: String,
    /// The address that dials it.
    pub href: Option<String>,
}

impl From<&domain::phone::Phone> for Phone {
    fn from(phone: &domain::phone::Phone) -> Self {
        Self { text: phone.to_string(), href: phone.href() }
    }
}

/// Names the forms of one page, so that a form that is sent twice is one command.
pub(in crate::web) fn form_id() -> Result<String, Problem> {
    // Half of a secret tells any two forms apart, and leaves room for what else the id says.
    Ok(credentials::new_secret()?.chars().take(22).collect())
}

/// A text of a form as the record takes it: what no person types is refused.
pub(in crate::web) fn text(name_zh: &str, name_en: &str, text: &str) -> Result<String, Problem> {
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > MAX_TEXT_CHARS || text.chars().any(is_odd) {
        return Err(unfit(format!(
            "“{name_zh}”超过{MAX_TEXT_CHARS}字或含有控制字符 · {name_en} is longer than {MAX_TEXT_CHARS} characters or holds \
             control characters"
        )));
    }
    Ok(text.trim().to_owned())
}

/// As [`text`], of a field that has to be filled.
pub(in crate::web) fn needed(name_zh: &str, name_en: &str, given: &str) -> Result<String, Problem> {
    let given = text(name_zh, name_en, given)?;
    if given.is_empty() {
        return Err(unfit(format!(
            "请填写“{name_zh}”，未作任何改动 · {name_en} has to be filled in; nothing was changed"
        )));
    }
    Ok(given)
}

/// A moment of a form: local date and time of the region.
pub(in crate::web) fn moment_of(
    name_zh: &str,
    name_en: &str,
    given: &str,
    ground: &Ground,
) -> Result<Timestamp, Problem> {
    moment(name_en, given.trim(), ground).map_err(|_unreadable| {
        unfit(format!(
            "{name_zh}应写作“年-月-日T时:分”，例如2026-04-13T12:55 · {name_en} is a local date and time such as \
             2026-04-13T12:55"
        ))
    })
}

/// A form that says something it cannot.
pub(in crate::web) fn unfit(why: impl std::fmt::Display) -> Problem {
    Refused::plain(StatusCode::UNPROCESSABLE_ENTITY, why)
}

/// Why a form was not taken, for the page that shows it again.
pub(in crate::web) struct Denied {
    /// The status of the answer.
    pub status: StatusCode,
    /// Why, in words.
    pub why: String,
}

impl Denied {
    /// What people can mend; a failure of ours is a page of its own.
    pub fn of(problem: Problem, lang: Lang) -> Result<Self, Problem> {
        let status = problem.status();
        if status.is_client_error() { Ok(Self { status, why: problem.happened(lang) }) } else { Err(problem) }
    }
}

/// The request as if it had asked for the page that a form stands on: what its links lead back to.
pub(in crate::web) fn asking_for(ask: &Ask, path: &str) -> Ask {
    let mut again = ask.clone();
    path.clone_into(&mut again.path);
    again
}

/// Answers with a page that shows a form again, under the status of its refusal.
pub(in crate::web) async fn shown_again(
    web: &Web,
    ask: &Ask,
    page: Result<String, Problem>,
    status: StatusCode,
) -> Response {
    let is_page = page.is_ok();
    let mut response = error::page(web, ask, page).await;
    if is_page {
        *response.status_mut() = status;
    }
    response
}

/// The parameters of an address that a list is made of, to be changed one at a time.
pub(in crate::web) struct Filters<'a> {
    ask: &'a Ask,
    path: &'static str,
    kept: Vec<(&'static str, String)>,
}

impl<'a> Filters<'a> {
    /// Those of a request, out of what the page knows.
    pub fn of(ask: &'a Ask, path: &'static str, known: &[&'static str]) -> Self {
        let kept = known.iter().filter_map(|name| Some((*name, ask.param(name)?.to_owned()))).collect();
        Self { ask, path, kept }
    }

    /// The address with some parameters set anew; an empty value leaves one out.
    pub fn with(&self, changes: &[(&'static str, &str)]) -> String {
        self.ask.href(&self.at(self.path, changes))
    }

    /// The address with these parameters and no others.
    pub fn anew(&self, params: &[(&'static str, &str)]) -> String {
        Filters { ask: self.ask, path: self.path, kept: Vec::new() }.with(params)
    }

    /// Another address with the same parameters.
    pub fn at(&self, path: &str, changes: &[(&'static str, &str)]) -> String {
        let is_kept = |name: &str| !changes.iter().any(|(changed, _)| *changed == name);
        let kept = self.kept.iter().filter(|(name, _)| is_kept(name)).map(|(name, value)| (*name, value.as_str()));
        let all: Vec<String> = kept
            .chain(changes.iter().copied().filter(|(_, value)| !value.is_empty()))
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        if all.is_empty() { path.to_owned() } else { format!("{path}?{}", all.join("&")) }
    }
}

/// The case that was just worked, as the address says after a form; only one that exists here is named.
pub(in crate::web) async fn done_of(me: &Me, ask: &Ask) -> Result<Option<String>, Problem> {
    let Some(number) = ask.param("done").map(|number| AlertNumber(number.to_owned())) else { return Ok(None) };
    Ok(me.store.sees(&number).await?.then_some(number.0))
}

/// The local moment of now as a form's field holds it.
pub(in crate::web) fn field_moment(ground: &Ground, at: Timestamp) -> String {
    ground.data().time_zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Local date and minute.
pub(in crate::web) fn long(ground: &Ground, at: Timestamp) -> String {
    local(ground, at)
}
