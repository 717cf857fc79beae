//! The office's counts of alerts as a sheet: by county, township, source and state, with a total.

use super::Heads;
use super::sheet::{Cell, Sheet};
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::store::AlertCount;
use crate::words::exports::counts as head;
use crate::words::{Label, Lang, Words, unit_name};

/// A column: our name, its head, and what stands under either.
type By = (&'static str, Words, fn(&AlertCount) -> Cell, fn(&Ground, &AlertCount) -> Cell);

/// What is counted by.
const BY: [By; 4] = [
    (
        "county_code",
        head::COUNTY,
        |count| code(count.county_code.as_ref()),
        |ground, count| name(ground, count.county_code.as_ref(), head::NO_COUNTY),
    ),
    (
        "township_code",
        head::TOWNSHIP,
        |count| code(count.township_code.as_ref()),
        |ground, count| name(ground, count.township_code.as_ref(), head::NO_TOWNSHIP),
    ),
    ("source", head::SOURCE, |count| count.source.name().into(), |_, count| count.source.label().zh.into()),
    ("state", head::STATE, |count| count.state.name().into(), |_, count| count.state.label().zh.into()),
];

/// A number: our name, its head, and what stands under either.
type Counted = (&'static str, Words, fn(&AlertCount) -> u32);

/// What is counted.
const COUNTED: [Counted; 4] = [
    ("cases", head::ALERTS, |count| count.alerts),
    ("overdue", head::OVERDUE, |count| count.overdue),
    ("undelivered", head::UNDELIVERED, |count| count.undelivered),
    ("disputed", head::DISPUTED, |count| count.disputed),
];

/// The counts, in the order they came, and in Chinese their total.
pub(super) fn sheet(ground: &Ground, counts: &[AlertCount], heads: Heads) -> Sheet {
    let head = |name: &str, head: Words| match heads {
        Heads::Names => name.to_owned(),
        Heads::Chinese => head.zh.to_owned(),
    };
    let by = |count: &AlertCount| {
        BY.map(|(_, _, code, name)| match heads {
            Heads::Names => code(count),
            Heads::Chinese => name(ground, count),
        })
    };
    let row = |count| by(count).into_iter().chain(COUNTED.map(|(.., counted)| number(counted(count)))).collect();
    let mut rows: Vec<Vec<Cell>> = counts.iter().map(row).collect();
    if heads == Heads::Chinese {
        let sums = COUNTED.map(|(.., counted)| number(counts.iter().map(counted).sum()));
        let label = [Cell::from(head::TOTAL.zh), Cell::Empty, Cell::Empty, Cell::Empty];
        rows.push(label.into_iter().chain(sums).collect());
    }
    let heads = BY.map(|(name, words, ..)| head(name, words)).into_iter();
    let heads = heads.chain(COUNTED.map(|(name, words, _)| head(name, words))).collect();
    Sheet { name: head::NAME.zh.to_owned(), heads, rows }
}

fn code(code: Option<&UnitCode>) -> Cell {
    code.map(|code| code.0.clone()).into()
}

fn name(ground: &Ground, code: Option<&UnitCode>, none: Words) -> Cell {
    Cell::Text(code.map_or_else(|| none.zh.to_owned(), |code| unit_name(ground, code, Lang::Zh)))
}

fn number(count: u32) -> Cell {
    Cell::Number(f64::from(count))
}
