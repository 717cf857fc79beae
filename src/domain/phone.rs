//! A telephone number, made plain and checked once where it comes in: lists, rosters, complaints, accounts.
//!
//! Whoever has to stop a fire is called by it, so a text that cannot be dialled is refused while somebody can still
//! mend it, and not found out at night. Its digits never stand in an error. What the record holds from earlier is
//! taken as it is ([`Phone::kept`]).
//!
//! # Source
//! ITU-T E.164 (11/2010), 6.2: at most 15 digits. Chinese numbering plan: mobile numbers have 11 digits and begin with 1;
//! short numbers (110, 119, 12345) have 3 digits at least.

use serde::{Deserialize, Serialize};

use super::plain_text;

/// Fewest and most digits of a number.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

/// Digits of a mobile number with one too few or too many, or without the 0 of its area code.
const NEARLY_MOBILE: [usize; 3] = [9, 10, 12];

/// Most digits of an extension.
const MAX_EXTENSION: usize = 6;

/// Most numbers in one field.
const MAX_NUMBERS: usize = 5;

/// Signs between several numbers of one field, after [`plain`].
const BETWEEN: [char; 6] = ['、', '/', ',', ';', '|', '或'];

/// Words and signs that stand for having none.
const NONE: [&str; 12] = ["-", "--", "/", "\\", "无", "暂无", "没有", "无号码", "无电话", "none", "n/a", "null"];

/// A telephone number that can be called, or several with `/` between them; personal data, never logged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// Why a text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// A spreadsheet wrote it as a power of ten; its digits are lost.
    #[error("was shortened by a spreadsheet (as 1.00E+10): format the column as text and enter the numbers again")]
    Shortened,
    /// There is something in it that no number has.
    #[error(
        "is no telephone number: expected digits such as 13900000000, 0436-3222333 or +86 139 0000 0000, several with \
         '/' between them; leave it empty where there is none"
    )]
    NoNumber,
    /// It has too few digits or too many.
    #[error("has {0} digits, a telephone number has 3 to 15; put '/' between several")]
    Length(usize),
    /// It begins like a mobile number and is not as long as one.
    #[error("has {0} digits and begins with 1: a mobile number has 11, and a number with an area code begins with 0")]
    Mobile(usize),
}

impl Phone {
    /// Reads what somebody entered; `None` where it says that there is none.
    ///
    /// Full-width digits become ordinary ones, what cannot be seen is left out, and so is the quote that spreadsheets
    /// put before a text.
    ///
    /// # Errors
    /// [`PhoneError`], which does not repeat the text.
    pub fn parse(text: &str) -> Result<Option<Self>, PhoneError> {
        let plain = plain(text);
        if plain.is_empty() || NONE.contains(&plain.to_lowercase().as_str()) {
            return Ok(None);
        }
        let numbers: Vec<&str> = numbers(&plain).collect();
        if numbers.is_empty() || numbers.len() > MAX_NUMBERS {
            return Err(PhoneError::NoNumber);
        }
        for number in &numbers {
            dialled(number)?;
        }
        Ok(Some(Self(numbers.join("/"))))
    }

    /// A number as the record holds it: checked when it was taken, or older than the check.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The address by which it is called; `None` when it is no number.
    #[must_use]
    pub fn href(&self) -> Option<String> {
        self.dialled().map(|number| format!("tel:{number}"))
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits to dial, with the plus where there is one, of the first number; `None` when it is none.
    #[must_use]
    pub fn dialled(&self) -> Option<String> {
        let plain = plain(&self.0);
        let first = numbers(&plain).next()?;
        // A kept text may be no number; then nothing is dialled.
        dialled(first).ok()
    }
}

impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Without the number: it is personal, and such texts end in logs.
impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phone(***)")
    }
}

/// Ordinary digits and signs, single blanks, no quote before it, no `.0` of a number that a program made of it.
fn plain(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("/");
    let narrow = plain_text::compatible(&lines);
    let ordinary = narrow.chars().filter(|c| !plain_text::is_format(*c) && (!c.is_control() || *c == '\t'));
    let dashed: String = ordinary.map(|c| if is_dash(c) { '-' } else { c }).collect();
    let words = dashed.split_whitespace().collect::<Vec<_>>().join(" ");
    let unquoted = words.strip_prefix('\'').unwrap_or(&words).trim();
    match unquoted.split_once('.') {
        Some((number, zeros)) if is_digits(number) && zeros.bytes().all(|b| b == b'0') => number.to_owned(),
        _ => unquoted.to_owned(),
    }
}

/// Hyphens, dashes and minus signs that stand for the one on the keyboard.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}' | '\u{FE58}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn numbers(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(BETWEEN).map(str::trim).filter(|number| !number.is_empty())
}

/// The digits of one number, with the plus before them and without the extension after them.
fn dialled(number: &str) -> Result<String, PhoneError> {
    if is_shortened(number) {
        return Err(PhoneError::Shortened);
    }
    let front = match number.find(['转', '#', 'x', 'X', 'e', 'E']) {
        Some(at) => {
            let (front, extension) = number.split_at(at);
            check_extension(extension)?;
            front
        }
        None => number,
    };
    let (plus, body) = front.strip_prefix('+').map_or(("", front), |body| ("+", body));
    let fits = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
    let digits: String = body.chars().filter(char::is_ascii_digit).collect();
    if !body.chars().all(fits) || digits.bytes().all(|b| b == b'0') {
        return Err(PhoneError::NoNumber);
    }
    if !DIGITS.contains(&digits.len()) {
        return Err(PhoneError::Length(digits.len()));
    }
    if plus.is_empty() && digits.starts_with('1') && NEARLY_MOBILE.contains(&digits.len()) {
        return Err(PhoneError::Mobile(digits.len()));
    }
    Ok(format!("{plus}{digits}"))
}

