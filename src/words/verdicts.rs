//! Why a detection got its verdict: the rule that decided with its dates, and what does not fit of a burn plan.

use super::{Label, Say, Sentence, sentence, words};
use crate::domain::ground::whole_percent;
use crate::domain::landcover::CoverShare;
use crate::domain::plan::PlanStatus;
use crate::domain::time::{Date, DateTime};
use crate::domain::verdict::{GroundRule, LateWhat, Misfit, OrderSpan, OutsideRule, PlanMatch, Reason, ZoneRule};
use crate::domain::zone::ZoneClass;

impl Say for Reason {
    fn say(&self) -> Sentence {
        match self {
            Self::Zone(zone) => {
                let (place, dates, limited) = (zone_place(zone), zone_dates(zone), zone.class == ZoneClass::Limited);
                let (zh, en) =
                    if limited { ("，且无匹配的烧除计划", ", no burn plan matches") } else { ("", "") };
                sentence(format!("{}{zh}；{}", place.zh, dates.zh), format!("{}{en}; {}", place.en, dates.en))
            }
            Self::OutsideZones(outside) => {
                let (ground, limited) = (outside_ground(outside.class), outside.class == ZoneClass::Limited);
                let (zh, en) =
                    if limited { ("，且无匹配的烧除计划", ", and no burn plan matches") } else { ("", "") };
                let dates = dates(outside.season.as_deref(), None, None);
                sentence(format!("{}{zh}；{}", ground.zh, dates.zh), format!("{}{en}; {}", ground.en, dates.en))
            }
            Self::Closure { name, from, to, basis, ground } => {
                let (span, ground) = (span(*from, *to), ground_rule(ground));
                let basis = |lead| basis.as_ref().map(|basis| format!("{lead}{basis}")).unwrap_or_default();
                let (zh, en) = (basis("，依据："), basis(", basis: "));
                sentence(
                    format!("处于重点管控时段“{name}”（{}{zh}），限烧地面按禁烧区管理；该处平时{}", span.zh, ground.zh),
                    format!(
                        "during the closure {name} ({}{en}) limited ground counts as banned; otherwise {}",
                        span.en, ground.en
                    ),
                )
            }
            Self::Planned { plan, ground } => {
                let (id, unit, papers, ground) = (&plan.plan, &plan.unit_name, papers(plan), ground_rule(ground));
                sentence(
                    format!("符合烧除计划{id}（{unit}）：{}；{}", papers.zh, ground.zh),
                    format!("as planned in {id} ({unit}): {}; {}", papers.en, ground.en),
                )
            }
            Self::OffPlan { plan, ground } => off_plan(plan, &ground_rule(ground)),
            Self::HeatSource { id, name, distance_km, expires } => sentence(
                format!("位于已批准固定热源{name}（{id}）{distance_km:.2}公里内，批准有效期至{expires}"),
                format!("{distance_km:.2} km from the approved heat source {name} ({id}), approved until {expires}"),
            ),
            Self::NoRule { not_in_force } if not_in_force.is_empty() => {
                words("当日该处没有生效的禁烧或限烧规定", "no rule was in force there that day").into()
            }
            Self::NoRule { not_in_force } => sentence(
                format!("当日该处没有生效的规定；所在区域{}不在有效期或季节内", not_in_force.join("、")),
                format!("no rule was in force there that day; {} out of season or dates", not_in_force.join(", ")),
            ),
            Self::Neighbour { distance_km, belt_km } => sentence(
                format!("位于市界外{distance_km:.1}公里，在{belt_km}公里邻近带内"),
                format!("{distance_km:.1} km outside the city, within the belt of {belt_km} km"),
            ),
        }
    }
}

fn off_plan(plan: &PlanMatch, ground: &Sentence) -> Sentence {
    let misfits: Vec<Sentence> = plan.misfits.iter().map(Say::say).collect();
    let (zh, en): (Vec<_>, Vec<_>) = misfits.into_iter().map(|misfit| (misfit.zh, misfit.en)).unzip();
    let lack = if plan.lacks_weather() {
        ("；当日焚烧气象等级未登记", "; no burn-weather level recorded that day")
    } else {
        ("", "")
    };
    let (id, unit, window) = (&plan.plan, &plan.unit_name, span(plan.window_from, plan.window_to));
    sentence(
        format!("未按烧除计划{id}（{unit}，{}）烧除：{}{}；{}", window.zh, zh.join("；"), lack.0, ground.zh),
        format!("not as planned in {id} ({unit}, {}): {}{}; {}", window.en, en.join("; "), lack.1, ground.en),
    )
}

