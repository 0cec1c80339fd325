//! The team key that is in use. The server knows a fingerprint and never the key:
//! with the key it could try every likely person against the codes it holds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::decisions::{self, PendingAct, not_allowed};
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::team_key::TeamKeyStore;
use crate::shared::access::{Caller, Deciding};
use crate::shared::http::{Checked, Problem, ProblemBody};

/// Length of a fingerprint, in hexadecimal digits.
const DIGITS: usize = 16;

/// A key that a coordinator's browser has made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamKeyRequest {
    /// 16 hexadecimal digits of an HMAC with the key: tells keys apart, gives none away.
    fingerprint: String,
    /// Whether it takes the place of a key that was lost. Codes of the two never match.
    #[serde(default)]
    replace: bool,
}

/// The key that is in use.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct TeamKey {
    /// Its fingerprint.
    fingerprint: String,
    /// That the key which was sent takes its place once a second person confirms it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    waits: Option<PendingAct>,
}

/// Notes that a key was made. The first one stands: the answer says which. A
/// coordinator who replaces it waits for a second person.
#[utoipa::path(
    put,
    path = "/team-key",
    tag = "devices",
    request_body = TeamKeyRequest,
    responses(
        (status = 200, description = "The key that stands", body = TeamKey),
        (status = 202, description = "The key that stands until a second person confirms the other", body = TeamKey),
        (status = 403, description = "`not_allowed`: an administrator makes no first key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Json(request)): Checked<Json<TeamKeyRequest>>,
) -> Result<(StatusCode, Json<TeamKey>), Problem> {
    let fits = request.fingerprint.len() == DIGITS
        && request
            .fingerprint
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !fits {
        return Err(Problem::malformed(
            "A fingerprint is 16 of 0–9 and a–f. Never send the key itself.",
        ));
    }
    let by = caller.principal();
    let stands = app.store.team_key().await?;
    let replaces = stands.is_some() && request.replace;
    let act = if replaces {
        Act::ReplaceTeamKey
    } else {
        Act::MakeTeamKey
    };
    match (by.right_to_all(act), stands) {
        (Right::No, _) => Err(not_allowed()),
        (Right::WithSecond, Some(fingerprint)) if fingerprint != request.fingerprint => {
            let asked = Asked {
                act: Wanted::ReplaceTeamKey,
                subject: request.fingerprint,
                since: None,
                quarantine: false,
            };
            let waits = Some(decisions::ask(&app, by, asked).await?);
            let key = TeamKey { fingerprint, waits };
            Ok((StatusCode::ACCEPTED, Json(key)))
        }
        (right, _) => {
            // What somebody else made since this was looked up stays.
            let replace = replaces && right == Right::Alone;
            let fingerprint = app
                .store
                .put_team_key(request.fingerprint, replace, by.actor(), app.now())
                .await?;
            let key = TeamKey {
                fingerprint,
                waits: None,
            };
            Ok((StatusCode::OK, Json(key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn the_first_key_stands_until_it_is_replaced() {
        let app = TestApp::new().await;
        let one = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let two = app.enrolled(Role::Coordinator, "forening-a").await;
        let put = |token: &str, body| {
            app.request(Method::PUT, "/team-key")
                .bearer(token)
                .json(&body)
                .send()
        };
        let me = app.get("/me").bearer(&one.token).send().await;
        assert_eq!(me.json["team_key"], json!(null));
        let (a, b) = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb");
        let reply = put(&one.token, json!({"fingerprint": a})).await;
        assert_eq!(reply.json["fingerprint"], a, "{}", reply.json);
        let reply = put(&two.token, json!({"fingerprint": b})).await;
        assert_eq!(reply.json["fingerprint"], a);
        // The other organisation's coordinator must agree to another one.
        let reply = put(&two.token, json!({"fingerprint": b, "replace": true})).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.json);
        assert_eq!(reply.json["fingerprint"], a);
        let confirm = format!("/acts/{}/confirm", reply.json["waits"]["id"]);
        let own = app.post(&confirm).bearer(&two.token).send().await;
        own.is_problem(StatusCode::FORBIDDEN, "not_allowed");
        let done = app.post(&confirm).bearer(&one.token).send().await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        let me = app.get("/me").bearer(&one.token).send().await;
        assert_eq!(me.json["team_key"], b);
        // A key of 32 bytes is not taken for a fingerprint.
        let reply = put(&one.token, json!({"fingerprint": "A".repeat(43)})).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
