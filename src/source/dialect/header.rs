//! Reads the header line: which column stands where, whether it is a fire table at all.
//!
//! Columns are found by name, never by place. Every required column must occur exactly once;
//! unknown ones are kept by name and counted. Values are [`super::row`]'s business.

use std::borrow::Cow;

use crate::domain::observation::Instrument;

use super::BodyError;

/// Columns of every FIRMS active fire table, whatever the sensor.
const SHARED: [&str; 11] = [
    "latitude",
    "longitude",
    "scan",
    "track",
    "acq_date",
    "acq_time",
    "satellite",
    "confidence",
    "version",
    "frp",
    "daynight",
];
/// Columns that some forms have.
const OPTIONAL: [&str; 3] = ["country_id", "instrument", "type"];
/// Fire channel and background channel, by the sensor the names belong to.
const VIIRS_CHANNELS: [&str; 2] = ["bright_ti4", "bright_ti5"];
const MODIS_CHANNELS: [&str; 2] = ["brightness", "bright_t31"];

/// With fewer known names than this a line is not taken for a header at all.
///
/// Three keeps a table with renamed columns a table (`missing_columns`, somebody must look) and
/// prose that happens to say "version" prose (`not_csv`).
const NAMES_OF_A_TABLE: usize = 3;

/// Where every column stands.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub latitude: usize,
    pub longitude: usize,
    pub brightness: usize,
    pub brightness_background: usize,
    pub scan: usize,
    pub track: usize,
    pub acq_date: usize,
    pub acq_time: usize,
    pub satellite: usize,
    pub confidence: usize,
    pub version: usize,
    pub frp: usize,
    pub daynight: usize,
    pub instrument: Option<usize>,
    pub source_type: Option<usize>,
    /// The sensor whose channel names the header uses.
    pub channels_of: Instrument,
    /// Number of columns of the table.
    pub width: usize,
}

/// A header that has every required column once.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// All names, in order.
    pub names: Vec<String>,
    /// Names firegrid does not know, in order.
    pub unknown: Vec<String>,
    /// Where the known ones stand.
    pub columns: Columns,
    /// What the extra columns say about the form, for people.
    pub form: &'static str,
    /// Whether a value of the last column is whole whenever it is valid: a lone letter or digit of a
    /// closed set cannot be the cut beginning of another valid value, as `45.1` of `45.123` can.
    pub last_value_is_whole: bool,
}

impl Header {
    /// Reads the header line of a table.
    pub(super) fn read(line: &str) -> Result<Self, BodyError> {
        let Some(names) = super::lines::fields(line) else { return Err(BodyError::not_csv(line.as_bytes())) };
        let known = names.iter().filter(|name| is_known(name)).count();
        if known < NAMES_OF_A_TABLE {
            return Err(BodyError::not_csv(line.as_bytes()));
        }
        if names.iter().any(|n| n == "path") && names.iter().any(|n| n == "row") {
            // Their `scan` and `track` are image indices, not kilometres.
            return Err(BodyError::Unsupported { what: "a Landsat table, whose scan and track are image indices" });
        }
        let columns = Columns::find(&names)?;
        let row_number = |i: usize, name: &str| i == 0 && name.is_empty();
        Ok(Self {
            unknown: names
                .iter()
                .enumerate()
                .filter(|(i, name)| !is_known(name) && !row_number(*i, name))
                .map(|(_, name)| name.clone().into_owned())
                .collect(),
            form: form(&names),
            last_value_is_whole: names.last().is_some_and(|name| name == "daynight" || name == "type"),
            names: names.into_iter().map(Cow::into_owned).collect(),
            columns,
        })
    }
}

