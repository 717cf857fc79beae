//! Finds the columns of a table by their heads, English as in the contract or Chinese as offices write them.
//!
//! Offices put titles above the heads, marks of what must be filled in into them, and columns of their own between; so
//! the row of the heads is looked for, marks do not count, and what is not read is named. A head that is nearly one of
//! the file's is a fault: its column would be lost in silence.

use std::collections::BTreeMap;

use crate::domain::plain_text;
use crate::files::faults::Faults;
use crate::files::guess;
use crate::files::table::{LINE, MAX_HEAD_ROWS, RawRow, column_letters, plain_head};
use crate::regions::properties::MAX_TEXT_CHARS;
use crate::regions::vocabulary::{COLUMNS, Kind, MARK_PARTS, MARKS};

/// Columns whose heads are looked at.
const MAX_COLUMNS: usize = 1000;

/// The columns that a file of a kind has to have and may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w, 'a> {
    pub required: &'w [&'a str],
    pub optional: &'w [&'a str],
}

impl<'a> Wanted<'_, 'a> {
    fn all(&self) -> impl Iterator<Item = &'a str> {
        self.required.iter().chain(self.optional).copied()
    }
}

/// The heads of a table.
#[derive(Debug)]
pub(super) struct Heads<'a> {
    /// The place in the table of each known column.
    pub columns: BTreeMap<&'a str, usize>,
    /// How many fields the row of the heads has.
    pub width: usize,
}

/// What stands in a column of that name.
pub(super) fn kind_of(name: &str) -> Kind {
    COLUMNS.iter().find(|column| column.name == name).map_or(Kind::Text, |column| column.kind)
}

/// Where among the rows the heads stand: the first row that has all that are required, else the one with the most.
pub(super) fn find(rows: &[RawRow], wanted: Wanted<'_, '_>) -> Option<usize> {
    let first = rows.iter().take(MAX_HEAD_ROWS);
    let found = first.enumerate().map(|(i, row)| (i, known(&titles(row), wanted)));
    let mut best = None;
    for (i, count) in found {
        if has_all(rows.get(i)?, wanted) {
            return Some(i);
        }
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((i, count));
        }
    }
    best.map(|(i, _)| i)
}

/// Whether a row holds the head of every required column.
pub(super) fn has_all(row: &RawRow, wanted: Wanted<'_, '_>) -> bool {
    let titles = titles(row);
    wanted.required.iter().all(|name| titles.iter().any(|(_, title)| names(title, name)))
}

/// How many of a row's fields are heads.
fn known(titles: &[(usize, String)], wanted: Wanted<'_, '_>) -> usize {
    titles.iter().filter(|(_, title)| wanted.all().any(|name| names(title, name))).count()
}

/// The fields of a row with anything in them, as heads.
fn titles(row: &RawRow) -> Vec<(usize, String)> {
    let cells = row.cells.iter().filter(|(column, cell)| *column < MAX_COLUMNS && !cell.is_blank());
    cells.map(|(column, cell)| (*column, cell.text().unwrap_or_default())).collect()
}

/// Whether a head names a column.
fn names(title: &str, name: &str) -> bool {
    if title == name {
        return true;
    }
    let plain = plain_head(title);
    let without_mark = without_mark(&plain);
    let is_one = |head: &str| head == name || chinese(name).contains(&head);
    is_one(&plain) || is_one(without_mark)
}

/// A head without a mark in brackets at its end.
fn without_mark(plain: &str) -> &str {
    let Some((head, mark)) = plain.strip_suffix(')').and_then(|front| front.rsplit_once('(')) else { return plain };
    let lower = mark.to_lowercase();
    let is_mark = MARKS.contains(&mark) || MARK_PARTS.iter().any(|part| lower.contains(part));
    if is_mark { head.trim_end_matches('*') } else { plain }
}

