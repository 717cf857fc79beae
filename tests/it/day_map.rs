//! The live map: its documents, its page without scripts, and what it may load.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::footprint::Footprint;
use firegrid::domain::observation::{Observation, Satellite};
use firegrid::domain::position::Position;
use firegrid::web::{BaseTiles, MapTiles};
use serde_json::Value;

use crate::pages::{App, Setting, observation, text_of};

const DAY: &str = "/api/v1/map/day?date=2026-04-13";

impl App {
    async fn asked_again(&self, path: &str, tag: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await
    }
}

fn tag_of(headers: &HeaderMap) -> String {
    headers[header::ETAG].to_str().unwrap().to_owned()
}

fn numbers(column: &Value) -> Vec<i64> {
    column.as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect()
}

/// A column that is written as steps.
fn sums(column: &Value) -> Vec<i64> {
    let add = |sum: &mut i64, step: i64| {
        *sum += step;
        Some(*sum)
    };
    numbers(column).into_iter().scan(0, add).collect()
}

fn word<'a>(document: &'a Value, list: &str, number: i64) -> &'a str {
    document["words"][list][usize::try_from(number).unwrap()].as_str().unwrap()
}

/// Pixels of both instruments, turned by day and by night, small and at the edge of the swath.
fn pixels() -> Vec<Observation> {
    let pixel = |lon: &str, lat: &str, minute: u32, size: (f64, f64), satellite: Satellite| {
        let mut pixel = observation(lon, lat, &format!("2026-04-13T04:{minute:02}:00Z"));
        (pixel.scan_km, pixel.track_km) = (Some(size.0), Some(size.1));
        pixel.key.satellite = satellite;
        pixel
    };
    let mut without_size = pixel("122.85", "45.55", 50, (0.0, 0.0), Satellite::Noaa20);
    (without_size.scan_km, without_size.track_km) = (None, None);
    vec![
        pixel("122.71503", "45.61504", 12, (0.41, 0.37), Satellite::Noaa20),
        pixel("122.90007", "45.90009", 12, (0.79, 0.78), Satellite::Noaa20),
        pixel("123.21111", "45.71111", 40, (4.83, 2.04), Satellite::Aqua),
        pixel("122.55555", "45.95555", 45, (1.03, 1.01), Satellite::Terra),
        without_size,
    ]
}

async fn busy() -> App {
    App::start(Setting { rows: pixels(), ..Setting::default() }).await
}

#[tokio::test]
async fn the_columns_decode_to_the_rows_and_to_footprints_within_two_metres() {
    let app = busy().await;
    let document = app.json(DAY).await;
    let columns = &document["detections"];
    let [lon, lat, minute] = ["lon", "lat", "minute"].map(|name| sums(&columns[name]));
    let [ax, ay, b] = ["ax", "ay", "b"].map(|name| numbers(&columns[name]));
    let mut expected = pixels();
    expected.sort_by_key(|pixel| pixel.key.acquired_at);
    assert_eq!(lon.len(), expected.len());
    let mut matched = 0;
    for i in 0..lon.len() {
        let centre = Position::from_lon_lat(lon[i] as f64 / 1e5, lat[i] as f64 / 1e5).unwrap();
        let row = expected.iter().find(|row| row.position.distance_km(centre) < 0.002).expect("a row is there");
        assert_eq!(minute[i], (row.key.acquired_at.as_second() / 60 + 8 * 60) % (24 * 60), "local minutes");
        let satellite = word(&document, "satellites", numbers(&columns["satellite"])[i]);
        assert_eq!(satellite, row.key.satellite.name());
        assert_eq!(word(&document, "confidences", numbers(&columns["confidence"])[i]), "nominal");
        assert_eq!(numbers(&columns["frp"])[i], 73, "7.25 MW in tenths, rounded");
        // Where the feed gives no size it is the largest of the sensor, as on the drawn map.
        let footprint = Footprint::of(row);
        let a = (ax[i] as f64).hypot(ay[i] as f64);
        let turned = [-(ay[i] as f64) / a * b[i] as f64, ax[i] as f64 / a * b[i] as f64];
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(s, t)| {
            let (x, y) = (s * ax[i] as f64 + t * turned[0], s * ay[i] as f64 + t * turned[1]);
            let per_degree = 1e4 * 111.195_08;
            let lon = centre.lon() + x / (per_degree * centre.lat().to_radians().cos());
            Position::from_lon_lat(lon, centre.lat() + y / per_degree).unwrap()
        });
        for (corner, truth) in corners.iter().zip(footprint.to_polygon().exterior().points()) {
            let truth = Position::from_lon_lat(truth.x(), truth.y()).unwrap();
            assert!(corner.distance_km(truth) < 0.002, "{} m", corner.distance_km(truth) * 1000.0);
        }
        matched += 1;
    }
    assert_eq!(matched, 5);
}

