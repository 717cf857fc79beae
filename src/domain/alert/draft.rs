//! Alerts: one per fire and township, put in front of the person who answers for the ground.
//!
//! [`alerts_of`] derives, from a fire's judged detections, which alerts there must be; it
//! is pure and order-free. The store compares that with what is recorded and writes the
//! difference: new alerts, grown ones, merged ones.

use std::collections::BTreeMap;

use crate::domain::ground::{Ground, RegionVersion, SURE_SHARE, UnitShare};
use crate::domain::landcover::CoverShare;
use crate::domain::observation::{Confidence, Observation, ObservationKey};
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::{Judgement, Reason, Verdict};

/// The grid cell of the first detection gets the alert when it holds at least this much of
/// the footprint; below it the township's duty desk does, and dispatches.
pub const OWNER_SHARE: f64 = 0.5;

/// How long after recording a notice is still worth sending.
///
/// The straw has burnt and the satellite has come round again after half a day; a message
/// later than that would send people to cold ground as if it were new.
pub const NOTICE_EXPIRES_AFTER: crate::domain::time::SignedDuration =
    crate::domain::time::SignedDuration::from_hours(12);

/// A fire this near to an older one, km, says so: it may be the same ground burning again.
pub const REKINDLING_KM: f64 = 2.0;

/// How long after an older fire was last seen a near one says so.
pub const REKINDLING_WITHIN: crate::domain::time::SignedDuration = crate::domain::time::SignedDuration::from_hours(48);

/// A detection of a fire, with what the rules say of it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Surrogate id of the stored detection.
    pub detection_id: i64,
    /// The speaking observation.
    pub observation: &'a Observation,
    /// The judgement.
    pub judgement: &'a Judgement,
}

/// What an alert of one fire and township must say, derived from the detections there: all that recording writes.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertDraft {
    /// The township, or the unit that stands for one.
    pub responsible: UnitCode,
    /// Who gets the alert: the grid cell of the first detection, or the township's desk.
    pub owner: UnitCode,
    /// The unit of the first detection, whether or not it gets the alert.
    pub likely_unit: UnitCode,
    /// The other units that detections of the fire stand in.
    pub other_units: Vec<UnitCode>,
    /// The worst verdict there.
    pub verdict: Verdict,
    /// Stored id of the earliest detection (ties by key) that has the worst verdict: its reason is the alert's.
    pub deciding_detection: i64,
    /// Its reason.
    pub reason: Reason,
    /// What grows in its footprint.
    pub land_cover: Vec<CoverShare>,
    /// The region version that judged it.
    pub region_version: RegionVersion,
    /// Stored id of the earliest detection there.
    pub first_detection: i64,
    /// Key of the earliest detection there.
    pub first_key: ObservationKey,
    /// Where the earliest detection stands.
    pub position: Position,
    /// The best confidence there.
    pub confidence: Option<Confidence>,
    /// The lowest level at which the likely unit surely holds the deciding detection.
    pub sure_level: Option<UnitLevel>,
    /// Units with more than a tenth of the deciding detection's footprint, off the lines of the units above: of one
    /// footprint, so that those of one level hold at most all of it.
    pub candidates: Vec<UnitShare>,
    /// Some detection there may be on banned ground although none is judged so.
    pub may_be_banned: bool,
    /// First and last time seen there.
    pub seen: (Timestamp, Timestamp),
    /// Number of detections there.
    pub detections: u32,
    /// Greatest radiative power seen there, MW.
    pub max_frp_mw: Option<f64>,
}

