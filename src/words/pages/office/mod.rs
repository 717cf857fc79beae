//! Pages of the offices that plan and keep lists.

pub(crate) mod heat_sources;
pub(crate) mod people;
pub(crate) mod plans;
pub(crate) mod regions;
