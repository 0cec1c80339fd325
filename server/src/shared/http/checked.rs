//! Extractors whose refusals are problems.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Problem;

/// An extractor of axum's that answers a [`Problem`] when it refuses.
#[derive(Debug, Clone, Copy)]
pub struct Checked<E>(pub E);

impl<T, S> FromRequest<S> for Checked<Json<T>>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(json) => Ok(Self(json)),
            Err(rejection) => Err(match &rejection {
                JsonRejection::MissingJsonContentType(_) => Problem::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "not_json",
                    "Send JSON, with Content-Type: application/json.",
                ),
                other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
                // serde names the field and the line; it may also quote the
                // value, but only back to the one who sent it.
                JsonRejection::JsonDataError(e) => Problem::malformed(e.body_text()),
                _ => Problem::malformed("The body is not the JSON that this address takes."),
            }),
        }
    }
}

impl<T, S> FromRequestParts<S> for Checked<Query<T>>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Query::from_request_parts(parts, state)
            .await
            .map(Self)
            .map_err(|rejection: QueryRejection| Problem::malformed(rejection.body_text()))
    }
}

// An id that cannot be one names nothing.
impl<T, S> FromRequestParts<S> for Checked<Path<T>>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::from_request_parts(parts, state)
            .await
            .map(Self)
            .map_err(|_: PathRejection| Problem::not_found())
    }
}
