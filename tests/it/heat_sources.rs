//! Fixed heat sources: what is suggested and what is not, who may approve, and what approval does.

use std::sync::Arc;

use firegrid::domain::actor::Actor;
use firegrid::domain::ground::Ground;
use firegrid::domain::heat_approval::{ApprovalRules, HeatAct, HeatField, HeatRefusal, HeatStanding, NewHeatSource};
use firegrid::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape};
use firegrid::domain::heat_suggest::{SuggestRules, Suggestion, suggest};
use firegrid::domain::observation::{DayNight, Observation, Satellite};
use firegrid::domain::position::Position;
use firegrid::domain::time::{Date, SignedDuration, Timestamp};
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::simulate::burning_day;
use firegrid::simulate::day::{Cause, DayOptions};
use firegrid::store::query::{DetectionRow, Span};
use firegrid::store::{HeatError, Store};
use firegrid::words::Say;
use proptest::prelude::*;

use crate::commands;
use crate::ground_fixture::{data, ground, row};
use crate::harness::real_data;
use crate::region_files::Outlines;

const TODAY: &str = "2026-04-30";
/// One kilometre in degrees of latitude, and of longitude at 45.9 degrees north.
const KM_LAT: f64 = 1.0 / 111.195;
const KM_LON: f64 = 1.0 / (111.195 * 0.6959);

fn today() -> Date {
    TODAY.parse().unwrap()
}

/// A row of a number of days before today: by night at 01:30 local time, by day at 12:30.
fn seen(lon: f64, lat: f64, days_ago: i64, day_night: DayNight, frp_mw: f64) -> Observation {
    let noon: Timestamp = format!("{TODAY}T04:30:00Z").parse().unwrap();
    let hours = if day_night == DayNight::Night { 11 } else { 0 };
    let at = noon - SignedDuration::from_hours(24 * days_ago + hours);
    let mut row = row(lon, lat, &at.to_string());
    (row.day_night, row.frp_mw) = (day_night, Some(frp_mw));
    row
}

/// A flare: lit on a number of nights, its pixel centres scattered round it within `scatter_km`.
fn flare(lon: f64, lat: f64, nights: i64, scatter_km: f64) -> Vec<Observation> {
    (0..nights)
        .map(|night| {
            let turn = night as f64 * 2.4;
            let away = scatter_km * ((night % 5) as f64 / 4.0);
            let (dx, dy) = (away * turn.cos() * KM_LON, away * turn.sin() * KM_LAT);
            seen(lon + dx, lat + dy, night * 2, DayNight::Night, 1.0 + (night % 3) as f64 * 0.2)
        })
        .collect()
}

fn suggested(rows: &[Observation], rules: &SuggestRules) -> Vec<Suggestion> {
    suggest(&ground(), &[], rows, today(), rules)
}

fn at(lon: f64, lat: f64) -> Position {
    Position::from_lon_lat(lon, lat).unwrap()
}

#[test]
fn a_flare_is_suggested_with_all_that_a_person_needs_to_go_and_see() {
    let found = suggested(&flare(122.08, 45.92, 40, 0.35), &SuggestRules::default());
    assert_eq!(found.len(), 1);
    let flare = &found[0];
    assert!(flare.centre.distance_km(at(122.08, 45.92)) < 0.1, "{:?}", flare.centre);
    assert_eq!((flare.detections, flare.days, flare.nights), (40, 40, 40));
    assert!((100.0..=300.0).contains(&flare.radius_m), "{}", flare.radius_m);
    assert!((flare.night_share - 1.0).abs() < 1e-9 && (flare.median_frp_mw - 1.2).abs() < 1e-9);
    assert_eq!(flare.unit.as_ref().unwrap().0, "A-a-1");
    assert_eq!(flare.nearest_place.as_ref().unwrap().name, "甲镇");
    assert_eq!(flare.satellites.iter().copied().collect::<Vec<_>>(), [Satellite::Noaa20]);
    assert_eq!((flare.last_seen_at - flare.first_seen_at).as_hours(), 78 * 24);
    assert!(flare.say().zh.contains("40天") && flare.say().en.contains("40 days"), "{}", flare.say().zh);
}

