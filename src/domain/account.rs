//! Accounts: who may come in, as what, and how far that reaches.
//!
//! A [`Role`] says what kinds of things an account may do at all, a [`Scope`] which ground it may see. What may be
//! done to one alert or plan is decided by the rules of [`super::alert`] and [`super::burning`] from the acting unit; an
//! account only decides whether somebody acts at all, and for which unit. Guessing passwords is slowed down by
//! [`wait_after`]. Passwords and secrets themselves are not known here.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::named::named;
use super::time::{SignedDuration, Timestamp};
use super::unit::{UnitCode, UnitLevel};

/// How long somebody who came in, or typed his password again, may make what lets others in without typing it.
pub const PROVED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// How long a device that came in stays in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// So long without being used.
    pub unused: SignedDuration,
    /// So long in all, used or not.
    pub longest: SignedDuration,
}

impl Stay {
    /// When a device that came in at one moment and is used at another is out.
    #[must_use]
    pub fn ends(self, came_in: Timestamp, used: Timestamp) -> Timestamp {
        let after = |at: Timestamp, span| at.checked_add(span).unwrap_or(Timestamp::MAX);
        after(used, self.unused).min(after(came_in, self.longest))
    }
}

named! {
    /// What an account is for.
    pub enum Role {
        Inspector = "inspector",
        Village = "village",
        Township = "township",
        County = "county",
        City = "city",
        /// Accounts, feeds, region files; works no alert.
        Admin = "admin",
        Viewer = "viewer",
    }
}

impl Role {
    /// Whether an account of this role may stand for a unit of a level.
    ///
    /// Any unit may be a grid, so an inspector may stand for any; where villages were not drawn, hamlets or cells stand
    /// for them.
    #[must_use]
    pub fn stands_for(self, level: UnitLevel) -> bool {
        match self {
            Self::City | Self::Admin => level == UnitLevel::City,
            Self::County => level == UnitLevel::County,
            Self::Township => level == UnitLevel::Township,
            Self::Village => level >= UnitLevel::Village,
            Self::Inspector | Self::Viewer => true,
        }
    }

    /// Whether it works alerts and plans; the rules of these decide about each.
    #[must_use]
    pub fn works(self) -> bool {
        !matches!(self, Self::Admin | Self::Viewer)
    }

    /// Whether it sits at a desk: the pages of the office are for it.
    #[must_use]
    pub fn is_office(self) -> bool {
        self != Self::Inspector
    }

    /// Whether it sees telephone numbers and lists of people.
    #[must_use]
    pub fn sees_people(self) -> bool {
        self != Self::Viewer
    }

    /// Whether it takes complaints, and with them who complained.
    #[must_use]
    pub fn takes_complaints(self) -> bool {
        matches!(self, Self::County | Self::City)
    }

    /// Whether it makes personal sign-in links, and ends sessions, for the people of its own ground.
    #[must_use]
    pub fn lets_in(self) -> bool {
        matches!(self, Self::Township | Self::County | Self::City | Self::Admin)
    }

    /// Whether it makes and disables accounts, reads the log of everything, reloads the region files.
    #[must_use]
    pub fn administers(self) -> bool {
        self == Self::Admin
    }
}

named! {
    /// What a program's token may do.
    pub enum TokenPower {
        /// Read what its account reads.
        Read = "read",
        /// Also do what its account may do, in its name.
        Write = "write",
        /// Also name another person and a unit of the account's own ground as who acts: for another system that has
        /// its own accounts.
        ActFor = "act_for",
    }
}

/// The ground that an account may see: its unit, everything below, and for names and plans the units above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    unit: UnitCode,
    level: UnitLevel,
    is_whole: bool,
    below: BTreeSet<UnitCode>,
    line: BTreeSet<UnitCode>,
}

impl Scope {
    /// The scope of a unit; `None` when the region does not have it any more: then nothing may be seen.
    #[must_use]
    pub fn of(ground: &Ground, unit: &UnitCode) -> Option<Self> {
        let found = ground.unit(unit)?;
        Some(Self {
            unit: unit.clone(),
            level: found.level,
            is_whole: found.parent.is_none(),
            below: ground.subtree(unit),
            line: ground.line_of(unit).into_iter().map(|unit| unit.code.clone()).collect(),
        })
    }

