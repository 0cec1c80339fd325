//! The devices that may sync, and taking that away.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use sync_core::ids::{DeviceId, OrganisationId};

use super::decisions::{known, not_allowed};
use crate::config::Limits;
use crate::outreach::rights::{self, Act, Owned, Right, Rights as _, Target, Whose};
use crate::outreach::state::AppState;
use crate::outreach::store::quotas::{Today, Used};
use crate::shared::access::{Caller, Deciding};
use crate::shared::accounts::devices::DeviceRow;
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::shared::principal::{Principal, Role};

/// Devices, the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(crate) struct Devices {
    /// The devices.
    devices: Vec<Device>,
    /// What their organisations' devices have sent today, together.
    organisations: Vec<OrganisationToday>,
    /// What may be sent a day.
    most: Most,
}

/// What an organisation's devices have sent today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct OrganisationToday {
    /// The organisation's short name.
    #[schema(value_type = String)]
    id: OrganisationId,
    /// Documents that they made or changed, each time they did.
    documents: u64,
}

/// What may be sent a day (UTC); more waits on the phone.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct Most {
    /// Documents of a device.
    documents: Option<u32>,
    /// Documents of an organisation's devices together.
    organisation_documents: Option<u32>,
    /// Megabytes of a device.
    megabytes: Option<u32>,
    /// New places of a device.
    places: Option<u32>,
}

impl From<Limits> for Most {
    fn from(limits: Limits) -> Self {
        Self {
            documents: Some(limits.documents.get()),
            organisation_documents: Some(limits.organisation_documents.get()),
            megabytes: Some(limits.megabytes.get()),
            places: Some(limits.places.get()),
        }
    }
}

/// What a device has sent today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SentToday {
    /// Documents that it made or changed, each time it did.
    documents: u64,
    /// Bytes of changes.
    bytes: u64,
    /// New places.
    places: u64,
}

impl From<Used> for SentToday {
    fn from(used: Used) -> Self {
        Self {
            documents: used.documents,
            bytes: used.bytes,
            places: used.places,
        }
    }
}

/// A device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Device {
    /// Its id.
    #[schema(value_type = String)]
    id: DeviceId,
    /// Its member's organisation.
    organisation: Organisation,
    /// Its member's role.
    role: Role,
    /// What its owner calls it.
    label: String,
    /// When it enrolled.
    #[schema(value_type = String, format = DateTime)]
    enrolled_at: Rfc3339,
    /// When it last asked for something, to about ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Rfc3339>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Rfc3339>,
    /// What it has sent today (UTC).
    today: SentToday,
    /// Whether the caller may revoke it.
    may_revoke: bool,
    /// Whether the caller may take back what it said: `no`, `with_second` or `alone`.
    undo: Right,
}

impl Device {
    fn seen_by(caller: &Principal, row: DeviceRow, today: &Today) -> Self {
        let owned = Owned {
            id: row.id,
            organisation: row.organisation.id.clone(),
            role: row.role,
        };
        Self {
            today: today
                .devices
                .get(&row.id)
                .copied()
                .unwrap_or_default()
                .into(),
            may_revoke: caller.right_to_device(Act::RevokeDevice, &owned) == Right::Alone,
            undo: caller.right_to_device(Act::UndoDevice, &owned),
            id: row.id,
            organisation: row.organisation,
            role: row.role,
            label: row.label,
            enrolled_at: row.enrolled_at.into(),
            last_seen_at: row.last_seen_at.map(Rfc3339),
            revoked_at: row.revoked_at.map(Rfc3339),
        }
    }
}

/// A coordinator sees the own organisation's devices, an administrator all.
#[utoipa::path(
    get,
    path = "/devices",
    tag = "devices",
    responses((status = 200, description = "Devices", body = Devices)),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
) -> Result<Json<Devices>, Problem> {
    let rows = app
        .store
        .accounts()
        .devices(devices_of(caller.principal()))
        .await?;
    let today = app.store.quotas().today(&app.store, app.now()).await?;
    let theirs: BTreeSet<_> = rows.iter().map(|row| row.organisation.id.clone()).collect();
    Ok(Json(Devices {
        organisations: theirs
            .into_iter()
            .map(|id| OrganisationToday {
                documents: today.organisations.get(&id).copied().unwrap_or(0),
                id,
            })
            .collect(),
        most: today.limits.map(Most::from).unwrap_or_default(),
        devices: rows
            .into_iter()
            .map(|row| Device::seen_by(caller.principal(), row, &today))
            .collect(),
    }))
}

