//! The headers that stand on every answer, errors included.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// The policy of pages: they load their own files, and WebAssembly.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// The policy of an answer that is no page, should a browser ever show it as one: it loads
/// nothing. Shorter, too: a phone pays for it with every sync.
const DATA_POLICY: &str = "default-src 'none'; sandbox";

const SECURITY: [(HeaderName, &str); 4] = [
    (
        STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// The headers of an answer without a body that never came here.
pub(super) fn all() -> impl Iterator<Item = (HeaderName, &'static str)> {
    SECURITY.into_iter().chain([
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (CACHE_CONTROL, "no-store"),
    ])
}

/// The media type of what phones and the server say to each other.
pub const CBOR: &str = "application/cbor";

/// Adds the security headers to an answer, and keeps caches from storing what
/// does not say otherwise.
pub(super) async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let is_data = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == CBOR);
    let policy = if is_data { DATA_POLICY } else { CONTENT_POLICY };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
