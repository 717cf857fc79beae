//! Bodies that are photos or tables: written to disk as they come, because they wait there for a decoder or a reader of
//! tables, and a hundred of them in memory would be more than a small server has.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use futures_util::StreamExt as _;

use crate::media::{Spool, Uploads};
use crate::web::Web;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;

/// Bytes gathered before they are written: fewer would be many small writes.
const WRITE_BYTES: usize = 256 * 1024;

/// A body that is coming in.
pub(in crate::web) struct Incoming {
    spool: Spool,
    gathered: Vec<u8>,
    most: u64,
}

impl Incoming {
    /// Of at most so many bytes.
    pub async fn begin(web: &Web, most: u64) -> Result<Self, Problem> {
        let uploads = Uploads::beside(&web.site.database);
        let spool = run_blocking(move || uploads.spool()).await??;
        Ok(Self { spool, gathered: Vec::new(), most })
    }

    /// Takes what came.
    pub async fn take(mut self, bytes: &[u8]) -> Result<Self, Problem> {
        let here = self.spool.length() + self.gathered.len() as u64 + bytes.len() as u64;
        if here > self.most {
            return Err(Problem::too_large(self.most));
        }
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= WRITE_BYTES { self.written().await } else { Ok(self) }
    }

    /// The whole of it.
    pub async fn end(self) -> Result<Arc<Spool>, Problem> {
        Ok(Arc::new(self.written().await?.spool))
    }

    async fn written(mut self) -> Result<Self, Problem> {
        let written = run_blocking(move || {
            let gathered = std::mem::take(&mut self.gathered);
            self.spool.append(&gathered).map(|()| self)
        });
        Ok(written.await??)
    }
}

/// Takes a whole body of at most so many bytes.
pub(super) async fn spooled(web: &Web, body: Body, most: u64) -> Result<Arc<Spool>, Problem> {
    if body.size_hint().lower() > most {
        return Err(Problem::too_large(most));
    }
    let mut incoming = Incoming::begin(web, most).await?;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| Problem::BadBody(format!("it broke off: {error}")))?;
        incoming = incoming.take(&part).await?;
    }
    incoming.end().await
}
