//! A small ground of our own, drawn by hand: one city, two counties, three townships, four
//! grid cells, a ban zone with a hole, a seasonal zone, a heat source.
//!
//! ```text
//!   122.0        122.1        122.2        122.3
//!   46.0 +--cell A1--+--cell A2--+--county B---+
//!        |  town A   |  town A   |  (no town)  |
//!   45.9 +--cell C1--+--cell C2--+             |
//!        |  town C   |  town C   |             |
//!   45.8 +-----------+-----------+-------------+
//! ```
//! County A holds the cells; its townships have no outline of their own.

use std::sync::Arc;

use firegrid::domain::calendar::Calendar;
use firegrid::domain::ground::{Extent, Ground, RegionData, RegionVersion};
use firegrid::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape};
use firegrid::domain::nearest::Place;
use firegrid::domain::observation::{
    Confidence, DayNight, Decimal, Observation, ObservationKey, ProcessingLevel, Satellite,
};
use firegrid::domain::position::Position;
use firegrid::domain::time::{TimeZone, Timestamp};
use firegrid::domain::unit::{Holder, Role, Unit, UnitCode, UnitLevel};
use firegrid::domain::zone::{OutsideZones, Zone, ZoneClass};
use firegrid::store::{Batch, OriginRule};

pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> geo::MultiPolygon<f64> {
    geo::MultiPolygon::new(vec![geo::Rect::new((west, south), (east, north)).to_polygon()])
}

pub fn unit(
    code: &str,
    name: &str,
    level: UnitLevel,
    parent: Option<&str>,
    outline: Option<geo::MultiPolygon<f64>>,
) -> Unit {
    Unit {
        code: UnitCode(code.to_owned()),
        name: name.to_owned(),
        name_en: None,
        level,
        parent: parent.map(|parent| UnitCode(parent.to_owned())),
        cropland_ha: None,
        approximate: false,
        outline,
    }
}

pub fn zone(id: &str, class: ZoneClass, season: Option<&str>, outline: geo::MultiPolygon<f64>) -> Zone {
    Zone {
        id: id.to_owned(),
        name: format!("{id}区"),
        name_en: None,
        class,
        valid_from: None,
        valid_to: None,
        season: season.map(|season| season.parse().unwrap()),
        authority: None,
        basis: None,
        approximate: false,
        outline,
    }
}

