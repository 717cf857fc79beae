//! Region versions: which ruled from when on, and what differs between two, as a list and as a picture.
//!
//! Files are not uploaded here: whoever owns the machine reloads them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::domain::ground::{RegionData, RegionVersion};
use crate::regions::difference::{Change, Changes};
use crate::regions::{self, Bundle, Difference, difference};
use crate::report::map_svg::{ChangeKind, VersionsMap};
use crate::store::RegionTurn;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::values::refusal;
use crate::web::frame::Frame;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::region_files::{BURN_PLANS, DUTY, PEOPLE};
use crate::words::{Label, Lang, local, pages as w};

/// Records of a kind that are named; the rest are counted.
const NAMED: usize = 60;

#[derive(Template)]
#[template(path = "regions.html")]
struct RegionsPage {
    f: Frame,
    turns: Vec<TurnLine>,
    is_admin: bool,
    in_use: String,
}

struct TurnLine {
    short: String,
    version: String,
    at: String,
    by: String,
    kilobytes: i64,
    is_active: bool,
    difference: Option<String>,
}

/// `GET /regions`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&[])?;
    let ground = web.ground();
    let turns = me.store.regions().await?.turns;
    let line = |(i, turn): (usize, &RegionTurn)| TurnLine {
        short: turn.version.short().to_owned(),
        version: turn.version.0.clone(),
        at: local(&ground, turn.activated_at),
        by: by(turn, ask.lang),
        kilobytes: turn.bytes.div_euclid(1024) + 1,
        is_active: i == 0,
        difference: turns
            .get(i + 1)
            .map(|before| ask.href(&format!("/regions/{}/difference?from={}", turn.version.0, before.version.0))),
    };
    let page = RegionsPage {
        f: Frame::of(web, ask).await,
        turns: turns.iter().enumerate().map(line).collect(),
        is_admin: me.account.role.administers(),
        in_use: ground.version().short().to_owned(),
    };
    Ok(page.render()?)
}

fn by(turn: &RegionTurn, lang: Lang) -> String {
    match &turn.by {
        Some((who, kind)) => {
            let what = match kind.as_str() {
                "people_imported" => lang.say(w::regions::IMPORTED_PEOPLE),
                "duty_imported" => lang.say(w::regions::IMPORTED_ROSTER),
                other => other,
            };
            format!("{who}（{what}）")
        }
        None => lang.say(w::regions::OPERATOR).to_owned(),
    }
}

