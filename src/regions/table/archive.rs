//! How much a ZIP archive unpacks to, measured by unpacking it into nothing.
//!
//! An XLSX workbook is a ZIP archive, and the sizes an archive declares may lie: a few
//! megabytes can unpack to gigabytes. Called by [`super::workbook`] before the workbook library
//! sees the bytes. Only what spreadsheets write is accepted: stored and deflated, no ZIP64.
//!
//! # Source
//! PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).

use std::io::Read;

use flate2::read::DeflateDecoder;

/// Most entries of an archive; a workbook has a dozen, one with many sheets and pictures some hundreds.
const MAX_ENTRIES: usize = 2000;

/// Length of the end record without its comment, whose own length has 16 bits.
const END_RECORD: usize = 22;

/// Why an archive is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ArchiveError {
    /// The records do not fit together.
    #[error("the file is cut short or damaged")]
    Damaged,
    /// It has more entries or unpacks to more than is allowed.
    #[error("it unpacks to more than is read")]
    TooLarge,
}

/// Unpacks every entry into nothing and adds up their sizes.
pub(super) fn unpacked_size(bytes: &[u8], limit: u64) -> Result<u64, ArchiveError> {
    let end = end_record(bytes).ok_or(ArchiveError::Damaged)?;
    let entries = usize::from(number16(bytes, end + 10)?);
    if entries > MAX_ENTRIES {
        return Err(ArchiveError::TooLarge);
    }
    let (mut at, mut total) = (number32(bytes, end + 16)?, 0_u64);
    for _ in 0..entries {
        if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Err(ArchiveError::Damaged);
        }
        let (method, packed, local) = (number16(bytes, at + 10)?, number32(bytes, at + 20)?, number32(bytes, at + 42)?);
        let data = local + 30 + usize::from(number16(bytes, local + 26)?) + usize::from(number16(bytes, local + 28)?);
        let packed = bytes.get(data..data + packed).ok_or(ArchiveError::Damaged)?;
        total += match method {
            0 => packed.len() as u64,
            8 => {
                let mut unpacked = DeflateDecoder::new(packed).take(limit.saturating_sub(total) + 1);
                std::io::copy(&mut unpacked, &mut std::io::sink()).ok().ok_or(ArchiveError::Damaged)?
            }
            _ => return Err(ArchiveError::Damaged),
        };
        if total > limit {
            return Err(ArchiveError::TooLarge);
        }
        let tail = [at + 28, at + 30, at + 32].map(|length| number16(bytes, length));
        at += 46;
        for length in tail {
            at += usize::from(length?);
        }
    }
    Ok(total)
}

/// Where the last end record begins that reaches to the end of the file with its comment.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_RECORD)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|&at| bytes.get(at..at + 4) == Some(b"PK\x05\x06"))
}

fn number16(bytes: &[u8], at: usize) -> Result<u16, ArchiveError> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(ArchiveError::Damaged)?;
    Ok(u16::from_le_bytes(*found))
}

/// Offsets and sizes; those of ZIP64 (all bits set) lie beyond any file that is read.
fn number32(bytes: &[u8], at: usize) -> Result<usize, ArchiveError> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(ArchiveError::Damaged)?;
    let number = u32::from_le_bytes(*found);
    if number as usize > bytes.len() { Err(ArchiveError::Damaged) } else { Ok(number as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook(text: &str) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().write_string(0, 0, text).unwrap();
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn the_size_is_what_comes_out_not_what_is_declared() {
        let bytes = workbook(&"a".repeat(30_000));
        let size = unpacked_size(&bytes, 1 << 20).unwrap();
        assert!(size > 30_000 && bytes.len() < 30_000, "{size} from {}", bytes.len());
        assert_eq!(unpacked_size(&bytes, size), Ok(size));
        assert_eq!(unpacked_size(&bytes, size - 1), Err(ArchiveError::TooLarge));
        let mut lying = bytes.clone();
        for at in 0..lying.len() - 46 {
            if lying[at..at + 4] == *b"PK\x01\x02" {
                lying[at + 24..at + 28].copy_from_slice(&1_u32.to_le_bytes());
            }
        }
        assert_eq!(unpacked_size(&lying, size - 1), Err(ArchiveError::TooLarge));
    }

    #[test]
    fn an_archive_cut_anywhere_is_damaged() {
        let bytes = workbook("a");
        for length in (0..bytes.len()).step_by(11) {
            assert_eq!(unpacked_size(&bytes[..length], 1 << 20), Err(ArchiveError::Damaged), "cut at {length}");
        }
    }
}
