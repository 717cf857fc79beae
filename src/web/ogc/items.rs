//! The features of a collection, page by page, and one by one.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use geo::{BoundingRect, Intersects, MultiPolygon, Rect};
use geojson::Feature;
use geojson::feature::Id;
use serde_json::{Value, json};

use super::call::{Call, GEOJSON, JSON};
use super::collections::{Collection, named};
use super::page::{Cell, PageText, shown};
use super::want;
use crate::domain::alert::AlertNumber;
use crate::domain::ground::{Extent, Ground};
use crate::domain::unit::UnitCode;
use crate::report::export::{self, UnitOf, ZoneOf};
use crate::store::features::{FeatureFilter, FeaturePage};
use crate::store::query::{AlertRow, DetectionRow, FireRow};
use crate::web::Web;
use crate::web::auth::Me;
use crate::web::ogc::about::nothing_here;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::words::api::layers as say;

/// A page of features as they are answered.
struct Found {
    features: Vec<Feature>,
    matched: Option<u64>,
    /// The id behind which the next page begins.
    next: Option<String>,
}

impl Found {
    fn of<T>(page: &FeaturePage<T>, id: impl Fn(&T) -> Id, feature: impl Fn(&T) -> Feature) -> Self {
        let features = page.rows.iter().map(|row| with_id(feature(row), id(row))).collect();
        Self { features, matched: page.matched, next: page.next.clone() }
    }
}

/// `GET /ogc/collections/{collection}/items`
pub(super) async fn list(
    State(web): State<Arc<Web>>,
    path: Result<Path<String>, PathRejection>,
    call: Call,
) -> Response {
    let answered = async {
        let Path(name) = path.map_err(|_unreadable| nothing_here(&call))?;
        let collection = named(&call, &name)?;
        call.ask.only(want::LIST_PARAMETERS)?;
        let found = find(&web, &call, collection).await?;
        let mut links = call.own_links(GEOJSON);
        if let Some(next) = &found.next {
            links.push(call.here_with("next", "after", next, GEOJSON));
        }
        let own = format!("/collections/{}", collection.name());
        links.push(call.link("collection", &own, JSON, collection.title(call.ask.lang)));
        let mut body = json!({
            "type": "FeatureCollection",
            "numberReturned": found.features.len(),
            "timeStamp": web.now(),
            "links": links,
            "features": found.features,
        });
        // The standard lets a server that would have to look at too much leave it out.
        if let (Some(matched), Some(fields)) = (found.matched, body.as_object_mut()) {
            fields.insert("numberMatched".to_owned(), matched.into());
        }
        let page = |body: &Value| list_page(&web, &call, collection, body, found.next.as_deref());
        call.answer(&web, GEOJSON, &body, page).await
    };
    call.respond(answered.await)
}

/// `GET /ogc/collections/{collection}/items/{feature}`
pub(super) async fn one(
    State(web): State<Arc<Web>>,
    path: Result<Path<(String, String)>, PathRejection>,
    call: Call,
) -> Response {
    let answered = async {
        let Path((name, id)) = path.map_err(|_unreadable| nothing_here(&call))?;
        let collection = named(&call, &name)?;
        call.ask.only(&["f"])?;
        let feature = feature(&web, &call.me, collection, &id).await?.ok_or(Problem::UnknownFeature(id))?;
        let own = format!("/collections/{}", collection.name());
        let mut links = call.own_links(GEOJSON);
        links.push(call.link("collection", &own, JSON, collection.title(call.ask.lang)));
        let links = [("links".to_owned(), links.into())].into_iter().collect();
        let body = serde_json::to_value(Feature { foreign_members: Some(links), ..feature })?;
        let page = |feature: &Value| one_page(&web, &call, collection, feature);
        call.answer(&web, GEOJSON, &body, page).await
    };
    call.respond(answered.await)
}

async fn find(web: &Web, call: &Call, collection: Collection) -> Result<Found, Problem> {
    let ask = &call.ask;
    let (store, ground) = (&call.me.store, web.ground());
    let (filter, limit) = (want::filter(ask, &ground.data().time_zone)?, want::limit(ask)?);
    let after = ask.param("after");
    Ok(match collection {
        Collection::Detections => {
            let page = store.feature_page::<DetectionRow>(filter, after.map(number).transpose()?, limit).await?;
            Found::of(&page, |row| Id::Number(row.id.into()), export::feature)
        }
        Collection::Fires => {
            let page = store.feature_page::<FireRow>(filter, after.map(number).transpose()?, limit).await?;
            Found::of(&page, |row| Id::Number(row.id.into()), export::feature)
        }
        Collection::Alerts => {
            let page =
                store.feature_page::<AlertRow>(filter, after.map(|text| AlertNumber(text.to_owned())), limit).await?;
            Found::of(&page, |row| Id::String(row.number.to_string()), export::feature)
        }
        Collection::Zones => {
            let all = ground.data().zones.iter().map(|zone| (zone.id.as_str(), Some(&zone.outline), zone));
            let today = ground.local_day(web.now());
            let page = shapes(all.collect(), &filter, after, limit);
            Found::of(
                &page,
                |zone| Id::String(zone.id.clone()),
                |zone| export::feature(&ZoneOf { ground: &ground, zone, day: today }),
            )
        }
        Collection::Units => {
            let all = ground.data().units.iter().map(|unit| (unit.code.0.as_str(), unit.outline.as_ref(), unit));
            let page = shapes(all.collect(), &filter, after, limit);
            Found::of(
                &page,
                |unit| Id::String(unit.code.0.clone()),
                |unit| export::feature(&UnitOf { ground: &ground, unit }),
            )
        }
    })
}

