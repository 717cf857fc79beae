//! Pages of the desks that watch over alerts.

pub(crate) mod complaints;
pub(crate) mod duty;
pub(crate) mod handover;
pub(crate) mod problems;
pub(crate) mod review;
