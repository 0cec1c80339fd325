//! Walks: who goes where, and what is seen and who is met there.

use std::collections::BTreeMap;

use sync_core::ids::{DeviceId, DocumentId, RecordId};
use sync_core::model::{
    Access, Basis, CodeSet, Contact, Content, Count, Encounter, Group, Language, MetBefore, Method,
    Need, PlaceType, Records, Sleeping, Topic, Visit,
};
use sync_core::time::{Instant, Night, Period};

use super::city::{City, binomial};
use super::names::pick;
use super::phone::Phones;
use super::{DemoError, ORGANISATIONS, PERIOD_DAYS};
use crate::shared::split_mix::Seeded;

/// The chance that a person who is there is seen.
pub(super) const DETECTION: f64 = 0.95;
/// The share of places on a period's round.
const ROUND: f64 = 0.55;
/// Chosen visits a night for each place of the city.
const VISITS: f64 = 0.06;
/// The chance that a second organisation comes by the same night.
const SECOND: f64 = 0.12;
const MINUTE: i64 = 60_000;

/// The work of one night.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evening<'a> {
    pub(super) night: Night,
    /// Nothing happens after this.
    pub(super) until: Instant,
    /// Indices of the places that somebody might choose in this period.
    pub(super) round: &'a [usize],
}

/// The places that workers think of in a period: the larger, the likelier.
pub(super) fn round(random: &mut Seeded, city: &City) -> Vec<usize> {
    let mut keyed: Vec<(f64, usize)> = city
        .places
        .iter()
        .enumerate()
        .map(|(i, place)| {
            // Weighted sampling without replacement (Efraimidis and Spirakis, 2006).
            let weight = place.size.sqrt() + 0.5;
            (random.unit().max(1e-12).ln() / weight, i)
        })
        .collect();
    keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of the places"
    )]
    let most = (city.places.len() as f64 * ROUND).ceil() as usize;
    keyed.into_iter().take(most).map(|(_, i)| i).collect()
}

