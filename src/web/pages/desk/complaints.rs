//! Complaints (举报、信访): those of the own ground by the day on which they want an answer, and the form that takes one.
//!
//! A complaint is an alert like any other. Who complained is kept apart, taken by county and city, and shown to the city's
//! office alone, which answers.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::problems::after_of;
use crate::domain::account::Role;
use crate::domain::alert::AlertSource;
use crate::domain::datum::Datum;
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::position::Position;
use crate::domain::share::Share;
use crate::domain::time::{Date, Timestamp, parse_date};
use crate::store::{Added, AlertFilter, Complainant, Ended, NewAlert, With, WorkList, WorkOrder, WorkRow};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::{Typed, new_client_id, refusal, values};
use crate::web::frame::Frame;
use crate::web::pages::desk::worklist::{AlertLine, Filters, alert_line, done_of};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::problems::joined;
use crate::words::{Lang, forms, full_name, pages as w};

/// Rows of a page.
const PAGE: u32 = 50;

#[derive(Template)]
#[expect(clippy::struct_excessive_bools, reason = "each is one part that the page has or has not")]
#[template(path = "complaints.html")]
struct Complaints {
    f: Frame,
    unit: String,
    count: u64,
    rows: Vec<ComplaintLine>,
    shows_all: bool,
    open_href: String,
    all_href: String,
    first: Option<String>,
    next: Option<String>,
    may_take: bool,
    sees_complainant: bool,
    denied: Option<String>,
    done: Option<String>,
    joined: bool,
    typed: Typed,
    form_id: String,
    today: String,
}

struct ComplaintLine {
    line: AlertLine,
    letter: Option<String>,
    reply_by: Option<String>,
    reply_span: String,
    is_late: bool,
    complainant: Option<String>,
}

