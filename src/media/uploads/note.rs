//! What is written down of an upload beside its bytes.

use serde::{Deserialize, Serialize};

use super::state::{UPLOAD_LIFE, UploadState};
use crate::domain::time::Timestamp;

/// The note of an upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    pub owner: String,
    pub length: u64,
    pub file_name: Option<String>,
    pub sha256: Option<String>,
    pub begun_at: Timestamp,
    /// The hash of the photo it became; then its bytes are gone.
    pub photo: Option<String>,
    /// Why the whole was not taken; then its bytes are gone.
    pub refused: Option<String>,
}

impl Note {
    pub fn expires_at(&self) -> Timestamp {
        self.begun_at.checked_add(UPLOAD_LIFE).unwrap_or(Timestamp::MAX)
    }

    /// Neither a photo nor refused.
    pub fn is_open(&self) -> bool {
        self.photo.is_none() && self.refused.is_none()
    }

    pub fn state(self, id: String, offset: u64) -> UploadState {
        let expires_at = self.expires_at();
        UploadState { id, offset, length: self.length, expires_at, photo: self.photo }
    }
}
