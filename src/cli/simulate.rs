//! `firegrid simulate`: FIRMS-form files of a simulated burning day, over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::ground::Ground;
use crate::simulate::{Anchor, Options, Simulator};

/// Arguments of `simulate`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    #[command(flatten)]
    season: SeasonArgs,
}

/// What kind of day is simulated.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SeasonArgs {
    /// The same seed gives the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of true fires.
    #[arg(long, default_value_t = 40)]
    fires: usize,
    /// Simulated seconds per real second.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Let the simulated passes come at their real local hours instead of making it an afternoon now.
    #[arg(long)]
    real_hours: bool,
    /// Write the truth (every fire and what each pass saw of it) to this file.
    #[arg(long, value_name = "FILE")]
    truth: Option<std::path::PathBuf>,
}

/// Rows an hour and satellite from elsewhere: few, but a feed's newest row is minutes from the last.
const ELSEWHERE_AN_HOUR: usize = 6;

impl SeasonArgs {
    /// Builds the simulator for a ground and writes the truth where asked.
    pub(super) fn simulator(&self, ground: &Arc<Ground>) -> anyhow::Result<Arc<Simulator>> {
        let options = Options {
            seed: self.seed,
            fires: self.fires,
            speed: self.speed,
            elsewhere: ELSEWHERE_AN_HOUR,
            anchor: if self.real_hours { Anchor::Hours } else { Anchor::Afternoon },
            ..Options::default()
        };
        let simulator = Simulator::new(ground.clone(), Arc::new(app::now), options)?;
        if let Some(path) = &self.truth {
            let text = serde_json::to_string_pretty(&simulator.truth()?)?;
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(Arc::new(simulator))
    }
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
    let simulator = args.season.simulator(&ground)?;
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    let cancel = CancellationToken::new();
    app::cancel_on_signal(cancel.clone());
    output::note(&format!(
        "simulated FIRMS files at http://{0}/data/active_fire/, the truth at http://{0}/truth.json  (Ctrl-C stops it)",
        listener.local_addr()?
    ));
    simulator.serve(listener, cancel).await?;
    Ok(Done::Completed)
}
