//! How much of a workbook would have to be held at once, measured by unpacking it into nothing.
//!
//! An XLSX workbook is a ZIP archive, and what an archive says of sizes may lie: a few megabytes can unpack to
//! gigabytes. Called by [`super::workbook`] before the workbook library sees the bytes, with the very reader of archives
//! that the library uses, so that no other archive can be measured than is read. What a spreadsheet would not write is
//! refused before: bytes behind the end, and an end that does not follow the list of the parts.
//!
//! # Source
//! PKWARE APPNOTE.TXT 6.3.10, sections 4.3.14 and 4.3.15 (ZIP64 end record and its locator), 4.3.16 (end record).
//! ECMA-376 Part 1, 18.4.9 (`sst`, with `uniqueCount`).

use std::io::{self, Cursor, Read, Write};

use zip::ZipArchive;

/// Most entries of an archive; a workbook has a dozen, one with many sheets and pictures some hundreds.
const MAX_ENTRIES: usize = 2000;

/// Most texts that cells share, and most tags of the part that holds them: the library keeps all of them. A hundred
/// thousand people have fewer than half a million, of three tags each.
const MAX_TEXTS: u64 = 1_000_000;
const MAX_TEXT_TAGS: u64 = 4_000_000;

/// Most tags of a part that is no sheet, all of which the library keeps too: a workbook may have 65,490 formats.
const MAX_TAGS: u64 = 500_000;

/// Length of the end record; the comment that may follow it is what no spreadsheet writes.
const END_RECORD: usize = 22;

/// Length of the locator that stands before the end record in a ZIP64 archive.
const LOCATOR: usize = 20;

/// What a number is set to when its true value stands in a ZIP64 record.
const ELSEWHERE_16: u64 = 0xFFFF;
const ELSEWHERE_32: u64 = 0xFFFF_FFFF;

/// Why an archive is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// The records do not fit together.
    #[error("the file is cut short or damaged")]
    Damaged,
    /// It has more entries or unpacks to more than is allowed.
    #[error("it unpacks to more than is read")]
    TooLarge,
}

use ArchiveError::{Damaged, TooLarge};

/// Unpacks every part into nothing and adds up their sizes.
pub(crate) fn unpacked_size(bytes: &[u8], limit: u64) -> Result<u64, ArchiveError> {
    check_end(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_unreadable| Damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(TooLarge);
    }
    let mut total = 0_u64;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_unreadable| Damaged)?;
        let mut look = Look::into(&String::from_utf8_lossy(part.name_raw()));
        let mut part = part.take(limit.saturating_sub(total) + 1);
        total += io::copy(&mut part, &mut look).map_err(|error| match error.kind() {
            io::ErrorKind::QuotaExceeded => TooLarge,
            _ => Damaged,
        })?;
        if total > limit {
            return Err(TooLarge);
        }
    }
    Ok(total)
}

/// Refuses an archive that does not end with its one end record, right behind the list of its parts.
fn check_end(bytes: &[u8]) -> Result<(), ArchiveError> {
    let end = bytes.len().checked_sub(END_RECORD).ok_or(Damaged)?;
    if !stands(bytes, end, *b"PK\x05\x06") || number::<2>(bytes, end + 20)? != 0 {
        return Err(Damaged);
    }
    let short = List {
        entries: number::<2>(bytes, end + 10)?,
        length: number::<4>(bytes, end + 12)?,
        start: number::<4>(bytes, end + 16)?,
    };
    let Some(locator) = end.checked_sub(LOCATOR).filter(|at| stands(bytes, *at, *b"PK\x06\x07")) else {
        return if short.ends_at(end) { Ok(()) } else { Err(Damaged) };
    };
    let record = usize::try_from(number::<8>(bytes, locator + 8)?).map_err(|_larger| Damaged)?;
    let length = number::<8>(bytes, record.checked_add(4).ok_or(Damaged)?)?;
    let ends_before_locator = (record as u64 + 12).checked_add(length) == Some(locator as u64);
    let long = List {
        entries: number::<8>(bytes, record + 32)?,
        length: number::<8>(bytes, record + 40)?,
        start: number::<8>(bytes, record + 48)?,
    };
    let is_whole = stands(bytes, record, *b"PK\x06\x06") && ends_before_locator;
    if is_whole && long.ends_at(record) && short.agrees(&long) { Ok(()) } else { Err(Damaged) }
}

