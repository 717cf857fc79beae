//! `firegrid run`.

/// Nobody can sign in yet, and how the first one is let in.
pub(crate) const NO_ACCOUNT: &str = "还没有账号 · nobody can sign in yet. The first administrator / 第一个管理员：\n  \
     firegrid user add NAME --role admin --person 姓名 --password";
