//! An OpenID Connect provider on this machine that does what the standards ask: codes work once, for the client, redirect
//! and verifier they were given for. A test can make it lie in one point at a time.
//!
//! Tokens are put together and signed here by hand, by another library than the one that checks them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const CLIENT: &str = "firegrid";
pub const SECRET: &str = "heron & reed+61";

/// A key with the id under which it is published.
#[derive(Clone)]
pub struct Key {
    pub id: &'static str,
    pair: Arc<KeyPair>,
}

impl Key {
    pub fn new(id: &'static str) -> Self {
        Self { id, pair: Arc::new(KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()) }
    }

    fn public(&self) -> Value {
        let (n, e) = rsa_numbers(self.pair.public_key_raw());
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id,
            "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e) })
    }

    /// The claims as a signed token.
    fn sign(&self, claims: &Value) -> String {
        let head = json!({ "alg": "RS256", "typ": "JWT", "kid": self.id });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&head), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(text.as_bytes()).unwrap());
        format!("{text}.{signature}")
    }
}

/// The modulus and exponent of a public key in the form of PKCS #1: a sequence of two integers.
fn rsa_numbers(der: &[u8]) -> (&[u8], &[u8]) {
    let (inside, _) = element(der);
    let (n, rest) = element(inside);
    let (e, _) = element(rest);
    // A leading zero only says that the number is not negative.
    (n.strip_prefix(&[0]).unwrap_or(n), e.strip_prefix(&[0]).unwrap_or(e))
}

/// The content of the first DER element, and what follows it.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (len, start) = match usize::from(der[1]) {
        short if short < 0x80 => (short, 2),
        long => {
            let bytes = &der[2..2 + (long & 0x7f)];
            (bytes.iter().fold(0, |len, byte| (len << 8) | usize::from(*byte)), 2 + bytes.len())
        }
    };
    (&der[start..start + len], &der[start + len..])
}

/// How tokens are signed.
#[derive(Clone)]
pub enum Signed {
    By(Key),
    /// `alg: none`.
    Not,
}

/// What it does; the default is the truth.
pub struct Mood {
    pub subject: &'static str,
    pub nonce: Option<&'static str>,
    pub audience: &'static str,
    pub issuer: Option<&'static str>,
    pub lasts: i64,
    pub signed: Signed,
    pub published: Vec<Key>,
    /// Sent back instead of a code.
    pub denies: Option<&'static str>,
    /// Answered instead of tokens.
    pub token_answer: Option<(StatusCode, Value)>,
    pub token_address: Option<&'static str>,
}

struct Grant {
    challenge: String,
    nonce: String,
    redirect: String,
    subject: &'static str,
}

pub struct Inside {
    issuer: String,
    now: i64,
    pub mood: Mood,
    grants: HashMap<String, Grant>,
    /// Requests by path.
    pub asked: HashMap<&'static str, usize>,
}

type Shared = Arc<Mutex<Inside>>;

/// A running provider.
pub struct Fake {
    pub issuer: String,
    pub key: Key,
    inside: Shared,
    task: tokio::task::JoinHandle<()>,
}

impl Fake {
    /// Starts one whose tokens are of the second `now`.
    pub async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let issuer = format!("http://{}/realms/city", listener.local_addr().unwrap());
        let key = Key::new("one");
        let mood = Mood {
            subject: "sub-of-zhang",
            nonce: None,
            audience: CLIENT,
            issuer: None,
            lasts: 300,
            signed: Signed::By(key.clone()),
            published: vec![key.clone()],
            denies: None,
            token_answer: None,
            token_address: None,
        };
        let inside = Inside { issuer: issuer.clone(), now, mood, grants: HashMap::new(), asked: HashMap::new() };
        let inside = Arc::new(Mutex::new(inside));
        let routes = Router::new()
            .route("/realms/city/.well-known/openid-configuration", get(describe))
            .route("/realms/city/authorize", get(authorize))
            .route("/realms/city/token", post(token))
            .route("/realms/city/keys", get(keys))
            .with_state(inside.clone());
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { issuer, key, inside, task }
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub fn asked(&self, what: &str) -> usize {
        self.inside().asked.get(what).copied().unwrap_or_default()
    }

