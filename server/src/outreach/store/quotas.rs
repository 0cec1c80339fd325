//! How much a device, and an organisation, may send a day: far above what anybody does
//! by hand, so that a stolen phone or a broken program cannot fill the server.
//!
//! Counted in memory. A server that starts counts what its log says came today.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::counter::Counter;
use sync_core::authority::Capacity;
use sync_core::gate::{Rejection, RejectionCode};
use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;
use tokio::sync::OnceCell;

use super::port::Scope;
use super::port::log::{Came, LogStore};
use crate::config::Limits;
use crate::shared::database::StoreError;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// The changes that have come today, by who sent them.
#[derive(Debug, Default)]
pub struct Quotas {
    limits: Mutex<Option<Limits>>,
    state: Mutex<State>,
    counted: OnceCell<()>,
    /// Documents that were put off because of it.
    pub put_off: Counter,
}

#[derive(Debug, Default)]
struct State {
    day: i64,
    devices: BTreeMap<DeviceId, Used>,
    organisations: BTreeMap<OrganisationId, u64>,
}

/// The changes that a device has sent today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Documents that it made or changed, each time it did.
    pub documents: u64,
    /// Bytes of changes.
    pub bytes: u64,
    /// Places that it made.
    pub places: u64,
    /// The hour of its newest alert, and the alerts in it.
    alerts: (i64, u64),
}

/// The changes that have come today, for whoever watches over it.
#[derive(Debug, Clone, Default)]
pub struct Today {
    /// The limits of a day; without, there are none.
    pub limits: Option<Limits>,
    /// From each device that has sent anything.
    pub devices: BTreeMap<DeviceId, Used>,
    /// Documents from each organisation's devices.
    pub organisations: BTreeMap<OrganisationId, u64>,
}

/// The allowance that is left for a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    limits: Option<Limits>,
    used: Used,
    organisation: u64,
    hour: i64,
}

impl Quotas {
    /// Sets the limits; without, there are none.
    pub fn limit(&self, limits: Limits) {
        *lock(&self.limits) = Some(limits);
    }

    /// Returns what has come today, and what may.
    ///
    /// # Errors
    /// When the store cannot be read for what came before the server started.
    pub async fn today(&self, store: &impl LogStore, now: Instant) -> Result<Today, StoreError> {
        self.counted
            .get_or_try_init(|| self.count(store, now))
            .await?;
        let mut state = lock(&self.state);
        state.turn(now);
        Ok(Today {
            limits: *lock(&self.limits),
            devices: state.devices.clone(),
            organisations: state.organisations.clone(),
        })
    }

    /// Returns what a request may bring.
    pub(crate) async fn allowance(
        &self,
        store: &impl LogStore,
        scope: &Scope,
        now: Instant,
    ) -> Result<Allowance, StoreError> {
        // The desk's hand is people's, and its door has limits of its own.
        let phone = matches!(scope.capacity, Capacity::Worker | Capacity::Coordinator);
        let limits = lock(&self.limits).filter(|_| phone);
        // Before anything is added: what came before would be counted twice.
        self.counted
            .get_or_try_init(|| self.count(store, now))
            .await?;
        let mut state = lock(&self.state);
        state.turn(now);
        Ok(Allowance {
            limits,
            used: state
                .devices
                .get(&scope.device)
                .copied()
                .unwrap_or_default(),
            organisation: state
                .organisations
                .get(&scope.organisation)
                .copied()
                .unwrap_or(0),
            hour: now.0.div_euclid(HOUR),
        })
    }

    /// Counts what came today before the server started.
    async fn count(&self, store: &impl LogStore, now: Instant) -> Result<(), StoreError> {
        let since = Instant(now.0.div_euclid(DAY) * DAY);
        let came = store.came_since(since).await?;
        let mut state = lock(&self.state);
        state.turn(now);
        for (at, device, organisation, came) in came {
            state.spend(device, organisation, at, came);
        }
        Ok(())
    }

    /// Notes what was stored.
    pub(crate) fn spend(&self, scope: &Scope, now: Instant, came: Came) {
        let mut state = lock(&self.state);
        state.turn(now);
        state.spend(scope.device, Some(scope.organisation.clone()), now, came);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn turn(&mut self, now: Instant) {
        let day = now.0.div_euclid(DAY);
        if self.day != day {
            *self = Self {
                day,
                ..Self::default()
            };
        }
    }

    fn spend(
        &mut self,
        device: DeviceId,
        organisation: Option<OrganisationId>,
        at: Instant,
        came: Came,
    ) {
        let hour = at.0.div_euclid(HOUR);
        self.devices.entry(device).or_default().add(came, hour);
        if let Some(organisation) = organisation {
            *self.organisations.entry(organisation).or_default() += 1;
        }
    }
}

impl Used {
    fn add(&mut self, came: Came, hour: i64) {
        self.documents += 1;
        self.bytes += came.bytes;
        self.places += u64::from(came.new && came.kind == Kind::Place);
        if came.new && came.kind == Kind::Alert {
            self.alerts = (hour, self.alerts_in(hour) + 1);
        }
    }

