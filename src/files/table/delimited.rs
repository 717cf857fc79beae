//! A CSV file as a raw table: fields between commas, lines that end as any system ends them.
//!
//! The line of a row is counted here, from the bytes before it: the CSV library counts `\r` and line breaks inside
//! quotes differently from every editor. Called by [`super::read`].

use super::cell::Cell;
use super::{LINE, MAX_ROWS, Raw, RawRow, too_many_rows};
use crate::domain::plain_text;
use crate::files::faults::Faults;
use crate::files::text::{self, LineCounter};

/// Reads a CSV file; `None` after a fault was added.
pub(crate) fn read(file: &str, bytes: &[u8], faults: &mut Faults) -> Option<Raw> {
    text::decode(file, bytes, faults).map(|text| rows_of(file, text, faults))
}

/// The rows of a text.
pub(crate) fn rows_of(file: &str, text: &str, faults: &mut Faults) -> Raw {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut lines = LineCounter::new(text.as_bytes());
    let mut rows: Vec<RawRow> = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.add(file, "", "csv_syntax", error);
                break;
            }
        };
        let start = record.position().map_or(0, csv::Position::byte);
        let number = lines.of_row(usize::try_from(start).unwrap_or(usize::MAX));
        // One more than the rows of the file, for the heads.
        if rows.len() > MAX_ROWS {
            too_many_rows(file, LINE, number, faults);
            break;
        }
        let cells: Vec<_> = record.iter().map(|field| Cell::Text(value(field))).enumerate().collect();
        if cells.iter().any(|(_, cell)| !cell.is_blank()) {
            rows.push(RawRow { number, cells });
        }
    }
    Raw { called: LINE, sheet: None, rows, merges: Vec::new() }
}

/// What stands in a field: visible, and without the `="…"` by which programs make a spreadsheet keep it as text.
fn value(field: &str) -> String {
    let shown = plain_text::visible(field);
    let kept_as_text = shown.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    kept_as_text.filter(|inner| !inner.contains('"')).map_or(shown.clone(), |inner| inner.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<(u64, String)> {
        let mut faults = Faults::default();
        let raw = read("f", text.as_bytes(), &mut faults).unwrap();
        assert!(faults.is_empty());
        let first = |row: &RawRow| row.cells.first().unwrap().1.text().unwrap();
        raw.rows.iter().map(|row| (row.number, first(row))).collect()
    }

    #[test]
    fn a_row_stands_on_the_line_that_an_editor_shows() {
        for (ends, name) in [("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")] {
            let text = "head,b\n1,x\n\n\n2,x\n\"3\nquoted\",\"x\n\ny\"\n4,x\n ,\n5,x".replace('\n', ends);
            let lines: Vec<_> = lines_of(&text).into_iter().map(|(line, _)| line).collect();
            assert_eq!(lines, [1, 2, 5, 6, 10, 12], "{name}");
        }
        assert_eq!(
            lines_of("\u{FEFF}\r\n\r\nhead\r\n1\r\n")[0],
            (3, "head".to_owned()),
            "after a mark and blank lines"
        );
        assert_eq!(lines_of("a\n\r\nb\r\rc").iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 5], "mixed");
        assert_eq!(lines_of(""), []);
    }

    #[test]
    fn a_field_kept_as_text_for_a_spreadsheet_is_its_text() {
        let text = "=\"0436\",a\n=A1&B1,b\n\"=\"\"0437\"\"\",c\n";
        let texts: Vec<_> = lines_of(text).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["0436", "=A1&B1", "0437"]);
    }
}
