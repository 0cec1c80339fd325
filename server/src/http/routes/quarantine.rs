//! What was not let in from the own organisation's devices.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use sync_core::ids::{DeviceId, DocumentId, OrganisationId};

use crate::app::AppState;
use crate::audit::Entry;
use crate::auth::{Caller, Coordinating};
use crate::http::{Problem, Rfc3339};
use crate::store::quarantine::Quarantined;

/// Most entries in one answer.
const MOST: u32 = 200;

/// What was not let in, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Quarantine {
    /// The entries.
    entries: Vec<QuarantineEntry>,
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
    let found = app.store.quarantined(organisation, MOST).await?;
    if !found.is_empty() {
        app.store
            .audit(Entry {
                at: app.now(),
                device: Some(caller.identity().device),
                action: "quarantine.read",
                subject: caller.organisation().to_string(),
                detail: format!("entries={}", found.len()),
            })
            .await?;
    }
    Ok(Json(Quarantine {
        entries: found.into_iter().map(QuarantineEntry::from).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use crate::auth::Role;
    use crate::http::testing::{TestApp, pull};

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
}
