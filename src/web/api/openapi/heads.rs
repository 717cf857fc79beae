//! What stands in the heads of answers: whether they may be kept, where the next page is, the words of tus.
//!
//! Called by [`super::words`]. The heads themselves are set by `fresh`, `page`, `repeat` and `tus` of this API.

use serde_json::{Map, Value, json};

use crate::web::api::openapi::types::{count, text};

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
type Head = (&'static str, &'static str, Value, &'static str);

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
        ("etag", "ETag", tag, "实体标签 · strong tag, for `If-None-Match`"),
        ("kept_asked", "Cache-Control", only("private, no-cache"), "先询问再使用 · ask before using it again"),
        (
            "kept_a_day",
            "Cache-Control",
            only("private, max-age=86400, immutable"),
            "可保留一天 · a browser may keep it for a day, nobody for others",
        ),
        ("kept_never", "Cache-Control", only("private, no-store"), "不得保留 · nobody may keep it"),
        ("vary", "Vary", text(), "随语言而变 · the words depend on `Accept-Language`, unless `lang` says which"),
        ("saved", "Content-Disposition", file, "另存为文件 · saved and never shown in place"),
        ("next_page", "Link", text(), "下一页 · address of the next page, `rel=\"next\"`; not on the last"),
        ("replayed", "Idempotency-Replayed", only("true"), "重复请求 · the answer is the one of an earlier call"),
    ]
}

fn of_tus() -> Vec<Head> {
    let only = |value: &str| json!({"type": "string", "const": value});
    let hash = || json!({"type": "string", "pattern": "^[0-9a-f]{64}$"});
    let address = json!({"type": "string", "pattern": "^/api/v1/uploads/[0-9a-f]{32}$"});
    let bytes = json!({"type": "integer", "minimum": 1, "maximum": crate::media::MAX_PHOTO_BYTES});
    vec![
        ("tus_spoken", "Tus-Resumable", only("1.0.0"), "协议版本 · version of tus that is spoken"),
        ("tus_versions", "Tus-Version", only("1.0.0"), "支持的版本 · versions of tus that could be spoken"),
        ("tus_never_kept", "Cache-Control", only("no-store"), "不得保留 · nobody may keep it"),
        ("tus_extension", "Tus-Extension", only("creation,expiration,termination"), "支持的扩展 · beyond the core"),
        (
            "tus_max_size",
            "Tus-Max-Size",
            json!({"type": "integer", "const": crate::media::MAX_PHOTO_BYTES}),
            "最大字节数 · largest length, bytes",
        ),
        ("upload_at", "Location", address, "上传地址 · where its parts are sent"),
        ("upload_offset", "Upload-Offset", count(), "已收到的字节数 · bytes that are safe on disk; go on from here"),
        ("upload_length", "Upload-Length", bytes, "总字节数 · bytes in all"),
        (
            "upload_expires",
            "Upload-Expires",
            json!({"type": "string", "pattern": "^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$"}),
            "失效时刻 · when it is given up, 48 hours after it began (RFC 9110 date)",
        ),
        ("photo_hash", "Photo-Hash", hash(), "照片哈希 · SHA-256 of the photo it became"),
        (
            "photo_hash_if_made",
            "Photo-Hash",
            hash(),
            "照片哈希 · SHA-256 of the photo it became; missing until its last byte is here",
        ),
    ]
}

/// All heads, for the components of the document.
pub(super) fn shared() -> Value {
    let heads = all().into_iter().map(|(key, _, schema, said)| {
        let head = json!({"required": !PERHAPS.contains(&key), "schema": schema, "description": said});
        (key.to_owned(), head)
    });
    Value::Object(heads.collect())
}

/// Some of them as an answer has them: by their names.
pub(super) fn named_heads(keys: &[&str]) -> Map<String, Value> {
    let wanted = all().into_iter().filter(|(key, ..)| keys.contains(key));
    wanted.map(|(key, name, ..)| (name.to_owned(), json!({"$ref": format!("#/components/headers/{key}")}))).collect()
}