#[derive(Template)]
#[template(path = "regions_difference.html")]
struct DifferencePage {
    f: Frame,
    from: String,
    to: String,
    is_empty: bool,
    settings: Vec<String>,
    kinds: Vec<KindView>,
    areas: Vec<AreaLine>,
    map: Option<String>,
    legend: Vec<(String, &'static str)>,
}

struct KindView {
    title: String,
    added: usize,
    removed: usize,
    changed: usize,
    /// Sign, words and key of each that is named.
    lines: Vec<(&'static str, &'static str, String, String)>,
    more: usize,
    /// Names of people stand in the keys: not for everybody.
    is_hidden: bool,
}

struct AreaLine {
    name: String,
    class: &'static str,
    gained: String,
    lost: String,
}

/// `GET /regions/{version}/difference`
pub(in crate::web) async fn differs(
    State(web): State<Arc<Web>>,
    me: Me,
    Path(version): Path<String>,
    ask: Ask,
) -> Response {
    let built = build_difference(&web, &me, &ask, RegionVersion(version)).await;
    respond::page(&web, &ask, built).await
}

async fn build_difference(web: &Web, me: &Me, ask: &Ask, to: RegionVersion) -> Result<String, Problem> {
    ask.only(&["from"])?;
    let lang = ask.lang;
    let from = match ask.param("from") {
        Some(from) => RegionVersion(from.to_owned()),
        None => before(me, &to).await?,
    };
    let (old, new) = (packed(me, ask, &from).await?, packed(me, ask, &to).await?);
    let simulated = web.site.simulated;
    // Reading a county's outlines takes a moment, so beside the runtime.
    let (found, map) = run_blocking(move || {
        let (old, new) = (read(&old)?, read(&new)?);
        let map = VersionsMap { old: &old, new: &new, simulated, lang }.svg();
        Ok::<_, Problem>((difference(&old, &new), map))
    })
    .await??;
    let sees_names = me.store.scope().is_whole() && me.account.role.sees_people();
    let page = DifferencePage {
        f: Frame::of(web, ask).await,
        from: from.short().to_owned(),
        to: to.short().to_owned(),
        is_empty: found.is_empty(),
        settings: found.settings.iter().map(|name| w::regions::field(name).of(lang)).collect(),
        kinds: kinds(&found, sees_names, lang),
        areas: found
            .zone_areas
            .iter()
            .map(|area| AreaLine {
                name: area.name.clone(),
                class: if area.class == "ban" { lang.say(w::regions::BAN) } else { lang.say(w::regions::LIMITED) },
                gained: format!("{:.3}", area.gained_km2),
                lost: format!("{:.3}", area.lost_km2),
            })
            .collect(),
        map,
        legend: ChangeKind::ALL.map(|kind| (kind.key_svg(), lang.say(kind.label()))).to_vec(),
    };
    Ok(page.render()?)
}

/// The version that ruled before one.
async fn before(me: &Me, version: &RegionVersion) -> Result<RegionVersion, Problem> {
    let turns = me.store.regions().await?.turns;
    let mut earlier = turns.into_iter().skip_while(|turn| turn.version != *version).skip(1);
    let found = earlier.find(|turn| turn.version != *version);
    found.map(|turn| turn.version).ok_or_else(|| refusal(w::regions::NO_EARLIER_VERSION))
}

async fn packed(me: &Me, ask: &Ask, version: &RegionVersion) -> Result<Vec<u8>, Problem> {
    let found = me.store.region_bundle(version.clone()).await?;
    found.ok_or_else(|| Problem::UnknownPage(ask.path.clone()))
}

fn read(packed: &[u8]) -> Result<RegionData, Problem> {
    let unreadable = |why: String| {
        tracing::error!(cause = why, "a stored region version cannot be read");
        refusal(w::regions::VERSION_UNREADABLE)
    };
    let bundle = Bundle::from_bytes(packed).map_err(|error| unreadable(error.to_string()))?;
    let loaded = regions::parse(bundle)
        .map_err(|faults| unreadable(faults.first().map(ToString::to_string).unwrap_or_default()))?;
    Ok(loaded.data)
}

fn kinds(found: &Difference, sees_names: bool, lang: Lang) -> Vec<KindView> {
    let differing = found.kinds().into_iter().filter(|(_, changes)| **changes != Changes::default());
    differing
        .map(|(title, changes)| {
            let is_hidden = [PEOPLE, DUTY, BURN_PLANS].contains(&title) && !sees_names;
            let lines = if is_hidden { Vec::new() } else { lines(changes, lang) };
            let all = changes.added.len() + changes.removed.len() + changes.changed.len();
            KindView {
                title: lang.say(title).to_owned(),
                added: changes.added.len(),
                removed: changes.removed.len(),
                changed: changes.changed.len(),
                more: if is_hidden { 0 } else { all.saturating_sub(NAMED) },
                lines,
                is_hidden,
            }
        })
        .collect()
}

fn lines(changes: &Changes, lang: Lang) -> Vec<(&'static str, &'static str, String, String)> {
    let plain = |sign, words, list: &[String]| -> Vec<_> {
        list.iter().map(|key| (sign, words, key.clone(), String::new())).collect()
    };
    let mut all = plain("+", lang.say(w::regions::ADDED), &changes.added);
    all.extend(plain("−", lang.say(w::regions::REMOVED), &changes.removed));
    let fields = |change: &Change| {
        change
            .fields
            .iter()
            .map(|name| w::regions::field(name).of(lang))
            .collect::<Vec<_>>()
            .join(lang.say(w::shared::LIST_COMMA))
    };
    let changed = changes.changed.iter();
    all.extend(changed.map(|change| ("~", lang.say(w::regions::CHANGED), change.key.clone(), fields(change))));
    all.truncate(NAMED);
    all
}
