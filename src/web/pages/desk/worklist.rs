//! What the pages of the office share: an alert as a row, its next clock in words, telephones, forms and their refusals.
//!
//! Read only; the pages themselves ask the store and write through it.

use crate::domain;
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::store::{DeadlineRow, WorkRow};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::age_text;
use crate::web::pages::day::alert_list::verdict_class;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::words::{Label, Lang, full_name, pages as w, unit_name};

/// A clock that runs on an alert.
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

/// An alert as a row of a worklist.
pub(in crate::web) struct AlertLine {
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
pub(in crate::web) fn alert_line(ground: &Ground, lang: Lang, now: Timestamp, row: &WorkRow) -> AlertLine {
    let alert = &row.alert;
    AlertLine {
        number: alert.number.0.clone(),
        verdict: verdict_class(alert.verdict),
        verdict_words: lang.alert_verdict(alert.verdict),
        state: alert.state.name(),
        state_words: lang.say(alert.state.label()),
        source: lang.say(alert.source.label()),
        unit: full_name(ground, &alert.unit_code, lang),
        place: alert.nearest_place.as_ref().map(|place| lang.nearest_place(place)),
        owner: unit_name(ground, &alert.owner_code, lang),
        assigned_to: alert.assigned_to.clone(),
        seen: short(ground, alert.first_seen_at),
        description: alert.description.clone().filter(|text| !text.is_empty()),
        clock: row.clocks.first().map(|clock| next_clock(ground, lang, now, clock)),
        escalated_to: alert.escalated_to.as_ref().map(|code| unit_name(ground, code, lang)),
        undelivered: alert.undelivered_at.map(|at| short(ground, at)),
        is_disputed: alert.is_disputed,
    }
}

/// A clock in words.
pub(in crate::web) fn next_clock(ground: &Ground, lang: Lang, now: Timestamp, clock: &DeadlineRow) -> NextClock {
    let unit = unit_name(ground, &clock.unit_code, lang);
    let due_at = clock.due_at.unwrap_or(Timestamp::MAX);
    let is_overdue = clock.fired_at.is_some() || due_at <= now;
    let span = age_text(now.duration_since(due_at).abs(), lang);
    NextClock {
        kind: lang.say(clock.kind.label()),
        whose: clock.person.as_ref().map_or_else(|| unit.clone(), |person| format!("{unit} {person}")),
        due: short(ground, due_at),
        is_overdue,
        span: if is_overdue { w::problems::overdue_by(&span) } else { w::problems::time_left(&span) }.of(lang),
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

/// The alert that was just worked, as the address says after a form; only one that exists here is named.
pub(in crate::web) async fn done_of(me: &Me, ask: &Ask) -> Result<Option<String>, Problem> {
    let Some(number) = ask.param("done").map(|number| AlertNumber(number.to_owned())) else { return Ok(None) };
    Ok(me.store.alert_view(&number).await?.exists().then_some(number.0))
}

/// The local moment of now as a form's field holds it.
pub(in crate::web) fn field_moment(ground: &Ground, at: Timestamp) -> String {
    ground.data().time_zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()
}
