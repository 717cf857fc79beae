//! Which burn plan a fire on limited ground belongs to, and what does not fit.
//!
//! Called by [`super::judge`] and, for people who ask, by `explain`. A plan is held against the
//! fire as it stood at acquisition; what came later is named as late and excuses nothing. The
//! rules are in docs/decisions/0010.

use std::cmp::Ordering;
use std::collections::HashMap;

use geo::{BoundingRect, Intersects};
use serde::{Deserialize, Serialize};

use super::misfit::{LateWhat, Misfit, OrderSpan};
use super::{MAY_BE_BANNED_SHARE, Sighting, to_metre};
use crate::domain::ground::{Extent, Ground};
use crate::domain::nearest::distance_to_outline_km;
use crate::domain::plan::{BurnPlan, PlanId, PlanStatus};
use crate::domain::policy::{Policy, WeatherLevel};
use crate::domain::time::{DateTime, SignedDuration};
use crate::domain::unit::UnitCode;

/// A burn plan held against a fire: all that was compared, and what does not fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanMatch {
    /// The plan.
    pub plan: PlanId,
    /// The unit it belongs to.
    pub unit: UnitCode,
    /// That unit's name; its code where this region version has no such unit.
    pub unit_name: String,
    /// Where it stood when the fire was seen; `None` when it had not been received.
    pub status: Option<PlanStatus>,
    /// When it was approved, local, if it was by then.
    pub approved_at: Option<DateTime>,
    /// First local moment of its window.
    pub window_from: DateTime,
    /// First local moment after its window.
    pub window_to: DateTime,
    /// From the pixel centre to its plot, or to its unit's ground where it has no plot, km; 0
    /// inside; `None` when neither is drawn.
    pub distance_km: Option<f64>,
    /// The order that let it burn then.
    pub order: Option<OrderSpan>,
    /// The burn-weather level of the place and day; `None` when none is recorded.
    pub weather: Option<WeatherLevel>,
    /// The highest level at which planned burning is permitted; `None` asks for no level.
    pub max_weather_level: Option<u8>,
    /// What does not fit, in the order of [`Misfit`]; empty when the fire is planned.
    pub misfits: Vec<Misfit>,
}

impl PlanMatch {
    /// Whether everything fits.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.misfits.is_empty()
    }

    /// Whether a level is asked for and none is recorded: no misfit, but it is said.
    #[must_use]
    pub fn lacks_weather(&self) -> bool {
        self.max_weather_level.is_some() && self.weather.is_none()
    }
}

/// The plans near a sighting in place and time, whatever rule its ground is under.
///
/// A plan that had been withdrawn by then is nobody's plan. Only the share of banned ground in
/// the footprint is computed anew here; everything else is looked up.
///
/// # Shape
/// Best first: fewest misfits, then nearest, then lowest id.
#[must_use]
pub fn plans_near(ground: &Ground, policy: &Policy, sighting: &Sighting) -> Vec<PlanMatch> {
    let moment = ground.local_moment(sighting.acquired_at);
    let ban_share =
        sighting.footprint.as_ref().map_or(0.0, |footprint| ground.shares(footprint, moment).zone_classes.ban);
    let mut scene = Scene::of(ground, policy, sighting, ban_share);
    let mut near: Vec<_> = policy.plans.iter().filter_map(|plan| scene.hold_against(plan)).collect();
    near.sort_by(Held::best_first);
    near.into_iter().map(|held| scene.describe(held)).collect()
}

/// The first of [`plans_near`], where the share of banned ground is known.
pub(super) fn best_match(ground: &Ground, policy: &Policy, sighting: &Sighting, ban_share: f64) -> Option<PlanMatch> {
    let mut scene = Scene::of(ground, policy, sighting, ban_share);
    let near: Vec<_> = policy.plans.iter().filter_map(|plan| scene.hold_against(plan)).collect();
    near.into_iter().min_by(Held::best_first).map(|held| scene.describe(held))
}

/// A near plan with what does not fit.
struct Held<'a> {
    plan: &'a BurnPlan,
    distance_km: Option<f64>,
    misfits: Vec<Misfit>,
}

impl Held<'_> {
    fn best_first(&self, other: &Self) -> Ordering {
        let far = |held: &Self| held.distance_km.unwrap_or(f64::INFINITY);
        (self.misfits.len().cmp(&other.misfits.len()))
            .then_with(|| far(self).total_cmp(&far(other)))
            .then_with(|| self.plan.id.cmp(&other.plan.id))
    }
}

