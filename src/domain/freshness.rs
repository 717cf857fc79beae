//! Whether a feed can be believed when it shows nothing: silence is an alarm.
//!
//! Judged by what is in the feed (its newest acquisitions, of each satellite and near this ground, and what its last
//! table held), never by HTTP headers; a small box, which is rightly empty on most days, by whether it was read at all.
//! No pass prediction yet: the thresholds are configured hours.

use super::feed_content::{Content, Cover, PLENTY, Promise, is_few};
use super::named::named;
use super::observation::Satellite;
use super::time::{SignedDuration, Timestamp};

named! {
    /// How far a feed can be believed, best first.
    pub enum Freshness {
        /// Its newest acquisition is recent.
        Fresh = "fresh",
        /// Older than usual.
        Late = "late",
        /// Recent, and a part of it is gone.
        Partial = "partial",
        /// So old that "no point" says nothing.
        Stale = "stale",
        /// The server refuses us.
        Refused = "refused",
        /// It never gave a readable body.
        Unknown = "unknown",
        /// What came could not be recorded.
        NotRecorded = "not_recorded",
    }
}

impl Freshness {
    /// Whether people must be warned that "no point" may not mean "no fire".
    #[must_use]
    pub fn is_alarming(self) -> bool {
        self != Self::Fresh
    }
}

/// What is known of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedSigns {
    /// What it is to hold.
    pub promise: Promise,
    /// Newest acquisition ever seen in it.
    pub newest_acquired_at: Option<Timestamp>,
    /// Newest acquisition ever seen in it near this ground.
    pub newest_near_at: Option<Timestamp>,
    /// The last poll was refused.
    pub is_refused: bool,
    /// The last poll that succeeded.
    pub last_success_at: Option<Timestamp>,
    /// Failed polls since.
    pub consecutive_failures: u32,
    /// When it is to be asked again.
    pub next_attempt_at: Option<Timestamp>,
    /// What its last whole table held.
    pub content: Option<Content>,
    /// How many rows its tables usually have.
    pub usual_rows: u64,
    /// What is known of each satellite in it.
    pub satellites: Vec<SatelliteSigns>,
}

/// What is known of a satellite in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SatelliteSigns {
    /// The satellite.
    pub satellite: Satellite,
    /// Its newest acquisition ever seen.
    pub newest_acquired_at: Option<Timestamp>,
    /// Since when tables come without a row of it.
    pub missing_since: Option<Timestamp>,
}

/// Hours after which a feed is late and stale.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Late above this age of the newest acquisition.
    pub late_after: SignedDuration,
    /// Stale above this age.
    pub stale_after: SignedDuration,
}

/// A feed that failed for longer than this is told of, however fresh its last rows are.
pub const FAILING_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Fewer failures than this in a row are a dropped connection.
const FAILURES: u32 = 3;

/// A satellite that is gone for so long has ended its service: said where its feed is shown, and no alarm any more.
pub const ENDED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One thing that makes "no point" say less than "no fire".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silence {
    /// What comes cannot be recorded.
    NotRecorded {
        /// Since when.
        since: Timestamp,
        /// Why.
        why: String,
    },
    /// The server refused the last request.
    Refused,
    /// Nothing readable ever came.
    Never,
    /// Every row is old.
    Old {
        /// Age of the newest.
        age: SignedDuration,
        /// The limit that it exceeds.
        limit: SignedDuration,
        /// Late or stale.
        state: Freshness,
    },
    /// Polls fail.
    Failing {
        /// The last that did not.
        since: Option<Timestamp>,
        /// Late, or stale.
        state: Freshness,
    },
    /// Nobody asks it: its next poll is long overdue.
    NotAsked {
        /// When it was due.
        since: Timestamp,
    },
    /// A satellite is gone while others go on.
    Satellite {
        /// Which.
        satellite: Satellite,
        /// Its newest row.
        newest: Option<Timestamp>,
    },
    /// Rows from elsewhere go on, and near this ground there are none.
    NotNear {
        /// The newest near it.
        newest: Option<Timestamp>,
    },
    /// Most rows are gone.
    FewRows {
        /// Rows of the last table.
        rows: u64,
        /// Rows it usually has.
        usual: u64,
    },
    /// It holds rows of satellites that it should not.
    Foreign {
        /// How many.
        rows: u64,
        /// Of which.
        satellites: Vec<Satellite>,
    },
    /// Rows of the last table could not be read.
    Unreadable {
        /// How many.
        unreadable: u64,
        /// Of how many.
        rows: u64,
    },
    /// Rows of the last table lie in the future and were refused.
    Future {
        /// How many.
        rows: u64,
    },
}

