//! Every sentence people read, Chinese and English side by side, by subject; nobody else holds sentences.
//!
//! Domain and store carry data: an error says which alert and which state, and here stands how that is said. What is
//! fixed is a constant ([`Words`]); what holds names and figures is a function that returns a [`Sentence`], or
//! [`Say`] of the value that it tells of; the word for a value of an enum is its [`Label`]. Pages pick one language
//! ([`Lang::say`], [`Sentence::of`]); the command line prints both, Chinese first.

mod alert_log;
mod alerts;
pub(crate) mod api;
mod burning;
pub(crate) mod commands;
pub mod dropped_files;
mod errors;
mod events;
pub(crate) mod exports;
pub mod feeds;
pub mod figures;
pub mod file_faults;
pub(crate) mod forms;
mod heat_sources;
mod labels;
mod lang;
pub mod maps;
pub(crate) mod pages;
mod people;
mod photos;
mod places;
pub(crate) mod problems;
mod record;
pub mod region_files;
pub mod responsibility;
mod silence;
mod verdicts;

use std::fmt;

pub use alert_log::{actor, claimed, clock_state, event, event_detail, finding_line, look_back, on_duty};
pub use alerts::button;
pub use errors::{chain, of_error};
pub use events::plan_event;
pub use labels::level_zh;
pub use lang::Lang;
pub use people::{bad_phone, gap_kind};
pub use places::{dms, full_name, local, unit_name};
pub use silence::{age_text, doubt_text, outcome, silence_text};
pub use verdicts::not_straw;

/// Fixed words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// The same words in both languages, Chinese first.
pub(crate) const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {}", self.zh, self.en)
    }
}

/// What is said with names and figures in it, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What is said of the same thing in both languages, Chinese first.
pub(crate) fn sentence(zh: impl Into<String>, en: impl Into<String>) -> Sentence {
    Sentence { zh: zh.into(), en: en.into() }
}

/// Chinese beside the English that an error says itself.
fn beside(zh: impl Into<String>, error: &impl fmt::Display) -> Sentence {
    sentence(zh, error.to_string())
}

/// The id of a command stands for another one.
fn client_id_taken(id: &str) -> Sentence {
    sentence(
        format!("操作编号{id}已用于另一操作，请换一个"),
        format!("the client id {id} names another command: give every command its own"),
    )
}

impl Sentence {
    /// The sentence of a language.
    #[must_use]
    pub fn of(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

impl From<Words> for Sentence {
    fn from(words: Words) -> Self {
        sentence(words.zh, words.en)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {}", self.zh, self.en)
    }
}

/// The word for a value of an enum.
pub trait Label {
    /// The word that people read.
    #[must_use]
    fn label(self) -> Words;
}

/// How a value is told to people: what happened, on what, what was expected, what to do.
pub trait Say {
    /// The sentence that people read.
    #[must_use]
    fn say(&self) -> Sentence;
}
