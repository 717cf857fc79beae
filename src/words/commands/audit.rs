//! `firegrid audit`.

use std::path::Path;

use crate::store::audit::{Audit, Verdict};
use crate::words::{Sentence, Words, sentence, words};

/// A log that agrees with itself, and nothing outside says more.
pub(crate) const UNPROVEN: Words = words(
    "没有用密钥写成的库外链头，整库被换回旧副本时看不出来；请设置 [audit] heads",
    "without a head that was written outside with the key it does not show when the whole database is put back to an older \
     state: set [audit] heads",
);

/// A fault of the log or a damaged row.
pub(crate) fn fault(fault: impl std::fmt::Display) -> String {
    format!("错误 · fault: {fault}")
}

/// What was checked, and how it came out.
pub(crate) fn verified(audit: &Audit) -> Sentence {
    let Audit { events, alerts, photos, rows, heads, proving_heads, .. } = audit;
    let faults = audit.faults.len() + audit.damage.len();
    let verdict = match audit.verdict {
        Verdict::Proven => sentence("已证明无误", "proven"),
        Verdict::Unproven => sentence("自身一致，但未经证明", "unproven"),
        Verdict::Broken => sentence(format!("{faults}处错误"), format!("{faults} fault(s)")),
    };
    sentence(
        format!(
            "核对记录{events}条、告警{alerts}件、照片{photos}张、数据行{rows}条、外存链头{heads}个（其中{proving_heads}个可作证明）：{}",
            verdict.zh
        ),
        format!(
            "{events} events, {alerts} alerts, {photos} photos, {rows} rows, {heads} outside heads ({proving_heads} that prove): {}",
            verdict.en
        ),
    )
}

/// A restored database is gone on with.
pub(crate) fn accepted(event: impl std::fmt::Display, database: &Path) -> Sentence {
    sentence(
        format!("已采用，并记入操作记录第{event}条"),
        format!("accepted, and recorded as event {event}: {}", database.display()),
    )
}
