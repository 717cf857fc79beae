//! What an act carries has to be enough, and right for the alert.

use super::{Act, AlertView, BadContent, Refusal};
use crate::domain::alert::AlertState;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::Ground;

/// Whether what an act carries is enough.
///
/// # Errors
/// [`Refusal::Content`] with what is expected.
pub(super) fn check(ground: &Ground, alert: &AlertView, act: &Act) -> Result<(), Refusal> {
    let refuse = |problem| Err(Refusal::Content { number: alert.number.clone(), problem });
    match act {
        Act::Report { finding } if finding.kind.needs_photo() && finding.photos.is_empty() => {
            refuse(BadContent::NoPhoto)
        }
        Act::Report { finding } if finding.burnt_mu.is_some_and(|mu| !mu.is_finite() || mu < 0.0) => {
            refuse(BadContent::BurntArea)
        }
        Act::Review { review: Review::Excluded }
            if matches!(alert.finding, Some(FindingKind::Straw | FindingKind::Stubble)) =>
        {
            refuse(BadContent::StrawExcluded)
        }
        Act::Close if alert.is_disputed => refuse(BadContent::Undecided),
        Act::Close if alert.state == AlertState::Rectifying && !alert.is_rectified() => {
            refuse(BadContent::NotRectified)
        }
        Act::Dispute { .. } if alert.is_disputed => refuse(BadContent::DisputedAlready),
        Act::Dispute { proposed } | Act::Reassign { to: proposed } => match ground.unit(proposed) {
            None => refuse(BadContent::NoUnit),
            Some(unit) if unit.code == alert.owner => refuse(BadContent::SameUnit),
            Some(_) => Ok(()),
        },
        Act::Dispatch { unit, .. } if !ground.line_of(unit).iter().any(|above| above.code == alert.responsible) => {
            refuse(BadContent::DispatchedAway)
        }
        Act::Decide { .. } if !alert.is_disputed => refuse(BadContent::NoDispute),
        Act::Merge { into } if *into == alert.number => refuse(BadContent::MergedIntoItself),
        Act::Split { detections } if detections.is_empty() => refuse(BadContent::NoDetections),
        Act::Keep if alert.rekindles.is_none() => refuse(BadContent::NoRekindling),
        _ => Ok(()),
    }
}
