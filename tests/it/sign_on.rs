//! Coming in by the city's own sign-on, against a provider that keeps the rules and one that breaks each of them.

mod provider;

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use firegrid::config::Secret;
use firegrid::domain::account::Role;
use firegrid::domain::actor::Actor;
use firegrid::domain::unit::UnitCode;
use firegrid::sign_on::{LONGEST_WAIT, Provider, Settings};
use firegrid::store::{AccountChange, NewAccount};
use serde_json::json;

use self::provider::{CLIENT, Fake, Key, SECRET, Signed};
use crate::accounts::{Answer, Browser};
use crate::pages::{App, Setting};

const SITE: &str = "http://127.0.0.1:8080";

/// The second at which the sites of these tests stand still.
fn now() -> i64 {
    "2026-04-13T05:00:00Z".parse::<firegrid::domain::time::Timestamp>().unwrap().as_second()
}

fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        secret: Secret::from_text(SECRET),
        name: String::new(),
        site: SITE.to_owned(),
        longest_wait: LONGEST_WAIT,
    }
}

/// A site whose provider is at `settings`, with the account of 张三.
async fn app_with(settings: Settings) -> App {
    let app = App::start(Setting { sign_on: Some(Provider::new(settings).unwrap()), ..Setting::default() }).await;
    let new = NewAccount {
        name: "zhang".to_owned(),
        person: "张三".to_owned(),
        role: Role::County,
        unit: UnitCode("2201".to_owned()),
        phone: None,
        password_hash: None,
        subject: Some("sub-of-zhang".to_owned()),
    };
    app.store.accounts().add(new, Actor::system(), app.now).await.unwrap();
    app
}

async fn both() -> (Fake, App) {
    let fake = Fake::start(now()).await;
    let app = app_with(settings(&fake.issuer)).await;
    (fake, app)
}

/// What the provider sends a browser back with, as a path of this site.
async fn at_provider(address: &str) -> String {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let answer = client.get(address).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 302);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    location.strip_prefix(SITE).unwrap().to_owned()
}

async fn begin(app: &App, browser: &mut Browser, path: &str) -> String {
    let there = browser.get(app, path).await;
    assert_eq!(there.status, StatusCode::SEE_OTHER, "{}", there.text);
    at_provider(there.location()).await
}

/// There and back.
async fn sign_in(app: &App, browser: &mut Browser) -> Answer {
    let back = begin(app, browser, "/sign-in/city").await;
    browser.get(app, &back).await
}

