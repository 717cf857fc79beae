//! How far an upload is, and how long it may take.

use crate::domain::time::{SignedDuration, Timestamp};

/// How long an upload may take, from its first call: an inspector's evening and a day without a line.
pub const UPLOAD_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadState {
    /// Names it.
    pub id: String,
    /// Bytes that are safe on disk.
    pub offset: u64,
    /// Bytes in all.
    pub length: u64,
    /// When it is given up.
    pub expires_at: Timestamp,
    /// The hash of the photo it became.
    pub photo: Option<String>,
}
