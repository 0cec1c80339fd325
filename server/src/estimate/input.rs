//! Read-model facts → the estimate's input.

use sync_core::estimate::night::{Access, Composition, District, PlaceId, PlaceInput, Previous};
use sync_core::estimate::{NightAverageInput, Thresholds};
use sync_core::model;
use sync_core::time::Instant;

use crate::projection::Period;
use crate::store::statistics::{PeriodFacts, PlaceFacts};

/// The input of the average night.
pub(super) fn input(period: Period, facts: &PeriodFacts) -> NightAverageInput {
    let drawn_at = facts.draw.map(|(_, at)| at);
    NightAverageInput {
        places: facts
            .places
            .iter()
            .map(|place| PlaceInput {
                id: PlaceId(place.place.to_string()),
                district: District(place.district.clone()),
                previous: previous(period, place),
                nights: place.nights.iter().map(|n| n.counts).collect(),
                access: access(place),
                drawn: place.drawn
                    && drawn_at.is_some_and(|at| {
                        place
                            .nights
                            .iter()
                            .any(|n| n.access == model::Access::Complete && n.last_started >= at)
                    }),
                after_draw: !place.drawn && drawn_at.is_some_and(|at| whole_only_after(place, at)),
                composition: composition(place),
            })
            .collect(),
        counting: facts.counting,
        thresholds: Thresholds::default(),
        draw_seed: facts.draw.map(|(seed, _)| seed),
    }
}

/// Whether a place was seen whole, and only after the draw.
fn whole_only_after(place: &PlaceFacts, at: Instant) -> bool {
    let mut whole = place
        .nights
        .iter()
        .filter(|n| n.access == model::Access::Complete)
        .peekable();
    whole.peek().is_some() && whole.all(|n| n.last_started >= at)
}

fn previous(period: Period, place: &PlaceFacts) -> Option<Previous> {
    let (figure, night) = place.previous?;
    Some(Previous {
        figure,
        age_days: u32::try_from(period.first.0 - night.0).unwrap_or(0),
    })
}

fn access(place: &PlaceFacts) -> Access {
    place
        .nights
        .iter()
        .map(|night| match night.access {
            model::Access::Complete => Access::Complete,
            model::Access::Partial => Access::Partial,
            model::Access::NoAccess => Access::NoAccess,
        })
        .max()
        .unwrap_or_default()
}

fn composition(place: &PlaceFacts) -> Composition {
    let mut whole = Composition::default();
    for night in &place.nights {
        let split = night.split;
        let persons =
            u64::from(split.adults) + u64::from(split.children) + u64::from(split.unknown);
        let known = u64::from(split.eu_eea) + u64::from(split.third_country);
        whole.add(&Composition {
            adults: split.adults.into(),
            children: split.children.into(),
            age_unknown: split.unknown.into(),
            eu: split.eu_eea.into(),
            third_country: split.third_country.into(),
            group_unknown: persons.saturating_sub(known),
        });
    }
    whole
}
