//! Serves the pages: over TLS with the configured certificate, or plain to this machine and the named proxies.
//!
//! The listener is our own because a connection must not be able to wait for ever or in any number
//! (docs/decisions/0037): [`connections`] holds the limits, [`watched`] notes how far each connection is.

mod certificate;
mod connections;
mod watched;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub(super) use certificate::Certificate;
pub(super) use connections::ConnectionLimits;
use connections::{Connections, Place, Slot};
use watched::{Answer, Watched};

/// How long open requests may take once the service is to stop: a page takes less than a second, a photo in parts goes
/// on where it stands, and half of the ten seconds of a stop is left for the database.
const DRAIN: Duration = Duration::from_secs(5);

/// How often connections whose time is over are looked for.
const SWEEP: Duration = Duration::from_secs(1);

/// How long the listener waits where the system gives no connection out.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);

/// Most bytes of a request's head, and of an answer that waits for its line.
const BUFFER: usize = 64 * 1024;

/// Most requests at once on one connection of HTTP/2; a page with its pictures asks for a few dozen.
const STREAMS: u32 = 64;

/// What a caller may send ahead on one connection of HTTP/2, and on one of its streams: enough for a photo over a good
/// line.
const WINDOW: u32 = 256 * 1024;
const STREAM_WINDOW: u32 = 128 * 1024;

/// What every connection needs.
struct Server {
    http: Builder<TokioExecutor>,
    router: Router,
    certificate: Option<Arc<Certificate>>,
}

/// Serves until cancelled.
///
/// # Errors
/// Never by itself; a task of the service has a result.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    certificate: Option<Arc<Certificate>>,
    limits: ConnectionLimits,
    cancel: CancellationToken,
) -> anyhow::Result<()> {
    if let Some(certificate) = &certificate {
        tokio::spawn(certificate.clone().follow(cancel.clone()));
    }
    let connections = Connections::new(limits, cancel.clone());
    let server = Arc::new(Server { http: http(), router, certificate });
    let tasks = TaskTracker::new();
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => break,
            _ = sweep.tick() => connections.sweep(Instant::now()),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // One that finds no room is closed.
                    if let Some(place) = connections.take(peer.ip(), Instant::now()) {
                        tasks.spawn(server.clone().converse(stream, peer, place));
                    }
                }
                Err(error) => wait_after(&error).await,
            },
        }
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(DRAIN, tasks.wait()).await.is_err() {
        tracing::warn!("requests that were still open after {} seconds were cut off", DRAIN.as_secs());
        connections.cut_all();
    }
    Ok(())
}

/// A caller who was gone before he was let in is nothing; a system without descriptors or memory needs a moment.
async fn wait_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!("cannot accept connections: {error}");
        tokio::time::sleep(ACCEPT_AGAIN).await;
    }
}

fn http() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    // Its own limit would also end connections that are kept alive; `connections` tells the two apart.
    http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_connection_window_size(WINDOW)
        .initial_stream_window_size(STREAM_WINDOW)
        .max_send_buf_size(BUFFER)
        .max_header_list_size(u32::try_from(BUFFER).unwrap_or(u32::MAX));
    http
}

impl Server {
    /// Answers what one connection asks, until it ends or has to.
    async fn converse(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Place) {
        let slot = &place.slot;
        // Without it small answers come later, and nothing else is lost.
        let _ = stream.set_nodelay(true);
        let stream = Watched::new(stream, slot.clone());
        tokio::select! {
            biased;
            () = slot.cut.cancelled() => {}
            () = self.answer(stream, peer, slot) => {}
        }
    }

    async fn answer(&self, stream: Watched, peer: SocketAddr, slot: &Arc<Slot>) {
        let Some(certificate) = &self.certificate else { return self.answer_http(stream, peer, slot).await };
        match certificate.acceptor().accept(stream).await {
            Ok(stream) => self.answer_http(stream, peer, slot).await,
            Err(error) => tracing::debug!("a caller speaks no TLS: {error}"),
        }
    }

    async fn answer_http(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        slot: &Arc<Slot>,
    ) {
        let service = service_fn(|request: Request<Incoming>| {
            let in_work = slot.begin(request.version() == axum::http::Version::HTTP_2);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answered = self.router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answered.await?.map(|body| Answer::new(body, in_work))) }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = slot.winding_down.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!("a connection broke off: {error}");
        }
    }
}
