//! Tables as offices really have them: read where the meaning is sure, and otherwise named by file, sheet, row and column.

use std::path::Path;
use std::process::Output;

use axum::http::StatusCode;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::phone::Phone;
use firegrid::regions::import::{self, List};
use firegrid::regions::{self, Bundle};
use firegrid::store::RegionFiles;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::commands::Desk;
use crate::harness::complainant_of;
use crate::pages::App;
use crate::region_files::{Files, small_region};

const ACTOR: &str = "王某@2201";

/// A desk over the small region in a folder of its own.
fn desk() -> (tempfile::TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small_region() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let desk = Desk::new(folder.path());
    (folder, desk)
}

fn import_list(desk: &Desk, file: &Path, more: &[&str]) -> Output {
    let args = ["people", "import", file.to_str().unwrap(), "--as", ACTOR];
    desk.run(&[&args[..], more].concat())
}

fn stdout(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Place and code of what is told, under `faults` or `warnings`.
fn told(document: &Value, key: &str) -> Vec<String> {
    let list = document[key].as_array().unwrap_or_else(|| panic!("{key} in {document}"));
    let line = |fault: &Value| format!("{} {}", fault["where"].as_str().unwrap(), fault["code"].as_str().unwrap());
    list.iter().map(line).collect()
}

/// A workbook of one sheet with these rows of XML, for what the writing library does not write.
pub(crate) fn workbook_of(rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let relation = |what: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/{what}" Target="{target}"/></Relationships>"#
        )
    };
    let content = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    stored_zip(&[
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{content}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{content}.worksheet+xml"/></Types>"#
            ),
        ),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)),
    ])
}

/// An archive of entries that are stored as they are.
fn stored_zip(entries: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let (size, offset) = (u32::try_from(text.len()).unwrap(), u32::try_from(bytes.len()).unwrap());
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let common = [
            [0; 8].as_slice(),
            &crc.sum().to_le_bytes(),
            &size.to_le_bytes(),
            &size.to_le_bytes(),
            &name_length,
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04\x14\0".as_slice(), &common, name.as_bytes(), text.as_bytes()].concat());
        let tail = [[0; 10].as_slice(), &offset.to_le_bytes(), name.as_bytes()].concat();
        directory.extend([b"PK\x01\x02\x14\0\x14\0".as_slice(), &common, &tail].concat());
    }
    let (start, length) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &length.to_le_bytes(), &start.to_le_bytes(), &[0, 0]];
    [bytes, directory, end.concat()].concat()
}

