//! Where phones reach the server: an origin, since the app needs a host of its own.

use std::str::FromStr;

use serde::Deserialize;
use url::{Host, Url};

/// An origin: `https://` and a host, or `http://` on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// This machine's own address.
    pub fn local(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// The origin, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !text.contains("://") {
            return Err(format!("{text:?} has no scheme: write https://{text}"));
        }
        let url = Url::parse(text).map_err(|error| format!("{text:?} is no address: {error}"))?;
        let origin = url.origin().ascii_serialization();
        let instead = |why: &str| Err(format!("{text:?} {why}: write {origin}"));
        match url.scheme() {
            "https" => {}
            "http" if is_here(url.host().as_ref()) => {}
            "http" => {
                let secure = origin.replacen("http", "https", 1);
                return Err(format!(
                    "{text:?}: phones store and encrypt over https only, and plain http is for \
                     this machine itself: write {secure}"
                ));
            }
            _ => {
                return Err(format!(
                    "{text:?}: write an address that begins with https://"
                ));
            }
        }
        if !url.username().is_empty() || url.password().is_some() {
            return instead("holds a user name or a password");
        }
        if url.path() != "/" {
            return instead("has a path, and the app needs a host of its own");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return instead("has a query or a fragment");
        }
        Ok(Self(origin))
    }
}

fn is_here(host: Option<&Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => *name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken() {
        for (text, origin) in [
            ("https://example.org", "https://example.org"),
            ("https://example.org/", "https://example.org"),
            (" https://Example.ORG:8443 ", "https://example.org:8443"),
            ("https://exämpel.se", "https://xn--exmpel-cua.se"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
            ("http://[::1]:1", "http://[::1]:1"),
        ] {
            assert_eq!(text.parse(), Ok(PublicUrl(origin.to_owned())), "{text}");
        }
    }

    #[test]
    fn whatever_would_make_links_that_cannot_work_is_refused_with_what_to_write() {
        for (text, about) in [
            ("example.org", "write https://example.org"),
            ("example.org:8443", "write https://example.org:8443"),
            ("https://example.org/app", "write https://example.org"),
            ("https://example.org/?a=1", "write https://example.org"),
            ("https://example.org/#x", "write https://example.org"),
            (
                "https://anna:hemligt@example.org",
                "write https://example.org",
            ),
            ("http://example.org", "write https://example.org"),
            ("http://192.168.1.5:8080", "write https://192.168.1.5:8080"),
            ("ftp://example.org", "https://"),
            ("https://", "no address"),
            ("https://exa mple.org", "no address"),
            ("", "no scheme"),
        ] {
            let error = text.parse::<PublicUrl>().unwrap_err();
            assert!(error.contains(about), "{text}: {error}");
        }
    }
}
