//! The verdict: what the rules say of a detection, by rule, at acquisition time.
//!
//! [`judge`] is the one place where a detection gets its verdict, unit and shares;
//! `explain` calls the same function. A judgement stores why, and the region version it
//! rests on, and changes only by an explicit rejudgement or a revision of the detection.

use serde::{Deserialize, Serialize};

use super::detection::half_pixel_km;
use super::footprint::Footprint;
use super::ground::{CANDIDATE_SHARE, Ground, RegionVersion, SURE_SHARE, Shares, Standing, UnitShare};
use super::observation::Observation;
use super::policy::Policy;
use super::position::Position;
use super::time::{Date, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::zone::{Zone, ZoneClass};

/// A ban share of at least this elsewhere in the footprint is said with the verdict.
pub const MAY_BE_BANNED_SHARE: f64 = 0.1;

/// What the rules say, worst first: a fire's verdict is the least of its detections'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 禁烧区火点
    Banned,
    /// 未按计划烧除
    OffPlan,
    /// 限烧区计划外
    Unplanned,
    /// 计划烧除
    Planned,
    /// 固定热源
    HeatSource,
    /// 未划区: no rule in force there then.
    Unzoned,
    /// 市外邻近
    Neighbour,
}

impl Verdict {
    /// All verdicts, worst first.
    pub const ALL: [Self; 7] =
        [Self::Banned, Self::OffPlan, Self::Unplanned, Self::Planned, Self::HeatSource, Self::Unzoned, Self::Neighbour];

    /// The word used in database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Banned => "banned",
            Self::OffPlan => "off_plan",
            Self::Unplanned => "unplanned",
            Self::Planned => "planned",
            Self::HeatSource => "heat_source",
            Self::Unzoned => "unzoned",
            Self::Neighbour => "neighbour",
        }
    }

    /// The verdict of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The words people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Banned => "禁烧区火点",
            Self::OffPlan => "未按计划烧除",
            Self::Unplanned => "限烧区计划外",
            Self::Planned => "计划烧除",
            Self::HeatSource => "固定热源",
            Self::Unzoned => "未划区",
            Self::Neighbour => "市外邻近",
        }
    }

    /// The words people read, in English.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Banned => "in the burn-ban zone",
            Self::OffPlan => "not as planned",
            Self::Unplanned => "limited ground, no plan",
            Self::Planned => "planned burning",
            Self::HeatSource => "fixed heat source",
            Self::Unzoned => "no rule in force",
            Self::Neighbour => "outside the city, nearby",
        }
    }

    /// Whether people are alerted; the other verdicts are recorded and listed.
    #[must_use]
    pub fn alerts(self) -> bool {
        matches!(self, Self::Banned | Self::OffPlan | Self::Unplanned)
    }
}

