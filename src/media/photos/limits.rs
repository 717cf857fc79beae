//! How large a photo may be; what the limits are for, and those of one format alone, stand with the decoding ([`super::look`]).

/// Largest original, bytes: what a phone's best camera makes, with room.
pub const MAX_PHOTO_BYTES: u64 = 24 * 1024 * 1024;

/// Longest side that is decoded, pixels: a panorama of a phone has 12,000 or a little less.
pub const MAX_SIDE: u32 = 12_000;

/// Most pixels that are decoded: cameras of "50 megapixels" make 8,192 x 6,144. More would hold over 150 MB.
pub const MAX_PIXELS: u64 = 52_000_000;
