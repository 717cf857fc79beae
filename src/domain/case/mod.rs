//! The life of a case: who may do what in which state, and what follows.
//!
//! [`decide`] is the one place that says whether an act is allowed; the store asks it and
//! writes what it says. The moves are one table ([`moves`]), the rights one file
//! ([`rights`]), so that both can be read beside the office's rules.
//!
//! Acts may come late and out of order (a phone that was offline sends them when it can). An act
//! that has been overtaken is a late fact: it is kept with its own time and moves nothing.

pub mod joining;
mod moves;
mod offers;
mod rights;

use serde::{Deserialize, Serialize};

pub use moves::{Step, allowed_in, step};
pub use offers::{InNameOf, Offer, acts_open_to, bare_finding, is_open, other_units};
pub use rights::{Relation, check_merge, relation, review_level};

use super::actor::Actor;
use super::alert::{AlertNumber, AlertState, CaseSource};
use super::finding::{Finding, FindingKind, Review};
use super::ground::Ground;
use super::position::Position;
use super::time::{Date, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::verdict::Verdict;

/// What somebody does to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// 派单: give the case to a person.
    Dispatch {
        /// The person.
        to: String,
        /// The unit the person works for, at or below the responsible one.
        unit: UnitCode,
    },
    /// 签收
    Acknowledge,
    /// 到场
    Arrive {
        /// Where the phone was; a claim, not a proof.
        position: Option<Position>,
    },
    /// 扑灭
    PutOut,
    /// 反馈
    Report {
        /// What was found.
        finding: Finding,
    },
    /// 审核
    Review {
        /// The decision.
        review: Review,
    },
    /// 整改: order rectification.
    Rectify {
        /// Last local day for it.
        by: Date,
        /// Number of the penalty document.
        document_number: Option<String>,
    },
    /// 整改结果
    Rectified {
        /// What was done.
        result: String,
        /// Whom it was handed over to (police, agriculture, ...).
        handed_over_to: Option<String>,
    },
    /// 销号
    Close,
    /// 回头看
    LookBack {
        /// Nothing burnt or burns there again.
        is_clean: bool,
    },
    /// 归属异议
    Dispute {
        /// The unit that answers instead, in the disputing side's eyes.
        proposed: UnitCode,
    },
    /// 异议裁定
    Decide {
        /// The case goes to the proposed unit.
        accepted: bool,
    },
    /// 改派
    Reassign {
        /// The unit that answers from now on.
        to: UnitCode,
    },
    /// 电话
    Call {
        /// Who was called.
        whom: String,
        /// Somebody answered.
        answered: bool,
    },
    /// 合并
    Merge {
        /// The case that lives on.
        into: AlertNumber,
    },
    /// 拆分
    Split {
        /// Keys of the detections that are a fire of their own.
        detections: Vec<String>,
    },
    /// 复燃判断: a possible rekindling stays a case of its own.
    Keep,
}

/// The name of an act, without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActKind {
    /// See [`Act::Dispatch`].
    Dispatch,
    /// See [`Act::Acknowledge`].
    Acknowledge,
    /// See [`Act::Arrive`].
    Arrive,
    /// See [`Act::PutOut`].
    PutOut,
    /// See [`Act::Report`].
    Report,
    /// See [`Act::Review`].
    Review,
    /// See [`Act::Rectify`].
    Rectify,
    /// See [`Act::Rectified`].
    Rectified,
    /// See [`Act::Close`].
    Close,
    /// See [`Act::LookBack`].
    LookBack,
    /// See [`Act::Dispute`].
    Dispute,
    /// See [`Act::Decide`].
    Decide,
    /// See [`Act::Reassign`].
    Reassign,
    /// See [`Act::Call`].
    Call,
    /// See [`Act::Merge`].
    Merge,
    /// See [`Act::Split`].
    Split,
    /// See [`Act::Keep`].
    Keep,
}

