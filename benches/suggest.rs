//! Suggesting heat sources in a busy year: 50,000 detections of fields, 30 flares among them.
//!
//! The reference is the least that has to be done with the rows: putting them in order.

use firegrid::domain::ground::Ground;
use firegrid::domain::heat_suggest::{SuggestRules, suggest};
use firegrid::domain::observation::{DayNight, Observation};
use firegrid::domain::time::SignedDuration;

use super::measure::{median_of, report};
use super::record::{fire_day, row};

/// Detections of fields.
const FIELDS: usize = 50_000;

/// Flares, and nights each was seen.
const FLARES: usize = 30;
const NIGHTS: i64 = 150;

/// Measures one look back over the year.
pub fn run() {
    let loaded = firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap();
    let ground = Ground::build(loaded.data);
    let rows = year(&ground);
    let today = ground.local_day(rows.iter().map(|row| row.key.acquired_at).max().unwrap());
    let (time, found) = median_of(3, || suggest(&ground, &[], &rows, today, &SuggestRules::default()));
    let (sorted, _) = median_of(3, || {
        let mut rows: Vec<_> = rows.iter().collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows.len()
    });
    assert_eq!(found.len(), FLARES);
    report(
        &format!("suggest {FLARES} flares among {} detections", rows.len()),
        time,
        ("sorting the same rows", sorted),
    );
}

fn year(ground: &Ground) -> Vec<Observation> {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut rows = fire_day(ground, FIELDS);
    for row in &mut rows {
        // Two burning seasons of sixty days each.
        let days = rng.i64(0..60) + if rng.bool() { 180 } else { 0 };
        row.key.acquired_at -= SignedDuration::from_hours(24 * days);
    }
    let spots: Vec<_> = rows.iter().step_by(FIELDS / FLARES).take(FLARES).cloned().collect();
    for spot in spots {
        for night in 0..NIGHTS {
            let at = spot.key.acquired_at + SignedDuration::from_hours(24 * (night % 60));
            let (dx, dy) = ((rng.f64() - 0.5) * 0.006, (rng.f64() - 0.5) * 0.004);
            let mut seen = row(spot.key.satellite, at, spot.position.lon() + dx, spot.position.lat() + dy, &mut rng);
            (seen.day_night, seen.frp_mw) = (DayNight::Night, Some(1.0 + rng.f64()));
            rows.push(seen);
        }
    }
    rows
}
