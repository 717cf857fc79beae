//! Which pictures are taken, told by their content, and what a person is told of those that are not.
//!
//! Called first, on nothing but the leading bytes; nothing is decoded here.

use super::limits::{MAX_PHOTO_BYTES, MAX_PIXELS, MAX_SIDE};
use crate::media::Error;

/// The kinds of pictures that are taken, told by their content and never by their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoKind {
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// WebP
    WebP,
}

impl PhotoKind {
    /// The kind by the first bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// As [`Self::of`], with a reason when it is another kind.
    ///
    /// # Errors
    /// [`PhotoError::PhoneFormat`] for HEIC and AVIF, which phones make, [`PhotoError::NoPicture`] for all else.
    pub fn taken(bytes: &[u8]) -> Result<Self, PhotoError> {
        match bytes {
            // ISO media: films say `ftyp` too, and are told the same, which helps as much.
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(PhotoError::PhoneFormat),
            _ => Self::of(bytes).ok_or(PhotoError::NoPicture),
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The usual ending of a file name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

/// Why bytes are not taken as a photo; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Too large a file.
    #[error("the photo has {0} bytes, at most {MAX_PHOTO_BYTES} are taken: send a smaller one")]
    TooLarge(u64),
    /// Another kind of file.
    #[error("this is no JPEG, PNG or WebP picture, whatever its name says: save it as JPEG and send that")]
    NoPicture,
    /// HEIC, AVIF or a film.
    #[error(
        "HEIC, AVIF and films are not taken: set the camera to JPEG (iPhone: Settings, Camera, Formats, Most \
         Compatible), or send it from the page, which converts it"
    )]
    PhoneFormat,
    /// More than one picture in the file.
    #[error("the picture is animated, which is no evidence of a moment: send a still one")]
    Animated,
    /// More picture than is decoded.
    #[error(
        "the picture has {width} x {height} pixels, at most {MAX_SIDE} a side and {MAX_PIXELS} in all are taken, \
         fewer of a progressive JPEG or at 16 bits a channel: set the camera to fewer pixels, or send it smaller"
    )]
    TooManyPixels {
        /// Pixels across, as the header says.
        width: u32,
        /// Pixels down, as the header says.
        height: u32,
    },
    /// It says that it is a picture and cannot be shown.
    #[error("the picture is cut off or damaged ({0}): send it again, or take it again")]
    Damaged(String),
    /// It could not be kept.
    #[error(transparent)]
    Media(#[from] Error),
}

impl PhotoError {
    /// A word for a label of a metric.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too_large",
            Self::NoPicture => "no_picture",
            Self::PhoneFormat => "phone_format",
            Self::Animated => "animated",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::Damaged(_) => "damaged",
            Self::Media(_) => "store",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_content() {
        assert_eq!(PhotoKind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(PhotoKind::WebP));
        assert_eq!(PhotoKind::of(b"\x89PNG\r\n\x1a\n"), Some(PhotoKind::Png));
        assert_eq!(PhotoKind::of(b"\xFF\xD8\xFF\xE1"), Some(PhotoKind::Jpeg));
        for bytes in [&b"<svg onload=alert(1)>"[..], b"", b"GIF89a", b"RIFF....WAVE", b"%PDF-1.7", b"<!DOCTYPE html>"] {
            assert!(matches!(PhotoKind::taken(bytes), Err(PhotoError::NoPicture)), "{bytes:?}");
        }
        for brand in ["heic", "mif1", "avif", "isom"] {
            let bytes = [&b"\0\0\0\x18ftyp"[..], brand.as_bytes()].concat();
            assert!(matches!(PhotoKind::taken(&bytes), Err(PhotoError::PhoneFormat)), "{brand}");
        }
    }
}
