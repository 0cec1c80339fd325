//! Sentences for people who know no statistics, in both languages.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::average_night::{NightAverage, NightAverageInput, NightMethod, NightResult};
use super::distinct_people::{PeriodInput, PeriodMethod, PeriodPeople, PeriodResult};
use super::reason::{Refusal, Warning};

/// A text in the languages of the interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Text {
    fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            sv: sv.into(),
            en: en.into(),
        }
    }
}

/// A code with its sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub text: Text,
}

/// What stands beside a number: the sentence, the reasons, and what it can be
/// traced by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// One sentence that says what was seen, what was assumed and what follows.
    pub headline: Text,
    /// Each refusal and warning as a sentence, gravest first.
    pub reasons: Vec<Reason>,
    /// [`METHOD_VERSION`](super::METHOD_VERSION) when it was made.
    pub method_version: String,
    /// SHA-256 over the input in one order, in hexadecimal.
    pub inputs_hash: String,
    /// The seed of the draw, if there was one.
    pub draw_seed: Option<u64>,
}

/// Explains an average night.
pub(super) fn night(input: &NightAverageInput, average: &NightAverage) -> Explanation {
    let mut reasons = Vec::new();
    if let NightResult::Refusal(refused) = &average.result {
        reasons.extend(refused.codes.iter().map(|&code| Reason {
            code: code.code().to_owned(),
            text: refusal(code),
        }));
    }
    reasons.extend(average.warnings.iter().map(|&code| Reason {
        code: code.code().to_owned(),
        text: warning(code),
    }));
    Explanation {
        headline: night_headline(average),
        reasons,
        method_version: super::METHOD_VERSION.to_owned(),
        inputs_hash: hex(&input.canonical_bytes()),
        draw_seed: input.draw_seed,
    }
}

/// Explains the people of a period.
pub(super) fn period(input: &PeriodInput, people: &PeriodPeople) -> Explanation {
    let mut input = input.clone();
    input.meetings.sort_unstable();
    let mut reasons = Vec::new();
    if let Some(refused) = people.result.refusal() {
        reasons.extend(refused.codes.iter().map(|&code| Reason {
            code: code.code().to_owned(),
            text: refusal(code),
        }));
    }
    reasons.extend(people.warnings.iter().map(|&code| Reason {
        code: code.code().to_owned(),
        text: warning(code),
    }));
    Explanation {
        headline: period_headline(people),
        reasons,
        method_version: super::METHOD_VERSION.to_owned(),
        inputs_hash: hash(&input),
        draw_seed: None,
    }
}

/// Says the people of a period in two sentences.
pub fn period_headline(people: &PeriodPeople) -> Text {
    let seen = people.seen;
    let estimate = match &people.result {
        PeriodResult::Refusal(refused) => {
            let why = refusal(refused.code);
            return Text::new(
                format!(
                    "Vi mötte {seen} olika personer. Vi ger ingen uppskattning: {}",
                    why.sv
                ),
                format!(
                    "We met {seen} different people. We give no estimate: {}",
                    why.en
                ),
            );
        }
        PeriodResult::Estimate(estimate) => estimate,
    };
    let total = whole_number(estimate.total);
    let low = whole_number(estimate.low.floor());
    let high = whole_number(estimate.high.unwrap_or(estimate.total).ceil());
    match estimate.method {
        PeriodMethod::LowerBound => Text::new(
            format!(
                "Vi mötte {seen} olika personer, en del av dem flera gånger; därför var de minst \
                 {total}."
            ),
            format!(
                "We met {seen} different people, some of them several times; so there were at \
                 least {total}."
            ),
        ),
        PeriodMethod::Pair | PeriodMethod::Average => Text::new(
            format!(
                "Vi mötte {seen} olika personer. Hur många av dem som flera organisationer mötte \
                 visar hur många ingen mötte; därför uppskattar vi {total} ({low}–{high}) under \
                 perioden."
            ),
            format!(
                "We met {seen} different people. How many of them several organisations met \
                 shows how many nobody met; so we estimate {total} ({low}–{high}) during the \
                 period."
            ),
        ),
    }
}

