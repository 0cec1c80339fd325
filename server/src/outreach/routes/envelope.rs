//! Requests that a locked phone's browser sends: each was sealed while the
//! phone was open.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use sync_core::protocol::BODY_BYTES;

use super::sync::{self, FRAME_BYTES, arrived, said};
use crate::outreach::sealed::AROUND;
use crate::outreach::state::AppState;
use crate::outreach::sync::take_left;
use crate::shared::access::ClientAddress;
use crate::shared::access::{Caller, Field};
use crate::shared::access::{Carrying, Knock};
use crate::shared::http::{Problem, ProblemBody};

/// Sets the cap on the body.
pub(crate) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(BODY_BYTES + FRAME_BYTES + AROUND)
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvelopeFailure {
    #[error("the envelope is not for this server, or broken")]
    Seal,
    #[error("not all of it was taken in")]
    NotAll,
    #[error("the caller may not")]
    Caller(Problem),
    #[error(transparent)]
    Sync(#[from] sync::SyncFailure),
}

impl IntoResponse for EnvelopeFailure {
    fn into_response(self) -> Response {
        match self {
            Self::Seal => Problem::new(
                StatusCode::BAD_REQUEST,
                "seal_unknown",
                "This was not sealed for this server. Unlock the phone: it then sends by itself.",
            )
            .into_response(),
            Self::NotAll => Problem::new(
                StatusCode::CONFLICT,
                "not_all_taken",
                "Not all of it was let in. Unlock the phone: it then hears what, and why.",
            )
            .into_response(),
            Self::Caller(problem) => problem.into_response(),
            Self::Sync(failure) => failure.into_response(),
        }
    }
}

/// Takes in what a phone sealed for the server, as `POST /sync` does, but tells
/// nothing: whoever sends it could not read it. The phone learns what was
/// accepted at its next sync.
///
/// An envelope is HPKE (RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256),
/// HKDF-SHA256, AES-256-GCM, info `lagesbild envelope 1`) for the key that `GET
/// /me` names: 65 bytes of encapsulated key, then the ciphertext of the token's
/// length (1 byte), the token, and the body of `POST /sync`.
#[utoipa::path(
    post,
    path = "/sync/envelope",
    tag = "sync",
    request_body(content = String, content_type = "application/octet-stream", description = "An envelope"),
    responses(
        (status = 204, description = "All of it is on disk"),
        (status = 400, description = "`seal_unknown` or `malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "`token_unknown` or `signature_wrong`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`device_revoked` (with `erase: true`) or `role_not_allowed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`not_all_taken`: the phone has to sync itself", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 426, description = "`protocol_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`too_many`; see `Retry-After`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "`busy`; see `Retry-After`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 507, description = "`storage_full`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn take(
    State(app): State<AppState>,
    knock: Knock<Carrying>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, EnvelopeFailure> {
    let opened = app
        .store
        .envelopes()
        .open(&arrived(body)?)
        .ok_or(EnvelopeFailure::Seal)?;
    let caller = caller(&app, knock.0, &opened.token).await?;
    knock.is_welcome(&app.base.limiters, app.now());
    let (scope, request) = said(&caller, &opened.request)?;
    let all = take_left(&app.store, &scope, request, app.moment())
        .await
        .map_err(sync::SyncFailure::from)?;
    if all {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(EnvelopeFailure::NotAll)
    }
}

/// Whose token it is, by the same door as any other request's.
async fn caller(
    app: &AppState,
    address: ClientAddress,
    token: &str,
) -> Result<Caller<Field>, EnvelopeFailure> {
    let (mut parts, ()) = Request::post("/")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .extension(address)
        .body(())
        .map_err(|_| EnvelopeFailure::Seal)?
        .into_parts();
    Caller::from_request_parts(&mut parts, app)
        .await
        .map_err(EnvelopeFailure::Caller)
}

#[cfg(test)]
mod tests {
    use crate::outreach::routes::testing::{TestApp, TestDevice, TestReply, pull, seal};
    use crate::outreach::sealed::testing::seal as seal_envelope;
    use crate::shared::principal::Role;

    use super::*;

    async fn envelope(app: &TestApp, device: &TestDevice, token: &str) -> Vec<u8> {
        let mut request = pull(0);
        request.batch.push(app.place_offer(device, 7));
        sealed(app, device, token, &request).await
    }

    async fn sealed(
        app: &TestApp,
        device: &TestDevice,
        token: &str,
        request: &sync_core::protocol::Request,
    ) -> Vec<u8> {
        let me = app.get("/me").bearer(&device.token).send().await;
        let key = me.json["configuration"]["envelope_key"].as_str().unwrap();
        let signed = seal(device, minicbor::to_vec(request).unwrap());
        seal_envelope(key, token, &signed)
    }

    async fn send(app: &TestApp, bytes: Vec<u8>) -> TestReply {
        app.post("/sync/envelope")
            .body("application/octet-stream", bytes)
            .send()
            .await
    }

    #[tokio::test]
    async fn what_was_sealed_while_the_phone_was_open_arrives() {
        let app = TestApp::new().await;
        let one = app.enrolled(Role::Worker, "eu-teamet").await;
        let sealed = envelope(&app, &one, &one.token).await;
        for _ in 0..2 {
            let reply = send(&app, sealed.clone()).await;
            assert_eq!(reply.status, StatusCode::NO_CONTENT);
            assert!(reply.bytes.is_empty(), "nothing is told");
        }
        let other = app.enrolled(Role::Coordinator, "forening-a").await;
        assert_eq!(app.exchange(&other, &pull(0)).await.documents.len(), 1);
    }

    #[tokio::test]
    async fn what_was_not_all_taken_in_is_not_called_so() {
        let app = TestApp::new().await;
        let one = app.enrolled(Role::Worker, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "eu-teamet").await;
        // One that the gate refuses, beside one that it takes.
        let mut request = pull(0);
        request.batch.push(app.place_offer(&one, 7));
        request.batch.push(app.place_offer(&other, 8));
        let mixed = sealed(&app, &one, &one.token, &request).await;
        let reply = send(&app, mixed).await;
        reply.is_problem(StatusCode::CONFLICT, "not_all_taken");
        let there = app.exchange(&other, &pull(0)).await;
        assert_eq!(there.documents.len(), 1);
        // Sealed before the server was restored: what it builds on may be gone.
        let mut request = pull(0);
        request.epoch = there.epoch + 1;
        request.batch.push(app.place_offer(&one, 9));
        let before = sealed(&app, &one, &one.token, &request).await;
        let reply = send(&app, before).await;
        reply.is_problem(StatusCode::CONFLICT, "not_all_taken");
        assert_eq!(app.exchange(&other, &pull(0)).await.documents.len(), 1);
    }

    #[tokio::test]
    async fn an_envelope_opens_no_other_door_than_the_phone_s_own() {
        let app = TestApp::new().await;
        let one = app.enrolled(Role::Worker, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "eu-teamet").await;
        // Signed by one device, with the token of another.
        let mixed = envelope(&app, &one, &other.token).await;
        let reply = send(&app, mixed).await;
        reply.is_problem(StatusCode::UNAUTHORIZED, "signature_wrong");
        let nobody = envelope(&app, &one, "nobody\n").await;
        let reply = send(&app, nobody).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "seal_unknown");
        let sealed = envelope(&app, &one, &one.token).await;
        app.revoke(one.id).await;
        let reply = send(&app, sealed).await;
        reply.is_problem(StatusCode::FORBIDDEN, "device_revoked");
        assert_eq!(reply.json["erase"], true);
    }

    #[tokio::test]
    async fn what_is_no_envelope_is_refused_and_not_for_ever() {
        let app = TestApp::new().await;
        for bytes in [vec![], vec![4; 65], vec![0; 5000]] {
            let reply = send(&app, bytes).await;
            reply.is_problem(StatusCode::BAD_REQUEST, "seal_unknown");
        }
        let one = app.enrolled(Role::Worker, "eu-teamet").await;
        let good = envelope(&app, &one, &one.token).await;
        let rate = app.state.base.config.rates.envelope.burst.get();
        // Those of a known phone do not count.
        for _ in 0..rate {
            let reply = send(&app, good.clone()).await;
            assert_eq!(reply.status, StatusCode::NO_CONTENT);
        }
        let mut refused = 0;
        for _ in 0..rate {
            let reply = send(&app, vec![]).await;
            refused += usize::from(reply.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(refused, 3);
    }
}
