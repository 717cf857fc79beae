//! What the commands of `firegrid` print for people, by command; here what several of them say.
//!
//! Lines of a list stand as they are printed, Chinese first; refusals and what is told beside a result are pairs.

pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod brought;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod figures;
pub(crate) mod heat_sources;
pub(crate) mod official;
pub(crate) mod people;
pub(crate) mod plans;
pub(crate) mod rejudge;
pub(crate) mod run;
pub(crate) mod status;
pub(crate) mod user;
pub(crate) mod weather;

use std::fmt::Display;
use std::path::Path;

use super::{Sentence, Words, sentence, words};
use crate::domain::alert::AlertNumber;
use crate::domain::time::DateTime;
use crate::domain::unit::UnitCode;

/// A place that is none.
pub(crate) const NOT_DEGREES: Words = words("经纬度须为度数", "--lon and --lat are degrees");

/// Days in the wrong order.
pub(crate) const DAYS_REVERSED: Words =
    words("结束日期早于开始日期，请对调", "the last day (--to) lies before the first (--from): swap them");

/// A moment that cannot be read.
pub(crate) const NOT_A_MOMENT: Words = words(
    "应为本地日期时间 YYYY-MM-DDTHH:MM",
    "expected a local date and time as YYYY-MM-DDTHH:MM, or RFC 3339 with an offset",
);

/// What is not there.
pub(crate) const NONE: &str = "无";

/// An alert that is not there.
pub(crate) fn no_alert(number: &AlertNumber) -> Sentence {
    sentence(
        format!("没有编号为{number}的告警"),
        format!("there is no alert {number}; `firegrid alerts list` shows them"),
    )
}

/// A unit that the region does not have.
pub(crate) fn no_unit(code: &UnitCode) -> Sentence {
    sentence(
        format!("本区域没有单位{code}"),
        format!("there is no unit {:?} in this region; `firegrid export units` lists the codes", code.0),
    )
}

/// A local time that the zone has twice or never.
pub(crate) fn no_such_time(local: DateTime, error: &impl Display) -> Sentence {
    sentence(format!("{local}在本地时区不存在或出现两次，请写明时差"), format!("{error}; give it with its offset"))
}

/// A file that cannot be read.
pub(crate) fn unreadable(file: &Path) -> Sentence {
    sentence("文件无法读取", format!("cannot read {}", file.display()))
}

/// A photo that cannot be read.
pub(crate) fn unreadable_photo(file: &Path) -> Sentence {
    sentence("照片无法读取", format!("the photo {} cannot be read", file.display()))
}

/// From one end to the other.
pub(crate) fn from_to(from: impl Display, to: impl Display) -> String {
    format!("{from}至{to}")
}
