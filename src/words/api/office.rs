//! Calls about people, judging again, the service and accounts.

use crate::words::{Words, words};

pub(crate) const PEOPLE: Words = words(
    "责任人",
    "Who holds which unit of the own ground on a day, with telephones; not for accounts that only look.",
);
pub(crate) const CHECK_PEOPLE: Words = words("责任人检查", "What has to be mended, without telephones.");
pub(crate) const RESPONSIBILITY_LIST: Words = words("责任清单", "The responsibility list of a unit, a file.");
pub(crate) const DUTY: Words = words("值班", "The shift that is running, and the desk that answers.");
pub(crate) const PREVIEW_REJUDGEMENT: Words = words(
    "重新判定（预览）",
    "The difference that judging again would make: at most 31 days, or the fire of one alert.",
);
pub(crate) const REJUDGE: Words =
    words("重新判定", "Judges again what was shown; `expect` is the hash of the difference.");
pub(crate) const FEEDS: Words = words("数据源", "How far each feed can be believed, and why.");
pub(crate) const AUDIT_LOG: Words = words(
    "操作日志",
    "The log, latest first, for accounts of the whole region; what is about accounts, for administrators.",
);
pub(crate) const REGION_VERSIONS: Words = words("区划版本", "Stored versions of the region, the latest active first.");
pub(crate) const REGION_DIFFERENCE: Words =
    words("版本差异", "What differs between two versions, for accounts of the whole region; never telephones.");
pub(crate) const ME: Words = words("本账号", "The own account, its devices and its tokens.");
pub(crate) const END_SESSION: Words = words("退出设备", "Ends one of the own sessions.");
pub(crate) const CHANGE_ROLE: Words = words(
    "更改角色",
    "Makes an account another role, or another unit's, for administrators; its devices sign in again, its links and \
     tokens end.",
);
pub(crate) const PEOPLE_DATE: Words = words("日期", "local day; today by default");
pub(crate) const OF_UNIT: Words = words("单位代码", "code of a unit");
pub(crate) const LIST_FORMAT: Words = words("格式", "text by default");
pub(crate) const DUTY_AT: Words = words("时刻", "moment, local allowed; now by default");
pub(crate) const REJUDGE_ALERT: Words = words("编号", "number of an alert, instead of days");
pub(crate) const LOG_SUBJECT_KIND: Words = words("对象类别", "what it is about");
pub(crate) const LOG_SUBJECT: Words = words("对象", "number or id");
pub(crate) const DIFFERENCE_FROM: Words = words("旧版本", "the old version");
pub(crate) const DIFFERENCE_TO: Words = words("新版本", "the new version");
