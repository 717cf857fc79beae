//! `firegrid run`: the service.

use tokio_util::sync::CancellationToken;

use super::{Done, output};
use crate::app::{self, Service};
use crate::config::Config;
use crate::words::commands::run::NO_ACCOUNT;

pub(super) async fn run(config: Config) -> anyhow::Result<Done> {
    let Some(service) = output::passed(Service::prepare(config).await?) else { return Ok(Done::Fault) };
    let cancel = CancellationToken::new();
    app::cancel_on_signal(cancel.clone());
    output::note(&format!("firegrid is running: {}/  (Ctrl-C stops it)", service.url()));
    if service.store().accounts().all().await?.is_empty() {
        output::note(NO_ACCOUNT);
    }
    service.run(cancel).await?;
    Ok(Done::Completed)
}
