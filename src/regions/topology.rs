//! The rules within and between the rings of an outline, each breach with its ring and coordinate.
//!
//! These are the OGC rules that `geo::Validation` checks too (a test holds the two against each
//! other). They are written again because the operator needs the coordinate, which geo does not
//! give, because geo misses spikes, and because it compares every pair of edges: minutes for one
//! ring of full detail. All side tests are robust. Called by [`super::geometry`]; that an interior
//! stays in one piece when holes touch the shell twice is not checked.
//!
//! How: edges meet first (an R-tree finds the pairs). Rings of which no edges cross or run along
//! each other can only be apart, nested or touching in points; then single points tell which.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, Kernel, Line, LineString, MultiPolygon, Orientation, kernels::RobustKernel};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Flaws reported per outline: a crossed ring often crosses hundreds of times, and the first few say enough.
pub const MAX_FLAWS: usize = 8;

/// Which ring, both counted from 0; ring 0 is the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingAt {
    /// The part of the outline.
    pub part: usize,
    /// The ring of the part.
    pub ring: usize,
}

/// A breach of the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// Stable word.
    pub code: &'static str,
    /// The ring to look at.
    pub ring: RingAt,
    /// What is wrong there, with the coordinate.
    pub message: String,
}

/// Finds the breaches of an outline whose rings are closed, have at least four positions and finite numbers.
#[must_use]
pub fn flaws(outline: &MultiPolygon<f64>) -> Vec<Flaw> {
    let rings: Vec<Ring> = outline
        .iter()
        .enumerate()
        .flat_map(|(part, polygon)| {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            rings.enumerate().map(move |(ring, line)| Ring::new(RingAt { part, ring }, line))
        })
        .collect();
    let mut found: Vec<Flaw> = Vec::new();
    for ring in &rings {
        ring.check_alone(&mut found);
    }
    // Rings that cross themselves have no inside, so nothing can be said between them.
    if found.is_empty() {
        check_pairs(&rings, &mut found);
    }
    found
}

type Edge = GeomWithData<Rectangle<[f64; 2]>, usize>;

struct Ring {
    at: RingAt,
    edges: Vec<Line<f64>>,
    tree: RTree<Edge>,
}

impl Ring {
    fn new(at: RingAt, line: &LineString<f64>) -> Self {
        let edges: Vec<_> = line.lines().collect();
        let boxes = edges.iter().enumerate().map(|(i, edge)| {
            GeomWithData::new(Rectangle::from_corners([edge.start.x, edge.start.y], [edge.end.x, edge.end.y]), i)
        });
        let tree = RTree::bulk_load(boxes.collect());
        Self { at, edges, tree }
    }

    /// Edges whose box meets the box of a line, with their numbers.
    fn near(&self, line: Line<f64>) -> impl Iterator<Item = (usize, Line<f64>)> + '_ {
        let window = AABB::from_corners([line.start.x, line.start.y], [line.end.x, line.end.y]);
        let hits = self.tree.locate_in_envelope_intersecting(window);
        hits.filter_map(|hit| Some((hit.data, *self.edges.get(hit.data)?)))
    }

    fn check_alone(&self, found: &mut Vec<Flaw>) {
        let count = self.edges.len();
        for (i, &edge) in self.edges.iter().enumerate() {
            for (j, other) in self.near(edge).filter(|(j, _)| *j > i) {
                if found.len() >= MAX_FLAWS {
                    return;
                }
                let neighbours = j == i + 1 || (i == 0 && j + 1 == count);
                if neighbours {
                    let (before, after) = if j == i + 1 { (edge, other) } else { (other, edge) };
                    if turns_back(before, after) {
                        let message = format!("runs out to {} and straight back", at(before.end));
                        found.push(Flaw { code: "spike", ring: self.at, message });
                    }
                } else if let Some(meeting) = line_intersection(edge, other) {
                    let message = format!(
                        "edges {} and {} meet at {}; an outline may not cross or touch itself",
                        i + 1,
                        j + 1,
                        at(point_of(meeting))
                    );
                    found.push(Flaw { code: "self_intersection", ring: self.at, message });
                }
            }
        }
    }

    /// Where a point lies; the edge itself is `None`.
    fn holds(&self, c: Coord<f64>) -> Option<bool> {
        let far = self.edges.iter().map(|edge| edge.start.x).fold(c.x, f64::max);
        let mut inside = false;
        for (_, edge) in self.near(Line::new(c, Coord { x: far, y: c.y })) {
            let (a, b) = (edge.start, edge.end);
            let side = RobustKernel::orient2d(a, b, c);
            let in_box = (a.x.min(b.x)..=a.x.max(b.x)).contains(&c.x) && (a.y.min(b.y)..=a.y.max(b.y)).contains(&c.y);
            if side == Orientation::Collinear && in_box {
                return None;
            }
            let crosses_upward = a.y <= c.y && c.y < b.y && side == Orientation::CounterClockwise;
            let crosses_downward = b.y <= c.y && c.y < a.y && side == Orientation::Clockwise;
            if crosses_upward || crosses_downward {
                inside = !inside;
            }
        }
        Some(inside)
    }

    /// A point of this ring inside another one, and a point of it outside; points on the other's edge are neither.
    fn sides_of(&self, other: &Self, touching: bool) -> (Option<Coord<f64>>, Option<Coord<f64>>) {
        let (mut inside, mut outside) = (None, None);
        for edge in &self.edges {
            // The middle speaks for an edge both ends of which lie on the other ring.
            for c in [edge.start, (edge.start + edge.end) / 2.0] {
                match other.holds(c) {
                    Some(true) => inside = inside.or(Some(c)),
                    Some(false) => outside = outside.or(Some(c)),
                    None => {}
                }
                let known = inside.is_some() || outside.is_some();
                // A ring that does not touch the other lies wholly on one side.
                if (known && !touching) || (inside.is_some() && outside.is_some()) {
                    return (inside, outside);
                }
            }
        }
        (inside, outside)
    }
}

