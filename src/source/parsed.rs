//! What a file holds once it is read.

use super::dialect::Table;
use crate::domain::official::OfficialPoint;

/// What a file holds.
pub(super) enum Parsed {
    /// Pixels.
    Fires(Table),
    /// Points of days.
    Official(OfficialList),
}

/// A list of days that was read to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficialList {
    /// The mapping by which it was read.
    pub list: String,
    /// Its points.
    pub table: Table<OfficialPoint>,
}
