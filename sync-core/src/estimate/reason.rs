//! Stable codes for every refusal and warning. The sentences are in `explain`.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every code, in the order of their severity in a list of reasons.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the stable code, as in JSON.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

codes! {
    /// Why no number is given. What was seen for certain is still shown.
    Refusal {
        /// There is nothing to estimate from.
        NoData = "no_data",
        /// No encounter of the period can be told from another.
        NoEncounters = "no_encounters",
        /// Encounters of the period have been erased, as they must be in time.
        EncountersErased = "encounters_erased",
        /// A figure of the input is not a possible one.
        InvalidInput = "invalid_input",
        /// The period is too long for people to be the same throughout it.
        PeriodTooLong = "period_too_long",
        /// Too many links between lists were found wrong.
        LinksUnreliable = "links_unreliable",
        /// The visited places hold too little of the previous total.
        CoverageTooLow = "coverage_too_low",
        /// Fewer drawn places than a ratio needs, and no fallback.
        TooFewDrawn = "too_few_drawn",
        /// Too much of the total rests on tents.
        MostlyIndirect = "mostly_indirect",
        /// Too few people were met by both.
        OverlapTooSmall = "overlap_too_small",
        /// A list is too short.
        ListTooShort = "list_too_short",
        /// Two of three lists share nobody.
        EmptyOverlap = "empty_overlap",
        /// Too few people were met exactly twice.
        TooFewMetTwice = "too_few_met_twice",
        /// The table cannot tell this model's parameters apart.
        NotIdentifiable = "not_identifiable",
        /// No finite estimate of the model exists for this table.
        NoFit = "no_fit",
        /// The saturated graph carries most of the weight.
        SaturatedWeight = "saturated_weight",
        /// Models that fit equally well say too different things.
        ModelsDisagree = "models_disagree",
        /// The interval is too wide to plan by.
        IntervalTooWide = "interval_too_wide",
    }
}

codes! {
    /// A caution for the reader of a number.
    Warning {
        /// The ratio comes from places that someone chose.
        NotDrawn = "not_drawn",
        /// No place was counted twice: φ is assumed to be 1.
        PhiAssumed = "phi_assumed",
        /// φ rests on few recounted places.
        PhiFromFew = "phi_from_few",
        /// A drawn place could not be counted.
        DrawnNotCounted = "drawn_not_counted",
        /// Some places were seen only in part.
        PartlySeen = "partly_seen",
        /// Tents could not be turned into persons.
        TentsNotConverted = "tents_not_converted",
        /// Some places have no figure younger than the limit.
        StalePlaces = "stale_places",
        /// New places that nobody visited rest on new places someone chose.
        NewPlacesNotDrawn = "new_places_not_drawn",
        /// New places that nobody visited are outside the figure.
        NewPlacesNotEstimated = "new_places_not_estimated",
        /// No previous figures: the sample's mean stands for every place.
        NoPreviousFigures = "no_previous_figures",
        /// Quantity A is above the upper limit of quantity B.
        NightAbovePeriod = "night_above_period",
        /// Only the two lists with the largest overlap were used.
        LargestPairOnly = "largest_pair_only",
        /// Some lists are too short, or too many, to be used.
        ListsLeftOut = "lists_left_out",
        /// Organisations refer people to each other.
        Referrals = "referrals",
        /// The links were never audited.
        LinksNotAudited = "links_not_audited",
    }
}
