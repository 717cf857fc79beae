//! What somebody has on his phone: his own list, patrol reports, plots to burn today.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::Role;
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::alert::{Act, ActKind};
use firegrid::domain::burning::{BurnRules, PlanAct};
use firegrid::domain::calendar::{BurnWeather, PermittedHours};
use firegrid::domain::observation::Observation;
use firegrid::domain::plan::{PlanApplication, PlanId};
use firegrid::domain::time::Timestamp;
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::store::{By, Command, Delivery, PlanCommand};

use crate::act_forms::JPEG;
use crate::ground_fixture::unit;
use crate::pages::{App, Setting, assert_in_order, observation, region, square, text_of, without_own_scripts};

const CANARY: &str = "<script>alert('x')</script>\"&";

/// In front of where the next page begins.
const NEXT: &str = "class=\"button big\" href=\"/my?after=";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn setting(rows: Vec<Observation>) -> Setting {
    Setting { rows, ..Setting::default() }
}

/// Alert numbers of the cards of a page, in their order.
fn numbers(page: &str) -> Vec<String> {
    let cards = page.split("class=\"mycard a-").skip(1);
    cards.map(|card| card.split("/alerts/").nth(1).unwrap()[..13].to_owned()).collect()
}

#[tokio::test]
async fn an_inspector_sees_his_cells_alerts_and_those_that_may_reach_it_and_nothing_else() {
    // In the eastern cell's ban zone; on the border of the two cells; in the western cell alone.
    let east = observation("122.715", "45.615", "2026-04-13T04:12:00Z");
    let mut border = observation("122.6985", "45.645", "2026-04-13T04:12:00Z");
    (border.scan_km, border.track_km) = (Some(0.8), Some(0.8));
    let west = observation("122.655", "45.605", "2026-04-13T04:12:00Z");
    let app = App::start(setting(vec![east, border, west])).await;
    app.account("east", Role::Inspector, "220101001").await;
    app.account("west", Role::Inspector, "220101002").await;
    app.account("town", Role::Township, "220101").await;
    app.account("other", Role::County, "2202").await;
    let (east, west) = (app.page_as("east", "/my").await, app.page_as("west", "/my").await);
    assert_eq!((numbers(&east).len(), numbers(&west).len()), (2, 2));
    let shared: Vec<_> = numbers(&east).into_iter().filter(|number| numbers(&west).contains(number)).collect();
    assert_eq!(shared.len(), 1);
    assert!(east.contains("mycard a-unplanned beside") && text_of(&east).contains("可能涉及我辖区，到保西网格承办"));
    assert!(!west.contains("beside"), "the border alert is with the western cell");
    assert_eq!(numbers(&app.page_as("town", "/my").await).len(), 3);
    let calm = text_of(&app.page_as("other", "/my").await);
    assert!(calm.contains("没有未结告警") && calm.contains("没有火点不等于没有火情"), "{calm}");
    let foreign = numbers(&west).into_iter().find(|number| !shared.contains(number)).unwrap();
    assert_eq!(app.get_as("east", &format!("/alerts/{foreign}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(app.get_as("east", &format!("/alerts/{}", shared[0])).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_card_says_what_where_whose_and_how_long_there_is() {
    let app = App::usual().await;
    app.account("cell", Role::Inspector, "220101001").await;
    let page = app.page_as("cell", "/my").await;
    assert_in_order(
        &text_of(&page),
        &["我的告警 1", "禁烧区火点", "待签收", "距到保村北1.7公里", "签收 已超时 9 分钟", "到保东网格", "04-13 12:12"],
    );
    assert!(page.contains("<time datetime=\"2026-04-13T04:51:00Z\" data-clock>"), "{page}");
    let en = app.page_as("cell", "/my?lang=en").await;
    assert_in_order(&text_of(&en), &["My alerts", "in the burn-ban zone", "acknowledge 9 min overdue"]);
    assert!(en.contains("/alerts/20260413-0001?lang=en"), "the language is kept");
    let page = without_own_scripts(&page);
    for forbidden in ["<script", "<style", " style=", " onclick"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    // Undelivered, and worked: both are said.
    let number = AlertNumber(app.number().await);
    app.store
        .note_delivery((number.clone(), Delivery::Failed), app.ground.clone(), Arc::default(), app.now)
        .await
        .unwrap();
    assert!(text_of(&app.page_as("cell", "/my").await).contains("未送达"));
    app.done_as("cell", &number.0, &[("act", "arrive")]).await;
    let page = text_of(&app.page_as("cell", "/my").await);
    assert!(page.contains("已到场") && page.contains("扑灭 还剩 30 分钟"), "{page}");
    // Over: in a section of its own.
    app.upload_as("cell", &format!("/alerts/{number}/report"), &[("kind", "could_not_reach")], &[]).await;
    app.account("county", Role::County, "2201").await;
    app.done_as("county", &number.0, &[("act", "review"), ("review", "excluded"), ("note", "不是秸秆")]).await;
    assert_in_order(&text_of(&app.page_as("cell", "/my").await), &["没有未结告警", "近7天办结 1", "已排除"]);
}

#[tokio::test]
async fn urgent_alerts_come_first_then_the_worse_then_the_newer() {
    // A grid of fires far enough apart: one in the ban zone, the others on unplanned ground of the eastern cell.
    let places = [("122.715", "45.615"), ("122.74", "45.645"), ("122.74", "45.605"), ("122.705", "45.645")];
    let minutes = ["04:12", "04:10", "04:14", "04:16"];
    let rows = places
        .iter()
        .zip(minutes)
        .map(|((lon, lat), minute)| observation(lon, lat, &format!("2026-04-13T{minute}:00Z")));
    let app = App::start(Setting { now: "2026-04-13T04:45:00Z", ..setting(rows.collect()) }).await;
    app.account("cell", Role::Inspector, "220101001").await;
    let seen = |page: &str| -> Vec<String> {
        page.split("class=\"mycard a-")
            .skip(1)
            .map(text_of)
            .map(|text| {
                let minute = ["12:12", "12:10", "12:14", "12:16"].into_iter().find(|minute| text.contains(minute));
                minute.unwrap().to_owned()
            })
            .collect()
    };
    let page = app.page_as("cell", "/my").await;
    assert_eq!(seen(&page), ["12:12", "12:16", "12:14", "12:10"], "one due time: worst first, then newest");
    // Whoever is acknowledged has more time; his alert moves down, the ban zone or not.
    let first = numbers(&page)[0].clone();
    app.done_as("cell", &first, &[("act", "acknowledge")]).await;
    assert_eq!(seen(&app.page_as("cell", "/my").await), ["12:16", "12:14", "12:10", "12:12"]);
}

/// Sixty fires of one cell of a district drawn for it, each its own alert.
async fn many(count: usize) -> App {
    let mut region = region();
    region.units.push(unit("220201", "大镇", UnitLevel::Township, Some("2202"), Some(square(123.0, 45.5, 0.5))));
    region.units.push(unit("220201001", "大镇网格", UnitLevel::Grid, Some("220201"), Some(square(123.0, 45.5, 0.5))));
    CANARY.clone_into(&mut region.places[0].name);
    let rows = (0..count).map(|i| {
        let (lon, lat) = (123.01 + 0.02 * (i % 24) as f64, 45.51 + 0.02 * (i / 24) as f64);
        observation(&format!("{lon:.4}"), &format!("{lat:.4}"), &format!("2026-04-13T04:{:02}:00Z", i % 30))
    });
    let app = App::start(Setting { region, ..setting(rows.collect()) }).await;
    app.account("big", Role::Inspector, "220201001").await;
    app
}

#[tokio::test]
async fn sixty_alerts_are_two_pages_of_little_weight_that_neither_skip_nor_repeat() {
    let app = many(60).await;
    let request = Request::get("/my").header(header::AUTHORIZATION, "Bearer big").header("accept-encoding", "gzip");
    let (_, headers, bytes) = app.ask_as_is(request.body(Body::empty()).unwrap()).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    assert!(bytes.len() < 30 * 1024, "{} bytes", bytes.len());
    let page = app.page_as("big", "/my").await;
    assert!(!page.contains(CANARY) && page.contains("&#60;script&#62;"), "names of a region file are only text");
    let mut seen = numbers(&page);
    assert_eq!(seen.len(), 50);
    let next = page.split(NEXT).nth(1).unwrap().split('"').next().unwrap().to_owned();
    // What is worked in between moves nothing past the reader.
    let first = seen[0].clone();
    app.done_as("big", &first, &[("act", "arrive")]).await;
    let rest = app.page_as("big", &format!("/my?after={next}")).await;
    assert!(!rest.contains(NEXT));
    seen.extend(numbers(&rest).into_iter().filter(|number| *number != first));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60);
    assert_eq!(app.get_as("big", "/my?after=rubbish").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_list_too_long_to_be_ranked_is_paged_by_time_to_its_end() {
    let app = many(510).await;
    let (mut seen, mut path) = (Vec::new(), "/my".to_owned());
    loop {
        let page = app.page_as("big", &path).await;
        assert!(text_of(&page).contains("按发现时间排列"));
        seen.extend(numbers(&page));
        match page.split(NEXT).nth(1) {
            Some(next) => path = format!("/my?after={}", next.split('"').next().unwrap()),
            None => break,
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (510, 510));
}

#[tokio::test]
async fn a_fire_found_on_patrol_becomes_an_alert_or_joins_the_one_that_is_known() {
    let app = App::usual().await;
    app.account("cell", Role::Inspector, "220101001").await;
    let form = app.page_as("cell", "/patrol").await;
    assert!(form.contains("<option value=\"220101001\"") && !form.contains("220101002"), "his own cell");
    let out = [
        ("client_id", "form-p"),
        ("lat", "45.64"),
        ("lon", "122.74"),
        ("kind", "straw"),
        ("is_out", "yes"),
        ("seen_at", "2026-04-13T12:20"),
        ("description", CANARY),
    ];
    let (status, _, page) = app.upload_as("cell", "/patrol", &out, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("须附至少一张照片") && page.contains("value=\"45.64\"") && !page.contains(CANARY));
    let mut places = Vec::new();
    for _ in 0..2 {
        let (status, headers, page) = app.upload_as("cell", "/patrol", &out, &[("a.jpg", &JPEG)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&page));
        places.push(headers[header::LOCATION].to_str().unwrap().to_owned());
    }
    assert_eq!(places[0], places[1], "sent twice is one report");
    let page = app.page_as("cell", &places[0]).await;
    assert!(text_of(&page).contains("已上报，告警编号： 20260413-0002"), "{}", text_of(&page));
    let case = app.store.whole().alert(&AlertNumber("20260413-0002".to_owned())).await.unwrap().unwrap();
    let kinds: Vec<_> = case.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!((kinds, case.alert.state.name()), (vec!["recorded", "reported"], "reported"));

    // Where the satellite's alert is; it burns, so he is there.
    let burning = [("lat", "45.6152"), ("lon", "122.7152"), ("kind", "straw"), ("is_out", "no")];
    let (_, headers, _) = app.upload_as("cell", "/patrol", &burning, &[]).await;
    let page = text_of(&app.page_as("cell", headers[header::LOCATION].to_str().unwrap()).await);
    assert!(page.contains("此处已有告警，您的上报已并入") && page.contains("20260413-0001"), "{page}");
    let cell = [("cell", "220101001"), ("kind", "weeds"), ("is_out", "no")];
    assert_eq!(app.upload_as("cell", "/patrol", &cell, &[]).await.0, StatusCode::SEE_OTHER);
    // Another township's ground: taken, and said plainly.
    let beyond = [("lat", "45.9"), ("lon", "122.9"), ("kind", "straw"), ("is_out", "no")];
    let (_, headers, _) = app.upload_as("cell", "/patrol", &beyond, &[]).await;
    let page = text_of(&app.page_as("cell", headers[header::LOCATION].to_str().unwrap()).await);
    assert!(page.contains("不在您的辖区，已通知属地") && page.contains("那里不是您的辖区"), "{page}");
    let nowhere = [("kind", "straw"), ("is_out", "no")];
    let (status, _, page) = app.upload_as("cell", "/patrol", &nowhere, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("请填写“位置"));
}

#[tokio::test]
async fn a_plot_says_whether_it_may_be_lit_now_and_why_not_and_is_lit_and_done_by_forms() {
    let mut region = region();
    let hours = PermittedHours { from: "08:00".parse().unwrap(), to: "16:00".parse().unwrap() };
    region.calendar.hours = Some(hours);
    region.calendar.max_weather_level = Some(2);
    let app = App::start(Setting { region, ..Setting::default() }).await;
    app.account("west", Role::Inspector, "220101002").await;
    app.account("east", Role::Inspector, "220101001").await;
    let plots = |who: &'static str| app.page_as(who, "/plots");
    assert!(text_of(&plots("west").await).contains("今天没有可以烧除的地块"));
    let application = PlanApplication {
        id: PlanId("P<7".to_owned()),
        unit_code: UnitCode("220101002".to_owned()),
        plot: Some(square(122.66, 45.61, 0.02)),
        window_start: at("2026-04-13T00:00:00Z"),
        window_end: at("2026-04-14T00:00:00Z"),
        area_mu: 30.0,
        responsible: CANARY.to_owned(),
        note: None,
    };
    let person = |name: &str, unit: &str| By::now(Actor::person(name, UnitCode(unit.to_owned())));
    let then = at("2026-04-12T00:00:00Z");
    app.store
        .whole()
        .carry_out(application, (person("镇长", "220101"), app.ground.clone(), BurnRules::default()), then)
        .await
        .unwrap();
    let page = plots("west").await;
    assert!(!page.contains(CANARY) && page.contains("P&#60;7"));
    assert_in_order(&text_of(&page), &["允许时段 08:00–16:00", "现在不能点火", "计划尚未批准", "气象等级尚未录入"]);
    let act = async |act| {
        let command = PlanCommand { id: PlanId("P<7".to_owned()), act, note: None, photos: Vec::new() };
        let with = (person("县长", "2201"), app.ground.clone(), BurnRules::default());
        app.store.whole().carry_out(command, with, app.now).await
    };
    act(PlanAct::Approve).await.unwrap();
    assert!(text_of(&plots("west").await).contains("尚无当日烧除指令"));
    act(PlanAct::Order { from: at("2026-04-13T04:00:00Z"), to: at("2026-04-13T07:00:00Z") }).await.unwrap();
    let weather = async |level| {
        let weather =
            BurnWeather { unit_code: UnitCode("2201".to_owned()), date: "2026-04-13".parse().unwrap(), level };
        app.store.whole().carry_out(weather, (person("县长", "2201"), app.ground.clone()), app.now).await
    };
    weather(3).await.unwrap();
    let page = text_of(&plots("west").await);
    assert!(page.contains("今日焚烧气象等级为3，高于允许的2") && !page.contains("点火 \n"), "{page}");
    assert!(!plots("west").await.contains("value=\"light\""));
    weather(1).await.unwrap();
    let page = plots("west").await;
    assert!(text_of(&page).contains("现在可以点火") && page.contains("value=\"light\""));
    assert!(!plots("east").await.contains("P&#60;7"), "not his ground");
    let refused = app.send_as("east", "/plots", &[("act", "light"), ("plan", "P<7")]).await;
    assert_eq!(refused.0, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let (status, _, _) =
            app.send_as("west", "/plots", &[("act", "light"), ("plan", "P<7"), ("client_id", "form-l")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    assert!(text_of(&plots("west").await).contains("正在烧除，请看护"));
    let (status, _, page) =
        app.send_as("west", "/plots", &[("act", "done"), ("plan", "P<7"), ("burnt_mu", "-3")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("实际烧除面积为-3亩") && page.contains("value=\"-3\""));
    let (status, headers, _) =
        app.send_as("west", "/plots", &[("act", "done"), ("plan", "P<7"), ("burnt_mu", "28.5")]).await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/plots?done=done"));
    assert_in_order(&text_of(&app.page_as("west", "/plots?done=done").await), &["已记录完成", "已完成"]);
}

#[tokio::test]
async fn an_alert_whose_page_was_open_when_it_was_merged_says_where_it_went() {
    let rows = vec![
        observation("122.715", "45.615", "2026-04-13T04:12:00Z"),
        observation("122.74", "45.645", "2026-04-13T04:12:00Z"),
    ];
    let app = App::start(setting(rows)).await;
    app.account("cell", Role::Inspector, "220101001").await;
    let merge = Act::Merge { into: AlertNumber("20260413-0001".to_owned()) };
    let by = Actor::person("镇长", UnitCode("220101".to_owned()));
    let command = Command::plain(AlertNumber("20260413-0002".to_owned()), merge, by);
    app.store.whole().carry_out(command, (app.ground.clone(), Arc::default()), app.now).await.unwrap();
    let (status, _, page) = app.send_as("cell", "/alerts/20260413-0002/acts", &[("act", "acknowledge")]).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(text_of(&page).contains("已不再单独办理"), "{}", text_of(&page));
}

#[tokio::test]
async fn an_inspector_of_a_township_is_offered_what_the_field_does_and_no_desk_work() {
    let app = App::start(setting(vec![observation("122.715", "45.615", "2026-04-13T04:12:00Z")])).await;
    app.account("rider", Role::Inspector, "220101").await;
    app.account("town", Role::Township, "220101").await;
    let path = "/alerts/20260413-0001";
    let offered = |page: &str| -> BTreeSet<String> {
        let acts = page.split("name=\"act\" value=\"").skip(1);
        acts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let is_of_the_field = |name: &String| ActKind::ALL.iter().any(|kind| kind.name() == name && kind.is_of_the_field());
    let (rider, town) = (offered(&app.page_as("rider", path).await), offered(&app.page_as("town", path).await));
    assert!(rider.contains("acknowledge") && rider.iter().all(is_of_the_field), "{rider:?}");
    assert!(town.iter().any(|name| !is_of_the_field(name)), "a desk has more: {town:?}");
    assert!(rider.is_subset(&town), "{rider:?} {town:?}");
}
