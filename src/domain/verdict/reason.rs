//! The reason of a verdict: the rule that decided, with its dates and its basis, and how it is
//! said in Chinese and English.
//!
//! Stored as JSON with every judgement. Judgements of years ago must still read: fields are
//! only added, with a default, and variants are never renamed.

use serde::{Deserialize, Serialize};

use super::matching::PlanMatch;
use super::misfit::Misfit;
use super::rule::{GroundRule, OutsideRule, ZoneRule};
use super::words::{day_minute, span_en, span_zh};
use crate::domain::plan::PlanId;
use crate::domain::time::{Date, DateTime};
use crate::domain::zone::ZoneClass;

/// The rule that decided, with its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// A drawn zone was in force there.
    Zone(ZoneRule),
    /// City ground outside every zone in force.
    OutsideZones(OutsideRule),
    /// Limited ground that a closure turned into banned ground.
    Closure {
        /// What the closure is called.
        name: String,
        /// First local moment inside.
        from: DateTime,
        /// First local moment after.
        to: DateTime,
        /// The document it rests on.
        basis: Option<String>,
        /// What the ground is otherwise.
        ground: GroundRule,
    },
    /// Limited ground, and a burn plan that fits.
    Planned {
        /// The plan and what was compared.
        plan: Box<PlanMatch>,
        /// What the ground is.
        ground: GroundRule,
    },
    /// Limited ground, and a burn plan near that does not fit.
    OffPlan {
        /// The plan, what was compared, and what does not fit.
        plan: Box<PlanMatch>,
        /// What the ground is.
        ground: GroundRule,
    },
    /// An approved fixed source.
    HeatSource {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// From the pixel centre to the source's edge, km.
        distance_km: f64,
        /// Last day of the approval.
        expires: Date,
    },
    /// No rule in force: what was drawn there and is out of season, if anything.
    NoRule {
        /// Ids of zones that hold the point and were not in force.
        not_in_force: Vec<String>,
    },
    /// Outside the city, within the belt.
    Neighbour {
        /// Distance to the city, km.
        distance_km: f64,
        /// Width of the belt, km.
        belt_km: f64,
    },
}

impl Reason {
    /// The burn plan that decided, whether it fits or not.
    #[must_use]
    pub fn plan(&self) -> Option<&PlanId> {
        match self {
            Self::Planned { plan, .. } | Self::OffPlan { plan, .. } => Some(&plan.plan),
            _ => None,
        }
    }

