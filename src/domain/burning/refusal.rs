//! What people read when an act on a plan is refused: the reason, and what is allowed instead.

use crate::domain::plan::PlanStatus;
use crate::domain::time::{TimeZone, Timestamp};
use crate::domain::unit::UnitLevel;

/// Why an act is refused; every text is Chinese first, then English.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BurningRefusal {
    /// The plan's status does not allow it.
    #[error(
        "计划{plan}现为“{}”，不能“{}”；现在可以：{} · plan {plan} is {}, which does not allow: {}; allowed now: {}",
        .status.label_zh(), .act.0, allowed_zh(*.status), .status.name(), .act.1, allowed_en(*.status)
    )]
    Status {
        /// The plan.
        plan: String,
        /// Where it stands.
        status: PlanStatus,
        /// What was asked for.
        act: (&'static str, &'static str),
    },
    /// The acting unit does not answer for the plan's ground.
    #[error(
        "{actor}代表的单位{unit}不是计划单位{of}或其上级 · {actor} acts for {unit}, which is neither {of} nor above it: \
         act for a unit of its line (--as NAME@UNIT)"
    )]
    NotAbove {
        /// Who.
        actor: String,
        /// The unit acted for.
        unit: String,
        /// The plan's unit.
        of: String,
    },
    /// The acting unit is of too low a level.
    #[error(
        "“{}”须由{}及以上单位办理，{unit}为{}级 · {} needs a unit of {} level or above; {unit} is a {}",
        .act.0, level_zh(*.needed), level_zh(*.found), .act.1, .needed.name(), .found.name()
    )]
    Level {
        /// What was asked for.
        act: (&'static str, &'static str),
        /// Lowest level that may.
        needed: UnitLevel,
        /// The level of the acting unit.
        found: UnitLevel,
        /// The acting unit.
        unit: String,
    },
    /// The applicant or the responsible person reviews himself.
    #[error(
        "{actor}（或所用账号）是计划{plan}的申请人或烧除负责人，不能审核自己的计划 · {actor}, or the account in use, applied for plan \
         {plan} or answers for its burning: somebody else has to review it"
    )]
    OwnPlan {
        /// Who.
        actor: String,
        /// The plan.
        plan: String,
    },
    /// The unit does not exist in the region version in use.
    #[error("现行区域版本中没有单位{0} · there is no unit {0} in the region version in use")]
    NoUnit(String),
    /// A value cannot be right.
    #[error("{zh} · {en}")]
    Value {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl BurningRefusal {
    pub(super) fn value(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Value { zh: zh.into(), en: en.into() }
    }
}

/// An instant as office people write it: local date and minute.
#[must_use]
pub fn local_minute(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The Chinese word of a level.
#[must_use]
pub fn level_zh(level: UnitLevel) -> &'static str {
    match level {
        UnitLevel::City => "市",
        UnitLevel::County => "县",
        UnitLevel::Township => "乡镇",
        UnitLevel::Village => "村",
        UnitLevel::Hamlet => "屯",
        UnitLevel::Grid => "网格",
    }
}

fn allowed(status: PlanStatus) -> &'static [(&'static str, &'static str)] {
    match status {
        PlanStatus::Applied => &[("批准", "approve"), ("不予批准", "refuse"), ("撤回计划", "withdraw")],
        PlanStatus::Approved => &[("下达当日烧除指令", "order"), ("撤回计划", "withdraw")],
        PlanStatus::Ordered => &[
            ("另日再下达指令", "order another day"),
            ("撤回指令", "take back an order"),
            ("点火", "light"),
            ("撤回计划", "withdraw"),
        ],
        PlanStatus::Lit => &[
            ("完成", "report done"),
            ("另日再下达指令", "order another day"),
            ("撤回尚未点火的指令", "take back an order not yet lit"),
        ],
        PlanStatus::Refused | PlanStatus::Done | PlanStatus::Withdrawn => &[],
    }
}

fn allowed_zh(status: PlanStatus) -> String {
    let words: Vec<_> = allowed(status).iter().map(|word| word.0).collect();
    if words.is_empty() { "无，该计划已办结，请另行申请".to_owned() } else { words.join("、") }
}

fn allowed_en(status: PlanStatus) -> String {
    let words: Vec<_> = allowed(status).iter().map(|word| word.1).collect();
    if words.is_empty() { "nothing, it has ended; apply for a new plan".to_owned() } else { words.join(", ") }
}
