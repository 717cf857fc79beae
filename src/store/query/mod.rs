//! What pages, exports and commands read: detections, fires, alerts.
//!
//! Rows come back in the domain's types. One filter serves lists, counts, maps and
//! exports, so that they cannot disagree.

mod day_lists;
mod detail;
mod event;
mod listed;
mod near;
mod period;
mod polls;
mod rows;
mod span;

pub use day_lists::{DayList, DayPage};
pub use detail::AlertDetail;
pub(super) use detail::sees_alert;
pub use event::AlertEventRow;
pub(super) use event::read_event;
pub(super) use listed::Listed;
pub(super) use near::{Place, earlier_near};
pub use period::{DetailedRows, PeriodRows};
pub use polls::{DoubtfulView, LatestPolls, PollRow};
pub use rows::{DetectionRow, FireRow, PixelRow};
pub use span::Span;

pub use super::alert::AlertRow;
pub use super::observed::PixelLook;
