//! A day as its pages show it, drawn once for each version of what it is made of.
//!
//! The day page ([`super::home`]), the live map without scripts ([`super::map`]) and the wall ([`super::wall`]) are
//! asked for every minute by every screen of an office, and a busy day takes long to read, to draw and to write down.
//! What of them follows from the database and the region alone is kept under the reader's unit, the day, the language
//! and the filter, with the version of the content it was made from ([`crate::store::Scoped::content_version`]). A page
//! whose content has changed since, by whomever, is drawn anew; there is no time for which a kept one is believed.
//!
//! What depends on the present (feeds, warnings, today, progress of plans) is never kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use tokio::sync::Semaphore;

use super::alert_list::{County, grouped};
use super::home::{AskedDay, Day, Form, read_day};
use super::summary::Summary;
use crate::domain::account::Scope;
use crate::domain::alert::AlertState;
use crate::domain::ground::RegionVersion;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::figures::{Figures, Pixel, Question, Rows, count};
use crate::report::lang::Lang;
use crate::store::query::AlertRow;
use crate::store::{CaseFilter, OpenCases};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::error::Problem;
use crate::web::figures::counted_scope;
use crate::web::frame::Words;
use crate::web::pages::day::filter::DayFilter;
use crate::web::pages::day::map::{Row, row};

/// Drawn days that are kept: those of a city's units and of yesterday and today. A busy one is a megabyte of text.
const KEPT: usize = 24;

/// Days that are drawn at the same moment: as many as a small server has cores. When a change sends every screen of an
/// office back at once, the first draws and the others find it drawn.
const DRAWN_AT_ONCE: usize = 2;

/// A day, drawn.
pub(in crate::web) struct DrawnDay {
    /// The map; `None` where the region has nothing to draw.
    pub map: Option<String>,
    /// The figures of the ground.
    pub summary: Summary,
    /// The list as the page has it.
    pub list: String,
    /// It has no row.
    pub is_empty: bool,
    /// Cases of all days, which the wall counts.
    pub cases: Cases,
}

/// Cases of all days.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::web) struct Cases {
    /// Those that are not over.
    pub open: OpenCases,
    /// How many are.
    pub closed: u64,
}

/// Which page a day is drawn for.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum View<'a> {
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

/// The drawn days that are kept, and whose turn it is to draw another.
pub(in crate::web) struct DrawnDays {
    /// The last used at the end, each with the version of its content.
    kept: Mutex<VecDeque<(Key, i64, Arc<DrawnDay>)>>,
    turns: Semaphore,
}

impl Default for DrawnDays {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(DRAWN_AT_ONCE) }
    }
}

impl DrawnDays {
    fn find(&self, key: &Key, version: i64) -> Option<Arc<DrawnDay>> {
        // A panic while the lock was held leaves whole entries or none.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, made_of, _)| known == key && *made_of == version)?;
        let entry = kept.remove(place)?;
        let found = entry.2.clone();
        kept.push_back(entry);
        Some(found)
    }

    fn keep(&self, key: Key, version: i64, drawn: Arc<DrawnDay>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, ..)| *known != key);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((key, version, drawn));
    }
}