impl Columns {
    fn find(names: &[Cow<'_, str>]) -> Result<Self, BodyError> {
        let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
        let of_modis = MODIS_CHANNELS.iter().any(|name| count(name) > 0);
        let of_viirs = VIIRS_CHANNELS.iter().any(|name| count(name) > 0);
        let (channels_of, channels) = if of_modis && !of_viirs {
            (Instrument::Modis, MODIS_CHANNELS)
        } else {
            (Instrument::Viirs, VIIRS_CHANNELS)
        };
        let known = SHARED.into_iter().chain(OPTIONAL).chain(VIIRS_CHANNELS).chain(MODIS_CHANNELS);
        let mut twice: Vec<_> = known.filter(|name| count(name) > 1).collect();
        // Two columns that both claim a channel are as bad as one name twice: which one speaks?
        for (viirs, modis) in VIIRS_CHANNELS.into_iter().zip(MODIS_CHANNELS) {
            if count(viirs) > 0 && count(modis) > 0 {
                twice.extend([viirs, modis]);
            }
        }
        if !twice.is_empty() {
            return Err(BodyError::DuplicateColumns { columns: twice });
        }
        let missing: Vec<_> = SHARED.into_iter().chain(channels).filter(|name| count(name) == 0).collect();
        if !missing.is_empty() {
            return Err(BodyError::MissingColumns { missing });
        }
        let optional = |wanted: &str| names.iter().position(|name| name == wanted);
        // Present exactly once, as just checked; 0 is never reached.
        let at = |wanted: &str| optional(wanted).unwrap_or_default();
        let [fire, background] = channels;
        Ok(Self {
            latitude: at("latitude"),
            longitude: at("longitude"),
            brightness: at(fire),
            brightness_background: at(background),
            scan: at("scan"),
            track: at("track"),
            acq_date: at("acq_date"),
            acq_time: at("acq_time"),
            satellite: at("satellite"),
            confidence: at("confidence"),
            version: at("version"),
            frp: at("frp"),
            daynight: at("daynight"),
            instrument: optional("instrument"),
            source_type: optional("type"),
            channels_of,
            width: names.len(),
        })
    }
}

/// Whether a text begins like a header: used on a first line that was cut.
pub(super) fn begins_like_one(line: &str) -> bool {
    line.split(',').next().is_some_and(|name| is_known(name.trim_matches('"'))) && line.contains(',')
}

fn is_known(name: &str) -> bool {
    let lists: [&[&str]; 4] = [&SHARED, &OPTIONAL, &VIIRS_CHANNELS, &MODIS_CHANNELS];
    lists.iter().any(|list| list.contains(&name))
}

fn form(names: &[Cow<'_, str>]) -> &'static str {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if names.first().is_some_and(|name| name.is_empty()) {
        "table with row numbers"
    } else if has("country_id") {
        "country API"
    } else if has("type") {
        "archive"
    } else if has("instrument") {
        "area API"
    } else {
        "rolling"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLLING: &str = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight";

    #[test]
    fn a_column_that_is_missing_or_doubled_is_named() {
        let missing = Header::read(&ROLLING.replace(",frp", ",power")).unwrap_err();
        assert_eq!(missing, BodyError::MissingColumns { missing: vec!["frp"] });
        let cases = [
            (format!("{ROLLING},scan"), vec!["scan"]),
            (format!("{ROLLING},type,type"), vec!["type"]),
            (format!("{ROLLING},brightness"), vec!["bright_ti4", "brightness"]),
        ];
        for (line, columns) in cases {
            assert_eq!(Header::read(&line).unwrap_err(), BodyError::DuplicateColumns { columns }, "{line}");
        }
        let mixed = Header::read(&ROLLING.replace("bright_ti5", "bright_t31")).unwrap_err();
        assert_eq!(mixed, BodyError::MissingColumns { missing: vec!["bright_ti5"] });
    }

    #[test]
    fn unknown_columns_are_kept_even_twice() {
        let header = Header::read(&format!("{ROLLING},地名,x,x,")).unwrap();
        assert_eq!(header.unknown, ["地名", "x", "x", ""]);
        assert_eq!(header.columns.width, 17);
    }

    #[test]
    fn prose_json_and_other_tables_are_not_headers() {
        for line in ["scan the version", "{\"latitude\":1}", "id,name,lat,lon", "latitude;longitude;scan", "\"latitude"]
        {
            assert!(matches!(Header::read(line), Err(BodyError::NotCsv { .. })), "{line}");
        }
    }

    #[test]
    fn landsat_is_refused_by_name() {
        let line = "latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,version,daynight";
        assert!(matches!(Header::read(line), Err(BodyError::Unsupported { .. })));
    }
}
