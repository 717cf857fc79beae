//! Cuts a body into lines and a line into fields, without copying and with a length limit.
//!
//! A line is a row: feeds put no line break inside quotes, and taking one there would let a
//! single stray quote swallow the rows after it. Does not know what columns mean
//! (each dialect's reader of rows).

use std::borrow::Cow;

/// A body without the byte order mark that spreadsheets put before UTF-8.
pub(in crate::source) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// One line of a body.
#[derive(Debug, Clone, Copy)]
pub(in crate::source) struct Line<'a> {
    /// Number in the file, from 1.
    pub number: u64,
    /// The line without its line end.
    pub bytes: &'a [u8],
    /// Whether a line feed ends it; only the last line of a body may lack one.
    pub terminated: bool,
}

/// A line is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) struct TooLong {
    /// Number of the line.
    pub line: u64,
}

/// The lines of a body that are not blank.
#[derive(Debug, Clone)]
pub(in crate::source) struct Lines<'a> {
    rest: &'a [u8],
    number: u64,
    max_bytes: usize,
}

impl<'a> Lines<'a> {
    pub(in crate::source) fn new(body: &'a [u8], max_bytes: usize) -> Self {
        Self { rest: body, number: 0, max_bytes }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>, TooLong>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            self.number += 1;
            // Looks no further than a line may reach: a 100 MB line costs one short look.
            let reach = self.rest.get(..self.max_bytes.saturating_add(2)).unwrap_or(self.rest);
            let (bytes, rest, terminated) = match reach.iter().position(|&b| b == b'\n') {
                Some(end) => (reach.get(..end).unwrap_or_default(), self.rest.get(end + 1..).unwrap_or_default(), true),
                None => (reach, self.rest.get(reach.len()..).unwrap_or_default(), false),
            };
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            if bytes.len() > self.max_bytes || (!terminated && !rest.is_empty()) {
                self.rest = &[];
                return Some(Err(TooLong { line: self.number }));
            }
            self.rest = rest;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                return Some(Ok(Line { number: self.number, bytes, terminated }));
            }
        }
        None
    }
}

/// A value without the blanks at its ends, which spreadsheets and web pages leave there: ASCII blanks, no-break and full-width
/// spaces, and marks of no width. None of them is part of any value.
pub(in crate::source) fn trimmed(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}'))
}

/// Splits a line at its commas; `None` when its quotes do not pair. Blanks may stand round quotes.
pub(in crate::source) fn fields(line: &str) -> Option<Vec<Cow<'_, str>>> {
    if !line.contains('"') {
        return Some(line.split(',').map(Cow::Borrowed).collect());
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = if let Some(quoted) = rest.trim_start().strip_prefix('"') {
            let (field, after) = quoted_field(quoted)?;
            (field, after.trim_start())
        } else {
            let (field, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            if field.contains('"') {
                return None;
            }
            (Cow::Borrowed(field), after)
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(fields),
            None => return None,
        }
    }
}

/// Reads a quoted field from after its opening quote; returns it and what follows its closing one.
fn quoted_field(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut from = 0;
    loop {
        let quote = from + text.get(from..)?.find('"')?;
        let after = text.get(quote + 1..)?;
        if !after.starts_with('"') {
            let field = text.get(..quote)?;
            let field =
                if field.contains('"') { Cow::Owned(field.replace("\"\"", "\"")) } else { Cow::Borrowed(field) };
            return Some((field, after));
        }
        from = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_say_whether_they_ended() {
        let lines: Vec<_> = Lines::new(b"a\r\n\r\n  \nb\nc\r", 10)
            .map(|line| line.map(|l| (l.number, l.bytes, l.terminated)))
            .collect();
        assert_eq!(lines, [Ok((1, &b"a"[..], true)), Ok((4, b"b", true)), Ok((5, b"c", false))]);
    }

    #[test]
    fn a_line_over_the_limit_ends_the_reading() {
        for (body, ok) in [("abcd\n", true), ("abcd\r\n", true), ("abcd", true), ("abcde\n", false), ("abcde", false)] {
            let results: Vec<_> = Lines::new(body.as_bytes(), 4).collect();
            assert_eq!(results.len(), 1, "{body:?}");
            assert_eq!(results[0].is_ok(), ok, "{body:?}");
        }
        assert!(Lines::new(b"ab\nabcdefgh\nab\n", 4).last().unwrap().is_err());
    }

    #[test]
    fn quotes_pair_or_the_line_has_no_fields() {
        let cases: [(&str, Option<&[&str]>); 11] = [
            ("a,b,", Some(&["a", "b", ""])),
            (r#""","a,b","c""d""#, Some(&["", "a,b", "c\"d"])),
            (r#""a",b"#, Some(&["a", "b"])),
            ("", Some(&[""])),
            (r#" "a,b" , c,"d" "#, Some(&["a,b", " c", "d"])),
            (r#""a" b"#, None),
            (r#""a"#, None),
            (r#"a,""#, None),
            (r#"a"b,c"#, None),
            (r#""a"b,c"#, None),
            (r#""a"""#, None),
        ];
        for (line, expected) in cases {
            let found = fields(line);
            assert_eq!(
                found.as_deref().map(|f| f.iter().map(AsRef::as_ref).collect()),
                expected.map(Vec::from),
                "{line:?}"
            );
        }
    }
}
