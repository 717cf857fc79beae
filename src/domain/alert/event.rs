//! What the log says of an alert: each event with its word and its fields.
//!
//! An act's event is the act itself ([`ActEvent`]); what firegrid notes, or an act does to another alert, is a
//! [`AlertEvent`]. The tag is the word of the event, the fields are its detail. Rows of the log are hashed: a field that
//! is renamed, or moved before another, is another event.

use serde::{Deserialize, Serialize};

use super::Act;
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::chain::OnDuty;
use crate::domain::clock::ClockKind;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;

/// An act as the log keeps it; its word is [`super::ActKind::event`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActEvent {
    /// What was done.
    #[serde(flatten)]
    pub act: Act,
    /// Where the alert stands then.
    pub state: AlertState,
    /// What was noted with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// It was so already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unchanged: bool,
}

/// What else happens to an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AlertEvent {
    /// It began.
    Recorded(Beginning),
    /// People reported what was an alert already.
    ReportedToo(Beginning),
    /// Its fire reached other units, or banned ground.
    Grown {
        /// Codes of the units, and the word of the verdict.
        text: String,
    },
    /// Satellite data made it part of another alert.
    Merged {
        /// The other one.
        text: AlertNumber,
    },
    /// A person merged another alert into it.
    MergedHere {
        /// The other one.
        from: AlertNumber,
        /// Where this one stands.
        state: AlertState,
    },
    /// It took over what was done for an alert merged into it.
    TookOver {
        /// Where it stands by that.
        text: AlertState,
    },
    /// No fire asks for it any more.
    Superseded {
        /// Why.
        text: String,
    },
    /// A provisional pixel was withdrawn.
    Vanished {
        /// Key of the pixel.
        text: String,
    },
    /// A withdrawn pixel came back.
    Reappeared {
        /// Key of the pixel.
        text: String,
    },
    /// A satellite saw it too.
    Joined {
        /// Key of the first pixel.
        text: String,
    },
    /// The satellite's fire moved away.
    Parted {
        /// Key of what was its first pixel.
        text: String,
    },
    /// Another alert burnt near here shortly before.
    PossibleRekindling {
        /// That one.
        text: AlertNumber,
    },
    /// Its fire is another alert's now.
    FireFollowedBy {
        /// That one.
        text: AlertNumber,
    },
    /// It has the fire of an alert that is over.
    FollowsFireOf {
        /// That one.
        text: AlertNumber,
    },
    /// Its fire was seen after it was closed.
    BurnsAfterClose {
        /// When.
        text: Timestamp,
    },
    /// A clock ran out.
    Overdue {
        /// Which.
        clock: ClockKind,
        /// Whose.
        unit: UnitCode,
        /// How often it had climbed.
        step: u32,
        /// When it was due.
        due_at: Timestamp,
        /// It fired later than it should have.
        late: bool,
        /// Where the alert stands.
        state: AlertState,
    },
    /// The desk one level up was told.
    Escalated {
        /// Which clock.
        clock: ClockKind,
        /// Whose it was.
        from: UnitCode,
        /// Who was told.
        to: UnitCode,
        /// Why.
        why: Why,
        /// Where the alert stands.
        state: AlertState,
        /// Who was there: whom a message is for is asked again when it is sent. `None` in old records.
        #[serde(default)]
        on_duty: Option<OnDuty>,
    },
    /// Nobody higher is told.
    CeilingReached {
        /// Which clock.
        clock: ClockKind,
        /// Whose it was.
        unit: UnitCode,
        /// Why.
        why: Why,
        /// Where the alert stands.
        state: AlertState,
    },
    /// Nobody of it could be reached.
    Undelivered {
        /// Who has it.
        text: UnitCode,
    },
    /// It is time to look back.
    LookbackDue {
        /// Where the alert stands.
        state: AlertState,
        /// It came up later than it should have.
        late: bool,
    },
}

/// How an alert began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Beginning {
    /// Somebody reported it.
    Brought {
        /// What was reported.
        description: String,
    },
    /// A satellite saw it.
    Seen {
        /// The verdict.
        text: Verdict,
    },
}

/// Why the next desk hears of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Why {
    /// A clock was missed.
    Missed(ClockKind),
    /// Nobody could be reached.
    Undelivered,
}

const UNDELIVERED: &str = "undelivered";

impl From<Why> for String {
    fn from(why: Why) -> Self {
        match why {
            Why::Missed(kind) => kind.name(),
            Why::Undelivered => UNDELIVERED,
        }
        .to_owned()
    }
}

impl TryFrom<String> for Why {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match ClockKind::from_name(&word) {
            Some(kind) => Ok(Self::Missed(kind)),
            None if word == UNDELIVERED => Ok(Self::Undelivered),
            None => Err(format!("{word:?} is no clock, nor {UNDELIVERED:?}")),
        }
    }
}

/// A row of the log about an alert, read back.
#[derive(Debug, Clone, PartialEq)]
pub enum Logged {
    /// Somebody did something.
    Act(ActEvent),
    /// Something happened.
    Alert(AlertEvent),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_an_act_is_the_act_with_its_state_and_in_this_order() {
        let event = ActEvent {
            act: Act::Call { whom: "王".to_owned(), answered: true },
            state: AlertState::Open,
            note: "在路上".to_owned(),
            unchanged: false,
        };
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(text, r#"{"act":"call","whom":"王","answered":true,"state":"open","note":"在路上"}"#);
        assert_eq!(serde_json::from_str::<ActEvent>(&text).unwrap(), event);
        let plain = ActEvent { act: Act::Close, state: AlertState::Closed, note: String::new(), unchanged: true };
        let text = serde_json::to_string(&plain).unwrap();
        assert_eq!(text, r#"{"act":"close","state":"closed","unchanged":true}"#);
        assert_eq!(serde_json::from_str::<ActEvent>(&text).unwrap(), plain);
    }

    #[test]
    fn what_is_read_back_is_what_was_noted() {
        let unit = || UnitCode("A-a".to_owned());
        let why = Why::Missed(ClockKind::OnSite);
        let cases = [
            (AlertEvent::Undelivered { text: unit() }, json!({"kind": "undelivered", "text": "A-a"})),
            (AlertEvent::TookOver { text: AlertState::OnSite }, json!({"kind": "took_over", "text": "on_site"})),
            (
                AlertEvent::Recorded(Beginning::Seen { text: Verdict::Banned }),
                json!({"kind": "recorded", "text": "banned"}),
            ),
            (
                AlertEvent::CeilingReached { clock: ClockKind::OnSite, unit: unit(), why, state: AlertState::Open },
                json!({"kind": "ceiling_reached", "clock": "on_site", "unit": "A-a", "why": "on_site", "state": "open"}),
            ),
        ];
        for (event, expected) in cases {
            let value = serde_json::to_value(&event).unwrap();
            assert_eq!(value.to_string(), expected.to_string());
            assert_eq!(serde_json::from_value::<AlertEvent>(value).unwrap(), event);
        }
        let brought = json!({"kind": "recorded", "source": "patrol", "lon": 1.0, "description": "烟"});
        let expected = AlertEvent::Recorded(Beginning::Brought { description: "烟".to_owned() });
        assert_eq!(serde_json::from_value::<AlertEvent>(brought).unwrap(), expected);
        assert_eq!(serde_json::from_value::<Why>(json!("undelivered")).unwrap(), Why::Undelivered);
        assert!(serde_json::from_value::<Why>(json!("bored")).is_err());
    }
}
