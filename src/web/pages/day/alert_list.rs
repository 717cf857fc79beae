//! The day's alerts in the order people look for them: county, township, grid cell.

use std::collections::{BTreeMap, HashMap};

use super::asked::Day;
use crate::domain::detection::Origin;
use crate::domain::ground::{Ground, UnitShare, percent_text};
use crate::domain::time::{TimeZone, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::report::map_svg;
use crate::store::query::{AlertRow, DetectionRow};
use crate::words::{Label, Lang, full_name, pages as w, unit_name};

/// Candidates named in a list; the alert's page names all.
const CANDIDATES_SHOWN: usize = 3;

/// A heading with what stands under it.
pub(in crate::web) struct Group<T> {
    /// The unit's name.
    pub name: String,
    /// How many alerts stand under it.
    pub count: usize,
    /// What stands under it.
    pub items: Vec<T>,
}

/// A county, its townships, their cells, the alerts there.
pub(in crate::web) type County = Group<Group<Group<Item>>>;

/// An alert as the list shows it.
pub(in crate::web) struct Item {
    /// Its number.
    pub number: String,
    /// Its verdict, for the style sheet.
    pub verdict: &'static str,
    /// The verdict in words.
    pub verdict_words: &'static str,
    /// Its state, for the style sheet.
    pub state: &'static str,
    /// Its state in words.
    pub state_words: &'static str,
    /// Local time first seen, and last seen where that is later.
    pub seen: String,
    /// Where, from the nearest place.
    pub place: Option<String>,
    /// How surely the ground is known.
    pub sure: String,
    /// Other units that may hold it.
    pub candidates: Option<String>,
    /// It may be on banned ground although not judged so.
    pub may_be_banned: bool,
    /// It was recorded late.
    pub is_late: bool,
    /// Radiative power.
    pub frp: Option<String>,
    /// Satellites that saw it.
    pub satellites: String,
    /// Greatest confidence.
    pub confidence: Option<&'static str>,
    /// Number of pixels.
    pub pixels: u32,
}

/// Groups alerts; within a cell they keep their order (worst first, then newest).
pub(in crate::web) fn grouped(
    ground: &Ground,
    lang: Lang,
    alerts: &[&AlertRow],
    detections: &[&DetectionRow],
) -> Vec<County> {
    type Cells<'a> = BTreeMap<&'a UnitCode, Vec<&'a AlertRow>>;
    let mut of_fires: HashMap<i64, Vec<&DetectionRow>> = HashMap::new();
    for &row in detections {
        if let Some(fire) = row.fire_id {
            of_fires.entry(fire).or_default().push(row);
        }
    }
    let of_fire =
        |alert: &AlertRow| alert.fire_id.and_then(|fire| of_fires.get(&fire)).map_or(&[][..], |rows| rows.as_slice());
    let mut tree: BTreeMap<Option<&UnitCode>, BTreeMap<&UnitCode, Cells<'_>>> = BTreeMap::new();
    for &alert in alerts {
        let townships = tree.entry(alert.county_code.as_ref()).or_default();
        townships.entry(&alert.responsible_code).or_default().entry(&alert.unit_code).or_default().push(alert);
    }
    let cell = |(code, alerts): (&UnitCode, Vec<&AlertRow>)| Group {
        name: cell_name(ground, code, lang),
        count: alerts.len(),
        items: alerts.into_iter().map(|alert| item(ground, lang, alert, of_fire(alert))).collect(),
    };
    let township = |(code, cells): (&UnitCode, Cells<'_>)| {
        let items: Vec<_> = cells.into_iter().map(cell).collect();
        Group { name: unit_name(ground, code, lang), count: items.iter().map(|cell| cell.count).sum(), items }
    };
    tree.into_iter()
        .map(|(code, townships)| {
            let items: Vec<_> = townships.into_iter().map(township).collect();
            let name =
                code.map_or_else(|| lang.say(w::day::NO_COUNTY).to_owned(), |code| unit_name(ground, code, lang));
            Group { name, count: items.iter().map(|township| township.count).sum(), items }
        })
        .collect()
}

/// A cell by its name; ground without cells says so.
fn cell_name(ground: &Ground, code: &UnitCode, lang: Lang) -> String {
    let name = unit_name(ground, code, lang);
    match ground.unit(code).map(|unit| unit.level) {
        Some(level) if level <= UnitLevel::Township => w::day::without_cells(&name).of(lang),
        _ => name,
    }
}

/// `of_fire`: the pixels of the alert's fire, those of other townships too.
fn item(ground: &Ground, lang: Lang, alert: &AlertRow, of_fire: &[&DetectionRow]) -> Item {
    let is_there = |row: &&&DetectionRow| row.judgement.responsible.as_ref() == Some(&alert.responsible_code);
    let there: Vec<_> = of_fire.iter().filter(is_there).collect();
    let mut satellites: Vec<_> = there.iter().map(|row| row.observation.key.satellite.name()).collect();
    satellites.sort_unstable();
    satellites.dedup();
    let best = there.iter().map(|row| row.observation.confidence).max_by_key(|confidence| confidence.class());
    Item {
        number: alert.number.0.clone(),
        verdict: verdict_class(alert.verdict),
        verdict_words: lang.alert_verdict(alert.verdict),
        state: alert.state.name(),
        state_words: lang.say(alert.state.label()),
        seen: seen_text(&ground.data().time_zone, alert.first_seen_at, alert.last_seen_at),
        place: alert.nearest_place.as_ref().map(|place| lang.nearest_place(place)),
        sure: sure_text(alert.sure_level, lang),
        candidates: candidates_text(ground, &alert.candidates, CANDIDATES_SHOWN, lang),
        may_be_banned: alert.may_be_banned,
        is_late: alert.origin == Origin::Late,
        frp: alert.max_frp_mw.map(|frp| format!("{frp:.1}")),
        satellites: satellites.join(lang.say(w::shared::LIST_COMMA)),
        confidence: best.map(|confidence| lang.confidence(confidence)),
        pixels: alert.detections,
    }
}

/// `12:12`, `12:12–13:50`, or with dates where the two are of different days.
fn seen_text(zone: &TimeZone, first: Timestamp, last: Timestamp) -> String {
    let (first, last) = (zone.to_datetime(first), zone.to_datetime(last));
    if first == last {
        first.strftime("%H:%M").to_string()
    } else if first.date() == last.date() {
        format!("{}–{}", first.strftime("%H:%M"), last.strftime("%H:%M"))
    } else {
        format!("{}–{}", first.strftime("%m-%d %H:%M"), last.strftime("%m-%d %H:%M"))
    }
}

/// The word of an alert's verdict in the style sheet.
pub(in crate::web) fn verdict_class(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("problem", Verdict::name)
}

/// How surely the ground is known from the satellite alone.
pub(in crate::web) fn sure_text(level: Option<UnitLevel>, lang: Lang) -> String {
    match level {
        Some(level) => w::day::sure_to(level).of(lang),
        None => lang.say(w::day::GROUND_NOT_CERTAIN).to_owned(),
    }
}

/// The units that may hold the fire instead, with their shares.
pub(in crate::web) fn candidates_text(
    ground: &Ground,
    candidates: &[UnitShare],
    shown: usize,
    lang: Lang,
) -> Option<String> {
    // The lowest units say where to go; a parent of another candidate is only its sum.
    let is_above = |unit: &UnitShare, other: &UnitShare| {
        unit.code != other.code && ground.line_of(&other.code).iter().any(|above| above.code == unit.code)
    };
    let mut lowest: Vec<_> =
        candidates.iter().filter(|unit| !candidates.iter().any(|other| is_above(unit, other))).collect();
    lowest.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| b.share.total_cmp(&a.share)));
    let names: Vec<_> = lowest
        .into_iter()
        .take(shown)
        .map(|unit| format!("{} {}", unit_name(ground, &unit.code, lang), percent_text(unit.share)))
        .collect();
    (!names.is_empty()).then(|| names.join(lang.say(w::shared::LIST_COMMA)))
}

/// An alert in the list.
pub(in crate::web) struct Row {
    pub number: String,
    pub mark: Option<String>,
    pub verdict: &'static str,
    pub state: &'static str,
    pub state_words: &'static str,
    pub seen: String,
    pub place: String,
}

/// An alert as the list shows it.
pub(in crate::web) fn row(day: &Day, alert: &AlertRow, lang: Lang) -> Row {
    let zone = &day.ground.data().time_zone;
    let place = alert.nearest_place.as_ref().map(|place| lang.nearest_place(place)).unwrap_or_default();
    let unit = full_name(&day.ground, &alert.unit_code, lang);
    Row {
        number: alert.number.0.clone(),
        mark: alert.verdict.map(map_svg::key_svg),
        verdict: lang.alert_verdict(alert.verdict),
        state: alert.state.name(),
        state_words: lang.say(alert.state.label()),
        seen: zone.to_datetime(alert.first_seen_at).strftime("%H:%M").to_string(),
        place: if place.is_empty() { unit } else { format!("{unit} · {place}") },
    }
}
