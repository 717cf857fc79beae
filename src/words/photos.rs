//! Photos: why bytes are not taken as one, and why an upload does not go on.

use super::{Say, Sentence, beside};
use crate::media::{MAX_PHOTO_BYTES, MAX_PIXELS, MAX_SIDE, PhotoError, UploadError};

impl Say for PhotoError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::TooLarge(bytes) => format!("照片有{bytes}字节，不得超过{MAX_PHOTO_BYTES}字节，请缩小后重传"),
            Self::NoPicture => "不是 JPEG、PNG 或 WebP 图片，请另存为 JPEG 后重传".to_owned(),
            Self::PhoneFormat => {
                "不支持 HEIC/AVIF 格式：请将手机相机设为 JPEG（iPhone：设置→相机→格式→兼容性最佳），或从网页发送，网页会自动转换"
                    .to_owned()
            }
            Self::Animated => "动态图片不能作为照片，请发送静态照片".to_owned(),
            Self::TooManyPixels { width, height } => format!(
                "照片为{width}×{height}像素，每边不得超过{MAX_SIDE}、总数不得超过{MAX_PIXELS}（渐进式 JPEG \
                 和每通道16位者更少），请降低相机分辨率后重拍或缩小后重传"
            ),
            Self::Damaged(_) => "图片不完整或已损坏，请重新上传，仍不行请重拍".to_owned(),
            Self::Media(_) => "照片暂时无法保存或读取".to_owned(),
        };
        beside(zh, self)
    }
}

impl Say for UploadError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Unknown(id) => format!("没有编号为{id}的上传，请重新开始"),
            Self::Expired => "上传已过期（48小时），请重新开始".to_owned(),
            Self::Offset { stands, given } => {
                format!("已收到{stands}字节，不能从第{given}字节续传，请先查询进度")
            }
            Self::Busy => "该上传正被另一请求写入，请稍候重试".to_owned(),
            Self::BeyondLength(bytes) => format!("内容超过声明的{bytes}字节"),
            Self::Length(_) => format!("照片长度应为1至{MAX_PHOTO_BYTES}字节"),
            Self::TooMany(uploads) => format!("未完成的上传已有{uploads}个，请先完成或删除"),
            Self::Checksum => "内容与所给 SHA-256 不符，请重新上传".to_owned(),
            Self::Refused(why) => format!("该文件此前已被拒收，请重新上传：{why}"),
            Self::Photo(problem) => return problem.say(),
            Self::Media(_) => "上传的文件暂时无法读写".to_owned(),
        };
        beside(zh, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_in_both_languages() {
        let refusals = [
            PhotoError::TooLarge(1),
            PhotoError::NoPicture,
            PhotoError::PhoneFormat,
            PhotoError::Animated,
            PhotoError::TooManyPixels { width: 60_000, height: 60_000 },
            PhotoError::Damaged("no end".to_owned()),
        ];
        for refusal in refusals {
            let Sentence { zh, en } = refusal.say();
            assert!(zh.contains('请'), "{zh}");
            assert!(en.contains("send") || en.contains("set the camera"), "{en}");
        }
    }
}
