//! What does not fit between a fire and a burn plan, and how that is said.
//!
//! Found by [`super::matching`]; stored with the judgement, so every misfit carries its numbers
//! and its dates in local time.

use serde::{Deserialize, Serialize};

use super::words::{day_minute, span_en, span_zh};
use crate::domain::calendar::PermittedHours;
use crate::domain::ground::{Ground, whole_percent};
use crate::domain::plan::{BurnOrder, PlanStatus};
use crate::domain::policy::WeatherLevel;
use crate::domain::time::{DateTime, Time, Timestamp};

/// A day's order, in local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSpan {
    /// Its id.
    pub id: i64,
    /// First moment inside.
    pub from: DateTime,
    /// First moment after.
    pub to: DateTime,
    /// When it had been taken back, if it was when the fire was seen.
    pub withdrawn_at: Option<DateTime>,
}

impl OrderSpan {
    /// The span of an order as it was known at a moment.
    pub(super) fn of(order: &BurnOrder, at: Timestamp, ground: &Ground) -> Self {
        let local = |instant| ground.local_moment(instant);
        let withdrawn_at = order.withdrawn_at.filter(|withdrawn| *withdrawn <= at).map(local);
        Self { id: order.id, from: local(order.from), to: local(order.to), withdrawn_at }
    }
}

/// What came only after the fire was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateWhat {
    /// The plan itself was received.
    Plan,
    /// The plan was approved.
    Approval,
    /// The order was issued.
    Order,
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "misfit", rename_all = "snake_case")]
pub enum Misfit {
    /// The fire is off the plot.
    Plot {
        /// From the pixel centre to the plot or unit, km; `None` when that is not drawn.
        distance_km: Option<f64>,
        /// Half a pixel, km.
        tolerance_km: f64,
    },
    /// The fire is outside the plan's window.
    Window {
        /// When the fire was seen, local.
        at: DateTime,
        /// First local moment of the window.
        from: DateTime,
        /// First local moment after it.
        to: DateTime,
    },
    /// The fire is outside the permitted hours.
    Hour {
        /// When the fire was seen, local.
        at: Time,
        /// The permitted hours.
        hours: PermittedHours,
    },
    /// The burn weather forbade it.
    Weather {
        /// The level of the place and day.
        weather: WeatherLevel,
        /// The highest level permitted.
        max: u8,
    },
    /// No order of the day was running.
    NoOrder {
        /// The order nearest in time that was known then, if there was any.
        nearest: Option<OrderSpan>,
    },
    /// Plan, approval or order came only after the fire was seen.
    Late {
        /// What came late.
        what: LateWhat,
        /// When it came, local.
        at: DateTime,
    },
    /// The plan was only applied for, or refused.
    NotApproved {
        /// Where it stood: applied or refused.
        status: PlanStatus,
    },
    /// Too much of the footprint is banned ground.
    BanShare {
        /// The share, 0..1.
        share: f64,
    },
}

