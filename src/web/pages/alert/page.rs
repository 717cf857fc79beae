//! One alert: what, where, why, how sure, who answers for the ground, what happened since.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::acts::panel::{Offering, Panel};
use super::photos;
use super::plan_card::{PlanCard, plan_card};
use crate::domain::alert::ActKind;
use crate::domain::alert::{AlertNumber, AlertSource, Judged, deciding};
use crate::domain::chain::{Chain, ChainHolder};
use crate::domain::detection::Origin;
use crate::domain::ground::{Ground, RegionVersion, percent_text};
use crate::domain::position::Position;
use crate::report::map_svg::{Sketch, key_svg};
use crate::store::DeadlineRow;
use crate::store::query::{AlertDetail, AlertRow, DetectionRow};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::{Frame, local};
use crate::web::pages::alert::life::{AlertLife, alert_life};
use crate::web::pages::day::alert_list::{candidates_text, sure_text, verdict_class};
use crate::web::pages::desk::worklist::Phone;
use crate::web::pages::place::{self, MapLink};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, Say, actor, claimed, dms, event, event_detail, full_name, pages as w, unit_name};

#[derive(Template)]
#[expect(clippy::struct_excessive_bools, reason = "each is one line that the page has or has not")]
#[template(path = "alert.html")]
struct AlertPage {
    f: Frame,
    number: String,
    verdict: &'static str,
    verdict_words: &'static str,
    key: String,
    state: &'static str,
    state_words: &'static str,
    origin: &'static str,
    is_late: bool,
    /// Where the alert comes from, when people brought it.
    source: Option<&'static str>,
    description: Option<String>,
    reason: String,
    /// The burn plan that decided.
    plan: Option<PlanCard>,
    life: AlertLife,
    may_be_banned: bool,
    merged_into: Option<String>,
    superseded_at: Option<String>,
    back_href: String,
    back_words: &'static str,
    /// What was just done.
    done: Option<&'static str>,
    /// Why the last attempt was refused.
    refused: Option<String>,
    /// What may be done.
    panel: Option<Panel>,
    acts_action: String,
    report_href: String,
    /// Hashes of the photos.
    photos: Vec<String>,
    in_wechat: bool,
    positions_text: String,
    place: Option<String>,
    unit: String,
    owner: String,
    /// The desk has it because no cell holds enough of the pixel.
    is_for_the_desk: bool,
    decimal: String,
    dms: String,
    links: Vec<MapLink>,
    copy_text: String,
    copy_rows: usize,
    first_seen: String,
    last_seen: String,
    recorded: String,
    frp: Option<String>,
    pixel_words: Option<String>,
    /// Which of several pixels the verdict and the shares come from.
    deciding: Option<String>,
    zones: Vec<ZoneLine>,
    sure: String,
    candidates: Option<String>,
    other_units: Option<String>,
    unit_shares: Vec<Share>,
    zone_shares: Vec<Share>,
    sketch: Option<String>,
    detections: Vec<DetectionLine>,
    chain: Vec<Link>,
    earlier_chains: usize,
    events: Vec<EventLine>,
    linked: Vec<LinkedLine>,
    earlier: Vec<LinkedLine>,
    region_version: String,
    region_has_changed: bool,
}

struct ZoneLine {
    name: String,
    class: &'static str,
    in_force: bool,
}

struct Share {
    level: &'static str,
    name: String,
    percent: String,
    leads: bool,
}

struct DetectionLine {
    satellite: String,
    instrument: &'static str,
    utc: String,
    local: String,
    day_night: &'static str,
    confidence: &'static str,
    confidence_raw: String,
    frp: Option<String>,
    size: Option<String>,
    level: &'static str,
    verdict: &'static str,
    verdict_words: &'static str,
    unit: String,
    is_elsewhere: bool,
    origin: &'static str,
}

struct Link {
    level: &'static str,
    name: String,
    people: Vec<Person>,
    /// Someone above takes over.
    has_above: bool,
}

struct Person {
    role: &'static str,
    name: String,
    post: String,
    phone: Option<Phone>,
}

struct EventLine {
    at: String,
    what: String,
    who: String,
    detail: String,
}

struct LinkedLine {
    number: String,
    verdict: &'static str,
    words: &'static str,
    unit: String,
}

