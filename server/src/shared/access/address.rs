//! Where a request came from.

use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::Base;
use crate::shared::http::Problem;
use crate::shared::http::rate::{ByAddress, Limiters};
use sync_core::time::Instant;

/// The address of whoever asks: the peer's, or what a configured proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S> FromRequestParts<S> for ClientAddress
where
    Base: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let base = Base::from_ref(state);
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(Self(base.forwarded.believed(
            peer,
            &parts.headers,
            &base.config.trusted_proxies,
            base.now(),
        )))
    }
}

/// A request that is limited by address alone.
pub(crate) trait Knocking: Send + Sync + 'static {
    /// Picks the limits that hold for it.
    fn limits(limiters: &Limiters) -> &ByAddress;
}

/// Somebody at the door: counted by address, before a body is read or anything computed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Knock<K>(pub ClientAddress, PhantomData<fn() -> K>);

macro_rules! knocks {
    ($($(#[$doc:meta])* $name:ident: $limits:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) enum $name {}

        impl Knocking for $name {
            fn limits(limiters: &Limiters) -> &ByAddress {
                &limiters.$limits
            }
        }
    )*};
}

knocks! {
    /// Enrols a device by an invitation.
    Enrolling: enrol;
    /// Leaves a view or a complaint.
    Leaving: feedback;
    /// Asks for the answer to a view.
    Asking: answers;
    /// Sends what a phone sealed.
    Carrying: envelope;
    /// Reads what anybody may.
    Passing: public;
}

/// Somebody who says nothing of who they are, and has not read too much lately.
pub(crate) type Stranger = Knock<Passing>;

impl<K: Knocking> Knock<K> {
    /// Does not count it after all.
    pub(crate) fn is_welcome(&self, limiters: &Limiters, now: Instant) {
        K::limits(limiters).give_back(self.0.0, now);
    }
}

impl<K: Knocking, S> FromRequestParts<S> for Knock<K>
where
    Base: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(address) = ClientAddress::from_request_parts(parts, state).await;
        let base = Base::from_ref(state);
        K::limits(&base.limiters)
            .take(address.0, base.now())
            .map_err(Problem::too_many)?;
        Ok(Self(address, PhantomData))
    }
}
