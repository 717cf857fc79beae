//! The office's pages: what each role sees and does there, that numbers are the API's, and that forms do once what they say.

mod handover;

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::Act;
use firegrid::domain::alert::{AlertNumber, AlertSource};
use firegrid::domain::burning::BurnRules;
use firegrid::domain::finding::{Finding, FindingKind, Review};
use firegrid::domain::ground::RegionData;
use firegrid::domain::plan::{PlanApplication, PlanId};
use firegrid::domain::position::Position;
use firegrid::domain::unit::{DutyShift, Holder, Role as Post, UnitCode, UnitLevel};
use firegrid::store::{By, Command, Complainant, ENDED_COUNTED, NewAlert};
use rusqlite::params;
use serde_json::json;

use crate::ground_fixture::unit;
use crate::pages::{App, Setting, add_account, add_token, assert_in_order, observation, region, square, text_of};

/// Must never reach a page as it is.
const CANARY: &str = "<script>alert('x')</script>\"&";
/// The same as a page may hold it, after which only the text is compared.
const CANARY_START: &str = "&#60;script&#62;";

/// Every page of the office.
const PAGES: [&str; 6] = ["/problems", "/duty", "/duty/handover", "/review", "/complaints", "/wall"];

fn code(text: &str) -> UnitCode {
    UnitCode(text.to_owned())
}

fn holder(unit: &str, name: &str, role: Post, phone: Option<&str>) -> Holder {
    Holder {
        unit_code: code(unit),
        name: name.to_owned(),
        role,
        post: None,
        employer: None,
        phone: phone.map(firegrid::domain::phone::Phone::kept),
        valid_from: None,
        valid_to: None,
    }
}

/// The two counties, the second with a township, telephones, and a roster at the first county.
fn ground() -> RegionData {
    let mut data = region();
    data.units.push(unit("220201", "东屏镇", UnitLevel::Township, Some("2202"), Some(square(123.1, 45.6, 0.2))));
    data.people = vec![
        holder("220101001", "张三", Post::Inspector, Some("13900000001")),
        holder("220101", "李镇长", Post::Head, Some("0436-3222333")),
        holder("2201", "王县长", Post::Head, None),
        holder("220201", "外县人", Post::Head, Some("13911112222")),
    ];
    let shift = |date: &str, officer: &str| DutyShift {
        unit_code: code("2201"),
        date: date.parse().unwrap(),
        from: "08:00".parse().unwrap(),
        to: "08:00".parse().unwrap(),
        leader: "赵局长".to_owned(),
        officer: officer.to_owned(),
        phone: firegrid::domain::phone::Phone::kept("0436-3111222"),
    };
    data.duty = vec![shift("2026-04-13", "钱值班"), shift("2026-04-14", "孙值班"), shift("2026-04-15", "李值班")];
    data
}

/// One open alert in each county, and somebody of every role.
struct Office {
    app: App,
    here: String,
    there: String,
}

impl Office {
    async fn new() -> Self {
        let rows = vec![
            observation("122.715", "45.615", "2026-04-13T04:12:00Z"),
            observation("123.2", "45.7", "2026-04-13T04:12:00Z"),
        ];
        Self::start(Setting { region: ground(), rows, ..Setting::default() }).await
    }

    /// Needs a fire in each county.
    async fn start(setting: Setting) -> Self {
        let app = App::start(setting).await;
        let accounts = [
            ("city", Role::City, "22"),
            ("county", Role::County, "2201"),
            ("other", Role::County, "2202"),
            ("township", Role::Township, "220101"),
            ("inspector", Role::Inspector, "220101001"),
            ("viewer", Role::Viewer, "2201"),
        ];
        for (name, role, unit) in accounts {
            add_account(&app.store, name, role, &code(unit), app.now).await;
            add_token(&app.store, name, &format!("t-{name}"), TokenPower::Write, app.now).await;
        }
        let items = app.json("/api/v1/alerts").await;
        let of = |unit: &str| {
            let found = items["items"].as_array().unwrap().iter().find(|item| item["county_code"] == unit);
            found.unwrap()["number"].as_str().unwrap().to_owned()
        };
        Self { here: of("2201"), there: of("2202"), app }
    }

    async fn get(&self, who: &str, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer t-{who}"));
        let (status, _, body) = self.app.ask(request.body(Body::empty()).unwrap()).await;
        (status, body)
    }