#[test]
fn every_threshold_holds_on_both_sides_of_its_value() {
    let rules = SuggestRules { min_days: 10, ..SuggestRules::default() };
    let ten_nights = || -> Vec<_> { (0..10).map(|n| seen(122.08, 45.92, n, DayNight::Night, 1.0)).collect() };
    let with_days = |by_day: i64| -> Vec<_> {
        ten_nights().into_iter().chain((0..by_day).map(|n| seen(122.08, 45.92, n, DayNight::Day, 1.0))).collect()
    };
    let with_frp = |frp: [f64; 10]| -> Vec<_> {
        (0..10).map(|n| seen(122.08, 45.92, n, DayNight::Night, frp[usize::try_from(n).unwrap()])).collect()
    };
    let away = |km: f64| -> Vec<_> {
        let far = (9..10).map(|n| seen(122.08, 45.92 + km * KM_LAT, n, DayNight::Night, 1.0));
        ten_nights().into_iter().take(9).chain(far).collect()
    };
    let until = |days_ago: i64| -> Vec<_> {
        ten_nights().into_iter().skip(1).chain([seen(122.08, 45.92, days_ago, DayNight::Night, 1.0)]).collect()
    };
    let unknown_frp: Vec<_> = ten_nights().into_iter().map(|row| Observation { frp_mw: None, ..row }).collect();
    let cases = [
        ("ten days", ten_nights(), true),
        ("nine days", ten_nights().into_iter().skip(1).collect(), false),
        ("one of eleven by day", with_days(1), true),
        ("two of twelve by day", with_days(2), false),
        ("a median of 5 MW", with_frp([5.0; 10]), true),
        ("a median of 5.01 MW", with_frp([5.01; 10]), false),
        ("quartiles 3 MW apart", with_frp([0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0, 3.0]), true),
        ("quartiles 3.2 MW apart", with_frp([0.0, 0.0, 0.0, 0.0, 0.0, 3.2, 3.2, 3.2, 3.2, 3.2]), false),
        ("the tenth day 0.49 km away", away(0.49), true),
        ("the tenth day 0.51 km away", away(0.51), false),
        ("the tenth day 364 days ago", until(364), true),
        ("the tenth day 365 days ago", until(365), false),
        ("tomorrow's row of a replay", until(-1), false),
        ("no FRP at all", unknown_frp, false),
    ];
    for (what, rows, expected) in cases {
        assert_eq!(suggested(&rows, &rules).len(), usize::from(expected), "{what}");
    }
}

#[test]
fn many_pixels_of_one_night_are_one_day() {
    let rows: Vec<_> = (0..40).map(|n| seen(122.08 + f64::from(n) * 1e-4, 45.92, 3, DayNight::Night, 1.0)).collect();
    assert!(suggested(&rows, &SuggestRules::default()).is_empty());
}

#[test]
fn two_flares_two_kilometres_apart_are_two() {
    let mut rows = flare(122.06, 45.92, 40, 0.3);
    rows.extend(flare(122.06 + 2.0 * KM_LON, 45.92, 30, 0.3));
    let found = suggested(&rows, &SuggestRules::default());
    assert_eq!(found.iter().map(|s| s.days).collect::<Vec<_>>(), [40, 30], "most days first");
}

