//! Where an account may go: the words of the links under the head of every page.

use crate::words::{Words, words};

pub(crate) const MY_ALERTS: Words = words("我的告警", "My alerts");
pub(crate) const PATROL: Words = words("自查上报", "Report a fire");
pub(crate) const PLOTS: Words = words("今日可烧", "Plots");
pub(crate) const TODAY: Words = words("今日", "Today");
pub(crate) const MAP: Words = words("火点图", "Map");
pub(crate) const WALL: Words = words("大屏", "Wall");
pub(crate) const PROBLEMS: Words = words("问题清单", "Problems");
pub(crate) const DUTY: Words = words("值班", "Duty");
pub(crate) const PLANS: Words = words("烧除", "Burning");
pub(crate) const COMPLAINTS: Words = words("信访", "Complaints");
pub(crate) const PEOPLE: Words = words("人员", "People");
pub(crate) const HEAT_SOURCES: Words = words("热源", "Heat sources");
pub(crate) const REGIONS: Words = words("区划", "Region");
pub(crate) const USERS: Words = words("账号", "Accounts");
pub(crate) const AUDIT: Words = words("日志", "Log");
pub(crate) const STATUS: Words = words("数据源", "Feeds");
