//! What each exported thing says: its columns, in order, with their values; and its shape on the ground.
//!
//! Names are those of the domain, in snake alert; instants are RFC 3339 in UTC; `reason` is
//! the Chinese sentence and `reason_en` the English one. JSON, tables, features and the document of the API follow.

use geo::orient::Direction;
use geo::{Coord, MapCoords, MultiPolygon, Orient};
use geojson::Geometry;

use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::{Unit, UnitCode, UnitLevel};
use crate::domain::zone::Zone;
use crate::report::typed::{Day, Row, typed};
use crate::store::AlertCount;
use crate::store::query::{AlertRow, DetectionRow, FireRow};
use crate::words::Say;

/// A thing of which tables and features are made.
pub trait Placed: Row {
    /// Where it is; `None` where it has no shape.
    fn geometry(&self) -> Option<Geometry>;
}

typed! { DetectionRow as row {
    key = row.observation.key.to_string(), satellite = row.observation.key.satellite,
    instrument = row.observation.key.satellite.instrument(), acquired_at = row.observation.key.acquired_at,
    longitude = row.observation.position.lon(), latitude = row.observation.position.lat(),
    scan_km = row.observation.scan_km, track_km = row.observation.track_km,
    brightness_k = row.observation.brightness_k,
    brightness_background_k = row.observation.brightness_background_k, frp_mw = row.observation.frp_mw,
    confidence = row.observation.confidence.class_name(), confidence_raw = &row.observation.confidence_raw,
    day_night = row.observation.day_night, processing_level = row.observation.level, origin, recorded_at,
    verdict = row.judgement.verdict, reason = row.judgement.reason.say().zh,
    reason_en = row.judgement.reason.say().en, county_code, township_code = &row.judgement.township,
    unit_code = &row.judgement.unit, sure_level = row.judgement.sure_level,
    may_be_banned = row.judgement.may_be_banned, candidates = &row.judgement.candidates, fire_id, vanished_at,
    region_version = &row.judgement.region_version,
} }

impl<R: Placed> Placed for &R {
    fn geometry(&self) -> Option<Geometry> {
        R::geometry(self)
    }
}

impl Placed for DetectionRow {
    fn geometry(&self) -> Option<Geometry> {
        let position = self.observation.position;
        Some(Geometry::new_point([position.lon(), position.lat()]))
    }
}

typed! { FireRow as row {
    fire_id = row.id, first_seen_at, last_seen_at, longitude = rounded(row.lon), latitude = rounded(row.lat),
    detections, verdict, max_frp_mw, county_code, township_code, unit_code, first_key,
} }

impl Placed for FireRow {
    fn geometry(&self) -> Option<Geometry> {
        Some(Geometry::new_point([rounded(self.lon), rounded(self.lat)]))
    }
}

typed! { AlertRow as row named "Case" {
    number, fire_id, state, origin, verdict, reason = row.reason.as_ref().map(|reason| reason.say().zh),
    reason_en = row.reason.as_ref().map(|reason| reason.say().en), rule = &row.reason, county_code, township_code,
    responsible_code, unit_code, owner_code, other_units, candidates, sure_level, may_be_banned,
    longitude = row.lon, latitude = row.lat, nearest_place, first_seen_at, last_seen_at, detections, max_frp_mw,
    first_key, region_version, recorded_at, source, assigned_to, reported_by, description, external_number,
    letter_number, reply_by = row.reply_by.as_deref().map(Day), is_disputed, proposed_code, acknowledged_at,
    on_site_at, put_out_at, reported_at, finding, reviewed_at, review, document_number,
    rectify_by = row.rectify_by.as_deref().map(Day), closed_at, looked_back_at, overdue, next_due_at,
    escalated_to, undelivered_at, rekindles, land_cover, merged_into, superseded_at,
} }

impl Placed for AlertRow {
    fn geometry(&self) -> Option<Geometry> {
        Some(Geometry::new_point([self.lon, self.lat]))
    }
}

typed! { AlertCount as row {
    county_code, township_code, source, state, cases = row.alerts, overdue, undelivered, disputed,
} }

/// A unit of a region version.
pub struct UnitOf<'a> {
    /// The ground of the version.
    pub ground: &'a Ground,
    /// The unit.
    pub unit: &'a Unit,
}

impl<'a> UnitOf<'a> {
    fn above(&self, level: UnitLevel) -> Option<&'a UnitCode> {
        self.ground.at_level(&self.unit.code, level).map(|unit| &unit.code)
    }
}

typed! { UnitOf<'_> as row {
    unit_code = &row.unit.code, name = &row.unit.name, name_en = &row.unit.name_en, level = row.unit.level,
    parent_code = &row.unit.parent, county_code = row.above(UnitLevel::County),
    township_code = row.above(UnitLevel::Township), cropland_ha = row.unit.cropland_ha,
    approximate = row.unit.approximate, region_version = row.ground.version(),
} }

impl Placed for UnitOf<'_> {
    fn geometry(&self) -> Option<Geometry> {
        self.unit.outline.as_ref().map(multi_polygon)
    }
}

/// A zone of a region version, on a local day.
pub struct ZoneOf<'a> {
    /// The ground of the version.
    pub ground: &'a Ground,
    /// The zone.
    pub zone: &'a Zone,
    /// The day.
    pub day: Date,
}

typed! { ZoneOf<'_> as row {
    zone_id = &row.zone.id, name = &row.zone.name, name_en = &row.zone.name_en, class = row.zone.class,
    in_force = row.zone.is_in_force(row.day), valid_from = row.zone.valid_from, valid_to = row.zone.valid_to,
    season = &row.zone.season, authority = &row.zone.authority, basis = &row.zone.basis,
    approximate = row.zone.approximate, region_version = row.ground.version(),
} }

impl Placed for ZoneOf<'_> {
    fn geometry(&self) -> Option<Geometry> {
        Some(multi_polygon(&self.zone.outline))
    }
}

/// RFC 7946 wants outer rings counter-clockwise and holes clockwise.
pub(super) fn multi_polygon(outline: &MultiPolygon<f64>) -> Geometry {
    let outline = outline.orient(Direction::Default).map_coords(|c| Coord { x: rounded(c.x), y: rounded(c.y) });
    match outline.0.as_slice() {
        [single] => Geometry::from(single),
        _ => Geometry::from(&outline),
    }
}

/// Seven decimals: about a centimetre, without the tail of computed floats.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
