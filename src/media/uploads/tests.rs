//! Uploads on a real folder: cut, stopped, twice at once, given up.

use std::time::{Duration, SystemTime};

use super::*;
use crate::domain::time::SignedDuration;

const MOST_OPEN: usize = 32;

const NOW: &str = "2026-04-13T05:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn png(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(side, side, image::Rgb([1, 2, 3]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn new(bytes: &[u8]) -> NewUpload {
    NewUpload {
        owner: "api".to_owned(),
        length: bytes.len() as u64,
        file_name: None,
        sha256: None,
        most_open: MOST_OPEN,
    }
}

fn beside(folder: &tempfile::TempDir) -> Uploads {
    Uploads::beside(&folder.path().join("firegrid.sqlite"))
}

fn send(uploads: &Uploads, id: &str, offset: usize, part: &[u8]) -> UploadWriter {
    let mut writer = uploads.writer(id, "api", offset as u64, at(NOW)).unwrap();
    writer.append(part).unwrap();
    writer.sync().unwrap();
    writer
}

#[test]
fn a_photo_in_parts_is_the_photo_whatever_stops_between() {
    let bytes = png(20);
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        let folder = tempfile::tempdir().unwrap();
        let id = beside(&folder).begin(new(&bytes), at(NOW)).unwrap().id;
        drop(send(&beside(&folder), &id, 0, &bytes[..cut]));
        assert_eq!(beside(&folder).state(&id, "api", at(NOW)).unwrap().offset, cut as u64);
        let writer = send(&beside(&folder), &id, cut, &bytes[cut..]);
        assert!(writer.is_whole());
        // The service stops before the photo is made: it is made on the next call.
        drop(writer);
        let uploads = beside(&folder);
        let whole = bytes.len() as u64;
        assert_eq!(uploads.state(&id, "api", at(NOW)).unwrap().photo, None);
        let photo = uploads.finish(uploads.writer(&id, "api", whole, at(NOW)).unwrap()).unwrap();
        assert_eq!(Photos::beside(&folder.path().join("x")).read(&photo.hash).unwrap(), bytes);
        assert_eq!(uploads.state(&id, "api", at(NOW)).unwrap().photo, Some(photo.hash));
        assert!(!uploads.bytes_path(&id).exists(), "kept once");
    }
}

#[test]
fn only_one_writes_only_the_owner_and_only_where_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (uploads, bytes) = (beside(&folder), png(4));
    let id = uploads.begin(new(&bytes), at(NOW)).unwrap().id;
    let mut first = uploads.writer(&id, "api", 0, at(NOW)).unwrap();
    assert!(matches!(beside(&folder).writer(&id, "api", 0, at(NOW)), Err(UploadError::Busy)));
    first.append(&bytes[..10]).unwrap();
    assert!(matches!(first.append(&bytes), Err(UploadError::BeyondLength(_))));
    assert_eq!(first.offset(), 10, "nothing of the part that does not fit");
    drop(first);
    for wrong in [0, 9, 11] {
        let refused = uploads.writer(&id, "api", wrong, at(NOW));
        assert!(matches!(refused, Err(UploadError::Offset { stands: 10, .. })), "{wrong}");
    }
    for (id, owner) in [(id.as_str(), "another"), ("../../../etc/passwd", "api"), ("", "api")] {
        assert!(matches!(uploads.state(id, owner, at(NOW)), Err(UploadError::Unknown(_))), "{id} {owner}");
    }
}

