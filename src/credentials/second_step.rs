//! The second step of signing in: six digits of an authenticator (RFC 6238), or a recovery code.

use totp_rs::{Builder, Secret, Totp};

use super::Failed;

/// Bytes of a secret: as many as the digest has (RFC 4226, 4).
const SECRET_BYTES: usize = 20;

/// Recovery codes that are made together.
pub const RECOVERY_CODES: usize = 10;

/// Letters of a recovery code and of its groups: 120 bits, so that its digest gives it away to nobody who reads the
/// database.
const CODE_LETTERS: usize = 24;
const GROUP: usize = 6;

/// Letters of recovery codes: none that is read as another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// What an authenticator and the service share.
pub struct Authenticator(Totp);

impl Authenticator {
    /// With a new secret.
    ///
    /// # Errors
    /// [`Failed::Random`].
    pub fn new() -> Result<Self, Failed> {
        let mut bytes = [0_u8; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(Failed::Random)?;
        Ok(Self::of_bytes(bytes.to_vec()))
    }

    /// With a secret as [`Self::secret`] writes it; `None` when it is none, or shorter than ours are.
    #[must_use]
    pub fn of(secret: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(secret).ok()?;
        let bytes: &[u8] = secret.as_ref();
        (bytes.len() == SECRET_BYTES).then(|| Self::of_bytes(bytes.to_vec()))
    }

    fn of_bytes(bytes: Vec<u8>) -> Self {
        // The values that every authenticator has: SHA-1, six digits, 30 s, one step either way.
        Self(Builder::new().with_secret(Secret::from(bytes)).build_noncompliant())
    }

    /// The secret in base 32, to be typed and kept.
    #[must_use]
    pub fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address that authenticators read from a QR code; `issuer` and `account` are shown in them.
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str) -> String {
        let plain = |text: &str| text.replace(':', " ");
        let encoded =
            |text: &str| {
                let bytes = plain(text).into_bytes().into_iter();
                bytes
                    .map(|byte| {
                        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                    })
                    .collect::<String>()
            };
        let (issuer, account) = (encoded(issuer), encoded(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.secret())
    }

    /// The step of time that a code is of, when it is right at a moment (seconds since 1970) or one step beside it. A
    /// step is used once: the caller remembers the last.
    #[must_use]
    pub fn step_of(&self, code: &str, at_secs: u64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        self.0.check(&digits, at_secs).and_then(|step| i64::try_from(step).ok())
    }

    /// The code of a moment, as an authenticator shows it.
    #[must_use]
    pub fn code(&self, at_secs: u64) -> String {
        self.0.generate(at_secs).to_string()
    }
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authenticator(..)")
    }
}

/// New recovery codes, each of 120 random bits in four groups: `k3m7x2-9wq2pa-c4v8nd-ye5j7b`.
///
/// # Errors
/// [`Failed::Random`].
pub fn new_recovery_codes() -> Result<Vec<String>, Failed> {
    (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect()
}

fn new_recovery_code() -> Result<String, Failed> {
    let mut bytes = [0_u8; CODE_LETTERS];
    getrandom::fill(&mut bytes).map_err(Failed::Random)?;
    let letters: String =
        bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31))).map(|&letter| char::from(letter)).collect();
    Ok(in_groups(&letters))
}

fn in_groups(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A recovery code as it was typed, in its one spelling; `None` when it has another length than they have.
#[must_use]
pub fn recovery_code(typed: &str) -> Option<String> {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (letters.len() == CODE_LETTERS).then(|| in_groups(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 6238, appendix B, to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let authenticator = Authenticator::of_bytes(b"12345678901234567890".to_vec());
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(authenticator.code(at), code, "{at}");
            assert_eq!(authenticator.step_of(code, at), Some(i64::try_from(at / 30).unwrap()));
        }
    }

    #[test]
    fn a_code_holds_one_step_either_way_and_no_longer() {
        let (authenticator, at) = (Authenticator::new().unwrap(), 1_780_000_020);
        let code = authenticator.code(at);
        for (later, right) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let now = u64::try_from(i64::try_from(at).unwrap() + later).unwrap();
            assert_eq!(authenticator.step_of(&code, now).is_some(), right, "{later} s");
        }
        assert!(authenticator.step_of(&format!(" {} {} ", &code[..3], &code[3..]), at).is_some(), "as they are shown");
        for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(authenticator.step_of(bad, at), None, "{bad:?}");
        }
    }

    #[test]
    fn a_secret_is_read_back_and_no_weak_one_is_taken() {
        let made = Authenticator::new().unwrap();
        let read = Authenticator::of(&made.secret()).unwrap();
        assert_eq!(made.code(1_780_000_000), read.code(1_780_000_000));
        for weak in ["", "AAAA", "not base 32!", &"A".repeat(24)] {
            assert!(Authenticator::of(weak).is_none(), "{weak:?}");
        }
        let address = made.address("白城市 firegrid", "li:fei");
        assert!(address.starts_with("otpauth://totp/%E7%99%BD") && address.contains("li%20fei?secret="), "{address}");
        assert!(!format!("{made:?}").contains(&made.secret()));
    }

    #[test]
    fn a_recovery_code_is_found_however_it_is_typed() {
        let codes = new_recovery_codes().unwrap();
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!(recovery_code(&format!(" {} ", code.to_uppercase())).as_ref(), Some(code));
            assert_eq!(recovery_code(&code.replace('-', "")).as_ref(), Some(code));
        }
        for (short, bits) in [("123456", 30), ("k3m7x-9wq2p", 50)] {
            assert_eq!(recovery_code(short), None, "{bits} bits");
        }
    }
}
