//! `X-Forwarded-For`: what reverse proxies say of whom they ask for.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::HeaderMap;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use sync_core::time::Instant;

/// The log is told of a fault of the same kind this often at most.
const TELL_MS: i64 = 600_000;

/// The prefix of addresses that stand for a text that is none: `100::/16` without the rest
/// of the discard-only prefix of RFC 6666, which no packet comes from.
const NOBODY: u128 = 0x0100 << 112;

/// How well the server knows where requests come from.
#[derive(Debug, Default)]
pub struct Forwarded {
    unreadable: Fault,
    unlisted: Fault,
}

#[derive(Debug, Default)]
struct Fault {
    times: Counter,
    /// When the log was last told.
    told: AtomicI64,
}

impl Fault {
    /// Counts it; returns whether the log is to be told.
    fn note(&self, now: Instant) -> bool {
        self.times.inc();
        let told = self.told.load(Ordering::Relaxed);
        let due = told == 0 || now.0.saturating_sub(told) >= TELL_MS || now.0 < told;
        due && self
            .told
            .compare_exchange(told, now.0, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }
}

impl Forwarded {
    /// Adds the figures.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "forwarded_unreadable",
            "Requests whose X-Forwarded-For a trusted proxy wrote and nobody can read",
            self.unreadable.times.clone(),
        );
        registry.register(
            "forwarded_unlisted",
            "Requests with X-Forwarded-For from an address of a private network that is not among trusted_proxies",
            self.unlisted.times.clone(),
        );
    }

    /// Returns what somebody has to put right, since the server was started.
    pub fn advice(&self) -> Option<&'static str> {
        if self.unreadable.times.get() > 0 {
            Some(
                "a trusted proxy writes X-Forwarded-For in a form that cannot be read: see the log, and have it write plain addresses",
            )
        } else if self.unlisted.times.get() > 0 {
            Some(
                "requests come through a proxy that is not among trusted_proxies: all it asks for share one rate limit; see the log for its address",
            )
        } else {
            None
        }
    }

    /// Walks `X-Forwarded-For` from the right, as long as the one who wrote the entry is
    /// trusted: everything further left may be invented.
    ///
    /// An entry of a trusted proxy that is no address stands for somebody all the same:
    /// whoever has the same text shares a limit, and not everybody behind the proxy.
    pub(super) fn believed(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
        trusted: &[IpAddr],
        now: Instant,
    ) -> IpAddr {
        let mut address = peer.to_canonical();
        let written: Vec<String> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        let entries = written.iter().flat_map(|value| value.split(','));
        let entries: Vec<&str> = entries.map(str::trim).filter(|e| !e.is_empty()).collect();
        if !trusted.contains(&address) {
            if !entries.is_empty() && is_local(address) && self.unlisted.note(now) {
                tracing::warn!(
                    %address,
                    "a proxy that is not trusted asks for others: they all share one rate limit. \
                     Is it yours? Then add it to trusted_proxies"
                );
            }
            return address;
        }
        for entry in entries.into_iter().rev() {
            if !trusted.contains(&address) {
                break;
            }
            let Some(next) = address_in(entry) else {
                if self.unreadable.note(now) {
                    let entry: String = entry.chars().take(80).collect();
                    tracing::warn!(
                        proxy = %address, ?entry,
                        "a trusted proxy's X-Forwarded-For is no address: \
                         have it write addresses, with or without a port"
                    );
                }
                return nobody(entry);
            };
            address = next;
        }
        address
    }
}

/// Reads an entry: an address, with a port or without, in brackets, quotes or with a zone.
fn address_in(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"').trim();
    let host = match entry.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            is_port_or_none(port).then_some(host)?
        }
        None => match entry.split_once(':') {
            // Of IPv6 without brackets, every colon is the address's own.
            Some((host, port)) if !port.contains(':') => is_port(port).then_some(host)?,
            _ => entry,
        },
    };
    // The zone is a matter of the proxy's own interfaces.
    let host = host.split_once('%').map_or(host, |(host, _)| host);
    host.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

fn is_port_or_none(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(is_port)
}

