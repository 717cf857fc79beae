//! The simulator: its truth, its rows, and what it says over real HTTP.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use firegrid::config::{FirmsFile, FirmsWindow, SourceKind};
use firegrid::domain::calendar::Calendar;
use firegrid::domain::footprint::Footprint;
use firegrid::domain::ground::{Extent, Ground, RegionData, RegionVersion};
use firegrid::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape};
use firegrid::domain::observation::DayNight;
use firegrid::domain::position::Position;
use firegrid::domain::time::{Date, SignedDuration, TimeZone, Timestamp, local_day, parse_acquisition};
use firegrid::domain::unit::{Unit, UnitCode, UnitLevel};
use firegrid::domain::verdict::Verdict;
use firegrid::domain::zone::{OutsideZones, Zone, ZoneClass};
use firegrid::simulate::day::{Cause, DayOptions, SimulatedDay, SimulatedRow};
use firegrid::simulate::fires::{FireKind, TrueFire};
use firegrid::simulate::flown::{Flown, Sensor};
use firegrid::simulate::{Anchor, Options, Simulator, burning_day, sources};

/// A square city of 1 by 1 degree: two counties side by side, two townships each, and
/// cells of an eighth of a degree; a ban zone in its middle, a belt of 5 km, one flare.
fn ground() -> Ground {
    let square = |west: f64, south: f64, width: f64, height: f64| {
        geo::MultiPolygon::new(vec![geo::Rect::new((west, south), (west + width, south + height)).to_polygon()])
    };
    let unit = |code: &str, level, parent: Option<&str>, outline| Unit {
        code: UnitCode(code.to_owned()),
        name: code.to_owned(),
        name_en: None,
        level,
        parent: parent.map(|parent| UnitCode(parent.to_owned())),
        cropland_ha: None,
        approximate: true,
        outline,
    };
    let mut units = vec![unit("c", UnitLevel::City, None, None)];
    for (county, west) in [("c1", 122.0), ("c2", 122.5)] {
        units.push(unit(county, UnitLevel::County, Some("c"), Some(square(west, 45.0, 0.5, 1.0))));
        for (n, south) in [(1, 45.0), (2, 45.5)] {
            let township = format!("{county}{n}");
            units.push(unit(&township, UnitLevel::Township, Some(county), Some(square(west, south, 0.5, 0.5))));
            for i in 0..16 {
                let (x, y) = (f64::from(i % 4) * 0.125, f64::from(i / 4) * 0.125);
                let cell = square(west + x, south + y, 0.125, 0.125);
                units.push(unit(&format!("{township}{i:02}"), UnitLevel::Grid, Some(&township), Some(cell)));
            }
        }
    }
    Ground::build(RegionData {
        version: RegionVersion("0123456789ab".to_owned()),
        id: "square".to_owned(),
        name: "方城".to_owned(),
        name_en: None,
        time_zone: TimeZone::get("Asia/Shanghai").unwrap(),
        outside_zones: OutsideZones::Limited,
        outside_season: None,
        extent: Extent { west: 121.0, south: 44.0, east: 124.0, north: 47.0 },
        neighbour_belt_km: 5.0,
        map_review_number: None,
        units,
        zones: vec![Zone {
            id: "ban".to_owned(),
            name: "禁烧区".to_owned(),
            name_en: None,
            class: ZoneClass::Ban,
            valid_from: None,
            valid_to: None,
            season: None,
            authority: None,
            basis: None,
            approximate: true,
            outline: square(122.4, 45.4, 0.2, 0.2),
        }],
        people: Vec::new(),
        heat_sources: vec![HeatSource {
            id: "flare".to_owned(),
            name: "火炬".to_owned(),
            kind: HeatSourceKind::Flare,
            shape: HeatSourceShape::Circle { centre: position(122.2, 45.8), radius_m: 200.0 },
            approved_by: "test".to_owned(),
            approved_on: "2026-01-01".parse().unwrap(),
            expires: "2026-12-31".parse().unwrap(),
        }],
        places: Vec::new(),
        calendar: Calendar::default(),
        burn_weather: Vec::new(),
        burn_plans: Vec::new(),
        duty: Vec::new(),
        landcover: Vec::new(),
    })
}