/// Everything that fits, of a plan that fits.
fn papers(plan: &PlanMatch) -> Sentence {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let mut add = |said: Sentence| {
        zh.push(said.zh);
        en.push(said.en);
    };
    if let Some(at) = plan.approved_at.map(day_minute) {
        add(sentence(format!("{at}批准"), format!("approved {at}")));
    }
    let window = span(plan.window_from, plan.window_to);
    add(sentence(format!("计划时段{}", window.zh), format!("window {}", window.en)));
    if let Some(order) = &plan.order {
        let order = span(order.from, order.to);
        add(sentence(format!("烧除指令{}", order.zh), format!("order {}", order.en)));
    }
    if let Some(max) = plan.max_weather_level {
        add(match &plan.weather {
            Some(weather) => sentence(
                format!("焚烧气象等级{}级（允许不高于{max}级）", weather.level),
                format!("burn-weather level {} (permitted up to {max})", weather.level),
            ),
            None => words("当日焚烧气象等级未登记", "no burn-weather level recorded that day").into(),
        });
    }
    sentence(zh.join("，"), en.join(", "))
}

impl Say for Misfit {
    fn say(&self) -> Sentence {
        match self {
            Self::Plot { distance_km: Some(km), tolerance_km } => sentence(
                format!("地块不符：距计划地块{km:.2}公里，超过半个像元（{tolerance_km:.2}公里）"),
                format!("off the plot: {km:.2} km away, more than half a pixel ({tolerance_km:.2} km)"),
            ),
            Self::Plot { distance_km: None, .. } => words(
                "地块无法核对：计划未附地块，所属单位也没有边界",
                "the plot cannot be checked: the plan has none, and its unit has no outline",
            )
            .into(),
            Self::Window { at, from, to } => {
                let (at, span) = (day_minute(*at), span(*from, *to));
                sentence(
                    format!("不在计划时段内：观测时间{at}，计划时段{}", span.zh),
                    format!("outside the window: seen {at}, window {}", span.en),
                )
            }
            Self::Hour { at, hours } => {
                let (at, (from, to)) = (at.strftime("%H:%M"), hours.texts());
                sentence(
                    format!("不在允许时段内：观测时间{at}，每日允许{from}至{to}"),
                    format!("outside the permitted hours: seen {at}, permitted {from} to {to}"),
                )
            }
            Self::Weather { weather, max } => {
                let (level, day) = (weather.level, weather.date);
                sentence(
                    format!("气象条件不符：{day}焚烧气象等级{level}级，允许不高于{max}级"),
                    format!("burn weather: level {level} on {day}, permitted up to {max}"),
                )
            }
            Self::NoOrder { nearest } => no_order(nearest.as_ref()),
            Self::Late { what, at } => {
                let at = day_minute(*at);
                let what = match what {
                    LateWhat::Plan => words("计划报送", "the plan was received"),
                    LateWhat::Approval => words("计划批准", "the plan was approved"),
                    LateWhat::Order => words("烧除指令下达", "the order was issued"),
                };
                sentence(
                    format!("{}（{at}）晚于观测时间", what.zh),
                    format!("{} only on {at}, after the fire was seen", what.en),
                )
            }
            Self::NotApproved { status: PlanStatus::Refused } => {
                words("计划审核未通过", "the plan had been refused").into()
            }
            Self::NotApproved { .. } => words("计划已申请，尚未批准", "the plan had only been applied for").into(),
            Self::BanShare { share } => {
                let percent = whole_percent(*share);
                sentence(
                    format!("像元范围内禁烧区占{percent:.0}%（须低于10%）"),
                    format!("{percent:.0} % of the pixel is banned ground (must be under 10 %)"),
                )
            }
        }
    }
}

