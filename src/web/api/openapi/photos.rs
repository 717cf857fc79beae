//! Calls about photos: taken whole or in parts (tus 1.0.0), shown as copies, handed out as originals.

use serde_json::{Value, json};

use super::call::{Call, parameter};
use super::heads::Kept;
use crate::domain::position::Position;
use crate::media::MAX_PHOTO_BYTES;
use crate::report::typed::schema::{count, one_of, text};
use crate::report::typed::{Schemas, Typed};
use crate::web::api::openapi::parts::object;
use crate::web::api::{photos, uploads};
use crate::words::Words;
use crate::words::api::photos as say;

/// The kinds of pictures that are taken.
const KINDS: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// The type of a part.
const PART: &str = "application/offset+octet-stream";

/// Heads that tell how far an upload is.
const PROGRESS: [&str; 3] = ["upload_offset", "upload_length", "upload_expires"];

/// What every call about one upload may be refused for, besides the usual.
const OF_ONE_UPLOAD: [&str; 6] = ["404", "409", "410", "412", "422", "423"];

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    [whole(), in_parts(), one_upload()].concat()
}

/// A photo that is kept.
fn photo(schemas: &mut Schemas) -> Value {
    schemas.named("Photo", photo_fields)
}

fn photo_fields(schemas: &mut Schemas) -> Value {
    let hash = json!({"type": "string", "pattern": "^[0-9a-f]{64}$",
        "description": say::HASH.to_string()});
    let taken_at = json!({"anyOf": [
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?$"},
            {"type": "null"},
        ],
        "description": say::TAKEN_AT.to_string()});
    let claimed = json!({
        "type": "object", "required": ["taken_at", "position"], "additionalProperties": false,
        "properties": {"taken_at": taken_at, "position": Option::<Position>::schema(schemas)},
        "description": say::CLAIMED.to_string(),
    });
    object(json!({"hash": hash, "media_type": one_of(&KINDS), "bytes": count(), "claimed": claimed}))
}

fn whole() -> Vec<Call> {
    vec![
        Call::of("post", "photos",
            "/photos",
            "keepPhoto",
            say::KEEP_PHOTO,).to(photos::add)
        .file_body(&KINDS, "At most 24 MiB, 12,000 pixels a side, 52 million in all; still pictures only.")
        .with(&[json!({"name": "X-File-Name", "in": "header", "schema": text(), "description": say::FILE_NAME.to_string()})])
        .answers("201", photo, "It is kept, now or since before.")
        .refuses(&["413", "422"]),
        Call::get(
            "photos",
            "/photos/{hash}",
            "photoCopy",
            say::PHOTO_COPY,
        ).to(photos::copy)
        .with(&[parameter(
            "size",
            &one_of(&["view", "thumb"]),
            &say::SIZE,
        )])
        .kept(Kept::Day)
        .answers_file(&["image/jpeg"], "The copy, a JPEG."),
        Call::get(
            "photos",
            "/photos/{hash}/original",
            "photoOriginal",
            say::PHOTO_ORIGINAL,
        ).to(photos::original)
        .kept(Kept::Never)
        .answers_file(&KINDS, "The original, in the kind it was sent in.")
        .heads(&["saved"]),
    ]
}

fn in_parts() -> Vec<Call> {
    let length = json!({"type": "integer", "minimum": 1, "maximum": MAX_PHOTO_BYTES});
    vec![
        Call::of("post", "photos",
            "/uploads",
            "beginUpload",
            say::BEGIN_UPLOAD,).to(uploads::begin)
        .of_tus()
        .with_shared(&["tus_resumable"])
        .with(&[
            head("Upload-Length", &length, &say::LENGTH),
            json!({"name": "Upload-Metadata", "in": "header", "schema": text(), "description": say::METADATA.to_string()}),
        ])
        .answers_nothing("201", "It has begun.")
        .heads(&PROGRESS)
        .heads(&["upload_at"])
        .refuses(&["412", "413", "429"]),
        Call::of("options", "photos", "/uploads", "uploadAbilities", say::UPLOAD_ABILITIES).to(uploads::options)
            .of_tus()
            .for_anybody()
            .answers_nothing("204", "It stands in the heads.")
            .heads(&["tus_extension", "tus_max_size"]),
    ]
}

fn one_upload() -> Vec<Call> {
    let call = |method, id, words| {
        let call = Call::of(method, "photos", "/uploads/{id}", id, words).of_tus();
        call.with_shared(&["tus_resumable"]).refuses(&OF_ONE_UPLOAD)
    };
    let offset = head("Upload-Offset", &count(), &say::OFFSET);
    vec![
        call("head", "uploadState", say::UPLOAD_STATE)
            .to(uploads::state)
            .answers_nothing("200", "It stands in the heads.")
            .heads(&PROGRESS)
            .heads(&["photo_hash_if_made"]),
        call("patch", "appendToUpload", say::APPEND_TO_UPLOAD)
            .to(uploads::append)
            .with(&[offset])
            .file_body(&[PART], "The bytes from `Upload-Offset` on, at most up to `Upload-Length`.")
            .answers_nothing("204", "The part is safe on disk; more is to come.")
            .heads(&PROGRESS)
            .answers("200", photo, "With the last byte, and when it is sent again: the photo.")
            .heads(&PROGRESS)
            .heads(&["photo_hash"])
            .refuses(&["413", "415"]),
        call("delete", "giveUpUpload", say::GIVE_UP_UPLOAD).to(uploads::give_up).answers_nothing("204", "It is gone."),
    ]
}

/// A head that must be sent.
fn head(name: &str, schema: &Value, words: &Words) -> Value {
    json!({"name": name, "in": "header", "required": true, "schema": schema, "description": words.to_string()})
}