/// `GET /complaints`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["open", "after", "done", "joined"])?;
        build(&web, &me, &ask, None).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /complaints`
pub(in crate::web) async fn take(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, typed: Typed) -> Response {
    if !may_take(me.account.role) {
        return respond::refused(&web, &ask, Problem::NotForRole(me.account.role)).await;
    }
    let problem = match add(&web, &me, &typed).await {
        Ok(added) => {
            let joined = if added.joined { "&joined=1" } else { "" };
            return respond::see_other(&ask.href(&format!("/complaints?done={}{joined}", added.number)));
        }
        Err(problem) => problem,
    };
    respond::again(&web, &ask, problem, async |why| build(&web, &me, &ask, Some((why, typed))).await).await
}

/// Letters come to the offices of county and city.
fn may_take(role: Role) -> bool {
    role.takes_complaints()
}

async fn add(web: &Web, me: &Me, typed: &Typed) -> Result<Added, Problem> {
    let (ground, now) = (web.ground(), web.now());
    let phone = typed.phone("phone", w::complaints::PHONE_FIELD)?;
    let who = Complainant::new(typed.text("name"), phone, typed.text("address"));
    let reply_by = typed.given("reply_by").map(|text| values::day("reply_by", text)).transpose()?;
    let new = NewAlert {
        source: AlertSource::Complaint,
        position: position_of(typed)?,
        seen_at: typed.moment_called("seen_at", w::complaints::SEEN_AT_FIELD, &ground)?.unwrap_or(now),
        description: typed.needed("what", w::complaints::CONTENT_FIELD)?.to_owned(),
        actor: me.own_actor(),
        reported_by: None,
        external_number: None,
        letter_number: typed.text("letter_number"),
        reply_by,
        complainant: Some(who).filter(|who| *who != Complainant::default()),
        client_id: typed.client_id()?,
    };
    web.use_shares(me, vec![(Share::Alerts, 1)]).await?;
    Ok(me.store.carry_out(new, (ground, web.site.rules.clone()), now).await?)
}

/// Where it is. People copy positions out of map programs, which have datums of their own.
fn position_of(typed: &Typed) -> Result<Position, Problem> {
    let lon = typed.needed_number("lon", forms::LONGITUDE_FIELD)?;
    let lat = typed.needed_number("lat", forms::LATITUDE_FIELD)?;
    let datum = match typed.get("datum") {
        "" | "wgs84" => Datum::Wgs84,
        "gcj02" => Datum::Gcj02,
        "bd09" => Datum::Bd09,
        _ => return Err(refusal(w::complaints::CHOOSE_DATUM)),
    };
    // A wild number is refused as what it is, before anything is computed from it.
    Position::from_lon_lat(lon, lat).map_err(|bad| refusal(joined(&bad)))?;
    let at = datum.to_wgs84(geo::Coord { x: lon, y: lat });
    Position::from_lon_lat(at.x, at.y).map_err(|bad| refusal(joined(&bad)))
}

async fn build(web: &Web, me: &Me, ask: &Ask, again: Option<(String, Typed)>) -> Result<String, Problem> {
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let shows_all = ask.param("open") == Some("false");
    let filter = AlertFilter { sources: vec![AlertSource::Complaint], open_only: !shows_all, ..AlertFilter::default() };
    let sees_complainant = me.account.role == Role::City;
    let with = if sees_complainant { vec![With::Complainant] } else { Vec::new() };
    let first = WorkList::first(filter.clone(), WorkOrder::Reply, PAGE);
    let found = me.store.worklist(WorkList { after: after_of(ask)?, with, ..first }).await?;
    let view = View { ground: &ground, lang, now };
    let filters = Filters::of(ask, "/complaints", &["open"]);
    let (denied, typed) = again.map_or_else(|| (None, Typed::default()), |(why, typed)| (Some(why), typed));
    let page = Complaints {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, lang),
        count: me.store.count_alerts(filter, Ended::All).await?.alerts,
        rows: found.rows.iter().map(|row| view.line(row)).collect(),
        shows_all,
        open_href: filters.with(&[("open", "")]),
        all_href: filters.with(&[("open", "false")]),
        first: ask.param("after").map(|_| filters.with(&[])),
        next: found.next.map(|next| filters.with(&[("after", &format!("{}_{}", next.key, next.number))])),
        may_take: may_take(me.account.role),
        sees_complainant,
        done: done_of(me, ask).await?.filter(|_| denied.is_none()),
        joined: ask.param("joined").is_some(),
        denied,
        typed,
        form_id: format!("{}-complaint", new_client_id()?),
        today: ground.local_day(now).to_string(),
    };
    Ok(page.render()?)
}

struct View<'a> {
    ground: &'a Ground,
    lang: Lang,
    now: Timestamp,
}

impl View<'_> {
    fn line(&self, row: &WorkRow) -> ComplaintLine {
        let today = self.ground.local_day(self.now);
        // Only while it waits: what was answered is not late.
        let day =
            row.alert.reply_by.as_ref().and_then(|day| parse_date(day).ok()).filter(|_| !row.alert.state.is_over());
        let left = day.map(|day| days_between(today, day));
        let who = row.complainant.as_ref().map(|who| {
            let phone = who.phone.as_ref().map(Phone::to_string);
            [&who.name, &phone, &who.address].into_iter().flatten().cloned().collect::<Vec<_>>().join(" · ")
        });
        ComplaintLine {
            line: alert_line(self.ground, self.lang, self.now, row),
            letter: row.alert.letter_number.clone(),
            reply_by: row.alert.reply_by.clone(),
            reply_span: left.map(|days| self.span(days)).unwrap_or_default(),
            is_late: left.is_some_and(|days| days < 0),
            complainant: who,
        }
    }

    fn span(&self, days: i32) -> String {
        w::complaints::days_left(days).of(self.lang)
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    // Two dates of one calendar: the difference is whole days and always there.
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_in_its_own_datum_and_nonsense_is_refused() {
        let form =
            |lon: &str, lat: &str, datum: &str| Typed::default().with("lon", lon).with("lat", lat).with("datum", datum);
        let plain = position_of(&form("122.8", " 45.6 ", "")).unwrap();
        assert!((plain.lon() - 122.8).abs() < 1e-9 && (plain.lat() - 45.6).abs() < 1e-9);
        let moved = position_of(&form("122.8", "45.6", "gcj02")).unwrap();
        assert!((moved.lon() - 122.8).abs() > 0.003, "half a kilometre to the west: {moved:?}");
        for bad in [form("", "45.6", ""), form("122.8", "NaN", ""), form("222.8", "45.6", ""), form("1", "1", "utm")] {
            assert!(position_of(&bad).is_err(), "{bad:?}");
        }
    }
}
