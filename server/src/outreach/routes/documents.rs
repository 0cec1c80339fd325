//! Erasing a document by hand: somebody asks that it goes.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sync_core::ids::DocumentId;
use sync_core::model::Kind;

use super::decisions::{self, PendingAct, not_allowed};
use crate::outreach::rights::Rights as _;
use crate::outreach::rights::{Act, Right, Target, Whose, right};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{Asked, Wanted};
use crate::outreach::store::erasure::ErasureStore;
use crate::outreach::store::log::{Found, LogStore};
use crate::shared::access::{Caller, Deciding};
use crate::shared::http::{Checked, Problem, ProblemBody};
use crate::shared::principal::Principal;

/// Erases a document for ever: its bytes go, phones are told to delete it, and
/// its id is refused from now on. Of a visit the place's statistics stay.
#[utoipa::path(
    post,
    path = "/documents/{id}/erase",
    tag = "documents",
    params(("id" = String, Path, description = "The document")),
    responses(
        (status = 202, description = "It waits for a second person", body = PendingAct),
        (status = 204, description = "Erased, now or before"),
        (status = 404, description = "That is no document's id, or none that the caller may know of", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn erase(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
) -> Result<Response, Problem> {
    let by = caller.principal();
    match known(&app, by, Act::EraseDocument, id).await? {
        Right::Alone => {
            app.store.erase(id, by.actor(), app.now()).await?;
            tracing::info!(document = %id, by = %by.device(), "erased a document");
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Right::WithSecond => {
            let asked = Asked {
                act: Wanted::EraseDocument,
                subject: id.to_string(),
                since: None,
                quarantine: false,
            };
            let pending = decisions::ask(&app, by, asked).await?;
            Ok((StatusCode::ACCEPTED, Json(pending)).into_response())
        }
        Right::No => Err(not_allowed()),
    }
}

/// Returns what the caller may do with a document. One that is not here, or no longer, is known
/// only to those who may do it to anybody's.
async fn known(
    app: &AppState,
    caller: &Principal,
    act: Act,
    id: DocumentId,
) -> Result<Right, Problem> {
    match app.store.find(vec![id]).await?.pop() {
        Some(Found::Document(stored)) => {
            Ok(caller.right_to_document(act, stored.kind, &stored.organisation))
        }
        _ => match right(
            caller.role,
            act,
            Target::Document(Kind::Visit),
            Whose::Theirs,
        ) {
            Right::Alone => Ok(Right::Alone),
            Right::WithSecond | Right::No => Err(Problem::not_found()),
        },
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

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
