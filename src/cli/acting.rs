//! `--as`: who a command is done by, as it will stand in the record.

use crate::app;
use crate::domain::actor::Actor;
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
    /// The person and the unit acted for; a name nobody knows acts for the unit that has the case.
    pub(super) fn actor_on(&self, ground: &Ground, owner: &UnitCode) -> anyhow::Result<Actor> {
        Ok(Actor::resolve_for(ground, &self.actor, ground.local_day(app::now()), owner)?)
    }

    /// The person and the unit acted for.
    pub(super) fn actor(&self, ground: &Ground) -> anyhow::Result<Actor> {
        Ok(Actor::resolve(ground, &self.actor, ground.local_day(app::now()))?)
    }
}
