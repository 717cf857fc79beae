//! `firegrid heat-sources suggest|list|approve|hand-over|renew|end`.

mod rows;

use std::sync::Arc;

use anyhow::Context;
use serde_json::{Value, json};

use super::acting::Acting;
use super::{Done, output};
use crate::app;
use crate::config::{Config, HeatSourcesConfig};
use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatAct, HeatStanding, NewHeatSource};
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::heat_suggest::suggest;
use crate::domain::position::Position;
use crate::domain::time::{Date, parse_date};
use crate::domain::unit::UnitCode;
use crate::report::objects;
use crate::store::Store;
use crate::store::query::{DetectionRow, Span};
use crate::words::commands::heat_sources as words;

/// Arguments of `heat-sources`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Places that look like fixed sources (疑似固定热源); changes nothing.
    Suggest {
        /// The local day to look back from; default today.
        #[arg(long, value_name = "DATE", value_parser = parse_day)]
        until: Option<Date>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Every known source, those that expire soon first.
    List {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Approve a source from today on (批准).
    Approve(ApproveArgs),
    /// Give a source into the care of another unit or person (移交).
    HandOver {
        /// The source.
        id: String,
        /// The unit that watches over it from now on.
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// The person there.
        #[arg(long, value_name = "NAME")]
        watched_by: Option<String>,
        #[command(flatten)]
        by: By,
    },
    /// Approve a source for longer, before it expires (续期).
    Renew {
        /// The source.
        id: String,
        /// The new last day, inclusive.
        #[arg(long, value_name = "DATE", value_parser = parse_day)]
        expires: Date,
        #[command(flatten)]
        by: By,
    },
    /// Take an approval back before it expires (终止).
    End {
        /// The source.
        id: String,
        /// Why, for the record.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, clap::Args)]
struct ApproveArgs {
    /// Name of the source.
    #[arg(long)]
    name: String,
    /// flare, kiln, plant, solar, landfill or other.
    #[arg(long, value_parser = parse_kind)]
    kind: HeatSourceKind,
    /// Longitude of its centre, WGS-84 degrees.
    #[arg(long, allow_negative_numbers = true)]
    lon: f64,
    /// Latitude of its centre, WGS-84 degrees.
    #[arg(long, allow_negative_numbers = true)]
    lat: f64,
    /// Radius, metres; half a pixel is added when fires are judged.
    #[arg(long, value_name = "METRES")]
    radius_m: f64,
    /// The unit that watches over it.
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// The person there.
    #[arg(long, value_name = "NAME")]
    watched_by: Option<String>,
    /// Last day, inclusive.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    expires: Date,
    #[command(flatten)]
    by: By,
}

#[derive(Debug, clap::Args)]
struct By {
    #[command(flatten)]
    acting: Acting,
    /// Names the command: sent again with the same id it is answered and not done again.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

impl By {
    fn stored(&self, ground: &Ground) -> anyhow::Result<crate::store::By> {
        let actor = self.acting.actor(ground)?;
        Ok(crate::store::By { actor, client_id: self.client_id.clone(), claimed_at: None })
    }
}

fn parse_day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

fn parse_kind(text: &str) -> Result<HeatSourceKind, String> {
    HeatSourceKind::from_name(text)
        .ok_or_else(|| format!("expected {}", HeatSourceKind::ALL.map(HeatSourceKind::name).join(", ")))
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
    let desk = Desk { store, ground, settings: config.heat_sources };
    match args.action {
        Action::Suggest { until, json } => desk.suggest(until, json).await?,
        Action::List { json } => desk.list(json).await?,
        Action::Approve(args) => desk.approve(args).await?,
        Action::HandOver { id, unit, watched_by, by } => {
            desk.act(id, HeatAct::HandOver { unit: UnitCode(unit), watched_by }, by).await?;
        }
        Action::Renew { id, expires, by } => desk.act(id, HeatAct::Renew { expires }, by).await?,
        Action::End { id, why, by } => desk.act(id, HeatAct::End { why }, by).await?,
    }
    Ok(Done::Completed)
}

struct Desk {
    store: Store,
    ground: Arc<Ground>,
    settings: HeatSourcesConfig,
}

impl Desk {
    async fn suggest(&self, until: Option<Date>, as_json: bool) -> anyhow::Result<()> {
        let today = until.unwrap_or_else(|| self.ground.local_day(app::now()));
        let rules = self.settings.suggest_rules();
        let mut known: Vec<_> =
            self.store.whole().heat_sources().await?.iter().map(ApprovedHeatSource::source).collect();
        known.extend(self.ground.data().heat_sources.iter().cloned());
        let (from, until) = rules.looked_at(today, &self.ground.data().time_zone)?;
        let detections = self.store.whole().in_span::<DetectionRow>(Span { from, until }).await?;
        // What its feed took back is no sign of a source.
        let standing = detections.into_iter().filter(|row| row.vanished_at.is_none());
        let observations: Vec<_> = standing.map(|row| row.observation).collect();
        let found = suggest(&self.ground, &known, &observations, today, &rules);
        if as_json {
            let suggestions: Vec<_> = found.iter().map(objects::suggestion).collect();
            return output::json(&json!({
                "suggestions": suggestions, "until": today, "look_back_days": rules.look_back_days,
                "detections": observations.len(), "region_version": self.ground.version(),
            }));
        }
        for suggestion in &found {
            output::line(&rows::suggestion_lines(suggestion));
        }
        output::note(&words::suggested(found.len(), observations.len(), (today, rules.look_back_days)).to_string());
        Ok(())
    }

    async fn list(&self, as_json: bool) -> anyhow::Result<()> {
        let (today, rules) = (self.ground.local_day(app::now()), self.settings.approval_rules());
        let mut rows: Vec<(HeatStanding, Date, Value, String)> = Vec::new();
        for source in self.store.whole().heat_sources().await? {
            let standing = source.standing(today, &rules);
            let source_object = objects::approved_heat_source(&source, standing);
            rows.push((standing, source.expires, source_object, rows::approved_line(&self.ground, &source, standing)));
        }
        for source in &self.ground.data().heat_sources {
            let standing = HeatStanding::of(source, today, &rules);
            rows.push((
                standing,
                source.expires,
                objects::region_heat_source(source, standing),
                rows::region_line(source, standing),
            ));
        }
        rows.sort_by(|a, b| (a.0, a.1, &a.3).cmp(&(b.0, b.1, &b.3)));
        let soon = rows.iter().filter(|(standing, ..)| *standing == HeatStanding::ExpiresSoon).count();
        if as_json {
            let objects: Vec<_> = rows.into_iter().map(|(.., object, _)| object).collect();
            return output::json(&json!({"heat_sources": objects, "expires_soon": soon, "day": today}));
        }
        for (.., line) in &rows {
            output::line(line);
        }
        output::note(&words::listed(rows.len(), soon, rules.soon_days).to_string());
        Ok(())
    }

    async fn approve(&self, args: ApproveArgs) -> anyhow::Result<()> {
        let by = args.by.stored(&self.ground)?;
        let centre = Position::from_lon_lat(args.lon, args.lat).context("--lon and --lat are degrees")?;
        let draft = NewHeatSource {
            name: args.name,
            kind: args.kind,
            centre,
            radius_m: args.radius_m,
            unit: UnitCode(args.unit),
            watched_by: args.watched_by,
            expires: args.expires,
        };
        let rules = self.settings.approval_rules();
        let source = self.store.whole().carry_out(draft, (by, self.ground.clone(), rules), app::now()).await?.source;
        self.answer(&source, args.by.json)
    }

    async fn act(&self, id: String, act: HeatAct, by: By) -> anyhow::Result<()> {
        let acting = by.stored(&self.ground)?;
        let rules = self.settings.approval_rules();
        let source =
            self.store.whole().carry_out((id, act), (acting, self.ground.clone(), rules), app::now()).await?.source;
        self.answer(&source, by.json)
    }

    fn answer(&self, source: &ApprovedHeatSource, as_json: bool) -> anyhow::Result<()> {
        let standing = source.standing(self.ground.local_day(app::now()), &self.settings.approval_rules());
        if as_json {
            return output::json(&objects::approved_heat_source(source, standing));
        }
        output::line(&rows::approved_line(&self.ground, source, standing));
        Ok(())
    }
}
