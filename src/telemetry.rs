//! Logs to standard error and metrics to `/metrics`; set up once by [`crate::cli`].

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging. `FIREGRID_LOG` chooses what is logged (default `info` of firegrid itself),
/// `FIREGRID_LOG_FORMAT=json` how.
///
/// Standard output stays free: it belongs to a command's result.
pub fn start_logging() {
    let filter = EnvFilter::try_from_env("FIREGRID_LOG").unwrap_or_else(|_| EnvFilter::new("firegrid=info,warn"));
    let registry = tracing_subscriber::registry().with(filter);
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let json = std::env::var("FIREGRID_LOG_FORMAT").is_ok_and(|format| format == "json");
    // A second start (tests) keeps the first subscriber.
    let _ = if json { registry.with(to_stderr.json()).try_init() } else { registry.with(to_stderr).try_init() };
}

/// Installs the metrics recorder and returns what renders it.
///
/// # Errors
/// When a recorder is installed already.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}
