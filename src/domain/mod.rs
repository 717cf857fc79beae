//! The rules, pure: no I/O, no clock, no runtime; `now` is always an argument.
//!
//! Reading order follows the flow of data: a feed row becomes an [`observation`],
//! observations are paired into [`detection`]s, a detection has a [`footprint`], is
//! [`locate`]d on the [`mod@unit`]s and [`zone`]s of the ground, gets a [`verdict`], is
//! linked into a [`fire`], and a fire puts an [`alert`] in front of the people of its
//! responsibility [`chain`].

pub mod account;
pub mod actor;
pub mod alert;
pub mod burning;
pub mod calendar;
pub mod chain;
pub mod clock;
pub mod clock_trust;
pub mod datum;
pub mod detection;
pub mod event_kind;
pub mod feed_content;
pub mod finding;
pub mod fire;
pub mod footprint;
pub mod freshness;
pub mod ground;
pub mod handover;
pub mod heat_approval;
pub mod heat_source;
pub mod heat_suggest;
pub mod landcover;
pub mod ledger;
pub mod locate;
pub(crate) mod named;
pub mod nearest;
pub mod observation;
pub mod official;
pub mod phone;
pub mod plain_text;
pub mod plan;
pub mod policy;
pub mod position;
pub mod rules;
pub mod screening;
pub mod share;
pub mod sun;
pub mod time;
pub mod unit;
pub mod verdict;
pub mod zone;