async fn is_in(app: &App, browser: &mut Browser) -> bool {
    browser.get(app, "/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn whoever_the_provider_knows_comes_in_and_goes_on_to_where_he_wanted() {
    let (fake, app) = both().await;
    let mut browser = Browser::default();
    let page = browser.get(&app, "/sign-in?next=%2Fstatus%3Flang%3Den").await;
    assert!(page.text.contains("href=\"/sign-in/city?next=%2Fstatus%3Flang%3Den\""), "{}", page.text);
    assert!(page.text.contains("用市统一身份认证登录"));
    let back = begin(&app, &mut browser, "/sign-in/city?next=%2Fstatus%3Flang%3Den").await;
    let answer = browser.get(&app, &back).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/status?lang=en"), "{}", answer.text);
    let own = browser.get(&app, "/account").await;
    assert!(own.text.contains("张三") && own.text.contains("统一认证"), "{}", own.text);
    // Nobody is led to another site, and what the provider said of itself is not asked for again.
    let back = begin(&app, &mut browser, "/sign-in/city?next=%2F%2Fevil.example").await;
    assert_eq!(browser.get(&app, &back).await.location(), "/");
    assert_eq!((fake.asked("description"), fake.asked("keys"), fake.asked("token")), (1, 1, 2));
}

#[tokio::test]
async fn the_button_says_what_people_call_it_and_is_not_there_without_a_provider() {
    let named = app_with(Settings { name: "鹤城通".to_owned(), ..settings("http://127.0.0.1:9") }).await;
    assert!(Browser::default().get(&named, "/sign-in").await.text.contains("用“鹤城通”登录"));
    let without = App::usual().await;
    assert!(!Browser::default().get(&without, "/sign-in").await.text.contains("/sign-in/city"));
    for path in ["/sign-in/city", "/sign-in/city/back?code=x&state=y"] {
        assert_eq!(Browser::default().get(&without, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Makes the provider lie in one point.
type Lie = fn(&mut provider::Mood);

#[tokio::test]
async fn a_token_that_proves_nothing_opens_nothing() {
    let (fake, app) = both().await;
    let truth = |fake: &Fake| {
        let key = fake.key.clone();
        let mood = &mut fake.inside().mood;
        (mood.nonce, mood.audience, mood.issuer, mood.lasts, mood.signed) = (None, CLIENT, None, 300, Signed::By(key));
    };
    let lies: [(&str, Lie); 7] = [
        ("the nonce of another sign-in", |mood| mood.nonce = Some("another")),
        ("for another client", |mood| mood.audience = "another"),
        ("of another issuer", |mood| mood.issuer = Some("https://another.example")),
        ("expired", |mood| mood.lasts = -1),
        ("a key that only claims to be the published one", |mood| mood.signed = Signed::By(Key::new("one"))),
        ("a key that nobody published", |mood| mood.signed = Signed::By(Key::new("other"))),
        ("no signature", |mood| mood.signed = Signed::Not),
    ];
    for (what, lie) in lies {
        truth(&fake);
        lie(&mut fake.inside().mood);
        let mut browser = Browser::default();
        let answer = sign_in(&app, &mut browser).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{what}: {}", answer.text);
        assert!(answer.text.contains("没有登录任何账号"), "{what}: {}", answer.text);
        assert!(!is_in(&app, &mut browser).await, "{what}");
    }
    truth(&fake);
    assert_eq!(sign_in(&app, &mut Browser::default()).await.status, StatusCode::SEE_OTHER, "the truth still opens");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_asked_for_once() {
    let (fake, app) = both().await;
    assert_eq!(sign_in(&app, &mut Browser::default()).await.status, StatusCode::SEE_OTHER);
    let new = Key::new("two");
    {
        let mood = &mut fake.inside().mood;
        (mood.signed, mood.published) = (Signed::By(new.clone()), vec![new]);
    }
    for _ in 0..2 {
        assert_eq!(sign_in(&app, &mut Browser::default()).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!((fake.asked("description"), fake.asked("keys")), (1, 2));
}

#[tokio::test]
async fn an_answer_works_once_and_only_in_the_browser_that_asked() {
    let (fake, app) = both().await;
    let (mut own, mut other) = (Browser::default(), Browser::default());
    let back = begin(&app, &mut own, "/sign-in/city").await;
    for browser in [&mut other, &mut Browser::default()] {
        let answer = browser.get(&app, &back).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text.contains("同一浏览器"));
        assert!(!is_in(&app, browser).await);
    }
    // Also not in one that began a sign-in of its own: that would bring people into an account of somebody else.
    begin(&app, &mut other, "/sign-in/city").await;
    assert_eq!(other.get(&app, &back).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(fake.asked("token"), 0, "the provider is not even asked");

    let kept = own.clone();
    assert_eq!(own.get(&app, &back).await.status, StatusCode::SEE_OTHER);
    assert!(is_in(&app, &mut own).await);
    assert_eq!(own.get(&app, &back).await.status, StatusCode::BAD_REQUEST, "the cookie is gone");
    // A browser that kept its cookies all the same is refused by the provider: the code was used.
    let mut replay = kept;
    let answer = replay.get(&app, &back).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("已使用或已过期"), "{}", answer.text);
    assert!(!is_in(&app, &mut replay).await);
}

#[tokio::test]
async fn an_answer_must_name_this_provider_if_it_names_one() {
    let (fake, app) = both().await;
    let mut browser = Browser::default();
    let back = begin(&app, &mut browser, "/sign-in/city").await;
    assert_eq!(browser.get(&app, &format!("{back}&iss=https://another.example")).await.status, StatusCode::BAD_REQUEST);
    let back = begin(&app, &mut browser, "/sign-in/city").await;
    let named = browser.get(&app, &format!("{back}&iss={}", fake.issuer)).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text);
}

#[tokio::test]
async fn whoever_cancels_or_is_refused_there_is_told_what_to_do() {
    let (fake, app) = both().await;
    fake.inside().mood.denies = Some("access_denied");
    let mut browser = Browser::default();
    let answer = sign_in(&app, &mut browser).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer.text.contains("统一身份认证没有放行") && answer.text.contains("href=\"/sign-in\""),
        "{}",
        answer.text
    );
    assert!(!is_in(&app, &mut browser).await);
    assert_eq!(fake.asked("token"), 0);
}

#[tokio::test]
async fn somebody_without_an_account_learns_what_to_tell_the_administrator() {
    let (fake, app) = both().await;
    fake.inside().mood.subject = "sub-<b>of</b>-wang";
    let mut browser = Browser::default();
    let answer = sign_in(&app, &mut browser).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("没有登录任何账号") && answer.text.contains("--subject"), "{}", answer.text);
    assert!(answer.text.contains("sub-&#60;b&#62;of&#60;/b&#62;-wang"), "{}", answer.text);
    assert!(!is_in(&app, &mut browser).await);
}

#[tokio::test]
async fn a_disabled_account_stays_out() {
    let (_fake, app) = both().await;
    app.store.accounts().change("zhang", AccountChange::Disable, Actor::system(), app.now).await.unwrap();
    let mut browser = Browser::default();
    let answer = sign_in(&app, &mut browser).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("您的账号已停用"), "{}", answer.text);
    assert!(!is_in(&app, &mut browser).await);
}

#[tokio::test]
async fn a_provider_that_is_down_before_or_between_leaves_the_other_ways_in() {
    let (mut fake, app) = both().await;
    let mut browser = Browser::default();
    let back = begin(&app, &mut browser, "/sign-in/city").await;
    fake.stop().await;
    let answer = browser.get(&app, &back).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("暂时没有响应") && answer.text.contains("密码"), "{}", answer.text);
    assert!(!is_in(&app, &mut browser).await);

    let never_there = app_with(settings(&fake.issuer)).await;
    let answer = Browser::default().get(&never_there, "/sign-in/city?lang=en").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("does not answer"), "{}", answer.text);
    let page = Browser::default().get(&never_there, "/sign-in").await;
    assert_eq!(page.status, StatusCode::OK, "passwords still work");
}

#[tokio::test]
async fn a_provider_that_never_answers_is_not_waited_for() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let app = app_with(Settings { longest_wait: Duration::from_millis(200), ..settings(&issuer) }).await;
    let answer = Browser::default().get(&app, "/sign-in/city").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("暂时没有响应"), "{}", answer.text);
}

