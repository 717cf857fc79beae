//! People over the API: what has to be mended, the responsibility list, who is on duty.
//!
//! Lists of telephone numbers, so of the own ground alone, and not for accounts that only look. Importing people rewrites the files of
//! the region and stays on the command line.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::page::{self, PAGING, answered};
use crate::domain::chain::{self, Desk, Gap, review};
use crate::domain::ground::RegionVersion;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::{DutyShift, Holder, UnitCode};
use crate::report::export::{Format, sheet};
use crate::report::responsibility::ResponsibilityList;
use crate::report::typed::answer;
use crate::store::HandedOut;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::{params, values};
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::web::{Web, respond};

/// `GET /api/v1/people`: who holds which unit on a day, in the order of the file.
pub(super) async fn all(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = || {
        ask.only_with(&["unit", "date"], PAGING)?;
        me.sees_people()?;
        let ground = web.ground();
        let wanted = params::subtree_of(&ask, &ground)?;
        let day = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
        let scope = me.store.scope();
        let is_wanted = |code: &UnitCode| scope.holds(code) && wanted.as_ref().is_none_or(|units| units.contains(code));
        let people = ground.data().people.iter().enumerate();
        let mut holding: Vec<_> =
            people.filter(|(_, holder)| is_wanted(&holder.unit_code) && holder.holds_on(day)).collect();
        // Nothing else names a line of the list: the same person may stand in it twice.
        let next = page::cut(&ask, &mut holding, params::MAX_PAGE, |(line, _)| line.to_string())?;
        let page = People {
            items: holding.into_iter().map(|(_, holder)| holder).collect(),
            next: next.clone(),
            day,
            region_version: ground.version(),
        };
        Ok(page::listed(&ask, next.as_deref(), &page))
    };
    document(&ask, read())
}

answer! {
    /// A page of those who hold units.
    pub(super) struct People<'a> named "People" {
        items: Vec<&'a Holder>,
        next: Option<String>,
        day: Date,
        region_version: &'a RegionVersion,
    }
}

/// `GET /api/v1/people/check`
pub(super) async fn check(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&[])?;
        me.sees_people()?;
        let ground = web.ground();
        let review = review::review_of(&ground, ground.local_day(web.now()), |unit| me.store.scope().holds(unit));
        Ok(answered(&review))
    };
    document(&ask, read())
}

/// `GET /api/v1/people/list`
pub(super) async fn list(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["unit", "format", "date"])?;
        me.sees_people()?;
        let ground = web.ground();
        let code = params::unit_of(&ask, &ground)?.ok_or_else(no_unit)?;
        me.holds(&code)?;
        let day = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
        let Some(list) = ResponsibilityList::of(&ground, &code, day) else { return Err(no_unit()) };
        let (extension, media_type, body) = match ask.param("format").unwrap_or("text") {
            "text" => ("txt", "text/plain; charset=utf-8", list.text().into_bytes()),
            "html" => ("html", "text/html; charset=utf-8", list.html()?.into_bytes()),
            "csv" => ("csv", Format::Csv.media_type(), sheet::csv(&list.sheet()).into_bytes()),
            "xlsx" => ("xlsx", Format::Xlsx.media_type(), sheet::workbook(&list.sheet())?),
            other => {
                let expected = "text, csv, xlsx or html";
                return Err(Problem::BadParameter { name: "format", value: other.to_owned(), expected });
            }
        };
        me.is_given(&web, HandedOut::Responsibility { asked: ask.here() }).await?;
        Ok(respond::file("responsibility", extension, media_type, body))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/duty`: the shift that is running, and the desk that answers.
pub(super) async fn duty(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&["unit", "at"])?;
        me.sees_people()?;
        let ground = web.ground();
        let code = params::unit_of(&ask, &ground)?.ok_or_else(no_unit)?;
        me.concerns(&code)?;
        let at = |text: &str| values::moment("at", text, &ground).ok();
        let expected = "a local date and time as 2026-10-10T08:00, or with its offset as 2026-10-10T08:00:00+08:00";
        let at = params::word(&ask, "at", at, expected)?.unwrap_or_else(|| web.now());
        let (desk, gaps) = match chain::desk_of(&ground, &code, at) {
            Ok(desk) => (Some(desk), Vec::new()),
            Err(gaps) => (None, gaps),
        };
        let on_duty = chain::duty_at(&ground, &code, at);
        Ok(answered(&Duty { unit_code: code.clone(), at, on_duty, desk, gaps }))
    };
    document(&ask, read())
}

answer! {
    /// Who is on duty.
    pub(super) struct Duty<'a> named "Duty" {
        unit_code: UnitCode,
        at: Timestamp,
        on_duty: Option<&'a DutyShift>,
        desk: Option<Desk>,
        gaps: Vec<Gap>,
    }
}

fn no_unit() -> Problem {
    Problem::BadParameter { name: "unit", value: String::new(), expected: "the code of a unit" }
}
