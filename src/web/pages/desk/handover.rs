//! Handing a shift over (交接班): the sheet of a shift that can be printed and signed, and the record that it was.
//!
//! The sheet is the own desk's: what is open, what happened during the shift, people's acts first. It is that of the shift
//! that just ended, until it was handed over, else of the running one ([`DeskShifts`]); either can be asked for. The record
//! is an event of the desk in the log.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::actor::SYSTEM;
use crate::domain::chain;
use crate::domain::ground::Ground;
use crate::domain::handover::{DeskShift, DeskShifts, Handover, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use crate::domain::time::Timestamp;
use crate::store::{AlertEvent, AlertFilter, HandOver, HandoverRow, OpenAlerts, WorkList, WorkOrder};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::Frame;
use crate::web::pages::desk::worklist::{AlertLine, alert_line, short};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Lang, actor, event, event_detail, full_name, local, pages as w};

/// Open alerts of the sheet: what somebody can take over by reading.
const SHOWN: u32 = 200;

/// Handovers listed.
const HANDOVERS: u32 = 10;

/// A handover as pages list it.
pub(in crate::web) struct HandoverLine {
    /// When.
    pub at: String,
    /// Whose desk.
    pub unit: String,
    /// Who went.
    pub gives: String,
    /// Who came.
    pub takes: String,
    /// Alerts open then.
    pub open_alerts: u32,
    /// What was said.
    pub note: String,
}

/// A handover in words.
pub(in crate::web) fn handover_line(ground: &Ground, lang: Lang, row: &HandoverRow) -> HandoverLine {
    HandoverLine {
        at: local(ground, row.at),
        unit: full_name(ground, &row.handover.unit, lang),
        gives: row.handover.gives.clone(),
        takes: row.handover.takes.clone(),
        open_alerts: row.open_alerts,
        note: row.handover.note.clone(),
    }
}

#[derive(Template)]
#[template(path = "handover.html")]
struct Sheet {
    f: Frame,
    unit: String,
    /// The shift that ended, or the running one.
    which: Which,
    /// The page of the other shift, where there is one.
    other_href: Option<String>,
    began: String,
    /// The same for the form.
    began_at: String,
    ends: Option<String>,
    leader: Option<String>,
    officer: Option<String>,
    open: OpenAlerts,
    alerts: Vec<AlertLine>,
    /// What people did.
    acts: Vec<Happened>,
    /// What the service noted.
    notes: Vec<Happened>,
    counts: Vec<(String, usize)>,
    handovers: Vec<HandoverLine>,
    done: bool,
    denied: Option<String>,
    may_hand_over: bool,
    typed: Typed,
    form_id: String,
    max_name: usize,
    max_note: usize,
}

/// Which shift of a desk a sheet is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Last,
    Running,
}

struct Happened {
    at: String,
    number: String,
    what: String,
    who: String,
    detail: String,
}

