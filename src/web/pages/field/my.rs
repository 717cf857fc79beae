//! What somebody has on his phone: his own alerts, urgent first ([`page`]); a fire he found ([`super::patrol`]); the plots that
//! may burn today ([`super::plots`]).
//!
//! Small pages for a poor line: no scripts, one style sheet, a list of at most a page. What is urgent is the store's
//! business ([`crate::store::MyList`]), acts are on the page of each alert.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::detection::Origin;
use crate::domain::ground::Ground;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::report::map_svg::key_svg;
use crate::store::{MyAlert, MyClock, MyCursor, Relation};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::frame::Frame;
use crate::web::pages::day::alert_list::verdict_class;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, full_name, pages as w, unit_name};

/// How long an alert that is over stays on the list.
const ENDED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Template)]
#[template(path = "my.html")]
struct MyPage {
    f: Frame,
    unit: String,
    cards: Vec<Card>,
    count: u64,
    is_by_time: bool,
    is_first: bool,
    next: Option<String>,
    ended: Vec<Card>,
    may_work: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is one line that the card has or has not")]
struct Card {
    number: String,
    verdict: &'static str,
    verdict_words: &'static str,
    key: String,
    state: &'static str,
    state_words: &'static str,
    place: String,
    seen: String,
    seen_at: String,
    whose: Whose,
    clock: Option<Clock>,
    may_be_banned: bool,
    is_undelivered: bool,
    is_disputed: bool,
    is_late: bool,
}

/// How the alert stands to its reader.
struct Whose {
    is_mine: bool,
    words: String,
}

/// The clock that counts, as it stood when the page was made.
struct Clock {
    /// What it waits for.
    kind: &'static str,
    /// The moment, for scripts that count.
    due_at: String,
    /// What is left of it, or how long it is over.
    words: String,
    is_overdue: bool,
}

/// `GET /my`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["after"])?;
    let after = after_of(ask)?;
    let is_first = after.is_none();
    let (ground, now) = (web.ground(), web.now());
    let since = now.checked_sub(ENDED_FOR).unwrap_or(Timestamp::MIN);
    let list = me.store.my_alerts(after, since).await?;
    let deck = Deck { ground: &ground, me, lang: ask.lang, now };
    let page = MyPage {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, ask.lang),
        cards: list.alerts.iter().map(|alert| deck.card(alert)).collect(),
        count: list.count,
        is_by_time: list.is_by_time,
        is_first,
        next: list.next.map(|next| ask.href(&format!("/my?after={}", next.to_word()))),
        ended: list.ended.iter().map(|alert| deck.card(alert)).collect(),
        may_work: me.may_work(),
    };
    Ok(page.render()?)
}

fn after_of(ask: &Ask) -> Result<Option<MyCursor>, Problem> {
    let read = |text: &str| {
        MyCursor::from_word(text).ok_or_else(|| Problem::BadParameter {
            name: "after",
            value: text.to_owned(),
            expected: "the link to the next page",
        })
    };
    ask.param("after").map(read).transpose()
}

/// What every card needs.
struct Deck<'a> {
    ground: &'a Ground,
    me: &'a Me,
    lang: Lang,
    now: Timestamp,
}

impl Deck<'_> {
    fn card(&self, alert: &MyAlert) -> Card {
        let (lang, zone) = (self.lang, &self.ground.data().time_zone);
        let unit = || unit_name(self.ground, &alert.unit_code, lang);
        Card {
            number: alert.number.0.clone(),
            verdict: verdict_class(alert.verdict),
            verdict_words: lang.alert_verdict(alert.verdict),
            key: alert.verdict.map(key_svg).unwrap_or_default(),
            state: alert.state.name(),
            state_words: lang.say(alert.state.label()),
            place: alert.nearest_place.as_ref().map_or_else(unit, |place| lang.nearest_place(place)),
            seen: zone.to_datetime(alert.first_seen_at).strftime("%m-%d %H:%M").to_string(),
            seen_at: alert.first_seen_at.to_string(),
            whose: self.whose(alert),
            clock: alert.clock.map(|clock| self.clock(clock)),
            may_be_banned: alert.may_be_banned,
            is_undelivered: alert.is_undelivered,
            is_disputed: alert.is_disputed,
            is_late: alert.origin == Origin::Late,
        }
    }

    fn whose(&self, alert: &MyAlert) -> Whose {
        let owner = unit_name(self.ground, &alert.owner_code, self.lang);
        let is_mine = self.me.store.scope().holds(&alert.owner_code);
        let words = match alert.relation {
            _ if is_mine => owner,
            Relation::Own => w::my::on_my_ground(&owner).of(self.lang),
            Relation::Candidate => w::my::may_reach_my_ground(&owner).of(self.lang),
            Relation::Proposed => w::my::said_to_be_mine(&owner).of(self.lang),
        };
        Whose { is_mine, words }
    }

    fn clock(&self, clock: MyClock) -> Clock {
        let left = clock.due_at.duration_since(self.now);
        let is_overdue = left.is_negative() || left.is_zero();
        let span = w::my::span(left.abs());
        let words = if is_overdue { w::my::time_over(&span) } else { w::my::time_left(&span) }.of(self.lang);
        let kind = self.lang.say(clock.kind.label());
        Clock { kind, due_at: clock.due_at.to_string(), words, is_overdue }
    }
}
