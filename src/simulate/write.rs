//! The published forms: rows as FIRMS spells them, form by form.
//!
//! Called by [`super::server`]; the readers of [`crate::source`] must get back from it
//! exactly what went in. The two forms differ as the real ones do: the rolling files pad
//! the time (`0431`), write confidence as a word and satellites short (`T`), and have no
//! instrument column; the area API writes `431`, a letter, `Terra`, and the instrument.
//!
//! # Source
//! Headers and spellings of real files of both forms. Numbers drop trailing zeros there
//! (`0.4`, `330`), and so they do here; positions have at most five decimals.

use super::day::SimulatedRow;
use super::flown::{Flown, Sensor};
use crate::domain::observation::Confidence;
use crate::domain::time::Timestamp;

/// A form of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The keyless rolling files: 13 columns.
    Rolling,
    /// The keyed area API: 14 columns.
    Area,
}

/// The header line of a form, without its line end.
#[must_use]
pub fn header(instrument: Sensor, form: Form) -> &'static str {
    match (instrument, form) {
        (Sensor::Viirs, Form::Rolling) => {
            "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight"
        }
        (Sensor::Viirs, Form::Area) => {
            "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight"
        }
        (Sensor::Modis, Form::Rolling) => {
            "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight"
        }
        (Sensor::Modis, Form::Area) => {
            "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight"
        }
    }
}

/// A whole body: header and rows, a line each; the header alone when there are none.
#[must_use]
pub fn csv<'a>(instrument: Sensor, form: Form, rows: impl IntoIterator<Item = &'a SimulatedRow>) -> String {
    let mut body = format!("{}\n", header(instrument, form));
    for row in rows {
        body.push_str(&line(row, form));
        body.push('\n');
    }
    body
}

fn line(row: &SimulatedRow, form: Form) -> String {
    let satellite = satellite(row.satellite, form);
    let platform = match form {
        Form::Rolling => satellite.to_owned(),
        Form::Area => format!("{satellite},{}", row.satellite.sensor().name()),
    };
    let version = match row.satellite.sensor() {
        Sensor::Viirs => "2.0NRT",
        Sensor::Modis => "6.1NRT",
    };
    let fields = [
        row.centre.lat().to_string(),
        row.centre.lon().to_string(),
        row.brightness_k.to_string(),
        row.scan_km.to_string(),
        row.track_km.to_string(),
        row.acquired_at.strftime("%Y-%m-%d").to_string(),
        acq_time(row.acquired_at, form),
        platform,
        confidence(row.confidence, form),
        version.to_owned(),
        row.background_k.to_string(),
        row.frp_mw.to_string(),
        row.day_night.letter().to_owned(),
    ];
    fields.join(",")
}

fn acq_time(at: Timestamp, form: Form) -> String {
    let padded = at.strftime("%H%M").to_string();
    match form {
        Form::Rolling => padded,
        Form::Area => match padded.trim_start_matches('0') {
            "" => "0".to_owned(),
            number => number.to_owned(),
        },
    }
}

fn satellite(satellite: Flown, form: Form) -> &'static str {
    match (satellite, form) {
        (Flown::Noaa20, _) => "N20",
        (Flown::Noaa21, _) => "N21",
        (Flown::Terra, Form::Rolling) => "T",
        (Flown::Aqua, Form::Rolling) => "A",
        (Flown::Terra, Form::Area) => "Terra",
        (Flown::Aqua, Form::Area) => "Aqua",
    }
}

fn confidence(confidence: Confidence, form: Form) -> String {
    let word = match confidence {
        Confidence::Unknown => "",
        Confidence::Low => "low",
        Confidence::Nominal => "nominal",
        Confidence::High => "high",
        Confidence::Percent(per_cent) => return per_cent.to_string(),
    };
    match form {
        Form::Rolling => word.to_owned(),
        Form::Area => word.chars().take(1).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::DayNight;
    use crate::domain::position::Position;
    use crate::simulate::day::Cause;

    fn row(satellite: Flown, at: &str, confidence: Confidence) -> SimulatedRow {
        SimulatedRow {
            satellite,
            acquired_at: at.parse().unwrap(),
            day_night: DayNight::Day,
            centre: Position::from_lon_lat(122.8401, 45.62).unwrap(),
            scan_km: 0.4,
            track_km: 1.0,
            brightness_k: 330.0,
            background_k: 290.05,
            frp_mw: 2.71,
            confidence,
            available_at: at.parse().unwrap(),
            cause: Cause::SunGlint,
        }
    }

    #[test]
    fn each_form_has_its_own_spelling_of_the_same_row() {
        let viirs = row(Flown::Noaa20, "2026-04-13T00:44:00Z", Confidence::Nominal);
        let terra = row(Flown::Terra, "2026-04-13T00:00:00Z", Confidence::Percent(0));
        let cases = [
            (&viirs, Form::Rolling, "45.62,122.8401,330,0.4,1,2026-04-13,0044,N20,nominal,2.0NRT,290.05,2.71,D"),
            (&viirs, Form::Area, "45.62,122.8401,330,0.4,1,2026-04-13,44,N20,VIIRS,n,2.0NRT,290.05,2.71,D"),
            (&terra, Form::Rolling, "45.62,122.8401,330,0.4,1,2026-04-13,0000,T,0,6.1NRT,290.05,2.71,D"),
            (&terra, Form::Area, "45.62,122.8401,330,0.4,1,2026-04-13,0,Terra,MODIS,0,6.1NRT,290.05,2.71,D"),
        ];
        for (row, form, expected) in cases {
            let body = csv(row.satellite.sensor(), form, [row]);
            assert_eq!(body, format!("{}\n{expected}\n", header(row.satellite.sensor(), form)));
        }
    }

    #[test]
    fn every_row_has_as_many_fields_as_its_header() {
        for satellite in [Flown::Noaa21, Flown::Aqua] {
            for (form, columns) in [(Form::Rolling, 13), (Form::Area, 14)] {
                let row = row(satellite, "2026-04-13T23:59:00Z", Confidence::High);
                let body = csv(satellite.sensor(), form, [&row, &row]);
                let counts: Vec<_> = body.lines().map(|line| line.split(',').count()).collect();
                assert_eq!(counts, [columns; 3]);
            }
        }
    }
}
