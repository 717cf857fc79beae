//! What stands open to an account, as pages list it: its devices, its tokens, and sign-ins that failed; for its owner
//! and for whoever lets it in.

use crate::domain::account::TokenPower;
use crate::domain::ground::Ground;
use crate::store::{FailedSignIn, SessionRow, SignInMethod, TokenRow};
use crate::words::{Lang, local, pages as w};

/// A device that is in.
pub(in crate::web) struct DeviceLine {
    /// Its session.
    pub id: i64,
    /// How it came in, in words.
    pub how: &'static str,
    /// What the browser said of itself.
    pub device: String,
    /// From where.
    pub address: String,
    /// When it came in, local.
    pub since: String,
    /// When it was last seen, local.
    pub seen: String,
    /// When it ends, local.
    pub ends: String,
}

/// The devices of an account that are in.
pub(in crate::web) fn device_lines(ground: &Ground, rows: Vec<SessionRow>, lang: Lang) -> Vec<DeviceLine> {
    let line = |row: SessionRow| DeviceLine {
        id: row.id,
        how: how(row.how, lang),
        device: row.device,
        address: row.address,
        since: local(ground, row.created_at),
        seen: local(ground, row.last_seen_at),
        ends: local(ground, row.expires_at),
    };
    rows.into_iter().map(line).collect()
}

/// A token of an account.
pub(in crate::web) struct TokenLine {
    /// Its row.
    pub id: i64,
    /// What it is for.
    pub label: String,
    /// What it may do, in words.
    pub power: &'static str,
    /// When it was made, local.
    pub created: String,
    /// When it ends, local.
    pub expires: String,
    /// When it was last used, local.
    pub used: Option<String>,
}

/// The tokens of an account that have not ended.
pub(in crate::web) fn token_lines(ground: &Ground, rows: Vec<TokenRow>, lang: Lang) -> Vec<TokenLine> {
    let line = |row: TokenRow| TokenLine {
        id: row.id,
        label: row.label,
        power: power_words(row.power, lang),
        created: local(ground, row.created_at),
        expires: local(ground, row.expires_at),
        used: row.last_used_at.map(|at| local(ground, at)),
    };
    rows.into_iter().map(line).collect()
}

pub(in crate::web) fn power_words(power: TokenPower, lang: Lang) -> &'static str {
    match power {
        TokenPower::Read => lang.say(w::access::READ),
        TokenPower::Write => lang.say(w::access::ACT),
        TokenPower::ActFor => lang.say(w::access::ACT_FOR_OTHERS),
    }
}

/// A sign-in that failed.
pub(in crate::web) struct FailureLine {
    /// When, local.
    pub at: String,
    /// From where.
    pub address: String,
    /// What the browser said of itself.
    pub device: String,
}

/// The sign-ins under an account's name that failed lately, the newest first: for its owner and for whoever lets it in.
pub(in crate::web) fn failures(ground: &Ground, rows: Vec<FailedSignIn>) -> Vec<FailureLine> {
    let line = |row: FailedSignIn| FailureLine { at: local(ground, row.at), address: row.address, device: row.device };
    rows.into_iter().map(line).collect()
}

/// How a device came in, in words.
fn how(how: SignInMethod, lang: Lang) -> &'static str {
    match how {
        SignInMethod::Password => lang.say(w::access::BY_PASSWORD),
        SignInMethod::Link => lang.say(w::access::BY_LINK),
        SignInMethod::SignOn => lang.say(w::access::BY_SIGN_ON),
        SignInMethod::Demo => lang.say(w::access::BY_DEMONSTRATION),
    }
}
