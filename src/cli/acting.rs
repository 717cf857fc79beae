//! `--as`: who a command is done by, as it will stand in the record.

use crate::app;
use crate::domain::actor::{Actor, ActorError, Through};
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;

/// Who acts.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Acting {
    /// Who does it, for the record: a name of people.csv, or NAME@UNIT with the code of a unit.
    #[arg(long = "as", value_name = "NAME[@UNIT]")]
    actor: String,
}

impl Acting {
    /// The person and the unit acted for; a name nobody knows acts for the unit that has the alert.
    pub(super) fn actor_on(&self, ground: &Ground, owner: &UnitCode) -> anyhow::Result<Actor> {
        let actor = Actor::resolve_for(ground, &self.actor, ground.local_day(app::now()), owner)?;
        Ok(actor.through(Through::shell()))
    }

    /// The person and the unit acted for.
    pub(super) fn actor(&self, ground: &Ground) -> anyhow::Result<Actor> {
        Ok(resolve(ground, &self.actor)?)
    }
}

/// The person and the unit that a text names, acting by a command on the machine.
pub(super) fn resolve(ground: &Ground, text: &str) -> Result<Actor, ActorError> {
    Ok(Actor::resolve(ground, text, ground.local_day(app::now()))?.through(Through::shell()))
}
