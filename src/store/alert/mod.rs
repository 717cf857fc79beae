//! Alerts: their rows, what people do to them, their clocks, and the lists of them.
//!
//! What an act does is decided in [`crate::domain::alert`], as a value; here it is written (`write`) with its event,
//! in one transaction. [`super::record`] opens and changes alerts from satellite data through the same helpers.

mod act;
#[cfg(test)]
mod act_tests;
mod add;
mod clocks;
mod deadline;
mod filter;
mod gaps;
mod list;
mod merging;
mod mine;
mod row;
mod scope;
mod standing;
mod worklist;
mod write;

pub use act::{ActError, BadTarget, Command, Done, Instead};
pub use add::{AddError, Added, Complainant, NewAlert};
pub use clocks::{Delivery, Fired, FiredClock};
pub(super) use clocks::{
    after_recording as start_clocks, cancel_all as cancel_clocks, hand_over_replies, of_new as start_new_clocks,
    review_follows,
};
pub use deadline::DeadlineRow;
pub(super) use deadline::{DEADLINES, read_deadline};
pub use filter::AlertFilter;
pub use gaps::GapRow;
pub use list::{AlertCount, AlertTotal, Cursor, ENDED_COUNTED, Ended, OpenAlerts, Page, StateCounts};
pub use mine::{MY_PAGE, MyAlert, MyClock, MyCursor, MyList, Relation};
pub use row::AlertRow;
pub(super) use row::{ALERT_COLUMNS, read_alert};
pub(super) use scope::{of_new as scope_of_new, refresh_by_number as refresh_scope};
pub(super) use standing::{Standing, standing};
pub use worklist::{AlertEvent, AlertFound, With, WorkList, WorkOrder, WorkPage, WorkPlace, WorkRow};
pub(super) use write::{Numbers, append_chain, note_event, notify, review_desk, take_over};
