//! Official points: what a ministry or a province published as straw burning, by place and day.
//!
//! The account of record, kept beside the satellites' detections and never mixed with them: such a list says on which
//! day something burnt, not in which minute which satellite saw it. Read by [`crate::source`], kept by the store.

use serde::{Deserialize, Serialize};

use super::position::Position;
use super::time::Date;

/// One point of an official list (官方名单火点), as published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficialPoint {
    /// The local day that the list gives.
    pub day: Date,
    /// Its place, WGS-84.
    pub position: Position,
    /// Place names as given, in the order of the mapping: province, city, county, township.
    pub places: Vec<String>,
    /// The satellite as given, where the list has one.
    pub satellite: Option<String>,
    /// The whole row as published.
    pub raw: String,
}

impl OfficialPoint {
    /// What makes two rows the same point of a list: day, place to a metre, place names and satellite.
    ///
    /// A list may hold it more than once; the store counts how often.
    #[must_use]
    pub fn identity(&self) -> String {
        let place = format!("{:.5} {:.5}", self.position.lon(), self.position.lat());
        let names = self.places.join("\u{1F}");
        format!("{}\u{1E}{place}\u{1E}{names}\u{1E}{}", self.day, self.satellite.as_deref().unwrap_or_default())
    }
}
