//! What one account reads ends, and keeps nobody from a page.

use axum::http::StatusCode;
use firegrid::domain::account::Role;
use serde_json::Value;

use crate::pages::{App, Setting, observation};

/// Lists of days.
const LISTS: [&str; 3] = ["/api/v1/alerts/of-days", "/api/v1/detections.geojson", "/api/v1/fires.geojson"];

#[tokio::test]
async fn a_call_for_days_is_answered_for_31_of_them_and_says_what_to_do_with_more() {
    let app = App::usual().await;
    for path in LISTS {
        let (status, _, text) = app.get(&format!("{path}?from=2026-04-13&to=2026-05-13")).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        for span in ["from=2026-04-13&to=2026-05-14", "from=1970-01-01&to=2100-01-01"] {
            let (status, _, text) = app.get(&format!("{path}?{span}")).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}?{span}");
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert!(problem["detail_zh"].as_str().unwrap().contains("一次最多查询31天"), "{problem}");
            assert!(problem["detail"].as_str().unwrap().contains("at most 31 days"), "{problem}");
        }
    }
}

#[tokio::test]
async fn pages_of_a_list_are_cut_by_the_database_in_its_order_and_within_the_county() {
    let rows = (0..7).map(|i| observation(&format!("122.{}", 60 + 4 * i), "45.55", "2026-04-13T04:12:00Z")).collect();
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    app.account("county", Role::County, "2201").await;
    for (who, query) in [("sesame", ""), ("sesame", "&county=2201"), ("county", "")] {
        for (path, items, name) in [
            ("/api/v1/alerts/of-days", "items", "/number"),
            ("/api/v1/detections.geojson", "features", "/properties/key"),
            ("/api/v1/fires.geojson", "features", "/properties/fire_id"),
        ] {
            let read = async |query: String| -> Vec<Value> {
                let (status, text) = app.get_as(who, &format!("{path}?from=2026-04-13{query}")).await;
                assert_eq!(status, StatusCode::OK, "{text}");
                serde_json::from_str::<Value>(&text).unwrap()[items].as_array().unwrap().clone()
            };
            let whole = read(query.to_owned()).await;
            assert!(whole.len() > 2, "{path} {who} {query}: {}", whole.len());
            let named = |row: &Value| {
                let name = row.pointer(name).unwrap_or(&Value::Null);
                name.as_str().map_or_else(|| name.to_string(), str::to_owned)
            };
            for place in 0..whole.len() {
                let rest = read(format!("{query}&limit=2&after={}", named(&whole[place]).replace(' ', "%20"))).await;
                let expected: Vec<_> = whole.iter().skip(place + 1).take(2).cloned().collect();
                assert_eq!(rest, expected, "{path} {who} {query} behind {place}");
            }
        }
    }
}
