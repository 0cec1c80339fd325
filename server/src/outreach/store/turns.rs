//! Who may have the server check changes, and when: checking takes processor time, and
//! whoever sends much must not make everybody else wait.
//!
//! A request is worked on in turns of a few milliseconds. There are as many places as
//! processors. When more ask than there are places, the organisation goes first that has
//! the fewest at work and waited longest, and within it the request that waited longest:
//! requests of one organisation, and organisations, go round.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use sync_core::ids::{DeviceId, OrganisationId};
use tokio::sync::{Notify, oneshot};

use crate::shared::database::StoreError;
use crate::shared::longest::Longest;

/// How long a device's second request waits for its first.
const PATIENCE: Duration = Duration::from_secs(2);

/// The places at work, and who waits for one; clones share them.
#[derive(Debug, Clone)]
pub struct Turns {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    places: usize,
    state: Mutex<State>,
    /// Told when a device's request ends.
    left: Notify,
    figures: TurnFigures,
}

#[derive(Debug, Default)]
struct State {
    /// Devices with a request.
    present: BTreeSet<DeviceId>,
    /// Places taken, by organisation.
    at_work: BTreeMap<OrganisationId, usize>,
    /// When an organisation last got a place, in places given.
    served: BTreeMap<OrganisationId, u64>,
    given: u64,
    waiting: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    organisation: OrganisationId,
    place: oneshot::Sender<Place>,
}

/// What turns take; clones share the figures.
#[derive(Debug, Clone)]
pub struct TurnFigures {
    /// Seconds that a turn took.
    pub turn_seconds: Histogram,
    /// The longest that a turn went on without looking at the time.
    pub longest_piece: Longest,
}

impl Default for TurnFigures {
    fn default() -> Self {
        Self {
            turn_seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 12)),
            longest_piece: Longest::default(),
        }
    }
}

/// A device's request, of which there is one at a time.
#[derive(Debug)]
pub(crate) struct Present {
    turns: Turns,
    device: DeviceId,
}

/// A place at work, taken until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    turns: Turns,
    organisation: OrganisationId,
}

impl Default for Turns {
    fn default() -> Self {
        let processors = std::thread::available_parallelism();
        Self::with(processors.map_or(2, std::num::NonZero::get))
    }
}

impl Turns {
    /// So many places at work.
    fn with(places: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                places,
                state: Mutex::default(),
                left: Notify::new(),
                figures: TurnFigures::default(),
            }),
        }
    }

    /// What turns take.
    pub fn figures(&self) -> &TurnFigures {
        &self.shared.figures
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in it is left half done by a panic.
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a device has no other request.
    pub(crate) async fn enter(&self, device: DeviceId) -> Result<Present, StoreError> {
        let entered = async {
            loop {
                let left = self.shared.left.notified();
                if self.state().present.insert(device) {
                    return;
                }
                left.await;
            }
        };
        tokio::time::timeout(PATIENCE, entered)
            .await
            .map_err(|_| StoreError::Busy)?;
        Ok(Present {
            turns: self.clone(),
            device,
        })
    }

    /// Waits for a place.
    pub(crate) async fn place(&self, organisation: &OrganisationId) -> Result<Place, StoreError> {
        let waits = {
            let mut state = self.state();
            if state.waiting.is_empty() && state.taken() < self.shared.places {
                state.take(organisation);
                None
            } else {
                let (place, waits) = oneshot::channel();
                state.waiting.push_back(Waiter {
                    organisation: organisation.clone(),
                    place,
                });
                Some(waits)
            }
        };
        match waits {
            None => Ok(Place {
                turns: self.clone(),
                organisation: organisation.clone(),
            }),
            Some(waits) => waits.await.map_err(|_| StoreError::Closed),
        }
    }

    fn give_back(&self, organisation: &OrganisationId) {
        let mut state = self.state();
        state.give_back(organisation);
        // Places of those that stopped waiting come back once the state is free.
        let mut unwanted = Vec::new();
        while state.taken() < self.shared.places
            && let Some(next) = state.next()
        {
            state.take(&next.organisation);
            let place = Place {
                turns: self.clone(),
                organisation: next.organisation,
            };
            if let Err(place) = next.place.send(place) {
                unwanted.push(place);
            }
        }
        drop(state);
        drop(unwanted);
    }
}