#[test]
fn ground_under_an_approved_source_is_not_suggested_and_an_expired_one_is_named() {
    let source = |radius_m: f64, expires: &str| HeatSource {
        id: "known".to_owned(),
        name: "火炬".to_owned(),
        kind: HeatSourceKind::Flare,
        shape: HeatSourceShape::Circle { centre: at(122.08, 45.92), radius_m },
        approved_by: "市局".to_owned(),
        approved_on: "2025-05-01".parse().unwrap(),
        expires: expires.parse().unwrap(),
    };
    let rows = flare(122.08, 45.92, 40, 0.35);
    let with = |source: HeatSource| suggest(&ground(), &[source], &rows, today(), &SuggestRules::default());
    assert!(with(source(300.0, TODAY)).is_empty(), "in force to the end of today");
    let expired = with(source(300.0, "2026-04-29"));
    assert_eq!(expired.len(), 1, "expired yesterday: it alarms again, so it is suggested again");
    assert_eq!(expired[0].nearest_source.as_ref().unwrap().id, "known");
    // Too small a radius leaves a ring of pixels round the source that alarm on: whatever is suggested there lies
    // beside it and names it.
    let ring: Vec<_> = (0..60)
        .map(|n| {
            let turn = f64::from(n) * 2.4;
            let (dx, dy) = (0.4 * turn.cos() * KM_LON, 0.4 * turn.sin() * KM_LAT);
            seen(122.08 + dx, 45.92 + dy, i64::from(n), DayNight::Night, 1.0)
        })
        .collect();
    for left in suggest(&ground(), &[source(100.0, TODAY)], &ring, today(), &SuggestRules::default()) {
        let nearest = left.nearest_source.unwrap();
        assert!(nearest.id == "known" && (0.0..0.4).contains(&nearest.distance_km) && nearest.distance_km > 0.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Wherever a source stands (also on the corner of four squares of any grid), it is one suggestion
    /// with all its days.
    #[test]
    fn a_source_never_falls_apart_wherever_it_stands(dx in 0.0..0.02f64, dy in 0.0..0.02f64, nights in 20i64..50) {
        let found = suggested(&flare(122.06 + dx, 45.91 + dy, nights, 0.35), &SuggestRules::default());
        prop_assert_eq!(found.iter().map(|s| s.days).collect::<Vec<_>>(), [usize::try_from(nights).unwrap()]);
    }

    #[test]
    fn order_and_repetition_change_nothing(
        fields in proptest::collection::vec((0.0..0.1f64, 0.0..0.1f64, 0i64..100, any::<bool>(), 0.0..9.0f64), 0..120),
        order in proptest::collection::vec(any::<u32>(), 300),
    ) {
        let mut rows = flare(122.03, 45.93, 30, 0.4);
        rows.extend(flare(122.03 + 0.9 * KM_LON, 45.93, 25, 0.4));
        rows.extend(fields.iter().map(|&(x, y, days_ago, is_night, frp)| {
            let when = if is_night { DayNight::Night } else { DayNight::Day };
            seen(122.0 + x, 45.9 + y, days_ago, when, frp)
        }));
        let rules = SuggestRules { min_days: 8, min_night_share: 0.6, ..SuggestRules::default() };
        let once = suggested(&rows, &rules);
        prop_assert!(!once.is_empty());
        let mut shuffled: Vec<_> = rows.iter().cloned().chain(rows.iter().take(20).cloned()).zip(&order).collect();
        shuffled.sort_by_key(|(_, place)| **place);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(row, _)| row).collect();
        prop_assert_eq!(suggested(&shuffled, &rules), once);
    }
}

/// A season of the simulator: its flares are found when nobody has approved them, its fields never.
#[test]
fn a_simulated_season_gives_its_flares_and_none_of_its_fields() {
    let mut season = data();
    let true_flares = [at(122.25, 45.85), at(122.11, 45.96)];
    season.heat_sources = true_flares
        .iter()
        .zip(1..)
        .map(|(centre, n)| HeatSource {
            id: format!("flare-{n}"),
            name: format!("火炬{n}"),
            kind: HeatSourceKind::Flare,
            shape: HeatSourceShape::Circle { centre: *centre, radius_m: 300.0 },
            approved_by: "市局".to_owned(),
            approved_on: "2025-01-01".parse().unwrap(),
            expires: "2027-12-31".parse().unwrap(),
        })
        .collect();
    // The simulator lights the approved sources; who suggests knows none of them.
    let ground = Ground::build(season);
    let mut rows = Vec::new();
    let mut field_rows = 0;
    for days_ago in 0..60 {
        let day = today().checked_sub(SignedDuration::from_hours(24 * days_ago)).unwrap();
        let simulated = burning_day(&ground, day, 7, DayOptions { fires: 12 }).unwrap();
        for seen in simulated.rows {
            if seen.cause == Cause::Elsewhere {
                continue;
            }
            let mut row = row(seen.centre.lon(), seen.centre.lat(), &seen.acquired_at.to_string());
            row.key.satellite = seen.satellite.satellite();
            (row.day_night, row.frp_mw) = (seen.day_night, Some(seen.frp_mw));
            (row.scan_km, row.track_km) = (Some(seen.scan_km), Some(seen.track_km));
            field_rows += usize::from(seen.day_night == DayNight::Day);
            rows.push(row);
        }
    }
    assert!(field_rows > 300, "{field_rows} rows of fields by day");
    let found = suggest(&ground, &[], &rows, today(), &SuggestRules::default());
    assert_eq!(found.len(), 2, "{found:#?}");
    for flare in true_flares {
        assert!(found.iter().any(|s| s.centre.distance_km(flare) < 0.3), "{flare:?} in {found:#?}");
    }
    assert!(suggest(&ground, &ground.data().heat_sources, &rows, today(), &SuggestRules::default()).is_empty());
}

/// Everything real that was ever seen here, as the store holds it; `None` where this machine has no real data.
async fn real_detections() -> Option<(Arc<Ground>, Vec<Observation>)> {
    let counties = commands::Desk::of_counties(Outlines::CountiesWgs84, "wgs84")?;
    for path in ["firms/replay", "firms/MODIS_C6_1_Global_24h.2023-03-10.csv.gz"] {
        counties.ingest(&real_data(path)?, "history");
    }
    let store = Store::open(&counties.path("firegrid.sqlite")).unwrap();
    let ground = firegrid::app::stored_ground(&store).await.unwrap().unwrap();
    let rows = store
        .whole()
        .in_span::<DetectionRow>(Span::ALL)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.observation)
        .collect();
    Some((ground, rows))
}

