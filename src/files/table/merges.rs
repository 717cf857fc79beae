//! Merged cells of a workbook: one below the other are one value for all their rows, side by side they are a question.
//!
//! A spreadsheet keeps the value of merged cells in the first and leaves the others empty. Offices merge the unit over
//! its people, and by its look the value holds for each row; a merge over several columns does not say which of them
//! it means. Called by [`super::workbook`] and, for what has to be told, by [`super::read`].

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::cell::Cell;
use super::{RawRow, column_letters};
use crate::files::faults::Faults;

/// Most cells that are filled, and most bytes of text in them: merges may overlap in a made-up file.
const MAX_FILLED: usize = 1_000_000;
const MAX_FILLED_BYTES: usize = 16 * 1024 * 1024;

/// A range of merged cells; rows and columns from 0, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    rows: (u32, u32),
    columns: (u32, u32),
}

impl From<Dimensions> for Merge {
    fn from(range: Dimensions) -> Self {
        Self { rows: (range.start.0, range.end.0), columns: (range.start.1, range.end.1) }
    }
}

impl Merge {
    /// Whether it lies in one column.
    fn is_upright(&self) -> bool {
        self.columns.0 == self.columns.1
    }

    /// Its name in a spreadsheet, `A2:A5`.
    fn name(&self) -> String {
        let cell = |row: u32, column: u32| format!("{}{}", column_letters(column as usize), u64::from(row) + 1);
        format!("{}:{}", cell(self.rows.0, self.columns.0), cell(self.rows.1, self.columns.1))
    }
}

/// Fills upright merges down, in the rows that have anything in them; false when there are too many.
pub(crate) fn fill(rows: &mut [RawRow], merges: &[Merge]) -> bool {
    let (mut filled, mut bytes) = (0, 0);
    for merge in merges.iter().filter(|merge| merge.is_upright()) {
        let column = merge.columns.0 as usize;
        let start = rows.partition_point(|row| row.number < u64::from(merge.rows.0) + 1);
        let inside = rows.get_mut(start..).unwrap_or_default();
        let count = inside.iter().take_while(|row| row.number <= u64::from(merge.rows.1) + 1).count();
        let Some((first, below)) = inside.get_mut(..count).and_then(<[RawRow]>::split_first_mut) else { continue };
        let value = first.cells.iter().find(|(i, _)| *i == column).map(|(_, cell)| cell.clone());
        let Some(value) = value.filter(|_| first.number == u64::from(merge.rows.0) + 1) else { continue };
        let size = if let Cell::Text(text) = &value { text.len() } else { 0 };
        for row in below {
            (filled, bytes) = (filled + 1, bytes + size);
            if filled > MAX_FILLED || bytes > MAX_FILLED_BYTES {
                return false;
            }
            if !row.cells.iter().any(|(i, cell)| *i == column && !cell.is_blank()) {
                row.cells.push((column, value.clone()));
            }
        }
    }
    true
}

