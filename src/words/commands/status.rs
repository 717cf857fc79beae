//! `firegrid status`.

use super::NONE;
use crate::store::OpenAlerts;
use crate::words::{Lang, Words, feeds, words};

/// Nothing comes by itself.
pub(crate) const NO_FEED: Words =
    words("未配置数据源，不自动接收数据", "no feed is configured: nothing comes by itself");

/// A clock that is wrong, or may be.
pub(crate) const CLOCK_DOUBTED: Words = words("本机时间不可信", "the clock of this machine is not believed");

/// Nothing was recorded of this ground.
pub(crate) const NOTHING_RECORDED: Words = words("范围内尚无观测记录", "nothing was recorded of this ground so far");

/// A moment that has not been.
pub(crate) const NEVER: &str = "无 never";

/// When a feed was last asked and heard, in local time.
pub(crate) struct Times {
    /// The newest acquisition.
    pub newest: String,
    /// The last attempt.
    pub attempt: String,
    /// The last success.
    pub success: String,
}

/// What became of a feed; `outcome` is the short word for its last one.
pub(crate) fn feed(times: &Times, last_outcome: Option<&str>, outcome: impl Fn(&str) -> String) -> String {
    let Times { newest, attempt, success } = times;
    format!(
        "最新观测 newest acquisition {newest}，最近尝试 last attempt {attempt}，最近成功 last success {success}，结果 outcome {} {}",
        last_outcome.map_or_else(|| NONE.to_owned(), outcome),
        last_outcome.unwrap_or("none"),
    )
}

/// What to do now about the last outcome of a feed, where anything is.
pub(crate) fn what_to_do(last_outcome: Option<&str>) -> Option<String> {
    let todo = feeds::what_to_do_about(last_outcome?)?;
    Some(format!("{}: {todo}", feeds::WHAT_TO_DO))
}

/// How far what was recorded reaches, of each satellite.
pub(crate) fn newest(each: &[String]) -> String {
    format!("各卫星最新观测 · newest recorded of each satellite: {}", each.join("，"))
}

/// How many alerts wait for somebody.
pub(crate) fn open_alerts(alerts: OpenAlerts) -> String {
    let OpenAlerts { open, overdue, undelivered, disputed } = alerts;
    format!(
        "告警 / alerts: 未结 open {open}, 超时 overdue {overdue}, 未送达 undelivered {undelivered}, 有异议 disputed {disputed}"
    )
}

/// How many gaps of responsibility alerts fell through.
pub(crate) fn gaps(gaps: usize) -> String {
    let list = if gaps > 0 { "，见 see `firegrid people check`" } else { "" };
    format!("责任空缺 / gaps that alerts fell through: {gaps}{list}")
}

/// Why the clock is doubted, a line in each language.
pub(crate) fn doubted(lang: Lang, why: &str) -> String {
    format!("{}: {why}", lang.say(CLOCK_DOUBTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_went_wrong_is_told_with_what_to_do_now() {
        let todo = what_to_do(Some("key_missing")).unwrap();
        assert!(
            todo.contains("怎么办 · what to do: 请在配置中设置 key_file") && todo.contains("set `key_file`"),
            "{todo}"
        );
        assert_eq!((what_to_do(Some("fetched")), what_to_do(None)), (None, None));
    }
}
