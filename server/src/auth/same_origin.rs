//! Requests that a foreign page makes a browser send.

use axum::http::HeaderMap;

use crate::http::Problem;

/// The header that no form and no foreign page can add without asking first.
const HEADER: &str = "x-lagesbild";

/// Refuses a request that changes something by way of a browser's session,
/// unless it carries `X-Lagesbild: 1` and, when the browser says where it comes
/// from, comes from this site's own pages.
pub fn require_same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let marked = headers.get(HEADER).is_some_and(|value| value == "1");
    let ours = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin");
    if marked && ours {
        Ok(())
    } else {
        Err(Problem::forbidden(
            "foreign_page",
            "Only this site's own pages may do that; send the header X-Lagesbild: 1.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn needs_the_mark_and_no_foreign_origin() {
        let headers = |mark: Option<&'static str>, site: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(HEADER, mark), ("sec-fetch-site", site)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            headers
        };
        assert!(require_same_origin(&headers(Some("1"), None)).is_ok());
        assert!(require_same_origin(&headers(Some("1"), Some("same-origin"))).is_ok());
        for (mark, site) in [
            (None, None),
            (None, Some("same-origin")),
            (Some("0"), None),
            (Some("1"), Some("same-site")),
            (Some("1"), Some("cross-site")),
            (Some("1"), Some("none")),
        ] {
            assert!(
                require_same_origin(&headers(mark, site)).is_err(),
                "{mark:?} {site:?}"
            );
        }
    }
}