impl State {
    fn taken(&self) -> usize {
        self.at_work.values().sum()
    }

    fn take(&mut self, organisation: &OrganisationId) {
        *self.at_work.entry(organisation.clone()).or_default() += 1;
        self.given += 1;
        self.served.insert(organisation.clone(), self.given);
    }

    fn give_back(&mut self, organisation: &OrganisationId) {
        if let Some(taken) = self.at_work.get_mut(organisation) {
            *taken -= 1;
            if *taken == 0 {
                self.at_work.remove(organisation);
            }
        }
    }

    /// Picks who gets the next place.
    fn next(&mut self) -> Option<Waiter> {
        let rank = |waiter: &Waiter| {
            let organisation = &waiter.organisation;
            (
                self.at_work.get(organisation).copied().unwrap_or(0),
                self.served.get(organisation).copied().unwrap_or(0),
            )
        };
        let (index, _) = self
            .waiting
            .iter()
            .enumerate()
            .min_by_key(|(index, waiter)| (rank(waiter), *index))?;
        self.waiting.remove(index)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.turns.state().present.remove(&self.device);
        self.turns.shared.left.notify_waiters();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.turns.give_back(&self.organisation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(name: &str) -> OrganisationId {
        name.parse().unwrap()
    }

    /// Asks for a place, and notes when it got it.
    fn ask(turns: &Turns, name: &'static str, got: &Arc<Mutex<Vec<&'static str>>>) {
        let (turns, got) = (turns.clone(), Arc::clone(got));
        tokio::spawn(async move {
            let place = turns.place(&organisation(name)).await.unwrap();
            got.lock().unwrap().push(name);
            tokio::task::yield_now().await;
            drop(place);
        });
    }

    #[tokio::test]
    async fn organisations_go_round_however_many_requests_one_of_them_has() {
        let turns = Turns::with(1);
        let first = turns.place(&organisation("a")).await.unwrap();
        let got = Arc::default();
        for name in ["a", "a", "a", "a", "b", "b"] {
            ask(&turns, name, &got);
        }
        tokio::task::yield_now().await;
        drop(first);
        while got.lock().unwrap().len() < 6 || turns.state().taken() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(*got.lock().unwrap(), ["b", "a", "b", "a", "a", "a"]);
    }

    #[tokio::test]
    async fn who_stops_waiting_takes_no_place() {
        let turns = Turns::with(1);
        let first = turns.place(&organisation("a")).await.unwrap();
        let b = organisation("b");
        let gone = tokio::time::timeout(Duration::from_millis(5), turns.place(&b));
        assert!(gone.await.is_err());
        drop(first);
        assert_eq!(turns.state().taken(), 0);
        let again = turns.place(&b).await.unwrap();
        assert_eq!(turns.state().taken(), 1);
        drop(again);
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_has_one_request_at_a_time() {
        let turns = Turns::with(2);
        let device = DeviceId::from_bytes([1; 8]);
        let first = turns.enter(device).await.unwrap();
        assert!(matches!(turns.enter(device).await, Err(StoreError::Busy)));
        let other = turns.enter(DeviceId::from_bytes([2; 8])).await.unwrap();
        let waits = tokio::spawn({
            let turns = turns.clone();
            async move { turns.enter(device).await.map(drop) }
        });
        tokio::task::yield_now().await;
        drop((first, other));
        assert!(waits.await.unwrap().is_ok());
        assert!(turns.state().present.is_empty());
    }
}
