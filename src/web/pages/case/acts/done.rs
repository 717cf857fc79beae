//! The short confirmation after an act, and what comes next.

use crate::domain::case::ActKind;
use crate::words::Lang;

/// What the page says after an act was taken.
pub(in crate::web::pages) fn words(kind: ActKind, lang: Lang) -> &'static str {
    let (zh, en) = match kind {
        ActKind::Dispatch => ("已派单。", "Dispatched."),
        ActKind::Acknowledge => ("已签收，请尽快到场核查。", "Acknowledged. Please go and look."),
        ActKind::Arrive => {
            ("已记录到场。扑灭后请点“扑灭”，再填报核查。", "Arrival noted. Say so when it is out, then report.")
        }
        ActKind::PutOut => ("已记录扑灭，请填报核查。", "Noted as put out. Please report the finding."),
        ActKind::Report => ("核查结果已上报，等待审核。", "The finding is in and waits for review."),
        ActKind::Review => ("审核意见已记录。", "The review is recorded."),
        ActKind::Rectify => ("整改已下达。", "Rectification is ordered."),
        ActKind::Rectified => ("整改结果已记录。", "The result is recorded."),
        ActKind::Close => ("已销号。", "Closed."),
        ActKind::LookBack => ("回头看已记录。", "The look-back is recorded."),
        ActKind::Dispute => (
            "归属异议已提出，等待裁定。裁定前仍请到场处置。",
            "Disputed; until it is decided please attend all the same.",
        ),
        ActKind::Decide => ("裁定已记录。", "The decision is recorded."),
        ActKind::Reassign => ("已改派。", "Reassigned."),
        ActKind::Call => ("电话已记录。", "The call is noted."),
        ActKind::Keep => ("已保留为独立案件。", "Kept as a case of its own."),
        _ => ("已办理。", "Done."),
    };
    lang.pick(zh, en)
}