/// `GET /duty/handover`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done", "shift"])?;
        build(&web, &me, &ask, None).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /duty/handover`
pub(in crate::web) async fn record(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    typed: Typed,
) -> Response {
    if !me.account.role.is_office() {
        return respond::refused(&web, &ask, Problem::NotForRole(me.account.role)).await;
    }
    let done = async {
        let handover = Handover {
            unit: me.account.unit_code.clone(),
            gives: typed.get("gives").to_owned(),
            takes: typed.get("takes").to_owned(),
            // Browsers send line ends as two characters.
            note: typed.get("note").replace("\r\n", "\n"),
        };
        // A sheet that lay open over the change still hands over the shift it was of.
        let shift = typed.get("shift").parse().ok();
        Ok(me.store.carry_out(HandOver { handover, shift }, (typed.by(&me)?, web.ground()), web.now()).await?)
    };
    match done.await {
        Ok(_) => respond::see_other(&ask.href("/duty/handover?done=1")),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| build(&web, &me, &ask, Some((why, typed))).await).await
        }
    }
}

async fn build(web: &Web, me: &Me, ask: &Ask, again: Option<(String, Typed)>) -> Result<String, Problem> {
    me.sees_people()?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let unit = &me.account.unit_code;
    let shifts = DeskShifts::at(&ground, unit, now);
    let (which, shift) = sheet_of(me, ask, &shifts, now).await?;
    let other = match which {
        Which::Last => Some("running"),
        Which::Running => shifts.last.map(|_| "last"),
    };
    let open = AlertFilter { unit: Some(unit.clone()), open_only: true, ..AlertFilter::default() };
    let alerts = me.store.worklist(WorkList::first(open, WorkOrder::Clock, SHOWN)).await?;
    let mut events = me.store.events_since(shift.began).await?;
    events.retain(|entry| shift.ends.is_none_or(|ends| entry.event.at < ends));
    let (notes, acts): (Vec<_>, Vec<_>) = events.into_iter().partition(|entry| entry.event.actor == SYSTEM);
    let lines = |events: &[AlertEvent]| events.iter().map(|entry| happened(&ground, lang, entry)).collect();
    let (denied, typed) = match again {
        Some((why, typed)) => (Some(why), typed),
        None => (None, proposed(&ground, me, &shift, now)),
    };
    let role = me.account.role;
    let page = Sheet {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, unit, lang),
        which,
        other_href: other.map(|other| ask.href(&format!("/duty/handover?shift={other}"))),
        began: local(&ground, shift.began),
        began_at: shift.roster.map(|_| shift.began.to_string()).unwrap_or_default(),
        ends: shift.ends.map(|ends| local(&ground, ends)),
        leader: shift.roster.map(|shift| shift.leader.clone()),
        officer: shift.roster.map(|shift| shift.officer.clone()),
        open: OpenAlerts::of(&me.store.alert_counts(AlertFilter::open()).await?),
        alerts: alerts.rows.iter().map(|row| alert_line(&ground, lang, now, row)).collect(),
        // People's acts first here too.
        counts: counts(acts.iter().chain(&notes), lang),
        acts: lines(&acts),
        notes: lines(&notes),
        handovers: me
            .store
            .handovers(None, HANDOVERS)
            .await?
            .iter()
            .map(|row| handover_line(&ground, lang, row))
            .collect(),
        done: ask.param("done").is_some() && denied.is_none(),
        denied,
        may_hand_over: role.works() && role.is_office(),
        typed,
        form_id: format!("{}-handover", new_client_id()?),
        max_name: MAX_NAME_CHARS,
        max_note: MAX_NOTE_CHARS,
    };
    Ok(page.render()?)
}

/// The shift that a page is of: the one asked for, else the one to hand over now.
async fn sheet_of<'a>(
    me: &Me,
    ask: &Ask,
    shifts: &DeskShifts<'a>,
    now: Timestamp,
) -> Result<(Which, DeskShift<'a>), Problem> {
    let running = (Which::Running, shifts.running);
    let ended = match ask.param("shift") {
        Some("running") => None,
        Some("last") => shifts.last,
        _ => match shifts.just_ended(now) {
            Some(ended) => {
                let handed_over = me.store.handovers(Some(&me.account.unit_code), HANDOVERS).await?;
                Some(ended).filter(|ended| !handed_over.iter().any(|row| row.shift_began_at == ended.began))
            }
            None => None,
        },
    };
    Ok(ended.map_or(running, |ended| (Which::Last, ended)))
}

/// Who goes and who comes by the roster; whoever is in, where there is none.
fn proposed(ground: &Ground, me: &Me, shift: &DeskShift<'_>, now: Timestamp) -> Typed {
    // After a shift that ended long ago it is the one on duty now who takes over.
    let next = shift.ends.and_then(|ends| chain::duty_at(ground, &me.account.unit_code, ends.max(now)));
    let gives = shift.roster.map_or(&me.account.person, |shift| &shift.officer);
    Typed::default().with("gives", gives).with("takes", next.map_or("", |shift| &shift.officer))
}

/// How often what happened, in the order in which each first did.
fn counts<'a>(events: impl Iterator<Item = &'a AlertEvent>, lang: Lang) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for entry in events {
        let what = event(&entry.event.kind, lang);
        match counts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, n)) => *n += 1,
            None => counts.push((what, 1)),
        }
    }
    counts
}

fn happened(ground: &Ground, lang: Lang, entry: &AlertEvent) -> Happened {
    Happened {
        at: short(ground, entry.event.at),
        number: entry.number.0.clone(),
        what: event(&entry.event.kind, lang),
        who: actor(&entry.event, lang),
        detail: event_detail(ground, &entry.event, lang),
    }
}
