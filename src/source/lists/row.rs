//! Reads a row of a list of pixels into an observation of its own satellite.
//!
//! Place, time and satellite are sure or the row is refused; power and confidence may be unknown. Such a list gives no
//! processing level: where FIRMS has the same pixel, its row speaks (decision 43).

use super::cells::{Columns, raw_text};
use super::{moment, place};
use crate::config::ListConfig;
use crate::domain::observation::{Confidence, Observation, ObservationKey, ProcessingLevel, Satellite};
use crate::domain::plain_text;
use crate::domain::sun;
use crate::domain::time::TimeZone;
use crate::files::table::RawRow;
use crate::source::dialect::Row;
use crate::source::dialect::row_error::{Fault, fault, since_launch};
use crate::source::dialect::unknown::{SHOWN_CHARS, UnknownValue, Unknowns};
use crate::source::safe_text::shown;

/// Reads the rows of one list.
pub(super) struct Reader<'a> {
    list: &'a ListConfig,
    columns: &'a Columns,
    zone: TimeZone,
}

impl<'a> Reader<'a> {
    pub(super) fn new(list: &'a ListConfig, columns: &'a Columns) -> Self {
        Self { list, columns, zone: list.zone() }
    }

    pub(super) fn read(&self, row: &RawRow) -> Row {
        let raw = raw_text(row);
        let read = self.columns.check_width(row, &raw);
        let read = read.and_then(|()| self.observation(row, &raw).map_err(|fault| fault.in_row(&raw)));
        Row::of(row.number, read)
    }

    fn observation(&self, row: &RawRow, raw: &str) -> Result<(Observation, Vec<UnknownValue>), Fault> {
        let satellite = self.satellite(row)?;
        let place = place::read(row, self.list, self.columns)?;
        let acquired_at = moment::read(row, self.list, self.columns, &self.zone)?;
        let time_column = self.columns.time.as_ref().map_or("row", |column| column.name.as_str());
        since_launch(time_column, acquired_at, satellite)?;
        let mut unknown = Unknowns::default();
        let confidence_raw = self.columns.confidence.as_ref().map(|column| column.side_text(row)).unwrap_or_default();
        let observation = Observation {
            key: ObservationKey { satellite, acquired_at, lon: place.lon, lat: place.lat },
            position: place.position,
            level: ProcessingLevel::Unknown,
            scan_km: None,
            track_km: None,
            brightness_k: None,
            brightness_background_k: None,
            frp_mw: self.frp_mw(row, &mut unknown),
            confidence: self.confidence(&confidence_raw, &mut unknown),
            confidence_raw: shown(&confidence_raw, SHOWN_CHARS),
            day_night: sun::day_or_night(acquired_at, place.position),
            version_raw: String::new(),
            source_type: None,
            raw: raw.to_owned(),
        };
        Ok((observation, unknown.0))
    }

    fn satellite(&self, row: &RawRow) -> Result<Satellite, Fault> {
        let Some(column) = &self.columns.satellite else {
            let unnamed = || fault("row", "", "a list whose mapping names the satellite");
            return self.list.satellite.ok_or_else(unnamed);
        };
        let word = column.needed_text(row)?;
        named(&self.list.satellites, &word).copied().ok_or_else(|| {
            let known: Vec<_> = self.list.satellites.keys().map(String::as_str).collect();
            let expected =
                format!("one of the words in satellites of the list {:?}: {}", self.list.id, known.join(", "));
            column.fault(&word, expected)
        })
    }

    fn confidence(&self, text: &str, unknown: &mut Unknowns) -> Confidence {
        let Some(column) = &self.columns.confidence else { return Confidence::Unknown };
        let read = |text: &str| named(&self.list.confidences, text).copied().map(Confidence::from);
        let expected = "one of the words in confidences of the list";
        unknown.known(column.name.clone(), Some(text), expected, read).unwrap_or(Confidence::Unknown)
    }

    fn frp_mw(&self, row: &RawRow, unknown: &mut Unknowns) -> Option<f64> {
        let column = self.columns.frp_mw.as_ref()?;
        let text = plain_text::compatible(&column.side_text(row));
        unknown.frp(column.name.clone(), Some(text.trim()).filter(|text| !text.is_empty()))
    }
}

/// What a word stands for, however wide its letters and signs are written.
fn named<'m, T>(words: &'m std::collections::BTreeMap<String, T>, word: &str) -> Option<&'m T> {
    let plain = |text: &str| plain_text::compatible(&plain_text::visible(text)).trim().to_owned();
    let wanted = plain(word);
    words.iter().find(|(known, _)| plain(known) == wanted).map(|(_, meant)| meant)
}
