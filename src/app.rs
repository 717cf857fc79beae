//! Builds everything, supervises the tasks, stops them in order. The only file that knows
//! all modules.

mod database;
mod deadlines;
mod descriptors;
mod heads;
mod private;
mod region_files;
mod scopes;
mod serve;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch as channel;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::heads::append as append_head;
use self::serve::{Certificate, ConnectionLimits};
use crate::config::{Config, Fault, MapConfig, TilesKind, WebConfig};
use crate::domain::account::Stay;
use crate::domain::freshness::Patience;
use crate::domain::ground::{Ground, RegionData, RegionVersion};
use crate::domain::policy::Policy;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::media::{Bodies, Uploads};
use crate::regions::{self, Bundle, Loaded};
use crate::source::Network;
use crate::source::http::Limits;
use crate::store::{self, Activation, Look, Old, Outside, RegionAct, RegionFiles, Store};
use crate::vitals::Vitals;
use crate::watch::{self, Watch};
use crate::web::{self, AccountRules, BaseTiles, MapTiles, Origin, Reach, Site};

/// How long tasks may take to end after they were asked to; closing the database has the rest of ten seconds.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(7);

/// After how long reads of the database that still run are interrupted: no page takes this long on an ordinary day.
const INTERRUPT_AFTER: Duration = Duration::from_secs(4);

/// How often those that began meanwhile are interrupted too.
const INTERRUPT_AGAIN: Duration = Duration::from_millis(100);

/// How often old raw bodies and given-up uploads are looked for; they are kept for days, so hours do not matter.
const HOUSEKEEPING: Duration = Duration::from_hours(6);

/// How soon housekeeping looks again while the clock is not believed.
const HOUSEKEEPING_RETRY: Duration = Duration::from_mins(1);

pub use private::keep_private;

/// The clock: the one place outside the simulator that asks for the time.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Opens the configured database.
///
/// # Errors
/// When it cannot be opened safely.
pub fn open_store(config: &Config) -> anyhow::Result<Store> {
    let store = Store::open_witnessed(&config.database, outside(config))
        .with_context(|| format!("cannot open the database {}", config.database.display()))?;
    private::close_to_others(&config.database);
    Ok(store)
}

/// What of the record stands outside the database.
#[must_use]
pub fn outside(config: &Config) -> Outside<'_> {
    Outside { heads: config.audit.heads.as_deref(), key: config.audit.key.as_deref(), accepted: None }
}

/// When feeds count as late and stale.
#[must_use]
pub fn patience(config: &Config) -> Patience {
    Patience {
        late_after: SignedDuration::from_hours(i64::from(config.polling.late_after_hours)),
        stale_after: SignedDuration::from_hours(i64::from(config.polling.stale_after_hours)),
    }
}

/// The active ground as stored in the database, if any.
///
/// # Errors
/// When the stored files cannot be read.
pub async fn stored_ground(store: &Store) -> anyhow::Result<Option<Arc<Ground>>> {
    let Some(stored) = active_region(store).await? else { return Ok(None) };
    ground_of_stored(&stored).map(Some)
}

fn ground_of_stored(stored: &StoredRegion) -> anyhow::Result<Arc<Ground>> {
    let bundle = Bundle::from_bytes(&stored.bundle)
        .with_context(|| format!("the stored region version {} cannot be unpacked", stored.version))?;
    let loaded = regions::parse(bundle).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        anyhow::anyhow!("the stored region version {} does not pass today's checks: {first}", stored.version)
    })?;
    Ok(Arc::new(Ground::build(loaded.data)))
}

/// As [`stored_ground`]; `None` also where the stored files do not pass today's checks, which the log tells: what is to
/// replace them must not wait for them.
///
/// # Errors
/// When the database cannot be read.
pub async fn stored_ground_if_sound(store: &Store) -> anyhow::Result<Option<Arc<Ground>>> {
    let Some(stored) = active_region(store).await? else { return Ok(None) };
    let ground = ground_of_stored(&stored);
    Ok(ground.inspect_err(|error| tracing::warn!("{error:#}; going on without it")).ok())
}

