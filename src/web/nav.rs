//! Where an account may go: the links under the head of every page, in the order of its day.

use super::ask::Ask;
use crate::domain::account::Role;

/// A link of the navigation.
pub(super) struct NavLink {
    /// Its address.
    pub href: String,
    /// Its words.
    pub words: &'static str,
    /// The page belongs to it.
    pub is_here: bool,
}

/// Path, Chinese, English, for whom.
type Entry = (&'static str, &'static str, &'static str, fn(Role) -> bool);

/// All of them. A page that shows telephones is not for whoever does not see them.
const ENTRIES: [Entry; 17] = [
    ("/my", "我的告警", "My alerts", |role| matches!(role, Role::Inspector | Role::Village | Role::Township)),
    ("/patrol", "自查上报", "Report a fire", |role| matches!(role, Role::Inspector | Role::Village)),
    ("/plots", "今日可烧", "Plots", |role| matches!(role, Role::Inspector | Role::Village)),
    ("/", "今日", "Today", |_| true),
    ("/map", "火点图", "Map", |_| true),
    ("/wall", "大屏", "Wall", |role| matches!(role, Role::County | Role::City | Role::Viewer)),
    ("/problems", "问题清单", "Problems", Role::is_office),
    ("/duty", "值班", "Duty", |role| role.is_office() && role.sees_people()),
    ("/review", "审核", "Review", Role::is_office),
    ("/plans", "烧除", "Burning", Role::is_office),
    ("/complaints", "信访", "Complaints", Role::is_office),
    ("/people", "人员", "People", |role| role.is_office() && role.sees_people()),
    ("/heat-sources", "热源", "Heat sources", Role::is_office),
    ("/regions", "区划", "Region", Role::is_office),
    ("/users", "账号", "Accounts", Role::lets_in),
    ("/audit", "日志", "Log", |role| matches!(role, Role::City | Role::Admin)),
    ("/status", "数据源", "Feeds", |_| true),
];

/// The links of a role, on the page of a request.
pub(super) fn links(role: Role, ask: &Ask) -> Vec<NavLink> {
    let is_here = |path: &str| match path {
        "/" => ask.path == "/",
        path => ask.path == path || ask.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')),
    };
    ENTRIES
        .iter()
        .filter(|(.., is_for)| is_for(role))
        .map(|(path, zh, en, _)| NavLink { href: ask.href(path), words: ask.lang.pick(zh, en), is_here: is_here(path) })
        .collect()
}
