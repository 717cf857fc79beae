//! Pages of those who keep accounts and log.

pub(crate) mod audit;
pub(crate) mod log;
pub(crate) mod status;
pub(crate) mod users;