/// `GET /alerts/{number}`
pub(in crate::web) async fn page(
    State(web): State<Arc<Web>>,
    me: Me,
    Path(number): Path<String>,
    ask: Ask,
    headers: HeaderMap,
) -> Response {
    let result = show(&web, &me, &ask, &headers, (AlertNumber(number), None)).await;
    respond::page(&web, &ask, result).await
}

/// A form of the page that was refused.
pub(in crate::web) struct Attempt {
    /// What was typed.
    pub typed: Typed,
    /// Why it was refused.
    pub refused: String,
}

/// The page, after an attempt with what was typed in its form.
pub(in crate::web) async fn show(
    web: &Web,
    me: &Me,
    ask: &Ask,
    headers: &HeaderMap,
    (number, attempt): (AlertNumber, Option<Attempt>),
) -> Result<String, Problem> {
    let detail = me.alert(&number).await?;
    let (ground, simulated) = (&web.ground(), web.site.simulated);
    let view = View { ground, lang: ask.lang, simulated, detail: &detail, clocks: &detail.clocks, headers };
    let (typed, refused) = attempt.map_or_else(Default::default, |attempt| (attempt.typed, Some(attempt.refused)));
    let panel = panel(web, me, ask, &detail.alert.number, typed).await?;
    let page = AlertPage { refused, panel, ..view.page(Frame::of(web, ask).await, ask) };
    Ok(page.render()?)
}

/// What the reader may do to the alert; nothing for accounts that work none.
async fn panel(web: &Web, me: &Me, ask: &Ask, number: &AlertNumber, typed: Typed) -> Result<Option<Panel>, Problem> {
    if !me.may_work() {
        return Ok(None);
    }
    let Some(alert) = me.store.alert_view(number).await?.standing() else { return Ok(None) };
    let (ground, actor) = (web.ground(), me.own_actor());
    let offering = Offering {
        ground: &ground,
        rules: web.site.rules.review,
        alert: &alert,
        actor: &actor,
        may_try: &|kind| me.account.role.is_office() || kind.is_of_the_field(),
        now: web.now(),
        lang: ask.lang,
    };
    Ok(offering.panel(new_client_id()?, typed))
}

/// What every part of the page needs.
struct View<'a> {
    ground: &'a Ground,
    lang: Lang,
    simulated: bool,
    detail: &'a AlertDetail,
    clocks: &'a [DeadlineRow],
    headers: &'a HeaderMap,
}

