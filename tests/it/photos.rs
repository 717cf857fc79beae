//! Photos: what is taken, what people are shown of it, and how it comes over a bad line.

use std::io::Cursor;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use firegrid::media::{CopySize, Photo, PhotoError, Photos};
use firegrid::store::Store;
use image::{DynamicImage, GenericImageView as _, ImageFormat, ImageReader, Rgba};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::pages::App;
use crate::pictures::{
    animated_webp, cmyk_jpeg, encoded, flag, jpeg, jpeg_that_says, phone_exif, png, png_that_says, png_with_chunk,
    progressive, with_exif, with_segment,
};

/// A folder of photos of its own.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn photos(&self) -> Photos {
        Photos::beside(&self.0.path().join("firegrid.sqlite"))
    }

    fn keep(&self, bytes: &[u8]) -> Result<Photo, PhotoError> {
        self.photos().keep(bytes, None)
    }

    fn copy(&self, photo: &Photo, size: CopySize) -> DynamicImage {
        opened(&self.photos().copy(&photo.hash, size).unwrap())
    }
}

fn opened(bytes: &[u8]) -> DynamicImage {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    assert_eq!(reader.format(), Some(ImageFormat::Jpeg));
    reader.decode().unwrap()
}

fn is_red(Rgba([r, _, b, _]): Rgba<u8>) -> bool {
    r > 180 && b < 90
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(&flag(width, height), ImageFormat::WebP)
}

#[test]
fn pictures_of_the_three_kinds_are_taken_and_each_oddity_has_its_answer() {
    let still = encoded(&flag(8, 8), ImageFormat::Jpeg);
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let html = b"<html><script>alert(1)</script></html>";
    let loops = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08".to_vec();
    let endless =
        [b"MM\0*\0\0\0\x08\xFF\xFF".to_vec(), b"\x01\x0F\0\x02\xFF\xFF\xFF\xFF\0\0\0\x08".repeat(2000)].concat();
    let animation = [&2_u32.to_be_bytes()[..], &0_u32.to_be_bytes()].concat();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("jpeg", still.clone(), "taken"),
        ("png", png(9, 5), "taken"),
        ("webp", webp(9, 5), "taken"),
        ("a png with transparency", encoded(&flag(4, 4).to_rgba8().into(), ImageFormat::Png), "taken"),
        ("a png of sixteen bits", encoded(&flag(4, 4).to_rgba16().into(), ImageFormat::Png), "taken"),
        ("a grey jpeg", encoded(&flag(8, 8).to_luma8().into(), ImageFormat::Jpeg), "taken"),
        ("a jpeg of printer's inks", cmyk_jpeg(), "taken"),
        ("a jpeg with a page in its comment", with_segment(&still, 0xFE, html), "taken"),
        ("a jpeg with a film behind its end", [still.clone(), b"\0\0\0\x18ftypmp42".to_vec()].concat(), "taken"),
        ("a jpeg whose exif goes round", with_exif(&still, &loops), "taken"),
        ("a jpeg whose exif never ends", with_exif(&still, &endless), "taken"),
        ("a png with an exif of megabytes", png_with_chunk(&png(2, 2), *b"eXIf", &vec![b'M'; 2_000_000]), "taken"),
        ("a page", html.to_vec(), "no_picture"),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "no_picture"),
        ("a gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "no_picture"),
        ("nothing", Vec::new(), "no_picture"),
        ("an iphone's heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "phone_format"),
        ("an animated webp", animated_webp(), "animated"),
        ("an animated png", png_with_chunk(&png(2, 2), *b"acTL", &animation), "animated"),
        ("a png of 60,000 x 60,000", png_that_says(60_000, 60_000), "too_many_pixels"),
        ("a png of no width", png_that_says(0, 5), "damaged"),
        ("a jpeg of 60,000 x 60,000", jpeg_that_says(60_000, 60_000), "too_many_pixels"),
        ("a jpeg of 8,000 x 8,000", jpeg_that_says(8_000, 8_000), "too_many_pixels"),
        ("a progressive jpeg of 5,000 x 4,000", progressive(jpeg_that_says(5_000, 4_000)), "too_many_pixels"),
        ("half a jpeg", half(encoded(&flag(64, 64), ImageFormat::Jpeg)), "damaged"),
        ("a jpeg without its last byte", still[..still.len() - 1].to_vec(), "damaged"),
        ("half a png", half(png(64, 64)), "damaged"),
        ("half a webp", half(webp(64, 64)), "damaged"),
        ("a jpeg by its first bytes", b"\xFF\xD8\xFF\xE0 picture".to_vec(), "damaged"),
        ("a page that begins like a jpeg", [b"\xFF\xD8\xFF", &html[..]].concat(), "damaged"),
    ];
    let shelf = Shelf::new();
    for (name, bytes, expected) in cases {
        let answer = match shelf.keep(&bytes) {
            Ok(photo) => {
                let copy = shelf.photos().copy(&photo.hash, CopySize::View).unwrap();
                assert!(!holds(&copy, "script") && !holds(&copy, "Exif"), "{name}");
                "taken"
            }
            Err(problem) => problem.reason(),
        };
        assert_eq!(answer, expected, "{name}");
    }
}