/// A row of a sheet: text cells, and those that begin with `<` as they are between the tags of a cell.
fn row_of(number: u32, cells: &[&str]) -> String {
    let cell = |(i, text): (usize, &&str)| {
        let name = format!("{}{number}", char::from(b'A' + u8::try_from(i).unwrap()));
        match text.strip_prefix("iso:") {
            Some(date) => format!(r#"<c r="{name}" t="d"><v>{date}</v></c>"#),
            None if text.starts_with('<') => format!(r#"<c r="{name}">{text}</c>"#),
            None => format!(r#"<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#),
        }
    };
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().enumerate().map(cell).collect::<String>())
}

#[test]
fn a_formula_without_a_stored_value_is_a_fault_in_every_table_and_column_that_is_read() {
    let tables: [(&str, &[&str], &[&str]); 5] = [
        (
            "people.csv",
            &["unit_code", "name", "role", "post", "employer", "phone", "valid_from", "valid_to"],
            &["22", "甲", "head", "职务", "单位", "100", "2026-01-01", "2026-12-31"],
        ),
        (
            "duty.csv",
            &["unit_code", "date", "from", "to", "leader", "officer", "phone"],
            &["22", "2026-10-01", "08:00", "09:00", "甲", "乙", "100"],
        ),
        ("burn_weather.csv", &["unit_code", "date", "level"], &["22", "2026-10-01", "1"]),
        (
            "places.csv",
            &["name", "lon", "lat", "name_en", "kind", "unit_code"],
            &["甲", "122.5", "45.5", "A", "town", "22"],
        ),
        (
            "burn_plans.csv",
            &[
                "plan_id",
                "unit_code",
                "window_start",
                "window_end",
                "area_mu",
                "responsible",
                "approver",
                "approved_at",
                "status",
                "plot",
                "note",
            ],
            &[
                "P9",
                "22",
                "2026-10-20T08:00",
                "2026-10-20T16:00",
                "1",
                "甲",
                "乙",
                "2026-10-18T09:30",
                "approved",
                "POLYGON ((122.6 45.5, 122.61 45.5, 122.61 45.51, 122.6 45.5))",
                "备注",
            ],
        ),
    ];
    for (file, heads, values) in tables {
        let faults = |changed: Option<usize>| {
            let mut cells = values.to_vec();
            if let Some(i) = changed {
                cells[i] = "<f>\"a\"&amp;\"b\"</f><v></v>";
            }
            let mut files: Files = small_region();
            files.insert(file.to_owned(), workbook_of(&(row_of(1, heads) + &row_of(2, &cells))));
            let read = regions::parse(Bundle { files });
            read.err()
                .unwrap_or_default()
                .into_iter()
                .map(|fault| format!("{} {} {}", fault.file, fault.place, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(None), Vec::<String>::new(), "{file}");
        for (i, head) in heads.iter().enumerate() {
            let expected =
                format!("{file} row 2, column {} formula_without_value", char::from(b'A' + u8::try_from(i).unwrap()));
            assert!(faults(Some(i)).contains(&expected), "{head} of {file}: {:?}", faults(Some(i)));
        }
    }
}

#[test]
fn a_midnight_cell_is_its_date_and_a_number_of_days_is_one_for_check_and_import_alike() {
    let (folder, desk) = desk();
    let file = desk.path("我的名单.xlsx");
    let heads = row_of(1, &["单位代码", "姓名", "职责", "生效日期", "失效日期"]);
    let rows = [
        heads.as_str(),
        &row_of(2, &["2201", "钱二", "负责人", "iso:2020-01-01T00:00:00", "<v>46387</v>"]),
        &row_of(3, &["22", "赵一", "负责人", "iso:2020-01-01", "<v>20261231</v>"]),
    ];
    let bytes = workbook_of(&rows.concat());
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(stdout(&import_list(&desk, &file, &["--json"]))["rows"], 2);
    let written = std::fs::read_to_string(folder.path().join("people.csv")).unwrap();
    let rows: Vec<_> = written.lines().skip(1).collect();
    assert_eq!(rows, ["2201,钱二,负责人,,,,,,,,2020-01-01,2026-12-31", "22,赵一,负责人,,,,,,,,2020-01-01,2026-12-31"]);
    // The file itself, put in the place of the list, says the same.
    let mut files = small_region();
    files.insert("people.csv".to_owned(), bytes);
    let people = regions::parse(Bundle { files }).unwrap().data.people;
    assert_eq!(people, regions::load(folder.path()).unwrap().data.people);
}

#[test]
fn an_import_names_the_faults_by_the_office_s_own_file_sheet_row_and_column() {
    let (_folder, desk) = desk();
    let file = desk.path("我的名单.xlsx");
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "填写说明").unwrap();
    let sheet = workbook.add_worksheet().set_name("名单").unwrap();
    sheet.write_row(0, 0, ["某市秸秆禁烧责任人名单"]).unwrap();
    sheet.write_row(1, 0, ["序号", "单位代码", "姓名", "职责", "电话", "生效日期"]).unwrap();
    sheet.write_row(2, 0, ["1", "2201", "钱二", "负责人", "1.39E+10", "2020.01"]).unwrap();
    workbook.save(&file).unwrap();
    let document = stdout(&import_list(&desk, &file, &["--json", "--dry-run"]));
    assert_eq!(
        told(&document, "faults"),
        ["sheet \"名单\", row 3, column F bad_date", "sheet \"名单\", row 3, column E bad_phone"]
    );
    assert_eq!(document["faults"][0]["file"], "我的名单.xlsx");
    assert!(!document.to_string().contains("1.39E+10"), "no telephone in a fault");
}

/// A list as an office sends it, with most of what offices do.
fn office_list(path: &Path) {
    let mut workbook = Workbook::new();
    let plain = Format::new();
    workbook.add_worksheet().set_hidden(true).write_string(0, 0, "说明").unwrap();
    let sheet = workbook.add_worksheet().set_name("责任人").unwrap().set_active(true);
    sheet.merge_range(0, 0, 0, 6, "某市秸秆禁烧网格责任人名单（示例）", &plain).unwrap();
    sheet.write_string(1, 0, "填表单位：某市秸秆办").unwrap();
    let heads =
        ["序号", "*单位\n代码", "姓名（必填）", "职责", "联系电话\n(手机)", "生效日期（格式：2020-01-01）", "单位名称"];
    sheet.write_row(2, 0, heads).unwrap();
    sheet.merge_range(3, 1, 5, 1, "2201", &plain).unwrap();
    sheet.merge_range(3, 6, 5, 6, "甲县", &plain).unwrap();
    sheet.write_row(3, 2, ["钱　二", "负责人", "１３９００００００００", "2020/1/1"]).unwrap();
    sheet.write_row(4, 2, ["孙\u{200B}三", "包保责任人", "\u{202D}13800000000\u{202C}", "2020年1月1日"]).unwrap();
    sheet.write_row(5, 2, ["李四", "网格员", "无"]).unwrap();
    let zeros = Format::new().set_num_format("00000000000");
    sheet.write_row(6, 1, ["22", "赵一", "负责人"]).unwrap();
    sheet.write_number_with_format(6, 4, 4_363_222_333.0, &zeros).unwrap();
    let date = Format::new().set_num_format("yyyy/m/d");
    sheet.write_datetime_with_format(6, 5, ExcelDateTime::from_ymd(2020, 1, 1).unwrap(), &date).unwrap();
    sheet.write_row(8, 0, ["5", "22", "赵一", "负责人", "04363222333", "20200101"]).unwrap();
    workbook.save(path).unwrap();
}

#[test]
fn a_list_as_an_office_sends_it_is_read_and_what_was_done_with_it_is_told() {
    let (folder, desk) = desk();
    let file = desk.path("责任人.xlsx");
    office_list(&file);
    let output = import_list(&desk, &file, &["--json"]);
    let document = stdout(&output);
    assert_eq!((&document["ok"], &document["rows"]), (&json!(true), &json!(4)), "{document}");
    let expected = ["sheet \"责任人\", row 3 columns_unread", "sheet \"责任人\", row 9 row_twice"];
    assert_eq!(told(&document, "warnings"), expected);
    assert!(document["warnings"][0]["message"].as_str().unwrap().contains("序号, 单位名称"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("warning: 责任人.xlsx"), "told to people too");
    let written = std::fs::read_to_string(folder.path().join("people.csv")).unwrap();
    let rows: Vec<_> = written.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "2201,钱二,负责人,,,13900000000,,,,,2020-01-01,",
            "2201,孙三,包保责任人,,,13800000000,,,,,2020-01-01,",
            "2201,李四,网格员,,,,,,,,,",
            "22,赵一,负责人,,,04363222333,,,,,2020-01-01,",
        ]
    );
}

#[test]
fn a_column_near_a_known_one_is_refused_with_the_guess_in_every_table_and_dry_run() {
    let (folder, desk) = desk();
    let file = desk.path("people.csv");
    std::fs::write(&file, "unit_code,name,role,vaild_to\n22,赵一,head,2020-01-01\n").unwrap();
    for more in [&["--json", "--dry-run"][..], &["--json"]] {
        let document = stdout(&import_list(&desk, &file, more));
        assert_eq!(told(&document, "faults"), ["line 1 column_unknown"]);
        assert!(document["faults"][0]["message"].as_str().unwrap().contains("\"valid_to\""), "{document}");
    }
    let plans = desk.path("plans.csv");
    let text = "计划编号,单位代码,计划开始时间,计划结束时间,面积（亩）,责任人,级别,备住\n\
                P-1,220101,2026/10/20 8:00,2026年10月20日16时,12,甲,一,x\n";
    std::fs::write(&plans, text).unwrap();
    let plans_import = || stdout(&desk.run(&["plans", "import", plans.to_str().unwrap(), "--dry-run", "--json"]));
    let document = plans_import();
    assert!(told(&document, "faults").is_empty(), "{document}");
    assert_eq!(told(&document, "warnings"), ["line 1 columns_unread"], "two of one word are no guess");
    std::fs::write(&plans, text.replace("备住", "notes")).unwrap();
    assert_eq!(told(&plans_import(), "faults"), ["line 1 column_unknown"]);
    // The keys of the other files say what was meant, too.
    let calendar = folder.path().join("calendar.toml");
    let text = std::fs::read_to_string(&calendar).unwrap();
    std::fs::write(&calendar, text.replace("units = [\"2201\"]", "untis = [\"2201\"]")).unwrap();
    let faults = regions::load(folder.path()).unwrap_err();
    assert!(faults.len() == 1 && faults[0].message.contains("is \"units\" meant?"), "{faults:?}");
}

#[test]
fn the_row_to_blame_is_the_one_an_editor_shows_however_lines_end() {
    let text = "unit_code,name,role,post\n22,赵一,head,\n\n99,甲,head,\n22,乙,head,\"两行\n职务\"\n98,丙,head,\n";
    for ends in ["\n", "\r\n", "\r"] {
        let mut files = small_region();
        files.insert("people.csv".to_owned(), text.replace('\n', ends).into_bytes());
        let faults = regions::parse(Bundle { files }).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, ["line 4", "line 7"], "{ends:?}");
    }
}

#[test]
fn an_import_of_nobody_is_refused() {
    let folder = desk().0;
    for (list, text) in
        [(List::People, "unit_code,name,role\n"), (List::Duty, "unit_code,date,from,to,leader,officer,phone\n,,,,,,\n")]
    {
        let faults = import::prepare(folder.path(), list, "f.csv", text.as_bytes()).unwrap_err();
        assert!(faults.len() == 1 && faults[0].code == "no_rows" && faults[0].file == "f.csv", "{faults:?}");
    }
}

#[tokio::test]
async fn a_list_can_be_mended_although_the_version_in_use_no_longer_passes() {
    let (folder, desk) = desk();
    assert!(desk.run(&["regions", "reload"]).status.success());
    // As an earlier program took it: the files of the folder and of the version in use alike.
    let mut files = small_region();
    let spoilt = String::from_utf8(files["people.csv"].clone()).unwrap().replace("13800000000", "1.00E+10");
    files.insert("people.csv".to_owned(), spoilt.clone().into_bytes());
    std::fs::write(folder.path().join("people.csv"), &spoilt).unwrap();
    let bundle = Bundle { files };
    let store = firegrid::store::Store::open(&desk.path("firegrid.sqlite")).unwrap();
    let packed = bundle.to_bytes().unwrap();
    store
        .activate_region(
            RegionFiles { region_id: "small".to_owned(), version: bundle.version(), bundle: packed, plans: Vec::new() },
            None,
            jiff::Timestamp::now(),
        )
        .await
        .unwrap();
    drop(store);
    let file = desk.path("people.csv");
    std::fs::write(&file, spoilt.replace("1.00E+10", "13800000000")).unwrap();
    let output = import_list(&desk, &file, &["--json"]);
    assert_eq!(stdout(&output)["ok"], true, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(desk.run(&["regions", "reload"]).status.success());
}

#[tokio::test]
async fn a_complainant_s_telephone_is_a_number_that_can_be_called_wherever_it_is_entered() {
    let app = App::usual().await;
    let body = |phone: &str, id: &str| {
        json!({
            "source": "complaint", "as": "值班员@22", "lon": 122.75, "lat": 45.61, "description": "有人烧秸秆",
            "seen_at": "2026-04-13T04:30:00Z", "client_id": id,
            "complainant": {"name": "钱\u{200B}某", "phone": phone},
        })
    };
    for phone in ["1.39E+10", "139****0000", "12"] {
        let (status, answer) = app.post("/api/v1/alerts", Some("sesame"), &body(phone, "c-1")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let said = format!("{}{}", answer["detail"], answer["detail_zh"]);
        assert!(said.contains("telephone") && said.contains("举报人电话") && !said.contains(phone), "{answer}");
    }
    for (phone, expected, id) in
        [("\u{202D}１３９００００００００\u{202C}", Some("13900000000"), "c-2"), ("无", None, "c-3")]
    {
        let mut body = body(phone, id);
        body["lon"] = json!(if id == "c-2" { 122.75 } else { 122.95 });
        let (status, added) = app.post("/api/v1/alerts", Some("sesame"), &body).await;
        assert_eq!(status, StatusCode::CREATED, "{added}");
        let number = AlertNumber(added["number"].as_str().unwrap().to_owned());
        let who = complainant_of(&app.store, &number).await;
        assert_eq!((who.name.as_deref(), who.phone.as_ref().map(Phone::as_str)), (Some("钱某"), expected));
    }
}
