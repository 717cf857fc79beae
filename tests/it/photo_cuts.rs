//! A line that breaks after the last byte of a photo, and a stop between file and row: whatever hash a sender is given,
//! or asks for again, is one that a finding can name.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::unit::UnitCode;
use firegrid::media::{Photos, Uploads};
use firegrid::store::Store;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::pages::{App, add_account, add_token};
use crate::photos::hash_of;
use crate::pictures::{encoded, png};

/// Milliseconds from the last byte to the cut: before the picture is looked at, while, and after.
const CUTS: [u64; 18] = [0, 1, 2, 3, 5, 7, 10, 13, 17, 22, 28, 35, 43, 52, 62, 75, 90, 120];

/// A picture that takes a while to look at, one of its own for every number.
fn picture(number: usize) -> Vec<u8> {
    let shade = u8::try_from(number).unwrap();
    let noise = |x: u32, y: u32| u8::try_from(x.wrapping_mul(31) ^ y.wrapping_mul(17) & 0xFF).unwrap_or(shade);
    let image = RgbImage::from_fn(600, 450, |x, y| Rgb([shade, noise(x % 256, y % 256), 90]));
    encoded(&DynamicImage::from(image), ImageFormat::Jpeg)
}

/// The site over a real socket, whose handlers end when their caller goes.
struct Line {
    app: App,
    address: SocketAddr,
    number: String,
}

impl Line {
    async fn open() -> Self {
        let app = App::usual().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = app.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let number = app.number().await;
        Self { app, address, number }
    }

    /// Sends a whole request and cuts the line so long after its last byte.
    async fn cut(&self, head: &str, bytes: &[u8], after: u64) {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "{head}\r\nhost: localhost\r\nauthorization: Bearer sesame\r\ncontent-length: {}\r\n\r\n",
            bytes.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(bytes).await.unwrap();
        tokio::time::sleep(Duration::from_millis(after)).await;
    }

    /// Asks on a new line, until the call that was cut off is over.
    async fn asked(&self, head: &str, bytes: &[u8]) -> String {
        loop {
            let mut line = TcpStream::connect(self.address).await.unwrap();
            let head = format!(
                "{head}\r\nhost: localhost\r\nauthorization: Bearer sesame\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                bytes.len()
            );
            line.write_all(head.as_bytes()).await.unwrap();
            line.write_all(bytes).await.unwrap();
            let mut answer = String::new();
            line.read_to_string(&mut answer).await.unwrap();
            if !answer.starts_with("HTTP/1.1 423") {
                return answer;
            }
        }
    }

    async fn named_in_a_finding(&self, hash: &str) -> (StatusCode, Value) {
        let finding = json!({"kind": "straw", "photos": [hash]});
        self.app.act(&self.number, &json!({"act": "report", "as": "王@220101001", "finding": finding})).await
    }

    async fn assert_usable(&self, hash: &str, said: &str) {
        let (status, answer) = self.named_in_a_finding(hash).await;
        assert_eq!(status, StatusCode::OK, "{said}: {answer}");
    }

    fn photos(&self) -> Photos {
        Photos::beside(self.app.store.path())
    }
}

