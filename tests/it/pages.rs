//! Pages and API over a real store: what people see, and what no page may forget or leak.

use crate::ground_fixture::{batch, unit};

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::calendar::Calendar;
use firegrid::domain::freshness::Patience;
use firegrid::domain::ground::{Extent, Ground, RegionData, RegionVersion};
use firegrid::domain::nearest::Place;
use firegrid::domain::observation::{
    Confidence, DayNight, Decimal, Observation, ObservationKey, ProcessingLevel, Satellite,
};
use firegrid::domain::position::Position;
use firegrid::domain::share::Shares;
use firegrid::domain::time::{SignedDuration, TimeZone, Timestamp};
use firegrid::domain::unit::{Holder, Role as Post, UnitCode, UnitLevel};
use firegrid::domain::zone::{OutsideZones, Zone, ZoneClass};
use firegrid::report::export::{self, Format};
use firegrid::store::query::{AlertRow, DetectionRow, FireRow, Span};
use firegrid::store::{AccountChange, Batch, CursorUpdate, DoubtfulRow, NewAccount, NewToken, Store, Who};
use firegrid::vitals::Vitals;
use firegrid::web::{AccountRules, BaseTiles, Site, router};
use serde_json::Value;
use tower::ServiceExt;

/// Must never reach a page as it is.
const CANARY: &str = "<script>alert('x')</script>\"&";

/// Noon in Shanghai of 13 April 2026, and a little.
const SEEN: &str = "2026-04-13T04:12:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn square(west: f64, south: f64, side: f64) -> geo::MultiPolygon<f64> {
    geo::MultiPolygon::new(vec![geo::Rect::new((west, south), (west + side, south + side)).to_polygon()])
}

/// A city of two counties; in one a township with two cells and a ban zone, the other empty.
pub fn region() -> RegionData {
    let code = |text: &str| UnitCode(text.to_owned());
    let mut city = unit("22", "白城市", UnitLevel::City, None, None);
    city.name_en = Some("Baicheng".to_owned());
    RegionData {
        version: RegionVersion("0123456789abcdef".to_owned()),
        id: "sample".to_owned(),
        name: "白城市".to_owned(),
        name_en: Some("Baicheng".to_owned()),
        time_zone: TimeZone::get("Asia/Shanghai").unwrap(),
        outside_zones: OutsideZones::Limited,
        outside_season: None,
        extent: Extent { west: 121.0, south: 44.0, east: 125.0, north: 47.0 },
        neighbour_belt_km: 10.0,
        map_review_number: None,
        units: vec![
            city,
            unit("2201", "洮北区", UnitLevel::County, Some("22"), Some(square(122.5, 45.5, 0.5))),
            unit("2202", "镇赉县", UnitLevel::County, Some("22"), Some(square(123.0, 45.5, 0.5))),
            unit("220101", "到保镇", UnitLevel::Township, Some("2201"), Some(square(122.6, 45.5, 0.2))),
            unit("220101001", "到保东网格", UnitLevel::Grid, Some("220101"), Some(square(122.7, 45.6, 0.05))),
            unit("220101002", "到保西网格", UnitLevel::Grid, Some("220101"), Some(square(122.65, 45.6, 0.05))),
        ],
        zones: vec![Zone {
            id: "ban-1".to_owned(),
            name: "机场禁烧区".to_owned(),
            name_en: None,
            class: ZoneClass::Ban,
            valid_from: None,
            valid_to: None,
            season: None,
            authority: None,
            basis: None,
            approximate: false,
            outline: square(122.7, 45.6, 0.03),
        }],
        people: vec![Holder {
            unit_code: code("220101001"),
            name: "张三".to_owned(),
            role: Post::Inspector,
            post: None,
            employer: None,
            phone: None,
            valid_from: None,
            valid_to: None,
        }],
        heat_sources: Vec::new(),
        calendar: Calendar::default(),
        burn_weather: Vec::new(),
        burn_plans: Vec::new(),
        duty: Vec::new(),
        landcover: Vec::new(),
        places: vec![Place {
            name: "到保村".to_owned(),
            name_en: Some("Daobao".to_owned()),
            position: Position::from_lon_lat(122.72, 45.60).unwrap(),
            kind: None,
            unit_code: None,
        }],
    }
}

pub fn observation(lon: &str, lat: &str, seen: &str) -> Observation {
    let (lon, lat) = (Decimal::parse(lon).unwrap(), Decimal::parse(lat).unwrap());
    Observation {
        position: Position::from_lon_lat(lon.to_f64(), lat.to_f64()).unwrap(),
        key: ObservationKey { satellite: Satellite::Noaa20, acquired_at: at(seen), lon, lat },
        level: ProcessingLevel::Nrt,
        scan_km: Some(0.41),
        track_km: Some(0.37),
        brightness_k: Some(338.2),
        brightness_background_k: Some(295.0),
        frp_mw: Some(7.25),
        confidence: Confidence::Nominal,
        confidence_raw: "n".to_owned(),
        day_night: DayNight::Day,
        version_raw: "2.0NRT".to_owned(),
        source_type: None,
        raw: String::new(),
    }
}

