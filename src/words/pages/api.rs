//! The page that describes the API.

use crate::words::{Words, words};

pub(crate) const THE_API: Words = words("接口", "The API");
pub(crate) const HOW_TO_CALL: Words = words(
    "程序以账号令牌调用（Authorization: Bearer），只见本账号辖区。错误为 application/problem+json。",
    "Programs call with a token of an account (Authorization: Bearer) and see that account's ground. Faults are application/problem+json.",
);
pub(crate) const PARAMETERS: Words = words("参数", "Parameters");
pub(crate) const BODY: Words = words("内容", "Body");
pub(crate) const ANSWERS: Words = words("回答", "Answers");
pub(crate) const NO_BODY: Words = words("没有", "none");
