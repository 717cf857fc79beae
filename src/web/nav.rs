//! Where an account may go: the links under the head of every page, in the order of its day.

use super::ask::Ask;
use crate::domain::account::Role;
use crate::words::Words;
use crate::words::pages as w;

/// A link of the navigation.
pub(super) struct NavLink {
    /// Its address.
    pub href: String,
    /// Its words.
    pub words: &'static str,
    /// The page belongs to it.
    pub is_here: bool,
}

/// Path, words, for whom.
type Entry = (&'static str, Words, fn(Role) -> bool);

/// All of them. A page that shows telephones is not for whoever does not see them.
const ENTRIES: [Entry; 17] = [
    ("/my", w::navigation::MY_ALERTS, |role| matches!(role, Role::Inspector | Role::Village | Role::Township)),
    ("/patrol", w::navigation::PATROL, |role| matches!(role, Role::Inspector | Role::Village)),
    ("/plots", w::navigation::PLOTS, |role| matches!(role, Role::Inspector | Role::Village)),
    ("/", w::navigation::TODAY, |_| true),
    ("/map", w::navigation::MAP, |_| true),
    ("/wall", w::navigation::WALL, |role| matches!(role, Role::County | Role::City | Role::Viewer)),
    ("/problems", w::navigation::PROBLEMS, Role::is_office),
    ("/duty", w::navigation::DUTY, |role| role.is_office() && role.sees_people()),
    ("/review", w::shared::REVIEW, Role::is_office),
    ("/plans", w::navigation::PLANS, Role::is_office),
    ("/complaints", w::navigation::COMPLAINTS, Role::is_office),
    ("/people", w::navigation::PEOPLE, |role| role.is_office() && role.sees_people()),
    ("/heat-sources", w::navigation::HEAT_SOURCES, Role::is_office),
    ("/regions", w::navigation::REGIONS, Role::is_office),
    ("/users", w::navigation::USERS, Role::lets_in),
    ("/audit", w::navigation::AUDIT, |role| matches!(role, Role::City | Role::Admin)),
    ("/status", w::navigation::STATUS, |_| true),
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
        .map(|(path, words, _)| NavLink { href: ask.href(path), words: ask.lang.say(*words), is_here: is_here(path) })
        .collect()
}
