//! The responsibility tree: units of six levels, and the people who hold them.

use serde::{Deserialize, Serialize};

use super::named::named;
use super::phone::Phone;
use super::time::{Date, DateTime, Time};

/// The code of a unit, unique in a region (official codes where there are any).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitCode(pub String);

impl std::fmt::Display for UnitCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// Levels of the tree, highest first: a *greater* level is a *lower* unit.
    pub enum UnitLevel {
        /// 市
        City = "city",
        /// 县、区
        County = "county",
        /// 乡镇、街道、农牧林场
        Township = "township",
        /// 村
        Village = "village",
        /// 屯
        Hamlet = "hamlet",
        /// 网格
        Grid = "grid",
    }
}

/// A node of the responsibility tree; farms and bureaus are units too.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Unique code.
    pub code: UnitCode,
    /// Chinese name.
    pub name: String,
    /// English name where the file gives one.
    pub name_en: Option<String>,
    /// Level in the tree.
    pub level: UnitLevel,
    /// Parent; `None` only for the city.
    pub parent: Option<UnitCode>,
    /// Cropland in hectares, for rates.
    pub cropland_ha: Option<f64>,
    /// The outline is not the official one.
    pub approximate: bool,
    /// WGS-84 outline, closed rings, normalised winding; `None` when children or parent carry the ground.
    pub outline: Option<geo::MultiPolygon<f64>>,
}

named! {
    /// What a person does for a unit.
    pub enum Role {
        /// 负责人
        Head = "head",
        /// 包保责任人: the cadre from above who is tied to the unit.
        Sponsor = "sponsor",
        /// 网格员
        Inspector = "inspector",
        /// 副职
        Deputy = "deputy",
    }
}

/// A person who answers for a unit during inclusive local dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The unit.
    pub unit_code: UnitCode,
    /// The person's name.
    pub name: String,
    /// What he or she does there.
    pub role: Role,
    /// Post (职务).
    pub post: Option<String>,
    /// Employer (单位).
    pub employer: Option<String>,
    /// Telephone; personal data, never logged.
    pub phone: Option<Phone>,
    /// First day, inclusive.
    pub valid_from: Option<Date>,
    /// Last day, inclusive.
    pub valid_to: Option<Date>,
}

impl Holder {
    /// Whether the person holds the unit on a local day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        within(day, self.valid_from, self.valid_to)
    }
}

/// Whether a day lies between two optional inclusive bounds.
#[must_use]
pub fn within(day: Date, from: Option<Date>, to: Option<Date>) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// One shift of the duty roster (值班表) of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyShift {
    /// The unit whose desk is held.
    pub unit_code: UnitCode,
    /// Local day the shift begins.
    pub date: Date,
    /// Local time it begins.
    pub from: Time,
    /// Local time it ends; not later than `from` means on the next day.
    pub to: Time,
    /// 带班领导
    pub leader: String,
    /// 值班员
    pub officer: String,
    /// Telephone of the desk during the shift; personal data, never logged.
    pub phone: Phone,
}

impl DutyShift {
    /// The local moments of a shift: the first inside and the first after.
    ///
    /// `None` when it would end after the last day of the calendar.
    #[must_use]
    pub fn span(&self) -> Option<(DateTime, DateTime)> {
        let last = if self.to <= self.from { self.date.tomorrow().ok()? } else { self.date };
        Some((self.date.to_datetime(self.from), last.to_datetime(self.to)))
    }
}
