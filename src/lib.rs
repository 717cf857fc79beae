//! firegrid watches public satellite fire-point feeds, tests every point against burn-ban
//! and burn-limited zones, and puts alerts in front of the people who answer for the ground.
//!
//! Reading order follows the flow of data:
//! [`config`] and [`regions`] say what to watch, [`source`] fetches, [`watch`] turns rows
//! into alerts by the rules of [`domain`], [`store`] keeps everything and [`media`] the files
//! beside it, [`words`] says it in two languages, [`web`] and [`report`] show it, [`simulate`] plays the satellites,
//! [`app`] runs it all and [`cli`] is how people call it.

#![warn(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

// Fixtures of tests/it name the crate as others do; a unit test that uses one is inside it.
#[cfg(test)]
extern crate self as firegrid;

#[cfg(test)]
#[path = "../tests/it/ground_fixture.rs"]
mod ground_fixture;

pub mod app;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod domain;
pub mod files;
pub mod media;
pub mod regions;
pub mod report;
#[cfg(feature = "oidc")]
pub mod sign_on;
pub mod simulate;
pub mod source;
pub mod store;
pub mod telemetry;
pub mod turns;
pub mod vitals;
pub mod watch;
pub mod web;
pub mod words;
