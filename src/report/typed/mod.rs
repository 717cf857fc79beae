//! What an answer says, declared once: its JSON, its columns and its schema come from the same lines.
//!
//! [`typed!`] declares what is said of a row: names in order, each with the value it has, by default the field of that
//! name. The schema of a value is that of its type ([`Typed`]), so that the document of the API follows what the store
//! and the domain hold; [`schema`] has the schemas, [`values`] the types that are no rows.

pub(crate) mod schema;
mod values;

use serde_json::{Map, Value};

pub use schema::Schemas;
pub use values::Day;
pub(in crate::report) use values::typed_words;

/// A type whose values are answered as JSON of a known schema.
pub trait Typed {
    /// The schema of its values (JSON Schema 2020-12); what has a name is put among `schemas` and referred to.
    fn schema(schemas: &mut Schemas) -> Value;

    /// The value.
    fn json(&self) -> Value;
}

/// What is said of a thing in columns: objects, features and tables alike.
pub trait Row: Typed {
    /// The names of the columns, in order.
    const COLUMNS: &'static [&'static str];

    /// The same with their schemas.
    fn fields(schemas: &mut Schemas) -> Vec<(&'static str, Value)>;

    /// The values, in the order of the columns.
    fn values(&self) -> Vec<Value>;

    /// The values by their names.
    fn object(&self) -> Map<String, Value> {
        Self::COLUMNS.iter().map(|name| (*name).to_owned()).zip(self.values()).collect()
    }
}

impl<R: Row> Row for &R {
    const COLUMNS: &'static [&'static str] = R::COLUMNS;

    fn fields(schemas: &mut Schemas) -> Vec<(&'static str, Value)> {
        R::fields(schemas)
    }

    fn values(&self) -> Vec<Value> {
        R::values(self)
    }
}

