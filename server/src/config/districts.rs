//! The districts that places belong to.

use serde::{Deserialize, Serialize};

/// A district of the city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// The code that places carry, e.g. `sodermalm`.
    pub code: String,
    /// The name that people read.
    pub name: String,
}

/// Stockholm's eleven districts since 2023-07-01.
pub fn stockholm_districts() -> Vec<District> {
    [
        ("bromma", "Bromma"),
        ("enskede-arsta-vantor", "Enskede-Årsta-Vantör"),
        ("farsta", "Farsta"),
        ("hagersten-alvsjo", "Hägersten-Älvsjö"),
        ("hasselby-vallingby", "Hässelby-Vällingby"),
        ("jarva", "Järva"),
        ("kungsholmen", "Kungsholmen"),
        ("norra-innerstaden", "Norra innerstaden"),
        ("skarpnack", "Skarpnäck"),
        ("skarholmen", "Skärholmen"),
        ("sodermalm", "Södermalm"),
    ]
    .map(|(code, name)| District {
        code: code.to_owned(),
        name: name.to_owned(),
    })
    .into()
}
