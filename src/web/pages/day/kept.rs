//! Drawn days, kept under what they were drawn for and the version of what they were made from.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::summary::Summary;
use crate::domain::ground::RegionVersion;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::store::OpenAlerts;
use crate::words::Lang;

/// Drawn days that are kept: those of a city's units and of yesterday and today. A busy one is a megabyte of text.
const KEPT: usize = 24;

/// Days that are drawn at the same moment: as many as a small server has cores. When a change sends every screen of an
/// office back at once, the first draws and the others find it drawn.
const DRAWN_AT_ONCE: usize = 2;

/// A day, drawn.
pub(in crate::web) struct DrawnDay {
    /// The map; `None` where the region has nothing to draw.
    pub map: Option<String>,
    /// The figures of the ground.
    pub summary: Summary,
    /// The list as the page has it.
    pub list: String,
    /// It has no row.
    pub is_empty: bool,
    /// Alerts of all days, which the wall counts.
    pub alerts: Alerts,
}

/// Alerts of all days.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::web) struct Alerts {
    /// Those that are not over.
    pub open: OpenAlerts,
    /// How many are.
    pub closed: u64,
}

/// What a drawn day is kept under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Key {
    /// The page and its filter.
    pub view: String,
    /// The reader's unit.
    pub unit: UnitCode,
    /// The local day.
    pub date: Date,
    /// The region version that it is drawn by.
    pub region: RegionVersion,
    /// The language.
    pub lang: Lang,
    /// Links carry the language.
    pub lang_is_chosen: bool,
}

/// The drawn days that are kept, and whose turn it is to draw another.
pub(in crate::web) struct KeptDays {
    /// The last used at the end, each with the version of its content.
    kept: Mutex<VecDeque<(Key, i64, Arc<DrawnDay>)>>,
    /// Whose turn it is to draw another.
    pub turns: Semaphore,
}

impl Default for KeptDays {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(DRAWN_AT_ONCE) }
    }
}

impl KeptDays {
    /// A day as it was drawn, if nothing it is made of has changed since.
    pub fn find(&self, key: &Key, version: i64) -> Option<Arc<DrawnDay>> {
        // A panic while the lock was held leaves whole entries or none.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, made_of, _)| known == key && *made_of == version)?;
        let entry = kept.remove(place)?;
        let found = entry.2.clone();
        kept.push_back(entry);
        Some(found)
    }

    /// Keeps a drawn day; the one that nobody asked for longest makes room.
    pub fn keep(&self, key: Key, version: i64, drawn: Arc<DrawnDay>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, ..)| *known != key);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((key, version, drawn));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(unit: &str) -> Key {
        Key {
            view: "Home".to_owned(),
            unit: UnitCode(unit.to_owned()),
            date: "2026-04-13".parse().unwrap(),
            region: RegionVersion("one".to_owned()),
            lang: Lang::Zh,
            lang_is_chosen: false,
        }
    }

    fn day(list: &str) -> Arc<DrawnDay> {
        let alerts = Alerts::default();
        let summary = Summary::default();
        Arc::new(DrawnDay { map: None, summary, is_empty: true, list: list.to_owned(), alerts })
    }

    #[test]
    fn a_day_is_found_for_its_own_reader_and_version_alone() {
        let days = KeptDays::default();
        days.keep(key("22"), 7, day("seven"));
        assert_eq!(days.find(&key("22"), 7).unwrap().list, "seven");
        assert!(days.find(&key("22"), 8).is_none(), "changed since");
        assert!(days.find(&key("2201"), 7).is_none(), "another unit");
        assert!(days.find(&Key { lang: Lang::En, ..key("22") }, 7).is_none(), "another language");
        assert!(days.find(&Key { region: RegionVersion("two".to_owned()), ..key("22") }, 7).is_none());
        days.keep(key("22"), 8, day("eight"));
        assert_eq!(days.find(&key("22"), 8).unwrap().list, "eight");
        assert!(days.find(&key("22"), 7).is_none(), "one of each");
    }

    #[test]
    fn the_day_that_nobody_asked_for_longest_makes_room() {
        let days = KeptDays::default();
        for n in 0..KEPT {
            days.keep(key(&n.to_string()), 1, day(""));
        }
        assert!(days.find(&key("0"), 1).is_some());
        days.keep(key("one more"), 1, day(""));
        assert!(days.find(&key("0"), 1).is_some(), "used just now");
        assert!(days.find(&key("1"), 1).is_none());
    }
}
