//! Addresses of FIRMS: the keyless rolling files and the keyed area API, and what a request costs.
//!
//! Pure. Called by [`crate::source`] before it asks. What comes back is [`crate::source::answer`]'s
//! business.

use secrecy::{ExposeSecret, SecretString};

use crate::config::{FirmsDataset, FirmsFile, FirmsWindow};
use crate::domain::ground::Extent;
use crate::source::http::{AddressError, SecretUrl};

/// Largest pixel side of MODIS at the edge of its swath, km, rounded up.
const LARGEST_MODIS_PIXEL_KM: f64 = 5.0;
/// The same of VIIRS.
const LARGEST_VIIRS_PIXEL_KM: f64 = 0.8;

/// Returns the address of a keyless rolling file.
///
/// # Errors
/// [`AddressError`] when the base address may not be used.
pub fn file_url(
    base_url: &str,
    satellite: FirmsFile,
    region: &str,
    window: FirmsWindow,
) -> Result<SecretUrl, AddressError> {
    let (folder, prefix) = match satellite {
        FirmsFile::Noaa20 => ("noaa-20-viirs-c2", "J1_VIIRS_C2"),
        FirmsFile::Noaa21 => ("noaa-21-viirs-c2", "J2_VIIRS_C2"),
        FirmsFile::SuomiNpp => ("suomi-npp-viirs-c2", "SUOMI_VIIRS_C2"),
        FirmsFile::Modis => ("modis-c6.1", "MODIS_C6_1"),
    };
    let window = match window {
        FirmsWindow::Day => "24h",
        FirmsWindow::TwoDays => "48h",
        FirmsWindow::Week => "7d",
    };
    let base = base_url.trim_end_matches('/');
    SecretUrl::parse(&format!("{base}/data/active_fire/{folder}/csv/{prefix}_{region}_{window}.csv"), None)
}

/// A request to the area API.
#[derive(Debug, Clone, Copy)]
pub struct AreaRequest {
    /// The data set.
    pub dataset: FirmsDataset,
    /// Days, today (UTC) included.
    pub days: u8,
    /// The box to ask for, as [`area_of`] makes it.
    pub area: Extent,
}

impl AreaRequest {
    /// Returns the address; the key is part of it.
    ///
    /// # Errors
    /// [`AddressError`] when the base address may not be used.
    pub fn url(&self, base_url: &str, key: &SecretString) -> Result<SecretUrl, AddressError> {
        let base = base_url.trim_end_matches('/');
        let Extent { west, south, east, north } = self.area;
        let text = format!(
            "{base}/api/area/csv/{}/{}/{west:.2},{south:.2},{east:.2},{north:.2}/{}",
            key.expose_secret(),
            dataset_name(self.dataset),
            self.days
        );
        SecretUrl::parse(&text, Some(key))
    }

    /// Estimates the transactions it costs.
    ///
    /// # Source
    /// Reported by third parties: about 4 for a box of 10 degrees over 2 days. Counted here as 2 per day and
    /// started 100 square degrees, so that small boxes are over- and not underestimated.
    #[must_use]
    pub fn transactions(&self) -> u32 {
        let square_degrees = (self.area.east - self.area.west) * (self.area.north - self.area.south);
        let mut tiles = 1;
        while f64::from(tiles) * 100.0 < square_degrees && tiles < 1_000 {
            tiles += 1;
        }
        2 * tiles * u32::from(self.days)
    }
}

