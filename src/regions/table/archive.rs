//! How much a ZIP archive unpacks to, measured by unpacking it into nothing.
//!
//! An XLSX workbook is a ZIP archive, and the sizes an archive declares may lie: a few
//! megabytes can unpack to gigabytes. Called by [`super::workbook`] before the workbook library
//! sees the bytes. Only what spreadsheets write is accepted: stored and deflated, with the long records of ZIP64 or
//! without; where both kinds of record are there they have to say the same, so that no reader can see another archive.
//!
//! # Source
//! PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 and 4.3.15 (ZIP64 end
//! record and its locator), 4.3.16 (end record), 4.5.3 (ZIP64 extra field).

use std::io::Read;

use flate2::read::DeflateDecoder;

/// Most entries of an archive; a workbook has a dozen, one with many sheets and pictures some hundreds.
const MAX_ENTRIES: usize = 2000;

/// Length of the end record without its comment, whose own length has 16 bits.
const END_RECORD: usize = 22;

/// Length of the locator that stands before the end record in a ZIP64 archive.
const LOCATOR: usize = 20;

/// What a number is set to when its true value stands in a ZIP64 record.
const ELSEWHERE_16: u64 = 0xFFFF;
const ELSEWHERE_32: u64 = 0xFFFF_FFFF;

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

use ArchiveError::{Damaged, TooLarge};

/// Unpacks every entry into nothing and adds up their sizes.
pub(super) fn unpacked_size(bytes: &[u8], limit: u64) -> Result<u64, ArchiveError> {
    let (entries, mut at) = directory(bytes)?;
    if entries > MAX_ENTRIES {
        return Err(TooLarge);
    }
    let mut total = 0_u64;
    for _ in 0..entries {
        let entry = Entry::read(bytes, at)?;
        let data = entry.local + 30 + small(bytes, entry.local + 26)? + small(bytes, entry.local + 28)?;
        let packed = data.checked_add(entry.packed).and_then(|end| bytes.get(data..end)).ok_or(Damaged)?;
        total += match entry.method {
            0 => packed.len() as u64,
            8 => {
                let mut unpacked = DeflateDecoder::new(packed).take(limit.saturating_sub(total) + 1);
                std::io::copy(&mut unpacked, &mut std::io::sink()).ok().ok_or(Damaged)?
            }
            _ => return Err(Damaged),
        };
        if total > limit {
            return Err(TooLarge);
        }
        at = entry.next;
    }
    Ok(total)
}

/// Number of the entries and where their list begins.
fn directory(bytes: &[u8]) -> Result<(usize, usize), ArchiveError> {
    let end = end_record(bytes).ok_or(Damaged)?;
    let short = (number::<2>(bytes, end + 10)?, number::<4>(bytes, end + 16)?);
    let locator = end.checked_sub(LOCATOR).filter(|at| bytes.get(*at..*at + 4) == Some(b"PK\x06\x07"));
    let Some(locator) = locator else { return Ok((within(bytes, short.0)?, within(bytes, short.1)?)) };
    let record = within(bytes, number::<8>(bytes, locator + 8)?)?;
    if bytes.get(record..record + 4) != Some(b"PK\x06\x06") {
        return Err(Damaged);
    }
    let long = (number::<8>(bytes, record + 32)?, number::<8>(bytes, record + 48)?);
    let agrees = (short.0 == ELSEWHERE_16 || short.0 == long.0) && (short.1 == ELSEWHERE_32 || short.1 == long.1);
    if agrees { Ok((within(bytes, long.0)?, within(bytes, long.1)?)) } else { Err(Damaged) }
}

/// Where the last end record begins that reaches to the end of the file with its comment.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_RECORD)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|&at| bytes.get(at..at + 4) == Some(b"PK\x05\x06"))
}

/// An entry of the central directory.
struct Entry {
    method: u64,
    packed: usize,
    /// Where its local header begins.
    local: usize,
    /// Where the next entry of the directory begins.
    next: usize,
}

impl Entry {
    fn read(bytes: &[u8], at: usize) -> Result<Self, ArchiveError> {
        if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Err(Damaged);
        }
        let extra = at + 46 + small(bytes, at + 28)?;
        let after = extra + small(bytes, at + 30)?;
        let mut long = long_numbers(bytes.get(extra..after).ok_or(Damaged)?);
        let mut full = |short: u64| match short {
            ELSEWHERE_32 => long.next().ok_or(Damaged),
            short => Ok(short),
        };
        // In the order of the extra field; the unpacked size is not believed, but has its place.
        full(number::<4>(bytes, at + 24)?)?;
        let packed = full(number::<4>(bytes, at + 20)?)?;
        let local = full(number::<4>(bytes, at + 42)?)?;
        Ok(Self {
            method: number::<2>(bytes, at + 10)?,
            packed: within(bytes, packed)?,
            local: within(bytes, local)?,
            next: after + small(bytes, at + 32)?,
        })
    }
}

