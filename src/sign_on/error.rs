//! Why the provider could not be asked, or its answer not be used.
//!
//! Logged by [`crate::web`]; what people read stands there. Nothing here holds a code, a token, a secret, or text of the
//! provider beyond its host, its status and one short word.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{
    ClaimsVerificationError, DiscoveryError, RequestTokenError, SignatureVerificationError, StandardErrorResponse,
};

use crate::config::secret::SecretError;

/// Longest word of the provider that is repeated.
const LONGEST_WORD: usize = 40;

/// Why there is no subject.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer came.
    #[error("cannot reach {host}: {why}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// Why.
        why: String,
    },
    /// An answer that cannot be used.
    #[error("the provider's answer cannot be used: {0}")]
    Odd(String),
    /// The provider does not take the code.
    #[error("the provider refused the code ({0})")]
    Refused(String),
    /// The token is not verified.
    #[error("ID token verification failed: {0}")]
    Untrusted(&'static str),
    /// The configuration or this machine.
    #[error("the sign-on cannot be used: {0}")]
    Unusable(String),
    /// There is no secret to be had.
    #[error("the client's secret cannot be read: {0}")]
    Secret(#[from] SecretError),
}

/// Who can do something about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It heals itself: wait.
    Down,
    /// Whoever signs in: begin again.
    Again,
    /// Whoever runs this site or the provider.
    Operator,
}

impl Error {
    /// Who can do something about it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unreachable { .. } => Kind::Down,
            Self::Refused(word) if word == "invalid_grant" => Kind::Again,
            Self::Odd(_) | Self::Refused(_) | Self::Untrusted(_) | Self::Unusable(_) | Self::Secret(_) => {
                Kind::Operator
            }
        }
    }

    pub(super) fn of_discovery(error: DiscoveryError<Self>) -> Self {
        match error {
            DiscoveryError::Request(cause) => cause,
            DiscoveryError::Response(status, ..) => {
                Self::Odd(format!("status {} or no JSON where it describes itself or its keys", status.as_u16()))
            }
            DiscoveryError::Parse(cause) => {
                Self::Odd(format!("what it says of itself or its keys is not as agreed at {}", cause.path()))
            }
            DiscoveryError::Validation(_) => {
                Self::Odd("it names another issuer than `issuer` in [sign_on]; they must be equal".to_owned())
            }
            _ => Self::Odd("what it says of itself cannot be read".to_owned()),
        }
    }

    pub(super) fn of_exchange(error: RequestTokenError<Self, StandardErrorResponse<CoreErrorResponseType>>) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => Self::Refused(plain_word(answer.error().as_ref())),
            RequestTokenError::Request(cause) => cause,
            // The body may hold tokens: only where it is wrong is said.
            RequestTokenError::Parse(cause, _) => {
                Self::Odd(format!("the answer to the code is not as agreed at {}", cause.path()))
            }
            RequestTokenError::Other(_) => Self::Odd("the answer to the code cannot be read".to_owned()),
        }
    }

    pub(super) fn of_token(problem: &ClaimsVerificationError) -> Self {
        Self::Untrusted(match problem {
            ClaimsVerificationError::Expired(_) => "it is too old (do both clocks run right?)",
            ClaimsVerificationError::InvalidAudience(_) => "it is for another client",
            ClaimsVerificationError::InvalidIssuer(_) => "it is of another issuer",
            ClaimsVerificationError::InvalidNonce(_) => "it is of another sign-in",
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                "none of the provider's keys signed it"
            }
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::DisallowedAlg(_) | SignatureVerificationError::NoSignature,
            ) => "it is not signed by a key of the provider's own",
            ClaimsVerificationError::SignatureVerification(_) => "its signature is wrong",
            _ => "it is of an unknown kind",
        })
    }
}

/// A word of the provider, if it is no more than that.
#[must_use]
pub fn plain_word(text: &str) -> String {
    let is_plain = text.len() <= LONGEST_WORD && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_plain { text.to_owned() } else { "another reason".to_owned() }
}
