//! `firegrid user`.

use crate::words::{Sentence, Words, sentence, words};

/// The telephone of whoever has the account.
pub(crate) const PHONE: Words = words("电话", "telephone (--phone)");

/// What stands before a password as it is typed.
pub(crate) const PASSWORD: Words = words("密码", "password: ");

/// The same for the second time.
pub(crate) const ONCE_MORE: Words = words("再输一次", "once more: ");

/// Two passwords of one.
pub(crate) const DIFFER: Words = words("两次输入不一致", "the two differ");

/// An account that nobody can sign in with.
pub(crate) const DISABLED: Words = words("已停用", "disabled");

/// An account that has no second step to be removed.
pub(crate) fn no_second_step(name: &str) -> Sentence {
    sentence(format!("账号“{name}”没有两步验证"), format!("the account {name:?} has no second step"))
}
