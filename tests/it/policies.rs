//! Twelve days of real polls as history under three policies: two zones, a ban on the whole city, burn plans for half
//! of the fires. Verdicts are explained, the same in any order and when repeated, and nobody is woken.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use firegrid::domain::time::{SignedDuration, TimeZone, Timestamp};
use serde_json::{Value, json};

use crate::commands::Desk;
use crate::harness::real_data;
use crate::region_files::{Outlines, contract_folder};

/// A ban zone drawn for the test over the busiest ground: west, south, east, north.
const BAN: [f64; 4] = [123.4, 45.0, 124.0, 46.0];

/// How far from its edge a footprint may still reach over it, degrees: half the largest pixel.
const EDGE: f64 = 0.07;

/// What the rules said of one pixel.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    lon: f64,
    lat: f64,
    at: Timestamp,
    fire: i64,
    county: Option<String>,
    verdict: String,
    reason: String,
    reason_en: String,
}

impl Said {
    fn is_in_ban_zone(&self) -> bool {
        (BAN[0]..=BAN[2]).contains(&self.lon) && (BAN[1]..=BAN[3]).contains(&self.lat)
    }

    /// Far enough from the ban zone that none of its pixel is banned.
    fn is_far_from_ban_zone(&self) -> bool {
        !((BAN[0] - EDGE..=BAN[2] + EDGE).contains(&self.lon) && (BAN[1] - EDGE..=BAN[3] + EDGE).contains(&self.lat))
    }

    fn local_hour(&self) -> i8 {
        TimeZone::get("Asia/Shanghai").unwrap().to_datetime(self.at).hour()
    }
}

/// A desk over the real counties with the ban zone drawn; `None` where this machine has no real data.
fn desk() -> Option<Desk> {
    let desk = Desk::of_counties(Outlines::CountiesWgs84, "wgs84")?;
    let [west, south, east, north] = BAN;
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    let zone = json!({
        "type": "Feature",
        "properties": {"id": "ban", "name": "试验禁烧区", "class": "ban", "season": "09-15..05-31", "basis": "试验"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    });
    contract_folder(desk.region(), Outlines::CountiesWgs84, "wgs84", &[zone])?;
    Some(desk)
}

fn edit_manifest(region: &Path, edit: impl Fn(String) -> String) {
    let path = region.join("region.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = edit(text.clone());
    assert_ne!(edited, text);
    std::fs::write(path, edited).unwrap();
}

fn said(desk: &Desk) -> BTreeMap<String, Said> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    desk.export("detections")
        .iter()
        .map(|detection| {
            let p = &detection["properties"];
            let said = Said {
                lon: p["longitude"].as_f64().unwrap(),
                lat: p["latitude"].as_f64().unwrap(),
                at: p["acquired_at"].as_str().unwrap().parse().unwrap(),
                fire: p["fire_id"].as_i64().unwrap(),
                county: p["county_code"].as_str().map(str::to_owned),
                verdict: text(&p["verdict"]),
                reason: text(&p["reason"]),
                reason_en: text(&p["reason_en"]),
            };
            (text(&p["key"]), said)
        })
        .collect()
}

/// Verdict and reason of every pixel; fire ids depend on what came first and are left out.
fn verdicts(said: &BTreeMap<String, Said>) -> BTreeMap<&str, (&str, &str)> {
    said.iter().map(|(key, said)| (key.as_str(), (said.verdict.as_str(), said.reason.as_str()))).collect()
}

fn count(said: &BTreeMap<String, Said>) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for said in said.values() {
        *counts.entry(said.verdict.as_str()).or_default() += 1;
    }
    counts
}

/// Replays the polls as history and checks what must hold under every policy.
fn replay(desk: &Desk) -> Option<BTreeMap<String, Said>> {
    let polls = real_data("firms/replay")?;
    let summary = desk.ingest(&polls, "history");
    assert_eq!((summary["new"].as_u64(), summary["alerts"].as_u64()), (Some(180), Some(0)));
    let (first, facts) = (said(desk), desk.facts());
    for (key, said) in &first {
        assert!(!said.reason.is_empty() && !said.reason_en.is_empty(), "{key} is not explained");
    }
    wakes_nobody(desk);

    let again = desk.ingest(&polls, "history");
    assert_eq!((again["new"].as_u64(), again["revised"].as_u64()), (Some(0), Some(0)));
    assert_eq!((verdicts(&said(desk)), desk.facts()), (verdicts(&first), facts.clone()), "repeated");
    wakes_nobody(desk);

    let backwards = Desk::new(desk.region());
    let mut files: Vec<_> = std::fs::read_dir(&polls).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.reverse();
    let mut args = vec!["ingest", "--origin", "history", "--json"];
    args.extend(files.iter().map(|path| path.to_str().unwrap()));
    backwards.json(&args);
    assert_eq!((verdicts(&said(&backwards)), backwards.facts()), (verdicts(&first), facts), "in reverse");
    wakes_nobody(&backwards);
    Some(first)
}

