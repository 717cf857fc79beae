//! The key that the record is sealed with: a file outside the database, for the service alone.

use std::io::{Error as IoError, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::media::files;
use crate::store::Error;

/// What the key makes of something.
pub(in crate::store) type Mac = [u8; 32];

/// Bytes of the key, and of the block that it fills.
const BYTES: usize = 32;
const BLOCK: usize = 64;

/// The key; cheap to clone.
#[derive(Clone)]
pub(in crate::store) struct SealKey {
    keyed: Arc<Hmac<Sha256>>,
    id: String,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where the key of a database is kept unless the configuration names another place.
pub(in crate::store) fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

impl SealKey {
    /// Reads the key, or makes one where there is none.
    ///
    /// # Errors
    /// [`Error::File`] when it can be neither read nor made, or is no key.
    pub(in crate::store) fn read_or_make(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).ok_or_else(|| {
                let expected = format!("expected a key of {} hexadecimal digits in its first word", 2 * BYTES);
                failed(IoError::new(ErrorKind::InvalidData, expected))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(path).map_err(failed),
            Err(error) => Err(failed(error)),
        }
    }

    fn make(path: &Path) -> std::io::Result<Self> {
        let mut key = [0; BYTES];
        getrandom::fill(&mut key).map_err(IoError::other)?;
        let text = format!(
            "{}\n本套 firegrid 记录的封存密钥：请另存一份，勿外传、勿删改 · the key that the record of this installation is sealed \
             with: keep a copy apart, show it to nobody, do not change or remove it\n",
            hex::encode(key)
        );
        files::put_secret(path, text.as_bytes())?;
        Ok(Self::of(key))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.split_whitespace().next()?).ok()?;
        Some(Self::of(bytes.try_into().ok()?))
    }

    fn of(key: [u8; BYTES]) -> Self {
        let mut block = [0; BLOCK];
        for (to, from) in block.iter_mut().zip(key) {
            *to = from;
        }
        let mut made = Self { keyed: Arc::new(Hmac::new(&block.into())), id: String::new() };
        made.id = short(&made.mac("key", &[]));
        made
    }

    /// Says which key it is, and nothing of it.
    pub(in crate::store) fn id(&self) -> &str {
        &self.id
    }

    /// What the key makes of some parts, for a purpose; nothing can be moved between them.
    pub(in crate::store) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Mac {
        let mut keyed = Hmac::clone(&self.keyed);
        for part in [&[purpose.as_bytes()], parts].concat() {
            keyed.update(&(part.len() as u64).to_le_bytes());
            keyed.update(part);
        }
        keyed.finalize().into_bytes().into()
    }
}

/// The first digits of a mac: enough to tell things apart.
pub(super) fn short(mac: &Mac) -> String {
    hex::encode(mac.first_chunk::<8>().unwrap_or(&[0; 8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = path_beside(&folder.path().join("firegrid.sqlite"));
        let made = SealKey::read_or_make(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let read = SealKey::read_or_make(&path).unwrap();
        assert_eq!((read.id(), read.mac("a", &[b"b"])), (made.id(), made.mac("a", &[b"b"])));
        assert_ne!(made.mac("a", &[b"b", b"c"]), made.mac("a", &[b"bc"]));
        std::fs::write(&path, "no key").unwrap();
        let error = SealKey::read_or_make(&path).unwrap_err();
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("64 hexadecimal digits"), "{error}");
        assert!(!format!("{made:?}").contains("keyed"));
    }

    #[test]
    fn a_mac_is_hmac_sha256() {
        // RFC 4231, test case 1, has a key of 20 bytes; zeros fill a block as they fill ours.
        let mut key = [0; BYTES];
        key[..20].fill(0x0b);
        let mut keyed = Hmac::clone(&SealKey::of(key).keyed);
        keyed.update(b"Hi There");
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex::encode(keyed.finalize().into_bytes()), expected);
    }
}
