//! A photo given as evidence: what it is, and the hash that names it.
//!
//! The original is not kept yet: [`evidence`] is the one place to join the store of originals,
//! which keeps photos immutable on disk under this hash.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Largest photo, bytes: twice what phones make at full size.
const MAX_PHOTO_BYTES: u64 = 32 * 1024 * 1024;

/// What is known of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PhotoEvidence {
    /// SHA-256 of the original.
    pub(super) sha256: String,
    /// By its first bytes, not by its name.
    pub(super) media_type: &'static str,
    /// Size, bytes.
    pub(super) bytes: usize,
}

/// Reads a photo and says what it is.
///
/// # Errors
/// When the file cannot be read, is too large, or is neither JPEG, PNG nor WebP.
pub(super) fn evidence(path: &Path) -> anyhow::Result<PhotoEvidence> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("照片无法读取 · the photo {shown} cannot be read"))?;
    let mut bytes = Vec::new();
    file.take(MAX_PHOTO_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("照片无法读取 · the photo {shown} cannot be read"))?;
    anyhow::ensure!(
        bytes.len() as u64 <= MAX_PHOTO_BYTES,
        "照片超过{MAX_PHOTO_BYTES}字节 · the photo {shown} is larger than {MAX_PHOTO_BYTES} bytes"
    );
    let media_type = media_type_of(&bytes).with_context(|| {
        format!("照片不是 JPEG、PNG 或 WebP · the photo {shown} is neither JPEG, PNG nor WebP by its first bytes")
    })?;
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(&bytes) {
        write!(sha256, "{byte:02x}")?;
    }
    Ok(PhotoEvidence { sha256, media_type, bytes: bytes.len() })
}

fn media_type_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_known_by_its_first_bytes() {
        assert_eq!(media_type_of(b"\xFF\xD8\xFF\xE0rest"), Some("image/jpeg"));
        assert_eq!(media_type_of(b"\x89PNG\r\n\x1A\nrest"), Some("image/png"));
        assert_eq!(media_type_of(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [b"GIF89a".as_slice(), b"RIFF\0\0\0\0WAVE", b"<svg", b""] {
            assert_eq!(media_type_of(other), None);
        }
    }
}
