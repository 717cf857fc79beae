//! Files beside the database: raw bodies of feeds, photos as evidence with their copies, uploads that come in parts,
//! and whatever else must be whole under its name. Files, not SQL: which of them a row names is the store's to know.
//!
//! Reading order: [`files`] (how a file is written so that it survives a power cut), [`Bodies`], [`Photos`],
//! [`Uploads`].

mod bodies;
mod disk;
mod error;
pub(crate) mod files;
mod photos;
mod uploads;

pub use bodies::Bodies;
pub use disk::free_bytes;
pub use error::Error;
pub(crate) use error::is_disk_refusal;
pub(crate) use photos::is_hash;
pub use photos::{
    Claims, CopySize, MAX_PHOTO_BYTES, MAX_PIXELS, MAX_SIDE, Photo, PhotoError, PhotoKind, Photos, THUMB_SIDE,
    VIEW_SIDE,
};
pub use uploads::{NewUpload, Spool, UPLOAD_LIFE, UploadError, UploadState, UploadWriter, Uploads};
