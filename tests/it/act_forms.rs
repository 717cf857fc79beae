//! Acts by form on the page of an alert: what is offered, what is taken, what is shown again.

use std::sync::Arc;

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::alert::{
    Act, ActKind, AlertRecord, AlertView, By, Effect, InNameOf, ReviewRules, Step, acts_open_to, bare_finding, check,
    is_open, other_units, step,
};
use firegrid::domain::alert::{AlertNumber, AlertSource, AlertState};
use firegrid::domain::finding::{FindingKind, Review};
use firegrid::domain::ground::Ground;
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::Verdict;
use proptest::prelude::*;

use crate::ground_fixture::held;
use crate::pages::{App, add_account, add_token, text_of};

/// Must never reach a page as it is.
const CANARY: &str = "<script>alert('x')</script>\"&";

/// The smallest picture that a browser draws: one grey dot.
pub static JPEG: LazyLock<Vec<u8>> = LazyLock::new(|| crate::pictures::jpeg("finding"));

fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

impl App {
    /// An account of a role, known by a token of its own name.
    pub async fn account(&self, name: &str, role: Role, unit: &str) {
        add_account(&self.store, name, role, &UnitCode(unit.to_owned()), self.now).await;
        add_token(&self.store, name, name, TokenPower::Write, self.now).await;
    }

    pub async fn get_as(&self, who: &str, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {who}"));
        let (status, _, body) = self.ask_as_is(request.body(Body::empty()).unwrap()).await;
        (status, String::from_utf8(body).unwrap())
    }

    pub async fn page_as(&self, who: &str, path: &str) -> String {
        let (status, body) = self.get_as(who, path).await;
        assert_eq!(status, StatusCode::OK, "{who} {path}: {}", text_of(&body));
        body
    }

