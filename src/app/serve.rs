//! Serves the pages: over TLS with the configured certificate, which is read anew when it changes, or plain to this
//! machine and the named proxies.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How often the certificate's files are looked at; a look costs nothing.
const CERTIFICATE_CHECK: Duration = Duration::from_secs(2);

/// How long open requests may take once the service is to stop: a page takes less than a second, a photo in parts goes
/// on where it stands, and half of the ten seconds of a stop is left for the database.
const DRAIN: Duration = Duration::from_secs(5);

/// The files of a certificate.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    /// PEM file of the chain.
    pub chain: PathBuf,
    /// PEM file of the key.
    pub key: PathBuf,
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// When they cannot be read, hold nothing usable, or do not belong together.
    pub async fn load(&self) -> anyhow::Result<RustlsConfig> {
        RustlsConfig::from_pem_file(&self.chain, &self.key).await.with_context(|| self.what())
    }

    async fn reload(&self, config: &RustlsConfig) -> anyhow::Result<()> {
        config.reload_from_pem_file(&self.chain, &self.key).await.with_context(|| self.what())
    }

    fn what(&self) -> String {
        format!("cannot use the certificate {} with the key {}", self.chain.display(), self.key.display())
    }

    fn changed_at(&self) -> Option<(SystemTime, SystemTime)> {
        let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
        changed(&self.chain).zip(changed(&self.key))
    }
}

/// Serves until cancelled.
///
/// # Errors
/// When the server ends by itself.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<(Certificate, RustlsConfig)>,
    cancel: CancellationToken,
) -> anyhow::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let Some((certificate, config)) = tls else {
        let served = axum::serve(listener, service).with_graceful_shutdown(cancel.clone().cancelled_owned());
        return tokio::select! {
            served = served.into_future() => Ok(served?),
            () = drained(cancel) => Ok(()),
        };
    };
    let handle = Handle::new();
    let (stop, stopping) = (cancel.clone(), handle.clone());
    tokio::spawn(async move {
        stop.cancelled().await;
        stopping.graceful_shutdown(Some(DRAIN));
    });
    let renewal = tokio::spawn(follow(certificate, config.clone(), cancel));
    let served = axum_server::from_tcp_rustls(listener.into_std()?, config)?.handle(handle).serve(service).await;
    renewal.abort();
    Ok(served?)
}

/// Returns when open requests had their time: half a request whose other half never comes would keep the process.
async fn drained(cancel: CancellationToken) {
    cancel.cancelled_owned().await;
    tokio::time::sleep(DRAIN).await;
    tracing::warn!("requests that were still open after {} seconds were cut off", DRAIN.as_secs());
}

/// Takes up a renewed certificate; one that cannot be used leaves the old one in place.
async fn follow(certificate: Certificate, config: RustlsConfig, cancel: CancellationToken) {
    let mut known = certificate.changed_at();
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(CERTIFICATE_CHECK) => {}
        }
        let now = certificate.changed_at();
        if now == known {
            continue;
        }
        match certificate.reload(&config).await {
            Ok(()) => {
                tracing::info!("the renewed certificate is used from now on");
                known = now;
            }
            // Perhaps only one of the two files was written so far: it is looked at again.
            Err(error) => tracing::error!("the certificate in use stays: {error:#}"),
        }
    }
}
