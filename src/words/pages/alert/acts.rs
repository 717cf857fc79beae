//! The forms that act on an alert, and what is said when it is done.

use crate::domain::alert::ActKind;
use crate::words::pages::shared;
use crate::words::{Words, words};

pub(crate) const WHAT_TO_DO: Words = words("办理", "What to do");
pub(crate) const REVIEW_FINDING: Words = words("审核核查结果", "Review the finding");
pub(crate) const REVIEW_REASON: Words = words("意见（排除、退回时必填）", "Reason (needed to exclude or send back)");
pub(crate) const SUBMIT_REVIEW: Words = words("提交审核", "Submit the review");
pub(crate) const DECIDE_DISPUTE: Words = words("裁定归属异议", "Decide the dispute");
pub(crate) const PROPOSED: Words = words("提出归属：", "proposed: ");
pub(crate) const DISPUTE_RIGHT: Words = words("成立，转给提出的单位", "right: the alert goes to the proposed unit");
pub(crate) const DISPUTE_NOT_RIGHT: Words = words("不成立，仍由原单位承办", "not right: the alert stays");
pub(crate) const REASON: Words = words("理由", "Reason");
pub(crate) const DECIDE: Words = words("裁定", "Decide");
pub(crate) const DISPATCH_HEAD: Words = words("派单", "Dispatch to a person");
pub(crate) const DISPATCH_TO: Words = words("派给", "To");
pub(crate) const NAME_AT_UNIT: Words = words("或填写：姓名，姓名@单位代码", "or write NAME or NAME@UNIT");
pub(crate) const DISPATCH: Words = words("派单", "Dispatch");
pub(crate) const FOR_SOMEBODY: Words = words("代签收、代办", "Enter it for somebody");
pub(crate) const FOR_SOMEBODY_WHAT: Words = words("代为办理", "What");
pub(crate) const FOR_WHOM: Words = words("被代办人（两人姓名都会记录）", "For whom (both names are kept)");
pub(crate) const REAL_TIME: Words = words("实际时间（可不填）", "When it really happened (may be left out)");
pub(crate) const ENTER: Words = words("代办提交", "Enter");
pub(crate) const RECTIFY_HEAD: Words = words("下达整改", "Order rectification");
pub(crate) const RECTIFY_BY: Words = words("整改期限", "Until");
pub(crate) const PENALTY_NUMBER: Words = words("处罚文书号", "Number of the penalty document");
pub(crate) const RECTIFY_ASKED: Words = words("要求", "What is asked for");
pub(crate) const RECTIFY: Words = words("下达整改", "Order it");
pub(crate) const RESULT_HEAD: Words = words("填报整改结果", "Result of the rectification");
pub(crate) const RESULT: Words = words("整改结果", "What was done");
pub(crate) const HANDED_OVER_TO: Words = words("移交单位", "Handed over to");
pub(crate) const SUBMIT_RESULT: Words = words("提交结果", "Submit");
pub(crate) const CLOSE_HEAD: Words = words("销号", "Close the alert");
pub(crate) const CLOSE_NOTE: Words = words("销号说明", "Note");
pub(crate) const CLOSE: Words = words("确认销号", "Close it");
pub(crate) const LOOK_BACK_HEAD: Words = words("回头看", "Look back");
pub(crate) const WHAT_IS_THERE: Words = words("现场情况", "What is there now");
pub(crate) const IS_CLEAN: Words = words("无复燃，无新过火痕迹", "nothing burns or burnt again");
pub(crate) const BURNS_AGAIN: Words =
    words("又有火情或过火痕迹（重新整改）", "it burns or burnt again: rectified anew");
