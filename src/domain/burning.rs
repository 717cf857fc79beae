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

use super::actor::Actor;
use super::ground::Ground;
use super::plan::{BurnOrder, BurnPlan, PlanStatus};
use super::time::{SignedDuration, TimeZone, Timestamp};
use super::unit::{UnitCode, UnitLevel};

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

/// How a plan came into the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanSource {
    /// The region's `burn_plans.csv`.
    Region,
    /// A file that somebody imported.
    Import,
    /// Applied for here.
    Entered,
}

impl PlanSource {
    /// The word used in database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Import => "import",
            Self::Entered => "entered",
        }
    }

    /// The source of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Region, Self::Import, Self::Entered].into_iter().find(|source| source.name() == name)
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
    /// The word of the event it leaves.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Refuse => "refused",
            Self::Order { .. } => "ordered",
            Self::TakeBack { .. } => "order_taken_back",
            Self::Light => "lit",
            Self::Finish { .. } => "done",
            Self::Withdraw => "withdrawn",
        }
    }

    /// The words people read, Chinese and English.
    #[must_use]
    pub fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Approve => ("批准", "approve"),
            Self::Refuse => ("不予批准", "refuse"),
            Self::Order { .. } => ("下达当日烧除指令", "order"),
            Self::TakeBack { .. } => ("撤回指令", "take back an order"),
            Self::Light => ("点火", "light"),
            Self::Finish { .. } => ("完成", "report done"),
            Self::Withdraw => ("撤回计划", "withdraw"),
        }
    }

    fn needs(self, rules: &BurnRules) -> UnitLevel {
        match self {
            Self::Approve | Self::Refuse => rules.review_level,
            Self::Order { .. } | Self::TakeBack { .. } => rules.order_level,
            Self::Light | Self::Finish { .. } | Self::Withdraw => UnitLevel::Grid,
        }
    }
}

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
        "{actor}是计划{plan}的申请人或烧除负责人，不能审核自己的计划 · {actor} applied for plan {plan} or answers for its \
         burning: somebody else has to review it"
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
    fn value(zh: impl Into<String>, en: impl Into<String>) -> Self {
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
    let needed = act.needs(rules);
    // A greater level is a lower unit.
    if found <= needed {
        return Ok(());
    }
    let unit = actor.unit.as_ref().map_or_else(String::new, |unit| unit.0.clone());
    Err(BurningRefusal::Level { act: act.labels(), needed, found, unit })
}

/// Checks what an application says, apart from who applies.
///
/// # Errors
/// [`BurningRefusal::Value`], [`BurningRefusal::NoUnit`].
pub fn check_application(ground: &Ground, plan: &BurnPlan) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, &ground.data().time_zone);
    if ground.unit(&plan.unit_code).is_none() {
        return Err(BurningRefusal::NoUnit(plan.unit_code.0.clone()));
    }
    if plan.id.0.trim().is_empty() || plan.id.0.chars().count() > 64 {
        return Err(BurningRefusal::value("计划编号须为1至64个字符", "a plan id has 1 to 64 characters"));
    }
    if plan.window_start >= plan.window_end {
        return Err(BurningRefusal::value(
            format!("烧除时段的结束{}不晚于开始{}", local(plan.window_end), local(plan.window_start)),
            format!("the window ends at {}, not after its start {}", local(plan.window_end), local(plan.window_start)),
        ));
    }
    if plan.responsible.trim().is_empty() {
        return Err(BurningRefusal::value("没有烧除负责人", "nobody is named who answers for the burning"));
    }
    check_area("计划面积", "the planned area", plan.area_mu, false)
}

fn check_area(zh: &str, en: &str, mu: f64, zero_is_fine: bool) -> Result<(), BurningRefusal> {
    let low_enough = mu.is_finite() && mu <= MAX_AREA_MU;
    if low_enough && (mu > 0.0 || (zero_is_fine && mu == 0.0)) {
        return Ok(());
    }
    Err(BurningRefusal::value(
        format!("{zh}为{mu}亩，应大于0且不超过{MAX_AREA_MU}亩"),
        format!("{en} is {mu} mu, expected more than 0 and at most {MAX_AREA_MU}"),
    ))
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
        (Lit, PlanAct::Finish { burnt_mu }) => {
            check_area("实际烧除面积", "the burnt area", burnt_mu, true).map(|()| Done)
        }
        (status, act) => Err(BurningRefusal::Status { plan: plan.id.0.clone(), status, act: act.labels() }),
    }
}

/// Whether an act may be entered for a moment: not ahead of the clock, not long past.
///
/// # Errors
/// [`BurningRefusal::Value`].
pub fn check_claim(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, zone);
    let age = now.duration_since(at);
    // A phone's clock may be a few minutes ahead.
    if age >= SignedDuration::from_mins(-10) && age <= MAX_CLAIM_AGE {
        return Ok(());
    }
    Err(BurningRefusal::value(
        format!("所称时间{}与服务器时间{}不符，只能补录72小时以内的操作", local(at), local(now)),
        format!(
            "the claimed time {} does not fit the server's {}: at most 72 hours may be made up for",
            local(at),
            local(now)
        ),
    ))
}

