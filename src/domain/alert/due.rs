//! What follows without anybody's act: an alert is recorded, its people are reached or not, a clock runs out.

use super::clocks::{Clock, Outcome, Start};
use super::desks::desk_above;
use super::event::Why;
use super::follow::Follow;
use super::{AlertEvent, AlertView, Consequences, Effect, Setting};
use crate::domain::alert::{AlertState, NotifyReason};
use crate::domain::chain::on_duty;
use crate::domain::clock::{ClockKind, LATE_AFTER};
use crate::domain::detection::Origin;
use crate::domain::unit::{UnitCode, UnitLevel};

/// The clocks of a new alert: the message counts as delivered when it is recorded, until channels say when it really
/// was. Late and historical alerts wake nobody: their clocks start when somebody acts.
#[must_use]
pub fn recorded(setting: Setting<'_>, alert: &AlertView, origin: Origin, clocks: &[Clock]) -> Consequences {
    let mut follow = Follow::of(setting, alert, clocks);
    if origin == Origin::Live && alert.state == AlertState::Open {
        follow.delivered();
    }
    follow.ended(Effect::Notes)
}

/// A message reached the people of an alert: their clocks start.
#[must_use]
pub fn reached(setting: Setting<'_>, alert: &AlertView, clocks: &[Clock]) -> Consequences {
    let mut follow = Follow::of(setting, alert, clocks);
    follow.alert.record.undelivered_at = None;
    if alert.state == AlertState::Open {
        follow.delivered();
    }
    follow.ended(Effect::Notes)
}

/// Nobody of an alert could be reached: it is undelivered, never overdue, and the next desk hears of it at once.
#[must_use]
pub fn unreached(setting: Setting<'_>, alert: &AlertView, ceiling: UnitLevel, clocks: &[Clock]) -> Consequences {
    let mut follow = Follow::of(setting, alert, clocks);
    // Once the next desk has heard of it its own clock runs: a further attempt that failed must not start that anew.
    if alert.state != AlertState::Open || alert.record.undelivered_at.is_some() {
        return follow.ended(Effect::Unchanged);
    }
    follow.alert.record.undelivered_at = Some(setting.now);
    // Clocks of whoever was not reached do not run.
    follow.cancel(&[ClockKind::Acknowledge, ClockKind::OnSite, ClockKind::Report]);
    follow.events.push(AlertEvent::Undelivered { text: alert.owner.clone() });
    let holder = follow.holder();
    follow.escalate((ClockKind::Acknowledge, &holder, 0), Why::Undelivered, ceiling);
    follow.ended(Effect::Notes)
}

/// A clock of an alert is due: it fires, and the next desk hears of it, up to a ceiling.
#[must_use]
pub fn due(setting: Setting<'_>, alert: &AlertView, ceiling: UnitLevel, clocks: &[Clock], due: &Clock) -> Consequences {
    let mut follow = Follow::of(setting, alert, clocks);
    let due_at = due.due_at.unwrap_or(setting.now);
    let late = setting.now.duration_since(due_at) > LATE_AFTER;
    if let Some(id) = due.id {
        follow.clocks.fire(id, late);
    }
    if due.kind == ClockKind::LookBack {
        follow.look_back_due(late);
        return follow.ended(Effect::Notes);
    }
    let (clock, unit, state) = (due.kind, due.unit.clone(), alert.state);
    follow.events.push(AlertEvent::Overdue { clock, unit, step: due.step, due_at, late, state });
    follow.escalate((due.kind, &due.unit, due.step), Why::Missed(due.kind), ceiling);
    follow.ended(Effect::Notes)
}

impl Follow<'_> {
    /// The look-back is no fault of anybody: the alert comes up again, and its unit is told.
    fn look_back_due(&mut self, late: bool) {
        self.clocks.end(&[ClockKind::LookBack], Outcome::Cancelled);
        if self.before.state == AlertState::Closed {
            self.moved(Effect::Moves(AlertState::LookbackDue));
            self.events.push(AlertEvent::LookbackDue { state: AlertState::LookbackDue, late });
            self.tell(NotifyReason::Lookback, Some(&self.before.responsible), None);
        }
    }

    /// Tells the desk one level up why, and starts its own clock.
    fn escalate(&mut self, (clock, from, step): (ClockKind, &UnitCode, u32), why: Why, ceiling: UnitLevel) {
        let (ground, state) = (self.setting.ground, self.before.state);
        let Some(to) = desk_above(ground, self.before, from, ceiling) else {
            return self.events.push(AlertEvent::CeilingReached { clock, unit: from.clone(), why, state });
        };
        self.alert.record.escalated_to = Some(to.clone());
        self.alert.record.revision += 1;
        let on_duty = Some(on_duty(ground, &to, self.setting.now));
        self.events.push(AlertEvent::Escalated { clock, from: from.clone(), to: to.clone(), why, state, on_duty });
        self.tell(NotifyReason::Escalated, Some(&to), None);
        if clock != ClockKind::Reply {
            let due_at = self.clocks.due_at(clock, &to, self.before.verdict, UnitLevel::City);
            self.start(&Start { kind: clock, unit: &to, person: None, step: step + 1, due_at });
        }
    }
}