/// Hashes anything serialisable: SHA-256 of its JSON, in hexadecimal.
pub(super) fn hash(value: &impl Serialize) -> String {
    hex(&serde_json::to_vec(value).unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Says an average night in one sentence or two.
pub fn night_headline(average: &NightAverage) -> Text {
    let seen = persons_seen(average.seen);
    let estimate = match &average.result {
        NightResult::Refusal(refused) => {
            let why = refusal(refused.code);
            return Text::new(
                format!(
                    "Vi såg {seen} personer. Vi ger ingen uppskattning: {}",
                    why.sv
                ),
                format!("We saw {seen} people. We give no estimate: {}", why.en),
            );
        }
        NightResult::Estimate(estimate) => estimate,
    };
    let total = whole_number(estimate.total);
    let low = whole_number(estimate.low.floor());
    let high = whole_number(estimate.high.ceil());
    let beta = two_decimals(estimate.observed.unwrap_or(1.0));
    let (sv, en) = match estimate.method {
        NightMethod::AllCounted => (
            "Alla platser blev räknade".to_owned(),
            "Every place was counted".to_owned(),
        ),
        NightMethod::DrawnRatio | NightMethod::DrawnRatioByAge => (
            format!(
                "På de lottade platserna fanns {} gånger så många som förra gången",
                beta.replace('.', ",")
            ),
            format!("At the drawn places there were {beta} times as many as last time"),
        ),
        NightMethod::PooledRatio => (
            format!(
                "På de besökta platserna, som inte var lottade, fanns {} gånger så många \
                 som förra gången",
                beta.replace('.', ",")
            ),
            format!(
                "At the visited places, which were not drawn, there were {beta} times as \
                 many as last time"
            ),
        ),
        NightMethod::StratifiedExpansion => (
            "De platser som ingen besökte räknas som de besökta i genomsnitt".to_owned(),
            "Places that nobody visited count as the visited ones on average".to_owned(),
        ),
    };
    Text::new(
        format!("Vi såg {seen} personer. {sv}; därför uppskattar vi {total} ({low}–{high})."),
        format!("We saw {seen} people. {en}; so we estimate {total} ({low}–{high})."),
    )
}

/// Rounds K, or a part of it, to whole persons: down, since it is a minimum and
/// stands beside an interval that is rounded outwards. A sum that is whole but
/// for its last bits stays whole. Every place that shows K rounds it here.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of people; the cast saturates"
)]
pub fn persons_seen(seen: f64) -> u64 {
    (seen.max(0.0) * (1.0 + 1e-12) + 1e-9).floor() as u64
}

fn whole_number(value: f64) -> String {
    format!("{:.0}", value.max(0.0))
}

fn two_decimals(value: f64) -> String {
    format!("{value:.2}")
}

/// Gives the sentence of a refusal.
pub fn refusal(code: Refusal) -> Text {
    match code {
        Refusal::NoData => Text::new(
            "ingen har räknat någonstans under perioden.",
            "nobody has counted anywhere during the period.",
        ),
        Refusal::NoEncounters => Text::new(
            "inget möte under perioden har en kod eller ett svar om tidigare möten.",
            "no encounter during the period has a code or an answer about earlier ones.",
        ),
        Refusal::EncountersErased => Text::new(
            "mötena från perioden är gallrade.",
            "the encounters of the period have been erased, as they must be in time.",
        ),
        Refusal::InvalidInput => Text::new(
            "ett tal i underlaget kan inte vara rätt.",
            "a figure in the data cannot be right.",
        ),
        Refusal::CoverageTooLow => Text::new(
            "de besökta platserna hade för liten del av alla som räknades förra gången.",
            "the visited places held too small a part of all who were counted last time.",
        ),
        Refusal::TooFewDrawn => Text::new(
            "för få lottade platser har besökts för att säga något om dem som ingen besökte.",
            "too few drawn places were visited to say anything about those nobody visited.",
        ),
        Refusal::MostlyIndirect => Text::new(
            "för stor del av siffran bygger på tält där ingen räknade personer.",
            "too much of the figure rests on tents where nobody counted people.",
        ),
        Refusal::IntervalTooWide => Text::new(
            "osäkerheten är så stor att siffran inte går att planera efter.",
            "the uncertainty is too large for the figure to be planned by.",
        ),
        Refusal::OverlapTooSmall => Text::new(
            "för få personer har mötts av båda organisationerna.",
            "too few people were met by both organisations.",
        ),
        Refusal::ListTooShort => Text::new(
            "en av organisationerna har mött för få personer.",
            "one of the organisations has met too few people.",
        ),
        Refusal::EmptyOverlap => Text::new(
            "två av organisationerna har inte mött någon gemensam person.",
            "two of the organisations have met nobody in common.",
        ),
        Refusal::TooFewMetTwice => Text::new(
            "för få personer har mötts precis två gånger.",
            "too few people were met exactly twice.",
        ),
        Refusal::ModelsDisagree => Text::new(
            "sätt att räkna som stämmer lika bra med underlaget ger alltför olika svar.",
            "ways to calculate that fit the data equally well give answers too far apart.",
        ),
        Refusal::NoFit => Text::new(
            "underlaget är för glest: modellen har inget ändligt svar.",
            "the data are too sparse: the model has no finite answer.",
        ),
        Refusal::NotIdentifiable => Text::new(
            "underlaget kan inte skilja modellens förklaringar åt.",
            "the data cannot tell the model's explanations apart.",
        ),
        Refusal::PeriodTooLong => Text::new(
            "perioden är för lång: människor hinner komma och fara.",
            "the period is too long: people come and go within it.",
        ),
        Refusal::LinksUnreliable => Text::new(
            "för många av kopplingarna mellan möten har visat sig vara fel.",
            "too many of the links between encounters turned out to be wrong.",
        ),
        Refusal::SaturatedWeight => Text::new(
            "den modell som kan förklara vad som helst väger tyngst.",
            "the model that can explain anything carries the most weight.",
        ),
    }
}

