//! A phone or browser becomes a member's device.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sync_core::ids::DeviceId;

use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::shared::access::{Enrolling, Knock};
use crate::shared::accounts::devices::NewDevice;
use crate::shared::accounts::invitations::{Enrolment, Invited};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, ProblemBody};
use crate::shared::principal::{DeviceKey, KeyError, Role, SecretHash, Token};

/// Longest label, in characters.
pub(super) const LABEL: usize = 60;

/// What a device says when it enrols.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolRequest {
    /// The invitation's code, from the link.
    code: String,
    /// The device's public key: the 65 bytes of an uncompressed P-256 point, base64url.
    public_key: String,
    /// That the device holds the private key: its signature (ECDSA P-256 with SHA-256,
    /// 64 bytes r‖s, base64url) over the bytes of `lagesbild enrol 1`, a zero byte, and
    /// the code. Required; an app that is too old to send it is told so.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    proof: Option<String>,
    /// What the owner calls the device; at most 60 characters, never a name.
    #[serde(default)]
    label: String,
}

/// What it is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Enrolled {
    /// The device's id: the actor of each of its changes begins with it.
    #[schema(value_type = String)]
    device: DeviceId,
    /// The device's secret. Shown this once.
    token: String,
    /// The member's role.
    role: Role,
    /// The member's organisation.
    organisation: Organisation,
}

/// What somebody asks who has opened an invitation's link.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationRequest {
    /// The invitation's code, from the link.
    code: String,
}

/// What an invitation is for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct InvitationAbout {
    /// The role that the new member gets.
    role: Role,
    /// The organisation that it joins.
    organisation: Organisation,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum EnrolFailure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no invitation has this code")]
    Unknown,
    #[error("the invitation was used")]
    Used,
    #[error("the invitation's time is over")]
    Expired,
    #[error("the label is too long")]
    Label,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("there is no proof of the private key")]
    NoProof,
    #[error("the proof of the private key is wrong")]
    Proof,
}

impl IntoResponse for EnrolFailure {
    fn into_response(self) -> Response {
        match self {
            Self::Store(error) => error.into(),
            Self::Unknown => Problem::new(
                StatusCode::NOT_FOUND,
                "code_unknown",
                "There is no such invitation. Check that the whole link came along.",
            ),
            Self::Used => Problem::new(
                StatusCode::GONE,
                "code_used",
                "The invitation has been used. Ask for a new one.",
            ),
            Self::Expired => Problem::new(
                StatusCode::GONE,
                "code_expired",
                "The invitation is too old. Ask for a new one.",
            ),
            Self::Label => Problem::malformed("A label has at most 60 characters."),
            Self::Key(error) => Problem::malformed(error.to_string()),
            Self::NoProof => Problem::malformed(
                "The request lacks a proof of the private key: this app is too old. Reload it and open the link again; the invitation is not used up.",
            ),
            Self::Proof => Problem::malformed(
                "The proof is not the public key's signature over this code. Open the link again; the invitation is not used up.",
            ),
        }
        .into_response()
    }
}

