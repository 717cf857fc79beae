//! The city's own sign-on: asks one OpenID Connect provider who a browser belongs to.
//!
//! [`crate::web`] sends a browser to [`Provider::address`] and asks [`Provider::subject`] who came back with a code
//! (authorization code flow with PKCE). Which account that is, and what it may do, is decided there. Nothing about a person
//! is kept here: the access token is dropped unread, the user-info endpoint is never asked. Compiled with the feature
//! `oidc` alone, see docs/decisions/0025.
//!
//! Rules: OpenID Connect Core 1.0, 3.1; Discovery 1.0, 4; RFC 7636 (PKCE); RFC 9207 (`iss` in the answer).

mod error;
mod http;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    SignatureVerificationError, TokenResponse as _,
};
use secrecy::ExposeSecret as _;

use self::http::Client;
use crate::config::Secret;
use crate::domain::time::{SignedDuration, Timestamp};

pub use error::{Error, Kind, plain_word};

/// Longest wait for one answer of the provider: somebody is looking at a blank page meanwhile.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Where the provider sends browsers back to, on this site.
pub const BACK: &str = "/sign-in/city/back";

/// What the provider says of itself is asked again after it; keys that are new before are asked for when they are met.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Signatures by a key that the provider alone has. Those by our shared secret, and none, are no proof.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Who the provider is, and who we are to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The provider's issuer, exactly as it names itself.
    pub issuer: String,
    /// Which client we are to it.
    pub client_id: String,
    /// The client's secret, read anew for each code.
    pub secret: Secret,
    /// What people call it; may be empty.
    pub name: String,
    /// Scheme and authority of this site, without a trailing slash.
    pub site: String,
    /// Longest wait for one answer.
    pub longest_wait: Duration,
}

/// What ties an answer to the browser that asked: three secrets that it keeps meanwhile.
#[derive(Clone)]
pub struct Ticket {
    /// Comes back with the code.
    pub state: String,
    /// Comes back inside the signed token.
    pub nonce: String,
    /// Proves to the provider that whoever brings the code also asked for it; 43 to 128 letters, digits, `-`, `_`.
    pub verifier: String,
}

/// The provider.
pub struct Provider {
    settings: Settings,
    client: Client,
    kept: Mutex<Option<Kept>>,
}

/// What the provider says of itself, with its keys.
#[derive(Clone)]
struct Kept {
    metadata: CoreProviderMetadata,
    read_at: Timestamp,
}

/// Our client, with the address to send browsers to and the one that takes codes.
type Known =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Provider {
    /// Sets the client up; asks nothing yet, so that a provider that is down keeps nobody else out.
    ///
    /// # Errors
    /// [`Error::Unusable`] when this machine cannot speak https.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let client = Client::new(&settings.issuer, settings.longest_wait)?;
        Ok(Self { settings, client, kept: Mutex::new(None) })
    }

    /// What people call it; may be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether an answer that names its issuer comes from this provider (RFC 9207).
    #[must_use]
    pub fn is_issuer(&self, named: &str) -> bool {
        named == self.settings.issuer
    }

    /// Where to send a browser.
    ///
    /// # Errors
    /// [`Error`] when the provider cannot be asked about itself, or says what cannot be used.
    pub async fn address(&self, ticket: &Ticket, now: Timestamp) -> Result<String, Error> {
        let metadata = self.metadata(now).await?;
        if !self.client.may_ask(metadata.authorization_endpoint().url()) {
            return Err(Error::Odd("its address to sign in on is not https".to_owned()));
        }
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ticket.verifier.clone()));
        let (state, nonce) = (ticket.state.clone(), ticket.nonce.clone());
        let (address, ..) = self
            .known(metadata)?
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .set_pkce_challenge(challenge)
            .url();
        Ok(address.into())
    }

    /// The subject that a code stands for: exchanged at the provider, in a token that is proven to be about this very
    /// sign-in.
    ///
    /// # Errors
    /// [`Error::Refused`] when the provider does not take the code, [`Error::Untrusted`] when the token is not verified,
    /// others when there is no token at all.
    pub async fn subject(&self, code: &str, ticket: &Ticket, now: Timestamp) -> Result<String, Error> {
        let metadata = self.metadata(now).await?;
        let known = self.known(metadata.clone())?;
        let exchange = known
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_no_endpoint| Error::Odd("it names no address that takes codes".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(ticket.verifier.clone()));
        let answer = exchange.request_async(&self.client).await.map_err(Error::of_exchange)?;
        let token = answer.id_token().ok_or_else(|| Error::Odd("its answer holds no ID token".to_owned()))?;
        let nonce = Nonce::new(ticket.nonce.clone());
        match verified(&known, token, &nonce, now) {
            Err(problem) if is_unknown_key(&problem) => {
                // Keys are changed now and then: ask once whether this one is new.
                let keys = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.client).await;
                let metadata = metadata.set_jwks(keys.map_err(Error::of_discovery)?);
                self.keep(metadata.clone(), now);
                verified(&self.known(metadata)?, token, &nonce, now).map_err(|problem| Error::of_token(&problem))
            }
            result => result.map_err(|problem| Error::of_token(&problem)),
        }
    }

    /// What the provider says of itself, asked at most once an hour.
    async fn metadata(&self, now: Timestamp) -> Result<CoreProviderMetadata, Error> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| now.duration_since(kept.read_at) < KEPT_FOR) {
            return Ok(kept.metadata);
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())
            .map_err(|_no_address| Error::Unusable("its issuer is no address".to_owned()))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.client).await.map_err(Error::of_discovery)?;
        self.keep(metadata.clone(), now);
        Ok(metadata)
    }

    fn keep(&self, metadata: CoreProviderMetadata, now: Timestamp) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Kept { metadata, read_at: now });
    }

    fn known(&self, metadata: CoreProviderMetadata) -> Result<Known, Error> {
        let secret = self.settings.secret.reveal()?;
        let back = RedirectUrl::new(format!("{}{BACK}", self.settings.site))
            .map_err(|_no_address| Error::Unusable("the address of this site is none".to_owned()))?;
        let auth = auth_type(&metadata);
        let secret = ClientSecret::new(secret.expose_secret().to_owned());
        let client =
            CoreClient::from_provider_metadata(metadata, ClientId::new(self.settings.client_id.clone()), Some(secret));
        Ok(client.set_redirect_uri(back).set_auth_type(auth))
    }
}

/// How the provider wants the secret: in the header, as is usual, unless it only takes it in the form.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let takes = |method: &CoreClientAuthMethod| {
        metadata.token_endpoint_auth_methods_supported().is_some_and(|known| known.contains(method))
    };
    let only_form = takes(&CoreClientAuthMethod::ClientSecretPost) && !takes(&CoreClientAuthMethod::ClientSecretBasic);
    if only_form { AuthType::RequestBody } else { AuthType::BasicAuth }
}

/// The subject of a token whose signature, issuer, audience, nonce and expiry are right.
fn verified(
    known: &Known,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<String, ClaimsVerificationError> {
    let since_epoch = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or_default());
    let verifier = known
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || (SystemTime::UNIX_EPOCH + since_epoch).into());
    token.claims(&verifier, nonce).map(|claims| claims.subject().as_str().to_owned())
}

fn is_unknown_key(problem: &ClaimsVerificationError) -> bool {
    matches!(problem, ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
}