    pub async fn send_as(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, body) = self.ask_as_is(request.body(Body::from(encoded(fields))).unwrap()).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    /// The same with files, as a browser sends them.
    pub async fn upload_as(
        &self,
        who: &str,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> (StatusCode, HeaderMap, String) {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        for (name, bytes) in files {
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.as_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let (status, headers, body) = self.ask_as_is(request.body(Body::from(body)).unwrap()).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    /// A form that must be taken; where it leads, and what stands there.
    pub async fn done_as(&self, who: &str, number: &str, fields: &[(&str, &str)]) -> String {
        let (status, headers, body) = self.send_as(who, &format!("/alerts/{number}/acts"), fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{fields:?}: {}", text_of(&body));
        let path = headers[header::LOCATION].to_str().unwrap().split('#').next().unwrap().to_owned();
        text_of(&self.page_as(who, &path).await)
    }

    async fn staffed() -> (Self, String) {
        let app = Self::usual().await;
        app.account("cell", Role::Inspector, "220101001").await;
        app.account("town", Role::Township, "220101").await;
        app.account("county", Role::County, "2201").await;
        app.account("elsewhere", Role::County, "2202").await;
        app.account("looker", Role::Viewer, "22").await;
        let number = app.number().await;
        (app, number)
    }

    async fn kinds(&self, number: &str) -> Vec<String> {
        let detail = self.store.whole().alert(&AlertNumber(number.to_owned())).await.unwrap().unwrap();
        detail.events.into_iter().map(|event| event.kind).collect()
    }
}

/// The panel of a page.
fn panel(page: &str) -> &str {
    let start = page.find("id=\"acts\"").unwrap();
    &page[start..start + page[start..].find("</section>").unwrap()]
}

/// The value of the first hidden field of a name.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    let start = page.find(&mark).unwrap() + mark.len();
    &page[start..start + page[start..].find('"').unwrap()]
}

#[tokio::test]
async fn an_alert_goes_its_whole_life_by_forms_of_several_accounts() {
    let (app, number) = App::staffed().await;
    let page = app.page_as("cell", &format!("/alerts/{number}")).await;
    let id = hidden(panel(&page), "client_id").to_owned();
    let said = app.done_as("cell", &number, &[("act", "acknowledge"), ("client_id", &id), ("happened_at", "")]).await;
    assert!(said.contains("已签收，请尽快到场核查"), "{said}");
    app.done_as("cell", &number, &[("act", "arrive"), ("lat", "45.615"), ("lon", "122.715")]).await;
    app.done_as("cell", &number, &[("act", "put_out")]).await;

    let path = format!("/alerts/{number}/report");
    let form = app.page_as("cell", &path).await;
    assert!(form.contains("enctype=\"multipart/form-data\"") && form.contains("accept=\"image/*\" capture"));
    let id = hidden(&form, "client_id").to_owned();
    let fields = [
        ("client_id", id.as_str()),
        ("kind", "straw"),
        ("burnt_mu", "２．5"),
        ("material", "玉米秸秆"),
        ("put_out_at", "2026-04-13T12:40"),
        ("note", "已劝离"),
    ];
    let other = crate::pictures::jpeg("another");
    let files: [(&str, &[u8]); 3] = [("远.jpg", &JPEG), ("近.jpg", &other), ("", b"")];
    let (status, headers, body) = app.upload_as("cell", &path, &fields, &files).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&body));
    let there = headers[header::LOCATION].to_str().unwrap().to_owned();
    // A finger that trembles, or a phone that had no answer.
    let (status, headers, _) = app.upload_as("cell", &path, &fields, &files).await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, there.as_str()));
    let page = app.page_as("cell", there.split('#').next().unwrap()).await;
    let said = text_of(&page);
    assert!(said.contains("核查结果已上报，等待审核") && said.contains("秸秆，2.5 亩，玉米秸秆"), "{said}");
    assert_eq!(page.matches("/api/v1/photos/").count(), 4, "two photos, each linked with its small picture");

    let page = app.page_as("county", &format!("/alerts/{number}")).await;
    assert!(
        panel(&page).contains("value=\"confirmed\"") && !panel(&page).contains("value=\"excluded\""),
        "it is straw"
    );
    let review = [("act", "review"), ("review", "confirmed"), ("note", "属实")];
    app.done_as("county", &number, &review).await;
    app.done_as("county", &number, &[("act", "rectify"), ("by", "2026-04-20"), ("document_number", "罚字1号")]).await;
    app.done_as("town", &number, &[("act", "rectified"), ("result", "已离田"), ("handed_over_to", "农业农村局")]).await;
    app.done_as("county", &number, &[("act", "close")]).await;
    let said = app.done_as("county", &number, &[("act", "look_back"), ("is_clean", "yes")]).await;
    assert!(said.contains("回头看已记录"), "{said}");
    assert_eq!(
        app.kinds(&number).await,
        [
            "recorded",
            "acknowledged",
            "arrived",
            "put_out",
            "reported",
            "reviewed",
            "rectification_ordered",
            "rectified",
            "closed",
            "looked_back"
        ]
    );
    let detail = app.store.whole().alert(&AlertNumber(number)).await.unwrap().unwrap();
    let reported = detail.events.iter().find(|event| event.kind == "reported").unwrap();
    assert_eq!(reported.detail["finding"]["put_out_at"], "2026-04-13T04:40:00Z", "local time was typed");
    assert_eq!((reported.actor.as_str(), reported.detail["note"].as_str()), ("cell某", Some("已劝离")));
}