fn no_order(nearest: Option<&OrderSpan>) -> Sentence {
    let Some(order) = nearest else {
        return words("无当日烧除指令", "no order of the day").into();
    };
    let span = span(order.from, order.to);
    match order.withdrawn_at.map(day_minute) {
        Some(at) => sentence(
            format!("无有效的烧除指令：{}的指令已于{at}撤回", span.zh),
            format!("no order in force: the order for {} had been withdrawn on {at}", span.en),
        ),
        None => sentence(
            format!("无有效的烧除指令：指令时段为{}", span.zh),
            format!("no order in force: the order was for {}", span.en),
        ),
    }
}

fn ground_rule(rule: &GroundRule) -> Sentence {
    let (place, dates) = match rule {
        GroundRule::Zone(zone) => (zone_place(zone), zone_dates(zone)),
        GroundRule::OutsideZones(OutsideRule { class, season }) => {
            (outside_ground(*class), dates(season.as_deref(), None, None))
        }
    };
    sentence(format!("{}；{}", place.zh, dates.zh), format!("{}; {}", place.en, dates.en))
}

fn zone_place(zone: &ZoneRule) -> Sentence {
    let (class, name) = (zone.class.label(), &zone.name);
    sentence(format!("位于{}“{name}”内", class.zh), format!("inside {name} ({}), {}", zone.id, class.en))
}

fn zone_dates(zone: &ZoneRule) -> Sentence {
    let Sentence { zh, en } = dates(zone.season.as_deref(), zone.valid_from, zone.valid_to);
    let tail = |lead: &str, text: Option<&str>| text.map(|text| format!("{lead}{text}")).unwrap_or_default();
    let (basis, authority) = (zone.basis.as_deref(), zone.authority.as_deref());
    sentence(
        format!("{zh}{}{}", tail("；依据：", basis), tail("；划定单位：", authority)),
        format!("{en}{}{}", tail("; basis: ", basis), tail("; drawn by ", authority)),
    )
}

fn outside_ground(class: ZoneClass) -> Sentence {
    match class {
        ZoneClass::Ban => words(
            "位于已划区域之外，全市此类地面按禁烧区管理",
            "outside every drawn zone, which counts as banned ground",
        ),
        ZoneClass::Limited => {
            words("位于已划区域之外，按限烧区管理", "outside every drawn zone, which counts as limited ground")
        }
    }
    .into()
}

/// When a rule holds: its season and its inclusive days.
fn dates(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> Sentence {
    let season = season.map_or_else(
        || words("全年有效", "all year").into(),
        |season| sentence(format!("季节 {season}"), format!("season {season}")),
    );
    let (zh, en) = match (from, to) {
        (None, None) => return season,
        (Some(from), None) => (format!("自{from}起"), format!("from {from}")),
        (None, Some(to)) => (format!("至{to}止"), format!("until {to}")),
        (Some(from), Some(to)) => (format!("{from}至{to}"), format!("{from} to {to}")),
    };
    sentence(format!("{}，{zh}", season.zh), format!("{}, {en}", season.en))
}

/// `2026-04-13 08:00`
fn day_minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-04-13 08:00至16:00`, with the second day where it is another.
fn span(from: DateTime, to: DateTime) -> Sentence {
    let end = if from.date() == to.date() { to.strftime("%H:%M").to_string() } else { day_minute(to) };
    let from = day_minute(from);
    sentence(format!("{from}至{end}"), format!("{from} to {end}"))
}

/// What is said with a verdict of a leading kind of land cover that is not cropland.
#[must_use]
pub fn not_straw(cover: CoverShare) -> Sentence {
    let (class, percent) = (cover.class.label(), whole_percent(cover.share));
    sentence(
        format!("像元范围以{}为主（{percent:.0}%），不是秸秆地块", class.zh),
        format!("the pixel is mostly {} ({percent:.0} %), not straw ground", class.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::landcover::CoverClass;

    #[test]
    fn a_leading_kind_other_than_cropland_is_said_in_both_languages() {
        let reed = CoverShare { class: CoverClass::Wetland, share: 0.724 };
        let expected =
            sentence("像元范围以湿地为主（72%），不是秸秆地块", "the pixel is mostly wetland (72 %), not straw ground");
        assert_eq!(not_straw(reed), expected);
    }
}
