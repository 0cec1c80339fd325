//! Token buckets: so many requests at once, then so many a minute.

mod address;
mod buckets;
mod secrets;

use sync_core::ids::{DeviceId, OrganisationId};

pub(crate) use address::ByAddress;
pub(crate) use buckets::Limiter;
pub(crate) use secrets::Known;

use crate::config::Rates;

/// Of the rate of one address: what all addresses together may, where each costs the
/// server little.
const ALL: u32 = 50;
/// The same of views, which people have to read.
const ALL_VIEWS: u32 = 20;
/// Of the rate of one address: the views that one organisation may be left.
const ORGANISATION: u32 = 10;
/// Of the rate of one address: what all strangers together may read.
const ALL_STRANGERS: u32 = 8;

/// The limiters of the running server.
#[derive(Debug)]
pub struct Limiters {
    /// Everything a device asks for.
    pub device: Limiter<DeviceId>,
    /// Tokens and sessions that nobody has.
    pub unknown: ByAddress,
    /// Which tokens and sessions somebody has.
    pub known: Known,
    /// Enrolments that failed.
    pub enrol: ByAddress,
    /// Views that are left.
    pub feedback: ByAddress,
    /// Views left to one organisation.
    pub feedback_to: Limiter<OrganisationId>,
    /// Answers to views that are asked for.
    pub answers: ByAddress,
    /// Envelopes that nobody known sealed.
    pub envelope: ByAddress,
    /// Pages and figures that anybody may read.
    pub public: ByAddress,
}

impl Limiters {
    /// Limiters with these rates.
    pub fn new(rates: &Rates) -> Self {
        Self {
            device: Limiter::new(rates.device),
            unknown: ByAddress::new(rates.unknown, ALL),
            known: Known::default(),
            enrol: ByAddress::new(rates.enrol, ALL),
            feedback: ByAddress::new(rates.feedback, ALL_VIEWS),
            feedback_to: Limiter::new(rates.feedback.times(ORGANISATION)),
            answers: ByAddress::new(rates.feedback, ALL),
            envelope: ByAddress::new(rates.envelope, ALL),
            public: ByAddress::new(rates.public, ALL_STRANGERS),
        }
    }
}
