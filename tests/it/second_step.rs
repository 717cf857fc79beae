//! The second step of signing in, and proving who one is before making what lets others in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::StatusCode;
use firegrid::credentials;
use firegrid::credentials::second_step::Authenticator;
use firegrid::domain::account::Role;
use firegrid::domain::actor::Actor;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::store::{AccountChange, NewAccount};
use firegrid::web::AccountRules;

use crate::accounts::{Answer, Browser, PASSWORD, app_with};
use crate::pages::{App, Setting};

const START: &str = "2026-04-13T05:00:00Z";

/// An app whose clock goes as it is told, asking the city's accounts for a second step.
struct Office {
    app: App,
    secs: Arc<AtomicI64>,
}

impl Office {
    async fn start() -> Self {
        let secs = Arc::new(AtomicI64::new(0));
        let (start, elapsed): (Timestamp, _) = (START.parse().unwrap(), secs.clone());
        let clock = Arc::new(move || start + SignedDuration::from_secs(elapsed.load(Ordering::SeqCst)));
        let account_rules = AccountRules { second_step: vec![Role::City, Role::Admin], ..AccountRules::default() };
        let app = app_with(Setting { clock: Some(clock), account_rules, ..Setting::default() }).await;
        for (name, role) in [("mayor", Role::City), ("root", Role::Admin)] {
            let new = NewAccount {
                name: name.to_owned(),
                person: format!("{name}某"),
                role,
                unit: app.ground.top().unwrap().code.clone(),
                phone: None,
                password_hash: Some(credentials::hash_password(PASSWORD).unwrap()),
                subject: None,
            };
            app.store.accounts().add(new, Actor::system(), app.now).await.unwrap();
        }
        Self { app, secs }
    }

    fn pass(&self, secs: i64) {
        self.secs.fetch_add(secs, Ordering::SeqCst);
    }

    fn at(&self) -> u64 {
        let start: Timestamp = START.parse().unwrap();
        u64::try_from(start.as_second() + self.secs.load(Ordering::SeqCst)).unwrap()
    }

    /// Signs in and sets the second step up; the authenticator and the recovery codes.
    async fn set_up(&self, browser: &mut Browser, name: &str) -> (Authenticator, Vec<String>) {
        browser.sign_in(&self.app, name, PASSWORD).await;
        let page = browser.get(&self.app, "/account/second-step").await;
        let secret = field(&page, "secret");
        let authenticator = Authenticator::of(&secret).unwrap();
        let code = authenticator.code(self.at());
        let form = [("act", "set"), ("secret", secret.as_str()), ("code", code.as_str())];
        let done = browser.post(&self.app, "/account/second-step", &form).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(done.headers["cache-control"], "no-store");
        let codes = done.text.split_once("data-copy>").unwrap().1.split_once("</textarea>").unwrap().0;
        (authenticator, codes.split_whitespace().map(str::to_owned).collect())
    }

    /// Types the password; what the form of the code brings back.
    async fn first_step(&self, browser: &mut Browser, name: &str) -> String {
        let asked = browser.sign_in(&self.app, name, PASSWORD).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text.contains("action=\"/sign-in/code"), "{}", asked.text);
        field(&asked, "step")
    }

    async fn type_code(&self, browser: &mut Browser, step: &str, code: &str) -> Answer {
        browser.post(&self.app, "/sign-in/code", &[("step", step), ("code", code)]).await
    }
}

