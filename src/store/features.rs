//! Detections, fires and alerts for map programs: by place and time, page by page.
//!
//! Pages are walked along the id, which nothing ever changes: what is there when a walk begins is met exactly
//! once, whatever arrives, grows or is revised meanwhile. What merges with another during the walk is met as
//! that other. A page looks at what 31 days hold, or else at [`LOOKED_AT`] rows along the ids; one that ends before it is
//! full says from where to go on, as every page does.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::Error;
use super::query::Listed;
use super::scoped::Scoped;
use super::seen::Seen;
use crate::domain::ground::Extent;
use crate::domain::time::{SignedDuration, Timestamp};

/// Ids that a page walks along where the call bounds no days: a few milliseconds.
const LOOKED_AT: u32 = 20_000;

/// Days that are looked at whole.
const DAYS: SignedDuration = SignedDuration::from_hours(31 * 24 + 1);

/// Which features are wanted; everything given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct FeatureFilter {
    /// The point lies in it, its edge included; one whose west is greater than its east crosses the antimeridian.
    pub area: Option<Extent>,
    /// Seen at or after it.
    pub from: Option<Timestamp>,
    /// Seen at or before it.
    pub to: Option<Timestamp>,
}

impl FeatureFilter {
    fn is_of_few_days(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to.duration_since(from) <= DAYS)
    }
}

/// One page of features.
#[derive(Debug, Clone)]
pub struct FeaturePage<T> {
    /// The features, in the order of their ids.
    pub rows: Vec<T>,
    /// How many the filter wants on all pages, at the moment of this one; `None` where counting would look at too much.
    pub matched: Option<u64>,
    /// The id behind which the next page begins; there may be none on it.
    pub next: Option<String>,
}

impl Scoped {
    /// A page of detections, neighbours included, fires, those outside the city included, or alerts: those behind an id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn feature_page<T: Listed>(
        &self,
        filter: FeatureFilter,
        after: Option<T::Id>,
        limit: u32,
    ) -> Result<FeaturePage<T>, Error> {
        let (wanted, seen) = (Wanted { filter, after: after.map(T::id_value), limit }, self.seen());
        self.store().read(move |db| page(db, &wanted, &seen)).await
    }

    /// One detection, fire or alert that stands for itself.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn feature<T: Listed>(&self, id: T::Id) -> Result<Option<T>, Error> {
        let (id, seen) = (T::id_value(id), self.seen());
        self.store().read(move |db| one(db, id, &seen)).await
    }
}

/// Which page is wanted.
struct Wanted {
    filter: FeatureFilter,
    /// The id it begins behind.
    after: Option<Value>,
    limit: u32,
}

fn page<T: Listed>(db: &Connection, wanted: &Wanted, seen: &Seen) -> Result<FeaturePage<T>, Error> {
    let (mut conditions, mut values) = conditions_of::<T>(&wanted.filter);
    conditions.push(T::may_see(seen, &mut values));
    let is_of_few_days = wanted.filter.is_of_few_days();
    let matched = if is_of_few_days || far_behind::<T>(db, None)?.is_none() {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", T::TABLE, conditions.join(" AND "));
        let matched: i64 = db.prepare_cached(&sql)?.query_row(params_from_iter(&values), |row| row.get(0))?;
        Some(u64::try_from(matched).unwrap_or_default())
    } else {
        None
    };
    let last = if is_of_few_days { None } else { far_behind::<T>(db, wanted.after.as_ref())? };
    for (bound, how) in [(&wanted.after, ">"), (&last, "<=")] {
        if let Some(bound) = bound {
            values.push(bound.clone());
            conditions.push(format!("{} {how} ?{}", T::ID, values.len()));
        }
    }
    values.push(Value::from(i64::from(wanted.limit) + 1));
    // The ids first: of detections an index holds all that is asked of them, and only the rows of the page, with
    // their long JSON columns, are read.
    let sql = format!(
        "SELECT {} WHERE {id} IN (SELECT {id} FROM {} WHERE {} ORDER BY {id} LIMIT ?{}) ORDER BY {id}",
        T::COLUMNS,
        T::TABLE,
        conditions.join(" AND "),
        values.len(),
        id = T::ID,
    );
    let mut rows: Vec<T> =
        db.prepare_cached(&sql)?.query_map(params_from_iter(values), T::read)?.collect::<Result<_, _>>()?;
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = if has_more { rows.last().map(T::id_text) } else { last.as_ref().map(text_of) };
    Ok(FeaturePage { rows, matched, next })
}

/// The id so far behind another one that a page goes no further; `None` where the rows end before.
fn far_behind<T: Listed>(db: &Connection, after: Option<&Value>) -> Result<Option<Value>, Error> {
    let sql =
        format!("SELECT {id} FROM {} WHERE {id} > ?1 ORDER BY {id} LIMIT 1 OFFSET {LOOKED_AT}", T::TABLE, id = T::ID);
    let after = after.cloned().unwrap_or(T::LOWEST);
    Ok(db.prepare_cached(&sql)?.query_row([after], |row| row.get(0)).optional()?)
}

fn text_of(id: &Value) -> String {
    match id {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        // No id is anything else.
        _ => String::new(),
    }
}

fn one<T: Listed>(db: &Connection, id: Value, seen: &Seen) -> Result<Option<T>, Error> {
    let mut values = vec![id];
    let may_see = T::may_see(seen, &mut values);
    let sql = format!("SELECT {} WHERE {} AND {} = ?1 AND {may_see}", T::COLUMNS, T::STANDS_ALONE, T::ID);
    Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(values), T::read).optional()?)
}

fn conditions_of<T: Listed>(filter: &FeatureFilter) -> (Vec<String>, Vec<Value>) {
    let (mut conditions, mut values) = (vec![T::STANDS_ALONE.to_owned()], Vec::new());
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    if let Some(Extent { west, south, east, north }) = filter.area {
        let (lon, lat) = (T::LON, T::LAT);
        let (west_of, east_of) = (bind(Value::from(west)), bind(Value::from(east)));
        let both = if west <= east { "AND" } else { "OR" };
        conditions.push(format!("({lon} >= {west_of} {both} {lon} <= {east_of})"));
        conditions.push(format!("{lat} BETWEEN {} AND {}", bind(Value::from(south)), bind(Value::from(north))));
    }
    // What lasts is wanted when any moment of it is.
    if let Some(from) = filter.from {
        conditions.push(format!("{} >= {}", T::ENDS, bind(Value::from(from.as_millisecond()))));
    }
    if let Some(to) = filter.to {
        conditions.push(format!("{} <= {}", T::BEGINS, bind(Value::from(to.as_millisecond()))));
    }
    (conditions, values)
}

#[cfg(test)]
mod tests;