impl View<'_> {
    fn alert(&self) -> &AlertRow {
        &self.detail.alert
    }

    fn first(&self) -> Option<&DetectionRow> {
        let key = &self.alert().first_key;
        self.detail.detections.iter().find(|row| row.observation.key.to_string() == *key)
    }

    /// What verdict, reason and shares come from; a person's report has none.
    fn deciding(&self) -> Option<&DetectionRow> {
        let here = self.first()?.judgement.responsible.as_ref();
        let rows = self.detail.detections.iter().filter(|row| row.judgement.responsible.as_ref() == here);
        let judged: Vec<_> = rows
            .map(|row| Judged { detection_id: row.id, observation: &row.observation, judgement: &row.judgement })
            .collect();
        let deciding = deciding(&judged)?.detection_id;
        self.detail.detections.iter().find(|row| row.id == deciding)
    }

    fn page(&self, f: Frame, ask: &Ask) -> AlertPage {
        let (alert, lang, ground) = (self.alert(), self.lang, self.ground);
        let position = Position::from_lon_lat(alert.lon, alert.lat).ok();
        let link_name = format!("{} {}", lang.say(w::alert::SUSPECTED_FIRE), alert.number);
        let day = ground.local_day(alert.first_seen_at);
        let is_field = ask.visitor.as_ref().is_some_and(|me| !me.account.role.is_office());
        let others: Vec<_> = alert.other_units.iter().map(|code| unit_name(ground, code, lang)).collect();
        AlertPage {
            number: alert.number.0.clone(),
            verdict: verdict_class(alert.verdict),
            verdict_words: lang.alert_verdict(alert.verdict),
            key: alert.verdict.map(key_svg).unwrap_or_default(),
            state: alert.state.name(),
            state_words: lang.say(alert.state.label()),
            origin: lang.say(alert.origin.label()),
            is_late: alert.origin == Origin::Late,
            source: (alert.source != AlertSource::Satellite).then(|| lang.say(alert.source.label())),
            description: alert.description.clone().filter(|text| !text.is_empty()),
            reason: alert.reason.as_ref().map(|reason| reason.say().of(lang)).unwrap_or_default(),
            plan: plan_card(alert.reason.as_ref(), lang),
            life: alert_life(ground, lang, self.detail, self.clocks),
            may_be_banned: alert.may_be_banned,
            merged_into: alert.merged_into.as_ref().map(|number| number.0.clone()),
            superseded_at: alert.superseded_at.map(|at| local(ground, at)),
            // Whoever works in the field has come from his own list.
            back_href: if is_field { ask.href("/my") } else { ask.href(&format!("/?date={day}#alerts")) },
            back_words: if is_field { lang.say(w::shared::MY_ALERTS) } else { lang.say(w::alert::ALERTS_OF_DAY) },
            done: ask.param("done").and_then(ActKind::from_name).map(|kind| lang.say(w::acts::done(kind))),
            refused: None,
            panel: None,
            acts_action: ask.href(&format!("/alerts/{}/acts", alert.number)),
            report_href: ask.href(&format!("/alerts/{}/report", alert.number)),
            photos: photos::hashes(&self.detail.events),
            in_wechat: place::is_in_wechat(self.headers),
            positions_text: position.map(|position| self.positions_text(position)).unwrap_or_default(),
            place: alert.nearest_place.as_ref().map(|place| lang.nearest_place(place)),
            unit: full_name(ground, &alert.unit_code, lang),
            owner: full_name(ground, &alert.owner_code, lang),
            is_for_the_desk: alert.fire_id.is_some()
                && alert.assigned_to.is_none()
                && alert.owner_code == alert.responsible_code,
            decimal: position.map(place::decimal).unwrap_or_default(),
            dms: position.map(|position| dms(position, lang)).unwrap_or_default(),
            links: position
                .map(|position| place::in_order_of_use(place::map_links(position, &link_name, lang), self.headers))
                .unwrap_or_default(),
            // Two lines may break in two on a phone.
            copy_rows: self.copy_text(position).lines().count() + 2,
            copy_text: self.copy_text(position),
            first_seen: local(ground, alert.first_seen_at),
            last_seen: local(ground, alert.last_seen_at),
            recorded: local(ground, alert.recorded_at),
            frp: alert.max_frp_mw.map(|frp| format!("{frp:.1}")),
            pixel_words: self.deciding().map(|row| self.pixel_words(row)),
            deciding: self.deciding().filter(|_| self.detail.detections.len() > 1).map(|row| self.deciding_words(row)),
            zones: self.zones(),
            sure: sure_text(alert.sure_level, lang),
            candidates: candidates_text(ground, &alert.candidates, usize::MAX, lang),
            other_units: (!others.is_empty()).then(|| others.join(lang.say(w::shared::LIST_COMMA))),
            unit_shares: self.unit_shares(),
            zone_shares: self.zone_shares(),
            sketch: self.sketch(),
            detections: self.detail.detections.iter().map(|row| self.detection(row)).collect(),
            chain: self.detail.chains.last().map(|chain| self.chain(chain)).unwrap_or_default(),
            earlier_chains: self.detail.chains.len().saturating_sub(1),
            events: self.events(),
            linked: self.lines(&self.detail.linked),
            earlier: self.lines(&self.detail.earlier),
            region_version: RegionVersion(alert.region_version.clone()).short().to_owned(),
            region_has_changed: alert.region_version != ground.version().0,
            f,
        }
    }

    /// Plain lines for a chat group; they must say all that matters, nobody follows a link there.
    fn copy_text(&self, position: Option<Position>) -> String {
        let (alert, lang) = (self.alert(), self.lang);
        let t = |words| lang.say(words);
        let mut lines = vec![
            format!("{}{} {}", t(w::alert::PASTE_TITLE), alert.number, lang.alert_verdict(alert.verdict)),
            format!("{}{}", t(w::alert::PASTE_GROUND), full_name(self.ground, &alert.unit_code, lang)),
        ];
        if self.simulated {
            lines.insert(0, t(w::alert::PASTE_DEMONSTRATION).to_owned());
        }
        if let Some(place) = &alert.nearest_place {
            lines.push(format!("{}{}", t(w::alert::PASTE_PLACE), lang.nearest_place(place)));
        }
        if let Some(position) = position {
            lines.push(format!("{}{}", t(w::alert::PASTE_POSITION), dms(position, lang)));
            lines.push(format!("{}{}", t(w::alert::PASTE_AMAP), place::gcj02(position)));
        }
        lines.push(format!("{}{}", t(w::alert::PASTE_SEEN), local(self.ground, alert.first_seen_at)));
        if let Some(reason) = &alert.reason {
            lines.push(format!("{}{}", t(w::alert::PASTE_WHY), reason.say().of(lang)));
        }
        if let Some(words) = self.first().map(|row| self.pixel_words(row)) {
            lines.push(words);
        }
        lines.join("\n")
    }

    /// The numbers alone, to be pasted into the search box of a map.
    fn positions_text(&self, position: Position) -> String {
        let t = |words| self.lang.say(words);
        format!(
            "{}{}\n{}{}",
            t(w::alert::COPY_WGS84),
            place::decimal(position),
            t(w::alert::COPY_AMAP),
            place::gcj02(position)
        )
    }

    /// How large the pixel is, and so how far the fire may be from its centre.
    fn pixel_words(&self, row: &DetectionRow) -> String {
        let seen = &row.observation;
        let (longest_scan_km, longest_track_km) = seen.key.satellite.instrument().largest_pixel_km();
        let is_known = seen.scan_km.is_some() && seen.track_km.is_some();
        let (scan_km, track_km) = (seen.scan_km.unwrap_or(longest_scan_km), seen.track_km.unwrap_or(longest_track_km));
        let words = if is_known { w::alert::pixel_size } else { w::alert::largest_pixel_size };
        words(scan_km, track_km).of(self.lang)
    }

    /// The pixel that decides, as the table of pixels names it.
    fn deciding_words(&self, row: &DetectionRow) -> String {
        let line = self.detection(row);
        w::alert::deciding_pixel(&line.local, &line.satellite, &line.unit).of(self.lang)
    }

    fn zones(&self) -> Vec<ZoneLine> {
        let Some(deciding) = self.deciding() else { return Vec::new() };
        let name = |id: &str| {
            let zone = self.ground.data().zones.iter().find(|zone| zone.id == id)?;
            Some(crate::web::frame::named(self.lang, &zone.name, zone.name_en.as_deref()).to_owned())
        };
        let line = |hold: &crate::domain::verdict::ZoneHold| ZoneLine {
            name: name(&hold.id).unwrap_or_else(|| hold.id.clone()),
            class: self.lang.say(hold.class.label()),
            in_force: hold.in_force,
        };
        deciding.judgement.zones.iter().map(line).collect()
    }

    fn unit_shares(&self) -> Vec<Share> {
        let Some(deciding) = self.deciding() else { return Vec::new() };
        // Where the centre lies; the alert's own cell may be another one, that of the first pixel.
        let line_of_unit = deciding.judgement.unit.as_ref().map(|unit| self.ground.line_of(unit)).unwrap_or_default();
        let shares = deciding.judgement.shares.iter().flat_map(|shares| &shares.units);
        shares
            .map(|share| Share {
                level: self.lang.say(share.level.label()),
                name: unit_name(self.ground, &share.code, self.lang),
                percent: percent_text(share.share),
                leads: line_of_unit.iter().any(|unit| unit.code == share.code),
            })
            .collect()
    }

    fn zone_shares(&self) -> Vec<Share> {
        let Some(shares) = self.deciding().and_then(|row| row.judgement.shares.as_ref()) else { return Vec::new() };
        let t = |words| self.lang.say(words);
        [
            (t(w::alert::BANNED), shares.zone_classes.ban),
            (t(w::alert::LIMITED), shares.zone_classes.limited),
            (t(w::alert::NO_RULE), shares.zone_classes.none),
        ]
        .into_iter()
        .map(|(name, share)| Share { level: "", name: name.to_owned(), percent: percent_text(share), leads: false })
        .collect()
    }

    fn sketch(&self) -> Option<String> {
        let mut rows: Vec<_> = self.detail.detections.iter().collect();
        let first_key = &self.alert().first_key;
        rows.sort_by_key(|row| row.observation.key.to_string() != *first_key);
        let pixels: Vec<_> = rows.into_iter().map(|row| (&row.observation, row.judgement.verdict)).collect();
        let sketch = Sketch {
            ground: self.ground,
            day: self.ground.local_day(self.alert().first_seen_at),
            pixels: &pixels,
            unit: &self.alert().unit_code,
            simulated: self.simulated,
            title: self.lang.say(w::alert::SKETCH),
            lang: self.lang,
        };
        sketch.svg()
    }

    fn detection(&self, row: &DetectionRow) -> DetectionLine {
        let (seen, lang) = (&row.observation, self.lang);
        let at = seen.key.acquired_at;
        let unit = row.judgement.unit.as_ref();
        let size = seen.scan_km.zip(seen.track_km).map(|(scan_km, track_km)| format!("{scan_km:.2}×{track_km:.2}"));
        DetectionLine {
            satellite: seen.key.satellite.name().to_owned(),
            instrument: seen.key.satellite.instrument().name(),
            utc: at.strftime("%m-%d %H:%M").to_string(),
            local: self.ground.data().time_zone.to_datetime(at).strftime("%m-%d %H:%M").to_string(),
            day_night: lang.say(seen.day_night.label()),
            confidence: lang.confidence(seen.confidence),
            confidence_raw: seen.confidence_raw.clone(),
            frp: seen.frp_mw.map(|frp| format!("{frp:.1}")),
            size,
            level: seen.level.name(),
            verdict: row.judgement.verdict.name(),
            verdict_words: lang.verdict_short(row.judgement.verdict),
            unit: unit.map_or_else(
                || lang.say(w::shared::OUTSIDE_CITY).to_owned(),
                |code| unit_name(self.ground, code, lang),
            ),
            is_elsewhere: row.judgement.responsible.as_ref() != Some(&self.alert().responsible_code),
            origin: lang.say(row.origin.label()),
        }
    }

    fn chain(&self, chain: &Chain) -> Vec<Link> {
        let highest = chain.len().saturating_sub(1);
        let link = |(i, link): (usize, &crate::domain::chain::ChainLink)| Link {
            level: self.lang.say(link.level.label()),
            name: unit_name_or(self.ground, link, self.lang),
            people: link.holders.iter().map(|holder| self.person(holder)).collect(),
            has_above: i < highest,
        };
        chain.iter().enumerate().map(link).collect()
    }

    fn person(&self, holder: &ChainHolder) -> Person {
        let post: Vec<_> = holder.employer.iter().chain(&holder.post).cloned().collect();
        Person {
            role: self.lang.say(holder.role.label()),
            name: holder.name.clone(),
            post: post.join(" "),
            phone: holder.phone.as_ref().map(Phone::from),
        }
    }

    fn events(&self) -> Vec<EventLine> {
        let line = |seen: &crate::store::query::AlertEventRow| EventLine {
            at: local(self.ground, seen.at),
            what: event(&seen.kind, self.lang),
            who: [Some(actor(seen, self.lang)), claimed(self.ground, seen, self.lang)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            detail: event_detail(self.ground, seen, self.lang),
        };
        self.detail.events.iter().map(line).collect()
    }

    fn lines(&self, alerts: &[AlertRow]) -> Vec<LinkedLine> {
        let line = |other: &AlertRow| LinkedLine {
            number: other.number.0.clone(),
            verdict: verdict_class(other.verdict),
            words: self.lang.alert_verdict(other.verdict),
            unit: full_name(self.ground, &other.unit_code, self.lang),
        };
        alerts.iter().map(line).collect()
    }
}

/// The name in the snapshot; in English the present one, which the snapshot does not hold.
fn unit_name_or(ground: &Ground, link: &crate::domain::chain::ChainLink, lang: Lang) -> String {
    match lang {
        Lang::Zh => link.name.clone(),
        Lang::En => ground.unit(&link.code).and_then(|unit| unit.name_en.clone()).unwrap_or_else(|| link.name.clone()),
    }
}
