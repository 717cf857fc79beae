//! Keeps everything: one SQLite file, one writer, a few readers.
//!
//! The only place with SQL. [`Store`] is asked in the domain's words, each call one
//! transaction; it uses [`crate::domain`] and nothing else of the crate. Writes queue for
//! one thread that owns the write connection; reads run on a small pool; neither ever
//! blocks the runtime. No truth lives in memory: other processes work beside the service
//! on the same file.
//!
//! It does not fetch, parse or send.

mod accounts;
pub mod audit;
mod backup;
mod bodies;
mod calls;
mod case;
mod changes;
mod clock;
mod codec;
mod day_lists;
mod digest;
mod disk;
mod error;
mod events;
pub mod features;
mod handover;
mod heads;
mod heat_sources;
mod holder;
mod interrupt;
mod judged;
mod log;
mod observed;
mod official;
mod open;
mod period;
mod photos;
mod plans;
mod policy;
mod portions;
pub mod query;
mod record;
mod region;
mod retention;
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
    Account, AccountError, Asked, Attempt, FailedSignIn, HandedOut, HowIn, LinkMade, NewAccount, NewSession, NewStep,
    NewToken, Proof, SecondStep, SessionRow, Standing, TokenHolder, TokenRow, Visit, class_of_address,
};
pub use backup::{Backup, MissingFile};
pub use calls::{ANSWERS_KEPT, Answered, Call, Known};
pub use case::{
    ActError, AddError, Added, BadTarget, CaseCount, CaseEvent, CaseFilter, CaseTotal, Command, Complainant, Cursor,
    DeadlineRow, Done, ENDED_COUNTED, Fired, FiredClock, GapRow, Instead, MY_PAGE, MyCase, MyClock, MyCursor, MyList,
    NewCase, OpenCases, Page, Relation, StateCounts, WorkOrder, WorkPage, WorkPlace, WorkRow,
};
pub use changes::{Change, Changes};
pub use clock::KnownClock;
pub use day_lists::{DayList, DayPage};
pub use digest::{RowDamage, RowFault};
pub use error::Error;
pub use handover::{HandOver, HandoverError, HandoverRow};
pub use heat_sources::{HeatAnswer, HeatError};
pub use log::{LogFilter, LogRow};
pub use official::{OfficialBatch, OfficialRecorded, OfficialRow};
pub use open::{Acceptance, Lane, Outside, Reader, RunLock, Store};
pub use period::{DetailedRows, PeriodRows};
pub use plans::{
    By, ImportError, ImportProblem, ImportRow, Imported, PlanAnswer, PlanCommand, PlanDetail, PlanError, PlanEvent,
    PlanFilter, RowOutcome, TakenUp, TakenUpPlan,
};
pub use record::{
    Batch, CursorUpdate, DoubtfulRow, OriginRule, Recorded, RejudgeError, RejudgeOrder, RejudgeScope,
    RejudgedDetection, Rejudgement, Unjudgeable,
};
pub use region::{Activation, RegionAct, RegionRow, RegionTurn, StoredRegion};
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