fn header(answer: &str, name: &str) -> Option<String> {
    let lines = answer.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_given_the_hash_after_a_cut_can_name_the_photo() {
    let line = Line::open().await;
    for (number, after) in CUTS.into_iter().enumerate() {
        let bytes = picture(number);
        let path = line.app.begin(bytes.len(), "").await;
        let tus = "HTTP/1.1\r\ntus-resumable: 1.0.0";
        let head = format!("PATCH {path} {tus}\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream");
        line.cut(&head, &bytes, after).await;
        let answer = line.asked(&format!("HEAD {path} {tus}"), b"").await;
        let offset: usize = header(&answer, "upload-offset").unwrap().parse().unwrap();
        let hash = if let Some(hash) = header(&answer, "photo-hash") {
            hash
        } else {
            // The cut came before the bytes were written: it goes on from where it stands.
            let head = head.replace("upload-offset: 0", &format!("upload-offset: {offset}"));
            header(&line.asked(&head, &bytes[offset..]).await, "photo-hash").unwrap()
        };
        assert_eq!(hash, hash_of(&bytes));
        line.assert_usable(&hash, &format!("{after} ms after the last byte")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_whose_answer_was_cut_off_can_be_named_or_sent_again() {
    let line = Line::open().await;
    for (number, after) in CUTS.into_iter().enumerate() {
        let bytes = picture(100 + number);
        let hash = hash_of(&bytes);
        line.cut("POST /api/v1/photos HTTP/1.1", &bytes, after).await;
        // Who knows the hash himself names it as soon as there is such a photo.
        if number % 2 == 0 && line.photos().holds(&hash).unwrap() {
            line.assert_usable(&hash, &format!("{after} ms after the last byte")).await;
        }
        let answer = line.asked("POST /api/v1/photos HTTP/1.1", &bytes).await;
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        line.assert_usable(&hash, &format!("{after} ms, sent again")).await;
    }
}

#[tokio::test]
async fn a_stop_between_the_photo_and_its_row_is_made_good_by_asking() {
    let line = Line::open().await;
    // What stands on disk after such a stop: the upload says which photo it became, and nobody is on record for it.
    let bytes = png(30, 20);
    let path = line.app.begin(bytes.len(), "").await;
    let id = path.rsplit('/').next().unwrap();
    let uploads = Uploads::beside(line.app.store.path());
    let note = line.app.store.path().parent().unwrap().join(format!("photos/partial/{id}.json"));
    let owner = serde_json::from_slice::<Value>(&std::fs::read(note).unwrap()).unwrap()["owner"].clone();
    let mut writer = uploads.writer(id, owner.as_str().unwrap(), 0, line.app.now).unwrap();
    writer.append(&bytes).unwrap();
    let photo = uploads.finish(writer).unwrap();
    let asked = line.app.head(&path).await;
    assert_eq!(asked.headers["photo-hash"], photo.hash);
    line.assert_usable(&photo.hash, "after HEAD").await;
    let (status, _, original) = line.app.fetch(&format!("/api/v1/photos/{}/original", photo.hash)).await;
    assert_eq!((status, original), (StatusCode::OK, bytes));
}

#[tokio::test]
async fn an_original_that_nobody_sent_is_taken_by_whoever_names_it_first_and_another_ones_by_nobody() {
    let line = Line::open().await;
    let app = &line.app;
    let lost = line.photos().keep(&png(31, 20), None).unwrap().hash;
    line.assert_usable(&lost, "the only one who can know its hash").await;

    let cell = UnitCode("220101002".to_owned());
    add_account(&app.store, "other", Role::Inspector, &cell, app.now).await;
    add_token(&app.store, "other", "others", TokenPower::Write, app.now).await;
    let foreign = line.photos().keep(&png(32, 20), None).unwrap().hash;
    let office =
        app.store.accounts().all().await.unwrap().into_iter().find(|account| account.name == "office").unwrap();
    app.store.accounts().photo_sent(&foreign, office.id, app.now).await.unwrap();
    for hash in [&foreign, &lost, &"0".repeat(64)] {
        let finding = json!({"kind": "straw", "photos": [hash]});
        let path = format!("/api/v1/alerts/{}/acts", line.number);
        let (status, answer) = app.post(&path, Some("others"), &json!({"act": "report", "finding": finding})).await;
        assert!(status.is_client_error(), "{hash}: {answer}");
        assert!(!sent_by(&app.store, hash, office.id + 1));
    }
}

/// Whether an account stands on record as the sender of a photo.
fn sent_by(store: &Store, hash: &str, account: i64) -> bool {
    let db = rusqlite::Connection::open(store.path()).unwrap();
    let mut select = db.prepare("SELECT 1 FROM photo_senders WHERE hash = ?1 AND account_id = ?2").unwrap();
    select.exists(rusqlite::params![hash, account]).unwrap()
}
