//! Why an upload does not go on, in words that say what to do; the web gives each its status.

use crate::media::Error;
use crate::media::photos::{MAX_PHOTO_BYTES, PhotoError};

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none of this id, or not for this owner.
    #[error("没有编号为{0}的上传，请重新开始 · there is no upload {0}: begin a new one")]
    Unknown(String),
    /// It took too long.
    #[error("上传已过期（48小时），请重新开始 · the upload expired after 48 hours: begin a new one")]
    Expired,
    /// The part does not follow on what is there.
    #[error(
        "已收到{stands}字节，不能从第{given}字节续传，请先查询进度 · {stands} bytes are here, a part at {given} does not follow: ask with HEAD and go on from there"
    )]
    Offset {
        /// Bytes that are here.
        stands: u64,
        /// Where the part says it begins.
        given: u64,
    },
    /// Another call writes to it right now.
    #[error("该上传正被另一请求写入，请稍候重试 · another call writes to this upload right now: try again in a moment")]
    Busy,
    /// More bytes than were announced.
    #[error("内容超过声明的{0}字节 · more than the announced {0} bytes came: begin a new upload with the right length")]
    BeyondLength(u64),
    /// No picture has this length.
    #[error(
        "照片长度应为1至{MAX_PHOTO_BYTES}字节 · a photo has 1 to {MAX_PHOTO_BYTES} bytes, not {0}: send a smaller one"
    )]
    Length(u64),
    /// Too many at once.
    #[error("未完成的上传已有{0}个，请先完成或删除 · {0} uploads are unfinished already: finish or delete some first")]
    TooMany(usize),
    /// The whole is not what the sender has.
    #[error("内容与所给 SHA-256 不符，请重新上传 · the bytes do not match the given SHA-256: send the photo again")]
    Checksum,
    /// It was refused before, in these words.
    #[error("{0}")]
    Refused(String),
    /// The whole is no photo.
    #[error(transparent)]
    Photo(PhotoError),
    /// The disk failed.
    #[error(transparent)]
    Media(#[from] Error),
}
