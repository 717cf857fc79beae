//! `[[list]]`: how one kind of list of fire points is written that a province or a ministry sends.
//!
//! Said by the operator, because such a list itself says neither datum nor time zone. Read by [`super::load()`], applied
//! by [`crate::source`].

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::domain::datum::Datum;
use crate::domain::observation::{Confidence, Satellite};
use crate::domain::time::{self, TimeZone};

/// One kind of list, recognised by the heads of its columns.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListConfig {
    /// Short unique name.
    pub id: String,
    /// What its rows are.
    #[serde(default)]
    pub holds: ListHolds,
    /// Datum of its coordinates; there is no usual one.
    pub datum: Datum,
    /// How its degrees are written.
    #[serde(default)]
    pub degrees: Degrees,
    /// Time zone of its times, as `Asia/Shanghai`.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// How date and time are written where the year does not come first, as `%d/%m/%Y %H:%M`.
    #[serde(default)]
    pub time_format: Option<String>,
    /// Encoding of its CSV files.
    #[serde(default)]
    pub encoding: ListEncoding,
    /// The one satellite of all its rows, where no column says which.
    #[serde(default)]
    pub satellite: Option<Satellite>,
    /// The heads of its columns.
    pub columns: ListColumns,
    /// The satellite that each word in the column of satellites stands for.
    #[serde(default)]
    pub satellites: BTreeMap<String, Satellite>,
    /// The class that each word in the column of confidence stands for.
    #[serde(default)]
    pub confidences: BTreeMap<String, ListConfidence>,
}

/// What the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListHolds {
    /// Pixels with their satellite and minute: detections like those of any feed.
    #[default]
    Detections,
    /// Points of a day: the official account, never detections.
    OfficialPoints,
}

/// How degrees are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Degrees {
    /// `122.84`.
    #[default]
    Decimal,
    /// `122°50′24″`.
    Dms,
}

/// Encoding of a CSV file; a workbook has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum ListEncoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030, which GBK and GB2312 are parts of: what Chinese Excel writes as "CSV".
    #[serde(rename = "gb18030")]
    Gb18030,
}

impl ListEncoding {
    /// The word in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
        }
    }
}

/// A class of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListConfidence {
    /// Low.
    Low,
    /// Nominal.
    Nominal,
    /// High.
    High,
}

impl From<ListConfidence> for Confidence {
    fn from(class: ListConfidence) -> Self {
        match class {
            ListConfidence::Low => Self::Low,
            ListConfidence::Nominal => Self::Nominal,
            ListConfidence::High => Self::High,
        }
    }
}

/// The heads of the columns of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListColumns {
    /// Longitude.
    pub longitude: String,
    /// Latitude.
    pub latitude: String,
    /// The date, where it stands apart from the time or alone.
    #[serde(default)]
    pub date: Option<String>,
    /// Date and time, or the time of day beside `date`.
    #[serde(default)]
    pub time: Option<String>,
    /// The satellite.
    #[serde(default)]
    pub satellite: Option<String>,
    /// Confidence.
    #[serde(default)]
    pub confidence: Option<String>,
    /// Fire radiative power, MW.
    #[serde(default)]
    pub frp_mw: Option<String>,
    /// Place names, the widest first; kept as given.
    #[serde(default)]
    pub places: Vec<String>,
}

impl ListColumns {
    /// Every head, in the order of the fields.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        let single = [&self.date, &self.time, &self.satellite, &self.confidence, &self.frp_mw];
        let needed = [&self.longitude, &self.latitude].into_iter();
        needed.chain(single.into_iter().flatten()).chain(&self.places).map(String::as_str)
    }
}