#[tokio::test]
async fn a_form_sent_twice_is_one_event() {
    let (app, number) = App::staffed().await;
    for _ in 0..3 {
        app.done_as("cell", &number, &[("act", "acknowledge"), ("client_id", "form-1")]).await;
    }
    for _ in 0..2 {
        let call = [("act", "call"), ("whom", "村主任"), ("answered", "yes"), ("client_id", "form-2")];
        app.done_as("town", &number, &call).await;
    }
    assert_eq!(app.kinds(&number).await, ["recorded", "acknowledged", "called"]);
    // The id of another command is refused and the page gives a new one.
    let (status, _, page) =
        app.send_as("cell", &format!("/alerts/{number}/acts"), &[("act", "arrive"), ("client_id", "form-1")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(hidden(panel(&page), "client_id") != "form-1");
}

#[tokio::test]
async fn a_refusal_says_why_in_one_language_and_keeps_what_was_typed_and_the_photos() {
    let (app, number) = App::staffed().await;
    let acts = format!("/alerts/{number}/acts");
    let dispute = [("act", "dispute"), ("other", "9999"), ("note", CANARY)];
    let (status, _, page) = app.send_as("cell", &acts, &dispute).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = panel(&page);
    assert!(shown.contains("本区域没有代码为“9999”的单位") && shown.contains("value=\"9999\""), "{shown}");
    assert!(!page.contains(CANARY) && shown.contains("&#60;script&#62;alert"), "escaped, not lost");
    assert!(shown.contains("<details open><summary>不在我辖区"));
    // The page of the refusal stands under the form's own address; reading it in English leads back to the alert.
    assert!(page.contains(&format!("{acts}?lang=en")));
    let (_, headers, _) = app.get(&format!("{acts}?lang=en")).await;
    assert_eq!(headers[header::LOCATION], format!("/alerts/{number}?lang=en").as_str());

    let (status, _, page) = app.send_as("county", &format!("{acts}?lang=en"), &[("act", "close")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text_of(panel(&page)).contains("is open, no state to close in"), "the domain's own words");

    let report = format!("/alerts/{number}/report");
    let fields = [("client_id", "form-9"), ("kind", "straw"), ("burnt_mu", "很多"), ("note", CANARY)];
    let (status, _, page) = app.upload_as("cell", &report, &fields, &[("a.jpg", &JPEG)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("“过火面积”应为数字，而不是“很多”") && page.contains("value=\"很多\""), "{}", text_of(&page));
    assert!(page.contains("value=\"straw\" required checked") && !page.contains(CANARY));
    let kept = hidden(&page, "kept_photo").to_owned();
    // Put right, without taking the photo again.
    let fields = [("kind", "straw"), ("burnt_mu", "2"), ("kept_photo", kept.as_str())];
    let (status, _, page) = app.upload_as("cell", &report, &fields, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text_of(&page));

    let none = [("kind", "nothing_found"), ("note", "到现场未见")];
    let (app, number) = App::staffed().await;
    let report = format!("/alerts/{number}/report");
    let (status, _, page) = app.upload_as("cell", &report, &none, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("须附至少一张照片") && page.contains("到现场未见"));
    let text: &[u8] = b"this is no picture";
    let (status, _, page) = app.upload_as("cell", &report, &none, &[("a.jpg", text), ("b.jpg", &JPEG)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("不是 JPEG、PNG 或 WebP 图片") && page.contains("kept_photo"), "the good one is kept");
    assert_eq!(app.kinds(&number).await, ["recorded"], "nothing was changed");
}

#[tokio::test]
async fn who_works_nothing_gets_no_panel_and_who_sees_nothing_no_page() {
    let (app, number) = App::staffed().await;
    let page = app.page_as("looker", &format!("/alerts/{number}")).await;
    assert!(!page.contains("<form"), "{page}");
    let (status, _, _) = app.send_as("looker", &format!("/alerts/{number}/acts"), &[("act", "acknowledge")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for path in [format!("/alerts/{number}"), format!("/alerts/{number}/report")] {
        assert_eq!(app.get_as("elsewhere", &path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, _, _) = app.send_as("elsewhere", &format!("/alerts/{number}/acts"), &[("act", "acknowledge")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let report = app.upload_as("elsewhere", &format!("/alerts/{number}/report"), &[("kind", "straw")], &[]).await;
    assert_eq!(report.0, StatusCode::NOT_FOUND);
    assert_eq!(app.kinds(&number).await, ["recorded"]);
}

#[tokio::test]
async fn a_desk_enters_for_somebody_and_both_names_are_kept() {
    let (app, number) = App::staffed().await;
    let page = app.page_as("county", &format!("/alerts/{number}")).await;
    let shown = panel(&page);
    assert!(shown.contains("代签收、代办") && shown.contains("value=\"张三\""), "{shown}");
    let nameless = [("form", "another"), ("act", "acknowledge"), ("note", "电话通知")];
    let (status, _, page) = app.send_as("county", &format!("/alerts/{number}/acts"), &nameless).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(panel(&page).contains("value=\"电话通知\"") && panel(&page).contains("上级代办须写明被代办人"));
    let named = [("form", "another"), ("act", "acknowledge"), ("for", "张三"), ("happened_at", "2026-04-13T12:50")];
    let said = app.done_as("county", &number, &named).await;
    assert!(said.contains("county某（代张三）") && said.contains("手机时间 2026-04-13 12:50"), "{said}");
}

#[tokio::test]
async fn a_dispute_goes_by_forms_to_its_decision() {
    let (app, number) = App::staffed().await;
    let page = app.page_as("cell", &format!("/alerts/{number}")).await;
    assert!(panel(&page).contains("<option value=\"220101002\""), "the sibling cell");
    app.done_as("cell", &number, &[("act", "dispute"), ("unit", "220101002"), ("note", "不在我格")]).await;
    let page = app.page_as("town", &format!("/alerts/{number}")).await;
    assert!(panel(&page).contains("裁定归属异议") && panel(&page).contains("到保西网格"));
    let said = app.done_as("town", &number, &[("act", "decide"), ("accepted", "yes")]).await;
    assert!(said.contains("承办 白城市洮北区到保镇到保西网格"), "{said}");
    // Back by hand, to a person of the list.
    app.done_as("town", &number, &[("act", "reassign"), ("unit", "220101001")]).await;
    let page = app.page_as("town", &format!("/alerts/{number}")).await;
    assert!(panel(&page).contains("value=\"张三@220101001\""));
    let said = app.done_as("town", &number, &[("act", "dispatch"), ("person", "张三@220101001")]).await;
    assert!(said.contains("承办人 张三"), "{said}");
}

#[tokio::test]
async fn inside_the_chat_program_its_own_map_leads_and_positions_can_be_copied() {
    let (app, number) = App::staffed().await;
    let page = |agent: &'static str| {
        let request = Request::get(format!("/alerts/{number}")).header(header::USER_AGENT, agent);
        app.ask(request.body(Body::empty()).unwrap())
    };
    let (_, _, plain) = page("Mozilla/5.0 Chrome").await;
    let (_, _, chat) = page("Mozilla/5.0 MicroMessenger/8.0").await;
    let order = |page: &str| page.find("uri.amap.com").unwrap() < page.find("apis.map.qq.com").unwrap();
    assert!(order(&plain) && !order(&chat));
    assert!(chat.contains("您在微信中：高德地图打不开"));
    assert!(
        plain.contains("<textarea id=\"copy-pos\" class=\"num\" readonly") && plain.contains("45.61500, 122.71500")
    );
}

/// An alert in some state, as consistent as a real one needs to be for deciding.
fn view(state: AlertState, verdict: Verdict, finding: Option<FindingKind>, disputed: bool) -> AlertView {
    let code = |text: &str| UnitCode(text.to_owned());
    let at = |is: bool| is.then(|| "2026-04-13T05:00:00Z".parse().unwrap());
    AlertView {
        number: AlertNumber("20260413-0001".to_owned()),
        source: AlertSource::Satellite,
        state,
        verdict: Some(verdict),
        responsible: code("A-a"),
        owner: code("A-a-1"),
        unit: code("A-a-1"),
        others: vec![code("A-c-1")],
        is_disputed: disputed,
        proposed: disputed.then(|| code("A-c-1")),
        acknowledged_at: at(state > AlertState::Open),
        on_site_at: at(state > AlertState::Acknowledged),
        put_out_at: at(state > AlertState::OnSite),
        finding: finding.filter(|_| state >= AlertState::Reported),
        finder: (state >= AlertState::Reported).then(|| Actor::person("王", code("A-a-1"))),
        reporters: vec!["王".to_owned()],
        reporter_accounts: Vec::new(),
        rectified_at: at(disputed),
        rekindles: None,
        record: AlertRecord::default(),
    }
}

/// Every content that the pages let somebody send for an act.
fn contents(ground: &Ground, case: &AlertView, kind: ActKind) -> Vec<Act> {
    let units = other_units(ground, case);
    match kind {
        ActKind::Acknowledge => vec![Act::Acknowledge],
        ActKind::Arrive => vec![Act::Arrive { position: None }],
        ActKind::PutOut => vec![Act::PutOut],
        ActKind::Report => vec![Act::Report { finding: bare_finding(FindingKind::CouldNotReach) }],
        ActKind::Review => {
            [Review::Confirmed, Review::Excluded, Review::SentBack].map(|review| Act::Review { review }).to_vec()
        }
        ActKind::Close => vec![Act::Close],
        ActKind::LookBack => vec![Act::LookBack { is_clean: true }, Act::LookBack { is_clean: false }],
        ActKind::Decide => vec![Act::Decide { accepted: true }, Act::Decide { accepted: false }],
        ActKind::Keep => vec![Act::Keep],
        ActKind::Call => vec![Act::Call { whom: "x".to_owned(), answered: false }],
        ActKind::Dispute => units.into_iter().map(|proposed| Act::Dispute { proposed }).collect(),
        ActKind::Reassign => units.into_iter().map(|to| Act::Reassign { to }).collect(),
        ActKind::Dispatch => vec![Act::Dispatch { to: "王".to_owned(), unit: case.responsible.clone() }],
        ActKind::Rectify => vec![Act::Rectify { by: "2026-05-01".parse().unwrap(), document_number: None }],
        ActKind::Rectified => vec![Act::Rectified { result: "x".to_owned(), handed_over_to: None }],
        ActKind::Merge | ActKind::Split => Vec::new(),
    }
}

proptest! {
    #[test]
    fn what_is_offered_is_taken_and_what_is_not_is_refused_or_changes_nothing(
        state in 0..AlertState::ALL.len(), verdict in 0..3usize, finding in proptest::option::of(0..12usize),
        disputed: bool, actor in 0..9usize,
    ) {
        let ground = Arc::new(Ground::build(held()));
        let state = AlertState::ALL[state];
        let finding = finding.map(|i| FindingKind::ALL[i]);
        let case = view(state, Verdict::ALL[verdict], finding, disputed);
        let rules = ReviewRules::default();
        let (name, unit) = [
            ("王", "A-a-1"), ("李", "A-a-2"), ("孙", "A-c-1"), ("镇长", "A-a"), ("乡长", "A-c"), ("甲县长", "A"),
            ("乙县长", "B"), ("市长", "S"), ("无", "nowhere"),
        ][actor];
        let actor = Actor::person(name, UnitCode(unit.to_owned()));
        let offers = acts_open_to(&ground, rules, &case, &actor);
        for kind in ActKind::ALL.into_iter().filter(|kind| !matches!(kind, ActKind::Merge | ActKind::Split)) {
            let offer = offers.iter().find(|offer| offer.kind == kind);
            let contents = contents(&ground, &case, kind);
            let taken = |on_behalf_of: Option<&str>| {
                let by = By { actor: &actor, on_behalf_of };
                contents.iter().filter(|act| is_open(&ground, rules, &case, by, act)).count()
            };
            match offer.map(|offer| offer.in_name_of) {
                Some(InNameOf::Anybody) => prop_assert!(taken(None) > 0, "{kind:?} is offered to {actor:?} in {state:?}"),
                Some(InNameOf::Another) => {
                    prop_assert!(taken(None) == 0 && taken(Some("某人")) > 0, "{kind:?} for another");
                }
                None => {
                    let by = By { actor: &actor, on_behalf_of: None };
                    for act in &contents {
                        let decided = check(&ground, rules, &case, by, act);
                        // Late facts are taken from phones that were offline; nobody is asked for them.
                        let is_quiet = matches!(decided, Ok(Effect::Unchanged | Effect::Notes))
                            && step(state, kind) == Some(Step::Note)
                            && matches!(kind, ActKind::Acknowledge | ActKind::Arrive | ActKind::PutOut | ActKind::Report);
                        prop_assert!(decided.is_err() || is_quiet, "{act:?} by {actor:?} in {state:?}: {decided:?}");
                    }
                }
            }
        }
    }
}
