//! What a camera says of a photo: when and where, read once from its EXIF block.
//!
//! A phone's clock may be wrong and its position may be made up: these are claims, kept beside the photo and shown
//! "as the camera says", and no rule decides by them.

use exif::{Exif, In, Reader, Tag, Value};

use super::kind::{PhotoError, PhotoKind};
use super::look;
use crate::domain::position::Position;

/// What the camera says; a part that is missing or makes no sense is not claimed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// When it was taken (`DateTimeOriginal`): local time, with its offset where the camera names one, as
    /// `2026-04-13T12:31:05+08:00`.
    pub taken_at: Option<String>,
    /// Where it was taken.
    pub position: Option<Position>,
}

impl Claims {
    /// Reads the claims of a picture; one without EXIF claims nothing.
    #[must_use]
    pub fn of(kind: PhotoKind, bytes: &[u8]) -> Self {
        let Some(block) = look::exif(kind, bytes) else { return Self::default() };
        let read = look::caught(|| {
            let mut reader = Reader::new();
            // One bad field must not hide the others.
            let exif = reader.continue_on_error(true).read_raw(block).or_else(|e| e.distill_partial_result(|_bad| ()));
            let exif = exif.map_err(|error| PhotoError::Damaged(error.to_string()))?;
            Ok(Self { taken_at: taken_at(&exif), position: position(&exif) })
        });
        read.unwrap_or_default()
    }
}

fn taken_at(exif: &Exif) -> Option<String> {
    let time = exif::DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    let text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        time.year, time.month, time.day, time.hour, time.minute, time.second
    );
    text.parse::<crate::domain::time::DateTime>().ok()?;
    Some(text + &offset(exif).unwrap_or_default())
}

/// `+08:00`, when the camera says it.
fn offset(exif: &Exif) -> Option<String> {
    let text = std::str::from_utf8(ascii(exif, Tag::OffsetTimeOriginal)?).ok()?.trim();
    let is_offset = matches!(text.as_bytes(), [b'+' | b'-', h1, h2, b':', m1, m2]
        if [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()));
    is_offset.then(|| text.to_owned())
}

fn position(exif: &Exif) -> Option<Position> {
    let lat = degrees(exif, Tag::GPSLatitude)? * sign(exif, Tag::GPSLatitudeRef, b'S');
    let lon = degrees(exif, Tag::GPSLongitude)? * sign(exif, Tag::GPSLongitudeRef, b'W');
    // What phones write that have no position yet.
    let is_nowhere = lon == 0.0 && lat == 0.0;
    Position::from_lon_lat(lon, lat).ok().filter(|_| !is_nowhere)
}

fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => match parts.as_slice() {
            [deg, min, sec] => Some(deg.to_f64() + min.to_f64() / 60.0 + sec.to_f64() / 3600.0),
            _ => None,
        },
        _ => None,
    }
    .filter(|degrees| degrees.is_finite())
}

fn sign(exif: &Exif, tag: Tag, negative: u8) -> f64 {
    if ascii(exif, tag).and_then(<[u8]>::first) == Some(&negative) { -1.0 } else { 1.0 }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}
