//! Accounts for whoever administers them or lets people in: the list, a new one, one with its devices, link and tokens.
//!
//! What one account may do to another is [`may_do_to_account`]'s; every act is an event of the log. Secrets are shown once,
//! in the answer to the form that made them, and are nowhere else.

pub(in crate::web) mod acts;
pub(in crate::web) mod list;
pub(in crate::web) mod new;
pub(in crate::web) mod one;

use crate::domain::account::{AccountAct, may_do_to_account};
use crate::store::{Account, AccountError};
use crate::web::Web;
use crate::web::auth::Me;
use crate::web::problem::Problem;

/// The field in which whoever lets others in types his own password.
const OWN_PASSWORD: &str = "own_password";

/// The account of a name, as far as it exists for somebody: of his own ground, or any for the administrator.
pub(super) async fn account_of(web: &Web, me: &Me, name: &str) -> Result<Account, Problem> {
    let account = web.site.accounts.find(name).await?;
    if is_seen(me, &account) { Ok(account) } else { Err(AccountError::Unknown(name.to_owned()).into()) }
}

pub(super) fn is_seen(me: &Me, account: &Account) -> bool {
    me.account.role.administers() || me.store.scope().holds(&account.unit_code)
}

pub(super) fn may(me: &Me, act: AccountAct, of: &Account) -> bool {
    may_do_to_account(me.account.role, me.store.scope(), act, of.role, &of.unit_code)
}

/// Refuses what may not be done to an account.
pub(super) fn check(me: &Me, act: AccountAct, of: &Account) -> Result<(), Problem> {
    if may(me, act, of) { Ok(()) } else { Err(Problem::NotForRole(me.account.role)) }
}