/// Derives the alerts of one fire: one per township whose worst verdict alerts.
///
/// # Shape
/// By township code.
#[must_use]
pub fn alerts_of(ground: &Ground, fire: &[Judged<'_>]) -> Vec<AlertDraft> {
    let mut by_responsible: BTreeMap<UnitCode, Vec<Judged<'_>>> = BTreeMap::new();
    for detection in fire {
        if let Some(responsible) = &detection.judgement.responsible {
            by_responsible.entry(responsible.clone()).or_default().push(*detection);
        }
    }
    by_responsible.into_iter().filter_map(|(responsible, there)| draft(ground, responsible, there)).collect()
}

fn draft(ground: &Ground, responsible: UnitCode, mut there: Vec<Judged<'_>>) -> Option<AlertDraft> {
    let verdict = there.iter().map(|d| d.judgement.verdict).min()?;
    if !verdict.alerts() {
        return None;
    }
    there.sort_by(earliest_first);
    let first = there.first()?;
    let last = there.last()?;
    let deciding = deciding(&there)?;
    let likely_unit = first.judgement.unit.clone()?;
    let holds_half = first.judgement.shares.as_ref().is_some_and(|shares| shares.of(&likely_unit) >= OWNER_SHARE);
    let is_cell = ground.unit(&likely_unit).is_some_and(|unit| unit.level > UnitLevel::Township);
    let owner = if is_cell && holds_half { likely_unit.clone() } else { responsible.clone() };
    let mut other_units: Vec<_> =
        there.iter().filter_map(|d| d.judgement.unit.clone()).filter(|unit| *unit != likely_unit).collect();
    other_units.sort();
    other_units.dedup();
    Some(AlertDraft {
        owner,
        verdict,
        deciding_detection: deciding.detection_id,
        reason: deciding.judgement.reason.clone(),
        land_cover: deciding.judgement.shares.as_ref().map(|shares| shares.land_cover.clone()).unwrap_or_default(),
        region_version: deciding.judgement.region_version.clone(),
        first_detection: first.detection_id,
        first_key: first.observation.key.clone(),
        position: first.observation.position,
        confidence: there.iter().map(|d| d.observation.confidence).max_by_key(|confidence| confidence.class()),
        sure_level: sure_level(ground, &likely_unit, deciding.judgement),
        candidates: candidates(ground, &likely_unit, &other_units, deciding.judgement),
        may_be_banned: verdict != Verdict::Banned && there.iter().any(|d| d.judgement.may_be_banned),
        seen: (first.observation.key.acquired_at, last.observation.key.acquired_at),
        detections: u32::try_from(there.len()).unwrap_or(u32::MAX),
        max_frp_mw: there.iter().filter_map(|d| d.observation.frp_mw).max_by(f64::total_cmp),
        likely_unit,
        other_units,
        responsible,
    })
}

/// Earliest first; among detections of one minute the lowest unit code, then the key.
fn earliest_first(a: &Judged<'_>, b: &Judged<'_>) -> std::cmp::Ordering {
    (a.observation.key.acquired_at.cmp(&b.observation.key.acquired_at))
        .then_with(|| a.judgement.unit.cmp(&b.judgement.unit))
        .then_with(|| a.observation.key.cmp(&b.observation.key))
}

/// The detection that decides an alert: of those with the worst verdict the earliest. Verdict, reason, zone and shares
/// of the alert are its, so that none contradicts another.
#[must_use]
pub fn deciding<'a>(there: &[Judged<'a>]) -> Option<Judged<'a>> {
    let worst = there.iter().map(|d| d.judgement.verdict).min()?;
    there.iter().filter(|d| d.judgement.verdict == worst).min_by(|a, b| earliest_first(a, b)).copied()
}

/// How surely the alert's unit holds the deciding detection, whose centre may stand in another cell.
fn sure_level(ground: &Ground, likely_unit: &UnitCode, deciding: &Judgement) -> Option<UnitLevel> {
    if deciding.unit.as_ref() == Some(likely_unit) {
        return deciding.sure_level;
    }
    let shares = deciding.shares.as_ref()?;
    ground.line_of(likely_unit).into_iter().find(|above| shares.of(&above.code) >= SURE_SHARE).map(|above| above.level)
}

/// The units that may hold the fire instead: never the alert's own, nor those that it reaches anyway.
fn candidates(
    ground: &Ground,
    likely_unit: &UnitCode,
    other_units: &[UnitCode],
    deciding: &Judgement,
) -> Vec<UnitShare> {
    let is_named = |code: &UnitCode| {
        std::iter::once(likely_unit)
            .chain(other_units)
            .any(|unit| unit == code || ground.line_of(unit).iter().any(|above| above.code == *code))
    };
    deciding.candidates.iter().filter(|unit| !is_named(&unit.code)).cloned().collect()
}
