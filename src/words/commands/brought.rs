//! `firegrid alerts` and `firegrid complaints`.

use crate::domain::alert::AlertNumber;
use crate::words::{Words, words};

/// The telephone of whoever complained.
pub(crate) const COMPLAINANTS_PHONE: Words = words("举报人电话", "complainant's telephone (--phone)");

/// An alert that was there already.
pub(crate) fn joined(number: &AlertNumber) -> String {
    format!("{number}（与已有告警为同一处，已并入 / joined the alert that was there）")
}
