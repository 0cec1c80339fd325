//! The exchange with a phone: one signed request, one reply.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CONTENT_TYPE, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use minicbor::{Decode, Decoder};
use sync_core::authority::Capacity;
use sync_core::protocol::{BODY_BYTES, PROTOCOL, Request, Signed};
use sync_core::time::Instant;

use crate::outreach::state::AppState;
use crate::outreach::store::Scope;
use crate::outreach::sync::{ExchangeError, exchange};
use crate::shared::access::{Caller, Field};
use crate::shared::http::{CBOR, Problem, ProblemBody};
use crate::shared::principal::Role;
/// Bytes that the signature and the frame around the payload may take.
pub(super) const FRAME_BYTES: usize = 1024;

/// Sets the cap on the body, counted after decompression.
pub(crate) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(BODY_BYTES + FRAME_BYTES)
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncFailure {
    #[error("the body is not said to be CBOR")]
    NotCbor,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body did not arrive")]
    Broken,
    #[error("the frame around the payload is malformed")]
    Frame,
    #[error("the signature is not the device's")]
    Signature,
    #[error("the payload is malformed")]
    Payload,
    #[error("the payload has protocol {0}")]
    Protocol(u32),
    #[error("the reply cannot be encoded")]
    Reply,
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl IntoResponse for SyncFailure {
    fn into_response(self) -> Response {
        match self {
            Self::NotCbor => Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_cbor",
                "Send CBOR, with Content-Type: application/cbor.",
            ),
            Self::TooLarge | Self::Exchange(ExchangeError::TooManyDocuments(_)) => {
                Problem::too_large()
            }
            Self::Broken => Problem::malformed("The body did not arrive whole. Send it again."),
            Self::Frame => Problem::malformed("The body is not a signed request."),
            Self::Payload => Problem::malformed("The signed payload is not a request."),
            Self::Signature => Problem::unauthorised(
                "signature_wrong",
                "The request is not signed with this device's key. Ask your coordinator for a new invitation.",
            ),
            Self::Protocol(_) | Self::Exchange(ExchangeError::Protocol(_)) => {
                return protocol_unknown();
            }
            Self::Reply => {
                tracing::error!("a reply could not be encoded");
                Problem::internal()
            }
            Self::Exchange(ExchangeError::Store(error)) => error.into(),
        }
        .into_response()
    }
}

fn protocol_unknown() -> Response {
    let mut response = Problem::new(
        StatusCode::UPGRADE_REQUIRED,
        "protocol_unknown",
        "This app and the server do not speak the same version. Update the app; what it holds stays.",
    )
    .into_response();
    // RFC 9110, section 15.5.22: 426 names what to upgrade to.
    response
        .headers_mut()
        .insert(UPGRADE, HeaderValue::from_static("lagesbild-sync/1"));
    response
}

/// The one field that every version of the protocol has in the same place.
#[derive(Decode)]
#[cbor(map)]
struct Version {
    #[n(0)]
    protocol: u32,
}

/// Takes in what the device offers and gives what is new to it. What the reply
/// calls accepted is on disk. The same request again changes nothing.
#[utoipa::path(
    post,
    path = "/sync",
    tag = "sync",
    request_body(content = String, content_type = "application/cbor", description = "A signed request: [payload, signature]"),
    responses(
        (status = 200, description = "The reply", content_type = "application/cbor"),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "`token_unknown` or `signature_wrong`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`device_revoked` (with `erase: true`) or `role_not_allowed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "`not_cbor`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 426, description = "`protocol_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "`busy`; see `Retry-After`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["worker", "coordinator"]))
)]
pub(crate) async fn sync(
    State(app): State<AppState>,
    caller: Caller<Field>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, SyncFailure> {
    let is_cbor = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(CBOR));
    if !is_cbor {
        return Err(SyncFailure::NotCbor);
    }
    let (scope, request) = said(&caller, &arrived(body)?)?;
    let sent_at = Instant(request.sent_at);
    app.times
        .hear(scope.device, &scope.organisation, sent_at, app.now());
    let reply = exchange(&app.store, &scope, request, app.moment()).await?;
    let bytes = minicbor::to_vec(&reply).map_err(|_| SyncFailure::Reply)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(CBOR))], bytes).into_response())
}

/// A body that arrived whole, and is not too large.
pub(super) fn arrived(body: Result<Bytes, BytesRejection>) -> Result<Bytes, SyncFailure> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => SyncFailure::TooLarge,
        _ => SyncFailure::Broken,
    })
}

/// Reads what the caller's device signed, and what it may reach.
pub(super) fn said(caller: &Caller<Field>, body: &[u8]) -> Result<(Scope, Request), SyncFailure> {
    let signed: Signed = whole(body).ok_or(SyncFailure::Frame)?;
    let principal = caller.principal();
    if !principal
        .key()
        .signed(principal.device(), &signed.payload, &signed.signature)
    {
        return Err(SyncFailure::Signature);
    }
    let request = request(&signed.payload)?;
    let scope = Scope {
        device: principal.device(),
        organisation: principal.organisation.clone(),
        by: principal.actor(),
        act: None,
        capacity: match principal.role {
            Role::Coordinator => Capacity::Coordinator,
            _ => Capacity::Worker,
        },
    };
    Ok((scope, request))
}

/// Reads a request. Its version first: another version may look different
/// everywhere else.
fn request(payload: &[u8]) -> Result<Request, SyncFailure> {
    let version: Version = whole(payload).ok_or(SyncFailure::Payload)?;
    if version.protocol != PROTOCOL {
        return Err(SyncFailure::Protocol(version.protocol));
    }
    whole(payload).ok_or(SyncFailure::Payload)
}

/// Decodes bytes that hold one value and nothing after it.
fn whole<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().ok()?;
    (decoder.position() == bytes.len()).then_some(value)
}

#[cfg(test)]
mod tests;
