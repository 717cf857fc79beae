//! The layers of map programs (OGC API Features): what they show, how they are walked, what they refuse.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use firegrid::domain::observation::Observation;
use firegrid::store::Batch;
use serde_json::{Value, json};

use crate::ground_fixture::batch;
use crate::pages::{App, Setting, observation, region, square};

const SEEN: &str = "2026-04-13T04:12:00Z";
const CANARY: &str = "<script>alert('x')</script>\"&";
const COLLECTIONS: [&str; 5] = ["detections", "fires", "alerts", "zones", "units"];

impl App {
    async fn ogc(&self, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).header(header::HOST, "localhost:8080").header(header::ACCEPT, accept);
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn items(&self, collection: &str, query: &str) -> Value {
        self.json(&format!("/ogc/collections/{collection}/items?{query}")).await
    }

    async fn ids(&self, collection: &str, query: &str) -> Vec<String> {
        let page = self.items(collection, query).await;
        page["features"].as_array().unwrap().iter().map(id_of).collect()
    }

    async fn record_more(&self, rows: Vec<Observation>, at: &str) {
        let batch = Batch { source_id: "noaa20".to_owned(), ..batch(rows, at.parse().unwrap()) };
        self.store.record(batch, self.ground.clone(), std::sync::Arc::default(), at.parse().unwrap()).await.unwrap();
    }
}

fn id_of(feature: &Value) -> String {
    feature["id"].as_str().map_or_else(|| feature["id"].to_string(), str::to_owned)
}

/// Where a link leads on this site.
fn path_of(href: &str) -> &str {
    href.strip_prefix("http://localhost:8080").unwrap_or(href)
}

fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a str> {
    document["links"].as_array()?.iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

/// Pixels far enough apart to be fires of their own, in the county of the sample.
fn apart(count: u32, seen: &str) -> Vec<Observation> {
    let place = |i: u32| {
        (format!("{:.3}", 122.53 + 0.04 * f64::from(i % 10)), format!("{:.3}", 45.53 + 0.04 * f64::from(i / 10)))
    };
    (0..count).map(place).map(|(lon, lat)| observation(&lon, &lat, seen)).collect()
}

#[tokio::test]
async fn every_link_from_the_landing_page_on_leads_to_what_it_says() {
    let app = App::start(Setting { rows: apart(3, SEEN), ..Setting::default() }).await;
    let mut waiting = vec![("/ogc".to_owned(), "application/json".to_owned())];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some((path, media_type)) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let (status, headers, body) = app.ogc(&path, &media_type).await;
        assert_eq!(status, StatusCode::OK, "{path} {body}");
        let served = headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(served.starts_with(&media_type), "{path} is {served}, promised {media_type}");
        let Ok(document) = serde_json::from_str::<Value>(&body) else { continue };
        let nested = ["collections", "features"].into_iter().filter_map(|name| document[name].as_array()).flatten();
        for part in std::iter::once(&document).chain(nested) {
            for link in part["links"].as_array().into_iter().flatten() {
                let href = link["href"].as_str().unwrap();
                assert!(href.starts_with("http://localhost:8080/ogc"), "absolute, from the host: {href}");
                waiting.push((path_of(href).to_owned(), link["type"].as_str().unwrap().to_owned()));
            }
        }
    }
    for collection in COLLECTIONS {
        assert!(seen.contains(&format!("/ogc/collections/{collection}/items")), "{seen:?}");
    }
    assert!(seen.contains("/ogc/api?f=json") && seen.contains("/ogc/conformance"));
    let landing = app.json("/ogc/").await;
    for rel in ["self", "alternate", "service-desc", "service-doc", "conformance", "data"] {
        assert!(link(&landing, rel).is_some(), "{rel}");
    }
    let conformance = app.json("/ogc/conformance").await;
    let declared: Vec<_> = conformance["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let expected = ["core", "geojson", "html", "oas30"]
        .map(|class| format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}"));
    assert_eq!(declared, expected);
}

#[tokio::test]
async fn a_host_that_is_none_is_not_repeated() {
    let app = App::usual().await;
    let request = Request::get("/ogc").header(header::HOST, "evil.example/<b>").body(Body::empty()).unwrap();
    let (status, _, text) = app.ask(request).await;
    assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!text.contains("evil"), "{text}");
}

