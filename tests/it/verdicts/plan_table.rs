//! Hour, weather, plan, order, window, distance, ban share and pixel size on limited ground:
//! every combination, against rules written down a second time.

use std::collections::{BTreeMap, BTreeSet};

use firegrid::domain::calendar::{BurnWeather, PermittedHours};
use firegrid::domain::ground::Ground;
use firegrid::domain::plan::BurnPlan;
use firegrid::domain::policy::{EnteredWeather, Policy};
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::{Misfit, Reason, Verdict, judge};
use firegrid::domain::zone::ZoneClass;
use firegrid::words::Say;

use super::{bare, fitting_plan, fixture, hours, km_box, noon, order, seen};

/// What one property of an alert adds: the names of misfits (`?` for none, but a level is unsaid),
/// then what a text that lists them must name.
type Part = &'static [&'static str];

/// Permitted hours, from and to.
type Hours = (&'static str, &'static str);

/// Local hours, and the misfit of a fire at noon with what its text must name.
const HOURS: [(Option<Hours>, Part); 4] = [
    (None, &[]),
    (Some(("12:00", "16:00")), &[]),
    (Some(("08:00", "12:00")), &["hour", "08:00", "12:00"]),
    (Some(("20:00", "06:00")), &["hour", "20:00", "06:00"]),
];

/// Highest level permitted, level of the county in the file, level entered and hours before the fire.
type Weather = (Option<u8>, Option<u8>, Option<(u8, i64)>);
const WEATHER: [(Weather, Part); 9] = [
    ((None, Some(4), None), &[]),
    ((Some(2), None, None), &["?"]),
    ((Some(2), Some(2), None), &[]),
    ((Some(2), Some(3), None), &["weather", "2026-04-13", "3", "2"]),
    ((Some(2), Some(3), Some((1, 0))), &[]),
    ((Some(2), Some(3), Some((1, -1))), &["weather", "2026-04-13", "3", "2"]),
    ((Some(2), Some(1), Some((4, 1))), &["weather", "2026-04-13", "4", "2"]),
    ((Some(2), Some(1), Some((4, -1))), &[]),
    ((Some(2), None, Some((4, -1))), &["?"]),
];

/// A plan's papers; `None` when it is nobody's plan.
const PAPERS: [(&str, Option<Part>); 10] = [
    ("approved", Some(&[])),
    ("approved at the very moment", Some(&[])),
    ("applied", Some(&["not_approved"])),
    ("refused", Some(&["not_approved"])),
    ("refused later", Some(&[])),
    ("approved late", Some(&["late", "2026-04-13 13:00"])),
    ("received late", Some(&["late", "2026-04-13 13:00"])),
    ("received late, never approved", Some(&["late not_approved", "2026-04-13 13:00"])),
    ("withdrawn", None),
    ("withdrawn later", Some(&[])),
];

const ORDERS: [(&str, Part); 8] = [
    ("running", &[]),
    ("not needed", &[]),
    ("none", &["no_order"]),
    ("over", &["no_order", "2026-04-13 09:00", "12:00"]),
    ("issued at the very moment", &[]),
    ("issued late", &["late", "2026-04-13 13:00"]),
    ("taken back", &["no_order", "2026-04-13 12:00"]),
    ("taken back later", &[]),
];

/// Hours from the fire to the window's start and end; `None` when too far.
const WINDOWS: [((i64, i64), Option<Part>); 7] = [
    ((0, 6), Some(&[])),
    ((-4, 1), Some(&[])),
    ((-4, 0), Some(&["window", "2026-04-13 08:00", "12:00"])),
    ((72, 80), Some(&["window", "2026-04-16 12:00", "20:00"])),
    ((73, 80), None),
    ((-80, -72), Some(&["window", "2026-04-10 04:00", "12:00"])),
    ((-80, -73), None),
];

/// From the centre to the plot, km; 0 is inside.
const DISTANCES_KM: [f64; 6] = [0.0, 0.15, 0.3, 1.9, 2.1, 2.6];
const PIXELS_KM: [f64; 2] = [0.4, 5.0];
const BAN_SHARES: [f64; 3] = [0.0, 0.08, 0.12];

