//! A scriptable HTTP/1.1 origin on a raw socket: every wrong thing a server can do, on purpose.
//!
//! Built on bytes, not on an HTTP library, because a library would refuse to be wrong. Every request is
//! recorded. Each connection serves one request and is closed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// The whole head, as text.
    pub head: String,
}

impl Request {
    /// The path with its query.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// A header's value; names in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// How the body's length is announced.
#[derive(Debug, Clone, Copy)]
pub enum Framing {
    /// `Content-Length` of the whole body, whatever is then really sent.
    Length,
    /// `Content-Length` of this many bytes.
    LyingLength(usize),
    /// Chunked; a cut leaves the last chunk away.
    Chunked,
    /// Nothing: the end of the connection is the end of the body.
    UntilClose,
}

/// An answer to give.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    framing: Framing,
    sent: Sent,
}

/// What is really sent of an answer.
#[derive(Debug, Clone, Copy)]
enum Sent {
    Whole,
    CutAt(usize),
    Drip(Duration),
    Endless,
    Nothing,
    CloseAtOnce,
}

impl Answer {
    /// An answer with a body, sent whole and truthfully.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), framing: Framing::Length, sent: Sent::Whole }
    }

    /// With a header more.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another framing.
    pub fn framing(self, framing: Framing) -> Self {
        Self { framing, ..self }
    }

    /// The connection is closed after so many bytes of the body.
    pub fn cut_at(self, bytes: usize) -> Self {
        Self { sent: Sent::CutAt(bytes), ..self }
    }

    /// The body comes byte by byte, with a pause after each.
    pub fn drip(self, pause: Duration) -> Self {
        Self { sent: Sent::Drip(pause), ..self }
    }

    /// The body is repeated without end (chunked).
    pub fn endless(self) -> Self {
        Self { sent: Sent::Endless, framing: Framing::Chunked, ..self }
    }

    /// The request is read and never answered.
    pub fn hang() -> Self {
        Self { sent: Sent::Nothing, ..Self::new(200, "") }
    }

    /// The request is read and the connection closed.
    pub fn close_at_once() -> Self {
        Self { sent: Sent::CloseAtOnce, ..Self::new(200, "") }
    }

    /// The body packed with gzip and announced so.
    pub fn gzip(mut self) -> Self {
        self.body = gzip(&self.body);
        self.header("Content-Encoding", "gzip")
    }
}

/// Packs bytes with gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The origin. It stops when dropped.
pub struct Origin {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    answer: Arc<Mutex<Answer>>,
    bytes_sent: Arc<Mutex<usize>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Origin {
    /// Starts an origin on a free port that gives one answer to everything, until [`Origin::now_answer`].
    pub async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(answer));
        let bytes_sent = Arc::new(Mutex::new(0));
        let shared = (Arc::clone(&requests), Arc::clone(&answer), Arc::clone(&bytes_sent));
        let task = tokio::spawn(async move {
            let (requests, answer, bytes_sent) = shared;
            // One set for all connections, so that aborting the origin ends them too.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (requests, answer) = (Arc::clone(&requests), Arc::clone(&answer));
                let bytes_sent = Arc::clone(&bytes_sent);
                connections.spawn(async move {
                    // A client that goes away early is what many tests want: no failure here.
                    let _ = serve(stream, &requests, &answer, &bytes_sent).await;
                });
            }
        });
        Self { address, requests, answer, bytes_sent, task }
    }

    /// Changes the answer.
    pub fn now_answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// `http://127.0.0.1:port`, as a `base_url`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Bytes of bodies written so far, framing included.
    pub fn bytes_sent(&self) -> usize {
        *self.bytes_sent.lock().unwrap()
    }
}

async fn serve(
    mut stream: TcpStream,
    requests: &Mutex<Vec<Request>>,
    answer: &Mutex<Answer>,
    bytes_sent: &Mutex<usize>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        head.extend_from_slice(&buffer[..read]);
        if head.first() == Some(&0x16) {
            // A TLS hello: answer in the wrong language.
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    }
    let request = Request { head: String::from_utf8_lossy(&head).into_owned() };
    requests.lock().unwrap().push(request);
    let answer = answer.lock().unwrap().clone();
    match answer.sent {
        Sent::Nothing => {
            std::future::pending::<()>().await;
        }
        Sent::CloseAtOnce => return Ok(()),
        _ => {}
    }
    let length = match answer.framing {
        // 204 and 304 have no body and no length.
        _ if matches!(answer.status, 204 | 304) => None,
        Framing::Length => Some(("Content-Length", answer.body.len().to_string())),
        Framing::LyingLength(length) => Some(("Content-Length", length.to_string())),
        Framing::Chunked => Some(("Transfer-Encoding", "chunked".to_owned())),
        Framing::UntilClose => None,
    };
    let mut lines = vec![format!("HTTP/1.1 {} Whatever", answer.status), "Connection: close".to_owned()];
    lines.extend(answer.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(length.map(|(name, value)| format!("{name}: {value}")));
    let text = lines.join("\r\n") + "\r\n\r\n";
    stream.write_all(text.as_bytes()).await?;
    let mut send = async |bytes: &[u8]| {
        stream.write_all(bytes).await?;
        *bytes_sent.lock().unwrap() += bytes.len();
        std::io::Result::Ok(())
    };
    let chunked = matches!(answer.framing, Framing::Chunked);
    let frame = |bytes: &[u8]| {
        if chunked && !bytes.is_empty() {
            [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
        } else {
            bytes.to_vec()
        }
    };
    match answer.sent {
        Sent::Whole => {
            send(&frame(&answer.body)).await?;
            if chunked {
                send(b"0\r\n\r\n").await?;
            }
        }
        Sent::CutAt(end) => send(&frame(&answer.body[..end.min(answer.body.len())])).await?,
        Sent::Drip(pause) => {
            for byte in &answer.body {
                send(&frame(&[*byte])).await?;
                tokio::time::sleep(pause).await;
            }
        }
        Sent::Endless => loop {
            send(&frame(&answer.body)).await?;
        },
        Sent::Nothing | Sent::CloseAtOnce => {}
    }
    stream.shutdown().await
}

#[tokio::test]
async fn the_origin_says_what_it_is_told_and_remembers_who_asked() {
    let origin = Origin::start(Answer::new(418, "short and stout").header("X-Pot", "tea")).await;
    let mut stream = TcpStream::connect(origin.address()).await.unwrap();
    stream.write_all(b"GET /pot?x=1 HTTP/1.1\r\nHost: x\r\nX-Who: me\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 418 ") && text.contains("X-Pot: tea\r\n") && text.ends_with("stout"), "{text}");
    let requests = origin.requests();
    assert_eq!((requests.len(), requests[0].path(), requests[0].header("x-who")), (1, "/pot?x=1", Some("me")));
}
