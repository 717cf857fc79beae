//! Who acted: the account and what brought it in stand in the log, and two persons are two accounts.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::actor::{Actor, Through};
use firegrid::domain::alert::{Act, Refusal};
use firegrid::domain::burning::{BurnRules, PlanAct};
use firegrid::domain::finding::{FindingKind, Review};
use firegrid::domain::plan::PlanId;
use firegrid::store::{ActError, By, PlanCommand};
use firegrid::words::Say;
use serde_json::{Value, json};

use crate::alert_life::at;
use crate::burning::application;
use crate::office_plans::As;
use crate::pages::{App, text_of};
use crate::spine::{Desk, person};
use crate::users_pages::secret_of;

fn through(actor: Actor, accounts: &[&str]) -> Actor {
    let accounts = accounts.iter().map(|account| (*account).to_owned()).collect();
    actor.through(Through { accounts, ..Through::default() })
}

#[tokio::test]
async fn nobody_reviews_through_an_account_that_reported_or_let_the_reporter_in() {
    for (reported, reviews, is_allowed) in [
        (&["zhang"][..], &["county"][..], true),
        (&["zhang"], &["zhang"], false),
        (&["zhang", "county"], &["county"], false),
        (&["zhang"], &["county", "zhang"], false),
        (&["zhang", "town"], &["county", "town"], false),
        (&["platform"], &["platform"], false),
        // Commands on the machine have no account: names and units decide.
        (&[], &[], true),
    ] {
        let desk = Desk::new();
        let number = desk.banned_alert().await;
        desk.report(&number, FindingKind::Straw, through(person("王", "A-a-1"), reported)).await.unwrap();
        let review = Act::Review { review: Review::Confirmed };
        let done = desk.act(&number, review, through(person("县长", "A"), reviews)).await;
        match done {
            Ok(_) => assert!(is_allowed, "{reported:?} {reviews:?}"),
            Err(ActError::Refused(Refusal::OwnFinding { .. })) => assert!(!is_allowed, "{reported:?} {reviews:?}"),
            Err(error) => panic!("{error}"),
        }
        desk.sound().await;
    }
}

#[tokio::test]
async fn nobody_approves_a_plan_through_the_account_that_applied_for_it() {
    let desk = Desk::new();
    let now = at("2026-04-13T00:00:00Z");
    let by = By::now(through(person("甲镇长", "A-a"), &["town", "county"]));
    desk.store.whole().carry_out(application("P"), (by, desk.ground.clone(), BurnRules::default()), now).await.unwrap();
    let approve = async |accounts: &[&str]| {
        let command = PlanCommand { id: PlanId("P".to_owned()), act: PlanAct::Approve, note: None, photos: Vec::new() };
        let by = By::now(through(person("甲县长", "A"), accounts));
        desk.store.whole().carry_out(command, (by, desk.ground.clone(), BurnRules::default()), now).await
    };
    for own in [["town"], ["county"]] {
        let refused = approve(&own).await.unwrap_err().say().zh;
        assert!(refused.contains("账号"), "{refused}");
    }
    approve(&["other"]).await.unwrap();
}

impl App {
    async fn logged(&self, kind: &str) -> Vec<Value> {
        let (_, log) = self.look(As("admin"), "/api/v1/audit?limit=100").await;
        let log: Value = serde_json::from_str(&log).unwrap();
        let of_kind = |event: &&Value| event["kind"] == kind;
        log["items"].as_array().unwrap().iter().filter(of_kind).cloned().collect()
    }
}

