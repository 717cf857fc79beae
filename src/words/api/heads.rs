//! Heads of answers.

use crate::words::{Words, words};

pub(crate) const ETAG: Words = words("实体标签", "strong tag, for `If-None-Match`");
pub(crate) const KEPT_ASKED: Words = words("先询问再使用", "ask before using it again");
pub(crate) const KEPT_A_DAY: Words = words("可保留一天", "a browser may keep it for a day, nobody for others");
pub(crate) const KEPT_NEVER: Words = words("不得保留", "nobody may keep it");
pub(crate) const VARY: Words = words("随语言而变", "the words depend on `Accept-Language`, unless `lang` says which");
pub(crate) const SAVED: Words = words("另存为文件", "saved and never shown in place");
pub(crate) const NEXT_PAGE: Words = words("下一页", "address of the next page, `rel=\"next\"`; not on the last");
pub(crate) const REPLAYED: Words = words("重复请求", "the answer is the one of an earlier call");
pub(crate) const TUS_SPOKEN: Words = words("协议版本", "version of tus that is spoken");
pub(crate) const TUS_VERSIONS: Words = words("支持的版本", "versions of tus that could be spoken");
pub(crate) const TUS_EXTENSION: Words = words("支持的扩展", "beyond the core");
pub(crate) const TUS_MAX_SIZE: Words = words("最大字节数", "largest length, bytes");
pub(crate) const UPLOAD_AT: Words = words("上传地址", "where its parts are sent");
pub(crate) const UPLOAD_OFFSET: Words = words("已收到的字节数", "bytes that are safe on disk; go on from here");
pub(crate) const UPLOAD_LENGTH: Words = words("总字节数", "bytes in all");
pub(crate) const UPLOAD_EXPIRES: Words =
    words("失效时刻", "when it is given up, 48 hours after it began (RFC 9110 date)");
pub(crate) const PHOTO_HASH: Words = words("照片哈希", "SHA-256 of the photo it became");
pub(crate) const PHOTO_HASH_IF_MADE: Words =
    words("照片哈希", "SHA-256 of the photo it became; missing until its last byte is here");
