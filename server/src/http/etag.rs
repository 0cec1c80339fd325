//! Answers that are sent once: asked for again, 304 for as long as nothing changed.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Problem;

/// Answers with JSON and its `ETag`, or 304 when the caller has this already.
pub(super) fn json_once<T: Serialize>(headers: &HeaderMap, body: &T) -> Response {
    let Ok(bytes) = serde_json::to_vec(body) else {
        return Problem::internal().into_response();
    };
    // Weak: compression changes the bytes, not the meaning.
    let hash = Sha256::digest(&bytes);
    let tag = hash[..12]
        .iter()
        .fold("W/\"".to_owned(), |tag, byte| format!("{tag}{byte:02x}"))
        + "\"";
    let known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], bytes).into_response()
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
