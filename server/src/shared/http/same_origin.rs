//! Requests that a foreign page makes a browser send.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

use super::Problem;

/// The header that no form and no foreign page can add without asking first.
const HEADER: &str = "x-lagesbild";

/// Refuses a request that changes something by way of a browser's session,
/// unless it carries `X-Lagesbild: 1` and comes from this site's own pages: by
/// what the browser says in `Sec-Fetch-Site`, or, where it is too old for that,
/// in `Origin`. Whoever says neither is no browser that we know.
pub fn require_same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let marked = headers.get(HEADER).is_some_and(|value| value == "1");
    let ours = match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => is_own(headers).unwrap_or(false),
    };
    if marked && ours {
        Ok(())
    } else {
        Err(Problem::forbidden(
            "foreign_page",
            "Only this site's own pages may do that; send the headers X-Lagesbild: 1 and Origin.",
        ))
    }
}

/// Checks whether `Origin` names the host that was asked. Without TLS only on this
/// machine itself: elsewhere such a page may be anybody's on the way. `None`
/// when one of them is missing.
fn is_own(headers: &HeaderMap) -> Option<bool> {
    let text = |name| headers.get(name)?.to_str().ok();
    let (origin, asked) = (text(ORIGIN)?, text(HOST)?);
    let (scheme, named) = origin.split_once("://")?;
    let default = match scheme {
        "https" => ":443",
        "http" if is_this_machine(named) => ":80",
        _ => return Some(false),
    };
    let bare = |host: &str| {
        host.strip_suffix(default)
            .unwrap_or(host)
            .to_ascii_lowercase()
    };
    Some(bare(named) == bare(asked))
}

fn is_this_machine(authority: &str) -> bool {
    let host = authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(named: &[(&'static str, &'static str)]) -> HeaderMap {
        named
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn needs_the_mark_and_no_foreign_site() {
        let own = headers(&[(HEADER, "1"), ("sec-fetch-site", "same-origin")]);
        assert!(require_same_origin(&own).is_ok());
        for foreign in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[(HEADER, "0"), ("sec-fetch-site", "same-origin")],
            &[(HEADER, "1"), ("sec-fetch-site", "same-site")],
            &[(HEADER, "1"), ("sec-fetch-site", "cross-site")],
            &[(HEADER, "1"), ("sec-fetch-site", "none")],
            &[(HEADER, "1")],
            // What the newer header says is not outvoted by the older one.
            &[
                (HEADER, "1"),
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://x.se"),
                ("host", "x.se"),
            ],
        ] {
            assert!(
                require_same_origin(&headers(foreign)).is_err(),
                "{foreign:?}"
            );
        }
    }

    #[test]
    fn a_browser_that_names_no_site_is_known_by_its_origin() {
        for (origin, host, own) in [
            ("https://x.se", "x.se", true),
            ("https://x.se", "X.se:443", true),
            ("https://x.se:8443", "x.se:8443", true),
            ("http://localhost:8080", "localhost:8080", true),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://127.0.0.1", "127.0.0.1:80", true),
            ("https://x.se.example.org", "x.se", false),
            ("https://y.se", "x.se", false),
            ("https://x.se:8443", "x.se", false),
            ("http://x.se", "x.se", false),
            ("null", "x.se", false),
            ("", "", false),
        ] {
            let headers = headers(&[(HEADER, "1"), ("origin", origin), ("host", host)]);
            let answer = require_same_origin(&headers);
            assert_eq!(answer.is_ok(), own, "{origin} {host}");
        }
        let hostless = headers(&[(HEADER, "1"), ("origin", "https://x.se")]);
        assert!(require_same_origin(&hostless).is_err());
    }
}
