//! The true fires of a burning day: where, when and how strongly straw burns.
//!
//! Called by [`super::day`], which lets the passes look at them. A fire is one or several
//! burning spots; how it looks from space is not decided here.

use geo::{Centroid, Coord};
use serde::Serialize;

use super::place::{Placer, offset};
use super::{between, minutes, moved, rounded, stream};
use crate::domain::ground::Ground;
use crate::domain::heat_source::HeatSourceShape;
use crate::domain::position::Position;
use crate::domain::time::{Date, SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;

/// What a fire is there to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FireKind {
    /// A field on limited ground.
    Limited,
    /// A field on banned ground.
    Banned,
    /// A field beside a border of cells, townships or zones.
    Border,
    /// A field just outside the city.
    Neighbour,
    /// A front of kilometres over a border, many pixels at once.
    Large,
    /// Lit after the day's passes and out before the night's: no satellite sees it.
    Evening,
    /// Lit after the day's passes and smouldering until VIIRS comes at about 01:30.
    Smoulder,
    /// An approved fixed source at work, day and night.
    FixedSource,
}

/// A fire that really burns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrueFire {
    /// Local day of burning and a running number, for example `2026-04-13-07`.
    pub id: String,
    /// What it is there to show.
    pub kind: FireKind,
    /// Where it was lit.
    pub position: Position,
    /// Everything that burns: the first spot is where it was lit.
    pub spots: Vec<Position>,
    /// When it was lit.
    pub lit_at: Timestamp,
    /// When it is out.
    pub out_at: Timestamp,
    /// Ground burnt, hectares.
    pub size_ha: f64,
    /// Greatest radiative power, MW.
    pub peak_frp_mw: f64,
    /// The lowest unit that holds the place where it was lit; none outside the city.
    pub unit: Option<UnitCode>,
    /// The township that answers for it.
    pub township: Option<UnitCode>,
    /// What the rules say of a fire at that very place.
    pub rule: Option<Verdict>,
}

impl TrueFire {
    /// Radiative power at a moment, MW; `None` while it does not burn.
    #[must_use]
    pub fn frp_mw_at(&self, at: Timestamp) -> Option<f64> {
        if at < self.lit_at || at >= self.out_at {
            return None;
        }
        if self.kind == FireKind::FixedSource {
            return Some(self.peak_frp_mw);
        }
        let whole = self.out_at.duration_since(self.lit_at).as_secs_f64();
        let phase = at.duration_since(self.lit_at).as_secs_f64() / whole;
        Some(self.peak_frp_mw * (0.4 + 0.6 * (phase * std::f64::consts::PI).sin()))
    }

    /// The same fire, earlier or later.
    #[must_use]
    pub fn shifted(self, by: SignedDuration) -> Self {
        Self { lit_at: moved(self.lit_at, by), out_at: moved(self.out_at, by), ..self }
    }
}

/// Fixed sources that are simulated at most.
const MAX_FIXED_SOURCES: usize = 6;

/// Lights the fires of a day: about `count` of straw, and the approved fixed sources.
///
/// There is always a large one, one that no satellite sees, one that only the night sees
/// and a neighbour's, when `count` allows; of the rest a quarter burn beside borders, a
/// fifth on banned ground and a tenth in the evening. A wish the ground cannot meet (no ban zone, no belt)
/// is left out.
#[must_use]
pub fn light(ground: &Ground, midnight: Timestamp, day: Date, seed: u64, count: usize) -> Vec<TrueFire> {
    let noon = moved(midnight, SignedDuration::from_hours(12));
    let Some(mut placer) = Placer::new(ground, noon, stream(seed, day, 2)) else { return Vec::new() };
    let mut rng = stream(seed, day, 3);
    let mut fires = Vec::new();
    for (i, kind) in (0..count).map(|i| (i, kind_of(i))) {
        let position = match kind {
            FireKind::Banned => placer.on_banned(),
            FireKind::Border | FireKind::Large => placer.at_border(i),
            FireKind::Neighbour => placer.outside(),
            _ => placer.on_limited(),
        };
        fires.extend(position.map(|position| field(kind, position, midnight, &mut rng)));
    }
    let sources = ground.data().heat_sources.iter().filter(|source| source.is_approved_on(day));
    for source in sources.take(MAX_FIXED_SOURCES) {
        let position = match &source.shape {
            HeatSourceShape::Circle { centre, .. } => Some(*centre),
            HeatSourceShape::Outline(outline) => {
                // The outline of a checked region is on the globe, and so is its centroid.
                outline.centroid().and_then(|point| Position::from_lon_lat(point.x(), point.y()).ok())
            }
        };
        fires.extend(position.map(|position| field(FireKind::FixedSource, position, midnight, &mut rng)));
    }
    for (i, fire) in fires.iter_mut().enumerate() {
        let rule = placer.rule_at(fire.position);
        fire.id = format!("{day}-{:02}", i + 1);
        fire.rule = rule.as_ref().map(|rule| rule.verdict);
        fire.township = rule.as_ref().and_then(|rule| rule.township.clone());
        fire.unit = rule.and_then(|rule| rule.unit);
    }
    fires
}

