//! What the live map draws under everything: nothing, Tianditu's tiles, or a `PMTiles` file of the operator.
//!
//! Set by [`crate::app`] from `[map]`. By default nothing is loaded from elsewhere; the content policy names the
//! tile server only when it is configured.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use tower_http::services::ServeFile;

/// Where the browser reads the operator's file.
const PMTILES_PATH: &str = "/map/base.pmtiles";

/// Where base tiles come from.
#[derive(Clone, Default)]
pub enum MapTiles {
    /// None: outlines and zones are enough.
    #[default]
    None,
    /// Tianditu, by the browser. The key is read anew for each page.
    Tianditu(Arc<dyn Fn() -> Option<String> + Send + Sync>),
    /// A file beside the program.
    Pmtiles(PathBuf),
}

/// Base tiles with the words that must stand on them.
#[derive(Clone, Default)]
pub struct BaseTiles {
    /// Where they come from.
    pub tiles: MapTiles,
    /// Source and map review number, as the operator states them.
    pub notice: Option<String>,
}

impl BaseTiles {
    /// What the browser needs to know. Tianditu's key is for browsers and bound to the site's address by its issuer.
    pub(super) fn json(&self) -> Value {
        let notice = &self.notice;
        match &self.tiles {
            MapTiles::None => json!({"kind": "none"}),
            MapTiles::Tianditu(key) => json!({"kind": "tianditu", "key": key(), "notice": notice}),
            MapTiles::Pmtiles(_) => json!({"kind": "pmtiles", "url": PMTILES_PATH, "notice": notice}),
        }
    }

    /// The rules the content policy needs: what pictures may come from beside this site.
    pub(super) fn image_sources(&self) -> &'static str {
        match self.tiles {
            MapTiles::None => "",
            MapTiles::Tianditu(_) => " https://*.tianditu.gov.cn",
            // Raster tiles are cut from the file by the script and handed to the browser as blobs.
            MapTiles::Pmtiles(_) => " blob:",
        }
    }

    /// The route of the operator's file, read in parts.
    pub(super) fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        match &self.tiles {
            MapTiles::Pmtiles(file) => Router::new().route_service(PMTILES_PATH, ServeFile::new(file)),
            MapTiles::None | MapTiles::Tianditu(_) => Router::new(),
        }
    }
}