/// The visits that workers choose to make.
pub(super) fn choose(
    random: &mut Seeded,
    city: &City,
    phones: &mut Phones,
    evening: &Evening<'_>,
) -> Result<(), DemoError> {
    if evening.round.is_empty() {
        return Ok(());
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of places")]
    let mean = city.places.len() as f64 * VISITS;
    let visits = binomial(random, 40, (mean / 40.0).min(1.0));
    for _ in 0..visits {
        let place = pick(random, evening.round);
        let organisation = organisation(random);
        visit(
            random,
            city,
            phones,
            evening,
            place,
            organisation,
            Basis::Chosen,
        )?;
        if random.chance(SECOND) {
            let other = (organisation + 1) % ORGANISATIONS.len();
            visit(random, city, phones, evening, place, other, Basis::Chosen)?;
        }
    }
    Ok(())
}

/// A visit to a drawn place, whatever is expected there.
pub(super) fn visit_drawn(
    random: &mut Seeded,
    city: &City,
    phones: &mut Phones,
    evening: &Evening<'_>,
    place: DocumentId,
) -> Result<(), DemoError> {
    let Some(place) = city.index(place) else {
        return Ok(());
    };
    let organisation = organisation(random);
    visit(
        random,
        city,
        phones,
        evening,
        place,
        organisation,
        Basis::Drawn,
    )
}

/// EU-teamet makes half of the visits.
pub(super) fn organisation(random: &mut Seeded) -> usize {
    pick(random, &[0, 0, 0, 0, 1, 2, 3, 4])
}

fn visit(
    random: &mut Seeded,
    city: &City,
    phones: &mut Phones,
    evening: &Evening<'_>,
    place: usize,
    organisation: usize,
    basis: Basis,
) -> Result<(), DemoError> {
    let started = moment(random, evening.night);
    if started > evening.until {
        return Ok(());
    }
    let observer = phones.device(organisation);
    let there = city.persons(place, evening.night);
    let access = match random.below(100) {
        0..4 => Access::NoAccess,
        4..10 if basis == Basis::Chosen => Access::Partial,
        _ => Access::Complete,
    };
    let seen = match access {
        Access::Complete => binomial(random, there, DETECTION),
        Access::Partial => binomial(random, there, 0.5),
        Access::NoAccess => 0,
    };
    let mut counts = BTreeMap::new();
    if access != Access::NoAccess {
        let tents = city.places[place].place_type == PlaceType::Settlement && random.chance(0.15);
        let count = count(random, observer, started, seen, tents);
        counts.insert(RecordId::from_bytes(random.bytes()), count);
    }
    let mut encounters = BTreeMap::new();
    for person in met(random, seen) {
        let who = Met {
            place,
            person,
            period: Period::of(evening.night, PERIOD_DAYS).first,
        };
        let encounter = encounter(random, observer, started, &who);
        encounters.insert(RecordId::from_bytes(random.bytes()), encounter);
    }
    let content = Content::Visit(Visit {
        place: city.places[place].id,
        started,
        ended: Some(Instant(started.0 + 20 * MINUTE)),
        access,
        basis,
        weather_opening: false,
        counts: Records(counts),
        encounters: Records(encounters),
        note: String::new(),
        withdrawn: false,
    });
    let id = DocumentId::made(started.night(), random.bytes());
    phones.record(organisation, id, &content, started)
}

/// Between 18:00 and 01:00.
pub(super) fn moment(random: &mut Seeded, night: Night) -> Instant {
    let minutes = 6 * 60 + random.below(7 * 60).cast_signed();
    Instant(night.start().0 + minutes * MINUTE)
}

fn count(random: &mut Seeded, observer: DeviceId, at: Instant, seen: u32, by_tents: bool) -> Count {
    let children = binomial(random, seen, 0.04);
    let unknown = binomial(random, seen - children, 0.1);
    let known = binomial(random, seen, 0.7);
    let third_country = binomial(random, known, 0.12);
    let unsure = !by_tents && seen > 3 && random.chance(0.2);
    let tents = seen.div_ceil(2);
    Count {
        children,
        unknown,
        low: unsure.then(|| seen - 1),
        high: unsure.then(|| seen + 2),
        eu_eea: Some(known - third_country),
        third_country: Some(third_country),
        sleeping: pick(
            random,
            &[
                Sleeping::Outdoors,
                Sleeping::PublicBuilding,
                Sleeping::Tent,
                Sleeping::Car,
                Sleeping::Unknown,
            ],
        ),
        method: if by_tents {
            Method::Tents
        } else {
            Method::Seen
        },
        tents: by_tents.then_some(tents),
        tents_opened: by_tents.then_some(tents),
        persons_in_opened: by_tents.then_some(seen),
        ..Count::of_adults(observer, at, seen - children - unknown)
    }
}

/// Draws which of those seen are spoken with: up to four.
fn met(random: &mut Seeded, seen: u32) -> Vec<u32> {
    let n = binomial(random, seen, 0.35).min(4);
    random.choose((0..seen).collect(), n as usize)
}

/// A person, as far as the city is concerned.
struct Met {
    place: usize,
    person: u32,
    period: Night,
}

impl Met {
    /// The re-sighting code: the same all period for one person, another the next.
    fn code(&self) -> String {
        let seed = (self.place as u64) << 40
            ^ u64::from(self.person) << 20
            ^ self.period.0.cast_unsigned();
        let mut random = Seeded::new(seed);
        let letters = b"0123456789abcdefghijklmnopqrstuvwxyz";
        (0..12)
            .map(|_| char::from(pick(&mut random, letters)))
            .collect()
    }
}

fn encounter(random: &mut Seeded, observer: DeviceId, at: Instant, who: &Met) -> Encounter {
    let languages = [
        Language::Ro,
        Language::Bg,
        Language::En,
        Language::Sv,
        Language::Es,
    ];
    let needs = [
        Need::Health,
        Need::Shelter,
        Need::OlderPerson,
        Need::SubstanceUse,
    ];
    let topics = [
        Topic::Rights,
        Topic::Shelter,
        Topic::HealthCare,
        Topic::Travel,
    ];
    let language = pick(random, &languages);
    let leaflet = if random.chance(0.6) {
        format!("2024-1/{language}")
    } else {
        String::new()
    };
    let some = |happens: bool| usize::from(happens);
    Encounter {
        observer,
        at,
        adults: 1,
        children: 0,
        group: pick(
            random,
            &[
                Group::EuEea,
                Group::EuEea,
                Group::EuEea,
                Group::ThirdCountry,
                Group::Unknown,
            ],
        ),
        languages: CodeSet::from_iter([language]),
        sleeping: pick(random, &[Sleeping::Outdoors, Sleeping::Tent, Sleeping::Car]),
        met_before: pick(
            random,
            &[MetBefore::No, MetBefore::Unknown, MetBefore::ByUs],
        ),
        met_by: None,
        code: random.chance(0.8).then(|| who.code()),
        needs: needs.into_iter().take(some(random.chance(0.2))).collect(),
        information: topics
            .into_iter()
            .skip(usize::try_from(random.below(4)).unwrap_or(0))
            .take(1)
            .map(|topic| (topic, leaflet.clone()))
            .collect(),
        contacts: [Contact::HealthCare]
            .into_iter()
            .take(some(random.chance(0.05)))
            .collect(),
        note: String::new(),
        withdrawn: false,
    }
}