    fn alerts_in(&self, hour: i64) -> u64 {
        let (of, alerts) = self.alerts;
        if of == hour { alerts } else { 0 }
    }
}

impl Allowance {
    /// Takes what an offer needs, if it is left.
    pub(crate) fn take(&mut self, came: Came) -> Result<(), Rejection> {
        let Some(limits) = self.limits else {
            return Ok(());
        };
        let mut used = self.used;
        used.add(came, self.hour);
        let organisation = self.organisation + 1;
        let checks = [
            (
                used.documents,
                limits.documents.get(),
                "documents a day from this phone",
            ),
            (
                organisation,
                limits.organisation_documents.get(),
                "documents a day from this organisation",
            ),
            (
                used.bytes / 1_000_000,
                limits.megabytes.get(),
                "megabytes a day from this phone",
            ),
            (
                used.places,
                limits.places.get(),
                "new places a day from this phone",
            ),
            (
                used.alerts_in(self.hour),
                limits.alerts_an_hour.get(),
                "alerts an hour from this phone",
            ),
        ];
        for (used, most, what) in checks {
            if used > u64::from(most) {
                return Err(Rejection {
                    code: RejectionCode::Quota,
                    detail: format!("the server takes {most} {what}; the rest waits on the phone"),
                    index: 0,
                });
            }
        }
        self.used = used;
        self.organisation = organisation;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::outreach::store::quarantine::QuarantineStore;
    use sync_core::protocol::is_later;

    use super::*;
    use crate::config::Within;
    use crate::outreach::sync::testing::{City, DAY, NOW, Phone, id, place};

    fn few() -> Limits {
        Limits {
            documents: Within::constant::<3>(),
            ..Limits::default()
        }
    }

    #[tokio::test]
    async fn what_is_more_than_a_days_waits_until_the_next_and_no_restart_forgets() {
        let city = City::new().await;
        city.store.quotas().limit(few());
        let mut anna = Phone::new(1, "forening-a");
        let offers: Vec<_> = (1..=5)
            .map(|n| anna.create(id(n), &place("Bron"), NOW))
            .collect();
        let reply = anna.sync(&city.store, offers.clone()).await;
        let taken: Vec<_> = reply.results.iter().map(|r| r.accepted).collect();
        assert_eq!(taken, [1, 1, 1, 0, 0]);
        let code = &reply.results[3].rejected.as_ref().unwrap().code;
        assert!(code == "quota" && is_later(code));
        // Another device has its own.
        let mut bo = Phone::new(2, "forening-a");
        let other = bo.create(id(9), &place("Parken"), NOW);
        assert_eq!(
            bo.sync(&city.store, vec![other]).await.results[0].accepted,
            1
        );

        let city = City::reopen(city.close());
        city.store.quotas().limit(few());
        let rest = offers[3..].to_vec();
        let reply = anna.sync(&city.store, rest.clone()).await;
        assert!(reply.results.iter().all(|r| r.accepted == 0));
        let tomorrow = Instant(NOW.0 + DAY);
        let reply = anna.sync_at(&city.store, rest, tomorrow).await;
        assert!(reply.results.iter().all(|r| r.accepted == 1));
        let quarantined = city.store.quarantined(anna.scope.organisation.clone(), 9);
        assert_eq!(quarantined.await.unwrap(), []);
    }

    #[tokio::test]
    async fn what_came_today_is_told_also_after_a_restart() {
        let city = City::new().await;
        let mut anna = Phone::new(1, "forening-a");
        let batch = vec![
            anna.create(id(1), &place("Bron"), NOW),
            anna.create(id(2), &place("Parken"), NOW),
        ];
        anna.sync(&city.store, batch).await;
        let told = async |city: &City, now| {
            let today = city.store.quotas().today(&city.store, now).await.unwrap();
            let device = today.devices.get(&anna.scope.device).copied();
            let device = device.unwrap_or_default();
            assert_eq!(device.bytes > 100, device.documents > 0);
            (device.documents, device.places)
        };
        assert_eq!(told(&city, NOW).await, (2, 2));
        let city = City::reopen(city.close());
        assert_eq!(told(&city, NOW).await, (2, 2));
        assert_eq!(told(&city, Instant(NOW.0 + DAY)).await, (0, 0));
    }

    #[test]
    fn places_and_alerts_have_limits_of_their_own() {
        let mut allowance = Allowance {
            limits: Some(Limits::default()),
            used: Used::default(),
            organisation: 0,
            hour: 1,
        };
        let came = |kind| Came {
            kind,
            new: true,
            bytes: 300,
        };
        let most = |allowance: &mut Allowance, kind| {
            (0..3_000)
                .take_while(|_| allowance.take(came(kind)).is_ok())
                .count()
        };
        assert_eq!(most(&mut allowance, Kind::Alert), 30);
        assert_eq!(most(&mut allowance, Kind::Place), 200);
        assert_eq!(most(&mut allowance, Kind::Visit), 2_000 - 230);
        allowance.hour = 2;
        assert!(
            allowance.take(came(Kind::Alert)).is_err(),
            "the day is full"
        );
    }
}
