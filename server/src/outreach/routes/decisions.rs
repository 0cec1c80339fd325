//! Decisions that routes about others share: what needs a second person, and what the
//! caller may do to a device.

use axum::http::StatusCode;
use serde::Serialize;
use sync_core::ids::{DeviceId, OrganisationId};

use crate::outreach::application::ActError;
use crate::outreach::rights::{Act, Owned, Right, Rights as _, confirms};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::{ActStore, Asked, Waiting, Wanted};
use crate::shared::http::{Problem, Rfc3339};
use crate::shared::principal::{Principal, Role};

/// Something that is done once a second person confirms it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct PendingAct {
    /// Its number.
    id: i64,
    /// What is to be done.
    act: Wanted,
    /// To what: a document's, a device's or an undo's id, a key's fingerprint; of retention
    /// why it stands still, for how many documents of a kind, and `anew`.
    subject: String,
    /// Of an undo: since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Rfc3339>,
    /// The device that asked.
    #[schema(value_type = String)]
    asked_by: DeviceId,
    /// Its organisation.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Its member's role.
    role: Role,
    /// When it asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Rfc3339,
    /// Until when it may be confirmed.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Rfc3339,
    /// Whether the caller may confirm it.
    may_confirm: bool,
    /// Whether the caller may take it back.
    may_withdraw: bool,
}

impl PendingAct {
    pub(super) fn seen_by(caller: &Principal, waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            may_confirm: confirms(caller, &waiting.by),
            may_withdraw: waiting.by.member == caller.member || caller.role == Role::Administrator,
            act: waiting.asked.act,
            subject: waiting.asked.subject,
            since: waiting.asked.since.map(Rfc3339),
            asked_by: waiting.by.device,
            organisation: waiting.by.organisation,
            role: waiting.by.role,
            asked_at: waiting.asked_at.into(),
            expires_at: waiting.expires_at.into(),
        }
    }
}

/// Notes that the caller asks for what needs two; the answer's body.
pub(super) async fn ask(
    app: &AppState,
    caller: &Principal,
    asked: Asked,
) -> Result<PendingAct, Problem> {
    let waiting = app.store.ask_act(asked, caller.actor(), app.now()).await?;
    waiting
        .map(|waiting| PendingAct::seen_by(caller, waiting))
        .ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "too_many_acts",
                "You have asked for too much that nobody has confirmed. Take some of it back first.",
            )
        })
}

/// The refusal of what the caller may not do to this one.
pub(super) fn not_allowed() -> Problem {
    Problem::forbidden(
        "not_allowed",
        "Your role may not do this to that one. An administrator can.",
    )
}

/// A device, and whether the caller may do this to it. Of one that the caller may neither
/// see nor act on there is none.
pub(super) async fn known(
    app: &AppState,
    caller: &Principal,
    act: Act,
    id: DeviceId,
) -> Result<(Owned, Right), Problem> {
    let device = app
        .store
        .owner_of(id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let right = caller.right_to_device(act, &device);
    if right == Right::No && caller.right_to_device(Act::SeeDevice, &device) == Right::No {
        return Err(Problem::not_found());
    }
    Ok((device, right))
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Unknown => Self::not_found(),
            ActError::Changed => Self::new(
                StatusCode::CONFLICT,
                "retention_changed",
                "Retention no longer stands still for what was looked at. Look, and ask once more.",
            ),
            ActError::Unreadable(_) => Self::internal(),
            ActError::Store(error) => error.into(),
        }
    }
}
