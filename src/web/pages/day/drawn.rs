//! A day as its pages show it, drawn once for each version of what it is made of.
//!
//! The day page ([`super::home`]), the live map without scripts ([`super::map`]) and the wall ([`super::wall`]) are
//! asked for every minute by every screen of an office, and a busy day takes long to read, to draw and to write down.
//! What of them follows from the database and the region alone is kept under the reader's unit, the day, the language
//! and the filter, with the version of the content it was made from ([`crate::store::Scoped::content_version`]). A page
//! whose content has changed since, by whomever, is drawn anew; there is no time for which a kept one is believed.
//!
//! What depends on the present (feeds, warnings, today, progress of plans) is never kept.

use std::sync::Arc;

use askama::Template;

use super::alert_list::{County, grouped};
use super::kept::Key;
use super::summary::Summary;
use crate::domain::alert::AlertState;
use crate::report::figures::Question;
use crate::store::query::AlertRow;
use crate::store::{AlertFilter, Ended, OpenAlerts};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::figures::counted_scope;
use crate::web::frame::PartFrame;
use crate::web::pages::day::alert_list::{Row, row};
use crate::web::pages::day::asked::{AskedDay, Form, figures_of, question_of, read_day};
use crate::web::pages::day::filter::DayFilter;
use crate::web::pages::day::kept::{Alerts, DrawnDay};
use crate::web::problem::Problem;
use crate::words::pages as w;

/// Which page a day is drawn for.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum View<'a> {
    /// The day page: alerts by county, township and cell.
    Home,
    /// The live map: a filtered table of alerts.
    Map(&'a DayFilter),
    /// The wall: no list, but the alerts of all days.
    Wall,
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
    let (lang, ground, f) = (ask.lang, &day.ground, PartFrame(ask));
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
        alerts: if matches!(view, View::Wall) { listed_alerts(me).await? } else { Alerts::default() },
    })
}

async fn listed_alerts(me: &Me) -> Result<Alerts, Problem> {
    let over = AlertState::ALL.into_iter().filter(|state| state.is_over()).collect();
    Ok(Alerts {
        open: OpenAlerts::of(&me.store.alert_counts(AlertFilter::open()).await?),
        closed: me.store.count_alerts(AlertFilter { states: over, ..AlertFilter::default() }, Ended::All).await?.alerts,
    })
}

#[derive(Template)]
#[template(path = "home_alerts.html")]
struct HomeAlerts<'a> {
    f: PartFrame<'a>,
    /// Alerts that only may concern the own ground.
    elsewhere: usize,
    /// Alerts of the own ground, and those.
    counties: Vec<(Vec<County>, bool)>,
}

#[derive(Template)]
#[template(path = "map_alerts.html")]
struct MapAlerts<'a> {
    f: PartFrame<'a>,
    alerts: Vec<Row>,
}
