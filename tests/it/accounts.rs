//! Coming in: password, link, waiting after failures, devices, tokens, and what a page of another site can do.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::credentials;
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::store::{AccountChange, NewAccount};
use serde_json::json;

use crate::pages::{App, Setting, TOKEN, add_account, add_token};

pub const PASSWORD: &str = "tidal-marsh-crane-61";

/// What a browser keeps and sends.
#[derive(Default, Clone)]
pub struct Browser {
    pub cookies: Vec<(String, String)>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Browser {
    fn keep(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let (name, rest) = value.to_str().unwrap().split_once('=').unwrap();
            let (value, attributes) = rest.split_once(';').unwrap();
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    async fn send(&mut self, app: &App, request: axum::http::request::Builder, body: String) -> Answer {
        let request = request.header(header::COOKIE, self.cookie()).body(Body::from(body)).unwrap();
        let (status, headers, text) = app.ask_as_is(request).await;
        self.keep(&headers);
        Answer { status, headers, text: String::from_utf8_lossy(&text).into_owned() }
    }

    pub async fn get(&mut self, app: &App, path: &str) -> Answer {
        self.send(app, Request::get(path), String::new()).await
    }

    /// As a browser of today sends a form of ours.
    pub async fn post(&mut self, app: &App, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from(app, path, form, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn post_from(&mut self, app: &App, path: &str, form: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let encode = |text: &str| {
            let bytes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            bytes.concat()
        };
        let pairs: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.send(app, request, pairs.join("&")).await
    }

    pub async fn sign_in(&mut self, app: &App, name: &str, password: &str) -> Answer {
        self.post(app, "/sign-in", &[("name", name), ("password", password)]).await
    }
}

/// An app with one account that has a password.
pub async fn app() -> App {
    app_with(Setting::default()).await
}

pub async fn app_with(setting: Setting) -> App {
    let app = App::start(setting).await;
    let new = NewAccount {
        name: "Zhang".to_owned(),
        person: "张三".to_owned(),
        role: Role::County,
        unit: UnitCode("2201".to_owned()),
        phone: None,
        password_hash: Some(credentials::hash_password(PASSWORD).unwrap()),
        subject: None,
    };
    app.store.accounts().add(new, Actor::system(), app.now).await.unwrap();
    add_account(&app.store, "cell", Role::Inspector, &UnitCode("220101001".to_owned()), app.now).await;
    app
}

async fn link_for(app: &App, name: &str, hours: i64) -> String {
    let secret = credentials::new_secret().unwrap();
    let expires = app.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    app.store
        .accounts()
        .change(
            name,
            AccountChange::Link { secret_hash: credentials::digest(&secret), expires },
            Actor::system(),
            app.now,
        )
        .await
        .unwrap();
    secret
}

#[tokio::test]
async fn nobody_sees_anything_before_signing_in_and_is_brought_back_after_it() {
    let app = app().await;
    let mut browser = Browser::default();
    for path in ["/", "/map.svg", "/alerts/20260413-0001", "/status", "/account", "/alerts/none"] {
        let answer = browser.get(&app, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location().starts_with("/sign-in?next="), "{path} {}", answer.location());
        assert!(answer.text.is_empty());
    }
    for path in ["/api/v1/alerts", "/api/v1/units.geojson", "/ogc", "/ogc/collections/alerts/items"] {
        let answer = browser.get(&app, path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE), "{path}");
    }
    for path in ["/livez", "/readyz", "/static/app.css", "/sign-in"] {
        assert_eq!(browser.get(&app, path).await.status, StatusCode::OK, "{path}");
    }
    let wanted = "/alerts/20260413-0001?lang=en";
    let form = [("name", "zhang"), ("password", PASSWORD), ("next", wanted)];
    let answer = browser.post(&app, "/sign-in", &form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, wanted));
    let page = browser.get(&app, wanted).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("张三"));
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_disabled_account_look_alike() {
    let app = app().await;
    let mut browser = Browser::default();
    let wrong = browser.sign_in(&app, "zhang", "not it at all").await;
    let unknown = browser.sign_in(&app, "wang", PASSWORD).await;
    let without = browser.sign_in(&app, "cell", "").await;
    app.store.accounts().change("zhang", AccountChange::Disable, Actor::system(), app.now).await.unwrap();
    let disabled = browser.sign_in(&app, "zhang", PASSWORD).await;
    for answer in [&wrong, &unknown, &without, &disabled] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.text.contains("登录名或密码不正确"));
        assert!(!answer.text.contains("not it at all"), "what was typed as a password is not shown");
    }
    assert_eq!(browser.get(&app, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_known_phone_of_the_desk_is_not() {
    let app = app().await;
    let (mut desk, mut stranger) = (Browser::default(), Browser::default());
    assert_eq!(desk.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER);
    for _ in 0..5 {
        assert_eq!(stranger.sign_in(&app, "zhang", "guess").await.status, StatusCode::UNAUTHORIZED);
    }
    let waiting = stranger.sign_in(&app, "zhang", PASSWORD).await;
    assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS, "even the right one waits");
    assert_eq!(waiting.headers[header::RETRY_AFTER], "30");
    assert!(waiting.text.contains("30秒"));
    assert_eq!(desk.get(&app, "/").await.status, StatusCode::OK, "who is in stays in");
    assert_eq!(desk.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER, "and may come in again");
    let other = stranger.sign_in(&app, "cell", "guess").await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED, "other accounts are not slowed down by it");
}

#[tokio::test]
async fn a_link_is_looked_at_freely_and_works_once() {
    let app = app().await;
    let secret = link_for(&app, "cell", 1).await;
    let (mut preview, mut phone) = (Browser::default(), Browser::default());
    let path = format!("/l/{secret}");
    for _ in 0..3 {
        let seen = preview.get(&app, &path).await;
        assert_eq!(seen.status, StatusCode::OK, "chat programs open links before people do");
        assert!(seen.text.contains("cell某"));
    }
    let entered = phone.post(&app, &path, &[]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/my"));
    assert_eq!(phone.get(&app, "/account").await.status, StatusCode::OK);
    assert_eq!(preview.post(&app, &path, &[]).await.status, StatusCode::NOT_FOUND, "used");
    let old = link_for(&app, "cell", 1).await;
    let new = link_for(&app, "cell", 1).await;
    assert_eq!(preview.get(&app, &format!("/l/{old}")).await.status, StatusCode::NOT_FOUND, "a new link voids the old");
    assert_eq!(preview.get(&app, &format!("/l/{new}")).await.status, StatusCode::OK);
    let late = link_for(&app, "cell", -1).await;
    assert_eq!(preview.post(&app, &format!("/l/{late}"), &[]).await.status, StatusCode::NOT_FOUND, "too old");
    let voided = link_for(&app, "cell", 1).await;
    app.store.accounts().change("cell", AccountChange::Disable, Actor::system(), app.now).await.unwrap();
    assert_eq!(preview.post(&app, &format!("/l/{voided}"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(phone.get(&app, "/account").await.status, StatusCode::SEE_OTHER, "disabling puts everybody out");
}

#[tokio::test]
async fn devices_are_listed_and_ended_and_nobody_ends_another_accounts() {
    let app = app().await;
    let (mut one, mut two, mut cell) = (Browser::default(), Browser::default(), Browser::default());
    one.sign_in(&app, "zhang", PASSWORD).await;
    two.sign_in(&app, "zhang", PASSWORD).await;
    let secret = link_for(&app, "cell", 1).await;
    cell.post(&app, &format!("/l/{secret}"), &[]).await;
    let account = app.store.accounts().find("zhang").await.unwrap();
    let sessions = app.store.accounts().access(account.id, app.now).await.unwrap().sessions;
    assert_eq!(sessions.len(), 2);
    // The latest first: it is the second browser's.
    let second = sessions[0].id.to_string();
    cell.post(&app, "/account/devices", &[("session", &second)]).await;
    assert_eq!(two.get(&app, "/account").await.status, StatusCode::OK, "not by somebody else");
    let page = one.get(&app, "/account").await;
    assert!(page.text.contains(&format!("name=\"session\" value=\"{second}\"")));
    one.post(&app, "/account/devices", &[("session", &second)]).await;
    assert_eq!(two.get(&app, "/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(one.get(&app, "/account").await.status, StatusCode::OK);
    let out = one.post(&app, "/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.headers["clear-site-data"].to_str().unwrap().contains("storage"));
    assert_eq!(one.get(&app, "/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_new_password_needs_the_present_one_and_puts_other_devices_out() {
    let app = app().await;
    let (mut one, mut two) = (Browser::default(), Browser::default());
    one.sign_in(&app, "zhang", PASSWORD).await;
    two.sign_in(&app, "zhang", PASSWORD).await;
    let change = [("present", "wrong"), ("new", "another-tidal-marsh-9")];
    assert!(one.post(&app, "/account/password", &change).await.text.contains("当前密码不正确"));
    let weak = [("present", PASSWORD), ("new", "password1")];
    assert!(one.post(&app, "/account/password", &weak).await.text.contains("太容易被猜到"));
    let good = [("present", PASSWORD), ("new", "another-tidal-marsh-9")];
    assert_eq!(one.post(&app, "/account/password", &good).await.status, StatusCode::SEE_OTHER);
    assert_eq!(one.get(&app, "/account").await.status, StatusCode::OK);
    assert_eq!(two.get(&app, "/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(two.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let secret = link_for(&app, "cell", 1).await;
    let mut cell = Browser::default();
    cell.post(&app, &format!("/l/{secret}"), &[]).await;
    let first = [("present", ""), ("new", "another-tidal-marsh-9")];
    assert_eq!(cell.post(&app, "/account/password", &first).await.status, StatusCode::OK, "a found phone gets none");
    assert!(!app.store.accounts().find("cell").await.unwrap().has_password);
}

#[tokio::test]
async fn another_site_can_send_nothing_in_anybodys_name() {
    let app = app().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "zhang", PASSWORD).await;
    let form = [("session", "1")];
    let foreign: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("host", "localhost:8080")],
        &[("origin", "null"), ("host", "localhost:8080")],
        &[],
    ];
    for headers in foreign {
        let answer = browser.post_from(&app, "/account/devices", &form, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        let api = browser.post_from(&app, "/api/v1/alerts/20260413-0001/acts", &[], headers).await;
        assert_eq!(api.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(browser.get(&app, "/account").await.status, StatusCode::OK);
    // An older browser that names the page's origin alone.
    let same = [("origin", "http://localhost:8080"), ("host", "localhost:8080")];
    assert_eq!(browser.post_from(&app, "/sign-out", &[], &same).await.status, StatusCode::SEE_OTHER);
    let answer = browser.post_from(&app, "/sign-in", &[("name", "zhang"), ("password", PASSWORD)], &same).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// The header of a token as a password.
fn basic(token: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("x:{token}")))
}

#[tokio::test]
async fn a_page_of_another_site_is_refused_whatever_header_comes_along() {
    let app = app().await;
    app.account("boss", Role::Admin, "22").await;
    add_token(&app.store, "boss", "full", TokenPower::ActFor, app.now).await;
    let link = format!("/l/{}", link_for(&app, "cell", 1).await);
    let mut browser = Browser::default();
    browser.sign_in(&app, "zhang", PASSWORD).await;
    let foreign: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "none"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
    ];
    let brought = [
        None,
        Some(basic("full")),
        Some(basic("wrong")),
        Some("Bearer full".to_owned()),
        Some("Bearer wrong".to_owned()),
        Some("Digest x".to_owned()),
    ];
    let planted = [("name", "planted"), ("person", "某"), ("role", "admin"), ("unit", "22"), ("password", PASSWORD)];
    let paths =
        ["/users/new", "/account/devices", "/sign-in", "/sign-out", "/api/v1/alerts", "/api/v1/uploads", "/ogc", &link];
    for path in paths {
        for authorization in &brought {
            for said in foreign {
                for cookies in [browser.cookies.clone(), Vec::new()] {
                    let mut sender = Browser { cookies };
                    let mut headers = vec![("host", "localhost:8080")];
                    headers.extend(said);
                    headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
                    let answer = sender.post_from(&app, path, &planted, &headers).await;
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}: {}", answer.text);
                }
            }
        }
    }
    assert!(app.store.accounts().find("planted").await.is_err(), "no administrator was planted");
    assert_eq!(browser.get(&app, &link).await.status, StatusCode::OK, "the link was not used");
}

#[tokio::test]
async fn nobody_comes_in_by_a_form_of_another_page_also_where_the_browser_says_nothing() {
    let app = app().await;
    let link = format!("/l/{}", link_for(&app, "cell", 1).await);
    let form = [("name", "zhang"), ("password", PASSWORD)];
    for authorization in [basic(TOKEN), format!("Bearer {TOKEN}"), "Bearer wrong".to_owned()] {
        for path in ["/sign-in", "/sign-in/demo", &link] {
            let headers = [("authorization", authorization.as_str())];
            let answer = Browser::default().post_from(&app, path, &form, &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {authorization}");
        }
    }
}

#[tokio::test]
async fn a_token_as_a_password_reads_layers_and_nothing_else() {
    let app = app().await;
    let number = app.number().await;
    let ask = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, basic(TOKEN));
        let (status, headers, _) = app.ask_as_is(request.body(Body::empty()).unwrap()).await;
        let is_sent_to_sign_in = headers.get(header::LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/sign-in"));
        if is_sent_to_sign_in { StatusCode::UNAUTHORIZED } else { status }
    };
    for (method, path, expected) in [
        ("GET", "/ogc".to_owned(), StatusCode::OK),
        ("HEAD", "/ogc/collections".to_owned(), StatusCode::OK),
        ("GET", "/ogc/collections/zones/items".to_owned(), StatusCode::OK),
        ("GET", "/api/v1/alerts".to_owned(), StatusCode::UNAUTHORIZED),
        ("GET", "/".to_owned(), StatusCode::UNAUTHORIZED),
        ("GET", "/ogcx".to_owned(), StatusCode::UNAUTHORIZED),
        ("GET", format!("/alerts/{number}"), StatusCode::UNAUTHORIZED),
        ("POST", format!("/api/v1/alerts/{number}/acts"), StatusCode::UNAUTHORIZED),
        ("POST", format!("/alerts/{number}/acts"), StatusCode::FORBIDDEN),
        ("POST", "/ogc".to_owned(), StatusCode::UNAUTHORIZED),
        ("DELETE", "/ogc/collections".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(ask(method, &path).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn no_address_of_a_page_carries_a_secret_of_its_forms() {
    let app = app().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "zhang", PASSWORD).await;
    for path in ["/", "/account", "/my", "/patrol", "/problems", "/duty/handover", "/plans/new", "/sign-in"] {
        let page = browser.get(&app, path).await;
        assert!(!page.text.contains("csrf") && !page.text.contains("proof="), "{path}: {}", page.text);
        assert_eq!(page.headers["referrer-policy"], "same-origin", "old browsers name the origin of a form by it");
    }
    assert!(browser.cookies.iter().all(|(name, _)| !name.contains("form")), "{:?}", browser.cookies);
}

#[tokio::test]
async fn tokens_read_write_or_act_for_others_and_end() {
    let app = app().await;
    for (secret, power) in [("r", TokenPower::Read), ("w", TokenPower::Write), ("a", TokenPower::ActFor)] {
        add_token(&app.store, "zhang", secret, power, app.now).await;
    }
    let number = app.number().await;
    let path = format!("/api/v1/alerts/{number}/acts");
    let call = |who: Option<&str>| {
        let mut body = serde_json::json!({"act": "call", "whom": "王五", "answered": true});
        if let Some(who) = who {
            body["as"] = who.into();
        }
        body
    };
    let status = async |token: &str, who: Option<&str>| app.post(&path, Some(token), &call(who)).await.0;
    assert_eq!(status("r", None).await, StatusCode::FORBIDDEN);
    assert_eq!(status("w", None).await, StatusCode::OK);
    assert_eq!(status("w", Some("张三@2201")).await, StatusCode::OK, "his own name");
    assert_eq!(status("w", Some("李四@2201")).await, StatusCode::FORBIDDEN);
    assert_eq!(status("a", Some("李四@220101")).await, StatusCode::FORBIDDEN, "nobody of that name is there");
    assert_eq!(status("a", Some("李四")).await, StatusCode::FORBIDDEN, "nor anywhere else");
    app.make_known("李四", &UnitCode("220101".to_owned())).await;
    assert_eq!(status("a", Some("李四@220101")).await, StatusCode::OK, "of its own ground");
    assert_eq!(status("a", Some("李四@220101001")).await, StatusCode::FORBIDDEN, "and of no other unit");
    assert_eq!(status("a", Some("市长@22")).await, StatusCode::FORBIDDEN, "nobody above");
    let events = app.json(&format!("/api/v1/alerts/{number}")).await["events"].clone();
    let calls: Vec<_> = events.as_array().unwrap().iter().filter(|event| event["kind"] == "called").collect();
    let actors: Vec<_> = calls.iter().map(|event| event["actor"].as_str().unwrap()).collect();
    assert_eq!(actors, ["张三", "张三", "李四"], "{events}");
    let account = app.store.accounts().find("zhang").await.unwrap();
    for token in app.store.accounts().access(account.id, app.now).await.unwrap().tokens {
        assert!(
            app.store
                .accounts()
                .change(&account.name, AccountChange::EndToken(token.id), Actor::system(), app.now)
                .await
                .unwrap()
        );
    }
    assert_eq!(status("w", None).await, StatusCode::UNAUTHORIZED);
    let basic = format!("Basic {}", "eDpzZXNhbWU=");
    let request = Request::get("/ogc").header(header::AUTHORIZATION, basic).body(Body::empty()).unwrap();
    assert_eq!(TOKEN, "sesame");
    assert_eq!(app.ask_as_is(request).await.0, StatusCode::OK, "map programs send it as a password");
}

#[tokio::test]
async fn sessions_end_when_they_are_not_used_and_secrets_are_nowhere_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let app = app().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "zhang", PASSWORD).await;
    let secret = browser.cookies.iter().find(|(name, _)| name == "firegrid").unwrap().1.clone();
    let later = app.now.checked_add(SignedDuration::from_hours(12)).unwrap();
    let digest = credentials::digest(&secret);
    assert!(app.store.accounts().visit(digest.clone(), app.now).await.unwrap().is_some());
    assert!(app.store.accounts().visit(digest, later).await.unwrap().is_none(), "a desk is out after twelve hours");
    drop(folder);
    let mut everything = Vec::new();
    for entry in std::fs::read_dir(app.store.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            everything.extend(std::fs::read(path).unwrap());
        }
    }
    let holds = |needle: &str| everything.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(holds("zhang"), "the search finds what is there");
    for (name, value) in &browser.cookies {
        assert!(!holds(value), "the secret of {name} is in the database");
    }
    assert!(!holds(PASSWORD));
}

#[tokio::test]
async fn a_desk_that_is_used_every_day_signs_in_again_after_its_longest_time() {
    let hours = Arc::new(AtomicI64::new(0));
    let (start, elapsed): (Timestamp, _) = ("2026-04-13T05:00:00Z".parse().unwrap(), hours.clone());
    let clock = Arc::new(move || start + SignedDuration::from_hours(elapsed.load(Ordering::SeqCst)));
    let app = app_with(Setting { clock: Some(clock), ..Setting::default() }).await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "zhang", PASSWORD).await;
    for hour in (0..30 * 24).step_by(10) {
        hours.store(hour, Ordering::SeqCst);
        assert_eq!(browser.get(&app, "/problems").await.status, StatusCode::OK, "hour {hour}");
        // Notes of use stand behind each other with the writer, and this behind them.
        app.store.health().ping().await.unwrap();
    }
    hours.store(30 * 24, Ordering::SeqCst);
    assert_eq!(browser.get(&app, "/problems").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_does_not_wait_for_what_is_being_written_and_the_use_is_noted_after() {
    let app = app().await;
    let office = app.store.accounts().find("office").await.unwrap();
    let elsewhere = rusqlite::Connection::open(app.store.path()).unwrap();
    elsewhere.execute_batch("BEGIN IMMEDIATE").unwrap();
    let page = tokio::time::timeout(std::time::Duration::from_secs(10), app.page("/problems")).await;
    assert!(page.unwrap().contains("问题清单"));
    let used = async || app.store.accounts().access(office.id, app.now).await.unwrap().tokens[0].last_used_at;
    assert_eq!(used().await, None);
    elsewhere.execute_batch("COMMIT").unwrap();
    app.store.health().ping().await.unwrap();
    assert_eq!(used().await, Some(app.now));
}

#[tokio::test]
async fn the_buttons_of_the_demonstration_are_in_no_real_service() {
    let real = app().await;
    let mut browser = Browser::default();
    assert!(!browser.get(&real, "/sign-in").await.text.contains("/sign-in/demo"));
    let refused = browser.post(&real, "/sign-in/demo", &[("name", "zhang")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let demo = App::start(Setting { simulated: true, ..Setting::default() }).await;
    assert!(browser.get(&demo, "/sign-in").await.text.contains("/sign-in/demo"));
    assert_eq!(browser.post(&demo, "/sign-in/demo", &[("name", "office")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&demo, "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_administrator_makes_an_account_another_role_and_it_stands_in_the_log() {
    let app = app().await;
    app.account("boss", Role::Admin, "22").await;
    add_token(&app.store, "zhang", "z", TokenPower::Write, app.now).await;
    let mut zhang = Browser::default();
    zhang.sign_in(&app, "zhang", PASSWORD).await;
    let change = async |who: &str, form: &str| {
        let request = Request::post("/users/zhang/acts")
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        app.ask_as_is(request.body(Body::from(form.to_owned())).unwrap()).await.0
    };
    let is = async || {
        let account = app.store.accounts().find("zhang").await.unwrap();
        (account.role, account.unit_code.0)
    };
    assert!(app.page_as("boss", "/users/zhang").await.contains("更改角色或单位"));
    assert!(!app.page_as("sesame", "/users/zhang").await.contains("更改角色或单位"), "the city's office lets in only");
    assert_eq!(change("sesame", "act=role&role=admin&unit=22").await, StatusCode::FORBIDDEN);
    let wrong_level = change("boss", "act=role&role=township&unit=2201").await;
    assert_eq!(wrong_level, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(is().await, (Role::County, "2201".to_owned()), "nothing changed yet");
    assert_eq!(change("boss", "act=role&role=township&unit=220101").await, StatusCode::SEE_OTHER);
    assert_eq!(is().await, (Role::Township, "220101".to_owned()));
    assert_eq!(zhang.get(&app, "/account").await.status, StatusCode::SEE_OTHER, "his devices sign in again");
    assert_eq!(app.get_as("z", "/api/v1/alerts").await.0, StatusCode::UNAUTHORIZED, "and his tokens end");

    let call = async |who: &str, name: &str, body: serde_json::Value| {
        let request = Request::post(format!("/api/v1/accounts/{name}/role"))
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "application/json");
        app.ask_as_is(request.body(Body::from(body.to_string())).unwrap()).await.0
    };
    for (who, name, body, expected) in [
        ("boss", "zhang", json!({"role": "inspector", "unit": "220101001"}), StatusCode::NO_CONTENT),
        ("boss", "zhang", json!({"role": "admin", "unit": "22"}), StatusCode::FORBIDDEN),
        ("boss", "zhang", json!({"role": "viewer"}), StatusCode::NO_CONTENT),
        ("boss", "zhang", json!({"role": "county"}), StatusCode::UNPROCESSABLE_ENTITY),
        ("boss", "zhang", json!({"role": "king"}), StatusCode::BAD_REQUEST),
        ("boss", "nobody", json!({"role": "viewer"}), StatusCode::NOT_FOUND),
        ("boss", "boss", json!({"role": "viewer"}), StatusCode::CONFLICT),
        ("sesame", "zhang", json!({"role": "admin", "unit": "22"}), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(call(who, name, body.clone()).await, expected, "{who} {name} {body}");
    }
    assert_eq!(is().await, (Role::Viewer, "220101001".to_owned()));
    let (_, log) = app.get_as("boss", "/api/v1/audit?subject_kind=account").await;
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let changes: Vec<_> =
        log["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "role_changed").collect();
    assert_eq!(changes.len(), 3);
    assert_eq!(
        changes[2]["detail"],
        json!({"role": "township", "unit": "220101", "old_role": "county", "old_unit": "2201"})
    );
    assert!(app.page_as("boss", "/audit?kind=account").await.contains("更改角色"));
}

#[tokio::test]
async fn sign_ins_that_failed_are_shown_to_their_account_and_to_the_administrator() {
    let app = app().await;
    app.account("boss", Role::Admin, "22").await;
    let mut zhang = Browser::default();
    zhang.sign_in(&app, "zhang", PASSWORD).await;
    assert!(!zhang.get(&app, "/account").await.text.contains("失败的登录"));
    for _ in 0..3 {
        let said = [("sec-fetch-site", "same-origin"), ("user-agent", "Stranger/1.0")];
        let form = [("name", "Zhang"), ("password", "guess")];
        Browser::default().post_from(&app, "/sign-in", &form, &said).await;
    }
    Browser::default().sign_in(&app, "nobody", "guess").await;
    for page in [zhang.get(&app, "/account").await.text, app.page_as("boss", "/users/zhang").await] {
        assert!(page.contains("失败的登录") && page.matches("Stranger/1.0").count() == 3, "{page}");
    }
    assert!(!app.page_as("boss", "/users/boss").await.contains("失败的登录"), "they are zhang's");
    for i in 0..120 {
        let attempt = firegrid::store::Attempt {
            name: "zhang".to_owned(),
            address: format!("192.0.2.{i}"),
            browser: "Flood".to_owned(),
            device_hash: None,
        };
        app.store.accounts().sign_in_failed(attempt, None, app.now).await.unwrap();
    }
    let id = app.store.accounts().find("zhang").await.unwrap().id;
    let kept = app.store.accounts().access(id, app.now).await.unwrap().failed;
    assert_eq!((kept.len(), kept[0].address.as_str()), (50, "192.0.2.119"), "the last ones are kept");
    let later = app.now.checked_add(SignedDuration::from_hours(31 * 24)).unwrap();
    assert!(app.store.accounts().access(id, later).await.unwrap().failed.is_empty());
}

#[tokio::test]
async fn pages_about_people_and_accounts_are_kept_nowhere() {
    let app = app().await;
    app.account("boss", Role::Admin, "22").await;
    let kept = async |path: &str| {
        let request = Request::get(path).header(header::AUTHORIZATION, "Bearer boss").body(Body::empty()).unwrap();
        let (_, headers, _) = app.ask_as_is(request).await;
        headers[header::CACHE_CONTROL].to_str().unwrap().to_owned()
    };
    for path in ["/account", "/users", "/users/zhang", "/users/new", "/people", "/audit", "/sign-in", "/l/none"] {
        assert_eq!(kept(path).await, "no-store", "{path}");
    }
    assert_eq!(kept("/").await, "no-cache, private");
}

#[tokio::test]
async fn the_log_over_the_api_is_for_whom_its_page_is() {
    let app = app().await;
    for (name, role, expected) in [
        ("boss", Role::Admin, StatusCode::OK),
        ("town-hall", Role::City, StatusCode::OK),
        ("looker", Role::Viewer, StatusCode::FORBIDDEN),
        ("finder", Role::Inspector, StatusCode::FORBIDDEN),
    ] {
        app.account(name, role, "22").await;
        for path in ["/audit", "/api/v1/audit"] {
            assert_eq!(app.get_as(name, path).await.0, expected, "{path} as {name}");
        }
    }
    assert_eq!(app.get_as("looker", "/api/v1/alerts").await.0, StatusCode::OK);
}

#[tokio::test]
async fn nobody_says_that_something_happened_more_than_three_days_from_now() {
    let app = app().await;
    app.account("field", Role::Inspector, "220101001").await;
    let number = app.number().await;
    let at = |hours: i64| app.now.checked_add(SignedDuration::from_hours(hours)).unwrap().to_string();
    let plan = |id: &str, at: &str| {
        serde_json::json!({
            "plan_id": id, "unit": "220101001", "window_start": "2026-04-14T06:00", "window_end": "2026-04-15T18:00",
            "area_mu": 20, "responsible": "李四", "happened_at": at,
        })
    };
    for (hours, is_taken) in [(-73, false), (73, false), (-10_000, false), (-71, true), (0, true)] {
        let call = serde_json::json!({"act": "call", "whom": "王", "answered": true, "happened_at": at(hours)});
        let (status, said) = app.post(&format!("/api/v1/alerts/{number}/acts"), Some("field"), &call).await;
        assert_eq!(status == StatusCode::OK, is_taken, "{hours}: {said}");
        assert!(
            is_taken
                || status == StatusCode::UNPROCESSABLE_ENTITY && said["detail_zh"].as_str().unwrap().contains("72小时"),
            "{said}"
        );
        let (status, said) = app.post("/api/v1/plans", Some("field"), &plan(&format!("P{hours}"), &at(hours))).await;
        assert_eq!(status == StatusCode::CREATED, is_taken, "{hours}: {said}");
        let form = [("act", "call"), ("whom", "王"), ("answered", "yes"), ("happened_at", &at(hours))];
        let body =
            form.map(|(name, value)| format!("{name}={}", value.replace(':', "%3A").replace('+', "%2B"))).join("&");
        let request = Request::post(format!("/alerts/{number}/acts"))
            .header(header::AUTHORIZATION, "Bearer field")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, _, text) = app.ask_as_is(request.body(Body::from(body)).unwrap()).await;
        let text = String::from_utf8_lossy(&text);
        assert_eq!(status == StatusCode::SEE_OTHER, is_taken, "{hours}: {status} {text}");
    }
}