fn position(lon: f64, lat: f64) -> Position {
    Position::from_lon_lat(lon, lat).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// 13 April 2026; its local midnight is 16:00 UTC of the day before.
const MIDNIGHT: &str = "2026-04-12T16:00:00Z";

fn day_of(seed: u64) -> SimulatedDay {
    burning_day(&ground(), "2026-04-13".parse().unwrap(), seed, DayOptions { fires: 40 }).unwrap()
}

fn days() -> Vec<SimulatedDay> {
    let ground = ground();
    let make = |seed| burning_day(&ground, "2026-04-13".parse().unwrap(), seed, DayOptions { fires: 40 }).unwrap();
    (0..20).map(make).collect()
}

/// Local hours since the midnight of the burning day.
fn hours(time: Timestamp) -> f64 {
    time.duration_since(at(MIDNIGHT)).as_secs_f64() / 3600.0
}

fn fire<'a>(day: &'a SimulatedDay, id: &str) -> &'a TrueFire {
    day.fires.iter().find(|fire| fire.id == id).unwrap()
}

fn causes(row: &SimulatedRow) -> &[String] {
    match &row.cause {
        Cause::Fires(ids) => ids,
        Cause::SunGlint | Cause::Elsewhere => &[],
    }
}

/// The ground that a reader of the row believes it saw.
fn footprint(row: &SimulatedRow) -> geo::Polygon<f64> {
    let heading = firegrid::domain::footprint::ground_track_heading_deg(
        row.satellite.satellite(),
        row.day_night,
        row.centre.lat(),
    );
    Footprint::new(row.centre, row.scan_km, row.track_km, heading).to_polygon()
}

fn holds(polygon: &geo::Polygon<f64>, position: Position) -> bool {
    use geo::Intersects;
    polygon.intersects(&position.to_point())
}

#[test]
fn the_seed_decides_the_day() {
    let (a, again, other) = (day_of(7), day_of(7), day_of(8));
    assert_eq!((&a.fires, &a.rows), (&again.fires, &again.rows));
    assert_ne!(a.fires, other.fires);
    let tomorrow = burning_day(&ground(), "2026-04-14".parse().unwrap(), 7, DayOptions { fires: 40 }).unwrap();
    assert_ne!(a.fires[4].position, tomorrow.fires[4].position, "the next day burns elsewhere");
}

#[test]
fn fires_burn_on_the_ground_they_are_for() {
    for day in days() {
        let of = |kind| day.fires.iter().filter(move |fire| fire.kind == kind);
        assert!(of(FireKind::Limited).all(|fire| fire.rule == Some(Verdict::Unplanned)));
        assert!(of(FireKind::Banned).all(|fire| fire.rule == Some(Verdict::Banned) && fire.unit.is_some()));
        assert!(of(FireKind::Neighbour).all(|fire| fire.rule == Some(Verdict::Neighbour) && fire.unit.is_none()));
        assert!(of(FireKind::FixedSource).all(|fire| fire.rule == Some(Verdict::HeatSource)));
        for kind in [FireKind::Limited, FireKind::Banned, FireKind::Border] {
            assert!(of(kind).count() >= 6, "{kind:?}: {}", of(kind).count());
        }
        for (kind, n) in [(FireKind::Large, 1), (FireKind::Smoulder, 1), (FireKind::FixedSource, 1)] {
            assert_eq!(of(kind).count(), n, "{kind:?}");
        }
        assert!(of(FireKind::Neighbour).count() >= 1 && of(FireKind::Evening).count() >= 1);
    }
}

#[test]
fn border_fires_are_near_enough_for_a_pixel_to_lie_on_both_sides() {
    for day in days() {
        let near = |value: f64, step: f64, km: f64| (value / step - (value / step).round()).abs() * step * km < 0.26;
        for fire in day.fires.iter().filter(|fire| fire.kind == FireKind::Border) {
            let (lon, lat) = (fire.position.lon(), fire.position.lat());
            // Cells and townships end at eighths of a degree, the ban zone at tenths.
            let at_cell = near(lon, 0.125, 78.4) || near(lat, 0.125, 111.3);
            let at_zone = near(lon, 0.1, 78.4) || near(lat, 0.1, 111.3);
            assert!(at_cell || at_zone, "{:?}", fire.position);
        }
    }
}

