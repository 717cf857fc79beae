//! Reads the bytes of a file that somebody brought, whatever it is, as a [`Poll`].
//!
//! Called for each file of a drop folder and by `firegrid ingest`. A file says by how it begins what it is; which dialect
//! reads it is decided here and nowhere else: a Himawari list by its first line, FIRMS by its header, any other by the
//! heads that a `[[list]]` of the configuration names.

use super::decode::{Content, DecodeError, Member, decode_file};
use super::dialect::{BodyError, Foreign, Provenance, ReadOptions, Table};
use super::outcome::Outcome;
use super::parsed::Parsed;
use super::poll::{MAX_DETAIL_CHARS, Poll, error_text};
use super::safe_text::shown;
use super::{Cursor, firms, himawari, lists};
use crate::files::faults::Faults;
use crate::files::table::{self, MAX_HEAD_ROWS, Raw, RawRow};

/// Reads a file's bytes, plain, gzip, ZIP or workbook, as a poll; for the drop folder and `firegrid ingest`.
///
/// # Shape
/// The outcome is `parsed` or `no_rows` when the file is a whole table whose rows are well. `limit` bounds the bytes before and
/// after unpacking. Of an archive the tables are read as one, and its own bytes are the body.
#[must_use]
pub fn read_file(bytes: Vec<u8>, limit: usize, options: &ReadOptions) -> Poll {
    match decode_file(&bytes, limit) {
        Ok(content) => {
            let mut poll = of_content(content, options);
            poll.body.get_or_insert(bytes);
            poll
        }
        Err(error) => {
            let (outcome, why) = match error {
                DecodeError::TooLarge { .. } | DecodeError::TooManyMembers { .. } => (Outcome::TooLarge, None),
                DecodeError::Damaged(_) => (Outcome::Truncated, None),
                DecodeError::Foreign(what) => (Outcome::Unsupported, Some(BodyError::Unsupported { what })),
            };
            Poll { why, ..Poll::without_body(outcome, error_text(&error), &Cursor::default()) }
        }
    }
}

/// The poll of a file that could not even be opened; for `firegrid ingest`.
#[must_use]
pub fn unreadable_file(error: &std::io::Error) -> Poll {
    Poll::without_body(Outcome::Unreadable, error_text(error), &Cursor::default())
}

/// The poll that the unpacked content of a file is.
fn of_content(content: Content, options: &ReadOptions) -> Poll {
    let mut poll = Poll::without_body(Outcome::Parsed, String::new(), &Cursor::default());
    let by_hand = ReadOptions { provenance: Provenance::Person, ..options.clone() };
    // What was packed proves its own end, so a last line without a line feed was written so.
    let proven = ReadOptions { allow_missing_final_newline: true, ..by_hand.clone() };
    match content {
        Content::Plain(bytes) => {
            poll.take(read_any(&bytes, &by_hand));
            poll.body = Some(bytes);
        }
        Content::Gzip(bytes) | Content::Workbook(bytes) => {
            poll.take(read_any(&bytes, &proven));
            poll.body = Some(bytes);
        }
        Content::Archive(members) => of_archive(&mut poll, &members, &proven),
    }
    poll
}

/// Reads every table of an archive as one. A table that fails makes the outcome, and takes nothing from the others: their
/// rows are recorded all the same. Official points stand in a file of their own.
fn of_archive(poll: &mut Poll, members: &[Member], options: &ReadOptions) {
    let mut whole: Option<Table> = None;
    let mut fault = None;
    for Member { name, content } in members {
        let options = ReadOptions { file_name: Some(name.clone()), ..options.clone() };
        match read_any(content, &options) {
            Ok(Parsed::Fires(table)) => {
                let table = table.of_member(name);
                whole = Some(match whole {
                    Some(so_far) => so_far.with(table),
                    None => table,
                });
            }
            Ok(Parsed::Official(list)) if members.len() == 1 => poll.accept_official(list),
            Ok(Parsed::Official(_)) => {
                let problem = "an official list beside other tables; bring it as a file of its own".to_owned();
                fault.get_or_insert((name, BodyError::unsure(problem)));
            }
            Err(error) => {
                fault.get_or_insert((name, error));
            }
        }
    }
    if let Some(table) = whole {
        poll.accept(table, Outcome::Parsed);
    }
    if let Some((name, error)) = fault {
        let others = std::mem::take(&mut poll.detail);
        poll.refuse(error);
        poll.detail = shown(&format!("{name}: {}; {others}", poll.detail), MAX_DETAIL_CHARS);
    }
}

/// Reads a body in the dialect that it shows to be of.
fn read_any(body: &[u8], options: &ReadOptions) -> Result<Parsed, BodyError> {
    if table::workbook::is_one(body) {
        return read_workbook(body, options);
    }
    if himawari::is_one(body) {
        return himawari::read(body, options).map(Parsed::Fires);
    }
    let by_header = match firms::read(body, options) {
        Ok(table) => return Ok(Parsed::Fires(table)),
        Err(error) => error,
    };
    // A list is none of FIRMS; what is FIRMS and wrong is told as that.
    lists::read_text(body, options).unwrap_or(Err(by_header))
}

/// Reads the sheet of a workbook that holds the heads of a FIRMS table or of a configured list.
fn read_workbook(body: &[u8], options: &ReadOptions) -> Result<Parsed, BodyError> {
    let mut faults = Faults::default();
    let is_heads = |row: &RawRow| firms::is_heads(row) || lists::is_heads(row, &options.lists);
    let raw = table::workbook::read("", body, &is_heads, &mut faults);
    let Some(raw) = raw.filter(|_| faults.is_empty()) else { return Err(BodyError::unclear(faults)) };
    let at = raw.rows.iter().take(MAX_HEAD_ROWS).position(is_heads);
    let Some(at) = at else { return Err(BodyError::Unsupported { what: unread_sheet(&raw) }) };
    if raw.rows.get(at).is_some_and(firms::is_heads) {
        return firms::read_sheet(&raw, at).map(Parsed::Fires);
    }
    lists::read(&raw, options)
}

fn unread_sheet(raw: &Raw) -> Foreign {
    let is_list = |row: &RawRow| {
        let names: Vec<String> = row.cells.iter().filter_map(|(_, cell)| cell.text().ok()).collect();
        Foreign::by_names(&names).is_some()
    };
    if raw.rows.iter().take(MAX_HEAD_ROWS).any(is_list) { Foreign::ChineseList } else { Foreign::Xlsx }
}