/// Makes a loaded region the active one; true when that changed anything.
///
/// # Errors
/// When it cannot be stored.
pub async fn activate(store: &Store, loaded: &Loaded) -> anyhow::Result<bool> {
    Ok(activate_and_tell(store, loaded).await?.changed)
}

/// As [`activate`], and says what became of the burn plans of the files.
///
/// # Errors
/// When it cannot be stored.
pub async fn activate_and_tell(store: &Store, loaded: &Loaded) -> anyhow::Result<Activation> {
    let packed = loaded.bundle.to_bytes().context("cannot pack the region files")?;
    let data = &loaded.data;
    let activation = store.activate_region(files_of(data, packed), None, now()).await?;
    settle_activation(store, loaded, &activation).await?;
    Ok(activation)
}

/// Makes a loaded region the active one because a person did something, and records it.
///
/// # Errors
/// When it cannot be stored.
pub async fn activate_by(store: &Store, loaded: &Loaded, act: RegionAct) -> anyhow::Result<bool> {
    let packed = loaded.bundle.to_bytes().context("cannot pack the region files")?;
    let activation = store.activate_region(files_of(&loaded.data, packed), Some(act), now()).await?;
    settle_activation(store, loaded, &activation).await?;
    Ok(activation.changed)
}

fn files_of(data: &RegionData, bundle: Vec<u8>) -> RegionFiles {
    let (region_id, version, plans) = (data.id.clone(), data.version.clone(), data.burn_plans.clone());
    RegionFiles { region_id, version, bundle, plans }
}

/// The hash of the active region version; cheap.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_version(store: &Store) -> Result<Option<RegionVersion>, store::Error> {
    Ok(store.whole().regions().await?.active().cloned())
}

/// The files of the active region version, packed.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_region(store: &Store) -> Result<Option<StoredRegion>, store::Error> {
    let Some(version) = active_version(store).await? else { return Ok(None) };
    let bundle = store.whole().region_bundle(version.clone()).await?;
    Ok(bundle.map(|bundle| StoredRegion { version, bundle }))
}

/// A region version as stored.
#[derive(Debug, Clone)]
pub struct StoredRegion {
    /// Content hash.
    pub version: RegionVersion,
    /// The files, in the container of [`crate::regions`].
    pub bundle: Vec<u8>,
}

/// What follows from an activation: the log says what became of the plans, and alerts find their units in
/// the new tree.
async fn settle_activation(store: &Store, loaded: &Loaded, activation: &Activation) -> anyhow::Result<()> {
    let version = &loaded.data.version;
    if activation.changed {
        tracing::info!(region.version = %version, "region version {} is active", version.short());
    }
    let mut outcomes = std::collections::BTreeMap::new();
    for plan in &activation.plans {
        tracing::debug!(plan.id = %plan.plan_id, "burn plan {} of the region files: {:?}", plan.plan_id, plan.outcome);
        *outcomes.entry(format!("{:?}", plan.outcome)).or_insert(0_u32) += 1;
    }
    for (outcome, plans) in outcomes {
        tracing::info!(plans, "{plans} burn plans of the region files: {}", outcome.to_lowercase());
    }
    // A service does it beside its other work, as soon as it takes the version up.
    if !store.is_served() {
        store.refresh_scopes(Arc::new(Ground::build(loaded.data.clone()))).await?;
    }
    Ok(())
}

/// The ground a command judges by, without changing anything.
///
/// While a service runs on the database it is the version that service uses; otherwise the
/// region files speak, as they will when the service starts.
///
/// # Errors
/// When the database cannot be read. Faults of the region files come back inside.
pub async fn ground_of(config: &Config) -> anyhow::Result<Result<Arc<Ground>, Vec<Fault>>> {
    if config.database.exists() {
        let store = open_store(config)?;
        if store.is_served()
            && let Some(ground) = stored_ground(&store).await?
        {
            return Ok(Ok(ground));
        }
    }
    Ok(regions::load(&config.region).map(|loaded| Arc::new(Ground::build(loaded.data))))
}

