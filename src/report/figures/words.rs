//! What stands beside the numbers: whose they are, and why they differ.

use super::Figures;
use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::report::words::unit_name;
use crate::words::Lang;

impl Figures {
    /// The total, titled by the ground that was counted: `洮北区合计`.
    #[must_use]
    pub fn title(&self, ground: &Ground, lang: Lang) -> String {
        let name = unit_name(ground, &self.unit_code, lang);
        match lang {
            Lang::Zh => format!("{name}合计"),
            Lang::En => format!("{name}, total"),
        }
    }

    /// The name of a line of what lies right below.
    #[must_use]
    pub fn name_of(&self, code: Option<&UnitCode>, ground: &Ground, lang: Lang) -> String {
        let Some(code) = code else {
            let words = match level_below(ground, &self.unit_code) {
                Some(UnitLevel::County) => ("未归县（市、区）", "no county"),
                Some(UnitLevel::Township) => ("未归乡镇", "no township"),
                _ => ("未归村（网格）", "no village or cell"),
            };
            return lang.pick(words.0, words.1).to_owned();
        };
        unit_name(ground, code, lang)
    }

    /// The numbers in one sentence.
    #[must_use]
    pub fn sentence(&self, ground: &Ground, lang: Lang) -> String {
        let (title, total) = (self.title(ground, lang), &self.total);
        match lang {
            Lang::Zh => format!(
                "{title}：热异常像元 {} 个，疑似火点 {} 处，告警 {} 件",
                total.pixels, total.fires, total.alerts
            ),
            Lang::En => {
                format!("{title}: {} pixels, {} suspected fires, {} alerts", total.pixels, total.fires, total.alerts)
            }
        }
    }

    /// Why there are more or fewer alerts than fires, and which pixels belong to fires that are not in the total; what
    /// is not so is not said.
    #[must_use]
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let why = &self.reasons;
        let said = |notes: &[(u64, &str, &str)]| {
            let told = notes.iter().filter(|(n, ..)| *n > 0);
            let texts: Vec<_> = told.map(|(n, zh, en)| lang.pick(zh, en).replace("{n}", &n.to_string())).collect();
            texts.join(lang.pick("，", ", "))
        };
        let alerts = said(&[
            (
                why.crossing_fires,
                "其中跨界 {n} 处分办（多 {more} 件）",
                "{n} fires across a border have an alert for each side ({more} more)",
            ),
            (
                why.without_alert,
                "{n} 处未生成告警（计划烧除、固定热源、历史数据等）",
                "{n} without an alert (planned, heat source, archive)",
            ),
            (why.worked_elsewhere, "{n} 处由辖区外单位承办", "{n} worked by units of other ground"),
            (why.of_earlier_fires, "{n} 件属于此前已列出的火点", "{n} alerts of fires listed earlier"),
            (why.of_fires_elsewhere, "{n} 件的火点主体在辖区外", "{n} alerts of fires that lie on other ground"),
            (why.of_other_verdict, "{n} 件的火点为其他判定", "{n} alerts of fires of another verdict"),
            (why.reported, "{n} 件为人工上报", "{n} reported by people"),
        ])
        .replace("{more}", &why.further_alerts.to_string());
        let pixels = said(&[
            (
                why.pixels_of_earlier_fires,
                "{n} 个属于此前已列出的火点（延续燃烧）",
                "{n} belong to fires listed earlier, which burn on",
            ),
            (why.pixels_of_fires_elsewhere, "{n} 个的火点主体在辖区外", "{n} belong to fires that lie on other ground"),
        ]);
        let titled = |zh, en, text: String| (!text.is_empty()).then(|| format!("{}{text}", lang.pick(zh, en)));
        let alerts = titled("告警与疑似火点：", "Alerts and fires: ", alerts);
        alerts.into_iter().chain(titled("热异常像元：", "Pixels: ", pixels)).collect()
    }
}

/// The level of the units right below one; `None` where nothing lies below.
#[must_use]
pub fn level_below(ground: &Ground, unit: &UnitCode) -> Option<UnitLevel> {
    ground.children(unit).map(|child| child.level).min()
}

/// What the units of a level are called in the head of a column.
#[must_use]
pub fn column_words(level: Option<UnitLevel>, lang: Lang) -> &'static str {
    let (zh, en) = match level {
        Some(UnitLevel::City) => ("市", "City"),
        Some(UnitLevel::County) => ("县（市、区）", "County"),
        Some(UnitLevel::Township) => ("乡镇", "Township"),
        Some(UnitLevel::Village) => ("村", "Village"),
        Some(UnitLevel::Hamlet) => ("屯", "Hamlet"),
        Some(UnitLevel::Grid) => ("网格", "Grid cell"),
        None => ("单位", "Unit"),
    };
    lang.pick(zh, en)
}
