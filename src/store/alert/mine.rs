//! The list of one unit's alerts, as the people of the unit work through it.
//!
//! `alert_scope` gives a unit's open alerts by one walk along its index, so a page costs what the unit has, not what
//! the database has. Few units have more than [`RANKED`] open alerts: theirs are ranked in memory by what is urgent; the
//! list of a larger one is paged by time, because ranking would mean to read all of it. The columns read are those of
//! a card and no more.

use std::cmp::Reverse;
use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::super::Error;
use super::super::codec::{Json, Millis, optional_word, word};
use super::super::scoped::Scoped;
use crate::domain::account::Scope;
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::clock::ClockKind;
use crate::domain::detection::Origin;
use crate::domain::nearest::NearestPlace;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;

pub use crate::domain::alert::Concern as Relation;

/// Alerts of a page.
pub const MY_PAGE: usize = 50;

/// Open alerts that are ranked in memory: more than any township has on its worst day, and still a few milliseconds.
const RANKED: usize = 500;

/// Alerts that are over are looked for among those first seen this long before: a rectification takes weeks at most.
const ENDED_LOOK_BACK: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Of them at most so many are looked at, latest first.
const ENDED_LOOKED_AT: usize = 300;

/// Of them at most so many are shown.
const ENDED_SHOWN: usize = 20;

/// The clock of an alert that counts for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MyClock {
    /// What it waits for.
    pub kind: ClockKind,
    /// When it is due.
    pub due_at: Timestamp,
}

/// An alert as a card shows it.
#[derive(Debug, Clone)]
pub struct MyAlert {
    /// Its number.
    pub number: AlertNumber,
    /// Why it is on the list.
    pub relation: Relation,
    /// The next of the reader's own clocks.
    pub clock: Option<MyClock>,
    /// Where it stands.
    pub state: AlertState,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// Where it comes from.
    pub source: AlertSource,
    /// How it came to be recorded.
    pub origin: Origin,
    /// Where it is.
    pub nearest_place: Option<NearestPlace>,
    /// The lowest unit there.
    pub unit_code: UnitCode,
    /// Who has it.
    pub owner_code: UnitCode,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// It may be on banned ground although not judged so.
    pub may_be_banned: bool,
    /// Nobody could be reached.
    pub is_undelivered: bool,
    /// A dispute waits.
    pub is_disputed: bool,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
}

/// Where a page ended: the place of its last alert in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MyCursor {
    /// Among the ranked ones.
    Urgency(Urgency),
    /// By time.
    Time(Timestamp, AlertNumber),
}

/// How urgent an alert is, the most urgent least: the own clock, the verdict, then the newest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Urgency {
    due_ms: i64,
    verdict: u8,
    first_seen_ms: Reverse<i64>,
    number: AlertNumber,
}

impl MyCursor {
    /// The cursor as a word of an address.
    #[must_use]
    pub fn to_word(&self) -> String {
        match self {
            Self::Urgency(Urgency { due_ms, verdict, first_seen_ms, number }) => {
                format!("u_{due_ms}_{verdict}_{}_{number}", first_seen_ms.0)
            }
            Self::Time(at, number) => format!("t_{}_{number}", at.as_millisecond()),
        }
    }

    /// The cursor of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('_').collect();
        match parts.as_slice() {
            ["u", due, verdict, seen, number] => Some(Self::Urgency(Urgency {
                due_ms: due.parse().ok()?,
                verdict: verdict.parse().ok()?,
                first_seen_ms: Reverse(seen.parse().ok()?),
                number: AlertNumber((*number).to_owned()),
            })),
            ["t", at, number] => {
                Some(Self::Time(Timestamp::from_millisecond(at.parse().ok()?).ok()?, AlertNumber((*number).to_owned())))
            }
            _ => None,
        }
    }
}

/// One page of a unit's alerts.
#[derive(Debug, Clone)]
pub struct MyList {
    /// Those that are not over, urgent first.
    pub alerts: Vec<MyAlert>,
    /// Where the next page begins.
    pub next: Option<MyCursor>,
    /// How many of them there are on all pages.
    pub count: u64,
    /// They are in the order of time, because they are too many to be ranked.
    pub is_by_time: bool,
    /// Those that ended lately, the last to end first; a few, on the first page alone.
    pub ended: Vec<MyAlert>,
}

impl Scoped {
    /// One page of the own alerts: those that are not over, and on the first page those that ended since a moment.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn my_alerts(&self, after: Option<MyCursor>, ended_since: Timestamp) -> Result<MyList, Error> {
        let scope = self.scope().clone();
        let read = move |db: &Connection| {
            let ended = if after.is_none() { ended(db, &scope, ended_since)? } else { Vec::new() };
            Ok(MyList { ended, ..open(db, &scope, after.as_ref())? })
        };
        self.store().read(read).await
    }
}

