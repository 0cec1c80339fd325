//! Alerts, as those who take over see them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sync_core::ids::{DocumentId, OrganisationId, RecordId, SessionId};
use sync_core::model::{Acknowledgement, Alert, Callee, Content, Need, Outcome};
use sync_core::time::Instant;

use super::desk::{self, Failure};
use crate::app::AppState;
use crate::auth::{Alarmed, Caller};
use crate::http::{Checked, Problem, ProblemBody, Rfc3339};
use crate::store::alerts::ListedAlert;
use crate::store::members::Organisation;
use crate::sync::hand;

/// Most alerts in one answer.
const MOST: u32 = 100;

/// Alerts: those that nobody has closed first, each part the newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Alerts {
    /// The alerts.
    alerts: Vec<AlertEntry>,
}

/// An acute need that a worker raised.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AlertEntry {
    /// The document.
    #[schema(value_type = String)]
    id: DocumentId,
    /// Whose phone raised it.
    organisation: Organisation,
    /// The category of the agreement.
    #[schema(value_type = String)]
    category: Need,
    /// When it was raised.
    #[schema(value_type = String, format = DateTime)]
    opened: Rfc3339,
    /// What the place is called, when it is a recorded one.
    place_name: Option<String>,
    /// The code of the place's district.
    district: Option<String>,
    /// What is needed.
    note: String,
    /// Calls made, the first one first.
    calls: Vec<CallEntry>,
    /// Who has said that they have it, the first one first.
    acknowledgements: Vec<AcknowledgementEntry>,
    /// How it ended; `open` while it has not.
    #[schema(value_type = String)]
    outcome: Outcome,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed: Option<Rfc3339>,
}

/// A call about the need.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct CallEntry {
    /// Who was called.
    #[schema(value_type = String)]
    to: Callee,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Rfc3339,
    /// Who answered, by role; empty when nobody did.
    answered_by: String,
}

/// Somebody has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AcknowledgementEntry {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Rfc3339,
    /// Who, by role, and what happens next.
    note: String,
}

/// An acknowledgement.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgementRequest {
    /// Who takes over, by role and never by name, and what happens next; at most 200 bytes.
    note: String,
    /// How it ended, when it has ended: `taken_over`, `helped`, `declined`, `not_found` or `mistake`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    outcome: Option<Outcome>,
}

/// Whose alerts the caller sees: a duty service everybody's, a coordinator the
/// own organisation's.
fn seen_by(caller: &Caller<Alarmed>) -> Option<OrganisationId> {
    (!caller.is_on_duty()).then(|| caller.organisation().clone())
}

