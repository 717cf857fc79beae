//! The alerts of whoever is in the field.

use crate::domain::time::SignedDuration;
use crate::words::{Sentence, Words, sentence, words};

pub(crate) const IN_THE_FIELD: Words = words("现场工作", "In the field");
pub(crate) const MANY_OPEN: Words =
    words("未结告警较多，按发现时间排列，最新在前。", "Many alerts are open: in the order of time, newest first.");
pub(crate) const NO_OPEN_ALERT: Words = words("没有未结告警。", "No open alert.");
pub(crate) const GO_ON_PATROLLING: Words =
    words("没有火点不等于没有火情，请继续巡查。", "No point does not mean no fire: please go on patrolling.");
pub(crate) const FIRST_PAGE: Words = words("返回首页", "Back to the first page");
pub(crate) const ENDED_LATELY: Words = words("近7天办结", "Ended in the last 7 days");
pub(crate) const MAY_BE_BANNED: Words = words("可能在禁烧区", "may be in the ban zone");
pub(crate) const DISPUTED: Words = words("有归属异议", "disputed");
pub(crate) const LATE_DATA: Words = words("滞后数据", "late data");

pub(crate) fn on_my_ground(owner: &str) -> Sentence {
    sentence(format!("在我辖区，{owner}承办"), format!("on my ground; the alert is with {owner}"))
}

pub(crate) fn may_reach_my_ground(owner: &str) -> Sentence {
    sentence(format!("可能涉及我辖区，{owner}承办"), format!("may reach my ground; the alert is with {owner}"))
}

pub(crate) fn said_to_be_mine(owner: &str) -> Sentence {
    sentence(format!("有异议提出归我，{owner}承办"), format!("said to be mine; the alert is with {owner}"))
}

pub(crate) fn time_left(span: &Sentence) -> Sentence {
    sentence(format!("还剩 {}", span.zh), format!("{} left", span.en))
}

pub(crate) fn time_over(span: &Sentence) -> Sentence {
    sentence(format!("已超时 {}", span.zh), format!("{} overdue", span.en))
}

/// A span as people say it: minutes, then hours and minutes, then days.
pub(crate) fn span(span: SignedDuration) -> Sentence {
    let minutes = span.as_mins();
    let (hours, days) = (minutes / 60, minutes / (24 * 60));
    if minutes < 60 {
        sentence(format!("{minutes} 分钟"), format!("{minutes} min"))
    } else if hours < 48 {
        let rest = minutes % 60;
        sentence(format!("{hours} 小时 {rest} 分"), format!("{hours} h {rest} min"))
    } else {
        sentence(format!("{days} 天"), format!("{days} days"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_the_unit_that_people_would_use() {
        let cases =
            [(0, "0 分钟"), (59, "59 分钟"), (60, "1 小时 0 分"), (47 * 60 + 59, "47 小时 59 分"), (2880, "2 天")];
        for (minutes, words) in cases {
            assert_eq!(span(SignedDuration::from_mins(minutes)).zh, words);
        }
        assert_eq!(span(SignedDuration::from_mins(61)).en, "1 h 1 min");
    }
}