    /// Nobody answers any more.
    pub async fn stop(&mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

fn note(inside: &Shared, what: &'static str) {
    *inside.lock().unwrap().asked.entry(what).or_default() += 1;
}

async fn describe(State(inside): State<Shared>) -> Json<Value> {
    note(&inside, "description");
    let inside = inside.lock().unwrap();
    let at = |name: &str| format!("{}/{name}", inside.issuer);
    let token = inside.mood.token_address.map_or_else(|| at("token"), str::to_owned);
    Json(json!({
        "issuer": inside.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": token,
        "jwks_uri": at("keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys(State(inside): State<Shared>) -> Json<Value> {
    note(&inside, "keys");
    let inside = inside.lock().unwrap();
    Json(json!({ "keys": inside.mood.published.iter().map(Key::public).collect::<Vec<_>>() }))
}

/// Everybody is let through at once, as somebody who is signed in there already.
async fn authorize(State(inside): State<Shared>, Query(asked): Query<HashMap<String, String>>) -> Response {
    note(&inside, "authorize");
    let mut inside = inside.lock().unwrap();
    let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let is_right = get("client_id") == CLIENT
        && get("response_type") == "code"
        && get("scope").split(' ').any(|scope| scope == "openid")
        && get("code_challenge_method") == "S256";
    if !is_right {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let back = get("redirect_uri");
    let location = if let Some(reason) = inside.mood.denies {
        format!("{back}?error={reason}&error_description=no&state={}", get("state"))
    } else {
        let code = format!("code-{}", inside.grants.len());
        let subject = inside.mood.subject;
        let grant = Grant { challenge: get("code_challenge"), nonce: get("nonce"), redirect: back.clone(), subject };
        inside.grants.insert(code.clone(), grant);
        // Real ones add parameters of their own.
        format!("{back}?code={code}&state={}&session_state=x", get("state"))
    };
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

async fn token(
    State(inside): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    note(&inside, "token");
    let mut inside = inside.lock().unwrap();
    let refuse = |status: StatusCode, word: &str| (status, Json(json!({ "error": word }))).into_response();
    if !is_client(&headers) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if let Some((status, answer)) = inside.mood.token_answer.clone() {
        return (status, Json(answer)).into_response();
    }
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    // Taken away at the first try, right or not.
    let Some(grant) = inside.grants.get_mut(&get("code")).map(|grant| {
        let challenge = std::mem::take(&mut grant.challenge);
        Grant { challenge, nonce: grant.nonce.clone(), redirect: grant.redirect.clone(), subject: grant.subject }
    }) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
    let fits = get("grant_type") == "authorization_code" && grant.redirect == get("redirect_uri");
    if !fits || grant.challenge.is_empty() || grant.challenge != proof {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let mood = &inside.mood;
    let claims = json!({
        "iss": mood.issuer.unwrap_or(&inside.issuer),
        "aud": mood.audience,
        "sub": grant.subject,
        "nonce": mood.nonce.unwrap_or(&grant.nonce),
        "iat": inside.now,
        "exp": inside.now + mood.lasts,
    });
    let id_token = match &mood.signed {
        Signed::By(key) => key.sign(&claims),
        Signed::Not => {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
        }
    };
    Json(json!({ "access_token": "opens-nothing", "token_type": "Bearer", "expires_in": 60, "id_token": id_token }))
        .into_response()
}

/// Whether the header holds the client's name and secret, each in the form of addresses (RFC 6749, 2.3.1).
fn is_client(headers: &HeaderMap) -> bool {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = STANDARD.decode(text.strip_prefix("Basic ").unwrap_or_default()).unwrap_or_default();
    String::from_utf8(plain).is_ok_and(|plain| plain == format!("{CLIENT}:heron+%26+reed%2B61"))
}
