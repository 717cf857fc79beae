//! Keeps everything: one SQLite file, one writer, a few readers.
//!
//! The only place with SQL. A [`Store`] is opened and kept; what is in it is read and acted on through [`Scoped`], in the
//! domain's words, each call one transaction, and through [`Accounts`] and [`Health`]. Writes queue for
//! one thread that owns the write connection; reads run on a small pool; neither ever
//! blocks the runtime. No truth lives in memory: other processes work beside the service
//! on the same file.
//!
//! It does not fetch, parse or send.

mod accounts;
mod alert;
pub mod audit;
mod backup;
mod bodies;
mod by;
mod calls;
mod changes;
mod check;
mod clock;
mod codec;
mod digest;
mod disk;
mod error;
mod events;
pub mod features;
mod handover;
mod heads;
mod health;
mod heat_sources;
mod holder;
mod instruction;
mod interrupt;
mod judged;
mod log;
mod observed;
mod official;
mod open;
mod photos;
mod plans;
mod policy;
mod portions;
mod proof;
pub mod query;
mod range;
mod record;
mod region;
mod retention;
mod schema;
mod scoped;
mod seal;
mod seen;
mod shares;
mod soundness;
mod source;
mod weather;

#[cfg(test)]
mod plan_tests;

pub use accounts::{
    Access, Account, AccountChange, AccountError, Accounts, Asked, Attempt, FailedSignIn, HandedOut, LinkMade,
    MaySignIn, NewAccount, NewSecondStep, NewSession, NewStep, NewToken, Proof, SecondStep, SessionRow, SignIn,
    SignInMethod, Standing, TokenHolder, TokenRow, Visit, Who, class_of_address,
};
pub use alert::{
    ActError, AddError, Added, AlertCount, AlertEvent, AlertFilter, AlertFound, AlertTotal, BadTarget, Command,
    Complainant, Cursor, DeadlineRow, Delivery, Done, ENDED_COUNTED, Ended, Fired, FiredClock, GapRow, Instead,
    MY_PAGE, MyAlert, MyClock, MyCursor, MyList, NewAlert, OpenAlerts, Page, Relation, StateCounts, With, WorkList,
    WorkOrder, WorkPage, WorkPlace, WorkRow,
};
pub use backup::{Backup, MissingFile};
pub use by::By;
pub use calls::{ANSWERS_KEPT, Answered, Call, Known};
pub use changes::{Change, Changes};
pub use check::Look;
pub use clock::{ClockFound, KnownClock};
pub use digest::{RowDamage, RowFault};
pub use error::Error;
pub use handover::{HandOver, HandoverError, HandoverRow};
pub use health::Health;
pub use heat_sources::{HeatAnswer, HeatError};
pub use log::{LogFilter, LogRow};
pub use official::{OfficialBatch, OfficialRecorded, OfficialRow};
pub use open::{Acceptance, Lane, Outside, Reader, RunLock, Store};
pub use plans::{
    ImportError, ImportProblem, ImportRow, Imported, Importing, PlanAnswer, PlanCommand, PlanDetail, PlanError,
    PlanEvent, PlanFilter, RowOutcome, TakenUp, TakenUpPlan,
};
pub use query::{DayList, DayPage, DetailedRows, PeriodRows};
pub use range::RecordedRange;
pub use record::{
    Batch, CursorUpdate, DoubtfulRow, OriginRule, Recorded, RejudgeError, RejudgeOrder, RejudgeScope,
    RejudgedDetection, Rejudgement, Unjudgeable,
};
pub use region::{Activation, RegionAct, RegionFiles, RegionRow, RegionTurn, Regions};
pub use retention::Old;
pub use scoped::Scoped;
pub use seal::Distrust;
pub use seen::Seen;
pub use soundness::Soundness;
pub use source::SourceState;
pub use weather::{WeatherEntry, WeatherError};

/// Version of the SQLite library, for the status page.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