/// What decides at a moment beside the ground: what the database knows, and of files that were not taken
/// up yet what they would bring.
///
/// # Errors
/// When the database cannot be read.
pub async fn policy_of(config: &Config, ground: &Ground, at: Timestamp) -> anyhow::Result<Policy> {
    let rules = config.domain_rules();
    let of_files = Policy { plan_rules: rules.plans, ..Policy::from_region(ground.data()) };
    if !config.database.exists() {
        return Ok(of_files);
    }
    let store = open_store(config)?;
    let mut policy = store.policy(vec![at], rules, ground.data().time_zone.clone()).await?;
    if active_version(&store).await?.as_ref() != Some(ground.version()) {
        let known: std::collections::BTreeSet<_> = policy.plans.iter().map(|plan| plan.id.clone()).collect();
        policy.plans.extend(of_files.plans.into_iter().filter(|plan| !known.contains(&plan.id)));
    }
    Ok(policy)
}

/// The ground a command records by: as [`ground_of`], and made the active version.
///
/// # Errors
/// When the database cannot be used. Faults of the region files come back inside.
pub async fn settle_ground(config: &Config, store: &Store) -> anyhow::Result<Result<Arc<Ground>, Vec<Fault>>> {
    if store.is_served()
        && let Some(ground) = stored_ground(store).await?
    {
        return Ok(Ok(ground));
    }
    let loaded = match regions::load(&config.region) {
        Ok(loaded) => loaded,
        Err(faults) => return Ok(Err(faults)),
    };
    activate(store, &loaded).await?;
    Ok(Ok(Arc::new(Ground::build(loaded.data))))
}

/// A service that is ready to run: everything opened, bound and checked.
pub struct Service {
    config: Config,
    store: Store,
    listener: TcpListener,
    ground: channel::Sender<Arc<Ground>>,
    metrics: PrometheusHandle,
    hangup: Signal,
    vitals: Arc<Vitals>,
    certificate: Option<Arc<Certificate>>,
    limits: ConnectionLimits,
    _lock: crate::store::RunLock,
}

