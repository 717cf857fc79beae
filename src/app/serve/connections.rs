//! How many connections there may be, in all and from one network, and how long each may keep its place.
//!
//! A connection costs a file descriptor, and whoever holds them all stops pages, feeds and the database. So each has to
//! go on: the head of a request comes within [`HEAD`], a connection that is asked nothing and an answer that nobody
//! takes end after [`IDLE`]. Where there is no room left, the one that is nearest to its end of those that wait for their
//! caller makes way for the new one: a flood of half requests displaces itself, and a page among it is answered.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

/// The whole head of a request, and before the first one the handshake of TLS, comes within this time.
pub(super) const HEAD: Duration = Duration::from_secs(10);

/// A connection that is asked nothing is kept this long, and so is one whose caller takes no more of an answer.
pub(super) const IDLE: Duration = Duration::from_secs(75);

/// The log tells of a lack of room at most this often.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// How many connections there may be.
#[derive(Debug, Clone)]
pub(in crate::app) struct ConnectionLimits {
    /// In all.
    pub in_all: usize,
    /// From one address; of IPv6 from one /64, which is what one customer has.
    pub per_network: usize,
    /// Proxies, which speak for many: only the limit in all is theirs.
    pub proxies: Vec<IpAddr>,
}

/// Who opened a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Network(IpAddr),
    /// Its callers are not known before they ask, so it makes way last.
    Proxy,
}

impl Caller {
    fn of(peer: IpAddr, proxies: &[IpAddr]) -> Self {
        if proxies.contains(&peer.to_canonical()) {
            return Self::Proxy;
        }
        match peer.to_canonical() {
            IpAddr::V6(ip) => Self::Network(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into()),
            ip @ IpAddr::V4(_) => Self::Network(ip),
        }
    }
}

/// All connections.
pub(super) struct Connections {
    limits: ConnectionLimits,
    stop: CancellationToken,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    next: u64,
    slots: BTreeMap<u64, Arc<Slot>>,
    /// Connections that made way or found no room since the log told of it.
    crowded: u64,
    told: Option<Instant>,
}

/// A connection's place among the others; dropping it makes room.
pub(super) struct Place {
    connections: Arc<Connections>,
    id: u64,
    /// What is known of the connection.
    pub slot: Arc<Slot>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.held().slots.remove(&self.id);
    }
}

