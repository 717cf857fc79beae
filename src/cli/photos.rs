//! Photos given to a command: their originals are safe on disk before anything names them.

use std::path::PathBuf;

use anyhow::Context;

use crate::media::{Photo, Photos};
use crate::store::Store;
use crate::words::commands::unreadable_photo;

/// Keeps the originals of some files.
///
/// # Errors
/// When one cannot be read, is no picture, or cannot be kept.
pub(super) fn keep(store: &Store, files: &[PathBuf]) -> anyhow::Result<Vec<Photo>> {
    let photos = Photos::beside(store.path());
    let keep = |file: &PathBuf| {
        let bytes = std::fs::read(file).with_context(|| unreadable_photo(file))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        photos.keep(&bytes, name).with_context(|| file.display().to_string())
    };
    files.iter().map(keep).collect()
}
