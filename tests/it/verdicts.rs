//! The verdict under the burning policy, from the outside: `judge` on a drawn ground.

mod alerts;
mod benchmark;
mod goldens;
mod ground_rules;
mod minutes;
mod plan_table;
mod properties;
mod shares;
mod stored;

use firegrid::domain::calendar::Closure;
use firegrid::domain::footprint::Footprint;
use firegrid::domain::ground::RegionData;
use firegrid::domain::plan::{BurnOrder, BurnPlan, PlanId};
use firegrid::domain::position::Position;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::Sighting;

use super::ground_fixture as fixture;

/// In cell A-a-2 of the fixture, away from its zones.
pub const CENTRE: (f64, f64) = (122.15, 45.95);

/// 12:00 in Shanghai.
pub const NOON: &str = "2026-04-13T04:00:00Z";

pub fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

pub fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// The fixture without its zones and heat source: all of it limited ground outside every zone.
pub fn bare() -> RegionData {
    RegionData { zones: Vec::new(), heat_sources: Vec::new(), ..fixture::data() }
}

/// A rectangle given in kilometres east and north of the centre.
pub fn km_box(west: f64, south: f64, east: f64, north: f64) -> geo::MultiPolygon<f64> {
    let (dx, dy) = (1.0 / (111.195_08 * CENTRE.1.to_radians().cos()), 1.0 / 111.195_08);
    fixture::rectangle(CENTRE.0 + west * dx, CENTRE.1 + south * dy, CENTRE.0 + east * dx, CENTRE.1 + north * dy)
}

/// A square pixel at the centre, its sides to the north and east.
pub fn seen(side_km: f64, at: Timestamp) -> Sighting {
    seen_at(CENTRE, side_km, at)
}

pub fn seen_at((lon, lat): (f64, f64), side_km: f64, at: Timestamp) -> Sighting {
    let position = Position::from_lon_lat(lon, lat).unwrap();
    Sighting {
        position,
        acquired_at: at,
        footprint: Some(Footprint::new(position, side_km, side_km, 0.0)),
        half_pixel_km: side_km / 2.0,
    }
}

/// A plan round the centre that fits a fire at noon: approved the day before, ordered that morning.
pub fn fitting_plan() -> BurnPlan {
    let noon = noon();
    BurnPlan {
        id: PlanId("P-1".to_owned()),
        unit_code: UnitCode("A-a".to_owned()),
        plot: Some(km_box(-1.0, -1.0, 1.0, 1.0)),
        window_start: noon - hours(4),
        window_end: noon + hours(6),
        area_mu: 300.0,
        responsible: "某某".to_owned(),
        note: None,
        received_at: noon - hours(48),
        reviewed_by: Some("县办".to_owned()),
        approved_at: Some(noon - hours(24)),
        refused_at: None,
        withdrawn_at: None,
        lit_at: None,
        done_at: None,
        burnt_mu: None,
        orders: vec![order()],
    }
}

/// 11:00 to 15:00, issued at 08:00.
pub fn order() -> BurnOrder {
    BurnOrder {
        id: 7,
        from: noon() - hours(1),
        to: noon() + hours(3),
        issued_at: noon() - hours(4),
        issued_by: "县办".to_owned(),
        withdrawn_at: None,
    }
}

pub fn closure(from: &str, to: &str, units: &[&str]) -> Closure {
    Closure {
        name: "重污染天气应急".to_owned(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        units: units.iter().map(|code| UnitCode((*code).to_owned())).collect(),
        basis: Some("白环发〔2026〕3号".to_owned()),
    }
}
