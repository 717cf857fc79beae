//! Office pages over a real store: burning in order by forms, people, heat sources, region versions, the log; who sees and
//! does what, exactly once, and never a text as markup.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::unit::{Holder, Role as Post, UnitCode};
use firegrid::store::RegionFiles;
use serde_json::json;

use crate::harness::head_of;
use crate::pages::{App, Setting, add_account, add_token, region, text_of};

/// Must never reach a page as it is.
const CANARY: &str = "<script>alert('x')</script>\"&";

/// Who asks, by token.
#[derive(Clone, Copy)]
pub struct As(pub &'static str);

/// Letters and digits as they are, the rest as %XX.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    let one = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    pairs.iter().map(|(key, value)| format!("{}={}", one(key), one(value))).collect::<Vec<_>>().join("&")
}

impl App {
    /// The usual ground with an account of every role on it, the inspector's named as given, and one of the other county.
    pub async fn with_every_role(inspector: &str) -> Self {
        Self::usual()
            .await
            .with("town", Role::Township, "220101")
            .await
            .with("county", Role::County, "2201")
            .await
            .with("neighbour", Role::County, "2202")
            .await
            .with(inspector, Role::Inspector, "220101001")
            .await
            .with("viewer", Role::Viewer, "22")
            .await
            .with("admin", Role::Admin, "22")
            .await
    }

    /// An account with a token of its own name.
    pub async fn with(self, name: &str, role: Role, unit: &str) -> Self {
        add_account(&self.store, name, role, &UnitCode(unit.to_owned()), self.now).await;
        add_token(&self.store, name, name, TokenPower::Write, self.now).await;
        self
    }

    pub async fn look(&self, As(who): As, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {who}"));
        let (status, _, body) = self.ask(request.body(Body::empty()).unwrap()).await;
        (status, body)
    }

    pub async fn submit(&self, As(who): As, path: &str, pairs: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(encoded(pairs))).unwrap()).await
    }

    pub async fn submit_parts(
        &self,
        As(who): As,
        path: &str,
        parts: &[(&str, Option<&str>, &[u8])],
    ) -> (StatusCode, String) {
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--edge--\r\n");
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        let (status, _, body) = self.ask(request.body(Body::from(body)).unwrap()).await;
        (status, body)
    }
}

async fn office() -> App {
    App::with_every_role("inspector").await
}

const PLOT: &str = "122.65,45.52\n122.66,45.52\n122.66,45.53\n122.65,45.53";

fn application<'a>(id: &'a str, client_id: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("plan_id", id),
        ("unit", "220101"),
        ("window_start", "2026-04-13T06:00"),
        ("window_end", "2026-04-15T18:00"),
        ("area_mu", "120.5"),
        ("responsible", "李四"),
        ("plot", PLOT),
        ("datum", "wgs84"),
        ("client_id", client_id),
        ("do", "apply"),
    ]
}

