//! A row of a file of plans, between the reader of files and the store that takes it up.

use crate::domain::plan::{PlanApplication, PlanStatus};

/// A row of the file, read and checked by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Where it stands in the file, for faults.
    pub place: String,
    /// What it applies for.
    pub application: PlanApplication,
    /// The status it claims; `applied` where it names none.
    pub status: PlanStatus,
    /// Who approved or refused it, as the file says.
    pub approver: Option<String>,
    /// Area really burnt, mu, of a row that is done.
    pub burnt_mu: Option<f64>,
}
