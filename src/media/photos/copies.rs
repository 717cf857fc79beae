//! Copies for looking at: JPEG, upright, small, without any metadata.
//!
//! They are a cache under `photos/copies/`, made when an original is kept and again when one is asked for and
//! missing; the folder can be deleted at any time. Nobody is shown an original where a copy will do: a copy cannot
//! carry a position, a name or a script.

use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgba, RgbaImage};

use super::folder::{Photos, is_hash};
use super::kind::{PhotoError, PhotoKind};
use super::look::{self, Picture};
use crate::media::{Error, files};

/// Longest side of the copy that pages show, pixels: sharp on a desktop screen, some 300 kB.
pub const VIEW_SIDE: u32 = 1600;

/// Longest side of the copy in lists, pixels.
pub const THUMB_SIDE: u32 = 320;

/// JPEG quality of copies, 1 to 100.
const QUALITY: u8 = 82;

/// Which copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopySize {
    /// For looking at.
    View,
    /// For lists.
    Thumb,
}

impl CopySize {
    fn side(self) -> u32 {
        match self {
            Self::View => VIEW_SIDE,
            Self::Thumb => THUMB_SIDE,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Thumb => "thumb",
        }
    }
}

impl Photos {
    /// A copy that was made before and is whole; quick.
    #[must_use]
    pub fn made_copy(&self, hash: &str, size: CopySize) -> Option<Vec<u8>> {
        let bytes = std::fs::read(self.copy_path(hash, size)?).ok()?;
        // A power cut may leave an empty or cut file: copies are not synced, they are made again.
        (bytes.starts_with(&[0xFF, 0xD8]) && bytes.ends_with(&[0xFF, 0xD9])).then_some(bytes)
    }

    /// A copy, made now where it is missing; slow then.
    ///
    /// # Errors
    /// [`PhotoError`] when the original is gone, was changed or cannot be decoded.
    pub fn copy(&self, hash: &str, size: CopySize) -> Result<Vec<u8>, PhotoError> {
        if let Some(made) = self.made_copy(hash, size) {
            return Ok(made);
        }
        let original = self.read(hash)?;
        let kind = PhotoKind::taken(&original)?;
        let (view, thumb) = self.keep_copies(hash, look::decode(kind, &original)?)?;
        Ok(match size {
            CopySize::View => view,
            CopySize::Thumb => thumb,
        })
    }

    /// Makes both copies and keeps them as far as the disk lets.
    pub(super) fn keep_copies(&self, hash: &str, picture: Picture) -> Result<(Vec<u8>, Vec<u8>), PhotoError> {
        let (view, thumb) = copies(picture)?;
        for (size, bytes) in [(CopySize::View, &view), (CopySize::Thumb, &thumb)] {
            let Some(path) = self.copy_path(hash, size) else { continue };
            if let Err(error) = files::put(&path, bytes) {
                tracing::warn!(path = %path.display(), "a copy of a photo could not be kept and will be made again: {error}");
            }
        }
        Ok((view, thumb))
    }

    pub(super) fn copy_path(&self, hash: &str, size: CopySize) -> Option<PathBuf> {
        let folder = self.folder().join("copies").join(hash.get(..2)?);
        is_hash(hash).then(|| folder.join(format!("{hash}.{}.jpg", size.name())))
    }
}

fn copies(picture: Picture) -> Result<(Vec<u8>, Vec<u8>), PhotoError> {
    let Picture { image, orientation } = picture;
    let mut view = on_white(shrunk(image, CopySize::View));
    view.apply_orientation(orientation);
    let view_bytes = encoded(&view)?;
    Ok((view_bytes, encoded(&shrunk(view, CopySize::Thumb))?))
}

/// Never made larger.
fn shrunk(image: DynamicImage, size: CopySize) -> DynamicImage {
    let side = size.side();
    if image.width().max(image.height()) > side { image.thumbnail(side, side) } else { image }
}

/// Eight bits a channel, no transparency: what shines through is white, as on a page.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.into_rgb8().into();
    }
    let mut ground = RgbaImage::from_pixel(image.width(), image.height(), Rgba([255; 4]));
    image::imageops::overlay(&mut ground, &image.into_rgba8(), 0, 0);
    DynamicImage::from(ground).into_rgb8().into()
}

fn encoded(image: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(image);
    written.map_err(|error| PhotoError::Media(Error::changed("copy of a photo", error)))?;
    Ok(bytes)
}
