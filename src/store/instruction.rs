//! What somebody wants done, each kind of it beside what it is about: an alert, a plan, a heat source, the weather, a shift.

use rusqlite::Transaction;

use super::Error;
use super::scoped::Scoped;
use crate::domain::time::Timestamp;

/// Something that somebody wants done.
pub trait Instruction: Send + 'static {
    /// By whom, on which ground and by which rules.
    type With: Send + 'static;
    /// What it did.
    type Answer: Send + 'static;
    /// Why it was not done.
    type Refusal: std::error::Error + From<Error> + Send + 'static;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        with: Self::With,
        now: Timestamp,
    ) -> Result<Self::Answer, Self::Refusal>;
}

impl Scoped {
    /// Carries out what somebody wants, in one transaction, or says why not. What he does not see does not exist for him.
    ///
    /// # Errors
    /// The refusal; then nothing was written.
    pub async fn carry_out<I: Instruction>(
        &self,
        what: I,
        with: I::With,
        now: Timestamp,
    ) -> Result<I::Answer, I::Refusal> {
        let within = self.clone();
        self.store().try_write(move |tx| what.carry_out(tx, &within, with, now)).await
    }

    /// An error that says which database it is of.
    pub(super) fn naming(&self, error: Error) -> Error {
        error.naming(self.store().path())
    }
}
