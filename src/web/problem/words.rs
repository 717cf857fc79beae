//! What went wrong in words: what happened, and what to do now. Causes go to the log, never to a page.

use super::Problem;
use crate::media::PhotoError;
use crate::store::{self, AccountError, ActError, AddError};
use crate::words::{Label, Lang, Say};

impl Problem {
    /// What happened, in plain words.
    #[expect(clippy::too_many_lines, reason = "a line or two for each problem there is")]
    pub fn happened(&self, lang: Lang) -> String {
        if let Some(store::Error::Gone { .. }) = self.of_store() {
            let (zh, en) = (
                "数据库文件已被移走或替换，未作记录；请立即告知系统管理员",
                "The database was moved away or replaced: nothing was recorded. Tell whoever runs the server at once",
            );
            return lang.pick(zh, en).to_owned();
        }
        match (self, lang) {
            _ if self.is_disk_refusal() => lang
                .pick(
                    "磁盘已满或无法写入，未做任何更改",
                    "The disk is full or cannot be written to: nothing was changed",
                )
                .to_owned(),
            (Self::BadDate { source, .. }, Lang::Zh) => format!("“{}”不是有效日期", source.text),
            (Self::BadDate { source, .. }, Lang::En) => format!("“{}” is not a date", source.text),
            (Self::EmptySpan, _) => lang.pick("结束日期早于开始日期", "The last day lies before the first").to_owned(),
            (Self::UnknownCounty(code), Lang::Zh) => format!("本区域没有代码为“{code}”的县区"),
            (Self::UnknownCounty(code), Lang::En) => format!("This region has no county with the code “{code}”"),
            (Self::UnknownAlert(number), Lang::Zh) => format!("没有编号为“{number}”的告警"),
            (Self::UnknownAlert(number), Lang::En) => format!("There is no alert “{number}”"),
            (Self::UnknownFeature(id), Lang::Zh) => format!("该数据集中没有要素“{id}”"),
            (Self::UnknownFeature(id), Lang::En) => format!("This collection has no feature “{id}”"),
            (Self::UnknownPage(_), _) => lang.pick("没有这个页面", "There is no such page").to_owned(),
            (Self::WrongMethod, _) => {
                lang.pick("此地址不支持这种请求方法", "This address does not answer that method").to_owned()
            }
            (Self::NoMap, _) => {
                lang.pick("区域文件中没有可绘制的图形", "The region files hold nothing to draw").to_owned()
            }
            (Self::Crowded(_) | Self::Store(store::Error::Crowded(_)), _) => lang
                .pick(
                    "同一账号或地址的请求过多，正在排队处理",
                    "So many requests of the same account or address wait already that this one was not taken",
                )
                .to_owned(),
            (Self::Spent(spent), _) => spent.say().of(lang),
            (Self::Store(_), _) => lang.pick("数据库暂时无法读取", "The database cannot be read just now").to_owned(),
            (Self::Media(_), _) => {
                lang.pick("保存的文件暂时无法读写", "A kept file cannot be read or written just now").to_owned()
            }
            (Self::Render(_) | Self::Encode(_), _) => {
                lang.pick("页面生成失败", "The page could not be made").to_owned()
            }
            (Self::SignIn, _) => lang
                .pick(
                    "尚未登录，或令牌缺失、不正确、已过期",
                    "Nobody is signed in, or the token is missing, wrong or too old",
                )
                .to_owned(),
            (Self::Groundless(unit), Lang::Zh) => format!("本区域已没有您账号所属的单位{unit}"),
            (Self::Groundless(unit), Lang::En) => {
                format!("This region has no unit {unit} any more, which your account is for")
            }
            (Self::NotForRole(role), Lang::Zh) => format!("“{}”账号无此权限", role.label().zh),
            (Self::NotForRole(role), Lang::En) => {
                format!("An account of the role “{}” may not do this", role.label().en)
            }
            (Self::ForeignUnit(unit), Lang::Zh) => format!("单位{unit}不在您的辖区内"),
            (Self::ForeignUnit(unit), Lang::En) => format!("The unit {unit} is not of your ground"),
            (Self::OnlyReads, _) => lang.pick("此令牌只能读取", "This token only reads").to_owned(),
            (Self::NotYourName(name), Lang::Zh) => format!("此账号不能以“{name}”的名义办理"),
            (Self::NotYourName(name), Lang::En) => format!("This account cannot act as “{name}”"),
            (Self::NotByProgram, _) => {
                lang.pick("须本人登录后办理，不能用令牌", "Only a person who is in does this, no token").to_owned()
            }
            (Self::SetUpFirst, _) => {
                lang.pick("请先设置两步验证", "Set up the second step of signing in first").to_owned()
            }
            (Self::CrossSite, _) => {
                lang.pick("此请求不是本系统页面发出的", "No page of this site sent this request").to_owned()
            }
            (Self::WrongHost, _) => lang.pick("网址中的主机名不是本系统", "The address names another host").to_owned(),
            (Self::NotThroughProxy, _) => {
                lang.pick("请求未经指定的代理", "The request did not come through the named proxy").to_owned()
            }
            (Self::DeadLink, _) => {
                lang.pick("登录链接已使用或已过期", "The sign-in link was used or is too old").to_owned()
            }
            (Self::Account(AccountError::Store(_)) | Self::Credentials(_), _) => {
                lang.pick("暂时无法处理账号", "Accounts cannot be worked with just now").to_owned()
            }
            (Self::Account(problem), _) => problem.say().of(lang),
            (Self::BadParameter { name, value, expected }, Lang::Zh) => {
                format!("参数 {name} 的值“{value}”无效，应为：{expected}")
            }
            (Self::BadParameter { name, value, expected }, Lang::En) => {
                format!("The parameter {name} is “{value}”, expected {expected}")
            }
            (Self::UnknownParameter { name, .. }, Lang::Zh) => format!("没有参数“{name}”"),
            (Self::UnknownParameter { name, .. }, Lang::En) => format!("There is no parameter “{name}” here"),
            (Self::Refused(refused), _) => refused.said(lang).to_owned(),
            (Self::Form(text), _) => lang.of_both(text).to_owned(),
            (Self::BadBody(problem), Lang::Zh) => format!("请求内容无法读取：{problem}"),
            (Self::BadBody(problem), Lang::En) => format!("The body cannot be read: {problem}"),
            // What failed inside is only for the log.
            (
                Self::Act(ActError::Store(_))
                | Self::Add(AddError::Store(_))
                | Self::Photo(PhotoError::Media(_))
                | Self::Interrupted,
                _,
            ) => lang.pick("暂时无法写入", "It cannot be written just now").to_owned(),
            (Self::Actor(problem), _) => problem.say().of(lang),
            (Self::Act(problem), _) => problem.say().of(lang),
            (Self::Add(problem), _) => problem.say().of(lang),
            (Self::Photo(problem), _) => problem.say().of(lang),
        }
    }

