//! Whom to tell of a weakness (RFC 9116), where those who look for it look.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::outreach::state::AppState;
use crate::shared::access::Stranger;
use crate::shared::http::Problem;

/// The path that RFC 9116 names.
pub(crate) const PATH: &str = "/.well-known/security.txt";

/// Shows what the configuration says; 404 when it says nothing or has expired.
pub(crate) async fn show(
    State(app): State<AppState>,
    _: Stranger,
) -> Result<impl IntoResponse, Problem> {
    let stated = app.base.config.security_txt.as_ref();
    let text = stated
        .and_then(|stated| stated.text(app.now()))
        .ok_or_else(Problem::not_found)?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};

    use super::PATH;
    use crate::config::Config;
    use crate::outreach::routes::testing::TestApp;

    #[tokio::test]
    async fn is_what_the_configuration_says_and_else_nothing() {
        let silent = TestApp::new().await;
        let reply = silent.anywhere(Method::GET, PATH).send().await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");

        let text = "contact = ['mailto:a@example.org']\nexpires = '2026-03-01T00:00:00Z'";
        let config = Config {
            security_txt: Some(toml::from_str(text).unwrap()),
            ..Config::default()
        };
        let app = TestApp::with(config, None).await;
        let reply = app.anywhere(Method::GET, PATH).send().await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
        assert!(reply.bytes.starts_with(b"Contact: mailto:a@example.org\n"));
        app.pass(40 * 24 * 3_600_000);
        let reply = app.anywhere(Method::GET, PATH).send().await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
    }
}