impl Silence {
    /// The state it puts a feed in.
    #[must_use]
    pub fn state(&self) -> Freshness {
        match self {
            Self::NotRecorded { .. } => Freshness::NotRecorded,
            Self::Refused => Freshness::Refused,
            Self::Never => Freshness::Unknown,
            Self::Old { state, .. } | Self::Failing { state, .. } => *state,
            Self::NotAsked { .. } => Freshness::Late,
            Self::Satellite { .. }
            | Self::NotNear { .. }
            | Self::FewRows { .. }
            | Self::Foreign { .. }
            | Self::Unreadable { .. }
            | Self::Future { .. } => Freshness::Partial,
        }
    }
}

/// Judges a feed at a moment.
#[must_use]
pub fn freshness(signs: &FeedSigns, patience: Patience, now: Timestamp) -> Freshness {
    state_of(&silences(signs, patience, now))
}

/// The worst state of several silences; fresh where there is none.
#[must_use]
pub fn state_of(silences: &[Silence]) -> Freshness {
    silences.iter().map(Silence::state).max().unwrap_or(Freshness::Fresh)
}

/// Everything about a feed that makes "no point" say less than "no fire", the gravest first.
#[must_use]
pub fn silences(signs: &FeedSigns, patience: Patience, now: Timestamp) -> Vec<Silence> {
    let mut found = Vec::new();
    if signs.is_refused {
        found.push(Silence::Refused);
    }
    found.extend(of_age(signs, patience, now));
    found.extend(of_attempts(signs, patience, now));
    let is_silent = found.iter().any(|silence| matches!(silence, Silence::Old { .. } | Silence::Never));
    if let Some(content) = &signs.content {
        // Where all of it is silent, it says nothing more that a part is.
        if signs.promise.cover == Cover::Wide && !is_silent {
            found.extend(of_parts(signs, content, patience, now));
        }
        found.extend(of_rows(content));
    }
    found.sort_by_key(|silence| std::cmp::Reverse(silence.state()));
    found
}

/// The age of the newest row, where the source is never without rows.
fn of_age(signs: &FeedSigns, patience: Patience, now: Timestamp) -> Option<Silence> {
    if signs.promise.cover == Cover::Small {
        return signs.last_success_at.is_none().then_some(Silence::Never);
    }
    let Some(newest) = signs.newest_acquired_at else { return Some(Silence::Never) };
    let age = now.duration_since(newest);
    let (state, limit) = overdue(age, patience)?;
    Some(Silence::Old { age, limit, state })
}

fn overdue(age: SignedDuration, patience: Patience) -> Option<(Freshness, SignedDuration)> {
    match age {
        age if age > patience.stale_after => Some((Freshness::Stale, patience.stale_after)),
        age if age > patience.late_after => Some((Freshness::Late, patience.late_after)),
        _ => None,
    }
}

/// Whether it is asked, and answers.
fn of_attempts(signs: &FeedSigns, patience: Patience, now: Timestamp) -> Option<Silence> {
    let age = signs.last_success_at.map(|at| now.duration_since(at));
    let is_old = age.is_none_or(|age| age > FAILING_AFTER);
    if signs.consecutive_failures >= FAILURES && is_old {
        let state = age.and_then(|age| overdue(age, patience)).map_or(Freshness::Late, |(state, _)| state);
        return Some(Silence::Failing { since: signs.last_success_at, state });
    }
    let due = signs.next_attempt_at.filter(|due| now.duration_since(*due) > FAILING_AFTER)?;
    Some(Silence::NotAsked { since: due })
}

