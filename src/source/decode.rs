//! Unpacks a file that may be gzip or a ZIP archive, told by its first bytes and not by its name.
//!
//! Shared by the drop folder and `firegrid ingest`. The limit holds for what comes out: a small file may
//! unpack to gigabytes. Names inside an archive are only shown, never made into a path.

use std::io::{Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::dialect::Foreign;
use super::firms;
use super::safe_text::shown;

/// Most files of an archive; one of FIRMS holds a handful.
pub const MAX_MEMBERS: usize = 1_000;

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes as they lie there: a copy that broke off looks like a shorter file.
    Plain(Vec<u8>),
    /// Unpacked gzip, whose own end and check sum prove that nothing is missing.
    Gzip(Vec<u8>),
    /// An XLSX workbook as it lies there: an archive too, read as one.
    Workbook(Vec<u8>),
    /// The tables of a ZIP archive, proven likewise, in the order of the archive; at least one.
    Archive(Vec<Member>),
}

/// A table of an archive.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, escaped.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Why a file cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It unpacks to more than the limit.
    #[error("the file unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The archive holds more files than any of FIRMS does.
    #[error("the archive holds {found} files, expected at most {MAX_MEMBERS}")]
    TooManyMembers {
        /// How many.
        found: usize,
    },
    /// The gzip stream or a file of the archive ends early or is damaged.
    #[error("the packed data is cut off or damaged")]
    Damaged(#[source] std::io::Error),
    /// An archive in which there is nothing to read.
    #[error("a kind of file that is not read: {}", .0.name())]
    Foreign(Foreign),
}

/// Returns the content of a file: unpacked when it is gzip or ZIP, as it is when not.
///
/// # Errors
/// [`DecodeError`]: `TooLarge` over `limit` bytes in all, `TooManyMembers` over [`MAX_MEMBERS`], `Damaged` when packed data does
/// not end properly, `Foreign` for an archive that does not open or holds no table.
pub fn decode_file(bytes: &[u8], limit: usize) -> Result<Content, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLarge { limit });
    }
    match bytes {
        [0x1f, 0x8b, ..] => Ok(Content::Gzip(read_within(MultiGzDecoder::new(bytes), limit, limit)?)),
        [b'P', b'K', 3 | 5, 4 | 6, ..] if is_workbook(bytes) => Ok(Content::Workbook(bytes.to_vec())),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Ok(Content::Archive(unzip(bytes, limit)?)),
        _ => Ok(Content::Plain(bytes.to_vec())),
    }
}

/// Whether an archive is a workbook.
fn is_workbook(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes))
        .is_ok_and(|archive| archive.file_names().flatten().any(|name| name.starts_with("xl/")))
}

/// Reads to the end, at most `left` bytes of a `limit`.
fn read_within(reader: impl Read, left: usize, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let mut content = Vec::new();
    let one_more = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(one_more).read_to_end(&mut content).map_err(DecodeError::Damaged)?;
    if content.len() > left { Err(DecodeError::TooLarge { limit }) } else { Ok(content) }
}

/// The tables of a ZIP archive. What its directory says of sizes is not relied on.
fn unzip(bytes: &[u8], limit: usize) -> Result<Vec<Member>, DecodeError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_unreadable| DecodeError::Foreign(Foreign::BadZip))?;
    if archive.len() > MAX_MEMBERS {
        return Err(DecodeError::TooManyMembers { found: archive.len() });
    }
    // Old Chinese programs write names in GBK without saying so: a name that does not read is still shown somehow.
    let names: Vec<String> = archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let (mut members, mut left) = (Vec::new(), limit);
    for (i, name) in names.iter().enumerate() {
        let kind = kind_of(name);
        if kind == Kind::Other {
            continue;
        }
        let file = archive.by_index(i).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => DecodeError::Foreign(Foreign::LockedZip),
            other => DecodeError::Damaged(other.into()),
        })?;
        let content = read_within(file, left, limit)?;
        left -= content.len();
        // A note beside the tables is no table; a table by its name must be one.
        if kind == Kind::Table || firms::begins_like_a_table(&content) {
            members.push(Member { name: shown(name, 100), content });
        }
    }
    if members.is_empty() {
        return Err(DecodeError::Foreign(Foreign::by_members(names.iter().map(String::as_str))));
    }
    Ok(members)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Text,
    Other,
}

