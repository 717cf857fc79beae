//! The form that reports a fire found on patrol.

use crate::words::{Words, words};

pub(crate) const JOINED_ALERT: Words = words(
    "此处已有告警，您的上报已并入，姓名和时间已记录：",
    "There is an alert of this fire already; your report joined it, with your name and time: ",
);
pub(crate) const REPORTED: Words = words("已上报，告警编号：", "Reported. The alert is ");
pub(crate) const NOT_YOUR_GROUND: Words =
    words("（不在您的辖区，已通知属地）", "(not on your ground; its own people are told)");
pub(crate) const WHY_REPORT: Words = words(
    "巡查发现并扑灭的火点请如实上报：先于卫星上报的，告警会记录为自查发现。",
    "Report fires that you found and put out: a fire reported before the satellite counts as found by you.",
);
pub(crate) const LATITUDE: Words = words("纬度（WGS-84，如 45.62）", "Latitude (WGS-84, as 45.62)");
pub(crate) const LONGITUDE: Words = words("经度（如 122.84）", "Longitude (as 122.84)");
pub(crate) const OR_A_CELL: Words =
    words("不知道经纬度时，选择网格（按网格中部记录）", "or a cell, if you do not know it (its middle is recorded)");
pub(crate) const FUEL: Words = words("燃烧物", "What burns");
pub(crate) const IS_IT_OUT: Words = words("是否已扑灭", "Is it out?");
pub(crate) const IT_IS_OUT: Words = words("已扑灭", "yes");
pub(crate) const IT_BURNS: Words = words("仍在燃烧", "it burns");
pub(crate) const SEEN_AT: Words = words("发现时间（不填为现在）", "When it was seen (now, if left out)");
pub(crate) const WHAT_HAPPENED: Words = words("情况说明", "What happened");
pub(crate) const PHOTOS: Words = words("照片（已扑灭的须附）", "Photos (needed when it is out)");
pub(crate) const TAKE_PHOTO: Words = words("拍照", "Take a photo");
pub(crate) const REPORT: Words = words("上报", "Report it");
pub(crate) const OUTSIDE_OWN_GROUND: Words = words(
    "到场、扑灭和照片未记入告警：那里不是您的辖区。请电话告知属地值班室。",
    "That you were there, and the photos, could not be recorded: it is not your ground. Call its desk.",
);
pub(crate) const ALERT_TAKES_NO_MORE: Words = words(
    "到场、扑灭和照片未记入告警：告警现在不接受。请打开告警核对。",
    "That you were there, and the photos, could not be recorded: the alert takes them no more. Open it and see.",
);
pub(crate) const FUEL_FIELD: Words = words("燃烧物", "what burns");
pub(crate) const IS_IT_OUT_FIELD: Words = words("是否已扑灭", "whether it is out");
pub(crate) const NEEDS_PHOTO: Words =
    words("已扑灭的火情须附至少一张照片", "a fire that is out needs at least one photo");
pub(crate) const AREA_RULE: Words = words("过火面积应为不小于 0 的亩数", "the burnt area is a number of mu, 0 or more");
pub(crate) const WHERE_FIELD: Words = words("位置（经纬度，或选择网格）", "where: a position, or one of your cells");
pub(crate) const NO_OUTLINE: Words =
    words("该单位没有图形，请填写经纬度", "that unit has no outline: give the position");
