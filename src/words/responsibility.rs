//! The printed responsibility list (责任清单).

use super::{Words, words};

/// The heads of its columns.
pub const HEADS: [Words; 14] = [
    words("层级", "Level"),
    words("单位代码", "Code"),
    words("单位名称", "Unit"),
    words("负责人", "Head"),
    words("负责人电话", "Telephone"),
    words("包保责任人", "Sponsor"),
    words("包保责任人职务", "Post"),
    words("包保责任人单位", "Employer"),
    words("包保责任人电话", "Telephone"),
    words("网格员", "Inspector"),
    words("网格员电话", "Telephone"),
    words("副职", "Deputy"),
    words("副职电话", "Telephone"),
    words("备注", "Note"),
];

/// The name of its sheet.
pub const SHEET: &str = "责任清单";
/// Where nobody holds a unit, and nobody above it either.
pub const VACANT: &str = "空缺，上级也无责任人";

/// Its title, Chinese as all of it.
#[must_use]
pub fn title(unit: &str) -> String {
    format!("{unit}秸秆禁烧责任清单")
}

/// Who answers where nobody holds a unit.
#[must_use]
pub fn vacant(unit: &str, person: &str) -> String {
    format!("空缺，由{unit}{person}负责")
}
