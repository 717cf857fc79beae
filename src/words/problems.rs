//! What went wrong with a request: what happened, and what to do now. Causes go to the log, never to a page.

use std::fmt::Display;

use super::{Lang, Sentence, Words, sentence, words};
use crate::domain::unit::UnitCode;

pub(crate) const DATABASE_MOVED: Words = words(
    "数据库文件已被移走或替换，未作记录；请立即告知系统管理员",
    "The database was moved away or replaced: nothing was recorded. Tell whoever runs the server at once",
);
pub(crate) const DISK_FULL: Words =
    words("磁盘已满或无法写入，未做任何更改", "The disk is full or cannot be written to: nothing was changed");
pub(crate) const EMPTY_SPAN: Words = words("结束日期早于开始日期", "The last day lies before the first");
pub(crate) const NO_PAGE: Words = words("没有这个页面", "There is no such page");
pub(crate) const WRONG_METHOD: Words = words("此地址不支持这种请求方法", "This address does not answer that method");
pub(crate) const NO_MAP: Words = words("区域文件中没有可绘制的图形", "The region files hold nothing to draw");
pub(crate) const CROWDED: Words = words(
    "同一账号或地址的请求过多，正在排队处理",
    "So many requests of the same account or address wait already that this one was not taken",
);
pub(crate) const DATABASE_UNREADABLE: Words = words("数据库暂时无法读取", "The database cannot be read just now");
pub(crate) const FILE_UNREADABLE: Words =
    words("保存的文件暂时无法读写", "A kept file cannot be read or written just now");
pub(crate) const PAGE_FAILED: Words = words("页面生成失败", "The page could not be made");
pub(crate) const NOT_SIGNED_IN: Words =
    words("尚未登录，或令牌缺失、不正确、已过期", "Nobody is signed in, or the token is missing, wrong or too old");
pub(crate) const ONLY_READS: Words = words("此令牌只能读取", "This token only reads");
pub(crate) const NOT_BY_PROGRAM: Words =
    words("须本人登录后办理，不能用令牌", "Only a person who is in does this, no token");
pub(crate) const SET_UP_FIRST: Words = words("请先设置两步验证", "Set up the second step of signing in first");
pub(crate) const CROSS_SITE: Words = words("此请求不是本系统页面发出的", "No page of this site sent this request");
pub(crate) const WRONG_HOST: Words = words("网址中的主机名不是本系统", "The address names another host");
pub(crate) const NOT_THROUGH_PROXY: Words =
    words("请求未经指定的代理", "The request did not come through the named proxy");
pub(crate) const DEAD_LINK: Words = words("登录链接已使用或已过期", "The sign-in link was used or is too old");
pub(crate) const ACCOUNTS_FAILED: Words = words("暂时无法处理账号", "Accounts cannot be worked with just now");
pub(crate) const NOT_WRITTEN: Words = words("暂时无法写入", "It cannot be written just now");
pub(crate) const FILES_TOO_LARGE: Words = words("上传的文件太大", "the files are too large");
pub(crate) const DISK_NEARLY_FULL: Words = words(
    "磁盘空间将满，暂不接收照片，火点与办理照常记录；请通知运维人员腾出空间后再传",
    "the disk is nearly full: no photo is taken until the operator frees space; fires and acts are recorded as ever",
);

/// Answers without a page, where none can be made: both languages, one below the other.
pub(crate) const NO_SUCH_FILE: &str = "没有这个文件 / no such file\n";
pub(crate) const TOOK_TOO_LONG: &str =
    "处理超时，请稍后重试。\nThis took too long and was broken off. Please try again.\n";
pub(crate) const FAILED_INSIDE: &str =
    "系统内部错误，已记录。请稍后重试。\nfiregrid failed inside; this was recorded. Please try again.\n";

pub(crate) fn not_a_date(text: &str) -> Sentence {
    sentence(format!("“{text}”不是有效日期"), format!("“{text}” is not a date"))
}

pub(crate) fn unknown_county(code: &str) -> Sentence {
    sentence(format!("本区域没有代码为“{code}”的县区"), format!("This region has no county with the code “{code}”"))
}

