//! `firegrid explain`.

use crate::domain::time::Date;
use crate::words::{Sentence, Words, sentence, words};

/// Arguments that are no place.
pub(crate) const NOT_DEGREES: Words = words("参数应为经度、纬度（度）", "the arguments are LON LAT in degrees");

/// A place that nobody is asked about.
pub(crate) const OUTSIDE: Words = words("位于本市及邻近带之外", "outside the city and its belt");

/// The burn-weather level of a day, where one is recorded.
pub(crate) fn weather(level: Option<(Date, u8)>) -> Sentence {
    match level {
        Some((date, level)) => {
            sentence(format!("{date}焚烧气象等级{level}级"), format!("burn-weather level {level} on {date}"))
        }
        None => sentence("当日焚烧气象等级未登记", "burn-weather level not recorded"),
    }
}