fn kind_of(i: usize) -> FireKind {
    match i {
        0 => FireKind::Large,
        1 => FireKind::Evening,
        2 => FireKind::Smoulder,
        3 => FireKind::Neighbour,
        _ => match i % 20 {
            0 | 4 | 8 | 12 | 16 => FireKind::Border,
            1 | 6 | 11 | 18 => FireKind::Banned,
            9 | 19 => FireKind::Evening,
            13 => FireKind::Neighbour,
            _ => FireKind::Limited,
        },
    }
}

/// Hours of the local day between which a fire is lit, minutes it lasts, hectares.
type Course = ((f64, f64), (f64, f64), (f64, f64));

fn field(kind: FireKind, position: Position, midnight: Timestamp, rng: &mut fastrand::Rng) -> TrueFire {
    let (lit, lasts, size): Course = match kind {
        // Most straw is lit before noon and after lunch; the rest whenever nobody looks.
        FireKind::Limited | FireKind::Banned | FireKind::Border | FireKind::Neighbour if rng.f64() < 0.75 => {
            ((10.5, 13.6), (70.0, 260.0), (1.0, 25.0))
        }
        FireKind::Limited | FireKind::Banned | FireKind::Border | FireKind::Neighbour => {
            ((7.0, 18.0), (30.0, 180.0), (0.5, 15.0))
        }
        FireKind::Large => ((10.5, 11.5), (300.0, 400.0), (150.0, 400.0)),
        FireKind::Evening => ((16.0, 18.0), (60.0, 160.0), (0.5, 20.0)),
        FireKind::Smoulder => ((16.0, 18.0), (640.0, 700.0), (2.0, 6.0)),
        FireKind::FixedSource => ((5.0, 5.0), (1440.0, 1440.0), (0.0, 0.0)),
    };
    let lit_at = moved(midnight, minutes(between(rng, lit.0, lit.1) * 60.0));
    let out_at = moved(lit_at, minutes(between(rng, lasts.0, lasts.1)));
    // The square makes small fields common and large ones rare.
    let size_ha = rounded(size.0 + (size.1 - size.0) * rng.f64().powi(2), 1);
    let peak_frp_mw = match kind {
        // Between what VIIRS and what MODIS can see by night.
        FireKind::Smoulder => between(rng, 1.5, 3.0),
        FireKind::FixedSource => between(rng, 0.8, 2.5),
        // Seven hectares, a field in the middle, give the 4 MW that VIIRS rows show here by day.
        _ => 1.4 * size_ha.powf(0.8) * between(rng, 0.7, 1.3),
    };
    TrueFire {
        id: String::new(),
        kind,
        position,
        spots: if kind == FireKind::Large { front(position, rng) } else { vec![position] },
        lit_at,
        out_at,
        size_ha,
        peak_frp_mw: rounded(peak_frp_mw, 2),
        unit: None,
        township: None,
        rule: None,
    }
}

/// Spots of a front: a ragged line of kilometres through the place where it was lit.
fn front(lit: Position, rng: &mut fastrand::Rng) -> Vec<Position> {
    const SPOTS: u8 = 24;
    let (sin, cos) = between(rng, 0.0, std::f64::consts::TAU).sin_cos();
    let half_km = between(rng, 1.2, 2.2);
    let ragged = (1..SPOTS).filter_map(|i| {
        let along_km = half_km * (2.0 * f64::from(i) / f64::from(SPOTS) - 1.0);
        let aside_km = between(rng, -0.4, 0.4);
        offset(lit, Coord { x: along_km * sin + aside_km * cos, y: along_km * cos - aside_km * sin })
    });
    std::iter::once(lit).chain(ragged).collect()
}
