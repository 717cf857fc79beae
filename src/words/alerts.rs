//! Why an act on an alert is refused, and why an alert is not taken.

use super::{Label, Say, Sentence, Words, beside, client_id_taken, sentence, words};
use crate::domain::alert::{ActKind, BadContent, Entitled, Refusal};
use crate::domain::unit::UnitLevel;
use crate::store::{ActError, AddError, BadTarget, Instead};

impl Say for Refusal {
    fn say(&self) -> Sentence {
        match self {
            Self::State { number, state, act, allowed } => {
                let labels: Vec<Words> = allowed.iter().map(|act| act.label()).collect();
                let list = |of: fn(&Words) -> &'static str, between: &str, nothing: &str| match labels.as_slice() {
                    [] => nothing.to_owned(),
                    labels => labels.iter().map(of).collect::<Vec<_>>().join(between),
                };
                let (zh, en) = (list(|w| w.zh, "、", "无"), list(|w| w.en, ", ", "nothing"));
                let asked = act.label();
                sentence(
                    format!("告警{number}现为“{}”，不能“{}”；现在可以：{zh}", state.label().zh, asked.zh),
                    format!("alert {number} is {}, no state to {} in; allowed: {en}", state.name(), asked.en),
                )
            }
            Self::Rights { number, act, unit, who } => {
                let (act, who) = (act.label(), who.label());
                sentence(
                    format!("告警{number}“{}”的办理权限：{}；{unit}无此权限", act.zh, who.zh),
                    format!("{} of alert {number} is for {}; {unit} is not", act.en, who.en),
                )
            }
            Self::OwnFinding { number, finder, finder_unit } => {
                beside(format!("告警{number}由{finder_unit}的{finder}反馈，反馈人、其单位及反馈所用账号不得审核"), self)
            }
            Self::Content { number, problem } => beside(format!("告警{number}：{}", content_zh(*problem)), self),
        }
    }
}

impl Label for Entitled {
    fn label(self) -> Words {
        match self {
            Self::Person => words("须由代表某一责任单位的人员办理", "a person acting for a unit"),
            Self::DeskAccount => words(
                "值班、办公账号；网格员账号只办理现场事项",
                "the account of a desk; an inspector works in the field",
            ),
            Self::Field => words(
                "责任单位及可能涉及单位的人员；上级代办须写明被代办人（--for）",
                "the people of the responsible unit and the candidates; a higher level names whom it acts for (--for)",
            ),
            Self::Desk => words("责任单位值班室及其上级", "the responsible unit's desk and the levels above"),
            Self::OwnOrAbove => words("责任单位及其上级", "the responsible unit and the levels above"),
            Self::Officer => words("责任单位或其上级的人员", "an officer of the responsible unit or above"),
            Self::Reviewer(UnitLevel::City) => words("市级", "the city"),
            Self::Reviewer(UnitLevel::County) => words("告警所在县区或市级", "the county or the city above the alert"),
            Self::Reviewer(UnitLevel::Township) => {
                words("告警所在乡镇、县区或市级", "the township, the county or the city above the alert")
            }
            Self::Reviewer(UnitLevel::Village | UnitLevel::Hamlet | UnitLevel::Grid) => {
                words("告警所在的审核层级单位", "a unit of the review level above the alert")
            }
            Self::Disputing => words(
                "责任单位及其下级，且须由其上级裁定；本单位内部请用改派",
                "the responsible unit and those below it, where a unit above them decides; your own units you reassign",
            ),
            Self::CommonSuperior => {
                words("双方的最低共同上级及以上", "the lowest common superior of both units, or above")
            }
        }
    }
}