/// Revokes a device: its next request is refused and tells it to erase itself.
#[utoipa::path(
    post,
    path = "/devices/{id}/revoke",
    tag = "devices",
    params(("id" = String, Path, description = "The device")),
    responses(
        (status = 204, description = "Revoked, now or before"),
        (status = 403, description = "`not_allowed`: of a role that the caller does not decide about", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such device, or another organisation's", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "administrator"]), ("session" = ["coordinator", "administrator"]))
)]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    caller: Caller<Deciding>,
    Checked(Path(id)): Checked<Path<DeviceId>>,
) -> Result<StatusCode, Problem> {
    let (device, right) = known(&app, caller.principal(), Act::RevokeDevice, id).await?;
    if right != Right::Alone {
        return Err(not_allowed());
    }
    let by = caller.principal().actor();
    app.store
        .accounts()
        .revoke_device(device.id, None, by, app.now())
        .await?;
    tracing::info!(revoked = %id, by = %caller.principal().device(), "revoked a device");
    Ok(StatusCode::NO_CONTENT)
}

/// Whose devices the caller sees: everybody's (`None`), or the own organisation's.
fn devices_of(caller: &Principal) -> Option<OrganisationId> {
    let theirs = rights::right(
        caller.role,
        Act::SeeDevice,
        Target::Member(Role::Worker),
        Whose::Theirs,
    );
    (theirs == Right::No).then(|| caller.organisation.clone())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    #[tokio::test]
    async fn a_coordinator_reaches_the_own_organisation_only() {
        let app = TestApp::new().await;
        let coordinator = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let own = app.enrolled(Role::Worker, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "forening-a").await;

        let list = app.get("/devices").bearer(&coordinator.token).send().await;
        let ids: Vec<_> = list.json["devices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["id"].as_str().unwrap())
            .collect();
        assert!(ids.contains(&own.id.to_string().as_str()));
        assert!(!ids.contains(&other.id.to_string().as_str()));

        let revoke = |id: String| {
            app.post(&format!("/devices/{id}/revoke"))
                .bearer(&coordinator.token)
                .send()
        };
        let reply = revoke(other.id.to_string()).await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
        let reply = revoke("ffffffffffffffff".to_owned()).await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
        let reply = revoke("nonsense".to_owned()).await;
        reply.is_problem(StatusCode::NOT_FOUND, "not_found");
        for _ in 0..2 {
            assert_eq!(
                revoke(own.id.to_string()).await.status,
                StatusCode::NO_CONTENT
            );
        }
        let me = app.get("/me").bearer(&own.token).send().await;
        me.is_problem(StatusCode::FORBIDDEN, "device_revoked");
        assert_eq!(
            app.get("/me").bearer(&other.token).send().await.status,
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn a_coordinator_sees_how_much_of_its_day_a_phone_has_sent() {
        let app = TestApp::new().await;
        let coordinator = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let busy = app.enrolled(Role::Worker, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "forening-a").await;
        for id in 1..4 {
            app.place(&busy, id).await;
        }
        app.place(&other, 9).await;
        let list = async || {
            app.get("/devices")
                .bearer(&coordinator.token)
                .send()
                .await
                .json
        };
        let of = |list: &serde_json::Value| {
            let devices = list["devices"].as_array().unwrap();
            let device = devices.iter().find(|d| d["id"] == busy.id.to_string());
            device.unwrap()["today"].clone()
        };
        let first = list().await;
        assert_eq!(of(&first)["documents"], 3);
        assert_eq!(of(&first)["places"], 3);
        assert!(of(&first)["bytes"].as_u64().unwrap() > 300);
        // The own organisation's only.
        let together = serde_json::json!([{"id": "eu-teamet", "documents": 3}]);
        assert_eq!(first["organisations"], together);
        assert_eq!(first["most"]["documents"], 2_000);
        assert_eq!(first["most"]["organisation_documents"], 20_000);
        app.pass(24 * 3_600_000);
        assert_eq!(of(&list().await)["documents"], 0);
    }

    #[tokio::test]
    async fn an_administrator_reaches_all() {
        let app = TestApp::new().await;
        let administrator = app.enrolled(Role::Administrator, "eu-teamet").await;
        let other = app.enrolled(Role::Worker, "forening-a").await;
        let list = app
            .get("/devices")
            .bearer(&administrator.token)
            .send()
            .await;
        assert_eq!(list.json["devices"].as_array().unwrap().len(), 2);
        let path = format!("/devices/{}/revoke", other.id);
        let reply = app.post(&path).bearer(&administrator.token).send().await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        let list = app
            .get("/devices")
            .bearer(&administrator.token)
            .send()
            .await;
        let devices = list.json["devices"].as_array().unwrap();
        let revoked = devices.iter().find(|d| d["id"] == other.id.to_string());
        assert_eq!(revoked.unwrap()["revoked_at"], "2026-01-31T20:00:00Z");
    }
}
