//! What the pages of a day share: counts, coverage, lists of alerts.

pub(crate) mod home;
pub(crate) mod map;
pub(crate) mod wall;

use crate::domain::unit::UnitLevel;
use crate::words::{Label, Lang, Sentence, Words, sentence, words};

pub(crate) const ALERTS: Words = words("告警（件）", "Alerts");
pub(crate) const NEARBY_OUTSIDE: Words = words("市外邻近（不计入）", "Outside, nearby (not counted)");
pub(crate) const OTHER_GROUND: Words =
    words("辖区外、可能涉及（不计入）", "Other ground, may concern this one (not counted)");
pub(crate) const NO_FEED: Words = words("未配置数据源", "no feed is configured");
pub(crate) const NOTHING_COMES: Words = words("不自动接收数据", "nothing comes by itself");
pub(crate) const FEEDS: Words = words("自动接收", "feeds");
pub(crate) const BROUGHT_AS_FILES: Words = words("离线导入", "brought as files");
pub(crate) const NOTHING_YET: Words = words("当日尚无数据", "nothing yet for this day");
pub(crate) const READ_AND_EMPTY: Words = words("已读取，范围内尚无火点记录", "read, and no row in its box so far");
pub(crate) const NO_COUNTY: Words = words("未归县区", "no county");
pub(crate) const GROUND_NOT_CERTAIN: Words = words("归属不能确定", "ground not certain");
pub(crate) const MONDAY: Words = words("星期一", "Monday");
pub(crate) const TUESDAY: Words = words("星期二", "Tuesday");
pub(crate) const WEDNESDAY: Words = words("星期三", "Wednesday");
pub(crate) const THURSDAY: Words = words("星期四", "Thursday");
pub(crate) const FRIDAY: Words = words("星期五", "Friday");
pub(crate) const SATURDAY: Words = words("星期六", "Saturday");
pub(crate) const SUNDAY: Words = words("星期日", "Sunday");
pub(crate) const COUNTS: Words = words("统计", "Counts");

pub(crate) fn newest_at(at: &str) -> Sentence {
    sentence(format!("最新观测 {at}"), format!("newest acquisition {at}"))
}

pub(crate) fn newest_ago(age: &str) -> Sentence {
    sentence(format!("最新观测在{age}前"), format!("newest acquisition {age} ago"))
}

/// The place of a list that is no cell.
pub(crate) fn without_cells(unit: &str) -> Sentence {
    sentence(format!("{unit}（未划网格）"), format!("{unit} (no grid cells)"))
}

/// How surely the ground is known: down to a level of units.
pub(crate) fn sure_to(level: UnitLevel) -> Sentence {
    let zh = match level {
        UnitLevel::Grid => "可确定到网格".to_owned(),
        level => format!("可确定到{}一级", Lang::Zh.say(level.label())),
    };
    sentence(zh, format!("sure to the {}", Lang::En.say(level.label())))
}

/// The head of a table that counts by units of a column.
pub(crate) fn counts_by(column: &str) -> Sentence {
    sentence(format!("分{column}统计"), format!("Counts by {}", column.to_lowercase()))
}

/// The linking rule in words: every table of fires prints it.
pub(crate) fn link_rule(hours: i64, km: f64) -> Sentence {
    sentence(
        format!(
            "热异常像元是卫星看到的像元个数；疑似火点（处）由像元归并而成：时间相隔不超过{hours}小时、\
             距离不超过{km}公里或两像元对角线平均值（取大者）的像元算一处。按首次观测的当地日期统计，二者不相加。"
        ),
        format!(
            "Pixels are what satellites saw; a suspected fire is a group of pixels no further apart than {hours} h \
             and {km} km or the mean of their diagonals, whichever is greater. Fires count on the local \
             day they were first seen. The two are never added."
        ),
    )
}