/// The day that is asked for, drawn for a page: as it was kept, or anew.
pub(in crate::web) async fn drawn(
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
    if let Some(found) = web.drawn_days.find(&key, me.store.content_version().await?) {
        return Ok(found);
    }
    // The turns are never closed; without one it would be drawn all the same.
    let _turn = web.drawn_days.turns.acquire().await;
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
    let own = me.store.scope();
    let figures = match view {
        View::Home | View::Wall => figures_of(&day, question_of(&day, own)),
        View::Map(filter) => {
            let scope = counted_scope(own, &day.ground, filter.unit.as_ref())?;
            filter.narrow(&mut day);
            let (period, verdicts) = (filter.period(&day), filter.verdicts.as_slice());
            let figures = figures_of(&day, Question { period, verdicts, ..question_of(&day, &scope) });
            filter.apply(&mut day);
            figures
        }
    };
    let (lang, ground, f) = (ask.lang, &day.ground, Words(ask));
    let list = match view {
        View::Home => {
            let all: Vec<_> = day.detections.iter().chain(&day.later).collect();
            let question = question_of(&day, me.store.scope());
            let (own, other): (Vec<&AlertRow>, Vec<_>) =
                day.alerts.iter().partition(|alert| question.counts_alert(alert));
            HomeAlerts {
                f,
                elsewhere: other.len(),
                counties: [own, other]
                    .map(|alerts| grouped(ground, lang, &alerts, &all))
                    .into_iter()
                    .zip([true, false])
                    .collect(),
            }
            .render()?
        }
        View::Map(_) => {
            MapAlerts { f, alerts: day.alerts.iter().map(|alert| row(&day, alert, lang)).collect() }.render()?
        }
        View::Wall => String::new(),
    };
    Ok(DrawnDay {
        map: day.map(web, ask, Form::Part, &figures),
        summary: Summary::of(&figures, ground, lang),
        is_empty: day.alerts.is_empty(),
        list,
        cases: if matches!(view, View::Wall) { cases(me).await? } else { Cases::default() },
    })
}

/// The whole day, every verdict.
pub(in crate::web) fn question_of<'a>(day: &'a Day, scope: &'a Scope) -> Question<'a> {
    Question { ground: &day.ground, scope, period: day.span, verdicts: &[] }
}

/// The figures of a day's rows.
pub(in crate::web) fn figures_of(day: &Day, question: Question<'_>) -> Figures {
    let pixels: Vec<Pixel<'_>> = day.detections.iter().map(Pixel::from).collect();
    count(&question, &Rows { pixels: &pixels, fires: &day.fires, alerts: &day.alerts })
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
    /// Alerts that only may concern the own ground.
    elsewhere: usize,
    /// Alerts of the own ground, and those.
    counties: Vec<(Vec<County>, bool)>,
}

#[derive(Template)]
#[template(path = "map_alerts.html")]
struct MapAlerts<'a> {
    f: Words<'a>,
    alerts: Vec<Row>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(unit: &str) -> Key {
        Key {
            view: "Home".to_owned(),
            unit: UnitCode(unit.to_owned()),
            date: "2026-04-13".parse().unwrap(),
            region: RegionVersion("one".to_owned()),
            lang: Lang::Zh,
            lang_is_chosen: false,
        }
    }

    fn day(list: &str) -> Arc<DrawnDay> {
        let cases = Cases::default();
        let summary = Summary::default();
        Arc::new(DrawnDay { map: None, summary, is_empty: true, list: list.to_owned(), cases })
    }

    #[test]
    fn a_day_is_found_for_its_own_reader_and_version_alone() {
        let days = DrawnDays::default();
        days.keep(key("22"), 7, day("seven"));
        assert_eq!(days.find(&key("22"), 7).unwrap().list, "seven");
        assert!(days.find(&key("22"), 8).is_none(), "changed since");
        assert!(days.find(&key("2201"), 7).is_none(), "another unit");
        assert!(days.find(&Key { lang: Lang::En, ..key("22") }, 7).is_none(), "another language");
        assert!(days.find(&Key { region: RegionVersion("two".to_owned()), ..key("22") }, 7).is_none());
        days.keep(key("22"), 8, day("eight"));
        assert_eq!(days.find(&key("22"), 8).unwrap().list, "eight");
        assert!(days.find(&key("22"), 7).is_none(), "one of each");
    }

    #[test]
    fn the_day_that_nobody_asked_for_longest_makes_room() {
        let days = DrawnDays::default();
        for n in 0..KEPT {
            days.keep(key(&n.to_string()), 1, day(""));
        }
        assert!(days.find(&key("0"), 1).is_some());
        days.keep(key("one more"), 1, day(""));
        assert!(days.find(&key("0"), 1).is_some(), "used just now");
        assert!(days.find(&key("1"), 1).is_none());
    }
}