impl Connections {
    /// None yet; `stop` ends each as soon as its requests are answered.
    pub fn new(limits: ConnectionLimits, stop: CancellationToken) -> Arc<Self> {
        Arc::new(Self { limits, stop, held: Mutex::default() })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Whatever is in it is right: a panic while it was held left it between two whole steps.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection, for which another may have to go; `None` where all have requests in work.
    pub fn take(self: &Arc<Self>, peer: IpAddr, now: Instant) -> Option<Place> {
        let caller = Caller::of(peer, &self.limits.proxies);
        let mut held = self.held();
        let is_own = |slot: &Slot| slot.caller == caller;
        let own = held.slots.values().filter(|slot| is_own(slot)).count();
        let has_room = (caller == Caller::Proxy || own < self.limits.per_network || held.make_room(is_own))
            && (held.slots.len() < self.limits.in_all || held.make_room(|_| true));
        if !has_room {
            held.crowded += 1;
            metrics::counter!("firegrid_connections_refused_total").increment(1);
            return None;
        }
        let slot = Arc::new(Slot::new(caller, self.stop.child_token(), now));
        held.next += 1;
        let id = held.next;
        held.slots.insert(id, slot.clone());
        drop(held);
        Some(Place { connections: self.clone(), id, slot })
    }

    /// Ends the connections whose time is over.
    pub fn sweep(&self, now: Instant) {
        let mut held = self.held();
        held.slots.retain(|_, slot| {
            let overdue = slot.progress().overdue(now);
            match overdue {
                None => true,
                // One that may have asked just now is told not to ask more; it is cut by the next sweep.
                Some(Overdue::Idle) if slot.is_multiplexed() && !slot.winding_down.is_cancelled() => {
                    slot.winding_down.cancel();
                    true
                }
                Some(overdue) => {
                    slot.end(overdue.word());
                    false
                }
            }
        });
        metrics::gauge!("firegrid_connections").set(held.slots.len() as f64);
        if held.crowded > 0 && held.told.is_none_or(|told| now.duration_since(told) >= TOLD_EVERY) {
            let ConnectionLimits { in_all, per_network, .. } = self.limits;
            let crowded = std::mem::take(&mut held.crowded);
            held.told = Some(now);
            tracing::warn!(
                "{crowded} connection(s) made way or found no room: {} of {in_all} are open, {per_network} may come \
                 from one address{}",
                held.slots.len(),
                held.busiest().map(|(network, count)| format!(", {count} come from {network}")).unwrap_or_default()
            );
        }
    }

    /// Ends all that are left.
    pub fn cut_all(&self) {
        for slot in std::mem::take(&mut self.held().slots).into_values() {
            slot.end("stop");
        }
    }
}

impl Held {
    /// Ends the connection that is nearest to its end of those that wait for their caller; proxies come last.
    fn make_room(&mut self, may_go: impl Fn(&Slot) -> bool) -> bool {
        let waiting = self.slots.iter().filter(|(_, slot)| may_go(slot)).filter_map(|(id, slot)| {
            let (ends, _) = slot.progress().waits_until()?;
            Some(((slot.caller == Caller::Proxy, ends), *id))
        });
        let Some((_, id)) = waiting.min() else { return false };
        self.crowded += 1;
        if let Some(slot) = self.slots.remove(&id) {
            slot.end("room");
        }
        true
    }

    fn busiest(&self) -> Option<(IpAddr, usize)> {
        let mut counts: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for slot in self.slots.values() {
            if let Caller::Network(network) = slot.caller {
                *counts.entry(network).or_default() += 1;
            }
        }
        counts.into_iter().max_by_key(|(_, count)| *count)
    }
}

/// What is known of one connection.
pub(super) struct Slot {
    caller: Caller,
    progress: Mutex<Progress>,
    /// It takes no further request.
    pub winding_down: CancellationToken,
    /// It ends now.
    pub cut: CancellationToken,
}

impl Slot {
    fn new(caller: Caller, winding_down: CancellationToken, now: Instant) -> Self {
        let progress = Progress { head_since: Some(now), ..Progress::quiet(now) };
        Self { caller, progress: Mutex::new(progress), winding_down, cut: CancellationToken::new() }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_multiplexed(&self) -> bool {
        self.progress().is_multiplexed
    }

    fn end(&self, why: &'static str) {
        metrics::counter!("firegrid_connections_ended_total", "why" => why).increment(1);
        self.cut.cancel();
    }

    /// Bytes came: where nothing is in work, the head of the next request begins.
    pub fn bytes_came(&self, now: Instant) {
        let mut progress = self.progress();
        // HTTP/2 sends more than requests; how long a head may take is then bounded by how long it may ask nothing.
        if progress.requests.is_empty() && !progress.is_multiplexed {
            progress.head_since.get_or_insert(now);
        }
    }

    /// Bytes went: the rest of an answer, as slow as its line is.
    pub fn bytes_went(&self, now: Instant) {
        let mut progress = self.progress();
        if !progress.is_multiplexed {
            progress.quiet_since = now;
            progress.requests.values_mut().flatten().for_each(|since| *since = now);
        }
    }

    /// A whole head came.
    pub fn begin(self: &Arc<Self>, is_multiplexed: bool) -> InWork {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut progress = self.progress();
        progress.is_multiplexed = is_multiplexed;
        progress.head_since = None;
        progress.requests.insert(id, None);
        drop(progress);
        InWork { slot: self.clone(), id }
    }
}

/// A request that was not answered to its end yet.
pub(super) struct InWork {
    slot: Arc<Slot>,
    id: u64,
}

/// For whom the rest of an answer waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// There is no more of it yet.
    Ours,
    /// What there is was not taken yet.
    Theirs,
}

impl InWork {
    /// For whom it waits from now on.
    pub fn waits_for(&self, turn: Turn, now: Instant) {
        let since = (turn == Turn::Theirs).then_some(now);
        if let Some(request) = self.slot.progress().requests.get_mut(&self.id) {
            *request = since;
        }
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        let mut progress = self.slot.progress();
        progress.requests.remove(&self.id);
        progress.quiet_since = Instant::now();
    }
}

/// How far a connection is.
struct Progress {
    /// Since when nothing was asked or sent.
    quiet_since: Instant,
    /// Since when the head of a request comes in.
    head_since: Option<Instant>,
    /// It carries many requests at once (HTTP/2).
    is_multiplexed: bool,
    /// The requests in work, and since when the caller has not taken what there is of the answer.
    requests: BTreeMap<u64, Option<Instant>>,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overdue {
    Head,
    Idle,
    Stalled,
}

impl Overdue {
    fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Idle => "idle",
            Self::Stalled => "stalled",
        }
    }
}