/// A pixel in the ban zone of the eastern cell, and one outside the city.
fn fires() -> Vec<Observation> {
    vec![observation("122.715", "45.615", SEEN), observation("122.45", "45.7", SEEN)]
}

pub struct Setting {
    pub region: RegionData,
    pub rows: Vec<Observation>,
    pub simulated: bool,
    /// The configured feeds.
    pub sources: Vec<String>,
    pub now: &'static str,
    pub outcome: &'static str,
    pub tiles: BaseTiles,
    pub shares: Shares,
    /// Instead of one that stands at `now`.
    pub clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
    /// Instead of those that believe the clock.
    pub vitals: Option<Arc<Vitals>>,
    /// Asking nobody for a second step.
    pub account_rules: AccountRules,
    #[cfg(feature = "oidc")]
    pub sign_on: Option<firegrid::sign_on::Provider>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            region: region(),
            rows: fires(),
            simulated: false,
            sources: vec!["noaa20".to_owned()],
            now: "2026-04-13T05:00:00Z",
            outcome: "fetched",
            tiles: BaseTiles::default(),
            shares: Shares::default(),
            clock: None,
            vitals: None,
            account_rules: AccountRules { second_step: Vec::new(), ..AccountRules::default() },
            #[cfg(feature = "oidc")]
            sign_on: None,
        }
    }
}

