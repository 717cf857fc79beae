//! Photos, uploads in parts and the documents of the live map: as the document says, and untouched by keys.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::Method;
use base64::Engine as _;
use futures_util::stream;

use super::*;
use crate::pictures::{encoded, flag, jpeg, phone_exif, with_exif, with_segment};
use firegrid::store::Old;

const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");
const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

/// An answer that was held against the document.
struct Told {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Told {
    fn head(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

impl Contract {
    /// Asks a call of the document, and holds the answer against it.
    async fn ask(&self, call: (&str, &str), path: &str, heads: &[(&str, &str)], body: &[u8]) -> Told {
        let mut request = Request::builder().method(call.0).uri(path);
        for (name, value) in heads {
            request = request.header(*name, *value);
        }
        let (status, headers, body) = self.app.ask_bytes(request.body(Body::from(body.to_vec())).unwrap()).await;
        assert_as_described(&self.document, described(&self.calls, call.0, call.1), status, &headers, &body);
        Told { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
    }

    /// One of the calls about an upload.
    async fn of_upload(&self, method: &str, path: &str, heads: &[(&str, &str)], body: &[u8]) -> Told {
        self.ask((method, "/api/v1/uploads/{id}"), path, &[&[TUS], heads].concat(), body).await
    }

    /// Begins an upload; its address.
    async fn begin(&self, length: usize) -> String {
        let length = length.to_string();
        let call = ("POST", "/api/v1/uploads");
        let begun = self.ask(call, "/api/v1/uploads", &[TUS, ("upload-length", &length)], b"").await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
        begun.head("location").to_owned()
    }
}

/// A picture of more bytes than a JSON body may have.
fn large_jpeg() -> Vec<u8> {
    let mut picture = jpeg("large");
    for _ in 0..6 {
        picture = with_segment(&picture, 0xFE, &vec![b'x'; 60_000]);
    }
    picture
}

#[tokio::test]
async fn a_photo_comes_in_parts_and_goes_out_as_copy_and_original_as_the_document_says() {
    let contract = Contract::start().await;
    let picture = with_exif(&encoded(&flag(400, 200), image::ImageFormat::Jpeg), &phone_exif(6));
    let can = Request::options("/api/v1/uploads").body(Body::empty()).unwrap();
    let (status, headers, body) = contract.app.ask_as_is(can).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "also for nobody");
    assert_as_described(
        &contract.document,
        described(&contract.calls, "OPTIONS", "/api/v1/uploads"),
        status,
        &headers,
        &body,
    );

    let path = contract.begin(picture.len()).await;
    let half = picture.len() / 2;
    let at = half.to_string();
    let first = contract.of_upload("PATCH", &path, &[PART, ("upload-offset", "0")], &picture[..half]).await;
    assert_eq!((first.status, first.head("upload-offset")), (StatusCode::NO_CONTENT, at.as_str()));
    let stands = contract.of_upload("HEAD", &path, &[], b"").await;
    assert_eq!((stands.status, stands.head("upload-offset")), (StatusCode::OK, at.as_str()));
    assert!(!stands.headers.contains_key("photo-hash"));
    let last = contract.of_upload("PATCH", &path, &[PART, ("upload-offset", &at)], &picture[half..]).await;
    assert_eq!(last.status, StatusCode::OK, "{}", last.body);
    let claimed = json!({"taken_at": "2026-04-13T12:31:05+08:00", "position": {"lon": 122.75, "lat": 45.5}});
    assert_eq!(last.body["claimed"], claimed);
    let hash = last.body["hash"].as_str().unwrap();
    let done = contract.of_upload("HEAD", &path, &[], b"").await;
    assert_eq!(done.head("photo-hash"), hash);
    assert_eq!(contract.of_upload("DELETE", &path, &[], b"").await.status, StatusCode::NO_CONTENT);
    assert_eq!(contract.of_upload("HEAD", &path, &[], b"").await.status, StatusCode::NOT_FOUND);

    let (copy, original) = (format!("/api/v1/photos/{hash}"), format!("/api/v1/photos/{hash}/original"));
    for size in ["", "?size=thumb"] {
        let call = ("GET", "/api/v1/photos/{hash}");
        let shown = contract.ask(call, &format!("{copy}{size}"), &[], b"").await;
        let tag = shown.head("etag");
        let again = contract.ask(call, &format!("{copy}{size}"), &[("if-none-match", tag)], b"").await;
        assert_eq!((shown.status, again.status), (StatusCode::OK, StatusCode::NOT_MODIFIED));
    }
    let saved = contract.ask(("GET", "/api/v1/photos/{hash}/original"), &original, &[], b"").await;
    assert_eq!(saved.status, StatusCode::OK);
    assert!(!saved.headers.contains_key("etag"), "what nobody may keep is not asked about");
}

#[tokio::test]
async fn every_refusal_of_an_upload_is_in_the_document() {
    let contract = Contract::start().await;
    let begin = ("POST", "/api/v1/uploads");
    for (heads, expected) in [
        (&[TUS][..], StatusCode::BAD_REQUEST),
        (&[TUS, ("upload-length", "25165825")], StatusCode::PAYLOAD_TOO_LARGE),
        (&[("upload-length", "9")], StatusCode::PRECONDITION_FAILED),
    ] {
        assert_eq!(contract.ask(begin, begin.1, heads, b"").await.status, expected, "{heads:?}");
    }
    let path = contract.begin(10).await;
    let at = |offset| [PART, ("upload-offset", offset)];
    for (method, heads, body, expected) in [
        ("PATCH", &at("0")[..], &b"more than ten bytes"[..], StatusCode::PAYLOAD_TOO_LARGE),
        ("PATCH", &at("4"), b"x", StatusCode::CONFLICT),
        ("PATCH", &[PART], b"x", StatusCode::BAD_REQUEST),
        ("PATCH", &[("upload-offset", "0")], b"x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("PATCH", &at("0"), b"no picture", StatusCode::UNPROCESSABLE_ENTITY),
        ("HEAD", &[], b"", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let refused = contract.of_upload(method, &path, heads, body).await;
        assert_eq!(refused.status, expected, "{method} {heads:?}: {}", refused.body);
    }
    for method in ["HEAD", "PATCH", "DELETE"] {
        let call = (method, "/api/v1/uploads/{id}");
        let old = contract.ask(call, &path, &[PART, ("upload-offset", "0"), ("tus-resumable", "0.2.2")], b"").await;
        assert_eq!(old.status, StatusCode::PRECONDITION_FAILED, "{method}");
        let unknown = contract.of_upload(method, "/api/v1/uploads/0", &at("0"), b"").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{method}");
    }
    for _ in 0..32 {
        contract.ask(begin, begin.1, &[TUS, ("upload-length", "9")], b"").await;
    }
    let many = contract.ask(begin, begin.1, &[TUS, ("upload-length", "9")], b"").await;
    assert_eq!(many.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_heads_that_a_call_must_be_sent_are_needed_and_their_metadata_is_taken() {
    let contract = Contract::start().await;
    let path = contract.begin(10).await;
    let values = [TUS, ("upload-length", "10"), ("upload-offset", "0")];
    let mut asked = 0;
    for call in contract.calls.iter().filter(|call| call.path.contains("/uploads")) {
        let parameters = call.operation["parameters"].as_array().unwrap().iter();
        let needed = parameters.map(|one| resolved(&contract.document, one));
        let needed: Vec<_> = needed.filter(|one| one["in"] == "header" && one["required"] == true).collect();
        for missing in &needed {
            let others = needed.iter().filter(|one| *one != missing).map(|one| {
                let name = one["name"].as_str().unwrap();
                *values.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).expect("a value is known")
            });
            let heads: Vec<_> = others.collect();
            let told = contract
                .ask((&call.method, &call.path), &path_of(call, &path), &[&heads[..], &[PART]].concat(), b"")
                .await;
            assert!(told.status.is_client_error(), "{} {} without {}", call.method, call.path, missing["name"]);
            asked += 1;
        }
    }
    assert_eq!(asked, 6, "two to begin, two for a part, one to ask and one to give up");
    let name = base64::engine::general_purpose::STANDARD.encode("现场.jpg");
    let said = format!("filename {name}");
    let heads = [TUS, ("upload-length", "10"), ("upload-metadata", said.as_str())];
    let begun = contract.ask(("POST", "/api/v1/uploads"), "/api/v1/uploads", &heads, b"").await;
    assert_eq!(begun.status, StatusCode::CREATED);
}

fn path_of(call: &Described, upload: &str) -> String {
    if call.path.contains("{id}") { upload.to_owned() } else { call.path.clone() }
}

/// How many rows each column of a table has.
fn rows(table: &Value) -> Vec<usize> {
    table.as_object().unwrap().values().map(|column| column.as_array().unwrap().len()).collect()
}

#[tokio::test]
async fn the_documents_of_the_live_map_are_as_described_and_every_column_has_every_row() {
    let contract = Contract::start().await;
    contract.app.act("20260413-0001", &json!({"act": "acknowledge", "as": "王@220101001"})).await;
    for query in ["", "?date=2026-04-01", "?unit=2201&verdict=banned", "?lang=en"] {
        let path = format!("/api/v1/map/day{query}");
        let told = contract.ask(("GET", "/api/v1/map/day"), &path, &[], b"").await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        for table in ["detections", "fires", "alerts"] {
            let rows = rows(&told.body[table]);
            assert!(rows.iter().all(|count| *count == rows[0]), "{table}: {rows:?}");
            assert_eq!(rows[0] == 0, query.contains("04-01"), "{table} {query}");
        }
        let again = contract.ask(("GET", "/api/v1/map/day"), &path, &[("if-none-match", told.head("etag"))], b"").await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{query}");
    }
    let base = contract.ask(("GET", "/api/v1/map/base"), "/api/v1/map/base", &[], b"").await;
    assert!(!base.body["units"].as_array().unwrap().is_empty() && !base.body["zones"].as_array().unwrap().is_empty());
    // Outlines as they are drawn, beside the squares of the tests.
    let real = firegrid::domain::ground::Ground::build(
        firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap().data,
    );
    let real = serde_json::to_value(firegrid::report::base_layers::BaseLayers::of(&real)).unwrap();
    let schema = json!({"$ref": "#/components/schemas/MapBase"});
    assert_eq!(faults(&contract.document, &schema, &real), Vec::<String>::new());
    let mut spoilt = real;
    spoilt["units"][0]["rings"][0][0][0] = json!(0.5);
    assert_ne!(faults(&contract.document, &schema, &spoilt), Vec::<String>::new(), "steps are whole");
}

#[tokio::test]
async fn a_day_that_is_only_made_later_keeps_its_tag() {
    let start: firegrid::domain::time::Timestamp = "2026-04-13T05:00:00Z".parse().unwrap();
    let seconds = std::sync::Arc::new(AtomicI64::new(0));
    let passed = seconds.clone();
    let clock = std::sync::Arc::new(move || {
        let later = firegrid::domain::time::SignedDuration::from_secs(passed.load(Ordering::Relaxed));
        start.checked_add(later).unwrap()
    });
    let app = App::start(Setting { clock: Some(clock), ..Setting::default() }).await;
    let path = "/api/v1/map/day?date=2026-04-13";
    let (_, headers, before) = app.get(path).await;
    seconds.store(60, Ordering::Relaxed);
    let (_, _, after) = app.get(path).await;
    assert_ne!(before, after, "it says when it was made");
    let again = Request::get(path).header(header::IF_NONE_MATCH, headers[header::ETAG].clone());
    assert_eq!(app.ask(again.body(Body::empty()).unwrap()).await.0, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_part_under_a_key_is_written_as_it_arrives_and_a_broken_line_loses_nothing() {
    let contract = Contract::start().await;
    let app = &contract.app;
    let picture = large_jpeg();
    assert!(picture.len() > 300_000);
    let path = contract.begin(picture.len()).await;
    let keyed = |offset: usize| {
        let request = Request::builder().method(Method::PATCH).uri(&path).header("idempotency-key", "k-1");
        request.header(TUS.0, TUS.1).header(PART.0, PART.1).header("upload-offset", offset)
    };
    let sent = picture[..280_000].to_vec();
    let broken = stream::iter([Ok(sent), Err(std::io::Error::other("the line broke"))]);
    let (status, ..) = app.ask(keyed(0).body(Body::from_stream(broken)).unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let stands = contract.of_upload("HEAD", &path, &[], b"").await;
    assert_eq!(stands.head("upload-offset"), "280000", "what came before is safe");
    // The same key again, with the rest: another call, and no repeat.
    let (status, headers, body) = app.ask(keyed(280_000).body(Body::from(picture[280_000..].to_vec())).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(!headers.contains_key("idempotency-replayed"));

    // More than any JSON body in one part, and whole.
    let path = contract.begin(picture.len()).await;
    let part = [PART, ("upload-offset", "0"), ("idempotency-key", "k-2")];
    assert_eq!(contract.of_upload("PATCH", &path, &part, &picture).await.status, StatusCode::OK);
    let photo = ("POST", "/api/v1/photos");
    let first = contract.ask(photo, photo.1, &[("idempotency-key", "k-3")], &picture).await;
    let again = contract.ask(photo, photo.1, &[("idempotency-key", "k-3")], &picture).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body), "a photo is its own name");
    let other = contract.ask(photo, photo.1, &[("idempotency-key", "k-3")], &jpeg("another")).await;
    assert_eq!(other.status, StatusCode::CREATED, "no key is looked at");
    let later = app.now.checked_add(firegrid::domain::time::SignedDuration::from_hours(8 * 24)).unwrap();
    assert_eq!(app.store.remove_old(Old::Answers, later).await.unwrap(), 0, "and nothing of them is kept under a key");
}
