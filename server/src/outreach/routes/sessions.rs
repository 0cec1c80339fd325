//! A coordinator's browser signs in with its device's token and out again.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::access::{Caller, SigningIn, limits};
use crate::shared::http::require_same_origin;
use crate::shared::http::{Problem, ProblemBody};
use crate::shared::principal::{SessionCookie, Token};

/// Opens a session; the browser's former one, if any, ends. The cookie is new
/// each time.
#[utoipa::path(
    post,
    path = "/sessions",
    tag = "devices",
    params(("X-Lagesbild" = String, Header, description = "`1`")),
    responses(
        (status = 204, description = "Signed in: the cookie `__Host-lagesbild` is set"),
        (status = 401, description = "`token_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`foreign_page`, `role_not_allowed` or `device_revoked`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "reader", "duty", "administrator"]))
)]
pub(crate) async fn open(
    State(app): State<AppState>,
    caller: Caller<SigningIn>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    require_same_origin(&headers)?;
    let token = Token::from_random(app.base.entropy.draw());
    app.store
        .accounts()
        .open_session(
            token.hash(),
            SessionCookie::read(&headers),
            (caller.principal().member, caller.principal().device()),
            limits(&app.base.config),
            app.now(),
        )
        .await?;
    let seconds = app.base.config.sessions.absolute_hours.get() * 3600;
    Ok((
        StatusCode::NO_CONTENT,
        [(SET_COOKIE, SessionCookie::set(&token, seconds))],
    ))
}

/// Ends the browser's session, whether or not there still is one.
#[utoipa::path(
    delete,
    path = "/sessions",
    tag = "devices",
    params(("X-Lagesbild" = String, Header, description = "`1`")),
    responses(
        (status = 204, description = "Signed out"),
        (status = 403, description = "`foreign_page`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn close(
    State(app): State<AppState>,
    _: Stranger,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    require_same_origin(&headers)?;
    // Looked for first: a stranger's is not worth a turn of the writer's.
    if let Some(session) = SessionCookie::read(&headers)
        && app
            .store
            .accounts()
            .session(session, limits(&app.base.config), app.now())
            .await?
            .is_some()
    {
        app.store.accounts().close_session(session).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(SET_COOKIE, SessionCookie::clear())],
    ))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    const MINUTE: i64 = 60_000;

    #[tokio::test]
    async fn a_session_stands_for_its_device() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let cookie = app.signed_in(&device).await;
        let me = app.get("/me").cookie(&cookie).send().await;
        assert_eq!(me.json["device"], device.id.to_string());

        let out = app
            .delete("/sessions")
            .cookie(&cookie)
            .own_page()
            .send()
            .await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        assert!(
            out.headers["set-cookie"]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        let me = app.get("/me").cookie(&cookie).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");
    }

    #[tokio::test]
    async fn signing_in_again_ends_the_former_session() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let first = app.signed_in(&device).await;
        let reply = app
            .post("/sessions")
            .bearer(&device.token)
            .cookie(&first)
            .own_page()
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        let second = reply.session_cookie();
        assert_ne!(first, second);
        let me = app.get("/me").cookie(&first).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");
        assert_eq!(
            app.get("/me").cookie(&second).send().await.status,
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn the_eleventh_session_of_a_device_ends_the_oldest() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let other = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let neighbour = app.signed_in(&other).await;
        let mut cookies = Vec::new();
        for _ in 0..11 {
            app.pass(1_000);
            cookies.push(app.signed_in(&device).await);
        }
        let me = app.get("/me").cookie(&cookies[0]).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");
        for cookie in cookies[1..].iter().chain([&neighbour]) {
            let me = app.get("/me").cookie(cookie).send().await;
            assert_eq!(me.status, StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn idle_and_absolute_limits() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let idle = app.signed_in(&device).await;
        app.pass(120 * MINUTE);
        let me = app.get("/me").cookie(&idle).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");

        let busy = app.signed_in(&device).await;
        for _ in 0..11 {
            app.pass(60 * MINUTE);
            assert_eq!(
                app.get("/me").cookie(&busy).send().await.status,
                StatusCode::OK
            );
        }
        app.pass(60 * MINUTE);
        let me = app.get("/me").cookie(&busy).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");
    }

    #[tokio::test]
    async fn a_foreign_page_can_change_nothing() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let reply = app.post("/sessions").bearer(&device.token).send().await;
        reply.is_problem(StatusCode::FORBIDDEN, "foreign_page");

        let cookie = app.signed_in(&device).await;
        let body = serde_json::json!({"role": "worker", "organisation": "eu-teamet"});
        for site in [None, Some("cross-site"), Some("same-site")] {
            let mut request = app.post("/invitations").cookie(&cookie).json(&body);
            if let Some(site) = site {
                request = request
                    .header("x-lagesbild", "1")
                    .header("sec-fetch-site", site);
            }
            request
                .send()
                .await
                .is_problem(StatusCode::FORBIDDEN, "foreign_page");
        }
        let reply = app
            .post("/invitations")
            .cookie(&cookie)
            .own_page()
            .json(&body)
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::CREATED);
    }

    #[tokio::test]
    async fn revoking_the_device_ends_its_sessions() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let cookie = app.signed_in(&device).await;
        app.revoke(device.id).await;
        let me = app.get("/me").cookie(&cookie).send().await;
        me.is_problem(StatusCode::UNAUTHORIZED, "session_ended");
        let me = app.get("/me").bearer(&device.token).send().await;
        me.is_problem(StatusCode::FORBIDDEN, "device_revoked");
        assert_eq!(me.json["erase"], true);
    }
}
