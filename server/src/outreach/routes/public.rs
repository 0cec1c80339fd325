//! Routes for anybody: leave a view or a complaint, and read the answer. No
//! account, no cookie, and nothing that leads back to an encounter.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sync_core::ids::{DocumentId, OrganisationId, SessionId};
use sync_core::model::{Content, Feedback, Handling, Language, Records};

use crate::outreach::state::AppState;
use crate::outreach::store::StoreError;
use crate::outreach::sync::server_changes::{self, Attribution, ChangeError};
use crate::shared::access::{Asking, Knock, Leaving, Stranger};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, ProblemBody};

/// Who can be told something.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Organisations {
    /// Every organisation of the partnership. Its short name is the code of its page.
    organisations: Vec<Organisation>,
}

/// A view or a complaint.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackRequest {
    /// The code of the page it was written on: an organisation's short name.
    #[schema(value_type = String)]
    code: OrganisationId,
    /// What is to be said; at most 4,000 bytes.
    text: String,
    /// In which language: `sv`, `en`, `ro`, `bg` …
    language: Language,
}

/// It has come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FeedbackReceipt {
    /// With this the answer can be read. Nobody can find the one who wrote by it.
    #[schema(value_type = String)]
    receipt: DocumentId,
}

/// How far a view has come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FeedbackAnswer {
    /// The newest step: `received`, `investigating`, `answered`, `closed`; none yet.
    handling: Option<Handling>,
    /// The reply; empty while there is none.
    reply: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum FeedbackFailure {
    #[error(transparent)]
    Hand(#[from] ChangeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no organisation has this code")]
    Code,
    #[error("no view has this receipt")]
    Receipt,
    #[error("there is no text")]
    Empty,
    #[error("too many views to one organisation")]
    TooMany(u32),
}

impl IntoResponse for FeedbackFailure {
    fn into_response(self) -> Response {
        match self {
            Self::Code => Problem::new(
                StatusCode::NOT_FOUND,
                "code_unknown",
                "No organisation has this code. Choose one on the page.",
            ),
            Self::Receipt | Self::Hand(ChangeError::Unknown) => Problem::not_found(),
            Self::Empty => Problem::malformed("There is no text."),
            Self::TooMany(seconds) => Problem::too_many(seconds),
            Self::Hand(ChangeError::Invalid(detail)) => Problem::malformed(detail),
            Self::Hand(ChangeError::Store(error)) | Self::Store(error) => error.into(),
        }
        .into_response()
    }
}

/// Lists who can be told something.
#[utoipa::path(
    get,
    path = "/public/organisations",
    tag = "feedback",
    responses((status = 200, description = "The partnership", body = Organisations)),
    security(())
)]
pub(crate) async fn organisations(
    State(app): State<AppState>,
    _: Stranger,
) -> Result<Json<Organisations>, Problem> {
    let organisations = app.store.accounts().organisations().await?;
    Ok(Json(Organisations { organisations }))
}

