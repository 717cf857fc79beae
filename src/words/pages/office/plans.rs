//! Burn plans: list, one plan, application, import, orders, progress.

use crate::domain::unit::UnitCode;
use crate::words::{Sentence, Words, sentence, words};

pub(crate) const IMPORT_HEAD: Words = words("导入烧除计划", "Import burn plans");
pub(crate) const FAULTS_BY_ROW: Words = words("逐行错误", "Faults, row by row");
pub(crate) const FAULT: Words = words("错误", "Fault");
pub(crate) const LOOKED_OVER: Words = words("核对结果（尚未写入）", "Looked over (nothing written)");
pub(crate) const IMPORTED: Words = words("已导入", "Imported");
pub(crate) const ROWS_READ: Words = words("读取", "read");
pub(crate) const NEW: Words = words("新增", "new");
pub(crate) const UPDATED: Words = words("更新", "updated");
pub(crate) const UNCHANGED: Words = words("无变化", "unchanged");
pub(crate) const NO_FAULT: Words =
    words("没有错误。请再次选择文件并点“导入”。", "No fault. Choose the file again and press Import.");
pub(crate) const FILE: Words = words("文件（CSV 或 XLSX，至多8 MB）", "File (CSV or XLSX, 8 MB at most)");
pub(crate) const FILE_DATUM: Words = words("文件中地块的坐标系", "Datum of the plots in it");
pub(crate) const UPDATE_ROWS: Words =
    words("内容不同的行更新尚无人办理的计划", "Rows that say something else replace plans nobody has acted on");
pub(crate) const LOOK_OVER: Words = words("先核对", "Look it over");
pub(crate) const IMPORT: Words = words("导入", "Import");
pub(crate) const COLUMNS: Words = words(
    "必填列：plan_id、unit_code、window_start、window_end、area_mu、responsible；可选：status、plot（WKT）、note、approver、burnt_mu。有一行错误，全部不导入。",
    "Columns needed: plan_id, unit_code, window_start, window_end, area_mu, responsible; optional: status, plot (WKT), note, approver, burnt_mu. With one fault no row is imported.",
);
pub(crate) const BURNING_IN_ORDER: Words = words("计划烧除", "Burning in order");
pub(crate) const ORDERS_TODAY: Words = words("今日指令", "Orders today");
pub(crate) const ORDER_COUNT: Words = words("道，", ", ");
pub(crate) const WITH_CAUTIONS: Words = words("存在冲突提示的计划", "plans with cautions");
pub(crate) const SEE_ORDERS: Words = words("查看当日指令", "see the orders");
pub(crate) const BURNING_DAY: Words = words("烧除日期", "Day");
pub(crate) const PLANS: Words = words("计划", "Plans");
pub(crate) const PLAN_COUNT: Words = words("件，", ", ");
pub(crate) const NO_PLAN_FITS: Words = words("没有符合条件的计划。", "No plan fits.");
pub(crate) const WINDOW: Words = words("烧除时段", "Window");
pub(crate) const AREA_MU: Words = words("面积（亩）", "Area, mu");
pub(crate) const ORDERS: Words = words("指令", "Orders");
pub(crate) const CAUTION_TODAY: Words = words("今日有冲突提示", "caution today");
pub(crate) const HAS_PLOT: Words = words("有地块", "plot");
pub(crate) const WINDOW_SHORT: Words = words("时段", "window");
pub(crate) const BURNT: Words = words("已烧", "burnt");
pub(crate) const ANSWERS: Words = words("负责人", "answers");
pub(crate) const ORDERS_SHORT: Words = words("指令", "orders");
pub(crate) const DOWNLOAD: Words = words("下载：", "Download: ");
pub(crate) const ORDERS_OF_DAY: Words = words("当日指令", "Orders of the day");
pub(crate) const APPLY_LINK: Words = words("申请", "Apply");
pub(crate) const APPLY_HEAD: Words = words("申请计划烧除", "Apply for a burn plan");
pub(crate) const PLAN_ID: Words = words("计划编号", "Plan id");
pub(crate) const UNIT_HINT: Words = words(
    "填单位代码；输入时可从列表选择本辖区单位。",
    "The code of a unit of your ground; a list opens while typing.",
);
pub(crate) const WINDOW_FROM: Words = words("烧除时段 开始", "Window, from");
pub(crate) const WINDOW_TO: Words = words("烧除时段 结束", "Window, to");
pub(crate) const RESPONSIBLE: Words = words("烧除负责人", "Who answers for the burning");
pub(crate) const PLOT: Words = words("地块（可不填：按单位范围）", "Plot (may be left out: the ground of the unit)");
pub(crate) const DATUM: Words = words("坐标系", "Datum");
pub(crate) const CORNERS: Words =
    words("拐点，每行一个“经度,纬度”；或 WKT", "Corners, one longitude,latitude a line; or WKT");