async fn kinds(app: &App, id: &str) -> Vec<String> {
    let shown = app.json(&format!("/api/v1/plans/{id}")).await;
    shown["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_plan_lives_by_forms_from_application_to_done_and_every_form_counts_once() {
    let app = office().await;
    let (town, county) = (As("town"), As("county"));
    let mut preview = application("P-1", "c-1");
    preview.retain(|(key, _)| *key != "do");
    preview.push(("do", "preview"));
    let (status, _, page) = app.submit(town, "/plans/new", &preview).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("class=\"plot\"") && page.contains("value=\"P-1\"") && page.contains("value=\"c-1\""),
        "{page}"
    );
    assert_eq!(app.look(town, "/plans/P-1").await.0, StatusCode::NOT_FOUND, "a preview writes nothing");

    for _ in 0..2 {
        let (status, headers, page) = app.submit(town, "/plans/new", &application("P-1", "c-1")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(headers[header::LOCATION], "/plans/P-1");
    }
    let own = app.look(town, "/plans/P-1").await.1;
    assert!(!own.contains("value=\"approve\""), "a township is offered no approval");
    assert!(own.contains("value=\"withdraw\"") && own.contains("class=\"plot\""));
    assert!(app.look(county, "/plans/P-1").await.1.contains("value=\"approve\""));
    let (status, _, page) = app.submit(town, "/plans/P-1/acts", &[("act", "approve"), ("client_id", "a-0")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text_of(&page).contains("“批准”须由县及以上单位办理"), "{}", text_of(&page));

    let acts: [&[(&str, &str)]; 3] = [
        &[("act", "approve"), ("client_id", "a-1")],
        &[("act", "order"), ("from", "2026-04-13T12:00"), ("to", "2026-04-13T18:00"), ("client_id", "a-2")],
        &[("act", "light"), ("client_id", "a-3")],
    ];
    for act in acts {
        for _ in 0..2 {
            let (status, headers, page) = app.submit(county, "/plans/P-1/acts", act).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{act:?} {page}");
            assert_eq!(headers[header::LOCATION], "/plans/P-1?done=1#now");
        }
    }
    let photo: &[u8] = &crate::pictures::jpeg("burnt");
    let done: [(&str, Option<&str>, &[u8]); 4] = [
        ("act", None, b"done"),
        ("burnt_mu", None, b"110"),
        ("client_id", None, b"a-4"),
        ("photo", Some("a.jpg"), photo),
    ];
    for _ in 0..2 {
        let (status, page) = app.submit_parts(county, "/plans/P-1/acts", &done).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    assert_eq!(kinds(&app, "P-1").await, ["applied", "approved", "ordered", "lit", "done"]);
    let shown = text_of(&app.look(town, "/plans/P-1").await.1);
    assert!(shown.contains("已完成") && shown.contains("110 亩") && shown.contains("照片：1"), "{shown}");
    let orders = text_of(&app.look(town, "/plans/orders?date=2026-04-13").await.1);
    assert!(
        orders.contains("2026-04-13 12:00–18:00")
            && orders.contains("焚烧气象等级未录入") == app.ground.data().calendar.max_weather_level.is_some(),
        "{orders}"
    );
    let progress = text_of(&app.look(county, "/plans/progress").await.1);
    assert!(progress.contains("91%") && progress.contains("120.5"), "{progress}");
    let table = &progress[progress.find("已烧占批准").unwrap()..];
    assert!(!table.contains("镇赉县") && !table.contains("白城市"), "only what the account can sum: {table}");
}

#[tokio::test]
async fn what_an_order_runs_into_is_said_on_the_plan_the_list_and_the_orders_and_nobody_is_offered_his_own_review() {
    let mut data = region();
    let hour = |text| firegrid::domain::time::parse_time(text).unwrap();
    data.calendar.hours = Some(firegrid::domain::calendar::PermittedHours { from: hour("08:00"), to: hour("16:00") });
    let app = App::start(Setting { region: data, ..Setting::default() }).await;
    let app = app.with("county", Role::County, "2201").await.with("head", Role::County, "2201").await;
    app.submit(As("county"), "/plans/new", &application("P-1", "c-1")).await;
    let own = app.look(As("county"), "/plans/P-1").await.1;
    let why = "现在不能办理：county某（或所用账号）是计划P-1的申请人或烧除负责人";
    assert!(text_of(&own).contains(why), "{}", text_of(&own));
    assert!(!own.contains("value=\"approve\""));
    app.submit(As("head"), "/plans/P-1/acts", &[("act", "approve"), ("client_id", "a")]).await;
    let offered = app.look(As("county"), "/plans/P-1").await.1;
    assert!(
        offered.contains("value=\"2026-04-13T13:00\"") && offered.contains("value=\"2026-04-13T16:00\""),
        "the rest of the permitted day"
    );
    let order = [("act", "order"), ("from", "2026-04-13T12:00"), ("to", "2026-04-13T18:00"), ("client_id", "o")];
    assert_eq!(app.submit(As("county"), "/plans/P-1/acts", &order).await.0, StatusCode::SEE_OTHER);
    let caution = "2026-04-13 16:00不在允许烧除的时段08:00-16:00内";
    let plan = text_of(&app.look(As("county"), "/plans/P-1").await.1);
    assert!(
        plan.contains(caution) && plan.contains(&format!("已提示：{caution}")),
        "now, and that it was said: {plan}"
    );
    assert!(text_of(&app.look(As("county"), "/plans/orders").await.1).contains(caution));
    assert!(app.look(As("county"), "/plans").await.1.contains("今日有冲突提示"));
    let overlapping = [("act", "order"), ("from", "2026-04-13T14:00"), ("to", "2026-04-13T15:00")];
    let (status, _, page) = app.submit(As("county"), "/plans/P-1/acts", &overlapping).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text_of(&page).contains("重叠，请先撤回"), "{status}");
    assert!(page.contains("href=\"/plans/P-1?lang=en\""), "the other language is the page, not the form's address");
}

#[tokio::test]
async fn a_refused_application_keeps_what_was_typed_and_says_why() {
    let app = office().await;
    let cases: [(&str, &str, StatusCode, &str); 6] = [
        ("plot", "122.65,45.52\n122.66", StatusCode::UNPROCESSABLE_ENTITY, "第2行“122.66”不是一个拐点"),
        ("plot", "122.65,45.52\n122.66,45.52", StatusCode::UNPROCESSABLE_ENTITY, "只有2个拐点"),
        ("window_end", "2026-04-12T06:00", StatusCode::UNPROCESSABLE_ENTITY, "不晚于开始"),
        ("area_mu", "many", StatusCode::UNPROCESSABLE_ENTITY, "“面积（亩）”应为数字"),
        ("responsible", " ", StatusCode::UNPROCESSABLE_ENTITY, "请填写“烧除负责人”"),
        ("unit", "2202", StatusCode::FORBIDDEN, "单位2202不在您的辖区内"),
    ];
    for (field, value, expected, why) in cases {
        let mut form = application("P-9", "c-9");
        form.retain(|(key, _)| *key != field);
        form.push((field, value));
        form.push(("note", "三号地"));
        let (status, _, page) = app.submit(As("town"), "/plans/new", &form).await;
        assert_eq!(status, expected, "{field}");
        assert!(text_of(&page).contains(why), "{field}: {}", text_of(&page));
        assert!(page.contains("value=\"P-9\"") && page.contains("三号地") && page.contains("value=\"c-9\""), "{field}");
    }
    assert_eq!(app.look(As("town"), "/plans/P-9").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn plans_of_foreign_ground_do_not_exist_and_only_workers_apply() {
    let app = office().await;
    app.submit(As("town"), "/plans/new", &application("P-1", "c-1")).await;
    let foreign = As("neighbour");
    assert_eq!(app.look(foreign, "/plans/P-1").await.0, StatusCode::NOT_FOUND);
    assert_eq!(app.submit(foreign, "/plans/P-1/acts", &[("act", "approve")]).await.0, StatusCode::NOT_FOUND);
    assert!(!app.look(foreign, "/plans").await.1.contains("P-1"));
    assert!(app.look(As("inspector"), "/plans").await.1.contains("P-1"), "a plan over one's own ground is seen");
    for who in ["viewer", "admin"] {
        assert_eq!(app.look(As(who), "/plans/new").await.0, StatusCode::FORBIDDEN, "{who}");
        let (status, _, _) = app.submit(As(who), "/plans/P-1/acts", &[("act", "withdraw")]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{who}");
        assert!(!app.look(As(who), "/plans/P-1").await.1.contains("name=\"act\""), "{who}");
    }
    assert_eq!(kinds(&app, "P-1").await, ["applied"]);
}

#[tokio::test]
async fn an_imported_file_is_looked_over_first_and_its_faults_stand_row_by_row() {
    let app = office().await;
    let head = "plan_id,unit_code,window_start,window_end,area_mu,responsible\n";
    let good = format!("{head}Q-1,220101,2026-04-14T08:00,2026-04-14T16:00,50,王五\n");
    let bad = format!(
        "{head}Q-1,999,2026-04-14T08:00,2026-04-14T16:00,50,王五\nQ-2,220101,2026-04-14T08:00,2026-04-13T16:00,-1,王五\n"
    );
    let send = async |file: &str, mode: &str| {
        let parts: [(&str, Option<&str>, &[u8]); 3] =
            [("do", None, mode.as_bytes()), ("client_id", None, b"i-1"), ("file", Some("plans.csv"), file.as_bytes())];
        let (status, page) = app.submit_parts(As("county"), "/plans/import", &parts).await;
        (status, text_of(&page))
    };
    let (status, page) = send(&bad, "import").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for fault in ["未导入任何一行", "no unit has the code", "烧除时段的结束不晚于开始", "应大于0"]
    {
        assert!(page.contains(fault), "{fault}: {page}");
    }
    let (status, page) = send(&good, "preview").await;
    assert!(status == StatusCode::OK && page.contains("尚未写入") && page.contains("Q-1"), "{page}");
    assert_eq!(app.look(As("county"), "/plans/Q-1").await.0, StatusCode::NOT_FOUND);
    let (status, page) = send(&good, "import").await;
    assert!(status == StatusCode::OK && page.contains("已导入"), "{page}");
    assert_eq!(app.look(As("county"), "/plans/Q-1").await.0, StatusCode::OK);
    let (status, page) = app.submit_parts(As("county"), "/plans/import", &[("do", None, b"import")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("请选择一个CSV或XLSX文件"));
}

#[tokio::test]
async fn texts_that_look_like_markup_are_shown_as_texts_on_every_office_page() {
    let mut data = region();
    data.units[3].name = CANARY.to_owned();
    let person = |unit: &str, role| Holder {
        unit_code: UnitCode(unit.to_owned()),
        name: CANARY.to_owned(),
        role,
        post: Some(CANARY.to_owned()),
        employer: None,
        phone: Some(firegrid::domain::phone::Phone::kept(CANARY)),
        valid_from: None,
        valid_to: None,
    };
    data.people.push(person("220101", Post::Head));
    let app = App::start(Setting { region: data, ..Setting::default() }).await;
    let app = app.with("county", Role::County, "2201").await.with("admin", Role::Admin, "22").await;
    let mut form = application("P-1", "c-1");
    form.retain(|(key, _)| *key != "responsible");
    form.extend([("responsible", CANARY), ("note", CANARY)]);
    app.submit(As("county"), "/plans/new", &form).await;
    let withdrawn = [("act", "withdraw"), ("note", CANARY), ("client_id", "w")];
    app.submit(As("county"), "/plans/P-1/acts", &withdrawn).await;
    let (_, _, again) = app.submit(As("county"), "/plans/new", &form).await;
    let pages = [
        (As("county"), "/plans"),
        (As("county"), "/plans/P-1"),
        (As("county"), "/plans/orders?date=2026-04-13"),
        (As("county"), "/plans/progress"),
        (As("county"), "/plans/new"),
        (As("county"), "/people"),
        (As("county"), "/people?q=%3Cscript%3E"),
        (As("county"), "/people/duty"),
        (As("county"), "/heat-sources?new=1&suggest=1&lon=%3Cscript%3Ealert('x')"),
        (As("admin"), "/audit"),
        (As("admin"), "/audit?actor=%3Cscript%3Ealert('x')"),
        (As("admin"), "/users"),
        (As("admin"), "/regions"),
    ];
    assert!(!again.contains("<script>"));
    for (who, path) in pages {
        let (status, page) = app.look(who, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!page.contains("<script>"), "{path}");
    }
    assert!(app.look(As("county"), "/plans/P-1").await.1.contains("&#60;script"), "it is there, escaped");
}

#[tokio::test]
async fn people_are_for_their_own_ground_and_not_for_viewers() {
    let app = office().await;
    let own = text_of(&app.look(As("town"), "/people").await.1);
    assert!(own.contains("张三") && own.contains("到保西网格") && own.contains("空缺"), "{own}");
    let foreign = text_of(&app.look(As("neighbour"), "/people").await.1);
    assert!(!foreign.contains("张三"), "{foreign}");
    assert_eq!(app.look(As("neighbour"), "/people?unit=220101").await.0, StatusCode::FORBIDDEN);
    for path in ["/people", "/people/duty"] {
        assert_eq!(app.look(As("viewer"), path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let found = text_of(&app.look(As("county"), "/people?q=%E5%BC%A0").await.1);
    assert!(found.contains("张三") && !found.contains("到保西网格 网格"), "{found}");
}

#[tokio::test]
async fn heat_sources_are_approved_renewed_handed_over_and_ended_by_forms() {
    let app = office().await;
    let approval = [
        ("name", "砖厂"),
        ("kind", "kiln"),
        ("lon", "122.7"),
        ("lat", "45.6"),
        ("radius_m", "400"),
        ("unit", "220101"),
        ("expires", "2026-06-01"),
        ("client_id", "h-1"),
    ];
    for _ in 0..2 {
        let (status, _, page) = app.submit(As("county"), "/heat-sources", &approval).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    let (status, _, page) = app.submit(As("town"), "/heat-sources", &approval[..7]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text_of(&page).contains("无权为220101决定"), "{}", text_of(&page));
    let list = app.look(As("county"), "/heat-sources").await.1;
    assert_eq!(list.matches("砖厂").count(), 1, "sent twice, approved once");
    let path = "/heat-sources/HS-20260413-1/acts";
    let acts: [&[(&str, &str)]; 3] = [
        &[("act", "renew"), ("expires", "2026-08-01")],
        &[("act", "hand_over"), ("unit", "220101001"), ("watched_by", "赵六")],
        &[("act", "end"), ("why", "已拆除")],
    ];
    for act in acts {
        let (status, _, page) = app.submit(As("county"), path, act).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{act:?} {page}");
    }
    let list = text_of(&app.look(As("county"), "/heat-sources").await.1);
    assert!(list.contains("已终止") && list.contains("赵六") && list.contains("2026-08-01"), "{list}");
    let (status, _, page) = app.submit(As("county"), path, acts[0]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text_of(&page).contains("起已失效"));
    assert_eq!(app.submit(As("neighbour"), path, acts[2]).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_log_is_for_the_whole_region_narrowed_by_its_filters_and_proved_on_demand() {
    let app = office().await;
    app.submit(As("town"), "/plans/new", &application("P-1", "c-1")).await;
    for who in ["town", "county", "inspector", "viewer"] {
        assert_eq!(app.look(As(who), "/audit").await.0, StatusCode::FORBIDDEN, "{who}");
        assert_eq!(app.submit(As(who), "/audit/verify", &[]).await.0, StatusCode::FORBIDDEN, "{who}");
    }
    let log = text_of(&app.look(As("admin"), "/audit").await.1);
    assert!(log.contains("烧除计划 P-1") && log.contains("town某（到保镇）") && log.contains("建立账号"), "{log}");
    let plans = text_of(&app.look(As("admin"), "/audit?kind=plan&day=2026-04-13").await.1);
    let rows = &plans[plans.find("最新在前").unwrap()..];
    assert!(rows.contains("P-1") && !rows.contains("建立账号"), "{rows}");
    assert!(app.look(As("admin"), "/audit?day=2026-04-12").await.1.contains("没有符合条件的记录"));
    assert_eq!(app.look(As("admin"), "/audit?kind=nonsense").await.0, StatusCode::BAD_REQUEST);
    let head = head_of(&app.store).await;
    let (status, _, proof) = app.submit(As("admin"), "/audit/verify", &[]).await;
    assert!(status == StatusCode::OK && proof.contains("自身一致，未经证明") && proof.contains(&head.hash), "{proof}");
}

#[tokio::test]
async fn two_region_versions_are_compared_as_a_list_and_as_a_picture() {
    use firegrid::regions;
    let app = office().await;
    let folder = tempfile::tempdir().unwrap();
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("regions/baicheng");
    for entry in std::fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let activate = async || {
        let loaded = regions::load(folder.path()).unwrap();
        let bytes = loaded.bundle.to_bytes().unwrap();
        let version = loaded.data.version.clone();
        app.store
            .activate_region(
                RegionFiles {
                    region_id: "baicheng".to_owned(),
                    version: version.clone(),
                    bundle: bytes,
                    plans: Vec::new(),
                },
                None,
                app.now,
            )
            .await
            .unwrap();
        version.0
    };
    let first = activate().await;
    let zones = folder.path().join("zones.geojson");
    let mut value: serde_json::Value = serde_json::from_slice(&std::fs::read(&zones).unwrap()).unwrap();
    let gone = value["features"].as_array_mut().unwrap().pop().unwrap();
    std::fs::write(&zones, value.to_string()).unwrap();
    let second = activate().await;

    let list = app.look(As("admin"), "/regions").await.1;
    assert!(list.contains("firegrid regions reload") && list.contains("现行"));
    assert!(
        !app.look(As("town"), "/regions").await.1.contains("firegrid regions reload"),
        "only the administrator reloads"
    );
    let link = format!("/regions/{second}/difference?from={first}");
    assert!(list.contains(&link), "{list}");
    let (status, page) = app.look(As("town"), &link).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let name = gone["properties"]["name"].as_str().unwrap();
    assert!(
        page.contains("class=\"m d-removed\"")
            && !page.contains("<path class=\"m d-added\" d=\"M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z\" transform"),
        "{name}"
    );
    assert!(
        page.contains(&format!("删除 {name}")) && text_of(&page).contains("分区 新增 0 · 删除 1 · 修改 0"),
        "{}",
        text_of(&page)
    );
    assert_eq!(app.look(As("town"), "/regions/feedbeef/difference?from=feedbeef").await.0, StatusCode::NOT_FOUND);
    let (status, page) = app.look(As("town"), &format!("/regions/{first}/difference")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("没有更早的区划版本"), "{status}");
}

#[tokio::test]
async fn every_office_page_has_one_heading_and_answers_in_both_languages() {
    let app = office().await;
    app.submit(As("town"), "/plans/new", &application("P-1", "c-1")).await;
    let office = [
        "/plans",
        "/plans/new",
        "/plans/P-1",
        "/plans/orders",
        "/plans/progress",
        "/plans/import",
        "/people",
        "/people/duty",
        "/heat-sources",
        "/regions",
    ];
    let paths = office.map(|path| ("town", path)).into_iter().chain([
        ("admin", "/users"),
        ("admin", "/users/new"),
        ("admin", "/users/town"),
        ("admin", "/audit"),
    ]);
    for (who, path) in paths {
        for lang in ["zh", "en"] {
            let (status, page) = app.look(As(who), &format!("{path}?lang={lang}")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(!page.contains("style=\"") && !page.contains("onclick"), "{path}");
            let fields =
                page.matches("<input").count() + page.matches("<select").count() + page.matches("<textarea").count();
            let named = page.matches("<label").count() + page.matches("type=\"hidden\"").count();
            assert_eq!(fields, named, "every field of {path} has its label");
        }
    }
    assert_eq!(app.json("/api/v1/plans/P-1").await["status"], json!("applied"));
}