    async fn page(&self, who: &str, path: &str) -> String {
        let (status, body) = self.get(who, path).await;
        assert_eq!(status, StatusCode::OK, "{who} {path}: {body}");
        body
    }

    async fn json(&self, who: &str, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.page(who, path).await).unwrap()
    }

    /// Sends a form; answers with the status, where it leads, and the page.
    async fn send(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer t-{who}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, body) = self.app.ask(request.body(Body::from(form(fields))).unwrap()).await;
        let to = headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        (status, to, body)
    }

    async fn act(&self, number: &str, act: Act, who: &str, unit: &str, note: &str) {
        let actor = Actor::person(who, code(unit));
        let command = Command { note: note.to_owned(), ..Command::plain(AlertNumber(number.to_owned()), act, actor) };
        self.app
            .store
            .whole()
            .carry_out(command, (self.app.ground.clone(), std::sync::Arc::default()), self.app.now)
            .await
            .unwrap();
    }

    /// A finding that needs no photo.
    async fn report(&self, number: &str, note: &str) {
        let finding = Finding {
            kind: FindingKind::Reflection,
            burnt_mu: None,
            material: Some("彩钢瓦".to_owned()),
            action: None,
            put_out_at: None,
            position: None,
            photos: Vec::new(),
        };
        self.act(number, Act::Report { finding }, "张三", "220101001", note).await;
    }

    async fn state(&self, number: &str) -> String {
        let case = self.app.json(&format!("/api/v1/alerts/{number}")).await;
        case["alert"]["state"].as_str().unwrap().to_owned()
    }

    async fn events(&self, number: &str, kind: &str) -> Vec<serde_json::Value> {
        let case = self.app.json(&format!("/api/v1/alerts/{number}")).await;
        case["events"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).cloned().collect()
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            write!(out, "%{byte:02X}").unwrap();
            out
        })
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// The value of a hidden or other field of a page.
fn field(page: &str, before: &str, name: &str) -> String {
    let from = page.find(before).unwrap_or_else(|| panic!("{before} in {page}"));
    let mark = format!("name=\"{name}\" value=\"");
    let start = from + page[from..].find(&mark).unwrap() + mark.len();
    page[start..start + page[start..].find('"').unwrap()].to_owned()
}