#[test]
fn every_row_comes_from_a_fire_that_burnt_then_inside_its_pixel() {
    for day in days() {
        assert!(day.rows.len() > 20, "{} rows", day.rows.len());
        for row in &day.rows {
            let pixel = footprint(row);
            for id in causes(row) {
                let fire = fire(&day, id);
                assert!(fire.lit_at <= row.acquired_at && row.acquired_at < fire.out_at, "{id} was not burning");
                assert!(fire.spots.iter().any(|spot| holds(&pixel, *spot)), "{id} is not in {row:?}");
            }
            let distance_km = causes(row).first().map(|id| fire(&day, id).position.distance_km(row.centre));
            assert!(distance_km.is_none_or(|km| km > 0.0), "a pixel centre is not the fire");
        }
    }
}

#[test]
fn false_alarms_are_weak_day_pixels_without_any_fire_and_are_marked() {
    let mut seen = 0;
    for day in days() {
        for row in day.rows.iter().filter(|row| row.cause == Cause::SunGlint) {
            seen += 1;
            let pixel = footprint(row);
            let burning = day.fires.iter().filter(|fire| fire.frp_mw_at(row.acquired_at).is_some());
            assert!(burning.flat_map(|fire| &fire.spots).all(|spot| !holds(&pixel, *spot)));
            assert_eq!(row.confidence, firegrid::domain::observation::Confidence::Low);
            assert_eq!((row.day_night, row.satellite.sensor()), (DayNight::Day, Sensor::Viirs));
        }
    }
    assert!((20..=40).contains(&seen), "one or two a day, not {seen} in 20 days");
}

#[test]
fn satellites_miss_what_burns_in_the_evening() {
    let mut smoulders_seen = 0;
    for day in days() {
        for fire in &day.fires {
            let rows: Vec<_> = day.rows.iter().filter(|row| causes(row).contains(&fire.id)).collect();
            match fire.kind {
                FireKind::Evening => assert!(rows.is_empty(), "{} burnt out before the night's passes", fire.id),
                FireKind::Smoulder => {
                    smoulders_seen += usize::from(!rows.is_empty());
                    assert!(rows.iter().all(|row| hours(row.acquired_at) > 24.5), "nothing sees it before about 01:00");
                }
                _ => {}
            }
        }
    }
    assert!(smoulders_seen >= 15, "VIIRS sees most of them by night: {smoulders_seen} of 20");
}

#[test]
fn a_large_fire_lights_adjacent_pixels_of_one_pass_on_both_sides_of_a_border() {
    let ground = ground();
    let (mut most, mut days_over_borders) = (0, 0);
    for day in days() {
        let large = day.fires.iter().find(|fire| fire.kind == FireKind::Large).unwrap();
        let over = |row: &&SimulatedRow| row.satellite == Flown::Noaa20 && row.day_night == DayNight::Day;
        let rows: Vec<_> = day.rows.iter().filter(over).filter(|row| causes(row).contains(&large.id)).collect();
        most = most.max(rows.len());
        assert!(rows.len() >= 3, "{} pixels", rows.len());
        assert!(rows.iter().all(|row| row.centre.distance_km(large.position) < 4.0));
        let units: BTreeSet<_> =
            rows.iter().filter_map(|row| ground.unit_at(row.centre)).map(|unit| &unit.code).collect();
        days_over_borders += usize::from(units.len() > 1);
    }
    assert!(most >= 6, "at most {most} pixels");
    assert!(days_over_borders >= 15, "only on {days_over_borders} of 20 days");
}

#[test]
fn no_two_rows_have_the_same_key() {
    for day in days() {
        let key = |row: &SimulatedRow| {
            (row.satellite, row.acquired_at, row.centre.lon().to_string(), row.centre.lat().to_string())
        };
        let keys: BTreeSet<_> = day.rows.iter().map(key).collect();
        assert_eq!(keys.len(), day.rows.len());
    }
}

