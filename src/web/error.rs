//! What people and programs are told when a request cannot be answered.
//!
//! A page says what happened, what to do now, and a reference that is also in the log; the
//! API says the same as problem+json (RFC 9457). Causes go to the log, never to the page.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::Web;
use super::api::Refused;
use super::ask::{Ask, percent_encoded};
use super::frame::Frame;
use super::layers::logged;
use super::refusals;
use crate::credentials;
use crate::domain::account::Role;
use crate::domain::actor::ActorError;
use crate::domain::case::Refusal;
use crate::domain::share::Spent;
use crate::domain::time::TimeError;
use crate::domain::unit::UnitCode;
use crate::media;
use crate::media::PhotoError;
use crate::report::lang::Lang;
use crate::store::{self, AccountError, ActError, AddError};
use crate::turns::Crowded;

/// Why a request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// A date that is none.
    #[error("the parameter {name} is not a date")]
    BadDate {
        /// The parameter.
        name: &'static str,
        /// What it was, and what was expected.
        source: TimeError,
    },
    /// A span that ends before it begins.
    #[error("`to` lies before `from`")]
    EmptySpan,
    /// A unit code that the region does not have.
    #[error("there is no county {0:?} in this region")]
    UnknownCounty(String),
    /// An alert number that was never given.
    #[error("there is no alert {0:?}")]
    UnknownAlert(String),
    /// A feature that a collection does not hold.
    #[error("there is no feature {0:?} in this collection")]
    UnknownFeature(String),
    /// A path that is none.
    #[error("there is no page {0:?}")]
    UnknownPage(String),
    /// A method that the address does not answer.
    #[error("the address does not answer this method")]
    WrongMethod,
    /// A map of a region without any place to draw.
    #[error("the region has no outlines to draw")]
    NoMap,
    /// The database failed.
    #[error("the database cannot be read")]
    Store(#[from] store::Error),
    /// A file beside the database failed.
    #[error("a kept file cannot be used")]
    Media(#[from] media::Error),
    /// Nobody is signed in, or the token is missing or wrong.
    #[error("nobody is signed in")]
    SignIn,
    /// The region has no unit of the account any more.
    #[error("the region has no unit {0} any more")]
    Groundless(UnitCode),
    /// The role does not do that.
    #[error("accounts of the role {} do not do that", .0.name())]
    NotForRole(Role),
    /// A unit that is not of the account's ground.
    #[error("the unit {0} is not of this account's ground")]
    ForeignUnit(UnitCode),
    /// The token only reads.
    #[error("the token only reads")]
    OnlyReads,
    /// An account that acts in another's name.
    #[error("{0:?} is not who acts")]
    NotYourName(String),
    /// Something that only a person does who is in.
    #[error("a program with a token cannot do this")]
    NotByProgram,
    /// The second step of signing in has to be set up before.
    #[error("the second step of signing in is not set up")]
    SetUpFirst,
    /// A form or call that no page of ours sent.
    #[error("the request comes from another site")]
    CrossSite,
    /// A host that is not this site.
    #[error("the request names another host")]
    WrongHost,
    /// A request past the proxy.
    #[error("the request comes past the proxy")]
    NotThroughProxy,
    /// A personal link that can no longer be used.
    #[error("the link was used or is too old")]
    DeadLink,
    /// Something about accounts was not done.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Passwords and secrets cannot be worked with.
    #[error("passwords and secrets cannot be worked with")]
    Credentials(#[from] credentials::Failed),
    /// A parameter that is not what was expected.
    #[error("the parameter {name} is {value:?}")]
    BadParameter {
        /// The parameter.
        name: &'static str,
        /// What it was.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A parameter that the address does not know.
    #[error("the parameter {name:?} is unknown")]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// Those it knows.
        known: Vec<&'static str>,
    },
    /// A call that was refused, in its own words.
    #[error("{0}")]
    Refused(Refused),
    /// A body that cannot be read.
    #[error("the body cannot be read: {0}")]
    BadBody(String),
    /// A form that was not filled in right; Chinese and English.
    #[error("{0}")]
    Form(String),
    /// It does not say who acts.
    #[error(transparent)]
    Actor(#[from] ActorError),
    /// A command was refused.
    #[error(transparent)]
    Act(#[from] ActError),
    /// A case was not taken.
    #[error(transparent)]
    Add(#[from] AddError),
    /// A photo was not taken.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// So much of the same account or address waits already.
    #[error("too many requests of the same account or address wait")]
    Crowded(#[from] Crowded),
    /// A share of the account is spent.
    #[error(transparent)]
    Spent(#[from] Spent),
    /// Work was broken off inside.
    #[error("the work was broken off")]
    Interrupted,
    /// A template failed.
    #[error("the page cannot be written")]
    Render(#[from] askama::Error),
    /// A document cannot be written.
    #[error("the document cannot be written")]
    Encode(#[from] serde_json::Error),
}

impl Problem {
    /// Whether whoever sent a form can put it right: it is shown again with what was typed and why it was refused.
    pub(super) fn is_of_the_form(&self) -> bool {
        self.status().is_client_error() && !matches!(self.status(), StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// The failure of the database that is behind it, if one is.
    fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error)
            | Self::Act(ActError::Store(error))
            | Self::Add(AddError::Store(error))
            | Self::Account(AccountError::Store(error)) => Some(error),
            _ => None,
        }
    }

    /// Whether the disk takes nothing more: room helps, another try does not.
    fn is_disk_refusal(&self) -> bool {
        match self {
            Self::Media(error) | Self::Photo(PhotoError::Media(error)) => error.is_disk_refusal(),
            other => other.of_store().is_some_and(store::Error::is_disk_refusal),
        }
    }

    /// The status it is answered with.
    pub(super) fn status(&self) -> StatusCode {
        if self.of_store().is_some_and(store::Error::is_unavailable) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        if matches!(self.of_store(), Some(store::Error::Crowded(_))) {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        match self {
            _ if self.is_disk_refusal() => StatusCode::INSUFFICIENT_STORAGE,
            Self::Crowded(_) | Self::Spent(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::BadDate { .. }
            | Self::EmptySpan
            | Self::UnknownCounty(_)
            | Self::BadParameter { .. }
            | Self::UnknownParameter { .. }
            | Self::BadBody(_) => StatusCode::BAD_REQUEST,
            Self::Refused(refused) => refused.status,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::DeadLink | Self::Account(AccountError::Unknown(_)) => StatusCode::NOT_FOUND,
            Self::Act(problem) => act_status(problem),
            Self::Add(AddError::Store(_))
            | Self::Photo(PhotoError::Media(_))
            | Self::Media(_)
            | Self::Account(AccountError::Store(_))
            | Self::Credentials(_)
            | Self::Interrupted
            | Self::Store(_)
            | Self::Render(_)
            | Self::Encode(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Account(AccountError::Taken(_) | AccountError::LastAdmin) | Self::Add(AddError::ForeignId(_)) => {
                StatusCode::CONFLICT
            }
            Self::Account(AccountError::Disabled(_))
            | Self::Groundless(_)
            | Self::NotForRole(_)
            | Self::ForeignUnit(_)
            | Self::OnlyReads
            | Self::NotYourName(_)
            | Self::NotByProgram
            | Self::SetUpFirst
            | Self::CrossSite
            | Self::NotThroughProxy
            | Self::Add(AddError::Rights(_)) => StatusCode::FORBIDDEN,
            Self::Photo(PhotoError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Account(AccountError::Name(_)) | Self::Form(_) | Self::Actor(_) | Self::Add(_) | Self::Photo(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::UnknownAlert(_) | Self::UnknownFeature(_) | Self::UnknownPage(_) | Self::NoMap => {
                StatusCode::NOT_FOUND
            }
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// What happened, in plain words.
    #[expect(clippy::too_many_lines, reason = "a line or two for each problem there is")]
    pub(super) fn happened(&self, lang: Lang) -> String {
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
            (Self::Spent(spent), _) => lang.of_both(&spent.to_string()).to_owned(),
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
            (Self::NotForRole(role), Lang::Zh) => format!("“{}”账号无此权限", role.label_zh()),
            (Self::NotForRole(role), Lang::En) => {
                format!("An account of the role “{}” may not do this", role.label_en())
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
            (Self::Account(problem), _) => lang.of_both(&problem.to_string()).to_owned(),
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
            // These say it in both languages themselves; causes inside are only for the log.
            (
                Self::Act(ActError::Store(_))
                | Self::Add(AddError::Store(_))
                | Self::Photo(PhotoError::Media(_))
                | Self::Interrupted,
                _,
            ) => lang.pick("暂时无法写入", "It cannot be written just now").to_owned(),
            (Self::Actor(problem), _) => lang.of_both(&problem.to_string()).to_owned(),
            (Self::Act(problem), _) => lang.of_both(&problem.to_string()).to_owned(),
            (Self::Add(problem), _) => lang.of_both(&problem.to_string()).to_owned(),
            (Self::Photo(problem), _) => lang.of_both(&problem.to_string()).to_owned(),
        }
    }

    fn advice(&self, lang: Lang) -> String {
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

    /// After how many seconds another try has a chance, where it is known.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Crowded(_) => Some(CROWDED_SECS),
            Self::Spent(Spent { wait, .. }) => Some(wait.as_secs().max(1)),
            _ if self.status() == StatusCode::TOO_MANY_REQUESTS => Some(CROWDED_SECS),
            _ => None,
        }
    }

    /// Puts its status on a page that shows a form again, and the wait where one helps.
    pub(super) fn mark(&self, response: &mut Response) {
        *response.status_mut() = self.status();
        if let Some(wait) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
    }

    /// Errors of ours and refusals are logged here, once, with the reference the page shows.
    pub(super) fn log(&self, ask: &Ask) {
        refusals::note_problem(self, ask);
        if self.status().is_server_error() {
            tracing::error!(path = logged(&ask.path), id = %ask.request_id, cause = causes(self), "{self}");
        }
    }
}

/// Seconds after which a line that is too long has moved on.
const CROWDED_SECS: u64 = 5;

/// Everything behind an error, the nearest first.
fn causes(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(error.source(), |cause| cause.source());
    behind.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn act_status(problem: &ActError) -> StatusCode {
    match problem {
        ActError::Unknown(_) => StatusCode::NOT_FOUND,
        ActError::Gone { .. } => StatusCode::GONE,
        ActError::Refused(Refusal::Rights { .. } | Refusal::OwnFinding { .. }) => StatusCode::FORBIDDEN,
        ActError::Refused(Refusal::State { .. }) | ActError::ForeignId(_) => StatusCode::CONFLICT,
        ActError::Refused(Refusal::Content { .. }) | ActError::Target { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ActError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    status: u16,
    happened: String,
    advice: String,
}

/// Answers with a page, or with the page of what went wrong.
pub(super) async fn page(web: &Web, ask: &Ask, result: Result<String, Problem>) -> Response {
    let (status, wait, body) = match result {
        Ok(body) => (StatusCode::OK, None, body),
        Err(problem) => (problem.status(), problem.retry_after(), error_page(web, ask, &problem).await),
    };
    let language = HeaderValue::from_static(ask.lang.tag());
    let vary = HeaderValue::from_static("accept-language");
    // The state of a fire must never come from a cache, nor one account's pages to another.
    let cache = HeaderValue::from_static("no-cache, private");
    let headers = [(header::CONTENT_LANGUAGE, language), (header::VARY, vary), (header::CACHE_CONTROL, cache)];
    waiting((status, headers, Html(body)).into_response(), wait)
}

/// An answer that says when another try has a chance.
fn waiting(mut response: Response, wait: Option<u64>) -> Response {
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    response
}

async fn error_page(web: &Web, ask: &Ask, problem: &Problem) -> String {
    problem.log(ask);
    let page = ErrorPage {
        f: Frame::of(web, ask).await,
        status: problem.status().as_u16(),
        happened: problem.happened(ask.lang),
        advice: problem.advice(ask.lang),
    };
    page.render().unwrap_or_else(|_| problem.happened(ask.lang))
}

/// Answers a request that no page and no call takes: programs get a document, people a page, and whoever is not in
/// the page to sign in on.
pub(super) async fn refused(web: &Web, ask: &Ask, problem: Problem) -> Response {
    if is_api(ask) {
        let mut response = document(ask, Err(problem));
        if response.status() == StatusCode::UNAUTHORIZED {
            // Map programs can send a token as the password of Basic.
            let scheme = if ask.path.starts_with("/ogc") { "Basic realm=\"firegrid\"" } else { "Bearer" };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        return response;
    }
    if matches!(problem, Problem::SignIn) {
        problem.log(ask);
        return see_other(&ask.href(&format!("/sign-in?next={}", percent_encoded(&ask.here()))));
    }
    page(web, ask, Err(problem)).await
}

/// Sends a browser to another page of this site, after a form or instead of a page.
pub(super) fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
    )
        .into_response()
}

/// Answers with a document, or with problem+json.
pub(super) fn document(ask: &Ask, result: Result<Response, Problem>) -> Response {
    result.unwrap_or_else(|problem| {
        problem.log(ask);
        let status = problem.status();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": format!("{}. {}", problem.happened(Lang::En), problem.advice(Lang::En)),
            "detail_zh": format!("{}。{}", problem.happened(Lang::Zh), problem.advice(Lang::Zh)),
            "instance": ask.path,
            "reference": ask.request_id,
        });
        if let (Problem::Refused(Refused { faults, .. }), Some(fields)) = (&problem, body.as_object_mut())
            && !faults.is_empty()
        {
            fields.insert("faults".to_owned(), json!(faults));
        }
        let response = (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response();
        waiting(response, problem.retry_after())
    })
}

/// Whether an address belongs to what programs ask, which never says with a page that something is wrong.
fn is_api(ask: &Ask) -> bool {
    is_api_path(&ask.path)
}

/// As [`is_api`], of a path.
pub(super) fn is_api_path(path: &str) -> bool {
    path.starts_with("/api/") || path == "/ogc" || path.starts_with("/ogc/")
}

/// Answers addresses that are none.
pub(super) async fn no_such_page(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let problem = Problem::UnknownPage(ask.path.clone());
    if is_api(&ask) { document(&ask, Err(problem)) } else { page(&web, &ask, Err(problem)).await }
}

/// Answers methods that an address does not answer.
pub(super) async fn wrong_method(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    if is_api(&ask) {
        document(&ask, Err(Problem::WrongMethod))
    } else {
        page(&web, &ask, Err(Problem::WrongMethod)).await
    }
}
