//! The page of a case and its forms.

pub(crate) mod acts;
pub(crate) mod alert;
pub(crate) mod life;
pub(crate) mod report;