/// Lists alerts: at most 100.
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "alerts",
    responses((status = 200, description = "Alerts", body = Alerts)),
    security(("token" = ["coordinator", "duty"]), ("session" = ["coordinator", "duty"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Alarmed>,
) -> Result<Json<Alerts>, Problem> {
    let listed = app.store.alerts(seen_by(&caller), MOST).await?;
    let ids = listed.iter().map(|a| a.document).collect();
    let mut standing: std::collections::BTreeMap<_, _> =
        hand::read(&app.store, ids).await?.into_iter().collect();
    let alerts: Vec<AlertEntry> = listed
        .into_iter()
        .filter_map(|listed| match standing.remove(&listed.document)?.content {
            Content::Alert(alert) => Some(entry(listed, &alert)),
            _ => None,
        })
        .collect();
    if !alerts.is_empty() {
        let (by, of) = (caller.identity(), caller.organisation().to_string());
        let detail = format!("alerts={}", alerts.len());
        desk::note(&app, by, "alerts.read", of, detail).await?;
    }
    Ok(Json(Alerts { alerts }))
}

fn entry(listed: ListedAlert, alert: &Alert) -> AlertEntry {
    let mut calls: Vec<_> = alert.calls.values().filter(|c| !c.withdrawn).collect();
    calls.sort_by_key(|c| c.at);
    let mut acknowledgements: Vec<_> = alert
        .acknowledgements
        .values()
        .filter(|a| !a.withdrawn)
        .collect();
    acknowledgements.sort_by_key(|a| a.at);
    AlertEntry {
        id: listed.document,
        organisation: listed.organisation,
        category: alert.category,
        opened: alert.opened.into(),
        place_name: listed.place_name,
        district: listed.district,
        note: alert.note.clone(),
        calls: calls
            .into_iter()
            .map(|call| CallEntry {
                to: call.to,
                at: call.at.into(),
                answered_by: call.answered_by.clone(),
            })
            .collect(),
        acknowledgements: acknowledgements
            .into_iter()
            .map(|a| AcknowledgementEntry {
                at: a.at.into(),
                note: a.note.clone(),
            })
            .collect(),
        outcome: alert.outcome,
        closed: alert.closed.map(Into::into),
    }
}

/// Says that somebody has the alert. The worker's phone hears of it at its next
/// contact. With an outcome, the alert is closed.
#[utoipa::path(
    post,
    path = "/alerts/{id}/acknowledge",
    tag = "alerts",
    params(("id" = String, Path, description = "The alert")),
    request_body = AcknowledgementRequest,
    responses(
        (status = 204, description = "On disk"),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: no alert that the caller sees", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator", "duty"]), ("session" = ["coordinator", "duty"]))
)]
pub(crate) async fn acknowledge(
    State(app): State<AppState>,
    caller: Caller<Alarmed>,
    Checked(Path(id)): Checked<Path<DocumentId>>,
    Checked(Json(request)): Checked<Json<AcknowledgementRequest>>,
) -> Result<StatusCode, Failure> {
    let own = seen_by(&caller);
    desk::seen(&app, id, |standing| {
        matches!(standing.content, Content::Alert(_))
            && own.is_none_or(|own| own == standing.organisation)
    })
    .await?;
    let by = caller.identity().device;
    let now = app.now();
    let record = RecordId::from_bytes(app.entropy.draw());
    let acknowledgement = Acknowledgement {
        by,
        at: now,
        note: request.note,
        withdrawn: false,
    };
    let session = SessionId::from_bytes(app.entropy.draw());
    hand::change(
        &app.store,
        id,
        session,
        move |content| acknowledged(content, record, acknowledgement, request.outcome, now),
        now,
    )
    .await?;
    let outcome = request.outcome.unwrap_or(Outcome::Open);
    let detail = format!("outcome={outcome}");
    let (caller, id) = (caller.identity(), id.to_string());
    desk::note(&app, caller, "alert.acknowledge", id, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn acknowledged(
    content: Content,
    record: RecordId,
    acknowledgement: Acknowledgement,
    outcome: Option<Outcome>,
    now: Instant,
) -> Content {
    let Content::Alert(mut alert) = content else {
        return content;
    };
    alert.acknowledgements.insert(record, acknowledgement);
    if let Some(outcome) = outcome {
        alert.outcome = outcome;
        alert.closed = (outcome != Outcome::Open).then_some(now);
    }
    Content::Alert(alert)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;
    use sync_core::document::Document;
    use sync_core::ids::{DocumentId, RecordId, SessionId, actor};
    use sync_core::model::{Alert, Call, Callee, Content, Kind, Need, Outcome, Records};
    use sync_core::protocol::Offer;

    use crate::auth::Role;
    use crate::http::testing::{TestApp, TestDevice, pull};

    async fn raise(app: &TestApp, device: &TestDevice, id: u8) -> DocumentId {
        let call = Call {
            to: Callee::DutyService,
            at: app.state.now(),
            answered_by: "socialsekreterare".to_owned(),
            withdrawn: false,
        };
        let alert = Content::Alert(Alert {
            category: Need::ChildAtRisk,
            place: None,
            opened: app.state.now(),
            note: "Ett exempel".to_owned(),
            calls: Records([(RecordId::from_bytes([1; 8]), call)].into()),
            acknowledgements: Records::default(),
            outcome: Outcome::Open,
            closed: None,
            withdrawn: false,
        });
        let actor = actor(device.id, SessionId::from_bytes([id; 8]));
        let (_, change) = Document::create(actor, &alert, app.state.now()).unwrap();
        let document = DocumentId::from_bytes([id; 16]);
        let mut request = pull(0);
        request.batch.push(Offer {
            document,
            kind: Kind::Alert,
            known_heads: Vec::new(),
            changes: vec![change.bytes.into()],
            relayed: None,
        });
        let reply = app.exchange(device, &request).await;
        assert!(
            reply.results[0].rejected.is_none(),
            "{:?}",
            reply.results[0]
        );
        document
    }

    #[tokio::test]
    async fn duty_sees_all_and_a_coordinator_the_own() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "forening-a").await;
        let duty = app.enrolled(Role::Duty, "eu-teamet").await;
        let own = app.enrolled(Role::Coordinator, "forening-a").await;
        let other = app.enrolled(Role::Coordinator, "eu-teamet").await;
        raise(&app, &worker, 7).await;
        for (device, seen) in [(&duty, 1), (&own, 1), (&other, 0)] {
            let list = app.get("/alerts").bearer(&device.token).send().await;
            let alerts = list.json["alerts"].as_array().unwrap();
            assert_eq!(alerts.len(), seen, "{}", list.json);
            if seen == 1 {
                assert_eq!(alerts[0]["category"], "child_at_risk");
                assert_eq!(alerts[0]["acknowledgements"], json!([]));
                assert_eq!(
                    alerts[0]["calls"][0]["answered_by"], "socialsekreterare",
                    "{}",
                    list.json
                );
            }
        }
    }

    #[tokio::test]
    async fn the_worker_s_phone_hears_that_somebody_has_it() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "forening-a").await;
        let duty = app.enrolled(Role::Duty, "eu-teamet").await;
        let alert = raise(&app, &worker, 7).await;
        let before = app.exchange(&worker, &pull(0)).await;
        let path = format!("/alerts/{alert}/acknowledge");
        let body = json!({"note": "Jouren åker dit"});
        let reply = app.post(&path).bearer(&duty.token).json(&body).send().await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);

        let mut request = pull(before.cursor);
        request.epoch = before.epoch;
        let news = app.exchange(&worker, &request).await;
        assert_eq!(news.documents.len(), 1, "the phone that made it gets it");
        let list = app.get("/alerts").bearer(&duty.token).send().await;
        let seen = &list.json["alerts"][0];
        assert_eq!(seen["acknowledgements"][0]["note"], "Jouren åker dit");
        assert_eq!(seen["outcome"], "open");

        let body = json!({"note": "Klart", "outcome": "taken_over"});
        app.post(&path).bearer(&duty.token).json(&body).send().await;
        let list = app.get("/alerts").bearer(&duty.token).send().await;
        let seen = &list.json["alerts"][0];
        assert_eq!(seen["outcome"], "taken_over");
        assert!(seen["closed"].is_string());
        assert_eq!(seen["acknowledgements"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn what_is_out_of_sight_or_out_of_bounds_is_refused() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "forening-a").await;
        let other = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let own = app.enrolled(Role::Coordinator, "forening-a").await;
        let alert = raise(&app, &worker, 7).await;
        app.place(&worker, 9).await;
        let say = async |device: &TestDevice, id: DocumentId, note: String| {
            app.post(&format!("/alerts/{id}/acknowledge"))
                .bearer(&device.token)
                .json(&json!({"note": note}))
                .send()
                .await
        };
        let place = DocumentId::from_bytes([9; 16]);
        let nothing = DocumentId::from_bytes([3; 16]);
        for (device, id) in [(&other, alert), (&own, place), (&own, nothing)] {
            let reply = say(device, id, String::new()).await;
            reply.is_problem(StatusCode::NOT_FOUND, "not_found");
        }
        let reply = say(&own, alert, "x".repeat(201)).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}
