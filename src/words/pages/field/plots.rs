//! The plots that may burn today.

use crate::words::{Words, words};

pub(crate) const HOURS: Words = words("允许时段", "permitted hours");
pub(crate) const CLOSURE: Words = words("管控时段：", "Closure: ");
pub(crate) const NO_PLOT_TODAY: Words = words(
    "今天没有可以烧除的地块。没有计划和当日指令，不得点火。",
    "No plot may burn today. Without a plan and the order of the day nothing is lit.",
);
pub(crate) const WATCH_IT: Words = words("正在烧除，请看护", "It burns: watch it");
pub(crate) const DONE: Words = words("已完成", "Done");
pub(crate) const MAY_BE_LIT: Words = words("现在可以点火", "May be lit now");
pub(crate) const NOT_NOW: Words = words("现在不能点火", "Not now");
pub(crate) const AREA: Words = words("面积", "Area");
pub(crate) const ORDER: Words = words("当日指令", "Order");
pub(crate) const WEATHER: Words = words("气象等级", "Burn weather");
pub(crate) const LIGHT: Words = words("点火", "Light it");
pub(crate) const FINISH: Words = words("烧除完成", "It is done");
pub(crate) const BURNT_AREA_FIELD: Words = words("实际烧除面积", "the burnt area");
pub(crate) const PLAN_FIELD: Words = words("计划", "the plan");
pub(crate) const LIT_NOTED: Words = words(
    "已记录点火。请看护到火熄，再填报完成面积。",
    "Lighting is noted. Watch it until it is out, then report the area.",
);
pub(crate) const DONE_NOTED: Words = words("已记录完成。", "Noted as done.");
