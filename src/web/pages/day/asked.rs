//! The day that is asked for: its rows, its figures, its map, and the words that stand beside them.

use std::sync::Arc;

use crate::domain::account::Scope;
use crate::domain::ground::Ground;
use crate::domain::time::{Date, SignedDuration, Timestamp, day_bounds};
use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;
use crate::report::figures::{Figures, Pixel, Question, Rows, count};
use crate::report::map_svg::{self, DayMap, FireMark};
use crate::store::DetailedRows;
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::problem::Problem;
use crate::words::{Label, Lang, pages as w};

/// Fires first seen on a day may burn into the next; their later pixels are read with them.
const BURNS_ON: SignedDuration = SignedDuration::from_hours(24);

/// More fires than this on one day, and marks on the map carry short labels.
const BUSY_FIRES: usize = 500;

/// A local day that is asked for.
pub(in crate::web) struct AskedDay {
    pub ground: Arc<Ground>,
    /// The local day.
    pub date: Date,
    pub span: Span,
}

/// What a day's page and its map are made of.
pub(in crate::web) struct Day {
    pub ground: Arc<Ground>,
    /// The local day.
    pub date: Date,
    pub span: Span,
    /// Pixels acquired that day.
    pub detections: Vec<DetectionRow>,
    /// Later pixels of the day's fires.
    pub later: Vec<DetectionRow>,
    /// Its fires.
    pub fires: Vec<FireRow>,
    /// Its alerts.
    pub alerts: Vec<AlertRow>,
}

/// What the map is drawn for.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum Form {
    /// A part of the page, which has title and key beside it.
    Part,
    /// A sheet of its own.
    Sheet,
}

/// The day that is asked for, or today.
pub(in crate::web) fn asked_day(web: &Web, ask: &Ask) -> Result<AskedDay, Problem> {
    let ground = web.ground();
    let date = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
    let (from, until) =
        day_bounds(date, &ground.data().time_zone).map_err(|source| Problem::BadDate { name: "date", source })?;
    Ok(AskedDay { ground, date, span: Span { from, until } })
}

/// Reads a day.
pub(in crate::web) async fn read_day(me: &Me, asked: &AskedDay) -> Result<Day, Problem> {
    let AskedDay { ground, date, span } = asked;
    let later_until = span.until.checked_add(BURNS_ON).unwrap_or(Timestamp::MAX);
    let DetailedRows { detections, later, fires, alerts } = me.store.detailed_period(*span, later_until).await?;
    Ok(Day { ground: ground.clone(), date: *date, span: *span, detections, later, fires, alerts })
}

impl Day {
    /// Draws it; `None` where the region has nothing to draw. `figures` are said to whoever cannot see it.
    pub(in crate::web) fn map(&self, web: &Web, ask: &Ask, form: Form, figures: &Figures) -> Option<String> {
        let base = web.base_map(&self.ground)?;
        let pixels: Vec<_> = self.detections.iter().map(|row| (&row.observation, row.judgement.verdict)).collect();
        let fires: Vec<_> = self.fires.iter().map(|fire| self.mark(fire, ask)).collect();
        let map = DayMap {
            base: &base,
            ground: &self.ground,
            day: self.date,
            pixels: &pixels,
            fires: &fires,
            figures,
            simulated: web.site.simulated,
            lang: ask.lang,
        };
        Some(match form {
            Form::Part => map.svg(),
            Form::Sheet => map.sheet(),
        })
    }

    fn mark(&self, fire: &FireRow, ask: &Ask) -> FireMark {
        let lang = ask.lang;
        // Alerts come worst first: a fire in two townships leads to the worse of its alerts.
        let alert = self.alerts.iter().find(|alert| alert.fire_id == Some(fire.id));
        let time = self.ground.data().time_zone.to_datetime(fire.first_seen_at).strftime("%H:%M");
        let mut label = format!("{} {time}", lang.say(fire.verdict.label()));
        // On a day like that the list says where; a label each would double the map.
        let is_busy = self.fires.len() > BUSY_FIRES;
        if let Some(place) = alert.and_then(|alert| alert.nearest_place.as_ref()).filter(|_| !is_busy) {
            label.push_str(lang.say(w::shared::COMMA));
            label.push_str(&lang.nearest_place(place));
        }
        FireMark {
            lon: fire.lon,
            lat: fire.lat,
            verdict: fire.verdict,
            link: alert.map(|alert| ask.href(&format!("/alerts/{}", alert.number))),
            label,
        }
    }
}

/// The key of the map.
pub(in crate::web) fn key(lang: Lang) -> Vec<(String, &'static str)> {
    let fires = Verdict::ALL.into_iter().map(|verdict| (map_svg::key_svg(verdict), lang.verdict_short(verdict)));
    let zones = [
        (ZoneClass::Ban, true, w::shared::BAN_ZONE),
        (ZoneClass::Limited, true, w::shared::LIMITED_ZONE),
        (ZoneClass::Ban, false, w::shared::ZONE_NOT_IN_FORCE),
    ];
    let zones =
        zones.into_iter().map(|(class, in_force, words)| (map_svg::zone_key_svg(class, in_force), lang.say(words)));
    fires.chain(zones).collect()
}

/// The name of a day of the week.
pub(in crate::web) fn weekday(day: Date, lang: Lang) -> &'static str {
    let words = match day.weekday().to_monday_one_offset() {
        1 => w::day::MONDAY,
        2 => w::day::TUESDAY,
        3 => w::day::WEDNESDAY,
        4 => w::day::THURSDAY,
        5 => w::day::FRIDAY,
        6 => w::day::SATURDAY,
        _ => w::day::SUNDAY,
    };
    lang.say(words)
}

/// The linking rule in words: every table of fires prints it.
pub(in crate::web) fn link_rule(lang: Lang, link_gap: SignedDuration) -> String {
    let km = crate::domain::fire::MIN_LINK_KM;
    w::day::link_rule(link_gap.as_hours(), km).of(lang)
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
