//! What stands in the response headers: whether they may be kept, where the next page is, the words of tus.
//!
//! Called by [`super::call`]. The heads themselves are set by `fresh`, `page`, `repeat` and `tus` of this API.

use serde_json::{Map, Value, json};

use crate::report::typed::schema::{count, text};
use crate::words::Words;
use crate::words::api::heads as say;

/// How an answer may be kept.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kept {
    /// Kept and asked about before it is used: it has a tag, and 304 says that it is still true.
    Asked,
    /// By a browser, a day long: it never changes, who may see it can.
    Day,
    /// By nobody.
    Never,
    /// It is a stream and has no end that could be tagged.
    Stream,
}

impl Kept {
    /// Whether a caller that has it can be told so.
    pub fn is_tagged(self) -> bool {
        matches!(self, Self::Asked | Self::Day)
    }

    /// The heads that say it.
    pub fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Asked => &["etag", "kept_asked"],
            Self::Day => &["etag", "kept_a_day"],
            Self::Never => &["kept_never"],
            Self::Stream => &[],
        }
    }
}

/// A head: its key, its name, what it holds, what is said of it.
type Head = (&'static str, &'static str, Value, Words);

/// Heads that may be missing; all others are always there.
const PERHAPS: [&str; 3] = ["next_page", "replayed", "photo_hash_if_made"];

fn all() -> Vec<Head> {
    [of_documents(), of_tus()].concat()
}

fn of_documents() -> Vec<Head> {
    let only = |value: &str| json!({"type": "string", "const": value});
    let tag = json!({"type": "string", "pattern": "^\"[0-9a-f]+\"$"});
    let file = json!({"type": "string", "pattern": "^attachment; filename=\"[^\"]+\"$"});
    vec![
        ("etag", "ETag", tag, say::ETAG),
        ("kept_asked", "Cache-Control", only("private, no-cache"), say::KEPT_ASKED),
        ("kept_a_day", "Cache-Control", only("private, max-age=86400, immutable"), say::KEPT_A_DAY),
        ("kept_never", "Cache-Control", only("private, no-store"), say::KEPT_NEVER),
        ("vary", "Vary", text(), say::VARY),
        ("saved", "Content-Disposition", file, say::SAVED),
        ("next_page", "Link", text(), say::NEXT_PAGE),
        ("replayed", "Idempotency-Replayed", only("true"), say::REPLAYED),
    ]
}

fn of_tus() -> Vec<Head> {
    let only = |value: &str| json!({"type": "string", "const": value});
    let hash = || json!({"type": "string", "pattern": "^[0-9a-f]{64}$"});
    let address = json!({"type": "string", "pattern": "^/api/v1/uploads/[0-9a-f]{32}$"});
    let bytes = json!({"type": "integer", "minimum": 1, "maximum": crate::media::MAX_PHOTO_BYTES});
    vec![
        ("tus_spoken", "Tus-Resumable", only("1.0.0"), say::TUS_SPOKEN),
        ("tus_versions", "Tus-Version", only("1.0.0"), say::TUS_VERSIONS),
        ("tus_never_kept", "Cache-Control", only("no-store"), say::KEPT_NEVER),
        ("tus_extension", "Tus-Extension", only("creation,expiration,termination"), say::TUS_EXTENSION),
        (
            "tus_max_size",
            "Tus-Max-Size",
            json!({"type": "integer", "const": crate::media::MAX_PHOTO_BYTES}),
            say::TUS_MAX_SIZE,
        ),
        ("upload_at", "Location", address, say::UPLOAD_AT),
        ("upload_offset", "Upload-Offset", count(), say::UPLOAD_OFFSET),
        ("upload_length", "Upload-Length", bytes, say::UPLOAD_LENGTH),
        (
            "upload_expires",
            "Upload-Expires",
            json!({"type": "string", "pattern": "^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$"}),
            say::UPLOAD_EXPIRES,
        ),
        ("photo_hash", "Photo-Hash", hash(), say::PHOTO_HASH),
        ("photo_hash_if_made", "Photo-Hash", hash(), say::PHOTO_HASH_IF_MADE),
    ]
}

/// All heads, for the components of the document.
pub(super) fn shared() -> Value {
    let heads = all().into_iter().map(|(key, _, schema, said)| {
        let head = json!({"required": !PERHAPS.contains(&key), "schema": schema, "description": said.to_string()});
        (key.to_owned(), head)
    });
    Value::Object(heads.collect())
}

/// Some of them as an answer has them: by their names.
pub(super) fn named_heads(keys: &[&str]) -> Map<String, Value> {
    let wanted = all().into_iter().filter(|(key, ..)| keys.contains(key));
    wanted.map(|(key, name, ..)| (name.to_owned(), json!({"$ref": format!("#/components/headers/{key}")}))).collect()
}