/// Vitals whose steady clock goes as the wall clock is set: tests turn it as they like.
pub fn following(clock: &Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Vitals {
    let clock = clock.clone();
    Vitals::with_steady(move || Duration::from_millis(u64::try_from(clock().as_millisecond()).unwrap()))
}

/// The token of the city's office, which may act for everybody.
pub const TOKEN: &str = "sesame";

/// Another one of it, through which it reviews what it reported.
pub const REVIEWER: &str = "sesame-reviews";

/// Makes an account without a password.
pub async fn add_account(store: &Store, name: &str, role: Role, unit: &UnitCode, now: Timestamp) {
    let new = NewAccount {
        name: name.to_owned(),
        person: format!("{name}某"),
        role,
        unit: unit.clone(),
        phone: None,
        password_hash: None,
        subject: None,
    };
    store.accounts().add(new, Actor::system(), now).await.unwrap();
}

/// Gives an account a token.
pub async fn add_token(store: &Store, name: &str, secret: &str, power: TokenPower, now: Timestamp) {
    let new = NewToken {
        secret_hash: firegrid::credentials::digest(secret),
        label: "test".to_owned(),
        power,
        expires_at: now.checked_add(SignedDuration::from_hours(24)).unwrap(),
    };
    store.accounts().change(name, AccountChange::Token(new), Actor::system(), now).await.unwrap();
}

/// A recorded poll and the site over it.
pub struct App {
    pub router: Router,
    pub store: Store,
    pub ground: Arc<Ground>,
    pub now: Timestamp,
    _folder: tempfile::TempDir,
}

impl App {
    /// The usual three fires.
    pub async fn usual() -> Self {
        Self::start(Setting::default()).await
    }

    pub async fn start(setting: Setting) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("test.sqlite")).unwrap();
        let ground = Arc::new(Ground::build(setting.region));
        let batch = Batch {
            source_id: "noaa20".to_owned(),
            outcome: setting.outcome.to_owned(),
            http_status: None,
            detail: "3 rows".to_owned(),
            acquired_within: Some((at(SEEN), at(SEEN))),
            cursor: Some(CursorUpdate { succeeded: true, ..CursorUpdate::default() }),
            ..batch(setting.rows, at("2026-04-13T04:40:00Z"))
        };
        store.record(batch, ground.clone(), Arc::default(), at("2026-04-13T04:41:00Z")).await.unwrap();
        let now = at(setting.now);
        let clock = setting.clock.unwrap_or_else(|| Arc::new(move || now));
        let site = Site {
            database: store.path().to_owned(),
            accounts: store.accounts(),
            health: store.health(),
            ground: tokio::sync::watch::channel(ground.clone()).1,
            patience: Patience {
                late_after: SignedDuration::from_hours(12),
                stale_after: SignedDuration::from_hours(24),
            },
            link_gap: firegrid::domain::fire::DEFAULT_LINK_GAP,
            rules: Arc::default(),
            burn_rules: firegrid::domain::burning::BurnRules::default(),
            approval_rules: firegrid::domain::heat_approval::ApprovalRules::default(),
            suggest_rules: firegrid::domain::heat_suggest::SuggestRules::default(),
            reach: firegrid::web::Reach::default(),
            account_rules: setting.account_rules,
            shares: setting.shares,
            #[cfg(feature = "oidc")]
            sign_on: setting.sign_on,
            sources: setting.sources,
            tiles: setting.tiles,
            simulated: setting.simulated,
            vitals: setting.vitals.unwrap_or_else(|| Arc::new(following(&clock))),
            clock,
            metrics: Arc::new(|| "firegrid_test 1\n".to_owned()),
            started_at: at("2026-04-13T04:00:00Z"),
            sqlite_version: "3.51.3".to_owned(),
        };
        let city = ground.top().unwrap().code.clone();
        add_account(&store, "office", Role::City, &city, now).await;
        add_token(&store, "office", TOKEN, TokenPower::ActFor, now).await;
        add_account(&store, "reviewer", Role::City, &city, now).await;
        add_token(&store, "reviewer", REVIEWER, TokenPower::ActFor, now).await;
        Self { router: router(Arc::new(site)), store, ground, now, _folder: folder }
    }

    pub async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let (status, headers, body) = self.ask_bytes(request).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    /// As the city's office, unless the request says whose token it is.
    pub async fn ask_bytes(&self, mut request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let token = header::HeaderValue::from_str(&format!("Bearer {TOKEN}")).unwrap();
        request.headers_mut().entry(header::AUTHORIZATION).or_insert(token);
        self.ask_as_is(request).await
    }

    /// The answer before its body is read, for streams.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// With what the request itself brings and no more; what the city's program asks is prepared as the guide says.
    pub async fn ask_as_is(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let is_program = |value: &header::HeaderValue| value.as_bytes() == format!("Bearer {TOKEN}").as_bytes();
        let is_json =
            request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
        let request = if is_json && request.headers().get(header::AUTHORIZATION).is_some_and(is_program) {
            self.prepared(request).await
        } else {
            request
        };
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, body.to_vec())
    }

    /// A call of the city's program: whom it names has an account, and it reviews through another than it reports.
    async fn prepared(&self, request: Request<Body>) -> Request<Body> {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        if let Some((person, unit)) = said["as"].as_str().and_then(|text| text.rsplit_once('@')) {
            self.make_known(person, &UnitCode(unit.to_owned())).await;
        }
        if matches!(said["act"].as_str(), Some("review" | "approve" | "refuse")) {
            parts.headers.insert(header::AUTHORIZATION, format!("Bearer {REVIEWER}").parse().unwrap());
        }
        Request::from_parts(parts, Body::from(body))
    }

    /// Gives somebody an account, where the unit is one and he has none.
    pub async fn make_known(&self, person: &str, unit: &UnitCode) {
        let actor = Actor::person(person, unit.clone());
        let is_known = actor.is_listed(&self.ground, self.ground.local_day(self.now));
        let is_nobody = person.trim().is_empty() || self.ground.unit(unit).is_none();
        if is_known || is_nobody || self.store.accounts().find(Who::Person(actor.clone())).await.is_ok() {
            return;
        }
        let role = match self.ground.unit(unit).unwrap().level {
            UnitLevel::City => Role::City,
            UnitLevel::County => Role::County,
            UnitLevel::Township => Role::Township,
            _ => Role::Inspector,
        };
        let new = NewAccount {
            name: format!("p{}", self.store.accounts().all().await.unwrap().len()),
            person: person.to_owned(),
            role,
            unit: unit.clone(),
            phone: None,
            password_hash: None,
            subject: None,
        };
        self.store.accounts().add(new, Actor::system(), self.now).await.unwrap();
    }

    pub async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn page(&self, path: &str) -> String {
        let (status, _, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.page(path).await).unwrap()
    }
}

/// Every page there is, well and ill.
const PAGES: [&str; 7] = [
    "/",
    "/?lang=en",
    "/?date=2026-04-01",
    "/alerts/20260413-0001",
    "/status",
    "/alerts/19990101-0001",
    "/?date=yesterday",
];

/// A page without the scripts that are files of ours; what is left has none.
pub fn without_own_scripts(page: &str) -> String {
    let own = |name: &str| format!("<script type=\"module\" src=\"/static/{name}.js\"></script>");
    page.replace(&own("phone"), "").replace(&own("day_map"), "").replace(&own("plot_draw"), "")
}

/// The text of a page without its tags, lines without content left out.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The positions of some words, which must all be there, in this order.
pub fn assert_in_order(text: &str, words: &[&str]) {
    let mut from = 0;
    for word in words {
        let found = text[from..].find(word);
        assert!(found.is_some(), "{word:?} is missing or too early in:\n{text}");
        from += found.unwrap() + word.len();
    }
}

