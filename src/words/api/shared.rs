//! Parameters and answers of several calls.

use crate::words::{Words, words};

pub(crate) const PATH_NUMBER: Words = words("编号", "number of the alert");
pub(crate) const PATH_HASH: Words = words("照片哈希", "SHA-256 of the photo, 64 hexadecimal digits in small letters");
pub(crate) const PATH_ID: Words = words("编号", "its id");
pub(crate) const IDEMPOTENCY_KEY: Words = words(
    "幂等键",
    "names the command; a repeat within seven days gets the same answer. Stands for `client_id`: give one of the two, \
     or the same in both.",
);
pub(crate) const TUS_RESUMABLE: Words = words("协议版本", "version of tus; without it, or with another, 412");
pub(crate) const LIMIT: Words = words("每页行数", "rows of a page; capped");
pub(crate) const AFTER: Words = words("下一页", "`next` of the page before");
pub(crate) const FROM: Words =
    words("起始日期", "first local day; today by default. At most 31 days a call where days are listed");
pub(crate) const TO: Words = words("截止日期", "last local day, inclusive; one end alone is that day");
pub(crate) const OPEN_FROM: Words = words("起始日期", "first local day; open by default");
pub(crate) const OPEN_TO: Words = words("截止日期", "last local day, inclusive; open by default");
pub(crate) const COUNTY: Words = words("县区代码", "code of a county");
pub(crate) const OUTSIDE: Words =
    words("含不计入的", "also what is in no total: neighbours, and what lies on other ground and may concern this one");
pub(crate) const UNIT: Words = words("单位代码", "code of a unit; everything below it too");
pub(crate) const FORMAT: Words = words("格式", "form of the file; csv by default");
pub(crate) const HEADS: Words = words("表头", "heads of csv and xlsx");
pub(crate) const PROBLEM: Words = words("未办理及原因", "not done, and why (RFC 9457)");
pub(crate) const BARE_PROBLEM: Words = words("未办理", "not done; the status alone says why");
pub(crate) const SAME: Words = words("未变化", "the document of `If-None-Match` is still true");
