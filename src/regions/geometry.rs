//! A raw `GeoJSON` geometry to a checked WGS-84 outline or point.
//!
//! Position by position on the plain JSON (`raw.rs`), then ring by ring, then the datum, then the extent,
//! and only for what passed all of that the rules between rings ([`super::topology`]). Two things are repaired: the
//! winding, which readers of `GeoJSON` are told not to rely on, and vertices that repeat the one before them, which
//! rounding makes and which say nothing; those are told in a warning of the file.
//! A third number of a position (altitude) is allowed by RFC 7946 and dropped.

mod raw;

use geo::orient::Direction;
use geo::{Coord, LineString, MultiPolygon, Orient, Polygon};
use serde_json::Value;

use super::faults::Faults;
use super::geojson::{excerpt, kind};
use super::manifest::FileEntry;
use super::topology::{self, RingAt};
use crate::domain::datum::Datum;
use crate::domain::ground::Extent;

/// Most positions of a file. The five counties of Baicheng at full detail have 17,500; with a
/// million a load stays within seconds.
pub const MAX_VERTICES: usize = 1_000_000;

/// A coordinate this close outside the extent hints at a wrong datum, km: GCJ-02 and BD-09 move by 0.3 to 1.5 km.
const DATUM_REACH_KM: f64 = 2.0;

/// Beyond this a number cannot be degrees and is surely metres.
const SURELY_METRES: f64 = 1000.0;

/// What a geometry turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// The file says `null`.
    Absent,
    /// A point, WGS-84.
    Point(Coord<f64>),
    /// A valid outline, WGS-84, counter-clockwise shells and clockwise holes.
    Outline(MultiPolygon<f64>),
    /// It has faults, which were added.
    Faulty,
}

/// Which geometries a record may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Polygon, `MultiPolygon` or null.
    OutlineOrNull,
    /// Polygon or `MultiPolygon`.
    Outline,
    /// Point, Polygon or `MultiPolygon`.
    PointOrOutline,
}

impl Accepts {
    fn words(self) -> &'static str {
        match self {
            Self::OutlineOrNull => "Polygon, MultiPolygon or null",
            Self::Outline => "Polygon or MultiPolygon",
            Self::PointOrOutline => "Point, Polygon or MultiPolygon",
        }
    }
}

/// Reads the geometries of one file.
#[derive(Debug)]
pub struct GeometryReader<'a> {
    file: &'a str,
    datum: Datum,
    extent: Option<Extent>,
    vertices: usize,
    repeats: Repeats,
}

/// Vertices of a file that were left out.
#[derive(Debug, Default)]
struct Repeats {
    vertices: usize,
    rings: usize,
    /// The first of them: its place and itself.
    first: Option<(String, Coord<f64>)>,
}

impl<'a> GeometryReader<'a> {
    /// A reader for a file in its datum; without an extent only the globe is checked.
    #[must_use]
    pub fn new(entry: &'a FileEntry, extent: Option<Extent>) -> Self {
        Self { file: &entry.path, datum: entry.datum, extent, vertices: 0, repeats: Repeats::default() }
    }

    /// Checks a geometry; `place` names its feature in faults.
    pub fn read(&mut self, place: &str, geometry: &Value, accepts: Accepts, faults: &mut Faults) -> Geometry {
        let Value::Object(members) = geometry else {
            return self.not_an_object(place, geometry, accepts, faults);
        };
        let coordinates = members.get("coordinates").unwrap_or(&Value::Null);
        let before = faults.count();
        let parts = match members.get("type").and_then(Value::as_str) {
            Some("Point") if accepts == Accepts::PointOrOutline => return self.point(place, coordinates, faults),
            Some("Polygon") => self.polygon(place, coordinates, faults).map(|polygon| vec![polygon]),
            Some("MultiPolygon") => self.multi_polygon(place, coordinates, faults),
            Some("GeometryCollection") => {
                let message = format!("a GeometryCollection, expected {}", accepts.words());
                faults.add(self.file, place, "geometry_collection", message);
                None
            }
            _ => {
                let found =
                    members.get("type").map_or("no type".to_owned(), |found| format!("type {}", excerpt(found)));
                let message = format!("the geometry has {found}, expected {}", accepts.words());
                faults.add(self.file, place, "geometry_type", message);
                None
            }
        };
        let Some(parts) = parts.filter(|_| faults.count() == before) else { return Geometry::Faulty };
        let outline = MultiPolygon::new(parts).orient(Direction::Default);
        let single = outline.0.len() == 1;
        for flaw in topology::flaws(&outline) {
            faults.add(self.file, ring_place(place, flaw.ring, single), flaw.code, flaw.message);
        }
        if faults.count() == before { Geometry::Outline(outline) } else { Geometry::Faulty }
    }

