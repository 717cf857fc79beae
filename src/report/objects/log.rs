//! The log, the versions of the region, and what comes in as an account.

use crate::report::typed::typed;
use crate::store::{LogRow, RegionRow, TokenRow};

typed! { LogRow as row {
    seq, at, subject_kind, subject, kind, actor, actor_unit, on_behalf_of, claimed_at, detail, hash, account,
    let_in_by, access, address,
} }

typed! { RegionRow as row { version, region_id, stored_at, activated_at, is_active } }

typed! { TokenRow as row { id, label, power, created_at, expires_at, last_used_at } }
