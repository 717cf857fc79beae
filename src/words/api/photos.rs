//! Calls about photos, whole or in parts.

use crate::words::{Words, words};

pub(crate) const KEEP_PHOTO: Words = words(
    "上传照片",
    "The bytes of one picture, told by its content, not its type; acts name it by its hash. Sent again it is the same \
     photo: no `Idempotency-Key` is looked at.",
);
pub(crate) const PHOTO_COPY: Words = words(
    "查看照片",
    "The copy for looking at: upright, without any metadata, at most 1,600 pixels a side. For whoever sees an alert or \
     plan that names the photo, or sent it.",
);
pub(crate) const PHOTO_ORIGINAL: Words =
    words("下载原始照片", "Byte for byte what was sent, metadata and all: a stranger's file, to be saved.");
pub(crate) const BEGIN_UPLOAD: Words = words(
    "开始分段上传",
    "Begins an upload in parts: tus 1.0.0 with creation, expiration, termination. Every call makes another one; what \
     is not finished goes after 48 hours. No `Idempotency-Key` is looked at.",
);
pub(crate) const UPLOAD_ABILITIES: Words = words("分段上传支持", "What of tus is spoken; asked by anybody.");
pub(crate) const UPLOAD_STATE: Words = words(
    "上传进度",
    "How far an upload of the own account is. One that has all bytes and is no photo yet is made into one by this \
     call; refusals have no body.",
);
pub(crate) const APPEND_TO_UPLOAD: Words = words(
    "上传一段",
    "The next part, written as it arrives: what came before the line broke stays. It may take 30 seconds. No \
     `Idempotency-Key` is looked at: the offset says what is a repeat.",
);
pub(crate) const GIVE_UP_UPLOAD: Words = words("放弃上传", "Gives it up; a photo it became stays.");
pub(crate) const HASH: Words = words("照片名称", "SHA-256 of what was sent; acts name the photo by it");
pub(crate) const CLAIMED: Words =
    words("相机所记的时间和位置", "what the camera says of when and where: a claim, never a fact");
pub(crate) const FILE_NAME: Words = words("文件名", "its name");
pub(crate) const SIZE: Words = words("尺寸", "view: at most 1,600 pixels a side, the default; thumb: 320");
pub(crate) const METADATA: Words =
    words("照片信息", "`filename` and `sha256` (hex), each with its value in Base64; others are passed over");
pub(crate) const LENGTH: Words = words("总字节数", "bytes in all");
pub(crate) const OFFSET: Words = words("续传位置", "where the part begins: the bytes that are here already");
pub(crate) const TAKEN_AT: Words = words(
    "拍摄时间（相机所记）",
    "local time of the camera, with its offset where it names one; null: it says nothing",
);
