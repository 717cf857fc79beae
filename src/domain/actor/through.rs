//! Through what somebody acts: the account, what brought it in, and from where.

use std::fmt;

use crate::domain::named::named;

/// Through what somebody acts; nothing for firegrid itself, and where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Through {
    /// The account, and after it the one that let it in: whoever makes a link or a token for another can use it.
    pub accounts: Vec<String>,
    /// What brought it in.
    pub access: Option<Access>,
    /// From where.
    pub address: Option<AddressClass>,
}

/// What brings somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A device that signed in.
    Session(i64),
    /// A program's token.
    Token(i64),
    /// A command on the machine itself.
    Shell,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(id) => write!(f, "session {id}"),
            Self::Token(id) => write!(f, "token {id}"),
            Self::Shell => f.write_str("shell"),
        }
    }
}

named! {
    /// From where somebody acts, as far as the log keeps it.
    pub enum AddressClass {
        /// The machine itself.
        Loopback = "loopback",
        /// A network of the office's own.
        Private = "private",
        /// Anywhere else.
        Public = "public",
    }
}

impl Through {
    /// A command on the machine itself.
    #[must_use]
    pub fn shell() -> Self {
        Self { accounts: Vec::new(), access: Some(Access::Shell), address: None }
    }

    /// Whether one of these accounts, or who let it in, is the same.
    #[must_use]
    pub fn shares_account(&self, accounts: &[String]) -> bool {
        self.accounts.iter().any(|account| accounts.contains(account))
    }
}
