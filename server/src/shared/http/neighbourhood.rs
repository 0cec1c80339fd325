//! Who stands behind an address.

use std::net::{IpAddr, Ipv6Addr};

/// Whom an address stands for: a household or an office has a whole /64 of IPv6.
pub(crate) fn neighbourhood(address: IpAddr) -> IpAddr {
    cut(address, 64)
}

/// Returns the region that one site may have: a /48 of IPv6; of IPv4 the address alone.
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
}