/// An alert on the way to its card.
struct Listed {
    number: AlertNumber,
    first_seen_at: Timestamp,
    relation: Relation,
    verdict: Option<Verdict>,
    clock: Option<MyClock>,
}

impl Listed {
    fn urgency(&self) -> Urgency {
        let worst_first = |verdict| Verdict::ALL.iter().position(|known| *known == verdict);
        let verdict = self.verdict.and_then(worst_first).and_then(|place| u8::try_from(place).ok());
        Urgency {
            due_ms: self.clock.map_or(i64::MAX, |clock| clock.due_at.as_millisecond()),
            verdict: verdict.unwrap_or(u8::MAX),
            first_seen_ms: Reverse(self.first_seen_at.as_millisecond()),
            number: self.number.clone(),
        }
    }
}

/// One page of the open alerts of a scope.
fn open(db: &Connection, scope: &Scope, after: Option<&MyCursor>) -> Result<MyList, Error> {
    let all = walk(db, scope, None, RANKED + 1)?;
    if all.len() > RANKED {
        return by_time(db, scope, after);
    }
    let count = all.len() as u64;
    let mut listed = with_clocks(db, scope, all)?;
    listed.sort_by_cached_key(Listed::urgency);
    match after {
        Some(MyCursor::Urgency(last)) => listed.retain(|alert| alert.urgency() > *last),
        // The list has become short enough to be ranked while its reader was under way: he begins anew.
        Some(MyCursor::Time(..)) | None => {}
    }
    let next = (listed.len() > MY_PAGE).then(|| listed.get(MY_PAGE - 1).map(Listed::urgency)).flatten();
    listed.truncate(MY_PAGE);
    Ok(MyList {
        alerts: cards(db, listed)?,
        next: next.map(MyCursor::Urgency),
        count,
        is_by_time: false,
        ended: Vec::new(),
    })
}

fn by_time(db: &Connection, scope: &Scope, after: Option<&MyCursor>) -> Result<MyList, Error> {
    let from = match after {
        Some(MyCursor::Time(at, number)) => Some((*at, number)),
        Some(MyCursor::Urgency(_)) | None => None,
    };
    let mut listed = walk(db, scope, from, MY_PAGE + 1)?;
    let has_more = listed.len() > MY_PAGE;
    listed.truncate(MY_PAGE);
    let last = listed.last().filter(|_| has_more);
    let next = last.map(|alert| MyCursor::Time(alert.first_seen_at, alert.number.clone()));
    let count: i64 = db
        .prepare_cached("SELECT count(*) FROM alert_scope WHERE unit_code = ?1 AND is_open = 1")?
        .query_row([&scope.unit().0], |row| row.get(0))?;
    let listed = with_clocks(db, scope, listed)?;
    Ok(MyList {
        alerts: cards(db, listed)?,
        next,
        count: u64::try_from(count).unwrap_or_default(),
        is_by_time: true,
        ended: Vec::new(),
    })
}

/// Open alerts of a unit along its index, latest first seen first.
fn walk(
    db: &Connection,
    scope: &Scope,
    after: Option<(Timestamp, &AlertNumber)>,
    limit: usize,
) -> Result<Vec<Listed>, Error> {
    // Numbers are digits and a hyphen: the tilde stands behind all of them.
    let (at, number) = after.map_or((i64::MAX, "~"), |(at, number)| (at.as_millisecond(), number.0.as_str()));
    let mut select = db.prepare_cached(
        "SELECT s.number, s.first_seen_at, s.relation, a.verdict FROM alert_scope s
         CROSS JOIN alerts a ON a.number = s.number
         WHERE s.unit_code = ?1 AND s.is_open = 1 AND (s.first_seen_at, s.number) < (?2, ?3)
         ORDER BY s.first_seen_at DESC, s.number DESC LIMIT ?4",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![scope.unit().0, at, number, limit], read_listed)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        number: AlertNumber(row.get(0)?),
        first_seen_at: row.get::<_, Millis>(1)?.0,
        relation: word(&row.get::<_, String>(2)?, "relation", Relation::from_name)?,
        verdict: optional_word(row, 3, "verdict", Verdict::from_name)?,
        clock: None,
    })
}

