//! Fixed heat sources, known and suspected.

use crate::words::{Label, Say};
use serde_json::{Map, Value};

use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovalRules, ApprovedHeatSource, HeatStanding};
use crate::domain::heat_source::{HeatSource, HeatSourceShape};
use crate::domain::heat_suggest::{NearestSource, Suggestion};
use crate::domain::named::named;
use crate::domain::position::Position;
use crate::domain::time::Date;
use crate::report::typed::{Row, Schemas, Typed, schema, typed, typed_words};

named! {
    /// Where a heat source is known from.
    pub enum HeatOrigin {
        /// Approved here.
        Firegrid = "firegrid",
        /// From the region's file.
        Region = "region",
    }
}

typed_words! { HeatOrigin; }

/// A heat source approved here.
pub struct ApprovedOf<'a>(&'a ApprovedHeatSource, HeatStanding);

typed! { ApprovedOf<'_> as row {
    origin = HeatOrigin::Firegrid, standing = row.1, label = row.1.label().zh, label_en = row.1.label().en,
    id = &row.0.id, name = &row.0.name, kind = row.0.kind, centre = row.0.centre, radius_m = row.0.radius_m,
    unit = &row.0.unit, watched_by = &row.0.watched_by, approved_by = &row.0.approved_by,
    approved_on = row.0.approved_on, expires = row.0.expires, approved_at = row.0.approved_at,
    ended_on = row.0.ended_on,
} }

/// A heat source of the region's file, which may be an outline.
pub struct OfRegion<'a>(&'a HeatSource, HeatStanding);

impl OfRegion<'_> {
    fn circle(&self) -> (Option<Position>, Option<f64>) {
        match &self.0.shape {
            HeatSourceShape::Circle { centre, radius_m } => (Some(*centre), Some(*radius_m)),
            HeatSourceShape::Outline(_) => (None, None),
        }
    }
}

typed! { OfRegion<'_> as row {
    origin = HeatOrigin::Region, standing = row.1, label = row.1.label().zh, label_en = row.1.label().en,
    id = &row.0.id, name = &row.0.name, kind = row.0.kind, centre = row.circle().0, radius_m = row.circle().1,
    approved_by = &row.0.approved_by, approved_on = row.0.approved_on, expires = row.0.expires,
} }

/// A heat source of either origin: those of the region's file have no unit and no moment of approval.
pub struct KnownHeatSource(pub Value);

impl Typed for KnownHeatSource {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("HeatSource", |schemas| Self::schema_with(schemas, Vec::new()))
    }

    fn json(&self) -> Value {
        self.0.clone()
    }
}

impl KnownHeatSource {
    /// The schema, with fields that are there beside its own.
    #[must_use]
    pub fn schema_with(schemas: &mut Schemas, more: Vec<(&'static str, Value)>) -> Value {
        let needed: Vec<_> = OfRegion::COLUMNS.iter().copied().chain(more.iter().map(|(name, _)| *name)).collect();
        let fields = [ApprovedOf::fields(schemas), OfRegion::fields(schemas), more].concat();
        let fields: Map<String, Value> = fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
        schema::partly(&fields.into(), &needed)
    }
}

/// A heat source approved here.
#[must_use]
pub fn approved_heat_source(source: &ApprovedHeatSource, standing: HeatStanding) -> Value {
    ApprovedOf(source, standing).json()
}

/// A heat source of the region's file.
#[must_use]
pub fn region_heat_source(source: &HeatSource, standing: HeatStanding) -> Value {
    OfRegion(source, standing).json()
}

/// Every known heat source, those that expire soon first, then by standing, last day and id.
#[must_use]
pub fn heat_sources(
    ground: &Ground,
    approved: &[ApprovedHeatSource],
    today: Date,
    rules: &ApprovalRules,
) -> Vec<(HeatStanding, Value)> {
    let here = approved.iter().map(|source| {
        let standing = source.standing(today, rules);
        ((standing, source.expires, source.id.clone()), approved_heat_source(source, standing))
    });
    let of_region = ground.data().heat_sources.iter().map(|source| {
        let standing = HeatStanding::of(source, today, rules);
        ((standing, source.expires, source.id.clone()), region_heat_source(source, standing))
    });
    let mut rows: Vec<_> = here.chain(of_region).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|((standing, ..), object)| (standing, object)).collect()
}

typed! { Suggestion as place {
    centre, radius_m, unit, detections, days, nights, night_share, median_frp_mw, frp_spread_mw, first_seen_at,
    last_seen_at, satellites, nearest_source, nearest_place, why = place.say().zh, why_en = place.say().en,
} }

typed! { NearestSource as source { id, name, distance_km, expires } }

/// A place that looks like a heat source, and why.
#[must_use]
pub fn suggestion(suggestion: &Suggestion) -> Value {
    suggestion.json()
}