/// What stands before the words of a tile.
fn tile(page: &str, words: &str) -> u64 {
    let text = text_of(page);
    let end = text.find(&format!(" {words}")).unwrap_or_else(|| panic!("{words} in {text}"));
    text[..end].rsplit(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn every_page_shows_each_role_its_own_ground_and_nothing_foreign() {
    let office = Office::new().await;
    for path in PAGES {
        for who in ["city", "county", "township", "inspector", "viewer"] {
            let (status, page) = office.get(who, path).await;
            if who == "viewer" && path.starts_with("/duty") {
                assert_eq!(status, StatusCode::FORBIDDEN, "telephones are not for viewers: {path}");
                assert!(!page.contains("13900000001"));
                continue;
            }
            assert_eq!(status, StatusCode::OK, "{who} {path}: {page}");
            assert_eq!(page.matches("<h1").count(), 1, "{who} {path}");
            for forbidden in ["<script>", "<style", " style=", " onclick", "javascript:"] {
                assert!(!page.contains(forbidden), "{who} {path}: {forbidden}");
            }
            // The map draws the whole region's borders with their names, for everybody.
            let page = page.split("</figure>").last().unwrap();
            if who != "city" {
                for foreign in [office.there.as_str(), "东屏镇", "镇赉县", "外县人", "13911112222"] {
                    assert!(!text_of(page).contains(foreign), "{who} sees {foreign} on {path}: {}", text_of(page));
                }
            }
        }
    }
    let nobody = Request::get("/problems").body(Body::empty()).unwrap();
    let (status, _, _) = office.app.ask_as_is(nobody).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "to the page to sign in on");
}

#[tokio::test]
async fn the_problem_list_counts_what_the_api_counts_under_the_same_filter() {
    let office = Office::new().await;
    office.act(&office.here, Act::Acknowledge, "张三", "220101001", "").await;
    for who in ["city", "county", "other", "township", "inspector", "viewer"] {
        let page = office.page(who, "/problems").await;
        let counts = office.json(who, "/api/v1/alerts/counts").await;
        let of = |state: &str| -> u64 {
            let rows = counts["counts"].as_array().unwrap().iter().filter(|row| row["state"] == state);
            rows.map(|row| row["cases"].as_u64().unwrap()).sum()
        };
        assert_eq!(tile(&page, "待签收"), of("open"), "{who}");
        assert_eq!(tile(&page, "已签收"), of("acknowledged"), "{who}");
        for filter in ["open=true", "state=open&open=false", "verdict=banned&open=true", "level=grid&open=true"] {
            let listed = office.json(who, &format!("/api/v1/alerts?{filter}")).await;
            let page = text_of(&office.page(who, &format!("/problems?{filter}")).await);
            assert!(page.contains(&format!("告警 {}\n", listed["count"])), "{who} {filter}: {page}");
            for item in listed["items"].as_array().unwrap() {
                assert!(page.contains(item["number"].as_str().unwrap()), "{who} {filter}");
            }
        }
    }
}

#[tokio::test]
async fn alerts_that_are_over_are_counted_up_to_a_bound_and_open_ones_all() {
    let office = Office::new().await;
    let before = office.json("city", "/api/v1/alerts").await;
    assert_eq!((&before["count"], &before["count_is_least"]), (&json!(2), &json!(false)));
    let bound = u64::from(ENDED_COUNTED);
    closed_long_ago(&office.app, ENDED_COUNTED);
    for who in ["city", "county", "township", "inspector"] {
        let open = office.json(who, "/api/v1/alerts?open=true").await["count"].as_u64().unwrap();
        let all = office.json(who, "/api/v1/alerts?limit=1").await;
        assert_eq!((&all["count"], &all["count_is_least"]), (&json!(open + bound), &json!(false)), "{who}");
    }
    closed_long_ago(&office.app, 10);
    for who in ["city", "county", "township", "inspector"] {
        let open = office.json(who, "/api/v1/alerts?open=true").await;
        assert_eq!(open["count_is_least"], false, "{who}");
        let open = open["count"].as_u64().unwrap();
        let among = [("", open), ("&state=closed", 0), ("&state=open,closed", open), ("&verdict=banned", 1)];
        for (filter, with) in among.into_iter().chain([("&unit=220101", 1), ("&source=patrol", 0)]) {
            let found = office.json(who, &format!("/api/v1/alerts?limit=1{filter}")).await;
            let said = (&found["count"], &found["count_is_least"]);
            assert_eq!(said, (&json!(with + bound), &json!(true)), "{who} {filter}");
        }
        let page = text_of(&office.page(who, "/problems?open=false").await);
        assert!(page.contains(&format!("告警 {}+\n", open + bound)), "{who}: {page}");
        let page = text_of(&office.page(who, "/problems").await);
        assert!(
            page.contains(&format!("告警 {open}\n")) && page.contains(&format!("{bound}+ 已销号")),
            "{who}: {page}"
        );
        let counts = office.json(who, "/api/v1/alerts/counts?state=closed").await;
        assert_eq!(counts["counts"][0]["cases"], bound + 10, "{who}: the statistics count them all");
    }
}

/// So many more closed alerts on the inspector's ground, straight into the tables.
fn closed_long_ago(app: &App, cases: u32) {
    let mut db = rusqlite::Connection::open(app.store.path()).unwrap();
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let before: u32 = tx.query_row("SELECT count(*) FROM alerts WHERE state = 'closed'", [], |row| row.get(0)).unwrap();
    for n in before..before + cases {
        let (number, seen) = (format!("20200101-{n:05}"), 1_577_836_800_000_i64 + i64::from(n));
        tx.execute(
            "INSERT INTO alerts (number, source, ground_code, responsible_code, township_code, county_code, owner_code,
                 unit_code, state, origin, verdict, may_be_banned, candidates, other_units, lon, lat, first_key,
                 first_seen_at, last_seen_at, detections, region_version, recorded_at)
             VALUES (?1, 'patrol', '220101', '220101', '220101', '2201', '220101001', '220101001', 'closed', 'live',
                 'banned', 0, '[]', '[]', 122.71, 45.61, '', ?2, ?2, 0, 'test', ?2)",
            params![number, seen],
        )
        .unwrap();
        for unit in ["22", "2201", "220101", "220101001"] {
            let row = params![unit, seen, number];
            tx.execute("INSERT INTO alert_scope VALUES (?1, 0, ?2, ?3, 'own')", row).unwrap();
        }
    }
    tx.commit().unwrap();
}

