//! Burning in order: burn plans, the day's orders, and what becomes of them.
//!
//! A plan is known as it stood at any moment ([`BurnPlan::status_at`]): a plan received, or an
//! order issued, after a fire was seen does not excuse that fire, whenever it is judged.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::unit::UnitCode;

/// The id of a plan, unique in an installation; given by the office.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

impl std::fmt::Display for PlanId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// 已申请
    Applied,
    /// 已批准
    Approved,
    /// 未批准
    Refused,
    /// 已下令: a day's order was given for it.
    Ordered,
    /// 已点火
    Lit,
    /// 已完成
    Done,
    /// 已撤回
    Withdrawn,
}

impl PlanStatus {
    /// All of them, in the order of a plan's life.
    pub const ALL: [Self; 7] =
        [Self::Applied, Self::Approved, Self::Refused, Self::Ordered, Self::Lit, Self::Done, Self::Withdrawn];

    /// The word used in files, database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Ordered => "ordered",
            Self::Lit => "lit",
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The words people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Applied => "已申请",
            Self::Approved => "已批准",
            Self::Refused => "未批准",
            Self::Ordered => "已下令",
            Self::Lit => "已点火",
            Self::Done => "已完成",
            Self::Withdrawn => "已撤回",
        }
    }
}

/// The day's go for a plan (当日烧除指令).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnOrder {
    /// Surrogate id.
    pub id: i64,
    /// First moment inside.
    pub from: Timestamp,
    /// First moment after.
    pub to: Timestamp,
    /// When it was issued, server time.
    pub issued_at: Timestamp,
    /// Who issued it.
    pub issued_by: String,
    /// When it was taken back, server time.
    pub withdrawn_at: Option<Timestamp>,
}

/// An approved or applied-for burning of one plot or unit.
#[derive(Debug, Clone, PartialEq)]
pub struct BurnPlan {
    /// Its id.
    pub id: PlanId,
    /// The unit it belongs to; without a plot, the ground of that unit.
    pub unit_code: UnitCode,
    /// WGS-84 outline of the plot.
    pub plot: Option<geo::MultiPolygon<f64>>,
    /// First moment of the window.
    pub window_start: Timestamp,
    /// First moment after the window.
    pub window_end: Timestamp,
    /// Planned area, mu.
    pub area_mu: f64,
    /// Who answers for the burning.
    pub responsible: String,
    /// Note of the applicant.
    pub note: Option<String>,
    /// When this server learned of it; for plans of the first region version of an installation,
    /// their own time of approval, because there is nothing to hold it against.
    pub received_at: Timestamp,
    /// Who approved or refused it.
    pub reviewed_by: Option<String>,
    /// When it was approved, server time (or as `received_at` says).
    pub approved_at: Option<Timestamp>,
    /// When it was refused.
    pub refused_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// When it was lit.
    pub lit_at: Option<Timestamp>,
    /// When it was reported done.
    pub done_at: Option<Timestamp>,
    /// Area really burnt, mu.
    pub burnt_mu: Option<f64>,
    /// Its orders, oldest first.
    pub orders: Vec<BurnOrder>,
}
