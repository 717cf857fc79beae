//! The verdict: what the rules say of a detection, by rule, at acquisition time.
//!
//! In this order: outside the city, a fixed heat source, a ban zone in force, a closure of
//! limited ground, a burn plan ([`matching`]). [`judge`] is the one place where a detection gets its verdict, unit and shares;
//! `explain` calls the same function. A judgement stores why, and the region version it
//! rests on, and changes only by an explicit rejudgement or a revision of the detection.

mod matching;
mod misfit;
mod reason;
mod rule;

use serde::{Deserialize, Serialize};

use super::calendar::Closure;
use super::detection::half_pixel_km;
use super::footprint::Footprint;
use super::ground::{CANDIDATE_SHARE, Ground, RegionVersion, SURE_SHARE, Shares, Standing, UnitShare};
use super::heat_source::nearest_approved;
use super::named::named;
use super::observation::Observation;
use super::plan::PlanId;
use super::policy::Policy;
use super::position::Position;
use super::time::{Date, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::zone::{Zone, ZoneClass};

pub use matching::{PlanMatch, plans_near};
pub use misfit::{LateWhat, Misfit, OrderSpan};
pub use reason::Reason;
pub use rule::{GroundRule, OutsideRule, ZoneRule};

/// A ban share of at least this elsewhere in the footprint is said with the verdict, and no
/// burn plan excuses it.
pub const MAY_BE_BANNED_SHARE: f64 = 0.1;

named! {
    /// What the rules say, worst first: a fire's verdict is the least of its detections'.
    pub enum Verdict {
        Banned = "banned",
        OffPlan = "off_plan",
        Unplanned = "unplanned",
        Planned = "planned",
        HeatSource = "heat_source",
        /// No rule in force there then.
        Unzoned = "unzoned",
        Neighbour = "neighbour",
    }
}

impl Verdict {
    /// Whether people are alerted; the other verdicts are recorded and listed.
    #[must_use]
    pub fn alerts(self) -> bool {
        matches!(self, Self::Banned | Self::OffPlan | Self::Unplanned)
    }
}

/// A zone that holds a point, and whether its rule held that day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneHold {
    /// The zone's id.
    pub id: String,
    /// Its rule.
    pub class: ZoneClass,
    /// Whether it was in force on the local day of acquisition.
    pub in_force: bool,
}

/// What the rules say of one detection, and everything it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The rule that decided.
    pub reason: Reason,
    /// The lowest unit that holds the pixel centre; `None` outside the city.
    pub unit: Option<UnitCode>,
    /// Its unit of township level, where there is one.
    pub township: Option<UnitCode>,
    /// The unit that answers: the township, or the lowest unit there is where none is drawn.
    pub responsible: Option<UnitCode>,
    /// Zones that hold the pixel centre.
    pub zones: Vec<ZoneHold>,
    /// Shares of the footprint; `None` for what a person saw, which is no pixel.
    pub shares: Option<Shares>,
    /// The lowest level at which the leading unit surely holds the fire.
    pub sure_level: Option<UnitLevel>,
    /// Other units that hold more than a tenth of the footprint, at every level.
    pub candidates: Vec<UnitShare>,
    /// The verdict is not `banned`, but a tenth or more of the footprint is banned ground.
    pub may_be_banned: bool,
    /// The burn plan the fire belongs to: the one that fits, or the one it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanId>,
    /// The region version that decided.
    pub region_version: RegionVersion,
}

/// A place and moment to judge.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Pixel centre.
    pub position: Position,
    /// When it was seen.
    pub acquired_at: Timestamp,
    /// The ground it covers; `None` for what a person saw, which is no pixel.
    pub footprint: Option<Footprint>,
    /// Half the mean pixel side, km: the tolerance towards fixed sources and plots.
    pub half_pixel_km: f64,
}

impl Sighting {
    /// The sighting of an observation.
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        Self {
            position: observation.position,
            acquired_at: observation.key.acquired_at,
            footprint: Some(Footprint::of(observation)),
            half_pixel_km: half_pixel_km(observation),
        }
    }
}

/// Judges a sighting by a region version and policy; `None` beyond the neighbour belt.
///
/// Everything is asked as of the moment of acquisition, in the region's time zone; of the
/// policy only what was known then can excuse a fire.
#[must_use]
pub fn judge(ground: &Ground, policy: &Policy, sighting: &Sighting) -> Option<Judgement> {
    let standing = ground.standing(sighting.position);
    if standing == Standing::Outside {
        return None;
    }
    let moment = ground.local_moment(sighting.acquired_at);
    let shares = sighting.footprint.as_ref().map(|footprint| ground.shares(footprint, moment));
    let ban_share = shares.as_ref().map_or(0.0, |shares| shares.zone_classes.ban);
    let (verdict, reason) = match standing {
        Standing::City => judge_city_ground(ground, policy, sighting, ban_share),
        Standing::Belt { distance_km } => {
            let belt_km = ground.data().neighbour_belt_km;
            (Verdict::Neighbour, Reason::Neighbour { distance_km: to_metre(distance_km), belt_km })
        }
        Standing::Outside => return None,
    };
    let unit = ground.unit_at(sighting.position).map(|unit| unit.code.clone());
    let zones = ground.zones_at(sighting.position);
    Some(Judgement {
        verdict,
        plan: reason.plan().cloned(),
        reason,
        township: unit
            .as_ref()
            .and_then(|code| ground.at_level(code, UnitLevel::Township))
            .map(|unit| unit.code.clone()),
        responsible: unit.as_ref().map(|code| ground.responsible_for(code)),
        zones: zones.iter().map(|zone| hold(zone, moment.date())).collect(),
        sure_level: sure_level(ground, unit.as_ref(), shares.as_ref()),
        candidates: candidates(ground, unit.as_ref(), shares.as_ref()),
        may_be_banned: verdict != Verdict::Banned && ban_share >= MAY_BE_BANNED_SHARE,
        unit,
        shares,
        region_version: ground.version().clone(),
    })
}

