//! The words of the log: what an entry is about, what happened, and what its fields are called.
//!
//! The log keeps words of programs; one that this version does not know stays as it is.

use crate::words::pages::{access, heat_sources, plans, shared, users};
use crate::words::{Words, words};

pub(crate) const ON_BEHALF: Words = words("代", "for ");
pub(crate) const THIS_MACHINE: Words = words("本机", "this machine");
pub(crate) const OWN_NETWORK: Words = words("内网", "own network");
pub(crate) const OUTSIDE: Words = words("外网", "elsewhere");
pub(crate) const SESSION: Words = words("会话", "session ");
pub(crate) const TOKEN: Words = words("令牌", "token ");
pub(crate) const COMMAND: Words = words("命令行", "command");
pub(crate) const LET_IN_BY: Words = words("放行：", "let in by ");
pub(crate) const HAS_PLOT: Words = words("有", "yes");
pub(crate) const YES: Words = words("是", "yes");
pub(crate) const NO: Words = words("否", "no");

/// What an entry is about.
pub(crate) fn subject(kind: &str) -> Words {
    match kind {
        "account" => words("账号", "account"),
        "alert" => words("告警", "alert"),
        "desk" => words("值班席位", "desk"),
        "plan" => words("烧除计划", "burn plan"),
        "weather" => words("焚烧气象等级", "burn weather"),
        "heat_source" => words("固定热源", "heat source"),
        "installation" => words("系统", "installation"),
        "judgement" => words("重新判定", "rejudgement"),
        "region" => words("区域文件", "region files"),
        "clock" => words("本机时钟", "this machine's clock"),
        "official_list" => words("官方名单", "official list"),
        _ => words("其他", "other"),
    }
}

/// What happened to something that is no alert and no plan.
pub(crate) fn event(subject: &str, kind: &str) -> Option<Words> {
    Some(match (subject, kind) {
        ("weather", "entered") => words("录入", "entered"),
        ("heat_source", "approved") => plans::APPROVED,
        ("heat_source", "renewed") => words("续期", "renewed"),
        ("heat_source", "handed_over") => words("移交", "handed over"),
        ("heat_source", "ended") => words("终止", "ended"),
        ("installation", "restored") => words("采用恢复的数据库", "restored database accepted"),
        ("clock", "doubted") => words("时间不可信，改按校正时间记录", "not believed; times are corrected"),
        ("clock", "believed") => words("时间恢复可信", "believed again"),
        ("official_list", "recorded") => words("录入", "recorded"),
        (_, "rejudged") => words("改判", "judged again"),
        (_, "people_imported") => words("导入责任人", "people imported"),
        (_, "duty_imported") => words("导入值班表", "roster imported"),
        _ => return None,
    })
}

/// What a field of an entry is called.
pub(crate) fn field(key: &str) -> Option<Words> {
    Some(match key {
        "role" => words("角色", "role"),
        "unit" | "unit_code" | "owner" => shared::UNIT_FIELD,
        "old_role" => words("原角色", "role before"),
        "old_unit" => words("原单位", "unit before"),
        "person" => users::PERSON_FIELD,
        "expires_at" | "expires" => shared::EXPIRES,
        "label" => words("用途", "for"),
        "power" => words("权限", "may"),
        "status" | "state" => words("状态", "state"),
        "note" => words("备注", "note"),
        "order" => plans::ORDER,
        "from" => words("自", "from"),
        "to" => shared::TO,
        "burnt_mu" => words("实际烧除（亩）", "burnt, mu"),
        "area_mu" => plans::AREA_MU_FIELD,
        "responsible" => words("负责人", "answers for it"),
        "cautions" => words("注意事项", "cautions"),
        "level" => words("等级", "level"),
        "text" => words("内容", "text"),
        "why" | "reason" => words("原因", "why"),
        "ahead_secs" => words("快（秒，负数为慢）", "ahead, s (negative: behind)"),
        "clock_shows" => words("本机时钟显示", "this clock showed"),
        "clock" => words("时限", "clock"),
        "name" => heat_sources::NAME_FIELD,
        "session" => words("设备", "device"),
        "token" => words("令牌", "token"),
        "rows" => words("行数", "rows"),
        "how" => words("方式", "how"),
        "device" => words("浏览器", "browser"),
        "address" => words("地址", "address"),
        "plot" => words("地块", "plot"),
        "window_start" => words("时段自", "window from"),
        "window_end" => words("时段至", "window to"),
        "received_at" => words("收到", "received"),
        "approved_in_file" | "approved_at_in_file" => words("文件所称批准时间", "approved, by the file"),
        "outcome" => words("结果", "outcome"),
        "watched_by" => words("看护人", "watched by"),
        "ended_on" => words("终止日期", "ended on"),
        "before" => words("之前", "before"),
        "after" => words("之后", "after"),
        "kind" => words("类型", "kind"),
        "radius_m" => heat_sources::RADIUS_FIELD,
        "lon" => heat_sources::LONGITUDE_FIELD,
        "lat" => heat_sources::LATITUDE_FIELD,
        "evidence" => words("证据", "evidence"),
        "day" | "date" => words("日期", "day"),
        _ => return None,
    })
}

/// How somebody came in.
pub(crate) fn came_in(word: &str) -> Option<Words> {
    Some(match word {
        "password" => access::BY_PASSWORD,
        "link" => access::BY_LINK,
        "sign_on" => access::BY_SIGN_ON,
        "demo" => access::BY_DEMONSTRATION,
        _ => return None,
    })
}

/// What a token may do.
pub(crate) fn power(word: &str) -> Option<Words> {
    Some(match word {
        "read" => access::READ,
        "write" => words("办理", "write"),
        "act_for" => words("代他人办理", "act for others"),
        _ => return None,
    })
}