fn content_zh(problem: BadContent) -> String {
    match problem {
        BadContent::NoPhoto => "火情、过火痕迹或“未发现”须附至少一张照片",
        BadContent::BurntArea => "过火面积应为不小于 0 的亩数",
        BadContent::StrawExcluded => "反馈为秸秆或根茬，不得排除；如有异议请退回补充",
        BadContent::Undecided => "归属异议尚未裁定，请先裁定",
        BadContent::NotRectified => "已下达整改，尚无整改结果",
        BadContent::DisputedAlready => "已有未裁定的归属异议",
        BadContent::NoUnit => "本区域没有该单位",
        BadContent::SameUnit => "告警已在该单位",
        BadContent::DispatchedAway => "只能派给责任单位及其下级人员；派给其他单位请用改派",
        BadContent::NoDispute => "没有待裁定的归属异议",
        BadContent::MergedIntoItself => "告警不能并入自身",
        BadContent::NoDetections => "请指明拆出的热异常像元",
        BadContent::NoRekindling => "本案没有疑似复燃关联",
        BadContent::Day(day) => return format!("日期“{day}”超出历法范围"),
    }
    .to_owned()
}

impl Say for ActError {
    fn say(&self) -> Sentence {
        match self {
            Self::Unknown(number) => {
                sentence(format!("没有编号为{number}的告警"), format!("{self}; `firegrid alerts list` shows them"))
            }
            Self::Gone { number, instead } => {
                let instead = match instead {
                    Instead::MergedInto(heir) => format!("已并入{heir}"),
                    Instead::Superseded => "卫星数据修订或重新判定后已被取代".to_owned(),
                    Instead::Either => "已并入其他告警或已被取代".to_owned(),
                };
                beside(format!("告警{number}已不再单独办理：{instead}"), self)
            }
            Self::Refused(refusal) => refusal.say(),
            Self::ForeignId(id) => client_id_taken(id),
            Self::Target { number, problem } => {
                let see = match problem {
                    BadTarget::ForeignDetection(_) => format!("; see `firegrid alerts show {number}`"),
                    _ => String::new(),
                };
                sentence(format!("告警{number}：{}", target_zh(problem)), format!("{self}{see}"))
            }
            Self::Store(error) => error.say(),
        }
    }
}

fn target_zh(problem: &BadTarget) -> String {
    match problem {
        BadTarget::NoPhoto(hash) => format!("照片{hash}未上传，请随反馈一并上传"),
        BadTarget::NoHeir(heir) => format!("没有编号为{heir}的告警可并入"),
        BadTarget::HeirGone(heir) => format!("{heir}已被并入或取代，请并入仍在办理的告警"),
        BadTarget::HeirOver { heir, state } => format!("{heir}{}，未结告警不得并入已结告警", state.label().zh),
        BadTarget::Graver(heir) => format!("判定重于{heir}，请反向合并，把{heir}并入本案"),
        BadTarget::Beside { heir, beside } => format!("{beside}是{heir}所在地同一火点的告警，请先把{heir}并入{beside}"),
        BadTarget::Unseen => "卫星未观测到本案火点，没有可拆分的像元".to_owned(),
        BadTarget::ForeignDetection(key) => format!("“{key}”不是本案火点的热异常像元"),
        BadTarget::NothingStays => "至少须保留一个热异常像元".to_owned(),
    }
}

impl Say for AddError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Outside { lon, lat } => {
                format!("位置{lon}，{lat}不在本市范围内，请核对顺序（经度在前）和坐标基准（WGS-84）")
            }
            Self::Future(at) => format!("发现时间{at}晚于当前时间"),
            Self::ReplyPast(day) => format!("答复期限{day}早于今日，请核对来信"),
            Self::Satellite => "卫星告警由数据源产生，不能人工录入".to_owned(),
            Self::Rights(unit) => format!("{unit}不属同一县区，请通知当地值班席位"),
            Self::ForeignId(id) => return client_id_taken(id),
            Self::Store(error) => return error.say(),
        };
        beside(zh, self)
    }
}

/// What stands on the button of an act.
#[must_use]
pub fn button(act: ActKind) -> Words {
    let label = act.label();
    let en = match act {
        ActKind::Acknowledge => "Acknowledge",
        ActKind::Arrive => "I have arrived",
        ActKind::PutOut => "It is put out",
        ActKind::Report => "Report the finding",
        _ => label.en,
    };
    words(label.zh, en)
}
