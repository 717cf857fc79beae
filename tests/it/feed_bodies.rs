//! What feeds really send, over real HTTP: good tables, refusals, wrong pages, cuts, bombs, silence.
//!
//! Every alert is asserted to its named outcome, and after every alert the key must be nowhere.

use std::time::{Duration, Instant};

use firegrid::config::{FirmsDataset, FirmsFile, FirmsWindow, Secret, SourceConfig, SourceKind};
use firegrid::domain::ground::Extent;
use firegrid::source::dialect::ReadOptions;
use firegrid::source::drop_folder::SETTLE;
use firegrid::source::firms::budget::Budget;
use firegrid::source::http::{Client, Limits, SecretUrl, Validators};
use firegrid::source::{Ask, Cursor, Feed, Network, Outcome, Poll, read_file};
use firegrid::words::dropped_files::note;

use crate::dialects::{VIIRS_HEADER, VIIRS_ROW, body_of};
use crate::fault_origin::{Answer, Framing, Origin, gzip};

/// The canary: no artefact of any poll may hold it.
const KEY: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";

const BAICHENG: Extent = Extent { west: 121.6, south: 44.2, east: 124.4, north: 46.3 };

/// The keyless feed of an origin.
pub fn keyless(base_url: String) -> SourceConfig {
    let kind = SourceKind::FirmsFiles {
        satellite: FirmsFile::Noaa20,
        region: "Russia_Asia".to_owned(),
        window: FirmsWindow::Day,
        base_url,
    };
    SourceConfig { id: "noaa20".to_owned(), kind }
}

fn keyed(base_url: String) -> SourceConfig {
    let key = Secret::from_text(KEY);
    let kind = SourceKind::FirmsArea { dataset: FirmsDataset::ViirsNoaa20Nrt, key, days: 2, base_url };
    SourceConfig { id: "area".to_owned(), kind }
}

fn quick() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        idle: Duration::from_millis(300),
        total: Duration::from_millis(900),
        body_bytes: 1024 * 1024,
    }
}

async fn poll_with(config: SourceConfig, limits: Limits, known: &Cursor) -> Poll {
    let network = Network::new(limits).unwrap();
    let ask = Ask { extent: BAICHENG, belt_km: 10.0, cursor: known, now: "2026-04-13T05:00:00Z".parse().unwrap() };
    let mut polls = Feed::new(config).poll(&ask, &network).await;
    assert_eq!(polls.len(), 1);
    let poll = polls.remove(0);
    assert_has_no_key(&poll);
    poll
}

/// Polls the keyed API, whose address holds the canary.
async fn poll(origin: &Origin) -> Poll {
    poll_with(keyed(origin.base_url()), Limits::default(), &Cursor::default()).await
}

async fn poll_quickly(origin: &Origin) -> Poll {
    poll_with(keyed(origin.base_url()), quick(), &Cursor::default()).await
}

/// Looks for the key in everything that a poll leaves behind.
fn assert_has_no_key(poll: &Poll) {
    let body = poll.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default().to_lowercase();
    let everything = format!("{poll:?} {} {} {body}", poll.outcome, poll.detail).to_lowercase();
    assert!(!everything.contains(KEY), "the key leaked: {everything}");
}

#[tokio::test]
async fn a_whole_table_is_fetched_and_asked_for_without_giving_the_key_away() {
    let origin = Origin::start(Answer::new(200, body_of(5)).header("ETag", "\"v1\"")).await;
    let poll = poll(&origin).await;
    assert_eq!((poll.outcome, poll.http_status), (Outcome::Fetched, Some(200)));
    assert_eq!(poll.table.unwrap().observations().count(), 5);
    assert_eq!(poll.body.unwrap(), body_of(5).into_bytes());
    assert_eq!(poll.cursor.validators().etag.as_deref(), Some("\"v1\""));
    let request = &origin.requests()[0];
    assert_eq!(request.path(), format!("/api/area/csv/{KEY}/VIIRS_NOAA20_NRT/121.45,44.10,124.55,46.40/2"));
    assert_eq!(request.header("Referer"), None);
    assert!(request.header("User-Agent").unwrap().starts_with("firegrid/"));
}

