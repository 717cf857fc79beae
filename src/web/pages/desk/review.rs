//! The review queue (审核): findings that this account's level may decide, disputes it decides, look-backs that are due.
//!
//! Whether something stands here is asked of [`crate::domain::alert::check`], which also decides when a button is
//! pressed: the queue shows nothing that would be refused. One alert, one decision; there is no "all of them".

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::domain::actor::Actor;
use crate::domain::alert::{Act, AlertView, By, check};
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::clock::ClockKind;
use crate::domain::finding::{Finding, Review};
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::store::query::AlertEventRow;
use crate::store::{AlertFilter, Command, With, WorkList, WorkOrder, WorkRow};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::coverage::age_text;
use crate::web::forms::{Typed, new_client_id, refusal};
use crate::web::frame::Frame;
use crate::web::pages::desk::worklist;
use crate::web::pages::desk::worklist::{AlertLine, alert_line, done_of, next_clock, short};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, actor, finding_line, full_name, local, pages as w, unit_name};

/// Alerts looked through for what may be decided: the most urgent of a very bad week.
const LOOKED_AT: u32 = 500;

/// Alerts shown in each part.
const SHOWN: usize = 40;

#[derive(Template)]
#[template(path = "review.html")]
struct Queue {
    f: Frame,
    unit: String,
    parts: [Part; 3],
    /// Findings here that others decide.
    elsewhere: usize,
    done: Option<String>,
    denied: Option<Again>,
    may_work: bool,
}

/// One kind of decision.
struct Part {
    id: &'static str,
    title: &'static str,
    nothing: &'static str,
    total: usize,
    alerts: Vec<ToDecide>,
    /// What the buttons send, their words, and whether a reason has to be given.
    buttons: Vec<(&'static str, &'static str, bool)>,
}

struct ToDecide {
    line: AlertLine,
    /// What is to be decided: the finding, the dispute.
    says: String,
    /// Who said so, and when.
    by: String,
    note: String,
    waits: String,
    clock: Option<worklist::NextClock>,
    photos: Vec<String>,
    form_id: String,
    path: String,
}

struct Again {
    number: String,
    why: String,
    reason: String,
}

