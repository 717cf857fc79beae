//! What is wrong with what was typed into a form: which field is meant, and what was expected.

use super::{Sentence, Words, sentence, words};

pub(crate) const TIME_FIELD: Words = words("时间", "the time");
pub(crate) const LONGITUDE_FIELD: Words = words("经度", "the longitude");
pub(crate) const LATITUDE_FIELD: Words = words("纬度", "the latitude");
pub(crate) const CONTROL_CHARACTER: Words = words("内容含有控制字符", "a field holds a control character");
pub(crate) const BOTH_COORDINATES: Words = words("经度和纬度须同时填写", "longitude and latitude go together");

/// A field that has to be filled in was not.
pub(crate) fn not_filled_in(field: Words) -> Sentence {
    sentence(format!("请填写“{}”", field.zh), format!("fill in: {}", field.en))
}

/// A field that is no number.
pub(crate) fn no_number(field: Words, text: &str) -> Sentence {
    sentence(format!("“{}”应为数字，而不是“{text}”", field.zh), format!("{}: a number, not {text:?}", field.en))
}

/// A field that is no moment.
pub(crate) fn no_moment(field: Words, text: &str) -> Sentence {
    sentence(
        format!("“{}”应为日期和时间，如2026-10-10 08:00，而不是“{text}”", field.zh),
        format!("{}: a date and time as 2026-10-10 08:00, not {text:?}", field.en),
    )
}

pub(crate) fn too_long(most: usize) -> Sentence {
    sentence(format!("内容超过{most}个字符"), format!("a field has more than {most} characters"))
}

pub(crate) fn too_many_photos(most: usize) -> Sentence {
    sentence(format!("一次最多{most}张照片"), format!("at most {most} photos at once"))
}

/// Two numbers that are no place; `why` says which one is out of what.
pub(crate) fn not_on_earth(lon: f64, lat: f64, why: &str) -> Sentence {
    sentence(
        format!("经度{lon}、纬度{lat}不在地球上，请核对（经度约122，纬度约45）"),
        format!("{why}: check the two numbers"),
    )
}

/// When something is said to have happened that lies too far from the present.
pub(crate) fn claimed_too_far(at: &str) -> Sentence {
    sentence(
        format!("所称发生时间{at}与现在相差超过72小时"),
        format!("happened_at is {at}, more than 72 hours from now: leave it out and say it in the note"),
    )
}

pub(crate) fn no_such_unit(code: &str) -> Sentence {
    sentence(format!("本区域没有代码为“{code}”的单位"), format!("this region has no unit with the code “{code}”"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::pages::{plans, review};

    #[test]
    fn a_refusal_names_the_field_in_both_languages() {
        let said = |sentence: Sentence| sentence.to_string();
        assert_eq!(said(not_filled_in(review::REASON_FIELD)), "请填写“理由” · fill in: the reason");
        assert_eq!(
            said(no_number(plans::AREA_MU_FIELD, "many")),
            "“面积（亩）”应为数字，而不是“many” · area, mu: a number, not \"many\""
        );
        assert!(no_moment(TIME_FIELD, "x").zh.starts_with("“时间”应为日期和时间"));
    }
}