pub(crate) const LOOK_BACK_NOTE: Words = words("说明", "Note");
pub(crate) const SUBMIT_LOOK_BACK: Words = words("提交回头看", "Submit");
pub(crate) const NOT_OUR_GROUND: Words = words("不在我辖区（归属异议）", "Not our ground (dispute)");
pub(crate) const FIRST_ATTENDS: Words = words(
    "首接负责：裁定前仍请到场处置。由双方的共同上级裁定。",
    "Whoever got it first attends until it is decided; the common superior decides.",
);
pub(crate) const WHOSE_GROUND: Words = words("应归属", "Whose ground it is");
pub(crate) const OR_UNIT_CODE: Words = words("或填写单位代码", "or the code of a unit");
pub(crate) const DISPUTE: Words = words("提出异议", "Dispute");
pub(crate) const REASSIGN_HEAD: Words = words("改派", "Give it to another unit");
pub(crate) const REASSIGN_TO: Words = words("改派给", "To");
pub(crate) const REASSIGN: Words = words("改派", "Reassign");
pub(crate) const KEEP_APART: Words = words("疑似复燃：保留为独生成告警件", "Possible rekindling: keep it apart");
pub(crate) const KEEP: Words = words("保留", "Keep it");
pub(crate) const CALL_HEAD: Words = words("记录电话", "Note a call");
pub(crate) const CALLED_WHOM: Words = words("打给谁", "Who was called");
pub(crate) const CALL_ANSWERED: Words = words("是否接通", "Answered?");
pub(crate) const NOT_ANSWERED: Words = words("未接通", "no");
pub(crate) const CALL_SAID: Words = words("内容", "What was said");
pub(crate) const NOTE_CALL: Words = words("记录", "Note it");
pub(crate) const THE_ALERT: Words = words("办理情况", "The alert");
pub(crate) const CLOCKS: Words = words("时限", "Clocks");
pub(crate) const CLOCK_FOR: Words = words("事项", "For");
pub(crate) const CLOCK_DUE: Words = words("到期", "Due");
pub(crate) const CLOCK_ENDED: Words = words("结束", "Ended");
pub(crate) const CLOCK_WHOSE: Words = words("单位", "Whose");
pub(crate) const CONFIRM: Words = words("认定：情况属实", "confirm: it is so");
pub(crate) const EXCLUDE: Words = words("排除：不是秸秆火或没有火", "exclude: no straw fire, or none at all");
pub(crate) const SEND_BACK: Words = words("退回补充", "send back for more");
pub(crate) const NOT_ON_THIS_PAGE: Words = words("此事项不在本页办理", "this is not done on this page");
pub(crate) const RECTIFY_BY_FIELD: Words = words("整改期限", "until when");
pub(crate) const RESULT_FIELD: Words = words("整改结果", "the result");
pub(crate) const IS_CLEAN_FIELD: Words = words("现场是否无复燃", "whether nothing burns there");
pub(crate) const ACCEPTED_FIELD: Words = words("异议是否成立", "whether the dispute is right");
pub(crate) const CALLED_WHOM_FIELD: Words = words("打给谁", "who was called");
pub(crate) const CALL_ANSWERED_FIELD: Words = words("是否接通", "whether somebody answered");
pub(crate) const DISPATCH_TO_FIELD: Words = words("派给谁", "to whom");
pub(crate) const DECISION_FIELD: Words = words("审核意见", "the decision");
pub(crate) const REASON_FIELD: Words = words("原因", "the reason");
pub(crate) const UNIT_FIELD: Words = words("单位", "the unit");

/// What the page says after an act was taken, and what comes next.
pub(crate) fn done(kind: ActKind) -> Words {
    match kind {
        ActKind::Dispatch => words("已派单。", "Dispatched."),
        ActKind::Acknowledge => words("已签收，请尽快到场核查。", "Acknowledged. Please go and look."),
        ActKind::Arrive => {
            words("已记录到场。扑灭后请点“扑灭”，再填报核查。", "Arrival noted. Say so when it is out, then report.")
        }
        ActKind::PutOut => words("已记录扑灭，请填报核查。", "Noted as put out. Please report the finding."),
        ActKind::Report => words("核查结果已上报，等待审核。", "The finding is in and waits for review."),
        ActKind::Review => words("审核意见已记录。", "The review is recorded."),
        ActKind::Rectify => words("整改已下达。", "Rectification is ordered."),
        ActKind::Rectified => words("整改结果已记录。", "The result is recorded."),
        ActKind::Close => words("已销号。", "Closed."),
        ActKind::LookBack => words("回头看已记录。", "The look-back is recorded."),
        ActKind::Dispute => words(
            "归属异议已提出，等待裁定。裁定前仍请到场处置。",
            "Disputed; until it is decided please attend all the same.",
        ),
        ActKind::Decide => words("裁定已记录。", "The decision is recorded."),
        ActKind::Reassign => words("已改派。", "Reassigned."),
        ActKind::Call => words("电话已记录。", "The call is noted."),
        ActKind::Keep => words("已保留为独生成告警件。", "Kept as an alert of its own."),
        _ => shared::ACT_DONE,
    }
}
