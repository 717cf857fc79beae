//! The types that answers are made of: numbers, texts, instants, the words of the domain.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Typed;
use super::schema::{self, Schemas};
use crate::domain::account::{self, TokenPower};
use crate::domain::actor::Actor;
use crate::domain::alert::Outcome;
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::burning::PlanSource;
use crate::domain::chain::{DeskPeople, Gap};
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::freshness::Freshness;
use crate::domain::ground::{RegionVersion, UnitShare};
use crate::domain::heat_approval::HeatStanding;
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::landcover::{CoverClass, CoverShare};
use crate::domain::nearest::NearestPlace;
use crate::domain::observation::{DayNight, Instrument, ProcessingLevel, Satellite};
use crate::domain::phone::Phone;
use crate::domain::plan::{PlanId, PlanStatus};
use crate::domain::position::Position;
use crate::domain::time::{Date, Season, Timestamp};
use crate::domain::unit::{Role, UnitCode, UnitLevel};
use crate::domain::verdict::{Reason, Verdict};
use crate::domain::zone::ZoneClass;
use crate::report::typed::typed;
use crate::store::{RowOutcome, SignInMethod};

/// Types that serde writes, and their schema.
macro_rules! written_as {
    ($($schema:expr => $($type:ty),+;)+) => {
        $($(impl Typed for $type {
            fn schema(_: &mut Schemas) -> Value {
                $schema
            }

            fn json(&self) -> Value {
                json!(self)
            }
        })+)+
    };
}

/// Enums of words: with a name the document holds the words once.
macro_rules! typed_words {
    ($($type:ty $(, $name:literal)?;)+) => {
        $(impl $crate::report::typed::Typed for $type {
            fn schema(_schemas: &mut $crate::report::typed::Schemas) -> serde_json::Value {
                let words = $crate::report::typed::schema::one_of(&Self::ALL.map(Self::name));
                $crate::report::typed::typed_words!(@placed _schemas, words $(, $name)?)
            }

            fn json(&self) -> serde_json::Value {
                self.name().into()
            }
        })+
    };
    (@placed $schemas:ident, $words:ident) => { $words };
    (@placed $schemas:ident, $words:ident, $name:literal) => { $schemas.named($name, |_| $words) };
}

pub(in crate::report) use typed_words;

written_as! {
    schema::text() => str, String, UnitCode, AlertNumber, PlanId, RegionVersion, Satellite, Instrument, ProcessingLevel,
        DayNight, HeatSourceKind, CoverClass, Season, Phone;
    schema::number() => f64;
    // What is counted here, and ids.
    schema::count() => u8, u32, u64, usize, i64;
    schema::flag() => bool;
    schema::instant() => Timestamp;
    schema::day() => Date;
    // Whatever belongs to its kind.
    schema::anything() => Reason, Value;
    json!({"type": "object", "required": ["gap"], "properties": {"gap": schema::text()}}) => Gap;
    json!({
        "type": "object", "required": ["by"], "properties": {"by": schema::one_of(&["roster", "holder"])},
    }) => DeskPeople;
    schema::one_of(&["password", "link", "sign_on", "demo"]) => SignInMethod;
    schema::one_of(&["expires_soon", "in_force", "not_yet", "expired", "ended"]) => HeatStanding;
    schema::one_of(&["new", "unchanged", "updated"]) => RowOutcome;
}

typed_words! {
    Verdict, "Verdict";
    UnitLevel, "Level";
    AlertState, "CaseState";
    AlertSource, "CaseSource";
    Origin;
    FindingKind;
    Review;
    Outcome;
    ZoneClass;
    Freshness;
    PlanStatus;
    PlanSource;
    Role;
    account::Role;
    TokenPower;
}

typed! { UnitShare as share named "Candidate" { code, level, share } }
typed! { CoverShare as cover { class, share } }
typed! { Actor as actor { name, unit } }

impl Typed for Position {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Position", |_| {
            let fields = json!({"lon": schema::degrees(180), "lat": schema::degrees(90)});
            schema::partly(&fields, &["lon", "lat"])
        })
    }

    fn json(&self) -> Value {
        json!(self)
    }
}

/// A local day that is kept as it is written.
pub struct Day<'a>(pub &'a str);

impl Typed for Day<'_> {
    fn schema(_: &mut Schemas) -> Value {
        schema::day()
    }

    fn json(&self) -> Value {
        json!(self.0)
    }
}

impl Typed for NearestPlace {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Place", |_| schema::anything())
    }

    fn json(&self) -> Value {
        json!(self)
    }
}

impl<T: Typed> Typed for Option<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        schema::maybe(&T::schema(schemas))
    }

    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::json)
    }
}

impl<T: Typed + ?Sized> Typed for &T {
    fn schema(schemas: &mut Schemas) -> Value {
        T::schema(schemas)
    }

    fn json(&self) -> Value {
        T::json(self)
    }
}

impl<T: Typed> Typed for Vec<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        schema::list(&T::schema(schemas))
    }

    fn json(&self) -> Value {
        self.iter().map(T::json).collect()
    }
}

impl<T: Typed> Typed for BTreeSet<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        schema::list(&T::schema(schemas))
    }

    fn json(&self) -> Value {
        self.iter().map(T::json).collect()
    }
}
