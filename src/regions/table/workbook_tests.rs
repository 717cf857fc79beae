//! Workbooks as offices send them, read as tables of the region: sheets, merges, dates, numbers, other programs' files.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::heads::{self, Wanted};
use super::read as read_table;
use crate::files::faults::Faults;
use crate::files::table::archive::tests::as_zip64;
use crate::files::table::{MAX_WORKBOOK_BYTES, Raw, workbook};

const NAMES: Wanted<'_, '_> = Wanted { required: &["unit_code", "name"], optional: &["phone"] };

fn sheet_of(bytes: &[u8], faults: &mut Faults) -> Option<Raw> {
    workbook::read("f.xlsx", bytes, &|row| heads::has_all(row, NAMES), faults)
}

/// The rows of a workbook as text, and what was told.
fn told(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let mut faults = Faults::default();
    let rows = read_table("f.xlsx", bytes, NAMES.required, NAMES.optional, &mut faults);
    let shown = |column: &str, row: &super::Row<'_>| row.canonical(column).unwrap_or_default();
    let rows =
        rows.iter().map(|row| ["unit_code", "name", "phone"].map(|column| shown(column, row)).join(" ")).collect();
    let warnings = faults.take_warnings();
    let all = warnings.into_iter().chain(faults.into_list());
    (rows, all.map(|told| format!("{} {}: {}", told.code, told.place, told.message)).collect())
}

fn people(sheet: &mut rust_xlsxwriter::Worksheet, first: u32) {
    sheet.write_row(first, 0, ["单位代码", "姓名", "电话"]).unwrap();
    sheet.write_row(first + 1, 0, ["2208", "示例甲", "10000000001"]).unwrap();
}

#[test]
fn a_sheet_is_read_with_chinese_heads_numbers_as_codes_and_serial_dates() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    // An empty first row and a blank column do not matter.
    for (column, title) in [(0, "单位代码"), (2, "姓 名"), (3, "职责"), (4, "电话"), (5, "生效日期"), (6, "血型")]
    {
        sheet.write_string(1, column, title).unwrap();
    }
    sheet.write_number(2, 0, 220_802_104.0).unwrap();
    sheet.write_string(2, 2, " 示例·甲 ").unwrap();
    sheet.write_string(2, 3, "网格员").unwrap();
    sheet.write_number(2, 4, 10_000_000_000.0).unwrap();
    let day = ExcelDateTime::from_ymd(2026, 10, 1).unwrap();
    sheet.write_datetime_with_format(2, 5, &day, &date).unwrap();
    sheet.write_formula(4, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    workbook.add_worksheet().write_string(0, 0, "第二张表不读").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut faults = Faults::default();
    let rows = read_table("f.xlsx", &bytes, &["unit_code", "name", "role"], &["phone", "valid_from"], &mut faults);
    assert_eq!(rows.len(), 2);
    let texts =
        ["unit_code", "name", "phone", "valid_from"].map(|column| rows[0].optional(column, &mut faults).unwrap());
    assert_eq!(texts, ["220802104", "示例·甲", "10000000000", "2026-10-01"]);
    assert_eq!(rows[0].optional_date("valid_from", &mut faults).unwrap().to_string(), "2026-10-01");
    assert!(faults.is_empty());
    assert_eq!(rows[1].place(), "sheet \"Sheet1\", row 5");
    assert!(rows[1].required("name", &mut faults).is_none());
    assert_eq!(faults.into_list()[0].code, "value_missing");
}

#[test]
fn what_is_no_workbook_is_refused_and_named() {
    for bytes in [&b"PK\x03\x04"[..], &[b"PK\x03\x04".as_slice(), &[0; 400]].concat()] {
        let mut faults = Faults::default();
        assert!(sheet_of(bytes, &mut faults).is_none());
        assert_eq!(faults.into_list()[0].code, "workbook_unreadable");
    }
    let mut faults = Faults::default();
    assert!(sheet_of(&vec![0; MAX_WORKBOOK_BYTES + 1], &mut faults).is_none());
    assert_eq!(faults.into_list()[0].code, "workbook_too_large");
}

#[test]
fn one_long_text_in_a_million_cells_stops_at_the_limit() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let long = "长".repeat(10_000);
    for row in 0..3000 {
        sheet.write_string(row, 0, &long).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let mut faults = Faults::default();
    assert!(sheet_of(&bytes, &mut faults).is_none());
    assert_eq!(faults.into_list()[0].code, "workbook_too_large");
}