/// Position and nights seen in 2017 of the flares inside the counties, from the global list.
fn real_flares(ground: &Ground) -> Option<Vec<(Position, i64)>> {
    let list =
        std::fs::File::open(real_data("heat_sources/VIIRS_Global_flaring_d.7_slope_0.029353_2017_web_v1.csv.gz")?);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(list.unwrap()), &mut text).unwrap();
    let flares = text.lines().skip(1).filter_map(|line| {
        let number = |i: usize| line.split(',').nth(i)?.parse::<f64>().ok();
        let position = Position::from_lon_lat(number(2)?, number(1)?).ok()?;
        ground.unit_at(position)?;
        #[expect(clippy::cast_possible_truncation, reason = "nights of a year")]
        let nights = (number(4)? * number(5)?).round() as i64;
        Some((position, nights))
    });
    Some(flares.collect())
}

#[tokio::test]
async fn twelve_real_days_and_the_great_reed_fire_suggest_nothing() {
    let Some((ground, rows)) = real_detections().await else { return };
    assert_eq!(rows.len(), 220);
    for today in ["2022-04-23", "2023-03-11"] {
        let today = today.parse().unwrap();
        assert_eq!(suggest(&ground, &[], &rows, today, &SuggestRules::default()), []);
        // Even four days, whatever their hour and power, none of the cells lit on.
        let anything = SuggestRules {
            min_days: 4,
            min_night_share: 0.0,
            max_median_frp_mw: 1e4,
            max_frp_spread_mw: 1e4,
            ..SuggestRules::default()
        };
        assert_eq!(suggest(&ground, &[], &rows, today, &anything), []);
    }
}

/// The two flares of Baicheng, as often as the list of 2017 saw them, among all real fires.
#[tokio::test]
async fn the_two_real_flares_are_found_among_the_real_fires() {
    let Some((ground, mut rows)) = real_detections().await else { return };
    let flares = real_flares(&ground).unwrap();
    assert_eq!(flares.len(), 2);
    let last: Timestamp = "2023-03-10T17:30:00Z".parse().unwrap();
    for (n, (flare, nights)) in (1i32..).zip(&flares) {
        assert!((15..30).contains(nights), "{nights} nights of 2017");
        for night in 0..*nights {
            let turn = f64::from(n) + night as f64 * 2.4;
            let (dx, dy) = (0.3 * turn.cos() * KM_LON, 0.3 * turn.sin() * KM_LAT);
            let at = last - SignedDuration::from_hours(24 * 15 * night);
            let mut seen = row(flare.lon() + dx, flare.lat() + dy, &at.to_string());
            (seen.day_night, seen.frp_mw) = (DayNight::Night, Some(1.1));
            rows.push(seen);
        }
    }
    let found = suggest(&ground, &[], &rows, "2023-03-11".parse().unwrap(), &SuggestRules::default());
    assert_eq!(found.len(), 2, "{found:#?}");
    for (flare, _) in flares {
        assert!(found.iter().any(|s| s.centre.distance_km(flare) < 0.2), "{flare:?} in {found:#?}");
    }
}

