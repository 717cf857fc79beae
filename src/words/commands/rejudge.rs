//! `firegrid rejudge`.

use crate::store::Rejudgement;
use crate::words::{Sentence, Words, sentence, words};

/// Nothing was named.
pub(crate) const NAME_WHAT: Words =
    words("请指定 --from/--to 或 --alert", "say what to judge again: --from and --to, or --alert NUMBER");

/// Nothing judges yet.
pub(crate) const NO_REGION: Words = words(
    "还没有启用的区划版本，请先运行 firegrid regions reload",
    "no region version is active yet: run `firegrid regions reload` first",
);

/// A row that the region version in use does not reach.
pub(crate) fn beyond(key: impl std::fmt::Display) -> Sentence {
    sentence(format!("{key} 不在现行区划版本范围内，判定不变"), "beyond this region version, kept")
}

/// What was judged, and what it is judged now; verdict and reason each.
pub(crate) fn change(old: (&str, &str), new: (&str, &str)) -> String {
    format!("原判 {}：{}\n  改判 {}：{}", old.0, old.1, new.0, new.1)
}

/// What was looked at, and what came of it.
pub(crate) fn summary(rejudgement: &Rejudgement) -> Sentence {
    let (looked_at, changed) = (rejudgement.looked_at, rejudgement.changes.len());
    let opened = rejudgement.alerts_opened;
    match (rejudgement.applied, changed) {
        (Some(event), _) => sentence(
            format!("已重新判定{looked_at}个像元，改判{changed}个，新生成告警{opened}件，记录号{event}"),
            format!("looked at {looked_at}, changed {changed}, opened {opened} alert(s), event {event}"),
        ),
        (None, 0) => {
            sentence(format!("已核对{looked_at}个像元，无差异"), format!("looked at {looked_at}, nothing differs"))
        }
        (None, _) => sentence(
            format!(
                "已核对{looked_at}个像元，{changed}个将改判，尚未写入；确认后加 --apply --as --why --expect {}",
                rejudgement.hash.get(..12).unwrap_or_default()
            ),
            format!("looked at {looked_at}, {changed} would change, nothing is written yet"),
        ),
    }
}
