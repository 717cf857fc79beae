//! Pages of those who are out there.

pub(crate) mod my;
pub(crate) mod patrol;
pub(crate) mod plots;
