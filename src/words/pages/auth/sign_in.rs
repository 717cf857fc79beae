//! Signing in.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const CONFIRM_LINK: Words = words(
    "点下面的按钮，在这部手机上登录。链接只能用一次，请勿转发。",
    "Press the button to sign in on this phone. The link works once: do not pass it on.",
);
pub(crate) const IT_IS_ME: Words = words("我是本人，进入", "This is me: go in");
pub(crate) const DIGITS_OR_CODE: Words =
    words("认证器上的6位数字，或一个恢复码", "The six digits of your authenticator, or a recovery code");
pub(crate) const GO_IN: Words = words("验证并登录", "Go in");
pub(crate) const PHONE_LOST: Words = words(
    "手机丢失又没有恢复码时，请联系管理员取消两步验证。",
    "Without the phone and without a recovery code, ask the administrator to take the second step away.",
);
pub(crate) const SIGN_IN: Words = words("登录", "Sign in");
pub(crate) const NAME: Words = words("登录名", "Name");
pub(crate) const FIELD_AND_FORGOTTEN: Words = words(
    "网格员请打开值班室发来的个人链接，不需要密码。忘记密码请联系管理员。",
    "Inspectors open the personal link that their desk sends; they need no password. Ask the administrator for a new one.",
);
pub(crate) const DEMO_ACCOUNTS: Words = words("演示账号（一键登录）", "Demonstration accounts: one press");
pub(crate) const WRONG_NAME_OR_PASSWORD: Words = words("登录名或密码不正确。", "Name or password is wrong.");
pub(crate) const WRONG_CODE: Words = words("验证码不正确或已用过。", "The code is wrong, or was used before.");
pub(crate) const TOO_LATE: Words =
    words("验证已超时或错误次数过多，请重新登录。", "Too late, or too many wrong codes: sign in again.");

pub(crate) fn wait(secs: i64) -> Sentence {
    sentence(
        format!("尝试次数过多，请在{secs}秒后再试。已登录的设备不受影响。"),
        format!("Too many attempts: try again in {secs} seconds. Devices that are signed in are not affected."),
    )
}
