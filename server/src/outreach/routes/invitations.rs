//! Invitations of new members.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sync_core::ids::OrganisationId;
use sync_core::time::Instant;

use super::enrol::LABEL;
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right, Target, right};
use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::shared::access::{Caller, Deciding};
use crate::shared::accounts::invitations::NewInvitation;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::shared::principal::{InvitationCode, Role};

/// Whom to invite.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationRequest {
    /// What the new member may do.
    role: Role,
    /// Where the new member belongs.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Which phone or desk it is for; at most 60 characters, never a name.
    #[serde(default)]
    label: String,
}

/// An invitation. The code is shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Invitation {
    /// The code.
    code: String,
    /// Until when it may be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Rfc3339,
    /// The link's path and fragment, e.g. `/#enrol=…`.
    path: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum InvitationFailure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the caller may not invite such a member")]
    NotAllowed,
    #[error("there is no such organisation")]
    OrganisationUnknown,
    #[error("the label is too long")]
    Label,
}

impl IntoResponse for InvitationFailure {
    fn into_response(self) -> Response {
        match self {
            Self::Store(error) => error.into(),
            Self::NotAllowed => Problem::forbidden(
                "invitation_not_allowed",
                "A coordinator invites workers to the own organisation; an administrator invites the others.",
            ),
            Self::OrganisationUnknown => Problem::new(
                StatusCode::NOT_FOUND,
                "organisation_unknown",
                "There is no such organisation.",
            ),
            Self::Label => Problem::malformed("A label has at most 60 characters."),
        }
        .into_response()
    }
}

/// The path and fragment of an invitation's link. The fragment never reaches
/// the server, so it stands in no log.
pub(crate) fn link_path(role: Role, code: &InvitationCode) -> String {
    format!("{}#enrol={}", role.home(), code.reveal())
}

/// Invites a member.
#[utoipa::path(
    post,
    path = "/invitations",
    tag = "devices",
    request_body = InvitationRequest,
    responses(
        (status = 201, description = "Invited", body = Invitation),
        (status = 403, description = "`invitation_not_allowed` or `role_not_allowed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`organisation_unknown`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn invite(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Json(request)): Checked<Json<InvitationRequest>>,
) -> Result<(StatusCode, Json<Invitation>), InvitationFailure> {
    let by = caller.principal();
    let whose = by.whose(&request.organisation);
    if right(by.role, Act::Invite, Target::Member(request.role), whose) != Right::Alone {
        return Err(InvitationFailure::NotAllowed);
    }
    if request.label.chars().count() > LABEL {
        return Err(InvitationFailure::Label);
    }
    let now = app.now();
    let hours = app.base.config.invitations.valid_hours.get();
    let expires_at = Instant(now.0 + i64::from(hours) * 3_600_000);
    let code = InvitationCode::from_random(app.base.entropy.draw());
    let made = app
        .store
        .accounts()
        .invite(NewInvitation {
            code: code.hash(),
            role: request.role,
            organisation: request.organisation,
            label: request.label,
            made_by: caller.principal().actor(),
            made_at: now,
            expires_at,
        })
        .await?;
    if !made {
        return Err(InvitationFailure::OrganisationUnknown);
    }
    Ok((
        StatusCode::CREATED,
        Json(Invitation {
            expires_at: expires_at.into(),
            path: link_path(request.role, &code),
            code: code.reveal().to_owned(),
        }),
    ))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::outreach::routes::testing::{TestApp, enrolment};
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn a_coordinator_invites_workers_of_the_own_organisation() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let body =
            |role: &str, organisation: &str| json!({"role": role, "organisation": organisation});
        let invite = |body| {
            app.post("/invitations")
                .bearer(&device.token)
                .json(&body)
                .send()
        };

        let reply = invite(body("worker", "eu-teamet")).await;
        assert_eq!(reply.status, StatusCode::CREATED);
        let code = reply.json["code"].as_str().unwrap();
        assert_eq!(reply.json["path"], format!("/#enrol={code}"));
        assert_eq!(reply.json["expires_at"], "2026-02-01T20:00:00Z");
        let enrol = enrolment(code, 9);
        let enrolled = app.post("/enrol").json(&enrol).send().await;
        assert_eq!(enrolled.status, StatusCode::CREATED);

        for (role, organisation) in [("coordinator", "eu-teamet"), ("worker", "forening-a")] {
            let reply = invite(body(role, organisation)).await;
            reply.is_problem(StatusCode::FORBIDDEN, "invitation_not_allowed");
        }
    }

    #[tokio::test]
    async fn an_administrator_invites_anybody_to_what_exists() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Administrator, "eu-teamet").await;
        let invite = |role: &str, organisation: &str| {
            let body = json!({"role": role, "organisation": organisation});
            app.post("/invitations")
                .bearer(&device.token)
                .json(&body)
                .send()
        };
        for role in Role::ALL {
            let reply = invite(role.as_str(), "forening-a").await;
            assert_eq!(reply.status, StatusCode::CREATED);
            let path = reply.json["path"].as_str().unwrap();
            assert!(path.starts_with(role.home()), "{path}");
        }
        let reply = invite("worker", "nobody").await;
        reply.is_problem(StatusCode::NOT_FOUND, "organisation_unknown");
        let reply = invite("king", "eu-teamet").await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