#[tokio::test]
async fn alerts_and_fires_say_number_state_place_and_which_belongs_to_which() {
    let app = App::usual().await;
    let document = app.json(DAY).await;
    let (alerts, fires) = (&document["alerts"], &document["fires"]);
    assert_eq!(alerts["number"][0], "20260413-0001");
    assert_eq!(word(&document, "verdicts", alerts["verdict"][0].as_i64().unwrap()), "banned");
    assert_eq!(word(&document, "states", alerts["state"][0].as_i64().unwrap()), "open");
    assert_eq!(alerts["place"][0], "距到保村北1.7公里");
    let unit = usize::try_from(alerts["unit"][0].as_i64().unwrap()).unwrap();
    assert_eq!(document["words"]["units"][unit][0], "220101001");
    let fire = usize::try_from(alerts["fire"][0].as_i64().unwrap()).unwrap();
    assert_eq!(sums(&fires["first"])[fire], 12 * 60 + 12);
    assert_eq!(word(&document, "verdicts", numbers(&fires["verdict"])[fire]), "banned");
    assert_eq!(sums(&fires["lon"])[fire], 12_271_500);
    let mine =
        numbers(&document["detections"]["fire"]).into_iter().filter(|of| usize::try_from(*of) == Ok(fire)).count();
    assert_eq!(mine, 1);
    assert_eq!(document["zones_in_force"], serde_json::json!([0]));
    assert_eq!(document["coverage"][0]["feed"], "noaa20");
    assert_eq!(document["data_up_to"], "04-13 12:12");
    assert!(document["generated_at"].as_str().unwrap().starts_with("2026-04-13T05:00:00"));
}

#[tokio::test]
async fn a_unit_and_verdicts_narrow_every_column() {
    let app = App::usual().await;
    let count = |document: &Value| {
        ["detections", "fires", "alerts"].map(|list| document[list]["lon"].as_array().unwrap().len())
    };
    assert_eq!(count(&app.json(DAY).await), [2, 2, 1]);
    for (query, expected) in [
        ("unit=2201", [1, 1, 1]),
        ("unit=220101002", [0, 0, 0]),
        ("verdict=neighbour", [1, 1, 0]),
        ("verdict=banned,neighbour", [2, 2, 1]),
        ("unit=22&verdict=unplanned", [0, 0, 0]),
    ] {
        assert_eq!(count(&app.json(&format!("{DAY}&{query}")).await), expected, "{query}");
    }
}

#[tokio::test]
async fn an_unchanged_day_answers_304_and_a_changed_one_does_not() {
    let app = App::usual().await;
    let (_, headers, _) = app.get(DAY).await;
    let tag = tag_of(&headers);
    let (status, headers, body) = app.asked_again(DAY, &tag).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(tag_of(&headers), tag);
    let more = crate::ground_fixture::batch(
        vec![observation("122.65", "45.55", "2026-04-13T04:14:00Z")],
        "2026-04-13T04:50:00Z".parse().unwrap(),
    );
    app.store.record(more, app.ground.clone(), Arc::default(), "2026-04-13T04:50:00Z".parse().unwrap()).await.unwrap();
    let (status, headers, body) = app.asked_again(DAY, &tag).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_ne!(tag_of(&headers), tag);
    assert_ne!(tag, tag_of(&app.get(&format!("{DAY}&lang=en")).await.1), "the words are others");
}