fn check_not_own(standing: &StandingPlan, actor: &Actor) -> Result<(), BurningRefusal> {
    let applied = standing.applicant.as_ref().is_some_and(|applicant| applicant.name == actor.name);
    if applied || standing.plan.responsible == actor.name {
        return Err(BurningRefusal::OwnPlan { actor: actor.name.clone(), plan: standing.plan.id.0.clone() });
    }
    Ok(())
}

/// The orders that were not taken back, oldest first.
pub fn standing_orders(plan: &BurnPlan) -> impl Iterator<Item = &BurnOrder> {
    plan.orders.iter().filter(|order| order.withdrawn_at.is_none())
}

fn check_order(
    plan: &BurnPlan,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, zone);
    if from >= to || to.duration_since(from) > MAX_ORDER {
        return Err(BurningRefusal::value(
            format!("指令时段{}至{}不成立：结束须晚于开始，且一道指令不超过24小时", local(from), local(to)),
            format!(
                "an order from {} to {} is none: it ends after it begins and lasts 24 hours at most",
                local(from),
                local(to)
            ),
        ));
    }
    if to <= now {
        return Err(BurningRefusal::value(
            format!("指令时段已于{}结束，不能补发指令", local(to)),
            format!("the time ordered ended at {}; no order is given for the past", local(to)),
        ));
    }
    if from < plan.window_start || to > plan.window_end {
        return Err(BurningRefusal::value(
            format!("指令时段超出计划时段{}至{}", local(plan.window_start), local(plan.window_end)),
            format!("the order leaves the plan's window, {} to {}", local(plan.window_start), local(plan.window_end)),
        ));
    }
    if let Some(other) = standing_orders(plan).find(|order| order.from < to && from < order.to) {
        return Err(BurningRefusal::value(
            format!("与已下达的指令{}（{}至{}）重叠，请先撤回", other.id, local(other.from), local(other.to)),
            format!(
                "order {} ({} to {}) stands already: take it back first",
                other.id,
                local(other.from),
                local(other.to)
            ),
        ));
    }
    Ok(())
}

/// The order that is taken back: the one named, or the only one that still can be.
///
/// # Errors
/// [`BurningRefusal::Value`] when there is none, several, or it was lit or is over.
pub fn order_to_take_back(
    plan: &BurnPlan,
    order: Option<i64>,
    now: Timestamp,
) -> Result<&BurnOrder, BurningRefusal> {
    let lit_under = |order: &BurnOrder| plan.lit_at.is_some_and(|lit| order.issued_at <= lit && order.from <= lit);
    let can = |order: &BurnOrder| order.to > now && !lit_under(order);
    let list = || {
        let ids: Vec<_> = standing_orders(plan).filter(|o| can(o)).map(|o| o.id.to_string()).collect();
        if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
    };
    let candidates: Vec<_> = match order {
        Some(id) => standing_orders(plan).filter(|order| order.id == id && can(order)).collect(),
        None => standing_orders(plan).filter(|order| can(order)).collect(),
    };
    match candidates.as_slice() {
        [only] => Ok(only),
        [] if order.is_none() => Err(BurningRefusal::value(
            "没有可以撤回的指令：已点火、已过时段或已撤回的指令不能撤回",
            "no order can be taken back: they were lit, are over or were taken back",
        )),
        [] => Err(BurningRefusal::value(
            format!("该指令不能撤回（已点火、已过时段、已撤回或不属于本计划）；可撤回：{}", list()),
            format!("that order cannot be taken back (lit, over, taken back or not of this plan); possible: {}", list()),
        )),
        _ => Err(BurningRefusal::value(
            format!("有多道指令，请用 --order 指明：{}", list()),
            format!("several orders stand, name one with --order: {}", list()),
        )),
    }
}

fn check_lighting(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if standing_orders(plan).any(|order| order.from <= at && at < order.to) {
        return Ok(());
    }
    let times = |to: &str| {
        let all: Vec<_> = standing_orders(plan)
            .map(|order| format!("{}{to}{}", local_minute(order.from, zone), local_minute(order.to, zone)))
            .collect();
        all.join(", ")
    };
    let at = local_minute(at, zone);
    Err(BurningRefusal::value(
        format!("{at}不在任何指令时段内（{}），不能点火", times("至")),
        format!("no order runs at {at} ({}): it must not be lit", times(" to ")),
    ))
}

fn check_window(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if plan.window_start <= at && at < plan.window_end {
        return Ok(());
    }
    let [at, start, end] = [at, plan.window_start, plan.window_end].map(|at| local_minute(at, zone));
    Err(BurningRefusal::value(
        format!("{at}不在计划时段{start}至{end}内，不能点火"),
        format!("{at} is outside the plan's window, {start} to {end}: it must not be lit"),
    ))
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
