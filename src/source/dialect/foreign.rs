//! Knows files that people bring instead of a fire table.
//!
//! Used by the readers of files and the unpacking of archives. Only recognises: nothing of these files is read, because place,
//! time or satellite of their rows are not sure, or because they are no text.

use crate::source::vocabulary::PLACE_HEADS;

/// A kind of file that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A workbook of today's spreadsheets in which no table is known.
    Xlsx,
    /// A workbook of old ones.
    Xls,
    /// A ZIP archive in which no table is.
    ZipWithoutTable,
    /// A ZIP archive that does not open.
    BadZip,
    /// A ZIP archive with a password.
    LockedZip,
    /// Gzip inside gzip.
    NestedGzip,
    /// A shapefile or an archive of one.
    Shapefile,
    /// KML or KMZ.
    Kml,
    /// FIRMS Landsat: `scan` and `track` are image indices.
    Landsat,
    /// A list of fire points with Chinese headings, as provinces pass them on.
    ChineseList,
    /// Text whose lines end with CR alone.
    CrText,
    /// GeoJSON that is not WGS-84.
    OtherDatum,
}

impl Foreign {
    /// The kind that a file's first bytes show to be.
    pub(in crate::source) fn by_first_bytes(body: &[u8]) -> Option<Self> {
        match body {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::BadZip),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Self::Xls),
            [0x1f, 0x8b, ..] => Some(Self::NestedGzip),
            [0, 0, 0x27, 0x0a, ..] => Some(Self::Shapefile),
            _ => {
                let start = body.get(..500).unwrap_or(body);
                let is_kml = body.trim_ascii_start().starts_with(b"<") && start.windows(5).any(|five| five == b"<kml ");
                is_kml.then_some(Self::Kml)
            }
        }
    }

    /// The kind that the names of a table's columns show to be.
    pub(in crate::source) fn by_names(names: &[String]) -> Option<Self> {
        let has = |word: &&str| names.iter().any(|name| name.contains(word));
        PLACE_HEADS.iter().any(|heads| heads.iter().all(has)).then_some(Self::ChineseList)
    }

    /// The kind of archive that holds files of these names, none of them a table.
    pub(in crate::source) fn by_members<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
        let has = |ending: &str| names.iter().any(|name| name.ends_with(ending));
        if names.iter().any(|name| name.starts_with("xl/")) {
            Self::Xlsx
        } else if has(".shp") || has(".dbf") {
            Self::Shapefile
        } else if has(".kml") {
            Self::Kml
        } else {
            Self::ZipWithoutTable
        }
    }

    /// The word for it in a technical text; what it is and what to do with it stand in `words`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "workbook without a known table",
            Self::Xls => "XLS",
            Self::ZipWithoutTable => "ZIP without a table",
            Self::BadZip => "damaged ZIP",
            Self::LockedZip => "ZIP with a password",
            Self::NestedGzip => "gzip inside gzip",
            Self::Shapefile => "shapefile",
            Self::Kml => "KML",
            Self::Landsat => "Landsat table",
            Self::ChineseList => "list with Chinese heads",
            Self::CrText => "text with CR line ends",
            Self::OtherDatum => "GeoJSON in another datum",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_without_a_table_is_named_for_what_it_is() {
        let cases: [(&[&str], Foreign); 5] = [
            (&["[Content_Types].xml", "xl/workbook.xml"], Foreign::Xlsx),
            (&["fire_nrt_M6.SHP", "fire_nrt_M6.dbf", "Readme.txt"], Foreign::Shapefile),
            (&["doc.kml"], Foreign::Kml),
            (&["Readme.txt"], Foreign::ZipWithoutTable),
            (&[], Foreign::ZipWithoutTable),
        ];
        for (names, expected) in cases {
            assert_eq!(Foreign::by_members(names.iter().copied()), expected, "{names:?}");
        }
    }
}