async fn feature(web: &Web, me: &Me, collection: Collection, id: &str) -> Result<Option<Feature>, Problem> {
    let store = &me.store;
    // One spelling an id: no `+1` or `01`.
    let number = id.parse::<i64>().ok().filter(|number| number.to_string() == id);
    let ground: Arc<Ground> = web.ground();
    let (id, feature) = match (collection, number) {
        (Collection::Detections, Some(number)) => {
            (Id::Number(number.into()), store.feature::<DetectionRow>(number).await?.as_ref().map(export::feature))
        }
        (Collection::Fires, Some(number)) => {
            (Id::Number(number.into()), store.feature::<FireRow>(number).await?.as_ref().map(export::feature))
        }
        (Collection::Detections | Collection::Fires, None) => return Ok(None),
        (Collection::Alerts, _) => (
            Id::String(id.to_owned()),
            store.feature::<AlertRow>(AlertNumber(id.to_owned())).await?.as_ref().map(export::feature),
        ),
        (Collection::Zones, _) => {
            let zone = ground.data().zones.iter().find(|zone| zone.id == id);
            (
                Id::String(id.to_owned()),
                zone.map(|zone| export::feature(&ZoneOf { ground: &ground, zone, day: ground.local_day(web.now()) })),
            )
        }
        (Collection::Units, _) => (
            Id::String(id.to_owned()),
            ground.unit(&UnitCode(id.to_owned())).map(|unit| export::feature(&UnitOf { ground: &ground, unit })),
        ),
    };
    Ok(feature.map(|feature| with_id(feature, id)))
}

/// A page of what the region's files hold, by code: the files are in memory anyway. They have no time, so any time
/// meets them; what has no outline lies in no box.
fn shapes<'a, T>(
    mut all: Vec<(&'a str, Option<&'a MultiPolygon<f64>>, &'a T)>,
    filter: &FeatureFilter,
    after: Option<&str>,
    limit: u32,
) -> FeaturePage<&'a T> {
    if let Some(area) = filter.area {
        let boxes = boxes(area);
        all.retain(|(_, outline, _)| outline.is_some_and(|outline| meets(outline, &boxes)));
    }
    let matched = all.len() as u64;
    all.retain(|(code, ..)| after.is_none_or(|after| *code > after));
    all.sort_by_key(|(code, ..)| *code);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = all.get(limit.saturating_sub(1)).filter(|_| all.len() > limit).map(|(code, ..)| (*code).to_owned());
    FeaturePage { rows: all.into_iter().take(limit).map(|(.., thing)| thing).collect(), matched: Some(matched), next }
}

/// The one box of an area, or the two on both sides of the antimeridian.
fn boxes(area: Extent) -> Vec<Rect<f64>> {
    let rect = |west: f64, east: f64| Rect::new((west, area.south), (east, area.north));
    if area.west <= area.east {
        vec![rect(area.west, area.east)]
    } else {
        vec![rect(area.west, 180.0), rect(-180.0, area.east)]
    }
}

fn meets(outline: &MultiPolygon<f64>, boxes: &[Rect<f64>]) -> bool {
    let Some(about) = outline.bounding_rect() else { return false };
    boxes.iter().any(|rect| about.intersects(rect) && outline.intersects(rect))
}

fn number(text: &str) -> Result<i64, Problem> {
    let expected = "what a next link says";
    text.parse().map_err(|_no_number| Problem::BadParameter { name: "after", value: text.to_owned(), expected })
}

fn with_id(feature: Feature, id: Id) -> Feature {
    Feature { id: Some(id), ..feature }
}

fn list_page(web: &Web, call: &Call, collection: Collection, body: &Value, next: Option<&str>) -> PageText {
    let lang = call.ask.lang;
    let features = body.get("features").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let row = |feature: &Value| -> Vec<Cell> {
        let id = shown(feature.get("id"));
        let href = call.path(&format!("/collections/{}/items/{}", collection.name(), percent_encoded(&id)));
        let values = collection.headline().iter().map(|name| (property(feature, name), None));
        std::iter::once((id, Some(href))).chain(values).collect()
    };
    let matched = shown(body.get("numberMatched"));
    let mut links =
        vec![(lang.say(say::ABOUT_COLLECTION).to_owned(), call.path(&format!("/collections/{}", collection.name())))];
    links.extend(next.map(|next| (lang.say(say::NEXT_PAGE).to_owned(), call.ask.here_with("after", next))));
    PageText {
        title: collection.title(lang).to_owned(),
        paragraphs: vec![
            collection.description(web, lang),
            format!("{}{} / {matched}", lang.say(say::ON_THIS_PAGE), features.len()),
        ],
        links,
        heads: std::iter::once("id").chain(collection.headline().iter().copied()).map(str::to_owned).collect(),
        rows: features.iter().map(row).collect(),
    }
}

fn one_page(web: &Web, call: &Call, collection: Collection, feature: &Value) -> PageText {
    let lang = call.ask.lang;
    let properties = feature.get("properties").and_then(Value::as_object);
    let rows =
        properties.into_iter().flatten().map(|(name, value)| vec![(name.clone(), None), (shown(Some(value)), None)]);
    PageText {
        title: format!("{} {}", collection.title(lang), shown(feature.get("id"))),
        paragraphs: vec![collection.description(web, lang)],
        links: vec![(
            lang.say(say::ALL_FEATURES).to_owned(),
            call.path(&format!("/collections/{}/items", collection.name())),
        )],
        heads: vec![lang.say(say::PROPERTY).to_owned(), lang.say(say::VALUE).to_owned()],
        rows: rows.collect(),
    }
}

fn property(feature: &Value, name: &str) -> String {
    shown(feature.get("properties").and_then(|properties| properties.get(name)))
}