/// What is the same for every plan that one sighting is held against.
struct Scene<'a> {
    ground: &'a Ground,
    policy: &'a Policy,
    sighting: &'a Sighting,
    moment: DateTime,
    units_over: Vec<&'a UnitCode>,
    /// How far a plot may be to be near, km.
    reach_km: f64,
    /// The box within that reach of the centre, a little wider.
    window: Extent,
    weather: Option<WeatherLevel>,
    ban_share: f64,
    /// How far the ground of each unit is that some plan without a plot is for.
    units: HashMap<&'a UnitCode, Reach>,
}

impl<'a> Scene<'a> {
    fn of(ground: &'a Ground, policy: &'a Policy, sighting: &'a Sighting, ban_share: f64) -> Self {
        // The tolerance of a large pixel may go beyond what counts as near.
        let reach_km = policy.plan_rules.near_km.max(sighting.half_pixel_km);
        let (lon, lat) = (sighting.position.lon(), sighting.position.lat());
        let unit = ground.unit_at(sighting.position);
        Self {
            ground,
            policy,
            sighting,
            moment: ground.local_moment(sighting.acquired_at),
            units_over: ground.units_over(sighting.position),
            reach_km,
            window: Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(reach_km * 1.01),
            weather: unit.and_then(|unit| policy.weather_at(ground, &unit.code, sighting.acquired_at)),
            ban_share,
            units: HashMap::new(),
        }
    }

    /// The comparison with one plan; `None` when it is not near.
    fn hold_against(&mut self, plan: &'a BurnPlan) -> Option<Held<'a>> {
        let is_withdrawn = plan.withdrawn_at.is_some_and(|withdrawn| withdrawn <= self.sighting.acquired_at);
        if is_withdrawn || !self.is_near_in_time(plan) {
            return None;
        }
        let distance_km = match self.distance_to(plan) {
            Reach::Near(km) => Some(km),
            Reach::NotDrawn => None,
            Reach::Far => return None,
        };
        Some(Held { plan, distance_km, misfits: self.misfits(plan, distance_km) })
    }

    fn describe(&self, Held { plan, distance_km, misfits }: Held<'_>) -> PlanMatch {
        let at = self.sighting.acquired_at;
        let local = |instant| self.ground.local_moment(instant);
        PlanMatch {
            plan: plan.id.clone(),
            unit: plan.unit_code.clone(),
            unit_name: self.ground.unit(&plan.unit_code).map_or(&plan.unit_code.0, |unit| &unit.name).clone(),
            status: plan.status_at(at),
            approved_at: plan.approved_at.filter(|approved| *approved <= at).map(local),
            window_from: local(plan.window_start),
            window_to: local(plan.window_end),
            distance_km: distance_km.map(to_metre),
            order: plan.order_at(at).map(|order| OrderSpan::of(order, at, self.ground)),
            weather: self.weather.clone(),
            max_weather_level: self.ground.data().calendar.max_weather_level,
            misfits,
        }
    }

    fn is_near_in_time(&self, plan: &BurnPlan) -> bool {
        let (at, near) =
            (self.sighting.acquired_at, SignedDuration::from_hours(i64::from(self.policy.plan_rules.near_hours)));
        plan.window_start.duration_since(at) <= near && at.duration_since(plan.window_end) <= near
    }

    fn distance_to(&mut self, plan: &'a BurnPlan) -> Reach {
        if let Some(plot) = &plan.plot {
            return self.reach_of([plot].into_iter());
        }
        if let Some(known) = self.units.get(&plan.unit_code) {
            return *known;
        }
        let reach = self.reach_of_unit(&plan.unit_code);
        self.units.insert(&plan.unit_code, reach);
        reach
    }

    fn reach_of_unit(&self, code: &UnitCode) -> Reach {
        if self.units_over.contains(&code) {
            return Reach::Near(0.0);
        }
        let outlines = self.ground.outlines_of(code);
        if !outlines.is_empty() {
            return self.reach_of(outlines.into_iter());
        }
        // Nobody drew the unit: the fire may be there when it is on the ground of the next unit
        // above that is drawn. That is near, and never inside.
        let drawn = self.ground.line_of(code).into_iter().find(|above| above.outline.is_some());
        if drawn.is_some_and(|above| self.units_over.contains(&&above.code)) { Reach::NotDrawn } else { Reach::Far }
    }

    fn reach_of<'b>(&self, outlines: impl Iterator<Item = &'b geo::MultiPolygon<f64>>) -> Reach {
        let position = self.sighting.position;
        let distance_km =
            outlines
                .filter(|outline| outline.bounding_rect().is_some_and(|bounds| self.window.meets(bounds)))
                .map(|outline| {
                    if outline.intersects(&position.to_point()) {
                        0.0
                    } else {
                        distance_to_outline_km(position, outline)
                    }
                })
                .fold(f64::INFINITY, f64::min);
        if distance_km <= self.reach_km { Reach::Near(distance_km) } else { Reach::Far }
    }