/// Which parts of a wide feed are gone while the rest goes on.
fn of_parts(signs: &FeedSigns, content: &Content, patience: Patience, now: Timestamp) -> Vec<Silence> {
    let mut found: Vec<Silence> = signs
        .promise
        .satellites
        .iter()
        .filter_map(|satellite| {
            let known = signs.satellites.iter().find(|known| known.satellite == *satellite);
            satellite_gone(known, content, patience, now)
        })
        .collect();
    // The passes of one satellite over one place are half a day apart, and rows come hours later.
    let longest = patience.stale_after.checked_add(patience.late_after).unwrap_or(patience.stale_after);
    let is_far = signs.newest_near_at.is_none_or(|newest| now.duration_since(newest) > longest);
    if (content.rows >= PLENTY && content.near == 0) || (is_far && signs.usual_rows >= PLENTY) {
        found.push(Silence::NotNear { newest: signs.newest_near_at });
    }
    if is_few(content.rows, signs.usual_rows) {
        found.push(Silence::FewRows { rows: content.rows, usual: signs.usual_rows });
    }
    found
}

fn satellite_gone(
    known: Option<&SatelliteSigns>,
    content: &Content,
    patience: Patience,
    now: Timestamp,
) -> Option<Silence> {
    let known = known?;
    let silent_since = known.newest_acquired_at.or(known.missing_since)?;
    let age = now.duration_since(silent_since);
    // One that was never seen is missed at once in a table that should have it, else after a while.
    let is_missed = known.newest_acquired_at.is_none() && content.rows >= PLENTY;
    let is_gone = (is_missed || age > patience.late_after) && age <= ENDED_AFTER;
    is_gone.then_some(Silence::Satellite { satellite: known.satellite, newest: known.newest_acquired_at })
}

/// What is wrong with the rows that came.
fn of_rows(content: &Content) -> Vec<Silence> {
    let mut found = Vec::new();
    if !content.foreign.is_empty() {
        let (rows, satellites) = (content.foreign.values().sum(), content.foreign.keys().copied().collect());
        found.push(Silence::Foreign { rows, satellites });
    }
    // One in a hundred: more is a form that has changed, and each may have been a fire.
    if content.unreadable * 100 > content.rows {
        found.push(Silence::Unreadable { unreadable: content.unreadable, rows: content.rows });
    }
    if content.future > 0 {
        found.push(Silence::Future { rows: content.future });
    }
    found
}

