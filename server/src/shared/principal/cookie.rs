//! The cookie of a coordinator's browser.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use super::{SecretHash, Token};

/// The session's cookie. The `__Host-` prefix makes browsers refuse it without
/// `Secure`, with a domain, or from another path.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie;

impl SessionCookie {
    /// The cookie's name.
    pub const NAME: &'static str = "__Host-lagesbild";

    /// The hash of the session's secret that a request carries, if any.
    pub fn read(headers: &HeaderMap) -> Option<SecretHash> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == Self::NAME)
            .map(|(_, secret)| SecretHash::of(secret))
    }

    /// The `Set-Cookie` that gives a browser its session, for `seconds`.
    pub fn set(token: &Token, seconds: u32) -> HeaderValue {
        Self::value(token.reveal(), seconds)
    }

    /// The `Set-Cookie` that takes it away.
    pub fn clear() -> HeaderValue {
        Self::value("", 0)
    }

    fn value(secret: &str, seconds: u32) -> HeaderValue {
        let text = format!(
            "{}={secret}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict",
            Self::NAME
        );
        #[expect(
            clippy::expect_used,
            reason = "base64url and digits are header characters"
        )]
        HeaderValue::try_from(text).expect("a cookie of visible ASCII")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_among_others() {
        let token = Token::from_random([3; 32]);
        let mut headers = HeaderMap::new();
        assert_eq!(SessionCookie::read(&headers), None);
        let line = format!("a=b; __Host-lagesbild={}; c=d", token.reveal());
        headers.append(COOKIE, HeaderValue::try_from(line).unwrap());
        assert_eq!(SessionCookie::read(&headers), Some(token.hash()));
    }

    #[test]
    fn the_cookie_is_strict() {
        let value = SessionCookie::set(&Token::from_random([3; 32]), 60);
        let text = value.to_str().unwrap();
        for part in [
            "Path=/",
            "HttpOnly",
            "Secure",
            "SameSite=Strict",
            "Max-Age=60",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"));
    }
}
