//! Answers that are sent once: asked for again, 304 for as long as nothing changed.

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Problem;

/// A JSON answer, made once for all who ask.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Once {
    /// The answer; `None` when the body cannot be written as JSON.
    pub(crate) fn new<T: Serialize>(body: &T) -> Option<Self> {
        let bytes = serde_json::to_vec(body).ok()?;
        // Weak: compression changes the bytes, not the meaning.
        let hash = Sha256::digest(&bytes);
        let tag = hash[..12]
            .iter()
            .fold("W/\"".to_owned(), |tag, byte| format!("{tag}{byte:02x}"))
            + "\"";
        Some(Self {
            bytes: bytes.into(),
            tag: HeaderValue::try_from(tag).ok()?,
        })
    }

    /// The answer with its `ETag`, or 304 when the caller has it already.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim() == self.tag);
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, "application/json")], self.bytes.clone()).into_response()
        };
        let kept = response.headers_mut();
        kept.insert(ETAG, self.tag.clone());
        kept.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}

/// Answers with JSON and its `ETag`, or 304 when the caller has this already.
pub(crate) fn json_once<T: Serialize>(headers: &HeaderMap, body: &T) -> Response {
    Once::new(body).map_or_else(
        || Problem::internal().into_response(),
        |once| once.answer(headers),
    )
}