/// How far each satellite of a feed can be believed, in the order of the enum of satellites.
#[must_use]
pub fn of_satellites(signs: &FeedSigns, patience: Patience, now: Timestamp) -> Vec<(SatelliteSigns, Freshness)> {
    let judge = |known: &SatelliteSigns| {
        let age = known.newest_acquired_at.map(|newest| now.duration_since(newest));
        match (signs.promise.cover, age) {
            // A box may rightly hold nothing of it for days.
            (Cover::Small, _) => freshness(signs, patience, now),
            (_, None) => Freshness::Unknown,
            (_, Some(age)) => overdue(age, patience).map_or(Freshness::Fresh, |(state, _)| state),
        }
    };
    signs.satellites.iter().map(|known| (*known, judge(known))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn now() -> Timestamp {
        "2026-04-13T12:00:00Z".parse().unwrap()
    }

    fn ago(minutes: i64) -> Timestamp {
        now() - SignedDuration::from_mins(minutes)
    }

    fn patience() -> Patience {
        Patience { late_after: SignedDuration::from_hours(12), stale_after: SignedDuration::from_hours(24) }
    }

    /// The MODIS file on an ordinary day.
    fn modis() -> FeedSigns {
        let satellite = |satellite, minutes| SatelliteSigns {
            satellite,
            newest_acquired_at: Some(ago(minutes)),
            missing_since: None,
        };
        FeedSigns {
            promise: Promise { cover: Cover::Wide, satellites: BTreeSet::from([Satellite::Terra, Satellite::Aqua]) },
            newest_acquired_at: Some(ago(180)),
            newest_near_at: Some(ago(400)),
            last_success_at: Some(ago(5)),
            next_attempt_at: Some(ago(-5)),
            content: Some(Content { rows: 4000, near: 300, ..Content::default() }),
            usual_rows: 4000,
            satellites: vec![satellite(Satellite::Terra, 240), satellite(Satellite::Aqua, 180)],
            ..FeedSigns::default()
        }
    }

    #[test]
    fn age_of_the_newest_acquisition_decides_and_a_refusal_comes_first() {
        let judge = |minutes: Option<i64>, is_refused| {
            let newest_acquired_at = minutes.map(ago);
            freshness(&FeedSigns { newest_acquired_at, is_refused, ..FeedSigns::default() }, patience(), now())
        };
        assert_eq!(judge(None, false), Freshness::Unknown);
        assert_eq!(judge(Some(720), false), Freshness::Fresh);
        assert_eq!(judge(Some(721), false), Freshness::Late);
        assert_eq!(judge(Some(1440), false), Freshness::Late);
        assert_eq!(judge(Some(1441), false), Freshness::Stale);
        assert_eq!(judge(Some(1), true), Freshness::Refused);
    }

    #[test]
    fn each_silence_of_a_wide_feed_is_told_and_an_ordinary_day_is_not() {
        assert_eq!(silences(&modis(), patience(), now()), []);
        let content = |change: &dyn Fn(&mut Content)| {
            let mut signs = modis();
            change(signs.content.as_mut().unwrap());
            signs
        };
        let mut terra_gone = modis();
        terra_gone.satellites[0].newest_acquired_at = Some(ago(13 * 60));
        let mut terra_never = modis();
        terra_never.satellites[0] =
            SatelliteSigns { newest_acquired_at: None, missing_since: Some(ago(1)), ..terra_never.satellites[0] };
        let failing = FeedSigns { consecutive_failures: 3, last_success_at: Some(ago(61)), ..modis() };
        let cases = [
            ("a satellite gone", terra_gone),
            ("a satellite never there", terra_never),
            ("rows near this ground gone", content(&|content| content.near = 0)),
            ("near rows old", FeedSigns { newest_near_at: Some(ago(37 * 60)), ..modis() }),
            ("one row left", content(&|content| (content.rows, content.near) = (1, 1))),
            ("an empty table", content(&|content| (content.rows, content.near) = (0, 0))),
            (
                "another satellite's rows",
                content(&|content| content.foreign = BTreeMap::from([(Satellite::Noaa20, 3)])),
            ),
            ("half of the rows unreadable", content(&|content| content.unreadable = 2000)),
            ("rows of the future", content(&|content| content.future = 1)),
        ];
        for (what, signs) in cases {
            assert_eq!(freshness(&signs, patience(), now()), Freshness::Partial, "{what}");
        }
        assert_eq!(freshness(&failing, patience(), now()), Freshness::Late);
        assert_eq!(
            freshness(&FeedSigns { next_attempt_at: Some(ago(61)), ..modis() }, patience(), now()),
            Freshness::Late
        );
    }

    #[test]
    fn a_satellite_that_ended_a_month_ago_alarms_nobody_and_is_still_shown() {
        let mut signs = modis();
        signs.satellites[0].newest_acquired_at = Some(ago(31 * 24 * 60));
        assert_eq!(freshness(&signs, patience(), now()), Freshness::Fresh);
        assert_eq!(of_satellites(&signs, patience(), now())[0].1, Freshness::Stale);
        assert_eq!(of_satellites(&signs, patience(), now())[1].1, Freshness::Fresh);
    }

    #[test]
    fn an_empty_small_box_is_healthy_as_long_as_it_is_read() {
        let empty = FeedSigns {
            promise: Promise { cover: Cover::Small, satellites: BTreeSet::from([Satellite::Noaa20]) },
            newest_acquired_at: Some(ago(90 * 24 * 60)),
            last_success_at: Some(ago(5)),
            content: Some(Content::default()),
            usual_rows: 400,
            ..FeedSigns::default()
        };
        assert_eq!(silences(&empty, patience(), now()), []);
        assert_eq!(silences(&FeedSigns { newest_acquired_at: None, ..empty.clone() }, patience(), now()), []);
        let failing =
            |minutes| FeedSigns { last_success_at: Some(ago(minutes)), consecutive_failures: 9, ..empty.clone() };
        assert_eq!(freshness(&failing(50), patience(), now()), Freshness::Fresh);
        assert_eq!(freshness(&failing(70), patience(), now()), Freshness::Late);
        assert_eq!(freshness(&failing(25 * 60), patience(), now()), Freshness::Stale);
        assert_eq!(
            freshness(&FeedSigns { last_success_at: None, ..empty.clone() }, patience(), now()),
            Freshness::Unknown
        );
    }
}
