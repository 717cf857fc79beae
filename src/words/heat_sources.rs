//! Fixed heat sources: why an approval is refused, and why a place is suggested.

use super::{Say, Sentence, beside, client_id_taken, level_zh, sentence};
use crate::domain::heat_approval::{HeatField, HeatRefusal};
use crate::domain::heat_source::MAX_RADIUS_M;
use crate::domain::heat_suggest::Suggestion;
use crate::store::HeatError;

impl Say for HeatRefusal {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::NoPerson => {
                return sentence(
                    "固定热源会使火点不再告警，须由代表某一单位的人员决定（--as 姓名@单位代码）",
                    format!("{self} (--as NAME@UNIT)"),
                );
            }
            Self::NoUnit(unit) => format!("本区域没有单位{unit}"),
            Self::NoRight { actor, unit, level } => {
                format!("{actor}无权为{unit}决定，须由{unit}本线{}级及以上单位办理", level_zh(*level))
            }
            Self::Empty { field: HeatField::Name } => "“名称”不能为空".to_owned(),
            Self::Empty { field: HeatField::Reason } => "“理由”不能为空".to_owned(),
            Self::Radius(metres) => format!("半径为{metres}米，应大于0且不超过{MAX_RADIUS_M}米"),
            Self::Expiry { expires, first, last } => {
                format!("截止日期为{expires}，应在{first}至{last}之间：批准期限不宜过长，到期前现场核查后续期")
            }
            Self::NameTaken { name, id } => format!("“{name}”已有有效批准{id}，请续期或另取名称"),
            Self::Unknown(id) => format!("没有编号为{id}的固定热源批准；区域文件中的热源请在文件中修改"),
            Self::Over { id, since } => format!("固定热源{id}自{since}起已失效，请现场核查后重新批准"),
        };
        beside(zh, self)
    }
}

impl Say for HeatError {
    fn say(&self) -> Sentence {
        match self {
            Self::Refused(refusal) => refusal.say(),
            Self::ClientIdTaken(id) => client_id_taken(id),
            Self::Store(error) => error.say(),
        }
    }
}

impl Say for Suggestion {
    fn say(&self) -> Sentence {
        let Self { days, median_frp_mw, frp_spread_mw, .. } = self;
        let percent = self.night_share * 100.0;
        sentence(
            format!(
                "有{days}天出现热异常，{percent:.0}%在夜间，火辐射功率中位数{median_frp_mw:.1}兆瓦、四分位距{frp_spread_mw:.1}兆瓦，\
                 疑为固定热源；须现场核实后批准"
            ),
            format!(
                "lit on {days} days, {percent:.0} % by night, median {median_frp_mw:.1} MW, quartiles {frp_spread_mw:.1} MW \
                 apart: looks like a fixed source; to be seen on site before anybody approves it"
            ),
        )
    }
}
