//! `firegrid alerts`.

use super::NONE;
use crate::domain::alert::AlertNumber;
use crate::domain::observation::ObservationKey;
use crate::domain::unit::UnitCode;
use crate::words::{Sentence, sentence};

/// A command that found everything as it asks.
pub(crate) const UNCHANGED: &str = "（无变化 / nothing changed）";

/// An alert that a revision of its rows replaced.
pub(crate) const SUPERSEDED: &str = "已被修订取代 / superseded";

/// A link of a chain that nobody holds.
const VACANT: &str = "空缺";

/// Where a merged alert lives on.
pub(crate) fn merged_into(heir: &AlertNumber) -> String {
    format!("已并入 {heir} / merged into {heir}")
}

/// Nobody of a name holds a unit where the alert may go; `holders` are those who do, `there` names the unit.
pub(crate) fn nobody_called(name: &str, below: &UnitCode, there: &str, holders: &[String]) -> Sentence {
    let holders = if holders.is_empty() { NONE.to_owned() } else { holders.join("、") };
    sentence(
        format!("今日{below}及其下级没有名为“{name}”的责任人；现有责任人：{holders}；或用 --unit 指明单位"),
        format!(
            "nobody called {name:?} holds a unit at or below {there} today; say --unit CODE, or one of those who do"
        ),
    )
}

/// Somebody holds several units where the alert may go.
pub(crate) fn several_units_of(name: &str, below: &UnitCode, there: &str, units: &[String]) -> Sentence {
    sentence(
        format!("“{name}”今日在{below}及其下级负责多个单位，请用 --unit 指明"),
        format!(
            "{name:?} holds several units at or below {there} today: {}; say which with --unit CODE",
            units.join(", ")
        ),
    )
}

/// How many alerts are listed; `all` where there are more.
pub(crate) fn listed(shown: usize, all: Option<u64>) -> Sentence {
    match all {
        Some(all) => sentence(format!("共{all}件，列出{shown}件"), format!("{shown} of {all} alert(s)")),
        None => sentence(format!("共{shown}件"), format!("{shown} alert(s)")),
    }
}

/// How many clocks of an alert have run out.
pub(crate) fn overdue(clocks: impl std::fmt::Display) -> String {
    format!("超时{clocks}")
}

/// A clock of an alert.
pub(crate) fn clock(kind: &str, unit: &str, due: &str, state: &str) -> String {
    format!("时限 {kind} {unit} 至 {due} {state}")
}

/// A detection of an alert: the hour on the clock, and the key that `split` takes.
pub(crate) fn pixel(seen: &str, key: &ObservationKey) -> String {
    format!("像元 {seen}  {key}")
}

/// Who holds a link of a chain.
pub(crate) fn holders(people: &[String]) -> String {
    if people.is_empty() { VACANT.to_owned() } else { people.join("、") }
}