/// What an end record says of the list of the parts.
struct List {
    entries: u64,
    length: u64,
    start: u64,
}

impl List {
    fn ends_at(&self, at: usize) -> bool {
        self.start.checked_add(self.length) == Some(at as u64)
    }

    /// Both say the same where the short one says anything, so that no reader sees another list.
    fn agrees(&self, long: &Self) -> bool {
        (self.entries == ELSEWHERE_16 || self.entries == long.entries)
            && (self.length == ELSEWHERE_32 || self.length == long.length)
            && (self.start == ELSEWHERE_32 || self.start == long.start)
    }
}

fn stands(bytes: &[u8], at: usize, mark: [u8; 4]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(&mark))
}

/// A little-endian number of so many bytes, at most eight.
fn number<const BYTES: usize>(bytes: &[u8], at: usize) -> Result<u64, ArchiveError> {
    let found: &[u8; BYTES] = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(Damaged)?;
    Ok(found.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

/// Looks at what a part holds as it passes, and keeps nothing.
struct Look {
    tags_left: u64,
    /// For the part with the shared texts: how many it says it has, for which the library makes room at once.
    texts: Option<Announced>,
}

impl Look {
    /// By the name that the library looks for, in whatever folder the archive keeps it.
    fn into(part: &str) -> Self {
        let path = part.to_ascii_lowercase();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_markup = matches!(name.rsplit('.').next(), Some("xml" | "rels"));
        match name {
            "sharedstrings.xml" => Self { tags_left: MAX_TEXT_TAGS, texts: Some(Announced::default()) },
            // Sheets are read cell by cell, pictures never.
            _ if name.starts_with("sheet") || !is_markup => Self { tags_left: u64::MAX, texts: None },
            _ => Self { tags_left: MAX_TAGS, texts: None },
        }
    }
}

impl Write for Look {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let tags: u64 = bytes.iter().map(|byte| u64::from(*byte == b'<')).sum();
        let too_many_tags = tags > self.tags_left;
        self.tags_left = self.tags_left.saturating_sub(tags);
        let too_many_texts = self.texts.as_mut().is_some_and(|texts| bytes.iter().any(|byte| texts.passes(*byte)));
        if too_many_tags || too_many_texts { Err(io::ErrorKind::QuotaExceeded.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Finds a `uniqueCount` that is too high, however its attribute is written.
#[derive(Default)]
struct Announced {
    /// How much of the name has passed, then its value.
    matched: usize,
    value: u64,
}

impl Announced {
    const NAME: &[u8] = b"uniqueCount";

    /// Takes the next byte; whether the number is too high by now.
    fn passes(&mut self, byte: u8) -> bool {
        match byte {
            // Every other byte of UTF-16.
            0 => {}
            _ if self.matched < Self::NAME.len() => {
                let goes_on = Self::NAME.get(self.matched) == Some(&byte);
                self.matched = if goes_on { self.matched + 1 } else { usize::from(Self::NAME.first() == Some(&byte)) };
            }
            b'0'..=b'9' => self.value = self.value.saturating_mul(10).saturating_add(u64::from(byte - b'0')),
            b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' if self.value == 0 => {}
            _ => *self = Self::default(),
        }
        self.value > MAX_TEXTS
    }
}

#[cfg(test)]
pub(crate) mod tests {
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
        assert_eq!(unpacked_size(&lying, size), Err(Damaged), "the reader counts too");
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

    fn small(bytes: &[u8], at: usize) -> Result<usize, ArchiveError> {
        Ok(usize::try_from(number::<2>(bytes, at)?).unwrap())
    }

    fn large(bytes: &[u8], at: usize) -> usize {
        usize::try_from(number::<4>(bytes, at).unwrap()).unwrap()
    }

    /// An entry of the list of the parts.
    struct Entry {
        packed: usize,
        local: usize,
        next: usize,
    }

    impl Entry {
        fn read(bytes: &[u8], at: usize) -> Self {
            assert!(stands(bytes, at, *b"PK\x01\x02"));
            let lengths: usize = [28, 30, 32].iter().map(|field| small(bytes, at + field).unwrap()).sum();
            Self { packed: large(bytes, at + 20), local: large(bytes, at + 42), next: at + 46 + lengths }
        }
    }

    /// The same archive with the long records of ZIP64 throughout, as programs write it that do not know the size yet.
    pub(crate) fn as_zip64(bytes: &[u8]) -> Vec<u8> {
        let end = bytes.len() - END_RECORD;
        let (entries, mut at) = (small(bytes, end + 10).unwrap(), large(bytes, end + 16));
        let (mut locals, mut directory) = (Vec::new(), Vec::new());
        for _ in 0..entries {
            let entry = Entry::read(bytes, at);
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

    /// A workbook with one part replaced or added.
    fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
        let bytes = workbook("a");
        let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).unwrap();
            if part.name_raw() != name.as_bytes() {
                writer.raw_copy_file(part).unwrap();
            }
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_lies_behind_the_end_of_an_archive_or_names_another_list_is_damage() {
        let small = workbook("a");
        let huge = workbook(&"a".repeat(30_000));
        let end = |bytes: &[u8]| bytes[bytes.len() - END_RECORD..].to_vec();
        let with_comment = |bytes: &[u8], comment: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = bytes.len() - 2;
            bytes[at..].copy_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
            [bytes, comment.to_vec()].concat()
        };
        // An end record that says there is nothing.
        let empty = [b"PK\x05\x06".as_slice(), &[0; 18]].concat();
        for (what, bytes) in [
            ("blanks behind it", [small.clone(), vec![0; 22]].concat()),
            ("its end twice", [small.clone(), end(&small)].concat()),
            ("an empty end behind it", [huge.clone(), empty.clone()].concat()),
            ("an empty end in a comment", with_comment(&huge, &empty)),
            ("another archive behind it", [huge.clone(), small.clone()].concat()),
            ("another archive in a comment", with_comment(&huge, &small[..small.len().min(65_535)])),
            ("bytes before it", [vec![0; 22], small.clone()].concat()),
            ("a long archive with bytes behind it", [as_zip64(&small), vec![0; 22]].concat()),
        ] {
            assert_eq!(unpacked_size(&bytes, 1 << 30), Err(Damaged), "{what}");
        }
    }

    #[test]
    fn small_parts_that_would_fill_the_memory_are_too_large() {
        let sst = |count: &str, texts: usize| format!("<sst {count}>{}</sst>", "<si/>".repeat(texts)).into_bytes();
        let utf_16: Vec<u8> = sst("uniqueCount=\"99999999999\"", 1).into_iter().flat_map(|byte| [byte, 0]).collect();
        for (name, content) in [
            ("xl/sharedStrings.xml", sst("uniqueCount=\"99999999999\"", 1)),
            ("xl/sharedStrings.xml", sst("count='1' uniqueCount\n = '000002000000'", 1)),
            ("xl/sharedStrings.xml", sst(&format!("{}uniqueCount=\"2000000\"", " ".repeat(8190)), 1)),
            ("xl/sharedStrings.xml", utf_16),
            ("xl/sharedStrings.xml", sst("uniqueCount=\"1\"", 4_000_000)),
            ("elsewhere/SharedStrings.XML", sst("uniqueCount=\"2000000\"", 1)),
            ("xl/styles.xml", format!("<styleSheet><cellXfs>{}", "<xf/>".repeat(500_000)).into_bytes()),
            ("xl/_rels/workbook.xml.rels", "<Relationship/>".repeat(500_001).into_bytes()),
        ] {
            let bytes = with_part(name, &content);
            assert!(bytes.len() < 1 << 20, "{name}: {} bytes", bytes.len());
            assert_eq!(unpacked_size(&bytes, 1 << 30), Err(TooLarge), "{name}");
        }
        let fine = with_part("xl/sharedStrings.xml", &sst("count=\"9000000\" uniqueCount=\"1000000\"", 10));
        assert!(unpacked_size(&fine, 1 << 30).is_ok());
        // Cells of a sheet are read one by one.
        assert!(unpacked_size(&with_part("xl/worksheets/sheet9.xml", &b"<c/>".repeat(600_000)), 1 << 30).is_ok());
    }
}
