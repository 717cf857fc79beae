//! What leaves firegrid for people and programs: maps as SVG, export documents, printed lists.
//!
//! Called by [`crate::web`] and [`crate::cli`] with rows that [`crate::store`] has read and
//! with the [`crate::domain::ground`]; returns text. It asks no database, opens no file and
//! knows no HTTP.

pub mod base_layers;
pub mod day_map;
pub mod export;
pub mod figures;
pub mod map_svg;
pub mod objects;
pub mod palette;
pub mod responsibility;
pub mod typed;