    /// All of a region, whichever it is, for whoever owns the machine: the scope stands for no unit of it.
    #[must_use]
    pub fn whole() -> Self {
        let (unit, level) = (UnitCode(String::new()), UnitLevel::City);
        Self { unit, level, is_whole: true, below: BTreeSet::new(), line: BTreeSet::new() }
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self) -> &UnitCode {
        &self.unit
    }

    /// Its level.
    #[must_use]
    pub fn level(&self) -> UnitLevel {
        self.level
    }

    /// Whether it is the whole region.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The unit and everything below it.
    #[must_use]
    pub fn below(&self) -> &BTreeSet<UnitCode> {
        &self.below
    }

    /// Whether a unit is the own one or below it.
    #[must_use]
    pub fn holds(&self, unit: &UnitCode) -> bool {
        self.is_whole || self.below.contains(unit)
    }

    /// Whether what is said of a unit concerns this ground: the unit is held, or stands above.
    #[must_use]
    pub fn concerns(&self, unit: &UnitCode) -> bool {
        self.holds(unit) || self.line.contains(unit)
    }
}

/// What one account does to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountAct {
    /// Make a personal sign-in link.
    MakeLink,
    /// End a device that is in.
    EndDevice,
    /// Give a password.
    SetPassword,
    /// Keep it out, or let it in again.
    Disable,
    /// Make and end tokens of programs.
    Tokens,
    /// Make it another role, or another unit's.
    ChangeRole,
}

impl AccountAct {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::MakeLink, Self::EndDevice, Self::SetPassword, Self::Disable, Self::Tokens, Self::ChangeRole];
}

/// Whether an account may do something to another one, from the role and ground of the one and the role and unit of
/// the other.
///
/// The administrator may do all of it. A desk lets the people of its own ground in and out again, and only those who
/// sit at no desk that is its equal or higher: inspectors and villages.
#[must_use]
pub fn may_do_to_account(by: Role, ground: &Scope, act: AccountAct, of: Role, unit: &UnitCode) -> bool {
    if by.administers() {
        return true;
    }
    let lets_in = matches!(act, AccountAct::MakeLink | AccountAct::EndDevice);
    by.lets_in() && lets_in && matches!(of, Role::Inspector | Role::Village) && ground.holds(unit)
}

/// Why an account cannot stand for a unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUnit {
    /// The region does not have it.
    #[error("there is no unit {0} in this region")]
    Unknown(UnitCode),
    /// It has a level that the role does not stand for.
    #[error("an account of the role {} cannot stand for a unit of the level {}", .0.name(), .1.name())]
    Level(Role, UnitLevel),
}

/// Checks that an account of a role may stand for a unit.
///
/// # Errors
/// [`BadUnit`].
pub fn check_unit(ground: &Ground, role: Role, unit: &UnitCode) -> Result<(), BadUnit> {
    let found = ground.unit(unit).ok_or_else(|| BadUnit::Unknown(unit.clone()))?;
    // A region may begin below a city: its top is what the city is.
    let is_top = found.parent.is_none() && matches!(role, Role::City | Role::Admin);
    if is_top || role.stands_for(found.level) { Ok(()) } else { Err(BadUnit::Level(role, found.level)) }
}

/// Why a name to sign in with is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name {0:?} is none to sign in with: expected 2 to 40 letters, digits, dots, hyphens and underscores")]
pub struct BadName(pub String);

/// A name to sign in with, in its one spelling (lower case).
///
/// # Errors
/// [`BadName`] when it is too short, too long, or has other characters.
pub fn sign_in_name(text: &str) -> Result<String, BadName> {
    let name = text.trim().to_lowercase();
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_plain && (2..=40).contains(&name.chars().count()) { Ok(name) } else { Err(BadName(text.to_owned())) }
}

/// How far back failed attempts count.
pub const FAILURES_COUNT_FOR: SignedDuration = SignedDuration::from_mins(15);

/// By what failed attempts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// The account, for browsers that never came in as it.
    Account,
    /// The address, whatever the account: whole offices come from one.
    Address,
    /// A browser that came in as this account before.
    KnownDevice,
}

