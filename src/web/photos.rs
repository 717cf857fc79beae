//! Photos as forms and calls bring and name them.

use std::sync::Arc;

use super::auth::Me;
use super::places::run_blocking;
use super::problem::Problem;
use super::site::Web;
use crate::media::{Photo, PhotoError, Photos};

/// Most photos of one act.
pub(in crate::web) const MAX_PHOTOS: usize = 20;

/// Photos that were uploaded before, by their hashes: by this account, or of an alert or plan that it sees. Naming another
/// one in an alert of one's own would show it to oneself.
pub(in crate::web) async fn photos(web: &Web, me: &Me, hashes: Vec<String>) -> Result<Vec<Photo>, Problem> {
    if hashes.len() > MAX_PHOTOS {
        return Err(Problem::BadBody(format!("{} photos are named, expected at most {MAX_PHOTOS}", hashes.len())));
    }
    let unknown =
        || Problem::BadBody("a photo that is named was never uploaded: POST it to /api/v1/photos first".to_owned());
    for hash in &hashes {
        if !is_known_to(web, me, hash).await? {
            return Err(unknown());
        }
    }
    let originals = Photos::beside(&web.site.database);
    let found =
        run_blocking(move || hashes.iter().map(|hash| originals.find(hash)).collect::<Result<Vec<_>, _>>()).await?;
    // What cannot be read just now was sent all the same: whoever is told otherwise gives it up.
    found.map_err(|error| if error.is_lost_file() { unknown() } else { error.into() })
}

/// Keeps an original and then the row that says who sent it, to the end whatever becomes of the caller: one whose line
/// breaks between the two would be given the hash later and be told that it was never uploaded.
pub(in crate::web) async fn keep_sent<E: Into<Problem> + Send + 'static>(
    web: &Arc<Web>,
    me: &Me,
    keep: impl FnOnce() -> Result<Photo, E> + Send + 'static,
) -> Result<Photo, Problem> {
    // Who goes away while waiting in line has been told nothing, and leaves the line.
    let place = web.places.decoder(me.account.id).await?;
    let (web, account) = (web.clone(), me.account.id);
    let kept = tokio::spawn(async move {
        let photo = run_blocking(move || {
            let _place = place;
            keep()
        });
        let photo = photo.await?.map_err(Into::into)?;
        web.site.accounts.photo_sent(&photo.hash, account, web.now()).await?;
        Ok(photo)
    });
    kept.await.map_err(|_panicked| Problem::Interrupted)?
}

/// Whether an account may name a photo and see it: its sender, or who sees an alert or plan that names it.
pub(in crate::web) async fn is_known_to(web: &Web, me: &Me, hash: &str) -> Result<bool, Problem> {
    Ok(me.store.may_use_photo(hash, me.account.id, web.now()).await?)
}

/// Counts a refusal.
pub(in crate::web) fn counted(problem: PhotoError) -> PhotoError {
    metrics::counter!("firegrid_upload_rejected_total", "reason" => problem.reason()).increment(1);
    problem
}