#[test]
fn the_sheet_with_the_heads_is_read_and_two_of_them_are_a_question() {
    let sheets = |names: &[(&str, &str)]| {
        let mut workbook = Workbook::new();
        for (name, what) in names {
            let sheet = workbook.add_worksheet().set_name(*name).unwrap();
            match *what {
                "notes" => drop(sheet.write_string(0, 0, "填写说明").unwrap()),
                "heads" => drop(sheet.write_row(0, 0, ["单位代码", "姓名"]).unwrap()),
                _ => people(sheet, 0),
            }
            // The sheet in front cannot be hidden.
            let is_hidden = what.starts_with("hidden");
            sheet.set_hidden(is_hidden).set_active(!is_hidden);
        }
        told(&workbook.save_to_buffer().unwrap())
    };
    let one = vec!["2208 示例甲 10000000001".to_owned()];
    for names in [
        &[("说明", "notes"), ("名单", "people")][..],
        &[("旧名单", "hidden people"), ("名单", "people")],
        &[("名单", "people"), ("说明", "notes")],
        &[("空表", "heads"), ("名单", "people")],
    ] {
        assert_eq!(sheets(names), (one.clone(), Vec::new()), "{names:?}");
    }
    for (names, code, says) in [
        (&[("甲县", "people"), ("乙县", "people")][..], "several_sheets", "\"甲县\", \"乙县\""),
        (&[("说明", "notes"), ("名单", "hidden people")], "sheet_hidden", "\"名单\""),
        (&[("说明", "notes"), ("其他", "notes")], "column_missing sheet \"说明\", row 1", "填写说明"),
    ] {
        let (rows, told) = sheets(names);
        assert!(rows.is_empty() && told[0].starts_with(code) && told[0].contains(says), "{told:?}");
    }
}

#[test]
fn titles_stand_above_the_heads_and_a_merged_unit_is_that_of_each_row() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 2, "责任人名单", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "单位代码", &plain).unwrap();
    sheet.merge_range(1, 1, 1, 2, "责任人", &plain).unwrap();
    sheet.write_row(2, 1, ["姓名", "电话"]).unwrap();
    sheet.merge_range(3, 0, 5, 0, "220802", &plain).unwrap();
    sheet.write_row(3, 1, ["甲", "100"]).unwrap();
    sheet.write_row(5, 1, ["乙"]).unwrap();
    let (rows, told) = told(&workbook.save_to_buffer().unwrap());
    assert_eq!((rows, told), (vec!["220802 甲 100".to_owned(), "220802 乙 ".to_owned()], Vec::new()));
}

#[test]
fn a_number_is_read_with_the_zeros_its_format_shows() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    people(sheet, 0);
    let eleven = Format::new().set_num_format("00000000000");
    sheet.write_number_with_format(1, 2, 4_361_000_000.0, &eleven).unwrap();
    // What a spreadsheet never computed is shown as zeros, and is no number to call.
    sheet.write_number_with_format(1, 0, 802.0, &Format::new().set_num_format("0000")).unwrap();
    let rows = told(&workbook.save_to_buffer().unwrap()).0;
    assert_eq!(rows, ["0802 示例甲 04361000000"]);
}

#[test]
fn an_archive_with_long_records_is_read_like_any_other() {
    let mut workbook = Workbook::new();
    people(workbook.add_worksheet(), 0);
    let bytes = workbook.save_to_buffer().unwrap();
    assert_eq!(told(&as_zip64(&bytes)), told(&bytes));
    assert_eq!(told(&bytes).0.len(), 1);
}

#[test]
fn what_other_programs_keep_is_named_with_what_to_do() {
    let encrypted = [b"\xD0\xCF\x11\xE0\0".as_slice(), b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"].concat();
    for (bytes, says) in [
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), "save it as .xlsx"),
        (&encrypted, "password"),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
        (b"PK\x03\x04..xl/workbook.bin", ".xlsb"),
        (b"\xEF\xBB\xBF\r\n<html><table>", "web page"),
    ] {
        let told = told(bytes).1;
        assert!(told.len() == 1 && told[0].starts_with("workbook_kind") && told[0].contains(says), "{told:?}");
    }
}
