//! The units that a form lets somebody choose from.

use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::web::auth::Me;
use crate::words::{Lang, full_name};

/// Units that a list to choose from holds: more make a page heavy and a list useless.
const MAX_CHOICES: usize = 400;

/// A unit that can be chosen.
pub(in crate::web) struct Choice {
    /// Its code.
    pub code: String,
    /// Its name with those above it.
    pub name: String,
}

/// The units of somebody's ground that can be chosen, in the order of the tree: all, or down to the townships when
/// there are too many.
pub(in crate::web) fn units(me: &Me, ground: &Ground, lang: Lang) -> Vec<Choice> {
    let scope = me.store.scope();
    let own: Vec<_> = ground.data().units.iter().filter(|unit| scope.holds(&unit.code)).collect();
    let lowest = if own.len() > MAX_CHOICES { UnitLevel::Township } else { UnitLevel::Grid };
    let shown = own.into_iter().filter(|unit| unit.level <= lowest || unit.code == *scope.unit());
    let choice = |code: &UnitCode| Choice { code: code.0.clone(), name: full_name(ground, code, lang) };
    let mut choices: Vec<_> = shown.map(|unit| choice(&unit.code)).collect();
    choices.sort_by(|a, b| a.code.cmp(&b.code));
    choices
}