#[tokio::test]
async fn a_walk_meets_everything_once_while_new_pixels_arrive() {
    let app = App::start(Setting { rows: apart(11, SEEN), ..Setting::default() }).await;
    for (round, collection) in COLLECTIONS.into_iter().enumerate() {
        let before = app.ids(collection, "limit=1000").await;
        assert!(!before.is_empty(), "{collection}");
        let mut met: Vec<String> = Vec::new();
        let mut path = format!("/ogc/collections/{collection}/items?limit=2");
        for step in 0.. {
            assert!(step < 100, "the walk ends");
            let page = app.json(&path).await;
            let features = page["features"].as_array().unwrap();
            assert_eq!(page["numberReturned"], features.len());
            assert!(page["numberMatched"].as_u64().unwrap() >= before.len() as u64);
            assert!(features.len() <= 2);
            met.extend(features.iter().map(id_of));
            let Some(next) = link(&page, "next") else { break };
            assert!(!features.is_empty(), "no empty page leads on");
            path = path_of(next).to_owned();
            if step == 1 {
                // Older and newer ones, and one that lets a fire grow backwards.
                let minute = |m: usize| format!("2026-04-13T0{}:{:02}:00Z", m / 60, m % 60);
                app.record_more(apart(15, &minute(180 + round)), "2026-04-13T04:45:00Z").await;
                app.record_more(apart(1, &minute(270 + round)), "2026-04-13T04:50:00Z").await;
            }
        }
        let mut counted: BTreeMap<&String, u32> = BTreeMap::new();
        for id in &met {
            *counted.entry(id).or_default() += 1;
        }
        assert!(counted.values().all(|times| *times == 1), "{collection}: {counted:?}");
        assert!(before.iter().all(|id| counted.contains_key(id)), "{collection}: {before:?} {met:?}");
    }
}

#[tokio::test]
async fn features_are_those_of_the_export_and_each_is_found_by_its_id() {
    let app = App::usual().await;
    for (collection, export) in [
        ("detections", "/api/v1/detections.geojson?from=2026-04-13&outside=true"),
        ("fires", "/api/v1/fires.geojson?from=2026-04-13&outside=true"),
        ("zones", "/api/v1/zones.geojson?date=2026-04-13"),
        ("units", "/api/v1/units.geojson"),
        ("alerts", "/api/v1/alerts/export?format=geojson"),
    ] {
        let exported = app.json(export).await;
        let page = app.items(collection, "").await;
        let features = page["features"].as_array().unwrap();
        assert_eq!(features.len(), exported["features"].as_array().unwrap().len(), "{collection}");
        for feature in features {
            let same = json!({
                "type": "Feature", "geometry": feature["geometry"], "properties": feature["properties"],
            });
            assert!(exported["features"].as_array().unwrap().contains(&same), "{collection}: {feature}");
            let one = app.json(&format!("/ogc/collections/{collection}/items/{}", id_of(feature))).await;
            for part in ["type", "id", "geometry", "properties"] {
                assert_eq!(one[part], feature[part], "{collection} {part}");
            }
        }
    }
}

