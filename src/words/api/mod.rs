//! The document of the API, in the words of people: calls, parameters, heads, and the examples of bodies.

pub(crate) mod alerts;
pub(crate) mod burning;
pub(crate) mod day;
pub(crate) mod examples;
pub(crate) mod heads;
pub(crate) mod layers;
pub(crate) mod map;
pub(crate) mod office;
pub(crate) mod photos;
pub(crate) mod refusals;
pub(crate) mod shared;

use super::{Words, words};

/// What the document is about.
pub(crate) const ABOUT: Words = words("秸秆焚烧火点监测", "suspected straw-burning fire points, alerts, burn plans");

/// The groups of calls, by their tags.
pub(crate) const TAGS: [(&str, Words); 5] = [
    ("day", words("当日火点", "pictures of the day")),
    ("cases", words("告警", "alerts")),
    ("photos", words("照片", "photos, whole or in parts")),
    ("burning", words("计划烧除", "burning in order")),
    ("office", words("人员、数据源、审计、账号", "people, feeds, log, accounts")),
];