/// The known columns by name; `None` when a required one is missing or one stands there twice.
pub(super) fn columns<'a>(
    (file, place): (&str, &str),
    row: &RawRow,
    wanted: Wanted<'_, 'a>,
    faults: &mut Faults,
) -> Option<Heads<'a>> {
    let titles = titles(row);
    let mut columns = BTreeMap::new();
    let mut complete = true;
    for name in wanted.all() {
        let places: Vec<usize> = titles.iter().filter(|(_, title)| names(title, name)).map(|(i, _)| *i).collect();
        match places.as_slice() {
            [] if wanted.required.contains(&name) => {
                faults.add(file, place, "column_missing", missing(name, &titles, place));
                complete = false;
            }
            [] => {}
            [i] => {
                columns.insert(name, *i);
            }
            [..] => {
                let message = format!("the column \"{name}\"{} stands there more than once", in_brackets(name));
                faults.add(file, place, "column_twice", message);
                complete = false;
            }
        }
    }
    let unknown: Vec<_> = titles.iter().filter(|(_, title)| !wanted.all().any(|name| names(title, name))).collect();
    tell_unknown((file, place), &unknown, (wanted, &columns), faults);
    complete.then_some(Heads { columns, width: row.cells.len() })
}

/// Names the heads that are no columns of the file: near one that is missing as a fault, the others in one warning.
fn tell_unknown(
    (file, place): (&str, &str),
    unknown: &[&(usize, String)],
    (wanted, columns): (Wanted<'_, '_>, &BTreeMap<&str, usize>),
    faults: &mut Faults,
) {
    let absent: Vec<&str> = wanted.all().filter(|name| !columns.contains_key(name)).collect();
    // English first: a synonym stands under the English name.
    let words: Vec<&str> =
        absent.iter().copied().chain(absent.iter().flat_map(|name| chinese(name)).copied()).collect();
    let mut unread = Vec::new();
    for (i, title) in unknown {
        let shown: String = plain_text::visible(title).split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: String = shown.chars().take(MAX_TEXT_CHARS).collect();
        match guess::guess(&plain_head(title), &words) {
            Some(meant) => {
                let message = format!(
                    "the column {shown:?} (column {}) is none of this file; is {meant:?} meant? rename it, or take it out",
                    column_letters(*i)
                );
                faults.add(file, place, "column_unknown", message);
            }
            None => unread.push(shown),
        }
    }
    // Of a table that is none all heads are told with what is missing.
    let is_table = wanted.required.iter().all(|name| columns.contains_key(name));
    if is_table && !unread.is_empty() {
        let list: String = unread.join(", ").chars().take(MAX_TEXT_CHARS).collect();
        faults.warn(file, place, "columns_unread", format!("columns that are not read: {list}"));
    }
}

fn missing(name: &str, titles: &[(usize, String)], place: &str) -> String {
    let found = titles.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(", ");
    let found: String = found.chars().take(MAX_TEXT_CHARS).collect();
    let is_one_field = titles.len() == 1 && place.starts_with(LINE);
    let hint = if is_one_field { "; the fields have to be separated by commas" } else { "" };
    format!("the column \"{name}\"{} is missing in the row of the heads; found: {found}{hint}", in_brackets(name))
}

/// The Chinese heads of a column.
fn chinese(name: &str) -> &'static [&'static str] {
    COLUMNS.iter().find(|column| column.name == name).map_or(&[], |column| column.chinese)
}

