//! The handover of a shift.

use crate::words::{Words, words};

pub(crate) const SHEET: Words = words("交接班单", "Handover sheet");
pub(crate) const HANDOVER_RECORDED: Words = words("已记录交接班。", "The handover is recorded.");
pub(crate) const SHIFT: Words = words("班次", "Shift");
pub(crate) const SHIFT_ENDED: Words = words("上一班", "Shift that ended");
pub(crate) const SHIFT_RUNNING: Words = words("本班", "Running shift");
pub(crate) const THE_SHIFT_ENDED: Words = words("上一班", "The shift that ended");
pub(crate) const THIS_SHIFT: Words = words("本班", "This shift");
pub(crate) const NO_ROSTER: Words = words("（无值班表，统计最近24小时）", " (no roster: the last 24 hours)");
pub(crate) const ALERTS: Words = words("件", "alerts");
pub(crate) const HAPPENED: Words = words("班内经过", "Happened");
pub(crate) const NOTHING: Words = words("无", "nothing");
pub(crate) const WHAT_PEOPLE_DID: Words = words("人员办理", "What people did");
pub(crate) const NOBODY_DID: Words = words("班内无人员办理记录。", "Nobody did anything in this shift.");
pub(crate) const WHO: Words = words("人员", "Who");
pub(crate) const OPEN_ALERTS: Words = words("未办结告警", "Open alerts");
pub(crate) const NO_OPEN_ALERTS: Words = words("无未办结告警。", "None.");
pub(crate) const SERVICE_NOTES: Words = words("系统记录", "What the service noted");
pub(crate) const NO_SERVICE_NOTES: Words = words("班内无系统记录。", "Nothing was noted.");
pub(crate) const HAND_OVER: Words = words("办理交接", "Hand over");
pub(crate) const HANDS_OVER: Words = words("交班人", "Who hands over");
pub(crate) const TAKES_OVER: Words = words("接班人", "Who takes over");
pub(crate) const MUST_KNOW: Words = words("交接事项", "What the next one must know");
pub(crate) const RECORD_HANDOVER: Words = words("记录交接班", "Record the handover");
pub(crate) const OPEN_COUNTED: Words =
    words("未办结件数由系统计入记录。", "The number of open alerts is counted and kept with it.");
pub(crate) const SIGNED_FROM: Words = words("交班人签字：", "Handed over: ");
pub(crate) const SIGNED_TO: Words = words("接班人签字：", "Taken over: ");
pub(crate) const SIGNED_LEADER: Words = words("带班领导签字：", "Leader: ");
pub(crate) const NO_HANDOVER_YET: Words = words("尚无交接班记录。", "No shift has been handed over yet.");
pub(crate) const DESK: Words = words("单位", "Desk");
pub(crate) const FROM: Words = words("交班人", "From");
pub(crate) const TO: Words = words("接班人", "To");
pub(crate) const OPEN_COUNT: Words = words("未办结（件）", "Open alerts");
pub(crate) const NOTE: Words = words("交接事项", "Note");