#[test]
fn a_copy_stands_upright_is_small_and_says_nothing_of_where_and_when() {
    let shelf = Shelf::new();
    // The red corner after turning, and whether width and height change places.
    let ways = [(1, (0, 0), false), (3, (1, 1), false), (6, (1, 0), true), (8, (0, 1), true), (2, (1, 0), false)];
    for (orientation, (right, below), turned) in ways {
        let original = with_exif(&encoded(&flag(2000, 1000), ImageFormat::Jpeg), &phone_exif(orientation));
        let photo = shelf.keep(&original).unwrap();
        assert_eq!(photo.claims.taken_at.as_deref(), Some("2026-04-13T12:31:05+08:00"));
        let place = photo.claims.position.unwrap();
        assert_eq!((place.lon(), place.lat()), (122.75, 45.5));
        for (size, long) in [(CopySize::View, 1600), (CopySize::Thumb, 320)] {
            let copy = shelf.copy(&photo, size);
            let (width, height) = if turned { (long / 2, long) } else { (long, long / 2) };
            assert_eq!(copy.dimensions(), (width, height), "{orientation}");
            for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let pixel = copy.get_pixel(width / 4 + x * width / 2, height / 4 + y * height / 2);
                assert_eq!(is_red(pixel), (x, y) == (right, below), "{orientation} {size:?} {x} {y}");
            }
            let bytes = shelf.photos().copy(&photo.hash, size).unwrap();
            for secret in ["Exif", "GPS", "SecretCo", "2026:04:13", "+08:00"] {
                assert!(holds(&original, secret) || secret == "GPS");
                assert!(!holds(&bytes, secret), "{secret}");
            }
        }
        assert_eq!(shelf.photos().read(&photo.hash).unwrap(), original, "the evidence is untouched");
    }
}

#[test]
fn what_shines_through_is_white_and_small_pictures_stay_small() {
    let shelf = Shelf::new();
    let clear = DynamicImage::from(image::RgbaImage::from_pixel(20, 10, Rgba([0, 0, 0, 0])));
    let photo = shelf.keep(&encoded(&clear, ImageFormat::Png)).unwrap();
    let copy = shelf.copy(&photo, CopySize::View);
    assert_eq!(copy.dimensions(), (20, 10));
    assert!(copy.get_pixel(3, 3).0.iter().all(|channel| *channel > 250));
    assert_eq!(photo.claims, firegrid::media::Claims::default());
}

