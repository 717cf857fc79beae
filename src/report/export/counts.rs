//! The office's counts of cases as a sheet: by county, township, source and state, with a total.

use super::Heads;
use super::sheet::{Cell, Sheet};
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::store::CaseCount;
use crate::words::{Label, Lang, unit_name};

const CHINESE: [&str; 8] = ["县区", "乡镇", "来源", "状态", "件数", "超时", "未送达", "有异议"];

const NAMES: [&str; 8] =
    ["county_code", "township_code", "source", "state", "cases", "overdue", "undelivered", "disputed"];

/// The counts, in the order they came, and in Chinese their total.
pub(super) fn sheet(ground: &Ground, counts: &[CaseCount], heads: Heads) -> Sheet {
    let (names, line): (_, fn(&Ground, &CaseCount) -> [Cell; 4]) = match heads {
        Heads::Names => (NAMES, in_names),
        Heads::Chinese => (CHINESE, in_chinese),
    };
    let row = |count: &CaseCount| line(ground, count).into_iter().chain(numbers(count).map(number)).collect();
    let mut rows: Vec<Vec<Cell>> = counts.iter().map(row).collect();
    if heads == Heads::Chinese {
        rows.push(total(counts));
    }
    Sheet { name: "案件统计".to_owned(), heads: names.map(str::to_owned).to_vec(), rows }
}

fn in_names(_: &Ground, count: &CaseCount) -> [Cell; 4] {
    let code = |code: Option<&UnitCode>| Cell::from(code.map(|code| code.0.clone()));
    let (county, township) = (code(count.county_code.as_ref()), code(count.township_code.as_ref()));
    [county, township, count.source.name().into(), count.state.name().into()]
}

fn in_chinese(ground: &Ground, count: &CaseCount) -> [Cell; 4] {
    let name = |code: Option<&UnitCode>, none: &str| {
        Cell::Text(code.map_or_else(|| none.to_owned(), |code| unit_name(ground, code, Lang::Zh)))
    };
    let (county, township) =
        (name(count.county_code.as_ref(), "未归县区"), name(count.township_code.as_ref(), "未归乡镇"));
    [county, township, count.source.label().zh.into(), count.state.label().zh.into()]
}

fn numbers(count: &CaseCount) -> [u32; 4] {
    [count.cases, count.overdue, count.undelivered, count.disputed]
}

fn number(count: u32) -> Cell {
    Cell::Number(f64::from(count))
}

fn total(counts: &[CaseCount]) -> Vec<Cell> {
    let sums = counts.iter().map(numbers).fold([0; 4], |[a, b, c, d], [e, f, g, h]| [a + e, b + f, c + g, d + h]);
    let label = [Cell::from("合计"), Cell::Empty, Cell::Empty, Cell::Empty];
    label.into_iter().chain(sums.map(number)).collect()
}