#[tokio::test]
async fn the_content_type_means_nothing_and_gzip_is_unpacked() {
    for content_type in ["text/html", "application/octet-stream", "image/png", ";;;"] {
        let origin = Origin::start(Answer::new(200, body_of(2)).header("Content-Type", content_type).gzip()).await;
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome, Outcome::Fetched, "{content_type}: {}", poll.detail);
        assert_eq!(poll.body.unwrap(), body_of(2).into_bytes());
    }
}

#[tokio::test]
async fn every_refusal_is_named_whatever_its_status() {
    let sentences = [
        ("Invalid MAP_KEY.", "refused:invalid_key"),
        ("Exceeding allowed transaction limit.", "refused:quota"),
        ("Invalid day range. Expects [1..5].", "refused:day_range"),
        (
            "MAP_KEY is invalid or your have exceeded your transaction/time limit. Please try again later.",
            "refused:key_or_quota",
        ),
        ("Invalid source.", "refused:unknown"),
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for (sentence, expected) in sentences {
        for status in [200, 400, 401, 403, 429] {
            for body in [sentence.to_owned(), format!("{sentence}\r\n"), sentence.to_uppercase()] {
                origin.now_answer(Answer::new(status, body).header("Content-Type", "text/plain;charset=UTF-8"));
                let poll = poll(&origin).await;
                assert_eq!(poll.outcome.name(), expected, "{status} {sentence}");
                assert!(!poll.outcome.is_success() && poll.table.is_none());
                assert_eq!(poll.http_status, Some(status));
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_echoes_the_key_is_cleaned_before_anyone_sees_it() {
    let upper = KEY.to_uppercase();
    let answers = [
        Answer::new(400, format!("Invalid MAP_KEY {KEY}.")),
        Answer::new(200, format!("<html>no page /api/area/csv/{KEY}/ {upper}</html>")),
        Answer::new(200, format!("{VIIRS_HEADER}\n{}\n", VIIRS_ROW.replace("nominal", KEY))),
        Answer::new(200, format!("{VIIRS_HEADER},{KEY}\n{VIIRS_ROW},{upper}\n")),
        Answer::new(302, "").header("Location", &format!("https://{KEY}.example.org/{KEY}")),
        Answer::new(200, body_of(1)).header("ETag", &format!("\"{KEY}\"")),
        Answer::new(500, format!("stack trace: {KEY}")),
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for answer in answers {
        origin.now_answer(answer.clone());
        // The canary check is inside.
        let poll = poll(&origin).await;
        assert!(poll.http_status.is_some(), "{answer:?}");
    }
    assert!(origin.requests().iter().all(|request| request.path().contains(KEY)), "the key was really asked with");
}

#[tokio::test]
async fn pages_prose_and_nothing_are_not_csv_and_their_head_is_kept() {
    let bodies = [
        "<!DOCTYPE html><html><body>Down for maintenance</body></html>",
        "",
        "Please log in to continue",
        "{\"error\":1}",
        "\u{1b}[31mred",
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for body in bodies {
        origin.now_answer(Answer::new(200, body).header("Content-Type", "text/csv"));
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome, Outcome::NotCsv, "{body}");
        assert!(!poll.detail.contains('\u{1b}'));
        assert!(poll.table.is_none());
        assert_eq!(poll.body.as_deref(), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn a_header_alone_is_no_rows_and_a_wrong_header_is_not() {
    let cases = [
        (format!("{VIIRS_HEADER}\n"), Outcome::NoRows),
        (VIIRS_HEADER.to_owned(), Outcome::Truncated),
        (format!("{}\n", VIIRS_HEADER.replace("frp,", "")), Outcome::MissingColumns),
        (format!("{VIIRS_HEADER},scan\n"), Outcome::DuplicateColumns),
        (format!("{VIIRS_HEADER}\n{}\n", "4".repeat(5_000)), Outcome::RowTooLong),
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for (body, expected) in cases {
        origin.now_answer(Answer::new(200, body).header("ETag", "\"new\""));
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome, expected, "{}", poll.detail);
        let keeps_new_validator = poll.cursor.validators().etag.is_some();
        assert_eq!(keeps_new_validator, expected.is_success(), "a bad body must be asked for again");
    }
}

#[tokio::test]
async fn a_body_of_which_no_row_or_only_a_few_can_be_read_is_no_success() {
    let bad = VIIRS_ROW.replace("N20", "N99");
    let body = |good: usize, bad_rows: usize| {
        format!("{VIIRS_HEADER}\n{}{}", format!("{VIIRS_ROW}\n").repeat(good), format!("{bad}\n").repeat(bad_rows))
    };
    let cases = [
        (body(0, 1), Outcome::NoReadableRows),
        (body(0, 40), Outcome::NoReadableRows),
        (body(9, 10), Outcome::MostRowsRejected),
        (body(10, 10), Outcome::Fetched),
        (body(10, 0), Outcome::Fetched),
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for (body, expected) in cases {
        origin.now_answer(Answer::new(200, body).header("ETag", "\"new\""));
        for config in [keyed(origin.base_url()), keyless(origin.base_url())] {
            let poll = poll_with(config, Limits::default(), &Cursor::default()).await;
            assert_eq!(poll.outcome, expected, "{}", poll.detail);
            assert_eq!(
                poll.cursor.validators().etag.is_some(),
                expected == Outcome::Fetched,
                "it must be asked for again"
            );
            let named = poll.detail.contains("satellite") && poll.detail.contains("N99");
            assert!(named || !poll.detail.contains("rejected"), "{}", poll.detail);
            assert!(poll.table.is_some(), "its rows are kept with their reasons, the good ones recorded");
        }
    }
}

#[tokio::test]
async fn unchanged_is_believed_only_when_it_was_asked_for() {
    let known = Cursor::of_validators(&Validators {
        etag: Some("\"v1\"".to_owned()),
        last_modified: Some("Mon, 13 Apr 2026 04:30:00 GMT".to_owned()),
    });
    let origin = Origin::start(Answer::new(304, "")).await;
    let again = poll_with(keyless(origin.base_url()), Limits::default(), &known).await;
    assert_eq!((again.outcome, again.http_status), (Outcome::Unchanged, Some(304)));
    assert_eq!(again.cursor, known);
    let request = &origin.requests()[0];
    assert_eq!(request.path(), "/data/active_fire/noaa-20-viirs-c2/csv/J1_VIIRS_C2_Russia_Asia_24h.csv");
    assert_eq!(request.header("If-None-Match"), Some("\"v1\""));
    assert_eq!(request.header("If-Modified-Since"), Some("Mon, 13 Apr 2026 04:30:00 GMT"));
    let first = poll_with(keyless(origin.base_url()), Limits::default(), &Cursor::default()).await;
    assert_eq!(first.outcome, Outcome::HttpStatus(304));
    // A damaged stored validator is not sent, and is no reason to fail.
    let damaged = Cursor::of_validators(&Validators { etag: Some("a\nb".to_owned()), last_modified: None });
    poll_with(keyless(origin.base_url()), Limits::default(), &damaged).await;
    assert_eq!(origin.requests()[2].header("If-None-Match"), None);
}

#[tokio::test]
async fn error_statuses_have_their_own_names_and_carry_retry_after() {
    let cases = [
        (206, "http_206"),
        (401, "http_401"),
        (403, "http_403"),
        (404, "http_404"),
        (410, "http_410"),
        (429, "rate_limited"),
        (500, "http_500"),
        (503, "http_503"),
    ];
    let origin = Origin::start(Answer::new(200, "")).await;
    for (status, name) in cases {
        // A table in the body does not make an error a success.
        origin.now_answer(Answer::new(status, body_of(3)).header("Retry-After", "77"));
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome.name(), name);
        assert_eq!(poll.retry_after, Some(Duration::from_secs(77)));
        assert!(!poll.outcome.is_success() && poll.table.is_none());
    }
    for garbage in ["soon", "-1", "", "Mon, 99 Foo"] {
        origin.now_answer(Answer::new(503, "").header("Retry-After", garbage));
        assert_eq!(poll(&origin).await.retry_after, None, "{garbage}");
    }
}

#[tokio::test]
async fn a_redirect_is_named_and_the_other_server_is_never_asked() {
    let elsewhere = Origin::start(Answer::new(200, body_of(3))).await;
    let origin = Origin::start(Answer::new(200, "")).await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/stolen", elsewhere.base_url());
        origin.now_answer(Answer::new(status, body_of(3)).header("Location", &target));
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome, Outcome::Redirected);
        assert!(poll.detail.contains(&elsewhere.base_url()) && !poll.detail.contains("stolen"), "{}", poll.detail);
    }
    assert_eq!(elsewhere.requests().len(), 0);
    assert_eq!(origin.requests().len(), 5, "one poll is one request");
}

#[tokio::test]
async fn a_cut_at_any_byte_is_truncated_when_the_length_or_the_chunks_tell() {
    let body = body_of(200);
    let origin = Origin::start(Answer::new(200, "")).await;
    let client = Network::new(Limits::default()).unwrap();
    let ask = Ask {
        extent: BAICHENG,
        belt_km: 0.0,
        cursor: &Cursor::default(),
        now: "2026-04-13T05:00:00Z".parse().unwrap(),
    };
    let mut feed = Feed::new(keyless(origin.base_url()));
    for end in 0..body.len() {
        let framing = if end % 2 == 0 { Framing::Length } else { Framing::Chunked };
        origin.now_answer(Answer::new(200, body.clone()).framing(framing).cut_at(end));
        let poll = feed.poll(&ask, &client).await.remove(0);
        assert_eq!(poll.outcome, Outcome::Truncated, "cut at {end}, {framing:?}: {}", poll.detail);
        assert!(poll.table.is_none());
    }
}

#[tokio::test]
async fn a_cut_that_the_transfer_hides_is_truncated_unless_it_falls_behind_a_line() {
    let body = body_of(200);
    let origin = Origin::start(Answer::new(200, "")).await;
    let client = Network::new(Limits::default()).unwrap();
    let ask = Ask {
        extent: BAICHENG,
        belt_km: 0.0,
        cursor: &Cursor::default(),
        now: "2026-04-13T05:00:00Z".parse().unwrap(),
    };
    let mut feed = Feed::new(keyless(origin.base_url()));
    let whole = body.lines().count() - 1;
    // Every byte of the first and the last lines, and one in seventeen between, which meets each place of a row.
    let is_near_an_end = |end: usize| end < 1_000 || end + 1_000 > body.len();
    for end in (20..body.len()).filter(|end| is_near_an_end(*end) || end % 17 == 0) {
        let framing = if end % 2 == 0 { Framing::LyingLength(end) } else { Framing::UntilClose };
        origin.now_answer(Answer::new(200, body.clone()).framing(framing).cut_at(end));
        let poll = feed.poll(&ask, &client).await.remove(0);
        let behind_a_line = body.as_bytes()[end - 1] == b'\n';
        if behind_a_line {
            // Nobody can tell this from a shorter file; but no row of it is wrong.
            let rows = poll.table.map_or(0, |table| table.observations().count());
            assert!(poll.outcome.is_success() && rows < whole, "cut at {end}");
        } else {
            assert_eq!(poll.outcome, Outcome::Truncated, "cut at {end}, {framing:?}: {}", poll.detail);
        }
    }
}

#[tokio::test]
async fn a_cut_gzip_stream_is_truncated_even_when_the_transfer_ends_cleanly() {
    let packed = gzip(body_of(200).as_bytes());
    let origin = Origin::start(Answer::new(200, "")).await;
    for end in (1..packed.len()).step_by(packed.len() / 60) {
        let answer = Answer::new(200, packed[..end].to_vec()).header("Content-Encoding", "gzip");
        origin.now_answer(answer);
        let poll = poll(&origin).await;
        assert_eq!(poll.outcome, Outcome::Truncated, "cut at {end} of {}: {}", packed.len(), poll.detail);
    }
}

#[tokio::test]
async fn bombs_and_endless_bodies_are_stopped_early() {
    // 60 MB of rows pack into little; the limit of 1 MB is on what comes out.
    let rows = format!("{VIIRS_ROW}\n").repeat(600_000);
    let bomb = Answer::new(200, format!("{VIIRS_HEADER}\n{rows}")).gzip();
    let origin = Origin::start(bomb).await;
    assert_eq!(
        poll_with(keyed(origin.base_url()), Limits { body_bytes: 1 << 20, ..Limits::default() }, &Cursor::default())
            .await
            .outcome,
        Outcome::TooLarge
    );

    let endless = Answer::new(200, format!("{VIIRS_ROW}\n").repeat(50)).endless();
    origin.now_answer(endless);
    let before = origin.bytes_sent();
    let started = Instant::now();
    let poll =
        poll_with(keyed(origin.base_url()), Limits { body_bytes: 1 << 20, ..Limits::default() }, &Cursor::default())
            .await;
    assert_eq!(poll.outcome, Outcome::TooLarge);
    assert!(poll.body.is_none());
    assert!(started.elapsed() < Duration::from_secs(20));
    // Socket buffers hold some megabytes more than was read.
    assert!(origin.bytes_sent() - before < 32 << 20, "{} bytes were taken", origin.bytes_sent() - before);
}

#[tokio::test]
async fn one_line_of_a_hundred_megabytes_is_refused() {
    let mut body = format!("{VIIRS_HEADER}\n").into_bytes();
    body.resize(100_000_000, b'4');
    let origin = Origin::start(Answer::new(200, body)).await;
    assert_eq!(poll(&origin).await.outcome, Outcome::TooLarge);
    let taken = origin.bytes_sent();
    assert!(taken == 0, "the origin could not send it all: {taken}");
}

#[tokio::test]
async fn silence_and_dripping_end_by_time_and_errors_do_not_wait() {
    let origin = Origin::start(Answer::hang()).await;
    let poll = poll_quickly(&origin).await;
    assert_eq!(poll.outcome, Outcome::TimedOut, "{}", poll.detail);

    // Each byte comes within the idle limit; only the total limit ends it.
    origin.now_answer(Answer::new(200, body_of(50)).drip(Duration::from_millis(20)));
    let started = Instant::now();
    let poll = poll_quickly(&origin).await;
    assert_eq!(poll.outcome, Outcome::TimedOut, "{}", poll.detail);
    assert!(started.elapsed() < Duration::from_secs(5));

    origin.now_answer(Answer::close_at_once());
    assert_eq!(self::poll(&origin).await.outcome, Outcome::Unreachable);
}

#[tokio::test]
async fn no_server_no_name_and_no_trust_are_three_outcomes() {
    // The listener is closed again at once: nobody listens there.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = poll_with(keyed(format!("http://{address}")), Limits::default(), &Cursor::default()).await;
    assert_eq!(gone.outcome, Outcome::Unreachable, "{}", gone.detail);
    assert!(gone.detail.contains("refused"), "{}", gone.detail);

    let origin = Origin::start(Answer::new(200, body_of(1))).await;
    let https = origin.base_url().replace("http://", "https://");
    let no_trust = poll_with(keyed(https), Limits::default(), &Cursor::default()).await;
    assert_eq!(no_trust.outcome, Outcome::TlsFailed, "{}", no_trust.detail);
    assert_eq!(origin.requests().len(), 0, "the key never went over the untrusted connection");
}

#[tokio::test]
async fn plain_http_is_refused_beyond_this_machine() {
    let poll = poll_with(keyed("http://firms.example.org".to_owned()), quick(), &Cursor::default()).await;
    assert_eq!(poll.outcome, Outcome::BadAddress);
    assert!(poll.detail.contains("expected https"), "{}", poll.detail);
}

#[tokio::test]
async fn without_a_usable_key_nothing_is_asked() {
    let origin = Origin::start(Answer::new(200, body_of(1))).await;
    for key in [Secret::default(), Secret::from_text("../../etc"), Secret::from_text("")] {
        let kind = SourceKind::FirmsArea { dataset: FirmsDataset::ModisNrt, key, days: 2, base_url: origin.base_url() };
        let poll = poll_with(SourceConfig { id: "x".to_owned(), kind }, quick(), &Cursor::default()).await;
        assert_eq!(poll.outcome, Outcome::KeyMissing);
    }
    assert_eq!(origin.requests().len(), 0);
}

#[tokio::test]
async fn the_local_budget_stops_a_runaway_before_the_server_does() {
    let origin = Origin::start(Answer::new(200, body_of(1))).await;
    let network = Network::new(Limits::default()).unwrap().with_budget(Budget::with_limit(12));
    let cursor = Cursor::default();
    let mut feed = Feed::new(keyed(origin.base_url()));
    let mut names = Vec::new();
    for second in [0, 1, 2, 3, 600] {
        let now = firegrid::domain::time::Timestamp::from_second(1_800_000_000 + second).unwrap();
        let poll = feed.poll(&Ask { extent: BAICHENG, belt_km: 0.0, cursor: &cursor, now }, &network).await.remove(0);
        names.push(poll.outcome.name());
        if second == 3 {
            assert_eq!(poll.retry_after, Some(Duration::from_secs(597)));
        }
    }
    assert_eq!(names, ["fetched", "fetched", "fetched", "refused:local_budget", "fetched"]);
    assert_eq!(origin.requests().len(), 4);
}

#[tokio::test]
async fn no_error_of_the_client_prints_the_key() {
    let key = secrecy::SecretString::from(KEY);
    let client = Client::new(quick()).unwrap();
    let origin = Origin::start(Answer::hang()).await;
    let dead = "http://127.0.0.1:1".to_owned();
    let answers =
        [Answer::hang(), Answer::close_at_once(), Answer::new(200, "x").cut_at(0), Answer::new(200, body_of(50_000))];
    for (i, answer) in answers.into_iter().enumerate() {
        origin.now_answer(answer);
        let base = if i == 0 { dead.clone() } else { origin.base_url() };
        let url = SecretUrl::parse(&format!("{base}/api/{KEY}/x?k={KEY}"), Some(&key)).unwrap();
        let error = client.get(&url, &Validators::default()).await.unwrap_err();
        let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let text: Vec<_> = chain.map(|error| format!("{error} {error:?} {url} {url:?}")).collect();
        let text = text.concat();
        assert!(!text.contains(KEY), "{text}");
    }
}

/// The polls of a drop folder some time after its files were written.
async fn look(feed: &mut Feed, network: &Network, later: Duration) -> Vec<Poll> {
    let cursor = Cursor::default();
    let now = firegrid::domain::time::Timestamp::now() + later;
    feed.poll(&Ask { extent: BAICHENG, belt_km: 0.0, cursor: &cursor, now }, network).await
}

fn folder_feed(path: &std::path::Path) -> Feed {
    folder_feed_with(path, false)
}

fn folder_feed_with(path: &std::path::Path, allow_missing_newline: bool) -> Feed {
    let kind = SourceKind::DropFolder { path: path.to_owned(), allow_missing_newline };
    Feed::new(SourceConfig { id: "drop".to_owned(), kind })
}

#[tokio::test]
async fn dropped_files_are_read_named_and_put_away_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("a.csv"), body_of(3)).unwrap();
    std::fs::write(path.join("b.csv.gz"), gzip(body_of(2).as_bytes())).unwrap();
    std::fs::write(path.join("c.txt"), format!("{VIIRS_HEADER}\n")).unwrap();
    std::fs::write(path.join("d.xlsx"), b"PK\x03\x04 a workbook").unwrap();
    std::fs::write(path.join("e.csv"), b"\xb0\xd7\xb3\xc7,latitude,longitude,scan\n").unwrap();
    std::fs::write(path.join("f.csv"), body_of(3).trim_end()).unwrap();
    std::fs::write(path.join("g.csv.gz"), &gzip(body_of(2).as_bytes())[..60]).unwrap();
    std::fs::write(path.join("h.csv"), "").unwrap();
    let network = Network::new(quick()).unwrap();
    let mut feed = folder_feed(path);
    assert!(look(&mut feed, &network, Duration::ZERO).await.is_empty(), "nothing has settled yet");
    let polls = look(&mut feed, &network, SETTLE * 2).await;
    let found: Vec<_> = polls
        .iter()
        .map(|poll| (poll.file.as_ref().unwrap().name.as_str(), poll.outcome.name().into_owned()))
        .collect();
    let expected = [
        ("a.csv", "parsed"),
        ("b.csv.gz", "parsed"),
        ("c.txt", "no_rows"),
        ("d.xlsx", "unsupported"),
        ("e.csv", "not_utf8"),
        ("f.csv", "truncated"),
        ("g.csv.gz", "truncated"),
        ("h.csv", "not_csv"),
    ];
    assert_eq!(found, expected.map(|(name, outcome)| (name, outcome.to_owned())));
    for poll in &polls {
        let target = poll.file.as_ref().unwrap().put_away(note(poll).as_deref()).unwrap().unwrap();
        let home = if poll.outcome.is_success() { "done" } else { "bad" };
        assert_eq!(target.parent().unwrap(), path.join(home));
        let mut reason = target.into_os_string();
        reason.push(".reason.txt");
        let reason = std::fs::read_to_string(reason).ok();
        assert_eq!(reason.is_some(), home == "bad");
        assert!(reason.is_none_or(|text| text.starts_with(&*poll.outcome.name())));
    }
    assert!(look(&mut feed, &network, SETTLE * 3).await.is_empty(), "everything was put away");
}

/// A ZIP archive of files as they are.
fn zip_of(files: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn dropped_archives_and_geojson_are_read_and_a_table_at_fault_takes_nothing_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let archive = [("fire_archive.csv", body_of(3)), ("fire_nrt.csv", body_of(2)), ("Readme.txt", "How to".to_owned())];
    std::fs::write(path.join("a.zip"), zip_of(&archive)).unwrap();
    let half_bad = [("good.csv", body_of(3)), ("bad.csv", format!("{VIIRS_HEADER}\n{}", &VIIRS_ROW[..40]))];
    std::fs::write(path.join("b.zip"), zip_of(&half_bad)).unwrap();
    std::fs::write(path.join("c.zip"), zip_of(&[("Readme.txt", "How to".to_owned())])).unwrap();
    let point = r#"{"type":"Feature","properties":{"ACQ_DATE":"2026-04-13","ACQ_TIME":"0412","SATELLITE":"N20"},
        "geometry":{"type":"Point","coordinates":[122.84,45.62]}}"#;
    std::fs::write(path.join("d.geojson"), format!(r#"{{"type":"FeatureCollection","features":[{point}]}}"#)).unwrap();
    let odd = VIIRS_ROW.replace("2026-04-13", "13/04/2026");
    std::fs::write(path.join("e.csv"), format!("{VIIRS_HEADER}\n{odd}\n{odd}\n")).unwrap();
    // What is packed proves its own end.
    std::fs::write(path.join("f.csv.gz"), gzip(body_of(2).trim_end().as_bytes())).unwrap();
    let network = Network::new(quick()).unwrap();
    let mut feed = folder_feed(path);
    let polls = look(&mut feed, &network, SETTLE * 2).await;
    let found: Vec<_> = polls
        .iter()
        .map(|poll| (poll.outcome.name().into_owned(), poll.table.as_ref().map_or(0, |t| t.observations().count())))
        .collect();
    let expected =
        [("parsed", 5), ("truncated", 3), ("unsupported", 0), ("parsed", 1), ("no_readable_rows", 0), ("parsed", 2)];
    assert_eq!(found, expected.map(|(outcome, rows)| (outcome.to_owned(), rows)));
    assert_eq!(polls[0].body.as_deref().unwrap(), std::fs::read(path.join("a.zip")).unwrap(), "kept as it came");
    assert!(polls[1].detail.contains("bad.csv"), "{}", polls[1].detail);
    let bad = &polls[4];
    let target = bad.file.as_ref().unwrap().put_away(note(bad).as_deref()).unwrap().unwrap();
    let reason = std::fs::read_to_string(format!("{}.reason.txt", target.display())).unwrap();
    assert!(reason.starts_with("no_readable_rows\n"), "{reason}");
    for said in ["acq_date 2 行 rows", "13/04/2026", "YYYY-MM-DD", "请查看不合格的行"] {
        assert!(reason.contains(said), "{said}: {reason}");
    }
}

#[tokio::test]
async fn a_drop_folder_may_accept_files_whose_last_line_has_no_line_feed() {
    let network = Network::new(quick()).unwrap();
    let body = body_of(3);
    for (allow, end, expected) in [
        (true, body.len() - 1, "parsed"),
        (false, body.len() - 1, "truncated"),
        (true, body.len() - 2, "truncated"),
        (true, body.len() - 4, "truncated"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), &body[..end]).unwrap();
        let mut feed = folder_feed_with(folder.path(), allow);
        let poll = look(&mut feed, &network, SETTLE * 2).await.remove(0);
        assert_eq!(poll.outcome.name(), expected, "{allow} {end}: {}", poll.detail);
    }
}

#[tokio::test]
async fn a_file_is_read_when_it_no_longer_changes_and_its_content_is_its_identity() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    let network = Network::new(quick()).unwrap();
    let mut feed = folder_feed(folder.path());
    std::fs::write(&file, &body_of(9)[..400]).unwrap();
    assert!(look(&mut feed, &network, Duration::ZERO).await.is_empty());
    std::fs::write(&file, body_of(9)).unwrap();
    assert!(look(&mut feed, &network, Duration::ZERO).await.is_empty(), "it grew since the last look");
    let first = look(&mut feed, &network, Duration::ZERO).await.remove(0);
    assert_eq!(first.table.as_ref().unwrap().rows.len(), 9);

    // New content under the same name arrives before the old one was put away: it is not moved unread.
    std::fs::write(&file, body_of(4)).unwrap();
    let old = first.file.unwrap();
    assert_eq!(old.put_away(None).unwrap(), None);
    let second = look(&mut feed, &network, SETTLE * 2).await.remove(0);
    let new = second.file.unwrap();
    assert_ne!(new.sha256, old.sha256);
    assert!(new.put_away(None).unwrap().is_some());

    // The same content again is the same file.
    std::fs::write(&file, body_of(4)).unwrap();
    assert_eq!(look(&mut feed, &network, SETTLE * 2).await[0].file.as_ref().unwrap().sha256, new.sha256);
}

#[tokio::test]
async fn links_pipes_folders_and_unfinished_copies_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(outside.path(), body_of(2)).unwrap();
    let path = folder.path();
    std::os::unix::fs::symlink(outside.path(), path.join("link.csv")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", path.join("zero.csv")).unwrap();
    std::fs::create_dir(path.join("folder.csv")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(path.join("socket.csv")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path.join("pipe.csv")).status().unwrap();
    assert!(made.success());
    for name in [".hidden.csv", "half.csv.part", "half.csv.tmp", "~list.csv"] {
        std::fs::write(path.join(name), body_of(1)).unwrap();
    }
    let network = Network::new(quick()).unwrap();
    let mut feed = folder_feed(path);
    let polls = tokio::time::timeout(Duration::from_secs(10), look(&mut feed, &network, SETTLE * 2)).await.unwrap();
    assert!(polls.is_empty(), "{polls:?}");
    let mut scanner = firegrid::source::drop_folder::Scanner::default();
    let now = std::time::SystemTime::now();
    let mut ignored: Vec<_> = scanner.scan(path, now).unwrap().ignored.into_iter().map(|entry| entry.name).collect();
    ignored.sort();
    assert_eq!(ignored, ["folder.csv", "link.csv", "pipe.csv", "socket.csv", "zero.csv"]);
    assert!(scanner.scan(path, now).unwrap().ignored.is_empty(), "each is reported once");
}

#[tokio::test]
async fn a_crowded_folder_is_read_in_portions_and_a_missing_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..50 {
        std::fs::write(folder.path().join(format!("{i:03}.csv")), body_of(1)).unwrap();
    }
    let network = Network::new(quick()).unwrap();
    let mut feed = folder_feed(folder.path());
    let mut counts = Vec::new();
    for _ in 0..3 {
        let polls = look(&mut feed, &network, SETTLE * 2).await;
        for poll in &polls {
            poll.file.as_ref().unwrap().put_away(note(poll).as_deref()).unwrap();
        }
        counts.push(polls.len());
    }
    assert_eq!(counts, [32, 18, 0]);
    // What could not be put away is not read again and again, but is when it changes.
    let file = folder.path().join("stuck.csv");
    std::fs::write(&file, body_of(1)).unwrap();
    let stuck = look(&mut feed, &network, SETTLE * 2).await.remove(0).file.unwrap();
    feed.set_aside(&stuck);
    assert!(look(&mut feed, &network, SETTLE * 2).await.is_empty());
    std::fs::write(&file, body_of(2)).unwrap();
    assert_eq!(look(&mut feed, &network, SETTLE * 2).await.len(), 1);
    let mut feed = folder_feed(&folder.path().join("nowhere"));
    let polls = look(&mut feed, &network, Duration::ZERO).await;
    assert_eq!((polls.len(), polls[0].outcome), (1, Outcome::Unreadable));
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused() {
    let bomb = gzip(&vec![b'0'; 50_000_000]);
    assert_eq!(read_file(bomb, 1 << 20, &ReadOptions::default()).outcome, Outcome::TooLarge);
    assert_eq!(read_file(body_of(3).into_bytes(), 1 << 20, &ReadOptions::default()).outcome, Outcome::Parsed);
    let allow = ReadOptions { allow_missing_final_newline: true, ..ReadOptions::default() };
    assert_eq!(read_file(body_of(3).trim_end().into(), 1 << 20, &allow).outcome, Outcome::Parsed);
}
