//! How any error of the house is told: the command line has them in chains, of types that it does not look at.

use std::error::Error;

use super::{Say, Sentence};

/// The words for an error of a type that has some; `None` for those that speak for themselves.
#[must_use]
pub fn of_error(error: &(dyn Error + 'static)) -> Option<Sentence> {
    macro_rules! said {
        ($($type:ty),+ $(,)?) => { None$(.or_else(|| error.downcast_ref::<$type>().map(Say::say)))+ };
    }
    use crate::domain::{account, actor, alert, burning, handover, heat_approval, share};
    use crate::{credentials, media, store};
    said!(
        account::BadName,
        account::BadUnit,
        actor::ActorError,
        burning::BurningRefusal,
        alert::Refusal,
        credentials::BadPassword,
        handover::BadHandover,
        heat_approval::HeatRefusal,
        media::PhotoError,
        media::UploadError,
        share::Spent,
        store::AccountError,
        store::ActError,
        store::AddError,
        store::audit::AuditFault,
        store::Error,
        store::HandoverError,
        store::HeatError,
        store::PlanError,
        store::RejudgeError,
        store::RowDamage,
        store::WeatherError,
    )
}

/// An error with its causes on one line, each in its words.
#[must_use]
pub fn chain<'a>(causes: impl Iterator<Item = &'a (dyn Error + 'static)>) -> String {
    let said = causes.map(|cause| of_error(cause).map_or_else(|| cause.to_string(), |said| said.to_string()));
    said.collect::<Vec<_>>().join(": ")
}
