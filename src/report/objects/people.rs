//! Who holds what, and what has to be mended.

use crate::domain::chain::Desk;
use crate::domain::chain::review::{NamedUnit, NoShift, Review, RunsOut, Stand, Unheld};
use crate::domain::unit::{DutyShift, Holder};
use crate::report::typed::typed;

typed! { Holder as holder { unit_code, name, role, post, employer, phone, valid_from, valid_to } }

typed! { Review as review named "PeopleReview" {
    day, units, people, without_holder, running_out, without_outline, desks, without_shift, without_phone,
} }

typed! { NamedUnit as unit { level, code, name } }
typed! { Unheld as found { ..NamedUnit = &found.unit; answered_by } }
typed! { Stand as stand { ..NamedUnit = &stand.unit; person } }
typed! { RunsOut as found { ..NamedUnit = &found.unit; person, role = found.role.name(), last_day } }
typed! { NoShift as found { ..NamedUnit = &found.unit; day } }

typed! { DutyShift as shift { leader, officer, phone } }
typed! { Desk as desk { level, code, name, people, gaps } }
