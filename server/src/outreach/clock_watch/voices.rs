//! Phones' clocks compared with the server's: one voice a device.
//!
//! A phone's clock may be wrong and a phone may lie, so nothing is believed of one, of a
//! minority, or of one organisation against others; and what is believed only keeps the
//! server from refusing phones for its own fault. Retention never hangs on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::time::Instant;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// How long a voice counts.
const HEARD: i64 = 24 * HOUR;
/// How near the median a voice lies that agrees.
const AGREES: i64 = 10 * MINUTE;
/// By how much the server must be off.
const OFF: i64 = HOUR;
/// Devices that must agree, of more than one organisation; and of a single one.
const DEVICES: usize = 3;
const DEVICES_OF_ONE: usize = 5;
/// Most devices listened to.
const MOST: usize = 10_000;

#[derive(Debug, Clone)]
struct Voice {
    organisation: OrganisationId,
    offset: i64,
    at: Instant,
}

/// The last voice of each device.
#[derive(Debug, Default)]
pub struct Voices(Mutex<BTreeMap<DeviceId, Voice>>);

impl Voices {
    /// Notes what a device's clock said at `now`. Whether it lies far from the server's.
    pub fn hear(
        &self,
        device: DeviceId,
        organisation: &OrganisationId,
        sent_at: Instant,
        now: Instant,
    ) -> bool {
        let offset = sent_at.0.saturating_sub(now.0);
        let voice = Voice {
            organisation: organisation.clone(),
            offset,
            at: now,
        };
        let mut voices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if voices.len() < MOST || voices.contains_key(&device) {
            voices.insert(device, voice);
        }
        offset.saturating_abs() > OFF
    }

    /// By how much the server's clock is behind what most phones say (ahead: negative), when
    /// they agree that it is off.
    pub fn verdict(&self, now: Instant) -> Option<i64> {
        let mut voices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What was said by a clock that has been set since says nothing.
        voices.retain(|_, voice| (now.0 - HEARD..=now.0).contains(&voice.at.0));
        let median = median(voices.values().map(|voice| voice.offset).collect())?;
        let agrees = |offset: i64| offset.abs_diff(median) <= AGREES.unsigned_abs();
        let agreeing = voices.values().filter(|v| agrees(v.offset)).count();
        let mut by_organisation: BTreeMap<&OrganisationId, Vec<i64>> = BTreeMap::new();
        for voice in voices.values() {
            by_organisation
                .entry(&voice.organisation)
                .or_default()
                .push(voice.offset);
        }
        let organisations = by_organisation.len();
        let agreeing_organisations = by_organisation
            .into_values()
            .filter(|offsets| median_of(offsets).is_some_and(agrees))
            .count();
        let enough = agreeing >= DEVICES && agreeing_organisations >= 2
            || agreeing >= DEVICES_OF_ONE && organisations == 1;
        let most = 2 * agreeing > voices.len() && 2 * agreeing_organisations > organisations;
        (median.saturating_abs() > OFF && enough && most).then_some(median)
    }
}

fn median_of(offsets: &[i64]) -> Option<i64> {
    median(offsets.to_vec())
}

fn median(mut offsets: Vec<i64>) -> Option<i64> {
    offsets.sort_unstable();
    offsets.get(offsets.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);
    const DAY: i64 = 24 * HOUR;

    /// Devices as (organisation, offset).
    fn verdict(devices: &[(&str, i64)]) -> Option<i64> {
        let voices = Voices::default();
        for (n, (organisation, offset)) in (0_u64..).zip(devices) {
            let device = DeviceId::from_bytes(n.to_be_bytes());
            let organisation = organisation.parse().unwrap();
            voices.hear(device, &organisation, Instant(NOW.0 + offset), NOW);
        }
        voices.verdict(NOW)
    }

    #[test]
    fn three_devices_of_two_organisations_that_agree_are_believed() {
        let off = 200 * DAY;
        assert_eq!(
            verdict(&[("a", off), ("a", off + MINUTE), ("b", off)]),
            Some(off)
        );
        assert_eq!(
            verdict(&[("a", -off), ("b", -off), ("b", -off)]),
            Some(-off)
        );
        assert_eq!(verdict(&[("a", off), ("b", off)]), None, "two are few");
        assert_eq!(verdict(&[("a", off); 4]), None, "one organisation");
        assert_eq!(verdict(&[("a", off); 5]), Some(off), "five are enough");
        let apart = [("a", off), ("b", off + HOUR), ("b", off + 2 * HOUR)];
        assert_eq!(verdict(&apart), None, "they do not agree");
        let near = [("a", HOUR), ("b", HOUR), ("b", HOUR)];
        assert_eq!(verdict(&near), None, "not more than an hour");
    }

    #[test]
    fn a_minority_and_one_organisation_against_others_are_not_believed() {
        let off = -90 * DAY;
        let mut devices = vec![("a", off); 4];
        devices.extend([("a", 0), ("b", 0), ("b", 0), ("c", 0)]);
        assert_eq!(verdict(&devices), None);
        // However many phones one organisation has.
        let mut devices = vec![("a", off); 50];
        devices.extend([("b", 0), ("c", 0)]);
        assert_eq!(verdict(&devices), None);
        let mut devices = vec![("a", off); 50];
        devices.push(("b", 0));
        assert_eq!(verdict(&devices), None);
    }

    #[test]
    fn a_device_has_one_voice_for_a_day_by_a_clock_that_was_not_set_since() {
        let voices = Voices::default();
        let organisations = ["a", "b"].map(|o| o.parse::<OrganisationId>().unwrap());
        let off = Instant(NOW.0 + DAY);
        let hear = |device: u8, organisation: &OrganisationId, said| {
            voices.hear(DeviceId::from_bytes([device; 8]), organisation, said, NOW)
        };
        for _ in 0..9 {
            assert!(hear(1, &organisations[0], off));
        }
        assert_eq!(voices.verdict(NOW), None);
        hear(2, &organisations[0], off);
        hear(3, &organisations[1], off);
        assert_eq!(voices.verdict(NOW), Some(DAY));
        assert_eq!(
            voices.verdict(Instant(NOW.0 - 1)),
            None,
            "the clock was set back"
        );
        for device in 1..=3 {
            hear(device, &organisations[usize::from(device) % 2], off);
        }
        assert_eq!(voices.verdict(Instant(NOW.0 + HEARD + 1)), None, "long ago");
    }
}
