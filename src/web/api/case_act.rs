//! The body of an act on a case. Flat, so that a field that the act does not know is refused like any other.

use serde::Deserialize;

use crate::domain::alert::AlertNumber;
use crate::domain::case::Act;
use crate::domain::finding::{Finding, FindingKind, Review};
use crate::domain::position::Position;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;
use crate::web::problem::Problem;

/// What an act over the API carries beside itself, and every field that an act may carry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActBody {
    /// `NAME` or `NAME@UNIT`.
    #[serde(rename = "as")]
    pub actor: Option<String>,
    /// For or by whom, when another enters it.
    #[serde(rename = "for")]
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person or phone says.
    pub happened_at: Option<Timestamp>,
    /// Names the command.
    pub client_id: Option<String>,
    /// In words.
    #[serde(default)]
    pub note: String,
    act: String,
    to: Option<String>,
    unit: Option<String>,
    position: Option<PositionBody>,
    finding: Option<FindingBody>,
    review: Option<Review>,
    by: Option<Date>,
    document_number: Option<String>,
    result: Option<String>,
    handed_over_to: Option<String>,
    is_clean: Option<bool>,
    proposed: Option<String>,
    accepted: Option<bool>,
    whom: Option<String>,
    answered: Option<bool>,
    into: Option<String>,
    detections: Option<Vec<String>>,
}

/// WGS-84 degrees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionBody {
    lon: f64,
    lat: f64,
}

/// See [`Finding`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingBody {
    kind: FindingKind,
    burnt_mu: Option<f64>,
    material: Option<String>,
    action: Option<String>,
    put_out_at: Option<Timestamp>,
    position: Option<PositionBody>,
    #[serde(default)]
    photos: Vec<String>,
}

impl ActBody {
    /// The act, which has every field it needs and none it does not know.
    pub fn act(&mut self) -> Result<Act, Problem> {
        let name = self.act.clone();
        let knows: &[&str] = match name.as_str() {
            "dispatch" => &["to", "unit"],
            "acknowledge" | "put_out" | "close" | "keep" => &[],
            "arrive" => &["position"],
            "report" => &["finding"],
            "review" => &["review"],
            "rectify" => &["by", "document_number"],
            "rectified" => &["result", "handed_over_to"],
            "look_back" => &["is_clean"],
            "dispute" => &["proposed"],
            "decide" => &["accepted"],
            "reassign" => &["to"],
            "call" => &["whom", "answered"],
            "merge" => &["into"],
            "split" => &["detections"],
            other => {
                let expected = "dispatch, acknowledge, arrive, put_out, report, review, rectify, rectified, close, \
                    look_back, dispute, decide, reassign, call, merge, split or keep";
                return Err(Problem::BadBody(format!("act is {other:?}, expected {expected}")));
            }
        };
        if let Some(field) = self.given().into_iter().find(|field| !knows.contains(field)) {
            return Err(Problem::BadBody(format!("the act {name:?} knows no field {field}")));
        }
        self.built(&name)
    }

    /// Names of the fields of acts that were given.
    fn given(&self) -> Vec<&'static str> {
        let fields = [
            ("to", self.to.is_some()),
            ("unit", self.unit.is_some()),
            ("position", self.position.is_some()),
            ("finding", self.finding.is_some()),
            ("review", self.review.is_some()),
            ("by", self.by.is_some()),
            ("document_number", self.document_number.is_some()),
            ("result", self.result.is_some()),
            ("handed_over_to", self.handed_over_to.is_some()),
            ("is_clean", self.is_clean.is_some()),
            ("proposed", self.proposed.is_some()),
            ("accepted", self.accepted.is_some()),
            ("whom", self.whom.is_some()),
            ("answered", self.answered.is_some()),
            ("into", self.into.is_some()),
            ("detections", self.detections.is_some()),
        ];
        fields.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
    }

    fn built(&mut self, name: &str) -> Result<Act, Problem> {
        let needs = Needs(name);
        Ok(match name {
            "dispatch" => Act::Dispatch {
                to: needs.field("to", self.to.take())?,
                unit: UnitCode(needs.field("unit", self.unit.take())?),
            },
            "acknowledge" => Act::Acknowledge,
            "arrive" => Act::Arrive { position: self.position.as_ref().map(position).transpose()? },
            "put_out" => Act::PutOut,
            "report" => Act::Report { finding: finding(needs.field("finding", self.finding.take())?)? },
            "review" => Act::Review { review: needs.field("review", self.review.take())? },
            "rectify" => {
                Act::Rectify { by: needs.field("by", self.by.take())?, document_number: self.document_number.take() }
            }
            "rectified" => Act::Rectified {
                result: needs.field("result", self.result.take())?,
                handed_over_to: self.handed_over_to.take(),
            },
            "close" => Act::Close,
            "look_back" => Act::LookBack { is_clean: needs.field("is_clean", self.is_clean)? },
            "dispute" => Act::Dispute { proposed: UnitCode(needs.field("proposed", self.proposed.take())?) },
            "decide" => Act::Decide { accepted: needs.field("accepted", self.accepted)? },
            "reassign" => Act::Reassign { to: UnitCode(needs.field("to", self.to.take())?) },
            "call" => Act::Call {
                whom: needs.field("whom", self.whom.take())?,
                answered: needs.field("answered", self.answered)?,
            },
            "merge" => Act::Merge { into: AlertNumber(needs.field("into", self.into.take())?) },
            "split" => Act::Split { detections: needs.field("detections", self.detections.take())? },
            // The names were looked at before.
            _ => Act::Keep,
        })
    }
}

/// The act that needs a field.
struct Needs<'a>(&'a str);

impl Needs<'_> {
    fn field<T>(&self, field: &str, value: Option<T>) -> Result<T, Problem> {
        value.ok_or_else(|| Problem::BadBody(format!("the act {:?} needs the field {field}", self.0)))
    }
}

fn position(body: &PositionBody) -> Result<Position, Problem> {
    Position::from_lon_lat(body.lon, body.lat).map_err(|problem| Problem::BadBody(problem.to_string()))
}

fn finding(body: FindingBody) -> Result<Finding, Problem> {
    Ok(Finding {
        kind: body.kind,
        burnt_mu: body.burnt_mu,
        material: body.material,
        action: body.action,
        put_out_at: body.put_out_at,
        position: body.position.as_ref().map(position).transpose()?,
        photos: body.photos,
    })
}
