//! Burning in order: why an act on a plan, a row of a file or a level of burn weather is refused, and what stands
//! against lighting.

use super::{Label, Say, Sentence, Words, beside, client_id_taken, level_zh, sentence, words};
use crate::domain::burning::{Area, BadValue, BurningRefusal, Hindrance, MAX_AREA_MU, ids, spans};
use crate::domain::plan::PlanStatus;
use crate::store::{ImportError, PlanError, TakenUp, WeatherError};

impl Say for BurningRefusal {
    fn say(&self) -> Sentence {
        match self {
            Self::Status { plan, status, act } => {
                let (act, allowed) = (act.label(), allowed(*status));
                sentence(
                    format!("计划{plan}现为“{}”，不能“{}”；现在可以：{}", status.label().zh, act.zh, allowed.zh),
                    format!(
                        "plan {plan} is {}, which does not allow: {}; allowed now: {}",
                        status.name(),
                        act.en,
                        allowed.en
                    ),
                )
            }
            Self::NotAbove { actor, unit, of } => sentence(
                format!("{actor}代表的单位{unit}不是计划单位{of}或其上级"),
                format!("{self}: act for a unit of its line (--as NAME@UNIT)"),
            ),
            Self::Level { act, needed, found, unit } => {
                let act = act.label();
                sentence(
                    format!("“{}”须由{}及以上单位办理，{unit}为{}级", act.zh, level_zh(*needed), level_zh(*found)),
                    format!(
                        "{} needs a unit of {} level or above; {unit} is a {}",
                        act.en,
                        needed.name(),
                        found.name()
                    ),
                )
            }
            Self::OwnPlan { actor, plan } => {
                beside(format!("{actor}（或所用账号）是计划{plan}的申请人或烧除负责人，不能审核自己的计划"), self)
            }
            Self::NoUnit(unit) => beside(format!("现行区划版本中没有单位{unit}"), self),
            Self::Value(value) => value.say(),
        }
    }
}

/// What may be done to a plan of a status.
fn allowed(status: PlanStatus) -> Words {
    match status {
        PlanStatus::Applied => words("批准、不予批准、撤回计划", "approve, refuse, withdraw"),
        PlanStatus::Approved => words("下达当日烧除指令、撤回计划", "order, withdraw"),
        PlanStatus::Ordered => {
            words("另日再下达指令、撤回指令、点火、撤回计划", "order another day, take back an order, light, withdraw")
        }
        PlanStatus::Lit => words(
            "完成、另日再下达指令、撤回尚未点火的指令",
            "report done, order another day, take back an order not yet lit",
        ),
        PlanStatus::Refused | PlanStatus::Done | PlanStatus::Withdrawn => {
            words("无，该计划已办结，请另行申请", "nothing, it has ended; apply for a new plan")
        }
    }
}

impl Say for BadValue {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Id => "计划编号须为1至64个字符".to_owned(),
            Self::EmptyWindow { from, to } => format!("烧除时段的结束{to}不晚于开始{from}"),
            Self::Year { from, to, .. } => format!("烧除时段{from}至{to}的年份不可信"),
            Self::NobodyResponsible => "没有烧除负责人".to_owned(),
            Self::Area { of, mu } => {
                let area = match of {
                    Area::Planned => "计划面积",
                    Area::Burnt => "实际烧除面积",
                };
                format!("{area}为{mu}亩，应大于0且不超过{MAX_AREA_MU}亩")
            }
            Self::Claim { claimed, now } => {
                format!("所称时间{claimed}与服务器时间{now}不符，只能补录72小时以内的操作")
            }
            Self::OrderSpan { from, to } => {
                format!("指令时段{from}至{to}不成立：结束须晚于开始，且一道指令不超过24小时")
            }
            Self::PastOrder(to) => format!("指令时段已于{to}结束，不能补发指令"),
            Self::OutsideWindow { from, to } => format!("指令时段超出计划时段{from}至{to}"),
            Self::Overlap { id, from, to } => format!("与已下达的指令{id}（{from}至{to}）重叠，请先撤回"),
            Self::NothingToTakeBack => "没有可以撤回的指令：已点火、已过时段或已撤回的指令不能撤回".to_owned(),
            Self::NotToTakeBack { possible } => {
                format!("该指令不能撤回（已点火、已过时段、已撤回或不属于本计划）；可撤回：{}", ids(possible))
            }
            Self::WhichOrder(orders) => {
                let orders = ids(orders);
                return sentence(
                    format!("有多道指令，请用 --order 指明：{orders}"),
                    format!("several orders stand, name one with --order: {orders}"),
                );
            }
            Self::NoOrderRuns { at, orders } => {
                format!("{at}不在任何指令时段内（{}），不能点火", spans(orders, "至"))
            }
            Self::LitOutsideWindow { at, from, to } => format!("{at}不在计划时段{from}至{to}内，不能点火"),
        };
        beside(zh, self)
    }
}

