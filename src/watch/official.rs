//! Which points of an official list concern this ground, and why others are not kept.
//!
//! Called by [`super::batch_of`] and `firegrid ingest`. A point outside the city and its belt is kept all the same when the
//! list names a unit of ours beside it: then it is in our account, whatever its place.

use std::collections::BTreeSet;

use crate::domain::ground::{Ground, Standing};
use crate::domain::official::OfficialPoint;
use crate::domain::time::Timestamp;
use crate::source::OfficialList;
use crate::source::dialect::Row;
use crate::store::{DoubtfulRow, OfficialBatch};

/// The points to record, and the rows that are not believed.
#[derive(Debug, Default)]
pub(super) struct ScreenedDays {
    pub points: Vec<(u64, OfficialPoint)>,
    pub rejected: Vec<DoubtfulRow>,
    pub outside: u64,
}

/// Sorts the rows of a list: every row is kept, elsewhere, or rejected with its reason.
pub(super) fn screen(list: &OfficialList, ground: &Ground, now: Timestamp) -> ScreenedDays {
    let today = ground.local_day(now);
    let names: BTreeSet<&str> = ground.data().units.iter().map(|unit| unit.name.as_str()).collect();
    let mut screened = ScreenedDays::default();
    for row in &list.table.rows {
        let doubt = |row: &Row<OfficialPoint>, raw: &str, problem: &str| DoubtfulRow {
            line: row.line,
            raw: raw.to_owned(),
            problem: row.named(problem),
        };
        match &row.result {
            Err(error) => screened.rejected.push(doubt(row, &error.raw, &error.to_string())),
            Ok(point) if point.day > today => {
                let problem = format!("the day {} is later than this machine's clock", point.day);
                screened.rejected.push(doubt(row, &point.raw, &problem));
            }
            Ok(point) => {
                let is_here = !matches!(ground.standing(point.position), Standing::Outside);
                let is_ours = || point.places.iter().any(|place| names.contains(place.as_str()));
                if is_here || is_ours() {
                    screened.points.push((row.line, point.clone()));
                } else {
                    screened.outside += 1;
                }
            }
        }
    }
    screened
}

impl ScreenedDays {
    /// The same, as the store takes it.
    pub(super) fn batch(self, list: &str, file_name: Option<&str>, body_hash: &str) -> OfficialBatch {
        OfficialBatch {
            list: list.to_owned(),
            file_name: file_name.map(str::to_owned),
            body_hash: body_hash.to_owned(),
            outside: self.outside,
            rejected: self.rejected.len() as u64,
            points: self.points,
        }
    }
}
