//! The duty page (值班): who is on duty, which alerts nobody has answered, whom to telephone next, and what was called.
//!
//! Calls and acknowledgements for others are the acts of an alert like any other ([`crate::domain::alert`]); this page only
//! brings them together. Handing the shift over is [`super::handover`].

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::handover::{HandoverLine, handover_line};
use crate::domain::alert::Act;
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::chain::{self, DeskPeople, Gap};
use crate::domain::clock::next_desk;
use crate::domain::ground::Ground;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::{DutyShift, UnitCode, UnitLevel};
use crate::store::query::AlertEventRow;
use crate::store::{AlertFilter, Command, Ended, With, WorkList, WorkOrder, WorkRow};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::{Typed, new_client_id, refusal};
use crate::web::frame::Frame;
use crate::web::pages::desk::worklist::{AlertLine, Phone, alert_line, done_of, field_moment, short};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, Say, actor, claimed, event_detail, full_name, local, pages as w};

/// Alerts shown at once: more than anybody telephones about; the problem list has the rest.
const SHOWN: u32 = 60;

/// Handovers listed.
const HANDOVERS: u32 = 5;

/// A call may be noted so much ahead of the server's clock, as watches differ.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

#[derive(Template)]
#[template(path = "duty.html")]
struct Duty {
    f: Frame,
    unit: String,
    desks: Vec<DeskLine>,
    waiting: Vec<Waiting>,
    total: u64,
    all_href: String,
    handovers: Vec<HandoverLine>,
    done: Option<String>,
    denied: Option<Again>,
    may_work: bool,
    may_hand_over: bool,
    now: String,
}

/// Who sits at a desk.
struct DeskLine {
    unit: String,
    level: &'static str,
    leader: Option<String>,
    officer: String,
    phone: Option<Phone>,
    until: Option<String>,
    /// What was passed over to find him.
    gaps: String,
}

/// An alert that nobody has answered.
struct Waiting {
    line: AlertLine,
    /// Whom to telephone, from the cell upward.
    people: Vec<Person>,
    /// The first of them whom nobody tried in vain.
    next: Option<Person>,
    /// The desk that hears of it when the clock runs out.
    escalates_to: Option<DeskLine>,
    log: Vec<LogLine>,
    is_open: bool,
    whom: String,
    for_whom: String,
    called_at: String,
    call_id: String,
    call_path: String,
    ack_id: String,
    ack_path: String,
    acts_path: String,
}

#[derive(Clone)]
struct Person {
    unit: String,
    role: &'static str,
    name: String,
    phone: Option<Phone>,
    /// When he was last called in vain.
    tried: Option<String>,
}

impl Person {
    /// Whether a telephone of his can be dialled.
    fn is_reachable(&self) -> bool {
        self.phone.as_ref().is_some_and(|phone| phone.href.is_some())
    }
}

struct LogLine {
    at: String,
    who: String,
    what: String,
    detail: String,
}

/// A form that was not taken.
struct Again {
    number: String,
    why: String,
    note: String,
    answered: Option<bool>,
}

