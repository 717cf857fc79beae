//! A CSV file or XLSX workbook as rows of named fields, checked as a table and nothing more.
//!
//! What a file is shows in its first bytes, not in its name. Columns are found by name, English
//! or Chinese ([`heads`]); unknown ones are named. Field contents are never put into a message
//! whole: telephone numbers stand in these files. Read by [`super::people`], [`super::duty`],
//! [`super::burn_plans`] and the other tables; [`crate::files::table`] knows CSV and XLSX.

mod heads;
mod row;
#[cfg(test)]
mod workbook_tests;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::faults::Faults;
use crate::files::table::{LINE, Raw, RawRow, merges};
pub use crate::files::table::{MAX_ROWS, MAX_WORKBOOK_BYTES};
use heads::Wanted;
pub use row::Row;
use row::Table;

/// Reads the rows of a CSV file, or of the sheet of an XLSX workbook that holds the heads.
///
/// # Shape
/// In the order of the file; rows of nothing are left out, and so are CSV rows that have not as
/// many fields as the header. A row that says the same as one before it is kept once, with a warning.
/// Every row has the columns that were found, under their English names.
pub fn read<'a>(
    file: &'a str,
    bytes: &[u8],
    required: &[&'a str],
    optional: &[&'a str],
    faults: &mut Faults,
) -> Vec<Row<'a>> {
    let wanted = Wanted { required, optional };
    let raw = crate::files::table::read(file, bytes, &|row| heads::has_all(row, wanted), faults);
    raw.map(|raw| rows_of(file, raw, wanted, faults)).unwrap_or_default()
}

fn rows_of<'a>(file: &'a str, raw: Raw, wanted: Wanted<'_, 'a>, faults: &mut Faults) -> Vec<Row<'a>> {
    let Raw { called, sheet, rows, merges } = raw;
    let on_sheet = |place: String| sheet.as_ref().map_or(place.clone(), |sheet| format!("sheet {sheet:?}, {place}"));
    let nothing = RawRow { number: 1, cells: Vec::new() };
    let at = heads::find(&rows, wanted);
    let head = at.and_then(|at| rows.get(at)).unwrap_or(&nothing);
    let head_place = on_sheet(format!("{called} {}", head.number));
    let Some(found) = heads::columns((file, &head_place), head, wanted, faults) else { return Vec::new() };
    merges::tell((file, &on_sheet), &merges, (head.number, &found.columns), faults);
    let by_place: BTreeMap<usize, &'a str> = found.columns.iter().map(|(name, i)| (*i, *name)).collect();
    let table = Rc::new(Table { file, called, sheet, columns: found.columns });
    let mut read = Vec::with_capacity(rows.len());
    for RawRow { number, cells } in rows.into_iter().skip(at.map_or(0, |at| at + 1)) {
        // Spreadsheets leave rows of nothing but commas behind.
        if cells.iter().all(|(_, cell)| cell.is_blank()) {
            continue;
        }
        let (fields, width) = (cells.len(), found.width);
        let known = cells.into_iter().filter_map(|(column, cell)| Some((*by_place.get(&column)?, cell)));
        let row = Row::new(Rc::clone(&table), number, known.collect());
        if called == LINE && fields != width {
            let message =
                format!("{fields} fields, but the header has {width}; put quotes round a value that has a comma in it");
            row.fault("row_length", message, faults);
            continue;
        }
        read.push(row);
    }
    each_once(read, faults)
}

/// Leaves out the rows that say the same as one before them.
fn each_once<'a>(rows: Vec<Row<'a>>, faults: &mut Faults) -> Vec<Row<'a>> {
    let mut first_of: HashMap<String, String> = HashMap::new();
    let mut once = Vec::with_capacity(rows.len());
    for row in rows {
        let says = row.says();
        // A row of formulas without values says nothing yet: each is told.
        let Some(says) = says else {
            once.push(row);
            continue;
        };
        if let Some(first) = first_of.get(&says) {
            row.warn("row_twice", format!("says the same as {first} and is kept once"), faults);
        } else {
            first_of.insert(says, row.place());
            once.push(row);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_stands_twice_is_kept_once_however_its_values_are_written() {
        let text = "单位代码,姓名,职责,电话,生效日期\n2208,示例甲,负责人,13900000000,2020-01-01\n\
                    2208,示例 甲,负责人,１３９００００００００,2020/1/1\n2208,示例甲,负责人,13900000000,2020-01-02\n\n\
                    2208,示例甲,负责人,13900000000,2020年1月1日\n";
        let mut faults = Faults::default();
        let columns = (["unit_code", "name", "role"], ["phone", "valid_from"]);
        let rows = read("f", text.as_bytes(), &columns.0, &columns.1, &mut faults);
        let places: Vec<_> = rows.iter().map(Row::place).collect();
        assert_eq!(places, ["line 2", "line 3", "line 4"], "a name with a blank in it is another one");
        let told: Vec<_> =
            faults.take_warnings().into_iter().map(|told| format!("{} {}", told.place, told.code)).collect();
        assert_eq!(told, ["line 6 row_twice"]);
        assert!(faults.is_empty());
    }
}