#[tokio::test]
async fn the_log_says_through_which_account_session_or_token_and_who_let_it_in() {
    let app = App::with_every_role("zhang").await;
    let (status, _, page) = app.submit_in("county", "/users/zhang/acts", &[("act", "link")]).await;
    assert_eq!(status, StatusCode::OK);
    let request = Request::post(format!("/l/{}", secret_of(&page))).header("sec-fetch-site", "same-origin");
    let (_, headers, _) = app.ask_as_is(request.body(Body::empty()).unwrap()).await;
    let cookies = headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.filter_map(|text| text.split(';').next()).find(|text| text.starts_with("firegrid=")).unwrap();
    let came_in = app.logged("signed_in").await;
    let [entered] = came_in.iter().filter(|event| event["subject"] == "zhang").collect::<Vec<_>>()[..] else {
        panic!("he came in once: {came_in:?}")
    };
    assert_eq!((&entered["account"], &entered["let_in_by"]), (&json!("zhang"), &json!("county")), "{entered}");
    assert!(entered["access"].as_str().unwrap().starts_with("session "), "{entered}");
    let [made] = &app.logged("link_made").await[..] else { panic!("one link") };
    assert_eq!((&made["account"], &made["let_in_by"]), (&json!("county"), &Value::Null), "{made}");
    assert!(made["access"].as_str().unwrap().starts_with("session "), "{made}");
    assert!(["loopback", "private", "public"].contains(&made["address"].as_str().unwrap()), "{made}");

    // What is done over that session names both, also in the hashed part.
    let act = Request::post("/api/v1/alerts/20260413-0001/acts")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json");
    let body = Body::from(json!({"act": "acknowledge"}).to_string());
    let (status, _, answer) = app.ask_as_is(act.body(body).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer));
    let [done] = &app.logged("acknowledged").await[..] else { panic!("one act") };
    assert_eq!((&done["account"], &done["let_in_by"]), (&json!("zhang"), &json!("county")), "{done}");
    let db = rusqlite::Connection::open(app.store.path()).unwrap();
    db.execute_batch(
        "DROP TRIGGER events_are_never_changed; UPDATE events SET let_in_by = NULL WHERE kind = 'acknowledged'",
    )
    .unwrap();
    let audit = app.store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(audit.faults.iter().any(|fault| fault.to_string().contains("was edited")), "{audit:?}");
}

#[tokio::test]
async fn a_link_made_for_somebody_is_told_to_him_and_to_the_offices_above() {
    let app = App::with_every_role("zhang").await;
    assert!(!app.look(As("zhang"), "/my").await.1.contains("生成了个人登录链接"));
    app.submit_in("town", "/users/zhang/acts", &[("act", "link")]).await;
    for page in ["/my", "/account"] {
        let text = text_of(&app.look(As("zhang"), page).await.1);
        assert!(text.contains("town某于") && text.contains("生成了个人登录链接"), "{text}");
    }
    for above in ["town", "county", "admin"] {
        let text = text_of(&app.look(As(above), "/users").await.1);
        assert!(text.contains("近7天代生成的登录链接") && text.contains("生成人 town某"), "{above}: {text}");
    }
    assert!(!app.look(As("neighbour"), "/users").await.1.contains("近7天代生成的登录链接"));
}

#[tokio::test]
async fn lists_responsibility_lists_and_originals_that_were_taken_stand_in_the_log() {
    let app = App::with_every_role("zhang").await;
    let photo = Request::post("/api/v1/photos").header(header::AUTHORIZATION, "Bearer county");
    let (status, _, body) = app.ask(photo.body(Body::from(crate::pictures::jpeg("x"))).unwrap()).await;
    assert!(status.is_success(), "{body}");
    let hash = serde_json::from_str::<Value>(&body).unwrap()["hash"].as_str().unwrap().to_owned();
    for (path, kind, says) in [
        ("/api/v1/alerts/export?format=csv&unit=2201".to_owned(), "cases_exported", "unit=2201"),
        ("/api/v1/plans/export?format=csv".to_owned(), "plans_exported", "format=csv"),
        ("/api/v1/people/list?unit=2201&format=csv".to_owned(), "people_listed", "unit=2201"),
        (format!("/api/v1/photos/{hash}/original"), "original_taken", &hash),
    ] {
        let request = Request::get(&path).header(header::AUTHORIZATION, "Bearer county");
        let (status, _, _) = app.ask_bytes(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let [taken] = &app.logged(kind).await[..] else { panic!("{path}: one event") };
        assert_eq!((&taken["account"], &taken["actor"]), (&json!("county"), &json!("county某")), "{taken}");
        assert!(taken["detail"].to_string().contains(says), "{taken}");
    }
    // What was refused was not given.
    app.look(As("zhang"), "/api/v1/people/list?unit=2202&format=csv").await;
    assert_eq!(app.logged("people_listed").await.len(), 1);
}
