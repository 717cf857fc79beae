//! Who holds what, and the roster.

use crate::words::{Words, words};

pub(crate) const PEOPLE: Words = words("责任人", "People");
pub(crate) const NAME_OR_UNIT: Words = words("姓名或单位名", "Name of a person or unit");
pub(crate) const TO_BE_MENDED: Words = words("需要补齐", "To be mended");
pub(crate) const UNIT_COUNT: Words = words("个单位，", "units, ");
pub(crate) const PEOPLE_COUNT: Words = words("名责任人", "people");
pub(crate) const WITHOUT_TELEPHONE: Words = words("人没有电话", "without a telephone");
pub(crate) const VACANT_UNITS: Words = words("空缺单位", "Vacant units");
pub(crate) const NOW_ANSWERED_BY: Words = words("现由", "answered for by");
pub(crate) const RUN_OUT_SOON: Words = words("30天内到期", "Run out within 30 days");
pub(crate) const NO_ROSTER: Words =
    words("本辖区没有值班表：升级提醒由责任人接收。", "No unit here has a roster: escalations go to the holders.");
pub(crate) const DAYS_WITHOUT_SHIFT: Words = words("一周内无值班安排", "Days without a shift within a week");
pub(crate) const UNITS_AND_PEOPLE: Words = words("单位与责任人", "Units and their people");
pub(crate) const MANY_UNITS: Words = words(
    "单位较多，显示到乡镇；点单位名看其下级。",
    "Many units: shown down to townships; a name opens what is below.",
);
pub(crate) const NOTHING_FITS: Words = words("没有符合条件的单位或人员。", "No unit or person fits.");
pub(crate) const NO_TELEPHONE: Words = words("无电话", "no telephone");
pub(crate) const RESPONSIBILITY_LIST: Words = words("责任清单下载：", "Responsibility list: ");
pub(crate) const TO_PRINT: Words = words("打印版（A4）", "to print (A4)");
pub(crate) const AS_TEXT: Words = words("文本", "text");
pub(crate) const PERSONAL_DATA: Words = words("含个人信息，仅限内部使用。", "Personal data, internal use only.");
pub(crate) const DUTY_ROSTER: Words = words("值班表", "duty roster");
pub(crate) const DUTY_ROSTER_HEAD: Words = words("值班表", "Duty roster");
pub(crate) const NO_SHIFT_BEGINS: Words = words("当日没有值班安排", "No shift begins that day");
pub(crate) const SHIFTS: Words = words("班次", "Shifts");
pub(crate) const NO_SHIFT: Words = words(
    "当日没有登记的班次；告警升级时提醒单位责任人。",
    "No shift is entered for that day; escalations tell the holders of the units.",
);
pub(crate) const ON_DUTY_NOW: Words = words("正在值班", "on duty now");
pub(crate) const LEADER: Words = words("带班", "leader");
pub(crate) const OFFICER: Words = words("值班", "officer");
pub(crate) const WHO_HOLDS_WHAT: Words = words("责任人", "Who holds what");
pub(crate) const ANSWERED_ABOVE: Words = words("由上级负责：", "answered for by");
pub(crate) const NOBODY_ABOVE: Words = words("上级也无责任人", "nobody above either");
pub(crate) const NOBODY: Words = words("无人", "nobody");