/// An extension with the sign before it: 转801, #801, ext. 801, x801.
fn check_extension(text: &str) -> Result<(), PhoneError> {
    let lower = text.to_lowercase();
    let digits = ["转", "#", "ext.", "ext", "x"].iter().find_map(|sign| lower.strip_prefix(sign)).map(str::trim);
    let fits = digits.is_some_and(|digits| is_digits(digits) && digits.len() <= MAX_EXTENSION);
    if fits { Ok(()) } else { Err(PhoneError::NoNumber) }
}

/// Whether it is a power of ten, `1.39E+10`.
fn is_shortened(number: &str) -> bool {
    let Some((mantissa, power)) = number.split_once(['e', 'E']) else { return false };
    let has_only = |text: &str, sign: char| text.bytes().all(|b| b.is_ascii_digit() || char::from(b) == sign);
    !mantissa.is_empty() && has_only(mantissa, '.') && has_only(power.trim_start_matches(['+', '-']), '0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<(String, Option<String>)>, PhoneError> {
        Ok(Phone::parse(text)?.map(|phone| (phone.to_string(), phone.dialled())))
    }

    #[test]
    fn a_number_is_read_as_it_is_meant_whatever_it_was_written_with() {
        let cases = [
            ("13900000000", "13900000000", "13900000000"),
            ("１３９００００００００", "13900000000", "13900000000"),
            ("\u{202D}13900000000\u{202C}", "13900000000", "13900000000"),
            ("\u{FEFF}139\u{200B}00000000\u{A0}", "13900000000", "13900000000"),
            ("'13900000000", "13900000000", "13900000000"),
            ("13900000000.0", "13900000000", "13900000000"),
            ("139 0000 0000", "139 0000 0000", "13900000000"),
            ("139－0000–0000", "139-0000-0000", "13900000000"),
            ("+8613900000000", "+8613900000000", "+8613900000000"),
            ("+86 139　0000 0000", "+86 139 0000 0000", "+8613900000000"),
            ("（0436）3222333", "(0436)3222333", "04363222333"),
            ("0436-3222333转801", "0436-3222333转801", "04363222333"),
            ("0436-3222333 ext. 801", "0436-3222333 ext. 801", "04363222333"),
            ("13900000000、0436-3222333", "13900000000/0436-3222333", "13900000000"),
            ("13900000000 ； 13800000000", "13900000000/13800000000", "13900000000"),
            ("13900000000\n13800000000", "13900000000/13800000000", "13900000000"),
            ("110", "110", "110"),
            ("12345", "12345", "12345"),
            ("400-600-1234", "400-600-1234", "4006001234"),
            ("0086 139 0000 0000", "0086 139 0000 0000", "008613900000000"),
        ];
        for (text, shown, dialled) in cases {
            assert_eq!(read(text), Ok(Some((shown.to_owned(), Some(dialled.to_owned())))), "{text:?}");
        }
    }

    #[test]
    fn a_sign_for_none_is_none() {
        for text in ["", " ", "\u{200B}", "无", "暂无", "-", "—", "/", "N/A"] {
            assert_eq!(read(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        let cases = [
            ("1.00E+10", PhoneError::Shortened),
            ("1.39e10", PhoneError::Shortened),
            ("1E+10", PhoneError::Shortened),
            ("139****0000", PhoneError::NoNumber),
            ("示例（无号码）", PhoneError::NoNumber),
            ("手机13900000000", PhoneError::NoNumber),
            ("#N/A", PhoneError::NoNumber),
            ("0", PhoneError::NoNumber),
            ("00000000000", PhoneError::NoNumber),
            ("+", PhoneError::NoNumber),
            ("139.0000.0000", PhoneError::NoNumber),
            ("12", PhoneError::Length(2)),
            ("13900000000 13800000000", PhoneError::Length(22)),
            ("1390000000", PhoneError::Mobile(10)),
            ("139000000000", PhoneError::Mobile(12)),
            ("1012345678", PhoneError::Mobile(10)),
            ("13900000000/1380000000", PhoneError::Mobile(10)),
            ("0436-3222333转", PhoneError::NoNumber),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn what_the_record_holds_is_shown_as_it_is_and_dialled_where_it_can_be() {
        let kept = |text: &str| (Phone::kept(text).to_string(), Phone::kept(text).dialled());
        assert_eq!(kept("1.00E+10"), ("1.00E+10".to_owned(), None));
        assert_eq!(kept("０４３６－3222333").1, Some("04363222333".to_owned()));
        for text in ["示例（无号码）", "javascript:alert(1)", "", "12", "见群"] {
            assert_eq!(Phone::kept(text).href(), None, "{text}");
        }
        assert_eq!(Phone::kept("+86 138 0000 0000").href(), Some("tel:+8613800000000".to_owned()));
        assert_eq!(format!("{:?}", Phone::kept("13900000000")), "Phone(***)");
    }
}
