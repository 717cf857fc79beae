//! The log of what was done.

use crate::words::{Words, words};

pub(crate) const LOG: Words = words("操作记录", "The log");
pub(crate) const PROVED: Words = words("核验无误", "Proved: no fault");
pub(crate) const CONSISTENT: Words = words("自身一致，未经证明", "No fault, and not proven");
pub(crate) const FAULTS_FOUND: Words = words("核验发现错误", "Faults found");
pub(crate) const EVENTS: Words = words("核对记录", "events");
pub(crate) const ALERTS: Words = words("告警", "alerts");
pub(crate) const PHOTOS: Words = words("照片", "photos");
pub(crate) const TIP: Words = words("链头编号", "Head");
pub(crate) const TIP_HASH: Words = words("链头哈希", "Its hash");
pub(crate) const NO_TIP_OUTSIDE: Words = words(
    "没有用密钥写成的库外链头：整库被换回旧副本时看不出来。请在配置中设置 [audit] heads，指向另一台机器上的文件。",
    "No head was written outside with the key: it does not show when the whole database is put back to an older state. Set [audit] heads to a file on another machine.",
);
pub(crate) const KIND: Words = words("类别", "About");
pub(crate) const NUMBER_OR_ID: Words = words("编号", "Number, id");
pub(crate) const WHO: Words = words("办理人", "Who");
pub(crate) const PROVE_LOG: Words = words("核验整个记录链", "Prove the whole log");
pub(crate) const LATEST_FIRST: Words = words("最新在前", "Latest first");
pub(crate) const NO_EVENT_FITS: Words = words("没有符合条件的记录。", "No event fits.");
pub(crate) const SEQUENCE: Words = words("序号", "No.");
pub(crate) const SUBJECT: Words = words("对象", "About");
pub(crate) const CLAIMED: Words = words("自述", "said");
pub(crate) const EARLIER: Words = words("更早", "Earlier");
