//! What each kind of source is to hold, so that a part that is gone is noticed.
//!
//! Asked by [`super::cycle`]; judged in [`crate::domain::freshness`].

use crate::config::{FirmsDataset, FirmsFile, SourceKind};
use crate::domain::feed_content::{Cover, Promise};
use crate::domain::observation::Satellite::{self, Aqua, Noaa20, Noaa21, SuomiNpp, Terra};

/// What a source of this kind is to hold.
pub(super) fn promise_of(kind: &SourceKind) -> Promise {
    let (cover, satellites) = match kind {
        SourceKind::FirmsFiles { satellite, .. } => (Cover::Wide, of_file(*satellite)),
        SourceKind::FirmsArea { dataset, .. } => (Cover::Small, of_dataset(*dataset)),
        SourceKind::DropFolder { .. } => (Cover::Brought, &[][..]),
    };
    Promise { cover, satellites: satellites.iter().copied().collect() }
}

fn of_file(file: FirmsFile) -> &'static [Satellite] {
    match file {
        FirmsFile::Noaa20 => &[Noaa20],
        FirmsFile::Noaa21 => &[Noaa21],
        FirmsFile::SuomiNpp => &[SuomiNpp],
        FirmsFile::Modis => &[Terra, Aqua],
    }
}

fn of_dataset(dataset: FirmsDataset) -> &'static [Satellite] {
    match dataset {
        FirmsDataset::ViirsNoaa20Nrt | FirmsDataset::ViirsNoaa20Sp => &[Noaa20],
        FirmsDataset::ViirsNoaa21Nrt => &[Noaa21],
        FirmsDataset::ViirsSnppNrt | FirmsDataset::ViirsSnppSp => &[SuomiNpp],
        FirmsDataset::ModisNrt | FirmsDataset::ModisSp => &[Terra, Aqua],
    }
}
