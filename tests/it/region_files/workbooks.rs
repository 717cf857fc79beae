//! Tables of a region kept as XLSX workbooks say the same as CSV, and broken workbooks are refused.

use firegrid::regions::{self, Bundle};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{Files, passes, small_region};

/// A table of the small region as a workbook: codes as numbers, dates and times as cells.
fn workbook(csv: &[u8], heads: &[(&str, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut reader = csv::Reader::from_reader(csv);
    for (column, head) in (0..).zip(reader.headers().unwrap()) {
        let chinese = heads.iter().find(|(english, _)| *english == head).map_or(head, |(_, chinese)| chinese);
        sheet.write_string(0, column, chinese).unwrap();
    }
    for (row, record) in (1..).zip(reader.records()) {
        for (column, text) in (0..).zip(&record.unwrap()) {
            write(sheet, row, column, text);
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    let moment = |text: &str| ExcelDateTime::parse_from_str(text).ok();
    let format = |code: &str| Format::new().set_num_format(code);
    if let Ok(number) = text.parse::<f64>() {
        sheet.write_number(row, column, number).unwrap();
    } else if text.len() == 10 && moment(text).is_some() {
        sheet.write_datetime_with_format(row, column, moment(text).unwrap(), &format("yyyy/m/d")).unwrap();
    } else if text.len() == 16 && !text.ends_with("24:00") && moment(&text.replace(' ', "T")).is_some() {
        let at = moment(&text.replace(' ', "T")).unwrap();
        sheet.write_datetime_with_format(row, column, at, &format("yyyy/m/d h:mm")).unwrap();
    } else if text.len() == 5 && text != "24:00" && moment(text).is_some() {
        sheet.write_datetime_with_format(row, column, moment(text).unwrap(), &format("h:mm")).unwrap();
    } else if text == "24:00" {
        sheet.write_number_with_format(row, column, 1.0, &format("[h]:mm")).unwrap();
    } else if !text.is_empty() {
        sheet.write_string(row, column, text).unwrap();
    }
}

const HEADS: [(&str, &str); 9] = [
    ("unit_code", "单位代码"),
    ("name", "姓名"),
    ("date", "值班日期"),
    ("from", "开始时间"),
    ("plan_id", "计划编号"),
    ("window_start", "烧除开始时间"),
    ("area_mu", "面积（亩）"),
    ("approver", "批准人"),
    ("status", "状态"),
];

fn as_workbooks() -> Files {
    let mut files = small_region();
    for name in ["people.csv", "duty.csv", "burn_plans.csv", "burn_weather.csv"] {
        let bytes = workbook(&files[name], &HEADS);
        files.insert(name.to_owned(), bytes);
    }
    files
}

#[test]
fn tables_kept_as_workbooks_say_the_same() {
    let (csv, xlsx) = (passes(small_region()).data, passes(as_workbooks()).data);
    assert_ne!(csv.version, xlsx.version, "the version is that of the bytes");
    let difference = regions::difference(&csv, &xlsx);
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(csv.burn_plans, xlsx.burn_plans);
    assert_eq!(csv.people, xlsx.people);
}

#[test]
fn a_whole_day_in_a_cell_is_no_moment() {
    let mut files = small_region();
    let text = String::from_utf8(files["burn_plans.csv"].clone()).unwrap();
    let text = text.replace("2026-10-20T08:00,2026-10-20T16:00,120", "2026-10-20,2026-10-20T16:00,120");
    files.insert("burn_plans.csv".to_owned(), workbook(text.as_bytes(), &HEADS));
    let faults = regions::parse(Bundle { files }).unwrap_err();
    assert_eq!((faults.len(), faults[0].code, faults[0].place.as_str()), (1, "bad_time", "row 2, column C"));
}

proptest! {
    #[test]
    fn cut_or_scribbled_workbooks_are_read_or_refused_but_never_panic(
        cut in any::<prop::sample::Index>(),
        scribbles in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut files = as_workbooks();
        let bytes = files.get_mut("people.csv").unwrap();
        for (at, byte) in scribbles {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let length = cut.index(bytes.len() * 2).min(bytes.len());
        bytes.truncate(length);
        let read = regions::parse(Bundle { files });
        prop_assert!(read.is_ok() || !read.unwrap_err().is_empty());
    }
}
