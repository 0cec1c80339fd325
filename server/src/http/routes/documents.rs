//! Erasing a document by hand: somebody asks that it goes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use sync_core::ids::DocumentId;

use crate::app::AppState;
use crate::auth::{Administering, Caller};
use crate::http::{Checked, Problem, ProblemBody};

/// Erases a document for ever: its bytes go, phones are told to delete it, and
/// its id is refused from now on. Of a visit the place's statistics stay.
#[utoipa::path(
    post,
    path = "/documents/{id}/erase",
    tag = "documents",
    params(("id" = String, Path, description = "The document")),
    responses(
        (status = 204, description = "Erased, now or before"),
        (status = 404, description = "That is no document's id", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["administrator"]), ("session" = ["administrator"]))
)]
pub(crate) async fn erase(
    State(app): State<AppState>,
    caller: Caller<Administering>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
) -> Result<StatusCode, Problem> {
    let by = caller.identity().device;
    app.store.erase(id, Some(by), app.now()).await?;
    tracing::info!(document = %id, %by, "erased a document");
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::auth::Role;
    use crate::http::testing::TestApp;

    #[tokio::test]
    async fn an_administrator_erases_also_what_has_not_come_yet() {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Administrator, "eu-teamet").await;
        let path = format!("/documents/{}/erase", "ab".repeat(16));
        for _ in 0..2 {
            let reply = app.post(&path).bearer(&device.token).send().await;
            assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);
        }
        let reply = app
            .post("/documents/x/erase")
            .bearer(&device.token)
            .send()
            .await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
    }
}
