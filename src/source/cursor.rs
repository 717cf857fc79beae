//! What a feed wants to be told at its next poll: text that only the feed itself reads.
//!
//! Kept by the store as it is. Of a feed over HTTP it holds the validators of the last whole answer.

use super::http::Validators;

/// The cursor of a feed; empty before the first whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor(Option<String>);

impl Cursor {
    /// The cursor that was kept.
    #[must_use]
    pub fn kept(text: Option<String>) -> Self {
        Self(text)
    }

    /// The text to keep.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The cursor of an answer over HTTP.
    #[must_use]
    pub fn of_validators(validators: &Validators) -> Self {
        let Validators { etag, last_modified } = validators;
        let is_empty = etag.is_none() && last_modified.is_none();
        let text = || serde_json::json!({"etag": etag, "last_modified": last_modified}).to_string();
        Self((!is_empty).then(text))
    }

    /// The validators that it holds; none where it is of another kind or cannot be read: then all is asked for anew.
    #[must_use]
    pub fn validators(&self) -> Validators {
        let kept: serde_json::Value = self.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let of = |key: &str| kept.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        Validators { etag: of("etag"), last_modified: of("last_modified") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_validators_of_an_answer_come_back_and_any_other_text_asks_anew() {
        for (etag, last_modified) in [(None, None), (Some("\"v1\""), None), (Some("W/\"a\""), Some("Mon, 13 Apr 2026"))]
        {
            let validators =
                Validators { etag: etag.map(str::to_owned), last_modified: last_modified.map(str::to_owned) };
            let cursor = Cursor::of_validators(&validators);
            assert_eq!(cursor.text().is_none(), etag.is_none());
            assert_eq!(Cursor::kept(cursor.text().map(str::to_owned)).validators(), validators);
        }
        for text in ["", "2026-10-10T00:00", "[1]", "{\"etag\":7}"] {
            assert_eq!(Cursor::kept(Some(text.to_owned())).validators(), Validators::default(), "{text}");
        }
    }
}