impl CountedBy {
    /// Attempts that fail before anybody has to wait.
    fn free(self) -> usize {
        match self {
            Self::Account => 5,
            Self::Address => 30,
            Self::KnownDevice => 10,
        }
    }
}

/// Until when the next attempt is refused, from the failures so far; `None`: it may be tried.
///
/// Each failure beyond the free ones doubles the wait from half a minute up to [`FAILURES_COUNT_FOR`]. Nobody is
/// locked out for good, and a browser that is known has its own count, so that strangers cannot keep the duty phone out.
#[must_use]
pub fn wait_after(counted_by: CountedBy, failures: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let since = now.checked_sub(FAILURES_COUNT_FOR).unwrap_or(Timestamp::MIN);
    let recent = failures.iter().filter(|at| **at > since).count();
    let last = failures.iter().max()?;
    let beyond = u32::try_from(recent.checked_sub(counted_by.free())?).unwrap_or(u32::MAX);
    let wait = SignedDuration::from_secs(30_i64.saturating_mul(1 << beyond.min(10))).min(FAILURES_COUNT_FOR);
    last.checked_add(wait).ok().filter(|until| *until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        assert_eq!(sign_in_name(" Zhang.San "), Ok("zhang.san".to_owned()));
        assert_eq!(sign_in_name("张三"), Ok("张三".to_owned()));
        for bad in ["", "a", "a b", "a@b", "x\u{0}y", "<script>"] {
            assert_eq!(sign_in_name(bad), Err(BadName(bad.to_owned())), "{bad:?}");
        }
        assert!(sign_in_name(&"长".repeat(41)).is_err());
    }

    fn scope(unit: &str, below: &[&str]) -> Scope {
        let code = |text: &str| UnitCode(text.to_owned());
        let below = below.iter().copied().chain([unit]).map(code).collect();
        Scope { unit: code(unit), level: UnitLevel::Township, is_whole: unit == "22", below, line: BTreeSet::new() }
    }

    #[test]
    fn desks_let_in_and_out_only_inspectors_and_villages_of_their_own_ground_and_administrators_everybody() {
        use AccountAct::{EndDevice, MakeLink};
        let (own, foreign) = (UnitCode("220101001".to_owned()), UnitCode("220201001".to_owned()));
        let (town, city) = (scope("220101", &["220101001"]), scope("22", &[]));
        for by in Role::ALL {
            for of in Role::ALL {
                for act in AccountAct::ALL {
                    let (near, far) =
                        (may_do_to_account(by, &town, act, of, &own), may_do_to_account(by, &town, act, of, &foreign));
                    let is_door = matches!(act, MakeLink | EndDevice);
                    let is_desk = matches!(by, Role::Township | Role::County | Role::City);
                    let is_let_in = matches!(of, Role::Inspector | Role::Village);
                    let expected = match by {
                        Role::Admin => (true, true),
                        _ => (is_desk && is_door && is_let_in, false),
                    };
                    assert_eq!((near, far), expected, "{by:?} {act:?} {of:?}");
                }
            }
        }
        assert!(
            may_do_to_account(Role::City, &city, MakeLink, Role::Village, &foreign),
            "the city's ground is everybody's"
        );
        assert!(!may_do_to_account(Role::City, &city, MakeLink, Role::County, &foreign));
    }

    #[test]
    fn waits_grow_with_failures_and_end_by_themselves() {
        let now: Timestamp = "2026-04-13T05:00:00Z".parse().unwrap();
        let failed = |n: usize| vec![now; n];
        assert_eq!(wait_after(CountedBy::Account, &failed(4), now), None);
        let wait = |n: usize| wait_after(CountedBy::Account, &failed(n), now).map(|until| until.duration_since(now));
        assert_eq!(wait(5), Some(SignedDuration::from_secs(30)));
        assert_eq!(wait(6), Some(SignedDuration::from_secs(60)));
        assert_eq!(wait(60), Some(FAILURES_COUNT_FOR));
        let later = now.checked_add(SignedDuration::from_mins(16)).unwrap();
        assert_eq!(wait_after(CountedBy::Account, &failed(60), later), None);
        assert_eq!(wait_after(CountedBy::Address, &failed(29), now), None);
        assert_eq!(wait_after(CountedBy::KnownDevice, &failed(9), now), None);
    }
}
