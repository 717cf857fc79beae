//! `firegrid official` and what `firegrid ingest` says of the same points.

use crate::words::{Sentence, sentence};

/// How many points are listed.
pub(crate) fn listed(points: usize) -> Sentence {
    sentence(
        format!("官方名单火点{points}个；与卫星热异常像元分列，不参与判定"),
        format!("{points} official point(s), kept apart from detections"),
    )
}

/// How many points a file brought.
pub(crate) fn recorded(new: u64, known: u64) -> Sentence {
    sentence(format!("官方名单火点：新{new}个，已有{known}个"), format!("official points: {new} new, {known} known"))
}

/// A row of a list.
pub(crate) fn row(list: &str, number: impl std::fmt::Display) -> String {
    format!("{list} 第{number}行")
}