pub(crate) const APPLY: Words = words("提交申请", "Apply");
pub(crate) const PREVIEW_PLOT: Words = words("预览地块", "Preview the plot");
pub(crate) const PLOT_SKETCH: Words = words("地块示意图", "Sketch of the plot");
pub(crate) const PREVIEW_KEY: Words =
    words("绿框地块，斜线禁烧区，底色限烧区。", "Green: plot; hatched: ban zone; shaded: limited zone.");
pub(crate) const NO_UNIT_OUTLINE: Words =
    words("该单位没有边界图形，填写拐点后点“预览地块”。", "This unit has no outline: type corners and press Preview.");
pub(crate) const CONTENT: Words = words("内容", "What it says");
pub(crate) const ORDERS_HEAD: Words = words("烧除指令", "Orders");
pub(crate) const TAKEN_BACK: Words = words("已撤回", "taken back");
pub(crate) const ORDER_NUMBER: Words = words("第", "No. ");
pub(crate) const ORDERED_BY_WHOM: Words = words("号，下达：", ", by ");
pub(crate) const CAUTION: Words = words("注意", "Caution");
pub(crate) const ACTS_NOW: Words = words("现在可以办理", "What may be done now");
pub(crate) const NOT_NOW: Words = words("现在不能办理：", "Not now: ");
pub(crate) const FROM: Words = words("开始", "From");
pub(crate) const TO_AT_MOST: Words = words("结束（不超过24小时）", "To (24 hours at most)");
pub(crate) const PHOTOS: Words = words("现场照片（可多张）", "Photos");
pub(crate) const WHY: Words = words("理由（必填）", "Why (needed)");
pub(crate) const PLOT_IS_GREEN: Words = words("绿框为烧除地块", "Green: the plot");
pub(crate) const NO_PLOT: Words = words("未填地块，按单位范围", "No plot: the ground of the unit");
pub(crate) const SKETCH_KEY: Words = words(
    "；斜线禁烧区，底色限烧区，虚线为当日未生效。",
    "; hatched: ban zone, shaded: limited zone, dashed: out of force that day.",
);
pub(crate) const NO_OUTLINE: Words = words("没有可绘制的边界。", "There is no outline to draw.");
pub(crate) const WHAT_HAPPENED: Words = words("办理记录", "What happened");
pub(crate) const THEIR_TIME: Words = words("手机时间", "by their account");
pub(crate) const DAY_ORDERS: Words = words("当日烧除指令", "orders of the day");
pub(crate) const DAY_ORDERS_HEAD: Words = words("当日烧除指令", "Orders of the day");
pub(crate) const STANDING_ORDERS: Words = words("有效指令", "Standing orders");
pub(crate) const PERMITTED_HOURS: Words = words("允许时段", "Permitted hours");
pub(crate) const BURN_WEATHER: Words = words("焚烧气象等级", "Burn weather");
pub(crate) const WEATHER_LEVEL: Words = words("级", "");
pub(crate) const NOT_RECORDED: Words = words("未录入", "not recorded");
pub(crate) const NO_ORDER: Words =
    words("当日没有指令。没有指令，不得点火。", "No order that day. Without an order nothing is lit.");
pub(crate) const ORDER_HEAD: Words = words("指令时段", "Order");
pub(crate) const ORDERED_BY: Words = words("下达", "Ordered by");
pub(crate) const ORDER: Words = words("指令", "order");
pub(crate) const BY: Words = words("下达", "by");
pub(crate) const APPROVED_NO_ORDER: Words = words("已批准、当日可烧、尚无指令", "Approved for that day, no order yet");
pub(crate) const SIGNED: Words =
    words("签发：________________　　日期：________________", "Signed: ________________   Date: ________________");