fn kind_of(name: &str) -> Kind {
    let name = name.to_ascii_lowercase();
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Hidden files and the copies of attributes that a Mac packs beside every file.
    if file.starts_with('.') || name.starts_with("__macosx/") {
        return Kind::Other;
    }
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv" | "geojson" | "xlsx") => Kind::Table,
        Some("txt" | "json") => Kind::Text,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn names(content: Content) -> Vec<String> {
        let Content::Archive(members) = content else { panic!("{content:?} is no archive") };
        members.into_iter().map(|member| member.name).collect()
    }

    #[test]
    fn gzip_is_told_by_its_bytes_and_plain_text_passes() {
        assert_eq!(decode_file(&gzip(b"abc"), 100).unwrap(), Content::Gzip(b"abc".to_vec()));
        assert_eq!(decode_file(b"abc", 10).unwrap(), Content::Plain(b"abc".to_vec()));
        let two_members = [gzip(b"abc"), gzip(b"def")].concat();
        assert_eq!(decode_file(&two_members, 100).unwrap(), Content::Gzip(b"abcdef".to_vec()));
    }

    #[test]
    fn the_limit_holds_for_what_comes_out() {
        let bomb = gzip(&vec![b'0'; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert!(matches!(decode_file(&bomb, 100_000), Err(DecodeError::TooLarge { limit: 100_000 })));
        assert!(decode_file(&gzip(&[b'0'; 100]), 100).is_ok());
        assert!(matches!(decode_file(&[b'0'; 101], 100), Err(DecodeError::TooLarge { .. })));
        let half = vec![b'0'; 60_000];
        let two = zip_of(&[("a.csv", &half), ("b.csv", &half)]);
        assert!(matches!(decode_file(&two, 100_000), Err(DecodeError::TooLarge { .. })), "over all files together");
        assert_eq!(names(decode_file(&two, 120_000).unwrap()), ["a.csv", "b.csv"]);
    }

    #[test]
    fn a_cut_at_any_byte_is_damage_and_never_a_shorter_file() {
        let whole = gzip(b"latitude,longitude\n45.1,122.5\n");
        for end in 2..whole.len() {
            let found = decode_file(&whole[..end], 1_000);
            assert!(matches!(found, Err(DecodeError::Damaged(_))), "cut at {end}");
        }
        let archive = zip_of(&[("a.csv", b"latitude,longitude\n"), ("b.csv", b"latitude,longitude\n45.1,122.5\n")]);
        for end in 4..archive.len() {
            assert!(decode_file(&archive[..end], 1_000).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_byte_changed_in_an_archive_is_damage() {
        let archive = zip_of(&[("a.csv", b"latitude,longitude\n45.1,122.5\n")]);
        let data = archive.windows(5).position(|five| five == b"a.csv").unwrap() + 5;
        let mut damaged = archive.clone();
        damaged[data + 4] ^= 0xff;
        assert!(matches!(decode_file(&damaged, 1_000), Err(DecodeError::Damaged(_))));
    }

    #[test]
    fn the_tables_of_an_archive_are_found_and_what_lies_beside_them_is_not() {
        let archive = zip_of(&[
            ("DL/fire_archive.csv", b"x"),
            ("../../etc/fire_nrt.CSV", b"x"),
            ("Readme.txt", b"How to use these files"),
            ("daily.txt", b"latitude,longitude,scan\n"),
            ("__MACOSX/DL/._fire_archive.csv", b"x"),
            (".hidden.csv", b"x"),
            ("points.geojson", b"{}"),
            ("fire_nrt.json", br#"[{"latitude":45.1,"acq_date":"2026-10-10"}]"#),
            ("package.json", b"{}"),
            ("fire.shp", b"x"),
        ]);
        let found = names(decode_file(&archive, 10_000).unwrap());
        assert_eq!(
            found,
            ["DL/fire_archive.csv", "../../etc/fire_nrt.CSV", "daily.txt", "points.geojson", "fire_nrt.json"]
        );
        let found = decode_file(&zip_of(&[("Readme.txt", b"How to")]), 10_000);
        assert!(matches!(found, Err(DecodeError::Foreign(Foreign::ZipWithoutTable))), "{found:?}");
        let workbook = zip_of(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]);
        assert_eq!(decode_file(&workbook, 10_000).unwrap(), Content::Workbook(workbook));
        let crowded: Vec<_> = (0..=MAX_MEMBERS).map(|i| format!("{i}.csv")).collect();
        let crowded: Vec<_> = crowded.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        assert!(matches!(decode_file(&zip_of(&crowded), 1 << 20), Err(DecodeError::TooManyMembers { .. })));
    }
}