    /// What to do now.
    pub fn advice(&self, lang: Lang) -> String {
        if let Self::UnknownParameter { known, .. } = self {
            let known = if known.is_empty() { lang.pick("无", "none").to_owned() } else { known.join(", ") };
            return format!("{}{known}", lang.pick("可用参数：", "Known here: "));
        }
        self.fixed_advice(lang).to_owned()
    }

    fn fixed_advice(&self, lang: Lang) -> &'static str {
        match self {
            _ if self.is_disk_refusal() => lang.pick(
                "紧急情况请先打电话。请立即通知运维人员腾出数据目录所在的磁盘空间，无需重启，腾出后再提交一次；网页上填写的内容，返回上一页仍在。",
                "What is urgent goes by telephone. Tell the operator now to free space on the disk of the data folder: nothing needs a restart, then send it again. What was typed on a page is still there on going back.",
            ),
            Self::BadDate { .. } => lang
                .pick("请按“年-月-日”填写，例如 2026-04-13。", "Write it as year-month-day, for example 2026-04-13."),
            Self::EmptySpan => lang.pick("请把两个日期对调后重试。", "Swap the two dates and try again."),
            Self::UnknownCounty(_) => {
                lang.pick("县区代码见 /api/v1/units.geojson。", "County codes are listed in /api/v1/units.geojson.")
            }
            Self::UnknownAlert(_) => lang.pick(
                "请核对编号（形如 20260413-0001），或回到当日火点图查找。",
                "Check the number (such as 20260413-0001), or look for it on the fire map of its day.",
            ),
            Self::UnknownFeature(_) => lang.pick(
                "它可能已并入另一条，或已被后来的数据取代；请重新读取数据集。",
                "It may have been merged into another or been superseded by later data; read the collection again.",
            ),
            Self::UnknownPage(_) => {
                lang.pick("请核对网址，或回到当日火点图。", "Check the address, or go back to today's fire map.")
            }
            Self::WrongMethod => lang.pick("可用方法见 Allow 响应头。", "The Allow header names those it answers."),
            Self::NoMap => lang.pick("请运行 firegrid check 检查区域文件。", "Run firegrid check on the region files."),
            Self::SignIn => lang.pick(
                "请在 Authorization: Bearer 中给出有效令牌，或先登录。",
                "Send a valid token as Authorization: Bearer, or sign in first.",
            ),
            Self::Groundless(_) => {
                lang.pick("请联系管理员改换账号的单位。", "Ask the administrator for an account of another unit.")
            }
            Self::NotForRole(_) | Self::OnlyReads | Self::ForeignUnit(_) => {
                lang.pick("如确需办理，请联系管理员。", "If you need to, ask the administrator.")
            }
            Self::NotYourName(_) => {
                lang.pick(
                    "请省略 as，即以本账号名义办理；代办令牌须写明名册中或有账号的人员及其单位（姓名@单位代码）。",
                    "Leave `as` out: the account acts in its own name. A token that acts for others names somebody of the lists, or \
                     with an account, at his unit: NAME@UNIT.",
                )
            }
            Self::NotByProgram => lang.pick("请在本系统页面上办理。", "Do it on a page of this site."),
            Self::SetUpFirst => lang.pick(
                "请登录后打开“我的账号—两步验证”。",
                "Sign in and open “My account”, second step.",
            ),
            Self::CrossSite => {
                lang.pick("请在本系统页面上重新操作。", "Open the page of this site again and do it there.")
            }
            Self::WrongHost => lang.pick("请使用公布的网址。", "Use the address that was given out."),
            Self::NotThroughProxy => {
                lang.pick("请使用公布的网址访问。", "Use the public address; only the proxy may connect here.")
            }
            Self::DeadLink => lang.pick(
                "请向乡镇值班室要一个新的链接。每个链接只能用一次。",
                "Ask the township's desk for a new one. A link works once.",
            ),
            Self::BadParameter { .. } => lang.pick("说明见 docs/api.md。", "See docs/api.md for what it takes."),
            Self::UnknownParameter { .. } => "",
            Self::BadBody(_) => lang.pick("字段说明见 docs/api.md。", "See docs/api.md for the fields."),
            Self::Actor(_) => {
                lang.pick("请写作“姓名@单位代码”。", "Write NAME@UNIT, with the code of the unit acted for.")
            }
            Self::Crowded(_) | Self::Store(store::Error::Crowded(_)) => {
                lang.pick("请稍候几秒再试。", "Try again in a few seconds.")
            }
            Self::Act(_) | Self::Add(_) | Self::Photo(_) | Self::Refused(_) | Self::Form(_) | Self::Spent(_) => {
                lang.pick("未做任何更改。", "Nothing was changed.")
            }
            Self::Account(AccountError::Store(_)) => lang.pick("请稍后重试。", "Try again in a moment."),
            Self::Account(_) => lang.pick("未做任何更改。", "Nothing was changed."),
            Self::Store(_)
            | Self::Media(_)
            | Self::Render(_)
            | Self::Encode(_)
            | Self::Interrupted
            | Self::Credentials(_) => lang.pick(
                "请稍后重试；若仍不行，请把下面的编号告诉运维人员。",
                "Try again in a moment; if it stays, tell the operator the reference below.",
            ),
        }
    }
}