fn papers(name: &str, plan: BurnPlan) -> BurnPlan {
    let (before, at, later) = (Some(noon() - hours(1)), Some(noon()), Some(noon() + hours(1)));
    match name {
        "approved at the very moment" => BurnPlan { received_at: noon(), approved_at: at, ..plan },
        "applied" => BurnPlan { approved_at: None, ..plan },
        "refused" => BurnPlan { refused_at: before, ..plan },
        "refused later" => BurnPlan { refused_at: later, ..plan },
        "approved late" => BurnPlan { approved_at: later, ..plan },
        "received late" => BurnPlan { received_at: later.unwrap(), ..plan },
        "received late, never approved" => BurnPlan { received_at: later.unwrap(), approved_at: None, ..plan },
        "withdrawn" => BurnPlan { withdrawn_at: at, ..plan },
        "withdrawn later" => BurnPlan { withdrawn_at: later, ..plan },
        _ => plan,
    }
}

fn orders(name: &str, plan: BurnPlan) -> BurnPlan {
    let mut order = order();
    match name {
        "none" | "not needed" => return BurnPlan { orders: Vec::new(), ..plan },
        "over" => (order.from, order.to) = (noon() - hours(3), noon()),
        "issued at the very moment" => order.issued_at = noon(),
        "issued late" => order.issued_at = noon() + hours(1),
        "taken back" => order.withdrawn_at = Some(noon()),
        "taken back later" => order.withdrawn_at = Some(noon() + hours(1)),
        _ => {}
    }
    BurnPlan { orders: vec![order], ..plan }
}

/// The ground: limited for three kilometres, a strip of ban zone that takes a share of the pixel.
fn ground(pixel_km: f64, ban_share: f64, hours: Option<Hours>, weather: Weather) -> Ground {
    let mut data = bare();
    data.zones = vec![fixture::zone("lim", ZoneClass::Limited, Some("03-01..04-30"), km_box(-3.0, -3.0, 3.0, 3.0))];
    if ban_share > 0.0 {
        let edge = pixel_km * (0.5 - ban_share);
        data.zones.push(fixture::zone("ban", ZoneClass::Ban, None, km_box(edge, -3.0, 3.0, 3.0)));
    }
    data.calendar.hours =
        hours.map(|(from, to)| PermittedHours { from: from.parse().unwrap(), to: to.parse().unwrap() });
    data.calendar.max_weather_level = weather.0;
    data.burn_weather = weather.1.into_iter().map(level_of_the_county).collect();
    Ground::build(data)
}

fn level_of_the_county(level: u8) -> BurnWeather {
    BurnWeather { unit_code: UnitCode("A".to_owned()), date: "2026-04-13".parse().unwrap(), level }
}