#[test]
fn copies_are_a_cache_and_are_made_again_when_gone_or_cut() {
    let shelf = Shelf::new();
    let photo = shelf.keep(&jpeg("again")).unwrap();
    let first = shelf.photos().made_copy(&photo.hash, CopySize::View).unwrap();
    let copies = shelf.photos().folder().join("copies");
    let view = copies.join(&photo.hash[..2]).join(format!("{}.view.jpg", photo.hash));
    for spoilt in [&b""[..], &first[..first.len() / 2]] {
        std::fs::write(&view, spoilt).unwrap();
        assert_eq!(shelf.photos().made_copy(&photo.hash, CopySize::View), None);
        assert_eq!(shelf.photos().copy(&photo.hash, CopySize::View).unwrap(), first);
    }
    std::fs::remove_dir_all(&copies).unwrap();
    assert_eq!(shelf.photos().copy(&photo.hash, CopySize::View).unwrap(), first);
    assert!(shelf.photos().made_copy(&photo.hash, CopySize::Thumb).is_some(), "both at once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Whatever a line or a stranger does to a picture: an answer in time, no panic, nothing beyond the limits.
    #[test]
    fn spoilt_pictures_are_answered(
        which in 0_usize..5,
        keep in 0_usize..1300,
        spots in prop::collection::vec((0_usize..1000, any::<u8>()), 0..6),
    ) {
        let good = [
            with_exif(&encoded(&flag(40, 30), ImageFormat::Jpeg), &phone_exif(6)),
            png_with_chunk(&png(40, 30), *b"eXIf", &phone_exif(6)),
            webp(40, 30),
            animated_webp(),
            cmyk_jpeg(),
        ];
        let mut bytes = good[which].clone();
        let length = bytes.len();
        bytes.truncate(length * keep / 1000);
        for (place, byte) in spots {
            let place = bytes.len() * place / 1000;
            if let Some(spot) = bytes.get_mut(place) {
                *spot = byte;
            }
        }
        let shelf = Shelf::new();
        let began = std::time::Instant::now();
        match shelf.keep(&bytes) {
            Ok(photo) => {
                let (width, height) = shelf.copy(&photo, CopySize::View).dimensions();
                prop_assert!(width.max(height) <= 1600);
                prop_assert_eq!(shelf.photos().read(&photo.hash).unwrap(), bytes);
            }
            Err(problem) => prop_assert!(!matches!(problem, PhotoError::Media(_)), "{:?}", problem),
        }
        prop_assert!(began.elapsed().as_secs() < 20);
    }
}

/// The protocol over the router.
impl App {
    async fn tus(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("authorization", "Bearer sesame");
        request = request.header("tus-resumable", "1.0.0");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, headers, body) = self.ask_bytes(request.body(Body::from(body.to_vec())).unwrap()).await;
        Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
    }

    /// Begins an upload and returns its address.
    pub async fn begin(&self, length: usize, metadata: &str) -> String {
        let headers = [("upload-length", length.to_string())];
        let mut headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(("upload-metadata", metadata));
        let begun = self.tus(Method::POST, "/api/v1/uploads", &headers, b"").await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
        assert_eq!(begun.headers["tus-resumable"], "1.0.0");
        begun.headers["location"].to_str().unwrap().to_owned()
    }

    async fn part(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        let headers = [("upload-offset", offset.as_str()), ("content-type", "application/offset+octet-stream")];
        self.tus(Method::PATCH, path, &headers, bytes).await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.tus(Method::HEAD, path, &[], b"").await
    }
}

