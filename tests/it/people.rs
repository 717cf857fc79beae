//! `firegrid people`: lists go in whole or not at all, what is missing is told, and the list can be printed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use calamine::Reader;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

use crate::commands::Desk;
use crate::region_files::small_region;

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

fn run(desk: &Desk, args: &[&str]) -> Output {
    desk.command(args).output().unwrap()
}

fn import(desk: &Desk, file: &Path, more: &[&str]) -> Output {
    let args = ["people", "import", file.to_str().unwrap(), "--as", ACTOR];
    run(desk, &[&args[..], more].concat())
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// What a folder holds, name and bytes.
fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// People as an office keeps them: a workbook, Chinese heads, codes and telephones as numbers.
fn office_workbook(path: &Path) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_row(0, 0, ["序号", "单位代码", "姓名", "职责", "职务", "联系电话", "生效日期", "邮箱"]).unwrap();
    for (row, (code, name, role)) in
        (1..).zip([(22.0, "赵一", "负责人"), (2201.0, "钱二", "包保责任人"), (220_101.0, "孙三", "网格员")])
    {
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_number(row, 1, code).unwrap();
        sheet.write_row(row, 2, [name, role, "职务一"]).unwrap();
        sheet.write_number(row, 5, 10_000_000_000.0 + f64::from(row)).unwrap();
        sheet.write_datetime_with_format(row, 6, ExcelDateTime::from_ymd(2026, 1, 1).unwrap(), &date).unwrap();
        sheet.write_string(row, 7, "a@b.example").unwrap();
    }
    workbook.save(path).unwrap();
}

#[test]
fn an_office_workbook_becomes_the_people_of_the_region_and_of_the_version_in_use() {
    let (folder, desk) = desk();
    let file = desk.path("责任人.xlsx");
    office_workbook(&file);
    let before = json(&import(&desk, &file, &["--json", "--dry-run"]));
    assert_eq!((before["ok"].as_bool(), before["rows"].as_u64()), (Some(true), Some(3)));
    assert_eq!(std::fs::read(folder.path().join("people.csv")).unwrap(), small_region()["people.csv"], "a dry run");

    let people = folder.path().join("people.csv");
    std::fs::set_permissions(&people, std::fs::Permissions::from_mode(0o600)).unwrap();
    let told = json(&import(&desk, &file, &["--json"]));
    assert_eq!(std::fs::metadata(&people).unwrap().permissions().mode() & 0o777, 0o600, "still closed to others");
    let written = std::fs::read_to_string(folder.path().join("people.csv")).unwrap();
    let expected = "unit_code,name,role,post,employer,phone,email,wecom_id,dingtalk_id,feishu_id,valid_from,valid_to\n\
                    22,赵一,负责人,职务一,,10000000001,a@b.example,,,,2026-01-01,\n\
                    2201,钱二,包保责任人,职务一,,10000000002,a@b.example,,,,2026-01-01,\n\
                    220101,孙三,网格员,职务一,,10000000003,a@b.example,,,,2026-01-01,\n";
    assert_eq!(written, expected);
    let status = json(&run(&desk, &["status", "--json"]));
    assert_eq!(status["region_version"], told["region_version"], "it is in use");
    let again = json(&import(&desk, &file, &["--json"]));
    assert_eq!(again["region_version"], told["region_version"]);
    let difference = again["difference"]["people"].clone();
    assert_eq!(difference, serde_json::json!({"added": [], "removed": [], "changed": []}));
    let log = rusqlite::Connection::open(desk.path("firegrid.sqlite")).unwrap();
    let (kinds, details): (String, String) = log
        .query_row(
            "SELECT group_concat(kind || ' ' || actor || ' ' || actor_unit), group_concat(detail) FROM events
             WHERE subject_kind = 'region'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(kinds, "people_imported 王某 2201,people_imported 王某 2201", "a dry run leaves no trace");
    assert!(!details.contains("1000000000") && !details.contains("赵一"), "{details}");
    let names: Vec<_> = listing(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), small_region().len(), "no temporary file is left: {names:?}");
}

