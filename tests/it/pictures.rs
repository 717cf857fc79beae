//! Small pictures, made here: good ones, and one oddity each.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A red top left corner on blue: which way is up shows.
pub fn flag(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) }
    })
    .into()
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&flag(width, height), ImageFormat::Png)
}

/// A JPEG of its own for every note, which is in its metadata.
pub fn jpeg(note: &str) -> Vec<u8> {
    with_segment(&encoded(&flag(16, 12), ImageFormat::Jpeg), 0xFE, note.as_bytes())
}

/// A JPEG with a segment behind its start marker.
pub fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
}

/// A JPEG with an EXIF block.
pub fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", tiff].concat())
}

/// A field of an EXIF block: tag, type, count, value.
struct Field(u16, u16, u32, Vec<u8>);

/// The directories of an EXIF block, laid out at `start`.
fn directory(start: usize, fields: &[Field]) -> Vec<u8> {
    let mut entries = u16::try_from(fields.len()).unwrap().to_be_bytes().to_vec();
    let mut data = Vec::new();
    let data_start = start + 2 + 12 * fields.len() + 4;
    for Field(tag, kind, count, value) in fields {
        entries.extend(tag.to_be_bytes());
        entries.extend(kind.to_be_bytes());
        entries.extend(count.to_be_bytes());
        if value.len() <= 4 {
            entries.extend(value);
            entries.extend(vec![0; 4 - value.len()]);
        } else {
            entries.extend(u32::try_from(data_start + data.len()).unwrap().to_be_bytes());
            data.extend(value);
        }
    }
    entries.extend([0; 4]);
    [entries, data].concat()
}

/// What a phone writes: how it was held, when, and where (45.5 N, 122.75 E).
pub fn phone_exif(orientation: u16) -> Vec<u8> {
    let rationals =
        |parts: [u32; 3]| parts.iter().flat_map(|n| [n.to_be_bytes(), 1_u32.to_be_bytes()].concat()).collect();
    let when = directory(
        200,
        &[Field(0x9003, 2, 20, b"2026:04:13 12:31:05\0".to_vec()), Field(0x9011, 2, 7, b"+08:00\0".to_vec())],
    );
    let place = directory(
        400,
        &[
            Field(1, 2, 2, b"N\0".to_vec()),
            Field(2, 5, 3, rationals([45, 30, 0])),
            Field(3, 2, 2, b"E\0".to_vec()),
            Field(4, 5, 3, rationals([122, 45, 0])),
        ],
    );
    let first = directory(
        8,
        &[
            Field(0x010F, 2, 9, b"SecretCo\0".to_vec()),
            Field(0x0112, 3, 1, orientation.to_be_bytes().to_vec()),
            Field(0x8769, 4, 1, 200_u32.to_be_bytes().to_vec()),
            Field(0x8825, 4, 1, 400_u32.to_be_bytes().to_vec()),
        ],
    );
    let mut block = [&b"MM\0*\0\0\0\x08"[..], &first].concat();
    for (start, part) in [(200, when), (400, place)] {
        block.resize(start, 0);
        block.extend(part);
    }
    block
}

/// A chunk of a PNG, right down to its checksum.
pub fn png_chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [&name[..], data].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &named, &crc.sum().to_be_bytes()].concat()
}

/// A PNG with a chunk behind its header, which is 33 bytes long.
pub fn png_with_chunk(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    [&png[..33], &png_chunk(name, data), &png[33..]].concat()
}

/// A PNG that says it is this large and holds next to nothing.
pub fn png_that_says(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), png_chunk(*b"IHDR", &head), png_chunk(*b"IDAT", &[]), png_chunk(*b"IEND", &[])]
        .concat()
}

/// A JPEG whose frame header says another size.
pub fn jpeg_that_says(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = jpeg("large");
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A JPEG whose frame header says that it is progressive.
pub fn progressive(mut jpeg: Vec<u8>) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 1] = 0xC2;
    jpeg
}

/// An animated WebP: the container says so, and that is what is looked at.
pub fn animated_webp() -> Vec<u8> {
    let still = encoded(&flag(4, 4), ImageFormat::WebP);
    let image = &still[12..];
    let frame = [&[0; 6][..], &[3, 0, 0, 3, 0, 0], &[100, 0, 0, 0], image].concat();
    let chunk = |name: &[u8], data: &[u8]| [name, &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
    let body = [
        chunk(b"VP8X", &[2, 0, 0, 0, 3, 0, 0, 3, 0, 0]),
        chunk(b"ANIM", &[0, 0, 0, 0, 0, 0]),
        chunk(b"ANMF", &frame),
        chunk(b"ANMF", &frame),
    ]
    .concat();
    let length = u32::try_from(body.len() + 4).unwrap().to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", &body].concat()
}

/// 8 x 8 pixels of printer's inks, as print shops send them: four components, each one grey block.
pub fn cmyk_jpeg() -> Vec<u8> {
    let one_code = |class: u8| {
        let mut table = vec![class, 1];
        // One code of one bit, which stands for nothing.
        table.extend([0; 15]);
        table.push(0);
        table
    };
    let components = [1_u8, 2, 3, 4];
    let frame = [vec![8, 0, 8, 0, 8, 4], components.iter().flat_map(|id| [*id, 0x11, 0]).collect()].concat();
    let scan = [vec![4], components.iter().flat_map(|id| [*id, 0]).collect(), vec![0, 63, 0]].concat();
    let segments: [(u8, Vec<u8>); 6] = [
        (0xEE, b"Adobe\0\x64\0\0\0\0\0".to_vec()),
        (0xDB, [vec![0], vec![1; 64]].concat()),
        (0xC0, frame),
        (0xC4, one_code(0x00)),
        (0xC4, one_code(0x10)),
        (0xDA, scan),
    ];
    let mut jpeg = vec![0xFF, 0xD8];
    for (marker, payload) in segments {
        jpeg.extend([0xFF, marker]);
        jpeg.extend(u16::try_from(payload.len() + 2).unwrap().to_be_bytes());
        jpeg.extend(payload);
    }
    // Four blocks of two one-bit codes.
    jpeg.extend([0x00, 0xFF, 0xD9]);
    jpeg
}