/// Says what an invitation is for, so that a person can decide to use it. Uses nothing up:
/// links are opened by mail scanners and previews too.
#[utoipa::path(
    post,
    path = "/invitation",
    tag = "devices",
    request_body = InvitationRequest,
    responses(
        (status = 200, description = "What it is for", body = InvitationAbout),
        (status = 404, description = "`code_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 410, description = "`code_used` or `code_expired`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`too_many`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn about(
    State(app): State<AppState>,
    knock: Knock<Enrolling>,
    Checked(Json(request)): Checked<Json<InvitationRequest>>,
) -> Result<Json<InvitationAbout>, EnrolFailure> {
    let accounts = app.store.accounts();
    match accounts
        .invited(SecretHash::of(&request.code), app.now())
        .await?
    {
        Invited::Open { role, organisation } => {
            knock.is_welcome(&app.base.limiters, app.now());
            Ok(Json(InvitationAbout { role, organisation }))
        }
        Invited::Unknown => Err(EnrolFailure::Unknown),
        Invited::Used => Err(EnrolFailure::Used),
        Invited::Expired => Err(EnrolFailure::Expired),
    }
}

/// Enrols a device: uses up the invitation, keeps the public key, gives a token.
/// A device whose answer was lost may ask again with the same key, until it has
/// used its token.
#[utoipa::path(
    post,
    path = "/enrol",
    tag = "devices",
    request_body = EnrolRequest,
    responses(
        (status = 201, description = "Enrolled", body = Enrolled),
        (status = 400, description = "`malformed`: the key, its proof or the label", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`code_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 410, description = "`code_used` or `code_expired`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`too_many`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn enrol(
    State(app): State<AppState>,
    knock: Knock<Enrolling>,
    Checked(Json(request)): Checked<Json<EnrolRequest>>,
) -> Result<(StatusCode, Json<Enrolled>), EnrolFailure> {
    let now = app.now();
    if request.label.chars().count() > LABEL {
        return Err(EnrolFailure::Label);
    }
    let key = DeviceKey::from_base64url(&request.public_key)?;
    let proof = request.proof.ok_or(EnrolFailure::NoProof)?;
    if !key.proved(&request.code, &proof) {
        return Err(EnrolFailure::Proof);
    }
    let device = DeviceId::from_bytes(app.base.entropy.draw());
    let token = Token::from_random(app.base.entropy.draw());
    let new = NewDevice {
        id: device,
        key,
        token: token.hash(),
        label: request.label,
    };
    match app
        .store
        .accounts()
        .enrol(SecretHash::of(&request.code), new, now)
        .await?
    {
        Enrolment::Enrolled {
            device,
            role,
            organisation,
        } => {
            // Only failures are counted: a whole city may enrol from one address.
            knock.is_welcome(&app.base.limiters, app.now());
            app.base.limiters.known.note(token.hash());
            tracing::info!(%device, %role, organisation = %organisation.id, "enrolled");
            Ok((
                StatusCode::CREATED,
                Json(Enrolled {
                    device,
                    token: token.reveal().to_owned(),
                    role,
                    organisation,
                }),
            ))
        }
        Enrolment::Unknown => Err(EnrolFailure::Unknown),
        Enrolment::Used => Err(EnrolFailure::Used),
        Enrolment::Expired => Err(EnrolFailure::Expired),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::outreach::routes::testing::{TestApp, enrolment};
    use crate::shared::principal::Role;

    const HOUR: i64 = 3_600_000;

    #[tokio::test]
    async fn what_an_invitation_is_for_can_be_asked_and_uses_nothing_up() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Duty, "eu-teamet").await;
        let asked = || app.post("/invitation").json(&json!({"code": code}));
        for _ in 0..40 {
            let reply = asked().send().await;
            assert_eq!(reply.status, StatusCode::OK);
            assert_eq!(
                reply.json,
                json!({"role": "duty", "organisation": {"id": "eu-teamet", "name": "EU-teamet"}})
            );
        }
        let enrolled = app.post("/enrol").json(&enrolment(&code, 1)).send().await;
        assert_eq!(enrolled.status, StatusCode::CREATED);
        asked()
            .send()
            .await
            .is_problem(StatusCode::GONE, "code_used");
        let late = app.invitation(Role::Worker, "eu-teamet").await;
        app.pass(24 * HOUR);
        let reply = app
            .post("/invitation")
            .json(&json!({"code": late}))
            .send()
            .await;
        reply.is_problem(StatusCode::GONE, "code_expired");
        // Guesses share the limit of failed enrolments.
        let guess = || app.post("/invitation").json(&json!({"code": "guess"}));
        guess()
            .send()
            .await
            .is_problem(StatusCode::NOT_FOUND, "code_unknown");
        let mut refused = 0;
        for _ in 0..60 {
            refused += usize::from(guess().send().await.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert!(refused > 0);
    }

    #[tokio::test]
    async fn a_code_enrols_one_device_once() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let mut body = enrolment(&code, 1);
        body["label"] = "telefon 1".into();
        let reply = app.post("/enrol").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::CREATED);
        assert_eq!(reply.json["role"], "worker");
        assert_eq!(
            reply.json["organisation"],
            json!({"id": "eu-teamet", "name": "EU-teamet"})
        );
        assert_eq!(reply.json["device"].as_str().unwrap().len(), 16);

        let token = reply.json["token"].as_str().unwrap();
        let me = app.get("/me").bearer(token).send().await;
        assert_eq!(me.status, StatusCode::OK);
        assert_eq!(me.json["device"], reply.json["device"]);

        let again = app.post("/enrol").json(&body).send().await;
        again.is_problem(StatusCode::GONE, "code_used");
    }

    #[tokio::test]
    async fn who_never_got_the_answer_may_ask_again_with_the_same_key() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let attempt = |seed| {
            let body = enrolment(&code, seed);
            app.post("/enrol").json(&body).send()
        };
        let lost = attempt(1).await;
        let again = attempt(1).await;
        assert_eq!(again.status, StatusCode::CREATED);
        assert_eq!(again.json["device"], lost.json["device"]);

        // Only the token that arrived works, and nobody else gets one.
        let token = |reply: &crate::outreach::routes::testing::TestReply| {
            reply.json["token"].as_str().unwrap().to_owned()
        };
        let me = app.get("/me").bearer(&token(&lost)).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "token_unknown");
        attempt(2).await.is_problem(StatusCode::GONE, "code_used");
        let me = app.get("/me").bearer(&token(&again)).send().await;
        assert_eq!(me.status, StatusCode::OK);
        // Whoever has used the token has had the answer.
        attempt(1).await.is_problem(StatusCode::GONE, "code_used");
    }

    #[tokio::test]
    async fn the_same_key_may_not_ask_again_when_the_code_is_too_old() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let body = enrolment(&code, 1);
        let reply = app.post("/enrol").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::CREATED);
        app.pass(24 * HOUR);
        let reply = app.post("/enrol").json(&body).send().await;
        reply.is_problem(StatusCode::GONE, "code_used");
    }

    #[tokio::test]
    async fn unknown_and_expired_codes() {
        let app = TestApp::new().await;
        let body = |code: &str| enrolment(code, 1);
        let reply = app.post("/enrol").json(&body("nonsense")).send().await;
        reply.is_problem(StatusCode::NOT_FOUND, "code_unknown");
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        app.pass(24 * HOUR);
        let reply = app.post("/enrol").json(&body(&code)).send().await;
        reply.is_problem(StatusCode::GONE, "code_expired");
    }

    #[tokio::test]
    async fn two_at_once_with_one_code_make_one_device() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let attempt = |seed| {
            let body = enrolment(&code, seed);
            app.post("/enrol").json(&body).send()
        };
        let (a, b) = tokio::join!(attempt(1), attempt(2));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 410]);
    }

    #[tokio::test]
    async fn what_is_no_key_or_too_long_is_refused_and_costs_no_code() {
        let app = TestApp::new().await;
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let with = |field: &str, value: serde_json::Value| {
            let mut body = enrolment(&code, 1);
            body[field] = value;
            body
        };
        for body in [
            with("public_key", "BAAA".into()),
            with("label", "x".repeat(61).into()),
            json!({"code": code}),
            with("name", "?".into()),
            // Somebody else's key, whose private part is not at hand; a proof that
            // was made for another code; none, as apps of before sent.
            with("public_key", enrolment(&code, 2)["public_key"].clone()),
            with("proof", enrolment("another", 1)["proof"].clone()),
            with("proof", serde_json::Value::Null),
        ] {
            let reply = app.post("/enrol").json(&body).send().await;
            reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
        }
        let body = enrolment(&code, 1);
        let reply = app.post("/enrol").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::CREATED);
    }

    #[tokio::test]
    async fn guessing_is_slowed() {
        let app = TestApp::new().await;
        let body = enrolment("guess", 1);
        for _ in 0..20 {
            let reply = app.post("/enrol").json(&body).send().await;
            reply.is_problem(StatusCode::NOT_FOUND, "code_unknown");
        }
        let reply = app.post("/enrol").json(&body).send().await;
        reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
        assert_eq!(reply.headers["retry-after"], "3");
        app.pass(3_000);
        let reply = app.post("/enrol").json(&body).send().await;
        reply.is_problem(StatusCode::NOT_FOUND, "code_unknown");
    }
}
