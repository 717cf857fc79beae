//! Burning in order: burn plans, the day's orders, and what becomes of them.
//!
//! A plan is known as it stood at any moment ([`BurnPlan::status_at`]): a plan received, or an
//! order issued, after a fire was seen does not excuse that fire, whenever it is judged.

use serde::{Deserialize, Serialize};

use super::named::named;
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

named! {
    /// Where a plan stands.
    pub enum PlanStatus {
        /// 已申请
        Applied = "applied",
        /// 已批准
        Approved = "approved",
        /// 未批准
        Refused = "refused",
        /// 已下令: a day's order was given for it.
        Ordered = "ordered",
        /// 已点火
        Lit = "lit",
        /// 已完成
        Done = "done",
        /// 已撤回
        Withdrawn = "withdrawn",
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

impl BurnOrder {
    /// Whether the order names a moment, whatever was known then.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether the order was known and not taken back at a moment.
    #[must_use]
    pub fn stood_at(&self, at: Timestamp) -> bool {
        self.issued_at <= at && !has_come(self.withdrawn_at, at)
    }
}

/// What somebody applies for: one plot or unit, a window, an area, and who answers for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanApplication {
    /// The id it asks for.
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
}

impl PlanApplication {
    /// The plan that this server has from now on: nobody reviewed it yet.
    #[must_use]
    pub fn received(self, now: Timestamp) -> BurnPlan {
        let Self { id, unit_code, plot, window_start, window_end, area_mu, responsible, note } = self;
        BurnPlan {
            id,
            unit_code,
            plot,
            window_start,
            window_end,
            area_mu,
            responsible,
            note,
            received_at: now,
            reviewed_by: None,
            approved_at: None,
            refused_at: None,
            withdrawn_at: None,
            lit_at: None,
            done_at: None,
            burnt_mu: None,
            orders: Vec::new(),
        }
    }
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

impl BurnPlan {
    /// Where the plan stood at a moment, by its instants; `None` before it was received.
    ///
    /// Withdrawing ends everything; of an approval and a refusal the later one holds, and the
    /// refusal where both bear the same instant.
    #[must_use]
    pub fn status_at(&self, at: Timestamp) -> Option<PlanStatus> {
        if self.received_at > at {
            return None;
        }
        let approved_at = self.approved_at.filter(|approved| *approved <= at);
        let refused_at = self.refused_at.filter(|refused| *refused <= at);
        Some(if has_come(self.withdrawn_at, at) {
            PlanStatus::Withdrawn
        } else if refused_at.is_some() && refused_at >= approved_at {
            PlanStatus::Refused
        } else if approved_at.is_none() {
            PlanStatus::Applied
        } else if has_come(self.done_at, at) {
            PlanStatus::Done
        } else if has_come(self.lit_at, at) {
            PlanStatus::Lit
        } else if self.orders.iter().any(|order| order.stood_at(at)) {
            PlanStatus::Ordered
        } else {
            PlanStatus::Approved
        })
    }

    /// The order that let the plan burn at a moment: issued before, not taken back, running.
    /// The first issued speaks.
    #[must_use]
    pub fn order_at(&self, at: Timestamp) -> Option<&BurnOrder> {
        self.orders
            .iter()
            .filter(|order| order.covers(at) && order.stood_at(at))
            .min_by_key(|order| (order.issued_at, order.id))
    }

    /// Whether a moment lies in the window.
    #[must_use]
    pub fn window_holds(&self, at: Timestamp) -> bool {
        self.window_start <= at && at < self.window_end
    }
}

fn has_come(instant: Option<Timestamp>, at: Timestamp) -> bool {
    instant.is_some_and(|instant| instant <= at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i8) -> Timestamp {
        format!("2026-04-13T{hour:02}:00:00Z").parse().unwrap()
    }

    fn plan() -> BurnPlan {
        let application = PlanApplication {
            id: PlanId("P-1".to_owned()),
            unit_code: UnitCode("A".to_owned()),
            plot: None,
            window_start: at(8),
            window_end: at(16),
            area_mu: 30.0,
            responsible: "张三".to_owned(),
            note: None,
        };
        application.received(at(1))
    }

    #[test]
    fn a_plan_stands_as_its_instants_say_at_every_moment_of_its_life() {
        use PlanStatus::{Applied, Approved, Done, Lit, Ordered, Refused, Withdrawn};
        let order = BurnOrder {
            id: 1,
            from: at(8),
            to: at(12),
            issued_at: at(5),
            issued_by: String::new(),
            withdrawn_at: None,
        };
        let whole_life = BurnPlan {
            refused_at: Some(at(2)),
            approved_at: Some(at(3)),
            lit_at: Some(at(9)),
            done_at: Some(at(11)),
            withdrawn_at: Some(at(20)),
            orders: vec![order],
            ..plan()
        };
        let cases = [
            (0, None),
            (1, Some(Applied)),
            (2, Some(Refused)),
            (3, Some(Approved)),
            (4, Some(Approved)),
            (5, Some(Ordered)),
            (9, Some(Lit)),
            (11, Some(Done)),
            (19, Some(Done)),
            (20, Some(Withdrawn)),
        ];
        for (hour, status) in cases {
            assert_eq!(whole_life.status_at(at(hour)), status, "{hour}");
        }
        let refused_after = BurnPlan { approved_at: Some(at(3)), refused_at: Some(at(4)), ..plan() };
        assert_eq!(refused_after.status_at(at(3)), Some(Approved));
        assert_eq!(refused_after.status_at(at(4)), Some(Refused));
        let both = BurnPlan { approved_at: Some(at(3)), refused_at: Some(at(3)), ..plan() };
        assert_eq!(both.status_at(at(5)), Some(Refused), "doubt does not permit");
    }

    #[test]
    fn an_order_counts_from_its_issue_until_it_is_taken_back_and_only_while_it_runs() {
        let order = |issued: i8, withdrawn: Option<i8>| BurnPlan {
            orders: vec![BurnOrder {
                id: 1,
                from: at(8),
                to: at(12),
                issued_at: at(issued),
                issued_by: String::new(),
                withdrawn_at: withdrawn.map(at),
            }],
            ..plan()
        };
        let cases = [(5, None, 7, false), (5, None, 8, true), (5, None, 11, true), (5, None, 12, false)]
            .into_iter()
            .chain([(9, None, 8, false), (9, None, 9, true), (5, Some(9), 8, true), (5, Some(9), 9, false)]);
        for (issued, withdrawn, hour, counts) in cases {
            assert_eq!(order(issued, withdrawn).order_at(at(hour)).is_some(), counts, "{issued} {withdrawn:?} {hour}");
        }
    }
}