struct Desk {
    store: Store,
    ground: Arc<Ground>,
    now: Timestamp,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let now = format!("{TODAY}T07:00:00Z").parse().unwrap();
        Self { store, ground: ground(), now, _folder: folder }
    }

    async fn approve(&self, draft: NewHeatSource, actor: Actor) -> Result<String, HeatError> {
        let rules = ApprovalRules::default();
        let source =
            self.store.whole().carry_out(draft, (actor.into(), self.ground.clone(), rules), self.now).await?.source;
        Ok(source.id)
    }

    async fn act(&self, id: &str, act: HeatAct, actor: Actor, on: &str) -> Result<HeatStanding, HeatError> {
        let (rules, now) = (ApprovalRules::default(), format!("{on}T07:00:00Z").parse().unwrap());
        let source = self
            .store
            .whole()
            .carry_out((id.to_owned(), act), (actor.into(), self.ground.clone(), rules), now)
            .await?
            .source;
        Ok(source.standing(self.ground.local_day(now), &rules))
    }
}

fn code(code: &str) -> UnitCode {
    UnitCode(code.to_owned())
}

fn draft() -> NewHeatSource {
    NewHeatSource {
        name: "砖窑".to_owned(),
        kind: HeatSourceKind::Kiln,
        centre: at(122.08, 45.92),
        radius_m: 300.0,
        unit: code("A-a"),
        watched_by: Some("甲镇网格员".to_owned()),
        expires: "2026-10-31".parse().unwrap(),
    }
}

