//! Single features, for answers that hand them out page by page.
//!
//! They are the features of the `GeoJSON` documents, made by the same row builders.

use geojson::Feature;

use super::{rows, write};
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::Unit;
use crate::domain::zone::Zone;
use crate::store::query::{AlertRow, DetectionRow, FireRow};

/// The feature of a detection.
#[must_use]
pub fn detection(row: &DetectionRow) -> Feature {
    write::feature(rows::detection(row))
}

/// The feature of a fire.
#[must_use]
pub fn fire(row: &FireRow) -> Feature {
    write::feature(rows::fire(row))
}

/// The feature of an alert.
#[must_use]
pub fn alert(row: &AlertRow) -> Feature {
    write::feature(rows::alert(row))
}

/// The feature of a unit; without geometry where the unit has no outline.
#[must_use]
pub fn unit(ground: &Ground, unit: &Unit) -> Feature {
    write::feature(rows::unit(ground, unit))
}

/// The feature of a zone, with whether it is in force on a local day.
#[must_use]
pub fn zone(ground: &Ground, zone: &Zone, day: Date) -> Feature {
    write::feature(rows::zone(ground, zone, day))
}
