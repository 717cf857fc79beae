//! `[map]`: what the live map draws under everything.

use std::path::PathBuf;

use serde::Deserialize;

use super::secret::{Secret, SecretError};

/// Where base tiles come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TilesKind {
    /// None: units and zones alone; nothing is loaded from elsewhere.
    #[default]
    None,
    /// Tianditu; needs a key for browsers.
    Tianditu,
    /// A `PMTiles` file.
    Pmtiles,
}

/// `[map]`. Its keys are checked in [`super::load()`]: `flatten` cannot refuse unknown ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MapConfig {
    /// Where base tiles come from.
    pub tiles: TilesKind,
    /// Tianditu's key, as `key` or `key_file`.
    #[serde(flatten)]
    pub key: Secret,
    /// The `PMTiles` file.
    pub file: Option<PathBuf>,
    /// Source and review number of the tiles, written on the map.
    pub notice: Option<String>,
}

impl MapConfig {
    /// What no type can check: (where, what is wrong).
    pub(super) fn faults(&self) -> Vec<(String, String)> {
        let fault = |key: &str, message: String| vec![(format!("map.{key}"), message)];
        match (self.tiles, &self.file, self.key.reveal()) {
            (TilesKind::Tianditu, _, Err(error)) => fault("tiles", format!("is \"tianditu\": {error}")),
            (TilesKind::Pmtiles, None, _) => fault(
                "file",
                "is missing, expected the path of a .pmtiles file because tiles is \"pmtiles\"".to_owned(),
            ),
            (TilesKind::Pmtiles, Some(file), _) if !file.is_file() => {
                fault("file", format!("is {:?}, where there is no file; expected a .pmtiles file", file.display()))
            }
            (TilesKind::None | TilesKind::Tianditu, Some(_), _) => {
                fault("file", "is set but not used: set tiles to \"pmtiles\", or remove it".to_owned())
            }
            (TilesKind::None | TilesKind::Pmtiles, _, Ok(_) | Err(SecretError::Both)) => {
                fault("key", "is set but not used: set tiles to \"tianditu\", or remove it".to_owned())
            }
            _ => Vec::new(),
        }
    }
}
