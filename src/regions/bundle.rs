//! The files of one region version as bytes: read from a folder, hashed, and packed for the database.
//!
//! Called by [`super::load`] and by the store, which keeps a bundle whole so that every decision
//! can be explained with the ground it was made on. What the bytes mean is read elsewhere.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::faults::Faults;
use super::manifest::{self, MANIFEST};
use crate::config::Fault;
use crate::domain::ground::RegionVersion;
use crate::words::file_faults::all_glossed;

/// Largest single file, bytes. The outlines of a whole province at full detail are half of it;
/// parsed JSON takes about eight times its size in memory, so this bounds a load near 300 MB.
pub const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// Largest sum of all files, bytes.
pub const MAX_BUNDLE_BYTES: u64 = 96 * 1024 * 1024;

/// First bytes of a packed bundle; the digit is the version of the layout.
const MAGIC: &[u8] = b"firegrid region 1\n";

/// The files of one region version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// Bytes by file name, relative to the folder.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Why packed bytes are not a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The first bytes are not those of a packed bundle.
    #[error("the bytes do not start like a packed region, expected {MAGIC:?}")]
    Magic,
    /// The compressed data cannot be read.
    #[error("the packed region cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    /// Lengths and data do not fit together.
    #[error("the packed region is damaged at byte {0} of its unpacked data")]
    Damaged(usize),
    /// It unpacks to more than a region may have.
    #[error("the packed region is larger than {MAX_BUNDLE_BYTES} bytes when unpacked")]
    TooLarge,
}

impl Bundle {
    /// Reads `region.toml` and every file it names.
    ///
    /// # Errors
    /// Every fault of `region.toml` and every file that is missing, unreadable, too large or
    /// outside the folder.
    pub fn read(folder: &Path) -> Result<Self, Vec<Fault>> {
        let (bundle, faults) = Self::collect(folder);
        if faults.is_empty() { Ok(bundle) } else { Err(all_glossed(faults.into_list())) }
    }

    /// Reads what can be read, so that the faults of the readable files can be told as well.
    pub(super) fn collect(folder: &Path) -> (Self, Faults) {
        let (mut bundle, mut faults) = (Self::default(), Faults::default());
        bundle.add(folder, MANIFEST, &mut faults);
        let Some(bytes) = bundle.files.get(MANIFEST) else { return (bundle, faults) };
        // The manifest's own faults are told by the check that follows, not twice.
        let manifest = manifest::read(bytes, &mut Faults::default());
        for path in manifest.iter().flat_map(manifest::Manifest::paths) {
            if !bundle.files.contains_key(path) {
                bundle.add(folder, path, &mut faults);
            }
        }
        (bundle, faults)
    }

    fn add(&mut self, folder: &Path, name: &str, faults: &mut Faults) {
        let so_far: u64 = self.files.values().map(|bytes| bytes.len() as u64).sum();
        let limit = MAX_FILE_BYTES.min(MAX_BUNDLE_BYTES.saturating_sub(so_far));
        match read_file(&folder.join(name), limit) {
            Ok(Some(bytes)) => {
                self.files.insert(name.to_owned(), bytes);
            }
            Ok(None) => {
                let message = format!(
                    "is larger than {limit} bytes; one file may have {MAX_FILE_BYTES}, all together {MAX_BUNDLE_BYTES}: \
                     simplify the outlines"
                );
                faults.add(name, "", "file_too_large", message);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message =
                    format!("there is no such file in {}; put it there or correct its name", folder.display());
                faults.add(name, "", "file_missing", message);
            }
            Err(error) => faults.add(name, "", "file_unreadable", format!("cannot be read ({error})")),
        }
    }

    /// The content hash: SHA-256 over the names, lengths and bytes of the files, in the order of their names.
    #[must_use]
    pub fn version(&self) -> RegionVersion {
        let mut hash = Sha256::new();
        for (name, bytes) in &self.files {
            for part in [name.as_bytes(), bytes.as_slice()] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        let digits = hash.finalize();
        RegionVersion(digits.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(hex_digit).collect())
    }

    /// Packs the files: the same files give the same bytes.
    ///
    /// # Shape
    /// A magic line, then zlib over, for every file in the order of the names, the length of the
    /// name and the length of the bytes (both 8 bytes, little-endian), the name, the bytes.
    ///
    /// # Errors
    /// Any error of the compressor; writing to memory gives none in practice.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut packer = ZlibEncoder::new(MAGIC.to_vec(), Compression::default());
        for (name, bytes) in &self.files {
            packer.write_all(&(name.len() as u64).to_le_bytes())?;
            packer.write_all(&(bytes.len() as u64).to_le_bytes())?;
            packer.write_all(name.as_bytes())?;
            packer.write_all(bytes)?;
        }
        packer.finish()
    }