pub(crate) const PROGRESS_HEAD: Words = words("计划烧除进度", "Progress of burning in order");
pub(crate) const SPAN_FROM: Words = words("自", "From");
pub(crate) const SPAN_TO: Words = words("至", "To");
pub(crate) const NOTHING_IN_SPAN: Words = words(
    "此期间没有计划，卫星也未见火点。没有火点不等于没有火情。",
    "No plan in this span, and no fire seen. No fire point does not mean no fire.",
);
pub(crate) const APPLIED_FOR: Words = words("申请（件）", "Applied for");
pub(crate) const BURNT_OF_APPROVED: Words = words("已烧占批准", "Burnt of approved");
pub(crate) const SATELLITE_FIRES: Words = words("卫星疑似火点（处）", "Suspected fires by satellite");
pub(crate) const APPROVED: Words = words("批准", "approved");
pub(crate) const ORDERED: Words = words("已下令", "ordered");
pub(crate) const REMAINING: Words = words("待烧", "remaining");
pub(crate) const LAPSED: Words = words("逾期未烧", "lapsed");
pub(crate) const PLANNED: Words = words("计划内", "planned");
pub(crate) const OFF_PLAN: Words = words("未按计划", "off plan");
pub(crate) const UNPLANNED: Words = words("计划外", "unplanned");
pub(crate) const BANNED: Words = words("禁烧区", "banned");
pub(crate) const HOLDS_BELOW: Words = words("上级单位的行包含其全部下级。", "A line holds everything below its unit.");
pub(crate) const REFUSE_WHY_FIELD: Words = words("不予批准的理由", "why it is refused");
pub(crate) const ORDER_FROM_FIELD: Words = words("指令开始", "order from");
pub(crate) const ORDER_TO_FIELD: Words = words("指令结束", "order to");
pub(crate) const BURNT_MU_FIELD: Words = words("实际烧除面积（亩）", "area burnt, mu");
pub(crate) const CHOOSE_FILE: Words = words("请选择一个CSV或XLSX文件", "choose a CSV or XLSX file");
pub(crate) const SKETCH: Words = words("烧除地块示意图", "sketch of the plot");
pub(crate) const THICK_FRAME: Words = words("粗线框为所填地块。", "The thick frame is the plot as typed.");
pub(crate) const NO_PLOT_YET: Words =
    words("尚无地块：按整个单位的范围申请。", "No plot: the application is for the whole ground of the unit.");
pub(crate) const PLAN_ID_FIELD: Words = words("计划编号", "plan id");
pub(crate) const WINDOW_FROM_FIELD: Words = words("烧除时段开始", "window, from");
pub(crate) const WINDOW_TO_FIELD: Words = words("烧除时段结束", "window, to");
pub(crate) const AREA_MU_FIELD: Words = words("面积（亩）", "area, mu");
pub(crate) const RESPONSIBLE_FIELD: Words = words("烧除负责人", "who answers for the burning");
pub(crate) const CHOOSE_DATUM: Words = words("请选择坐标系", "choose the datum of the plot");
pub(crate) const SOURCE_REGION: Words = words("区域文件", "file of the region");
pub(crate) const SOURCE_IMPORT: Words = words("文件导入", "imported file");
pub(crate) const SOURCE_ENTERED: Words = words("在本系统申请", "applied for here");
pub(crate) const PLANNED_AREA: Words = words("计划面积", "Planned area");
pub(crate) const ANSWERS_FOR_BURNING: Words = words("烧除负责人", "Answers for it");
pub(crate) const APPLICANT: Words = words("申请人", "Applied by");
pub(crate) const CAME_BY: Words = words("来源", "Came by");
pub(crate) const REVIEWED_BY: Words = words("审核", "Reviewed by");
pub(crate) const LIT: Words = words("点火", "Lit");
pub(crate) const DONE: Words = words("完成", "Done");
pub(crate) const REALLY_BURNT: Words = words("实际烧除面积", "Really burnt");
pub(crate) const SYSTEM: Words = words("系统", "system");
pub(crate) const WAS_TOLD: Words = words("已提示：", "was told: ");
pub(crate) const PHOTOS_OF_ACT: Words = words("照片：", "photos: ");

/// Datums that a plot can be in, with whose maps they are of; the same in both languages.
pub(crate) const DATUMS: [(&str, &str); 4] = [
    ("wgs84", "WGS-84 (GPS)"),
    ("cgcs2000", "CGCS2000"),
    ("gcj02", "GCJ-02（高德、腾讯 AMap, Tencent）"),
    ("bd09", "BD-09（百度 Baidu）"),
];

pub(crate) fn no_such_unit(unit: &UnitCode) -> Sentence {
    sentence(format!("本区域没有单位{unit}"), format!("there is no unit {unit} in this region"))
}

/// Why the corners of a plot cannot be taken.
pub(crate) fn plot_at_fault(why: &str) -> Sentence {
    sentence(format!("地块坐标有误：{why}"), format!("the plot cannot be taken: {why}"))
}