#[tokio::test]
async fn the_day_page_lists_the_alert_under_county_township_and_cell_in_both_languages() {
    let app = App::start(Setting::default()).await;
    let zh = text_of(&app.page("/").await);
    let list = &zh[zh.find("告警 1\n").unwrap()..];
    let expected =
        ["洮北区", "到保镇", "到保东网格", "禁烧区火点", "待签收", "12:12", "距到保村北1.7公里", "20260413-0001"];
    assert_in_order(list, &expected);
    assert_in_order(list, &["FRP 7.2 MW", "置信度中", "NOAA-20 · 1个像元"]);
    let en = text_of(&app.page("/?lang=en").await);
    let list = &en[en.find("Alerts 1\n").unwrap()..];
    let expected = ["到保东网格", "in the burn-ban zone", "not yet acknowledged", "12:12", "1.7 km north of Daobao"];
    assert_in_order(list, &expected);
}

#[tokio::test]
async fn the_counts_keep_pixels_fires_and_neighbours_apart() {
    let app = App::start(Setting::default()).await;
    let text = text_of(&app.page("/").await);
    let table = &text[text.find("分县（市、区）统计").unwrap()..text.find("告警 1\n").unwrap()];
    // pixels, fires, banned, unplanned (the other verdicts have no fire that day), alerts
    assert_in_order(table, &["洮北区 1 1 1 0 1", "镇赉县 0 0 0 0 0", "白城市合计 1 1 1 0 1", "市外邻近（不计入） 1 1"]);
    assert!(table.contains("疑似火点（处）由像元归并而成"), "the linking rule stands beneath");
}

#[tokio::test]
async fn a_fire_that_began_outside_the_city_counts_for_the_county_it_reached() {
    // 0.4 km west of the border of 洮北区, and 18 minutes later 0.2 km inside.
    let rows = vec![observation("122.495", "45.7", SEEN), observation("122.5025", "45.7", "2026-04-13T04:30:00Z")];
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    let text = text_of(&app.page("/").await);
    assert_in_order(&text, &["洮北区 1 1 0 1 1", "白城市合计 1 1 0 1 1", "市外邻近（不计入） 1 0"]);
    assert!(!text.contains("未归县"), "{text}");
}

#[tokio::test]
async fn a_day_without_fires_prints_its_coverage_and_never_a_bare_zero() {
    let app = App::start(Setting { rows: Vec::new(), ..Setting::default() }).await;
    let text = text_of(&app.page("/").await);
    assert_in_order(
        &text,
        &[
            "当日暂无疑似火点",
            "数据截至 04-13 12:12",
            "noaa20 正常 最新观测 04-13 12:12",
            "没有火点不等于没有火情",
            "白城市合计 0",
        ],
    );
    let before = text_of(&app.page("/?date=2026-04-14").await);
    assert_in_order(&before, &["该日尚未开始", "当日尚无数据", "没有火点不等于没有火情"]);
}

#[tokio::test]
async fn a_stale_or_refused_feed_is_named_on_every_page() {
    let stale = App::start(Setting { now: "2026-04-14T04:13:00Z", ..Setting::default() }).await;
    let refused = App::start(Setting { outcome: "refused:quota", ..Setting::default() }).await;
    for path in PAGES {
        let text = text_of(&stale.get(path).await.2);
        let (words, state) =
            if path.contains("en") { ("Data is incomplete", "stale") } else { ("数据不完整", "中断") };
        assert_in_order(&text, &[words, "noaa20", state]);
        let text = text_of(&refused.get(path).await.2);
        assert_in_order(&text, &[words, "noaa20", if path.contains("en") { "refused" } else { "被拒绝" }]);
    }
    let fresh = App::start(Setting::default()).await;
    assert!(!fresh.page("/").await.contains("数据不完整"));
}

#[tokio::test]
async fn simulated_fires_and_approximate_ground_are_said_on_every_page() {
    let mut region = region();
    region.zones[0].approximate = true;
    let demo = App::start(Setting { region, simulated: true, ..Setting::default() }).await;
    let real = App::start(Setting::default()).await;
    for path in PAGES {
        let text = text_of(&demo.get(path).await.2);
        assert!(text.contains("火点均为模拟，不是真实火情") && text.contains("Simulated fires"), "{path}: {text}");
        let approximate = if path.contains("en") { "no legal force" } else { "不具法律效力" };
        assert!(text.contains(approximate), "{path}: {text}");
        // What is saved or pasted elsewhere must say it by itself.
        for path in ["/map.svg", "/alerts/20260413-0001"] {
            assert!(demo.page(path).await.contains("演示数据：火点均为模拟</text>"), "{path}");
        }
        assert!(copy_text(&demo.page("/alerts/20260413-0001").await).starts_with("【演示数据，不是真实火情】"));
        let text = text_of(&real.get(path).await.2);
        assert!(!text.contains("模拟") && !text.contains(approximate), "{path}: {text}");
        let pixel =
            if path.contains("en") { "A pixel is not a fire" } else { "一个热异常像元不等于一处火" };
        assert!(text.contains(pixel), "{path}: {text}");
    }
}