/// Archives open no alert, write no notice and start no clock.
fn wakes_nobody(desk: &Desk) {
    let db = rusqlite::Connection::open(desk.path("firegrid.sqlite")).unwrap();
    for table in ["alerts", "alert_scope", "alert_chains", "notices", "deadlines"] {
        let rows: i64 = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    let events: i64 =
        db.query_row("SELECT count(*) FROM events WHERE subject_kind = 'alert'", [], |row| row.get(0)).unwrap();
    assert_eq!(events, 0, "events of alerts");
}

#[test]
fn under_two_zones_the_ban_zone_is_banned_and_the_rest_unplanned() {
    let Some(desk) = desk() else { return };
    let Some(said) = replay(&desk) else { return };
    for (key, said) in &said {
        let expected = match (&said.county, said.is_in_ban_zone()) {
            (None, _) => "neighbour",
            (Some(_), true) => "banned",
            (Some(_), false) => "unplanned",
        };
        assert_eq!(said.verdict, expected, "{key}: {}", said.reason);
        assert_eq!(said.reason.contains("试验禁烧区"), expected == "banned", "{key}: {}", said.reason);
        assert_eq!(said.reason.contains("09-15..05-31"), expected != "neighbour", "the rule's dates: {}", said.reason);
    }
    let counts = count(&said);
    assert!(counts["banned"] > 20 && counts["unplanned"] > 20, "both zones are tried: {counts:?}");
}

#[test]
fn under_a_ban_on_the_whole_city_everything_in_it_is_banned() {
    let Some(desk) = desk() else { return };
    edit_manifest(desk.region(), |text| text.replace("outside_zones = \"limited\"", "outside_zones = \"ban\""));
    let Some(said) = replay(&desk) else { return };
    for (key, said) in &said {
        let expected = if said.county.is_some() { "banned" } else { "neighbour" };
        assert_eq!(said.verdict, expected, "{key}: {}", said.reason);
    }
    assert_eq!(count(&said), BTreeMap::from([("banned", 150), ("neighbour", 30)]));
}

/// Writes a plan for every pixel of some fires: a square of two hundred metres about its centre, from an hour before
/// to an hour after it was seen, approved and ordered two days before.
fn write_plans(region: &Path, planned: &[&Said]) {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let local = |at: Timestamp| zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string();
    let hours = SignedDuration::from_hours;
    let mut csv =
        "plan_id,unit_code,window_start,window_end,area_mu,responsible,approver,approved_at,status,plot\n".to_owned();
    for (n, pixel) in (1..).zip(planned) {
        let (west, south, east, north) =
            (pixel.lon - 0.0013, pixel.lat - 0.0009, pixel.lon + 0.0013, pixel.lat + 0.0009);
        writeln!(
            csv,
            "P-{n:03},{},{},{},60,责任人{n},市秸秆办,{},ordered,\"POLYGON (({west:.5} {south:.5}, {east:.5} {south:.5}, \
             {east:.5} {north:.5}, {west:.5} {north:.5}, {west:.5} {south:.5}))\"",
            pixel.county.as_ref().unwrap(),
            local(pixel.at - hours(1)),
            local(pixel.at + hours(1)),
            local(pixel.at - hours(48)),
        )
        .unwrap();
    }
    std::fs::write(region.join("burn_plans.csv"), csv).unwrap();
    std::fs::write(region.join("calendar.toml"), "[hours]\nfrom = \"06:00\"\nto = \"18:00\"\n").unwrap();
    edit_manifest(region, |text| {
        text + "[calendar]\npath = \"calendar.toml\"\n[burn_plans]\npath = \"burn_plans.csv\"\ndatum = \"wgs84\"\n"
    });
}

#[test]
fn under_burn_plans_for_half_the_fires_planned_fires_are_planned_and_the_others_are_not() {
    let Some(bare) = desk() else { return };
    let Some(before) = replay(&bare) else { return };
    // Every second fire on limited ground has its plans.
    let on_limited = |said: &&Said| said.verdict == "unplanned";
    let fires: BTreeSet<i64> = before.values().filter(on_limited).map(|said| said.fire).collect();
    let planned_fires: BTreeSet<i64> = fires.iter().copied().step_by(2).collect();
    let planned: Vec<_> =
        before.values().filter(on_limited).filter(|said| planned_fires.contains(&said.fire)).collect();
    assert!(planned.len() > 20, "{} pixels of {} fires", planned.len(), planned_fires.len());

    let Some(desk) = desk() else { return };
    write_plans(desk.region(), &planned);
    let Some(after) = replay(&desk) else { return };
    for (key, now) in &after {
        let then = &before[key];
        let has_plan = planned.iter().any(|pixel| (pixel.lon, pixel.lat, pixel.at) == (then.lon, then.lat, then.at));
        let by_day = (6..18).contains(&then.local_hour());
        match then.verdict.as_str() {
            // Near the zone a tenth of the pixel may be banned ground: then no plan excuses it.
            "unplanned" if has_plan && !then.is_far_from_ban_zone() => {
                assert!(["planned", "off_plan"].contains(&now.verdict.as_str()), "{key}: {}", now.reason);
            }
            "unplanned" if has_plan => {
                assert_eq!(now.verdict, if by_day { "planned" } else { "off_plan" }, "{key}: {}", now.reason);
                assert!(now.reason.contains("P-"), "{key} names its plan: {}", now.reason);
            }
            // Half a pixel from another fire's plot in its window it may pass for that fire.
            "unplanned" => {
                assert!(["unplanned", "off_plan", "planned"].contains(&now.verdict.as_str()), "{key}: {}", now.reason);
                assert!(now.verdict != "planned" || by_day, "{key}: {}", now.reason);
            }
            // A plan excuses nothing in the ban zone, and the neighbours have rules of their own.
            other => assert_eq!(now.verdict, other, "{key}: {}", now.reason),
        }
    }
    let counts = count(&after);
    assert!(counts["planned"] >= 10 && counts["off_plan"] >= 1 && counts["unplanned"] >= 10, "{counts:?}");
    assert_eq!((counts["banned"], counts["neighbour"]), (count(&before)["banned"], 30));
}
