//! Why an upload does not go on; the web gives each its status.

use crate::media::Error;
use crate::media::photos::{MAX_PHOTO_BYTES, PhotoError};

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none of this id, or not for this owner.
    #[error("there is no upload {0}: begin a new one")]
    Unknown(String),
    /// It took too long.
    #[error("the upload expired after 48 hours: begin a new one")]
    Expired,
    /// The part does not follow on what is there.
    #[error("{stands} bytes are here, a part at {given} does not follow: ask with HEAD and go on from there")]
    Offset {
        /// Bytes that are here.
        stands: u64,
        /// Where the part says it begins.
        given: u64,
    },
    /// Another call writes to it right now.
    #[error("another call writes to this upload right now: try again in a moment")]
    Busy,
    /// More bytes than were announced.
    #[error("more than the announced {0} bytes came: begin a new upload with the right length")]
    BeyondLength(u64),
    /// No picture has this length.
    #[error("a photo has 1 to {MAX_PHOTO_BYTES} bytes, not {0}: send a smaller one")]
    Length(u64),
    /// Too many at once.
    #[error("{0} uploads are unfinished already: finish or delete some first")]
    TooMany(usize),
    /// The whole is not what the sender has.
    #[error("the bytes do not match the given SHA-256: send the photo again")]
    Checksum,
    /// It was refused before: why.
    #[error("{0}")]
    Refused(String),
    /// The whole is no photo.
    #[error(transparent)]
    Photo(PhotoError),
    /// The disk failed.
    #[error(transparent)]
    Media(#[from] Error),
}