/// What linking and counting ask of a pixel before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstLook {
    /// Its verdict will be [`Verdict::Neighbour`].
    Neighbour,
    /// Its verdict will be [`Verdict::HeatSource`].
    HeatSource,
    /// Any other.
    City,
}

/// The part of [`judge`] that is cheap; `None` beyond the neighbour belt.
#[must_use]
pub fn first_look(ground: &Ground, policy: &Policy, observation: &Observation) -> Option<FirstLook> {
    match ground.standing(observation.position) {
        Standing::Outside => None,
        Standing::Belt { .. } => Some(FirstLook::Neighbour),
        Standing::City if ground.data().heat_sources.is_empty() && policy.heat_sources.is_empty() => {
            Some(FirstLook::City)
        }
        Standing::City => {
            let sighting = Sighting { footprint: None, ..Sighting::of(observation) };
            let day = ground.local_moment(sighting.acquired_at).date();
            let is_on_source = heat_source(ground, policy, &sighting, day).is_some();
            Some(if is_on_source { FirstLook::HeatSource } else { FirstLook::City })
        }
    }
}

/// Stored distances are whole metres: a judgement read back from its JSON equals the one written,
/// to the last bit, and judging again shows no difference that is none.
fn to_metre(km: f64) -> f64 {
    (km * 1000.0).round() / 1000.0
}

fn hold(zone: &Zone, day: Date) -> ZoneHold {
    ZoneHold { id: zone.id.clone(), class: zone.class, in_force: zone.is_in_force(day) }
}

fn judge_city_ground(ground: &Ground, policy: &Policy, sighting: &Sighting, ban_share: f64) -> (Verdict, Reason) {
    let moment = ground.local_moment(sighting.acquired_at);
    if let Some(reason) = heat_source(ground, policy, sighting, moment.date()) {
        return (Verdict::HeatSource, reason);
    }
    let zones = ground.zones_at(sighting.position);
    let Some(rule) = ground_rule(ground, &zones, moment.date()) else {
        return (Verdict::Unzoned, Reason::NoRule { not_in_force: zones.iter().map(|zone| zone.id.clone()).collect() });
    };
    if rule.class() == ZoneClass::Ban {
        return (Verdict::Banned, rule.into());
    }
    let units_over = ground.units_over(sighting.position);
    let closure = ground.closures_over(&units_over, moment).next();
    if let Some(Closure { name, from, to, basis, .. }) = closure.cloned() {
        return (Verdict::Banned, Reason::Closure { name, from, to, basis, ground: rule });
    }
    judge_limited_ground(ground, policy, sighting, ban_share, rule)
}

/// The approved fixed source the pixel stands on, of the region's and of those approved here.
fn heat_source(ground: &Ground, policy: &Policy, sighting: &Sighting, day: Date) -> Option<Reason> {
    let sources = ground.data().heat_sources.iter().chain(&policy.heat_sources);
    let (source, distance_km) = nearest_approved(sources, sighting.position, sighting.half_pixel_km, day)?;
    let (id, name) = (source.id.clone(), source.name.clone());
    Some(Reason::HeatSource { id, name, distance_km: to_metre(distance_km), expires: source.expires })
}

/// The rule the ground itself is under on a day, where it lies in some zones.
fn ground_rule(ground: &Ground, zones: &[&Zone], day: Date) -> Option<GroundRule> {
    // Ban wins; among zones of one class the lowest id speaks.
    let deciding = zones
        .iter()
        .filter(|zone| zone.is_in_force(day))
        .min_by(|a, b| a.class.cmp(&b.class).then_with(|| a.id.cmp(&b.id)));
    if let Some(zone) = deciding {
        return Some(GroundRule::Zone((*zone).into()));
    }
    let class = ground.outside_class(day)?;
    let season = ground.data().outside_season.as_ref().map(ToString::to_string);
    Some(GroundRule::OutsideZones(OutsideRule { class, season }))
}

/// Limited ground that is not closed: what the burn plans say.
fn judge_limited_ground(
    ground: &Ground,
    policy: &Policy,
    sighting: &Sighting,
    ban_share: f64,
    rule: GroundRule,
) -> (Verdict, Reason) {
    match matching::best_match(ground, policy, sighting, ban_share).map(Box::new) {
        None => (Verdict::Unplanned, rule.into()),
        Some(plan) if plan.fits() => (Verdict::Planned, Reason::Planned { plan, ground: rule }),
        Some(plan) => (Verdict::OffPlan, Reason::OffPlan { plan, ground: rule }),
    }
}

/// The lowest level at which the centre's own line holds at least [`SURE_SHARE`].
fn sure_level(ground: &Ground, unit: Option<&UnitCode>, shares: Option<&Shares>) -> Option<UnitLevel> {
    let (unit, shares) = (unit?, shares?);
    ground.line_of(unit).into_iter().find(|above| shares.of(&above.code) >= SURE_SHARE).map(|above| above.level)
}

/// Units off the centre's own line with more than [`CANDIDATE_SHARE`].
fn candidates(ground: &Ground, unit: Option<&UnitCode>, shares: Option<&Shares>) -> Vec<UnitShare> {
    let line: Vec<_> = unit.map(|unit| ground.line_of(unit)).unwrap_or_default();
    shares
        .into_iter()
        .flat_map(|shares| &shares.units)
        .filter(|unit| unit.share > CANDIDATE_SHARE && line.iter().all(|own| own.code != unit.code))
        .cloned()
        .collect()
}