#[test]
fn the_difference_is_shown_without_telephones() {
    let (_folder, desk) = desk();
    assert!(run(&desk, &["regions", "reload"]).status.success());
    let file = desk.path("people.csv");
    std::fs::write(&file, "姓名,单位代码,职责,电话\n赵一,22,head,10000000009\n周六,220102,网格员,\n").unwrap();
    let output = import(&desk, &file, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in
        ["责任人 / people: 新增 1 删除 3 修改 1", "+ 220102 周六 inspector", "- 2201 钱二 sponsor", "已导入 2 行"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("10000000009") && !text.contains("13800000000"), "{text}");
}

#[test]
fn every_bad_row_is_named_and_nothing_is_half_imported() {
    let (folder, desk) = desk();
    let before = listing(folder.path());
    let file = desk.path("people.csv");
    let text = "unit_code,name,role,phone,valid_from,valid_to\n\
                22,赵一,head,10000000001,,\n\
                2299,钱二,boss,10000000002,,\n\
                220101,,inspector,10000000003,1/1/2026,\n\
                220102,李四,deputy,10000000004,2026-02-01,2026-01-01\n";
    std::fs::write(&file, text).unwrap();
    let output = import(&desk, &file, &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = json(&output);
    let faults: Vec<_> = told["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| format!("{} {}", fault["where"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    let expected = [
        "line 3 unknown_unit",
        "line 3 unknown_role",
        "line 4 value_missing",
        "line 4 bad_date",
        "line 5 dates_reversed",
    ];
    assert_eq!(faults, expected);
    assert!(!told.to_string().contains("1000000000"), "no telephone in a fault");
    let output = import(&desk, &file, &[]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("5 fault(s); nothing was changed"));
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn a_list_is_not_imported_over_other_changes_that_wait_in_the_folder() {
    let (folder, desk) = desk();
    assert!(run(&desk, &["regions", "reload"]).status.success());
    let manifest = folder.path().join("region.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("neighbour_belt_km = 10.0", "neighbour_belt_km = 5.0")).unwrap();
    let file = desk.path("people.csv");
    std::fs::write(&file, "unit_code,name,role\n22,赵一,head\n").unwrap();
    let before = listing(folder.path());
    let output = import(&desk, &file, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("region.toml") && told.contains("regions reload"), "{told}");
    assert_eq!(listing(folder.path()), before);
    assert!(run(&desk, &["regions", "reload"]).status.success());
    assert!(import(&desk, &file, &[]).status.success());
}

#[test]
fn a_region_without_a_place_for_the_list_says_what_to_add_and_a_missing_file_is_no_hindrance() {
    let (folder, desk) = desk();
    let file = desk.path("duty.csv");
    std::fs::write(&file, "unit_code,date,from,to,leader,officer,phone\n2201,2026-10-01,08:00,08:00,甲,乙,100\n")
        .unwrap();
    std::fs::remove_file(folder.path().join("duty.csv")).unwrap();
    let output = import(&desk, &file, &["--duty", "--json"]);
    assert_eq!(json(&output)["rows"], 1);
    assert!(folder.path().join("duty.csv").exists());

    let manifest = folder.path().join("region.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("[duty]\npath = \"duty.csv\"\n", "")).unwrap();
    let output = import(&desk, &file, &["--duty"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("[duty]") && told.contains("duty.csv"), "{told}");
    std::fs::write(&manifest, text.replace("duty.csv", "duty.xlsx")).unwrap();
    let output = import(&desk, &file, &["--duty"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains(".csv"));
}

#[test]
fn the_roster_is_checked_like_the_people() {
    let (folder, desk) = desk();
    let before = listing(folder.path());
    let file = desk.path("值班表.csv");
    let text = "单位代码,值班日期,开始时间,结束时间,带班领导,值班员,电话\n\
                2201,2026-10-01,08:00,18:00,甲,乙,100\n2201,2026-10-01,17:00,08:00,甲,乙,100\n";
    std::fs::write(&file, text).unwrap();
    let told = json(&import(&desk, &file, &["--duty", "--json"]));
    assert_eq!(told["faults"][0]["code"], "shifts_overlap");
    assert_eq!(told["faults"][0]["where"], "line 3");
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn check_names_gaps_and_counts_missing_telephones_without_naming_them() {
    let (folder, desk) = desk();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let today = zone.to_datetime(jiff::Timestamp::now()).date();
    let soon = today.saturating_add(jiff::SignedDuration::from_hours(24 * 30));
    let later = today.saturating_add(jiff::SignedDuration::from_hours(24 * 31));
    let people = format!(
        "unit_code,name,role,phone,valid_to\n22,赵一,head,13800000000,\n2201,钱二,head,,{soon}\n220101,孙三,inspector,,{later}\n"
    );
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    let duty = format!("unit_code,date,from,to,leader,officer,phone\n2201,{today},08:00,08:00,甲,乙,100\n");
    std::fs::write(folder.path().join("duty.csv"), duty).unwrap();
    let review = json(&run(&desk, &["people", "check", "--json"]));
    assert_eq!(review["without_holder"].as_array().unwrap().len(), 1);
    assert_eq!(review["without_holder"][0]["code"], "220102");
    assert_eq!(review["without_holder"][0]["answered_by"]["person"], "钱二");
    assert_eq!(review["running_out"].as_array().unwrap().len(), 1, "30 days, not 31");
    assert_eq!(review["running_out"][0]["last_day"], soon.to_string());
    assert_eq!(review["without_outline"][0]["code"], "22");
    assert_eq!((review["desks"].as_u64(), review["without_shift"].as_array().unwrap().len()), (Some(1), 6));
    assert_eq!(review["without_phone"], 2);
    let text = String::from_utf8(run(&desk, &["people", "check"]).stdout).unwrap();
    assert!(text.contains("由甲县钱二负责") && !text.contains("13800000000"), "{text}");
}

#[test]
fn the_printed_list_shows_every_unit_below_and_escapes_what_people_wrote() {
    let (folder, desk) = desk();
    let people = "unit_code,name,role,post,employer,phone\n22,赵一,head,市长,,100\n\
                  2201,<script>alert(1)</script>,head,,,101\n2201,钱二,sponsor,副市长,\"市政府 & 某局\",102\n\
                  2201,钱三,sponsor,,,\n220101,=1+1,inspector,,,103\n";
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    let list =
        |format: &str| run(&desk, &["people", "list", "--unit", "2201", "--format", format, "--date", "2026-10-01"]);
    let html = String::from_utf8(list("html").stdout).unwrap();
    for part in
        ["甲县秸秆禁烧责任清单", "&#60;script&#62;", "市政府 &#38; 某局", "钱三、钱二", "—、102", "空缺，由甲县", "A4"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(
        !html.contains("<script") && !html.contains("src=") && !html.contains("href="),
        "self-contained, no scripts"
    );
    assert!(!html.contains("赵一"), "only the unit and what is below it");
    let csv = String::from_utf8(list("csv").stdout).unwrap();
    let codes: Vec<_> = csv.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(codes, ["2201", "220101", "220102"]);
    assert!(csv.contains("'=1+1"));
    let mut workbook: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(list("xlsx").stdout)).unwrap();
    let range = workbook.worksheet_range("责任清单").unwrap();
    assert_eq!((range.height(), range.width()), (4, 14));
    assert_eq!(range.get_value((1, 1)).unwrap(), &calamine::Data::String("2201".to_owned()));
    let text = String::from_utf8(list("text").stdout).unwrap();
    assert!(text.contains("乡镇 220102 西镇") && text.contains("包保责任人单位：—、市政府 & 某局"), "{text}");
    let output = run(&desk, &["people", "list", "--unit", "99"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("\"99\""));
}
