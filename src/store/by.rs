//! Who does something, and how the command says so.

use crate::domain::actor::Actor;
use crate::domain::time::Timestamp;

/// Who does something, and how the command says so.
#[derive(Debug, Clone)]
pub struct By {
    /// Who acts, for which unit.
    pub actor: Actor,
    /// Names the command: the same one sent again is answered and not done again.
    pub client_id: Option<String>,
    /// When it happened, as the person says; kept beside the server's time.
    pub claimed_at: Option<Timestamp>,
}

impl By {
    /// Somebody, now.
    #[must_use]
    pub fn now(actor: Actor) -> Self {
        Self { actor, client_id: None, claimed_at: None }
    }
}

impl From<Actor> for By {
    fn from(actor: Actor) -> Self {
        Self::now(actor)
    }
}
