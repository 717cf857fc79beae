//! Findings to review, disputes to decide, look-backs that are due.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const ON_THIS_PAGE: Words = words("本页内容", "On this page");
pub(crate) const PHOTO: Words = words("现场照片", "Photo");
pub(crate) const REASON_OR_REMARK: Words = words("理由或意见", "Reason or remark");
pub(crate) const OTHERS_FOLLOW: Words =
    words("先处理以上各件，其余随后列出。", "The others follow when these are decided.");
pub(crate) const REVIEWED_ELSEWHERE: Words =
    words("另有由其他单位或层级审核的反馈（件）：", "Findings here that other units or levels review: ");
pub(crate) const SHOW: Words = words("查看", "show");
pub(crate) const REASON_FIELD: Words = words("理由", "the reason");
pub(crate) const FINDINGS: Words = words("待审核的反馈", "Findings to review");
pub(crate) const NO_FINDING: Words = words("没有待您审核的反馈。", "No finding waits for you.");
pub(crate) const CONFIRM: Words = words("认定", "Confirm");
pub(crate) const EXCLUDE: Words = words("排除（须写理由）", "Exclude (say why)");
pub(crate) const SEND_BACK: Words = words("退回补充（须写理由）", "Send back (say why)");
pub(crate) const DISPUTES: Words = words("待裁定的归属异议", "Disputes to decide");
pub(crate) const NO_DISPUTE: Words = words("没有待您裁定的异议。", "No dispute waits for you.");
pub(crate) const ACCEPT: Words = words("异议成立，改派", "Accept: the alert moves");
pub(crate) const REFUSE: Words = words("异议不成立（须写理由）", "Refuse (say why)");
pub(crate) const LOOK_BACKS: Words = words("到期的回头看", "Look-backs due");
pub(crate) const NO_LOOK_BACK: Words = words("没有到期的回头看。", "No look-back is due.");
pub(crate) const CLEAN: Words = words("无复燃", "Nothing burns there");
pub(crate) const BURNS_AGAIN: Words = words("又有火情或过火痕迹（须写情况）", "Burns or burnt again (say what)");
pub(crate) const CLOSED_AT: Words = words("销号于", "closed");
pub(crate) const CHOOSE_DECISION: Words =
    words("请选择一项决定，未作任何改动", "choose a decision; nothing was changed");

pub(crate) fn waits(age: &str) -> Sentence {
    sentence(format!("已等{age}"), format!("waits {age}"))
}