/// The numbers of the ZIP64 extra field, of which only those stand there that were set to all bits.
fn long_numbers(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut found: &[u8] = &[];
    while let (Ok(id), Ok(length)) = (number::<2>(extra, 0), small(extra, 2)) {
        let Some(field) = extra.get(4..4 + length) else { break };
        if id == 1 {
            found = field;
            break;
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
    found.chunks_exact(8).filter_map(|chunk| number::<8>(chunk, 0).ok())
}

/// A little-endian number of so many bytes, at most eight.
fn number<const BYTES: usize>(bytes: &[u8], at: usize) -> Result<u64, ArchiveError> {
    let found: &[u8; BYTES] = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(Damaged)?;
    Ok(found.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

/// A length of 16 bits.
fn small(bytes: &[u8], at: usize) -> Result<usize, ArchiveError> {
    within(bytes, number::<2>(bytes, at)?)
}

/// An offset, size or count that can be true of these bytes.
fn within(bytes: &[u8], number: u64) -> Result<usize, ArchiveError> {
    usize::try_from(number).ok().filter(|number| *number <= bytes.len()).ok_or(Damaged)
}

#[cfg(test)]
pub(super) mod tests {
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
        assert_eq!(unpacked_size(&bytes, size - 1), Err(TooLarge));
        let mut lying = bytes.clone();
        for at in 0..lying.len() - 46 {
            if lying[at..at + 4] == *b"PK\x01\x02" {
                lying[at + 24..at + 28].copy_from_slice(&1_u32.to_le_bytes());
            }
        }
        assert_eq!(unpacked_size(&lying, size - 1), Err(TooLarge));
    }

    #[test]
    fn an_archive_cut_anywhere_is_damaged() {
        let bytes = workbook("a");
        for length in (0..bytes.len()).step_by(11) {
            assert_eq!(unpacked_size(&bytes[..length], 1 << 20), Err(Damaged), "cut at {length}");
        }
        let long = as_zip64(&bytes);
        for length in (0..long.len()).step_by(11) {
            assert_eq!(unpacked_size(&long[..length], 1 << 20), Err(Damaged), "cut at {length}");
        }
    }

    /// The same archive with the long records of ZIP64 throughout, as programs write it that do not know the size yet.
    pub(in super::super) fn as_zip64(bytes: &[u8]) -> Vec<u8> {
        let (entries, mut at) = directory(bytes).unwrap();
        let (mut locals, mut directory) = (Vec::new(), Vec::new());
        for _ in 0..entries {
            let entry = Entry::read(bytes, at).unwrap();
            let (name, sizes) =
                (small(bytes, at + 28).unwrap(), [bytes[at + 24..at + 28].to_vec(), bytes[at + 20..at + 24].to_vec()]);
            let long: Vec<u8> = sizes.iter().flat_map(|size| [size.as_slice(), &[0; 4]].concat()).collect();
            let offset = locals.len() as u64;
            let data =
                entry.local + 30 + small(bytes, entry.local + 26).unwrap() + small(bytes, entry.local + 28).unwrap();
            let mut local = bytes[entry.local..entry.local + 30 + name].to_vec();
            // No data descriptor: the sizes stand in the extra field.
            local[6] &= !8;
            local[14..18].copy_from_slice(&bytes[at + 16..at + 20]);
            local[18..26].fill(0xFF);
            local[28..30].copy_from_slice(&20_u16.to_le_bytes());
            locals.extend([local, vec![1, 0, 16, 0], long.clone(), bytes[data..data + entry.packed].to_vec()].concat());
            let mut central = bytes[at..at + 46 + name].to_vec();
            central[8] &= !8;
            central[20..28].fill(0xFF);
            central[42..46].fill(0xFF);
            central[30..34].copy_from_slice(&28_u32.to_le_bytes());
            directory.extend([central, vec![1, 0, 24, 0], long, offset.to_le_bytes().to_vec()].concat());
            at = entry.next;
        }
        let start = locals.len() as u64;
        let record = start + directory.len() as u64;
        let count = entries as u64;
        let numbers = [count, count, directory.len() as u64, start].map(u64::to_le_bytes).concat();
        let long_end = [
            b"PK\x06\x06".to_vec(),
            44_u64.to_le_bytes().to_vec(),
            vec![45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            numbers,
        ]
        .concat();
        let locator = [b"PK\x06\x07".to_vec(), vec![0; 4], record.to_le_bytes().to_vec(), vec![1, 0, 0, 0]].concat();
        let end = [b"PK\x05\x06".to_vec(), vec![0; 4], vec![0xFF; 12], vec![0; 2]].concat();
        [locals, directory, long_end, locator, end].concat()
    }

    #[test]
    fn long_records_are_read_and_measured_like_short_ones() {
        let bytes = workbook(&"a".repeat(30_000));
        let size = unpacked_size(&bytes, 1 << 20).unwrap();
        let long = as_zip64(&bytes);
        assert_eq!(unpacked_size(&long, 1 << 20), Ok(size));
        assert_eq!(unpacked_size(&long, size - 1), Err(TooLarge));
    }

    #[test]
    fn short_and_long_records_that_say_different_things_are_damage() {
        let mut long = as_zip64(&workbook("a"));
        let end = long.len() - END_RECORD;
        long[end + 10..end + 12].copy_from_slice(&1_u16.to_le_bytes());
        assert_eq!(unpacked_size(&long, 1 << 20), Err(Damaged));
        let mut long = as_zip64(&workbook("a"));
        long[end - LOCATOR + 8..end - LOCATOR + 16].fill(0xFF);
        assert_eq!(unpacked_size(&long, 1 << 20), Err(Damaged));
    }
}