/// Names the merges among the values: a fault where they lie over several columns that are read, a warning where a
/// value other than the unit was taken for several rows.
pub(crate) fn tell(
    (file, on_sheet): (&str, &dyn Fn(String) -> String),
    merges: &[Merge],
    (head_row, columns): (u64, &BTreeMap<&str, usize>),
    faults: &mut Faults,
) {
    let below = |merge: &&Merge| u64::from(merge.rows.1) + 1 > head_row;
    let mut filled = Vec::new();
    for merge in merges.iter().filter(below) {
        let covers = |i: usize| (merge.columns.0 as usize..=merge.columns.1 as usize).contains(&i);
        let read: Vec<_> = columns.iter().filter(|(_, i)| covers(**i)).map(|(name, i)| (*name, *i)).collect();
        let Some(&(name, first)) = read.first() else { continue };
        // Beside columns that are not read a wide cell is only wide.
        let is_one_wide_cell = read.len() == 1 && first == merge.columns.0 as usize && merge.rows.0 == merge.rows.1;
        if !merge.is_upright() && !is_one_wide_cell {
            let place = on_sheet(format!("row {}", u64::from(merge.rows.0) + 1));
            let message = format!(
                "the cells {} are merged over several columns, so it is open which of them the value is for; take the merge \
                 apart and fill each cell",
                merge.name()
            );
            faults.add(file, place, "merged_cells", message);
        } else if name != "unit_code"
            && merge.is_upright()
            && merge.rows.0 != merge.rows.1
            && u64::from(merge.rows.0) + 1 > head_row
        {
            filled.push(merge.name());
        }
    }
    if !filled.is_empty() {
        let more = filled.len().saturating_sub(SHOWN);
        filled.truncate(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message =
            format!("merged cells were taken as one value for each of their rows: {}{more}", filled.join(", "));
        faults.warn(file, on_sheet(format!("row {head_row}")), "merged_filled", message);
    }
}

/// Merges that a warning names.
const SHOWN: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(rows: (u32, u32), columns: (u32, u32)) -> Merge {
        Merge { rows, columns }
    }

    fn rows(cells: &[(u64, &[(usize, &str)])]) -> Vec<RawRow> {
        let row = |(number, cells): &(u64, &[(usize, &str)])| RawRow {
            number: *number,
            cells: cells.iter().map(|(i, text)| (*i, Cell::Text((*text).to_owned()))).collect(),
        };
        cells.iter().map(row).collect()
    }

    #[test]
    fn an_upright_merge_is_one_value_for_the_rows_that_have_anything_else() {
        let mut table = rows(&[(2, &[(0, "a"), (1, "x")]), (3, &[(1, "y")]), (5, &[(1, "z")]), (6, &[(1, "w")])]);
        assert!(fill(&mut table, &[merge((1, 4), (0, 0)), merge((5, 7), (3, 3)), merge((0, 9), (1, 2))]));
        let first: Vec<_> = table.iter().map(|row| row.cells.iter().find(|(i, _)| *i == 0).is_some()).collect();
        assert_eq!(first, [true, true, true, false]);
        let mut table = rows(&[(3, &[(1, "y")]), (4, &[(1, "z")])]);
        assert!(fill(&mut table, &[merge((1, 3), (0, 0))]), "its first row is empty");
        assert!(table.iter().all(|row| row.cells.len() == 1));
    }

    #[test]
    fn merges_that_overlap_without_end_stop_at_the_limit() {
        let long: String = "长".repeat(10_000);
        let mut table = rows(&[(1, &[(0, &long)]), (2, &[(1, "x")]), (3, &[(1, "x")])]);
        assert!(!fill(&mut table, &vec![merge((0, 2), (0, 0)); 2000]));
    }

    #[test]
    fn merges_over_columns_that_are_read_are_faults_and_others_are_named() {
        let columns = BTreeMap::from([("unit_code", 0), ("name", 1), ("phone", 5)]);
        let merges = [
            merge((0, 0), (0, 7)), // the title
            merge((2, 3), (0, 0)), // the unit
            merge((2, 3), (5, 5)),
            merge((4, 4), (0, 1)),
            merge((5, 6), (6, 7)), // not read
            merge((7, 7), (5, 6)), // wide
            merge((8, 9), (5, 6)),
        ];
        let mut faults = Faults::default();
        tell(("f", &|place| place), &merges, (2, &columns), &mut faults);
        let warned: Vec<_> = faults.take_warnings().into_iter().map(|told| (told.code, told.message)).collect();
        assert_eq!(warned.len(), 1);
        assert!(warned[0].0 == "merged_filled" && warned[0].1.contains(": F3:F4"), "{warned:?}");
        let told = faults.into_list();
        let places: Vec<_> = told.iter().map(|fault| fault.place.as_str()).collect();
        assert!(places == ["row 5", "row 9"] && told[0].message.contains("A5:B5"), "{told:?}");
    }
}