/// Whether an address is one that a proxy of one's own has: the same machine or a private
/// network. From elsewhere anybody may send the header.
fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Returns the address that stands for a text: each a neighbourhood and a region of its own.
fn nobody(text: &str) -> IpAddr {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Ipv6Addr::from(NOBODY | u128::from(hasher.finish() >> 32) << 80).into()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);
    const PROXY: &str = "10.0.0.1";

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let values = values.iter().map(|v| HeaderValue::from_bytes(v).unwrap());
        values
            .map(|value| {
                (
                    axum::http::HeaderName::from_static("x-forwarded-for"),
                    value,
                )
            })
            .collect::<Vec<_>>()
            .into_iter()
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            })
    }

    fn from(forwarded: &Forwarded, peer: &str, value: &str) -> IpAddr {
        forwarded.believed(ip(peer), &headers(&[value.as_bytes()]), &[ip(PROXY)], NOW)
    }

    #[test]
    fn only_a_configured_proxy_is_believed() {
        let forwarded = Forwarded::default();
        let headers = headers(&[b"1.1.1.1, 2.2.2.2, 10.0.0.2"]);
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        let from =
            |peer: &str, trusted: &[IpAddr]| forwarded.believed(ip(peer), &headers, trusted, NOW);
        assert_eq!(from("9.9.9.9", &proxies), ip("9.9.9.9"));
        assert_eq!(from("10.0.0.1", &proxies), ip("2.2.2.2"));
        assert_eq!(from("10.0.0.1", &proxies[..1]), ip("10.0.0.2"));
        assert_eq!(from("10.0.0.1", &[]), ip("10.0.0.1"));
        assert_eq!(
            forwarded.believed(ip(PROXY), &HeaderMap::new(), &proxies, NOW),
            ip(PROXY)
        );
    }

    #[test]
    fn an_address_may_carry_a_port_brackets_quotes_or_a_zone() {
        let forwarded = Forwarded::default();
        for (written, meant) in [
            ("9.9.7.1", "9.9.7.1"),
            ("9.9.7.1:51231", "9.9.7.1"),
            ("1.1.1.1:1, 9.9.7.1:51231 ", "9.9.7.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:9.9.7.1", "9.9.7.1"),
            ("9.9.7.1,", "9.9.7.1"),
        ] {
            assert_eq!(from(&forwarded, PROXY, written), ip(meant), "{written}");
        }
        assert_eq!(forwarded.advice(), None);
    }

    #[test]
    fn several_headers_are_one_list() {
        let headers = headers(&[b"1.1.1.1", b"2.2.2.2, 10.0.0.2"]);
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        let found = Forwarded::default().believed(ip(PROXY), &headers, &proxies, NOW);
        assert_eq!(found, ip("2.2.2.2"));
    }

    #[test]
    fn what_cannot_be_read_is_told_and_does_not_put_everybody_into_one_bucket() {
        let forwarded = Forwarded::default();
        let unread = [
            "unknown",
            "_hidden",
            "9.9.7.1:port",
            "[2001:db8::1",
            "example.org:1",
        ];
        // Of IPv6, a limit is for a /64, and a wider one for a /48.
        let mut regions: Vec<Vec<u8>> = Vec::new();
        for text in unread {
            let address = from(&forwarded, PROXY, text);
            assert_ne!(address, ip(PROXY), "{text}");
            assert_eq!(address, from(&forwarded, PROXY, text));
            let IpAddr::V6(v6) = address else {
                panic!("{address}");
            };
            regions.push(v6.octets()[..6].to_vec());
        }
        regions.sort_unstable();
        regions.dedup();
        assert_eq!(regions.len(), unread.len());
        assert_eq!(forwarded.unreadable.times.get(), 2 * unread.len() as u64);
        assert!(forwarded.advice().unwrap().contains("trusted proxy writes"));
        let bytes = headers(&[b"\xff\xfe"]);
        let odd = forwarded.believed(ip(PROXY), &bytes, &[ip(PROXY)], NOW);
        assert_ne!(odd, ip(PROXY));
    }

    #[test]
    fn a_proxy_that_is_not_listed_is_told_of_unless_anybody_could_have_written_it() {
        let forwarded = Forwarded::default();
        assert_eq!(from(&forwarded, "9.9.9.9", "1.1.1.1"), ip("9.9.9.9"));
        assert_eq!(forwarded.advice(), None);
        assert_eq!(from(&forwarded, "10.0.0.7", "1.1.1.1"), ip("10.0.0.7"));
        assert!(forwarded.advice().unwrap().contains("trusted_proxies"));
    }

    #[test]
    fn the_log_is_told_now_and_then() {
        let fault = Fault::default();
        assert!(fault.note(NOW));
        assert!(!fault.note(Instant(NOW.0 + TELL_MS - 1)));
        assert!(fault.note(Instant(NOW.0 + TELL_MS)));
        assert_eq!(fault.times.get(), 3);
    }
}
