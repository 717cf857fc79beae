//! Reads lists of fire points as provinces and ministries send them, by the mapping that the configuration gives.
//!
//! Called by [`super::file`]. A list is known by the heads of its columns: every head of a `[[list]]` has to be in one of
//! the first rows; two mappings that fit equally well are a question. [`row`] reads the rows of pixels, [`days`] those of
//! official points, [`place`] and [`moment`] what both have. Nothing is guessed: a list that no mapping fits, another
//! encoding than was said, and merged cells that leave a value open refuse the whole, a value whose meaning is not sure
//! its row.

mod cells;
mod days;
mod moment;
mod place;
mod row;

use std::borrow::Cow;

use super::dialect::lines::without_bom;
use super::dialect::{BodyError, ReadOptions};
use super::parsed::{OfficialList, Parsed};
use crate::config::{ListConfig, ListEncoding, ListHolds};
use crate::files::faults::Faults;
use crate::files::table::{MAX_HEAD_ROWS, Raw, RawRow, delimited, merges, plain_head};
use cells::Columns;

/// Bytes among which the heads of a CSV file are looked for.
const BEGINNING: usize = 64 * 1024;

/// Whether a row holds the heads of any of the lists.
pub(super) fn is_heads(row: &RawRow, lists: &[ListConfig]) -> bool {
    let titles = titles(row);
    lists.iter().any(|list| fits(&titles, list))
}

/// Reads a CSV file; `None` where it is none of the lists.
pub(super) fn read_text(body: &[u8], options: &ReadOptions) -> Option<Result<Parsed, BodyError>> {
    let lists = &options.lists;
    // A line may be cut at the end of the beginning, and a character of it: that line is not looked at.
    let beginning = body.get(..BEGINNING).unwrap_or(body);
    let beginning = match beginning.iter().rposition(|&b| b == b'\n') {
        Some(end) if beginning.len() < body.len() => beginning.get(..=end).unwrap_or_default(),
        _ => beginning,
    };
    let fits_in = |encoding, list: &&ListConfig| {
        let rows = decoded(beginning, encoding).map(|text| rows_of(&text).rows).unwrap_or_default();
        rows.iter().take(MAX_HEAD_ROWS).any(|row| is_heads(row, std::slice::from_ref(*list)))
    };
    if let Some(list) = lists.iter().find(|list| fits_in(encoding_of(body, list), list)) {
        return Some(read_csv(body, encoding_of(body, list), options));
    }
    let other = |list: &ListConfig| match list.encoding {
        ListEncoding::Utf8 => ListEncoding::Gb18030,
        ListEncoding::Gb18030 => ListEncoding::Utf8,
    };
    let list = lists.iter().find(|list| fits_in(other(list), list))?;
    let problem = format!(
        "the heads are those of the list {:?}, but the file is in {} and the configuration says encoding = \"{}\"; set \
         what the sender writes",
        list.id,
        other(list).name(),
        list.encoding.name()
    );
    Some(Err(BodyError::unsure(problem)))
}

fn read_csv(body: &[u8], encoding: ListEncoding, options: &ReadOptions) -> Result<Parsed, BodyError> {
    let not_text = || BodyError::unsure(format!("the text is not all {}", encoding.name()));
    let text = decoded(body, encoding).ok_or_else(not_text)?;
    let lines = text.lines().count() as u64;
    if !text.ends_with(['\n', '\r']) && !options.allow_missing_final_newline {
        return Err(BodyError::Truncated { line: lines, why: "the last row has no line feed at its end" });
    }
    let mut faults = Faults::default();
    let raw = delimited::rows_of("", &text, &mut faults);
    if !faults.is_empty() {
        return Err(BodyError::unclear(faults));
    }
    read(&raw, options)
}

/// The encoding of a CSV file: a byte order mark says it, else the configuration.
fn encoding_of(body: &[u8], list: &ListConfig) -> ListEncoding {
    if body.starts_with(b"\xef\xbb\xbf") { ListEncoding::Utf8 } else { list.encoding }
}

fn decoded(body: &[u8], encoding: ListEncoding) -> Option<Cow<'_, str>> {
    match encoding {
        ListEncoding::Utf8 => std::str::from_utf8(without_bom(body)).ok().map(Cow::Borrowed),
        ListEncoding::Gb18030 => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(body),
    }
}

fn rows_of(text: &str) -> Raw {
    // What is wrong with a beginning that is no list does not matter.
    delimited::rows_of("", text, &mut Faults::default())
}

/// Reads the rows below the heads of a list.
pub(super) fn read(raw: &Raw, options: &ReadOptions) -> Result<Parsed, BodyError> {
    let (list, at) = recognised(raw, &options.lists)?;
    let (file_rows, limit) = (raw.rows.len(), options.max_rows);
    if file_rows > limit {
        return Err(BodyError::TooManyRows { limit });
    }
    let columns = Columns::find(raw, at, list)?;
    let mut faults = Faults::default();
    let head_row = raw.rows.get(at).map_or(1, |row| row.number);
    merges::tell(("", &|place| place), &raw.merges, (head_row, &columns.places()), &mut faults);
    if !faults.is_empty() {
        return Err(BodyError::unclear(faults));
    }
    let below = raw.rows.iter().skip(at + 1).filter(|row| row.cells.iter().any(|(_, cell)| !cell.is_blank()));
    match list.holds {
        ListHolds::Detections => {
            let reader = row::Reader::new(list, &columns);
            let rows = below.map(|row| reader.read(row)).collect();
            Ok(Parsed::Fires(columns.table(format!("list {}", list.id), rows)))
        }
        ListHolds::OfficialPoints => {
            let rows = below.map(|row| days::read(row, list, &columns)).collect();
            let table = columns.table(format!("official list {}", list.id), rows);
            Ok(Parsed::Official(OfficialList { list: list.id.clone(), table }))
        }
    }
}

/// The mapping that fits, and the row of its heads. Of several the one with the most columns speaks.
fn recognised<'c>(raw: &Raw, lists: &'c [ListConfig]) -> Result<(&'c ListConfig, usize), BodyError> {
    let first = raw.rows.iter().take(MAX_HEAD_ROWS);
    let titles: Vec<_> = first.map(titles).collect();
    let fitting = |list: &'c ListConfig| titles.iter().position(|titles| fits(titles, list)).map(|at| (list, at));
    let mut found: Vec<_> = lists.iter().filter_map(fitting).collect();
    let most = found.iter().map(|(list, _)| list.columns.heads().count()).max().unwrap_or_default();
    found.retain(|(list, _)| list.columns.heads().count() == most);
    match found.as_slice() {
        [one] => Ok(*one),
        several => {
            let names: Vec<_> = several.iter().map(|(list, _)| list.id.as_str()).collect();
            let problem =
                format!("the heads are those of several lists: {}; make the mappings differ", names.join(", "));
            Err(BodyError::unsure(problem))
        }
    }
}

/// The heads of a row, as they are compared.
fn titles(row: &RawRow) -> Vec<String> {
    row.cells.iter().filter_map(|(_, cell)| cell.text().ok()).map(|title| plain_head(&title)).collect()
}

fn fits(titles: &[String], list: &ListConfig) -> bool {
    list.columns.heads().all(|head| titles.contains(&plain_head(head)))
}
