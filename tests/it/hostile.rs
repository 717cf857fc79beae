//! Insiders and found phones: guessing by many at once, what a phone kept for another, photos and events of others.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::accounts::{Browser, PASSWORD, app};
use crate::act_forms::JPEG;
use crate::harness::complainant_of;
use crate::pages::{App, add_token, text_of};

/// A city with an inspector of each of two counties.
async fn neighbours() -> App {
    let app = App::usual().await;
    app.account("cell", Role::Inspector, "220101001").await;
    app.account("other", Role::Inspector, "2202").await;
    app
}

/// A report of a fire that its finder put out, on the ground of the second county.
const PUT_OUT: [(&str, &str); 4] = [("kind", "straw"), ("is_out", "yes"), ("lon", "123.2"), ("lat", "45.7")];

#[tokio::test]
async fn an_inspector_of_a_whole_county_decides_no_more_than_one_of_a_cell() {
    let app = App::usual().await;
    app.account("field", Role::Inspector, "2201").await;
    let number = app.number().await;
    let act = async |body: Value| app.post(&format!("/api/v1/alerts/{number}/acts"), Some("field"), &body).await;
    assert_eq!(act(json!({"act": "call", "whom": "王", "answered": true})).await.0, StatusCode::OK);
    let reassign = act(json!({"act": "reassign", "to": "220101002"})).await;
    assert_eq!(reassign.0, StatusCode::FORBIDDEN, "{}", reassign.1);
    assert!(reassign.1["detail_zh"].as_str().unwrap().contains("网格员账号只办理现场事项"), "{}", reassign.1);
    let plan = json!({
        "plan_id": "P-9", "unit": "220101", "window_start": "2026-04-14T06:00", "window_end": "2026-04-15T18:00",
        "area_mu": 20, "responsible": "李四", "as": "王五@220101",
    });
    assert_eq!(app.post("/api/v1/plans", Some("sesame"), &plan).await.0, StatusCode::CREATED);
    let approve = app.post("/api/v1/plans/P-9/acts", Some("field"), &json!({"act": "approve"})).await;
    assert_eq!(approve.0, StatusCode::FORBIDDEN, "{}", approve.1);
}

#[tokio::test]
async fn passwords_sent_all_at_once_wait_as_if_they_came_one_by_one() {
    let app = app().await;
    let guesses = join_all((0..40).map(|_| {
        let app = &app;
        async move { Browser::default().sign_in(app, "zhang", "guess").await.status }
    }));
    let statuses = guesses.await;
    let tried = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert!((5..=6).contains(&tried), "{tried} were compared");
    assert!(statuses.iter().all(|status| matches!(status.as_u16(), 401 | 429)), "{statuses:?}");
}