#[test]
fn what_is_no_photo_or_another_one_is_refused_and_stays_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (uploads, html) = (beside(&folder), b"<html><script>alert(1)</script>".to_vec());
    let photo = png(3);
    let wrong = NewUpload { sha256: Some("0".repeat(64)), ..new(&photo) };
    for (new, bytes) in [(new(&html), &html), (wrong, &photo)] {
        let id = uploads.begin(new, at(NOW)).unwrap().id;
        let refusal = uploads.finish(send(&uploads, &id, 0, bytes)).unwrap_err().to_string();
        let again = uploads.state(&id, "api", at(NOW)).unwrap_err();
        assert!(matches!(&again, UploadError::Refused(text) if *text == refusal), "{again}");
        assert!(!uploads.bytes_path(&id).exists());
    }
    let right = NewUpload { sha256: Some(hex::encode(Sha256::digest(&photo)).to_uppercase()), ..new(&photo) };
    let id = uploads.begin(right, at(NOW)).unwrap().id;
    uploads.finish(send(&uploads, &id, 0, &photo)).unwrap();
}

#[test]
fn an_owner_has_so_many_unfinished_uploads_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let (uploads, bytes) = (beside(&folder), png(2));
    let ids: Vec<_> = (0..MOST_OPEN).map(|_| uploads.begin(new(&bytes), at(NOW)).unwrap().id).collect();
    assert!(matches!(uploads.begin(new(&bytes), at(NOW)), Err(UploadError::TooMany(_))));
    uploads.begin(NewUpload { owner: "another".to_owned(), ..new(&bytes) }, at(NOW)).unwrap();
    uploads.give_up(&ids[0], "api", at(NOW)).unwrap();
    uploads.finish(send(&uploads, &ids[1], 0, &bytes)).unwrap();
    uploads.begin(new(&bytes), at(NOW)).unwrap();
    uploads.begin(new(&bytes), at(NOW)).unwrap();
    assert!(matches!(uploads.begin(new(&bytes), at(NOW)), Err(UploadError::TooMany(_))));
    uploads.begin(new(&bytes), at("2026-04-15T05:00:00Z")).unwrap();
    for length in [0, MAX_PHOTO_BYTES + 1] {
        assert!(matches!(uploads.begin(NewUpload { length, ..new(&bytes) }, at(NOW)), Err(UploadError::Length(_))));
    }
}

#[test]
fn the_sweeper_takes_what_expired_and_orphans_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (uploads, bytes) = (beside(&folder), png(5));
    let now = Timestamp::now();
    let hours = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap();
    let (old, young) = (uploads.begin(new(&bytes), hours(49)).unwrap(), uploads.begin(new(&bytes), hours(47)).unwrap());
    let kept = Photos::beside(&folder.path().join("x")).keep(&bytes, None).unwrap();
    let shelf = uploads.photos.folder().join(&kept.hash[..2]);
    let partial = uploads.folder.clone();
    let orphans = [partial.join("f".repeat(32)), partial.join("a.json.part1-1"), shelf.join("a.part1-1")];
    let days_ago = SystemTime::now() - Duration::from_hours(49);
    for path in &orphans {
        File::create(path).unwrap().set_modified(days_ago).unwrap();
    }
    // As old, and an original.
    File::open(shelf.join(&kept.hash)).unwrap().set_modified(days_ago).unwrap();
    std::fs::write(partial.join("e".repeat(32)), "just begun, its note not written yet").unwrap();

    assert!(matches!(uploads.state(&old.id, "api", now), Err(UploadError::Expired)));
    let writing = File::open(uploads.bytes_path(&old.id)).unwrap();
    writing.lock().unwrap();
    assert_eq!(uploads.sweep(now).unwrap(), 3, "the orphans, and not what is being written");
    drop(writing);
    assert_eq!(uploads.sweep(now).unwrap(), 1);
    assert_eq!(uploads.sweep(now).unwrap(), 0);
    assert!(matches!(uploads.state(&old.id, "api", now), Err(UploadError::Unknown(_))));
    assert_eq!(uploads.state(&young.id, "api", now).unwrap().offset, 0);
    assert!(Photos::beside(&folder.path().join("x")).holds(&kept.hash).unwrap());
    assert!(partial.join("e".repeat(32)).exists());
    assert!(orphans.iter().all(|path| !path.exists()));
}
