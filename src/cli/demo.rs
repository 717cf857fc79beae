//! `firegrid demo`: simulator and service in one process; no network, nothing left behind.

mod accounts;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::simulate::SeasonArgs;
use super::{Done, output};
use crate::app::{self, Service};
use crate::config::Config;
use crate::simulate;
use crate::words::commands::demo::welcome;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    season: SeasonArgs,
}

pub(super) async fn run(args: Args, mut config: Config) -> anyhow::Result<Done> {
    let Some(loaded) = output::passed(crate::regions::load(&config.region)) else { return Ok(Done::Fault) };
    let ground = std::sync::Arc::new(crate::domain::ground::Ground::build(loaded.data));
    let simulator = args.season.simulator(&ground)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base_url = format!("http://{}", listener.local_addr()?);

    // Simulated fires never enter the database of the real service.
    let folder = DemoFolder::make(config.database.parent().unwrap_or_else(|| std::path::Path::new(".")))?;
    if std::env::var_os("FIREGRID_DATABASE").is_none() {
        config.database = folder.0.join("demo.sqlite");
    }
    config.simulated = true;
    config.sources = simulate::sources(&base_url);
    config.polling.interval_secs = DEMO_POLL_SECS;

    let Some(service) = output::passed(Service::prepare(config).await?) else { return Ok(Done::Fault) };
    accounts::make(service.store(), &ground, &simulator.truth()?, app::now()).await?;
    let cancel = CancellationToken::new();
    app::cancel_on_signal(cancel.clone());
    let address = service.address();
    output::note(&welcome(address, &base_url));
    let simulation = tokio::spawn(simulator.serve(listener, cancel.clone()));
    let ran = service.run(cancel.clone()).await;
    cancel.cancel();
    simulation.await??;
    ran?;
    Ok(Done::Completed)
}

/// The demo asks often, so that rows show soon after the simulated satellites deliver them.
const DEMO_POLL_SECS: u64 = 10;

/// A folder for the demo's database, removed when the demo ends.
struct DemoFolder(std::path::PathBuf);

impl DemoFolder {
    fn make(beside: &std::path::Path) -> anyhow::Result<Self> {
        let folder = beside.join(format!("demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!("could not remove {}: {error}", self.0.display());
        }
    }
}