/// `GET /duty`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done"])?;
        build(&web, &me, &ask, None).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /duty/alerts/{number}/call`
pub(in crate::web) async fn call(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
    typed: Typed,
) -> Response {
    let done = async {
        let whom = typed.needed("whom", w::duty::WHOM_FIELD)?.to_owned();
        let answered = answered(&typed).ok_or_else(|| refusal(w::duty::SAY_IF_ANSWERED))?;
        let command = Command {
            note: typed.text("note").unwrap_or_default(),
            claimed_at: called_at(&web, &typed)?,
            client_id: typed.client_id()?,
            ..Command::plain(AlertNumber(number.clone()), Act::Call { whom, answered }, me.own_actor())
        };
        Ok(me.store.carry_out(command, (web.ground(), web.site.rules.clone()), web.now()).await?)
    };
    answer(&web, &me, &ask, &number, done.await.map(|_| ()), Form::Call(typed)).await
}

/// `POST /duty/alerts/{number}/acknowledge`: 代签收, both names are kept.
pub(in crate::web) async fn acknowledge(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
    typed: Typed,
) -> Response {
    let done = async {
        let command = Command {
            on_behalf_of: Some(typed.needed("for_whom", w::duty::FOR_WHOM_FIELD)?.to_owned()),
            note: typed.text("note").unwrap_or_default(),
            client_id: typed.client_id()?,
            ..Command::plain(AlertNumber(number.clone()), Act::Acknowledge, me.own_actor())
        };
        Ok(me.store.carry_out(command, (web.ground(), web.site.rules.clone()), web.now()).await?)
    };
    answer(&web, &me, &ask, &number, done.await.map(|_| ()), Form::Acknowledge(typed)).await
}

/// A form of the page, for showing it again.
enum Form {
    Call(Typed),
    Acknowledge(Typed),
}

fn answered(typed: &Typed) -> Option<bool> {
    match typed.get("answered") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

async fn answer(web: &Arc<Web>, me: &Me, ask: &Ask, number: &str, done: Result<(), Problem>, form: Form) -> Response {
    let Err(problem) = done else {
        return respond::see_other(&ask.href(&format!("/duty?done={number}#c-{number}")));
    };
    let ask = ask.at("/duty");
    respond::again(web, &ask, problem, async |why| build(web, me, &ask, Some((number, why, form))).await).await
}

fn called_at(web: &Web, typed: &Typed) -> Result<Option<Timestamp>, Problem> {
    let at = typed.moment_called("called_at", w::duty::CALLED_AT_FIELD, &web.ground())?;
    if at.is_some_and(|at| at.duration_since(web.now()) > CLOCK_SLACK) {
        return Err(refusal(w::duty::CALL_IN_FUTURE));
    }
    Ok(at)
}

async fn build(web: &Web, me: &Me, ask: &Ask, again: Option<(&str, String, Form)>) -> Result<String, Problem> {
    me.sees_people()?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let filter = unanswered(me);
    let wanted = WorkList {
        with: vec![With::Events(&["called", "acknowledged"])],
        ..WorkList::first(filter.clone(), WorkOrder::Undelivered, SHOWN)
    };
    let (found, total) = tokio::try_join!(me.store.worklist(wanted), me.store.count_alerts(filter, Ended::All),)?;
    let view = View { ground: &ground, lang, now, id: new_client_id()? };
    let mut waiting: Vec<_> = found.rows.iter().map(|row| view.waiting(row)).collect();
    let chosen = again.as_ref().map(|(number, ..)| *number).or(ask.param("done"));
    for (i, alert) in waiting.iter_mut().enumerate() {
        alert.is_open = chosen.map_or(i == 0, |chosen| chosen == alert.line.number);
        match again.as_ref().filter(|(number, ..)| *number == alert.line.number) {
            Some((_, _, Form::Call(typed))) => typed.get("whom").clone_into(&mut alert.whom),
            Some((_, _, Form::Acknowledge(typed))) => typed.get("for_whom").clone_into(&mut alert.for_whom),
            None => {}
        }
    }
    let handovers = me.store.handovers(None, HANDOVERS).await?;
    let role = me.account.role;
    let page = Duty {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, lang),
        desks: desks(&ground, lang, me, now),
        waiting,
        total: total.alerts,
        all_href: ask.href("/problems?state=open"),
        handovers: handovers.iter().map(|row| handover_line(&ground, lang, row)).collect(),
        done: done_of(me, ask).await?.filter(|_| again.is_none()),
        denied: again.map(|(number, why, Form::Call(typed) | Form::Acknowledge(typed))| Again {
            number: number.to_owned(),
            why,
            note: typed.text("note").unwrap_or_default(),
            answered: answered(&typed),
        }),
        may_work: role.works(),
        may_hand_over: role.works() && role.is_office(),
        now: local(&ground, now),
    };
    Ok(page.render()?)
}

/// Open alerts that the own unit answers for; candidates' alerts are telephoned about by whose they are.
fn unanswered(me: &Me) -> AlertFilter {
    AlertFilter {
        unit: Some(me.store.scope().unit().clone()),
        states: vec![AlertState::Open],
        open_only: true,
        ..AlertFilter::default()
    }
}

/// The own desk, those right below it, and every one below that has a roster.
fn desks(ground: &Ground, lang: Lang, me: &Me, now: Timestamp) -> Vec<DeskLine> {
    let scope = me.store.scope();
    let units = ground.data().units.iter().filter(|unit| {
        let is_near = unit.code == *scope.unit() || unit.parent.as_ref() == Some(scope.unit());
        // A cell has an inspector, no desk.
        let is_desk = unit.level <= UnitLevel::Township || unit.code == *scope.unit();
        scope.holds(&unit.code) && is_desk && (is_near || ground.has_roster(&unit.code))
    });
    units.map(|unit| desk_line(ground, lang, &unit.code, now)).collect()
}

fn desk_line(ground: &Ground, lang: Lang, unit: &UnitCode, now: Timestamp) -> DeskLine {
    let level = ground.unit(unit).map(|unit| lang.say(unit.level.label())).unwrap_or_default();
    let name = full_name(ground, unit, lang);
    let gaps_of = |gaps: &[Gap]| {
        let words = gaps.iter().map(|gap| gap.say().of(lang));
        words.collect::<Vec<_>>().join(lang.say(w::shared::SEMICOLON))
    };
    let desk = match chain::desk_of(ground, unit, now) {
        Ok(desk) => desk,
        Err(gaps) => {
            let officer = lang.say(w::duty::NOBODY_TO_TELL).to_owned();
            return DeskLine {
                unit: name,
                level,
                leader: None,
                officer,
                phone: None,
                until: None,
                gaps: gaps_of(&gaps),
            };
        }
    };
    let (leader, officer, phone) = match &desk.people {
        DeskPeople::Roster { leader, officer, phone } => (Some(leader.clone()), officer.clone(), Some(phone.clone())),
        DeskPeople::Holder { person } => (None, person.name.clone(), person.phone.clone()),
    };
    let until = chain::duty_at(ground, &desk.code, now).and_then(DutyShift::span);
    DeskLine {
        unit: name,
        level,
        leader,
        // Whoever stands in is somebody of another unit.
        officer: if desk.code == *unit { officer } else { format!("{officer}（{}）", desk.name) },
        phone: phone.as_ref().map(Phone::from),
        until: until.map(|(_, to)| to.strftime("%m-%d %H:%M").to_string()),
        gaps: gaps_of(&desk.gaps),
    }
}

/// What every alert of the page needs.
struct View<'a> {
    ground: &'a Ground,
    lang: Lang,
    now: Timestamp,
    id: String,
}

impl View<'_> {
    fn waiting(&self, row: &WorkRow) -> Waiting {
        let number = &row.alert.number;
        let people = self.people(row);
        let mut untried: Vec<&Person> = people.iter().filter(|person| person.tried.is_none()).collect();
        // Somebody without a telephone is no use now, but better named than nobody.
        untried.sort_by_key(|person| !person.is_reachable());
        let next = untried.first().map(|person| (*person).clone());
        let first = people.first().map(|person| person.name.clone()).unwrap_or_default();
        Waiting {
            line: alert_line(self.ground, self.lang, self.now, row),
            whom: next.as_ref().map_or_else(|| first.clone(), |person| person.name.clone()),
            for_whom: row.alert.assigned_to.clone().unwrap_or(first),
            next,
            people,
            escalates_to: self.escalates_to(row),
            log: row.events.iter().map(|event| self.log_line(event)).collect(),
            is_open: false,
            called_at: field_moment(self.ground, self.now),
            call_id: format!("{}-call-{number}", self.id),
            call_path: format!("/duty/alerts/{number}/call"),
            ack_path: format!("/duty/alerts/{number}/acknowledge"),
            acts_path: format!("/alerts/{number}#acts"),
            ack_id: format!("{}-ack-{number}", self.id),
        }
    }

    /// The people of the owner's chain as they hold it today, from the cell upward.
    fn people(&self, row: &WorkRow) -> Vec<Person> {
        let day = self.ground.local_day(self.now);
        let links = chain::chain_of(self.ground, &row.alert.owner_code, day);
        let person = |unit: &str, holder: &chain::ChainHolder| Person {
            unit: unit.to_owned(),
            role: self.lang.say(holder.role.label()),
            name: holder.name.clone(),
            phone: holder.phone.as_ref().map(Phone::from),
            tried: self.tried(row, &holder.name),
        };
        let of_link = |link: &chain::ChainLink| {
            // The one who answers for the unit stands in front of its others.
            let first = link.holder().map(|holder| holder.name.clone());
            let mut holders: Vec<_> = link.holders.iter().map(|holder| person(&link.name, holder)).collect();
            holders.sort_by_key(|person| Some(&person.name) != first.as_ref());
            holders
        };
        links.iter().flat_map(of_link).collect()
    }

    /// When somebody was last called in vain.
    fn tried(&self, row: &WorkRow, name: &str) -> Option<String> {
        let in_vain = |act| matches!(act, Act::Call { whom, answered: false } if whom == name);
        let is_it = |event: &&AlertEventRow| event.act().is_some_and(|done| in_vain(done.act));
        row.events.iter().rfind(is_it).map(|event| short(self.ground, event.at))
    }

    fn escalates_to(&self, row: &WorkRow) -> Option<DeskLine> {
        let from = row.alert.escalated_to.as_ref().or(row.clocks.first().map(|clock| &clock.unit_code));
        let desk = next_desk(self.ground, from.unwrap_or(&row.alert.owner_code), UnitLevel::City)?;
        Some(desk_line(self.ground, self.lang, &desk, self.now))
    }

    fn log_line(&self, event: &AlertEventRow) -> LogLine {
        let who = [Some(actor(event, self.lang)), claimed(self.ground, event, self.lang)];
        LogLine {
            // When it was noted; when it happened is what somebody says, and stands beside it.
            at: short(self.ground, event.at),
            who: who.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            what: crate::words::event(&event.kind, self.lang),
            detail: event_detail(self.ground, event, self.lang),
        }
    }
}