/// `GET /review`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done"])?;
        build(&web, &me, &ask, None).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /review/{number}`
pub(in crate::web) async fn record(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
    typed: Typed,
) -> Response {
    let done = async {
        let (act, needs_reason) = act_of(typed.get("decision")).ok_or_else(|| refusal(w::review::CHOOSE_DECISION))?;
        let reason = if needs_reason { typed.needed("reason", w::review::REASON_FIELD)? } else { typed.get("reason") };
        let command = Command {
            note: reason.to_owned(),
            client_id: typed.client_id()?,
            ..Command::plain(AlertNumber(number.clone()), act, me.own_actor())
        };
        Ok(me.store.carry_out(command, (web.ground(), web.site.rules.clone()), web.now()).await?)
    };
    let Err(problem) = done.await else {
        return respond::see_other(&ask.href(&format!("/review?done={number}")));
    };
    let ask = ask.at("/review");
    let reason = typed.get("reason").to_owned();
    respond::again(&web, &ask, problem, async |why| build(&web, &me, &ask, Some(Again { number, why, reason })).await)
        .await
}

/// What a button means, and whether somebody has to say why.
fn act_of(decision: &str) -> Option<(Act, bool)> {
    Some(match decision {
        "confirm" => (Act::Review { review: Review::Confirmed }, false),
        "exclude" => (Act::Review { review: Review::Excluded }, true),
        "send_back" => (Act::Review { review: Review::SentBack }, true),
        "accept" => (Act::Decide { accepted: true }, false),
        "refuse" => (Act::Decide { accepted: false }, true),
        "clean" => (Act::LookBack { is_clean: true }, false),
        "burns" => (Act::LookBack { is_clean: false }, true),
        _ => return None,
    })
}

async fn build(web: &Web, me: &Me, ask: &Ask, again: Option<Again>) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let look = Look { web, me, ground: &ground, lang, now: web.now(), actor: me.own_actor(), id: new_client_id()? };
    let states = |state| AlertFilter { states: vec![state], ..AlertFilter::default() };
    let confirmed = Act::Review { review: Review::Confirmed };
    let disputed = AlertFilter { disputed: true, ..AlertFilter::default() };
    let ((reported, elsewhere), (disputes, _), (lookbacks, _)) = tokio::try_join!(
        look.part(states(AlertState::Reported), &confirmed),
        look.part(disputed, &Act::Decide { accepted: true }),
        look.part(states(AlertState::LookbackDue), &Act::LookBack { is_clean: true }),
    )?;
    let page = Queue {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, lang),
        parts: [
            Part {
                id: "findings",
                title: lang.say(w::review::FINDINGS),
                nothing: lang.say(w::review::NO_FINDING),
                buttons: vec![
                    ("confirm", lang.say(w::review::CONFIRM), false),
                    ("exclude", lang.say(w::review::EXCLUDE), true),
                    ("send_back", lang.say(w::review::SEND_BACK), true),
                ],
                ..shown(reported)
            },
            Part {
                id: "disputes",
                title: lang.say(w::review::DISPUTES),
                nothing: lang.say(w::review::NO_DISPUTE),
                buttons: vec![
                    ("accept", lang.say(w::review::ACCEPT), false),
                    ("refuse", lang.say(w::review::REFUSE), true),
                ],
                ..shown(disputes)
            },
            Part {
                id: "lookbacks",
                title: lang.say(w::review::LOOK_BACKS),
                nothing: lang.say(w::review::NO_LOOK_BACK),
                buttons: vec![
                    ("clean", lang.say(w::review::CLEAN), false),
                    ("burns", lang.say(w::review::BURNS_AGAIN), true),
                ],
                ..shown(lookbacks)
            },
        ],
        elsewhere,
        done: done_of(me, ask).await?.filter(|_| again.is_none()),
        denied: again,
        may_work: me.account.role.works(),
    };
    Ok(page.render()?)
}

/// A part without its words: the most urgent of its alerts, and how many there are.
fn shown(mut alerts: Vec<ToDecide>) -> Part {
    let total = alerts.len();
    alerts.truncate(SHOWN);
    Part { id: "", title: "", nothing: "", total, alerts, buttons: Vec::new() }
}

/// What every part of the queue needs.
struct Look<'a> {
    web: &'a Web,
    me: &'a Me,
    ground: &'a Ground,
    lang: Lang,
    now: Timestamp,
    actor: Actor,
    id: String,
}

impl Look<'_> {
    /// The alerts of a filter on which this account may act so, and how many it may not.
    async fn part(&self, filter: AlertFilter, act: &Act) -> Result<(Vec<ToDecide>, usize), Problem> {
        let with = vec![With::View, With::Events(&["reported", "disputed", "closed"])];
        let wanted = WorkList { with, ..WorkList::first(filter, WorkOrder::Clock, LOOKED_AT) };
        let rows = self.me.store.worklist(wanted).await?.rows;
        let may = |view: &AlertView| {
            let by = By { actor: &self.actor, on_behalf_of: None };
            check(self.ground, self.web.site.rules.review, view, by, act).is_ok()
        };
        let all = rows.len();
        let mine: Vec<_> = rows.into_iter().filter(|row| row.view.as_ref().is_some_and(may)).collect();
        let elsewhere = all - mine.len();
        let kind = match act {
            Act::Review { .. } => ("reported", ClockKind::Review),
            Act::Decide { .. } => ("disputed", ClockKind::Decide),
            _ => ("closed", ClockKind::LookBack),
        };
        // The last of a kind speaks.
        let lines = mine.iter().map(|row| {
            let said = row.events.iter().rfind(|event| event.kind == kind.0);
            self.to_decide(row, said, kind.1)
        });
        Ok((lines.collect(), elsewhere))
    }

    fn to_decide(&self, row: &WorkRow, said: Option<&AlertEventRow>, clock: ClockKind) -> ToDecide {
        let done = said.and_then(AlertEventRow::act);
        let note = done.as_ref().map(|done| done.note.clone()).unwrap_or_default();
        let finding = done.and_then(|done| match done.act {
            Act::Report { finding } => Some(finding),
            _ => None,
        });
        let since = match clock {
            ClockKind::Review => row.alert.reported_at,
            _ => said.map(|event| event.at),
        };
        let clock = row.clocks.iter().find(|running| running.kind == clock);
        ToDecide {
            line: alert_line(self.ground, self.lang, self.now, row),
            says: self.says(row, finding.as_ref(), clock.map(|clock| clock.kind)),
            by: said
                .map(|event| format!("{} · {}", actor(event, self.lang), local(self.ground, event.at)))
                .unwrap_or_default(),
            note,
            waits: since.map(|at| self.waits(at)).unwrap_or_default(),
            clock: clock.map(|clock| next_clock(self.ground, self.lang, self.now, clock)),
            photos: finding.map(|finding| finding.photos).unwrap_or_default(),
            form_id: format!("{}-{}", self.id, row.alert.number),
            path: format!("/review/{}", row.alert.number),
        }
    }

    fn says(&self, row: &WorkRow, finding: Option<&Finding>, clock: Option<ClockKind>) -> String {
        if let Some(finding) = finding {
            return finding_line(finding, self.lang);
        }
        // Of a finding that was taken over from another alert only its kind stands in the row.
        let kind = row.alert.finding.map(|kind| self.lang.say(kind.label()).to_owned());
        let proposed = row.alert.proposed_code.as_ref().filter(|_| row.alert.is_disputed);
        match (proposed, kind) {
            (Some(code), _) if clock != Some(ClockKind::Review) => {
                format!(
                    "{} → {}",
                    unit_name(self.ground, &row.alert.responsible_code, self.lang),
                    full_name(self.ground, code, self.lang)
                )
            }
            (_, kind) => {
                let closed = row
                    .alert
                    .closed_at
                    .map(|at| format!("{} {}", self.lang.say(w::review::CLOSED_AT), short(self.ground, at)));
                [kind, closed].into_iter().flatten().collect::<Vec<_>>().join(" · ")
            }
        }
    }

    fn waits(&self, since: Timestamp) -> String {
        let age = age_text(self.now.duration_since(since), self.lang);
        w::review::waits(&age).of(self.lang)
    }
}