    fn misfits(&self, plan: &BurnPlan, distance_km: Option<f64>) -> Vec<Misfit> {
        let plot = self.plot_misfit(distance_km);
        let calendar = [self.window_misfit(plan), self.hour_misfit(), self.weather_misfit()];
        let papers = [self.order_misfit(plan), self.received_misfit(plan), self.approval_misfit(plan)];
        let ban = (self.ban_share >= MAY_BE_BANNED_SHARE).then_some(Misfit::BanShare { share: self.ban_share });
        let mut misfits: Vec<_> = [plot].into_iter().chain(calendar).chain(papers).chain([ban]).flatten().collect();
        misfits.sort_by_key(Misfit::rank);
        misfits
    }

    fn plot_misfit(&self, distance_km: Option<f64>) -> Option<Misfit> {
        let tolerance_km = self.sighting.half_pixel_km;
        let fits = distance_km.is_some_and(|km| km <= tolerance_km);
        (!fits).then(|| Misfit::Plot { distance_km: distance_km.map(to_metre), tolerance_km: to_metre(tolerance_km) })
    }

    fn window_misfit(&self, plan: &BurnPlan) -> Option<Misfit> {
        (!plan.window_holds(self.sighting.acquired_at)).then(|| Misfit::Window {
            at: self.moment,
            from: self.ground.local_moment(plan.window_start),
            to: self.ground.local_moment(plan.window_end),
        })
    }

    fn hour_misfit(&self) -> Option<Misfit> {
        let hours = self.ground.data().calendar.hours?;
        (!hours.hold(self.moment.time())).then_some(Misfit::Hour { at: self.moment.time(), hours })
    }

    fn weather_misfit(&self) -> Option<Misfit> {
        let (weather, max) = (self.weather.as_ref()?, self.ground.data().calendar.max_weather_level?);
        (weather.level > max).then(|| Misfit::Weather { weather: weather.clone(), max })
    }

    fn order_misfit(&self, plan: &BurnPlan) -> Option<Misfit> {
        let at = self.sighting.acquired_at;
        if !self.policy.plan_rules.need_order || plan.order_at(at).is_some() {
            return None;
        }
        let late = plan.orders.iter().filter(|order| order.covers(at) && order.issued_at > at);
        if let Some(order) = late.min_by_key(|order| (order.issued_at, order.id)) {
            return Some(Misfit::Late { what: LateWhat::Order, at: self.ground.local_moment(order.issued_at) });
        }
        let known = plan.orders.iter().filter(|order| order.issued_at <= at);
        let nearest = known.min_by_key(|order| {
            let apart = order.from.duration_since(at).max(at.duration_since(order.to)).max(SignedDuration::ZERO);
            (apart, order.id)
        });
        Some(Misfit::NoOrder { nearest: nearest.map(|order| OrderSpan::of(order, at, self.ground)) })
    }

    fn received_misfit(&self, plan: &BurnPlan) -> Option<Misfit> {
        let received = plan.received_at;
        (received > self.sighting.acquired_at)
            .then(|| Misfit::Late { what: LateWhat::Plan, at: self.ground.local_moment(received) })
    }

    /// What is missing of the approval. Of a plan that itself came late, a later approval is no
    /// second fault.
    fn approval_misfit(&self, plan: &BurnPlan) -> Option<Misfit> {
        let at = self.sighting.acquired_at;
        let status = plan.status_at(at).unwrap_or(PlanStatus::Applied);
        if !matches!(status, PlanStatus::Applied | PlanStatus::Refused) {
            return None;
        }
        match plan.approved_at {
            Some(_) if plan.received_at > at => None,
            Some(approved) if approved > at => {
                Some(Misfit::Late { what: LateWhat::Approval, at: self.ground.local_moment(approved) })
            }
            _ => Some(Misfit::NotApproved { status }),
        }
    }
}

/// How far a plan's ground is.
#[derive(Debug, Clone, Copy)]
enum Reach {
    Near(f64),
    Far,
    /// Its ground is not drawn, but the fire is on the ground of a unit above.
    NotDrawn,
}
