//! What a sensor measures of a burning pixel: whether it notices, and the figures it gives.
//!
//! Called by [`super::day`] for every pixel with fire in it. The curves are drawn by eye
//! through the medians and 5-95 % ranges of real FIRMS rows; they are plausible, not
//! calibrated.

use super::flown::{Flown, Sensor};
use super::optics;
use super::{between, rounded};
use crate::domain::observation::{Confidence, DayNight};

/// VIIRS channel I4 shows no temperature above this, K.
pub const SATURATION_K: f64 = 367.0;

/// The figures of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Brightness of the fire channel, K.
    pub brightness_k: f64,
    /// Brightness of the background channel, K.
    pub background_k: f64,
    /// Radiative power, MW.
    pub frp_mw: f64,
    /// How sure the algorithm is.
    pub confidence: Confidence,
}

/// Least power noticed in a pixel of nadir size, MW.
///
/// By night the ground is cold and smaller fires stand out.
fn least_mw(instrument: Sensor, day_night: DayNight) -> f64 {
    match (instrument, day_night) {
        (Sensor::Viirs, DayNight::Day) => 1.0,
        (Sensor::Viirs, DayNight::Night) => 0.4,
        (Sensor::Modis, DayNight::Day) => 6.0,
        (Sensor::Modis, DayNight::Night) => 4.5,
    }
}

/// Whether a sensor notices some power in a pixel: larger pixels dilute it, and chance
/// (haze, viewing angle) moves the limit by a third either way.
#[must_use]
pub fn notices(
    satellite: Flown,
    day_night: DayNight,
    frp_mw: f64,
    (scan_km, track_km): (f64, f64),
    rng: &mut fastrand::Rng,
) -> bool {
    let instrument = satellite.sensor();
    let (nadir_scan_km, nadir_track_km) = optics::pixel_km(instrument, 0.0);
    let dilution = (scan_km * track_km / (nadir_scan_km * nadir_track_km)).sqrt();
    frp_mw >= least_mw(instrument, day_night) * dilution * between(rng, 0.67, 1.33)
}

/// The figures of a noticed pixel.
#[must_use]
pub fn figures(satellite: Flown, day_night: DayNight, frp_mw: f64, rng: &mut fastrand::Rng) -> Figures {
    // NOAA-21 gives about a tenth more than the others.
    let bias = if satellite == Flown::Noaa21 { 1.1 } else { 1.0 };
    let frp_mw = rounded(frp_mw * bias * between(rng, 0.9, 1.1), 2);
    match satellite.sensor() {
        Sensor::Viirs => viirs(day_night, frp_mw, rng),
        Sensor::Modis => modis(day_night, frp_mw, rng),
    }
}

fn viirs(day_night: DayNight, frp_mw: f64, rng: &mut fastrand::Rng) -> Figures {
    let (ground_k, background_k) = match day_night {
        DayNight::Day => (322.0, between(rng, 286.0, 299.0)),
        DayNight::Night => (294.0, between(rng, 266.0, 278.0)),
    };
    let fire_k = ground_k + 8.0 * frp_mw.ln_1p() + 0.35 * frp_mw + between(rng, -4.0, 4.0);
    let brightness_k = rounded(fire_k.clamp(295.0, SATURATION_K), 2);
    let confidence = if brightness_k >= SATURATION_K {
        Confidence::High
    } else if day_night == DayNight::Day && frp_mw < 1.3 {
        Confidence::Low
    } else {
        Confidence::Nominal
    };
    Figures { brightness_k, background_k: rounded(background_k + 0.2 * frp_mw.min(60.0), 2), frp_mw, confidence }
}

