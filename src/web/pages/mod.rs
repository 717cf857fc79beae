//! The pages: a day ([`home`]), an alert ([`alert`]), the feeds and the service ([`status`]).
//!
//! The office's own: problem list ([`problems`]), duty ([`duty`], [`handover`]), review queue ([`review`]), complaints
//! ([`complaints`]), wall ([`wall`]).
//!
//! Each page is read from the store, turned into a view of ready words, and rendered by a
//! template that makes no decisions.

pub(super) mod alert;
mod alert_list;
mod case_life;
pub(super) mod complaints;
pub(super) mod duty;
pub(super) mod handover;
pub(super) mod home;
mod office;
mod place;
mod plan_card;
pub(super) mod problems;
pub(super) mod review;
pub(super) mod status;
mod summary;
pub(super) mod wall;
