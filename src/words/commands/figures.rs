//! `firegrid figures`.

use crate::words::{Words, words};

/// A period without a moment in it.
pub(crate) const EMPTY: Words = words(
    "时段为空：--to 须晚于 --from",
    "the period is empty: --to has to lie after --from, and a moment alone is none",
);

/// The heads of the columns that are counted.
pub(crate) const HEADS: &str = "热异常像元\t疑似火点\t告警";

/// What lies beyond the city, within its belt.
pub(crate) const NEIGHBOURS: &str = "市外邻近（不计入）";

/// What lies in the city and not in what is asked about.
pub(crate) const ELSEWHERE: &str = "辖区外（不计入）";
