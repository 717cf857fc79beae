//! The city's sign-on: its button, and what to do where it lets nobody in.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const CITY_SIGN_ON: Words = words("用市统一身份认证登录", "Sign in with the city's own sign-on");
pub(crate) const YOUR_IDENTIFIER: Words = words("您的标识（sub）", "Your identifier (sub)");
pub(crate) const ADMIN_ENTERS_BY: Words = words("管理员登记：", "The administrator enters it by");
pub(crate) const BACK_TO_SIGN_IN: Words = words("返回登录页", "Back to the sign-in page");

/// The button of a provider that has a name.
pub(crate) fn sign_on_with(name: &str) -> Sentence {
    sentence(format!("用“{name}”登录"), format!("Sign in with “{name}”"))
}

/// What happened, and what to do.
pub(crate) type Told = (Words, Words);

pub(crate) const NOT_BEGUN: Told = (
    words("这次登录无法继续", "This sign-in cannot go on"),
    words(
        "请在同一浏览器中重新登录，并在10分钟内完成。",
        "Begin again in the same browser, and finish within ten minutes.",
    ),
);
pub(crate) const DENIED: Told = (
    words("统一身份认证没有放行", "The city's sign-on did not let you through"),
    words(
        "请重新登录；若您没有取消，请联系统一身份认证的管理部门。",
        "Try again; if you did not cancel it yourself, ask whoever runs the city's sign-on.",
    ),
);
pub(crate) const UNKNOWN: Told = (
    words("没有与您的统一身份对应的账号", "No account belongs to you"),
    words(
        "没有登录任何账号。请把下面的标识告诉管理员，由其登记。",
        "Nothing was opened. Give the administrator the identifier below, to be entered for you.",
    ),
);
pub(crate) const DISABLED: Told = (
    words("您的账号已停用", "Your account is disabled"),
    words("没有登录任何账号。如有疑问，请联系管理员。", "Nothing was opened. Ask the administrator."),
);
pub(crate) const OURS: Told =
    (words("暂时无法登录", "Nobody can sign in just now"), words("请稍后重试。", "Try again."));
pub(crate) const DOWN: Told = (
    words("统一身份认证暂时没有响应", "The city's sign-on does not answer"),
    words("请稍后重试，或用密码、个人链接登录。", "Try again in a moment, or come in by password or personal link."),
);
pub(crate) const OVER: Told = (
    words("这次登录已失效", "This sign-in is over"),
    words("登录凭证已使用或已过期，请重新登录。", "Its code was used or is too old: begin again."),
);
pub(crate) const NOT_TRUSTED: Told = (
    words("统一身份认证的答复无法采信", "The answer of the city's sign-on cannot be trusted"),
    words(
        "没有登录任何账号。请用密码或个人链接登录，并把下面的编号告诉运维人员。",
        "Nothing was opened. Come in by password or personal link, and tell the operator the reference below.",
    ),
);