/// Gives each alert the next clock of a unit of the scope that has not ended, whether it ran out or runs.
fn with_clocks(db: &Connection, scope: &Scope, mut listed: Vec<Listed>) -> Result<Vec<Listed>, Error> {
    let mut clocks: HashMap<String, MyClock> = HashMap::new();
    let mut select = db.prepare_cached(
        "SELECT d.alert_number, d.unit_code, d.kind, d.due_at FROM json_each(?1) n
         CROSS JOIN deadlines d ON d.alert_number = n.value
         WHERE d.ended_at IS NULL AND d.due_at IS NOT NULL ORDER BY d.due_at",
    )?;
    let mut rows = select.query([numbers_of(&listed)])?;
    while let Some(row) = rows.next()? {
        if scope.holds(&UnitCode(row.get(1)?)) {
            let kind = word(&row.get::<_, String>(2)?, "clock", ClockKind::from_name)?;
            clocks.entry(row.get(0)?).or_insert(MyClock { kind, due_at: row.get::<_, Millis>(3)?.0 });
        }
    }
    for alert in &mut listed {
        alert.clock = clocks.get(&alert.number.0).copied();
    }
    Ok(listed)
}

fn numbers_of(listed: &[Listed]) -> String {
    let numbers: Vec<&str> = listed.iter().map(|alert| alert.number.0.as_str()).collect();
    serde_json::json!(numbers).to_string()
}

const CARD: &str = "a.number, a.state, a.verdict, a.source, a.origin, a.nearest_place, a.unit_code, a.owner_code,
    a.first_seen_at, a.may_be_banned, a.undelivered_at IS NOT NULL, a.is_disputed, a.closed_at";

/// The cards of some alerts, in their order.
fn cards(db: &Connection, listed: Vec<Listed>) -> Result<Vec<MyAlert>, Error> {
    let mut select = db.prepare_cached(&format!(
        "SELECT {CARD} FROM json_each(?1) n CROSS JOIN alerts a ON a.number = n.value ORDER BY n.key"
    ))?;
    let numbers = numbers_of(&listed);
    let mut listed = listed.into_iter();
    let rows = select.query_map([numbers], |row| {
        // Every number comes from a row of this very read, so the two run side by side.
        let number: String = row.get(0)?;
        let alert = listed.find(|alert| alert.number.0 == number);
        read_card(
            row,
            alert.as_ref().map_or(Relation::Own, |alert| alert.relation),
            alert.and_then(|alert| alert.clock),
        )
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_card(row: &Row<'_>, relation: Relation, clock: Option<MyClock>) -> rusqlite::Result<MyAlert> {
    Ok(MyAlert {
        number: AlertNumber(row.get(0)?),
        relation,
        clock,
        state: word(&row.get::<_, String>(1)?, "alert state", AlertState::from_name)?,
        verdict: optional_word(row, 2, "verdict", Verdict::from_name)?,
        source: word(&row.get::<_, String>(3)?, "alert source", AlertSource::from_name)?,
        origin: word(&row.get::<_, String>(4)?, "origin", Origin::from_name)?,
        nearest_place: row.get::<_, Option<Json<_>>>(5)?.map(|json| json.0),
        unit_code: UnitCode(row.get(6)?),
        owner_code: UnitCode(row.get(7)?),
        first_seen_at: row.get::<_, Millis>(8)?.0,
        may_be_banned: row.get(9)?,
        is_undelivered: row.get(10)?,
        is_disputed: row.get(11)?,
        closed_at: row.get::<_, Option<Millis>>(12)?.map(|at| at.0),
    })
}

/// Alerts of a scope that ended since a moment.
fn ended(db: &Connection, scope: &Scope, since: Timestamp) -> Result<Vec<MyAlert>, Error> {
    let from = since.checked_sub(ENDED_LOOK_BACK).unwrap_or(Timestamp::MIN);
    let mut select = db.prepare_cached(&format!(
        "WITH over AS MATERIALIZED (
             SELECT number, relation FROM alert_scope
             WHERE unit_code = ?1 AND is_open = 0 AND first_seen_at >= ?2
             ORDER BY first_seen_at DESC, number DESC LIMIT ?3)
         SELECT {CARD}, o.relation FROM over o CROSS JOIN alerts a ON a.number = o.number
         WHERE a.closed_at >= ?4 ORDER BY a.closed_at DESC, a.number DESC LIMIT ?5"
    ))?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let values = params![scope.unit().0, Millis(from), count(ENDED_LOOKED_AT), Millis(since), count(ENDED_SHOWN)];
    let rows = select.query_map(values, |row| {
        let relation = word(&row.get::<_, String>(13)?, "relation", Relation::from_name)?;
        read_card(row, relation, None)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
