//! What is asked: which period, whose ground, which verdicts; and whether one row is in the total.

use crate::domain::account::Scope;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::store::query::{AlertRow, DetectionRow, FireRow, PixelRow, Span};

/// Where something lies, as far down as is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// The county.
    pub county: Option<&'a UnitCode>,
    /// The township.
    pub township: Option<&'a UnitCode>,
    /// The lowest unit.
    pub unit: Option<&'a UnitCode>,
}

/// As much of a pixel as counting needs.
#[derive(Debug, Clone, Copy)]
pub struct Pixel<'a> {
    /// When it was seen.
    pub acquired_at: Timestamp,
    /// Its verdict.
    pub verdict: Verdict,
    /// Where.
    pub place: Place<'a>,
    /// Its fire.
    pub fire: Option<i64>,
}

impl<'a> From<&'a DetectionRow> for Pixel<'a> {
    fn from(row: &'a DetectionRow) -> Self {
        let judged = &row.judgement;
        Self {
            acquired_at: row.observation.key.acquired_at,
            verdict: judged.verdict,
            place: Place {
                county: row.county_code.as_ref(),
                township: judged.township.as_ref(),
                unit: judged.unit.as_ref(),
            },
            fire: row.fire_id,
        }
    }
}

impl<'a> From<&'a PixelRow> for Pixel<'a> {
    fn from(row: &'a PixelRow) -> Self {
        Self {
            acquired_at: row.acquired_at,
            verdict: row.verdict,
            place: Place {
                county: row.county_code.as_ref(),
                township: row.township_code.as_ref(),
                unit: row.unit_code.as_ref(),
            },
            fire: row.fire_id,
        }
    }
}

/// What is asked: which period, whose ground, which verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The units.
    pub ground: &'a Ground,
    /// The ground that is counted.
    pub scope: &'a Scope,
    /// The period, its end not included.
    pub period: Span,
    /// The verdicts; empty for all.
    pub verdicts: &'a [Verdict],
}

/// How something stands to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is counted.
    Counted,
    /// It lies in the belt outside the city.
    Neighbour,
    /// Whoever asks sees it, and it lies on other ground.
    Elsewhere,
    /// Of another period or verdict.
    NotAsked,
}

impl Question<'_> {
    /// Whether a pixel is in the total.
    #[must_use]
    pub fn counts_pixel(&self, pixel: &Pixel<'_>) -> bool {
        self.of_pixel(pixel) == Standing::Counted
    }

    /// Whether a fire is in the total.
    #[must_use]
    pub fn counts_fire(&self, fire: &FireRow) -> bool {
        self.of_fire(fire) == Standing::Counted
    }

    /// Whether an alert is in the total.
    #[must_use]
    pub fn counts_alert(&self, alert: &AlertRow) -> bool {
        self.of_alert(alert, place_of_alert(self.ground, alert)) == Standing::Counted
    }

    pub(super) fn of_pixel(&self, pixel: &Pixel<'_>) -> Standing {
        self.standing(pixel.acquired_at, Some(pixel.verdict), pixel.place)
    }

    pub(super) fn of_fire(&self, fire: &FireRow) -> Standing {
        self.standing(fire.first_seen_at, Some(fire.verdict), place_of_fire(fire))
    }

    pub(super) fn of_alert(&self, alert: &AlertRow, place: Place<'_>) -> Standing {
        self.standing(alert.first_seen_at, alert.verdict, place)
    }

    fn standing(&self, at: Timestamp, verdict: Option<Verdict>, place: Place<'_>) -> Standing {
        if !self.is_in_period(at) || !self.is_of_verdict(verdict) {
            Standing::NotAsked
        } else if verdict == Some(Verdict::Neighbour) {
            Standing::Neighbour
        } else if self.holds(place) {
            Standing::Counted
        } else {
            Standing::Elsewhere
        }
    }

    pub(super) fn is_in_period(&self, at: Timestamp) -> bool {
        at >= self.period.from && at < self.period.until
    }

    fn is_of_verdict(&self, verdict: Option<Verdict>) -> bool {
        self.verdicts.is_empty() || verdict.is_some_and(|verdict| self.verdicts.contains(&verdict))
    }

    /// Whether a place lies on the ground that is counted; the same rule as what an account may see.
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        let scope = self.scope;
        match scope.level() {
            _ if scope.is_whole() => true,
            UnitLevel::City | UnitLevel::County => place.county == Some(scope.unit()),
            UnitLevel::Township => place.township == Some(scope.unit()),
            UnitLevel::Village | UnitLevel::Hamlet | UnitLevel::Grid => {
                place.unit.is_some_and(|unit| scope.below().contains(unit))
            }
        }
    }
}

/// A fire lies where its earliest detection inside the city stands.
pub(super) fn place_of_fire(fire: &FireRow) -> Place<'_> {
    Place { county: fire.county_code.as_ref(), township: fire.township_code.as_ref(), unit: fire.unit_code.as_ref() }
}

/// An alert lies with the cell that has it; where a desk has it, at its own place, or with the desk if it was given away.
pub(super) fn place_of_alert<'a>(ground: &'a Ground, alert: &'a AlertRow) -> Place<'a> {
    let is_with_cell = alert.owner_code != alert.responsible_code;
    let answers_for_place = || ground.line_of(&alert.unit_code).iter().any(|unit| unit.code == alert.responsible_code);
    let unit = match () {
        () if is_with_cell => &alert.owner_code,
        () if answers_for_place() => &alert.unit_code,
        () => &alert.responsible_code,
    };
    let above = |level| ground.at_level(unit, level).map(|unit| &unit.code);
    Place {
        // What only an older region version knows stands in the columns.
        county: above(UnitLevel::County).or(alert.county_code.as_ref()),
        township: above(UnitLevel::Township).or(alert.township_code.as_ref()),
        unit: Some(unit),
    }
}