pub(crate) fn unknown_alert(number: &str) -> Sentence {
    sentence(format!("没有编号为“{number}”的告警"), format!("There is no alert “{number}”"))
}

pub(crate) fn unknown_feature(id: &str) -> Sentence {
    sentence(format!("该数据集中没有要素“{id}”"), format!("This collection has no feature “{id}”"))
}

pub(crate) fn unit_is_gone(unit: &UnitCode) -> Sentence {
    sentence(
        format!("本区域已没有您账号所属的单位{unit}"),
        format!("This region has no unit {unit} any more, which your account is for"),
    )
}

pub(crate) fn not_for_role(role: Words) -> Sentence {
    sentence(format!("“{}”账号无此权限", role.zh), format!("An account of the role “{}” may not do this", role.en))
}

pub(crate) fn foreign_unit(unit: &UnitCode) -> Sentence {
    sentence(format!("单位{unit}不在您的辖区内"), format!("The unit {unit} is not of your ground"))
}

pub(crate) fn not_your_name(name: &str) -> Sentence {
    sentence(format!("此账号不能以“{name}”的名义办理"), format!("This account cannot act as “{name}”"))
}

pub(crate) fn bad_parameter(name: &str, value: &str, expected: &str) -> Sentence {
    sentence(
        format!("参数 {name} 的值“{value}”无效，应为：{expected}"),
        format!("The parameter {name} is “{value}”, expected {expected}"),
    )
}

pub(crate) fn unknown_parameter(name: &str) -> Sentence {
    sentence(format!("没有参数“{name}”"), format!("There is no parameter “{name}” here"))
}

pub(crate) fn unreadable_body(why: &str) -> Sentence {
    sentence(format!("请求内容无法读取：{why}"), format!("The body cannot be read: {why}"))
}

pub(crate) fn rows_at_fault(count: usize) -> Sentence {
    sentence(
        format!("文件有{count}处错误，未导入任何一行"),
        format!("the file has {count} fault(s), no row was imported"),
    )
}

pub(crate) fn body_too_large(limit: u64) -> Sentence {
    sentence(
        format!("请求内容超过{limit}字节"),
        format!("the body is larger than {limit} bytes: divide it or send less"),
    )
}

/// What an error says that still tells it in both languages itself, Chinese first.
pub(crate) fn joined(error: &impl Display) -> Sentence {
    let text = error.to_string();
    sentence(Lang::Zh.of_both(&text), Lang::En.of_both(&text))
}

/// Values that a parameter can have, for whoever wrote a wrong one.
pub(crate) mod expected {
    pub(crate) const UNIT: &str = "the code of a unit · 单位代码";
    pub(crate) const OWN_UNIT: &str = "a unit of your own ground · 本辖区内的单位";
    pub(crate) const LATER_HOUR: &str = "an hour after from_hour · 晚于 from_hour";
    pub(crate) const HOUR: &str = "an hour of the day, 0 to 24 · 0至24时";
    pub(crate) const LISTED: &str = "words of the list on the page · 页面列表中的值";
}

/// What to do now.
pub(crate) mod advice {
    use crate::words::{Sentence, Words, sentence, words};

