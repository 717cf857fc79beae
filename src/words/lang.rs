//! The two languages of everything people read.

use super::{Label, Words};
use crate::domain::nearest::NearestPlace;
use crate::domain::observation::Confidence;
use crate::domain::verdict::Verdict;

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

    /// The verdict of an alert in words; an alert without a fire is a problem.
    #[must_use]
    pub fn alert_verdict(self, verdict: Option<Verdict>) -> &'static str {
        verdict.map_or(self.pick("问题线索", "problem, no fire"), |verdict| self.say(verdict.label()))
    }

    /// The verdict in a word or two, for table heads and map keys.
    #[must_use]
    pub fn verdict_short(self, verdict: Verdict) -> &'static str {
        match self {
            Self::Zh => verdict.label().zh,
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
