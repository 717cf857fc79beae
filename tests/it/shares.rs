//! What one account may use: photos, alerts, imports, decoders, passwords; and that nobody's line stands before another's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::account::Role;
use firegrid::domain::share::Shares;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Photos;
use firegrid::store::Old;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::accounts::{Browser, PASSWORD, app};
use crate::pages::{App, Setting, text_of};
use crate::pictures::{jpeg, png};

/// Two inspectors of one county and one of another, under these shares.
async fn neighbours(shares: Shares) -> Arc<App> {
    let app = App::start(Setting { shares, ..Setting::default() }).await;
    app.account("cell", Role::Inspector, "220101001").await;
    app.account("other", Role::Inspector, "2202").await;
    Arc::new(app)
}

impl App {
    async fn photo_as(&self, who: &str, bytes: Vec<u8>) -> (StatusCode, HeaderMap, Value) {
        let request = Request::post("/api/v1/photos").header(header::AUTHORIZATION, format!("Bearer {who}"));
        let (status, headers, body) = self.ask_as_is(request.body(Body::from(bytes)).unwrap()).await;
        (status, headers, serde_json::from_slice(&body).unwrap())
    }

    async fn begin_as(&self, who: &str, length: usize) -> (StatusCode, HeaderMap) {
        let request = Request::post("/api/v1/uploads").header(header::AUTHORIZATION, format!("Bearer {who}"));
        let request = request.header("tus-resumable", "1.0.0").header("upload-length", length);
        let (status, headers, _) = self.ask_as_is(request.body(Body::empty()).unwrap()).await;
        (status, headers)
    }

    /// The files under `photos/` that are whole originals, and those that are not.
    fn photo_files(&self) -> (Vec<String>, Vec<String>) {
        let mut folders = vec![Photos::beside(self.store.path()).folder().to_owned()];
        let (mut originals, mut others) = (Vec::new(), Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                match (path.is_dir(), name.len() == 64) {
                    (true, _) => folders.push(path),
                    (false, true) => originals.push(name),
                    (false, false) => others.push(name),
                }
            }
        }
        (originals, others)
    }
}

/// A refusal that says in both languages that a share is spent, and when there is room again.
fn is_spent(status: StatusCode, headers: &HeaderMap) -> bool {
    let wait = headers.get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse::<u64>().ok());
    status == StatusCode::TOO_MANY_REQUESTS && wait.is_some_and(|wait| (1..=86_400).contains(&wait))
}

