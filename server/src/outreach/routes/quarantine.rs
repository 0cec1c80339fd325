//! Changes that were not let in from the own organisation's devices.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};

use crate::outreach::state::AppState;
use crate::outreach::store::quarantine::{QuarantineStore, Quarantined, Settled};
use crate::outreach::sync::release::{Released, release};
use crate::shared::access::{Caller, Coordinating};
use crate::shared::audit::Entry;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};

/// Most entries in one answer.
const MOST: u32 = 200;

/// What was not let in, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Quarantine {
    /// The entries: at most the newest 200.
    entries: Vec<QuarantineEntry>,
    /// How many wait in all; the others come as these are decided.
    all: u64,
}

/// A refused change, without its bytes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct QuarantineEntry {
    /// Its number.
    id: i64,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Rfc3339,
    /// The short name of the organisation whose device sent it.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// The device that sent it.
    #[schema(value_type = String)]
    device: DeviceId,
    /// The document it was meant for.
    #[schema(value_type = String)]
    document: DocumentId,
    /// The kind it was said to have: `visit`, `place`, `alert` or `feedback`.
    #[schema(value_type = sync_core::model::Kind)]
    kind: &'static str,
    /// Why: a stable code.
    code: String,
    /// Why, in a sentence without content.
    detail: String,
    /// Its size in bytes.
    bytes: u64,
}

impl From<Quarantined> for QuarantineEntry {
    fn from(entry: Quarantined) -> Self {
        Self {
            id: entry.id,
            received_at: entry.received_at.into(),
            organisation: entry.organisation,
            device: entry.device,
            document: entry.document,
            kind: entry.kind.as_str(),
            code: entry.code,
            detail: entry.detail,
            bytes: entry.size,
        }
    }
}

/// The own organisation's refused changes: at most the newest 200.
#[utoipa::path(
    get,
    path = "/quarantine",
    tag = "documents",
    responses((status = 200, description = "Refused changes", body = Quarantine)),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
) -> Result<Json<Quarantine>, Problem> {
    let organisation = caller.organisation().clone();
    let all = app
        .store
        .waiting_in_quarantine(organisation.clone())
        .await?;
    let found = app.store.quarantined(organisation, MOST).await?;
    if !found.is_empty() {
        app.store
            .database()
            .audit(Entry {
                at: app.now(),
                by: caller.principal().actor(),
                action: "quarantine.read",
                subject: caller.organisation().to_string(),
                detail: format!("entries={}", found.len()),
            })
            .await?;
    }
    Ok(Json(Quarantine {
        entries: found.into_iter().map(QuarantineEntry::from).collect(),
        all,
    }))
}

/// Lets a change in after all. The gate still checks it; it waives only that the
/// device that sent it did not make it.
#[utoipa::path(
    post,
    path = "/quarantine/{id}/release",
    tag = "documents",
    params(("id" = i64, Path, description = "The entry")),
    responses(
        (status = 204, description = "It is in the log"),
        (status = 404, description = "No such entry, another organisation's, or settled before", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`still_refused`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn let_in(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<StatusCode, Problem> {
    let (organisation, by) = (caller.organisation().clone(), caller.principal().actor());
    match release(&app.store, organisation, id, by, app.moment()).await? {
        Released::In => Ok(StatusCode::NO_CONTENT),
        Released::Unknown => Err(Problem::not_found()),
        Released::StillRefused => Err(Problem::new(
            StatusCode::CONFLICT,
            "still_refused",
            "It still cannot be let in. Try again later, or discard it.",
        )),
    }
}

/// Throws a change away. Its phone is told when it offers it again.
#[utoipa::path(
    post,
    path = "/quarantine/{id}/discard",
    tag = "documents",
    params(("id" = i64, Path, description = "The entry")),
    responses(
        (status = 204, description = "Its bytes are deleted"),
        (status = 404, description = "No such entry, another organisation's, or settled before", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn discard(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Path(id)): Checked<Path<i64>>,
) -> Result<StatusCode, Problem> {
    let (organisation, by) = (caller.organisation().clone(), caller.principal().actor());
    let settled = app
        .store
        .settle_quarantined(organisation, id, Settled::Discarded, by, app.now())
        .await?;
    if settled {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}

#[cfg(test)]
mod tests {
    use crate::outreach::routes::testing::{TestApp, pull};
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn a_coordinator_sees_the_own_organisation_s() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "eu-teamet").await;
        let own = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let other = app.enrolled(Role::Coordinator, "forening-a").await;
        // Made by another device than the one that sends it.
        let mut request = pull(0);
        request.batch.push(app.place_offer(&own, 1));
        let reply = app.exchange(&worker, &request).await;
        assert!(reply.results[0].rejected.is_some());

        let list = app.get("/quarantine").bearer(&own.token).send().await;
        let entries = list.json["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 1, "{}", list.json);
        assert_eq!(entries[0]["device"], worker.id.to_string());
        assert_eq!(entries[0]["kind"], "place");
        assert_eq!(
            entries[0]["code"],
            reply.results[0].rejected.as_ref().unwrap().code
        );
        let list = app.get("/quarantine").bearer(&other.token).send().await;
        assert!(list.json["entries"].as_array().unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_was_refused_is_let_in_or_thrown_away() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "eu-teamet").await;
        let own = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let other = app.enrolled(Role::Coordinator, "forening-a").await;
        let mut request = pull(0);
        request.batch.push(app.place_offer(&own, 1));
        request.batch.push(app.place_offer(&own, 2));
        let reply = app.exchange(&worker, &request).await;
        assert!(reply.results.iter().all(|r| r.rejected.is_some()));
        let list = app.get("/quarantine").bearer(&own.token).send().await;
        let entry = |document: u8| {
            let id = sync_core::ids::DocumentId::from_bytes([document; 16]).to_string();
            let entries = list.json["entries"].as_array().unwrap();
            let found = entries.iter().find(|e| e["document"] == id).unwrap();
            found["id"].as_i64().unwrap()
        };
        let (one, two) = (entry(1), entry(2));
        let post = async |what: &str, token: &str| {
            let path = format!("/quarantine/{what}");
            app.post(&path).bearer(token).send().await.status.as_u16()
        };
        assert_eq!(post(&format!("{one}/release"), &other.token).await, 404);
        assert_eq!(post(&format!("{one}/release"), &own.token).await, 204);
        assert_eq!(post(&format!("{one}/release"), &own.token).await, 404);
        assert_eq!(post(&format!("{two}/discard"), &own.token).await, 204);
        assert_eq!(post(&format!("{two}/discard"), &own.token).await, 404);

        // The phone's next offer: one is there, of the other it hears why not.
        let reply = app.exchange(&worker, &request).await;
        assert_eq!(
            (reply.results[0].accepted, &reply.results[0].rejected),
            (1, &None)
        );
        assert_eq!(
            reply.results[1].rejected.as_ref().unwrap().code,
            "discarded"
        );
        let list = app.get("/quarantine").bearer(&own.token).send().await;
        assert!(list.json["entries"].as_array().unwrap().is_empty());
    }
}
