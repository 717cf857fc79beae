//! Passwords, secrets and one-time codes: made, hashed and compared; never kept.
//!
//! Used by the pages that people sign in on ([`crate::web`]) and by `firegrid user`. Passwords are hashed with
//! argon2id; links, sessions and tokens are 32 random bytes of which only the SHA-256 is stored.

pub mod second_step;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use sha2::{Digest, Sha256};

/// Shortest password, characters; with [`is_guessable`] enough for accounts that are slowed down (ASVS 5.0, 6.2).
pub const MIN_PASSWORD_CHARS: usize = 8;

/// Longest password, characters: more only costs time.
pub const MAX_PASSWORD_CHARS: usize = 128;

/// Characters that the estimator looks at: its time grows with the cube of them, and 72 that are hard to guess are enough.
const ESTIMATED_CHARS: usize = 72;

/// What an attacker with the slowed-down sign-in can try in a season lies far below this score of the estimator (0 to 4).
const LEAST_SCORE: u8 = 3;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short or too long.
    #[error("a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")]
    Length,
    /// Easily guessed.
    #[error("this password is easily guessed: take a longer, less common one")]
    Guessable,
}

/// Why passwords cannot be worked with just now.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// An address that no QR code holds.
    #[error("the address is too long for a QR code")]
    TooLong,
    /// Hashing failed.
    #[error("a password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// Checks a password that somebody wants; `about` are words nobody should use: his names. Takes milliseconds, so keep it
/// off the runtime.
///
/// # Errors
/// [`BadPassword`].
pub fn check_password(password: &str, about: &[&str]) -> Result<(), BadPassword> {
    if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&password.chars().count()) {
        return Err(BadPassword::Length);
    }
    if is_guessable(password, about) { Err(BadPassword::Guessable) } else { Ok(()) }
}

fn is_guessable(password: &str, about: &[&str]) -> bool {
    let own = ["firegrid", "baicheng", "秸秆", "禁烧"];
    let words: Vec<&str> = own.into_iter().chain(about.iter().copied()).collect();
    let estimated: String = password.chars().take(ESTIMATED_CHARS).collect();
    u8::from(zxcvbn::zxcvbn(&estimated, &words).score()) < LEAST_SCORE
}

/// The hash of a password, with its own salt; takes tens of milliseconds, so keep it off the runtime.
///
/// # Errors
/// [`Failed`] when there is no salt to be had.
pub fn hash_password(password: &str) -> Result<String, Failed> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(Failed::Hash)?.to_string())
}

/// Whether a password is the one of a hash. Without a hash it takes as long and is never right, so that the time
/// does not tell which accounts exist.
#[must_use]
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    let stored = hash.unwrap_or(NOBODYS);
    let parsed = PasswordHash::new(stored);
    let is_right = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    is_right && hash.is_some()
}

/// A hash of the default costs whose password nobody knows: 32 random bytes, forgotten.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$zL0E1j3kY1Qb2Jm3i0cG9w$4l0ZyQm8vPq2tZC8C4u7m7Q3o3mJ2m0v1n8gq3H6o2A";

/// A new secret for a link, a session or a token: 43 letters, digits, `-` and `_`.
///
/// # Errors
/// [`Failed::Random`].
pub fn new_secret() -> Result<String, Failed> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [0_u8; 43];
    getrandom::fill(&mut bytes).map_err(Failed::Random)?;
    // Six random bits a letter: 258 in all.
    Ok(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 63))).map(|&letter| char::from(letter)).collect())
}

/// What of a secret is stored and compared.
#[must_use]
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// An address as a QR code, an SVG picture.
///
/// # Errors
/// [`Failed::TooLong`] when no code can hold it.
pub fn qr_svg(address: &str) -> Result<String, Failed> {
    let code = qrcode::QrCode::new(address.as_bytes()).map_err(|_too_long| Failed::TooLong)?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// The same as a part of a page: a picture in a page begins with its element.
///
/// # Errors
/// [`Failed::TooLong`] when no code can hold it.
pub fn qr_part(address: &str) -> Result<String, Failed> {
    let svg = qr_svg(address)?;
    Ok(svg.split_once("?>").map_or(svg.as_str(), |(_, part)| part).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_and_no_other() {
        let hash = hash_password("correct horse 电池").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(is_password("correct horse 电池", Some(&hash)));
        assert!(!is_password("correct horse", Some(&hash)));
        assert!(!is_password("correct horse 电池", Some("no hash at all")));
        assert_ne!(hash, hash_password("correct horse 电池").unwrap());
    }

    #[test]
    fn nobodys_hash_is_a_real_one_of_the_same_costs_and_opens_to_nothing() {
        let parsed = PasswordHash::new(NOBODYS).unwrap();
        let fresh = hash_password("x").unwrap();
        assert_eq!(parsed.params.to_string(), PasswordHash::new(&fresh).unwrap().params.to_string());
        assert!(!is_password("", None));
    }

    #[test]
    fn common_and_own_words_are_no_passwords() {
        for bad in ["short", "password1", "12345678901", "zhangsan2026", "qwertyuiop", "firegrid2026"] {
            assert!(check_password(bad, &["zhangsan"]).is_err(), "{bad}");
        }
        assert_eq!(check_password("tidal-marsh-crane-61", &["zhangsan"]), Ok(()));
        assert_eq!(check_password(&"x".repeat(129), &[]), Err(BadPassword::Length));
    }

    #[test]
    fn the_first_72_characters_decide_and_what_stands_behind_costs_nothing() {
        let guessable = "password".repeat(9);
        assert_eq!(guessable.len(), ESTIMATED_CHARS);
        let tail = "tidal-marsh-crane-61 9Xk2 vq7Z";
        assert_eq!(check_password(&format!("{guessable}{tail}"), &[]), Err(BadPassword::Guessable));
        assert_eq!(check_password(&format!("{tail}{guessable}"), &[]), Ok(()));
    }

    #[test]
    fn secrets_differ_and_fit_an_address() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(digest("a").len(), 64);
    }
}
