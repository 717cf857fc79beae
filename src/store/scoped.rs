//! The store as one account sees it: every read is narrowed to its scope, every act needs what it sees.
//!
//! The only way to read it and to act in it: the web has nothing else, so a page cannot forget the scope, and the
//! command line, which whoever owns the machine uses, sees the whole region. What an account may *do* to something it
//! sees is decided where it always is, by the rules of the alert, the plan, the heat source; what it does not see does
//! not exist for it. The calls stand beside what they are about.

use std::sync::Arc;

use super::Store;
use super::seen::Seen;
use crate::domain::account::{Role, Scope};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{ActKind, Entitled, Refusal};

/// The store within a scope.
#[derive(Clone)]
pub struct Scoped {
    store: Store,
    scope: Arc<Scope>,
    /// Whoever reads works in the field: what a desk decides is not his, whatever unit he stands for.
    is_field: bool,
}

impl Store {
    /// The store as whoever owns the machine sees it: all of it.
    #[must_use]
    pub fn whole(&self) -> Scoped {
        Scoped::new(self.clone(), Arc::new(Scope::whole()), Role::City)
    }
}

impl Scoped {
    pub(super) fn new(store: Store, scope: Arc<Scope>, role: Role) -> Self {
        Self { store, scope, is_field: !role.is_office() }
    }

    /// The scope.
    #[must_use]
    pub fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    pub(super) fn seen(&self) -> Seen {
        Seen::by(&self.scope)
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn is_field(&self) -> bool {
        self.is_field
    }

    /// Refuses acts on an alert that somebody in the field does not do.
    pub(super) fn check_try(&self, number: &AlertNumber, kind: ActKind) -> Result<(), Refusal> {
        if !self.is_field || kind.is_of_the_field() {
            return Ok(());
        }
        Err(Refusal::Rights {
            number: number.clone(),
            act: kind,
            unit: self.scope.unit().0.clone(),
            who: Entitled::DeskAccount,
        })
    }
}