    /// The reason in a Chinese sentence.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Zone(zone) => {
                let plan = if zone.class == ZoneClass::Limited { "，且无匹配的烧除计划" } else { "" };
                format!("{}{plan}；{}", zone.place_zh(), zone.dates_zh())
            }
            Self::OutsideZones(outside) => {
                let plan = if outside.class == ZoneClass::Limited { "，且无匹配的烧除计划" } else { "" };
                format!("{}{plan}；{}", outside.place_zh(), outside.dates_zh())
            }
            Self::Closure { name, from, to, basis, ground } => {
                let basis = basis.as_ref().map(|basis| format!("，依据：{basis}")).unwrap_or_default();
                let ground = ground.text_zh();
                format!(
                    "处于重点管控时段“{name}”（{}{basis}），限烧地面按禁烧区管理；该处平时{ground}",
                    span_zh(*from, *to)
                )
            }
            Self::Planned { plan, ground } => {
                let (id, unit) = (&plan.plan, &plan.unit_name);
                format!("符合烧除计划{id}（{unit}）：{}；{}", plan.papers_zh(), ground.text_zh())
            }
            Self::OffPlan { plan, ground } => {
                let misfits: Vec<_> = plan.misfits.iter().map(Misfit::text_zh).collect();
                let lacking = if plan.lacks_weather() { "；当日焚烧气象等级未登记" } else { "" };
                let window = span_zh(plan.window_from, plan.window_to);
                let (id, unit, misfits) = (&plan.plan, &plan.unit_name, misfits.join("；"));
                format!("未按烧除计划{id}（{unit}，{window}）烧除：{misfits}{lacking}；{}", ground.text_zh())
            }
            Self::HeatSource { id, name, distance_km, expires } => {
                format!("位于已批准固定热源{name}（{id}）{distance_km:.2}公里内，批准有效期至{expires}")
            }
            Self::NoRule { not_in_force } if not_in_force.is_empty() => "当日该处没有生效的禁烧或限烧规定".to_owned(),
            Self::NoRule { not_in_force } => {
                format!("当日该处没有生效的规定；所在区域{}不在有效期或季节内", not_in_force.join("、"))
            }
            Self::Neighbour { distance_km, belt_km } => {
                format!("位于市界外{distance_km:.1}公里，在{belt_km}公里邻近带内")
            }
        }
    }

    /// The reason in an English sentence.
    #[must_use]
    pub fn text_en(&self) -> String {
        match self {
            Self::Zone(zone) => {
                let plan = if zone.class == ZoneClass::Limited { ", no burn plan matches" } else { "" };
                format!("{}{plan}; {}", zone.place_en(), zone.dates_en())
            }
            Self::OutsideZones(outside) => {
                let plan = if outside.class == ZoneClass::Limited { ", and no burn plan matches" } else { "" };
                format!("{}{plan}; {}", outside.place_en(), outside.dates_en())
            }
            Self::Closure { name, from, to, basis, ground } => {
                let basis = basis.as_ref().map(|basis| format!(", basis: {basis}")).unwrap_or_default();
                let (span, ground) = (span_en(*from, *to), ground.text_en());
                format!("during the closure {name} ({span}{basis}) limited ground counts as banned; otherwise {ground}")
            }
            Self::Planned { plan, ground } => {
                let (id, unit) = (&plan.plan, &plan.unit_name);
                format!("as planned in {id} ({unit}): {}; {}", plan.papers_en(), ground.text_en())
            }
            Self::OffPlan { plan, ground } => {
                let misfits: Vec<_> = plan.misfits.iter().map(Misfit::text_en).collect();
                let lacking = if plan.lacks_weather() { "; no burn-weather level recorded that day" } else { "" };
                let window = span_en(plan.window_from, plan.window_to);
                let (id, unit, misfits) = (&plan.plan, &plan.unit_name, misfits.join("; "));
                format!("not as planned in {id} ({unit}, {window}): {misfits}{lacking}; {}", ground.text_en())
            }
            Self::HeatSource { id, name, distance_km, expires } => {
                format!("{distance_km:.2} km from the approved heat source {name} ({id}), approved until {expires}")
            }
            Self::NoRule { not_in_force } if not_in_force.is_empty() => {
                "no rule was in force there that day".to_owned()
            }
            Self::NoRule { not_in_force } => {
                format!("no rule was in force there that day; {} out of season or dates", not_in_force.join(", "))
            }
            Self::Neighbour { distance_km, belt_km } => {
                format!("{distance_km:.1} km outside the city, within the belt of {belt_km} km")
            }
        }
    }
}

impl From<GroundRule> for Reason {
    fn from(rule: GroundRule) -> Self {
        match rule {
            GroundRule::Zone(zone) => Self::Zone(zone),
            GroundRule::OutsideZones(outside) => Self::OutsideZones(outside),
        }
    }
}

impl PlanMatch {
    /// Everything that fits, of a plan that fits.
    fn papers_zh(&self) -> String {
        let mut papers = Vec::new();
        papers.extend(self.approved_at.map(|at| format!("{}批准", day_minute(at))));
        papers.push(format!("计划时段{}", span_zh(self.window_from, self.window_to)));
        papers.extend(self.order.as_ref().map(|order| format!("烧除指令{}", span_zh(order.from, order.to))));
        papers.extend(self.max_weather_level.map(|max| match &self.weather {
            Some(weather) => format!("焚烧气象等级{}级（允许不高于{max}级）", weather.level),
            None => "当日焚烧气象等级未登记".to_owned(),
        }));
        papers.join("，")
    }

    fn papers_en(&self) -> String {
        let mut papers = Vec::new();
        papers.extend(self.approved_at.map(|at| format!("approved {}", day_minute(at))));
        papers.push(format!("window {}", span_en(self.window_from, self.window_to)));
        papers.extend(self.order.as_ref().map(|order| format!("order {}", span_en(order.from, order.to))));
        papers.extend(self.max_weather_level.map(|max| match &self.weather {
            Some(weather) => format!("burn-weather level {} (permitted up to {max})", weather.level),
            None => "no burn-weather level recorded that day".to_owned(),
        }));
        papers.join(", ")
    }
}
