//! Calls about photos: taken whole or in parts (tus 1.0.0), shown as copies, handed out as originals.

use serde_json::{Map, Value, json};

use super::heads::Kept;
use super::words::{Call, parameter};
use crate::media::MAX_PHOTO_BYTES;
use crate::web::api::openapi::types::{count, maybe, named, object, one_of, text};

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
    [photos(), uploads(), one_upload()].concat()
}

/// What is answered, by name.
pub(super) fn schemas() -> Map<String, Value> {
    let hash = json!({"type": "string", "pattern": "^[0-9a-f]{64}$",
        "description": "照片名称 · SHA-256 of what was sent; acts name the photo by it"});
    let taken_at = json!({"anyOf": [
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?$"},
            {"type": "null"},
        ],
        "description": "拍摄时间（相机所记）· local time of the camera, with its offset where it names one; null: it says nothing"});
    let claimed = json!({
        "type": "object", "required": ["taken_at", "position"], "additionalProperties": false,
        "properties": {"taken_at": taken_at, "position": maybe(&named("Position"))},
        "description": "相机所记的时间和位置 · what the camera says of when and where: a claim, never a fact",
    });
    let photo = object(json!({"hash": hash, "media_type": one_of(&KINDS), "bytes": count(), "claimed": claimed}));
    Map::from_iter([("Photo".to_owned(), photo)])
}

fn photos() -> Vec<Call> {
    vec![
        Call::get(
            "photos",
            "/photos",
            "keepPhoto",
            (
                "上传照片",
                "The bytes of one picture, told by its content, not its type; acts name it by its hash. Sent again it is the \
                 same photo: no `Idempotency-Key` is looked at.",
            ),
        )
        .method("post")
        .file_body(&KINDS, "At most 24 MiB, 12,000 pixels a side, 52 million in all; still pictures only.")
        .with(&[json!({"name": "X-File-Name", "in": "header", "schema": text(), "description": "文件名 · its name"})])
        .answers("201", "Photo", "It is kept, now or since before.")
        .refuses(&["413", "422"]),
        Call::get(
            "photos",
            "/photos/{hash}",
            "photoCopy",
            (
                "查看照片",
                "The copy for looking at: upright, without any metadata, at most 1,600 pixels a side. For whoever sees a case \
                 or plan that names the photo, or sent it.",
            ),
        )
        .with(&[parameter(
            "size",
            &one_of(&["view", "thumb"]),
            "尺寸 · view: at most 1,600 pixels a side, the default; thumb: 320",
        )])
        .kept(Kept::Day)
        .answers_file(&["image/jpeg"], "The copy, a JPEG."),
        Call::get(
            "photos",
            "/photos/{hash}/original",
            "photoOriginal",
            ("下载原始照片", "Byte for byte what was sent, metadata and all: a stranger's file, to be saved."),
        )
        .kept(Kept::Never)
        .answers_file(&KINDS, "The original, in the kind it was sent in.")
        .heads(&["saved"]),
    ]
}

fn uploads() -> Vec<Call> {
    let length = json!({"type": "integer", "minimum": 1, "maximum": MAX_PHOTO_BYTES});
    let metadata = "照片信息 · `filename` and `sha256` (hex), each with its value in Base64; others are passed over";
    vec![
        Call::get(
            "photos",
            "/uploads",
            "beginUpload",
            (
                "开始分段上传",
                "Begins an upload in parts: tus 1.0.0 with creation, expiration, termination. Every call makes another one; what \
                 is not finished goes after 48 hours. No `Idempotency-Key` is looked at.",
            ),
        )
        .method("post")
        .of_tus()
        .with_shared(&["tus_resumable"])
        .with(&[
            head("Upload-Length", &length, "总字节数 · bytes in all"),
            json!({"name": "Upload-Metadata", "in": "header", "schema": text(), "description": metadata}),
        ])
        .answers_nothing("201", "It has begun.")
        .heads(&PROGRESS)
        .heads(&["upload_at"])
        .refuses(&["412", "413", "429"]),
        Call::get("photos", "/uploads", "uploadAbilities", ("分段上传支持", "What of tus is spoken; asked by anybody."))
            .method("options")
            .of_tus()
            .for_anybody()
            .answers_nothing("204", "It stands in the heads.")
            .heads(&["tus_extension", "tus_max_size"]),
    ]
}

fn one_upload() -> Vec<Call> {
    let call = |method, id, said| {
        let call = Call::get("photos", "/uploads/{id}", id, said).method(method).of_tus();
        call.with_shared(&["tus_resumable"]).refuses(&OF_ONE_UPLOAD)
    };
    let offset = head("Upload-Offset", &count(), "续传位置 · where the part begins: the bytes that are here already");
    vec![
        call(
            "head",
            "uploadState",
            (
                "上传进度",
                "How far an upload of the own account is. One that has all bytes and is no photo yet is made into one by this \
                 call; refusals have no body.",
            ),
        )
        .answers_nothing("200", "It stands in the heads.")
        .heads(&PROGRESS)
        .heads(&["photo_hash_if_made"]),
        call(
            "patch",
            "appendToUpload",
            (
                "上传一段",
                "The next part, written as it arrives: what came before the line broke stays. It may take 30 seconds. No \
                 `Idempotency-Key` is looked at: the offset says what is a repeat.",
            ),
        )
        .with(&[offset])
        .file_body(&[PART], "The bytes from `Upload-Offset` on, at most up to `Upload-Length`.")
        .answers_nothing("204", "The part is safe on disk; more is to come.")
        .heads(&PROGRESS)
        .answers("200", "Photo", "With the last byte, and when it is sent again: the photo.")
        .heads(&PROGRESS)
        .heads(&["photo_hash"])
        .refuses(&["413", "415"]),
        call("delete", "giveUpUpload", ("放弃上传", "Gives it up; a photo it became stays."))
            .answers_nothing("204", "It is gone."),
    ]
}

/// A head that must be sent.
fn head(name: &str, schema: &Value, said: &str) -> Value {
    json!({"name": name, "in": "header", "required": true, "schema": schema, "description": said})
}
