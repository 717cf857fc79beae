//! Reads the names of a table's columns: which stands where, whether it is a fire table at all.
//!
//! Columns are found by name, never by place; letter case and blanks round a name mean nothing, because shapefiles write
//! `LATITUDE` and people `Latitude `. Every column that decides place, time or satellite must occur exactly once;
//! unknown ones are kept by name and counted. Values are [`super::row`]'s business.

use crate::domain::observation::Instrument;

use crate::source::dialect::lines::{self, trimmed};
use crate::source::dialect::{BodyError, Foreign, Provenance, Row};

/// What decides place and satellite: nothing is read without them.
const PLACE_AND_SATELLITE: [&str; 3] = ["latitude", "longitude", "satellite"];
/// When it was acquired, in two columns or in one.
const DATE_AND_TIME: [&str; 2] = ["acq_date", "acq_time"];
const INSTANT: &str = "acq_datetime";
/// The other columns of every FIRMS active fire table, whatever the sensor.
const SIDE: [&str; 6] = ["scan", "track", "confidence", "version", "frp", "daynight"];
/// Columns that some forms have.
const OPTIONAL: [&str; 3] = ["country_id", "instrument", "type"];
/// Fire channel and background channel, by the sensor the names belong to.
const VIIRS_CHANNELS: [&str; 2] = ["bright_ti4", "bright_ti5"];
const MODIS_CHANNELS: [&str; 2] = ["brightness", "bright_t31"];
/// Other names of the same columns: of map programs, and cut to the ten letters that a DBF file has room for.
const ALIASES: [(&str, &str); 6] = [
    ("lat", "latitude"),
    ("lon", "longitude"),
    ("long", "longitude"),
    ("lng", "longitude"),
    ("acq_dateti", INSTANT),
    ("day_night", "daynight"),
];

/// With fewer known names than this a line is not taken for a header at all.
///
/// Three keeps a table with renamed columns a table (`missing_columns`, somebody must look) and
/// prose that happens to say "version" prose (`not_csv`).
const NAMES_OF_A_TABLE: usize = 3;

/// Where the moment of acquisition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Date and time of day in two columns.
    DateAndTime(usize, usize),
    /// Both in one.
    Instant(usize),
}

/// Where every column stands.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub latitude: usize,
    pub longitude: usize,
    pub when: When,
    pub satellite: usize,
    pub brightness: Option<usize>,
    pub brightness_background: Option<usize>,
    pub scan: Option<usize>,
    pub track: Option<usize>,
    pub confidence: Option<usize>,
    pub version: Option<usize>,
    pub frp: Option<usize>,
    pub daynight: Option<usize>,
    pub instrument: Option<usize>,
    pub source_type: Option<usize>,
    /// The sensor whose channel names the header uses, if it names channels.
    pub channels_of: Option<Instrument>,
    /// Number of columns of the table.
    pub width: usize,
}

/// A header that has every required column once.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// All names, in order, as published.
    pub names: Vec<String>,
    /// Names firegrid does not know, in order.
    pub unknown: Vec<String>,
    /// Names of FIRMS columns that are not there; only a table that a person brought may lack any.
    pub missing: Vec<&'static str>,
    /// Where the known ones stand.
    pub columns: Columns,
    /// What the extra columns say about the form, for people.
    pub form: &'static str,
    /// The last column, where a value of it is whole whenever it is known: a lone letter or digit of a
    /// closed set cannot be the cut beginning of another valid value, as `45.1` of `45.123` can.
    pub closed_last: Option<&'static str>,
}

impl Header {
    /// Reads the header line of a table.
    pub(super) fn read(line: &str, provenance: Provenance) -> Result<Self, BodyError> {
        let Some(names) = lines::fields(line) else { return Err(BodyError::not_csv(line.as_bytes())) };
        Self::of_names(names.into_iter().map(|name| trimmed(&name).to_owned()).collect(), provenance)
    }

