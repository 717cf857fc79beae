//! The day's pages are kept as they were drawn: never longer than what is on them stays as it was, and for nobody else.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::Act;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::unit::UnitCode;
use firegrid::store::Command;
use rusqlite::Connection;

use crate::ground_fixture::batch;
use crate::pages::{App, add_account, add_token, observation};

const PAGES: [&str; 5] = ["/", "/?lang=en", "/map", "/map?verdict=banned", "/wall"];

fn number() -> AlertNumber {
    AlertNumber("20260413-0001".to_owned())
}

/// A page but for what names the request.
async fn page_as(app: &App, path: &str, token: &str) -> String {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let (status, headers, body) = app.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body.replace(headers["x-request-id"].to_str().unwrap(), "")
}

async fn all(app: &App) -> Vec<String> {
    let mut pages = Vec::new();
    for path in PAGES {
        pages.push(page_as(app, path, crate::pages::TOKEN).await);
    }
    pages
}

#[tokio::test]
async fn a_kept_day_is_drawn_anew_whoever_changed_what_is_on_it() {
    let app = App::usual().await;
    let first = all(&app).await;
    assert_eq!(all(&app).await, first, "nothing changed");

    // A poll brings a fire.
    let more = batch(vec![observation("122.72", "45.62", "2026-04-13T04:30:00Z")], app.now);
    app.store.record(more, app.ground.clone(), std::sync::Arc::default(), app.now).await.unwrap();
    let polled = all(&app).await;
    for (path, (before, after)) in PAGES.iter().zip(first.iter().zip(&polled)) {
        assert_ne!(before, after, "{path} after a poll");
    }

    // A person acts.
    let acknowledge = Command::plain(number(), Act::Acknowledge, Actor::person("王", UnitCode("220101001".to_owned())));
    app.store.whole().carry_out(acknowledge, (app.ground.clone(), std::sync::Arc::default()), app.now).await.unwrap();
    let acted = all(&app).await;
    for (path, page) in PAGES.iter().zip(&acted).filter(|(path, _)| **path != "/wall") {
        assert!(page.contains("st-acknowledged"), "{path} after an act");
    }

    // Another program writes, which this one does not hear of.
    let other = Connection::open(app.store.path()).unwrap();
    for (change, path) in [
        ("UPDATE alerts SET state = 'on_site'", "/"),
        ("UPDATE fires SET verdict = 'unplanned'", "/"),
        ("UPDATE detections SET superseded_by = id WHERE id = 1", "/"),
        ("UPDATE deadlines SET fired_at = 1", "/wall"),
        ("DELETE FROM alert_scope", "/wall"),
    ] {
        let before = all(&app).await;
        assert!(other.execute(change, []).unwrap() > 0, "{change}");
        let after = all(&app).await;
        let place = PAGES.iter().position(|known| *known == path).unwrap();
        // Scopes are not of the city's pages: only that they are drawn anew is seen, in the counts of others.
        if !change.starts_with("DELETE") {
            assert_ne!(before[place], after[place], "{path} after {change}");
        }
    }
}

#[tokio::test]
async fn nobody_is_shown_the_day_that_was_drawn_for_another_ground() {
    let app = App::usual().await;
    for (name, role, unit) in [("county", Role::County, "2202"), ("here", Role::Township, "220101")] {
        add_account(&app.store, name, role, &UnitCode(unit.to_owned()), app.now).await;
        add_token(&app.store, name, name, TokenPower::Read, app.now).await;
    }
    app.store.refresh_scopes(app.ground.clone()).await.unwrap();
    for path in ["/", "/map"] {
        for _ in 0..2 {
            assert!(page_as(&app, path, crate::pages::TOKEN).await.contains(&number().0), "{path} as the city");
            assert!(!page_as(&app, path, "county").await.contains(&number().0), "{path} as another county");
            assert!(page_as(&app, path, "here").await.contains(&number().0), "{path} as the township");
        }
    }
    // What a unit is shown follows from the scopes, by whatever they change.
    Connection::open(app.store.path())
        .unwrap()
        .execute_batch(
            "INSERT INTO alert_scope SELECT '2202', is_open, first_seen_at, number, 'candidate' FROM alert_scope
             WHERE unit_code = '220101'",
        )
        .unwrap();
    assert!(page_as(&app, "/", "county").await.contains(&number().0), "it is shown now");
}
