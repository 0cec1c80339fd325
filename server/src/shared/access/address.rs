//! Where a request came from.

use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::HeaderMap;
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
        Ok(Self(believed(
            peer,
            &parts.headers,
            &base.config.trusted_proxies,
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

/// Walks `X-Forwarded-For` from the right, as long as the one who wrote the
/// entry is trusted: everything further left may be invented.
fn believed(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut address = peer.to_canonical();
    for entry in forwarded.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        let Ok(next) = entry.trim().parse::<IpAddr>() else {
            break;
        };
        address = next.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_configured_proxy_is_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("1.1.1.1, 2.2.2.2, 10.0.0.2"),
        );
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        let from = |peer: &str, trusted: &[IpAddr]| believed(ip(peer), &headers, trusted);
        assert_eq!(from("9.9.9.9", &proxies), ip("9.9.9.9"));
        assert_eq!(from("10.0.0.1", &proxies), ip("2.2.2.2"));
        assert_eq!(from("10.0.0.1", &proxies[..1]), ip("10.0.0.2"));
        assert_eq!(from("10.0.0.1", &[]), ip("10.0.0.1"));
        assert_eq!(
            believed(ip("10.0.0.1"), &HeaderMap::new(), &proxies),
            ip("10.0.0.1")
        );
    }
}