/// The rule that decided, with its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// A drawn zone was in force there.
    Zone {
        /// The zone's id.
        id: String,
        /// Its Chinese name.
        name: String,
        /// Its rule.
        class: ZoneClass,
        /// Its season, as written.
        season: Option<String>,
        /// Its first day.
        valid_from: Option<Date>,
        /// Its last day.
        valid_to: Option<Date>,
    },
    /// City ground outside every zone in force.
    OutsideZones {
        /// What such ground is.
        class: ZoneClass,
        /// When, as written.
        season: Option<String>,
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
    /// The reason in a Chinese sentence.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Zone { name, class, season, valid_from, valid_to, .. } => {
                let (class, plan) = match class {
                    ZoneClass::Ban => ("禁烧区", ""),
                    ZoneClass::Limited => ("限烧区", "，且无匹配的烧除计划"),
                };
                let dates = dates_zh(season.as_deref(), *valid_from, *valid_to);
                format!("位于{class}“{name}”内{plan}；{dates}")
            }
            Self::OutsideZones { class: ZoneClass::Ban, season } => {
                format!("位于已划区域之外，全市此类地面按禁烧区管理；{}", dates_zh(season.as_deref(), None, None))
            }
            Self::OutsideZones { class: ZoneClass::Limited, season } => format!(
                "位于已划区域之外，按限烧区管理，且无匹配的烧除计划；{}",
                dates_zh(season.as_deref(), None, None)
            ),
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
            Self::Zone { id, name, class, season, valid_from, valid_to } => {
                let class = match class {
                    ZoneClass::Ban => "burn-ban zone",
                    ZoneClass::Limited => "burn-limited zone, no burn plan matches",
                };
                format!("inside {name} ({id}), {class}; {}", dates_en(season.as_deref(), *valid_from, *valid_to))
            }
            Self::OutsideZones { class, season } => {
                let class = match class {
                    ZoneClass::Ban => "banned ground",
                    ZoneClass::Limited => "limited ground, and no burn plan matches",
                };
                format!(
                    "outside every drawn zone, which counts as {class}; {}",
                    dates_en(season.as_deref(), None, None)
                )
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

fn dates_zh(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> String {
    let season = season.map_or_else(|| "全年有效".to_owned(), |season| format!("季节 {season}"));
    match (from, to) {
        (None, None) => season,
        (Some(from), None) => format!("{season}，自{from}起"),
        (None, Some(to)) => format!("{season}，至{to}止"),
        (Some(from), Some(to)) => format!("{season}，{from}至{to}"),
    }
}

fn dates_en(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> String {
    let season = season.map_or_else(|| "all year".to_owned(), |season| format!("season {season}"));
    match (from, to) {
        (None, None) => season,
        (Some(from), None) => format!("{season}, from {from}"),
        (None, Some(to)) => format!("{season}, until {to}"),
        (Some(from), Some(to)) => format!("{season}, {from} to {to}"),
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
    /// Shares of the footprint; `None` where the feed gives no pixel size.
    pub shares: Option<Shares>,
    /// The lowest level at which the leading unit surely holds the fire.
    pub sure_level: Option<UnitLevel>,
    /// Other units that hold more than a tenth of the footprint, at every level.
    pub candidates: Vec<UnitShare>,
    /// The verdict is not `banned`, but a tenth or more of the footprint is banned ground.
    pub may_be_banned: bool,
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
    /// The ground it covers; `None` where the feed gives no pixel size.
    pub footprint: Option<Footprint>,
    /// Half the mean pixel side, km: the tolerance towards fixed sources.
    pub half_pixel_km: f64,
}

impl Sighting {
    /// The sighting of an observation.
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        Self {
            position: observation.position,
            acquired_at: observation.key.acquired_at,
            footprint: Footprint::of(observation),
            half_pixel_km: half_pixel_km(observation),
        }
    }
}

/// Judges a sighting by a region version; `None` beyond the neighbour belt.
#[must_use]
pub fn judge(ground: &Ground, policy: &Policy, sighting: &Sighting) -> Option<Judgement> {
    let _ = policy;
    let day = ground.local_day(sighting.acquired_at);
    let (verdict, reason) = match ground.standing(sighting.position) {
        Standing::Outside => return None,
        Standing::Belt { distance_km } => {
            let belt_km = ground.data().neighbour_belt_km;
            (Verdict::Neighbour, Reason::Neighbour { distance_km, belt_km })
        }
        Standing::City => judge_city_ground(ground, sighting, day),
    };
    let unit = ground.unit_at(sighting.position).map(|unit| unit.code.clone());
    let shares = sighting.footprint.as_ref().map(|footprint| ground.shares(footprint, day));
    let zones = ground.zones_at(sighting.position);
    Some(Judgement {
        verdict,
        reason,
        township: unit
            .as_ref()
            .and_then(|code| ground.at_level(code, UnitLevel::Township))
            .map(|unit| unit.code.clone()),
        responsible: unit.as_ref().map(|code| ground.responsible_for(code)),
        zones: zones.iter().map(|zone| hold(zone, day)).collect(),
        sure_level: sure_level(ground, unit.as_ref(), shares.as_ref()),
        candidates: candidates(ground, unit.as_ref(), shares.as_ref()),
        may_be_banned: verdict != Verdict::Banned
            && shares.as_ref().is_some_and(|shares| shares.zone_classes.ban >= MAY_BE_BANNED_SHARE),
        unit,
        shares,
        region_version: ground.version().clone(),
    })
}

fn hold(zone: &Zone, day: Date) -> ZoneHold {
    ZoneHold { id: zone.id.clone(), class: zone.class, in_force: zone.is_in_force(day) }
}

fn judge_city_ground(ground: &Ground, sighting: &Sighting, day: Date) -> (Verdict, Reason) {
    if let Some((source, distance_km)) = ground.heat_source_at(sighting.position, sighting.half_pixel_km, day) {
        let reason = Reason::HeatSource {
            id: source.id.clone(),
            name: source.name.clone(),
            distance_km,
            expires: source.expires,
        };
        return (Verdict::HeatSource, reason);
    }
    let zones = ground.zones_at(sighting.position);
    // Ban wins; among zones of one class the lowest id speaks.
    let deciding = zones
        .iter()
        .filter(|zone| zone.is_in_force(day))
        .min_by(|a, b| a.class.cmp(&b.class).then_with(|| a.id.cmp(&b.id)));
    if let Some(zone) = deciding {
        let reason = Reason::Zone {
            id: zone.id.clone(),
            name: zone.name.clone(),
            class: zone.class,
            season: zone.season.as_ref().map(ToString::to_string),
            valid_from: zone.valid_from,
            valid_to: zone.valid_to,
        };
        return (verdict_of(zone.class), reason);
    }
    match ground.outside_class(day) {
        Some(class) => {
            let season = ground.data().outside_season.as_ref().map(ToString::to_string);
            (verdict_of(class), Reason::OutsideZones { class, season })
        }
        None => (Verdict::Unzoned, Reason::NoRule { not_in_force: zones.iter().map(|zone| zone.id.clone()).collect() }),
    }
}

/// The verdict on ground of a class. No burn plans are known yet, so all limited ground is unplanned.
fn verdict_of(class: ZoneClass) -> Verdict {
    match class {
        ZoneClass::Ban => Verdict::Banned,
        ZoneClass::Limited => Verdict::Unplanned,
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