    /// Finds the columns among the names of a table.
    pub(super) fn of_names(names: Vec<String>, provenance: Provenance) -> Result<Self, BodyError> {
        let plain: Vec<String> = names.iter().map(|name| plain_name(name)).collect();
        let known = plain.iter().filter(|name| canonical(name).is_some()).count();
        if known < NAMES_OF_A_TABLE {
            return Err(match Foreign::by_names(&names) {
                Some(foreign) => BodyError::Unsupported { what: foreign },
                None => BodyError::not_csv(names.join(",").as_bytes()),
            });
        }
        if plain.iter().any(|n| n == "path") && plain.iter().any(|n| n == "row") {
            // Their `scan` and `track` are image indices, not kilometres.
            return Err(BodyError::Unsupported { what: Foreign::Landsat });
        }
        let columns = Columns::find(&plain)?;
        let missing = columns.missing();
        if provenance == Provenance::Feed && !missing.is_empty() {
            return Err(BodyError::MissingColumns { missing });
        }
        let is_row_number = |i: usize| i == 0 && plain.first().is_some_and(String::is_empty);
        let is_unknown = |i: usize, name: &str| canonical(name).is_none() && !is_row_number(i);
        Ok(Self {
            unknown: (0..)
                .zip(&names)
                .zip(&plain)
                .filter(|((i, _), plain)| is_unknown(*i, plain))
                .map(|((_, name), _)| name.clone())
                .collect(),
            missing,
            form: form(&plain),
            closed_last: plain
                .last()
                .and_then(|name| canonical(name))
                .filter(|name| *name == "daynight" || *name == "type"),
            names,
            columns,
        })
    }
}

impl Columns {
    fn find(names: &[String]) -> Result<Self, BodyError> {
        // The name itself comes before its other spellings.
        let places = |wanted: &str| -> Vec<usize> {
            let by =
                |is: &dyn Fn(&str) -> bool| (0..).zip(names).filter(|(_, name)| is(name)).map(|(i, _)| i).collect();
            let by_name: Vec<usize> = by(&|name| name == wanted);
            if by_name.is_empty() { by(&|name| canonical(name) == Some(wanted)) } else { by_name }
        };
        let count = |wanted: &str| places(wanted).len();
        let known = PLACE_AND_SATELLITE.into_iter().chain(DATE_AND_TIME).chain([INSTANT]).chain(SIDE).chain(OPTIONAL);
        let known = known.chain(VIIRS_CHANNELS).chain(MODIS_CHANNELS);
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
        let at = |wanted: &str| places(wanted).first().copied();
        let when = match (at("acq_date"), at("acq_time"), at(INSTANT)) {
            (Some(date), Some(time), _) => Some(When::DateAndTime(date, time)),
            (_, _, Some(instant)) => Some(When::Instant(instant)),
            _ => None,
        };
        let (Some(latitude), Some(longitude), Some(satellite), Some(when)) =
            (at("latitude"), at("longitude"), at("satellite"), when)
        else {
            let times = DATE_AND_TIME.into_iter().filter(|_| when.is_none());
            let missing = PLACE_AND_SATELLITE.into_iter().chain(times).filter(|name| at(name).is_none()).collect();
            return Err(BodyError::MissingColumns { missing });
        };
        let channels_of = channels_of(|name| count(name) > 0);
        let [fire, background] = match channels_of {
            Some(Instrument::Modis) => MODIS_CHANNELS,
            _ => VIIRS_CHANNELS,
        };
        Ok(Self {
            latitude,
            longitude,
            when,
            satellite,
            brightness: at(fire),
            brightness_background: at(background),
            scan: at("scan"),
            track: at("track"),
            confidence: at("confidence"),
            version: at("version"),
            frp: at("frp"),
            daynight: at("daynight"),
            instrument: at("instrument"),
            source_type: at("type"),
            channels_of,
            width: names.len(),
        })
    }

