//! What a person does to an alert. An act, its words and the fields it carries are declared here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::domain::alert::AlertNumber;
use crate::domain::finding::{Finding, Review};
use crate::domain::named::named;
use crate::domain::position::Position;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;

/// Where an act is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On the ground.
    Field,
    /// At a desk.
    Desk,
}

/// What a field of an act holds: forms read it, and the API's description says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text,
    /// Code of a unit.
    Unit,
    /// Number of another alert.
    Alert,
    /// A local day.
    Day,
    /// Yes or no.
    YesNo,
    /// Where a phone was.
    Position,
    /// A finding.
    Finding,
    /// The decision of a review.
    Review,
    /// Keys of detections.
    Detections,
}

/// A field of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in API and log.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// The act is nothing without it.
    pub is_needed: bool,
}

/// A type of a field.
trait Holds {
    const KIND: FieldKind;
    const IS_NEEDED: bool = true;
}

macro_rules! holds {
    ($($type:ty = $kind:ident),+) => { $(impl Holds for $type { const KIND: FieldKind = FieldKind::$kind; })+ };
}

holds!(
    String = Text,
    UnitCode = Unit,
    AlertNumber = Alert,
    Date = Day,
    bool = YesNo,
    Position = Position,
    Finding = Finding,
    Review = Review,
    Vec<String> = Detections
);

impl<T: Holds> Holds for Option<T> {
    const KIND: FieldKind = T::KIND;
    const IS_NEEDED: bool = false;
}

/// Declares the acts: `Name { fields } = "word" => "word of its event", where it is done`.
macro_rules! acts {
    ($(
        $(#[$doc:meta])* $act:ident $({ $($(#[$about:meta])* $field:ident : $type:ty),+ $(,)? })?
        = $word:literal => $event:literal, $place:ident;
    )+) => {
        /// What somebody does to an alert.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "act", deny_unknown_fields)]
        pub enum Act {
            $(#[doc = concat!("`", $word, "`")] $(#[$doc])* #[serde(rename = $word)] $act $({ $($(#[$about])* $field: $type),+ })?),+
        }

        named! {
            /// The name of an act, without what it carries.
            pub enum ActKind { $($act = $word),+ }
        }

        impl Act {
            /// Its name.
            #[must_use]
            pub fn kind(&self) -> ActKind {
                match self { $(Self::$act { .. } => ActKind::$act),+ }
            }
        }

        impl ActKind {
            /// The word of the event it makes.
            #[must_use]
            pub fn event(self) -> &'static str {
                match self { $(Self::$act => $event),+ }
            }

            /// Whether it is done on the ground; the others a desk decides.
            #[must_use]
            pub fn is_of_the_field(self) -> bool {
                let place = match self { $(Self::$act => Place::$place),+ };
                place == Place::Field
            }

            /// The fields it carries, in order.
            #[must_use]
            pub fn fields(self) -> &'static [Field] {
                match self {
                    $(Self::$act => &[$($(Field {
                        name: stringify!($field),
                        kind: <$type as Holds>::KIND,
                        is_needed: <$type as Holds>::IS_NEEDED,
                    }),+)?]),+
                }
            }
        }
    };
}

acts! {
    /// Give the alert to a person.
    Dispatch {
        /// The person.
        to: String,
        /// The unit the person works for, at or below the responsible one.
        unit: UnitCode,
    } = "dispatch" => "dispatched", Desk;
    Acknowledge = "acknowledge" => "acknowledged", Field;
    Arrive {
        /// Where the phone was; a claim, not a proof.
        position: Option<Position>,
    } = "arrive" => "arrived", Field;
    PutOut = "put_out" => "put_out", Field;
    Report {
        /// What was found.
        finding: Finding,
    } = "report" => "reported", Field;
    Review {
        /// The decision.
        review: Review,
    } = "review" => "reviewed", Desk;
    Rectify {
        /// Last local day for it.
        by: Date,
        /// Number of the penalty document.
        document_number: Option<String>,
    } = "rectify" => "rectification_ordered", Desk;
    Rectified {
        /// What was done.
        result: String,
        /// Whom it was handed over to (police, agriculture, ...).
        handed_over_to: Option<String>,
    } = "rectified" => "rectified", Field;
    Close = "close" => "closed", Desk;
    LookBack {
        /// Nothing burnt or burns there again.
        is_clean: bool,
    } = "look_back" => "looked_back", Field;
    Dispute {
        /// The unit that answers instead, in the disputing side's eyes.
        proposed: UnitCode,
    } = "dispute" => "disputed", Field;
    Decide {
        /// The alert goes to the proposed unit.
        accepted: bool,
    } = "decide" => "decided", Desk;
    Reassign {
        /// The unit that answers from now on.
        to: UnitCode,
    } = "reassign" => "reassigned", Desk;
    Call {
        /// Who was called.
        whom: String,
        /// Somebody answered.
        answered: bool,
    } = "call" => "called", Field;
    Merge {
        /// The alert that lives on.
        into: AlertNumber,
    } = "merge" => "merged", Desk;
    Split {
        /// Keys of the detections that are a fire of their own.
        detections: Vec<String>,
    } = "split" => "split", Desk;
    /// A possible rekindling stays an alert of its own.
    Keep = "keep" => "kept", Desk;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_an_act_are_those_that_serde_reads() {
        for kind in ActKind::ALL {
            let missing = kind.fields().iter().find(|field| field.is_needed).map(|field| field.name);
            let read = serde_json::from_value::<Act>(serde_json::json!({"act": kind.name()}));
            match (missing, read) {
                (None, Ok(act)) => assert_eq!(act.kind(), kind),
                (Some(field), Err(error)) => assert_eq!(error.to_string(), format!("missing field `{field}`")),
                (missing, read) => panic!("{kind:?}: {missing:?}, {read:?}"),
            }
        }
        let unknown = serde_json::from_value::<Act>(serde_json::json!({"act": "vanish"})).unwrap_err().to_string();
        assert!(ActKind::ALL.iter().all(|kind| unknown.contains(kind.name())), "{unknown}");
    }
}