#[test]
fn rows_are_published_with_the_latency_of_near_real_time_and_out_of_order() {
    for day in days() {
        let minutes = day.rows.iter().map(|row| row.available_at.duration_since(row.acquired_at).as_mins());
        assert!(minutes.clone().all(|minutes| (110..=175).contains(&minutes)), "{:?}", minutes.collect::<Vec<_>>());
        assert!(!day.rows.is_sorted_by_key(|row| row.acquired_at));
    }
}

#[test]
fn pixels_have_the_sizes_of_their_sensors() {
    for row in days().iter().flat_map(|day| &day.rows) {
        let (scan, track) = match row.satellite.sensor() {
            Sensor::Viirs => (0.32..=0.81, 0.36..=0.79),
            Sensor::Modis => (1.0..=4.85, 1.0..=2.01),
        };
        assert!(scan.contains(&row.scan_km) && track.contains(&row.track_km), "{row:?}");
    }
}

#[test]
fn a_city_without_zones_belt_or_outlines_still_makes_a_day() {
    let mut data = ground().data().clone();
    (data.zones, data.heat_sources, data.neighbour_belt_km) = (Vec::new(), Vec::new(), 0.0);
    let bare = Ground::build(data.clone());
    let day = burning_day(&bare, "2026-04-13".parse().unwrap(), 1, DayOptions { fires: 40 }).unwrap();
    assert!(day.fires.iter().all(|fire| fire.rule == Some(Verdict::Unplanned)));
    assert!(day.fires.len() > 25 && day.rows.len() > 20);
    for unit in &mut data.units {
        unit.outline = None;
    }
    let nowhere = burning_day(&Ground::build(data), "2026-04-13".parse().unwrap(), 1, DayOptions { fires: 40 });
    assert!(nowhere.unwrap().rows.is_empty());
}

// --- over HTTP -----------------------------------------------------------------------------

/// A simulator that listens, and the hands of its clock.
struct Served {
    base_url: String,
    seconds: Arc<AtomicI64>,
    cancel: tokio_util::sync::CancellationToken,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
    client: reqwest::Client,
}

struct Answer {
    status: u16,
    content_type: String,
    etag: Option<String>,
    last_modified: Option<String>,
    body: String,
}

impl Served {
    async fn start(now: &str, options: Options) -> Self {
        let seconds = Arc::new(AtomicI64::new(at(now).as_second()));
        let hands = Arc::clone(&seconds);
        let clock = Arc::new(move || Timestamp::from_second(hands.load(Ordering::SeqCst)).unwrap());
        let simulator = Arc::new(Simulator::new(Arc::new(ground()), clock, options).unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let cancel = tokio_util::sync::CancellationToken::new();
        let task = tokio::spawn(simulator.serve(listener, cancel.clone()));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base_url, seconds, cancel, task, client }
    }

    fn wait(&self, minutes: i64) {
        self.seconds.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::SeqCst)).unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_with(path, None).await
    }

    async fn get_with(&self, path: &str, header: Option<(&str, &str)>) -> Answer {
        let mut request = self.client.get(format!("{}{path}", self.base_url));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Answer {
            status: response.status().as_u16(),
            content_type: header("content-type").unwrap_or_default(),
            etag: header("etag"),
            last_modified: header("last-modified"),
            body: response.text().await.unwrap(),
        }
    }

    async fn rows(&self, path: &str) -> Vec<Published> {
        let answer = self.get(path).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (200, "text/csv;charset=UTF-8"), "{path}");
        published(&answer.body)
    }

    async fn all_rows(&self) -> Vec<Published> {
        let mut rows = Vec::new();
        for path in [NOAA20, NOAA21, MODIS] {
            rows.extend(self.rows(path).await);
        }
        rows
    }

    async fn truth(&self) -> serde_json::Value {
        serde_json::from_str(&self.get("/truth.json").await.body).unwrap()
    }

    async fn stop(self) {
        self.cancel.cancel();
        self.task.await.unwrap().unwrap();
    }
}

