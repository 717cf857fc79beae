//! Detections, fires and alerts of some days for programs, page by page.
//!
//! Each page is cut by the statement itself: what is read is what is answered and one row, however many there are. A page
//! goes on behind the row that the page before ended with, in the order of the list; a row that has merged or moved out of
//! the span since is named as gone, because going on from anywhere else would skip or repeat.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::listed::{Listed, Way, ordered_by};
use super::span::{Span, bounds};
use crate::domain::unit::UnitCode;
use crate::store::seen::Seen;
use crate::store::{Error, Scoped};

/// Which rows of a list are wanted.
#[derive(Debug, Clone)]
pub struct DayList {
    /// Of which days.
    pub span: Span,
    /// Of this county alone.
    pub county: Option<UnitCode>,
    /// Behind the row of this name.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct DayPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Others come behind them.
    pub has_more: bool,
}

impl Scoped {
    /// Detections, neighbours included, fires or alerts of some days, in the order of their list; `None` where the row to go
    /// on behind is gone.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn day_list<T: Listed>(&self, wanted: DayList) -> Result<Option<DayPage<T>>, Error> {
        let seen = self.seen();
        self.store().read(move |db| page(db, &wanted, &seen)).await
    }
}

fn page<T: Listed>(db: &Connection, wanted: &DayList, seen: &Seen) -> Result<Option<DayPage<T>>, Error> {
    let mut values = bounds(wanted.span);
    let begins = T::BEGINS;
    let mut conditions =
        vec![T::STANDS.to_owned(), format!("{begins} >= ?1 AND {begins} < ?2"), T::may_see(seen, &mut values)];
    let order = T::order();
    if let Some(after) = &wanted.after {
        let Some(last) = place_of::<T>(db, (&conditions, &values, &order), after)? else { return Ok(None) };
        conditions.push(behind(&order, last, &mut values));
    }
    if let Some(county) = &wanted.county {
        conditions.push(format!("{} = {}", T::COUNTY, bind(&mut values, Value::from(county.0.clone()))));
    }
    let limit = bind(&mut values, Value::from(i64::from(wanted.limit) + 1));
    let sql = format!(
        "SELECT {} WHERE {} ORDER BY {} LIMIT {limit}",
        T::COLUMNS,
        conditions.join(" AND "),
        ordered_by(&order)
    );
    let mut rows: Vec<T> =
        db.prepare_cached(&sql)?.query_map(params_from_iter(values), T::read)?.collect::<Result<_, _>>()?;
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Some(DayPage { rows, has_more }))
}

/// Where a row stands in the order of its list; `None` where the list does not hold it.
fn place_of<T: Listed>(
    db: &Connection,
    (conditions, values, order): (&[String], &[Value], &[(String, Way)]),
    name: &str,
) -> Result<Option<Vec<Value>>, Error> {
    let mut values = values.to_vec();
    let name = bind(&mut values, Value::from(name.to_owned()));
    let columns: Vec<_> = order.iter().map(|(column, _)| column.as_str()).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} AND {} = {name}",
        columns.join(", "),
        T::TABLE,
        conditions.join(" AND "),
        T::NAME
    );
    let read = |row: &Row<'_>| (0..order.len()).map(|column| row.get(column)).collect();
    Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(values), read).optional()?)
}

/// The condition on a row that stands behind another one.
fn behind(order: &[(String, Way)], last: Vec<Value>, values: &mut Vec<Value>) -> String {
    let last: Vec<String> = last.into_iter().map(|value| bind(values, value)).collect();
    let differs_first_at = |place: usize| {
        let same = order.iter().zip(&last).take(place).map(|((column, _), value)| format!("{column} = {value}"));
        let further = order.iter().zip(&last).skip(place).take(1).map(|((column, way), value)| match way {
            Way::Up => format!("{column} > {value}"),
            Way::Down => format!("{column} < {value}"),
        });
        same.chain(further).collect::<Vec<_>>().join(" AND ")
    };
    let ways: Vec<_> = (0..order.len()).map(|place| format!("({})", differs_first_at(place))).collect();
    format!("({})", ways.join(" OR "))
}

fn bind(values: &mut Vec<Value>, value: Value) -> String {
    values.push(value);
    format!("?{}", values.len())
}
