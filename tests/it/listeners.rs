//! What a flood of connections can do: nothing to a page or a poll, plain or over TLS, from one address or from many.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::installation::{HEADER, Installation, Life, Running, drop_file, row, until};
use crate::reach::{certify, client};

/// Half-open connections of the attack that stopped pages and polls for 90 seconds.
const FLOOD: u16 = 1100;

/// A page is answered well within this while the machine runs other tests too.
const PAGE_LIMIT: Duration = Duration::from_secs(10);

/// The same command with no more open files than this.
fn with_open_files(command: &Command, count: u32) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("ulimit -n {count}; exec \"$0\" \"$@\"")]);
    limited.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(key, value),
            None => limited.env_remove(key),
        };
    }
    limited
}

/// Opens connections that send this and no more; every address of this machine's network is another caller.
async fn flood(to: SocketAddr, from: impl Fn(u16) -> [u8; 4], sent: &[u8]) -> Vec<tokio::net::TcpStream> {
    use tokio::io::AsyncWriteExt as _;
    let mut open = Vec::new();
    for i in 0..FLOOD {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from(i), 0))).unwrap();
        // One that is refused is as good as one that was displaced.
        let Ok(mut line) = socket.connect(to).await else { continue };
        let _ = line.write_all(sent).await;
        open.push(line);
    }
    open
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_requests_by_the_thousand_stop_neither_a_page_nor_a_poll() {
    let own = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: own.maximum, ..own }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let certificate = certify(folder.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let own_tls = format!(
        "[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"https://localhost:{port}\"\n\
         certificate = \"FOLDER/tls.pem\"\nprivate_key = \"FOLDER/tls.key\"\n"
    );
    let one: fn(u16) -> [u8; 4] = |_| [127, 0, 0, 1];
    let many: fn(u16) -> [u8; 4] = |i| [127, 0, 1, 1 + u8::try_from(i % 200).unwrap()];
    for (web, from, sent) in [
        ("", one, "GET / HTTP/1.1\r\nhost: localhost\r\n"),
        ("", many, "GET / HTTP/1.1\r\nhost: localhost\r\n"),
        ("", many, ""),
        (&own_tls, one, ""),
        (&own_tls, many, "\u{16}\u{3}\u{1}"),
    ] {
        let source = "[polling]\ninterval_secs = 10\n[[source]]\nid = \"dropped\"\nkind = \"drop_folder\"\npath = \"FOLDER/drop\"\n";
        let installation = Installation::make(folder.path(), &format!("{web}{source}"));
        let mut command = with_open_files(&installation.command(&["run"]), 1024);
        if !web.is_empty() {
            command.env_remove("FIREGRID_LISTEN");
        }
        let service = Running::start(command, Life::Long).unwrap_or_else(|said| panic!("{said}"));
        let to = SocketAddr::from(([127, 0, 0, 1], service.url.rsplit(':').next().unwrap().parse().unwrap()));
        let open = flood(to, from, sent.as_bytes()).await;
        let client = client(&certificate);
        let asked = Instant::now();
        let page = client.get(format!("{}/sign-in", service.url)).timeout(PAGE_LIMIT).send().await.unwrap();
        assert_eq!(page.status(), 200, "{sent:?} after {:?}", asked.elapsed());
        let drop = folder.path().join("drop");
        let fire = format!("{HEADER}{}", row(122.5, 45.5, jiff::SignedDuration::from_hours(1)));
        drop_file(&drop, "fire.csv", &fire);
        until("the poll", async || !drop.join("fire.csv").exists()).await;
        let metrics = client.get(format!("{}/metrics", service.url)).timeout(PAGE_LIMIT).send().await.unwrap();
        assert!(metrics.text().await.unwrap().contains("firegrid_connections_ended_total{why=\"room\"}"), "{sent:?}");
        assert!(open.len() > usize::from(FLOOD) / 2, "the flood came in: {}", open.len());
    }
}

/// When the service ends a connection on which this was sent; `None` while it is open after `wait`.
fn ended_after(to: &str, sent: &[&[u8]], wait: Duration) -> Option<Duration> {
    let mut line = TcpStream::connect(to).unwrap();
    line.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let began = Instant::now();
    let mut pieces = sent.iter();
    while began.elapsed() < wait {
        if let Some(piece) = pieces.next() {
            // Where it is closed already, the read says so.
            let _ = line.write_all(piece);
        }
        match line.read(&mut [0; 4096]) {
            Ok(0) => return Some(began.elapsed()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => return Some(began.elapsed()),
        }
    }
    None
}

#[test]
fn a_head_has_ten_seconds_and_a_connection_kept_alive_longer() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::make(folder.path(), "source = []\n");
    let service = installation.start();
    let to = service.url.trim_start_matches("http://").to_owned();
    let drops: Vec<&[u8]> = std::iter::once(&b"GET / HTTP/1.1\r\nx: "[..]).chain([&b"y"[..]; 40]).collect();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let table: [(&str, Vec<&[u8]>, bool); 6] = [
        ("nothing", vec![], true),
        ("half a head", vec![b"GET / HTTP/1.1\r\n"], true),
        ("a head in drops", drops, true),
        ("half a preface of HTTP/2", vec![b"PRI * HTTP/2.0\r\n"], true),
        ("HTTP/2 without a request", vec![preface], true),
        ("an answered request", vec![b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"], false),
    ];
    std::thread::scope(|scope| {
        for (what, sent, ends) in &table {
            let to = &to;
            scope.spawn(move || {
                let ended = ended_after(to, sent, Duration::from_secs(18));
                let is_in_time = ended.is_some_and(|after| after >= Duration::from_secs(9));
                assert_eq!(is_in_time, *ends, "{what}: {ended:?}");
            });
        }
    });
}
