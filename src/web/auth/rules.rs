//! How long people stay in, how long links can be used, and who passes a second step.

use crate::domain::account::{Role, Stay};
use crate::domain::time::SignedDuration;

/// How long people stay in, and links can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRules {
    /// How long a desk stays in.
    pub office: Stay,
    /// How long a phone stays in.
    pub phone: Stay,
    /// A personal link can be used so long.
    pub link_lasts: SignedDuration,
    /// Roles that pass a second step where they come in by password; anybody else may.
    pub second_step: Vec<Role>,
}

impl Default for AccountRules {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self {
            office: Stay { unused: SignedDuration::from_hours(12), longest: days(30) },
            phone: Stay { unused: days(30), longest: days(366) },
            link_lasts: SignedDuration::from_hours(24),
            second_step: vec![Role::City, Role::Admin],
        }
    }
}

impl AccountRules {
    /// Whether a role has to have a second step.
    #[must_use]
    pub fn asks_second_step(&self, role: Role) -> bool {
        self.second_step.contains(&role)
    }

    /// How long a device of a role stays in.
    #[must_use]
    pub fn stay(&self, role: Role) -> Stay {
        if role.is_office() { self.office } else { self.phone }
    }
}