/// The schema of what a function returns; `'a` lets it return what the row holds.
pub(crate) fn schema_of<'a, R: 'a, T: Typed>(schemas: &mut Schemas, _: impl Fn(&'a R) -> T) -> Value {
    T::schema(schemas)
}

/// Declares what is said of a type: `typed! { Type as row { field, name = value, name: WORDS = value } }`.
///
/// A value is `row.field` unless it is named; `WORDS` describe it in the document. With `named "Name"` behind the row
/// the document holds the schema once, under that name. `..Base = value;` in front says all of another row first.
macro_rules! typed {
    ($type:ty as $row:ident $(named $name:literal)? { ..$base:ty = $of:expr; $($fields:tt)* }) => {
        impl $crate::report::typed::Typed for $type {
            fn schema(schemas: &mut $crate::report::typed::Schemas) -> serde_json::Value {
                use $crate::report::typed::{Row, Schemas, schema};
                let own = |schemas: &mut Schemas| {
                    let mut fields = <$base as Row>::fields(schemas);
                    fields.extend($crate::report::typed::typed!(@schemas schemas, $type, $row, { $($fields)* }));
                    schema::object(fields)
                };
                $crate::report::typed::typed!(@placed schemas, own $(, $name)?)
            }

            fn json(&self) -> serde_json::Value {
                use $crate::report::typed::Row;
                let $row = self;
                let mut object = Row::object(&$of);
                object.extend($crate::report::typed::typed!(@named $row, { $($fields)* }));
                object.into()
            }
        }
    };
    ($type:ty as $row:ident $(named $name:literal)? { $($field:ident $(: $words:path)? $(= $value:expr)?),+ $(,)? }) => {
        impl $crate::report::typed::Row for $type {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn fields(schemas: &mut $crate::report::typed::Schemas) -> Vec<(&'static str, serde_json::Value)> {
                $crate::report::typed::typed!(
                    @schemas schemas, $type, $row, { $($field $(: $words)? $(= $value)?),+ }
                )
            }

            fn values(&self) -> Vec<serde_json::Value> {
                use $crate::report::typed::Typed;
                let $row = self;
                vec![$(Typed::json(&$crate::report::typed::typed!(@value $row, $field $(, $value)?))),+]
            }
        }

        impl $crate::report::typed::Typed for $type {
            fn schema(schemas: &mut $crate::report::typed::Schemas) -> serde_json::Value {
                use $crate::report::typed::{Row, Schemas, schema};
                let own = |schemas: &mut Schemas| schema::object(<Self as Row>::fields(schemas));
                $crate::report::typed::typed!(@placed schemas, own $(, $name)?)
            }

            fn json(&self) -> serde_json::Value {
                $crate::report::typed::Row::object(self).into()
            }
        }
    };
    (@schemas $schemas:ident, $type:ty, $row:ident,
        { $($field:ident $(: $words:path)? $(= $value:expr)?),* $(,)? }) => {
        vec![$((
            stringify!($field),
            $crate::report::typed::typed!(
                @said
                $crate::report::typed::schema_of(
                    $schemas,
                    |$row: &$type| {
                        // What is the same for every row does not look at it.
                        let _ = $row;
                        $crate::report::typed::typed!(@value $row, $field $(, $value)?)
                    }
                )
                $(, $words)?
            ),
        )),*]
    };
    (@named $row:ident, { $($field:ident $(: $words:path)? $(= $value:expr)?),* $(,)? }) => {
        [$((
            stringify!($field).to_owned(),
            $crate::report::typed::Typed::json(&$crate::report::typed::typed!(@value $row, $field $(, $value)?)),
        )),*]
    };
    (@value $row:ident, $field:ident) => { &$row.$field };
    (@value $row:ident, $field:ident, $value:expr) => { $value };
    (@said $schema:expr) => { $schema };
    (@said $schema:expr, $words:path) => { $crate::report::typed::schema::said($schema, &$words) };
    (@placed $schemas:ident, $own:ident) => { $own($schemas) };
    (@placed $schemas:ident, $own:ident, $name:literal) => { $schemas.named($name, $own) };
}

/// Declares a struct and, by its fields, what is said of it: an answer that nothing else is made for.
macro_rules! answer {
    ($(#[$meta:meta])* $vis:vis struct $name:ident $(named $schema:literal)? {
        $($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$meta])*
        #[allow(clippy::struct_field_names, reason = "fields are called as the answer calls them")]
        $vis struct $name { $($(#[$doc])* pub $field: $type),+ }
        $crate::report::typed::typed! { $name as row $(named $schema)? { $($field),+ } }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident<$life:lifetime> $(named $schema:literal)? {
        $($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$meta])*
        #[allow(clippy::struct_field_names, reason = "fields are called as the answer calls them")]
        $vis struct $name<$life> { $($(#[$doc])* pub $field: $type),+ }
        $crate::report::typed::typed! { $name<'_> as row $(named $schema)? { $($field),+ } }
    };
}

pub(crate) use {answer, typed};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::schema::Schemas;
    use super::{Row, Typed};

    struct Plot {
        name: String,
        area_mu: Option<f64>,
    }

    const NAME: &str = "what it is called";

    typed! { Plot as plot named "Plot" { name: NAME, area_mu, is_large = plot.area_mu.is_some_and(|mu| mu > 100.0) } }

    struct Lit(Plot);

    typed! { Lit as lit { ..Plot = &lit.0; orders = 2_u32 } }

    answer! {
        /// Some plots.
        struct Page<'a> named "Page" {
            plots: Vec<&'a Plot>,
        }
    }

    #[test]
    fn columns_values_and_schema_come_from_one_declaration() {
        let plot = Plot { name: "东地".to_owned(), area_mu: None };
        assert_eq!(Plot::COLUMNS, ["name", "area_mu", "is_large"]);
        assert_eq!(plot.values(), [json!("东地"), json!(null), json!(false)]);
        let page = Page { plots: vec![&plot] };
        assert_eq!(page.json(), json!({"plots": [{"name": "东地", "area_mu": null, "is_large": false}]}));

        let mut schemas = Schemas::default();
        assert_eq!(Page::schema(&mut schemas), json!({"$ref": "#/components/schemas/Page"}));
        let named = schemas.into_components();
        assert_eq!(
            named["Plot"],
            json!({
                "type": "object", "required": ["name", "area_mu", "is_large"], "additionalProperties": false,
                "properties": {
                    "name": {"type": "string", "description": NAME},
                    "area_mu": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                    "is_large": {"type": "boolean"},
                },
            })
        );
        assert_eq!(named["Page"]["properties"]["plots"]["items"], json!({"$ref": "#/components/schemas/Plot"}));
    }

    #[test]
    fn a_row_may_say_all_of_another_first() {
        let lit = Lit(Plot { name: "西地".to_owned(), area_mu: Some(120.5) });
        assert_eq!(lit.json(), json!({"name": "西地", "area_mu": 120.5, "is_large": true, "orders": 2}));
        let schema = Lit::schema(&mut Schemas::default());
        assert_eq!(schema["required"], json!(["name", "area_mu", "is_large", "orders"]));
    }
}
