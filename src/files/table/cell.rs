//! What one field of a table may be, and how it is read as text, date or time.
//!
//! A CSV field is always text. A workbook has numbers (codes and telephones among them, which
//! keep their digits) and serial dates. Errors name the value only where it is a date or a time.

use super::moments;
use crate::domain::time::{self, Date, DateTime, Time, TimeError};

/// Days between the epochs of the two date systems of spreadsheets, 1900 and 1904.
pub(crate) const DAYS_1904: f64 = 1462.0;

/// From here on a spreadsheet no longer keeps every digit of a number: 15 significant digits.
///
/// # Source
/// Microsoft, "Excel specifications and limits": number precision 15 digits.
const EXACT_BELOW: f64 = 1e15;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Text, without blanks around it.
    Text(String),
    /// A number without a date format; `serial` is the same as days since 1899-12-30, `shown` what its number format
    /// makes of it where that has other digits or signs.
    Number { value: f64, serial: f64, shown: Option<String> },
    /// A number with a date or time format, days since 1899-12-30.
    Moment(f64),
    /// An error value of a formula.
    Error(String),
    /// A formula whose value the file does not have.
    Unvalued,
}

/// Why a field is not what was asked for: a code word, and words that go on after the name of the column.
pub(crate) type CellError = (&'static str, String);

impl Cell {
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// The field as text; an error without its value when it is none.
    pub(crate) fn text(&self) -> Result<String, CellError> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Number { shown: Some(shown), .. } => Ok(shown.clone()),
            Self::Number { value, .. } if value.abs() >= EXACT_BELOW => {
                let message = "is a number of more than 15 digits, whose last digits a spreadsheet drops; \
                               format the cell as text and enter it again";
                Err(("number_too_long", message.to_owned()))
            }
            Self::Number { value, .. } => Ok(value.to_string()),
            Self::Moment(days) => Ok(moment_text(*days)),
            Self::Error(error) => Err(("cell_error", format!("holds the error {error} instead of a value"))),
            Self::Unvalued => {
                let message = "holds a formula whose value is not stored in the file; open it in a spreadsheet program and \
                               save it there, or put the value in its place";
                Err(("formula_without_value", message.to_owned()))
            }
        }
    }

    /// The field as a date.
    pub(crate) fn date(&self) -> Result<Date, CellError> {
        let serial = self.serial().and_then(time::of_serial).filter(|at| at.time() == Time::midnight());
        serial.map_or_else(|| self.parsed("bad_date", moments::date), |at| Ok(at.date()))
    }

    /// The field as a time of day.
    pub(crate) fn time(&self) -> Result<Time, CellError> {
        let serial = self.serial().and_then(time::time_of_serial);
        serial.map_or_else(|| self.parsed("bad_time", moments::time_of_day), Ok)
    }

    /// The field as a time of day at which something ends.
    pub(crate) fn end_time(&self) -> Result<Time, CellError> {
        let serial = self.serial().and_then(time::time_of_serial);
        serial.map_or_else(|| self.parsed("bad_time", moments::end_time), Ok)
    }

    /// The field as a date and time. A serial of a whole day is refused like a bare date: the
    /// spreadsheet does not tell midnight from "that day".
    pub(crate) fn local(&self) -> Result<DateTime, CellError> {
        let serial = self.serial().and_then(time::of_serial).filter(|at| at.time() != Time::midnight());
        serial.map_or_else(|| self.parsed("bad_time", moments::local), Ok)
    }

    fn serial(&self) -> Option<f64> {
        match self {
            Self::Number { serial, .. } | Self::Moment(serial) => Some(*serial),
            Self::Text(_) | Self::Error(_) | Self::Unvalued => None,
        }
    }

    fn parsed<T>(&self, code: &'static str, parse: fn(&str) -> Result<T, TimeError>) -> Result<T, CellError> {
        let text = match self {
            // However many digits: the number is told as it is.
            Self::Number { value, .. } => value.to_string(),
            other => other.text()?,
        };
        parse(&text).map_err(|error| (code, format!("is {:?}, which is not {}", error.text, error.expected)))
    }
}

/// A serial as the text a CSV file would have.
fn moment_text(days: f64) -> String {
    if let Some(time) = time::time_of_serial(days) {
        return time.strftime("%H:%M").to_string();
    }
    match time::of_serial(days) {
        Some(at) if at.time() == Time::midnight() => at.date().to_string(),
        Some(at) if at.second() == 0 => at.strftime("%Y-%m-%dT%H:%M").to_string(),
        Some(at) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        None => days.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> Cell {
        Cell::Number { value, serial: value, shown: None }
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn codes_and_telephones_keep_their_digits_and_longer_numbers_are_refused() {
        let cases = [(220_802_104.0, "220802104"), (13_900_000_000.0, "13900000000"), (12.5, "12.5"), (-3.0, "-3")];
        for (value, expected) in cases {
            assert_eq!(number(value).text().unwrap(), expected);
        }
        let (code, message) = number(220_802_199_001_011_234.0).text().unwrap_err();
        assert_eq!(code, "number_too_long");
        assert!(!message.contains("2208"), "the value may be an identity number");
    }

    #[test]
    fn dates_and_times_are_serials_or_text_and_never_guessed() {
        let day = time::parse_date("2026-10-01").unwrap();
        for cell in
            [Cell::Moment(46_296.0), number(46_296.0), number(20_261_001.0), text("2026-10-01"), text("2026/10/1")]
        {
            assert_eq!(cell.date().unwrap(), day, "{cell:?}");
            assert!(cell.local().is_err(), "{cell:?}: a bare day is no moment");
        }
        let half = Cell::Moment(46_296.5);
        assert_eq!(half.local().unwrap().to_string(), "2026-10-01T12:00:00");
        assert!(half.date().is_err());
        assert_eq!(half.text().unwrap(), "2026-10-01T12:00");
        assert_eq!(Cell::Moment(0.5).time().unwrap().to_string(), "12:00:00");
        assert_eq!(Cell::Moment(0.5).text().unwrap(), "12:00");
        assert_eq!(Cell::Moment(0.0).end_time().unwrap(), Time::midnight());
        for cell in [number(20_261_301.0), number(2026.01), text("10月1日")] {
            assert_eq!(cell.date().unwrap_err().0, "bad_date", "{cell:?}");
        }
    }

    #[test]
    fn a_formula_without_a_value_is_neither_blank_nor_anything_else() {
        assert!(!Cell::Unvalued.is_blank());
        let codes = [
            Cell::Unvalued.text().unwrap_err().0,
            Cell::Unvalued.date().unwrap_err().0,
            Cell::Unvalued.time().unwrap_err().0,
            Cell::Unvalued.end_time().unwrap_err().0,
            Cell::Unvalued.local().unwrap_err().0,
        ];
        assert_eq!(codes, ["formula_without_value"; 5]);
        assert_eq!(Cell::Error("#N/A".to_owned()).date().unwrap_err().0, "cell_error");
    }
}
