//! What the page of an alert shows of its life, in both languages.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use firegrid::domain::actor::Actor;
use firegrid::domain::burning::BurnRules;
use firegrid::domain::landcover::{CoverClass, CoverPatch};
use firegrid::domain::plan::{PlanApplication, PlanId};
use firegrid::domain::time::Timestamp;
use firegrid::domain::unit::UnitCode;
use firegrid::store::{Batch, By, Delivery};
use serde_json::{Value, json};

use crate::ground_fixture::batch;
use crate::pages::{App, Setting, assert_in_order, observation, region, square, text_of, without_own_scripts};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl App {
    async fn done(&self, number: &str, body: Value) {
        let (status, answer) = self.act(number, &body).await;
        assert_eq!(status, StatusCode::OK, "{body} {answer}");
    }

    async fn photo(&self) -> String {
        let upload = Request::post("/api/v1/photos").header("authorization", "Bearer sesame");
        let (_, _, text) = self.ask(upload.body(Body::from(crate::pictures::jpeg("picture"))).unwrap()).await;
        serde_json::from_str::<Value>(&text).unwrap()["hash"].as_str().unwrap().to_owned()
    }

    /// What the card of the alert says.
    async fn card(&self, number: &str, lang: &str) -> String {
        let page = self.page(&format!("/alerts/{number}?lang={lang}")).await;
        let page = without_own_scripts(&page);
        for forbidden in ["<script", "<style", " style=", " onclick", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        let start = page.find("id=\"case\"").unwrap();
        text_of(&page[start..start + page[start..].find("</section>").unwrap()])
    }
}

#[tokio::test]
async fn the_page_shows_finding_review_rectification_and_clocks_in_both_languages() {
    let app = App::usual().await;
    let number = app.number().await;
    let photo = app.photo().await;
    app.done(&number, json!({"act": "acknowledge", "as": "值班员@220101", "for": "王"})).await;
    app.done(
        &number,
        json!({"act": "report", "as": "王@220101001", "note": "<b>已劝离</b>", "finding": {
            "kind": "straw", "burnt_mu": 2.5, "material": "玉米秸秆", "action": "浇水扑灭", "photos": [photo]}}),
    )
    .await;
    app.done(&number, json!({"act": "review", "review": "confirmed", "as": "县长@2201", "note": "属实"})).await;
    let rectify = json!({"act": "rectify", "by": "2026-04-20", "document_number": "罚字1号", "as": "县长@2201"});
    app.done(&number, rectify).await;
    assert_in_order(
        &app.card(&number, "zh").await,
        &[
            "办理情况",
            "来源 卫星",
            "核查结果 秸秆，2.5 亩，玉米秸秆，浇水扑灭 · 照片 1 张 · 王 · 2026-04-13 13:00 · &#60;b&#62;已劝离",
            "审核 认定 · 县长 · 2026-04-13 13:00 · 属实",
            "整改 限期 2026-04-20 · 文书号 罚字1号",
            "签收 按时 04-13 12:51 04-13 13:00 到保东网格",
            "审核 按时 04-14 13:00 04-13 13:00 洮北区",
            "整改 计时中 04-21 00:00 – 到保东网格",
        ],
    );
    assert_in_order(
        &app.card(&number, "en").await,
        &[
            "The alert",
            "Source satellite",
            "Finding straw, 2.5 mu, 玉米秸秆, 浇水扑灭 · 1 photo",
            "Review confirmed",
            "Rectification until 2026-04-20 · document 罚字1号",
            "rectify running 04-21 00:00 – 到保东网格",
        ],
    );
    let timeline = text_of(&app.page(&format!("/alerts/{number}")).await);
    assert!(timeline.contains("值班员（代王）"), "both names: {timeline}");
}

#[tokio::test]
async fn a_dispute_an_escalation_and_an_undelivered_message_are_said() {
    let app = App::usual().await;
    let number = app.number().await;
    let rules = std::sync::Arc::<firegrid::domain::rules::Rules>::default();
    app.store.fire_due(app.ground.clone(), rules.clone(), at("2026-04-13T04:52:00Z"), 100).await.unwrap();
    app.done(&number, json!({"act": "dispute", "proposed": "2202", "as": "镇长@220101"})).await;
    let card = app.card(&number, "zh").await;
    assert_in_order(
        &card,
        &[
            "归属异议 待裁定，提出归属：镇赉县",
            "已升级至 到保镇",
            "此时无人值班",
            "无人可通知",
            "签收 超时未办 04-13 12:51 – 到保东网格",
            "反馈 暂停 – – 到保东网格",
            "签收 计时中 04-13 13:02 – 到保镇（升级）",
        ],
    );
    let card = app.card(&number, "en").await;
    assert_in_order(&card, &["Dispute waits for a decision; proposed: 镇赉县", "Escalated to 到保镇", "paused"]);

    let other = App::usual().await;
    let number = firegrid::domain::alert::AlertNumber(other.number().await);
    let now = at("2026-04-13T04:45:00Z");
    other.store.note_delivery((number.clone(), Delivery::Failed), other.ground.clone(), rules, now).await.unwrap();
    let card = other.card(&number.0, "zh").await;
    assert_in_order(&card, &["未送达 2026-04-13 12:45", "签收 未送达 04-13 12:51 04-13 12:45 到保东网格"]);
    let status = text_of(&other.page("/status").await);
    assert_in_order(&status, &["告警：", "未结 1", "超时 0", "未送达 1", "有异议 0", "告警遇到的责任空缺 0"]);
}

#[tokio::test]
async fn a_complaint_shows_its_papers_and_never_who_complained() {
    let app = App::usual().await;
    let body = json!({
        "source": "complaint", "as": "值班员@22", "lon": 122.79, "lat": 45.69, "description": "夜间有人烧秸秆",
        "seen_at": "2026-04-13T04:30:00Z", "letter_number": "信访7号", "reply_by": "2026-04-20",
        "complainant": {"name": "钱某某", "phone": "000-777", "address": "某屯"},
    });
    let (_, added) = app.post("/api/v1/alerts", Some("sesame"), &body).await;
    let number = added["number"].as_str().unwrap();
    for lang in ["zh", "en"] {
        let page = app.page(&format!("/alerts/{number}?lang={lang}")).await;
        for secret in ["钱某某", "000-777", "某屯"] {
            assert!(!page.contains(secret), "{secret}");
        }
        assert!(page.contains("夜间有人烧秸秆") && page.contains("信访7号"));
        assert!(!page.contains("像元过半") && !page.contains("half of the pixel"), "no satellite saw it");
    }
    assert_in_order(&app.card(number, "zh").await, &["来源 举报信访", "来信文号 信访7号", "答复期限 2026-04-20"]);
}

#[tokio::test]
async fn land_cover_and_the_plan_of_an_off_plan_verdict_stand_on_the_page() {
    let mut region = region();
    region.landcover.push(CoverPatch { class: CoverClass::Wetland, outline: square(122.6, 45.5, 0.2) });
    let app = App::start(Setting { region, rows: Vec::new(), ..Setting::default() }).await;
    let application = PlanApplication {
        id: PlanId("P-7".to_owned()),
        unit_code: UnitCode("220101002".to_owned()),
        plot: Some(square(122.66, 45.61, 0.02)),
        window_start: at("2026-04-13T00:00:00Z"),
        window_end: at("2026-04-14T00:00:00Z"),
        area_mu: 30.0,
        responsible: "张三".to_owned(),
        note: None,
    };
    let applicant = By::now(Actor::person("镇长", UnitCode("220101".to_owned())));
    app.store
        .whole()
        .carry_out(application, (applicant, app.ground.clone(), BurnRules::default()), at("2026-04-12T00:00:00Z"))
        .await
        .unwrap();
    let rows = vec![observation("122.67", "45.62", "2026-04-13T04:12:00Z")];
    let batch = Batch { source_id: "noaa20".to_owned(), ..batch(rows, at("2026-04-13T04:40:00Z")) };
    app.store.record(batch, app.ground.clone(), std::sync::Arc::default(), at("2026-04-13T04:41:00Z")).await.unwrap();
    let number = app.number().await;
    let zh = text_of(&app.page(&format!("/alerts/{number}")).await);
    assert_in_order(
        &zh,
        &[
            "未按计划烧除",
            "计划已申请，尚未批准",
            "烧除计划 P-7 到保西网格 已申请",
            "计划时段 2026-04-13 08:00 – 2026-04-14 08:00",
            "当日指令 无",
            "距计划地块 0.00 公里",
            "土地覆盖 湿地 100%",
            "像元范围以湿地为主（100%），不是秸秆地块",
        ],
    );
    let en = text_of(&app.page(&format!("/alerts/{number}?lang=en")).await);
    assert_in_order(&en, &["not as planned", "Burn plan P-7", "Land cover wetland 100%", "not straw ground"]);
}

#[tokio::test]
async fn zone_and_shares_on_an_alert_are_those_of_the_pixel_that_decides_and_it_says_which() {
    // Seen first beside the ban zone, then in it.
    let rows = vec![
        observation("122.7335", "45.615", "2026-04-13T04:12:00Z"),
        observation("122.7270", "45.615", "2026-04-13T04:20:00Z"),
    ];
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    let text = text_of(&app.page("/alerts/20260413-0001").await);
    assert_in_order(
        &text,
        &["禁烧区火点", "机场禁烧区", "定位可靠性", "依据04-13 12:20 NOAA-20的像元", "像元在各类区域的占比"],
    );
    let zones = &text[text.find("像元在各类区域的占比").unwrap()..];
    let banned = zones[zones.find("禁烧").unwrap() + "禁烧".len()..].split('%').next().unwrap().trim();
    assert!(banned.parse::<u32>().unwrap() > 50, "an alert in the ban zone shows banned ground: {zones}");
    assert!(!text.contains("也可能在"), "the cell is the same for both pixels: {text}");
}