    /// FIRMS columns that the table lacks.
    fn missing(&self) -> Vec<&'static str> {
        let [fire, background] = match self.channels_of {
            Some(Instrument::Modis) => MODIS_CHANNELS,
            _ => VIIRS_CHANNELS,
        };
        let side = [self.scan, self.track, self.confidence, self.version, self.frp, self.daynight];
        let named = SIDE.into_iter().zip(side);
        let channels = [(fire, self.brightness), (background, self.brightness_background)];
        named.chain(channels).filter(|(_, at)| at.is_none()).map(|(name, _)| name).collect()
    }
}

/// The sensor whose channel names a header uses; VIIRS where it uses both.
fn channels_of(has: impl Fn(&str) -> bool) -> Option<Instrument> {
    if VIIRS_CHANNELS.iter().any(|name| has(name)) {
        Some(Instrument::Viirs)
    } else {
        MODIS_CHANNELS.iter().any(|name| has(name)).then_some(Instrument::Modis)
    }
}

/// Whether a text begins like a header: used on a first line that was cut.
pub(super) fn begins_like_one(line: &str) -> bool {
    let first = line.split(',').next().unwrap_or_default();
    line.contains(',') && canonical(&plain_name(trimmed(first).trim_matches('"'))).is_some()
}

/// Whether texts are the names of a FIRMS table: place, time and satellite among them.
pub(super) fn is_of_a_table(names: &[String]) -> bool {
    let plain: Vec<String> = names.iter().map(|name| plain_name(name)).collect();
    let has = |wanted: &str| plain.iter().any(|name| canonical(name) == Some(wanted));
    PLACE_AND_SATELLITE.into_iter().all(has) && (DATE_AND_TIME.into_iter().all(has) || has(INSTANT))
}

/// Whether one of the names is a latitude's.
pub(super) fn name_a_latitude(names: &[String]) -> bool {
    names.iter().any(|name| canonical(&plain_name(name)) == Some("latitude"))
}

/// A name in small letters, without blanks at its ends, one underscore for blanks inside.
fn plain_name(name: &str) -> String {
    trimmed(name).to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join("_")
}

