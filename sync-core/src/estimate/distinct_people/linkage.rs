//! From encounters to lists: who was met by whom, and how often.

use std::collections::{BTreeMap, BTreeSet};

use super::input::{Earlier, Meeting, Organisation};

/// The distinct people of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// How many people were met by exactly these organisations.
    pub by_organisations: BTreeMap<BTreeSet<Organisation>, u64>,
    /// How many people were met on so many nights, by whomever.
    pub by_nights: BTreeMap<u32, u64>,
    /// The nights on which anybody was met.
    pub nights: u32,
    /// People met without a code and without an answer: they may be among the
    /// others, so they are in no list.
    pub unlinked: u64,
}

impl Linked {
    /// Returns the distinct people.
    pub fn distinct(&self) -> u64 {
        self.by_organisations.values().sum()
    }

    /// Returns the people whom an organisation met.
    pub fn met_by(&self, organisation: &Organisation) -> u64 {
        self.by_organisations
            .iter()
            .filter(|(met, _)| met.contains(organisation))
            .map(|(_, people)| people)
            .sum()
    }

    /// Returns the organisations, sorted.
    pub fn organisations(&self) -> BTreeSet<Organisation> {
        self.by_organisations.keys().flatten().cloned().collect()
    }
}

#[derive(Default)]
struct Unit {
    organisations: BTreeSet<Organisation>,
    /// Organisations that met them by their own account, without this code.
    said: BTreeSet<Organisation>,
    nights: BTreeSet<i64>,
    people: u64,
}

/// Links the encounters of a period.
///
/// Encounters with one code are with the same people. One without a code counts
/// when the people answered: "no" makes them new to every list; "by us" makes it
/// a repeat within the list; "by X" puts them on both lists, and takes one of
/// those whom X met without a code from those whom only X met, since that is who
/// they are. A company met together counts as its people. The order of the
/// encounters leaves no trace.
pub fn link(meetings: &[Meeting]) -> Linked {
    let mut units: BTreeMap<&str, Unit> = BTreeMap::new();
    // People without a code, by organisation: first meetings, repeats, and those
    // whom another organisation had met.
    let mut first: BTreeMap<&Organisation, u64> = BTreeMap::new();
    let mut repeats: BTreeMap<&Organisation, u64> = BTreeMap::new();
    let mut shared: BTreeMap<(&Organisation, &Organisation), u64> = BTreeMap::new();
    let days: BTreeSet<i64> = meetings.iter().map(|meeting| meeting.day).collect();
    let mut linked = Linked {
        nights: u32::try_from(days.len()).unwrap_or(u32::MAX),
        ..Linked::default()
    };
    for meeting in meetings {
        let people = u64::from(meeting.people);
        if people == 0 {
            continue;
        }
        if let Some(code) = &meeting.code {
            let unit = units.entry(code).or_default();
            unit.organisations.insert(meeting.organisation.clone());
            if let Earlier::By(other) = &meeting.earlier {
                unit.said.insert(other.clone());
            }
            unit.nights.insert(meeting.day);
            unit.people = unit.people.max(people);
            continue;
        }
        let own = &meeting.organisation;
        match &meeting.earlier {
            Earlier::Unknown => linked.unlinked += people,
            Earlier::No => *first.entry(own).or_default() += people,
            Earlier::ByUs => *repeats.entry(own).or_default() += people,
            Earlier::By(other) if other == own => *repeats.entry(own).or_default() += people,
            Earlier::By(other) => *shared.entry((own, other)).or_default() += people,
        }
    }
    let mut nights: BTreeMap<u32, u64> = BTreeMap::new();
    for unit in units.values() {
        let mut met = unit.organisations.clone();
        let mut times = u32::try_from(unit.nights.len()).unwrap_or(u32::MAX);
        for other in unit.said.difference(&unit.organisations) {
            take(&mut first, other, unit.people);
            met.insert(other.clone());
            times += 1;
        }
        *linked.by_organisations.entry(met).or_default() += unit.people;
        *nights.entry(times.max(1)).or_default() += unit.people;
    }
    for (&(own, other), &people) in &shared {
        take(&mut first, other, people);
        let both = BTreeSet::from([own.clone(), other.clone()]);
        *linked.by_organisations.entry(both).or_default() += people;
        *nights.entry(2).or_default() += people;
    }
    for (own, &people) in &first {
        // A repeat is a second meeting with somebody met first.
        let again = repeats.get(own).copied().unwrap_or(0).min(people);
        *linked
            .by_organisations
            .entry(BTreeSet::from([(*own).clone()]))
            .or_default() += people;
        *nights.entry(2).or_default() += again;
        *nights.entry(1).or_default() += people - again;
    }
    linked.by_organisations.retain(|_, people| *people > 0);
    nights.retain(|_, people| *people > 0);
    linked.by_nights = nights;
    linked
}

fn take(from: &mut BTreeMap<&Organisation, u64>, organisation: &Organisation, people: u64) {
    if let Some(left) = from.get_mut(organisation) {
        *left = left.saturating_sub(people);
    }
}