impl Say for Hindrance {
    fn say(&self) -> Sentence {
        match self {
            // Short words where the long refusal of an act would say less to a farmer.
            Self::Status(status) => match status {
                PlanStatus::Applied => words("计划尚未批准", "the plan is not approved yet"),
                PlanStatus::Approved | PlanStatus::Ordered => {
                    words("尚无当日烧除指令", "there is no order of the day yet")
                }
                PlanStatus::Refused => words("计划未获批准", "the plan was refused"),
                PlanStatus::Lit => words("已点火", "it is lit already"),
                PlanStatus::Done => words("已完成", "it is done"),
                PlanStatus::Withdrawn => words("计划已撤回", "the plan was withdrawn"),
            }
            .into(),
            Self::Refused(refusal) => refusal.say(),
            Self::Closure { name, until } => {
                let until = until.strftime("%Y-%m-%d %H:%M");
                sentence(
                    format!("管控时段“{name}”内禁止烧除，至{until}"),
                    format!("the closure {name} runs until {until}"),
                )
            }
            Self::Hours(hours) => {
                let (from, to) = hours.texts();
                sentence(
                    format!("现在不在允许烧除的时段{from}-{to}内"),
                    format!("it is outside the permitted hours {from}-{to}"),
                )
            }
            Self::NoWeather => {
                words("今日焚烧气象等级尚未录入", "today's burn-weather level is not recorded yet").into()
            }
            Self::Weather { level, highest } => sentence(
                format!("今日焚烧气象等级为{level}，高于允许的{highest}"),
                format!("today's burn-weather level is {level}, above the permitted {highest}"),
            ),
        }
    }
}

impl Say for PlanError {
    fn say(&self) -> Sentence {
        match self {
            Self::Unknown(id) => {
                sentence(format!("没有编号为{id}的烧除计划"), format!("{self}; `firegrid plans list` shows them"))
            }
            Self::NotInTheField => beside("网格员账号不能审核计划、下达指令", self),
            Self::Exists(id) => beside(format!("已有编号为{id}的烧除计划"), self),
            Self::Refused(refusal) => refusal.say(),
            Self::ClientIdTaken(id) => client_id_taken(id),
            Self::Store(error) => error.say(),
        }
    }
}

impl Say for ImportError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Refused(refusal) => return refusal.say(),
            Self::ClientIdTaken(id) => return client_id_taken(id),
            Self::IdTaken(id) => format!("编号{id}不可用，请换一个编号"),
            Self::OfRegion { id, differing } => {
                format!("计划{id}来自区域文件 burn_plans.csv，与本行不同（{differing}），请改区域文件")
            }
            Self::ActedOn { id, differing } => format!("计划{id}已在系统内办理，不能再由文件更改（{differing}）"),
            Self::Differs { id, differing } => {
                return sentence(
                    format!("计划{id}已存在且内容不同（{differing}）；确需更新请加 --update"),
                    format!("{self}: --update replaces it"),
                );
            }
        };
        beside(zh, self)
    }
}

impl Label for TakenUp {
    fn label(self) -> Words {
        match self {
            Self::Believed => words("首次载入，按表内批准时间采信", "first version: believed as written"),
            Self::Received => words("新增，接收时间为本次启用时间", "new: received now"),
            Self::Changed => words("表内内容有变，已更新", "changed: taken up now"),
            Self::Kept => {
                words("表内内容有变，但已在系统内办理，保持不变", "changed in the file, but acted on here: kept")
            }
            Self::Absent => words("表内已无此计划，保留", "no longer in the file: kept"),
        }
    }
}

impl Say for WeatherError {
    fn say(&self) -> Sentence {
        match self {
            Self::Level(level) => beside(format!("焚烧气象等级为{level}，应为1至4"), self),
            Self::Refused(refusal) => refusal.say(),
            Self::ClientIdTaken(id) => client_id_taken(id),
            Self::Store(error) => error.say(),
        }
    }
}