/// Whether a text can be a key at all. Anything else would change the meaning of the address, and copies of anything
/// shorter than 8 characters could not be taken out of an answer without hitting its numbers.
#[must_use]
pub fn is_key(key: &SecretString) -> bool {
    let key = key.expose_secret();
    (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Returns the box to ask for: the ground, its neighbour belt and one large pixel more, since a fire at the
/// edge may be published as a pixel centre that lies outside; rounded outward to 0.01 degree.
#[must_use]
pub fn area_of(ground: Extent, belt_km: f64, dataset: FirmsDataset) -> Extent {
    let pixel_km = match dataset {
        FirmsDataset::ModisNrt | FirmsDataset::ModisSp => LARGEST_MODIS_PIXEL_KM,
        FirmsDataset::ViirsNoaa20Nrt
        | FirmsDataset::ViirsNoaa21Nrt
        | FirmsDataset::ViirsSnppNrt
        | FirmsDataset::ViirsNoaa20Sp
        | FirmsDataset::ViirsSnppSp => LARGEST_VIIRS_PIXEL_KM,
    };
    let grown = ground.grown_km(belt_km.max(0.0) + pixel_km);
    let down = |degrees: f64, limit: f64| ((degrees * 100.0).floor() / 100.0).max(-limit);
    let up = |degrees: f64, limit: f64| ((degrees * 100.0).ceil() / 100.0).min(limit);
    Extent {
        west: down(grown.west, 180.0),
        south: down(grown.south, 90.0),
        east: up(grown.east, 180.0),
        north: up(grown.north, 90.0),
    }
}

/// The name of a data set in the address.
#[must_use]
pub fn dataset_name(dataset: FirmsDataset) -> &'static str {
    match dataset {
        FirmsDataset::ViirsNoaa20Nrt => "VIIRS_NOAA20_NRT",
        FirmsDataset::ViirsNoaa21Nrt => "VIIRS_NOAA21_NRT",
        FirmsDataset::ViirsSnppNrt => "VIIRS_SNPP_NRT",
        FirmsDataset::ModisNrt => "MODIS_NRT",
        FirmsDataset::ViirsNoaa20Sp => "VIIRS_NOAA20_SP",
        FirmsDataset::ViirsSnppSp => "VIIRS_SNPP_SP",
        FirmsDataset::ModisSp => "MODIS_SP",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "https://firms.modaps.eosdis.nasa.gov";
    const BAICHENG: Extent = Extent { west: 121.6, south: 44.2, east: 124.4, north: 46.3 };

    #[test]
    fn keyless_addresses_are_those_of_the_rolling_files() {
        let url = |satellite, window| file_url(BASE, satellite, "Russia_Asia", window).unwrap().to_string();
        let root = format!("{BASE}/data/active_fire");
        let alerts = [
            (FirmsFile::Noaa20, FirmsWindow::Day, "noaa-20-viirs-c2/csv/J1_VIIRS_C2_Russia_Asia_24h.csv"),
            (FirmsFile::Noaa21, FirmsWindow::TwoDays, "noaa-21-viirs-c2/csv/J2_VIIRS_C2_Russia_Asia_48h.csv"),
            (FirmsFile::SuomiNpp, FirmsWindow::Day, "suomi-npp-viirs-c2/csv/SUOMI_VIIRS_C2_Russia_Asia_24h.csv"),
            (FirmsFile::Modis, FirmsWindow::Week, "modis-c6.1/csv/MODIS_C6_1_Russia_Asia_7d.csv"),
        ];
        for (satellite, window, path) in alerts {
            assert_eq!(url(satellite, window), format!("{root}/{path}"));
        }
    }

    #[test]
    fn the_area_is_asked_west_south_east_north_and_the_key_is_hidden() {
        let key = SecretString::from("0123456789abcdef");
        let area = area_of(BAICHENG, 0.0, FirmsDataset::ViirsNoaa20Nrt);
        let request = AreaRequest { dataset: FirmsDataset::ViirsNoaa20Nrt, days: 2, area };
        let url = request.url(BASE, &key).unwrap();
        let shown = format!("{BASE}/api/area/csv/***/VIIRS_NOAA20_NRT/121.58,44.19,124.42,46.31/2");
        assert_eq!(url.to_string(), shown);
        assert_eq!(request.transactions(), 4);
    }

    #[test]
    fn a_key_that_would_change_the_address_is_no_key() {
        for bad in ["", "abc", "a/../b", "abc def", "abcdefgh?x", "abcdefgh%2f", "密钥密钥"] {
            assert!(!is_key(&SecretString::from(bad)), "{bad}");
        }
        assert!(is_key(&SecretString::from("0123456789abcdef0123456789abcdef")));
    }

    proptest! {
        #[test]
        fn rounding_never_cuts_ground_off(
            west in -179.0..170.0f64, width in 0.0..8.0f64, south in -80.0..70.0f64, height in 0.0..8.0f64,
            belt in 0.0..50.0f64,
        ) {
            let ground = Extent { west, south, east: west + width, north: south + height };
            for dataset in [FirmsDataset::ModisNrt, FirmsDataset::ViirsNoaa21Nrt] {
                let asked = area_of(ground, belt, dataset);
                let text = format!("{:.2} {:.2} {:.2} {:.2}", asked.west, asked.south, asked.east, asked.north);
                let numbers: Vec<f64> = text.split(' ').map(|n| n.parse().unwrap()).collect();
                let grown = ground.grown_km(belt + 0.7);
                prop_assert!(numbers[0] <= grown.west.max(-180.0) && numbers[1] <= grown.south.max(-90.0));
                prop_assert!(numbers[2] >= grown.east.min(180.0) && numbers[3] >= grown.north.min(90.0));
                prop_assert!(asked.east - asked.west < width + 12.0, "not the whole globe either");
            }
        }
    }
}
