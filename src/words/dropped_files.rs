//! What is said of a file or body that was read: why it was refused, which rows are at fault, what to do with it.
//!
//! Recorded with its poll, printed by `firegrid ingest`, and written beside a refused file of the drop folder.

use super::{Say, Sentence, feeds, file_faults, sentence};
use crate::source::dialect::{BodyError, Foreign, Reason, Table};
use crate::source::safe_text::shown;
use crate::source::{MAX_DETAIL_CHARS, Poll};

/// Rejected rows and unknown values named in an explanation, each reason once.
const REASONS_NAMED: usize = 40;

impl Say for Foreign {
    /// What kind of file it is and what to do with it.
    fn say(&self) -> Sentence {
        let ((zh, en), (do_zh, do_en)) = (kind(*self), remedy(*self));
        sentence(format!("{zh}；{do_zh}"), format!("{en}; {do_en}"))
    }
}

fn kind(foreign: Foreign) -> (&'static str, &'static str) {
    match foreign {
        Foreign::Xlsx => (
            "工作簿中没有 FIRMS 表，也没有配置过的名单",
            "a workbook with no FIRMS table and no list that the configuration names",
        ),
        Foreign::Xls => ("旧版 Excel 工作簿", "an XLS workbook"),
        Foreign::ZipWithoutTable => ("没有 CSV 表的 ZIP 压缩包", "a ZIP archive without a CSV table"),
        Foreign::BadZip => {
            ("打不开的 ZIP 压缩包或工作簿", "a ZIP archive or XLSX workbook that does not open: cut off or damaged")
        }
        Foreign::LockedZip => ("加密的 ZIP 压缩包", "a ZIP archive with a password"),
        Foreign::NestedGzip => ("两次压缩的 gzip", "gzip inside gzip"),
        Foreign::Shapefile => ("Shapefile 图层", "a shapefile"),
        Foreign::Kml => ("KML/KMZ 文件", "KML"),
        Foreign::Landsat => {
            ("Landsat 火点表，其 scan、track 是影像行列号", "a Landsat table, whose scan and track are image indices")
        }
        Foreign::ChineseList => (
            "中文表头的火点清单，未说明时区、坐标系",
            "a list with Chinese headings, which says neither time zone nor datum",
        ),
        Foreign::CrText => ("以单个 CR 换行的文本", "text whose lines end with CR alone"),
        Foreign::OtherDatum => ("非 WGS-84 坐标的 GeoJSON", "GeoJSON that is not WGS-84"),
    }
}

fn remedy(foreign: Foreign) -> (&'static str, &'static str) {
    match foreign {
        Foreign::Xls => ("请另存为 .xlsx 后重新放入", "save it as .xlsx and bring that"),
        Foreign::ZipWithoutTable | Foreign::NestedGzip => {
            ("请放入其中的 CSV 文件", "bring the CSV file itself, plain, gzip or in one ZIP")
        }
        Foreign::BadZip => ("请重新完整复制或下载", "copy or download it again in full"),
        Foreign::LockedZip => ("请先解压再放入", "unpack it first"),
        Foreign::Shapefile | Foreign::Kml => (
            "请在 FIRMS 下载时选择 CSV 格式，或用地图软件导出为 CSV、GeoJSON",
            "choose CSV when downloading from FIRMS, or export it as CSV or GeoJSON",
        ),
        Foreign::Landsat => (
            "本版本不读取，请改用 FIRMS 的 VIIRS、MODIS 数据",
            "this version does not read it; use VIIRS or MODIS data of FIRMS",
        ),
        Foreign::ChineseList | Foreign::Xlsx => (
            "请在配置中用 [[list]] 说明此类名单的各列、坐标系、时区，见 docs/operations.md“名单”一节",
            "say in a [[list]] of the configuration which column is what, the datum and the time zone, see \"Lists\" in \
             docs/operations.md",
        ),
        Foreign::CrText => ("请另存为换行为 LF 或 CRLF 的 CSV", "save it as CSV with LF or CRLF line ends"),
        Foreign::OtherDatum => ("请导出为 WGS-84（EPSG:4326）", "export it in WGS-84, EPSG:4326"),
    }
}

