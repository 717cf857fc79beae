//! Places that few may hold at once, given out by turns: one place to each who waits, then the next one to each.
//!
//! A line in the order of coming serves whoever sends most: sixty photos of one account stand before the first of
//! another. Here everybody has a line of his own, and the lines take turns. Used by [`crate::store`] for its readers and
//! by [`crate::web`] for whatever takes a core or much memory. Why: docs/decisions/0042.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Who waits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// firegrid itself, which no share holds back.
    Service,
    /// An account, whatever devices and programs of it.
    Account(i64),
    /// A browser that is known, by the digest of its secret.
    Browser(String),
    /// A stranger, by where he comes from; an IPv6 site has 2^64 addresses and is one stranger.
    Address(IpAddr),
}

impl Whose {
    /// A stranger at an address.
    #[must_use]
    pub fn stranger(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        })
    }
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Places in all.
    pub places: usize,
    /// Places that one may hold.
    pub each: usize,
    /// How many of one may wait.
    pub waiting_each: usize,
    /// How many may wait in all.
    pub waiting: usize,
}

/// So many wait already that another one would only lengthen the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many of the same wait already")]
pub struct Crowded;

/// Places and who waits for one.
#[derive(Debug, Clone)]
pub struct Turns {
    state: Arc<Mutex<State>>,
}

/// A place; given back when dropped.
#[derive(Debug)]
pub struct Turn {
    /// Whose it is and where it goes back to; `None` once it was taken back.
    of: Option<(Arc<Mutex<State>>, Whose)>,
}

#[derive(Debug)]
struct State {
    limits: Limits,
    free: usize,
    held: BTreeMap<Whose, usize>,
    /// Everybody who waits, the next to be served in front.
    lines: VecDeque<(Whose, VecDeque<oneshot::Sender<Turn>>)>,
}

impl Turns {
    /// All places free.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let state = State { limits, free: limits.places, held: BTreeMap::new(), lines: VecDeque::new() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Waits for a place. Whoever gives up waiting leaves the line.
    ///
    /// # Errors
    /// [`Crowded`] at once, where too many wait already.
    pub async fn take(&self, whose: Whose) -> Result<Turn, Crowded> {
        let waiting = {
            let mut state = lock(&self.state);
            if state.free > 0 && !state.has_enough(&whose) {
                return Ok(state.give(&self.state, whose));
            }
            state.join(whose)?
        };
        // The places are never closed while somebody holds them.
        waiting.await.map_err(|_gone| Crowded)
    }

    /// Whether nobody holds a place.
    #[must_use]
    pub fn are_all_free(&self) -> bool {
        let state = lock(&self.state);
        state.free == state.limits.places
    }
}

impl State {
    fn has_enough(&self, whose: &Whose) -> bool {
        *whose != Whose::Service && self.held.get(whose).is_some_and(|held| *held >= self.limits.each)
    }

    fn give(&mut self, state: &Arc<Mutex<Self>>, whose: Whose) -> Turn {
        self.free -= 1;
        *self.held.entry(whose.clone()).or_default() += 1;
        Turn { of: Some((state.clone(), whose)) }
    }

