//! Accounts, whoever acts, telephones, desks and their shifts: what is wrong with what was said, and who answers.

use super::{Label, Lang, Say, Sentence, Words, beside, client_id_taken, level_zh, sentence};
use crate::credentials::{BadPassword, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS};
use crate::domain::account::{BadName, BadUnit};
use crate::domain::actor::ActorError;
use crate::domain::chain::{Gap, OnDuty};
use crate::domain::handover::{BadHandover, MAX_NAME_CHARS, MAX_NOTE_CHARS};
use crate::domain::phone::PhoneError;
use crate::domain::share::{Share, Spent};
use crate::store::{AccountError, HandoverError};

impl Say for AccountError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Unknown(name) => {
                return sentence(format!("没有账号“{name}”"), format!("{self}; `firegrid user list` shows them"));
            }
            Self::Taken(name) => format!("登录名“{name}”已被使用"),
            Self::Name(bad) => return bad.say(),
            Self::LastAdmin => "这是最后一个管理员账号，不能停用或改为其他角色".to_owned(),
            Self::Disabled(name) => format!("账号“{name}”已停用"),
            Self::Store(error) => return error.say(),
        };
        beside(zh, self)
    }
}

impl Say for BadName {
    fn say(&self) -> Sentence {
        beside(format!("登录名“{}”无效：2至40个字符，可用文字、数字和 . - _", self.0), self)
    }
}

impl Say for BadUnit {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Unknown(unit) => format!("本区域没有单位{unit}"),
            Self::Level(role, level) => format!("{}账号不能属于{}级单位", role.label().zh, level_zh(*level)),
        };
        beside(zh, self)
    }
}

impl Say for BadPassword {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Length => format!("密码应为{MIN_PASSWORD_CHARS}至{MAX_PASSWORD_CHARS}个字符"),
            Self::Guessable => "密码太容易被猜到，请换长一些、少见一些的".to_owned(),
        };
        beside(zh, self)
    }
}

impl Say for ActorError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Unknown(name) => format!("今日没有名为“{name}”的责任人，请写作“姓名@单位代码”"),
            Self::Ambiguous { name, units } => format!("“{name}”今日负责多个单位（{units}），请写作“姓名@单位代码”"),
            Self::NoUnit(unit) => format!("本区域没有单位{unit}"),
            Self::NoName(name) => format!("“{name}”不是人员姓名"),
        };
        beside(zh, self)
    }
}

/// What is wrong with the telephone number of a field.
#[must_use]
pub fn bad_phone(field_zh: &str, field_en: &str, problem: PhoneError) -> Sentence {
    let zh = match problem {
        PhoneError::Shortened => {
            "已被电子表格缩写（如1.00E+10），末位已丢失：请将该列设为文本格式后重新填写".to_owned()
        }
        PhoneError::NoNumber => {
            "不是电话号码：应为13900000000、0436-3222333这样的号码，多个号码用“/”隔开，没有则留空".to_owned()
        }
        PhoneError::Length(digits) => format!("有{digits}位数字，电话号码应为3至15位，多个号码用“/”隔开"),
        PhoneError::Mobile(digits) => {
            format!("有{digits}位数字且以1开头：手机号应为11位，带区号的号码以0开头")
        }
    };
    sentence(format!("“{field_zh}”{zh}"), format!("the {field_en} {problem}"))
}

impl Say for BadHandover {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Names => format!("请填写交班人和接班人姓名（不超过{MAX_NAME_CHARS}字）"),
            Self::SamePerson(name) => format!("交班人和接班人都是“{name}”"),
            Self::Note => format!("交接事项超过{MAX_NOTE_CHARS}字或含有控制字符"),
        };
        beside(zh, self)
    }
}

impl Say for HandoverError {
    fn say(&self) -> Sentence {
        match self {
            Self::Bad(bad) => bad.say(),
            Self::Foreign(unit) => beside(format!("单位{unit}不在您的辖区内"), self),
            Self::ClientIdTaken(id) => client_id_taken(id),
            Self::Store(error) => error.say(),
        }
    }
}