    /// Unpacks what [`Bundle::to_bytes`] made.
    ///
    /// # Errors
    /// [`BundleError`] for anything else; it never takes more memory than a bundle may have.
    pub fn from_bytes(packed: &[u8]) -> Result<Self, BundleError> {
        let packed = packed.strip_prefix(MAGIC).ok_or(BundleError::Magic)?;
        // Names and lengths come on top of the files' own bytes.
        let limit = MAX_BUNDLE_BYTES + 1024 * 1024;
        let mut data = Vec::new();
        ZlibDecoder::new(packed).take(limit + 1).read_to_end(&mut data).map_err(BundleError::Unpack)?;
        if data.len() as u64 > limit {
            return Err(BundleError::TooLarge);
        }
        let mut files = BTreeMap::new();
        let mut rest = data.as_slice();
        while !rest.is_empty() {
            let damaged = BundleError::Damaged(data.len() - rest.len());
            let Some((name, bytes, after)) = take_file(rest) else { return Err(damaged) };
            files.insert(name, bytes);
            rest = after;
        }
        Ok(Self { files })
    }
}

fn hex_digit(value: u8) -> Option<char> {
    char::from_digit(u32::from(value), 16)
}

/// One file off the front of unpacked data: name, bytes, what follows.
fn take_file(data: &[u8]) -> Option<(String, Vec<u8>, &[u8])> {
    let (name_length, data) = data.split_first_chunk::<8>()?;
    let (length, data) = data.split_first_chunk::<8>()?;
    let (name, data) = data.split_at_checked(usize::try_from(u64::from_le_bytes(*name_length)).ok()?)?;
    let (bytes, rest) = data.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    Some((String::from_utf8(name.to_vec()).ok()?, bytes.to_vec(), rest))
}

/// The bytes of a regular file; `None` when it has more than `limit`.
fn read_file(path: &Path, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    // Looked at before it is opened: opening a pipe would wait for a writer for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(files: &[(&str, &str)]) -> Bundle {
        Bundle { files: files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect() }
    }

    #[test]
    fn packing_is_deterministic_and_comes_back_whole() {
        let region = bundle(&[("region.toml", "id = 1"), ("a/units.geojson", ""), ("空.csv", "名称\n")]);
        let packed = region.to_bytes().unwrap();
        assert_eq!(packed, region.to_bytes().unwrap());
        assert_eq!(Bundle::from_bytes(&packed).unwrap(), region);
        assert_eq!(Bundle::from_bytes(&Bundle::default().to_bytes().unwrap()).unwrap(), Bundle::default());
    }

    #[test]
    fn the_version_depends_on_names_and_bytes_and_on_where_they_part() {
        let versions: std::collections::BTreeSet<_> = [
            bundle(&[("a", "bc")]),
            bundle(&[("ab", "c")]),
            bundle(&[("a", "bd")]),
            bundle(&[("a", "bc"), ("d", "")]),
            bundle(&[("a", ""), ("bc", "d")]),
        ]
        .iter()
        .map(|bundle| bundle.version().0)
        .collect();
        assert_eq!(versions.len(), 5);
        assert!(versions.iter().all(|version| version.len() == 64));
    }

    #[test]
    fn damaged_bytes_are_refused_not_half_read() {
        let packed = bundle(&[("region.toml", "id = 1"), ("units.geojson", "{}")]).to_bytes().unwrap();
        for cut in 0..packed.len() {
            assert!(Bundle::from_bytes(&packed[..cut]).is_err(), "cut at {cut}");
        }
        assert!(matches!(Bundle::from_bytes(b"PK\x03\x04"), Err(BundleError::Magic)));
        let mut lying = ZlibEncoder::new(MAGIC.to_vec(), Compression::default());
        lying.write_all(&u64::MAX.to_le_bytes()).unwrap();
        lying.write_all(&u64::MAX.to_le_bytes()).unwrap();
        assert!(matches!(Bundle::from_bytes(&lying.finish().unwrap()), Err(BundleError::Damaged(0))));
    }

    #[test]
    fn a_packed_bomb_stops_at_the_limit() {
        let mut bomb = ZlibEncoder::new(MAGIC.to_vec(), Compression::best());
        let zeros = vec![0_u8; 1024 * 1024];
        for _ in 0..(MAX_BUNDLE_BYTES / 1024 / 1024 + 3) {
            bomb.write_all(&zeros).unwrap();
        }
        assert!(matches!(Bundle::from_bytes(&bomb.finish().unwrap()), Err(BundleError::TooLarge)));
    }
}