#[tokio::test]
async fn a_box_holds_its_edge_may_have_heights_and_may_cross_the_antimeridian() {
    let app = App::usual().await;
    let cases = [
        ("detections", "122.7,45.6,122.8,45.7", 1),
        ("detections", "122.7,45.6,-400,122.8,45.7,8000", 1),
        ("detections", "122.715,45.615,122.715,45.615", 1),
        ("detections", "-180,-90,180,90", 2),
        ("detections", "170,40,122.5,50", 1),
        ("detections", "122.5,40,-170,50", 1),
        ("detections", "170,40,-170,50", 0),
        // As map programs send them: blanks, beyond the poles, pushed round the globe.
        ("detections", "122.7,%2045.6,%20122.8,%2045.7", 1),
        ("detections", "122.7+45.6+122.8+45.7", 1),
        ("detections", "-200,-100,200,100", 2),
        ("detections", "482.7,45.6,482.8,45.7", 1),
        ("zones", "-237.28,45.62,-237.2,45.7", 1),
        ("fires", "122.4,45.6,122.5,45.8", 1),
        ("alerts", "122.7,45.6,122.8,45.7", 1),
        ("alerts", "122.4,45.6,122.5,45.8", 0),
        // The county, the township and the western cell; the city has no outline.
        ("units", "122.66,45.61,122.67,45.62", 3),
        ("units", "170,40,122.55,50", 1),
        ("zones", "122.73,45.63,122.8,45.7", 1),
        ("zones", "122.74,45.63,122.8,45.7", 0),
    ];
    for (collection, bbox, expected) in cases {
        let page = app.items(collection, &format!("bbox={bbox}")).await;
        assert_eq!(page["numberMatched"], expected, "{collection} {bbox}");
        assert_eq!(page["features"].as_array().unwrap().len(), expected, "{collection} {bbox}");
    }
}

#[tokio::test]
async fn a_time_meets_what_lasts_then_and_its_ends_belong_to_it() {
    let rows = vec![observation("122.715", "45.615", SEEN), observation("122.716", "45.616", "2026-04-13T04:30:00Z")];
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    let cases = [
        ("detections", "2026-04-13T04:12:00Z", 1),
        ("detections", "2026-04-13T12:12:00%2B08:00", 1),
        ("detections", "2026-04-13T04:20:00Z", 0),
        ("detections", "2026-04-13T04:12:00Z/2026-04-13T04:30:00Z", 2),
        ("detections", "2026-04-13T04:12:01Z/..", 1),
        ("detections", "../2026-04-13T04:29:59Z", 1),
        ("detections", "/2026-04-13T04:11:59Z", 0),
        ("fires", "2026-04-13T04:20:00Z", 1),
        ("fires", "2026-04-13T04:30:00Z/", 1),
        ("fires", "2026-04-13T04:31:00Z/..", 0),
        ("alerts", "2026-04-13T04:20:00Z", 1),
        ("alerts", "../2026-04-13T04:11:00Z", 0),
        ("zones", "1999-01-01T00:00:00Z", 1),
        ("units", "1999-01-01T00:00:00Z/..", 6),
        // A date alone is the region's day: these were seen at 12:12 and 12:30 of its 13 April.
        ("detections", "2026-04-13", 2),
        ("detections", "2026-04-12", 0),
        ("detections", "2026-04-14", 0),
        ("detections", "2026-04-13/..", 2),
        ("detections", "2026-04-14/..", 0),
        ("detections", "../2026-04-13", 2),
        ("detections", "/2026-04-12", 0),
        ("detections", "2026-04-12/2026-04-13", 2),
        ("detections", "2026-04-13/2026-04-13T04:12:00Z", 1),
        ("detections", "2026-04-13T04:12:01Z/2026-04-13", 1),
        ("fires", "2026-04-13", 1),
        ("alerts", "2026-04-13/", 1),
        ("alerts", "2026-04-14/", 0),
        ("zones", "2026-04-13", 1),
        // Without an offset it is local, with a plus sign that was not encoded it is not.
        ("detections", "2026-04-13T12:12:00", 1),
        ("detections", "2026-04-13T12:12:00+08:00", 1),
        ("detections", "2026-04-13T04:12:00+00:00/2026-04-13T12:30:00+08:00", 2),
        ("detections", "2026-04-13T12:12:01.000/..", 1),
        ("detections", "2026-04-13T04:12:00.000Z", 1),
        ("detections", "../..", 2),
        ("detections", "", 2),
    ];
    for (collection, datetime, expected) in cases {
        let page = app.items(collection, &format!("datetime={datetime}")).await;
        assert_eq!(page["numberMatched"], expected, "{collection} {datetime}");
        assert_eq!(page["numberReturned"], expected, "{collection} {datetime}");
    }
}

