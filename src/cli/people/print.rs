//! `firegrid people check`, in words.

use super::super::output;
use crate::domain::chain::review::{ROSTER_DAYS, RUNS_OUT_WITHIN_DAYS, Review};
use crate::domain::ground::Ground;
use crate::store::GapRow;
use crate::words;
use crate::words::{Label, Lang};

/// Lines shown of one list; the rest is counted.
const SHOWN: usize = 50;

/// Prints what has to be mended.
pub(super) fn review(review: &Review) {
    let Review { day, units, people, desks, without_phone, .. } = review;
    output::line(&format!("{day}：{units} 个单位，{people} 名责任人 / {units} units, {people} people"));
    section(
        &format!("没有责任人的单位 / units without holder: {}", review.without_holder.len()),
        review.without_holder.iter().map(|unheld| {
            let unit = &unheld.unit;
            let stand = unheld.answered_by.as_ref().map_or_else(
                || "上级也无责任人 / nobody above".to_owned(),
                |stand| format!("由{}{}负责 / answered by {}", stand.unit.name, stand.person, stand.unit.code),
            );
            format!("{} {} {}: {stand}", Lang::Zh.say(unit.level.label()), unit.code, unit.name)
        }),
    );
    section(
        &format!(
            "{RUNS_OUT_WITHIN_DAYS} 天内到期的责任人 / people who run out within {RUNS_OUT_WITHIN_DAYS} days: {}",
            review.running_out.len()
        ),
        review.running_out.iter().map(|found| {
            format!(
                "{} {} {} {} {}",
                found.last_day,
                found.unit.code,
                found.unit.name,
                Lang::Zh.say(found.role.label()),
                found.person
            )
        }),
    );
    section(
        &format!("没有边界的单位 / units without outline: {}", review.without_outline.len()),
        review
            .without_outline
            .iter()
            .map(|unit| format!("{} {} {}", Lang::Zh.say(unit.level.label()), unit.code, unit.name)),
    );
    if *desks == 0 {
        output::line("没有值班表 / no duty roster");
    } else {
        section(
            &format!(
                "未来 {ROSTER_DAYS} 天没有排班的日子 / days of the coming {ROSTER_DAYS} without a shift ({desks} desks): {}",
                review.without_shift.len()
            ),
            review.without_shift.iter().map(|gap| format!("{} {} {}", gap.day, gap.unit.code, gap.unit.name)),
        );
    }
    output::line(&format!("没有电话的责任人 / people without telephone: {without_phone}"));
}

/// Prints where cases ended higher up than they should have, most frequent first.
pub(super) fn case_gaps(ground: &Ground, gaps: &[GapRow]) {
    section(
        &format!("案件遇到的责任空缺 / gaps that cases fell through: {}", gaps.len()),
        gaps.iter().map(|gap| {
            let (name, at) = (words::unit_name(ground, &gap.unit_code, Lang::Zh), words::local(ground, gap.last_at));
            format!(
                "{} {name} {}：{} 件，最近 {}（{at}） / {}, cases: {}",
                gap.unit_code,
                words::gap_kind(&gap.kind, Lang::Zh),
                gap.cases,
                gap.last_alert,
                words::gap_kind(&gap.kind, Lang::En),
                gap.cases,
            )
        }),
    );
}

fn section(title: &str, lines: impl ExactSizeIterator<Item = String>) {
    output::line(title);
    let rest = lines.len().saturating_sub(SHOWN);
    for line in lines.take(SHOWN) {
        output::line(&format!("  {line}"));
    }
    if rest > 0 {
        output::line(&format!("  … 另有 {rest} 项，见 --json / {rest} more, see --json"));
    }
}