#[tokio::test]
async fn a_found_phone_does_not_guess_the_password_on_its_own_page() {
    let app = app().await;
    let mut phone = Browser::default();
    assert_eq!(phone.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let guess = [("present", "guess"), ("new", "another-tidal-marsh-9")];
    for _ in 0..10 {
        assert!(phone.post(&app, "/account/password", &guess).await.text.contains("当前密码不正确"));
    }
    let right = [("present", PASSWORD), ("new", "another-tidal-marsh-9")];
    let waiting = phone.post(&app, "/account/password", &right).await;
    assert!(waiting.text.contains("尝试次数过多"), "even the right one waits: {}", text_of(&waiting.text));
    assert_eq!(phone.get(&app, "/account").await.status, StatusCode::OK, "who is in stays in");
}

#[tokio::test]
async fn a_name_that_is_none_does_not_fill_the_disk() {
    let app = app().await;
    let longer = Browser::default().sign_in(&app, &"q".repeat(100_000), "guess").await;
    assert_eq!(longer.status, StatusCode::UNPROCESSABLE_ENTITY, "no form has such a field, and no password is tried");
    let name = "q".repeat(1_000);
    assert_eq!(Browser::default().sign_in(&app, &name, "guess").await.status, StatusCode::UNAUTHORIZED);
    let files = std::fs::read_dir(app.store.path().parent().unwrap()).unwrap();
    let bytes: Vec<u8> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect();
    assert!(bytes.windows(40).any(|part| part == [b'q'; 40]), "the failure is counted");
    assert!(!bytes.windows(200).any(|part| part == [b'q'; 200]));
}

#[tokio::test]
async fn what_a_phone_kept_for_one_account_is_not_sent_by_the_next() {
    let app = neighbours().await;
    app.account("second", Role::Inspector, "220101001").await;
    let number = app.number().await;
    let page = app.page_as("cell", &format!("/alerts/{number}")).await;
    let id = app.store.accounts().find("cell").await.unwrap().id.to_string();
    assert!(page.contains(&format!("data-account=\"{id}\"")), "the page says whose it is");
    let send = async |who: &str| {
        let request = Request::post(format!("/alerts/{number}/acts"))
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-firegrid-account", &id);
        let (_, headers, _) = app.ask_as_is(request.body(Body::from("act=acknowledge")).unwrap()).await;
        headers[header::LOCATION].to_str().unwrap().to_owned()
    };
    assert!(send("second").await.starts_with("/sign-in"), "somebody else is in by now");
    assert!(send("nobody").await.starts_with("/sign-in"));
    let followed = Request::get("/sign-in").header("x-firegrid-account", &id).body(Body::empty()).unwrap();
    assert_eq!(app.ask_as_is(followed).await.0, StatusCode::OK, "where it is sent is not refused in turn");
    assert!(!text_of(&app.page(&format!("/alerts/{number}")).await).contains("second某"));
    assert!(send("cell").await.starts_with(&format!("/alerts/{number}")), "his own act is taken");
}

#[tokio::test]
async fn a_photo_of_others_is_not_made_ones_own_by_naming_it() {
    let app = neighbours().await;
    let number = app.number().await;
    let report = format!("/alerts/{number}/report");
    let (status, _, body) = app.upload_as("cell", &report, &[("kind", "straw")], &[("a.jpg", &JPEG)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&body));
    let events =
        app.store.whole().alert(&firegrid::domain::alert::AlertNumber(number.clone())).await.unwrap().unwrap().events;
    let reported = events.iter().find(|event| event.kind == "reported").unwrap();
    let hash = reported.detail["finding"]["photos"][0].as_str().unwrap().to_owned();
    let photo = format!("/api/v1/photos/{hash}");
    assert_eq!(app.get_as("other", &photo).await.0, StatusCode::NOT_FOUND);
    let fields: Vec<_> = PUT_OUT.into_iter().chain([("kept_photo", hash.as_str())]).collect();
    let (status, _, body) = app.upload_as("other", "/patrol", &fields, &[]).await;
    assert!(status.is_client_error(), "{status}: {}", text_of(&body));
    assert_eq!(app.get_as("other", &photo).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_photo_that_came_with_a_refused_form_is_still_its_senders() {
    let app = neighbours().await;
    let incomplete = [("kind", "straw"), ("lon", "123.2"), ("lat", "45.7")];
    let (status, _, page) = app.upload_as("other", "/patrol", &incomplete, &[("a.jpg", &JPEG)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let hash = page.split("name=\"kept_photo\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields: Vec<_> = PUT_OUT.into_iter().chain([("kept_photo", hash.as_str())]).collect();
    let (status, _, body) = app.upload_as("other", "/patrol", &fields, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&body));
}

#[tokio::test]
async fn a_form_with_more_photos_than_can_be_taken_keeps_no_more_of_them() {
    let app = neighbours().await;
    let pictures: Vec<_> = (0..24).map(|i| crate::pictures::jpeg(&format!("picture {i}"))).collect();
    let files: Vec<_> = pictures.iter().map(|bytes| ("a.jpg", bytes.as_slice())).collect();
    let (status, _, page) = app.upload_as("other", "/patrol", &PUT_OUT, &files).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text_of(&page).contains("一次最多20张照片"), "{}", text_of(&page));
    let folder = firegrid::media::Photos::beside(app.store.path()).folder().to_owned();
    let is_hash = |name: &std::ffi::OsStr| name.len() == 64;
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let kept = folders
        .flat_map(|path| std::fs::read_dir(path).unwrap())
        .filter(|file| is_hash(&file.as_ref().unwrap().file_name()));
    assert_eq!(kept.count(), 20);
}

#[tokio::test]
async fn an_original_is_kept_by_no_cache() {
    let app = neighbours().await;
    let request = Request::post("/api/v1/photos").header(header::AUTHORIZATION, "Bearer cell");
    let (_, _, body) = app.ask_as_is(request.body(Body::from(JPEG.clone())).unwrap()).await;
    let hash = serde_json::from_slice::<serde_json::Value>(&body).unwrap()["hash"].as_str().unwrap().to_owned();
    let request = Request::get(format!("/api/v1/photos/{hash}/original")).header(header::AUTHORIZATION, "Bearer cell");
    let (status, headers, _) = app.ask_as_is(request.body(Body::empty()).unwrap()).await;
    assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "private, no-store"));
}

#[tokio::test]
async fn how_people_came_in_is_read_by_whoever_keeps_the_accounts_alone() {
    let app = app().await;
    app.account("admin", Role::Admin, "22").await;
    Browser::default().sign_in(&app, "zhang", PASSWORD).await;
    let administrators = app.page_as("admin", "/audit").await;
    assert!(administrators.contains("/users/zhang") && text_of(&administrators).contains("127.0.0.1"));
    for path in ["/audit", "/audit?kind=account", "/audit?subject=zhang"] {
        let page = app.page(path).await;
        assert!(!page.contains("/users/zhang") && !text_of(&page).contains("127.0.0.1"), "{path}");
    }
}

#[tokio::test]
async fn merging_does_not_tell_which_alerts_there_are_elsewhere() {
    let app = App::usual().await;
    app.account("county", Role::County, "2201").await;
    let number = app.number().await;
    let post = async |who: &str, path: &str, body: serde_json::Value| {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {who}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let (status, _, answer) = app.ask_as_is(request.body(Body::from(body.to_string())).unwrap()).await;
        (status, serde_json::from_slice::<serde_json::Value>(&answer).unwrap())
    };
    let place = serde_json::json!({"source": "patrol", "lon": 123.2, "lat": 45.7});
    let (_, added) = post(crate::pages::TOKEN, "/api/v1/alerts", place).await;
    let foreign = added["number"].as_str().unwrap().to_owned();
    assert_eq!(app.get_as("county", &format!("/api/v1/alerts/{foreign}")).await.0, StatusCode::NOT_FOUND);
    let merge = async |into: &str| {
        let body = serde_json::json!({"act": "merge", "into": into});
        let (status, answer) = post("county", &format!("/api/v1/alerts/{number}/acts"), body).await;
        (status, answer["detail_zh"].as_str().unwrap().replace(into, "…"))
    };
    let (there, nowhere) = (merge(&foreign).await, merge("20260413-0999").await);
    assert_eq!((there.0, &there), (StatusCode::UNPROCESSABLE_ENTITY, &nowhere));
}

#[tokio::test]
async fn whoever_complained_is_not_written_over_by_whom_it_is_about() {
    let app = neighbours().await;
    app.account("county", Role::County, "2201").await;
    let complain = async |who: &str, source: &str, name: &str| {
        let body = serde_json::json!({
            "source": source, "lon": 122.7152, "lat": 45.6152, "complainant": {"name": name, "phone": "000-777"}
        });
        let request = Request::post("/api/v1/alerts").header(header::AUTHORIZATION, format!("Bearer {who}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        app.ask_as_is(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let (status, _, answer) = complain(crate::pages::TOKEN, "complaint", "钱某某").await;
    assert_eq!(status, StatusCode::OK, "a satellite saw it before");
    let number = serde_json::from_slice::<serde_json::Value>(&answer).unwrap()["number"].as_str().unwrap().to_owned();
    for source in ["patrol", "complaint"] {
        assert_eq!(complain("cell", source, "无此人").await.0, StatusCode::FORBIDDEN, "{source}");
    }
    assert_eq!(complain("county", "complaint", "孙某").await.0, StatusCode::OK, "it is the same fire");
    let number = firegrid::domain::alert::AlertNumber(number);
    let who = complainant_of(&app.store, &number).await;
    assert_eq!(
        (who.name.as_deref(), who.phone.as_ref().map(firegrid::domain::phone::Phone::as_str)),
        (Some("钱某某；孙某"), Some("000-777"))
    );
}

#[tokio::test]
async fn a_token_that_only_reads_puts_no_device_out() {
    let app = app().await;
    let mut phone = Browser::default();
    phone.sign_in(&app, "zhang", PASSWORD).await;
    add_token(&app.store, "zhang", "reads", TokenPower::Read, app.now).await;
    let account = app.store.accounts().find("zhang").await.unwrap();
    let session = app.store.accounts().access(account.id, app.now).await.unwrap().sessions[0].id.to_string();
    let change = [("present", PASSWORD), ("new", "another-tidal-marsh-9")];
    let (status, ..) = app.send_as("reads", "/account/devices", &[("session", &session)]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(app.send_as("reads", "/account/password", &change).await.0, StatusCode::FORBIDDEN);
    assert_eq!(phone.get(&app, "/account").await.status, StatusCode::OK);
}