#[tokio::test]
async fn the_problem_list_shows_whose_clock_is_next_and_leads_to_table_and_alert() {
    let office = Office::new().await;
    let page = office.page("county", "/problems?verdict=banned").await;
    let text = text_of(&page);
    // Recorded at 04:41, due after ten minutes; now it is 05:00 UTC.
    assert_in_order(&text, &[&office.here, "禁烧区火点", "待签收", "到保东网格", "签收", "04-13 12:51", "超时9分钟"]);
    assert!(page.contains(&format!("href=\"/alerts/{}\"", office.here)));
    let table = "/api/v1/alerts/export?verdict=banned&amp;open=true&amp;format=csv";
    let table = table.replace("&amp;", "&#38;");
    assert!(page.contains(&table), "{page}");
    let (status, saved) = office.get("county", &table.replace("&#38;", "&")).await;
    assert!(status.is_success() && saved.contains(&office.here) && !saved.contains(&office.there), "{saved}");
    let (status, page) = office.get("county", "/problems?sort=colour").await;
    assert!(status == StatusCode::BAD_REQUEST && text_of(&page).contains("clock or newest"), "{page}");
}

#[tokio::test]
async fn the_problem_list_pages_through_every_alert_once_by_clock() {
    let office = Office::new().await;
    for n in 0..120 {
        let new = NewAlert {
            source: AlertSource::Problem,
            position: Position::from_lon_lat(122.72, 45.55).unwrap(),
            seen_at: office.app.now,
            description: format!("第{n}堆"),
            actor: Actor::person("值班员", code("2201")),
            reported_by: None,
            external_number: None,
            letter_number: None,
            reply_by: None,
            complainant: None,
            client_id: None,
        };
        office
            .app
            .store
            .whole()
            .carry_out(new, (office.app.ground.clone(), std::sync::Arc::default()), office.app.now)
            .await
            .unwrap();
    }
    let (mut path, mut seen) = ("/problems".to_owned(), Vec::new());
    loop {
        let page = office.page("county", &path).await;
        let rows = page.split("<th scope=\"row\"><a class=\"num\" href=\"/alerts/").skip(1);
        seen.extend(rows.map(|row| row[..13].to_owned()));
        let Some(next) = page.find("rel=\"next\" href=\"") else { break };
        let rest = &page[next + 17..];
        path = rest[..rest.find('"').unwrap()].replace("&#38;", "&");
    }
    assert_eq!(seen.len(), 121, "{seen:?}");
    assert_eq!(seen[0], office.here, "the oldest clock first");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 121, "none twice");
}

#[tokio::test]
async fn the_duty_page_says_who_is_on_duty_and_whom_to_telephone_next() {
    let office = Office::new().await;
    let page = office.page("county", "/duty").await;
    let text = text_of(&page);
    assert_in_order(&text, &["未签收告警 1", &office.here, "下一个电话", "张三", "13900000001", "李镇长", "王县长"]);
    assert_in_order(&text, &["当前值班", "洮北区", "赵局长", "钱值班", "0436-3111222", "04-14 08:00"]);
    assert!(page.contains("href=\"tel:13900000001\"") && page.contains("href=\"tel:04363111222\""), "{page}");
    assert!(page.contains(&format!("/alerts/{}#acts", office.here)));
}