impl Misfit {
    /// The word used in JSON and API.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plot { .. } => "plot",
            Self::Window { .. } => "window",
            Self::Hour { .. } => "hour",
            Self::Weather { .. } => "weather",
            Self::NoOrder { .. } => "no_order",
            Self::Late { .. } => "late",
            Self::NotApproved { .. } => "not_approved",
            Self::BanShare { .. } => "ban_share",
        }
    }

    /// Its place in a list of misfits.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Plot { .. } => 0,
            Self::Window { .. } => 1,
            Self::Hour { .. } => 2,
            Self::Weather { .. } => 3,
            Self::NoOrder { .. } => 4,
            Self::Late { .. } => 5,
            Self::NotApproved { .. } => 6,
            Self::BanShare { .. } => 7,
        }
    }

    /// The misfit in Chinese.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Plot { distance_km: Some(km), tolerance_km } => {
                format!("地块不符：距计划地块{km:.2}公里，超过半个像元（{tolerance_km:.2}公里）")
            }
            Self::Plot { distance_km: None, .. } => "地块无法核对：计划未附地块，所属单位也没有边界".to_owned(),
            Self::Window { at, from, to } => {
                format!("不在计划时段内：观测时间{}，计划时段{}", day_minute(*at), span_zh(*from, *to))
            }
            Self::Hour { at, hours } => {
                let (from, to) = hours.texts();
                format!("不在允许时段内：观测时间{}，每日允许{from}至{to}", at.strftime("%H:%M"))
            }
            Self::Weather { weather, max } => {
                format!("气象条件不符：{}焚烧气象等级{}级，允许不高于{max}级", weather.date, weather.level)
            }
            Self::NoOrder { nearest: None } => "无当日烧除指令".to_owned(),
            Self::NoOrder { nearest: Some(OrderSpan { from, to, withdrawn_at: Some(withdrawn), .. }) } => {
                let span = span_zh(*from, *to);
                format!("无有效的烧除指令：{span}的指令已于{}撤回", day_minute(*withdrawn))
            }
            Self::NoOrder { nearest: Some(order) } => {
                format!("无有效的烧除指令：指令时段为{}", span_zh(order.from, order.to))
            }
            Self::Late { what, at } => {
                let what = match what {
                    LateWhat::Plan => "计划报送",
                    LateWhat::Approval => "计划批准",
                    LateWhat::Order => "烧除指令下达",
                };
                format!("{what}（{}）晚于观测时间", day_minute(*at))
            }
            Self::NotApproved { status: PlanStatus::Refused } => "计划审核未通过".to_owned(),
            Self::NotApproved { .. } => "计划已申请，尚未批准".to_owned(),
            Self::BanShare { share } => format!("像元范围内禁烧区占{:.0}%（须低于10%）", whole_percent(*share)),
        }
    }

    /// The misfit in English.
    #[must_use]
    pub fn text_en(&self) -> String {
        match self {
            Self::Plot { distance_km: Some(km), tolerance_km } => {
                format!("off the plot: {km:.2} km away, more than half a pixel ({tolerance_km:.2} km)")
            }
            Self::Plot { distance_km: None, .. } => {
                "the plot cannot be checked: the plan has none, and its unit has no outline".to_owned()
            }
            Self::Window { at, from, to } => {
                format!("outside the window: seen {}, window {}", day_minute(*at), span_en(*from, *to))
            }
            Self::Hour { at, hours } => {
                let (from, to) = hours.texts();
                format!("outside the permitted hours: seen {}, permitted {from} to {to}", at.strftime("%H:%M"))
            }
            Self::Weather { weather, max } => {
                format!("burn weather: level {} on {}, permitted up to {max}", weather.level, weather.date)
            }
            Self::NoOrder { nearest: None } => "no order of the day".to_owned(),
            Self::NoOrder { nearest: Some(OrderSpan { from, to, withdrawn_at: Some(withdrawn), .. }) } => {
                let span = span_en(*from, *to);
                format!("no order in force: the order for {span} had been withdrawn on {}", day_minute(*withdrawn))
            }
            Self::NoOrder { nearest: Some(order) } => {
                format!("no order in force: the order was for {}", span_en(order.from, order.to))
            }
            Self::Late { what, at } => {
                let what = match what {
                    LateWhat::Plan => "the plan was received",
                    LateWhat::Approval => "the plan was approved",
                    LateWhat::Order => "the order was issued",
                };
                format!("{what} only on {}, after the fire was seen", day_minute(*at))
            }
            Self::NotApproved { status: PlanStatus::Refused } => "the plan had been refused".to_owned(),
            Self::NotApproved { .. } => "the plan had only been applied for".to_owned(),
            Self::BanShare { share } => {
                format!("{:.0} % of the pixel is banned ground (must be under 10 %)", whole_percent(*share))
            }
        }
    }
}
