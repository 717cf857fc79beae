//! What an act carries has to be enough, and right for the case.

use super::{Act, CaseView, Refusal};
use crate::domain::alert::AlertState;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::Ground;

/// Whether what an act carries is enough.
///
/// # Errors
/// [`Refusal::Content`] with what is expected.
pub(super) fn check(ground: &Ground, case: &CaseView, act: &Act) -> Result<(), Refusal> {
    let refuse = |problem: &str, problem_zh: &str| {
        Err(Refusal::Content {
            number: case.number.clone(),
            problem: problem.to_owned(),
            problem_zh: problem_zh.to_owned(),
        })
    };
    match act {
        Act::Report { finding } if finding.kind.needs_photo() && finding.photos.is_empty() => refuse(
            "a fire, a scar or \"nothing found\" needs at least one photo",
            "火情、过火痕迹或“未发现”须附至少一张照片",
        ),
        Act::Report { finding } if finding.burnt_mu.is_some_and(|mu| !mu.is_finite() || mu < 0.0) => {
            refuse("the burnt area is a number of mu, 0 or more", "过火面积应为不小于 0 的亩数")
        }
        Act::Review { review: Review::Excluded }
            if matches!(case.finding, Some(FindingKind::Straw | FindingKind::Stubble)) =>
        {
            refuse(
                "the finding says straw or stubble, which is not excluded; send it back for another finding",
                "反馈为秸秆或根茬，不得排除；如有异议请退回补充",
            )
        }
        Act::Close if case.is_disputed => {
            refuse("a dispute over the case waits for its decision; decide it first", "归属异议尚未裁定，请先裁定")
        }
        Act::Close if case.state == AlertState::Rectifying && !case.is_rectified() => {
            refuse("rectification was ordered and has no result yet", "已下达整改，尚无整改结果")
        }
        Act::Dispute { .. } if case.is_disputed => refuse("a dispute is open already", "已有未裁定的归属异议"),
        Act::Dispute { proposed } | Act::Reassign { to: proposed } => match ground.unit(proposed) {
            None => refuse("there is no such unit in this region", "本区域没有该单位"),
            Some(unit) if unit.code == case.owner => refuse("the case is with that unit already", "案件已在该单位"),
            Some(_) => Ok(()),
        },
        Act::Dispatch { unit, .. } if !ground.line_of(unit).iter().any(|above| above.code == case.responsible) => {
            refuse(
                "a case is dispatched to somebody at or below the responsible unit; use reassign for another unit",
                "只能派给责任单位及其下级人员；派给其他单位请用改派",
            )
        }
        Act::Decide { .. } if !case.is_disputed => refuse("no dispute is open", "没有待裁定的归属异议"),
        Act::Merge { into } if *into == case.number => {
            refuse("a case cannot be merged into itself", "案件不能并入自身")
        }
        Act::Split { detections } if detections.is_empty() => {
            refuse("name the detections that are a fire of their own", "请指明拆出的热异常像元")
        }
        Act::Keep if case.rekindles.is_none() => {
            refuse("nothing says that this case is a possible rekindling", "本案没有疑似复燃关联")
        }
        _ => Ok(()),
    }
}
