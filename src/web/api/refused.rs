//! Which status a refusal of the store has: 403 for rights, 409 for what stands against it, 422 for what it
//! says, 404 for what is not there; a failure of the database stays one.

use axum::http::StatusCode;

use crate::domain::burning::BurningRefusal;
use crate::domain::heat_approval::HeatRefusal;
use crate::regions::faults::Fault;
use crate::report::export::SheetError;
use crate::report::lang::Lang;
use crate::store::{HandoverError, HeatError, PlanError, RejudgeError, WeatherError};
use crate::web::error::Problem;

/// A call that was refused, in the words of whoever refused it; nothing was changed.
#[derive(Debug)]
pub(in crate::web) struct Refused {
    /// The status.
    pub status: StatusCode,
    /// Why.
    pub text: String,
    /// The rows of an uploaded table that are at fault.
    pub faults: Vec<Fault>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Refused {
    /// Why, in one language where the text has both, Chinese first.
    pub(in crate::web) fn said(&self, lang: Lang) -> &str {
        lang.of_both(&self.text)
    }

    /// A refusal without rows.
    pub(in crate::web) fn plain(status: StatusCode, text: impl std::fmt::Display) -> Problem {
        Problem::Refused(Self { status, text: text.to_string(), faults: Vec::new() })
    }

    /// Rows at fault.
    pub(in crate::web) fn rows(faults: Vec<Fault>) -> Problem {
        let text =
            format!("文件有{0}处错误，未导入任何一行 · the file has {0} fault(s), no row was imported", faults.len());
        Problem::Refused(Self { status: StatusCode::UNPROCESSABLE_ENTITY, text, faults })
    }

    /// A body beyond its limit.
    pub(in crate::web) fn too_large(limit: u64) -> Problem {
        let text = format!("请求内容超过{limit}字节 · the body is larger than {limit} bytes: divide it or send less");
        Self::plain(StatusCode::PAYLOAD_TOO_LARGE, text)
    }
}

fn burning_status(refusal: &BurningRefusal) -> StatusCode {
    match refusal {
        BurningRefusal::Status { .. } => StatusCode::CONFLICT,
        BurningRefusal::NotAbove { .. } | BurningRefusal::Level { .. } | BurningRefusal::OwnPlan { .. } => {
            StatusCode::FORBIDDEN
        }
        BurningRefusal::NoUnit(_) | BurningRefusal::Value { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<PlanError> for Problem {
    fn from(problem: PlanError) -> Self {
        let status = match &problem {
            PlanError::Unknown(_) => StatusCode::NOT_FOUND,
            PlanError::NotInTheField => StatusCode::FORBIDDEN,
            PlanError::Exists(_) | PlanError::ClientIdTaken(_) => StatusCode::CONFLICT,
            PlanError::Refused(refusal) => burning_status(refusal),
            PlanError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match problem {
            PlanError::Store(error) => Self::Store(error),
            refusal => Refused::plain(status, refusal),
        }
    }
}

impl From<WeatherError> for Problem {
    fn from(problem: WeatherError) -> Self {
        let status = match &problem {
            WeatherError::Level(_) => StatusCode::UNPROCESSABLE_ENTITY,
            WeatherError::Refused(refusal) => burning_status(refusal),
            WeatherError::ClientIdTaken(_) => StatusCode::CONFLICT,
            WeatherError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match problem {
            WeatherError::Store(error) => Self::Store(error),
            refusal => Refused::plain(status, refusal),
        }
    }
}

impl From<HeatError> for Problem {
    fn from(problem: HeatError) -> Self {
        let refusal = match problem {
            HeatError::Store(error) => return Self::Store(error),
            HeatError::ClientIdTaken(_) => return Refused::plain(StatusCode::CONFLICT, problem),
            HeatError::Refused(refusal) => refusal,
        };
        let status = match &refusal {
            HeatRefusal::NoPerson | HeatRefusal::NoRight { .. } => StatusCode::FORBIDDEN,
            HeatRefusal::Unknown(_) => StatusCode::NOT_FOUND,
            HeatRefusal::NameTaken { .. } | HeatRefusal::Over { .. } => StatusCode::CONFLICT,
            HeatRefusal::NoUnit(_)
            | HeatRefusal::Empty { .. }
            | HeatRefusal::Radius(_)
            | HeatRefusal::Expiry { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Refused::plain(status, refusal)
    }
}

impl From<HandoverError> for Problem {
    fn from(problem: HandoverError) -> Self {
        let status = match &problem {
            HandoverError::Bad(_) => StatusCode::UNPROCESSABLE_ENTITY,
            HandoverError::Foreign(_) => StatusCode::FORBIDDEN,
            HandoverError::ClientIdTaken(_) => StatusCode::CONFLICT,
            HandoverError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match problem {
            HandoverError::Store(error) => Self::Store(error),
            refusal => Refused::plain(status, refusal),
        }
    }
}

impl From<RejudgeError> for Problem {
    fn from(problem: RejudgeError) -> Self {
        let status = match &problem {
            RejudgeError::UnknownAlert(_) => StatusCode::NOT_FOUND,
            RejudgeError::RegionChanged { .. }
            | RejudgeError::DifferenceChanged { .. }
            | RejudgeError::ClientIdTaken(_) => StatusCode::CONFLICT,
            RejudgeError::NoReason => StatusCode::UNPROCESSABLE_ENTITY,
            RejudgeError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match problem {
            RejudgeError::Store(error) => Self::Store(error),
            refusal => Refused::plain(status, refusal),
        }
    }
}

impl From<SheetError> for Problem {
    fn from(problem: SheetError) -> Self {
        match problem {
            SheetError::TooManyRows(_) => Refused::plain(StatusCode::UNPROCESSABLE_ENTITY, problem),
            SheetError::Write { .. } => {
                tracing::error!("{problem}: {:?}", std::error::Error::source(&problem).map(ToString::to_string));
                Self::Interrupted
            }
        }
    }
}
