//! Addresses that only this machine reaches.

use std::net::SocketAddr;
use std::str::FromStr;

use serde::Deserialize;

/// An address and port of the machine itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "SocketAddr")]
pub struct Loopback(SocketAddr);

impl Loopback {
    /// Returns the address and port.
    pub const fn address(self) -> SocketAddr {
        self.0
    }
}

/// Why an address is none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoopbackError {
    /// No address and port.
    #[error("write an address and a port, as in 127.0.0.1:9090")]
    NoAddress,
    /// Others could reach it.
    #[error("{0} can be reached from outside; use 127.0.0.1 or [::1], and a proxy if you must")]
    Outside(SocketAddr),
}

impl TryFrom<SocketAddr> for Loopback {
    type Error = LoopbackError;

    fn try_from(address: SocketAddr) -> Result<Self, LoopbackError> {
        if address.ip().is_loopback() {
            Ok(Self(address))
        } else {
            Err(LoopbackError::Outside(address))
        }
    }
}

impl FromStr for Loopback {
    type Err = LoopbackError;

    fn from_str(text: &str) -> Result<Self, LoopbackError> {
        let address: SocketAddr = text.parse().map_err(|_| LoopbackError::NoAddress)?;
        Self::try_from(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_itself() {
        assert!("127.0.0.1:9090".parse::<Loopback>().is_ok());
        assert!("[::1]:9090".parse::<Loopback>().is_ok());
        assert_eq!(
            "0.0.0.0:9090".parse::<Loopback>(),
            Err(LoopbackError::Outside(([0, 0, 0, 0], 9090).into()))
        );
        assert_eq!("9090".parse::<Loopback>(), Err(LoopbackError::NoAddress));
    }
}
