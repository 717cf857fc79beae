//! What can go wrong, and with which status it is answered ([`words`] says it, [`super::respond`] sends it).

mod of_store;
mod refused;
mod words;

use axum::http::StatusCode;

pub(super) use refused::Refused;

use crate::credentials;
use crate::domain::account::Role;
use crate::domain::actor::ActorError;
use crate::domain::alert::Refusal;
use crate::domain::share::Spent;
use crate::domain::time::TimeError;
use crate::domain::unit::UnitCode;
use crate::media;
use crate::media::PhotoError;
use crate::regions::faults::Fault;
use crate::store::{self, AccountError, ActError, AddError};
use crate::turns::Crowded;
use crate::words::{Sentence, problems};

/// Why a request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// A date that is none.
    #[error("the parameter {name} is not a date")]
    BadDate {
        /// The parameter.
        name: &'static str,
        /// What it was, and what was expected.
        source: TimeError,
    },
    /// A span that ends before it begins.
    #[error("`to` lies before `from`")]
    EmptySpan,
    /// A unit code that the region does not have.
    #[error("there is no county {0:?} in this region")]
    UnknownCounty(String),
    /// An alert number that was never given.
    #[error("there is no alert {0:?}")]
    UnknownAlert(String),
    /// A feature that a collection does not hold.
    #[error("there is no feature {0:?} in this collection")]
    UnknownFeature(String),
    /// A path that is none.
    #[error("there is no page {0:?}")]
    UnknownPage(String),
    /// A method that the address does not answer.
    #[error("the address does not answer this method")]
    WrongMethod,
    /// A map of a region without any place to draw.
    #[error("the region has no outlines to draw")]
    NoMap,
    /// The database failed.
    #[error("the database cannot be read")]
    Store(#[from] store::Error),
    /// A file beside the database failed.
    #[error("a kept file cannot be used")]
    Media(#[from] media::Error),
    /// Nobody is signed in, or the token is missing or wrong.
    #[error("nobody is signed in")]
    SignIn,
    /// The region has no unit of the account any more.
    #[error("the region has no unit {0} any more")]
    UnitRemoved(UnitCode),
    /// The role does not do that.
    #[error("role {} is not permitted to do this", .0.name())]
    NotForRole(Role),
    /// A unit that is not of the account's ground.
    #[error("the unit {0} is not of this account's ground")]
    ForeignUnit(UnitCode),
    /// The token only reads.
    #[error("the token only reads")]
    OnlyReads,
    /// An account that acts in another's name.
    #[error("this account cannot act as {0:?}")]
    NotYourName(String),
    /// Something that only a person does who is in.
    #[error("a program with a token cannot do this")]
    NotByProgram,
    /// The second step of signing in has to be set up before.
    #[error("the second step of signing in is not set up")]
    SetUpFirst,
    /// A form or call that no page of ours sent.
    #[error("the request comes from another site")]
    CrossSite,
    /// A host that is not this site.
    #[error("the request names another host")]
    WrongHost,
    /// A request past the proxy.
    #[error("the request comes past the proxy")]
    NotThroughProxy,
    /// A personal link that can no longer be used.
    #[error("the link was used or is too old")]
    DeadLink,
    /// Something about accounts was not done.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Passwords and secrets cannot be worked with.
    #[error("passwords and secrets cannot be worked with")]
    Credentials(#[from] credentials::Failed),
    /// A parameter that is not what was expected.
    #[error("the parameter {name} is {value:?}")]
    BadParameter {
        /// The parameter.
        name: &'static str,
        /// What it was.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A parameter that the address does not know.
    #[error("the parameter {name:?} is unknown")]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// Those it knows.
        known: Vec<&'static str>,
    },
    /// A call that was refused, in its own words.
    #[error("{0}")]
    Refused(Refused),
    /// A body that cannot be read.
    #[error("the body cannot be read: {0}")]
    BadBody(String),
    /// A form that was not filled in right.
    #[error("{0}")]
    Form(Sentence),
    /// It does not say who acts.
    #[error(transparent)]
    Actor(#[from] ActorError),
    /// A command was refused.
    #[error(transparent)]
    Act(#[from] ActError),
    /// An alert was not taken.
    #[error(transparent)]
    Add(#[from] AddError),
    /// A photo was not taken.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// So much of the same account or address waits already.
    #[error("too many requests of the same account or address wait")]
    Crowded(#[from] Crowded),
    /// A share of the account is spent.
    #[error(transparent)]
    Spent(#[from] Spent),
    /// A task inside was aborted.
    #[error("the task was aborted")]
    Interrupted,
    /// A template failed.
    #[error("the page cannot be written")]
    Render(#[from] askama::Error),
    /// A document cannot be written.
    #[error("the document cannot be written")]
    Encode(#[from] serde_json::Error),
}

impl Problem {
    /// A call that was refused, in the words of whoever refused it.
    pub fn refused(status: StatusCode, why: impl Into<Sentence>) -> Self {
        Self::Refused(Refused { status, why: why.into(), faults: Vec::new() })
    }

    /// Rows of a table that are at fault.
    pub fn rows(faults: Vec<Fault>) -> Self {
        let why = problems::rows_at_fault(faults.len());
        Self::Refused(Refused { status: StatusCode::UNPROCESSABLE_ENTITY, why, faults })
    }

    /// A body beyond its limit.
    pub fn too_large(limit: u64) -> Self {
        Self::refused(StatusCode::PAYLOAD_TOO_LARGE, problems::body_too_large(limit))
    }

    /// Whether whoever sent a form can put it right: it is shown again with what was typed and why it was refused.
    pub fn is_of_the_form(&self) -> bool {
        self.status().is_client_error() && !matches!(self.status(), StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// The failure of the database that is behind it, if one is.
    fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error)
            | Self::Act(ActError::Store(error))
            | Self::Add(AddError::Store(error))
            | Self::Account(AccountError::Store(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the disk takes nothing more: room helps, another try does not.
    fn is_disk_refusal(&self) -> bool {
        match self {
            Self::Media(error) | Self::Photo(PhotoError::Media(error)) => error.is_disk_refusal(),
            other => other.of_store().is_some_and(store::Error::is_disk_refusal),
        }
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        if self.of_store().is_some_and(store::Error::is_unavailable) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        if matches!(self.of_store(), Some(store::Error::Crowded(_))) {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        match self {
            _ if self.is_disk_refusal() => StatusCode::INSUFFICIENT_STORAGE,
            Self::Crowded(_) | Self::Spent(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::BadDate { .. }
            | Self::EmptySpan
            | Self::UnknownCounty(_)
            | Self::BadParameter { .. }
            | Self::UnknownParameter { .. }
            | Self::BadBody(_) => StatusCode::BAD_REQUEST,
            Self::Refused(refused) => refused.status,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::DeadLink | Self::Account(AccountError::Unknown(_)) => StatusCode::NOT_FOUND,
            Self::Act(problem) => act_status(problem),
            Self::Add(AddError::Store(_))
            | Self::Photo(PhotoError::Media(_))
            | Self::Media(_)
            | Self::Account(AccountError::Store(_))
            | Self::Credentials(_)
            | Self::Interrupted
            | Self::Store(_)
            | Self::Render(_)
            | Self::Encode(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Account(AccountError::Taken(_) | AccountError::LastAdmin) | Self::Add(AddError::ForeignId(_)) => {
                StatusCode::CONFLICT
            }
            Self::Account(AccountError::Disabled(_))
            | Self::UnitRemoved(_)
            | Self::NotForRole(_)
            | Self::ForeignUnit(_)
            | Self::OnlyReads
            | Self::NotYourName(_)
            | Self::NotByProgram
            | Self::SetUpFirst
            | Self::CrossSite
            | Self::NotThroughProxy
            | Self::Add(AddError::Rights(_)) => StatusCode::FORBIDDEN,
            Self::Photo(PhotoError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Account(AccountError::Name(_)) | Self::Form(_) | Self::Actor(_) | Self::Add(_) | Self::Photo(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::UnknownAlert(_) | Self::UnknownFeature(_) | Self::UnknownPage(_) | Self::NoMap => {
                StatusCode::NOT_FOUND
            }
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// After how many seconds another try has a chance, where it is known.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Crowded(_) => Some(CROWDED_SECS),
            Self::Spent(Spent { wait, .. }) => Some(wait.as_secs().max(1)),
            _ if self.status() == StatusCode::TOO_MANY_REQUESTS => Some(CROWDED_SECS),
            _ => None,
        }
    }
}

/// Seconds after which a line that is too long has moved on.
const CROWDED_SECS: u64 = 5;

fn act_status(problem: &ActError) -> StatusCode {
    match problem {
        ActError::Unknown(_) => StatusCode::NOT_FOUND,
        ActError::Gone { .. } => StatusCode::GONE,
        ActError::Refused(Refusal::Rights { .. } | Refusal::OwnFinding { .. }) => StatusCode::FORBIDDEN,
        ActError::Refused(Refusal::State { .. }) | ActError::ForeignId(_) => StatusCode::CONFLICT,
        ActError::Refused(Refusal::Content { .. }) | ActError::Target { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ActError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
