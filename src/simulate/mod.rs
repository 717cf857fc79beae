//! The simulator: a FIRMS double for burning days whose true fires are known.
//!
//! `firegrid simulate` serves it, `firegrid demo` runs it under the whole service; both
//! reach it over real HTTP, by the real URLs and dialects, so nothing in the service knows
//! that the fires are made up. Reading order follows the making of a row: [`fires`] are
//! lit on the [`place`]s of the ground, [`pass`]es go over with the pixels of [`optics`],
//! a pixel gets the figures of [`measure`], a [`day`] holds it all, [`mod@write`] spells it as
//! published (beside the fires [`elsewhere`]), [`server`] gives it out when its time has come (refusing what [`area`] does
//! not understand), and [`truth`] says what really burnt.
//!
//! Everything below [`server`] is pure and decided by a seed; the clock is passed in.
//!
//! What it is not: a model of fire, weather or detection skill. Its numbers are plausible,
//! not calibrated; no count of it says anything about a real satellite. There are no
//! clouds, no provisional (URT, RT) rows and no faults of the server yet.

pub mod area;
pub mod day;
pub mod elsewhere;
pub mod fires;
pub mod flown;
pub mod measure;
pub mod optics;
pub mod pass;
pub mod place;
mod routes;
pub mod server;
pub mod truth;
pub mod write;

pub use day::{SimulatedDay, SimulatedRow, burning_day};
pub use server::{Anchor, Clock, Options, Simulator, sources};
pub use truth::Truth;

/// A stream of random numbers of its own for one use of a seed.
///
/// Separate streams keep what one part draws from moving what another part gets: one more
/// fire does not shift the passes.
fn stream(seed: u64, day: crate::domain::time::Date, purpose: u64) -> fastrand::Rng {
    let day = (i64::from(day.year()) * 1000 + i64::from(day.day_of_year())).unsigned_abs();
    // Odd constants spread neighbouring days and purposes over all bits of the seed.
    let day = day.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let purpose = purpose.wrapping_add(1).wrapping_mul(0xD1B5_4A32_D192_ED03);
    fastrand::Rng::with_seed(seed ^ day ^ purpose)
}

/// A number drawn evenly between two bounds.
fn between(rng: &mut fastrand::Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.f64()
}

/// A span of some minutes, to the second.
fn minutes(minutes: f64) -> crate::domain::time::SignedDuration {
    // A day has 86,400 seconds: far inside what both types hold exactly.
    #[expect(clippy::cast_possible_truncation, reason = "callers pass minutes of a few days")]
    crate::domain::time::SignedDuration::from_secs((minutes * 60.0).round() as i64)
}

/// An instant moved by a span, as far as the calendar reaches.
fn moved(
    at: crate::domain::time::Timestamp,
    by: crate::domain::time::SignedDuration,
) -> crate::domain::time::Timestamp {
    use crate::domain::time::Timestamp;
    at.checked_add(by).unwrap_or(if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

/// A number rounded to some decimals, as feeds publish it.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
