//! The rules that turn what is stored of one place into the input of a period's
//! estimate: which places belong to it, which figure is a place's previous one, how
//! far back counts tell how they vary. Whoever stores place-nights, in memory or in a
//! database, uses these.

use super::input::{Access, Composition, District, PlaceId, PlaceInput, Previous};
use super::place_night::{Counting, Evidence, PlaceNightCounts};
use crate::time::{Night, Period};

/// Nights before a period in which recounts tell how counts vary.
pub const RECOUNT_NIGHTS: i64 = 90;
/// Nights before a period's end in which opened tents tell how many a tent holds.
pub const SEASON_NIGHTS: i64 = 180;
/// Nights before a period in which a place's previous figure is looked for. (One
/// that is too old for the headline still shows in the upper scenario.)
pub const PREVIOUS_NIGHTS: i64 = 400;

/// One place on one night, as the estimate needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceNightRecord {
    /// The reduced observations.
    pub counts: PlaceNightCounts,
    /// By the best of the visits.
    pub access: Access,
    /// When the last visit began, in milliseconds: after the draw or before it.
    pub last_started: i64,
    /// Persons by age and group.
    pub composition: Composition,
    /// Tents that were opened, with the persons in them.
    pub opened_tents: Vec<(u32, u32)>,
}

/// A place itself: where it is, and since when it has been in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFacts {
    pub district: District,
    /// The first night on which it was known.
    pub known_from: Night,
    /// In use, as far as anybody knows: not seen empty for good, not evicted.
    pub in_use: bool,
    /// The night from which that holds.
    pub state_from: Night,
}

impl PlaceFacts {
    /// Returns a place that has always been there and is in use.
    pub const fn in_use(district: District) -> Self {
        Self {
            district,
            known_from: Night(i64::MIN),
            in_use: true,
            state_from: Night(i64::MIN),
        }
    }

    /// Returns whether the place belongs to a period in which nobody went there: it was
    /// known by then, and not known to be empty. A state given later says nothing.
    pub const fn belongs(&self, period: Period) -> bool {
        self.known_from.0 <= period.last().0 && (self.in_use || self.state_from.0 > period.last().0)
    }
}

/// One place in a period's draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The place was drawn.
    pub drawn: bool,
    /// When the draw was made, in milliseconds.
    pub at: i64,
}

/// Returns a place in a period, but for its previous figure. `nights` are its nights of
/// that period.
///
/// A place where nobody went belongs to the period only if [`PlaceFacts::belongs`].
pub fn place_input(
    id: PlaceId,
    facts: &PlaceFacts,
    nights: &[(Night, PlaceNightRecord)],
    lot: Option<Lot>,
) -> PlaceInput {
    let mut composition = Composition::default();
    let mut access = Access::NotVisited;
    for (_, record) in nights {
        composition.add(&record.composition);
        access = access.max(record.access);
    }
    let mut whole = nights
        .iter()
        .filter(|(_, record)| record.access == Access::Complete)
        .peekable();
    let seen_whole = whole.peek().is_some();
    let (drawn, after_draw) = match lot {
        None => (false, false),
        Some(lot) if lot.drawn => (whole.any(|(_, n)| n.last_started >= lot.at), false),
        Some(lot) => (
            false,
            seen_whole && whole.all(|(_, n)| n.last_started >= lot.at),
        ),
    };
    PlaceInput {
        id,
        district: facts.district.clone(),
        previous: None,
        nights: nights.iter().map(|(_, record)| record.counts).collect(),
        access,
        drawn,
        after_draw,
        composition,
    }
}

/// Returns the last figure from before a period: the mean over the nights of the newest
/// earlier period in which the place was seen whole; its age is that of the newest of those
/// nights at the period's start.
///
/// `earlier` gives the [`PREVIOUS_NIGHTS`] before the period, newest first,
/// and is read no further than needed.
///
/// # Errors
/// The first that `earlier` gives.
pub fn previous_figure<E>(
    period: Period,
    counting: &Counting,
    earlier: impl Iterator<Item = Result<(Night, PlaceNightCounts), E>>,
) -> Result<Option<Previous>, E> {
    let (mut sum, mut nights, mut newest) = (0.0, 0_u32, None);
    for night in earlier {
        let (night, counts) = night?;
        if newest.is_some_and(|newest| night < start_of_earlier(period, newest)) {
            break;
        }
        let whole = counts
            .reconcile(counting)
            .filter(|figure| figure.evidence != Evidence::LowerLimit);
        if let Some(whole) = whole {
            sum += whole.x;
            nights += 1;
            newest = newest.or(Some(night));
        }
    }
    Ok(newest.map(|newest| Previous {
        figure: sum / f64::from(nights),
        age_days: u32::try_from(period.first.0.saturating_sub(newest.0)).unwrap_or(u32::MAX),
    }))
}

/// Returns the first night of the earlier period, of the same length, in which an
/// earlier night lies.
const fn start_of_earlier(period: Period, night: Night) -> Night {
    let days = if period.days == 0 {
        1
    } else {
        period.days as i64
    };
    let back = period.first.0.saturating_sub(1).saturating_sub(night.0) / days + 1;
    Night(period.first.0.saturating_sub(back.saturating_mul(days)))
}