#[tokio::test]
async fn maps_without_a_review_number_say_that_they_are_internal() {
    let app = App::start(Setting::default()).await;
    for path in ["/", "/map.svg", "/alerts/20260413-0001"] {
        assert!(app.page(path).await.contains("内部工作资料，不得公开</text>"), "{path}");
    }
    let reviewed = RegionData { map_review_number: Some("吉S(2026)001号".to_owned()), ..region() };
    let app = App::start(Setting { region: reviewed, ..Setting::default() }).await;
    for path in ["/", "/map.svg", "/alerts/20260413-0001"] {
        let page = app.page(path).await;
        assert!(!page.contains("内部工作资料") && page.contains("审图号：吉S(2026)001号"), "{path}");
    }
}

#[tokio::test]
async fn the_map_links_each_fire_to_its_alert_and_has_words_for_those_who_cannot_see_it() {
    let app = App::start(Setting::default()).await;
    let map = app.page("/map.svg?lang=en").await;
    assert!(map.contains("href=\"/alerts/20260413-0001?lang=en\""), "{map}");
    assert!(map.contains("<title id=\"map-t\">") && map.contains("<desc id=\"map-d\">"));
    assert!(map.contains("href=\"#m-banned\"") && map.contains("href=\"#m-neighbour\""));
    assert!(map.contains("class=\"pixels p-banned\""), "the footprint is drawn");
    let lines: String = map.split(" d=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let longest = lines.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(str::len).max().unwrap();
    assert!(longest <= 5, "numbers are short: {lines}");
}

#[tokio::test]
async fn the_alert_page_says_what_where_why_and_who() {
    let app = App::start(Setting::default()).await;
    let page = app.page("/alerts/20260413-0001").await;
    let text = text_of(&page);
    assert_in_order(
        &text,
        &[
            "禁烧区火点",
            "白城市洮北区到保镇到保东网格",
            "东经122°42′54.0″，北纬45°36′54.0″",
            "45.61500, 122.71500",
            "高德地图",
            "位于禁烧区“机场禁烧区”内；全年有效",
            "可确定到网格",
            "到保东网格 100%",
            "网格员 张三",
            "空缺 — 由上一级负责",
            "生成告警 禁烧区火点",
            "04-13 12:12 04-13 04:12 NOAA-20",
        ],
    );
    assert!(page.contains("https://uri.amap.com/navigation?to=122.7"));
    assert!(
        text.matches("空缺").count() == 3 && text.matches("由上一级负责").count() == 2,
        "the city has nobody above"
    );
    insta::assert_snapshot!("text_to_paste", copy_text(&page));
}

/// The text of the box to copy from.
fn copy_text(page: &str) -> String {
    let start = page.find("<textarea id=\"copy\"").unwrap();
    let box_ = &page[start..start + page[start..].find("</textarea>").unwrap()];
    box_.split_once('>').unwrap().1.to_owned()
}

#[tokio::test]
async fn the_status_page_shows_feeds_polls_region_and_versions() {
    let app = App::start(Setting::default()).await;
    let text = text_of(&app.page("/status").await);
    assert_in_order(
        &text,
        &[
            "noaa20 正常",
            "最新观测在48分钟前",
            "已获取 fetched",
            "3 rows",
            "最近的数据获取",
            "2026-04-13 12:40 noaa20 已获取 fetched 2 2 0",
            "0123456789ab",
            "无责任人的单位 5",
            "3.51.3",
            "FIRMS",
            "免责声明",
        ],
    );
}

#[tokio::test]
async fn the_status_page_shows_rejected_rows_unknown_values_and_the_outcome_in_words() {
    let app = App::start(Setting::default()).await;
    let doubt = |problem: &str| DoubtfulRow { line: 7, raw: format!("45.6,{CANARY}"), problem: problem.to_owned() };
    let odd = Batch {
        source_id: "noaa20".to_owned(),
        outcome: "most_rows_rejected".to_owned(),
        rejected: vec![doubt("acq_date is odd")],
        unknown: vec![doubt("frp is odd"), doubt("scan is odd")],
        ..batch(Vec::new(), at("2026-04-13T04:50:00Z"))
    };
    let ground = Arc::new(Ground::build(region()));
    let recorded = app.store.record(odd, ground, Arc::default(), at("2026-04-13T04:50:00Z")).await.unwrap();
    assert_eq!((recorded.rejected, recorded.with_unknown), (1, 1), "a row with two unknown values is one row");
    let page = app.page("/status").await;
    assert!(!page.contains(CANARY));
    let expected =
        ["过半的行不合格", "最近不合格的行", "acq_date is odd", "有取值读不出的行", "scan is odd", "frp is odd"];
    assert_in_order(&text_of(&page), &expected);
}

#[tokio::test]
async fn names_from_files_and_feeds_are_escaped_everywhere() {
    let mut region = region();
    region.zones[0].name = CANARY.to_owned();
    for unit in &mut region.units {
        unit.name = format!("{}{CANARY}", unit.name);
    }
    region.people[0].name = CANARY.to_owned();
    region.people[0].phone = Some(firegrid::domain::phone::Phone::kept("\" onmouseover=\"x"));
    region.places[0].name = CANARY.to_owned();
    let mut rows = fires();
    rows[0].confidence_raw = CANARY.to_owned();
    let app = App::start(Setting { region, rows, ..Setting::default() }).await;
    let more =
        ["/map.svg", "/alerts/20260413-0001?lang=en", "/?date=%3Cscript%3E", "/%3Cscript%3E", "/alerts/%3Cscript%3E"];
    for path in PAGES.iter().chain(&more) {
        let body = app.get(path).await.2;
        let body = without_own_scripts(&body);
        assert!(!body.contains("<script") && !body.contains("<SCRIPT"), "{path}: {body}");
        assert!(!body.contains("\" onmouseover"), "{path}");
    }
    assert!(app.page("/").await.contains("&lt;script&gt;"), "escaped, not lost");
    assert!(
        app.page("/alerts/20260413-0001").await.contains("(&#60;script")
            || app.page("/alerts/20260413-0001").await.contains("(&lt;script")
    );
}

#[tokio::test]
async fn no_page_has_inline_code_and_all_carry_the_policy() {
    let app = App::start(Setting::default()).await;
    for path in PAGES.iter().chain(&["/map.svg", "/static/app.css", "/livez", "/api/v1/alerts/of-days", "/no/such"]) {
        let (_, headers, body) = app.get(path).await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        for rule in ["default-src 'none'", "style-src 'self'", "img-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin", "{path}");
        assert!(headers.contains_key("x-request-id"), "{path}");
        let body = without_own_scripts(&body);
        for forbidden in ["<script", "<style", " style=", " onclick", " onload", "javascript:"] {
            assert!(!body.contains(forbidden), "{path} holds {forbidden}");
        }
    }
}

/// Phones give up, throw away and keep nothing by the answer of a proxy, which has no such header.
#[tokio::test]
async fn every_answer_says_that_it_is_firegrids_own() {
    let app = App::start(Setting::default()).await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let post = |path: &str| Request::post(path).body(Body::empty()).unwrap();
    let cases = [
        get("/my"),
        get("/api/v1/alerts/of-days"),
        get("/sign-in"),
        get("/static/app.css"),
        get("/static/no-such"),
        get("/no/such"),
        post("/alerts/20260413-0001/acts"),
        post("/my"),
    ];
    let mut statuses = BTreeSet::new();
    for request in cases {
        let path = format!("{} {}", request.method(), request.uri());
        let (status, headers, _) = app.ask_as_is(request).await;
        assert_eq!(headers.get("x-firegrid").map(header::HeaderValue::as_bytes), Some(&b"1"[..]), "{path} {status}");
        statuses.insert(status.as_u16() / 100);
    }
    assert!(statuses.contains(&2) && statuses.contains(&4), "{statuses:?}");
}

#[tokio::test]
async fn what_cannot_be_answered_gets_a_friendly_page() {
    let app = App::start(Setting::default()).await;
    let cases = [
        ("/alerts/19990101-0001", StatusCode::NOT_FOUND, "没有编号为“19990101-0001”的告警"),
        ("/?date=2026-02-30", StatusCode::BAD_REQUEST, "“2026-02-30”不是有效日期"),
        ("/?date=2026-02-30&lang=en", StatusCode::BAD_REQUEST, "“2026-02-30” is not a date"),
        ("/no/such/page", StatusCode::NOT_FOUND, "没有这个页面"),
    ];
    for (path, status, words) in cases {
        let (found, headers, body) = app.get(path).await;
        assert_eq!(found, status, "{path}");
        let text = text_of(&body);
        let reference = headers["x-request-id"].to_str().unwrap();
        assert_in_order(&text, &[words, reference]);
        assert!(text.contains("返回今日火点图") || text.contains("Back to today"), "what to do now");
    }
    let post = Request::post("/").body(Body::empty()).unwrap();
    assert_eq!(app.ask(post).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_language_follows_the_browser_and_a_choice_is_kept_in_links() {
    let app = App::start(Setting::default()).await;
    let english = Request::get("/").header("accept-language", "en-GB,en;q=0.9").body(Body::empty()).unwrap();
    let (_, headers, body) = app.ask(english).await;
    assert!(body.contains("<html lang=\"en\">") && body.contains("href=\"/alerts/20260413-0001\""), "{body}");
    assert_eq!(headers[header::VARY], "accept-language");
    let chosen = app.page("/?date=2026-04-13&lang=en").await;
    assert!(chosen.contains("href=\"/alerts/20260413-0001?lang=en\""));
    assert!(
        chosen.contains("href=\"/?date=2026-04-13&#38;lang=zh\"")
            || chosen.contains("href=\"/?date=2026-04-13&amp;lang=zh\"")
    );
    assert!(app.page("/").await.contains("<html lang=\"zh-CN\">"));
}

#[tokio::test]
async fn the_style_sheet_is_revalidated_by_its_tag() {
    let app = App::start(Setting::default()).await;
    let (status, headers, body) = app.get("/static/app.css").await;
    assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "text/css; charset=utf-8"));
    assert!(!body.is_empty());
    let again = Request::get("/static/app.css").header("if-none-match", headers[header::ETAG].clone());
    let (status, _, body) = app.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(app.get("/static/../Cargo.toml").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ready_is_never_plainly_ok_with_a_silent_feed() {
    let app = App::start(Setting::default()).await;
    assert_eq!(app.page("/livez").await, "ok\n");
    assert_eq!(app.json("/readyz").await["status"], "ok");
    let stale = App::start(Setting { now: "2026-04-14T04:13:00Z", ..Setting::default() }).await;
    let ready = stale.json("/readyz").await;
    assert_eq!((ready["status"].as_str(), ready["feeds"][0]["state"].as_str()), (Some("degraded"), Some("stale")));
    assert!(stale.page("/metrics").await.contains("firegrid_test 1"));
}

#[tokio::test]
async fn the_feed_gauges_are_set_when_metrics_are_read() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _here = metrics::set_default_local_recorder(&recorder);
    let app = App::start(Setting { now: "2026-04-14T04:13:00Z", ..Setting::default() }).await;
    app.page("/metrics").await;
    let text = handle.render();
    assert!(text.contains("firegrid_feed_state{feed=\"noaa20\"} 2"), "{text}");
    assert!(text.contains("firegrid_feed_newest_acquisition_timestamp_seconds{feed=\"noaa20\"} 1776053520"), "{text}");
    assert!(text.contains("firegrid_feed_last_success_timestamp_seconds{feed=\"noaa20\"}"), "{text}");
}

#[tokio::test]
async fn the_api_answers_alerts_with_region_version_and_coverage() {
    let app = App::start(Setting::default()).await;
    let body = app.json("/api/v1/alerts/of-days").await;
    assert_eq!(body["region_version"], "0123456789abcdef");
    assert_eq!(
        (body["coverage"][0]["feed"].as_str(), body["coverage"][0]["state"].as_str()),
        (Some("noaa20"), Some("fresh"))
    );
    let alert = &body["items"][0];
    for (key, value) in [
        ("number", "20260413-0001"),
        ("verdict", "banned"),
        ("county_code", "2201"),
        ("township_code", "220101"),
        ("unit_code", "220101001"),
        ("state", "open"),
        ("sure_level", "grid"),
        ("first_seen_at", SEEN),
    ] {
        assert_eq!(alert[key], value, "{key}");
    }
    assert_eq!(alert["may_be_banned"], false);
    let count = async |path: &str| app.json(path).await["items"].as_array().unwrap().len();
    assert_eq!(count("/api/v1/alerts/of-days?county=2201").await, 1);
    assert_eq!(count("/api/v1/alerts/of-days?county=2202").await, 0);
    assert_eq!(count("/api/v1/alerts/of-days?from=2026-04-12&to=2026-04-13").await, 1);
    assert_eq!(count("/api/v1/alerts/of-days?from=2026-04-14&to=2026-04-15").await, 0);
    assert_eq!(count("/api/v1/alerts/of-days?to=2026-04-13").await, 1);
}

#[tokio::test]
async fn api_faults_are_problem_documents() {
    let app = App::start(Setting::default()).await;
    let cases = [
        ("/api/v1/alerts/of-days?from=today", 400),
        ("/api/v1/alerts/of-days?from=2026-04-13&to=2026-04-12", 400),
        ("/api/v1/detections.geojson?county=220101", 400),
        ("/api/v1/nothing", 404),
    ];
    for (path, expected) in cases {
        let (status, headers, body) = app.get(path).await;
        assert_eq!(status.as_u16(), expected, "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["status"], expected);
        assert!(problem["detail"].as_str().unwrap().len() > 10 && problem["title"].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn geojson_is_valid_with_longitude_first_and_closed_counter_clockwise_rings() {
    use geo::winding_order::{Winding, WindingOrder};
    let app = App::start(Setting::default()).await;
    for (path, features) in [
        ("/api/v1/detections.geojson?outside=true", 2),
        ("/api/v1/fires.geojson?outside=true", 2),
        ("/api/v1/detections.geojson", 1),
        ("/api/v1/fires.geojson", 1),
        ("/api/v1/zones.geojson", 1),
        ("/api/v1/units.geojson", 6),
    ] {
        let (_, headers, body) = app.get(path).await;
        assert_eq!(headers[header::CONTENT_TYPE], "application/geo+json", "{path}");
        let collection: geojson::FeatureCollection = body.parse().unwrap();
        assert_eq!(collection.features.len(), features, "{path}");
        assert!(!body.contains("\"crs\""), "{path}");
        for geometry in collection.features.into_iter().filter_map(|feature| feature.geometry) {
            match geo::Geometry::<f64>::try_from(geometry).unwrap() {
                geo::Geometry::Point(point) => assert!(point.x() > 100.0 && point.y() < 50.0, "{path}"),
                geo::Geometry::Polygon(polygon) => {
                    assert_eq!(polygon.exterior().winding_order(), Some(WindingOrder::CounterClockwise), "{path}");
                }
                other => panic!("{path}: {other:?}"),
            }
        }
    }
    let body = app.json("/api/v1/detections.geojson?county=2201").await;
    assert_eq!(body["features"].as_array().unwrap().len(), 1);
    let properties = &body["features"][0]["properties"];
    assert_eq!(body["features"][0]["geometry"]["coordinates"], serde_json::json!([122.715, 45.615]));
    for (key, value) in [
        ("satellite", "NOAA-20"),
        ("instrument", "VIIRS"),
        ("acquired_at", SEEN),
        ("confidence", "nominal"),
        ("confidence_raw", "n"),
        ("day_night", "D"),
        ("processing_level", "NRT"),
        ("origin", "live"),
        ("verdict", "banned"),
        ("unit_code", "220101001"),
        ("county_code", "2201"),
    ] {
        assert_eq!(properties[key], value, "{key}");
    }
}

#[tokio::test]
async fn exports_say_the_same_in_every_format_and_their_columns_are_complete() {
    let mut rows = fires();
    rows[0].confidence_raw = "=cmd|' /C calc'!A0".to_owned();
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    let (detections, alerts) = (
        app.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap(),
        app.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap(),
    );
    let day = "2026-04-13".parse().unwrap();
    let text = |document: Result<Vec<u8>, export::SheetError>| String::from_utf8(document.unwrap()).unwrap();
    let documents: [(&str, &dyn Fn(Format) -> String); 5] = [
        ("detections", &|format| text(export::detections(&detections, format))),
        ("fires", &|format| text(export::fires(&[], format))),
        ("alerts", &|format| text(export::alerts(&alerts, format))),
        ("units", &|format| text(export::units(&app.ground, format))),
        ("zones", &|format| text(export::zones(&app.ground, day, format))),
    ];
    for (what, document) in documents {
        let csv = document(Format::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header: Vec<_> = reader.headers().unwrap().iter().map(ToOwned::to_owned).collect();
        let objects: Vec<serde_json::Map<String, Value>> = serde_json::from_str(&document(Format::Json)).unwrap();
        assert_eq!(reader.records().count(), objects.len(), "{what}");
        let geojson: Value = serde_json::from_str(&document(Format::GeoJson)).unwrap();
        assert_eq!(geojson["features"].as_array().unwrap().len(), objects.len(), "{what}");
        for object in &objects {
            assert_eq!(object.keys().cloned().collect::<Vec<_>>(), header, "{what}: same names, same order");
        }
    }
    let csv = text(export::detections(&detections, Format::Csv));
    assert!(csv.contains("'=cmd|") && !csv.contains(",=cmd"), "{csv}");
    let fires = app.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap();
    let objects: Vec<Value> = serde_json::from_str(&text(export::fires(&fires, Format::Json))).unwrap();
    let verdicts: std::collections::BTreeSet<_> = objects.iter().filter_map(|fire| fire["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["banned", "neighbour"].into());
    assert_eq!(text(export::fires(&fires, Format::Csv)).lines().count(), 3);
}
