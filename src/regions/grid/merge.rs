//! Joins remainders that are too small for a cell of their own to a neighbouring piece.

use geo::{Area, BooleanOps, BoundingRect, Line, MultiPolygon, Polygon};

use super::{Cell, lattice};

/// A piece below this share of a full square is joined to a neighbour: nobody can be made
/// responsible for a few metres behind a field.
pub const SLIVER_SHARE: f64 = 0.05;

/// Joins slivers, smallest first, to the neighbour they share the longest edge with; neighbours of
/// the same unit first. A sliver without a neighbour (an island) stays a cell.
///
/// # Shape
/// Order and squares of the pieces that remain are kept.
#[must_use]
pub fn join_slivers(pieces: Vec<Cell>, square_area: f64) -> Vec<Cell> {
    let smallest = SLIVER_SHARE * square_area;
    let mut pieces: Vec<Option<Cell>> = pieces.into_iter().map(Some).collect();
    let mut slivers: Vec<(usize, f64)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(i, piece)| Some((i, piece.as_ref()?.ground.unsigned_area())))
        .filter(|(_, area)| *area < smallest)
        .collect();
    slivers.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    for (i, _) in slivers {
        // An earlier sliver may have made this one large enough.
        let Some(sliver) = pieces.get(i).and_then(Option::as_ref) else { continue };
        if sliver.ground.unsigned_area() >= smallest {
            continue;
        }
        let Some((target, ground)) = best_neighbour(i, sliver, &pieces, smallest) else { continue };
        if let Some(Some(cell)) = pieces.get_mut(target) {
            cell.ground = ground;
        }
        if let Some(piece) = pieces.get_mut(i) {
            *piece = None;
        }
    }
    pieces.into_iter().flatten().collect()
}

/// The neighbour to join and their common ground.
fn best_neighbour(i: usize, sliver: &Cell, pieces: &[Option<Cell>], smallest: f64) -> Option<(usize, Polygon<f64>)> {
    let mut candidates: Vec<_> = pieces
        .iter()
        .enumerate()
        .filter(|(j, _)| *j != i)
        .filter_map(|(j, piece)| {
            let cell = piece.as_ref()?;
            let shared = shared_edge(&sliver.ground, &cell.ground);
            let rank = (cell.parent == sliver.parent, cell.ground.unsigned_area() >= smallest);
            (shared > 0.0).then_some((rank, shared, j, cell))
        })
        .collect();
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.total_cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    candidates.into_iter().find_map(|(_, _, j, cell)| {
        let union = lattice::snapped(&MultiPolygon::new(vec![sliver.ground.clone()]).union(&cell.ground));
        let mut parts = union.into_iter();
        // More than one part means that they only touch after all.
        parts.next().filter(|_| parts.next().is_none()).map(|ground| (j, ground))
    })
}

/// Length of the lattice edges two pieces share, in degrees; pieces of one lattice meet nowhere else.
fn shared_edge(a: &Polygon<f64>, b: &Polygon<f64>) -> f64 {
    let (Some(box_a), Some(box_b)) = (a.bounding_rect(), b.bounding_rect()) else { return 0.0 };
    let apart = box_a.min().x > box_b.max().x
        || box_b.min().x > box_a.max().x
        || box_a.min().y > box_b.max().y
        || box_b.min().y > box_a.max().y;
    if apart {
        return 0.0;
    }
    let edges = |polygon: &Polygon<f64>| polygon.exterior().lines().collect::<Vec<_>>();
    let (edges_a, edges_b) = (edges(a), edges(b));
    edges_a.iter().map(|&p| edges_b.iter().map(|&q| common_length(p, q)).sum::<f64>()).sum()
}

/// Whole steps divide to the same number on both sides, so equality is exact here.
#[expect(clippy::float_cmp, reason = "both are the same whole number of steps, divided alike")]
fn common_length(p: Line<f64>, q: Line<f64>) -> f64 {
    let overlap =
        |a: (f64, f64), b: (f64, f64)| (a.0.max(a.1).min(b.0.max(b.1)) - a.0.min(a.1).max(b.0.min(b.1))).max(0.0);
    let (p0, p1, q0, q1) = (p.start, p.end, q.start, q.end);
    if p0.x == p1.x && q0.x == q1.x && p0.x == q0.x {
        overlap((p0.y, p1.y), (q0.y, q1.y))
    } else if p0.y == p1.y && q0.y == q1.y && p0.y == q0.y {
        overlap((p0.x, p1.x), (q0.x, q1.x))
    } else {
        0.0
    }
}