/// A row as a stranger reads it: by header name.
#[derive(Debug, Clone, PartialEq)]
struct Published {
    satellite: String,
    acquired_at: Timestamp,
    lon: f64,
    lat: f64,
    confidence: String,
}

fn published(body: &str) -> Vec<Published> {
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let text = |name: &str| record[column(name)].to_owned();
        Published {
            satellite: text("satellite"),
            acquired_at: parse_acquisition(&text("acq_date"), &text("acq_time")).unwrap(),
            lon: text("longitude").parse().unwrap(),
            lat: text("latitude").parse().unwrap(),
            confidence: text("confidence"),
        }
    });
    rows.collect()
}

const NOAA20: &str = "/data/active_fire/noaa-20-viirs-c2/csv/J1_VIIRS_C2_Russia_Asia_24h.csv";
const NOAA21: &str = "/data/active_fire/noaa-21-viirs-c2/csv/J2_VIIRS_C2_Russia_Asia_24h.csv";
const SUOMI: &str = "/data/active_fire/suomi-npp-viirs-c2/csv/SUOMI_VIIRS_C2_Russia_Asia_24h.csv";
const MODIS: &str = "/data/active_fire/modis-c6.1/csv/MODIS_C6_1_Russia_Asia_24h.csv";
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// 16:30 local: nothing is shifted then.
const AFTERNOON: &str = "2026-04-13T08:30:00Z";

#[tokio::test]
async fn the_files_have_the_published_headers_and_the_dead_satellite_has_nothing_else() {
    let served = Served::start(AFTERNOON, Options::default()).await;
    let viirs = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight";
    let modis = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight";
    for (path, header, satellites) in
        [(NOAA20, viirs, vec!["N20"]), (NOAA21, viirs, vec!["N21"]), (MODIS, modis, vec!["T", "A"])]
    {
        let body = served.get(path).await.body;
        assert_eq!(body.lines().next(), Some(header), "{path}");
        let rows = published(&body);
        assert!(!rows.is_empty(), "{path}");
        assert!(rows.iter().all(|row| satellites.contains(&row.satellite.as_str())), "{path}");
    }
    assert_eq!(served.get(SUOMI).await.body, format!("{viirs}\n"));
    for path in [
        "/data/active_fire/noaa-20-viirs-c2/csv/J2_VIIRS_C2_Russia_Asia_24h.csv",
        "/data/active_fire/noaa-20-viirs-c2/csv/J1_VIIRS_C2_Europe_24h.csv",
        "/data/active_fire/noaa-20-viirs-c2/csv/J1_VIIRS_C2_Russia_Asia_12h.csv",
        "/data/active_fire/landsat/csv/LANDSAT_USA_contiguous_and_Hawaii_24h.csv",
    ] {
        assert_eq!(served.get(path).await.status, 404, "{path}");
    }
    served.stop().await;
}

#[tokio::test]
async fn both_forms_tell_of_the_same_pixels_in_their_own_spelling() {
    let served = Served::start(AFTERNOON, Options::default()).await;
    let key = |row: &Published| (row.acquired_at, row.lon.to_string(), row.lat.to_string());
    for (file, dataset) in [(NOAA20, "VIIRS_NOAA20_NRT"), (NOAA21, "VIIRS_NOAA21_NRT"), (MODIS, "MODIS_NRT")] {
        let area = served.get(&format!("/api/area/csv/{KEY}/{dataset}/world/2")).await.body;
        assert!(area.starts_with("latitude,longitude,bright"));
        assert!(area.lines().next().unwrap().contains("acq_time,satellite,instrument,confidence,version"));
        let (rolling, area) = (served.rows(file).await, published(&area));
        let keys = |rows: &[Published]| rows.iter().map(key).collect::<BTreeSet<_>>();
        assert_eq!(keys(&rolling), keys(&area), "{dataset}");
        if dataset == "MODIS_NRT" {
            assert!(area.iter().all(|row| ["Terra", "Aqua"].contains(&row.satellite.as_str())));
        } else {
            assert!(area.iter().all(|row| ["l", "n", "h"].contains(&row.confidence.as_str())));
            assert!(rolling.iter().all(|row| ["low", "nominal", "high"].contains(&row.confidence.as_str())));
        }
    }
    let dead = served.get(&format!("/api/area/csv/{KEY}/VIIRS_SNPP_NRT/world/5")).await.body;
    assert_eq!(dead.lines().count(), 1);
    served.stop().await;
}