#[tokio::test]
async fn the_form_is_what_the_caller_likes_and_f_decides() {
    let app = App::usual().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let items = "/ogc/collections/detections/items";
    let cases = [
        ("/ogc", "", "application/json"),
        ("/ogc", "*/*", "application/json"),
        ("/ogc", browser, "text/html"),
        ("/ogc?f=json", browser, "application/json"),
        ("/ogc?f=html", "application/json", "text/html"),
        ("/ogc?f=JSON", browser, "application/json"),
        ("/ogc/collections/detections/items?f=geojson", browser, "application/geo+json"),
        ("/ogc/collections/detections/items?f=application/geo%2Bjson", browser, "application/geo+json"),
        ("/ogc/api", "*/*", "application/vnd.oai.openapi+json;version=3.0"),
        ("/ogc/api", browser, "text/html"),
        (items, "application/geo+json", "application/geo+json"),
        (items, browser, "text/html"),
        ("/ogc/collections/detections/items/1", "*/*", "application/geo+json"),
        ("/ogc/collections/detections/items/1?f=html", "*/*", "text/html"),
    ];
    for (path, accept, expected) in cases {
        let (status, headers, body) = app.ogc(path, accept).await;
        assert_eq!(status, StatusCode::OK, "{path} {body}");
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with(expected), "{path} {accept}");
        let varies: Vec<_> = headers.get_all(header::VARY).iter().map(|value| value.to_str().unwrap()).collect();
        assert!(varies.contains(&"accept, accept-language"), "{varies:?}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
    let zh = app.page(&format!("{items}?f=html")).await;
    assert!(zh.contains("<html lang=\"zh-CN\"") && zh.contains("热异常像元"), "{zh}");
    let en = app.page(&format!("{items}?f=html&lang=en")).await;
    assert!(en.contains("<html lang=\"en\"") && en.contains("Detections"), "{en}");
    assert!(en.contains("href=\"/ogc/collections/detections/items/1?lang=en\""), "the chosen language goes on: {en}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused_and_a_large_limit_is_not() {
    let app = App::usual().await;
    let items = "/ogc/collections/detections/items";
    let bad = [
        format!("{items}?bboks=1,2,3,4"),
        format!("{items}?bbox=1,2,3"),
        format!("{items}?bbox=1,9,3,4"),
        format!("{items}?bbox=45,122,46,123"),
        format!("{items}?bbox=1,2,3,4&bbox=1,2,3,4"),
        format!("{items}?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"),
        format!("{items}?datetime=yesterday"),
        format!("{items}?datetime=2026-04-31"),
        format!("{items}?datetime=2026-04"),
        format!("{items}?datetime=2026-04-14T00:00:00Z/2026-04-13T00:00:00Z"),
        format!("{items}?limit=0"),
        format!("{items}?limit=-1"),
        format!("{items}?limit=many"),
        format!("{items}?after=x"),
        format!("{items}?f=xml"),
        "/ogc?limit=1".to_owned(),
        "/ogc/api?q=1".to_owned(),
        "/ogc/conformance?f=pdf".to_owned(),
        "/ogc/collections?bbox=1,2,3,4".to_owned(),
        "/ogc/collections/zones?limit=1".to_owned(),
        "/ogc/collections/zones/items/ban-1?bbox=1,2,3,4".to_owned(),
    ];
    let missing = [
        "/ogc/collections/cases",
        "/ogc/collections/cases/items",
        "/ogc/collections/detections/items/0",
        "/ogc/collections/detections/items/01",
        "/ogc/collections/detections/items/x",
        "/ogc/collections/alerts/items/19990101-0001",
        "/ogc/collections/zones/items/%FF",
        "/ogc/nothing",
    ];
    let bad = bad.iter().map(|path| (path.as_str(), StatusCode::BAD_REQUEST));
    for (path, expected) in bad.chain(missing.map(|path| (path, StatusCode::NOT_FOUND))) {
        let (status, headers, body) = app.ogc(path, "text/html").await;
        assert_eq!(status, expected, "{path} {body}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert!(problem["detail_zh"].is_string() && problem["status"] == expected.as_u16(), "{problem}");
    }
    for limit in ["1000", "1001", "99999999999999999999999", "+1000", "1000%20"] {
        assert_eq!(app.items("detections", &format!("limit={limit}")).await["numberReturned"], 2);
    }
    let post = Request::builder().method(Method::POST).uri(items).body(Body::empty()).unwrap();
    assert_eq!(app.ask(post).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_features_and_a_hundred_unless_asked() {
    let row = |i: u32| {
        let (lon, lat) = (122.501 + 0.01 * f64::from(i % 40), 45.501 + 0.01 * f64::from(i / 40));
        observation(&format!("{lon:.3}"), &format!("{lat:.3}"), SEEN)
    };
    let app = App::start(Setting { rows: (0..1005).map(row).collect(), ..Setting::default() }).await;
    for (query, expected) in [("", 100), ("limit=101", 101), ("limit=1000", 1000), ("limit=5000", 1000)] {
        let page = app.items("detections", query).await;
        assert_eq!(page["numberReturned"], expected, "{query}");
        assert_eq!(page["numberMatched"], 1005, "{query}");
        assert!(link(&page, "next").is_some());
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_api_document_describes_exactly_the_routes_and_their_parameters() {
    let app = App::usual().await;
    let (_, headers, text) = app.ogc("/ogc/api", "*/*").await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/vnd.oai.openapi+json;version=3.0");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(document["servers"][0]["url"], "http://localhost:8080/ogc");

    let source = include_str!("../../src/web/ogc/mod.rs");
    let served: BTreeSet<String> = source
        .split(".route(\"/ogc")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|path| !path.is_empty())
        .map(|path| path.replace("{collection}", "{collectionId}").replace("{feature}", "{featureId}"))
        .collect();
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().cloned().collect::<BTreeSet<_>>(), served);

    let mut all = Vec::new();
    references(&document, &mut all);
    for reference in all {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let example = |name: &str| match name {
        "bbox" => "122,45,123,46",
        "datetime" => "2026-04-13T04:12:00Z",
        "limit" | "after" => "1",
        "f" => "json",
        "lang" => "en",
        other => panic!("{other} has no example"),
    };
    for (path, item) in paths {
        let path = path.replace("{collectionId}", "detections").replace("{featureId}", "1");
        let get = item["get"].as_object().unwrap();
        let mut query = Vec::new();
        for parameter in get["parameters"].as_array().unwrap() {
            let at = parameter["$ref"].as_str().unwrap().trim_start_matches('#');
            let parameter = document.pointer(at).unwrap();
            if parameter["in"] == "query" {
                let name = parameter["name"].as_str().unwrap();
                query.push(format!("{name}={}", example(name)));
            }
        }
        let (status, headers, body) = app.ogc(&format!("/ogc{path}?{}", query.join("&")), "*/*").await;
        assert_eq!(status, StatusCode::OK, "{path} {body}");
        let served = headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(get["responses"]["200"]["content"][served].is_object(), "{path} {served}");
        for name in ["bbox", "datetime", "limit", "after"] {
            let is_known = query.iter().any(|given| given.starts_with(&format!("{name}=")));
            let (status, ..) = app.ogc(&format!("/ogc{path}?{name}={}", example(name)), "*/*").await;
            assert_eq!(status == StatusCode::OK, is_known, "{path} {name}");
        }
    }
    let limit = &document["components"]["parameters"]["limit"]["schema"];
    assert_eq!((&limit["minimum"], &limit["maximum"], &limit["default"]), (&json!(1), &json!(1000), &json!(100)));
    let names = &document["components"]["parameters"]["collectionId"]["schema"]["enum"];
    assert_eq!(names, &json!(COLLECTIONS));
}

#[tokio::test]
async fn names_never_become_code_and_no_page_has_a_script() {
    let mut dangerous = region();
    for unit in &mut dangerous.units {
        unit.name = CANARY.to_owned();
    }
    dangerous.name = CANARY.to_owned();
    dangerous.zones[0].name = CANARY.to_owned();
    let app = App::start(Setting { region: dangerous, ..Setting::default() }).await;
    let mut paths =
        vec!["/ogc".to_owned(), "/ogc/api".to_owned(), "/ogc/conformance".to_owned(), "/ogc/collections".to_owned()];
    for (collection, feature) in
        [("detections", "1"), ("fires", "1"), ("alerts", "20260413-0001"), ("zones", "ban-1"), ("units", "2201")]
    {
        paths.push(format!("/ogc/collections/{collection}"));
        paths.push(format!("/ogc/collections/{collection}/items"));
        paths.push(format!("/ogc/collections/{collection}/items/{feature}"));
    }
    for path in paths {
        let (status, headers, page) = app.ogc(&path, "text/html").await;
        assert_eq!(status, StatusCode::OK, "{path} {page}");
        let page = crate::pages::without_own_scripts(&page);
        assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains(" onclick"), "{path}: {page}");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
    }
    assert!(app.page("/ogc/collections/zones/items?f=html").await.contains("alert("), "the name is shown as a text");
}

#[tokio::test]
async fn nobody_who_complained_is_in_any_layer() {
    let app = App::usual().await;
    let body = json!({
        "source": "complaint", "as": "值班员@22", "lon": 122.75, "lat": 45.55, "description": "夜间有人烧秸秆",
        "seen_at": "2026-04-13T04:30:00Z", "client_id": "c-1",
        "complainant": {"name": "钱某某", "phone": "000-777", "address": "某屯九号"},
    });
    let (status, added) = app.post("/api/v1/alerts", Some("sesame"), &body).await;
    assert_eq!(status, StatusCode::CREATED, "{added}");
    let number = added["number"].as_str().unwrap();
    assert!(app.ids("alerts", "").await.contains(&number.to_owned()));
    for path in ["/ogc/collections/alerts/items".to_owned(), format!("/ogc/collections/alerts/items/{number}")] {
        for form in ["json", "html"] {
            let text = app.page(&format!("{path}?f={form}")).await;
            assert!(text.contains(number));
            assert!(!text.contains("钱某某") && !text.contains("000-777") && !text.contains("某屯九号"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_layer_says_itself_how_far_it_can_be_believed() {
    let mut sample = region();
    sample.zones[0].approximate = true;
    sample.zones[0].outline = square(122.7, 45.6, 0.03);
    let app = App::start(Setting { region: sample, simulated: true, ..Setting::default() }).await;
    for (lang, pixel, silence, rough, made_up) in [
        ("zh", "0.4至5公里", "没有点不等于没有火情", "示意", "模拟"),
        ("en", "0.4-5 km", "No point is not no fire", "Illustrative", "simulated"),
    ] {
        let all = app.json(&format!("/ogc/collections?lang={lang}")).await;
        for collection in all["collections"].as_array().unwrap() {
            let said = collection["description"].as_str().unwrap();
            let is_of_fires = ["detections", "fires", "alerts"].contains(&collection["id"].as_str().unwrap());
            assert_eq!(said.contains(pixel) && said.contains(silence) && said.contains(made_up), is_of_fires, "{said}");
            assert_eq!(said.contains(rough), collection["id"] == "zones", "{said}");
            assert_eq!(collection["extent"]["temporal"].is_object(), is_of_fires, "{collection}");
        }
    }
    let since = app.json("/ogc/collections/detections").await["extent"]["temporal"]["interval"].clone();
    assert_eq!(since, json!([[SEEN, null]]));
}
