//! The stream of changes: what is told to whom, going on after a break, and its end.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::{Role, Scope, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::unit::UnitCode;
use firegrid::store::AccountChange;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::pages::{App, TOKEN, add_account, add_token};

/// Longer than any look at the log takes, and an end to a test that waits for nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who follows.
struct Follower(BodyDataStream, String);

impl Follower {
    async fn open(app: &App, token: &str, last: Option<i64>) -> Self {
        let mut request = Request::get("/api/v1/events")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_ENCODING, "gzip");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = app.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING), "a stream is not collected to be packed");
        assert!(!response.headers().contains_key(header::ETAG));
        Self(response.into_body().into_data_stream(), String::new())
    }

    /// The next piece up to an empty line; `None` at the end.
    async fn piece(&mut self) -> Option<String> {
        loop {
            if let Some((piece, rest)) = self.1.split_once("\n\n") {
                let (piece, rest) = (piece.to_owned(), rest.to_owned());
                self.1 = rest;
                return Some(piece);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("something comes, or the end")?;
            self.1.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// The next event: its name, its id and its data.
    async fn event(&mut self) -> (String, i64, Value) {
        loop {
            let piece = self.piece().await.expect("the stream goes on");
            let field =
                |name: &str| piece.lines().find_map(|line| line.strip_prefix(name).map(|rest| rest.trim().to_owned()));
            if let Some(data) = field("data:") {
                let id = field("id:").unwrap().parse().unwrap();
                return (field("event:").unwrap(), id, serde_json::from_str(&data).unwrap());
            }
        }
    }
}

const NUMBER: &str = "20260413-0001";

async fn acknowledge(app: &App) {
    let (status, done) = app.act(NUMBER, &json!({"act": "acknowledge", "as": "王@220101001"})).await;
    assert_eq!(status, StatusCode::OK, "{done}");
}

#[tokio::test]
async fn what_is_done_to_an_alert_is_told_and_a_broken_stream_goes_on_where_it_was() {
    let app = App::usual().await;
    let mut follower = Follower::open(&app, TOKEN, None).await;
    let first = follower.piece().await.unwrap();
    assert!(first.contains("retry:"), "{first}");
    acknowledge(&app).await;
    let (name, id, data) = follower.event().await;
    assert_eq!((name.as_str(), id), ("case", data["seq"].as_i64().unwrap()));
    assert_eq!(
        (&data["kind"], &data["number"], &data["state"]),
        (&json!("acknowledged"), &json!(NUMBER), &json!("acknowledged"))
    );
    let fields: Vec<_> = data.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["seq", "subject_kind", "subject", "kind", "at", "state", "number"], "and nothing else");
    drop(follower);

    app.act(NUMBER, &json!({"act": "arrive", "as": "王@220101001"})).await;
    let application = json!({"plan_id": "P-1", "unit": "220101", "window_start": "2026-04-13T06:00",
        "window_end": "2026-04-15T18:00", "area_mu": 1.0, "responsible": "李四"});
    assert_eq!(app.post("/api/v1/plans", Some(TOKEN), &application).await.0, StatusCode::CREATED);
    let mut follower = Follower::open(&app, TOKEN, Some(id)).await;
    assert_eq!(follower.event().await.2["kind"], "arrived");
    let (name, _, data) = follower.event().await;
    assert_eq!((name.as_str(), &data["subject"], &data["state"]), ("plan", &json!("P-1"), &json!("applied")));
}

#[tokio::test]
async fn an_alert_is_told_where_it_is_shown_and_as_gone_where_it_no_longer_is() {
    let app = App::usual().await;
    let scope = |unit: &str| Arc::new(Scope::of(&app.ground, &UnitCode(unit.to_owned())).unwrap());
    let (own, other) = (
        app.store.accounts().seen_by(scope("2201"), Role::City),
        app.store.accounts().seen_by(scope("2202"), Role::City),
    );
    assert!(!own.changes(0, 0).await.unwrap().changes.is_empty());
    assert_eq!(other.changes(0, 0).await.unwrap().changes, []);

    let dispute = json!({"act": "dispute", "proposed": "2202", "as": "王@220101001", "note": "不在我县"});
    let (status, done) = app.act(NUMBER, &dispute).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let told = other.changes(0, 0).await.unwrap();
    assert!(told.changes.iter().any(|change| change.kind == "disputed"), "whoever is proposed is told: {told:?}");
    let before = told.read_to;
    let (status, done) = app.act(NUMBER, &json!({"act": "decide", "accepted": false, "note": "维持"})).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let told = other.changes(before, before).await.unwrap();
    assert!(!told.changes.is_empty());
    assert!(told.changes.iter().all(|change| change.kind == "gone" && change.state.is_none()), "{told:?}");

    add_account(&app.store, "other", Role::County, &UnitCode("2202".to_owned()), app.now).await;
    add_token(&app.store, "other", "zhenlai", TokenPower::Read, app.now).await;
    let mut follower = Follower::open(&app, "zhenlai", Some(before)).await;
    let (name, _, data) = follower.event().await;
    assert_eq!((name.as_str(), &data["number"]), ("gone", &json!(NUMBER)));
    // What goes on elsewhere is not told, not even that something does.
    acknowledge(&app).await;
    let after = other.changes(told.read_to + 1, told.read_to + 1).await.unwrap();
    assert_eq!(after.changes, []);
}

#[tokio::test]
async fn a_stream_ends_when_its_account_may_not_come_in_any_more() {
    let app = App::usual().await;
    add_account(&app.store, "county", Role::County, &UnitCode("2201".to_owned()), app.now).await;
    add_token(&app.store, "county", "open", TokenPower::Read, app.now).await;
    let mut follower = Follower::open(&app, "open", None).await;
    follower.piece().await.unwrap();
    app.store.accounts().change("county", AccountChange::Disable, Actor::system(), app.now).await.unwrap();
    acknowledge(&app).await;
    assert_eq!(follower.piece().await, None);
}

#[tokio::test]
async fn an_account_follows_in_four_places_at_most() {
    let app = App::usual().await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Follower::open(&app, TOKEN, None).await);
    }
    let (status, _, text) = app.get("/api/v1/events").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{text}");
    open.pop();
    open.push(Follower::open(&app, TOKEN, None).await);
    let (status, _, text) = app.get("/api/v1/events?after=-1").await;
    assert!(status.is_client_error(), "{text}");
    drop(open);
    let (status, _, text) = app.get("/api/v1/events?after=yesterday").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
}