impl Say for Spent {
    fn say(&self) -> Sentence {
        let (most, mb) = (self.most, self.most / 1_000_000);
        match self.share {
            Share::Photos => sentence(
                format!("本账号24小时内已上传{most}张照片，达到上限，请稍后再传"),
                format!("this account has sent {most} photos within 24 hours, its share: send more later"),
            ),
            Share::PhotoBytes => sentence(
                format!("本账号24小时内上传的照片已达{mb} MB上限，请稍后再传，或调低相机分辨率"),
                format!(
                    "the photos of this account have reached {mb} MB within 24 hours, its share: send more later, or \
                     smaller ones"
                ),
            ),
            Share::Alerts => sentence(
                format!("本账号1小时内已上报{most}起，达到上限；紧急情况请打电话"),
                format!(
                    "this account has brought {most} alerts within an hour, its share; what is urgent goes by telephone"
                ),
            ),
            Share::Imports => sentence(
                format!("本账号1小时内已导入{most}次，达到上限，请稍后再试"),
                format!("this account has imported {most} tables within an hour, its share: try again later"),
            ),
        }
    }
}

impl Say for Gap {
    fn say(&self) -> Sentence {
        match self {
            Self::BetweenUnits { name, .. } => {
                sentence(format!("位于{name}下级单位之间的空隙"), format!("in a gap between the units below {name}"))
            }
            Self::NoOutline { name, undrawn, .. } => sentence(
                format!("{name}有{undrawn}个下级单位没有边界，无法确定到下级"),
                format!("{undrawn} units below {name} have no outline, so none of them can be named"),
            ),
            Self::NoHolder { name, .. } => {
                sentence(format!("{name}当日没有责任人"), format!("nobody holds {name} that day"))
            }
            Self::NoShift { name, .. } => {
                sentence(format!("{name}此时无人值班"), format!("no shift on duty at {name}"))
            }
        }
    }
}

/// Who; the gap words first where the desk itself had nobody on duty.
impl Say for OnDuty {
    fn say(&self) -> Sentence {
        let list = |of: fn(Words) -> &'static str, between: &str| {
            let people = self.people.iter().map(|person| format!("{} {}", of(person.seat.label()), person.name));
            people.collect::<Vec<_>>().join(between)
        };
        let people = sentence(list(|seat| seat.zh, "、"), list(|seat| seat.en, ", "));
        if self.gaps.is_empty() {
            return people;
        }
        let (zh, en): (Vec<_>, Vec<_>) = self.gaps.iter().map(Say::say).map(|gap| (gap.zh, gap.en)).unzip();
        let (gaps_zh, gaps_en) = (zh.join("，"), en.join(", "));
        if self.people.is_empty() {
            return sentence(format!("{gaps_zh}，无人可通知"), format!("{gaps_en}; nobody could be named"));
        }
        let unit = self.unit_name.as_deref().unwrap_or_default();
        sentence(
            format!("{gaps_zh}，由{unit}{}接收", people.zh),
            format!("{gaps_en}; taken by {} of {unit}", people.en),
        )
    }
}

/// Why an alert did not end with the people it should have, from the word of the store's list of gaps.
#[must_use]
pub fn gap_kind(kind: &str, lang: Lang) -> String {
    match kind {
        "no_holder" => lang.pick("没有责任人", "nobody holds it"),
        "no_lower_unit" => lang.pick("告警位置未划下级单位", "no lower unit where the alert lies"),
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_spent_share_is_said_in_both_languages() {
        for share in Share::ALL {
            let Sentence { zh, en } = Spent { share, most: 500_000_000, wait: Duration::ZERO }.say();
            assert!(zh.contains("500") && en.contains("500") && en.is_ascii(), "{zh} {en}");
        }
    }
}