/// The first Chinese head of a column, in brackets.
fn in_brackets(name: &str) -> String {
    chinese(name).first().map(|head| format!(" ({head})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::table::cell::Cell;

    const PEOPLE: Wanted<'_, '_> =
        Wanted { required: &["unit_code", "name", "role"], optional: &["phone", "valid_from", "valid_to"] };

    fn row(titles: &[&str]) -> RawRow {
        let cells = titles.iter().map(|title| Cell::Text((*title).to_owned())).enumerate().collect();
        RawRow { number: 1, cells }
    }

    /// The columns found, and what was told.
    type Read = (Option<Vec<(&'static str, usize)>>, Vec<String>);

    fn read(titles: &[&str], wanted: Wanted<'_, 'static>) -> Read {
        let mut faults = Faults::default();
        let heads = columns(("f", "row 1"), &row(titles), wanted, &mut faults);
        let mut told: Vec<_> =
            faults.take_warnings().iter().map(|warning| format!("{} {}", warning.code, warning.message)).collect();
        told.extend(faults.into_list().iter().map(|fault| format!("{} {}", fault.code, fault.message)));
        (heads.map(|heads| heads.columns.into_iter().collect()), told)
    }

    #[test]
    fn heads_are_found_in_either_language_whatever_their_brackets_blanks_and_marks() {
        let wanted = Wanted { required: &["plan_id", "unit_code", "area_mu"], optional: &["note", "plot", "approver"] };
        let heads = ["计划编号", " unit_code ", "面积（亩）", "备 注", "*审批人（必填）"];
        let (found, told) = read(&heads, wanted);
        let expected = [("approver", 4), ("area_mu", 2), ("note", 3), ("plan_id", 0), ("unit_code", 1)];
        assert_eq!((found.unwrap().as_slice(), told.as_slice()), (&expected[..], &[][..]));
        for (title, name) in [
            ("单位\n代码", "unit_code"),
            ("*姓名", "name"),
            ("姓名＊", "name"),
            ("职责（必填）", "role"),
            ("联系电话\n(手机)", "phone"),
            ("\u{FEFF}姓名：", "name"),
            ("生效日期（格式：2020-01-01）", "valid_from"),
            ("生效日期(yyyy-mm-dd)", "valid_from"),
        ] {
            assert!(names(title, name), "{title:?}");
        }
        for (title, name) in
            [("面积", "area_mu"), ("面积(公顷)", "area_mu"), ("电话(家属)", "phone"), ("曾用名", "name")]
        {
            assert!(!names(title, name), "{title:?}");
        }
    }

    #[test]
    fn an_area_without_its_unit_is_not_taken_for_mu_and_a_column_in_both_languages_is_one_too_many() {
        let (found, told) = read(&["面积", "name", "姓名"], Wanted { required: &["area_mu", "name"], optional: &[] });
        assert!(found.is_none());
        let codes: Vec<_> = told.iter().filter_map(|text| text.split(' ').next()).collect();
        assert_eq!(codes, ["column_missing", "column_twice"]);
    }

    #[test]
    fn a_head_near_a_missing_column_is_a_fault_with_the_guess_and_others_are_named_once() {
        for (title, meant) in [
            ("vaild_to", "valid_to"),
            ("Phone", "phone"),
            ("valid-from", "valid_from"),
            ("tel", "phone"),
            ("联系方式", "phone"),
            ("end_date", "valid_to"),
            ("责任单位编码", "责任单位代码"),
        ] {
            let heads: Vec<&str> = if title.starts_with("责任") {
                vec![title, "姓名", "职责"]
            } else {
                vec!["单位代码", "姓名", "职责", title]
            };
            let told = read(&heads, PEOPLE).1;
            let is_told =
                told.iter().any(|text| text.starts_with("column_unknown") && text.contains(&format!("{meant:?}")));
            assert!(is_told, "{title}: {told:?}");
        }
        // What stands there already is not missed: such columns are of the office's own.
        let (found, told) = read(&["序号", "单位代码", "单位名称", "姓名", "职责", "电话", "办公电话"], PEOPLE);
        assert!(found.is_some());
        assert_eq!(told, ["columns_unread columns that are not read: 序号, 单位名称, 办公电话"]);
    }

    #[test]
    fn the_row_of_the_heads_is_the_first_that_has_all_that_are_needed() {
        let title = row(&["某市秸秆禁烧责任人名单"]);
        let heads = row(&["单位代码", "姓名", "职责"]);
        let data = row(&["2208", "示例甲", "负责人"]);
        assert_eq!(find(&[title, row(&["填表单位", "姓名"]), heads, data], PEOPLE), Some(2));
        assert_eq!(find(&[row(&["说明"]), row(&["单位代码", "姓名"]), row(&["1", "a"])], PEOPLE), Some(1), "the most");
        assert_eq!(find(&[], PEOPLE), None);
    }
}