#[tokio::test]
async fn an_account_sends_so_many_photos_a_day_and_the_next_account_is_not_kept_from_it() {
    let app = neighbours(Shares { photos_a_day: 3, ..Shares::default() }).await;
    assert_eq!(app.photo_as("cell", jpeg("1")).await.0, StatusCode::CREATED);
    assert_eq!(app.begin_as("cell", 9000).await.0, StatusCode::CREATED);
    let report = [("kind", "straw"), ("is_out", "yes"), ("lon", "122.715"), ("lat", "45.615")];
    let (status, _, page) = app.upload_as("cell", "/patrol", &report, &[("a.jpg", &jpeg("2"))]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&page));

    let (status, headers, problem) = app.photo_as("cell", jpeg("3")).await;
    assert!(is_spent(status, &headers), "{status} {problem}");
    assert!(problem["detail_zh"].as_str().unwrap().contains("24小时内已上传3张照片"), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("3 photos within 24 hours"), "{problem}");
    let (status, headers) = app.begin_as("cell", 9000).await;
    assert!(is_spent(status, &headers), "{status}");
    let (status, headers, page) = app.upload_as("cell", "/patrol", &report, &[("a.jpg", &jpeg("4"))]).await;
    assert!(is_spent(status, &headers), "{status}");
    assert!(text_of(&page).contains("24小时内已上传3张照片") && page.contains("122.715"), "what was typed stays");
    assert_eq!(app.photo_files().0.len(), 2, "what was refused is not on disk");

    assert_eq!(app.photo_as("other", jpeg("5")).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn the_size_of_the_photos_of_a_day_is_a_share_too_whatever_becomes_of_them() {
    let app = neighbours(Shares { photo_mb_a_day: 1, ..Shares::default() }).await;
    let noise = || (0..300_000).map(|_| fastrand::u8(..)).collect::<Vec<u8>>();
    for _ in 0..3 {
        assert_eq!(app.photo_as("cell", noise()).await.0, StatusCode::UNPROCESSABLE_ENTITY, "no picture");
    }
    let (status, headers, problem) = app.photo_as("cell", noise()).await;
    assert!(is_spent(status, &headers), "{status} {problem}");
    assert!(problem["detail_zh"].as_str().unwrap().contains("1 MB"), "{problem}");
    assert_eq!(app.photo_as("cell", jpeg("small")).await.0, StatusCode::CREATED, "a small one still fits");
    let whole_day = app.begin_as("other", 900_000).await.0;
    assert_eq!(
        (whole_day, app.begin_as("other", 200_000).await.0),
        (StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS)
    );
    let (_, others) = app.photo_files();
    let open: Vec<_> = others.iter().filter(|name| name.contains(".json")).collect();
    assert_eq!(open.len(), 1, "an upload that was refused leaves nothing: {others:?}");
}

#[tokio::test]
async fn a_share_comes_back_when_its_time_is_over_and_outlives_a_restart() {
    let now = Arc::new(std::sync::Mutex::new("2026-04-13T05:00:00Z".parse::<Timestamp>().unwrap()));
    let turned = now.clone();
    let app = App::start(Setting {
        shares: Shares { cases_an_hour: 2, ..Shares::default() },
        clock: Some(Arc::new(move || *turned.lock().unwrap())),
        ..Setting::default()
    })
    .await;
    let bring = async |app: &App| {
        let body = json!({"source": "patrol", "lon": 122.72, "lat": 45.55, "description": "烟"});
        app.post("/api/v1/alerts", Some("sesame"), &body).await
    };
    assert_eq!(bring(&app).await.0, StatusCode::CREATED);
    assert!(bring(&app).await.0.is_success());
    let (status, problem) = bring(&app).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
    assert!(problem["detail_zh"].as_str().unwrap().contains("紧急情况请打电话"), "{problem}");
    let spent = app.store.accounts().find("office").await.unwrap();
    let again = firegrid::store::Store::open(app.store.path()).unwrap();
    let shares = Shares { cases_an_hour: 2, ..Shares::default() };
    let wanted = vec![(firegrid::domain::share::Share::Alerts, 1)];
    let at = *now.lock().unwrap();
    assert!(
        again.accounts().use_shares(spent.id, wanted, shares, at).await.unwrap().is_err(),
        "it stands in the database"
    );
    *now.lock().unwrap() = "2026-04-13T06:06:00Z".parse().unwrap();
    assert!(bring(&app).await.0.is_success());
}

#[tokio::test]
async fn imports_are_a_share_and_only_one_table_is_read_at_once() {
    let app = neighbours(Shares { imports_an_hour: 2, ..Shares::default() }).await;
    app.account("county", Role::County, "2201").await;
    let import = async || {
        let request = Request::post("/api/v1/plans/import?dry_run=true").header(header::AUTHORIZATION, "Bearer county");
        let (status, headers, _) = app.ask_as_is(request.body(Body::from("计划编号\n")).unwrap()).await;
        (status, headers)
    };
    assert_ne!(import().await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(import().await.0, StatusCode::TOO_MANY_REQUESTS);
    let (status, headers) = import().await;
    assert!(is_spent(status, &headers), "{status}");
    assert_eq!(app.photo_files().1, Vec::<String>::new(), "the tables that waited on disk are gone");
}

#[tokio::test]
async fn photos_are_refused_while_the_disk_has_no_more_than_recording_keeps_and_acts_go_on() {
    let app = neighbours(Shares { free_disk_mb: u32::MAX, ..Shares::default() }).await;
    let number = app.number().await;
    let (status, _, problem) = app.photo_as("cell", jpeg("1")).await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(problem["detail_zh"].as_str().unwrap().contains("磁盘空间将满"), "{problem}");
    assert_eq!(app.begin_as("cell", 9000).await.0, StatusCode::INSUFFICIENT_STORAGE);
    let acts = format!("/api/v1/alerts/{number}/acts");
    let (status, answer) = app.post(&acts, Some("cell"), &json!({"act": "acknowledge"})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn sixty_small_photos_of_one_account_do_not_stand_before_the_first_of_another() {
    let app = neighbours(Shares { waiting: 100, ..Shares::default() }).await;
    let done = Arc::new(AtomicUsize::new(0));
    let many: Vec<_> = (0..60)
        .map(|i| {
            let (app, done) = (app.clone(), done.clone());
            tokio::spawn(async move {
                let status = app.photo_as("cell", jpeg(&format!("many {i}"))).await.0;
                done.fetch_add(1, Ordering::Relaxed);
                status
            })
        })
        .collect();
    // All of them stand in line.
    while app.photo_files().1.iter().filter(|name| name.starts_with("body")).count() + done.load(Ordering::Relaxed) < 60
    {
        tokio::task::yield_now().await;
    }
    let before = done.load(Ordering::Relaxed);
    assert_eq!(app.photo_as("other", png(40, 30)).await.0, StatusCode::CREATED);
    let passed = done.load(Ordering::Relaxed) - before;
    assert!(passed <= 6, "{passed} of the other account came first");
    let statuses = join_all(many).await;
    assert!(statuses.iter().all(|status| *status.as_ref().unwrap() == StatusCode::CREATED));
    assert!(app.photo_files().1.iter().all(|name| !name.starts_with("body")), "nothing waits on disk any more");
}

#[tokio::test]
async fn one_account_has_no_more_waiting_than_its_share_and_is_told_when_to_come_again() {
    let app = neighbours(Shares { waiting: 4, ..Shares::default() }).await;
    let all = join_all((0..30).map(|i| app.photo_as("cell", jpeg(&format!("wait {i}"))))).await;
    let refused: Vec<_> = all.iter().filter(|(status, ..)| *status == StatusCode::TOO_MANY_REQUESTS).collect();
    assert!(!refused.is_empty() && refused.len() < 30, "{}", refused.len());
    for (_, headers, problem) in refused {
        assert!(headers.contains_key(header::RETRY_AFTER));
        assert!(problem["detail_zh"].as_str().unwrap().contains("请求过多"), "{problem}");
    }
}

#[tokio::test]
async fn a_flood_of_strangers_does_not_stand_before_a_browser_that_is_known() {
    let app = Arc::new(app().await);
    let mut desk = Browser::default();
    assert_eq!(desk.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let done = Arc::new(AtomicUsize::new(0));
    let flood: Vec<_> = (0..60)
        .map(|i| {
            let (app, done) = (app.clone(), done.clone());
            tokio::spawn(async move {
                let answer = Browser::default().sign_in(&app, &format!("nobody{i}"), "guess").await;
                if answer.status == StatusCode::UNAUTHORIZED {
                    done.fetch_add(1, Ordering::Relaxed);
                }
                answer.status
            })
        })
        .collect();
    while done.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    let before = done.load(Ordering::Relaxed);
    assert_eq!(desk.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let passed = done.load(Ordering::Relaxed) - before;
    assert!(passed <= 6, "{passed} strangers came first");
    let statuses = join_all(flood).await;
    let refused = statuses.iter().filter(|status| *status.as_ref().unwrap() == StatusCode::TOO_MANY_REQUESTS).count();
    assert!(refused > 20, "{refused} were sent away at once: so many of one address do not wait");
}

#[tokio::test]
async fn originals_that_nothing_names_go_after_two_days_and_those_of_alerts_stay() {
    let app = neighbours(Shares::default()).await;
    let number = app.number().await;
    let hash = async |who: &str, note: &str| {
        let (status, _, photo) = app.photo_as(who, jpeg(note)).await;
        assert_eq!(status, StatusCode::CREATED);
        photo["hash"].as_str().unwrap().to_owned()
    };
    let (used, unused, again) = (hash("cell", "used").await, hash("cell", "unused").await, hash("cell", "again").await);
    let finding = json!({"act": "report", "finding": {"kind": "straw", "photos": [used]}});
    let (status, answer) = app.post(&format!("/api/v1/alerts/{number}/acts"), Some("cell"), &finding).await;
    assert_eq!(status, StatusCode::OK, "{answer}");

    let old =
        std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(app.now.as_second()).unwrap());
    for name in [&used, &unused, &again] {
        let path = Photos::beside(app.store.path()).folder().join(&name[..2]).join(name);
        // Read-only, as originals are: the time can be set all the same.
        std::fs::File::open(path).unwrap().set_modified(old).unwrap();
    }
    let kept_for = SignedDuration::from_hours(48);
    let later = |hours| app.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    assert_eq!(app.store.remove_old(Old::Photos(kept_for), later(47)).await.unwrap(), 0, "not before");
    let account = app.store.accounts().find("cell").await.unwrap().id;
    app.store.accounts().photo_sent(&again, account, later(40)).await.unwrap();
    assert_eq!(app.store.remove_old(Old::Photos(kept_for), later(49)).await.unwrap(), 1);
    let (mut originals, _) = app.photo_files();
    originals.sort();
    let mut expected = vec![used, again];
    expected.sort();
    assert_eq!(originals, expected);
    let (status, _) = app.get_as("cell", &format!("/api/v1/photos/{unused}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(app.store.remove_old(Old::Photos(kept_for), later(90)).await.unwrap(), 1, "then the one sent again");
}