/// The FIRMS column of a plain name.
fn canonical(name: &str) -> Option<&'static str> {
    let lists: [&[&'static str]; 7] =
        [&PLACE_AND_SATELLITE, &DATE_AND_TIME, &[INSTANT], &SIDE, &OPTIONAL, &VIIRS_CHANNELS, &MODIS_CHANNELS];
    let by_name = lists.into_iter().flatten().copied().find(|known| *known == name);
    by_name.or_else(|| ALIASES.into_iter().find(|(alias, _)| *alias == name).map(|(_, known)| known))
}

fn form(names: &[String]) -> &'static str {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if names.first().is_some_and(String::is_empty) {
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

/// What a table is called in messages: by its rows, or by its columns where none was read.
pub(super) fn dialect_name(header: &Header, rows: &[Row]) -> String {
    let first = rows.iter().find_map(|row| row.result.as_ref().ok());
    let by_row = first.map(|observation| observation.key.satellite.instrument());
    let name = by_row.or(header.columns.channels_of).map_or("FIRMS", Instrument::name);
    // LANCE's daily text files have the rolling files' columns but write 04:31.
    let is_daily = header.form == "rolling" && first.is_some_and(|observation| observation.raw.contains(':'));
    format!("{name} {}", if is_daily { "daily text" } else { header.form })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLLING: &str = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight";

    fn read(line: &str) -> Result<Header, BodyError> {
        Header::read(line, Provenance::Feed)
    }

    #[test]
    fn a_column_that_is_missing_or_doubled_is_named() {
        let missing = read(&ROLLING.replace(",frp", ",power")).unwrap_err();
        assert_eq!(missing, BodyError::MissingColumns { missing: vec!["frp"] });
        let alerts = [
            (format!("{ROLLING},scan"), vec!["scan"]),
            (format!("{ROLLING},SCAN "), vec!["scan"]),
            (format!("{ROLLING},type,Type"), vec!["type"]),
            (format!("{ROLLING},brightness"), vec!["bright_ti4", "brightness"]),
            (ROLLING.replace("longitude", "lon,long"), vec!["longitude"]),
        ];
        for (line, columns) in alerts {
            assert_eq!(read(&line).unwrap_err(), BodyError::DuplicateColumns { columns }, "{line}");
        }
        let mixed = read(&ROLLING.replace("bright_ti5", "bright_t31")).unwrap_err();
        assert_eq!(mixed, BodyError::MissingColumns { missing: vec!["bright_ti5"] });
    }

    #[test]
    fn names_are_found_in_any_letters_with_blanks_and_by_their_other_spellings() {
        let expected = read(ROLLING).unwrap();
        let spellings = [
            ROLLING.to_uppercase(),
            ROLLING.replace("latitude", "Latitude").replace("acq_date", "Acq_date"),
            ROLLING.replace(',', "\u{a0}, "),
            ROLLING.replace(',', "\u{3000},\t"),
            format!("\"{}\"", ROLLING.replace(',', "\" , \"")),
            ROLLING.replace("latitude,longitude", "lat,lon"),
            ROLLING.replace("latitude,longitude", "LAT,Long"),
            ROLLING.replace("acq_date,acq_time", "Acq Date,ACQ TIME"),
            ROLLING.replace("daynight", "Day_Night"),
        ];
        for line in spellings {
            let header = read(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(format!("{:?}", header.columns), format!("{:?}", expected.columns), "{line}");
            assert!(header.unknown.is_empty() && header.closed_last == Some("daynight"), "{line}");
        }
        let one = read(&ROLLING.replace("acq_date,acq_time", "acq_datetime")).unwrap();
        assert_eq!(one.columns.when, When::Instant(5));
        let cut = read(&ROLLING.to_uppercase().replace("ACQ_DATE,ACQ_TIME", "ACQ_DATETI")).unwrap();
        assert_eq!(cut.columns.when, When::Instant(5));
        // A second spelling beside the name itself is only another column.
        assert_eq!(read(&format!("{ROLLING},lat")).unwrap().columns.latitude, 0);
    }

    #[test]
    fn a_table_that_a_person_brought_needs_place_time_and_satellite_only() {
        let line = "LATITUDE,LONGITUDE,ACQ_DATE,ACQ_TIME,SATELLITE";
        assert!(matches!(read(line), Err(BodyError::MissingColumns { missing }) if missing.len() == 8));
        let header = Header::read(line, Provenance::Person).unwrap();
        assert_eq!(header.missing.len(), 8);
        assert_eq!(header.columns.channels_of, None);
        let without_time = Header::read("LATITUDE,LONGITUDE,ACQ_DATE,SATELLITE", Provenance::Person).unwrap_err();
        assert_eq!(without_time, BodyError::MissingColumns { missing: vec!["acq_time"] });
    }

    #[test]
    fn unknown_columns_are_kept_even_twice() {
        let header = read(&format!("{ROLLING},地名,x,x,")).unwrap();
        assert_eq!(header.unknown, ["地名", "x", "x", ""]);
        assert_eq!(header.columns.width, 17);
    }

    #[test]
    fn prose_json_and_other_tables_are_not_headers() {
        for line in ["scan the version", "{\"latitude\":1}", "id,name,lat,lon", "latitude;longitude;scan", "\"latitude"]
        {
            assert!(matches!(read(line), Err(BodyError::NotCsv { .. })), "{line}");
        }
    }

    #[test]
    fn landsat_is_refused_by_name() {
        let line = "latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,version,daynight";
        assert!(matches!(read(line), Err(BodyError::Unsupported { .. })));
        assert!(matches!(read(&line.to_uppercase()), Err(BodyError::Unsupported { .. })));
    }
}