    fn take_back(&mut self, whose: &Whose) {
        self.free += 1;
        if let Some(held) = self.held.get_mut(whose) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(whose);
            }
        }
    }

    fn join(&mut self, whose: Whose) -> Result<oneshot::Receiver<Turn>, Crowded> {
        for (_, line) in &mut self.lines {
            line.retain(|waiting| !waiting.is_closed());
        }
        self.lines.retain(|(_, line)| !line.is_empty());
        let place = self.lines.iter().position(|(known, _)| *known == whose);
        let in_all: usize = self.lines.iter().map(|(_, line)| line.len()).sum();
        let own = place.and_then(|place| self.lines.get(place)).map_or(0, |(_, line)| line.len());
        if whose != Whose::Service && (own >= self.limits.waiting_each || in_all >= self.limits.waiting) {
            return Err(Crowded);
        }
        let (waiting, turn) = oneshot::channel();
        match place.and_then(|place| self.lines.get_mut(place)) {
            Some((_, line)) => line.push_back(waiting),
            None => self.lines.push_back((whose, VecDeque::from([waiting]))),
        }
        Ok(turn)
    }

    /// Gives out what is free: one place to the line in front that may have one, which then stands behind the others.
    fn serve(&mut self, state: &Arc<Mutex<Self>>) {
        while self.free > 0 {
            let next = self.lines.iter().position(|(whose, _)| !self.has_enough(whose));
            let Some((whose, mut line)) = next.and_then(|place| self.lines.remove(place)) else { return };
            let Some(waiting) = line.pop_front() else { continue };
            if !line.is_empty() {
                self.lines.push_back((whose.clone(), line));
            }
            let turn = self.give(state, whose);
            if let Err(mut unwanted) = waiting.send(turn)
                && let Some((_, whose)) = unwanted.of.take()
            {
                self.take_back(&whose);
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((places, whose)) = self.of.take() {
            let mut state = lock(&places);
            state.take_back(&whose);
            state.serve(&places);
        }
    }
}

/// Nothing in here can panic half-way, so a poisoned lock is still good.
fn lock(state: &Arc<Mutex<State>>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn turns(places: usize, each: usize) -> Turns {
        Turns::new(Limits { places, each, waiting_each: 4, waiting: 6 })
    }

    /// Puts somebody into the line and notes when he is served.
    fn wait(turns: &Turns, who: i64, served: &Arc<Mutex<Vec<i64>>>) -> tokio::task::JoinHandle<()> {
        let (turns, served) = (turns.clone(), served.clone());
        tokio::spawn(async move {
            let _turn = turns.take(Whose::Account(who)).await.unwrap();
            served.lock().unwrap().push(who);
            tokio::task::yield_now().await;
        })
    }

    #[tokio::test]
    async fn whoever_sends_most_does_not_stand_before_whoever_sends_one() {
        let turns = turns(1, 1);
        let held = turns.take(Whose::Account(1)).await.unwrap();
        let served = Arc::default();
        let mut all = Vec::new();
        for who in [1, 1, 1, 2, 3, 1] {
            all.push(wait(&turns, who, &served));
            tokio::task::yield_now().await;
        }
        drop(held);
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(*served.lock().unwrap(), [1, 2, 3, 1, 1, 1]);
        assert!(turns.are_all_free());
    }

    #[tokio::test]
    async fn one_holds_no_more_than_his_share_and_the_service_is_not_held_back() {
        let turns = turns(3, 1);
        let mine = turns.take(Whose::Account(1)).await.unwrap();
        let second = turns.take(Whose::Account(1));
        assert!(tokio::time::timeout(Duration::from_millis(20), second).await.is_err(), "a place is free, not for him");
        let _others = turns.take(Whose::Account(2)).await.unwrap();
        let _own = turns.take(Whose::Service).await.unwrap();
        drop(mine);
        let _again = turns.take(Whose::Account(1)).await.unwrap();
    }

    #[tokio::test]
    async fn a_line_that_is_long_enough_takes_nobody_more() {
        let turns = turns(1, 1);
        let held = turns.take(Whose::Account(1)).await.unwrap();
        let served = Arc::default();
        let mut all = Vec::new();
        for who in [1, 1, 1, 1, 2, 3] {
            all.push(wait(&turns, who, &served));
        }
        tokio::task::yield_now().await;
        assert_eq!(turns.take(Whose::Account(1)).await.unwrap_err(), Crowded, "four of his wait");
        assert_eq!(turns.take(Whose::Account(4)).await.unwrap_err(), Crowded, "six wait in all");
        all.iter().for_each(tokio::task::JoinHandle::abort);
        for one in all {
            assert!(one.await.unwrap_err().is_cancelled());
        }
        drop(held);
        assert!(turns.are_all_free(), "who gave up holds no place");
        turns.take(Whose::Account(4)).await.unwrap();
    }

    #[test]
    fn an_ipv6_site_is_one_stranger() {
        let stranger = |text: &str| Whose::stranger(text.parse().unwrap());
        assert_eq!(stranger("2001:db8:1:2::1"), stranger("2001:db8:1:2:ffff::9"));
        assert_ne!(stranger("2001:db8:1:2::1"), stranger("2001:db8:1:3::1"));
        assert_eq!(stranger("::ffff:10.0.0.1"), stranger("10.0.0.1"));
        assert_ne!(stranger("10.0.0.2"), stranger("10.0.0.1"));
    }
}
