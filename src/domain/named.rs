//! Enums whose values are words of the database, the API and the log: value, word and labels stand in one line.

/// Declares an enum with `ALL`, `name` and `from_name`; with labels also `label_zh` and `label_en`.
///
/// A line is `Value = "word"` or, for all values of an enum alike, `Value = "word" ("中文", "English")`. What serde
/// reads and writes is the word.
macro_rules! named {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $value:ident = $word:literal ($zh:literal, $en:literal)),+ $(,)?
    }) => {
        $crate::domain::named::named! {
            $(#[$meta])* $vis enum $name { $(#[doc = $zh] $(#[$doc])* $value = $word),+ }
        }
        impl $name {
            /// The words people read.
            #[must_use]
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$value => $zh),+ }
            }

            /// The words people read, in English.
            #[must_use]
            pub fn label_en(self) -> &'static str {
                match self { $(Self::$value => $en),+ }
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $value:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$doc])* #[serde(rename = $word)] $value),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$value),+];

            /// The word used in database, API and log.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }

            /// The value of a word.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.name() == name)
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    named! {
        /// Two ends.
        enum End {
            Near = "near" ("近", "near"),
            /// More about it.
            FarOff = "far_off" ("远", "far off"),
        }
    }

    #[test]
    fn a_word_is_one_for_name_serde_and_parsing() {
        for end in End::ALL {
            assert_eq!(End::from_name(end.name()), Some(end));
            assert_eq!(serde_json::to_value(end).unwrap(), end.name());
            assert_eq!(serde_json::from_value::<End>(end.name().into()).unwrap(), end);
        }
        assert_eq!((End::FarOff.label_zh(), End::Near.label_en()), ("远", "near"));
        assert_eq!(End::from_name("far"), None);
    }
}
