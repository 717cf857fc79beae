//! The pages: a day ([`home`]), the live map of a day ([`day_map`]), an alert ([`alert`]) and what is done to it ([`acts`]), what an
//! inspector has on his phone ([`my`]), the feeds and the service ([`status`]).
//!
//! Each page is read from the store, turned into a view of ready words, and rendered by a
//! template that makes no decisions.

pub(super) mod acts;
pub(super) mod alert;
mod alert_list;
mod case_life;
mod day_filter;
pub(super) mod day_map;
pub(super) mod home;
pub(super) mod my;
mod photos;
mod place;
mod plan_card;
pub(super) mod status;
mod summary;