/// What one fire and one plan are like, by the tables above.
#[derive(Debug, Clone, Copy)]
struct Alert {
    pixel_km: f64,
    ban_share: f64,
    hour: Part,
    weather: Part,
    window: ((i64, i64), Option<Part>),
    paper: (&'static str, Option<Part>),
    order: (&'static str, Part),
    distance_km: f64,
}

impl Alert {
    /// In how many ways the alert is not the plain one. With more at once than are tried here
    /// nothing new comes out, only a longer list.
    fn oddities(&self) -> usize {
        let odd = |part: &[&str]| usize::from(!part.is_empty());
        usize::from(self.distance_km > 0.0)
            + usize::from(self.ban_share > 0.0)
            + [self.hour, self.weather, self.order.1].map(odd).iter().sum::<usize>()
            + [self.window.1, self.paper.1].map(|part| part.map_or(1, odd)).iter().sum::<usize>()
    }

    fn plan(&self) -> BurnPlan {
        let km = self.distance_km;
        let (west, east) = if km == 0.0 { (-1.0, 1.0) } else { (-km - 1.0, -km) };
        let (from, to) = self.window.0;
        let plan = BurnPlan {
            plot: Some(km_box(west, -1.0, east, 1.0)),
            window_start: noon() + hours(from),
            window_end: noon() + hours(to),
            ..fitting_plan()
        };
        orders(self.order.0, papers(self.paper.0, plan))
    }

    /// The rules a second time: the verdict, the misfits, and what a text that lists them names.
    fn expected(&self) -> (Verdict, BTreeSet<&'static str>, Vec<String>) {
        let half_km = self.pixel_km / 2.0;
        let off_plot = ["plot", &format!("{:.2}", self.distance_km), &format!("{half_km:.2}")].map(str::to_owned);
        let (mut misfits, mut named) = (BTreeSet::new(), Vec::new());
        if self.distance_km > half_km {
            misfits.insert("plot");
            named.extend(off_plot.into_iter().skip(1));
        }
        if self.ban_share >= 0.1 {
            misfits.insert("ban_share");
            named.push("12".to_owned());
        }
        let (window, paper) = (self.window.1.unwrap_or_default(), self.paper.1.unwrap_or_default());
        for part in [self.hour, self.weather, self.order.1, paper, window] {
            let Some((names, texts)) = part.split_first() else { continue };
            misfits.extend(names.split(' ').filter(|name| *name != "?"));
            named.extend(texts.iter().map(|&text| text.to_owned()));
        }
        let is_near = self.distance_km <= half_km.max(2.0) && self.window.1.is_some() && self.paper.1.is_some();
        let verdict = match (is_near, misfits.is_empty()) {
            (false, _) => Verdict::Unplanned,
            (true, true) => Verdict::Planned,
            (true, false) => Verdict::OffPlan,
        };
        (verdict, misfits, named)
    }

    fn check(&self, ground: &Ground, policy: &Policy) -> Verdict {
        let (verdict, misfits, named) = self.expected();
        let judged = judge(ground, policy, &seen(self.pixel_km, noon())).unwrap();
        assert_eq!(judged.verdict, verdict, "{self:?}: {:#?}", judged.reason);
        assert_eq!(judged.plan.is_some(), verdict != Verdict::Unplanned, "{self:?}");
        let (zh, en) = (judged.reason.say().zh, judged.reason.say().en);
        let says = |part: &str| assert!(zh.contains(part) && en.contains(part), "{self:?}: {part} in {zh} / {en}");
        ["lim区", "03-01..04-30"].into_iter().for_each(says);
        if let Reason::OffPlan { plan, .. } = &judged.reason {
            let found: BTreeSet<_> = plan.misfits.iter().map(Misfit::name).collect();
            assert_eq!(found, misfits, "{self:?}");
            for part in &named {
                says(part);
            }
        }
        if verdict != Verdict::Unplanned {
            says("P-1");
            let unsaid = self.weather.first() == Some(&"?");
            assert_eq!(zh.contains("气象等级未登记"), unsaid, "{self:?}: {zh}");
            assert_eq!(en.contains("no burn-weather level recorded"), unsaid, "{self:?}: {en}");
        }
        verdict
    }
}

/// The alerts on one ground: windows, papers, orders and distances.
fn alerts_of(plain: Alert) -> Vec<Alert> {
    let mut cases = Vec::new();
    for window in WINDOWS {
        for paper in PAPERS {
            for order in ORDERS {
                cases.extend(DISTANCES_KM.map(|distance_km| Alert { window, paper, order, distance_km, ..plain }));
            }
        }
    }
    let most = if plain.pixel_km < 1.0 { 3 } else { 2 };
    cases.retain(|case| case.oddities() <= most);
    cases
}

#[test]
fn every_plan_gets_the_verdict_of_the_rules_and_all_its_misfits_with_their_dates() {
    let mut counts = BTreeMap::new();
    for pixel_km in PIXELS_KM {
        for ban_share in BAN_SHARES {
            for (permitted, hour) in HOURS {
                for (levels, weather) in WEATHER {
                    let ground = ground(pixel_km, ban_share, permitted, levels);
                    let entered = levels.2.map(|(level, before)| EnteredWeather {
                        weather: level_of_the_county(level),
                        entered_at: noon() - hours(before),
                        entered_by: "县办".to_owned(),
                    });
                    let mut policy = Policy { weather: entered.into_iter().collect(), ..Policy::default() };
                    let (window, paper, order) = (WINDOWS[0], PAPERS[0], ORDERS[0]);
                    let plain = Alert { pixel_km, ban_share, hour, weather, window, paper, order, distance_km: 0.0 };
                    for case in alerts_of(plain) {
                        policy.plans = vec![case.plan()];
                        policy.plan_rules.need_order = case.order.0 != "not needed";
                        *counts.entry(case.check(&ground, &policy)).or_insert(0) += 1;
                    }
                }
            }
        }
    }
    eprintln!("{counts:?}");
    assert!(counts.len() == 3 && counts.values().all(|n| *n > 1000), "{counts:?}");
}
