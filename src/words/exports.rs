//! Heads and words of tables that offices read: the problem list, counts, burn plans.

use super::{Sentence, Words, sentence, words};

/// It is so.
pub(crate) const YES: Words = words("是", "yes");
/// It is not so.
pub(crate) const NO: Words = words("否", "no");
/// Nobody could be reached, so nobody is late.
pub(crate) const UNDELIVERED: Words = words("未送达", "undelivered");
/// Behind an order that was taken back.
pub(crate) const WITHDRAWN: Words = words("（已撤回）", " (taken back)");

/// A dispute that waits, with the unit that is proposed.
pub(crate) fn dispute(proposed: Option<&str>) -> Sentence {
    match proposed {
        Some(unit) => sentence(format!("待裁定，提出归属{unit}"), format!("to be decided, {unit} is proposed")),
        None => sentence("待裁定", "to be decided"),
    }
}

/// The problem list (问题清单).
pub(crate) mod problem_list {
    use super::{Words, words};

    pub(crate) const NAME: Words = words("问题清单", "problem list");
    pub(crate) const NUMBER: Words = words("编号", "number");
    pub(crate) const SOURCE: Words = words("来源", "source");
    pub(crate) const VERDICT: Words = words("判定", "verdict");
    pub(crate) const STATE: Words = words("状态", "state");
    pub(crate) const IS_LATE: Words = words("是否超时", "late");
    pub(crate) const COUNTY: Words = words("县（市、区）", "county");
    pub(crate) const TOWNSHIP: Words = words("乡镇", "township");
    pub(crate) const OWNER: Words = words("责任网格/承办单位", "grid cell or unit in charge");
    pub(crate) const ASSIGNED_TO: Words = words("承办人", "person in charge");
    pub(crate) const PLACE: Words = words("位置描述", "place");
    pub(crate) const POSITION: Words = words("经度/纬度（度分秒）", "longitude/latitude (degrees, minutes, seconds)");
    pub(crate) const LONGITUDE: Words = words("经度", "longitude");
    pub(crate) const LATITUDE: Words = words("纬度", "latitude");
    pub(crate) const FIRST_SEEN: Words = words("首次观测（当地时间）", "first seen (local time)");
    pub(crate) const LAST_SEEN: Words = words("最近观测", "last seen");
    pub(crate) const PIXELS: Words = words("像元数", "pixels");
    pub(crate) const MAX_FRP: Words = words("最大火辐射功率（MW）", "greatest fire radiative power (MW)");
    pub(crate) const ACKNOWLEDGED: Words = words("签收时间", "acknowledged");
    pub(crate) const ON_SITE: Words = words("到场时间", "on site");
    pub(crate) const PUT_OUT: Words = words("扑灭时间", "put out");
    pub(crate) const REPORTED: Words = words("反馈时间", "reported");
    pub(crate) const FINDING: Words = words("核查结果", "finding");
    pub(crate) const REVIEW: Words = words("审核", "review");
    pub(crate) const REVIEWED: Words = words("审核时间", "reviewed");
    pub(crate) const RECTIFY_BY: Words = words("整改期限", "rectify by");
    pub(crate) const DOCUMENT: Words = words("文书号", "document number");
    pub(crate) const CLOSED: Words = words("销号时间", "closed");
    pub(crate) const LOOKED_BACK: Words = words("回头看时间", "looked back on");
    pub(crate) const DISPUTE: Words = words("归属异议", "dispute");
    pub(crate) const REKINDLES: Words = words("疑似复燃关联", "may rekindle");
    pub(crate) const REASON: Words = words("判定依据", "reason of the verdict");
    pub(crate) const EXTERNAL_NUMBER: Words = words("外部编号", "outside number");
    pub(crate) const LETTER: Words = words("来信文号", "letter number");
    pub(crate) const REPLY_BY: Words = words("答复期限", "reply by");
    pub(crate) const REPORTED_BY: Words = words("上报人", "reported by");
    pub(crate) const DESCRIPTION: Words = words("情况说明", "description");
}

/// Counts of alerts.
pub(crate) mod counts {
    use super::{Words, words};

    pub(crate) const NAME: Words = words("告警统计", "alert counts");
    pub(crate) const COUNTY: Words = words("县区", "county");
    pub(crate) const TOWNSHIP: Words = words("乡镇", "township");
    pub(crate) const SOURCE: Words = words("来源", "source");
    pub(crate) const STATE: Words = words("状态", "state");
    pub(crate) const ALERTS: Words = words("件数", "alerts");
    pub(crate) const OVERDUE: Words = words("超时", "overdue");
    pub(crate) const UNDELIVERED: Words = words("未送达", "undelivered");
    pub(crate) const DISPUTED: Words = words("有异议", "disputed");
    pub(crate) const NO_COUNTY: Words = words("未归县区", "of no county");
    pub(crate) const NO_TOWNSHIP: Words = words("未归乡镇", "of no township");
    pub(crate) const TOTAL: Words = words("合计", "total");
}

/// Burn plans.
pub(crate) mod plans {
    use super::{Words, words};

    pub(crate) const PLAN: Words = words("计划编号", "plan");
    pub(crate) const COUNTY: Words = words("县（市、区）", "county");
    pub(crate) const TOWNSHIP: Words = words("乡镇", "township");
    pub(crate) const UNIT_CODE: Words = words("单位代码", "unit code");
    pub(crate) const UNIT_NAME: Words = words("单位名称", "unit");
    pub(crate) const WINDOW_START: Words = words("烧除开始时间", "burning from");
    pub(crate) const WINDOW_END: Words = words("烧除结束时间", "burning until");
    pub(crate) const AREA: Words = words("计划面积（亩）", "planned area (mu)");
    pub(crate) const RESPONSIBLE: Words = words("烧除责任人", "responsible person");
    pub(crate) const STATUS: Words = words("状态", "status");
    pub(crate) const STATUS_WORDS: Words = words("状态说明", "status in words");
    pub(crate) const APPROVER: Words = words("批准人", "approver");
    pub(crate) const APPROVED: Words = words("批准时间", "approved");
    pub(crate) const ORDERS: Words = words("当日烧除指令", "orders of the day");
    pub(crate) const LIT: Words = words("点火时间", "lit");
    pub(crate) const DONE: Words = words("完成时间", "done");
    pub(crate) const BURNT: Words = words("实际烧除面积（亩）", "burnt area (mu)");
    pub(crate) const NOTE: Words = words("备注", "note");
    pub(crate) const PLOT: Words = words("地块", "plot");
    pub(crate) const SOURCE: Words = words("来源", "source");
    pub(crate) const RECEIVED: Words = words("接收时间", "received");
}
