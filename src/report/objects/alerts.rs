//! What belongs to an alert: its chain, what happened, its clocks, what a command did.

use crate::domain::alert::Outcome;
use crate::domain::chain::{ChainHolder, ChainLink};
use crate::report::typed::typed;
use crate::store::query::AlertEventRow;
use crate::store::{Added, DeadlineRow, Done};

typed! { ChainLink as link { level, code, name, holders } }
typed! { ChainHolder as holder { role = holder.role.name(), name, post, employer, phone } }

typed! { AlertEventRow as event { seq, at, kind, actor, actor_unit, on_behalf_of, claimed_at, detail } }

typed! { DeadlineRow as clock {
    number, kind = clock.kind.name(), unit_code, person, step, starts_at, due_at, fired_at, was_late, ended_at,
    outcome = clock.outcome.as_deref().and_then(Outcome::from_name),
} }

typed! { Done as done named "CaseDone" { number, state, changed, repeated, split_off } }
typed! { Added as added named "CaseAdded" { number, joined, repeated } }
