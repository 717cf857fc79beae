//! What is said of a feed: what became of a poll, and what to do now.
//!
//! Said by `firegrid ingest` and `firegrid status`, on `/status` and beside a refused file. The technical detail of a poll
//! stands beside it, not in it.

use super::{Words, words};
use crate::source::Outcome;
use crate::source::refusal::Refusal;

/// Over what to do now.
pub const WHAT_TO_DO: Words = words("怎么办", "what to do");

/// What became of a poll.
#[must_use]
pub fn what_happened(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Fetched => words("已获取数据", "the feed was read"),
        Outcome::Parsed => words("文件已读入", "the file was read"),
        Outcome::NoRows => words("数据完整，但没有火点记录", "the feed is whole and holds no rows"),
        Outcome::NoReadableRows => {
            words("数据表完整，但没有一行能读出", "the table is whole, but no row of it can be read")
        }
        Outcome::MostRowsRejected => {
            words("一半以上的行不合格，其余已记录", "more than half of the rows were rejected; the others are recorded")
        }
        Outcome::FutureRows => {
            words("多数行的观测时间晚于本机时钟", "most rows were acquired later than this machine's clock says it is")
        }
        Outcome::Unchanged => words("自上次获取后数据没有变化", "nothing changed since the last poll"),
        Outcome::Refused(Refusal::InvalidKey) => words(
            "服务器称密钥无效（密钥被限流时也这样回答）",
            "the server calls the key invalid, as it also does with a throttled one",
        ),
        Outcome::Refused(Refusal::Quota) => words("密钥的请求额度已用完", "the key's transactions are used up"),
        Outcome::Refused(Refusal::DayRange) => {
            words("服务器不接受所请求的天数", "the server does not accept the number of days asked for")
        }
        Outcome::Refused(Refusal::KeyOrQuota) => {
            words("密钥无效或请求额度已用完", "the key is invalid or its transactions are used up")
        }
        Outcome::Refused(Refusal::Unknown) => words("服务器拒绝了请求", "the server refused the request"),
        Outcome::Refused(Refusal::LocalBudget) => {
            words("本机请求额度已用完，未发送请求", "firegrid's own request budget is used up; nothing was sent")
        }
        Outcome::NotCsv => words("收到的不是火点数据表", "what came is not a fire table"),
        Outcome::NotUtf8 => words("文本编码不是 UTF-8", "the text is not UTF-8"),
        Outcome::Truncated => words("数据不完整，中途被截断", "the data ends in the middle"),
        Outcome::MissingColumns => words("数据表缺少必需的列", "the table lacks required columns"),
        Outcome::DuplicateColumns => words("数据表的列重复", "the table has columns twice"),
        Outcome::TooLarge => words("数据超过大小上限", "the data exceeds the size limit"),
        Outcome::RowTooLong => words("有一行超过长度上限", "a line exceeds the length limit"),
        Outcome::TooManyRows => words("行数超过上限", "the table has too many rows"),
        Outcome::Unsupported => words("不支持这种文件", "this kind of file is not supported"),
        Outcome::Redirected => words("服务器要求转到别的地址，未跟随", "the server points elsewhere; not followed"),
        Outcome::RateLimited => words("请求过于频繁，服务器要求等待", "the server asks to wait: too many requests"),
        Outcome::HttpStatus(404 | 410) => words("服务器上没有这个数据文件", "the server has no such file"),
        Outcome::HttpStatus(400..500) => words("服务器不接受该请求", "the server does not accept the request"),
        Outcome::HttpStatus(_) => words("服务器出错", "the server has a fault"),
        Outcome::Unreachable => words("连接不上服务器", "the server cannot be reached"),
        Outcome::UnreachableDns => words("服务器域名无法解析", "the server's name cannot be resolved"),
        Outcome::TimedOut => words("服务器没有按时答复", "the server did not answer in time"),
        Outcome::TlsFailed => words("无法建立可信的加密连接", "no trusted encrypted connection could be made"),
        Outcome::KeyMissing => words("没有可用的密钥", "there is no usable key"),
        Outcome::BadAddress => words("配置的地址不可用", "the configured address cannot be used"),
        Outcome::Unreadable => words("文件或文件夹无法读取", "the file or folder cannot be read"),
    }
}

