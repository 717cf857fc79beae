//! The duty desk: whom to call, and what was said.

use crate::words::{Words, words};

pub(crate) const ON_DUTY_BELOW: Words = words("当前值班 ↓", "On duty now ↓");
pub(crate) const HAND_OVER: Words = words("交接班", "Hand over the shift");
pub(crate) const UNANSWERED: Words = words("未签收告警", "Not answered");
pub(crate) const ALL_ANSWERED: Words = words(
    "没有未签收的告警。没有告警不等于没有火情，数据覆盖见“数据源”。",
    "Every alert is answered. No alert does not mean no fire; see Feeds for the coverage.",
);
pub(crate) const SEEN: Words = words("发现", "seen");
pub(crate) const CALL_NEXT: Words = words("下一个电话：", "Call next: ");
pub(crate) const NO_TELEPHONE: Words = words("（未登记电话）", "(no telephone in the list)");
pub(crate) const CALL_DESK_ABOVE: Words =
    words("责任链上的人都未接通，请联系上级值班。", "Nobody of the chain answered: call the desk above.");
pub(crate) const CHAIN_AND_CALLS: Words =
    words("责任链电话、记录通话、代签收", "Numbers of the chain, note a call, acknowledge for somebody");
pub(crate) const CHAIN_NUMBERS: Words = words("责任链电话", "Numbers of the chain");
pub(crate) const FROM_CELL_UP: Words = words("自网格向上", "From the cell upward");
pub(crate) const CALLED: Words = words("通话", "Called");
pub(crate) const NO_ANSWER: Words = words("未接通", "no answer");
pub(crate) const NO_HOLDER: Words = words("没有责任人", "nobody holds it");
pub(crate) const ESCALATES_TO: Words = words("再无人应答，升级至：", "If nobody answers, it goes up to: ");
pub(crate) const CALL_LOG: Words = words("通话记录", "Call log");
pub(crate) const CALL_HEAD: Words = words("记录通话", "Note a call");
pub(crate) const CALLED_WHOM: Words = words("通话对象", "Whom");
pub(crate) const CALLED_AT: Words = words("通话时间", "Called at");
pub(crate) const CALL_RESULT: Words = words("结果", "Answered");
pub(crate) const RECORD_CALL: Words = words("记录", "Record");
pub(crate) const ACKNOWLEDGE_HEAD: Words = words("代签收", "Acknowledge for somebody");
pub(crate) const ACKNOWLEDGE_NOTE: Words = words(
    "对方电话确认后代为签收，双方姓名均留痕。",
    "After the person has confirmed by telephone; both names are kept.",
);
pub(crate) const FOR_WHOM: Words = words("被代签收人", "For whom");
pub(crate) const ACKNOWLEDGE: Words = words("代签收", "Acknowledge");
pub(crate) const OTHER_ACTS: Words = words("其他办理（派单、到场、反馈…）", "Other acts (dispatch, arrive, report …)");
pub(crate) const REST_IN_LIST: Words = words("其余见问题清单", "The rest is in the problem list");
pub(crate) const ON_DUTY: Words = words("当前值班", "On duty now");
pub(crate) const UNTIL: Words = words("至", "Until");
pub(crate) const REMARK: Words = words("说明", "Remark");
pub(crate) const WHOM_FIELD: Words = words("通话对象", "whom you called");
pub(crate) const FOR_WHOM_FIELD: Words = words("被代签收人", "for whom you acknowledge");
pub(crate) const CALLED_AT_FIELD: Words = words("通话时间", "the time of the call");
pub(crate) const NOBODY_TO_TELL: Words = words("无人可通知", "nobody can be told");
pub(crate) const SAY_IF_ANSWERED: Words =
    words("请选择“已接通”或“未接通”，未作任何改动", "say whether somebody answered; nothing was changed");
pub(crate) const CALL_IN_FUTURE: Words =
    words("通话时间晚于当前时间，未作任何改动", "the call lies in the future; nothing was changed");
