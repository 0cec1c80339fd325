//! Facts for a device about itself and about the city it works in.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use sync_core::ids::DeviceId;
use sync_core::time::Night;

use crate::config::{District, Number};
use crate::outreach::projection;
use crate::outreach::state::AppState;
use crate::outreach::store::team_key::TeamKeyStore;
use crate::shared::access::{AnyMember, Caller};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Problem, ProblemBody, json_once};
use crate::shared::principal::Role;

/// Who the caller is, and the configuration that concerns everybody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    /// The device's id.
    #[schema(value_type = String)]
    device: DeviceId,
    /// The member's role.
    role: Role,
    /// The member's organisation.
    organisation: Organisation,
    /// Every organisation of the partnership.
    organisations: Vec<Organisation>,
    /// What the operator set.
    configuration: Configuration,
    /// The present period.
    period: Period,
    /// The fingerprint of the team key that is in use; none before the first was made.
    team_key: Option<String>,
}

/// What the operator set, as far as it concerns everybody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Configuration {
    /// Length of a period, in days.
    period_days: u32,
    /// The city's districts.
    districts: Vec<District>,
    /// Telephone numbers, the most urgent first.
    numbers: Vec<Number>,
    /// How many places are drawn a period.
    drawn_places: u32,
    /// When a phone locks.
    phones: PhoneLock,
    /// What phones seal envelopes with: an uncompressed P-256 point, base64url.
    envelope_key: String,
}

/// When a phone locks what is on it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PhoneLock {
    /// Minutes without a touch.
    idle_minutes: u32,
    /// Seconds out of sight.
    hidden_seconds: u32,
    /// Days without the server, after which it stays locked until it has
    /// reached it.
    lease_days: u32,
}

/// A period: its first and last night.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Period {
    /// The first night, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    start: Night,
    /// The last night, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    end: Night,
}

/// Who the caller is. Has an `ETag`: a phone that asks again at each sync is
/// answered 304 for as long as nothing changed.
#[utoipa::path(
    get,
    path = "/me",
    tag = "devices",
    responses(
        (status = 200, description = "The caller", body = Me),
        (status = 304, description = "Nothing changed since the `ETag` in `If-None-Match`"),
        (status = 401, description = "`token_unknown`, `signed_out` or `session_ended`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`device_revoked`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(
        ("token" = ["worker", "coordinator", "reader", "duty", "administrator"]),
        ("session" = ["coordinator", "reader", "duty", "administrator"])
    )
)]
pub(crate) async fn me(
    State(app): State<AppState>,
    caller: Caller<AnyMember>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let organisations = app.store.accounts().organisations().await?;
    let principal = caller.principal();
    let organisation = organisations
        .iter()
        .find(|o| o.id == principal.organisation)
        .cloned()
        .ok_or_else(Problem::internal)?;
    let days = app.base.config.period_days.get();
    let period = projection::Period::of(app.now().night(), days);
    let team_key = app.store.team_key().await?;
    let me = Me {
        team_key,
        device: principal.device(),
        role: principal.role,
        organisation,
        organisations,
        configuration: Configuration {
            period_days: days,
            districts: app.base.config.districts.clone(),
            numbers: app.base.config.numbers.clone(),
            drawn_places: app.base.config.drawn_places.get(),
            envelope_key: app.store.envelopes().public().to_owned(),
            phones: PhoneLock {
                idle_minutes: app.base.config.phones.idle_minutes.get(),
                hidden_seconds: app.base.config.phones.hidden_seconds.get(),
                lease_days: app.base.config.phones.lease_days.get(),
            },
        },
        period: Period {
            start: period.first,
            end: period.last(),
        },
    };
    Ok(json_once(&headers, &me))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn says_who_and_where() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Worker, "eu-teamet").await;
        let me = app.get("/me").bearer(&device.token).send().await;
        assert_eq!(me.status, StatusCode::OK);
        assert_eq!(me.json["role"], "worker");
        assert_eq!(
            me.json["period"],
            json!({"start": "2026-01-26", "end": "2026-02-22"})
        );
        assert_eq!(
            me.json["configuration"]["districts"]
                .as_array()
                .unwrap()
                .len(),
            11
        );
        assert_eq!(me.json["configuration"]["numbers"][0]["number"], "112");
        assert_eq!(me.json["organisations"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn is_sent_once() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Worker, "eu-teamet").await;
        let me = app.get("/me").bearer(&device.token).send().await;
        let tag = me.headers["etag"].to_str().unwrap();
        let again = app
            .get("/me")
            .bearer(&device.token)
            .header("if-none-match", tag)
            .send()
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.bytes.is_empty());
    }

    #[tokio::test]
    async fn nobody_is_told_nothing() {
        let app = TestApp::new().await;
        let reply = app.get("/me").send().await;
        reply.is_problem(StatusCode::UNAUTHORIZED, "signed_out");
        let reply = app.get("/me").bearer("nonsense").send().await;
        reply.is_problem(StatusCode::UNAUTHORIZED, "token_unknown");
    }
}
