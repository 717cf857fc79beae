//! The words of the tus protocol, version 1.0.0 (<https://tus.io/protocols/resumable-upload>, read November 2026):
//! headers in, headers out. What they mean for a photo is in [`super::uploads`].

use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::media::{MAX_PHOTO_BYTES, UploadState};
use crate::web::problem::Problem;
use crate::words::api::refusals;

/// The one version spoken here.
const VERSION: &str = "1.0.0";

/// What is spoken beyond the core.
const EXTENSIONS: &str = "creation,expiration,termination";

/// The type of the body of a part.
const PART_TYPE: &str = "application/offset+octet-stream";

/// What `Upload-Metadata` says of the file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Metadata {
    pub file_name: Option<String>,
    pub sha256: Option<String>,
}

/// Refuses callers that speak another version, or none.
pub(super) fn spoken(headers: &HeaderMap) -> Result<(), Problem> {
    match text(headers, "tus-resumable") {
        Some(VERSION) => Ok(()),
        _ => Err(Problem::refused(StatusCode::PRECONDITION_FAILED, refusals::TUS_VERSION)),
    }
}

/// Refuses bodies that are no part of an upload.
pub(super) fn part(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
        Some(PART_TYPE) => Ok(()),
        _ => Err(Problem::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, refusals::part_type(PART_TYPE))),
    }
}

/// A header that has to be a number of bytes.
pub(super) fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Problem> {
    // `parse` would take a plus sign.
    let digits = text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok());
    number.ok_or_else(|| Problem::BadBody(format!("the header {name} has to be a number of bytes")))
}

/// What is said of the file; keys that are not known here are none of our business.
pub(super) fn metadata(headers: &HeaderMap) -> Result<Metadata, Problem> {
    let mut said = Metadata::default();
    for pair in text(headers, "upload-metadata").unwrap_or_default().split(',').map(str::trim) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if !["filename", "sha256"].contains(&key) {
            continue;
        }
        let value = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(value) = value.filter(|text| !text.is_empty() && !text.chars().any(char::is_control)) else {
            return Err(Problem::BadBody(format!("{key} in Upload-Metadata has to be a text in Base64")));
        };
        if key == "filename" {
            said.file_name = Some(value);
        } else if value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            said.sha256 = Some(value);
        } else {
            return Err(Problem::BadBody("sha256 in Upload-Metadata has to have 64 hexadecimal digits".to_owned()));
        }
    }
    Ok(said)
}

/// What every answer of the protocol says.
pub(super) fn answer(mut response: Response) -> Response {
    let said = [("tus-resumable", VERSION), ("tus-version", VERSION), ("cache-control", "no-store")];
    for (name, value) in said {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// What the server can.
pub(super) fn abilities() -> [(HeaderName, HeaderValue); 2] {
    [
        (HeaderName::from_static("tus-extension"), HeaderValue::from_static(EXTENSIONS)),
        (HeaderName::from_static("tus-max-size"), HeaderValue::from(MAX_PHOTO_BYTES)),
    ]
}

/// How far an upload is.
pub(super) fn progress(state: &UploadState) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let expires = state.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let texts = [("upload-expires", Some(expires)), ("photo-hash", state.photo.clone())];
    for (name, value) in texts {
        // Digits and plain words always make a header.
        if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert(HeaderName::from_static("upload-offset"), HeaderValue::from(state.offset));
    headers.insert(HeaderName::from_static("upload-length"), HeaderValue::from(state.length));
    headers
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn metadata_is_read_and_what_makes_no_sense_is_refused() {
        let name = STANDARD.encode("现场.jpg");
        let hash = STANDARD.encode("0a".repeat(32));
        let said =
            metadata(&with("upload-metadata", &format!("filename {name}, sha256 {hash},is_confidential"))).unwrap();
        assert_eq!(said, Metadata { file_name: Some("现场.jpg".to_owned()), sha256: Some("0a".repeat(32)) });
        assert_eq!(metadata(&HeaderMap::new()).unwrap(), Metadata::default());
        for bad in ["filename", "filename %%%", "filename AAAA", "sha256 YWI=", "filename /w=="] {
            assert!(metadata(&with("upload-metadata", bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_digits() {
        assert_eq!(number(&with("upload-offset", "007"), "upload-offset").unwrap(), 7);
        for bad in ["", "-1", "+1", "1.0", "0x10", "18446744073709551616", " "] {
            assert!(number(&with("upload-offset", bad), "upload-offset").is_err(), "{bad:?}");
        }
        assert!(number(&HeaderMap::new(), "upload-offset").is_err());
    }
}
