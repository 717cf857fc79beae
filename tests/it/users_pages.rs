//! Pages of accounts: who sees and may do what to whom; personal links that work once; ended devices are out.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};

use crate::office_plans::{As, encoded};
use crate::pages::{App, text_of};
use firegrid::store::SignIn;

async fn people() -> App {
    App::with_every_role("zhang").await
}

/// The secret of the link that a page shows.
pub fn secret_of(page: &str) -> String {
    let start = page.find("/l/").expect("a link") + 3;
    page[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

impl App {
    /// A form as a browser sends it whose person has just come in: what lets others in, no token does.
    pub async fn submit_in(&self, name: &str, path: &str, form: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let secret = firegrid::credentials::new_secret().unwrap();
        let session = firegrid::store::NewSession {
            secret_hash: firegrid::credentials::digest(&secret),
            account_id: self.store.accounts().find(name).await.unwrap().id,
            how: firegrid::store::SignInMethod::Link,
            device: "a browser".to_owned(),
            address: "127.0.0.1".to_owned(),
            stay: firegrid::web::AccountRules::default().office,
            device_hash: None,
            known_as: None,
            replaces: None,
        };
        self.store.accounts().sign_in(SignIn::Proved, session, self.now).await.unwrap();
        let request = Request::post(path)
            .header(header::COOKIE, format!("firegrid={secret}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, page) = self.ask_as_is(request.body(Body::from(encoded(form))).unwrap()).await;
        (status, headers, String::from_utf8(page).unwrap())
    }

    async fn make_link(&self, who: As, name: &str) -> (StatusCode, String) {
        let who = if who.0 == crate::pages::TOKEN { "office" } else { who.0 };
        let (status, headers, page) = self.submit_in(who, &format!("/users/{name}/acts"), &[("act", "link")]).await;
        if status == StatusCode::OK {
            assert_eq!(headers[header::CACHE_CONTROL], "no-store", "a secret is kept nowhere");
        }
        (status, page)
    }

    /// Uses a link as a browser does; the cookie of the session it gives.
    async fn use_link(&self, secret: &str) -> (StatusCode, Option<String>) {
        let request = Request::post(format!("/l/{secret}")).header("sec-fetch-site", "same-origin");
        let (status, headers, _) = self.ask_as_is(request.body(Body::empty()).unwrap()).await;
        let cookies = headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let session = cookies.filter_map(|text| text.split(';').next()).find(|text| text.starts_with("firegrid="));
        (status, session.map(str::to_owned))
    }

    async fn is_in(&self, cookie: &str) -> bool {
        let request = Request::get("/account").header(header::COOKIE, cookie);
        self.ask_as_is(request.body(Body::empty()).unwrap()).await.0 == StatusCode::OK
    }
}

#[tokio::test]
async fn a_link_made_on_the_page_lets_in_once_and_a_new_one_makes_the_old_one_void() {
    let app = people().await;
    let (status, page) = app.make_link(As("town"), "zhang").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(
        page.contains("<svg") && page.contains("<textarea id=\"address\"") && !page.contains("<?xml"),
        "QR code and copy field"
    );
    let first = secret_of(&page);
    let second = secret_of(&app.make_link(As("county"), "zhang").await.1);
    assert_ne!(first, second);
    assert_eq!(app.use_link(&first).await.1, None, "the old one is void");
    let (status, cookie) = app.use_link(&second).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let cookie = cookie.expect("a session");
    assert!(app.is_in(&cookie).await);
    assert_eq!(app.use_link(&second).await.1, None, "once");
    let shown = app.look(As("town"), "/users/zhang").await.1;
    assert!(!shown.contains(&second) && shown.contains("个人链接"), "shown once; the device is listed");
}

#[tokio::test]
async fn desks_let_in_only_inspectors_and_villages_of_their_own_ground() {
    let app = people().await;
    for (who, name, expected) in [
        ("town", "zhang", StatusCode::OK),
        ("county", "zhang", StatusCode::OK),
        ("office", "zhang", StatusCode::OK),
        ("admin", "zhang", StatusCode::OK),
        ("admin", "county", StatusCode::OK),
        ("neighbour", "zhang", StatusCode::NOT_FOUND),
        ("town", "county", StatusCode::NOT_FOUND),
        ("town", "town", StatusCode::FORBIDDEN),
        ("county", "town", StatusCode::FORBIDDEN),
        ("viewer", "zhang", StatusCode::FORBIDDEN),
        ("zhang", "zhang", StatusCode::FORBIDDEN),
    ] {
        let who = if who == "office" { As(crate::pages::TOKEN) } else { As(who) };
        assert_eq!(app.make_link(who, name).await.0, expected, "{} for {name}", who.0);
    }
    for act in ["password", "disable", "enable", "token", "end_token"] {
        let form = [
            ("act", act),
            ("password", "tidal-marsh-crane-61"),
            ("label", "x"),
            ("power", "read"),
            ("days", "1"),
            ("token", "1"),
        ];
        let (status, _, page) = app.submit(As("county"), "/users/zhang/acts", &form).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{act}: {page}");
    }
    let list = text_of(&app.look(As("town"), "/users").await.1);
    assert!(list.contains("zhang某") && !list.contains("county某") && !list.contains("neighbour某"), "{list}");
    let all = text_of(&app.look(As("admin"), "/users").await.1);
    assert!(["zhang", "county", "neighbour", "office"].iter().all(|name| all.contains(&format!("{name}某"))), "{all}");
    assert_eq!(app.look(As("viewer"), "/users").await.0, StatusCode::FORBIDDEN);
    assert_eq!(app.look(As("town"), "/users/county").await.0, StatusCode::NOT_FOUND);
    assert_eq!(app.look(As("county"), "/users/new").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_ended_device_and_a_disabled_account_are_out_at_once_and_it_stands_in_the_log() {
    let app = people().await;
    let enter = async || {
        let secret = secret_of(&app.make_link(As("admin"), "zhang").await.1);
        app.use_link(&secret).await.1.unwrap()
    };
    let (one, other) = (enter().await, enter().await);
    let page = app.look(As("town"), "/users/zhang").await.1;
    let sessions: Vec<_> = page
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(sessions.len(), 2, "{page}");
    let form = [("act", "end_device"), ("session", sessions[0].as_str())];
    assert_eq!(app.submit(As("town"), "/users/zhang/acts", &form).await.0, StatusCode::SEE_OTHER);
    assert_eq!([app.is_in(&one).await, app.is_in(&other).await].into_iter().filter(|is_in| *is_in).count(), 1);
    let pending = secret_of(&app.make_link(As("admin"), "zhang").await.1);
    assert_eq!(app.submit(As("admin"), "/users/zhang/acts", &[("act", "disable")]).await.0, StatusCode::SEE_OTHER);
    assert!(!app.is_in(&one).await && !app.is_in(&other).await);
    assert_eq!(app.use_link(&pending).await.1, None, "its links are void");
    let (status, page) = app.make_link(As("admin"), "zhang").await;
    assert!(status == StatusCode::FORBIDDEN && text_of(&page).contains("账号“zhang”已停用"), "{status} {page}");
    assert_eq!(app.submit(As("admin"), "/users/zhang/acts", &[("act", "enable")]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(app.make_link(As("admin"), "zhang").await.0, StatusCode::OK);
    let (status, _, page) = app.submit(As("admin"), "/users/admin/acts", &[("act", "disable")]).await;
    assert!(status == StatusCode::CONFLICT && text_of(&page).contains("最后一个管理员"), "{page}");
    let log = text_of(&app.look(As("admin"), "/audit?subject=zhang").await.1);
    for what in ["生成个人登录链接", "让设备退出", "停用账号", "启用账号"] {
        assert!(log.contains(what), "{what}: {log}");
    }
}

#[tokio::test]
async fn the_administrator_makes_an_account_once_and_is_told_what_does_not_fit() {
    let app = people().await;
    let form = |name: &'static str, role: &'static str, unit: &'static str, password: &'static str| {
        [
            ("name", name),
            ("person", "王<b>五"),
            ("role", role),
            ("unit", unit),
            ("phone", "0436"),
            ("password", password),
        ]
    };
    let new = |form: [(&'static str, &'static str); 6]| {
        let app = &app;
        async move { app.submit_in("admin", "/users/new", &form).await }
    };
    let (status, headers, page) = new(form("Wang.Wu", "township", "220101", "tidal-marsh-crane-61")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert_eq!(headers[header::LOCATION], "/users/wang.wu?done=added");
    for (form, why) in [
        (form("wang.wu", "township", "220101", ""), "登录名“wang.wu”已被使用"),
        (form("a", "township", "220101", ""), "登录名“a”无效"),
        (form("li", "township", "2201", ""), "乡镇级账号不能属于"),
        (form("li", "township", "nowhere", ""), "本区域没有单位nowhere"),
        (form("li", "township", "220101", "12345678"), "密码太容易被猜到"),
        (form("li", "king", "220101", ""), "请选择角色"),
    ] {
        let (status, _, page) = new(form).await;
        assert!(status.is_client_error(), "{why}: {status}");
        assert!(text_of(&page).contains(why), "{why}: {}", text_of(&page));
        assert!(
            page.contains("王&#60;b&#62;五") && !page.contains("12345678"),
            "what was typed stands there, but no password"
        );
    }
    let page = app.look(As("admin"), "/users/wang.wu").await.1;
    assert!(page.contains("王&#60;b&#62;五") && page.contains("已设置") && !page.contains("<b>五"));
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_ends() {
    let app = people().await;
    let form = [("act", "token"), ("label", "气象局"), ("power", "read"), ("days", "30")];
    assert_eq!(app.submit(As("admin"), "/users/county/acts", &form).await.0, StatusCode::FORBIDDEN, "by no token");
    let (status, headers, page) = app.submit_in("admin", "/users/county/acts", &form).await;
    assert_eq!(
        (status, &headers[header::CACHE_CONTROL]),
        (StatusCode::OK, &header::HeaderValue::from_static("no-store"))
    );
    let secret =
        page.split("id=\"secret\"").nth(1).unwrap().split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    let reads = async || {
        let request = Request::get("/api/v1/plans").header(header::AUTHORIZATION, format!("Bearer {secret}"));
        app.ask_as_is(request.body(Body::empty()).unwrap()).await.0
    };
    assert_eq!(reads().await, StatusCode::OK);
    let page = app.look(As("admin"), "/users/county").await.1;
    assert!(page.contains("气象局") && !page.contains(&secret));
    let ids: Vec<_> =
        page.split("name=\"token\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let ended = app.submit(As("admin"), "/users/county/acts", &[("act", "end_token"), ("token", ids[0])]).await.0;
    assert_eq!((ended, reads().await), (StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED));
    let (status, _, page) = app
        .submit_in(
            "admin",
            "/users/county/acts",
            &[("act", "token"), ("label", "x"), ("power", "read"), ("days", "999")],
        )
        .await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("1至366天"), "{page}");
}
