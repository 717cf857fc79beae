//! The collections: what each holds, what it does not say, and where its features are.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, GEOJSON, HTML, JSON};
use super::page::PageText;
use crate::domain::time::Timestamp;
use crate::store::RecordedRange;
use crate::web::Web;
use crate::web::ogc::about;
use crate::web::ogc::about::{nothing_here, with_simulated};
use crate::web::problem::Problem;
use crate::words::Lang;
use crate::words::api::layers as say;

/// The one reference system: WGS-84, longitude first.
pub(super) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// Calendar and clock of the extent.
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

/// A collection of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    /// Satellite pixels.
    Detections,
    /// Linked pixels.
    Fires,
    /// Alerts.
    Alerts,
    /// Polygons with a burning rule.
    Zones,
    /// Responsible units.
    Units,
}

impl Collection {
    pub(super) const ALL: [Self; 5] = [Self::Detections, Self::Fires, Self::Alerts, Self::Zones, Self::Units];

    /// Its id in addresses.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Detections => "detections",
            Self::Fires => "fires",
            Self::Alerts => "alerts",
            Self::Zones => "zones",
            Self::Units => "units",
        }
    }

    /// The collection of an address.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.name() == name)
    }

    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Detections => lang.say(say::DETECTIONS),
            Self::Fires => lang.say(say::FIRES),
            Self::Alerts => lang.say(say::ALERTS),
            Self::Zones => lang.say(say::ZONES),
            Self::Units => lang.say(say::UNITS),
        }
    }

    /// What it holds, and how far that can be believed: a layer has neither the banners nor the footer of our pages.
    pub(super) fn description(self, web: &Web, lang: Lang) -> String {
        let ground = web.ground();
        let (is_of_fires, held) = match self {
            Self::Detections => (true, lang.say(say::OF_DETECTIONS)),
            Self::Fires => (true, lang.say(say::OF_FIRES)),
            Self::Alerts => (true, lang.say(say::OF_ALERTS)),
            Self::Zones => (false, lang.say(say::OF_ZONES)),
            Self::Units => (false, lang.say(say::OF_UNITS)),
        };
        if is_of_fires {
            let pixel = lang.say(say::PIXEL_WARNING);
            return with_simulated(web, lang, format!("{held}{pixel}"));
        }
        let data = ground.data();
        let is_approximate = match self {
            Self::Zones => data.zones.iter().any(|zone| zone.approximate),
            _ => data.units.iter().any(|unit| unit.approximate),
        };
        let warning = if is_approximate { lang.say(say::APPROXIMATE) } else { "" };
        format!("{held}{warning}")
    }

    /// What a list for people shows of its features.
    pub(super) fn headline(self) -> &'static [&'static str] {
        match self {
            Self::Detections => &["acquired_at", "satellite", "verdict", "frp_mw", "confidence", "township_code"],
            Self::Fires => &["first_seen_at", "last_seen_at", "detections", "verdict", "max_frp_mw", "township_code"],
            Self::Alerts => &["first_seen_at", "state", "verdict", "source", "township_code", "owner_code"],
            Self::Zones => &["name", "class", "in_force", "approximate"],
            Self::Units => &["name", "level", "parent_code", "approximate"],
        }
    }

    fn since(self, earliest: &RecordedRange) -> Option<Timestamp> {
        match self {
            Self::Detections => earliest.detection,
            Self::Fires => earliest.fire,
            Self::Alerts => earliest.alert,
            Self::Zones | Self::Units => None,
        }
    }

    fn object(self, web: &Web, call: &Call, earliest: &RecordedRange, mut links: Vec<Value>) -> Value {
        let lang = call.ask.lang;
        let items = format!("/collections/{}/items", self.name());
        links.push(call.link("items", &items, GEOJSON, self.title(lang)));
        links.push(call.link("items", &format!("{items}?f=html"), HTML, self.title(lang)));
        let ground = web.ground();
        // Neighbours are kept some way outside.
        let area = ground.data().extent.grown_km(ground.data().neighbour_belt_km);
        let mut extent = json!({"spatial": {
            "bbox": [[area.west.max(-180.0), area.south.max(-90.0), area.east.min(180.0), area.north.min(90.0)]],
            "crs": CRS84,
        }});
        if let (Some(since), Some(fields)) = (self.since(earliest), extent.as_object_mut()) {
            fields.insert("temporal".to_owned(), json!({"interval": [[since, Value::Null]], "trs": GREGORIAN}));
        }
        json!({
            "id": self.name(), "title": self.title(lang), "description": self.description(web, lang),
            "links": links, "extent": extent, "itemType": "feature", "crs": [CRS84],
        })
    }
}

/// `GET /ogc/collections`
pub(super) async fn all(State(web): State<Arc<Web>>, call: Call) -> Response {
    let answered = async {
        call.ask.only(&["f"])?;
        let lang = call.ask.lang;
        let earliest = web.site.health.recorded_range().await?;
        let object = |collection: Collection| {
            let own = format!("/collections/{}", collection.name());
            let links = vec![call.link("self", &own, JSON, collection.title(lang))];
            collection.object(&web, &call, &earliest, links)
        };
        let body = json!({"links": call.own_links(JSON), "collections": Collection::ALL.map(object), "crs": [CRS84]});
        let page = |_: &Value| PageText {
            title: lang.say(say::COLLECTIONS).to_owned(),
            links: vec![(about::title(&web, lang), call.path(""))],
            heads: say::COLLECTION_HEADS.map(|head| lang.say(head).to_owned()).to_vec(),
            rows: Collection::ALL
                .into_iter()
                .map(|collection| {
                    let own = call.path(&format!("/collections/{}", collection.name()));
                    let items = call.path(&format!("/collections/{}/items", collection.name()));
                    vec![
                        (collection.title(lang).to_owned(), Some(own)),
                        (collection.description(&web, lang), None),
                        (lang.say(say::SHOW).to_owned(), Some(items)),
                    ]
                })
                .collect(),
            ..PageText::default()
        };
        call.answer(&web, JSON, &body, page).await
    };
    call.respond(answered.await)
}

/// `GET /ogc/collections/{collection}`
pub(super) async fn one(
    State(web): State<Arc<Web>>,
    path: Result<Path<String>, PathRejection>,
    call: Call,
) -> Response {
    let answered = async {
        let Path(name) = path.map_err(|_unreadable| nothing_here(&call))?;
        let collection = named(&call, &name)?;
        call.ask.only(&["f"])?;
        let lang = call.ask.lang;
        let earliest = web.site.health.recorded_range().await?;
        let body = collection.object(&web, &call, &earliest, call.own_links(JSON));
        let page = |_: &Value| PageText {
            title: collection.title(lang).to_owned(),
            paragraphs: vec![collection.description(&web, lang)],
            links: vec![
                (lang.say(say::FEATURES).to_owned(), call.path(&format!("/collections/{}/items", collection.name()))),
                (lang.say(say::ALL_COLLECTIONS).to_owned(), call.path("/collections")),
            ],
            ..PageText::default()
        };
        call.answer(&web, JSON, &body, page).await
    };
    call.respond(answered.await)
}

/// The collection that an address names.
pub(super) fn named(call: &Call, name: &str) -> Result<Collection, Problem> {
    Collection::of(name).ok_or_else(|| nothing_here(call))
}