pub struct Answer {
    status: StatusCode,
    pub headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn offset(&self) -> usize {
        assert_eq!(self.status, StatusCode::OK);
        self.headers["upload-offset"].to_str().unwrap().parse().unwrap()
    }
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

pub fn hash_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tokio::test]
async fn a_photo_is_shown_as_a_copy_and_handed_out_as_it_was_sent() {
    let app = App::usual().await;
    let original = with_exif(&encoded(&flag(400, 200), ImageFormat::Jpeg), &phone_exif(6));
    let upload = Request::post("/api/v1/photos").header("authorization", "Bearer sesame");
    let (status, _, text) = app.ask(upload.body(Body::from(original.clone())).unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    let hash = told["hash"].as_str().unwrap();
    let claimed = json!({"taken_at": "2026-04-13T12:31:05+08:00", "position": {"lon": 122.75, "lat": 45.5}});
    assert_eq!((hash, &told["claimed"]), (hash_of(&original).as_str(), &claimed));

    for (query, long) in [("", 400), ("?size=view", 400), ("?size=thumb", 320)] {
        let (status, headers, copy) = app.fetch(&format!("/api/v1/photos/{hash}{query}")).await;
        assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"image/jpeg".parse().unwrap()));
        assert_eq!(headers["cache-control"], "private, max-age=86400, immutable");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(opened(&copy).dimensions(), (long / 2, long), "upright");
        assert!(!holds(&copy, "Exif") && !holds(&copy, "SecretCo"));
    }
    let (status, headers, sent) = app.fetch(&format!("/api/v1/photos/{hash}/original")).await;
    assert_eq!((status, sent == original), (StatusCode::OK, true));
    assert_eq!(headers["content-type"], "image/jpeg");
    assert_eq!(headers["content-disposition"], format!("attachment; filename=\"{}.jpg\"", &hash[..16]));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "private, no-store");

    for path in [format!("/api/v1/photos/{hash}"), format!("/api/v1/photos/{hash}/original")] {
        let nobody = Request::get(&path).body(Body::empty()).unwrap();
        assert_eq!(app.ask_as_is(nobody).await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
    for unknown in ["0".repeat(64), "x".to_owned(), "..%2F..%2Fetc%2Fpasswd".to_owned(), hash.to_uppercase()] {
        for end in ["", "/original"] {
            let (status, _, _) = app.fetch(&format!("/api/v1/photos/{unknown}{end}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{unknown}");
        }
    }
    assert_eq!(app.fetch(&format!("/api/v1/photos/{hash}?size=huge")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_the_camera_says_stands_beside_the_photo_and_its_alerts_are_known() {
    let app = App::usual().await;
    let number = app.number().await;
    let bytes = with_exif(&encoded(&flag(8, 8), ImageFormat::Jpeg), &phone_exif(1));
    let path = app.begin(bytes.len(), &format!("filename {}", base64("现场 1.jpg"))).await;
    let hash = app.part(&path, 0, &bytes).await.body["hash"].as_str().unwrap().to_owned();
    assert!(photo_alerts(&app.store, &hash).is_empty(), "nothing names it yet");
    let finding = json!({"kind": "straw", "photos": [hash]});
    let (status, _) = app.act(&number, &json!({"act": "report", "as": "王@220101001", "finding": finding})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(photo_alerts(&app.store, &hash), [number.as_str()]);
    assert!(photo_alerts(&app.store, &"0".repeat(64)).is_empty());
    let db = rusqlite::Connection::open(app.store.path()).unwrap();
    let row: (String, f64, f64) = db
        .query_row("SELECT claimed_taken_at, claimed_lon, claimed_lat FROM photos WHERE hash = ?1", [&hash], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(row, ("2026-04-13T12:31:05+08:00".to_owned(), 122.75, 45.5));
}

#[tokio::test]
async fn an_upload_is_cut_anywhere_and_goes_on_from_there() {
    let app = App::usual().await;
    let bytes = jpeg("in parts");
    let whole = bytes.len();
    for cut in (0..whole).step_by(whole / 9).chain([1, whole - 1]) {
        let path = app.begin(whole, &format!("sha256 {}", base64(&hash_of(&bytes)))).await;
        let first = app.part(&path, 0, &bytes[..cut]).await;
        assert_eq!(
            (first.status, first.headers["upload-offset"].to_str().unwrap()),
            (StatusCode::NO_CONTENT, cut.to_string().as_str())
        );
        let asked = app.head(&path).await;
        assert_eq!(
            (asked.offset(), asked.headers["upload-length"].to_str().unwrap()),
            (cut, whole.to_string().as_str())
        );
        assert_eq!(asked.headers["cache-control"], "no-store");
        for wrong in [cut + 1, whole, usize::MAX] {
            let refused = app.part(&path, wrong, &bytes[cut..]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{cut} {wrong}");
        }
        let last = app.part(&path, cut, &bytes[cut..]).await;
        assert_eq!((last.status, &last.body["hash"]), (StatusCode::OK, &json!(hash_of(&bytes))), "{}", last.body);
        assert_eq!(last.headers["photo-hash"], hash_of(&bytes));
        // The answer was lost: asking again, and sending nothing again, say the same.
        let again = app.head(&path).await;
        assert_eq!((again.offset(), &again.headers["photo-hash"]), (whole, &last.headers["photo-hash"]));
        assert_eq!(app.part(&path, whole, b"").await.body, last.body);
        assert_eq!(app.part(&path, cut, &bytes[cut..]).await.status, StatusCode::CONFLICT);
    }
    let (_, _, sent) = app.fetch(&format!("/api/v1/photos/{}/original", hash_of(&bytes))).await;
    assert_eq!(sent, bytes);
}

#[tokio::test]
async fn what_arrived_before_the_line_broke_stays_over_a_restart() {
    use tokio::io::AsyncWriteExt as _;
    let app = App::usual().await;
    let bytes = jpeg("over a broken line");
    let path = app.begin(bytes.len(), "").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = app.router.clone();
    let service = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sesame\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        bytes.len()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&bytes[..100]).await.unwrap();
    line.shutdown().await.unwrap();
    // The service answers that it broke off, or hangs up: either way it is done with the part.
    let mut rest = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut line, &mut rest).await.ok();
    service.abort();
    assert_eq!(app.head(&path).await.offset(), 100);
    let last = app.part(&path, 100, &bytes[100..]).await;
    assert_eq!(last.body["hash"], json!(hash_of(&bytes)));
}

#[tokio::test]
async fn a_service_that_stopped_between_the_last_byte_and_the_photo_makes_it_when_asked() {
    let app = App::usual().await;
    let bytes = jpeg("stopped");
    let path = app.begin(bytes.len(), "").await;
    let id = path.rsplit('/').next().unwrap();
    // What stands on disk after such a stop.
    std::fs::write(app.store.path().parent().unwrap().join("photos/partial").join(id), &bytes).unwrap();
    let asked = app.head(&path).await;
    assert_eq!((asked.offset(), &asked.headers["photo-hash"]), (bytes.len(), &hash_of(&bytes).parse().unwrap()));
}

#[tokio::test]
async fn two_writers_never_mix() {
    let app = App::usual().await;
    let bytes = jpeg("twice at once");
    let path = app.begin(bytes.len(), "").await;
    let (one, two) = tokio::join!(app.part(&path, 0, &bytes), app.part(&path, 0, &bytes));
    let statuses = [one.status, two.status];
    assert!(statuses.contains(&StatusCode::OK), "{statuses:?}");
    let other = statuses.into_iter().find(|status| *status != StatusCode::OK);
    // Locked while the first writes, a conflict after it.
    assert!(matches!(other, Some(StatusCode::LOCKED | StatusCode::CONFLICT)), "{statuses:?}");
    let (_, _, sent) = app.fetch(&format!("/api/v1/photos/{}/original", hash_of(&bytes))).await;
    assert_eq!(sent, bytes);

    let path = app.begin(bytes.len(), "").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let held = std::fs::File::open(app.store.path().parent().unwrap().join("photos/partial").join(id)).unwrap();
    held.lock().unwrap();
    assert_eq!(app.part(&path, 0, &bytes).await.status, StatusCode::LOCKED);
    assert_eq!(app.tus(Method::DELETE, &path, &[], b"").await.status, StatusCode::LOCKED);
    assert_eq!(app.head(&path).await.offset(), 0, "asking is always allowed");
}

#[tokio::test]
async fn every_fault_of_an_upload_has_its_status() {
    let app = App::usual().await;
    let bytes = jpeg("faults");
    let begin = async |headers: &[(&str, &str)]| app.tus(Method::POST, "/api/v1/uploads", headers, b"").await.status;
    assert_eq!(begin(&[]).await, StatusCode::BAD_REQUEST);
    assert_eq!(begin(&[("upload-length", "-1")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(begin(&[("upload-length", "0")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(begin(&[("upload-length", "25165825")]).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(begin(&[("upload-defer-length", "1")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(begin(&[("upload-length", "9"), ("upload-metadata", "sha256 YWI=")]).await, StatusCode::BAD_REQUEST);

    let wrong = base64(&"0".repeat(64));
    for (length, metadata, sent) in [
        (bytes.len(), format!("sha256 {wrong}"), &bytes[..]),
        (bytes.len() - 9, String::new(), &bytes[..bytes.len() - 9]),
    ] {
        let path = app.begin(length, &metadata).await;
        let refused = app.part(&path, 0, sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert_eq!(refused.headers["tus-resumable"], "1.0.0");
        assert!(refused.body["detail_zh"].as_str().unwrap().contains("重新上传"), "{}", refused.body);
        assert_eq!(app.head(&path).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(app.part(&path, 0, sent).await.body["detail"], refused.body["detail"]);
    }

    let path = app.begin(10, "").await;
    assert_eq!(app.part(&path, 0, &bytes).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.head(&path).await.offset(), 0);
    let typed = app.tus(Method::PATCH, &path, &[("upload-offset", "0")], b"x").await;
    assert_eq!(typed.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let old = Request::head(&path).header("authorization", "Bearer sesame").header("tus-resumable", "0.2.2");
    assert_eq!(app.ask(old.body(Body::empty()).unwrap()).await.0, StatusCode::PRECONDITION_FAILED);
    assert_eq!(app.tus(Method::DELETE, &path, &[], b"").await.status, StatusCode::NO_CONTENT);
    for gone in [path.as_str(), "/api/v1/uploads/0", "/api/v1/uploads/..%2Fx"] {
        assert_eq!(app.head(gone).await.status, StatusCode::NOT_FOUND, "{gone}");
        assert_eq!(app.part(gone, 0, b"x").await.status, StatusCode::NOT_FOUND, "{gone}");
    }
    let can = app.tus(Method::OPTIONS, "/api/v1/uploads", &[], b"").await;
    assert_eq!((can.status, &can.headers["tus-max-size"]), (StatusCode::NO_CONTENT, &"25165824".parse().unwrap()));
}

#[tokio::test]
async fn an_upload_that_took_too_long_is_gone() {
    let app = App::usual().await;
    let path = app.begin(10, "").await;
    let id = path.rsplit('/').next().unwrap();
    let note = app.store.path().parent().unwrap().join("photos/partial").join(format!("{id}.json"));
    let mut begun: Value = serde_json::from_slice(&std::fs::read(&note).unwrap()).unwrap();
    begun["begun_at"] = json!("2026-04-10T00:00:00Z");
    std::fs::write(&note, begun.to_string()).unwrap();
    assert_eq!(app.head(&path).await.status, StatusCode::GONE);
    assert_eq!(app.part(&path, 0, b"x").await.status, StatusCode::GONE);
}

/// The alerts that name a photo.
fn photo_alerts(store: &Store, hash: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(store.path()).unwrap();
    let mut select = db.prepare("SELECT subject FROM photos WHERE hash = ?1 AND subject_kind = 'alert'").unwrap();
    select.query_map([hash], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}