#[test]
fn what_burns_elsewhere_keeps_every_feed_alive_and_never_reaches_the_belt() {
    let ground = ground();
    let city = ground.city_extent().unwrap();
    let begins: Timestamp = "2026-04-12T21:00:00Z".parse().unwrap();
    let day: Date = "2026-04-13".parse().unwrap();
    let rows = firegrid::simulate::elsewhere::rows(city, begins, day, 3, 6);
    assert_eq!(rows, firegrid::simulate::elsewhere::rows(city, begins, day, 3, 6));
    for satellite in [Flown::Noaa20, Flown::Noaa21, Flown::Terra, Flown::Aqua] {
        let mut times: Vec<_> =
            rows.iter().filter(|row| row.satellite == satellite).map(|row| row.acquired_at).collect();
        times.sort();
        assert_eq!(times.len(), 24 * 6);
        assert!(times.windows(2).all(|pair| pair[1].duration_since(pair[0]) < SignedDuration::from_hours(2)));
    }
    for row in rows {
        assert_eq!(ground.standing(row.centre), firegrid::domain::ground::Standing::Outside);
        assert_eq!(row.cause, Cause::Elsewhere);
    }
}

#[tokio::test]
async fn rows_appear_when_their_latency_is_over_and_the_truth_knows_them_all() {
    let served = Served::start("2026-04-13T03:00:00Z", Options { anchor: Anchor::Hours, ..Options::default() }).await;
    let mut seen = 0;
    for _ in 0..30 {
        let rows = served.all_rows().await;
        for row in &rows {
            let age = served.now().duration_since(row.acquired_at).as_mins();
            assert!(age >= 110, "{row:?} is out after {age} min");
        }
        assert!(rows.len() >= seen, "within a UTC day rows only come");
        seen = rows.len();
        served.wait(20);
    }
    let truth = served.truth().await;
    let of_pass = |name: &'static str| {
        let days = truth["days"].as_array().unwrap().iter();
        days.flat_map(|day| day["passes"].as_array().unwrap()).flat_map(move |pass| pass[name].as_array().unwrap())
    };
    let positions: BTreeSet<_> = of_pass("seen")
        .chain(of_pass("false_alarms"))
        .map(|row| (row["centre"]["lon"].to_string(), row["centre"]["lat"].to_string()))
        .collect();
    let rows = served.rows(NOAA20).await;
    assert!(rows.len() > 10, "{}", rows.len());
    for row in rows {
        assert!(positions.contains(&(row.lon.to_string(), row.lat.to_string())), "{row:?} is not in the truth");
    }
    served.stop().await;
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again_and_a_changed_one_is() {
    let served = Served::start(AFTERNOON, Options::default()).await;
    let first = served.get(MODIS).await;
    let (etag, modified) = (first.etag.unwrap(), first.last_modified.unwrap());
    for header in [("if-none-match", etag.as_str()), ("if-modified-since", modified.as_str())] {
        let again = served.get_with(MODIS, Some(header)).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{header:?}");
        assert_eq!(again.etag.as_deref(), Some(etag.as_str()));
    }
    assert_eq!(served.get_with(MODIS, Some(("if-none-match", "\"other\""))).await.status, 200);
    // Aqua's rows are all out by 18:45.
    served.wait(3 * 60);
    for header in [("if-none-match", etag.as_str()), ("if-modified-since", modified.as_str())] {
        let later = served.get_with(MODIS, Some(header)).await;
        assert_eq!(later.status, 200, "{header:?}");
        assert!(later.body.len() > first.body.len(), "Aqua's rows are out by then");
    }
    served.stop().await;
}

