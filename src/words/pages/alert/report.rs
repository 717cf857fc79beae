//! The form that reports a finding.

use crate::words::{Words, words};

pub(crate) const NOT_NOW: Words = words("本账号现在不能填报此告警。", "This account cannot report on this alert now.");
pub(crate) const WHAT_IS_THERE: Words = words("现场是什么", "What is there");
pub(crate) const NO_PHOTO_NEEDED: Words = words("可无照片", "no photo needed");
pub(crate) const PHOTO_FAR: Words = words("拍照（远景）", "Take a photo: from afar");
pub(crate) const PHOTO_CLOSE: Words = words("拍照（近景）", "Take a photo: close");
pub(crate) const FUEL: Words = words("燃烧物", "What burnt");
pub(crate) const MAIZE: Words = words("玉米秸秆", "maize straw");
pub(crate) const RICE: Words = words("水稻秸秆", "rice straw");
pub(crate) const STUBBLE: Words = words("根茬", "stubble");
pub(crate) const WEEDS: Words = words("杂草", "weeds");
pub(crate) const MEASURES: Words = words("处置措施", "What was done");
pub(crate) const PUT_OUT_AT: Words = words("扑灭时间（已扑灭时填）", "When it was put out, if it was");
pub(crate) const WHO_WAS_THERE_NEEDED: Words =
    words("实际核查人（必填，两人姓名都会记录）", "Who was on site (needed; both names are kept)");
pub(crate) const WHO_WAS_THERE: Words = words("代他人填报时，写核查人姓名", "If somebody else was on site: the name");
pub(crate) const SEND: Words = words("上报核查结果", "Send the finding");
pub(crate) const NEEDS_PHOTO: Words = words(
    "火情、过火痕迹和“未发现”须附至少一张照片。网络慢时请等待页面提示，不要离开。",
    "A fire, a scar or “nothing found” needs a photo. On a slow line please wait for the answer.",
);
pub(crate) const KIND_FIELD: Words = words("核查结果", "what was found");