    fn not_an_object(&self, place: &str, found: &Value, accepts: Accepts, faults: &mut Faults) -> Geometry {
        match (found, accepts) {
            (Value::Null, Accepts::OutlineOrNull) => Geometry::Absent,
            (Value::Null, _) => {
                let message = format!("the geometry is null, expected {}", accepts.words());
                faults.add(self.file, place, "geometry_missing", message);
                Geometry::Faulty
            }
            _ => {
                let message = format!("the geometry is {}, expected {}", kind(found), accepts.words());
                faults.add(self.file, place, "geometry_type", message);
                Geometry::Faulty
            }
        }
    }

    fn point(&self, place: &str, coordinates: &Value, faults: &mut Faults) -> Geometry {
        match raw::point(coordinates) {
            Ok(raw) => match self.convert(raw) {
                Ok(converted) => Geometry::Point(converted),
                Err(hint) => {
                    let message = format!("({}, {}) is outside the extent{hint}", raw.x, raw.y);
                    faults.add(self.file, place, "out_of_extent", message);
                    Geometry::Faulty
                }
            },
            Err((code, message)) => {
                faults.add(self.file, place, code, message);
                Geometry::Faulty
            }
        }
    }

    fn multi_polygon(&mut self, place: &str, value: &Value, faults: &mut Faults) -> Option<Vec<Polygon<f64>>> {
        let parts = self.list(place, value, "a list of polygons", faults)?;
        let single = parts.len() == 1;
        let read: Vec<_> = parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                let place = if single { place.to_owned() } else { format!("{place}, part {}", i + 1) };
                self.polygon(&place, part, faults)
            })
            .collect();
        read.into_iter().collect()
    }

    fn polygon(&mut self, place: &str, value: &Value, faults: &mut Faults) -> Option<Polygon<f64>> {
        let rings = self.list(place, value, "a list of rings", faults)?;
        let mut read = Vec::with_capacity(rings.len());
        for (i, ring) in rings.iter().enumerate() {
            read.push(self.ring(&format!("{place}, {}", ring_name(i)), ring, faults));
        }
        let mut rings = read.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        Some(Polygon::new(rings.next()?, rings.collect()))
    }

    fn list<'v>(&self, place: &str, value: &'v Value, expected: &str, faults: &mut Faults) -> Option<&'v [Value]> {
        match value {
            Value::Array(list) if list.is_empty() => {
                faults.add(self.file, place, "empty_geometry", format!("the list is empty, expected {expected}"));
                None
            }
            Value::Array(list) => Some(list),
            other => {
                let message = format!("the coordinates are {}, expected {expected}", kind(other));
                faults.add(self.file, place, "coordinates_malformed", message);
                None
            }
        }
    }

    fn ring(&mut self, place: &str, value: &Value, faults: &mut Faults) -> Option<LineString<f64>> {
        let Value::Array(positions) = value else {
            let message = format!("the ring is {}, expected a list of positions", kind(value));
            faults.add(self.file, place, "coordinates_malformed", message);
            return None;
        };
        if positions.is_empty() {
            faults.add(self.file, place, "empty_ring", "the ring has no positions; leave it out or draw it");
            return None;
        }
        if !self.has_room_for(positions.len(), place, faults) {
            return None;
        }
        let raw = raw::ring(self.file, place, value, positions, faults)?;
        let before = faults.count();
        self.check_shape(place, &raw, faults);
        let converted = self.converted(place, &raw, faults);
        (faults.count() == before).then(|| LineString::new(self.without_repeats(place, converted)))
    }

    fn has_room_for(&mut self, positions: usize, place: &str, faults: &mut Faults) -> bool {
        let was_full = self.vertices > MAX_VERTICES;
        self.vertices += positions;
        if self.vertices > MAX_VERTICES && !was_full {
            let message = format!("the file has more than {MAX_VERTICES} vertices from here on: simplify the outlines");
            faults.add(self.file, place, "too_many_vertices", message);
        }
        self.vertices <= MAX_VERTICES
    }

    fn check_shape(&self, place: &str, raw: &[Coord<f64>], faults: &mut Faults) {
        let (Some(first), Some(last)) = (raw.first(), raw.last()) else { return };
        let repeats = raw.array_windows().filter(|[a, b]| a == b).count();
        if raw.len() - repeats < 4 {
            let repeated = if repeats == 0 { String::new() } else { format!(", {repeats} of them repeated") };
            let message = format!(
                "{} positions starting at ({}, {}){repeated}, expected at least 4, the last equal to the first",
                raw.len(),
                first.x,
                first.y
            );
            faults.add(self.file, place, "ring_too_short", message);
        } else if first != last {
            let message = format!(
                "starts at ({}, {}) and ends at ({}, {}); the last position has to equal the first. Is the ring cut off?",
                first.x, first.y, last.x, last.y
            );
            faults.add(self.file, place, "unclosed_ring", message);
        }
        let jump = raw.array_windows().enumerate().find(|(_, [a, b])| (a.x - b.x).abs() > 180.0);
        if let Some((i, [a, b])) = jump.filter(|(_, pair)| pair.iter().all(|c| is_on_globe(*c))) {
            let message = format!("from ({}, {}) to ({}, {}) is more than half round the globe", a.x, a.y, b.x, b.y);
            faults.add(self.file, format!("{place}, position {}", i + 2), "antimeridian", message);
        }
    }

    fn converted(&self, place: &str, raw: &[Coord<f64>], faults: &mut Faults) -> Vec<Coord<f64>> {
        let mut converted = Vec::with_capacity(raw.len());
        let mut first_outside = None;
        for (i, &c) in raw.iter().enumerate() {
            match self.convert(c) {
                Ok(c) => converted.push(c),
                Err(hint) => {
                    first_outside.get_or_insert((i, c, hint));
                }
            }
        }
        if let Some((i, c, hint)) = first_outside {
            let more = and_more(raw.len() - converted.len() - 1);
            let message = format!("({}, {}){more} lies outside the extent{hint}", c.x, c.y);
            faults.add(self.file, format!("{place}, position {}", i + 1), "out_of_extent", message);
        }
        converted
    }

    /// The ring without the vertices that repeat the one before them.
    fn without_repeats(&mut self, place: &str, ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
        let Some((i, [c, _])) = ring.array_windows().enumerate().find(|(_, [a, b])| a == b) else { return ring };
        self.repeats.first.get_or_insert_with(|| (format!("{place}, position {}", i + 2), *c));
        let length = ring.len();
        let mut kept = ring;
        kept.dedup();
        self.repeats.rings += 1;
        self.repeats.vertices += length - kept.len();
        kept
    }

    /// Warns of the vertices that were left out since it was asked last.
    pub fn tell_repeats(&mut self, faults: &mut Faults) {
        let Repeats { vertices, rings, first } = std::mem::take(&mut self.repeats);
        if let Some((place, c)) = first {
            let message = format!(
                "({:.7}, {:.7}) stands twice in a row; {vertices} repeated vertices of {rings} rings of this file are \
                 left out",
                c.x, c.y
            );
            faults.warn(self.file, place, "duplicate_vertex", message);
        }
    }

    /// To WGS-84; what lies outside the extent comes back with a hint at the likely cause.
    fn convert(&self, raw: Coord<f64>) -> Result<Coord<f64>, String> {
        convert(self.datum, self.extent, raw)
    }
}