fn modis(day_night: DayNight, frp_mw: f64, rng: &mut fastrand::Rng) -> Figures {
    let (ground_k, background_k) = match day_night {
        DayNight::Day => (301.0, between(rng, 286.0, 300.0)),
        DayNight::Night => (299.0, between(rng, 266.0, 285.0)),
    };
    let fire_k = ground_k + 4.5 * frp_mw.ln_1p() + 0.3 * frp_mw + between(rng, -3.0, 3.0);
    let per_cent = (52.0 + 12.0 * (frp_mw / 5.0).max(0.1).ln() + between(rng, -15.0, 15.0)).clamp(0.0, 100.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100")]
    let confidence = Confidence::Percent(per_cent.round() as u8);
    Figures {
        brightness_k: rounded(fire_k.clamp(300.0, 490.0), 2),
        background_k: rounded(background_k + 0.05 * frp_mw.min(200.0), 2),
        frp_mw,
        confidence,
    }
}

/// The figures of sun glint: a warm-looking day pixel with no fire in it.
#[must_use]
pub fn glint(rng: &mut fastrand::Rng) -> Figures {
    Figures {
        brightness_k: rounded(between(rng, 325.0, 334.0), 2),
        background_k: rounded(between(rng, 296.0, 303.0), 2),
        frp_mw: rounded(between(rng, 0.9, 3.0), 2),
        confidence: Confidence::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIIRS_NADIR: (f64, f64) = (0.38, 0.36);

    fn share_noticed(satellite: Flown, day_night: DayNight, frp_mw: f64, pixel_km: (f64, f64)) -> f64 {
        let mut rng = fastrand::Rng::with_seed(1);
        let noticed = (0..1000).filter(|_| notices(satellite, day_night, frp_mw, pixel_km, &mut rng)).count();
        noticed as f64 / 1000.0
    }

    #[test]
    fn small_fires_are_seen_by_night_and_by_small_pixels_first() {
        let viirs = |day_night, frp, pixel| share_noticed(Flown::Noaa20, day_night, frp, pixel);
        assert!(viirs(DayNight::Day, 0.6, VIIRS_NADIR) < 0.01);
        assert!(viirs(DayNight::Night, 0.6, VIIRS_NADIR) > 0.99);
        let mixed = viirs(DayNight::Day, 1.0, VIIRS_NADIR);
        assert!((0.3..0.7).contains(&mixed), "at the limit it is chance: {mixed}");
        assert!(viirs(DayNight::Day, 1.0, (0.8, 0.78)) < 0.01, "a pixel four times as large dilutes it");
        assert!(share_noticed(Flown::Terra, DayNight::Night, 2.9, (1.0, 1.0)) < 0.01, "too weak for MODIS");
    }

    #[test]
    fn figures_stay_in_the_range_of_real_rows() {
        let mut rng = fastrand::Rng::with_seed(2);
        for satellite in [Flown::Noaa20, Flown::Noaa21, Flown::Terra, Flown::Aqua] {
            for day_night in [DayNight::Day, DayNight::Night] {
                for frp in [0.5, 1.5, 7.0, 40.0, 150.0, 900.0] {
                    let got = figures(satellite, day_night, frp, &mut rng);
                    let top = if satellite.sensor() == Sensor::Viirs { SATURATION_K } else { 490.0 };
                    assert!((295.0..=top).contains(&got.brightness_k), "{satellite} {frp} {got:?}");
                    assert!((265.0..320.0).contains(&got.background_k), "{satellite} {frp} {got:?}");
                    assert!(got.frp_mw > 0.0);
                    let by_word = !matches!(got.confidence, Confidence::Percent(_));
                    assert_eq!(by_word, satellite.sensor() == Sensor::Viirs);
                }
            }
        }
    }

    #[test]
    fn saturated_viirs_pixels_are_of_high_confidence_and_weak_day_pixels_of_low() {
        let mut rng = fastrand::Rng::with_seed(3);
        let of = |day_night, frp, rng: &mut _| figures(Flown::Noaa20, day_night, frp, rng).confidence;
        assert_eq!(of(DayNight::Day, 200.0, &mut rng), Confidence::High);
        assert_eq!(of(DayNight::Day, 1.0, &mut rng), Confidence::Low);
        assert_eq!(of(DayNight::Night, 1.0, &mut rng), Confidence::Nominal, "low night pixels are not published");
    }
}
