//! Which team key is in use. The server knows a fingerprint and never the key:
//! with the key it could try every likely person against the codes it holds.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::auth::{Caller, Coordinating};
use crate::http::{Checked, Problem, ProblemBody};

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
}

/// Notes that a key was made. The first one stands: the answer says which.
#[utoipa::path(
    put,
    path = "/team-key",
    tag = "devices",
    request_body = TeamKeyRequest,
    responses(
        (status = 200, description = "The key that stands", body = TeamKey),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn put(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Json(request)): Checked<Json<TeamKeyRequest>>,
) -> Result<Json<TeamKey>, Problem> {
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
    let by = caller.identity().device;
    let fingerprint = app
        .store
        .put_team_key(request.fingerprint, request.replace, by, app.now())
        .await?;
    Ok(Json(TeamKey { fingerprint }))
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    use crate::auth::Role;
    use crate::http::testing::TestApp;

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
        let reply = put(&two.token, json!({"fingerprint": b, "replace": true})).await;
        assert_eq!(reply.json["fingerprint"], b);
        let me = app.get("/me").bearer(&one.token).send().await;
        assert_eq!(me.json["team_key"], b);
        // A key of 32 bytes is not taken for a fingerprint.
        let reply = put(&one.token, json!({"fingerprint": "A".repeat(43)})).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
