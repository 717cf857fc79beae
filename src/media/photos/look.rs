//! Looks at a picture: its header against the limits first, and only then its pixels.
//!
//! Called when an original is to be kept, which proves that it can be shown, and when a viewing copy is made
//! again. A decoder is somebody else's code fed with a stranger's file: it gets limits, and a panic of its is a
//! damaged picture and nothing more. Colour profiles are not applied: evidence is looked at in the original.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult, Limits};

use super::kind::{PhotoError, PhotoKind};
use super::limits::{MAX_PIXELS, MAX_SIDE};

/// Most pixels of a progressive JPEG, whose decoder holds every coefficient until the last scan: three times the
/// memory. Cameras make none; what chat programs send is a few megapixels.
const MAX_PROGRESSIVE_PIXELS: u64 = 16_000_000;

/// Most memory a decoder may take for the pixels, bytes: 16 bits a channel fit up to 32 million pixels.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;

/// Longest EXIF block that is read, bytes: as long as one can be in a JPEG. Readers of longer ones can be made to
/// build millions of fields.
const MAX_EXIF_BYTES: usize = 64 * 1024;

/// A picture that can be shown.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its pixels as they are stored.
    pub image: DynamicImage,
    /// How it has to be turned to stand upright.
    pub orientation: Orientation,
}

/// Decodes a picture within the limits.
///
/// # Errors
/// [`PhotoError`] when it has too many pixels or frames, or cannot be decoded to its end.
pub(super) fn decode(kind: PhotoKind, bytes: &[u8]) -> Result<Picture, PhotoError> {
    caught(|| match kind {
        PhotoKind::Jpeg => {
            let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
            let (size, layout) = (decoder.dimensions(), Layout::of(bytes));
            within_limits(size)?;
            if layout.is_progressive && pixels_of(size) > MAX_PROGRESSIVE_PIXELS {
                return Err(too_many(size));
            }
            // The decoder fills what is missing with grey and says nothing.
            if !layout.is_whole {
                return Err(PhotoError::Damaged("it has no end".to_owned()));
            }
            pixels(decoder)
        }
        PhotoKind::Png => {
            within_limits(png_size(bytes)?)?;
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(damaged)?;
            if decoder.is_apng().map_err(damaged)? { Err(PhotoError::Animated) } else { pixels(decoder) }
        }
        PhotoKind::WebP => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
            if decoder.has_animation() { Err(PhotoError::Animated) } else { pixels(decoder) }
        }
    })
}

/// The EXIF block of a picture, if it has one of bearable length.
pub(super) fn exif(kind: PhotoKind, bytes: &[u8]) -> Option<Vec<u8>> {
    let read = || -> ImageResult<Option<Vec<u8>>> {
        let input = Cursor::new(bytes);
        match kind {
            PhotoKind::Jpeg => JpegDecoder::new(input)?.exif_metadata(),
            PhotoKind::Png => PngDecoder::with_limits(input, limits())?.exif_metadata(),
            PhotoKind::WebP => WebPDecoder::new(input)?.exif_metadata(),
        }
    };
    // Claims are only claims: a block that cannot be read claims nothing.
    let block = caught(|| read().map_err(damaged)).ok().flatten()?;
    (block.len() <= MAX_EXIF_BYTES).then_some(block)
}

/// Runs a decoder so that its panic is a damaged picture.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, PhotoError>) -> Result<T, PhotoError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_panicked| Err(PhotoError::Damaged("the decoder gave up".to_owned())))
}

fn pixels(mut decoder: impl ImageDecoder) -> Result<Picture, PhotoError> {
    let size = decoder.dimensions();
    within_limits(size)?;
    let mut limits = limits();
    limits.reserve(decoder.total_bytes()).map_err(|_too_much| too_many(size))?;
    decoder.set_limits(self::limits()).map_err(damaged)?;
    // An EXIF block that cannot be read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Picture { image, orientation })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

fn within_limits((width, height): (u32, u32)) -> Result<(), PhotoError> {
    let is_small = width.max(height) <= MAX_SIDE && pixels_of((width, height)) <= MAX_PIXELS;
    if is_small { Ok(()) } else { Err(too_many((width, height))) }
}

fn pixels_of((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn too_many((width, height): (u32, u32)) -> PhotoError {
    PhotoError::TooManyPixels { width, height }
}

/// Width and height of a PNG, which always stand first: its decoder would refuse too large ones without saying so.
fn png_size(bytes: &[u8]) -> Result<(u32, u32), PhotoError> {
    let number = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
    number(16).zip(number(20)).ok_or_else(|| PhotoError::Damaged("it has no header".to_owned()))
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn damaged(error: ImageError) -> PhotoError {
    // One line, and no dot that would divide the two languages of the message.
    PhotoError::Damaged(error.to_string().replace(" · ", " ").lines().next().unwrap_or_default().to_owned())
}

/// What the markers of a JPEG say.
#[derive(Debug, Default, PartialEq)]
struct Layout {
    is_progressive: bool,
    /// The end-of-image marker comes.
    is_whole: bool,
}

impl Layout {
    /// Walks from marker to marker, so that the end of a preview inside the metadata is not taken for the end. What
    /// cameras put behind the end does not matter.
    fn of(bytes: &[u8]) -> Self {
        let mut layout = Self::default();
        let mut at = 2;
        while let Some(distance) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF)) {
            at += distance;
            match bytes.get(at + 1) {
                None => return layout,
                Some(0xD9) => return Self { is_whole: true, ..layout },
                // Fill.
                Some(0xFF) => at += 1,
                // A stuffed 0xFF of the data, or a marker without length.
                Some(0x00 | 0x01 | 0xD0..=0xD8) => at += 2,
                Some(marker) => {
                    layout.is_progressive |= *marker == 0xC2;
                    let Some([high, low]) = bytes.get(at + 2..at + 4) else { return layout };
                    at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
                }
            }
        }
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_preview_is_not_the_end() {
        let whole =
            b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD8\xFF\xD9\xFF\xDA\x00\x02\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9trailer";
        assert_eq!(Layout::of(whole), Layout { is_whole: true, is_progressive: false });
        for cut in 0..whole.len() - 8 {
            assert_eq!(Layout::of(&whole[..cut]), Layout::default(), "{cut}");
        }
    }

    #[test]
    fn a_panic_of_a_decoder_is_a_damaged_picture() {
        let answer: Result<(), _> = caught(|| panic!("index out of bounds"));
        assert!(matches!(answer, Err(PhotoError::Damaged(_))));
    }
}
