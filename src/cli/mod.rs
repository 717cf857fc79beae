//! How people call firegrid: one file per command, exit codes, and what is printed where.
//!
//! Results go to standard output, everything else to standard error; `--json` prints one
//! JSON document and nothing else. Exit codes: 0 done, 1 a fault that is printed, 2 wrong
//! arguments or a record that nothing outside proves, 3 some files of an `ingest` could not be read.

mod acting;
mod alerts;
mod audit;
mod backup;
mod check;
mod demo;
mod explain;
mod export;
mod figures;
mod heat_sources;
mod ingest;
mod moment;
mod official;
mod output;
mod people;
mod photos;
mod plans;
mod regions;
mod rejudge;
mod run;
mod simulate;
mod status;
mod user;
mod weather;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Config, Fault};
use crate::telemetry;

/// 秸秆焚烧火点监测 · Straw-burning fire points, tested against burn-ban and burn-limited zones.
#[derive(Debug, Parser)]
#[command(name = "firegrid", version, about)]
struct Cli {
    /// The configuration file.
    #[arg(long, global = true, default_value = DEFAULT_CONFIG, value_name = "FILE")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

/// How long work on threads of its own may take to end, once the command is done.
const LAST_WORK: std::time::Duration = std::time::Duration::from_millis(500);

const DEFAULT_CONFIG: &str = "config/firegrid.toml";

#[derive(Debug, Subcommand)]
enum Command {
    /// Poll the configured feeds, record alerts, serve the pages; until stopped.
    Run,
    /// The whole service on a simulated burning day, without network.
    Demo(demo::Args),
    /// Check configuration and region files and list every fault at once.
    Check(check::Args),
    /// Read files of fire points (FIRMS, Himawari, configured lists; plain, gzip, ZIP, XLSX; folders too) into the database.
    Ingest(ingest::Args),
    /// What the rules say of any point at any time.
    Explain(explain::Args),
    /// State of every feed.
    Status(status::Args),
    /// List alerts, show one, and do what people do to an alert.
    #[command(alias = "cases")]
    Alerts(alerts::Args),
    /// Take a complaint, its complainant protected.
    Complaints(alerts::ComplaintArgs),
    /// Prove the record, or write its head outside the database.
    Audit(audit::Args),
    /// Copy the database, photos and bodies into a new folder, also while the service runs.
    Backup(backup::Args),
    /// Burn plans: apply, review, order, light, report done; import, export, ledger, progress.
    Plans(Box<plans::Args>),
    /// Official points (官方名单): what lists of days say, kept apart from detections.
    Official(official::Args),
    /// Enter and list burn-weather levels.
    Weather(weather::Args),
    /// Judge recorded detections again: the difference, then the act.
    Rejudge(rejudge::Args),
    /// Pixels, suspected fires and alerts of a period, as every page counts them.
    Figures(figures::Args),
    /// Write detections, fires, alerts, units or zones to standard output.
    Export(export::Args),
    /// Fixed heat sources (固定热源): suggest, list, approve, hand over, renew, end.
    HeatSources(heat_sources::Args),
    /// Reload region files with a dry-run difference, or cut grid cells.
    Regions(regions::Args),
    /// Import and check the lists of people and the duty roster, print responsibility lists.
    People(people::Args),
    /// Accounts: add, list, disable, enable, password, personal sign-in link, token for a program.
    User(user::Args),
    /// Serve FIRMS-form files of a simulated burning day.
    Simulate(simulate::Args),
}

/// How a command ended, when it did not fail outright.
enum Done {
    Completed,
    /// A fault that the command has printed itself.
    Fault,
    /// Some files could not be read.
    PartialFailure,
    /// Nothing is wrong, and nothing proves it.
    Unproven,
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    crate::app::keep_private();
    telemetry::start_logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("cannot start the runtime")),
    };
    let done = runtime.block_on(dispatch(cli));
    // The database is closed by now; what else still runs is not waited for.
    runtime.shutdown_timeout(LAST_WORK);
    telemetry::flush_logging();
    match done {
        Ok(Done::Completed) => ExitCode::SUCCESS,
        Ok(Done::Fault) => ExitCode::from(1),
        Ok(Done::Unproven) => ExitCode::from(2),
        Ok(Done::PartialFailure) => ExitCode::from(3),
        Err(error) => fail(&error),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<Done> {
    if let Command::Check(args) = &cli.command {
        return check::run(args, &cli.config, configure(&cli.config));
    }
    let Some(config) = output::passed(configure(&cli.config)) else { return Ok(Done::Fault) };
    match cli.command {
        Command::Run => run::run(config).await,
        Command::Demo(args) => demo::run(args, config).await,
        Command::Check(_) => Ok(Done::Completed),
        Command::Ingest(args) => ingest::run(args, config).await,
        Command::Explain(args) => explain::run(args, config).await,
        Command::Status(args) => status::run(args, config).await,
        Command::Alerts(args) => alerts::run(args, config).await,
        Command::Complaints(args) => alerts::run_complaints(args, config).await,
        Command::Audit(args) => audit::run(args, config).await,
        Command::Backup(args) => backup::run(args, config).await,
        Command::Plans(args) => plans::run(*args, config).await,
        Command::Official(args) => official::run(args, config).await,
        Command::Weather(args) => weather::run(args, config).await,
        Command::Rejudge(args) => rejudge::run(args, config).await,
        Command::Figures(args) => figures::run(args, config).await,
        Command::Export(args) => export::run(args, config).await,
        Command::HeatSources(args) => heat_sources::run(args, config).await,
        Command::Regions(args) => regions::run(args, config).await,
        Command::People(args) => people::run(args, config).await,
        Command::User(args) => user::run(args, config).await,
        Command::Simulate(args) => simulate::run(args, config).await,
    }
}

/// Defaults < file < environment. The default file may be absent; a named one may not.
fn configure(path: &std::path::Path) -> Result<Config, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut config = if path == std::path::Path::new(DEFAULT_CONFIG) && !path.exists() {
        Config::default()
    } else {
        config::load(path).unwrap_or_else(|found| {
            faults.extend(found);
            Config::default()
        })
    };
    if let Some(folder) = std::env::var_os("FIREGRID_REGION") {
        config.region = folder.into();
    }
    if let Some(file) = std::env::var_os("FIREGRID_DATABASE") {
        config.database = file.into();
    }
    if let Some(listen) = std::env::var_os("FIREGRID_LISTEN") {
        match config::load::parse_address(&listen.to_string_lossy()) {
            Ok(address) => config.web.listen = address,
            Err(message) => faults.push(Fault {
                file: "environment".to_owned(),
                place: "FIREGRID_LISTEN".to_owned(),
                code: "config_bad_value",
                message,
            }),
        }
    }
    if faults.is_empty() {
        // The environment may have changed where it listens.
        faults.extend(config.web.faults().into_iter().map(|(place, message)| Fault {
            file: "configuration".to_owned(),
            place: place.to_owned(),
            code: "config_bad_value",
            message,
        }));
    }
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    output::error(error);
    ExitCode::from(1)
}
