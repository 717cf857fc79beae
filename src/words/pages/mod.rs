//! The words of the pages, one file for a page, by whom it serves; what stands on several is in [`shared`].
//!
//! Pages and their templates call this module `w`: `f.say(w::duty::CALL_NEXT)`.

mod admin;
pub(crate) mod alert;
pub(crate) mod api;
mod auth;
pub(crate) mod day;
mod desk;
mod field;
pub(crate) mod frame;
pub(crate) mod navigation;
mod office;
pub(crate) mod shared;

pub(crate) use admin::{audit, log, status, users};
pub(crate) use alert::{acts, life, report};
#[cfg(feature = "oidc")]
pub(crate) use auth::sign_on;
pub(crate) use auth::{access, account, sign_in};
pub(crate) use day::{home, map, wall};
pub(crate) use desk::{complaints, duty, handover, problems, review};
pub(crate) use field::{my, patrol, plots};
pub(crate) use office::{heat_sources, people, plans, regions};