/// How two rings meet.
enum Meeting {
    Apart,
    InPoints,
    Along(Coord<f64>),
    Crossing(Coord<f64>),
}

fn meeting(a: &Ring, b: &Ring) -> Meeting {
    let mut result = Meeting::Apart;
    for &edge in &a.edges {
        for (_, other) in b.near(edge) {
            match line_intersection(edge, other) {
                Some(LineIntersection::SinglePoint { intersection, is_proper: true }) => {
                    return Meeting::Crossing(intersection);
                }
                Some(LineIntersection::SinglePoint { .. }) if matches!(result, Meeting::Apart) => {
                    result = Meeting::InPoints;
                }
                Some(LineIntersection::Collinear { intersection }) => result = Meeting::Along(intersection.start),
                _ => {}
            }
        }
    }
    result
}

fn check_pairs(rings: &[Ring], found: &mut Vec<Flaw>) {
    let boxes = rings.iter().enumerate().map(|(i, ring)| {
        let envelope = ring.tree.root().envelope();
        GeomWithData::new(Rectangle::from_corners(envelope.lower(), envelope.upper()), i)
    });
    let tree = RTree::bulk_load(boxes.collect());
    for (i, ring) in rings.iter().enumerate() {
        let mut others: Vec<usize> =
            tree.locate_in_envelope_intersecting(ring.tree.root().envelope()).map(|hit| hit.data).collect();
        others.sort_unstable();
        for other in others.into_iter().filter(|&j| j > i).filter_map(|j| rings.get(j)) {
            if found.len() >= MAX_FLAWS {
                return;
            }
            // Holes of different parts: whatever is wrong there shows between a hole and a shell.
            if ring.at.part == other.at.part || ring.at.ring == 0 || other.at.ring == 0 {
                found.extend(check_pair(ring, other, rings));
            }
        }
        // A hole whose box does not even meet the shell's box is met by no pair above.
        if ring.at.ring > 0
            && let Some(shell) = rings.iter().find(|shell| shell.at == RingAt { part: ring.at.part, ring: 0 })
            && !intersect(shell, ring)
        {
            found.extend(ring.edges.first().map(|edge| hole_outside(ring, edge.start)));
        }
    }
}

fn intersect(a: &Ring, b: &Ring) -> bool {
    use rstar::Envelope;
    a.tree.root().envelope().intersects(&b.tree.root().envelope())
}

/// The first breach between two rings, the first of which comes earlier in the outline.
fn check_pair(a: &Ring, b: &Ring, rings: &[Ring]) -> Option<Flaw> {
    let same_part = a.at.part == b.at.part;
    let code = match (same_part, a.at.ring) {
        (true, 0) => "hole_outside_shell",
        (true, _) => "holes_overlap",
        (false, _) => "parts_overlap",
    };
    let touching = match meeting(a, b) {
        Meeting::Crossing(c) => {
            let message = format!("crosses {} at {}", name(a.at, same_part), at(c));
            return Some(Flaw { code, ring: b.at, message });
        }
        Meeting::Along(c) => {
            let message = format!("shares an edge with {} at {}; merge the two", name(a.at, same_part), at(c));
            return Some(Flaw { code: "shared_edge", ring: b.at, message });
        }
        Meeting::InPoints => true,
        Meeting::Apart => false,
    };
    if code == "hole_outside_shell" {
        return b.sides_of(a, touching).1.map(|c| hole_outside(b, c));
    }
    let overlap = |inner: &Ring, outer: &Ring| {
        let c = inner.sides_of(outer, touching).0?;
        // A part may lie in a hole of another, as an island in a lake.
        let on_island = !same_part && lies_in_a_hole(inner, outer, rings);
        let message = format!("lies inside {} at {}", name(outer.at, same_part), at(c));
        (!on_island).then_some(Flaw { code, ring: inner.at, message })
    };
    // Between parts only shell against shell can be nested wrongly: holes lie in their shells.
    if !same_part && (a.at.ring > 0 || b.at.ring > 0) {
        return None;
    }
    overlap(b, a).or_else(|| overlap(a, b))
}

