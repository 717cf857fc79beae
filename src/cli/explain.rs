//! `firegrid explain LON LAT`: what the rules say of a point, by the same code that judges
//! detections.

use anyhow::Context;
use serde_json::{Value, json};

use super::moment::{self, Moment};
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::calendar::Closure;
use crate::domain::chain::chain_of;
use crate::domain::footprint::Footprint;
use crate::domain::ground::Ground;
use crate::domain::landcover::not_straw_ground;
use crate::domain::policy::Policy;
use crate::domain::position::Position;
use crate::domain::unit::{Unit, UnitCode, UnitLevel};
use crate::domain::verdict::{Judgement, PlanMatch, Sighting, judge, plans_near};
use crate::words::commands::explain as words;
use crate::words::{Say, not_straw as not_straw_words};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Longitude, WGS-84 degrees.
    #[arg(allow_negative_numbers = true)]
    lon: f64,
    /// Latitude, WGS-84 degrees.
    #[arg(allow_negative_numbers = true)]
    lat: f64,
    /// Moment to judge at, local time (or with an offset); default now.
    #[arg(long, value_name = moment::VALUE)]
    at: Option<Moment>,
    /// Pixel size along the scan, km; with --track gives shares.
    #[arg(long, value_name = "KM", requires = "track")]
    scan: Option<f64>,
    /// Pixel size along the track, km.
    #[arg(long, value_name = "KM", requires = "scan")]
    track: Option<f64>,
    /// Direction of the track side, degrees clockwise from north.
    #[arg(long, value_name = "DEGREES", default_value_t = 0.0, allow_negative_numbers = true)]
    heading: f64,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let position = Position::from_lon_lat(args.lon, args.lat).context(words::NOT_DEGREES)?;
    let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
    let pixel = args.scan.zip(args.track);
    if let Some((scan, track)) = pixel {
        let plausible = |km: f64| km > 0.0 && km <= 20.0;
        anyhow::ensure!(plausible(scan) && plausible(track), "--scan and --track are kilometres above 0 and up to 20");
    }
    let sighting = Sighting {
        position,
        acquired_at: args.at.map_or_else(|| Ok(app::now()), |at| at.instant(&ground.data().time_zone))?,
        footprint: pixel.map(|(scan, track)| Footprint::new(position, scan, track, args.heading)),
        half_pixel_km: pixel.map_or(0.0, |(scan, track)| (scan + track) / 4.0),
    };
    let policy = app::policy_of(&config, &ground, sighting.acquired_at).await?;
    let explained = document(&ground, &policy, &sighting);
    if args.json {
        output::json(&explained)?;
    } else {
        output::text(&serde_json::to_string_pretty(&explained)?)?;
    }
    Ok(Done::Completed)
}

fn document(ground: &Ground, policy: &Policy, sighting: &Sighting) -> Value {
    let judgement = judge(ground, policy, sighting);
    let judgement = judgement.as_ref();
    let unit = judgement.and_then(|j| j.unit.as_ref()).and_then(|code| ground.unit(code));
    let day = ground.local_day(sighting.acquired_at);
    let chain: Vec<_> = unit
        .map(|unit| chain_of(ground, &unit.code, day))
        .unwrap_or_default()
        .into_iter()
        .map(|link| {
            let holder = link.holder().map(|holder| holder.name.clone());
            json!({"level": link.level, "code": link.code, "name": link.name, "holder": holder})
        })
        .collect();
    json!({
        "position": {"lon": sighting.position.lon(), "lat": sighting.position.lat()},
        "at": sighting.acquired_at.to_string(),
        "local_day": day.to_string(),
        "unit": unit.map(|unit| json!({"code": unit.code, "name": unit.name, "level": unit.level})),
        "township": unit.and_then(|unit| named(ground, &unit.code, UnitLevel::Township)),
        "county": unit.and_then(|unit| named(ground, &unit.code, UnitLevel::County)),
        "chain": chain,
        "zones": judgement.map(|j| j.zones.as_slice()).unwrap_or_default(),
        "verdict": judgement.map_or("outside", |j| j.verdict.name()),
        "reason": judgement.map_or_else(|| words::OUTSIDE.zh.to_owned(), |j| j.reason.say().zh),
        "reason_en": judgement.map_or_else(
            || words::OUTSIDE.en.to_owned(), |j| j.reason.say().en),
        "rule": judgement.map(|j| &j.reason),
        "closures": closures(ground, sighting, judgement),
        "weather": weather(ground, policy, sighting, judgement),
        "plan": judgement.and_then(|j| j.plan.as_ref()),
        "plans": plans(ground, policy, sighting, judgement),
        "land_cover": land_cover(ground, sighting, judgement),
        "sure_level": judgement.and_then(|j| j.sure_level),
        "shares": judgement.and_then(|j| j.shares.as_ref()),
        "candidates": judgement.map(|j| j.candidates.as_slice()).unwrap_or_default(),
        "may_be_banned": judgement.is_some_and(|j| j.may_be_banned),
        "region_version": ground.version(),
    })
}