impl Progress {
    fn quiet(now: Instant) -> Self {
        Self { quiet_since: now, head_since: None, is_multiplexed: false, requests: BTreeMap::new() }
    }

    /// How long it may still wait for its caller, and for what; `None` while the caller waits for us.
    fn waits_until(&self) -> Option<(Instant, Overdue)> {
        if self.requests.is_empty() {
            return Some(match self.head_since {
                Some(since) => (since + HEAD, Overdue::Head),
                None => (self.quiet_since + IDLE, Overdue::Idle),
            });
        }
        let stalled: Option<Vec<Instant>> = self.requests.values().copied().collect();
        stalled?.into_iter().max().map(|since| (since + IDLE, Overdue::Stalled))
    }

    fn overdue(&self, now: Instant) -> Option<Overdue> {
        self.waits_until().filter(|(ends, _)| *ends <= now).map(|(_, what)| what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(in_all: usize, per_network: usize) -> Arc<Connections> {
        let proxies = vec!["10.0.0.5".parse().unwrap()];
        Connections::new(ConnectionLimits { in_all, per_network, proxies }, CancellationToken::new())
    }

    fn after(start: Instant, secs: u64) -> Instant {
        start + Duration::from_secs(secs)
    }

    #[test]
    fn one_network_is_an_address_or_a_64() {
        let of = |peer: &str| Caller::of(peer.parse().unwrap(), &["10.0.0.5".parse().unwrap()]);
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("::ffff:10.0.0.5"), Caller::Proxy);
    }

    #[test]
    fn a_flood_of_half_requests_displaces_itself_and_never_a_request_in_work() {
        let all = connections(8, 4);
        let start = Instant::now();
        let from = |peer: &str, secs| all.take(peer.parse().unwrap(), after(start, secs));
        let page = from("192.0.2.1", 0).unwrap();
        let in_work = page.slot.begin(false);
        let flood: Vec<_> = (0..100).map(|i| from("192.0.2.1", i / 20).unwrap()).collect();
        assert!(!page.slot.cut.is_cancelled());
        assert_eq!(
            flood.iter().filter(|place| !place.slot.cut.is_cancelled()).count(),
            3,
            "and the page is the fourth"
        );
        assert!(!flood[99].slot.cut.is_cancelled(), "the newest has the longest to go");
        // From many networks it is the limit in all that holds.
        let many: Vec<_> = (0..100).map(|i| from(&format!("198.51.100.{i}"), 5).unwrap()).collect();
        assert_eq!(all.held().slots.len(), 8);
        assert!(!page.slot.cut.is_cancelled() && !many[99].slot.cut.is_cancelled());
        drop((in_work, flood, many));
        assert_eq!(all.held().slots.len(), 1);
    }

    #[test]
    fn where_all_have_requests_in_work_the_new_one_finds_no_room() {
        let all = connections(3, 2);
        let now = Instant::now();
        let take = |peer: &str| all.take(peer.parse().unwrap(), now);
        let places: Vec<_> = ["192.0.2.1", "192.0.2.1", "10.0.0.5"].map(|peer| take(peer).unwrap()).into();
        let _in_work: Vec<_> = places.iter().map(|place| place.slot.begin(false)).collect();
        assert!(take("192.0.2.1").is_none() && take("192.0.2.9").is_none() && take("10.0.0.5").is_none());
    }

    #[test]
    fn a_proxy_may_have_more_than_one_network_and_makes_way_last() {
        let all = connections(4, 1);
        let start = Instant::now();
        let proxied: Vec<_> = (0..3).map(|_| all.take("10.0.0.5".parse().unwrap(), start).unwrap()).collect();
        let first = all.take("192.0.2.1".parse().unwrap(), after(start, 5)).unwrap();
        let second = all.take("192.0.2.2".parse().unwrap(), after(start, 6)).unwrap();
        assert!(first.slot.cut.is_cancelled() && !second.slot.cut.is_cancelled());
        assert!(proxied.iter().all(|place| !place.slot.cut.is_cancelled()));
    }

    #[test]
    fn each_step_of_a_connection_has_its_time() {
        /// What happened, and when, in seconds.
        type Steps = &'static [(&'static str, u64)];
        let table: [(Steps, u64, Option<Overdue>); 12] = [
            (&[], 9, None),
            (&[], 10, Some(Overdue::Head)),
            // Drops of a head do not make its time longer.
            (&[("came", 1), ("came", 9)], 10, Some(Overdue::Head)),
            (&[("begin", 1), ("end", 2)], 76, None),
            (&[("begin", 1), ("end", 2)], 77, Some(Overdue::Idle)),
            (&[("begin", 1), ("end", 2), ("came", 50)], 60, Some(Overdue::Head)),
            // A slow line takes what was answered bit by bit.
            (&[("begin", 1), ("end", 2), ("went", 70)], 140, None),
            // A stream of events waits for us.
            (&[("begin", 1), ("ours", 2)], 9000, None),
            (&[("begin", 1), ("theirs", 2)], 77, Some(Overdue::Stalled)),
            (&[("begin", 1), ("theirs", 2), ("ours", 70)], 200, None),
            (&[("begin", 1), ("theirs", 2), ("went", 70)], 140, None),
            // HTTP/2 says more than requests, and stays no longer for it.
            (&[("begin 2", 1), ("end", 2), ("came", 50), ("went", 50)], 77, Some(Overdue::Idle)),
        ];
        for (steps, at, expected) in table {
            let start = Instant::now();
            let slot = Arc::new(Slot::new(Caller::Proxy, CancellationToken::new(), start));
            let mut request = None;
            for (step, secs) in steps {
                let now = after(start, *secs);
                match *step {
                    "came" => slot.bytes_came(now),
                    "went" => slot.bytes_went(now),
                    "ours" => request.as_ref().map_or((), |work: &InWork| work.waits_for(Turn::Ours, now)),
                    "theirs" => request.as_ref().map_or((), |work: &InWork| work.waits_for(Turn::Theirs, now)),
                    "end" => {
                        request = None;
                        slot.progress().quiet_since = now;
                    }
                    version => request = Some(slot.begin(version == "begin 2")),
                }
            }
            assert_eq!(slot.progress().overdue(after(start, at)), expected, "{steps:?} at {at} s");
        }
    }

    #[test]
    fn an_idle_connection_of_http_2_is_told_before_it_is_cut() {
        let all = connections(4, 4);
        let start = Instant::now();
        let place = all.take("192.0.2.1".parse().unwrap(), start).unwrap();
        drop(place.slot.begin(true));
        all.sweep(after(start, 80));
        assert!(place.slot.winding_down.is_cancelled() && !place.slot.cut.is_cancelled());
        all.sweep(after(start, 81));
        assert!(place.slot.cut.is_cancelled());
    }
}
