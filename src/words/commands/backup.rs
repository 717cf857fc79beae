//! `firegrid backup`.

use crate::store::Backup;
use crate::words::{Sentence, sentence};

/// A file that a row names and that could not be copied.
pub(crate) fn missing(file: &std::path::Path, problem: impl std::fmt::Display) -> Sentence {
    sentence("缺失或损坏", format!("missing or damaged: {}: {problem}", file.display()))
}

/// What was copied.
pub(crate) fn done(backup: &Backup) -> Sentence {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    sentence(
        "已备份并核对",
        format!(
            "backed up and proven: {} ({:.1} MiB database, {} photos {:.1} MiB, {} bodies {:.1} MiB, log up to event {})",
            backup.folder.display(),
            mib(backup.database_bytes),
            backup.photos,
            mib(backup.photo_bytes),
            backup.bodies,
            mib(backup.body_bytes),
            backup.head.seq,
        ),
    )
}
