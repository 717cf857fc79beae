//! Unpacks a file that may be gzip, told by its first bytes and not by its name.
//!
//! Shared by the drop folder and `firegrid ingest`. The limit holds for what comes out: a small file may
//! unpack to gigabytes.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

/// Why a file cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It unpacks to more than the limit.
    #[error("the file unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The gzip stream ends early or is damaged.
    #[error("the gzip data is cut off or damaged")]
    Damaged(#[source] std::io::Error),
}

/// Returns the content of a file: unpacked when it is gzip, as it is when not.
///
/// # Errors
/// [`DecodeError::TooLarge`] over `limit` bytes, [`DecodeError::Damaged`] when the gzip data does not end properly.
pub fn decode_file(bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLarge { limit });
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut content = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(bytes.as_slice()).take(one_more).read_to_end(&mut content).map_err(DecodeError::Damaged)?;
    if content.len() > limit {
        return Err(DecodeError::TooLarge { limit });
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_told_by_its_bytes_and_plain_text_passes() {
        assert_eq!(decode_file(gzip(b"abc"), 100).unwrap(), b"abc");
        assert_eq!(decode_file(b"abc".to_vec(), 10).unwrap(), b"abc");
        let two_members = [gzip(b"abc"), gzip(b"def")].concat();
        assert_eq!(decode_file(two_members, 100).unwrap(), b"abcdef");
    }

    #[test]
    fn the_limit_holds_for_what_comes_out() {
        let bomb = gzip(&vec![b'0'; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert!(matches!(decode_file(bomb, 100_000), Err(DecodeError::TooLarge { limit: 100_000 })));
        assert!(decode_file(gzip(&[b'0'; 100]), 100).is_ok());
        assert!(matches!(decode_file(vec![b'0'; 101], 100), Err(DecodeError::TooLarge { .. })));
    }

    #[test]
    fn a_cut_at_any_byte_is_damage_and_never_a_shorter_file() {
        let whole = gzip(b"latitude,longitude\n45.1,122.5\n");
        for end in 2..whole.len() {
            let found = decode_file(whole[..end].to_vec(), 1_000);
            assert!(matches!(found, Err(DecodeError::Damaged(_))), "cut at {end}");
        }
    }
}
