//! A number as its number format shows it, where that has digits the value has not: `04361000000`, `139-0000-0000`.
//!
//! Lists keep telephones and codes as numbers under a format of zeros, and people read what is shown. Only formats of
//! plain digits with signs between them are applied; all others leave the number as it is. Called by [`super::workbook`].
//!
//! # Source
//! ECMA-376 part 1, 18.8.31 (numFmts): `0` and `#` stand for a digit, `\x` and `"…"` for themselves, `;` parts sections.

/// Most digits of a format; the value has 15 at most.
const MAX_PLACES: usize = 20;

/// One sign of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A digit; a zero stands where the number has none.
    Zero,
    /// A digit where the number has one.
    Digit,
    Literal(char),
}

/// A format that shows whole numbers as digits with signs between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DigitFormat(Vec<Sign>);

impl DigitFormat {
    /// Reads a format; `None` where it is no such format, or shows the number as it is.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let mut signs = Vec::new();
        let mut rest = code.chars();
        while let Some(c) = rest.next() {
            match c {
                '0' => signs.push(Sign::Zero),
                '#' => signs.push(Sign::Digit),
                '-' | ' ' | '(' | ')' | '+' => signs.push(Sign::Literal(c)),
                '\\' => signs.push(Sign::Literal(rest.next()?)),
                '"' => signs.extend(rest.by_ref().take_while(|c| *c != '"').map(Sign::Literal)),
                ';' => break,
                _ => return None,
            }
        }
        let places = signs.iter().filter(|sign| !matches!(sign, Sign::Literal(_))).count();
        let is_plain = places == signs.len() && places <= 1;
        (places > 0 && places <= MAX_PLACES && !is_plain).then_some(Self(signs))
    }

    /// What it shows of a number; `None` where that is not whole or is negative.
    pub(crate) fn shown(&self, value: f64) -> Option<String> {
        // Beyond 15 digits a spreadsheet drops some: that is told, not shown.
        if value < 0.0 || value.fract() != 0.0 || value >= 1e15 {
            return None;
        }
        let digits = if value == 0.0 { String::new() } else { value.to_string() };
        let places = self.0.iter().filter(|sign| !matches!(sign, Sign::Literal(_))).count();
        let mut missing = places.saturating_sub(digits.len());
        let mut left = digits.chars();
        // What has no place of its own stands before the first.
        let mut beyond = digits.len().saturating_sub(places);
        let mut shown = String::new();
        for sign in &self.0 {
            match sign {
                Sign::Literal(c) => shown.push(*c),
                Sign::Zero | Sign::Digit if missing > 0 => {
                    missing -= 1;
                    shown.extend((*sign == Sign::Zero).then_some('0'));
                }
                Sign::Zero | Sign::Digit => {
                    shown.extend(left.by_ref().take(beyond + 1));
                    beyond = 0;
                }
            }
        }
        Some(shown.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_with_the_zeros_and_signs_of_its_format() {
        let cases = [
            ("00000000000", 4_361_000_000.0, Some("04361000000")),
            ("00000000000", 13_900_000_000.0, Some("13900000000")),
            ("000", 13_900_000_000.0, Some("13900000000")),
            ("0000\\-0000000", 4_363_222_333.0, Some("0436-3222333")),
            ("\"0\"0000000000", 4_361_000_000.0, Some("04361000000")),
            ("###-####-####", 13_900_000_000.0, Some("139-0000-0000")),
            ("(0000) 0000000;@", 4_363_222_333.0, Some("(0436) 3222333")),
            ("000000", 0.0, Some("000000")),
            ("00", 1.5, None),
            ("00", -1.0, None),
        ];
        for (code, value, expected) in cases {
            let shown = DigitFormat::parse(code).unwrap().shown(value);
            assert_eq!(shown.as_deref(), expected, "{code} {value}");
        }
    }

    #[test]
    fn other_formats_leave_the_number_as_it_is() {
        for code in
            ["", "General", "0", "#", "@", "0.00", "#,##0", "0%", "0.00E+00", "yyyy-mm-dd", "[Red]000", "# ?/?", "_ 0"]
        {
            assert_eq!(DigitFormat::parse(code), None, "{code}");
        }
        assert_eq!(DigitFormat::parse(&"0".repeat(21)), None);
    }
}