/// The closures that run at the point then, whatever its ground is.
fn closures(ground: &Ground, sighting: &Sighting, judgement: Option<&Judgement>) -> Vec<Value> {
    let in_city = judgement.is_some_and(|j| j.unit.is_some());
    let units_over = ground.units_over(sighting.position);
    let running = ground.closures_over(&units_over, ground.local_moment(sighting.acquired_at));
    let as_json = |closure: &Closure| {
        json!({"name": closure.name, "from": closure.from, "to": closure.to,
               "units": closure.units, "basis": closure.basis})
    };
    if in_city { running.map(as_json).collect() } else { Vec::new() }
}

/// The burn-weather level of the point's day, and the highest that planned burning may have.
fn weather(ground: &Ground, policy: &Policy, sighting: &Sighting, judgement: Option<&Judgement>) -> Value {
    let max = ground.data().calendar.max_weather_level;
    let unit = judgement.and_then(|j| j.unit.as_ref());
    let level = unit.and_then(|unit| policy.weather_at(ground, unit, sighting.acquired_at));
    let said = words::weather(level.as_ref().map(|level| (level.date, level.level)));
    json!({"level": level, "permitted_up_to": max, "text": said.zh, "text_en": said.en})
}

/// The plans near the point, best first, each with what does not fit.
fn plans(ground: &Ground, policy: &Policy, sighting: &Sighting, judgement: Option<&Judgement>) -> Vec<Value> {
    if judgement.is_none_or(|j| j.unit.is_none()) {
        return Vec::new();
    }
    let as_json = |plan: PlanMatch| {
        let misfits: Vec<_> = plan.misfits.iter().map(|misfit| misfit.say().zh).collect();
        let misfits_en: Vec<_> = plan.misfits.iter().map(|misfit| misfit.say().en).collect();
        json!({"fits": plan.fits(), "misfits": misfits, "misfits_en": misfits_en, "compared": plan})
    };
    plans_near(ground, policy, sighting).into_iter().map(as_json).collect()
}

/// What grows at the point itself; the shares of a pixel stand with the other shares.
fn land_cover(ground: &Ground, sighting: &Sighting, judgement: Option<&Judgement>) -> Value {
    let shares = judgement.and_then(|j| j.shares.as_ref()).map(|shares| shares.land_cover.as_slice());
    let not_straw = not_straw_ground(shares.unwrap_or_default());
    json!({
        "at_point": ground.cover_at(sighting.position),
        "remark": not_straw.map(|cover| not_straw_words(cover).zh),
        "remark_en": not_straw.map(|cover| not_straw_words(cover).en),
    })
}

fn named(ground: &Ground, code: &UnitCode, level: UnitLevel) -> Option<Value> {
    ground.at_level(code, level).map(|unit: &Unit| json!({"code": unit.code, "name": unit.name}))
}
