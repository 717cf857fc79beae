//! Addresses of before: an alert was called a case. They are answered 308 for one release.

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::response::Redirect;
use axum::routing::any;

use crate::web::Web;

/// The routes that moved.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/api/v1/cases", any(moved))
        .route("/api/v1/cases/{*rest}", any(moved))
        .route("/duty/cases/{*rest}", any(moved))
}

/// The same address with today's name, its query too; method and body are sent again as they were.
async fn moved(uri: Uri) -> Redirect {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    Redirect::permanent(&asked.replacen("/cases", "/alerts", 1))
}