fn county() -> Actor {
    Actor::person("甲县长", code("A"))
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, HeatError>) -> HeatRefusal {
    match outcome {
        Err(HeatError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn only_a_person_of_the_county_or_above_on_the_units_own_line_approves() {
    let cases = [
        (county(), true),
        (Actor::person("市长", code("S")), true),
        (Actor::person("甲镇长", code("A-a")), false),
        (Actor::person("乙县长", code("B")), false),
        (Actor::system(), false),
    ];
    for (actor, may) in cases {
        let desk = Desk::new();
        let outcome = desk.approve(draft(), actor.clone()).await;
        assert_eq!(outcome.is_ok(), may, "{actor:?}: {outcome:?}");
        assert_eq!(desk.store.whole().heat_sources().await.unwrap().len(), usize::from(may));
    }
}

#[tokio::test]
async fn a_draft_that_silences_too_much_or_too_long_is_refused_and_nothing_is_recorded() {
    let desk = Desk::new();
    let day = |text: &str| text.parse::<Date>().unwrap();
    let cases: [(&str, NewHeatSource, bool); 9] = [
        ("no name", NewHeatSource { name: " ".to_owned(), ..draft() }, false),
        ("no radius", NewHeatSource { radius_m: 0.0, ..draft() }, false),
        ("not a radius", NewHeatSource { radius_m: f64::NAN, ..draft() }, false),
        ("a county's radius", NewHeatSource { radius_m: 10_000.1, ..draft() }, false),
        ("unknown unit", NewHeatSource { unit: code("Z"), ..draft() }, false),
        ("ended yesterday", NewHeatSource { expires: day("2026-04-29"), ..draft() }, false),
        ("longer than a year", NewHeatSource { expires: day("2027-05-02"), ..draft() }, false),
        ("today only", NewHeatSource { expires: day(TODAY), name: "一日".to_owned(), ..draft() }, true),
        ("a year and a day", NewHeatSource { expires: day("2027-05-01"), ..draft() }, true),
    ];
    let mut recorded = 0;
    for (what, draft, may) in cases {
        assert_eq!(desk.approve(draft, county()).await.is_ok(), may, "{what}");
        recorded += usize::from(may);
        assert_eq!(desk.store.whole().heat_sources().await.unwrap().len(), recorded, "{what}");
    }
    let taken = refused(desk.approve(draft(), county()).await);
    assert!(matches!(taken, HeatRefusal::NameTaken { .. }), "{taken}");
    let in_file = refused(desk.approve(NewHeatSource { name: "火炬".to_owned(), ..draft() }, county()).await);
    assert_eq!(in_file, HeatRefusal::NameTaken { name: "火炬".to_owned(), id: "flare".to_owned() });
}

#[tokio::test]
async fn a_source_is_handed_over_renewed_and_ended_and_is_over_then() {
    let desk = Desk::new();
    let id = desk.approve(draft(), county()).await.unwrap();
    assert_eq!(id, "HS-20260430-1");
    let to = HeatAct::HandOver { unit: code("A-c"), watched_by: None };
    assert_eq!(desk.act(&id, to, county(), TODAY).await.unwrap(), HeatStanding::InForce);
    let other = Actor::person("乙县长", code("B"));
    let end = HeatAct::End { why: "拆除".to_owned() };
    assert!(matches!(refused(desk.act(&id, end.clone(), other, TODAY).await), HeatRefusal::NoRight { .. }));

    let renew = |day: &str| HeatAct::Renew { expires: day.parse().unwrap() };
    let shorter = refused(desk.act(&id, renew("2026-10-31"), county(), "2026-10-01").await);
    assert!(matches!(shorter, HeatRefusal::Expiry { .. }), "a renewal makes it longer: {shorter}");
    assert_eq!(desk.act(&id, renew("2026-12-31"), county(), "2026-10-31").await.unwrap(), HeatStanding::InForce);
    let nobody = refused(desk.act(&id, HeatAct::End { why: String::new() }, county(), "2026-12-01").await);
    assert_eq!(nobody, HeatRefusal::Empty { field: HeatField::Reason });
    assert_eq!(desk.act(&id, end, county(), "2026-12-15").await.unwrap(), HeatStanding::Ended);

    let source = &desk.store.whole().heat_sources().await.unwrap()[0];
    assert_eq!((source.unit.0.as_str(), &source.watched_by), ("A-c", &None));
    let counts = |day: &str| source.source().is_approved_on(day.parse().unwrap());
    assert_eq!(["2026-04-29", TODAY, "2026-12-14", "2026-12-15"].map(counts), [false, true, true, false]);
    let again = refused(desk.act(&id, renew("2027-06-30"), county(), "2026-12-15").await);
    assert_eq!(again, HeatRefusal::Over { id, since: "2026-12-15".parse().unwrap() });
}

#[tokio::test]
async fn an_expired_source_is_not_renewed_over_the_gap() {
    let desk = Desk::new();
    let id = desk.approve(draft(), county()).await.unwrap();
    let renew = HeatAct::Renew { expires: "2027-01-31".parse().unwrap() };
    let over = refused(desk.act(&id, renew, county(), "2026-11-01").await);
    assert_eq!(over, HeatRefusal::Over { id, since: "2026-11-01".parse().unwrap() });
    let missing = refused(desk.act("HS-1", HeatAct::End { why: "无".to_owned() }, county(), TODAY).await);
    assert_eq!(missing, HeatRefusal::Unknown("HS-1".to_owned()));
}

#[tokio::test]
async fn every_act_is_an_event_in_the_chained_log_by_the_person_who_did_it() {
    let desk = Desk::new();
    let id = desk.approve(draft(), county()).await.unwrap();
    let to = HeatAct::HandOver { unit: code("A-c"), watched_by: Some("丙".to_owned()) };
    desk.act(&id, to, county(), TODAY).await.unwrap();
    desk.act(&id, HeatAct::Renew { expires: "2026-12-31".parse().unwrap() }, county(), TODAY).await.unwrap();
    desk.act(&id, HeatAct::End { why: "拆除".to_owned() }, county(), "2026-05-02").await.unwrap();
    let db = rusqlite::Connection::open(desk.store.path()).unwrap();
    let mut select = db
        .prepare("SELECT kind, actor, actor_unit, detail FROM events WHERE subject_kind = 'heat_source' AND subject = ?1 ORDER BY seq")
        .unwrap();
    let events: Vec<(String, String, String, String)> = select
        .query_map([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.0.as_str()).collect();
    assert_eq!(kinds, ["approved", "handed_over", "renewed", "ended"]);
    assert!(events.iter().all(|event| (event.1.as_str(), event.2.as_str()) == ("甲县长", "A")));
    let ended: serde_json::Value = serde_json::from_str(&events[3].3).unwrap();
    assert_eq!((&ended["why"], &ended["after"]["ended_on"]), (&"拆除".into(), &"2026-05-02".into()));
    assert_eq!(ended["before"]["ended_on"], serde_json::Value::Null);
}

#[test]
fn an_approval_that_ends_within_a_month_expires_soon() {
    let mut source = data().heat_sources.remove(0);
    source.expires = "2026-05-30".parse().unwrap();
    let standing = |day: &str| HeatStanding::of(&source, day.parse().unwrap(), &ApprovalRules::default());
    assert_eq!(standing("2025-12-31"), HeatStanding::NotYet);
    assert_eq!(standing("2026-04-29"), HeatStanding::InForce);
    assert_eq!(standing("2026-04-30"), HeatStanding::ExpiresSoon);
    assert_eq!(standing("2026-05-30"), HeatStanding::ExpiresSoon);
    assert_eq!(standing("2026-05-31"), HeatStanding::Expired);
    assert_eq!(ApprovalRules::default().level, UnitLevel::County);
}

#[test]
fn the_command_line_approves_lists_hands_over_and_ends_a_source_in_the_name_of_a_person() {
    let desk = commands::Desk::new(std::path::Path::new("regions/baicheng"));
    let zone = firegrid::domain::time::TimeZone::get("Asia/Shanghai").unwrap();
    let today = firegrid::domain::time::local_day(firegrid::app::now(), &zone);
    let soon = today.checked_add(SignedDuration::from_hours(24 * 20)).unwrap().to_string();
    let approve = |who: &str| {
        let place = ["--lon", "122.84", "--lat", "45.62", "--radius-m", "300", "--unit", "220802100"];
        let rest = ["--name", "砖窑", "--kind", "kiln", "--expires", &soon, "--as", who, "--json"];
        desk.run(&[&["heat-sources", "approve"][..], &place, &rest].concat())
    };
    let refused = approve("示例·平安镇负责人");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("须由220802100本线县级及以上单位办理"),
        "says what it takes"
    );
    assert_eq!(approve("过路人").status.code(), Some(1), "nobody of that name");
    assert_eq!(desk.json(&["heat-sources", "list", "--json"])["heat_sources"], serde_json::json!([]));

    let approved = approve("示例·洮北区负责人");
    assert!(approved.status.success(), "{}", String::from_utf8_lossy(&approved.stderr));
    let approved: serde_json::Value = serde_json::from_slice(&approved.stdout).unwrap();
    let id = approved["id"].as_str().unwrap().to_owned();
    assert_eq!((&approved["standing"], &approved["approved_on"]), (&"expires_soon".into(), &today.to_string().into()));
    let by = ["--as", "示例·洮北区负责人", "--json"];
    let act = |args: &[&str]| desk.json(&[&["heat-sources"][..], args, &by].concat());
    assert_eq!(act(&["hand-over", &id, "--unit", "220802101"])["unit"], "220802101");
    let later = today.checked_add(SignedDuration::from_hours(24 * 200)).unwrap().to_string();
    assert_eq!(act(&["renew", &id, "--expires", &later])["standing"], "in_force");
    assert_eq!(act(&["end", &id, "--why", "已拆除"])["standing"], "ended");
    let listed = desk.json(&["heat-sources", "list", "--json"]);
    assert_eq!((&listed["heat_sources"][0]["label"], &listed["expires_soon"]), (&"已终止".into(), &0.into()));
    assert_eq!(desk.json(&["heat-sources", "suggest", "--json"])["suggestions"], serde_json::json!([]));
}

/// Needs judging that asks for the sources approved here.
#[tokio::test]
async fn an_approval_silences_what_burns_from_its_day_on_and_changes_no_recorded_judgement() {
    let desk = Desk::new();
    let record = async |row: Observation, now: &str| {
        let batch = crate::linking::batch(vec![row]);
        desk.store.record(batch, desk.ground.clone(), Arc::default(), now.parse().unwrap()).await.unwrap()
    };
    let noon = |days_ago: i64| seen(122.08, 45.92, days_ago, DayNight::Day, 1.0);
    record(noon(0), "2026-04-30T06:00:00Z").await;
    desk.approve(draft(), county()).await.unwrap();
    let late = |days_ago| {
        let mut row = noon(days_ago);
        row.key.lat = firegrid::domain::observation::Decimal::parse("45.9201").unwrap();
        row.position = at(122.08, 45.9201);
        row
    };
    record(late(0), "2026-04-30T08:00:00Z").await;
    record(late(1), "2026-04-30T08:00:00Z").await;
    record(late(-1), "2026-05-01T08:00:00Z").await;
    let said: Vec<_> = desk.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
    let said: Vec<_> = said.iter().map(|row| row.judgement.verdict.name()).collect();
    // The day before its approval; recorded before it; the same day, recorded after; the next day.
    assert_eq!(said, ["unplanned", "unplanned", "heat_source", "heat_source"]);
}