/// The value of a hidden field.
fn field(page: &Answer, name: &str) -> String {
    let (_, rest) = page.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn an_account_of_the_city_sets_the_second_step_up_before_anything_else() {
    let office = Office::start().await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&office.app, "mayor", PASSWORD).await.status, StatusCode::SEE_OTHER);
    for path in ["/", "/problems", "/account", "/map"] {
        assert_eq!(browser.get(&office.app, path).await.location(), "/account/second-step", "{path}");
    }
    assert_eq!(browser.get(&office.app, "/api/v1/alerts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post(&office.app, "/account/password", &[("new", "x")]).await.status, StatusCode::FORBIDDEN);
    let (_, codes) = office.set_up(&mut browser, "mayor").await;
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get(&office.app, "/problems").await.status, StatusCode::OK);
    let refused = browser.post(&office.app, "/account/second-step", &[("act", "remove")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "it is asked of this role");
    assert_eq!(
        Browser::default().sign_in(&office.app, "zhang", PASSWORD).await.location(),
        "/",
        "a county is not asked"
    );
}

#[tokio::test]
async fn a_code_opens_once_and_neither_password_nor_link_opens_without_one() {
    let office = Office::start().await;
    let mut phone = Browser::default();
    let (authenticator, codes) = office.set_up(&mut phone, "mayor").await;
    let mut thief = Browser::default();
    let step = office.first_step(&mut thief, "mayor").await;
    assert_eq!(thief.get(&office.app, "/problems").await.status, StatusCode::SEE_OTHER, "not in yet");
    let used = authenticator.code(office.at());
    assert_eq!(
        office.type_code(&mut thief, &step, &used).await.status,
        StatusCode::UNAUTHORIZED,
        "it was used to set up"
    );
    office.pass(60);
    let code = authenticator.code(office.at());
    assert_eq!(office.type_code(&mut thief, &step, &code).await.status, StatusCode::SEE_OTHER);
    assert_eq!(thief.get(&office.app, "/problems").await.status, StatusCode::OK);

    let mut other = Browser::default();
    let step = office.first_step(&mut other, "mayor").await;
    assert_eq!(
        office.type_code(&mut other, &step, &code).await.status,
        StatusCode::UNAUTHORIZED,
        "seen over a shoulder"
    );
    let recovery = codes[3].to_uppercase();
    assert_eq!(office.type_code(&mut other, &step, &recovery).await.status, StatusCode::SEE_OTHER);
    let step = office.first_step(&mut Browser::default(), "mayor").await;
    assert_eq!(
        office.type_code(&mut other, &step, &recovery).await.status,
        StatusCode::UNAUTHORIZED,
        "each works once"
    );

    let secret = credentials::new_secret().unwrap();
    let expires = office.app.now + SignedDuration::from_hours(1);
    office
        .app
        .store
        .accounts()
        .change(
            "mayor",
            AccountChange::Link { secret_hash: credentials::digest(&secret), expires },
            Actor::system(),
            office.app.now,
        )
        .await
        .unwrap();
    let mut by_link = Browser::default();
    let asked = by_link.post(&office.app, &format!("/l/{secret}"), &[]).await;
    assert!(asked.text.contains("/sign-in/code"), "a link alone does not open either");
    assert_eq!(by_link.get(&office.app, "/problems").await.status, StatusCode::SEE_OTHER);
    office.pass(60);
    let code = authenticator.code(office.at());
    assert_eq!(office.type_code(&mut by_link, &field(&asked, "step"), &code).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn five_wrong_codes_or_five_minutes_end_the_first_step() {
    let office = Office::start().await;
    let mut phone = Browser::default();
    let (authenticator, _) = office.set_up(&mut phone, "mayor").await;
    office.pass(60);
    // From the known browser, which is slowed down later than a stranger.
    let step = office.first_step(&mut phone, "mayor").await;
    for _ in 0..5 {
        assert_eq!(office.type_code(&mut phone, &step, "000000").await.status, StatusCode::UNAUTHORIZED);
    }
    let over = office.type_code(&mut phone, &step, &authenticator.code(office.at())).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    assert!(over.text.contains("请重新登录"), "{}", over.text);
    office.pass(60);
    let late = office.first_step(&mut phone, "mayor").await;
    office.pass(301);
    assert_eq!(
        office.type_code(&mut phone, &late, &authenticator.code(office.at())).await.status,
        StatusCode::UNAUTHORIZED
    );

    let mut stranger = Browser::default();
    let step = office.first_step(&mut stranger, "mayor").await;
    for _ in 0..5 {
        office.type_code(&mut stranger, &step, "000000").await;
    }
    assert_eq!(stranger.sign_in(&office.app, "mayor", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn what_lets_others_in_asks_for_the_own_password_again_after_ten_minutes() {
    let office = Office::start().await;
    let mut root = Browser::default();
    office.set_up(&mut root, "root").await;
    let (link, acts) = ([("act", "link")], "/users/cell/acts");
    assert_eq!(root.post(&office.app, acts, &link).await.status, StatusCode::OK, "just came in");
    office.pass(601);
    let admin = [("name", "second"), ("person", "李四"), ("role", "admin"), ("unit", "22")];
    let token = [("act", "token"), ("label", "map"), ("power", "read"), ("days", "9")];
    let asked = root.get(&office.app, "/users/cell").await;
    assert!(asked.text.contains("name=\"own_password\""), "the form asks for it");
    for (path, form) in [(acts, &link[..]), (acts, &token[..]), ("/users/new", &admin[..])] {
        assert_eq!(
            root.post(&office.app, path, form).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {form:?}"
        );
        let wrong = [form, &[("own_password", "a guess")]].concat();
        assert_eq!(
            root.post(&office.app, path, &wrong).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {form:?}"
        );
    }
    let inspector = [("name", "third"), ("person", "王五"), ("role", "inspector"), ("unit", "220101001")];
    assert_eq!(
        root.post(&office.app, "/users/new", &inspector).await.status,
        StatusCode::SEE_OTHER,
        "lets nobody rule"
    );
    let right = [&admin[..], &[("own_password", PASSWORD)]].concat();
    assert_eq!(root.post(&office.app, "/users/new", &right).await.status, StatusCode::SEE_OTHER);
    assert_eq!(root.post(&office.app, acts, &token).await.status, StatusCode::OK, "proved for ten minutes");
}

#[tokio::test]
async fn a_sign_in_ends_the_session_it_replaces_and_takes_over_no_secret_that_was_in_the_browser() {
    let office = Office::start().await;
    let mut browser = Browser::default();
    browser.sign_in(&office.app, "zhang", PASSWORD).await;
    let first = browser.clone();
    let device =
        |browser: &Browser| browser.cookies.iter().find(|(name, _)| name == "firegrid-device").cloned().unwrap();
    browser.sign_in(&office.app, "zhang", PASSWORD).await;
    assert_eq!(first.clone().get(&office.app, "/problems").await.status, StatusCode::SEE_OTHER, "the old one is over");
    assert_eq!(browser.get(&office.app, "/problems").await.status, StatusCode::OK);
    assert_ne!(device(&first), device(&browser));

    // Who put a secret of his own into the browser is no known device by it afterwards.
    let mut planter = Browser { cookies: vec![device(&first)] };
    for _ in 0..5 {
        planter.post(&office.app, "/sign-in", &[("name", "zhang"), ("password", "guess")]).await;
        planter.cookies = vec![device(&first)];
    }
    assert_eq!(planter.sign_in(&office.app, "zhang", "guess").await.status, StatusCode::TOO_MANY_REQUESTS);

    let mut elsewhere = Browser { cookies: vec![device(&browser)] };
    assert_eq!(elsewhere.sign_in(&office.app, "zhang", "guess").await.status, StatusCode::UNAUTHORIZED, "known");
    let mut at_home =
        Browser { cookies: browser.cookies.iter().filter(|(name, _)| name != "firegrid-device").cloned().collect() };
    assert_eq!(at_home.post(&office.app, "/account/browsers", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        elsewhere.sign_in(&office.app, "zhang", PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "forgotten"
    );
}

#[tokio::test]
async fn tokens_are_on_the_own_page_and_a_new_password_lists_those_that_go_on() {
    let office = Office::start().await;
    crate::pages::add_token(
        &office.app.store,
        "zhang",
        "a secret of a program",
        firegrid::domain::account::TokenPower::Read,
        office.app.now,
    )
    .await;
    let mut browser = Browser::default();
    browser.sign_in(&office.app, "zhang", PASSWORD).await;
    let form = [("present", PASSWORD), ("new", "quiet-otter-lamp-77")];
    let changed = browser.post(&office.app, "/account/password", &form).await;
    let page = browser.get(&office.app, changed.location()).await;
    assert!(page.text.contains("下列访问令牌仍然有效"), "{}", page.text);
    let token = field(&page, "token");
    assert_eq!(browser.post(&office.app, "/account/tokens", &[("token", &token)]).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get(&office.app, "/account").await.text.contains("停用此令牌"));
}

#[tokio::test]
async fn what_somebody_does_to_his_own_account_stands_in_the_log_with_account_and_session() {
    let office = Office::start().await;
    let mut phone = Browser::default();
    let (_, codes) = office.set_up(&mut phone, "mayor").await;
    let mut other = Browser::default();
    let step = office.first_step(&mut other, "mayor").await;
    office.type_code(&mut other, &step, &codes[0]).await;
    other.post(&office.app, "/account/browsers", &[]).await;
    other.sign_in(&office.app, "zhang", PASSWORD).await;
    let db = rusqlite::Connection::open(office.app.store.path()).unwrap();
    let through = |kind: &str| -> (String, String) {
        let select = "SELECT account, access FROM events WHERE kind = ?1";
        db.query_row(select, [kind], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    for (kind, account) in [
        ("second_step_set", "mayor"),
        ("recovery_code_used", "mayor"),
        ("browsers_forgotten", "mayor"),
        // Whoever came in after him in the same browser ended it.
        ("session_ended", "zhang"),
    ] {
        let (by, access) = through(kind);
        assert!(by == account && access.starts_with("session "), "{kind}: {by} {access}");
    }
}