#[tokio::test]
async fn the_area_api_refuses_in_the_words_of_the_real_one() {
    let served = Served::start(AFTERNOON, Options { transaction_limit: 24, ..Options::default() }).await;
    let refusal = |path: String| {
        let served = &served;
        async move {
            let answer = served.get(&path).await;
            assert_eq!(answer.content_type, "text/plain; charset=utf-8");
            (answer.status, answer.body)
        }
    };
    let bad = |text: &str| (400, text.to_owned());
    assert_eq!(refusal("/api/area/csv/wrong/MODIS_NRT/world/1".into()).await, bad("Invalid MAP_KEY."));
    for days in ["0", "6", "10"] {
        let path = format!("/api/area/csv/{KEY}/MODIS_NRT/121,44,125,47/{days}");
        assert_eq!(refusal(path).await, bad("Invalid day range. Expects [1..5]."));
    }
    let status: serde_json::Value =
        serde_json::from_str(&served.get(&format!("/mapserver/mapkey_status/?MAP_KEY={KEY}")).await.body).unwrap();
    let expected = serde_json::json!(
        {"transaction_limit": 24, "current_transactions": 0, "transaction_interval": "10 minutes"}
    );
    assert_eq!(status, expected, "what was refused cost nothing");

    let small = format!("/api/area/csv/{KEY}/MODIS_NRT/121,44,125,47/4");
    for _ in 0..3 {
        assert_eq!(served.get(&small).await.status, 200);
    }
    assert_eq!(refusal(small.clone()).await, bad("Exceeding allowed transaction limit."));
    let status = refusal(format!("/mapserver/mapkey_status/?MAP_KEY={KEY}")).await.1;
    assert!(status.starts_with("MAP_KEY is invalid or your have exceeded"), "{status}");
    served.wait(10);
    assert_eq!(served.get(&small).await.status, 200, "the counter has drained");
    served.stop().await;
}

#[tokio::test]
async fn the_area_api_gives_the_box_and_the_days_that_were_asked_for() {
    let served = Served::start(AFTERNOON, Options::default()).await;
    let ask = |what: &str| format!("/api/area/csv/{KEY}/VIIRS_NOAA20_NRT/{what}");
    let all = served.rows(&ask("world/5")).await;
    let west = served.rows(&ask("121,44,122.5,47/5")).await;
    assert!(!west.is_empty() && west.len() < all.len());
    let in_west: Vec<_> = all.iter().filter(|row| row.lon <= 122.5).cloned().collect();
    assert_eq!(west, in_west);

    let utc = |row: &Published| local_day(row.acquired_at, &TimeZone::UTC).to_string();
    let days = |rows: &[Published]| rows.iter().map(utc).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    assert_eq!(days(&served.rows(&ask("world/1")).await), ["2026-04-13"]);
    assert_eq!(days(&served.rows(&ask("world/1/2026-04-12")).await), ["2026-04-12"]);
    assert_eq!(days(&all), ["2026-04-12", "2026-04-13"]);
    assert!(served.rows(&ask("world/5/2026-05-01")).await.is_empty(), "header only");
    served.stop().await;
}