    pub(crate) const FREE_THE_DISK: Words = words(
        "紧急情况请先打电话。请立即通知运维人员腾出数据目录所在的磁盘空间，无需重启，腾出后再提交一次；网页上填写的内容，返回上一页仍在。",
        "What is urgent goes by telephone. Tell the operator now to free space on the disk of the data folder: nothing needs a restart, then send it again. What was typed on a page is still there on going back.",
    );
    pub(crate) const WRITE_A_DATE: Words =
        words("请按“年-月-日”填写，例如 2026-04-13。", "Write it as year-month-day, for example 2026-04-13.");
    pub(crate) const SWAP_DATES: Words = words("请把两个日期对调后重试。", "Swap the two dates and try again.");
    pub(crate) const COUNTY_CODES: Words =
        words("县区代码见 /api/v1/units.geojson。", "County codes are listed in /api/v1/units.geojson.");
    pub(crate) const CHECK_NUMBER: Words = words(
        "请核对编号（形如 20260413-0001），或返回当日火点图查找。",
        "Check the number (such as 20260413-0001), or look for it on the fire map of its day.",
    );
    pub(crate) const READ_AGAIN: Words = words(
        "它可能已并入另一条，或已被后来的数据取代；请重新读取数据集。",
        "It may have been merged into another or been superseded by later data; read the collection again.",
    );
    pub(crate) const CHECK_ADDRESS: Words =
        words("请核对网址，或返回当日火点图。", "Check the address, or go back to today's fire map.");
    pub(crate) const ALLOWED_METHODS: Words =
        words("可用方法见 Allow 响应头。", "The Allow header names those it answers.");
    pub(crate) const CHECK_REGION: Words =
        words("请运行 firegrid check 检查区域文件。", "Run firegrid check on the region files.");
    pub(crate) const SEND_A_TOKEN: Words = words(
        "请在 Authorization: Bearer 中给出有效令牌，或先登录。",
        "Send a valid token as Authorization: Bearer, or sign in first.",
    );
    pub(crate) const ANOTHER_UNIT: Words =
        words("请联系管理员改换账号的单位。", "Ask the administrator for an account of another unit.");
    pub(crate) const ASK_ADMINISTRATOR: Words =
        words("如确需办理，请联系管理员。", "If you need to, ask the administrator.");
    pub(crate) const LEAVE_AS_OUT: Words = words(
        "请省略 as，即以本账号名义办理；代办令牌须写明名册中或有账号的人员及其单位（姓名@单位代码）。",
        "Leave `as` out: the account acts in its own name. A token that acts for others names somebody of the lists, or with an account, at his unit: NAME@UNIT.",
    );
    pub(crate) const ON_A_PAGE: Words = words("请在本系统页面上办理。", "Do it on a page of this site.");
    pub(crate) const SET_UP_SECOND_STEP: Words =
        words("请登录后打开“我的账号—两步验证”。", "Sign in and open “My account”, second step.");
    pub(crate) const FROM_OUR_PAGE: Words =
        words("请在本系统页面上重新操作。", "Open the page of this site again and do it there.");
    pub(crate) const PUBLISHED_ADDRESS: Words = words("请使用公布的网址。", "Use the address that was given out.");
    pub(crate) const PUBLIC_ADDRESS: Words =
        words("请使用公布的网址访问。", "Use the public address; only the proxy may connect here.");
    pub(crate) const NEW_LINK: Words = words(
        "请向乡镇值班室要一个新的链接。每个链接只能用一次。",
        "Ask the township's desk for a new one. A link works once.",
    );
    pub(crate) const PARAMETER_HELP: Words = words("说明见 docs/api.md。", "See docs/api.md for what it takes.");
    pub(crate) const FIELD_HELP: Words = words("字段说明见 docs/api.md。", "See docs/api.md for the fields.");
    pub(crate) const NAME_AT_UNIT: Words =
        words("请写作“姓名@单位代码”。", "Write NAME@UNIT, with the code of the unit acted for.");
    pub(crate) const IN_SECONDS: Words = words("请稍候几秒再试。", "Try again in a few seconds.");
    pub(crate) const NOTHING_CHANGED: Words = words("未做任何更改。", "Nothing was changed.");
    pub(crate) const IN_A_MOMENT: Words = words("请稍后重试。", "Try again in a moment.");
    pub(crate) const TELL_OPERATOR: Words = words(
        "请稍后重试；若仍不行，请把下面的编号告诉运维人员。",
        "Try again in a moment; if it stays, tell the operator the reference below.",
    );

    pub(crate) fn known_parameters(known: &[&str]) -> Sentence {
        let known = known.join(", ");
        let (zh, en) = if known.is_empty() { ("无", "none") } else { (known.as_str(), known.as_str()) };
        sentence(format!("可用参数：{zh}"), format!("Known here: {en}"))
    }
}
