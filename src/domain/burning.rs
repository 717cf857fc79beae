//! Burning in order as a machine: which act a plan allows, by whom, and what it leads to.
//!
//! ```text
//! applied -> approved -> ordered -> lit -> done
//!    |          |           |
//!    +-> refused|           |   ordered -> approved: the last standing order was taken back
//!    +----------+-----------+-> withdrawn
//! ```
//! [`decide`] is the one table; the store asks it before it writes and the command line shows its
//! refusals. Times are the server's: nobody dates an approval or an order back. It writes nothing
//! and judges no fire ([`super::verdict`] does that, from the instants the acts leave).

mod cautions;
mod checks;
mod lighting;
mod near;
mod offers;
mod refusal;
mod row;

use super::actor::Actor;
use super::event_kind::PlanEventKind;
use super::ground::Ground;
use super::named::named;
use super::plan::{BurnPlan, PlanStatus};
use super::time::{SignedDuration, Timestamp};
use super::unit::{UnitCode, UnitLevel};
pub use cautions::{OrderView, days_of, order_cautions};
pub use checks::{check_application, check_claim, order_to_take_back, standing_orders};
use checks::{check_area, check_lighting, check_not_own, check_order, check_window};
pub use lighting::{Hindrance, hindrances};
pub use near::distance_km;
pub use offers::{Offer, offers};
pub use refusal::{Area, BadValue, BurningRefusal, ids, local_minute, spans};
pub use row::ImportRow;

/// Longest order. It is the *day's* go: what is to burn on two days is ordered on both.
pub const MAX_ORDER: SignedDuration = SignedDuration::from_hours(24);

/// How far back an act may be entered that happened while a phone was offline. A longer gap is
/// no longer reporting but rewriting.
pub const MAX_CLAIM_AGE: SignedDuration = SignedDuration::from_hours(72);

/// Largest believable area of a plan or of what was burnt, mu: a thousand square kilometres.
pub const MAX_AREA_MU: f64 = 1_500_000.0;

/// Who may review and order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurnRules {
    /// Units of this level and above may approve and refuse.
    pub review_level: UnitLevel,
    /// Units of this level and above may give the day's orders and take them back.
    pub order_level: UnitLevel,
    /// A plan may only be lit under an order.
    pub need_order: bool,
}

impl Default for BurnRules {
    fn default() -> Self {
        // Who signs in Jilin today is not known; the county runs the burning in every rule found.
        Self { review_level: UnitLevel::County, order_level: UnitLevel::County, need_order: true }
    }
}

named! {
    /// How a plan came into the database.
    pub enum PlanSource {
        /// The region's `burn_plans.csv`.
        Region = "region",
        /// A file that somebody imported.
        Import = "import",
        /// Applied for here.
        Entered = "entered",
    }
}

/// A plan as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingPlan {
    /// The plan with its instants and orders.
    pub plan: BurnPlan,
    /// Where it stands now.
    pub status: PlanStatus,
    /// How it came here.
    pub source: PlanSource,
    /// Who applied for it; `None` for plans of the region's file.
    pub applicant: Option<Actor>,
    /// When a person last acted on it here, server time; files no longer change it then.
    pub acted_at: Option<Timestamp>,
}

/// What is done to a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlanAct {
    /// 批准
    Approve,
    /// 不予批准
    Refuse,
    /// 下达当日烧除指令
    Order {
        /// First moment inside.
        from: Timestamp,
        /// First moment after.
        to: Timestamp,
    },
    /// 撤回指令
    TakeBack {
        /// The order's id; `None` for the only standing one.
        order: Option<i64>,
    },
    /// 点火
    Light,
    /// 完成
    Finish {
        /// Area really burnt, mu.
        burnt_mu: f64,
    },
    /// 撤回计划
    Withdraw,
}

impl PlanAct {
    /// The event it leaves.
    #[must_use]
    pub fn event(self) -> PlanEventKind {
        match self {
            Self::Approve => PlanEventKind::Approved,
            Self::Refuse => PlanEventKind::Refused,
            Self::Order { .. } => PlanEventKind::Ordered,
            Self::TakeBack { .. } => PlanEventKind::OrderTakenBack,
            Self::Light => PlanEventKind::Lit,
            Self::Finish { .. } => PlanEventKind::Done,
            Self::Withdraw => PlanEventKind::Withdrawn,
        }
    }

    fn needs(self, rules: BurnRules) -> UnitLevel {
        match self {
            Self::Approve | Self::Refuse => rules.review_level,
            Self::Order { .. } | Self::TakeBack { .. } => rules.order_level,
            Self::Light | Self::Finish { .. } | Self::Withdraw => UnitLevel::Grid,
        }
    }
}

