//! Photos given to a command: their originals are safe on disk before anything names them.

use std::path::PathBuf;

use anyhow::Context;

use crate::media::{Photo, Photos};
use crate::store::Store;

/// Keeps the originals of some files.
///
/// # Errors
/// When one cannot be read, is no picture, or cannot be kept.
pub(super) fn keep(store: &Store, files: &[PathBuf]) -> anyhow::Result<Vec<Photo>> {
    let photos = Photos::beside(store.path());
    let keep = |file: &PathBuf| {
        let shown = file.display();
        let bytes = std::fs::read(file).with_context(|| format!("照片无法读取 · the photo {shown} cannot be read"))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        photos.keep(&bytes, name).with_context(|| shown.to_string())
    };
    files.iter().map(keep).collect()
}