impl ListConfig {
    /// The zone of its times; UTC where none is named, which only a list without times may do.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        let named = self.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        named.unwrap_or(TimeZone::UTC)
    }

    /// What is wrong with it.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |is_well: bool, message: String| faults.extend((!is_well).then_some(message));
        let mut seen = BTreeSet::new();
        for head in self.columns.heads() {
            check(!head.trim().is_empty(), "a head in columns is empty".to_owned());
            check(seen.insert(head), format!("the column {head:?} is named twice in columns"));
        }
        if let Some(name) = &self.time_zone {
            let is_known = TimeZone::get(name).is_ok();
            check(is_known, format!("time_zone is {name:?}, expected a name such as Asia/Shanghai"));
        }
        if let Some(format) = &self.time_format {
            let expected = "expected signs such as %Y-%m-%d %H:%M that give year, month, day, hour and minute";
            check(time::is_moment_format(format), format!("time_format is {format:?}, {expected}"));
        }
        let words = "confidences and columns.confidence need one another: which word stands for low, nominal, high";
        check(self.confidences.is_empty() == self.columns.confidence.is_none(), words.to_owned());
        match self.holds {
            ListHolds::Detections => {
                let zone =
                    "no time_zone: a local time without its zone is no moment; set it, for example to Asia/Shanghai";
                check(self.time_zone.is_some(), zone.to_owned());
                let time = "no columns.time: a list of days without times holds = \"official_points\"";
                check(self.columns.time.is_some(), time.to_owned());
                let is_one = self.satellite.is_some() != self.columns.satellite.is_some();
                let which =
                    "which satellite? either satellite for all rows, or columns.satellite and the words in satellites";
                check(is_one && self.columns.satellite.is_some() != self.satellites.is_empty(), which.to_owned());
            }
            ListHolds::OfficialPoints => {
                let is_of_days = self.columns.date.is_some() && self.columns.time.is_none();
                check(is_of_days, "official_points are of days: name columns.date and no columns.time".to_owned());
                let is_plain = self.satellite.is_none() && self.satellites.is_empty() && self.confidences.is_empty();
                let kept =
                    "official_points keep the words of the list: satellite, satellites and confidences do not apply";
                check(is_plain && self.columns.frp_mw.is_none(), kept.to_owned());
                check(
                    self.time_format.is_none(),
                    "time_format does not apply to days: the year comes first".to_owned(),
                );
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "id = \"p\"\ndatum = \"wgs84\"\ntime_zone = \"Asia/Shanghai\"\n\
        [columns]\nlongitude = \"经度\"\nlatitude = \"纬度\"\ntime = \"时间\"\nsatellite = \"卫星\"\n\
        [satellites]\n\"N20\" = \"NOAA-20\"\n";

    fn faults(text: &str) -> String {
        toml::from_str::<ListConfig>(text).map_or_else(|error| error.to_string(), |list| list.faults().join("; "))
    }

    #[test]
    fn a_mapping_that_leaves_a_meaning_open_is_refused_with_what_is_missing() {
        assert_eq!(faults(GOOD), "");
        let cases = [
            ("datum = \"wgs84\"\n", "", "missing field `datum`"),
            ("wgs84", "beijing54", "unknown variant"),
            ("time_zone = \"Asia/Shanghai\"\n", "", "no time_zone"),
            ("Asia/Shanghai", "Beijing", "expected a name such as Asia/Shanghai"),
            ("time = \"时间\"\n", "", "no columns.time"),
            ("satellite = \"卫星\"\n", "", "which satellite?"),
            ("[satellites]\n\"N20\" = \"NOAA-20\"\n", "", "which satellite?"),
            ("\"NOAA-20\"", "\"NOAA-19\"", "unknown variant"),
            ("\"卫星\"", "\"经度\"", "named twice"),
            ("\"卫星\"", "\"\"", "is empty"),
            ("id = \"p\"", "id = \"p\"\nsatellite = \"Terra\"", "which satellite?"),
            ("id = \"p\"", "id = \"p\"\ntime_format = \"%Y-%m-%d\"", "expected signs such as"),
            ("id = \"p\"", "id = \"p\"\nencodeing = \"gbk\"", "unknown field"),
            ("id = \"p\"", "id = \"p\"\nholds = \"official_points\"", "name columns.date and no columns.time"),
            ("time = \"时间\"", "time = \"时间\"\nconfidence = \"置信度\"", "need one another"),
        ];
        for (from, to, expected) in cases {
            let found = faults(&GOOD.replace(from, to));
            assert!(found.contains(expected), "{from:?} -> {to:?}: {found}");
        }
        let days = "id = \"d\"\nholds = \"official_points\"\ndatum = \"wgs84\"\n\
            [columns]\nlongitude = \"经度\"\nlatitude = \"纬度\"\ndate = \"时间\"\nplaces = [\"省\", \"市\"]\n";
        assert_eq!(faults(days), "");
    }
}