#[tokio::test]
async fn a_wrong_secret_is_the_operators_business() {
    let fake = Fake::start(now()).await;
    let app = app_with(Settings { secret: Secret::from_text("another"), ..settings(&fake.issuer) }).await;
    let mut browser = Browser::default();
    let answer = sign_in(&app, &mut browser).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("告诉运维人员"), "{}", answer.text);
}

#[tokio::test]
async fn odd_answers_are_logged_once_without_anything_secret() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut read = 0;
    let (fake, app) = both().await;
    let echo = format!("canary-{SECRET}");
    let odd = [
        (StatusCode::OK, json!({ "access_token": echo, "token_type": "Bearer" })),
        (StatusCode::OK, json!({ "access_token": echo, "token_type": "Bearer", "id_token": echo })),
        (StatusCode::OK, json!([echo])),
        (StatusCode::BAD_REQUEST, json!({ "error": echo, "error_description": echo })),
        (StatusCode::BAD_REQUEST, json!({ "message": echo })),
        (StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": echo })),
        (StatusCode::OK, json!({ "access_token": echo.repeat(40_000) })),
    ];
    let writer = Arc::new(log.reopen().unwrap());
    let subscriber = tracing_subscriber::fmt().with_writer(writer).with_max_level(tracing::Level::INFO).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    for (status, answer) in odd {
        fake.inside().mood.token_answer = Some((status, answer));
        let page = sign_in(&app, &mut Browser::default()).await;
        let all = std::fs::read_to_string(log.path()).unwrap();
        let said = all[read..].to_owned();
        read = all.len();
        let shown = said.lines().filter(|line| line.contains("the city's sign-on: ")).count();
        assert_eq!((page.status, shown), (StatusCode::BAD_GATEWAY, 1), "{said}");
        for text in [&said, &page.text] {
            assert!(
                !text.contains("canary")
                    && !text.contains("heron")
                    && !text.contains("code-")
                    && !text.contains("state="),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_names_itself_or_its_addresses_otherwise_is_not_asked() {
    let fake = Fake::start(now()).await;
    let app = app_with(settings(&format!("{}/", fake.issuer))).await;
    let answer = Browser::default().get(&app, "/sign-in/city").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.text);

    fake.inside().mood.token_address = Some("http://sso.example.cn/token");
    let app = app_with(settings(&fake.issuer)).await;
    let answer = sign_in(&app, &mut Browser::default()).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.text);
}

#[test]
fn everything_that_is_wrong_with_the_section_is_said_at_once() {
    let faults = |section: &str| -> Vec<String> {
        match firegrid::config::load::parse("firegrid.toml", section) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(ToString::to_string).collect(),
        }
    };
    let web = "[web]\npublic_url = \"https://fire.example.cn\"\ntrusted_proxies = [\"10.0.0.5\"]\n";
    let whole = "[sign_on]\nissuer = \"https://sso.example.cn\"\nclient_id = \"firegrid\"\nkey = \"heron-61\"\n";
    assert_eq!(faults(&format!("{web}{whole}")), [] as [&str; 0]);
    let found = faults("[sign_on]\nissuer = \"http://sso.example.cn\"\nkey = \"heron-61\"\nkey_file = \"/x\"\n");
    let places = ["sign_on.issuer", "sign_on.client_id", "sign_on.key_file", "sign_on: needs web.public_url"];
    assert_eq!(found.len(), places.len(), "{found:#?}");
    for (place, fault) in places.iter().zip(&found) {
        assert!(fault.contains(place) && !fault.contains("heron"), "{place}: {fault}");
    }
    let unknown = faults(&format!("{web}{whole}secret = \"heron-61\"\n"));
    assert!(unknown.len() == 1 && unknown[0].contains("unknown key \"secret\""), "{unknown:?}");
}