impl ActKind {
    /// All acts.
    pub const ALL: [Self; 17] = [
        Self::Dispatch,
        Self::Acknowledge,
        Self::Arrive,
        Self::PutOut,
        Self::Report,
        Self::Review,
        Self::Rectify,
        Self::Rectified,
        Self::Close,
        Self::LookBack,
        Self::Dispute,
        Self::Decide,
        Self::Reassign,
        Self::Call,
        Self::Merge,
        Self::Split,
        Self::Keep,
    ];

    /// The word used in API and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::Acknowledge => "acknowledge",
            Self::Arrive => "arrive",
            Self::PutOut => "put_out",
            Self::Report => "report",
            Self::Review => "review",
            Self::Rectify => "rectify",
            Self::Rectified => "rectified",
            Self::Close => "close",
            Self::LookBack => "look_back",
            Self::Dispute => "dispute",
            Self::Decide => "decide",
            Self::Reassign => "reassign",
            Self::Call => "call",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Keep => "keep",
        }
    }

    /// The act of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// The word of the event it makes.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatched",
            Self::Acknowledge => "acknowledged",
            Self::Arrive => "arrived",
            Self::PutOut => "put_out",
            Self::Report => "reported",
            Self::Review => "reviewed",
            Self::Rectify => "rectification_ordered",
            Self::Rectified => "rectified",
            Self::Close => "closed",
            Self::LookBack => "looked_back",
            Self::Dispute => "disputed",
            Self::Decide => "decided",
            Self::Reassign => "reassigned",
            Self::Call => "called",
            Self::Merge => "merged",
            Self::Split => "split",
            Self::Keep => "kept",
        }
    }

    /// Whether it is done on the ground; the others a desk decides.
    #[must_use]
    pub fn is_of_the_field(self) -> bool {
        matches!(
            self,
            Self::Acknowledge
                | Self::Arrive
                | Self::PutOut
                | Self::Report
                | Self::Rectified
                | Self::LookBack
                | Self::Dispute
                | Self::Call
        )
    }

    /// The words people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Dispatch => "派单",
            Self::Acknowledge => "签收",
            Self::Arrive => "到场",
            Self::PutOut => "扑灭",
            Self::Report => "反馈",
            Self::Review => "审核",
            Self::Rectify => "下达整改",
            Self::Rectified => "整改结果",
            Self::Close => "销号",
            Self::LookBack => "回头看",
            Self::Dispute => "提出归属异议",
            Self::Decide => "裁定异议",
            Self::Reassign => "改派",
            Self::Call => "电话记录",
            Self::Merge => "合并",
            Self::Split => "拆分",
            Self::Keep => "保留为独立案件",
        }
    }

    /// The words people read, in English.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::Acknowledge => "acknowledge",
            Self::Arrive => "arrive",
            Self::PutOut => "put out",
            Self::Report => "report",
            Self::Review => "review",
            Self::Rectify => "order rectification",
            Self::Rectified => "give the result of rectification",
            Self::Close => "close",
            Self::LookBack => "look back",
            Self::Dispute => "dispute",
            Self::Decide => "decide the dispute",
            Self::Reassign => "reassign",
            Self::Call => "note a call",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Keep => "keep as a case of its own",
        }
    }
}

impl Act {
    /// Its name.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Dispatch { .. } => ActKind::Dispatch,
            Self::Acknowledge => ActKind::Acknowledge,
            Self::Arrive { .. } => ActKind::Arrive,
            Self::PutOut => ActKind::PutOut,
            Self::Report { .. } => ActKind::Report,
            Self::Review { .. } => ActKind::Review,
            Self::Rectify { .. } => ActKind::Rectify,
            Self::Rectified { .. } => ActKind::Rectified,
            Self::Close => ActKind::Close,
            Self::LookBack { .. } => ActKind::LookBack,
            Self::Dispute { .. } => ActKind::Dispute,
            Self::Decide { .. } => ActKind::Decide,
            Self::Reassign { .. } => ActKind::Reassign,
            Self::Call { .. } => ActKind::Call,
            Self::Merge { .. } => ActKind::Merge,
            Self::Split { .. } => ActKind::Split,
            Self::Keep => ActKind::Keep,
        }
    }
}

