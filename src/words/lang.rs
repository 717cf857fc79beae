//! The two languages of everything people read, and the words of the domain's types in both.

use super::Words;
use crate::domain::alert::AlertState;
use crate::domain::detection::Origin;
use crate::domain::freshness::Freshness;
use crate::domain::nearest::NearestPlace;
use crate::domain::observation::{Confidence, DayNight};
use crate::domain::unit::{Role, UnitLevel};
use crate::domain::verdict::{Reason, Verdict};
use crate::domain::zone::ZoneClass;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese, simplified; the first language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The text of this language out of a pair.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The words of this language.
    #[must_use]
    pub fn say(self, words: Words) -> &'static str {
        self.pick(words.zh, words.en)
    }

    /// A name in this language; the Chinese one where there is no English one.
    #[must_use]
    pub fn name<'a>(self, zh: &'a str, en: Option<&'a str>) -> &'a str {
        self.pick(zh, en.unwrap_or(zh))
    }

    /// The word of `?lang=`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language tag of the HTML `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The other language.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The language of a `?lang=` word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Zh, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// This language's half of a text that says it in both, Chinese first, as refusals do; else the text.
    #[must_use]
    pub fn of_both(self, text: &str) -> &str {
        match text.split_once(" · ") {
            Some((zh, en)) if !en.contains(" · ") => self.pick(zh, en),
            _ => text,
        }
    }

    /// The verdict in words.
    #[must_use]
    pub fn verdict(self, verdict: Verdict) -> &'static str {
        self.pick(verdict.label_zh(), verdict.label_en())
    }

    /// The verdict of a case in words; a case without a fire is a problem.
    #[must_use]
    pub fn case_verdict(self, verdict: Option<Verdict>) -> &'static str {
        verdict.map_or(self.pick("问题线索", "problem, no fire"), |verdict| self.verdict(verdict))
    }

    /// The verdict in a word or two, for table heads and map keys.
    #[must_use]
    pub fn verdict_short(self, verdict: Verdict) -> &'static str {
        match self {
            Self::Zh => verdict.label_zh(),
            Self::En => match verdict {
                Verdict::Banned => "in ban zone",
                Verdict::OffPlan => "off plan",
                Verdict::Unplanned => "unplanned",
                Verdict::Planned => "planned",
                Verdict::HeatSource => "heat source",
                Verdict::Unzoned => "no rule",
                Verdict::Neighbour => "outside city",
            },
        }
    }

    /// The reason in a sentence.
    #[must_use]
    pub fn reason(self, reason: &Reason) -> String {
        match self {
            Self::Zh => reason.text_zh(),
            Self::En => reason.text_en(),
        }
    }

    /// The state of a case.
    #[must_use]
    pub fn alert_state(self, state: AlertState) -> &'static str {
        self.pick(state.label_zh(), state.label_en())
    }

    /// The level of a unit.
    #[must_use]
    pub fn level(self, level: UnitLevel) -> &'static str {
        let (zh, en) = match level {
            UnitLevel::City => ("市", "city"),
            UnitLevel::County => ("县区", "county"),
            UnitLevel::Township => ("乡镇", "township"),
            UnitLevel::Village => ("村", "village"),
            UnitLevel::Hamlet => ("屯", "hamlet"),
            UnitLevel::Grid => ("网格", "grid cell"),
        };
        self.pick(zh, en)
    }

    /// What a person does for a unit.
    #[must_use]
    pub fn role(self, role: Role) -> &'static str {
        self.pick(role.label_zh(), role.name())
    }

    /// The class of a confidence.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> &'static str {
        let (zh, en) = match confidence.class() {
            Confidence::Unknown => ("未知", "unknown"),
            Confidence::Low => ("低", "low"),
            Confidence::Nominal => ("中", "nominal"),
            Confidence::High | Confidence::Percent(_) => ("高", "high"),
        };
        self.pick(zh, en)
    }

    /// Day or night.
    #[must_use]
    pub fn day_night(self, day_night: DayNight) -> &'static str {
        match day_night {
            DayNight::Day => self.pick("白天", "day"),
            DayNight::Night => self.pick("夜间", "night"),
        }
    }

    /// How a detection or case came to be recorded.
    #[must_use]
    pub fn origin(self, origin: Origin) -> &'static str {
        let (zh, en) = match origin {
            Origin::Live => ("实时", "live"),
            Origin::Late => ("迟到数据（超过24小时）", "late data (over 24 h)"),
            Origin::History => ("历史数据", "archive"),
        };
        self.pick(zh, en)
    }

    /// How far a feed can be believed.
    #[must_use]
    pub fn freshness(self, state: Freshness) -> &'static str {
        self.pick(state.label_zh(), state.label_en())
    }

    /// The class of a zone.
    #[must_use]
    pub fn zone_class(self, class: ZoneClass) -> &'static str {
        match class {
            ZoneClass::Ban => self.pick("禁烧区", "burn-ban zone"),
            ZoneClass::Limited => self.pick("限烧区", "burn-limited zone"),
        }
    }

    /// One of eight directions, of degrees clockwise from north.
    #[must_use]
    pub fn direction(self, bearing_deg: f64) -> &'static str {
        const NAMES: [(&str, &str); 8] = [
            ("北", "north"),
            ("东北", "north-east"),
            ("东", "east"),
            ("东南", "south-east"),
            ("南", "south"),
            ("西南", "south-west"),
            ("西", "west"),
            ("西北", "north-west"),
        ];
        let bearing_deg = bearing_deg.rem_euclid(360.0);
        // Each direction reaches 22.5 degrees to both sides; north lies on both ends.
        let sector = (1_u8..).zip(NAMES.iter().skip(1)).find(|(i, _)| {
            let centre_deg = f64::from(*i) * 45.0;
            (centre_deg - 22.5..centre_deg + 22.5).contains(&bearing_deg)
        });
        let (zh, en) = sector.map_or(("北", "north"), |(_, names)| *names);
        self.pick(zh, en)
    }

    /// Where a position lies as seen from the nearest named place.
    #[must_use]
    pub fn nearest_place(self, place: &NearestPlace) -> String {
        let km = place.distance_km;
        match self {
            Self::Zh if km < 0.1 => format!("在{}", place.name),
            Self::Zh => format!("距{}{}{km:.1}公里", place.name, self.direction(place.bearing_deg)),
            Self::En => {
                let name = place.name_en.as_deref().unwrap_or(&place.name);
                if km < 0.1 {
                    return format!("at {name}");
                }
                format!("{km:.1} km {} of {name}", self.direction(place.bearing_deg))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_turn_clockwise_and_north_is_on_both_ends() {
        let cases = [
            (0.0, "北"),
            (22.4, "北"),
            (22.6, "东北"),
            (90.0, "东"),
            (181.0, "南"),
            (292.6, "西北"),
            (337.4, "西北"),
            (337.6, "北"),
            (359.9, "北"),
            (-45.0, "西北"),
        ];
        for (bearing_deg, expected) in cases {
            assert_eq!(Lang::Zh.direction(bearing_deg), expected, "{bearing_deg}");
        }
    }

    #[test]
    fn a_place_is_said_with_direction_and_distance_in_both_languages() {
        let mut place = NearestPlace {
            name: "到保镇".to_owned(),
            name_en: Some("Daobao".to_owned()),
            distance_km: 2.34,
            bearing_deg: 44.0,
        };
        assert_eq!(Lang::Zh.nearest_place(&place), "距到保镇东北2.3公里");
        assert_eq!(Lang::En.nearest_place(&place), "2.3 km north-east of Daobao");
        place.distance_km = 0.02;
        place.name_en = None;
        assert_eq!(Lang::Zh.nearest_place(&place), "在到保镇");
        assert_eq!(Lang::En.nearest_place(&place), "at 到保镇");
    }
}
