//! Where a request came from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::Problem;
use crate::app::AppState;

/// The address of whoever asks: the peer's, or what a configured proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
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
            &app.config.trusted_proxies,
        )))
    }
}

/// Somebody who says nothing of who they are, and has not read too much lately.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stranger;

impl FromRequestParts<AppState> for Stranger {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, app).await;
        app.limiters
            .public
            .take(address, app.now())
            .map_err(Problem::too_many)?;
        Ok(Self)
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

/// Whom an address stands for: a household or an office has a whole /64 of IPv6.
pub(crate) fn neighbourhood(address: IpAddr) -> IpAddr {
    cut(address, 64)
}

/// What a site may have: a /48 of IPv6; of IPv4 the address alone.
pub(crate) fn region(address: IpAddr) -> IpAddr {
    cut(address, 48)
}

fn cut(address: IpAddr, bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) >> (128 - bits) << (128 - bits)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn an_ipv6_neighbourhood_is_one_and_so_is_its_region() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let near = |text: &str| neighbourhood(ip(text));
        assert_eq!(near("2001:db8::1"), near("2001:db8::2"));
        assert_ne!(near("2001:db8::1"), near("2001:db8:0:1::1"));
        assert_eq!(near("::ffff:10.0.0.1"), near("10.0.0.1"));
        assert_ne!(near("10.0.0.1"), near("10.0.0.2"));
        assert_eq!(region(ip("2001:db8::1")), region(ip("2001:db8:0:1::1")));
        assert_ne!(region(ip("2001:db8::1")), region(ip("2001:db8:1::1")));
    }

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