/// What to do now about a poll that came out so.
#[must_use]
pub fn what_to_do(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Fetched | Outcome::Parsed | Outcome::Unchanged => words("无需处理", "nothing to do"),
        Outcome::NoReadableRows | Outcome::MostRowsRejected => words(
            "请查看不合格的行及原因：文件若经表格软件改存，请改放原始文件；网络数据格式若已变更，请升级本系统",
            "see the rejected rows and why: of a file that a spreadsheet saved anew bring the original; if a feed has changed its form, upgrade firegrid",
        ),
        Outcome::FutureRows => words(
            "请校准本机时钟（NTP）；时钟正确后会自动重新读取，手工导入的文件请再导入一次",
            "set this machine's clock (NTP); feeds and dropped files are then read again, a file given to `ingest` must be given again",
        ),
        Outcome::NoRows => words(
            "请对照卫星过境情况判断，不能直接报“零火点”",
            "compare with the satellite passes before reporting zero fires",
        ),
        Outcome::Refused(Refusal::InvalidKey | Refusal::KeyOrQuota) => words(
            "系统会放慢重试；若一小时后仍如此，请核对密钥文件",
            "firegrid retries slowly; if it lasts over an hour, check the key file",
        ),
        Outcome::Refused(Refusal::Quota) => words(
            "约十分钟后自动恢复；若反复出现，请检查是否有别处在用同一密钥",
            "heals in about ten minutes; if it comes back, see whether the key is used elsewhere too",
        ),
        Outcome::Refused(Refusal::LocalBudget) => words(
            "稍后自动恢复；若反复出现，请加大获取间隔",
            "heals by itself; if it comes back, poll less often (polling.interval_secs)",
        ),
        Outcome::Refused(Refusal::DayRange) => {
            words("请把该数据源的 days 改为 1 至 5", "set `days` of this source to 1..5")
        }
        Outcome::Refused(Refusal::Unknown) => {
            words("请查看详情并核对该数据源的配置", "see the detail and check the settings of this source")
        }
        Outcome::NotCsv => words(
            "请查看原文开头：可能是维护页面、网关登录页或地址有误",
            "look at how it begins: a maintenance page, a gateway's login page or a wrong address",
        ),
        Outcome::NotUtf8 => {
            words("请将文件另存为 UTF-8 编码的 CSV 后重新放入", "save it as CSV in UTF-8 and bring it again")
        }
        Outcome::Truncated => words(
            "网络数据会自动重试；文件请重新完整复制。若原文件末行就没有换行，可用 --allow-missing-newline 导入，投放文件夹则设 allow_missing_newline = true",
            "a feed is retried by itself; copy a file again in full. If the original ends without a line break, give `ingest` --allow-missing-newline or set allow_missing_newline = true of the drop folder",
        ),
        Outcome::MissingColumns | Outcome::DuplicateColumns => words(
            "数据格式可能已改变：请核对来源；如属官方变更请升级本系统",
            "the format may have changed: check the source, and upgrade firegrid if it did",
        ),
        Outcome::TooLarge | Outcome::RowTooLong | Outcome::TooManyRows => {
            words("请核对来源是否正确；大文件请拆分后再放入", "check the source; split a large file and bring it again")
        }
        Outcome::Unsupported => words("请按说明处理后重新放入", "do as the detail says, then bring it again"),
        Outcome::Redirected => words(
            "请核对 base_url；若在网关之后，请联系网络管理员",
            "check base_url; behind a gateway, ask the network administrator",
        ),
        Outcome::RateLimited => words("系统会按要求等待后重试", "firegrid waits as asked and tries again"),
        Outcome::HttpStatus(404 | 410) => words(
            "请核对卫星和区域名称；该卫星可能已停止供数",
            "check satellite and region; the satellite may have ended its service",
        ),
        Outcome::HttpStatus(400..500) => {
            words("请核对该数据源的配置和网络出口权限", "check the settings of this source and the network's rules")
        }
        Outcome::HttpStatus(_) => words("系统会自动重试", "firegrid tries again by itself"),
        Outcome::Unreachable | Outcome::TimedOut => words(
            "系统会自动重试；若持续出现，请检查网络和防火墙",
            "firegrid tries again; if it lasts, check network and firewall",
        ),
        Outcome::UnreachableDns => words("请检查域名解析（DNS）设置和 base_url", "check the DNS settings and base_url"),
        Outcome::TlsFailed => words(
            "请检查本机时间、ca-certificates 软件包，以及是否有网关拦截",
            "check this machine's clock, the ca-certificates package, and whether a gateway intercepts",
        ),
        Outcome::KeyMissing => {
            words("请在配置中设置 key_file 并确认文件可读", "set `key_file` of this source and see that it can be read")
        }
        Outcome::BadAddress => words("请在配置中改正 base_url", "correct `base_url` of this source"),
        Outcome::Unreadable => {
            words("请检查路径是否存在以及读写权限", "check that the path exists and may be read and written")
        }
    }
}

/// What to do now about a poll whose outcome was recorded by its name; nothing where all is well, or where this version does
/// not know the name.
#[must_use]
pub fn what_to_do_about(name: &str) -> Option<Words> {
    Outcome::from_name(name).filter(|outcome| !outcome.is_success()).map(what_to_do)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_says_in_both_languages_what_happened_and_what_to_do() {
        for outcome in Outcome::examples() {
            for words in [what_happened(outcome), what_to_do(outcome)] {
                assert!(words.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{outcome}");
                assert!(words.en.is_ascii() && words.en.len() > 10, "{outcome}");
            }
            let about = what_to_do_about(&outcome.name());
            assert_eq!(about.is_none(), outcome.is_success(), "{outcome}");
            assert_ne!(about.map(|words| words.en), Some("nothing to do"), "{outcome}");
        }
        assert_eq!(what_to_do_about("a word of a later version"), None);
    }
}
