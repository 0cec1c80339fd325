//! The rules that turn what is stored of one place into the input of a period's
//! estimate. Whoever stores place-nights, in memory or in a database, uses these.

use super::{Night, Period, PlaceFacts, PlaceNightRecord};
use crate::estimate::night::{Access, Composition, PlaceId, PlaceInput, Previous};
use crate::estimate::place::{Basis, Counting, PlaceNightCounts};

/// What a period's draw says of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The place was drawn.
    pub drawn: bool,
    /// When the draw was made, in milliseconds.
    pub at: i64,
}

/// A place in a period, but for its previous figure. `nights` are its nights of
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

/// The last figure from before a period: the mean over the nights of the newest
/// earlier period in which the place was seen whole; its age is that of the
/// newest of those nights at the period's start.
///
/// `earlier` gives the [`super::PREVIOUS_NIGHTS`] before the period, newest first,
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
        if newest.is_some_and(|newest| night < period.start_of_earlier(newest)) {
            break;
        }
        let whole = counts
            .reconcile(counting)
            .filter(|figure| figure.basis != Basis::LowerLimit);
        if let Some(whole) = whole {
            sum += whole.x;
            nights += 1;
            newest = newest.or(Some(night));
        }
    }
    Ok(newest.map(|newest| Previous {
        figure: sum / f64::from(nights),
        age_days: u32::try_from(period.first.saturating_sub(newest)).unwrap_or(u32::MAX),
    }))
}
