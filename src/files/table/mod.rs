//! A CSV file or the sheet of an XLSX workbook as rows of cells, titles and heads among them.
//!
//! What a file is shows in its first bytes, not in its name. [`delimited`] knows CSV, [`workbook`] XLSX, [`cell`] what a
//! value may be, [`merges`] what merged cells mean. Which row holds the heads and what a column means is decided by the
//! readers above: [`crate::regions`] for the operator's files, [`crate::source`] for lists of fire points.

pub(crate) mod archive;
pub(crate) mod cell;
pub(crate) mod delimited;
pub(crate) mod merges;
mod moments;
mod number_format;
pub(crate) mod workbook;

use super::faults::Faults;
use crate::domain::plain_text;
use cell::Cell;
use merges::Merge;
pub use workbook::MAX_WORKBOOK_BYTES;

/// Most rows of a file.
pub const MAX_ROWS: usize = 100_000;

/// Rows with anything in them among which the heads are looked for: titles and notes above a table are few.
pub(crate) const MAX_HEAD_ROWS: usize = 20;

/// What a row of a CSV file is called.
pub(crate) const LINE: &str = "line";

/// A table before its columns are known: the rows with anything in them.
pub(crate) struct Raw {
    /// What a row is called in this kind of file, "line" or "row".
    pub(crate) called: &'static str,
    /// The sheet, where the workbook has several.
    pub(crate) sheet: Option<String>,
    pub(crate) rows: Vec<RawRow>,
    /// Cells that were merged, in the order of the file.
    pub(crate) merges: Vec<Merge>,
}

/// A row before its columns are known.
#[derive(Debug)]
pub(crate) struct RawRow {
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// Its cells by column, from 0; of a workbook those with anything in them.
    pub(crate) cells: Vec<(usize, Cell)>,
}

/// Reads the rows of a CSV file in UTF-8, or of the sheet of a workbook in whose first rows `is_heads` finds the heads;
/// `None` after a fault was added.
pub(crate) fn read(file: &str, bytes: &[u8], is_heads: &dyn Fn(&RawRow) -> bool, faults: &mut Faults) -> Option<Raw> {
    if let Some((code, message)) = workbook::of_another_kind(bytes) {
        faults.add(file, "", code, message);
        return None;
    }
    if workbook::is_one(bytes) {
        workbook::read(file, bytes, is_heads, faults)
    } else {
        delimited::read(file, bytes, faults)
    }
}

fn too_many_rows(file: &str, called: &str, number: u64, faults: &mut Faults) {
    faults.add(file, format!("{called} {number}"), "too_many_rows", format!("at most {MAX_ROWS} rows are read"));
}

/// A head without blanks, line breaks and the signs that mark what has to be filled in; narrow brackets.
pub(crate) fn plain_head(title: &str) -> String {
    let narrow = plain_text::compatible(&plain_text::visible(title));
    let letters: String = narrow.chars().filter(|c| !c.is_whitespace()).collect();
    letters.trim_matches(['*', '※', '★', ':', '△', '▲']).to_owned()
}

/// The letters of a column in a spreadsheet: A, B, …, Z, AA.
pub(crate) fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        // Below 26, so always a letter.
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let letters = [0, 5, 25, 26, 51, 52, 701, 702].map(column_letters);
        assert_eq!(letters, ["A", "F", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
