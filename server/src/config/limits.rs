//! Numbers with bounds, and the limits that are made of them.

use serde::Deserialize;

/// A whole number from `MIN` to `MAX`, checked when the file is read, so that
/// the error can point at the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Within<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Within<MIN, MAX> {
    /// Returns the checked number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// So many times the number, at most the bound.
    #[must_use]
    pub const fn times(self, n: u32) -> Self {
        let number = self.0.saturating_mul(n);
        Self(if number > MAX { MAX } else { number })
    }

    /// A number known to the compiler, checked by it.
    pub const fn constant<const N: u32>() -> Self {
        const {
            assert!(MIN <= N && N <= MAX, "the constant is out of bounds");
        }
        Self(N)
    }
}

/// A number outside its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{got} is not from {min} to {max}")]
pub struct WithinError {
    got: u32,
    min: u32,
    max: u32,
}

impl<const MIN: u32, const MAX: u32> TryFrom<u32> for Within<MIN, MAX> {
    type Error = WithinError;
    fn try_from(got: u32) -> Result<Self, WithinError> {
        if (MIN..=MAX).contains(&got) {
            Ok(Self(got))
        } else {
            Err(WithinError {
                got,
                min: MIN,
                max: MAX,
            })
        }
    }
}

impl<const MIN: u32, const MAX: u32> std::str::FromStr for Within<MIN, MAX> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let number: u32 = text
            .parse()
            .map_err(|_| format!("{text:?} is no whole number"))?;
        Self::try_from(number).map_err(|error| error.to_string())
    }
}

/// Days that records are kept; then they are erased and only statistics stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Visits, with their counts and encounters.
    pub visits: Within<1, 3650>,
    /// Alerts, with their calls and outcome.
    pub alerts: Within<1, 3650>,
    /// Views and complaints.
    pub feedback: Within<1, 3650>,
    /// Days between hiding a document and destroying it.
    pub destroy_after_days: Within<1, 90>,
    /// How many hours the clock may be ahead of when the server was last at work, before
    /// retention stops until a person has looked.
    pub stop_after_hours: Within<1, 8760>,
    /// Hundredths of a kind's documents that may be hidden within a day, before it stops.
    pub usual_share: Within<1, 100>,
    /// As many may be hidden whatever their share.
    pub usual_number: Within<1, 100_000>,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            visits: Within::constant::<90>(),
            alerts: Within::constant::<180>(),
            feedback: Within::constant::<365>(),
            destroy_after_days: Within::constant::<7>(),
            stop_after_hours: Within::constant::<48>(),
            usual_share: Within::constant::<10>(),
            usual_number: Within::constant::<20>(),
        }
    }
}

/// How far from its receipt a date may lie that a phone wrote; what lies outside waits in
/// quarantine for a coordinator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Times {
    /// Days before its receipt.
    pub oldest_days: Within<1, 3650>,
    /// Hours after its receipt.
    pub ahead_hours: Within<1, 720>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            oldest_days: Within::constant::<45>(),
            ahead_hours: Within::constant::<48>(),
        }
    }
}

/// How much a phone may send: far above what anybody does by hand. What is more waits on
/// the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Documents made or changed a day, each time, by a device.
    pub documents: Within<1, 1_000_000>,
    /// The same, by all devices of an organisation.
    pub organisation_documents: Within<1, 10_000_000>,
    /// Megabytes of changes a day, by a device.
    pub megabytes: Within<1, 10_000>,
    /// New places a day, by a device.
    pub places: Within<1, 1_000_000>,
    /// New alerts an hour, by a device.
    pub alerts_an_hour: Within<1, 1_000_000>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            documents: Within::constant::<2_000>(),
            organisation_documents: Within::constant::<20_000>(),
            megabytes: Within::constant::<50>(),
            places: Within::constant::<200>(),
            alerts_an_hour: Within::constant::<30>(),
        }
    }
}

/// How long a coordinator's browser stays signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Minutes without a request after which the session ends.
    pub idle_minutes: Within<1, 1440>,
    /// Hours after sign-in at which it ends whatever happens.
    pub absolute_hours: Within<1, 168>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_minutes: Within::constant::<120>(),
            absolute_hours: Within::constant::<12>(),
        }
    }
}

/// How long invitations are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Invitations {
    /// Hours that an invitation may be used.
    pub valid_hours: Within<1, 720>,
}

impl Default for Invitations {
    fn default() -> Self {
        Self {
            valid_hours: Within::constant::<24>(),
        }
    }
}

/// A token bucket: `burst` at once, then `per_minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Requests a minute in the long run.
    pub per_minute: Within<1, 100_000>,
    /// Requests at once.
    pub burst: Within<1, 100_000>,
}

impl Rate {
    /// So many times this rate, as far as the bounds allow.
    #[must_use]
    pub fn times(self, n: u32) -> Self {
        Self {
            per_minute: self.per_minute.times(n),
            burst: self.burst.times(n),
        }
    }
}

/// How often one party may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// Each device: all requests with its token or session.
    pub device: Rate,
    /// Each address: tokens and sessions that nobody has.
    pub unknown: Rate,
    /// Each address: enrolments that fail.
    pub enrol: Rate,
    /// Each address: views and complaints left; as many answers to them asked for.
    pub feedback: Rate,
    /// Each address: envelopes that no phone sealed.
    pub envelope: Rate,
    /// Each address: what anybody may read.
    pub public: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            // A phone that comes home after a week sends its backlog 200
            // documents a request; that must not be held up.
            device: Rate {
                per_minute: Within::constant::<600>(),
                burst: Within::constant::<300>(),
            },
            // One that was good is not counted, whatever else comes from its address.
            unknown: Rate {
                per_minute: Within::constant::<60>(),
                burst: Within::constant::<60>(),
            },
            // Those that succeed are not counted: a whole team enrols from one address.
            enrol: Rate {
                per_minute: Within::constant::<20>(),
                burst: Within::constant::<20>(),
            },
            // A mobile network may show a whole city's phones as one address; those
            // that are known are not counted.
            envelope: Rate {
                per_minute: Within::constant::<120>(),
                burst: Within::constant::<120>(),
            },
            // A city's phones behind one address read the map and the leaflets at once.
            public: Rate {
                per_minute: Within::constant::<1500>(),
                burst: Within::constant::<1500>(),
            },
            // Visitors of a day centre share its network.
            feedback: Rate {
                per_minute: Within::constant::<6>(),
                burst: Within::constant::<20>(),
            },
        }
    }
}