/// Whether an actor may act on a unit's plan: he acts for that unit or one above it.
///
/// # Errors
/// [`BurningRefusal::NotAbove`], [`BurningRefusal::NoUnit`].
pub fn check_line(ground: &Ground, actor: &Actor, of: &UnitCode) -> Result<UnitLevel, BurningRefusal> {
    if ground.unit(of).is_none() {
        return Err(BurningRefusal::NoUnit(of.0.clone()));
    }
    let unit = actor.unit.as_ref().map_or("", |unit| unit.0.as_str());
    let above = ground.line_of(of).into_iter().find(|above| above.code.0 == unit);
    above.map(|above| above.level).ok_or_else(|| BurningRefusal::NotAbove {
        actor: actor.name.clone(),
        unit: unit.to_owned(),
        of: of.0.clone(),
    })
}

/// Whether an actor may do an act to a unit's plan, whatever its status.
///
/// # Errors
/// As [`check_line`], and [`BurningRefusal::Level`].
pub fn check_right(
    ground: &Ground,
    rules: &BurnRules,
    actor: &Actor,
    act: PlanAct,
    of: &UnitCode,
) -> Result<(), BurningRefusal> {
    let found = check_line(ground, actor, of)?;
    let needed = act.needs(*rules);
    // A greater level is a lower unit.
    if found <= needed {
        return Ok(());
    }
    let unit = actor.unit.as_ref().map_or_else(String::new, |unit| unit.0.clone());
    Err(BurningRefusal::Level { act, needed, found, unit })
}

/// Decides one act: the status it leads to, or why it is refused.
///
/// `at` is when it happened as the person says (the server's time otherwise); it only matters for
/// lighting, which has to fall inside an order. What is stored is the server's time, `now`.
///
/// # Errors
/// [`BurningRefusal`].
pub fn decide(
    ground: &Ground,
    rules: &BurnRules,
    standing: &StandingPlan,
    actor: &Actor,
    act: PlanAct,
    (at, now): (Timestamp, Timestamp),
) -> Result<PlanStatus, BurningRefusal> {
    use PlanStatus::{Applied, Approved, Done, Lit, Ordered, Refused, Withdrawn};
    let (plan, zone) = (&standing.plan, &ground.data().time_zone);
    check_right(ground, rules, actor, act, &plan.unit_code)?;
    check_claim(at, now, zone)?;
    match (standing.status, act) {
        (Applied, PlanAct::Approve) => check_not_own(standing, actor).map(|()| Approved),
        (Applied, PlanAct::Refuse) => check_not_own(standing, actor).map(|()| Refused),
        (Applied | Approved | Ordered, PlanAct::Withdraw) => Ok(Withdrawn),
        (Approved | Ordered, PlanAct::Order { from, to }) => check_order(plan, (from, to), now, zone).map(|()| Ordered),
        (Lit, PlanAct::Order { from, to }) => check_order(plan, (from, to), now, zone).map(|()| Lit),
        (Ordered | Lit, PlanAct::TakeBack { order }) => {
            let taken = order_to_take_back(plan, order, now)?;
            let others = standing_orders(plan).any(|other| other.id != taken.id);
            Ok(if standing.status == Lit {
                Lit
            } else if others {
                Ordered
            } else {
                Approved
            })
        }
        (Ordered, PlanAct::Light) => check_lighting(plan, at, zone).map(|()| Lit),
        (Approved, PlanAct::Light) if !rules.need_order => check_window(plan, at, zone).map(|()| Lit),
        (Lit, PlanAct::Finish { burnt_mu }) => check_area(Area::Burnt, burnt_mu).map(|()| Done),
        (status, act) => Err(BurningRefusal::Status { plan: plan.id.0.clone(), status, act }),
    }
}

/// Where a plan stands by its instants alone, whenever they are.
#[must_use]
pub fn status_of(plan: &BurnPlan) -> PlanStatus {
    if plan.withdrawn_at.is_some() {
        PlanStatus::Withdrawn
    } else if plan.done_at.is_some() {
        PlanStatus::Done
    } else if plan.lit_at.is_some() {
        PlanStatus::Lit
    } else if plan.refused_at.is_some() {
        PlanStatus::Refused
    } else if plan.approved_at.is_none() {
        PlanStatus::Applied
    } else if standing_orders(plan).next().is_some() {
        PlanStatus::Ordered
    } else {
        PlanStatus::Approved
    }
}
