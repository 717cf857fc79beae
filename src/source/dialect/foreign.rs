//! Knows files that people bring instead of a fire table, and says what to do with each.
//!
//! Used by the readers of files and the unpacking of archives. Only recognises: nothing of these files is read, because place,
//! time or satellite of their rows are not sure, or because they are no text.

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
        let has = |word: &str| names.iter().any(|name| name.contains(word));
        let is_place_in_chinese = has("经度") && has("纬度") || has("东经") && has("北纬");
        is_place_in_chinese.then_some(Self::ChineseList)
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

    /// What it is, Chinese and English.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Xlsx => {
                "工作簿中没有 FIRMS 表，也没有配置过的名单 (a workbook with no FIRMS table and no list that the configuration names)"
            }
            Self::Xls => "旧版 Excel 工作簿 (an XLS workbook)",
            Self::ZipWithoutTable => "没有 CSV 表的 ZIP 压缩包 (a ZIP archive without a CSV table)",
            Self::BadZip => {
                "打不开的 ZIP 压缩包或工作簿 (a ZIP archive or XLSX workbook that does not open: cut off or damaged)"
            }
            Self::LockedZip => "加密的 ZIP 压缩包 (a ZIP archive with a password)",
            Self::NestedGzip => "两次压缩的 gzip (gzip inside gzip)",
            Self::Shapefile => "Shapefile 图层 (a shapefile)",
            Self::Kml => "KML/KMZ 文件 (KML)",
            Self::Landsat => {
                "Landsat 火点表，其 scan、track 是影像行列号 (a Landsat table, whose scan and track are image indices)"
            }
            Self::ChineseList => {
                "中文表头的火点清单，未说明时区、坐标系 (a list with Chinese headings, which says neither time zone nor datum)"
            }
            Self::CrText => "以单个 CR 换行的文本 (text whose lines end with CR alone)",
            Self::OtherDatum => "非 WGS-84 坐标的 GeoJSON (GeoJSON that is not WGS-84)",
        }
    }

    /// What to do with it, Chinese and English.
    #[must_use]
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::Xls => "请另存为 .xlsx 后重新放入 (save it as .xlsx and bring that)",
            Self::ZipWithoutTable | Self::NestedGzip => {
                "请放入其中的 CSV 文件 (bring the CSV file itself, plain, gzip or in one ZIP)"
            }
            Self::BadZip => "请重新完整复制或下载 (copy or download it again in full)",
            Self::LockedZip => "请先解压再放入 (unpack it first)",
            Self::Shapefile | Self::Kml => {
                "请在 FIRMS 下载时选择 CSV 格式，或用地图软件导出为 CSV、GeoJSON (choose CSV when downloading from FIRMS, or export it as CSV or GeoJSON)"
            }
            Self::Landsat => {
                "本版本不读取，请改用 FIRMS 的 VIIRS、MODIS 数据 (this version does not read it; use VIIRS or MODIS data of FIRMS)"
            }
            Self::ChineseList | Self::Xlsx => {
                "请在配置中用 [[list]] 说明此类名单的各列、坐标系、时区，见 docs/operations.md“名单”一节 (say in a [[list]] of the configuration which column is what, the datum and the time zone, see \"Lists\" in docs/operations.md)"
            }
            Self::CrText => "请另存为换行为 LF 或 CRLF 的 CSV (save it as CSV with LF or CRLF line ends)",
            Self::OtherDatum => "请导出为 WGS-84（EPSG:4326）(export it in WGS-84, EPSG:4326)",
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
