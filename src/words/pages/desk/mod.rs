//! Pages of the desks that watch over cases.

pub(crate) mod complaints;
pub(crate) mod duty;
pub(crate) mod handover;
pub(crate) mod problems;
pub(crate) mod review;
