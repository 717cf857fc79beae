//! A stop while callers have sent half of what they have to say: it takes less than ten seconds and is no failure.
//! And a log that nobody can take: the service runs on without it.

use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use crate::installation::{Installation, Running, client, until};

const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Opens a line and sends this much of a request.
fn half(url: &str, text: &str) -> TcpStream {
    let mut line = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    line.write_all(text.as_bytes()).unwrap();
    line
}

#[test]
fn a_stop_waits_for_nobody_who_sent_half_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::make(folder.path(), "source = []\n");
    let token = installation.add_office();
    let service = installation.start();
    let sign_in = format!("host: localhost\r\nauthorization: Bearer {token}\r\n");
    let part = "tus-resumable: 1.0.0\r\ncontent-type: application/offset+octet-stream\r\nupload-offset: 0\r\n";

    let mut begun = half(
        &service.url,
        &format!(
            "POST /api/v1/uploads HTTP/1.1\r\n{sign_in}tus-resumable: 1.0.0\r\nupload-length: 9000\r\n\
                  content-length: 0\r\nconnection: close\r\n\r\n"
        ),
    );
    let mut answer = String::new();
    begun.read_to_string(&mut answer).unwrap();
    let upload = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();

    let open = [
        ("nothing", String::new()),
        ("half a line", "GET / HT".to_owned()),
        ("half a head", format!("GET /status HTTP/1.1\r\n{sign_in}")),
        ("half a body", format!("POST /api/v1/alerts HTTP/1.1\r\n{sign_in}content-length: 500\r\n\r\n{{\"source\":")),
        (
            "a chunk of many",
            format!("POST /api/v1/photos HTTP/1.1\r\n{sign_in}transfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n"),
        ),
        ("half an upload", format!("PATCH {upload} HTTP/1.1\r\n{sign_in}{part}content-length: 9000\r\n\r\nabcd")),
        ("a stream of events", format!("GET /api/v1/events HTTP/1.1\r\n{sign_in}\r\n")),
        ("a line kept alive", format!("GET /livez HTTP/1.1\r\n{sign_in}\r\n")),
        ("the wrong protocol", "\u{16}\u{3}\u{1}\u{2}".to_owned()),
    ];
    let lines: Vec<_> = open.iter().map(|(_, text)| half(&service.url, text)).collect();
    // Until the service has read what came last.
    std::thread::sleep(Duration::from_millis(300));
    let (status, took) = service.stop();
    assert!(status.success() && took < STOP_LIMIT, "{status} after {took:?}");
    drop(lines);
}

/// Starts the service at a free address with its two outputs there.
async fn start_with_outputs(installation: &Installation, out: Stdio, err: Stdio) -> Running {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = installation.command(&["run"]);
    command.env("FIREGRID_LISTEN", free.to_string()).stdout(out).stderr(err);
    let running = Running::new(command.spawn().unwrap(), format!("http://{free}"));
    let client = client();
    until("the service answers", async || {
        assert!(!running.has_ended(), "the service ended by its own log");
        client.get(format!("{}/livez", running.url)).send().await.is_ok()
    })
    .await;
    running
}

/// An output that takes nothing.
enum Mute {
    FullDisk,
    ClosedPipe,
    /// One that could read it sleeps.
    StuffedPipe {
        _reader: PipeReader,
        writer: PipeWriter,
    },
}

impl Mute {
    fn output(&self) -> Stdio {
        match self {
            Self::FullDisk => File::options().write(true).open("/dev/full").unwrap().into(),
            Self::ClosedPipe => std::io::pipe().unwrap().1.into(),
            Self::StuffedPipe { writer, .. } => writer.try_clone().unwrap().into(),
        }
    }

    fn stuff(&self) {
        if let Self::StuffedPipe { writer, .. } = self {
            let mut writer = writer.try_clone().unwrap();
            // Waits for room until the reader is gone.
            std::thread::spawn(move || writer.write_all(&vec![b'x'; 1 << 20]));
        }
    }
}

#[tokio::test]
async fn a_service_whose_log_nobody_takes_runs_on() {
    let (reader, writer) = std::io::pipe().unwrap();
    for mute in [Mute::FullDisk, Mute::ClosedPipe, Mute::StuffedPipe { _reader: reader, writer }] {
        let folder = tempfile::tempdir().unwrap();
        let installation = Installation::make(folder.path(), "source = []\n");
        let service = start_with_outputs(&installation, mute.output(), mute.output()).await;
        mute.stuff();
        // Both times there is something to log: that the files are bad, and that they are good again.
        let manifest = installation.path("region/region.toml");
        let good = std::fs::read_to_string(&manifest).unwrap();
        std::fs::write(&manifest, "id = 3").unwrap();
        service.signal("-HUP");
        let (client, metrics) = (client(), format!("{}/metrics", service.url));
        let asked = async || client.get(&metrics).send().await.unwrap().text().await.unwrap();
        until("the refusal", async || asked().await.contains("firegrid_zone_reload_failures_total 1")).await;
        std::fs::write(&manifest, good.replace("10.0", "11.0")).unwrap();
        service.signal("-HUP");
        let (status, took) = service.stop();
        assert!(status.success() && took < STOP_LIMIT, "{status} after {took:?}");
    }
}

#[test]
fn a_command_whose_output_cannot_be_written_says_so_by_its_exit_code_and_does_not_panic() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::make(folder.path(), "source = []\n");
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let status = installation.command(&["status", "--json"]).stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(1), "a result that is lost is a failure, and 101 would be a panic");
}