/// Which level reviews what; everything else about rights follows from the tree of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewRules {
    /// Reviews findings of fires in the ban zone.
    pub banned: UnitLevel,
    /// Reviews "nothing found", "could not reach" and "reflection".
    pub nothing_found: UnitLevel,
    /// Reviews the rest.
    pub others: UnitLevel,
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self { banned: UnitLevel::County, nothing_found: UnitLevel::County, others: UnitLevel::Township }
    }
}

/// What deciding looks at in a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    /// Its number.
    pub number: AlertNumber,
    /// Where it comes from.
    pub source: CaseSource,
    /// Where it stands.
    pub state: AlertState,
    /// The verdict; `None` for a problem.
    pub verdict: Option<Verdict>,
    /// The unit that answers.
    pub responsible: UnitCode,
    /// Who has the case.
    pub owner: UnitCode,
    /// Where it lies.
    pub unit: UnitCode,
    /// Units that may hold it or that it reaches.
    pub others: Vec<UnitCode>,
    /// A dispute is open.
    pub is_disputed: bool,
    /// The unit named in the open dispute.
    pub proposed: Option<UnitCode>,
    /// First acknowledgement.
    pub acknowledged_at: Option<Timestamp>,
    /// First arrival.
    pub on_site_at: Option<Timestamp>,
    /// When it was put out.
    pub put_out_at: Option<Timestamp>,
    /// What the standing finding says.
    pub finding: Option<FindingKind>,
    /// Who reported it.
    pub finder: Option<Actor>,
    /// Everybody who reported a finding of the case, or entered one for another.
    pub reporters: Vec<String>,
    /// The accounts through which they did, and those that let these in.
    pub reporter_accounts: Vec<String>,
    /// A result of rectification is recorded.
    pub is_rectified: bool,
    /// An earlier case that may burn again here, while nobody decided.
    pub rekindles: Option<AlertNumber>,
}

impl CaseView {
    /// Whether the next step is the reviewing level's: a finding, or the result of a rectification, lies before it.
    #[must_use]
    pub fn waits_for_review(&self) -> bool {
        self.state == AlertState::Reported || (self.state == AlertState::Rectifying && self.is_rectified)
    }
}

/// What an allowed act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The case moves on (or stays in a state by a full act, as a second finding does).
    Moves(AlertState),
    /// A fact is kept; the case stays where it is.
    Notes,
    /// It is so already: nothing changes.
    Unchanged,
}

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

/// Who acts, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who enters it.
    pub actor: &'a Actor,
    /// The person it was done for or by, when another enters it (代签收).
    pub on_behalf_of: Option<&'a str>,
}

/// Decides whether an act is allowed, and what it does.
///
/// # Errors
/// [`Refusal`] with the reason and what is allowed.
pub fn decide(ground: &Ground, rules: ReviewRules, case: &CaseView, by: By<'_>, act: &Act) -> Result<Effect, Refusal> {
    let effect = effect(case, act)?;
    rights::check(ground, rules, case, by, act)?;
    check_content(ground, case, act)?;
    Ok(effect)
}

