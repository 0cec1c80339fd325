//! Telephone numbers for the call card. Every one is configuration: whoever
//! runs the server confirms them before use.

use serde::{Deserialize, Serialize};

/// A number that a worker may need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// A stable short name, e.g. `socialjouren`.
    pub id: String,
    /// Whose it is, in Swedish.
    pub name_sv: String,
    /// Whose it is, in English.
    pub name_en: String,
    /// The number as it is read out, e.g. `08-508 40 000`.
    pub number: String,
}

/// The numbers of Stockholm, the most urgent first.
pub fn default_numbers() -> Vec<Number> {
    [
        (
            "emergency",
            "Nödnumret (fara för liv)",
            "Emergency (danger to life)",
            "112",
        ),
        (
            "socialjouren",
            "Socialjouren, dygnet runt",
            "Social services on call, day and night",
            "08-508 40 000",
        ),
        ("eu-teamet", "EU-teamet", "The EU team", "08-508 25 690"),
        (
            "police",
            "Polisen, inte akut",
            "Police, not urgent",
            "114 14",
        ),
        (
            "care",
            "Sjukvårdsrådgivningen",
            "Health care advice",
            "1177",
        ),
        (
            "trafficking",
            "Stödtelefonen mot människohandel (för yrkesverksamma, kontorstid)",
            "Support line against human trafficking (for professionals, office hours)",
            "020-390 000",
        ),
        (
            "bris",
            "Bris, barn och unga",
            "Bris, children and young people",
            "116 111",
        ),
        (
            "information",
            "Information vid olyckor och kriser",
            "Information in accidents and crises",
            "113 13",
        ),
    ]
    .map(|(id, sv, en, number)| Number {
        id: id.to_owned(),
        name_sv: sv.to_owned(),
        name_en: en.to_owned(),
        number: number.to_owned(),
    })
    .into()
}