#[tokio::test]
async fn another_day_is_empty_and_says_so_with_its_coverage() {
    let app = App::usual().await;
    let document = app.json("/api/v1/map/day?date=2026-04-01").await;
    assert_eq!(document["detections"]["id"], serde_json::json!([]));
    assert_eq!(document["date"], "2026-04-01");
    assert_eq!(document["coverage"][0]["state"], "fresh");
}

#[tokio::test]
async fn what_the_documents_and_the_page_do_not_know_is_refused() {
    let app = App::usual().await;
    for path in [
        "/api/v1/map/day?datum=2026-04-13",
        "/api/v1/map/day?date=yesterday",
        "/api/v1/map/day?verdict=red",
        "/api/v1/map/day?unit=99",
        "/api/v1/map/base?date=2026-04-13",
        "/map?verdicts=banned",
        "/map?verdict=red",
        "/map?unit=99",
        "/map?from_hour=25",
        "/map?from_hour=9&to_hour=9",
    ] {
        assert_eq!(app.get(path).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn the_base_has_outlines_as_steps_and_is_kept_while_the_region_stays() {
    let app = App::usual().await;
    let base = app.json("/api/v1/map/base").await;
    let units = base["units"].as_array().unwrap();
    let county = units.iter().find(|unit| unit["code"] == "2202").unwrap();
    assert_eq!((&county["name"], &county["level"]), (&Value::from("镇赉县"), &Value::from("county")));
    assert_eq!(county["rings"][0][0].as_array().unwrap().len(), 8, "four corners, not closed");
    assert_eq!((&base["zones"][0]["class"], &base["zones"][0]["name"]), (&"ban".into(), &"机场禁烧区".into()));
    let (_, headers, _) = app.get("/api/v1/map/base").await;
    let (status, _, _) = app.asked_again("/api/v1/map/base", &tag_of(&headers)).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_page_works_without_scripts_as_a_form_that_filters_map_and_list() {
    let app = App::usual().await;
    let page = app.page("/map").await;
    assert!(
        page.contains("<form id=\"filters\"") && page.contains("method=\"get\"") && page.contains("action=\"/map\"")
    );
    assert!(page.contains("class=\"map\""), "the map that the server draws");
    // A satellite that brought nothing and is in no public feed is offered to whoever asks for it.
    assert!(page.contains("value=\"NOAA-20\"") && !page.contains("value=\"Himawari-9\""));
    assert!(app.page("/map?satellite=Himawari-9").await.contains("value=\"Himawari-9\" checked"));
    let text = text_of(&page);
    for words in ["数据截至", "04-13 12:12", "20260413-0001", "待签收", "距到保村北1.7公里", "没有火点不等于没有火情"]
    {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    for (query, is_shown) in [
        ("verdict=banned", true),
        ("verdict=banned&verdict=unplanned", true),
        ("verdict=unplanned", false),
        ("state=open,closed", true),
        ("state=closed", false),
        ("satellite=NOAA-20", true),
        ("satellite=Aqua", false),
        ("confidence=high", false),
        ("unit=220101&verdict=banned", true),
        ("unit=2202", false),
        ("from_hour=12&to_hour=13", true),
        ("from_hour=13", false),
        ("unit=&verdict=banned&from_hour=0&to_hour=24", true),
    ] {
        let page = app.page(&format!("/map?date=2026-04-13&{query}")).await;
        assert_eq!(page.contains(">20260413-0001</a>"), is_shown, "in the list: {query}");
        assert_eq!(page.contains("#m-banned"), is_shown, "on the map: {query}");
    }
    assert!(
        app.page("/map?verdict=banned").await.contains("value=\"banned\" checked"),
        "the form keeps what is chosen"
    );
    let en = text_of(&app.page("/map?lang=en").await);
    assert!(en.contains("not yet acknowledged") && en.contains("1.7 km north of Daobao"), "{en}");
}

#[tokio::test]
async fn the_page_names_its_script_exactly_when_the_program_has_it() {
    let app = App::usual().await;
    let page = app.page("/map").await;
    let (status, headers, body) = app.get("/static/day_map.js").await;
    assert_eq!(page.contains("src=\"/static/day_map.js\""), status == StatusCode::OK);
    if status == StatusCode::OK {
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        assert!(!body.is_empty());
        let (again, _, _) = app.asked_again("/static/day_map.js", &tag_of(&headers)).await;
        assert_eq!(again, StatusCode::NOT_MODIFIED);
    }
    for name in ["..%2Fpackage.json", ".gitkeep", "nothing.js"] {
        assert_eq!(app.get(&format!("/static/{name}")).await.0, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn nothing_from_elsewhere_is_allowed_unless_tiles_are_configured() {
    let policy_of = |headers: &HeaderMap| headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let app = App::usual().await;
    let (_, headers, page) = app.get("/map").await;
    let policy = policy_of(&headers);
    for rule in [
        "default-src 'none';",
        "script-src 'self';",
        "connect-src 'self';",
        "style-src 'self';",
        "img-src 'self' blob:;",
    ] {
        assert!(policy.contains(rule), "{rule} in {policy}");
    }
    assert!(!policy.contains("http") && !page.contains("tianditu"), "{policy}");
    assert_eq!(app.get("/map/base.pmtiles").await.0, StatusCode::NOT_FOUND);

    let tiles = BaseTiles {
        tiles: MapTiles::Tianditu(Arc::new(|| Some("browser-key".to_owned()))),
        notice: Some("审图号：测试".to_owned()),
    };
    let app = App::start(Setting { tiles, ..Setting::default() }).await;
    let (_, headers, page) = app.get("/map").await;
    assert!(policy_of(&headers).contains("img-src 'self' blob: https://*.tianditu.gov.cn;"));
    assert!(page.contains("browser-key") && page.contains("审图号：测试"));
    let (_, _, home) = app.get("/").await;
    assert!(!home.contains("browser-key"), "only the page that needs it has the key");
}

#[tokio::test]
async fn a_pmtiles_file_is_served_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("base.pmtiles");
    std::fs::write(&file, b"PMTiles-0123456789").unwrap();
    let tiles = BaseTiles { tiles: MapTiles::Pmtiles(file), notice: None };
    let app = App::start(Setting { tiles, ..Setting::default() }).await;
    let part = Request::get("/map/base.pmtiles").header(header::RANGE, "bytes=8-11").body(Body::empty()).unwrap();
    let (status, headers, body) = app.ask(part).await;
    assert_eq!((status, body.as_str()), (StatusCode::PARTIAL_CONTENT, "0123"));
    assert_eq!(headers[header::CONTENT_RANGE], "bytes 8-11/18");
}

#[test]
fn tiles_that_cannot_work_are_faults_with_what_to_do() {
    let faults = |text: &str| match firegrid::config::load::parse("firegrid.toml", text) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    assert_eq!(faults("[map]\ntiles = \"none\""), "");
    assert_eq!(faults("[map]\ntiles = \"tianditu\"\nkey = \"k\""), "");
    for (text, expected) in [
        ("tiles = \"google\"", "expected one of `none`, `tianditu`, `pmtiles`"),
        ("tiles = \"tianditu\"", "map.tiles: is \"tianditu\": no key: set `key_file`"),
        ("tiles = \"tianditu\"\nkey = \"k\"\nkey_file = \"f\"", "are both set"),
        ("tiles = \"pmtiles\"", "map.file: is missing, expected the path of a .pmtiles file"),
        ("tiles = \"pmtiles\"\nfile = \"no/such.pmtiles\"", "where there is no file"),
        ("file = \"x.pmtiles\"", "map.file: is set but not used"),
        ("key = \"k\"", "map.key: is set but not used"),
        ("tile = \"none\"", "unknown key \"tile\"; known: tiles, key, key_file, file, notice"),
    ] {
        let said = faults(&format!("[map]\n{text}"));
        assert!(said.contains(expected), "{text}: {said}");
    }
}