fn lies_in_a_hole(inner: &Ring, outer: &Ring, rings: &[Ring]) -> bool {
    rings
        .iter()
        .filter(|hole| hole.at.part == outer.at.part && hole.at.ring > 0)
        .any(|hole| matches!(inner.sides_of(hole, true), (Some(_), None)))
}

fn hole_outside(hole: &Ring, c: Coord<f64>) -> Flaw {
    Flaw {
        code: "hole_outside_shell",
        ring: hole.at,
        message: format!("{} of the hole is outside the outer ring", at(c)),
    }
}

fn turns_back(before: Line<f64>, after: Line<f64>) -> bool {
    let (a, b) = (before.delta(), after.delta());
    RobustKernel::orient2d(before.start, before.end, after.end) == Orientation::Collinear && a.x * b.x + a.y * b.y < 0.0
}

fn point_of(meeting: LineIntersection<f64>) -> Coord<f64> {
    match meeting {
        LineIntersection::SinglePoint { intersection, .. } => intersection,
        LineIntersection::Collinear { intersection } => intersection.start,
    }
}

fn name(ring: RingAt, same_part: bool) -> String {
    let part = if same_part { String::new() } else { format!("part {} ", ring.part + 1) };
    if ring.ring == 0 {
        format!("{part}ring 1 (outer)")
    } else {
        format!("{part}ring {} (hole {})", ring.ring + 1, ring.ring)
    }
}

/// Seven decimals are a centimetre.
fn at(c: Coord<f64>) -> String {
    format!("({:.7}, {:.7})", c.x, c.y)
}

#[cfg(test)]
mod tests {
    use geo::algorithm::Validation;
    use geo::polygon;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_touches_only_in_points_is_legal() {
        let shell_touched_by_hole = polygon![exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
            interiors: [[(x: 0., y: 2.), (x: 2., y: 1.), (x: 3., y: 2.), (x: 2., y: 3.)], [(x: 3., y: 2.), (x: 3.5, y: 1.), (x: 3.5, y: 3.)]]];
        assert_eq!(flaws(&MultiPolygon::new(vec![shell_touched_by_hole])), []);
        let island_in_a_lake = MultiPolygon::new(vec![
            polygon![exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
                interiors: [[(x: 2., y: 2.), (x: 2., y: 7.), (x: 7., y: 7.), (x: 7., y: 2.)]]],
            polygon![(x: 2., y: 2.), (x: 6., y: 4.), (x: 4., y: 6.)],
        ]);
        assert_eq!(flaws(&island_in_a_lake), []);
    }

    #[test]
    fn a_crossing_at_a_common_vertex_is_seen() {
        // The hole leaves the shell through the shell's own corner.
        let hole = polygon![exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
            interiors: [[(x: 2., y: 2.), (x: 4., y: 4.), (x: 5., y: 6.), (x: 4., y: 4.5), (x: 1., y: 2.)]]];
        let found = flaws(&MultiPolygon::new(vec![hole]));
        assert!(found.iter().any(|flaw| flaw.code == "hole_outside_shell"), "{found:?}");
    }

    fn ring(points: &[(u8, u8)]) -> Vec<Coord<f64>> {
        let mut ring: Vec<_> = points.iter().map(|&(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring.extend(ring.first().copied());
        ring
    }

    fn triangles_and_more() -> impl Strategy<Value = Vec<(u8, u8)>> {
        prop::collection::vec((0..9_u8, 0..9_u8), 3..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        /// On a small lattice vertices, edges and crossings coincide all the time.
        #[test]
        fn nothing_passes_that_geo_calls_invalid_and_nothing_else_but_spikes_is_refused(
            shells in prop::collection::vec((triangles_and_more(), prop::collection::vec(triangles_and_more(), 0..3)), 1..3),
        ) {
            let rings: Vec<Vec<Vec<Coord<f64>>>> =
                shells.iter().map(|(shell, holes)| std::iter::once(shell).chain(holes).map(|p| ring(p)).collect()).collect();
            prop_assume!(rings.iter().flatten().all(|ring| ring.len() >= 4));
            let outline = MultiPolygon::new(rings.into_iter().map(|rings| {
                let mut lines = rings.into_iter().map(LineString::new);
                geo::Polygon::new(lines.next().unwrap(), lines.collect())
            }).collect());
            let found = flaws(&outline);
            if found.is_empty() {
                prop_assert!(outline.is_valid(), "{:?}", outline.validation_errors());
            } else if found.iter().all(|flaw| flaw.code != "spike") {
                prop_assert!(!outline.is_valid(), "{found:?}");
            }
        }
    }
}
