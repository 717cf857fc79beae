//! How somebody came in, and what a token may do.

use crate::words::{Words, words};

pub(crate) const READ: Words = words("只读", "read");
pub(crate) const ACT: Words = words("以本账号名义办理", "act in this account's name");
pub(crate) const ACT_FOR_OTHERS: Words =
    words("可代他人办理（对接系统）", "name who acts (another system with its own accounts)");
pub(crate) const BY_PASSWORD: Words = words("密码", "password");
pub(crate) const BY_LINK: Words = words("个人链接", "personal link");
pub(crate) const BY_SIGN_ON: Words = words("统一认证", "city sign-on");
pub(crate) const BY_DEMONSTRATION: Words = words("演示", "demonstration");