#[tokio::test]
async fn a_call_is_noted_once_and_the_next_one_up_is_named_then() {
    let office = Office::new().await;
    let page = office.page("county", "/duty").await;
    let path = format!("/duty/alerts/{}/call", office.here);
    let id = field(&page, &path, "client_id");
    let fields = [
        ("client_id", id.as_str()),
        ("whom", "张三"),
        ("called_at", "2026-04-13T12:55"),
        ("answered", "no"),
        ("note", CANARY),
    ];
    for attempt in ["first", "sent twice"] {
        let (status, to, body) = office.send("county", &path, &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{attempt}: {body}");
        assert_eq!(to, format!("/duty?done={0}#c-{0}", office.here));
    }
    let calls = office.events(&office.here, "called").await;
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!((&calls[0]["actor"], &calls[0]["detail"]["answered"]), (&"county某".into(), &false.into()));
    assert_eq!(calls[0]["claimed_at"], "2026-04-13T04:55:00Z");
    let page = office.page("county", &format!("/duty?done={}", office.here)).await;
    assert!(!page.contains("<script>") && page.contains(CANARY_START), "{page}");
    assert_in_order(
        &text_of(&page),
        &[
            "已记录：",
            "下一个电话",
            "李镇长",
            "张三",
            "未接通 04-13 13:00",
            "通话记录",
            "04-13 13:00",
            "手机时间",
            "12:55",
        ],
    );
}

#[tokio::test]
async fn a_call_that_cannot_be_is_refused_and_what_was_typed_stays() {
    let office = Office::new().await;
    let path = format!("/duty/alerts/{}/call", office.here);
    let typed = [("whom", "李四"), ("note", "占线"), ("called_at", "2026-04-13T14:00"), ("answered", "no")];
    let cases: [(&[(&str, &str)], &str); 3] = [
        (&typed, "晚于当前时间"),
        (&[("whom", "李四"), ("note", "占线")], "已接通"),
        (&[("answered", "no"), ("note", "占线")], "通话对象"),
    ];
    for (fields, why) in cases {
        let (status, _, page) = office.send("county", &path, fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(text_of(&page).contains(why) && page.contains("value=\"占线\""), "{why}: {page}");
    }
    assert!(office.events(&office.here, "called").await.is_empty());
    let (status, _, _) = office.send("viewer", &path, &typed).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _, page) = office.send("other", &path, &[("whom", "李四"), ("answered", "no")]).await;
    assert!(status == StatusCode::NOT_FOUND && !page.contains("到保东网格"), "{status} {page}");
    assert!(page.contains("href=\"/duty?lang=en\""), "the other language is that of the page, not of the form");
}

#[tokio::test]
async fn whoever_acknowledges_for_another_names_him_and_both_names_are_kept() {
    let office = Office::new().await;
    let path = format!("/duty/alerts/{}/acknowledge", office.here);
    let (status, _, page) = office.send("county", &path, &[("for_whom", " ")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text_of(&page).contains("被代签收人"), "{page}");
    let (status, _, body) = office.send("county", &path, &[("for_whom", "张三"), ("note", "电话确认")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let events = office.events(&office.here, "acknowledged").await;
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["actor"], &events[0]["on_behalf_of"]), (&"county某".into(), &"张三".into()));
    assert_eq!(office.state(&office.here).await, "acknowledged");
    assert!(text_of(&office.page("county", "/duty").await).contains("未签收告警 0"));
}

#[tokio::test]
async fn a_shift_is_handed_over_once_with_its_open_alerts_and_stands_in_the_log() {
    let office = Office::new().await;
    let sheet = office.page("county", "/duty/handover").await;
    assert_in_order(
        &text_of(&sheet),
        &["洮北区", "2026-04-13 08:00", "2026-04-14 08:00", "赵局长", "钱值班", "1 件", &office.here, "生成告警"],
    );
    assert!(
        sheet.contains("value=\"钱值班\"") && sheet.contains("value=\"孙值班\""),
        "the roster says who comes: {sheet}"
    );
    let id = field(&sheet, "action=\"/duty/handover", "client_id");
    let fields = [("client_id", id.as_str()), ("gives", "钱值班"), ("takes", "孙值班"), ("note", CANARY)];
    let before = office.app.store.whole().verify_audit(None).await.unwrap().unwrap().events;
    for attempt in ["first", "sent twice"] {
        let (status, to, body) = office.send("county", "/duty/handover", &fields).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/duty/handover?done=1"), "{attempt}: {body}");
    }
    let page = office.page("county", "/duty/handover?done=1").await;
    assert!(!page.contains("<script>") && page.contains(CANARY_START), "{page}");
    let list = text_of(&page);
    let list = &list[list.find("最近交接班").unwrap()..];
    assert_in_order(list, &["2026-04-13 13:00", "洮北区", "钱值班", "孙值班", "1"]);
    assert_eq!(list.matches("钱值班 孙值班").count(), 1, "once: {list}");
    assert!(text_of(&office.page("city", "/duty").await).contains("孙值班"), "the city sees its counties' handovers");
    assert!(!text_of(&office.page("other", "/duty").await).contains("孙值班"));
    let audit = office.app.store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(audit.faults.is_empty(), "{audit:?}");
    assert_eq!(audit.events, before + 1, "one event, however often it was sent");
    let other = [("client_id", id.as_str()), ("gives", "钱值班"), ("takes", "别人"), ("note", "")];
    assert_eq!(office.send("county", "/duty/handover", &other).await.0, StatusCode::CONFLICT, "the id is taken");
}

#[tokio::test]
async fn a_handover_to_nobody_or_oneself_is_refused_and_an_inspector_has_no_desk() {
    let office = Office::new().await;
    for (takes, why) in [("", "接班人"), ("钱值班", "都是“钱值班”")] {
        let fields = [("gives", "钱值班"), ("takes", takes), ("note", "两处待复查")];
        let (status, _, page) = office.send("county", "/duty/handover", &fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text_of(&page).contains(why) && page.contains("两处待复查</textarea>"), "{why}: {page}");
    }
    let fields = [("gives", "甲"), ("takes", "乙")];
    for who in ["inspector", "viewer"] {
        assert_eq!(office.send(who, "/duty/handover", &fields).await.0, StatusCode::FORBIDDEN, "{who}");
        let (_, page) = office.get(who, "/duty/handover").await;
        assert!(!page.contains("action=\"/duty/handover"), "{who} has no form");
    }
    assert!(text_of(&office.page("county", "/duty").await).contains("尚无交接班记录"));
}

#[tokio::test]
async fn the_review_queue_holds_what_this_level_decides_and_one_press_decides_it_once() {
    let office = Office::new().await;
    office.report(&office.here, CANARY).await;
    for who in ["township", "inspector", "other"] {
        assert!(text_of(&office.page(who, "/review").await).contains("没有待您审核的反馈"), "{who}");
    }
    assert!(
        text_of(&office.page("township", "/review").await).contains("另有由其他单位或层级审核的反馈（件）： 1")
            || text_of(&office.page("township", "/review").await).contains("另有由其他单位或层级审核的反馈（件）：1")
    );
    let page = office.page("county", "/review").await;
    assert!(!page.contains("<script>") && page.contains(CANARY_START), "{page}");
    assert_in_order(
        &text_of(&page),
        &["待审核的反馈 1", &office.here, "审核", "还剩", "已等", "反光", "彩钢瓦", "张三"],
    );
    let path = format!("/review/{}", office.here);
    let id = field(&page, &format!("action=\"{path}"), "client_id");
    let (status, _, again) = office.send("county", &path, &[("decision", "send_back"), ("reason", " ")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text_of(&again).contains("请填写“理由”"), "{again}");
    let (status, _, _) = office.send("township", &path, &[("decision", "confirm")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "the rules of the alert decide, not the page");
    let fields = [("client_id", id.as_str()), ("decision", "exclude"), ("reason", "现场为彩钢瓦反光")];
    for attempt in ["first", "sent twice"] {
        let (status, to, body) = office.send("county", &path, &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{attempt}: {body}");
        assert_eq!(to, format!("/review?done={}", office.here));
    }
    let reviews = office.events(&office.here, "reviewed").await;
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0]["detail"]["note"], "现场为彩钢瓦反光");
    assert_eq!(office.state(&office.here).await, "excluded");
    let (status, _, page) = office.send("county", &path, &[("decision", "confirm")]).await;
    assert!(status == StatusCode::CONFLICT && text_of(&page).contains("现为“"), "{page}");
}

#[tokio::test]
async fn a_viewer_reads_the_queue_and_decides_nothing() {
    let office = Office::new().await;
    office.report(&office.here, "").await;
    let page = office.page("viewer", "/review").await;
    assert!(page.contains(&office.here) && !page.contains("name=\"decision\""), "{page}");
    let (status, _, _) = office.send("viewer", &format!("/review/{}", office.here), &[("decision", "confirm")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(office.state(&office.here).await, "reported");
}

#[tokio::test]
async fn a_dispute_stands_before_the_common_superior_alone() {
    let office = Office::new().await;
    let dispute = Act::Dispute { proposed: code("220201") };
    office.act(&office.here, dispute, "李镇长", "220101", "火在界河东岸").await;
    assert!(text_of(&office.page("county", "/review").await).contains("没有待您裁定的异议"));
    let page = office.page("city", "/review").await;
    assert_in_order(
        &text_of(&page),
        &["待裁定的归属异议 1", &office.here, "到保镇", "东屏镇", "李镇长", "火在界河东岸"],
    );
    let path = format!("/review/{}", office.here);
    assert_eq!(office.send("county", &path, &[("decision", "accept")]).await.0, StatusCode::FORBIDDEN);
    let (status, _, body) = office.send("city", &path, &[("decision", "accept")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let case = office.app.json(&format!("/api/v1/alerts/{}", office.here)).await;
    assert_eq!(case["alert"]["responsible_code"], "220201");
}

#[tokio::test]
async fn a_finding_with_photos_shows_them_small_and_leads_to_the_originals() {
    let office = Office::new().await;
    let upload = Request::post("/api/v1/photos").header(header::AUTHORIZATION, "Bearer sesame");
    let (_, _, text) = office.app.ask(upload.body(Body::from(crate::pictures::jpeg("picture"))).unwrap()).await;
    let hash = serde_json::from_str::<serde_json::Value>(&text).unwrap()["hash"].as_str().unwrap().to_owned();
    let body =
        serde_json::json!({"act": "report", "as": "张三@220101001", "finding": {"kind": "straw", "photos": [hash]}});
    let (status, answer) = office.app.act(&office.here, &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let page = office.page("county", "/review").await;
    assert!(page.contains(&format!("src=\"/api/v1/photos/{hash}?size=thumb\"")), "{page}");
    assert!(page.contains(&format!("href=\"/api/v1/photos/{hash}\"")));
}

/// What a county's office types.
fn complaint() -> Vec<(&'static str, &'static str)> {
    vec![
        ("lon", "122.75"),
        ("lat", "45.55"),
        ("datum", "wgs84"),
        ("what", CANARY),
        ("letter_number", "信访7号"),
        ("reply_by", "2026-04-20"),
        ("name", "秘密人"),
        ("phone", "13877776666"),
        ("client_id", "form-1"),
    ]
}

#[tokio::test]
async fn a_complaint_is_taken_once_by_county_or_city_and_only_the_city_sees_who_complained() {
    let office = Office::new().await;
    for attempt in ["first", "sent twice"] {
        let (status, to, body) = office.send("county", "/complaints", &complaint()).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{attempt}: {body}");
        assert!(to.starts_with("/complaints?done=20260413-"), "{to}");
    }
    for who in ["city", "county", "township", "viewer"] {
        let page = office.page(who, "/complaints").await;
        assert!(!page.contains("<script>") && page.contains(CANARY_START), "{page}");
        assert_in_order(&text_of(&page), &["按答复期限 1", "2026-04-20", "还剩7天", "信访7号"]);
        let knows = page.contains("秘密人") || page.contains("13877776666");
        assert_eq!(knows, who == "city", "{who}");
        assert_eq!(page.contains("action=\"/complaints"), matches!(who, "city" | "county"), "{who}");
    }
    assert!(!office.page("other", "/complaints").await.contains("信访7号"));
    for path in PAGES.iter().filter(|path| **path != "/complaints") {
        assert!(!office.page("city", path).await.contains("秘密人"), "{path}");
    }
    let (status, _, _) = office.send("township", "/complaints", &complaint()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_complaint_with_a_past_day_of_reply_or_a_wild_place_is_refused_with_the_reason() {
    let office = Office::new().await;
    let with = |name: &'static str, value: &'static str| {
        let mut fields: Vec<_> = complaint().into_iter().filter(|(known, _)| *known != name).collect();
        fields.push((name, value));
        fields
    };
    let cases = [
        (with("reply_by", "2026-04-12"), "早于今日"),
        (with("lon", "45.55"), "不在本市范围内"),
        (with("lon", "很远"), "“经度”应为数字"),
        (with("what", ""), "反映内容"),
        (with("seen_at", "2026-04-14T10:00"), "晚于当前时间"),
    ];
    for (fields, why) in cases {
        let (status, _, page) = office.send("county", "/complaints", &fields).await;
        assert!(status.is_client_error() && text_of(&page).contains(why), "{why}: {status} {}", text_of(&page));
        assert!(page.contains("value=\"信访7号\""), "what was typed stays: {page}");
        assert!(!page.contains("<script>"), "{why}");
    }
    assert!(text_of(&office.page("city", "/complaints").await).contains("没有举报信访告警"));
    // Another county's ground is for its own desk.
    let (status, _, page) = office.send("other", "/complaints", &complaint()).await;
    assert!(status == StatusCode::FORBIDDEN && text_of(&page).contains("不属同一县区"), "{page}");
}

#[tokio::test]
async fn complaints_stand_by_the_day_of_reply_soonest_first() {
    let office = Office::new().await;
    let days = [Some("2026-04-30"), None, Some("2026-04-15")];
    for (n, day) in days.into_iter().enumerate() {
        let new = NewAlert {
            source: AlertSource::Complaint,
            position: Position::from_lon_lat(122.72, 45.55).unwrap(),
            seen_at: office.app.now,
            description: format!("来信{n}"),
            actor: Actor::person("值班员", code("22")),
            reported_by: None,
            external_number: Some(format!("n{n}")),
            letter_number: None,
            reply_by: day.map(|day| day.parse().unwrap()),
            complainant: Some(Complainant::default()),
            client_id: None,
        };
        office
            .app
            .store
            .whole()
            .carry_out(new, (office.app.ground.clone(), std::sync::Arc::default()), office.app.now)
            .await
            .unwrap();
    }
    assert_in_order(&text_of(&office.page("county", "/complaints").await), &["来信2", "来信0", "来信1"]);
}

#[tokio::test]
async fn the_wall_shows_the_day_with_its_coverage_the_alerts_of_the_api_and_the_progress_of_plans() {
    let office = Office::new().await;
    let application = PlanApplication {
        id: PlanId("P-1".to_owned()),
        unit_code: code("220101002"),
        plot: None,
        window_start: "2026-04-14T00:00:00Z".parse().unwrap(),
        window_end: "2026-04-14T06:00:00Z".parse().unwrap(),
        area_mu: 40.0,
        responsible: "张三".to_owned(),
        note: None,
    };
    let by = By::now(Actor::person("值班员", code("220101")));
    office
        .app
        .store
        .whole()
        .carry_out(application, (by, office.app.ground.clone(), BurnRules::default()), office.app.now)
        .await
        .unwrap();
    let page = office.page("county", "/wall").await;
    let text = text_of(&page);
    assert!(page.contains("<meta http-equiv=\"refresh\" content=\"60\">") && page.contains("<svg"));
    assert_in_order(
        &text,
        &[
            "洮北区",
            "13:00",
            "热异常像元（个） 1",
            "疑似火点（处） 1",
            "数据截至 04-13 12:12",
            "noaa20",
            "没有火点不等于没有火情",
        ],
    );
    assert_in_order(
        &text,
        &["未办结 1", "超时 0", "已办结 0", "到保镇 1 1 1 0 1", "洮北区合计 1 1 1 0 1", "序时进度", "到保镇", "洮北区"],
    );
    assert!(text.contains("内部工作资料，不得公开"));
    let still = office.page("county", "/wall?refresh=off").await;
    assert!(!still.contains("http-equiv"), "whoever reads slowly can stop it");
    let open = office.json("city", "/api/v1/alerts?open=true").await["count"].clone();
    assert!(text_of(&office.page("city", "/wall").await).contains(&format!("未办结 {open}")));
    let empty = text_of(&office.page("city", "/wall?date=2026-04-12").await);
    assert_in_order(&empty, &["疑似火点（处） 0", "数据截至", "noaa20", "暂无疑似火点", "没有火点不等于没有火情"]);
}

#[tokio::test]
async fn the_wall_of_a_reviewed_map_is_not_called_internal() {
    let data = RegionData { map_review_number: Some("吉S(2026)001号".to_owned()), ..ground() };
    let app = App::start(Setting { region: data, ..Setting::default() }).await;
    let page = app.page("/wall").await;
    assert!(!page.contains("内部工作资料") && page.contains("审图号：吉S(2026)001号"), "{page}");
}

#[tokio::test]
async fn an_alert_that_may_be_looked_back_on_is_closed_by_one_press_when_its_day_comes() {
    let office = Office::new().await;
    office.report(&office.here, "").await;
    office.act(&office.here, Act::Review { review: Review::Confirmed }, "王县长", "2201", "").await;
    office.act(&office.here, Act::Close, "王县长", "2201", "").await;
    let rules = std::sync::Arc::default();
    let due = office.app.now.checked_add(firegrid::domain::time::SignedDuration::from_hours(31 * 24)).unwrap();
    office.app.store.fire_due(office.app.ground.clone(), rules, due, 100).await.unwrap();
    assert_in_order(&text_of(&office.page("township", "/review").await), &["到期的回头看 1", &office.here]);
    let path = format!("/review/{}", office.here);
    let (status, _, body) = office.send("township", &path, &[("decision", "clean")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(office.state(&office.here).await, "looked_back");
}

#[tokio::test]
async fn a_viewers_navigation_has_the_wall_and_it_opens() {
    let office = Office::new().await;
    assert!(office.page("viewer", "/").await.contains("<a href=\"/wall\""));
    assert!(office.page("viewer", "/wall").await.contains("<a href=\"/wall\" aria-current=\"page\""));
    assert!(!office.page("inspector", "/").await.contains("<a href=\"/wall\""), "nor does a phone get a big screen");
}
