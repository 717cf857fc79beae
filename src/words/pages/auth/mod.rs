//! Signing in, and the own account.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod sign_in;
#[cfg(feature = "oidc")]
pub(crate) mod sign_on;
