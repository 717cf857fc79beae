//! Bytes of a region file to text: UTF-8 or nothing.
//!
//! A byte order mark is dropped (Excel writes one). Any other encoding is named as well as it
//! can be and refused, never decoded: a wrongly guessed encoding gives a wrong name on an alert.

use super::faults::Faults;
use super::guess;

/// The text of a file; `None` after a fault was added.
pub fn decode<'a>(file: &str, bytes: &'a [u8], faults: &mut Faults) -> Option<&'a str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Some(text),
        Ok(text) => {
            let line = line_of(bytes, text.find('\0').unwrap_or_default());
            let message = format!("a zero byte: this looks like {}; save it as UTF-8", looks_like(bytes));
            faults.add(file, format!("line {line}"), "wrong_encoding", message);
            None
        }
        Err(error) => {
            let at = error.valid_up_to();
            let message = format!(
                "byte {} is not UTF-8: this looks like {}; it is not decoded on a guess, save it as UTF-8",
                at + 1,
                looks_like(bytes)
            );
            faults.add(file, format!("line {}", line_of(bytes, at)), "wrong_encoding", message);
            None
        }
    }
}

fn line_of(bytes: &[u8], offset: usize) -> u64 {
    let mut lines = LineCounter::new(bytes);
    lines.advance_to(offset);
    lines.line
}

/// Counts lines as editors do: each ends with `\n`, `\r\n` or `\r`. It goes on from where it was asked last.
pub(crate) struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    /// At the beginning of a text.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// The line of a row that begins at an offset or after the blank lines that begin there; offsets only grow.
    pub(crate) fn of_row(&mut self, start: usize) -> u64 {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        self.advance_to(start.saturating_add(blank));
        self.line
    }

    fn advance_to(&mut self, offset: usize) {
        let passed = self.bytes.get(self.at..offset.min(self.bytes.len())).unwrap_or_default();
        let mut before = self.at.checked_sub(1).and_then(|i| self.bytes.get(i).copied());
        for &byte in passed {
            let is_second_half = byte == b'\n' && before == Some(b'\r');
            if matches!(byte, b'\n' | b'\r') && !is_second_half {
                self.line += 1;
            }
            before = Some(byte);
        }
        self.at += passed.len();
    }
}

/// What to say of a key that a file does not know, with the known one that was meant where one is near.
#[must_use]
pub fn unknown_key(key: &str, known: &[&str]) -> String {
    let meant = guess::guess(key, known).map(|word| format!(" is {word:?} meant?")).unwrap_or_default();
    format!("unknown key {key:?};{meant} known: {}", known.join(", "))
}

/// What the bytes look like, in words.
fn looks_like(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xFE, ..] => "UTF-16 (little-endian)",
        [0xFE, 0xFF, ..] => "UTF-16 (big-endian)",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel workbook (.xls); save it as .xlsx, or",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive (XLSX, KMZ or a zipped shapefile)",
        [0x1F, 0x8B, ..] => "a gzip archive",
        _ if is_paired_like_gbk(bytes) => "GBK / GB 18030",
        _ if bytes.contains(&0) => "a binary file",
        _ => "another 8-bit encoding or a damaged file",
    }
}

/// Whether every byte above ASCII starts a pair that GBK allows.
fn is_paired_like_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    let mut pairs = 0_usize;
    while let Some(&lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        let trail = rest.next().copied().unwrap_or_default();
        if !(0x81..=0xFE).contains(&lead) || !(0x40..=0xFE).contains(&trail) || trail == 0x7F {
            return false;
        }
        pairs += 1;
    }
    pairs > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_passes_with_and_without_a_mark_and_all_else_is_named() {
        let mut faults = Faults::default();
        assert_eq!(decode("f", "白城".as_bytes(), &mut faults), Some("白城"));
        assert_eq!(decode("f", "\u{FEFF}白城".as_bytes(), &mut faults), Some("白城"));
        assert!(faults.is_empty());
        let cases: [(&[u8], &str); 6] = [
            (b"name\n\xB0\xD7\xB3\xC7", "GBK"),
            (b"\xFF\xFEa\0", "UTF-16 (little-endian)"),
            (b"\xFE\xFF\0a", "UTF-16 (big-endian)"),
            (b"PK\x03\x04\0\0", "ZIP"),
            (b"\x1F\x8B\x08\0", "gzip"),
            (b"caf\xE9", "8-bit"),
        ];
        for (bytes, expected) in cases {
            let mut faults = Faults::default();
            assert_eq!(decode("f", bytes, &mut faults), None);
            let list = faults.into_list();
            assert_eq!(list[0].code, "wrong_encoding");
            assert!(list[0].message.contains(expected), "{}", list[0].message);
        }
        let mut faults = Faults::default();
        decode("f", b"a\nb\n\xB0\xD7", &mut faults);
        decode("g", b"a\r\n\rb\r\xB0\xD7", &mut faults);
        let places: Vec<_> = faults.into_list().into_iter().map(|fault| fault.place).collect();
        assert_eq!(places, ["line 3", "line 4"]);
    }
}