#[tokio::test]
async fn a_24h_file_is_yesterday_and_today_in_utc_days_and_rolls_in_the_second_hour() {
    let served =
        Served::start("2026-04-13T22:00:00Z", Options { anchor: Anchor::Hours, days_before: 3, ..Options::default() })
            .await;
    let days = |rows: Vec<Published>| {
        let days: BTreeSet<_> = rows.iter().map(|row| local_day(row.acquired_at, &TimeZone::UTC).to_string()).collect();
        days.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(days(served.rows(NOAA20).await), ["2026-04-12", "2026-04-13"]);
    served.wait(3 * 60 + 30);
    assert_eq!(days(served.rows(NOAA20).await), ["2026-04-12", "2026-04-13"], "at 01:30 UTC it has not rolled yet");
    served.wait(30);
    assert_eq!(days(served.rows(NOAA20).await), ["2026-04-13"], "at 02:00 UTC it has, and today has no row yet");
    let longer = NOAA20.replace("24h", "48h");
    assert_eq!(days(served.rows(&longer).await), ["2026-04-12", "2026-04-13"]);
    served.stop().await;
}

#[tokio::test]
async fn a_demo_has_an_afternoon_at_any_hour_and_shows_nothing_from_the_future() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    for hour in 0..24 {
        // 00:10, 01:10, ... local.
        let start = at("2026-04-12T16:10:00Z") + SignedDuration::from_hours(hour);
        let served = Served::start(&start.to_string(), Options::default()).await;
        let rows = served.all_rows().await;
        assert!(rows.iter().all(|row| start.duration_since(row.acquired_at) >= SignedDuration::from_mins(110)));
        let fresh: Vec<_> =
            rows.iter().filter(|row| start.duration_since(row.acquired_at) < SignedDuration::from_hours(12)).collect();
        assert!(fresh.len() >= 20, "only {} of {} rows are fresh at {hour}:10 local", fresh.len(), rows.len());
        let of_today = |row: &&&Published| local_day(row.acquired_at, &zone) == local_day(start, &zone);
        let of_viirs = |row: &&&Published| row.satellite.starts_with('N');
        let today = fresh.iter().filter(of_today);
        match hour {
            8.. => assert_eq!(today.count(), fresh.len(), "at {hour}:10 all are of the local day"),
            4..8 => assert_eq!(today.filter(of_viirs).count(), fresh.iter().filter(of_viirs).count(), "{hour}:10"),
            _ => assert!(today.count() < fresh.len(), "at {hour}:10 no truthful service has them all on the day"),
        }
        served.wait(3 * 60);
        let later = served.all_rows().await;
        assert!(later.iter().any(|row| !rows.contains(row)), "more rows come while the demo runs");
        let truth = served.truth().await;
        assert!(truth["anchor"].as_str().unwrap().contains("shifted"));
        assert_eq!(truth["shift_seconds"].as_i64().unwrap(), (hour * 60 + 10 - 990) * 60);
        served.stop().await;
    }
}

#[tokio::test]
async fn speed_shortens_the_wait_for_rows_but_never_shows_the_future() {
    let slow = Served::start(AFTERNOON, Options::default()).await;
    let fast = Served::start(AFTERNOON, Options { speed: 600.0, ..Options::default() }).await;
    slow.wait(2);
    fast.wait(2);
    let (slow_rows, fast_rows) = (slow.all_rows().await, fast.all_rows().await);
    assert!(fast_rows.len() > slow_rows.len(), "{} rows at speed 600, {} at 1", fast_rows.len(), slow_rows.len());
    assert!(fast_rows.iter().all(|row| row.acquired_at <= fast.now()));
    slow.stop().await;
    fast.stop().await;
}

#[tokio::test]
async fn a_simulator_that_runs_for_weeks_goes_on_burning_and_forgets_old_days() {
    let served = Served::start(AFTERNOON, Options { fires: 10, ..Options::default() }).await;
    for day in 1..=20_usize {
        served.wait(24 * 60);
        let rows = served.rows(NOAA20).await;
        let newest = rows.iter().map(|row| served.now().duration_since(row.acquired_at).as_hours()).min().unwrap();
        assert!(newest < 24, "day {day}: the newest row is {newest} h old");
        let days = served.truth().await["days"].as_array().unwrap().len();
        assert_eq!(days, (day + 2).min(10));
    }
    served.stop().await;
}

#[test]
fn the_demo_polls_the_three_keyless_files_that_are_alive() {
    let sources = sources("http://127.0.0.1:9/");
    let files: Vec<_> = sources
        .iter()
        .map(|source| match &source.kind {
            SourceKind::FirmsFiles { satellite, region, window, base_url } => {
                assert_eq!((region.as_str(), *window), ("Russia_Asia", FirmsWindow::Day));
                assert_eq!(base_url, "http://127.0.0.1:9", "no slash at the end, as the configuration wants it");
                (source.id.as_str(), *satellite)
            }
            other => panic!("{other:?} needs a key"),
        })
        .collect();
    assert_eq!(files, [("noaa21", FirmsFile::Noaa21), ("noaa20", FirmsFile::Noaa20), ("modis", FirmsFile::Modis)]);
}