/// What happened to a poll in technical words, and in people's where its body is of a kind that is not read.
#[must_use]
pub fn detail(poll: &Poll) -> String {
    let detail = match &poll.why {
        Some(BodyError::Unsupported { what }) => format!("{}; {}", poll.detail, what.say()),
        Some(BodyError::Unclear { codes, .. }) => {
            let mut glosses: Vec<&str> = Vec::new();
            for gloss in codes.iter().filter_map(|code| file_faults::gloss(code)) {
                if !glosses.contains(&gloss) {
                    glosses.push(gloss);
                }
            }
            let glosses = if glosses.is_empty() { String::new() } else { format!("（{}）", glosses.join("；")) };
            format!("{}{glosses}", poll.detail)
        }
        _ => return poll.detail.clone(),
    };
    shown(&detail, MAX_DETAIL_CHARS)
}

/// The detail, and below it each reason for which rows were rejected or values are unknown, with how many and the first.
#[must_use]
pub fn explanation(poll: &Poll) -> String {
    let mut lines = vec![detail(poll)];
    let rejected = poll.rejected_reasons().into_iter().map(|reason| format!("不合格 rejected: {}", rows(&reason)));
    let unknown = poll.table.iter().flat_map(Table::unknown_values);
    let unknown = unknown.map(|reason| format!("值未知 unknown: {}", rows(&reason)));
    lines.extend(rejected.chain(unknown).take(REASONS_NAMED).map(|line| shown(&line, MAX_DETAIL_CHARS)));
    lines.join("\n")
}

fn rows(reason: &Reason) -> String {
    let Reason { column, rows, first_line, first } = reason;
    format!("{column} {rows} 行 rows, 首见第 {first_line} 行 first in line {first_line}: {first}")
}

/// What is written beside a refused file: its outcome, why, and what to do; nothing for one that was read well.
#[must_use]
pub fn note(poll: &Poll) -> Option<String> {
    let (outcome, todo) = (poll.outcome, feeds::what_to_do(poll.outcome));
    let why = || format!("{outcome}\n{}\n{}\n{}\n", explanation(poll), todo.zh, todo.en);
    (!outcome.is_success()).then(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::dialect::ReadOptions;
    use crate::source::read_file;

    fn detail_of(body: &[u8]) -> String {
        detail(&read_file(body.to_vec(), 1 << 20, &ReadOptions::default()))
    }

    #[test]
    fn a_file_of_a_kind_that_is_not_read_is_told_with_what_to_do_in_both_languages() {
        let cases: [(&[u8], [&str; 3]); 4] = [
            (
                b"\xd0\xcf\x11\xe0old",
                ["旧版 Excel 工作簿；请另存为 .xlsx", "an XLS workbook; save it as .xlsx", "XLS;"],
            ),
            (b"PK\x03\x04cut off", ["请重新完整复制或下载", "cut off or damaged; copy", "damaged ZIP;"]),
            ("县,东经,北纬,时间\n".as_bytes(), ["中文表头的火点清单", "neither time zone nor datum", "[[list]]"]),
            (b"latitude,longitude,scan\r45,122,1\r", ["单个 CR", "CR alone; save it as CSV", "LF or CRLF"]),
        ];
        for (body, said) in cases {
            let detail = detail_of(body);
            assert!(said.iter().all(|part| detail.contains(part)), "{said:?}: {detail}");
        }
        let technical = detail_of(b"latitude,longitude,scan\n");
        assert!(technical.starts_with("the header lacks") && technical.is_ascii(), "{technical}");
    }

    #[test]
    fn what_is_not_sure_in_a_list_is_told_with_the_gloss_of_each_fault() {
        let mut poll = read_file(b"x".to_vec(), 10, &ReadOptions::default());
        poll.detail = "row 3: merged".to_owned();
        let codes = vec!["merged_cells", "column_twice", "merged_cells", "unknown to all"];
        poll.why = Some(BodyError::Unclear { problems: vec!["row 3: merged".to_owned()], codes });
        assert_eq!(detail(&poll), "row 3: merged（合并单元格跨多列；列名重复）");
    }
}
