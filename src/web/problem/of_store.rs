//! Which status a refusal of the store has: 403 for rights, 409 for what stands against it, 422 for what it
//! says, 404 for what is not there; a failure of the database stays one.

use axum::http::StatusCode;

use super::Problem;
use crate::domain::burning::BurningRefusal;
use crate::domain::heat_approval::HeatRefusal;
use crate::report::export::SheetError;
use crate::store::{HandoverError, HeatError, PlanError, RejudgeError, WeatherError};
use crate::words::Say;
use crate::words::problems::joined;

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
            refusal => Problem::refused(status, refusal.say()),
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
            refusal => Problem::refused(status, refusal.say()),
        }
    }
}

impl From<HeatError> for Problem {
    fn from(problem: HeatError) -> Self {
        let refusal = match problem {
            HeatError::Store(error) => return Self::Store(error),
            HeatError::ClientIdTaken(_) => return Problem::refused(StatusCode::CONFLICT, problem.say()),
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
        Problem::refused(status, refusal.say())
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
            refusal => Problem::refused(status, refusal.say()),
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
            refusal => Problem::refused(status, refusal.say()),
        }
    }
}

impl From<SheetError> for Problem {
    fn from(problem: SheetError) -> Self {
        match problem {
            SheetError::TooManyRows(_) => Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, joined(&problem)),
            SheetError::Write { .. } => {
                tracing::error!("{problem}: {:?}", std::error::Error::source(&problem).map(ToString::to_string));
                Self::Interrupted
            }
        }
    }
}
