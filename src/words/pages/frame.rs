//! What stands round every page: banners, links, and what no page may hide.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const SKIP_TO_CONTENT: Words = words("跳到正文", "Skip to content");
pub(crate) const ACCOUNT_AND_LANGUAGE: Words = words("账号与语言", "Account and language");
pub(crate) const OTHER_LANGUAGE: Words = words("English", "中文");
pub(crate) const MAIN_NAVIGATION: Words = words("主导航", "Main");
pub(crate) const DEMONSTRATION: Words = words("演示数据", "Demonstration");
pub(crate) const SIMULATED_FIRES: Words = words(
    "火点均为模拟，不是真实火情 / Simulated fires",
    "Simulated fires, none of them is real / 火点均为模拟，不是真实火情",
);
pub(crate) const DATABASE_DAMAGED: Words = words("数据库受损", "The database is damaged");
pub(crate) const PAGES_MAY_LACK: Words = words(
    "页面内容可能不全，请立即告知系统管理员。",
    "Pages may lack something. Tell whoever runs the server at once.",
);
pub(crate) const SIGN_IN_LINK: Words = words("登录链接", "Sign-in link");
pub(crate) const CLOCK_NOT_BELIEVED: Words = words("本机时间不可信", "The clock of this machine is not believed");
pub(crate) const REGION_FAULTS: Words = words("区划文件有误，未采用", "The region files have faults and are not used");
pub(crate) const FAULT_COUNT: Words = words("错误数：", "Faults: ");
pub(crate) const JUDGED_BY_BEFORE: Words = words("；仍按原区划版本判定。", "; fires are judged by the version before.");
pub(crate) const SEE_FAULTS: Words = words("逐条查看", "See which");
pub(crate) const FEEDS_UNREADABLE: Words = words("数据源状态无法读取", "The state of the feeds cannot be read");
pub(crate) const BLANK_IS_NO_PROOF: Words = words("请勿把空白当作没有火情。", "No points shown does not mean no fire.");
pub(crate) const DATA_INCOMPLETE: Words =
    words("数据不完整：没有火点不等于没有火情", "Data is incomplete: no point does not mean no fire");
pub(crate) const APPROXIMATE_REGION: Words =
    words("区划为示意/近似，不具法律效力", "Units or zones are illustrative or approximate and have no legal force");
pub(crate) const PIXEL_IS_NOT_A_FIRE: Words = words(
    "一个热异常像元不等于一处火：像元宽0.4至5公里，火点在其范围内某处，须经现场核实。",
    "A pixel is not a fire: it is 0.4 to 5 km wide and the fire is somewhere inside; check on site.",
);
pub(crate) const MAPS_NOT_REVIEWED: Words = words(
    "地图未经审图：内部工作资料，不得公开。",
    "Maps have not been reviewed: internal working material, not for publication.",
);
pub(crate) const DATA_SOURCE: Words = words("数据来源：NASA FIRMS（LANCE）", "Data: NASA FIRMS (LANCE)");
pub(crate) const PAGE_MADE_AT: Words = words("页面生成于", "page made at");
pub(crate) const BACK_TO_MAP: Words = words("返回今日火点图", "Back to today's fire map");

/// A sign-in link that somebody else made for whoever reads it.
pub(crate) fn link_made_by(by: &str, at: &str) -> Sentence {
    sentence(
        format!("{by}于{at}为您的账号生成了个人登录链接，持链接者可以您的名义办理。如非您所请，请立即告知上级。"),
        format!(
            "{by} made a sign-in link for your account at {at}; whoever has it can act in your name. If you did not ask \
             for it, tell the office above you at once."
        ),
    )
}
