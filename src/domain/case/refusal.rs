//! Why an act is refused, in words that people read.

use super::ActKind;
use crate::domain::alert::{AlertNumber, AlertState};

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it.
    #[error(
        "案件{number}现为“{}”，不能“{}”；现在可以：{} · case {number} is {}, no state to {} in; allowed: {}",
        state.label_zh(), act.label_zh(), list(allowed, ActKind::label_zh, "、", "无"),
        state.name(), act.label_en(), list(allowed, ActKind::label_en, ", ", "nothing")
    )]
    State {
        /// The case.
        number: AlertNumber,
        /// Its state.
        state: AlertState,
        /// What was asked for.
        act: ActKind,
        /// What is allowed instead.
        allowed: Vec<ActKind>,
    },
    /// The person's unit has no right to it.
    #[error(
        "案件{number}“{}”的办理权限：{who_zh}；{unit}无此权限 · {} of case {number} is for {who}; {unit} is not",
        act.label_zh(), act.label_en()
    )]
    Rights {
        /// The case.
        number: AlertNumber,
        /// What was asked for.
        act: ActKind,
        /// Who acts.
        unit: String,
        /// Who may.
        who: String,
        /// Who may, in Chinese.
        who_zh: String,
    },
    /// Nobody reviews his own finding, or his own unit's.
    #[error(
        "案件{number}由{finder_unit}的{finder}反馈，反馈人、其单位及反馈所用账号不得审核 · case {number}: {finder} of {finder_unit} \
         reported the finding, so neither that person nor that unit nor an account through which it was done reviews it"
    )]
    OwnFinding {
        /// The case.
        number: AlertNumber,
        /// Who reported.
        finder: String,
        /// For which unit.
        finder_unit: String,
    },
    /// What the act carries is not enough or not right.
    #[error("案件{number}：{problem_zh} · case {number}: {problem}")]
    Content {
        /// The case.
        number: AlertNumber,
        /// What is wrong and what is expected.
        problem: String,
        /// The same in Chinese.
        problem_zh: String,
    },
}

fn list(acts: &[ActKind], label: fn(ActKind) -> &'static str, between: &str, nothing: &str) -> String {
    if acts.is_empty() {
        return nothing.to_owned();
    }
    acts.iter().map(|act| label(*act)).collect::<Vec<_>>().join(between)
}

impl Refusal {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::State { .. } => "state_does_not_allow",
            Self::Rights { .. } => "no_right",
            Self::OwnFinding { .. } => "own_finding",
            Self::Content { .. } => "content",
        }
    }
}