impl Service {
    /// Opens the store, claims it, loads the region, binds the address.
    ///
    /// # Errors
    /// When any of that fails. Faults of the region files come back inside where no stored version can stand in.
    pub async fn prepare(config: Config) -> anyhow::Result<Result<Self, Vec<Fault>>> {
        let store = open_store(&config)?;
        let lock = store.lock_for_run()?;
        store.check(Look::Short).await?;
        let vitals = Arc::new(Vitals::default());
        let ground = match region_files::ground_to_start_by(&store, &config.region, &vitals).await? {
            Ok(ground) => ground,
            Err(faults) => return Ok(Err(faults)),
        };
        let certificate = match config.web.tls() {
            Some((chain, key)) => Some(Arc::new(Certificate::load(chain.clone(), key.clone()).await?)),
            None => None,
        };
        let limits = connection_limits(&config.web);
        let listen = config.web.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}; choose another address with FIREGRID_LISTEN or web.listen")
        })?;
        let (ground, _) = channel::channel(ground);
        let metrics = crate::telemetry::start_metrics()?;
        // Before anybody is told that the service runs: a hangup nobody listens for ends the process.
        let hangup = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
        Ok(Ok(Self { config, store, listener, ground, metrics, hangup, certificate, limits, vitals, _lock: lock }))
    }

    /// Where the pages are.
    #[must_use]
    pub fn address(&self) -> std::net::SocketAddr {
        self.listener.local_addr().unwrap_or(self.config.web.listen)
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The address that people use.
    #[must_use]
    pub fn url(&self) -> String {
        match self.config.web.public_url.as_str() {
            "" => format!("http://{}", self.address()),
            public => public.trim_end_matches('/').to_owned(),
        }
    }

    /// Runs until `cancel` or a task ends by itself; then stops every task in order.
    ///
    /// # Errors
    /// When a task ended that should not have, or one did not stop in time.
    pub async fn run(self, cancel: CancellationToken) -> anyhow::Result<()> {
        let mut tasks: JoinSet<(&'static str, anyhow::Result<()>)> = JoinSet::new();
        let vitals = self.vitals;
        recall_clock(&self.store, &vitals).await;
        let rules = Arc::new(self.config.domain_rules());
        let watching = Watch {
            store: self.store.clone(),
            bodies: Bodies::beside(self.store.path()),
            ground: self.ground.subscribe(),
            rules: rules.clone(),
            clock: Arc::new(now),
            vitals: vitals.clone(),
        };
        let network = Network::new(Limits::default()).context("cannot set up the HTTP client")?;
        let network = Arc::new(network.with_lists(&self.config.lists));
        for (place, source) in self.config.sources.clone().into_iter().enumerate() {
            let (watching, network, cancel) = (watching.clone(), network.clone(), cancel.clone());
            let interval = watch::interval(&self.config);
            tasks.spawn(async move {
                watch::first_turn(place, &source, &cancel).await;
                watch::keep_polling(watching, source, network, interval, cancel).await;
                ("a poller", Ok(()))
            });
        }
        let site = Arc::new(Site {
            database: self.store.path().to_owned(),
            accounts: self.store.accounts(),
            health: self.store.health(),
            ground: self.ground.subscribe(),
            patience: patience(&self.config),
            link_gap: rules.link_gap,
            rules: rules.clone(),
            burn_rules: self.config.burn_rules(),
            approval_rules: self.config.heat_sources.approval_rules(),
            suggest_rules: self.config.heat_sources.suggest_rules(),
            reach: Reach {
                origin: Origin::parse(&self.config.web.public_url),
                proxies: self.config.web.trusted_proxies.clone(),
                hsts_subdomains: self.config.web.hsts_subdomains,
            },
            account_rules: account_rules(&self.config),
            shares: self.config.shares,
            #[cfg(feature = "oidc")]
            sign_on: sign_on(&self.config)?,
            sources: self.config.sources.iter().map(|source| source.id.clone()).collect(),
            tiles: base_tiles(&self.config.map),
            simulated: self.config.simulated,
            clock: Arc::new(now),
            vitals: vitals.clone(),
            metrics: {
                let metrics = self.metrics.clone();
                Arc::new(move || metrics.render())
            },
            started_at: now(),
            sqlite_version: crate::store::sqlite_version().to_owned(),
        });
        let (listener, certificate, limits, stop) = (self.listener, self.certificate, self.limits, cancel.clone());
        let pages = web::router(site).layer(axum::Extension(web::Stopping(cancel.clone())));
        tasks.spawn(async move { ("the web server", serve::serve(listener, pages, certificate, limits, stop).await) });
        let keep = SignedDuration::from_hours(24 * i64::from(self.config.polling.keep_bodies_days));
        let unattached = SignedDuration::from_hours(i64::from(self.config.shares.unattached_hours));
        let (store, trusted, stop) = (self.store.clone(), vitals.clone(), cancel.clone());
        tasks.spawn(async move {
            run_housekeeping(store, (keep, unattached), trusted, stop).await;
            ("housekeeping", Ok(()))
        });
        let (store, ground) = (self.store.clone(), self.ground.subscribe());
        let (trusted, stop) = (vitals.clone(), cancel.clone());
        tasks.spawn(async move {
            deadlines::keep_firing(store, ground, rules, trusted, stop).await;
            ("the deadlines", Ok(()))
        });
        if let Some(file) = self.config.audit.heads.clone() {
            let (store, trusted, stop) = (self.store.clone(), vitals.clone(), cancel.clone());
            tasks.spawn(async move {
                heads::keep_written(store, file, trusted, stop).await;
                ("the audit heads", Ok(()))
            });
        }
        let (store, ground, stop) = (self.store.clone(), self.ground.subscribe(), cancel.clone());
        tasks.spawn(async move {
            scopes::keep_written(store, ground, stop).await;
            ("the scopes of alerts", Ok(()))
        });
        let (store, stop) = (self.store.clone(), cancel.clone());
        tasks.spawn(async move { ("the watch over the database", database::watch_standing(store, stop).await) });
        let (store, stop) = (self.store.clone(), cancel.clone());
        tasks.spawn(async move {
            database::keep_checking(store, stop).await;
            ("the check of the database", Ok(()))
        });
        let (store, region, stop) = (self.store.clone(), self.config.region, cancel.clone());
        tasks.spawn(async move {
            region_files::follow(store, region, self.ground, self.hangup, (vitals, stop)).await;
            ("the region watch", Ok(()))
        });
        supervise(tasks, self.store, cancel).await
    }
}

/// What an earlier run of the service knew of the clock.
async fn recall_clock(store: &Store, vitals: &Vitals) {
    match store.known_clock().await {
        Ok(Some(known)) => vitals.recall(known.certain_at),
        Ok(None) => {}
        // A clock set back is then found by the first answer of a feed.
        Err(error) => tracing::error!("cannot read what was known of the clock: {error}"),
    }
}

/// How many connections there may be, by the configuration and by what the system allows.
fn connection_limits(web: &WebConfig) -> ConnectionLimits {
    let wanted = web.connections;
    let in_all = descriptors::connections(wanted, descriptors::raise_limit());
    if in_all < wanted {
        tracing::warn!(
            "the limit of open files leaves room for {in_all} connections instead of {wanted} (web.connections): raise \
             it, with systemd by LimitNOFILE"
        );
    }
    ConnectionLimits { in_all, per_network: web.connections_per_address, proxies: web.trusted_proxies.clone() }
}

/// How long people stay in.
#[must_use]
pub fn account_rules(config: &Config) -> AccountRules {
    let (accounts, hours) = (&config.accounts, |hours: u32| SignedDuration::from_hours(i64::from(hours)));
    AccountRules {
        office: Stay { unused: hours(accounts.office_hours), longest: hours(24 * accounts.office_longest_days) },
        phone: Stay { unused: hours(24 * accounts.phone_days), longest: hours(24 * accounts.phone_longest_days) },
        link_lasts: hours(accounts.link_hours),
        // The buttons of the demonstration are its point.
        second_step: if config.simulated { Vec::new() } else { accounts.second_step.clone() },
    }
}

/// The city's own sign-on, where there is one; its secret is read anew for each person who comes in.
#[cfg(feature = "oidc")]
fn sign_on(config: &Config) -> anyhow::Result<Option<crate::sign_on::Provider>> {
    let Some(section) = &config.sign_on else { return Ok(None) };
    let settings = crate::sign_on::Settings {
        issuer: section.issuer.clone(),
        client_id: section.client_id.clone(),
        secret: section.secret.clone(),
        name: section.name.clone(),
        site: config.web.public_url.trim_end_matches('/').to_owned(),
        longest_wait: crate::sign_on::LONGEST_WAIT,
    };
    let provider = crate::sign_on::Provider::new(settings).context("cannot set up the city's sign-on ([sign_on])")?;
    Ok(Some(provider))
}

/// What the live map draws under everything; Tianditu's key is read anew for each page.
fn base_tiles(config: &MapConfig) -> BaseTiles {
    let tiles = match (config.tiles, config.file.clone()) {
        (TilesKind::Pmtiles, Some(file)) => MapTiles::Pmtiles(file),
        (TilesKind::Tianditu, _) => {
            let key = config.key.clone();
            MapTiles::Tianditu(Arc::new(move || {
                key.reveal().ok().map(|key| secrecy::ExposeSecret::expose_secret(&key).to_owned())
            }))
        }
        // Without a file there is a fault, and the service does not start.
        (TilesKind::None | TilesKind::Pmtiles, _) => MapTiles::None,
    };
    BaseTiles { tiles, notice: config.notice.clone() }
}

/// Removes raw bodies that are no longer needed and uploads that were given up, every six hours.
async fn run_housekeeping(
    store: Store,
    kept: (SignedDuration, SignedDuration),
    vitals: Arc<Vitals>,
    cancel: CancellationToken,
) {
    loop {
        // By a clock that is not believed nothing is removed: what it takes for old may be of today.
        let wait = match vitals.certain(now()) {
            Some(certain) => {
                remove_old(&store, kept, certain).await;
                HOUSEKEEPING
            }
            None => HOUSEKEEPING_RETRY,
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Removes what is no longer needed at an instant that has certainly passed: raw bodies and photos that nothing names,
/// each kept for so long.
async fn remove_old(store: &Store, (bodies, photos): (SignedDuration, SignedDuration), certain: Timestamp) {
    match store.remove_old(Old::Photos(photos), certain).await {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "removed {removed} photos that no alert and no plan named"),
        Err(error) => tracing::warn!("could not remove photos that nothing names: {error}"),
    }
    match store.remove_old(Old::Bodies(bodies), certain).await {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "removed {removed} raw bodies that are no longer needed"),
        Err(error) => tracing::warn!("could not remove old raw bodies: {error}"),
    }
    let uploads = Uploads::beside(store.path());
    match tokio::task::spawn_blocking(move || uploads.sweep(certain)).await {
        Ok(Ok(0)) => {}
        Ok(Ok(removed)) => tracing::info!(removed, "removed {removed} uploads that were given up"),
        Ok(Err(error)) => tracing::warn!("could not remove uploads that were given up: {error}"),
        Err(error) => tracing::error!("looking for uploads that were given up ended: {error}"),
    }
    if let Err(error) = store.remove_old(Old::Answers, certain).await {
        tracing::warn!("could not remove old answers of calls: {error}");
    }
}

/// Waits for a stop or the unexpected end of a task, then for all to end within the limit, and closes the database.
async fn supervise(
    mut tasks: JoinSet<(&'static str, anyhow::Result<()>)>,
    store: Store,
    cancel: CancellationToken,
) -> anyhow::Result<()> {
    let early = tokio::select! {
        // A task that ends because all are to end is no early end.
        biased;
        () = cancel.cancelled() => None,
        ended = tasks.join_next() => ended,
    };
    cancel.cancel();
    drain(&mut tasks, &store).await;
    store.close().await;
    if let Some(ended) = early {
        let (name, result) = ended.context("a task of the service panicked")?;
        result.with_context(|| format!("{name} ended"))?;
        anyhow::bail!("{name} ended by itself");
    }
    Ok(())
}

/// Waits until all tasks have ended; what still reads after a while is interrupted, what still runs at the end of the
/// limit is aborted.
async fn drain(tasks: &mut JoinSet<(&'static str, anyhow::Result<()>)>, store: &Store) {
    let started = tokio::time::Instant::now();
    let mut next_look = started + INTERRUPT_AFTER;
    loop {
        match tokio::time::timeout_at(next_look, tasks.join_next()).await {
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(_) if started.elapsed() > SHUTDOWN_LIMIT => break,
            Err(_) => {
                store.interrupt_reads();
                next_look += INTERRUPT_AGAIN;
            }
        }
    }
    // Requests that nobody finishes sending: whoever sent them was answered nothing.
    tracing::warn!("{} task(s) did not stop in time and were aborted", tasks.len());
    tasks.abort_all();
}

/// Cancels on Ctrl-C or SIGTERM; a second one ends the process at once.
pub fn cancel_on_signal(cancel: CancellationToken) {
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping; once more to stop at once");
        cancel.cancel();
        stop_signal().await;
        std::process::exit(130);
    });
}

async fn stop_signal() {
    let terminate = signal(SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!("cannot listen for SIGTERM: {error}");
            // Without a handler for either signal the default action ends the process.
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
