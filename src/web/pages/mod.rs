//! The pages: a day ([`home`]), the live map of a day ([`day_map`]), an alert ([`alert`]) and what is done to it ([`acts`]), what an
//! inspector has on his phone ([`my`]), the feeds and the service ([`status`]).
//!
//! The office's own: problem list ([`problems`]), duty ([`duty`], [`handover`]), review queue ([`review`]), complaints
//! ([`complaints`]), wall ([`wall`]).
//!
//! Each page is read from the store, turned into a view of ready words, and rendered by a
//! template that makes no decisions.

pub(super) mod acts;
pub(super) mod alert;
mod alert_list;
mod case_life;
pub(super) mod complaints;
mod day_filter;
pub(super) mod day_map;
pub(super) mod duty;
pub(super) mod handover;
pub(super) mod home;
pub(super) mod my;
mod office;
mod photos;
mod place;
mod plan_card;
pub(super) mod problems;
pub(super) mod review;
pub(super) mod status;
mod summary;
pub(super) mod wall;