/// Takes in a view or a complaint.
#[utoipa::path(
    post,
    path = "/public/feedback",
    tag = "feedback",
    request_body = FeedbackRequest,
    responses(
        (status = 201, description = "On disk", body = FeedbackReceipt),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`code_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`too_many`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn leave(
    State(app): State<AppState>,
    _: Knock<Leaving>,
    Checked(Json(request)): Checked<Json<FeedbackRequest>>,
) -> Result<(StatusCode, Json<FeedbackReceipt>), FeedbackFailure> {
    if request.text.trim().is_empty() {
        return Err(FeedbackFailure::Empty);
    }
    if app
        .store
        .accounts()
        .organisation(request.code.clone())
        .await?
        .is_none()
    {
        return Err(FeedbackFailure::Code);
    }
    // However many addresses: people have to read what comes.
    app.base
        .limiters
        .feedback_to
        .take(request.code.clone(), app.now())
        .map_err(FeedbackFailure::TooMany)?;
    // Everything about it bears the noon before, the log's own note of when it
    // came included: the minute would tell which encounter it followed.
    let at = app.now().night().start();
    let receipt = DocumentId::made(at.night(), app.base.entropy.draw());
    let session = SessionId::from_bytes(app.base.entropy.draw());
    let content = Content::Feedback(Feedback {
        text: request.text.trim().to_owned(),
        language: request.language,
        about: Some(request.code.to_string()),
        at,
        steps: Records::default(),
        reply: String::new(),
        withdrawn: false,
    });
    server_changes::create(
        &app.store,
        &Attribution::SERVER,
        request.code,
        (receipt, content),
        session,
        at,
    )
    .await?;
    Ok((StatusCode::CREATED, Json(FeedbackReceipt { receipt })))
}

/// Tells whoever holds the receipt how far it has come.
#[utoipa::path(
    get,
    path = "/public/feedback/{id}",
    tag = "feedback",
    params(("id" = String, Path, description = "The receipt")),
    responses(
        (status = 200, description = "How far it has come", body = FeedbackAnswer),
        (status = 404, description = "`not_found`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`too_many`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
pub(crate) async fn answer(
    State(app): State<AppState>,
    _: Knock<Asking>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
) -> Result<Json<FeedbackAnswer>, FeedbackFailure> {
    let found = server_changes::read(&app.store, vec![id]).await?.pop();
    let Some(Content::Feedback(feedback)) = found.map(|(_, standing)| standing.content) else {
        return Err(FeedbackFailure::Receipt);
    };
    let newest = feedback
        .steps
        .iter()
        .filter(|(_, step)| !step.withdrawn)
        .max_by_key(|(id, step)| (step.at, **id));
    Ok(Json(FeedbackAnswer {
        handling: newest.map(|(_, step)| step.handling),
        reply: feedback.reply,
    }))
}

#[cfg(test)]
mod tests {
    use crate::outreach::store::log::LogStore;
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::outreach::routes::testing::{TestApp, pull};
    use crate::outreach::store::log::Found;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn a_view_reaches_its_organisation_and_the_answer_its_writer() {
        let app = TestApp::new().await;
        let own = app.enrolled(Role::Coordinator, "forening-a").await;
        let other = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let body = json!({"code": "forening-a", "text": " Ceva de spus ", "language": "ro"});
        let left = app.post("/public/feedback").json(&body).send().await;
        assert_eq!(left.status, StatusCode::CREATED, "{}", left.json);
        assert!(!left.headers.contains_key("set-cookie"));
        let receipt = left.json["receipt"].as_str().unwrap().to_owned();

        let list = app.get("/feedback").bearer(&own.token).send().await;
        let seen = &list.json["feedback"][0];
        assert_eq!(seen["text"], "Ceva de spus");
        assert_eq!(seen["language"], "ro");
        // Saturday 2026-01-31, 20:00 UTC: the noon before, in Stockholm.
        assert_eq!(seen["at"], "2026-01-31T11:00:00Z");
        let list = app.get("/feedback").bearer(&other.token).send().await;
        assert_eq!(list.json["feedback"], json!([]));

        let path = format!("/feedback/{receipt}/handle");
        let step = json!({"handling": "answered", "note": "internt", "reply": "Mulțumim"});
        let reply = app
            .post(&path)
            .bearer(&other.token)
            .json(&step)
            .send()
            .await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
        let reply = app.post(&path).bearer(&own.token).json(&step).send().await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);
        let answer = app.get(&format!("/public/feedback/{receipt}")).send().await;
        assert_eq!(
            answer.json,
            json!({"handling": "answered", "reply": "Mulțumim"})
        );
    }

    #[tokio::test]
    async fn nothing_that_is_stored_tells_the_minute() {
        let app = TestApp::new().await;
        let own = app.enrolled(Role::Coordinator, "eu-teamet").await;
        app.pass(7_654_321);
        let body = json!({"code": "eu-teamet", "text": "x", "language": "sv"});
        app.post("/public/feedback").json(&body).send().await;
        let incoming = app.get("/incoming").bearer(&own.token).send().await;
        let noon = "2026-01-31T11:00:00Z";
        assert_eq!(incoming.json["incoming"][0]["received_at"], noon);
        // The change's own time is the same noon.
        let listed = app.get("/feedback").bearer(&own.token).send().await;
        let id = listed.json["feedback"][0]["id"].as_str().unwrap();
        let found = app
            .state
            .store
            .find(vec![id.parse().unwrap()])
            .await
            .unwrap();
        let Found::Document(stored) = &found[0] else {
            panic!("it is there")
        };
        let change = automerge::Change::from_bytes(stored.chunks[0].clone()).unwrap();
        assert_eq!(change.timestamp(), 1_769_857_200);
        // No phone is sent it: it may be about whoever holds the phone.
        let reply = app.exchange(&own, &pull(0)).await;
        assert_eq!(reply.documents, []);
    }

    #[tokio::test]
    async fn nonsense_is_refused_and_a_flood_is_slowed() {
        let app = TestApp::new().await;
        let say = |body| {
            let request = app.post("/public/feedback").json(&body);
            async move { request.send().await }
        };
        let unknown = json!({"code": "nobody", "text": "x", "language": "sv"});
        say(unknown)
            .await
            .is_problem(StatusCode::NOT_FOUND, "code_unknown");
        for body in [
            json!({"code": "eu-teamet", "text": "  ", "language": "sv"}),
            json!({"code": "eu-teamet", "text": "x", "language": "klingon"}),
            json!({"code": "eu-teamet", "text": "x".repeat(4001), "language": "sv"}),
        ] {
            say(body)
                .await
                .is_problem(StatusCode::BAD_REQUEST, "malformed");
        }
        let body = json!({"code": "eu-teamet", "text": "x", "language": "sv"});
        let mut slowed = false;
        for _ in 0..30 {
            let reply = say(body.clone()).await;
            if reply.status == StatusCode::TOO_MANY_REQUESTS {
                reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
                slowed = true;
                break;
            }
        }
        assert!(slowed);
        let nothing = app.get("/public/feedback/x").send().await;
        nothing.is_problem(StatusCode::NOT_FOUND, "not_found");
    }
}
