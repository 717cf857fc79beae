//! The certificate that firegrid speaks TLS with, read anew when its files change.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_util::sync::CancellationToken;

/// How often the certificate's files are looked at; a look costs nothing.
const CHECK: Duration = Duration::from_secs(2);

/// The files of a certificate, and what they held when they could last be used.
pub(in crate::app) struct Certificate {
    /// PEM file of the chain.
    chain: PathBuf,
    /// PEM file of the key.
    key: PathBuf,
    in_use: Mutex<Arc<ServerConfig>>,
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// When they cannot be read, hold nothing usable, or do not belong together.
    pub async fn load(chain: PathBuf, key: PathBuf) -> anyhow::Result<Self> {
        let in_use = Mutex::new(read(&chain, &key).await?);
        Ok(Self { chain, key, in_use })
    }

    /// What speaks TLS with whoever comes next.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.in_use.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn reload(&self) -> anyhow::Result<()> {
        let renewed = read(&self.chain, &self.key).await?;
        *self.in_use.lock().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }

    fn changed_at(&self) -> Option<(SystemTime, SystemTime)> {
        let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
        changed(&self.chain).zip(changed(&self.key))
    }

    /// Takes up a renewed certificate; one that cannot be used leaves the old one in place.
    pub async fn follow(self: Arc<Self>, cancel: CancellationToken) {
        let mut known = self.changed_at();
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(CHECK) => {}
            }
            let now = self.changed_at();
            if now == known {
                continue;
            }
            match self.reload().await {
                Ok(()) => {
                    tracing::info!("the renewed certificate is used from now on");
                    known = now;
                }
                // Perhaps only one of the two files was written so far: it is looked at again.
                Err(error) => tracing::error!("the certificate in use stays: {error:#}"),
            }
        }
    }
}

async fn read(chain: &PathBuf, key: &PathBuf) -> anyhow::Result<Arc<ServerConfig>> {
    let what = || format!("cannot use the certificate {} with the key {}", chain.display(), key.display());
    let (chain_pem, key_pem) = (tokio::fs::read(chain).await, tokio::fs::read(key).await);
    let (chain_pem, key_pem) = (chain_pem.with_context(what)?, key_pem.with_context(what)?);
    config_of(&chain_pem, &key_pem).with_context(what)
}

fn config_of(chain: &[u8], key: &[u8]) -> anyhow::Result<Arc<ServerConfig>> {
    let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>().context("the chain is no PEM")?;
    let key = PrivateKeyDer::from_pem_slice(key).context("the key is no PEM of a private key")?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