/// Gives the sentence of a warning.
pub fn warning(code: Warning) -> Text {
    match code {
        Warning::NotDrawn => Text::new(
            "Platserna var valda, inte lottade: siffran blir lätt för hög och är mer osäker.",
            "The places were chosen, not drawn: the figure tends to be too high and is less sure.",
        ),
        Warning::PhiAssumed => Text::new(
            "Ingen plats har räknats två gånger samma natt: räknefelet är antaget, inte mätt.",
            "No place was counted twice in one night: the counting error is assumed, not measured.",
        ),
        Warning::PhiFromFew => Text::new(
            "Få platser har räknats två gånger: räknefelet är osäkert.",
            "Few places were counted twice: the counting error is uncertain.",
        ),
        Warning::DrawnNotCounted => Text::new(
            "Någon lottad plats har inte räknats färdigt.",
            "A drawn place has not been counted completely.",
        ),
        Warning::PartlySeen => Text::new(
            "Några platser sågs bara delvis.",
            "Some places were seen only in part.",
        ),
        Warning::TentsNotConverted => Text::new(
            "Några tält räknas som tält: för få tält har öppnats för att veta hur många \
             personer de rymmer.",
            "Some tents count as tents: too few tents were opened to know how many people \
             they hold.",
        ),
        Warning::StalePlaces => Text::new(
            "Platser som ingen sett på länge är inte med i siffran.",
            "Places that nobody has seen for long are not in the figure.",
        ),
        Warning::NewPlacesNotDrawn => Text::new(
            "De nya platser som ingen besökte jämförs med nya platser som någon valde.",
            "New places that nobody visited are compared with new places that someone chose.",
        ),
        Warning::NewPlacesNotEstimated => Text::new(
            "Nya platser som ingen besökt är inte med i siffran.",
            "New places that nobody visited are not in the figure.",
        ),
        Warning::NoPreviousFigures => Text::new(
            "Det finns inga tidigare räkningar att jämföra med.",
            "There are no earlier counts to compare with.",
        ),
        Warning::NightAbovePeriod => Text::new(
            "Siffran för en natt är större än den för hela perioden: något är fel.",
            "The figure for one night is larger than that for the whole period: something \
             is wrong.",
        ),
        Warning::LargestPairOnly => Text::new(
            "Bara de två organisationer som mött flest gemensamma personer är med.",
            "Only the two organisations that met most people in common are used.",
        ),
        Warning::ListsLeftOut => Text::new(
            "En del organisationers möten är för få för att räkna med.",
            "Some organisations' encounters are too few to calculate with.",
        ),
        Warning::Referrals => Text::new(
            "Organisationerna hänvisar till varandra: det drar siffran nedåt.",
            "The organisations refer people to each other: that pulls the figure down.",
        ),
        Warning::LinksNotAudited => Text::new(
            "Ingen har kontrollerat om kopplingarna mellan möten stämmer.",
            "Nobody has checked whether the links between encounters are right.",
        ),
    }
}
