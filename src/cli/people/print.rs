//! `firegrid people check`, in words.

use super::super::output;
use crate::domain::chain::review::Review;
use crate::domain::ground::Ground;
use crate::store::GapRow;
use crate::words::commands::people as said;
use crate::words::{self, Label, Lang};

/// Lines shown of one list; the rest is counted.
const SHOWN: usize = 50;

/// Prints what has to be mended.
pub(super) fn review(review: &Review) {
    output::line(&said::counts(review));
    section(
        &said::without_holder(review.without_holder.len()),
        review.without_holder.iter().map(|unheld| {
            let unit = &unheld.unit;
            let stand = said::answers(unheld.answered_by.as_ref());
            format!("{} {} {}: {stand}", Lang::Zh.say(unit.level.label()), unit.code, unit.name)
        }),
    );
    section(
        &said::running_out(review.running_out.len()),
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
        &said::without_outline(review.without_outline.len()),
        review
            .without_outline
            .iter()
            .map(|unit| format!("{} {} {}", Lang::Zh.say(unit.level.label()), unit.code, unit.name)),
    );
    if review.desks == 0 {
        output::line(said::NO_ROSTER);
    } else {
        section(
            &said::without_shift(review.desks, review.without_shift.len()),
            review.without_shift.iter().map(|gap| format!("{} {} {}", gap.day, gap.unit.code, gap.unit.name)),
        );
    }
    output::line(&said::without_phone(review.without_phone));
}

/// Prints where alerts ended higher up than they should have, most frequent first.
pub(super) fn alert_gaps(ground: &Ground, gaps: &[GapRow]) {
    section(
        &said::gaps(gaps.len()),
        gaps.iter().map(|gap| {
            let (name, at) = (words::unit_name(ground, &gap.unit_code, Lang::Zh), words::local(ground, gap.last_at));
            let (zh, en) = (words::gap_kind(&gap.kind, Lang::Zh), words::gap_kind(&gap.kind, Lang::En));
            format!("{} {name} {}", gap.unit_code, said::gap((&zh, &en), gap.alerts, (&gap.last_alert.0, &at)))
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
        output::line(&format!("  {}", said::more(rest)));
    }
}
