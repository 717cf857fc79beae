//! A position as people use it: decimal, and links that open map apps.
//!
//! The one place where coordinates leave WGS-84: every map app gets its own datum, and is
//! told which.

use axum::http::{HeaderMap, header};

use crate::domain::datum::Datum;
use crate::domain::position::Position;
use crate::web::request::percent_encoded;
use crate::words::Lang;
use crate::words::pages as w;

/// A link that opens a map app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct MapLink {
    /// Name of the app.
    pub app: &'static str,
    /// The address.
    pub href: String,
}

/// `45.62000, 122.84000`: latitude first, as people and map apps' search boxes want it.
pub(in crate::web) fn decimal(position: Position) -> String {
    format!("{:.5}, {:.5}", position.lat(), position.lon())
}

/// The coordinates in GCJ-02, for pasting into `AMap` or Tencent: longitude first.
pub(in crate::web) fn gcj02(position: Position) -> String {
    let c = Datum::Gcj02.from_wgs84(position.to_point().0);
    format!("{:.6},{:.6}", c.x, c.y)
}

/// Links for the three map apps.
///
/// # Source
/// `AMap` URI API, navigation (its `to` is GCJ-02, longitude first); Baidu URI API, marker
/// (BD-09 as `bd09ll`, latitude first); Tencent URI API, marker (GCJ-02 as `coord_type=2`,
/// latitude first).
pub(in crate::web) fn map_links(position: Position, name: &str, lang: Lang) -> Vec<MapLink> {
    let wgs84 = position.to_point().0;
    let (gcj02, bd09) = (Datum::Gcj02.from_wgs84(wgs84), Datum::Bd09.from_wgs84(wgs84));
    // Commas, colons and semicolons part the fields of these addresses, so names lose theirs.
    let name = percent_encoded(&name.replace([',', ';', ':', '|'], " "));
    vec![
        MapLink {
            app: lang.say(w::shared::AMAP),
            href: format!(
                "https://uri.amap.com/navigation?to={:.6},{:.6},{name}&mode=car&policy=1&src=firegrid&callnative=1",
                gcj02.x, gcj02.y
            ),
        },
        MapLink {
            app: lang.say(w::shared::BAIDU),
            href: format!(
                "https://api.map.baidu.com/marker?location={:.6},{:.6}&title={name}&content={name}&output=html\
                 &coord_type=bd09ll&src=webapp.firegrid.firegrid",
                bd09.y, bd09.x
            ),
        },
        MapLink {
            app: lang.say(w::shared::TENCENT),
            href: format!(
                "https://apis.map.qq.com/uri/v1/marker?marker=coord:{:.6},{:.6};title:{name};addr:{name}&coord_type=2\
                 &referer=firegrid",
                gcj02.y, gcj02.x
            ),
        },
    ]
}

/// Whether a page is opened inside the chat program, whose browser refuses to open `AMap`.
pub(in crate::web) fn is_in_wechat(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| agent.contains("MicroMessenger"))
}

/// The links with those that open first: inside the chat program its own map leads and `AMap` comes last.
pub(in crate::web) fn in_order_of_use(mut links: Vec<MapLink>, headers: &HeaderMap) -> Vec<MapLink> {
    if is_in_wechat(headers) {
        links.reverse();
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).unwrap()
    }

    #[test]
    fn every_map_app_gets_its_own_datum_and_order() {
        let position = at(122.84, 45.62);
        let links = map_links(position, "疑似火点,A", Lang::Zh);
        let numbers = |text: &str| -> Vec<f64> { text.split(',').take(2).map(|n| n.parse().unwrap()).collect() };
        let after =
            |i: usize, mark: &str| numbers(links[i].href.split(mark).nth(1).unwrap().split(['&', ';']).next().unwrap());
        let metres = |lon: f64, lat: f64, datum: Datum| {
            let c = datum.to_wgs84(geo::Coord { x: lon, y: lat });
            at(c.x, c.y).distance_km(position) * 1000.0
        };
        let (amap, baidu, tencent) = (after(0, "to="), after(1, "location="), after(2, "coord:"));
        assert!(metres(amap[0], amap[1], Datum::Gcj02) < 0.5, "{amap:?}");
        assert!(metres(baidu[1], baidu[0], Datum::Bd09) < 0.5, "{baidu:?}");
        assert!(metres(tencent[1], tencent[0], Datum::Gcj02) < 0.5, "{tencent:?}");
        assert!(metres(amap[0], amap[1], Datum::Wgs84) > 400.0, "the shift is applied");
        assert!(links[1].href.contains("coord_type=bd09ll") && links[2].href.contains("coord_type=2"));
        assert!(links.iter().all(|link| !link.href.contains("点,A")), "names cannot break an address");
    }
}
