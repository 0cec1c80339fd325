//! Names of places that do not exist.

use sync_core::model::PlaceType;

use crate::shared::split_mix::Seeded;

const WHERE: [&str; 16] = [
    "Norra", "Södra", "Östra", "Västra", "Övre", "Nedre", "Gamla", "Nya", "Lilla", "Stora", "Inre",
    "Yttre", "Första", "Andra", "Tredje", "Bortre",
];

const ROOTS: [&str; 18] = [
    "Trollmors",
    "Silverräv",
    "Kråkbärs",
    "Månstråle",
    "Igelkotts",
    "Lysmask",
    "Tallbarrs",
    "Vindmossa",
    "Gråsparvs",
    "Blåklint",
    "Näckros",
    "Sagohjälte",
    "Snöstjärne",
    "Järnugglor",
    "Stenmård",
    "Regnbåge",
    "Drakfjärils",
    "Hjortrons",
];

/// A name for a place of a type, with "(exempel)" so that nobody looks for it.
pub(super) fn place(random: &mut Seeded, place_type: PlaceType) -> String {
    let last = match place_type {
        PlaceType::Settlement => "gläntan",
        PlaceType::SleepingPlace => "porten",
        PlaceType::Street => "torget",
        PlaceType::Park => "parken",
        PlaceType::PublicBuilding => "hallen",
        PlaceType::Service => "gården",
        PlaceType::Other => "kajen",
    };
    let place = pick(random, &WHERE);
    let root = pick(random, &ROOTS);
    format!("{place} {root}{last} (exempel)")
}

/// Draws one of several, each equally likely.
pub(super) fn pick<T: Copy>(random: &mut Seeded, of: &[T]) -> T {
    let n = usize::try_from(random.below(of.len() as u64)).unwrap_or(0);
    of[n]
}
