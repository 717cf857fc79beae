//! Every sentence people read, Chinese and English side by side, by subject; nobody else holds sentences.
//!
//! Domain and store carry data: an error says which case and which state, and here stands how that is said. What is
//! fixed is a constant ([`Words`]); what holds names and figures is a function that returns a [`Sentence`], or
//! [`Say`] of the value that it tells of; the word for a value of an enum is its [`Label`]. Pages pick one language
//! ([`Lang::say`], [`Sentence::of`]); the command line prints both, Chinese first.

pub(crate) mod api;
mod events;
pub(crate) mod exports;
mod lang;

use std::fmt;

pub use lang::Lang;

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
