//! `firegrid weather`.

/// A level that was entered, and from when on it counts.
pub(crate) fn entered(level: impl std::fmt::Display, at: &str) -> String {
    format!("焚烧气象等级{level}，自{at}起生效 · level {level} from now on")
}

/// When a level was entered here.
pub(crate) fn entered_at(at: &str) -> String {
    format!("录入 entered {at}")
}

/// A level of the region's files.
pub(crate) const OF_THE_FILE: &str = "区域文件 file";
