//! Which shift is handed over about the change at eight, and what its sheet says first.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::StatusCode;
use firegrid::domain::alert::Act;
use firegrid::domain::time::Timestamp;

use super::{Office, field, ground};
use crate::pages::{Setting, assert_in_order, observation, text_of};

/// A desk whose clock a test moves forward; it begins at four in the morning of the 14th, after fires of the day before.
struct Desk {
    office: Office,
    clock: Arc<AtomicI64>,
}

const START: &str = "2026-04-13T20:00:00Z";

impl Desk {
    async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START.parse::<Timestamp>().unwrap().as_millisecond()));
        let read = clock.clone();
        let now = Arc::new(move || Timestamp::from_millisecond(read.load(Ordering::Relaxed)).unwrap());
        let rows = vec![
            observation("122.715", "45.615", "2026-04-13T04:12:00Z"),
            observation("123.2", "45.7", "2026-04-13T04:12:00Z"),
        ];
        let setting = Setting { region: ground(), rows, now: START, clock: Some(now), ..Setting::default() };
        Self { office: Office::start(setting).await, clock }
    }

    fn set(&self, at: &str) {
        self.clock.store(at.parse::<Timestamp>().unwrap().as_millisecond(), Ordering::Relaxed);
    }

    /// The county's sheet at a moment.
    async fn sheet(&self, at: &str, path: &str) -> String {
        self.set(at);
        self.office.page("county", path).await
    }

    /// Hands over what a sheet is of.
    async fn hand_over(&self, sheet: &str) {
        let [id, shift] = ["client_id", "shift"].map(|name| field(sheet, "action=\"/duty/handover", name));
        let fields =
            [("client_id", id.as_str()), ("shift", &shift), ("gives", "钱值班"), ("takes", "孙值班"), ("note", "")];
        for _ in 0..2 {
            let (status, _, body) = self.office.send("county", "/duty/handover", &fields).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        }
    }

    /// When the shifts began that were handed over.
    fn handed_over(&self) -> Vec<Timestamp> {
        let db = rusqlite::Connection::open(self.office.app.store.path()).unwrap();
        let mut select = db.prepare("SELECT shift_began_at FROM handovers").unwrap();
        let began = select.query_map([], |row| row.get(0)).unwrap();
        began.map(|began| Timestamp::from_millisecond(began.unwrap()).unwrap()).collect()
    }
}

const ENDED: [&str; 2] = ["时段 2026-04-13 08:00 – 2026-04-14 08:00", "钱值班"];
const RUNNING: [&str; 2] = ["时段 2026-04-14 08:00 – 2026-04-15 08:00", "孙值班"];

#[tokio::test]
async fn the_shift_that_ended_is_offered_for_an_hour_and_whoever_sat_there_hands_it_over() {
    let desk = Desk::new().await;
    // 07:59, 08:00, 08:59 and 09:00 there.
    let cases = [
        ("2026-04-13T23:59:00Z", &ENDED, ["钱值班", "孙值班"]),
        ("2026-04-14T00:00:00Z", &ENDED, ["钱值班", "孙值班"]),
        ("2026-04-14T00:59:00Z", &ENDED, ["钱值班", "孙值班"]),
        ("2026-04-14T01:00:00Z", &RUNNING, ["孙值班", "李值班"]),
    ];
    for (at, says, [gives, takes]) in cases {
        let sheet = desk.sheet(at, "/duty/handover").await;
        assert_in_order(&text_of(&sheet), says);
        let form = &sheet[sheet.find("action=\"/duty/handover").unwrap()..];
        assert_in_order(form, &[&format!("value=\"{gives}\""), &format!("value=\"{takes}\"")]);
    }
    // Later it can be asked for, and is printed and signed as it was.
    assert_in_order(&text_of(&desk.sheet("2026-04-14T05:00:00Z", "/duty/handover?shift=last").await), &ENDED);
}

#[tokio::test]
async fn once_it_is_handed_over_the_running_shift_is_offered() {
    let desk = Desk::new().await;
    let sheet = desk.sheet("2026-04-14T00:10:00Z", "/duty/handover").await;
    desk.hand_over(&sheet).await;
    assert_in_order(&text_of(&desk.sheet("2026-04-14T00:20:00Z", "/duty/handover").await), &RUNNING);
    // Before the change too: then the next one has nothing left to take over.
    let early = Desk::new().await;
    let sheet = early.sheet("2026-04-13T23:50:00Z", "/duty/handover").await;
    early.hand_over(&sheet).await;
    assert_in_order(&text_of(&early.sheet("2026-04-14T00:01:00Z", "/duty/handover").await), &RUNNING);
}

#[tokio::test]
async fn a_sheet_that_lay_open_over_the_hour_hands_over_the_shift_it_was_of() {
    let desk = Desk::new().await;
    let sheet = desk.sheet("2026-04-14T00:10:00Z", "/duty/handover").await;
    desk.set("2026-04-14T02:10:00Z");
    desk.hand_over(&sheet).await;
    let began: Timestamp = "2026-04-13T00:00:00Z".parse().unwrap();
    assert_eq!(desk.handed_over(), [began], "once, and not the running shift");
}

#[tokio::test]
async fn what_people_did_stands_before_what_the_service_noted_and_later_things_are_the_next_shifts() {
    let desk = Desk::new().await;
    let here = desk.office.here.clone();
    desk.office.act(&here, Act::Acknowledge, "张三", "220101001", "").await;
    let text = text_of(&desk.sheet("2026-04-14T00:30:00Z", "/duty/handover").await);
    assert_in_order(&text, &["班内经过 签收 1，生成告警 1", "人员办理 1", "张三", "系统记录 1", "生成告警"]);
    let running = text_of(&desk.sheet("2026-04-14T00:30:00Z", "/duty/handover?shift=running").await);
    assert_in_order(&running, &["班内经过 无", "人员办理 0", "系统记录 0"]);
}
