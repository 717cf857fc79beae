//! What accounts use of their shares, and the disk that is left: asked before anything is taken.

use super::Web;
use super::auth::Me;
use crate::domain::share::Share;
use crate::media::free_bytes;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::words::problems;
use axum::http::StatusCode;

impl Web {
    /// Uses some of an account's shares.
    ///
    /// # Errors
    /// [`Problem::Spent`]: nothing was used.
    pub async fn use_shares(&self, me: &Me, wanted: Vec<(Share, u64)>) -> Result<(), Problem> {
        let used = self.site.accounts.use_shares(me.account.id, wanted, self.site.shares, self.now()).await?;
        Ok(used.inspect_err(|spent| {
            metrics::counter!("firegrid_share_spent_total", "share" => spent.share.name()).increment(1);
            tracing::warn!(account.id = me.account.id, "an account's share of {} is spent", spent.share.name());
        })?)
    }

    /// Uses the share of one photo of so many bytes, unless the disk has no room for any.
    pub async fn take_photo(&self, me: &Me, bytes: u64) -> Result<(), Problem> {
        self.has_room().await?;
        self.use_shares(me, vec![(Share::Photos, 1), (Share::PhotoBytes, bytes)]).await
    }

    /// Refuses photos while the disk has no more than what recording keeps for itself.
    pub async fn has_room(&self) -> Result<(), Problem> {
        let floor = u64::from(self.site.shares.free_disk_mb) * 1_000_000;
        let path = self.site.database.clone();
        let free = run_blocking(move || free_bytes(&path)).await??;
        if free >= floor {
            return Ok(());
        }
        metrics::counter!("firegrid_upload_rejected_total", "reason" => "disk_floor").increment(1);
        Err(Problem::refused(StatusCode::INSUFFICIENT_STORAGE, problems::DISK_NEARLY_FULL))
    }
}