pub fn data() -> RegionData {
    let head = |code: &str, name: &str| Holder {
        unit_code: UnitCode(code.to_owned()),
        name: name.to_owned(),
        role: Role::Head,
        post: None,
        employer: None,
        phone: None,
        valid_from: None,
        valid_to: None,
    };
    RegionData {
        version: RegionVersion("fixture".to_owned()),
        id: "fixture".to_owned(),
        name: "样市".to_owned(),
        name_en: Some("Sample City".to_owned()),
        time_zone: TimeZone::get("Asia/Shanghai").unwrap(),
        outside_zones: OutsideZones::Limited,
        outside_season: None,
        extent: Extent { west: 121.0, south: 45.0, east: 123.0, north: 47.0 },
        neighbour_belt_km: 10.0,
        map_review_number: None,
        units: vec![
            unit("S", "样市", UnitLevel::City, None, None),
            unit("A", "甲县", UnitLevel::County, Some("S"), Some(rectangle(122.0, 45.8, 122.2, 46.0))),
            unit("B", "乙县", UnitLevel::County, Some("S"), Some(rectangle(122.2, 45.8, 122.3, 46.0))),
            unit("A-a", "甲镇", UnitLevel::Township, Some("A"), None),
            unit("A-c", "丙乡", UnitLevel::Township, Some("A"), None),
            unit("A-a-1", "甲镇网格一", UnitLevel::Grid, Some("A-a"), Some(rectangle(122.0, 45.9, 122.1, 46.0))),
            unit("A-a-2", "甲镇网格二", UnitLevel::Grid, Some("A-a"), Some(rectangle(122.1, 45.9, 122.2, 46.0))),
            unit("A-c-1", "丙乡网格一", UnitLevel::Grid, Some("A-c"), Some(rectangle(122.0, 45.8, 122.1, 45.9))),
            unit("A-c-2", "丙乡网格二", UnitLevel::Grid, Some("A-c"), Some(rectangle(122.1, 45.8, 122.2, 45.9))),
        ],
        zones: vec![
            zone("ban", ZoneClass::Ban, None, rectangle(122.0, 45.95, 122.05, 46.0)),
            zone("spring", ZoneClass::Ban, Some("03-01..05-31"), rectangle(122.15, 45.8, 122.2, 45.85)),
        ],
        people: vec![head("A", "甲县长"), head("A-a", "甲镇长")],
        heat_sources: vec![HeatSource {
            id: "flare".to_owned(),
            name: "火炬".to_owned(),
            kind: HeatSourceKind::Flare,
            shape: HeatSourceShape::Circle { centre: Position::from_lon_lat(122.25, 45.85).unwrap(), radius_m: 300.0 },
            approved_by: "市局".to_owned(),
            approved_on: "2026-01-01".parse().unwrap(),
            expires: "2026-12-31".parse().unwrap(),
        }],
        places: vec![Place {
            name: "甲镇".to_owned(),
            name_en: Some("Jia".to_owned()),
            position: Position::from_lon_lat(122.05, 45.93).unwrap(),
            kind: None,
            unit_code: Some(UnitCode("A-a".to_owned())),
        }],
        calendar: Calendar::default(),
        burn_weather: Vec::new(),
        burn_plans: Vec::new(),
        duty: Vec::new(),
        landcover: Vec::new(),
    }
}

/// The same with a head in every cell.
pub fn held() -> RegionData {
    let mut data = data();
    let cells = [("A-a-1", "王"), ("A-a-2", "李"), ("A-c-1", "孙"), ("A-c-2", "周")];
    let first = data.people[0].clone();
    let head = |(code, name): (&str, &str)| Holder {
        unit_code: UnitCode(code.to_owned()),
        name: name.to_owned(),
        ..first.clone()
    };
    data.people.extend(cells.map(head));
    data
}

pub fn ground() -> Arc<Ground> {
    Arc::new(Ground::build(data()))
}

/// A VIIRS NRT row at a place and minute; change what a test is about.
pub fn row(lon: f64, lat: f64, at: &str) -> Observation {
    let at: Timestamp = at.parse().unwrap();
    let (lon, lat) = (Decimal::parse(&format!("{lon:.5}")).unwrap(), Decimal::parse(&format!("{lat:.5}")).unwrap());
    Observation {
        position: Position::from_lon_lat(lon.to_f64(), lat.to_f64()).unwrap(),
        key: ObservationKey { satellite: Satellite::Noaa20, acquired_at: at, lon, lat },
        level: ProcessingLevel::Nrt,
        scan_km: Some(0.4),
        track_km: Some(0.4),
        brightness_k: Some(335.0),
        brightness_background_k: Some(295.0),
        frp_mw: Some(3.0),
        confidence: Confidence::Nominal,
        confidence_raw: "nominal".to_owned(),
        day_night: DayNight::Day,
        version_raw: "2.0NRT".to_owned(),
        source_type: None,
        raw: format!("row {at}"),
    }
}

/// A poll that brought these rows and nothing else; change what a test is about.
pub fn batch(rows: Vec<Observation>, now: Timestamp) -> Batch {
    Batch {
        source_id: "test".to_owned(),
        file_name: None,
        started_at: now,
        outcome: "fetched".to_owned(),
        http_status: Some(200),
        detail: String::new(),
        body_hash: None,
        header: None,
        read: rows.len() as u64,
        outside: 0,
        rejected: Vec::new(),
        unknown: Vec::new(),
        kept: rows,
        acquired_within: None,
        origin: OriginRule::ByAge,
        cursor: None,
    }
}