fn effect(case: &CaseView, act: &Act) -> Result<Effect, Refusal> {
    let kind = act.kind();
    let known = match kind {
        ActKind::Acknowledge => case.acknowledged_at.is_some(),
        ActKind::Arrive => case.on_site_at.is_some(),
        ActKind::PutOut => case.put_out_at.is_some(),
        _ => false,
    };
    match step(case.state, kind) {
        // A dispute that was right is a reassignment.
        Some(Step::Note) if matches!(act, Act::Decide { accepted: true }) && case.state < AlertState::Reported => {
            Ok(Effect::Moves(AlertState::Open))
        }
        // A person reopens the case: what was rectified is not.
        Some(Step::To(_)) if matches!(act, Act::LookBack { is_clean: false }) => {
            Ok(Effect::Moves(AlertState::Rectifying))
        }
        Some(Step::To(state)) => Ok(Effect::Moves(state)),
        Some(Step::Note) if known => Ok(Effect::Unchanged),
        Some(Step::Note) => Ok(Effect::Notes),
        Some(Step::Reviewed) => Ok(Effect::Moves(after_review(case, act))),
        None => Err(Refusal::State {
            number: case.number.clone(),
            state: case.state,
            act: kind,
            allowed: allowed_in(case.state),
        }),
    }
}

fn after_review(case: &CaseView, act: &Act) -> AlertState {
    match act {
        Act::Review { review: Review::Confirmed } => AlertState::Confirmed,
        Act::Review { review: Review::Excluded } => AlertState::Excluded,
        // Sent back: whoever was on site need not arrive again.
        _ if case.on_site_at.is_some() => AlertState::OnSite,
        _ => AlertState::Acknowledged,
    }
}

fn check_content(ground: &Ground, case: &CaseView, act: &Act) -> Result<(), Refusal> {
    let refuse = |problem: &str, problem_zh: &str| {
        Err(Refusal::Content {
            number: case.number.clone(),
            problem: problem.to_owned(),
            problem_zh: problem_zh.to_owned(),
        })
    };
    match act {
        Act::Report { finding } if finding.kind.needs_photo() && finding.photos.is_empty() => refuse(
            "a fire, a scar or \"nothing found\" needs at least one photo",
            "火情、过火痕迹或“未发现”须附至少一张照片",
        ),
        Act::Report { finding } if finding.burnt_mu.is_some_and(|mu| !mu.is_finite() || mu < 0.0) => {
            refuse("the burnt area is a number of mu, 0 or more", "过火面积应为不小于 0 的亩数")
        }
        Act::Review { review: Review::Excluded }
            if matches!(case.finding, Some(FindingKind::Straw | FindingKind::Stubble)) =>
        {
            refuse(
                "the finding says straw or stubble, which is not excluded; send it back for another finding",
                "反馈为秸秆或根茬，不得排除；如有异议请退回补充",
            )
        }
        Act::Close if case.is_disputed => {
            refuse("a dispute over the case waits for its decision; decide it first", "归属异议尚未裁定，请先裁定")
        }
        Act::Close if case.state == AlertState::Rectifying && !case.is_rectified => {
            refuse("rectification was ordered and has no result yet", "已下达整改，尚无整改结果")
        }
        Act::Dispute { .. } if case.is_disputed => refuse("a dispute is open already", "已有未裁定的归属异议"),
        Act::Dispute { proposed } | Act::Reassign { to: proposed } => match ground.unit(proposed) {
            None => refuse("there is no such unit in this region", "本区域没有该单位"),
            Some(unit) if unit.code == case.owner => refuse("the case is with that unit already", "案件已在该单位"),
            Some(_) => Ok(()),
        },
        Act::Dispatch { unit, .. } if !ground.line_of(unit).iter().any(|above| above.code == case.responsible) => {
            refuse(
                "a case is dispatched to somebody at or below the responsible unit; use reassign for another unit",
                "只能派给责任单位及其下级人员；派给其他单位请用改派",
            )
        }
        Act::Decide { .. } if !case.is_disputed => refuse("no dispute is open", "没有待裁定的归属异议"),
        Act::Merge { into } if *into == case.number => {
            refuse("a case cannot be merged into itself", "案件不能并入自身")
        }
        Act::Split { detections } if detections.is_empty() => {
            refuse("name the detections that are a fire of their own", "请指明拆出的热异常像元")
        }
        Act::Keep if case.rekindles.is_none() => {
            refuse("nothing says that this case is a possible rekindling", "本案没有疑似复燃关联")
        }
        _ => Ok(()),
    }
}
