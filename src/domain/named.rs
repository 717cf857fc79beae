//! Enums whose values are words of the database, the API and the log: value and word stand in one line.

/// Declares an enum with `ALL`, `name` and `from_name`; a line is `Value = "word"`.
///
/// What serde reads and writes is the word. What people read is the value's label, in `words/`.
macro_rules! named {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $value:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $(#[doc = concat!("`", $word, "`")] $(#[$doc])* #[serde(rename = $word)] $value),+ }

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
            Near = "near",
            /// More about it.
            FarOff = "far_off",
        }
    }

    #[test]
    fn a_word_is_one_for_name_serde_and_parsing() {
        for end in End::ALL {
            assert_eq!(End::from_name(end.name()), Some(end));
            assert_eq!(serde_json::to_value(end).unwrap(), end.name());
            assert_eq!(serde_json::from_value::<End>(end.name().into()).unwrap(), end);
        }
        assert_eq!(End::from_name("far"), None);
    }
}
