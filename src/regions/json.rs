//! JSON as it stands in a file, for [`super::geojson`]: a key that stands twice in one object is a fault.
//!
//! The standard leaves open what such an object means, and readers take the last one without a word: a ban zone whose
//! feature says `"class": "ban"` and, further on, `"class": "limited"` becomes a limited one. So the document is built
//! here, node by node, where both are still seen. One walk, with the limits of `serde_json` (128 levels deep); besides
//! the document it holds one path and the faults.
//!
//! # Source
//! RFC 8259, section 4: names within an object should be unique. RFC 7493 (I-JSON), section 2.3: they must be.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::faults::Faults;
use super::geojson::excerpt;

/// Reads a document; `None` when it is none. A key that stands twice is a fault, and the last one is taken.
pub(super) fn parse(file: &str, text: &str, faults: &mut Faults) -> Option<Value> {
    let mut walk = Walk { file, path: Vec::new(), faults };
    let mut source = serde_json::Deserializer::from_str(text);
    let document = Node(&mut walk).deserialize(&mut source).and_then(|document| source.end().map(|()| document));
    match document {
        Ok(document) => Some(document),
        Err(error) => {
            let message = error.to_string();
            let code = if message.contains("recursion limit") { "json_too_deep" } else { "json_syntax" };
            let place = format!("line {}, column {}", error.line(), error.column());
            faults.add(file, place, code, format!("cannot be read as JSON ({message})"));
            None
        }
    }
}

/// The way from the document to the node that is being read.
struct Walk<'a> {
    file: &'a str,
    path: Vec<Step>,
    faults: &'a mut Faults,
}

enum Step {
    Key(String),
    /// Counted from 0.
    Item(usize),
}

impl Walk<'_> {
    fn twice(&mut self, key: &str, first: &Value, last: &Value) {
        let place = self.place();
        let message = format!(
            "the key {key:?} stands there twice, with {} and with {}; every key stands once, delete the wrong one",
            excerpt(first),
            excerpt(last)
        );
        self.faults.add(self.file, place, "duplicate_key", message);
    }

    /// "feature 3, properties", counted from one as everywhere.
    fn place(&self) -> String {
        let (mut parts, rest) = match self.path.as_slice() {
            [Step::Key(list), Step::Item(i), rest @ ..] if list == "features" => {
                (vec![format!("feature {}", i + 1)], rest)
            }
            rest => (Vec::new(), rest),
        };
        parts.extend(rest.iter().map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Item(i) => format!("item {}", i + 1),
        }));
        parts.join(", ")
    }
}

/// Reads one node and all below it.
struct Node<'a, 'w>(&'a mut Walk<'w>);

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Self(walk) = self;
        let mut list = Vec::new();
        loop {
            walk.path.push(Step::Item(list.len()));
            let item = items.next_element_seed(Node(walk))?;
            walk.path.pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let Self(walk) = self;
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            walk.path.push(Step::Key(key));
            let value = members.next_value_seed(Node(walk))?;
            // It is the step that was pushed above: every node takes its own steps back.
            let Some(Step::Key(key)) = walk.path.pop() else { continue };
            if let Some(first) = map.get(&key) {
                walk.twice(&key, first, &value);
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Value>, Vec<String>) {
        let mut faults = Faults::default();
        let document = parse("f", text, &mut faults);
        (document, faults.into_list().into_iter().map(|fault| format!("{}: {}", fault.code, fault.place)).collect())
    }

    #[test]
    fn the_document_is_that_of_serde_json() {
        for text in [
            "null",
            "[]",
            "{}",
            r#"{"b":[1,-2,2.5,1e30,18446744073709551615,-0.0,"x\u00e9\"\n",true,null,{"a":{}}],"a":0}"#,
            r#" {"a" : [ [ ] , { } ] } "#,
        ] {
            let (document, faults) = read(text);
            assert_eq!((document, faults.len()), (serde_json::from_str(text).ok(), 0), "{text}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_at_every_level() {
        let alerts: [(&str, &[&str]); 9] = [
            (r#"{"a":1,"a":1}"#, &["duplicate_key: "]),
            (r#"{"a":1,"a":2,"a":3}"#, &["duplicate_key: ", "duplicate_key: "]),
            (r#"{"type":"x","crs":{"p":{"n":1,"n":2}}}"#, &["duplicate_key: crs, p"]),
            (r#"{"features":[],"features":[]}"#, &["duplicate_key: "]),
            (r#"{"features":[{},{"id":1,"id":2}]}"#, &["duplicate_key: feature 2"]),
            (r#"{"features":[{"properties":{"c":1,"c":2}}]}"#, &["duplicate_key: feature 1, properties"]),
            (
                r#"{"features":[{"geometry":{"t":[[{"x":1,"x":1}]]}}]}"#,
                &["duplicate_key: feature 1, geometry, t, item 1, item 1"],
            ),
            // The same key otherwise written.
            (r#"{"class":1,"cl\u0061ss":2}"#, &["duplicate_key: "]),
            // In objects of their own, and in another letter case: other keys.
            (r#"{"a":{"a":[{"a":1},{"a":2}]},"A":1}"#, &[]),
        ];
        for (text, expected) in alerts {
            let (document, faults) = read(text);
            assert_eq!(faults, expected, "{text}");
            assert_eq!(document, serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_document_says_where() {
        let deep = "[".repeat(100_000);
        for (text, expected) in [
            ("", "json_syntax: line 1, column 0"),
            ("{\"a\":1}\n x", "json_syntax: line 2, column 2"),
            ("{\"a\":\n1e999}", "json_syntax: line 2, column 5"),
            (deep.as_str(), "json_too_deep: line 1, column 128"),
        ] {
            let (document, faults) = read(text);
            assert_eq!((document, faults), (None, vec![expected.to_owned()]), "{text:.20}");
        }
    }
}
