//! A day as its pages show it, drawn once for each version of what it is made of.
//!
//! The day page ([`super::home`]), the live map without scripts ([`super::day_map`]) and the wall ([`super::wall`]) are
//! asked for every minute by every screen of an office, and a busy day takes long to read, to draw and to write down.
//! What of them follows from the database and the region alone is kept under the reader's unit, the day, the language
//! and the filter, with the version of the content it was made from ([`crate::store::Scoped::content_version`]). A page
//! whose content has changed since, by whomever, is drawn anew; there is no time for which a kept one is believed.
//!
//! What depends on the present (feeds, warnings, today, progress of plans) is never kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;

use super::alert_list::{County, grouped};
use super::day_filter::DayFilter;
use super::day_map::{Row, row};
use super::home::{AskedDay, Form, read_day};
use super::summary::{Summary, summarise};
use crate::domain::alert::AlertState;
use crate::domain::ground::RegionVersion;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::lang::Lang;
use crate::store::{CaseFilter, OpenCases};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::error::Problem;
use crate::web::frame::Words;

/// Drawn days that are kept: those of a city's units and of yesterday and today. A busy one is a megabyte of text.
const KEPT: usize = 24;

/// A day, drawn.
pub(super) struct DrawnDay {
    /// The map; `None` where the region has nothing to draw.
    pub map: Option<String>,
    /// The counts by county.
    pub summary: Summary,
    /// Pixels of the day that belong to fires listed on an earlier day.
    pub burning_on: usize,
    /// Alerts in the list.
    pub alerts: usize,
    /// The list as the page has it.
    pub list: String,
    /// Cases of all days, which the wall counts.
    pub cases: Cases,
}

/// Cases of all days.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cases {
    /// Those that are not over.
    pub open: OpenCases,
    /// How many are.
    pub closed: u64,
}

/// Which page a day is drawn for.
#[derive(Debug, Clone, Copy)]
pub(super) enum View<'a> {
    /// The day page: alerts by county, township and cell.
    Home,
    /// The live map: a filtered table of alerts.
    Map(&'a DayFilter),
    /// The wall: no list, but the cases of all days.
    Wall,
}

/// What a drawn day is kept under.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    view: String,
    unit: UnitCode,
    date: Date,
    region: RegionVersion,
    lang: Lang,
    /// Links carry the language.
    lang_is_chosen: bool,
}

/// The drawn days that are kept, the last used at the end, each with the version of its content.
#[derive(Default)]
pub(in crate::web) struct DrawnDays(Mutex<VecDeque<(Key, i64, Arc<DrawnDay>)>>);

impl DrawnDays {
    fn find(&self, key: &Key, version: i64) -> Option<Arc<DrawnDay>> {
        // A panic while the lock was held leaves whole entries or none.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, ..)| known == key)?;
        let entry = kept.remove(place)?;
        if entry.1 != version {
            return None;
        }
        let found = entry.2.clone();
        kept.push_back(entry);
        Some(found)
    }

    fn keep(&self, key: Key, version: i64, drawn: Arc<DrawnDay>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, ..)| *known != key);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((key, version, drawn));
    }
}

/// The day that is asked for, drawn for a page: as it was kept, or anew.
pub(super) async fn drawn(
    web: &Web,
    me: &Me,
    ask: &Ask,
    asked: &AskedDay,
    view: View<'_>,
) -> Result<Arc<DrawnDay>, Problem> {
    let key = Key {
        view: format!("{view:?}"),
        unit: me.store.scope().unit().clone(),
        date: asked.date,
        region: asked.ground.version().clone(),
        lang: ask.lang,
        lang_is_chosen: ask.lang_is_chosen,
    };
    // Before anything of the day is read: what changes meanwhile is in the page, and the page is drawn anew next time.
    let version = me.store.content_version().await?;
    if let Some(found) = web.drawn_days.find(&key, version) {
        return Ok(found);
    }
    let drawn = Arc::new(draw(web, me, ask, asked, view).await?);
    // Whoever came in by another region version than the day is drawn by sees by the other one's units.
    let is_of_this_version = web.scope_of(&key.unit).is_some_and(|scope| Arc::ptr_eq(&scope, me.store.scope()))
        && web.ground().version() == &key.region;
    if is_of_this_version {
        web.drawn_days.keep(key, version, drawn.clone());
    }
    Ok(drawn)
}

async fn draw(web: &Web, me: &Me, ask: &Ask, asked: &AskedDay, view: View<'_>) -> Result<DrawnDay, Problem> {
    let mut day = read_day(me, asked).await?;
    if let View::Map(filter) = view {
        filter.apply(&mut day);
    }
    let (lang, ground) = (ask.lang, &day.ground);
    let known = day.fires.iter().map(|fire| fire.id).collect::<std::collections::BTreeSet<_>>();
    let burning_on = day.detections.iter().filter(|row| row.fire_id.is_some_and(|id| !known.contains(&id))).count();
    let f = Words(ask);
    let list = match view {
        View::Home => {
            let all: Vec<_> = day.detections.iter().chain(&day.later).collect();
            HomeAlerts { f, counties: grouped(ground, lang, &day.alerts, &all) }.render()?
        }
        View::Map(_) => {
            MapAlerts { f, alerts: day.alerts.iter().map(|alert| row(&day, alert, lang)).collect() }.render()?
        }
        View::Wall => String::new(),
    };
    Ok(DrawnDay {
        map: day.map(web, ask, Form::Part),
        summary: summarise(ground, lang, &day.detections, &day.fires, &day.alerts),
        burning_on,
        alerts: day.alerts.len(),
        list,
        cases: if matches!(view, View::Wall) { cases(me).await? } else { Cases::default() },
    })
}

async fn cases(me: &Me) -> Result<Cases, Problem> {
    let over = AlertState::ALL.into_iter().filter(|state| state.is_over()).collect();
    Ok(Cases {
        open: me.store.open_cases().await?,
        closed: me.store.count_cases(CaseFilter { states: over, ..CaseFilter::default() }).await?,
    })
}

#[derive(Template)]
#[template(path = "home_alerts.html")]
struct HomeAlerts<'a> {
    f: Words<'a>,
    counties: Vec<County>,
}

#[derive(Template)]
#[template(path = "map_alerts.html")]
struct MapAlerts<'a> {
    f: Words<'a>,
    alerts: Vec<Row>,
}