/// Converts a coordinate to WGS-84 and checks that it lies in the extent.
///
/// # Errors
/// The extent and a hint at the likely cause, as the end of a sentence.
pub fn convert(datum: Datum, extent: Option<Extent>, raw: Coord<f64>) -> Result<Coord<f64>, String> {
    let extent = extent.unwrap_or(Extent { west: -180.0, south: -90.0, east: 180.0, north: 90.0 });
    let inside = |c: Coord<f64>| is_on_globe(c) && extent.holds(datum.to_wgs84(c));
    if inside(raw) {
        return Ok(datum.to_wgs84(raw));
    }
    let hint = if inside(Coord { x: raw.y, y: raw.x }) {
        ": longitude and latitude look swapped, longitude comes first"
    } else if raw.x.abs() > SURELY_METRES || raw.y.abs() > SURELY_METRES {
        ": these look like metres of a projected grid, export in degrees"
    } else if !is_on_globe(raw) {
        ": longitude is -180 to 180 and comes first, latitude is -90 to 90"
    } else if extent.grown_km(DATUM_REACH_KM).holds(datum.to_wgs84(raw)) {
        ": it is just outside, so the declared datum may be wrong or the extent drawn too tight"
    } else {
        ": is this the file of another place?"
    };
    let Extent { west, south, east, north } = extent;
    Err(format!(" [{west}, {south}, {east}, {north}]{hint}"))
}

fn is_on_globe(c: Coord<f64>) -> bool {
    (-180.0..=180.0).contains(&c.x) && (-90.0..=90.0).contains(&c.y)
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" (and {count} more in this ring)") }
}

/// "ring 1 (outer)", "ring 2 (hole 1)".
fn ring_name(ring: usize) -> String {
    if ring == 0 { "ring 1 (outer)".to_owned() } else { format!("ring {} (hole {ring})", ring + 1) }
}

fn ring_place(place: &str, at: RingAt, single: bool) -> String {
    let part = if single { String::new() } else { format!(", part {}", at.part + 1) };
    format!("{place}{part}, {}", ring_name(at.ring))
}
