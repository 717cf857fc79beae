//! What happens to accounts and burn plans, as the log says it; what happens to an alert is [`super::alert::AlertEvent`].
//!
//! The word of an event is part of what its hash covers: it never changes.

use super::named::named;

named! {
    /// What happens to an account, or by it.
    pub enum AccountEvent {
        /// It was made.
        Added = "account_added",
        /// Nobody comes in as it any more.
        Disabled = "account_disabled",
        /// It may come in again.
        Enabled = "account_enabled",
        /// It became another role, or another unit's.
        RoleChanged = "role_changed",
        /// It has another password.
        PasswordSet = "password_set",
        /// A link was made that comes in as it.
        LinkMade = "link_made",
        /// A token was made.
        TokenAdded = "token_added",
        /// A token was ended.
        TokenEnded = "token_ended",
        /// It came in on a device.
        SignedIn = "signed_in",
        /// A device of it was ended.
        SessionEnded = "session_ended",
        /// Its second step was set up.
        SecondStepSet = "second_step_set",
        /// Its second step was taken away.
        SecondStepRemoved = "second_step_removed",
        /// It came in by a recovery code.
        RecoveryCodeUsed = "recovery_code_used",
        /// No browser is known as its own any more.
        BrowsersForgotten = "browsers_forgotten",
        /// It was given the problem list.
        AlertsExported = "cases_exported",
        /// It was given burn plans.
        PlansExported = "plans_exported",
        /// It was given a responsibility list.
        PeopleListed = "people_listed",
        /// It was given a photo as it was sent.
        OriginalTaken = "original_taken",
    }
}

named! {
    /// What happens to a burn plan.
    pub enum PlanEventKind {
        /// Somebody applied for it.
        Applied = "applied",
        /// It was approved.
        Approved = "approved",
        /// It was refused.
        Refused = "refused",
        /// The day's order was given.
        Ordered = "ordered",
        /// An order was taken back.
        OrderTakenBack = "order_taken_back",
        /// It was lit.
        Lit = "lit",
        /// It was reported done.
        Done = "done",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
        /// It came with the region's file.
        Received = "received",
        /// A file says something else of it now.
        Changed = "changed",
        /// It came with a file that somebody imported.
        Imported = "imported",
    }
}
