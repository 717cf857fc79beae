//! The own account: password, devices, tokens, second step.

use crate::words::{Words, words};

pub(crate) const MY_ACCOUNT: Words = words("我的账号", "My account");
pub(crate) const PASSWORD_CHANGED: Words =
    words("密码已更换，其他设备已退出。", "The password is changed and other devices went out.");
pub(crate) const TOKENS_GO_ON: Words =
    words("下列访问令牌仍然有效，不再需要的请停用。", "The tokens below go on: end those that are not needed.");
pub(crate) const SIGN_OUT: Words = words("退出登录", "Sign out");
pub(crate) const THIS_DEVICE: Words = words("本设备", "this one");
pub(crate) const NOT_YOU: Words = words(
    "不是本人操作的，请更换密码并告知管理员。",
    "Where it was not you, change the password and tell the administrator.",
);
pub(crate) const END_TOKEN: Words = words("停用此令牌", "End this token");
pub(crate) const SECOND_STEP: Words = words("两步验证", "Second step of signing in");
pub(crate) const SECOND_STEP_SET: Words =
    words("已设置：登录时须输入认证器上的6位数字。", "Set up: signing in takes the six digits of your authenticator.");
pub(crate) const SECOND_STEP_NOT_SET: Words = words("未设置。", "Not set up.");
pub(crate) const CHANGE_SECOND_STEP: Words = words("更换或取消", "Change it");
pub(crate) const SET_UP_SECOND_STEP: Words = words("设置", "Set it up");
pub(crate) const KNOWN_BROWSERS: Words = words("熟悉的浏览器", "Known browsers");
pub(crate) const KNOWN_BROWSERS_NOTE: Words = words(
    "曾用本账号登录过的浏览器，别人输错密码时不受影响：",
    "Browsers that came in as this account are not slowed down when strangers guess: ",
);
pub(crate) const FORGET_BROWSERS: Words = words("除本浏览器外全部清除", "Forget all but this one");
pub(crate) const NEW_PASSWORD: Words = words("更换密码", "New password");
pub(crate) const PRESENT_PASSWORD: Words = words("当前密码", "Present password");
pub(crate) const NEW_PASSWORD_RULE: Words =
    words("新密码（至少8个字符，不要太常见）", "New password (8 characters or more, not a common one)");
pub(crate) const CHANGE_PASSWORD: Words = words("更换，其他设备退出", "Change it; other devices go out");
pub(crate) const OWN_PASSWORD: Words = words("您自己的登录密码", "Your own password");
pub(crate) const SIGN_IN_AGAIN_NOTE: Words = words(
    "为安全起见，须在登录后十分钟内办理：请退出后重新登录。",
    "For safety this is done within ten minutes of coming in: sign out and come in again.",
);
pub(crate) const RECOVERY_CODES_ONCE: Words = words("恢复码（只显示这一次）", "Recovery codes (shown this once)");
pub(crate) const SECOND_STEP_BEGINS: Words = words(
    "两步验证已生效，其他设备已退出。请抄下或打印下面的恢复码，与手机分开保管；手机不在时每个可用一次。",
    "The second step is set up, and other devices went out. Write these codes down or print them and keep them apart from the phone; each works once when it is not at hand.",
);
pub(crate) const RECOVERY_CODES: Words = words("恢复码", "Recovery codes");
pub(crate) const CODES_KEPT: Words = words("已保存，继续", "They are kept: go on");
pub(crate) const SET_UP_ON: Words = words("已设置于", "Set up on");
pub(crate) const CODES_LEFT: Words = words("未用的恢复码", "recovery codes left");
pub(crate) const SECOND_STEP_REQUIRED: Words = words(
    "本账号登录时除密码外还须输入认证器上的6位数字。请先设置。",
    "This account signs in by password and the six digits of an authenticator. Set it up first.",
);
pub(crate) const SECOND_STEP_ADVICE: Words = words(
    "登录时除密码外再输入认证器上的6位数字，密码泄露也不会被人冒用。",
    "Signing in then also takes the six digits of an authenticator: a password alone is not enough.",
);
pub(crate) const ANOTHER_PHONE: Words = words("换一部手机或重新设置", "Another phone, or set up anew");
pub(crate) const SET_UP: Words = words("设置", "Set up");
pub(crate) const STEP_SCAN: Words = words(
    "1. 用认证器（手机自带的密码管理、微信小程序“腾讯身份验证器”、Microsoft Authenticator 等）扫码，或手工输入密钥。",
    "1. Scan this with an authenticator app, or type the key.",
);
pub(crate) const AUTHENTICATOR_QR: Words = words("认证器二维码", "QR code for the authenticator");
pub(crate) const STEP_TYPE_DIGITS: Words =
    words("2. 输入认证器上当前的6位数字", "2. Type the six digits that it shows now");
pub(crate) const REMOVE_SECOND_STEP: Words = words("取消两步验证", "Take it away");
pub(crate) const PASSWORD_WRONG: Words = words("当前密码不正确。", "The present password is wrong.");
pub(crate) const NO_SUCH_ROW: Words = words("没有这一项", "there is no such row");
pub(crate) const SIGN_IN_AGAIN: Words =
    words("请退出后重新登录，并在十分钟内办理", "sign out, come in again and do it within ten minutes");
pub(crate) const TOO_MANY_WRONG_PASSWORDS: Words =
    words("密码错误次数过多，请稍后再试", "too many wrong passwords: try again later");
pub(crate) const TYPE_OWN_PASSWORD: Words =
    words("请输入您自己的登录密码；所输密码不正确", "type your own password: it was not right");
pub(crate) const CODE_WRONG: Words = words(
    "验证码不正确。请核对手机时间后，输入认证器上当前的6位数字",
    "the code is wrong: check the phone's clock and type the six digits that stand there now",
);
pub(crate) const SECOND_STEP_NEEDED: Words = words("本账号须两步验证，不能取消", "this account needs its second step");
