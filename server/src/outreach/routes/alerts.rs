//! Alerts, as those who take over see them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sync_core::ids::{DeviceId, DocumentId, OrganisationId, RecordId};
use sync_core::model::{Acknowledgement, Alert, Callee, Content, Need, Outcome};
use sync_core::time::Instant;

use super::document_problem::{self, DocumentProblem};
use crate::outreach::application::documents;
use crate::outreach::state::AppState;
use crate::outreach::store::Act;
use crate::outreach::store::alerts::{AlertStore, Flood, ListedAlert};
use crate::outreach::sync::server_changes;
use crate::shared::access::{Alarmed, Caller};
use crate::shared::accounts::members::Organisation;
use crate::shared::http::{Checked, Problem, ProblemBody, Rfc3339};

/// Most alerts in one answer.
const MOST: u32 = 200;

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageFrom {
    /// How many alerts to pass over: those of the pages before.
    #[serde(default)]
    #[param(default = 0)]
    from: u32,
}

/// Alerts: those that nobody has heard first, by their arrival, the first of each device
/// before the second of any; then those taken back unheard, those that somebody has, the
/// closed ones.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(crate) struct Alerts {
    /// The alerts.
    alerts: Vec<AlertEntry>,
    /// Whether there are more: ask again with `from`.
    more: bool,
    /// How many nobody has heard, in all.
    unheard: u32,
    /// Devices that raised more than ten of those.
    floods: Vec<FloodEntry>,
}

/// Very many unheard alerts of one device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct FloodEntry {
    /// The device.
    #[schema(value_type = String)]
    device: DeviceId,
    /// Its organisation.
    organisation: Organisation,
    /// How many.
    unheard: u32,
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
    category: Need,
    /// When it was raised, as the phone says.
    #[schema(value_type = String, format = DateTime)]
    opened: Rfc3339,
    /// When the server heard of it.
    #[schema(value_type = String, format = DateTime)]
    received_at: Rfc3339,
    /// Whether who raised it has taken it back.
    withdrawn: bool,
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
    outcome: Outcome,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed: Option<Rfc3339>,
}

/// A call about the need.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct CallEntry {
    /// Who was called.
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
    outcome: Option<Outcome>,
}

/// Whose alerts the caller sees: a duty service everybody's, a coordinator the
/// own organisation's.
fn seen_by(caller: &Caller<Alarmed>) -> Option<OrganisationId> {
    (!caller.is_on_duty()).then(|| caller.organisation().clone())
}

/// Lists alerts: at most 200, from the first that nobody has heard.
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "alerts",
    params(PageFrom),
    responses((status = 200, description = "Alerts", body = Alerts)),
    security(("token" = ["coordinator", "duty"]), ("session" = ["coordinator", "duty"]))
)]
pub(crate) async fn list(
    State(app): State<AppState>,
    caller: Caller<Alarmed>,
    Checked(Query(PageFrom { from })): Checked<Query<PageFrom>>,
) -> Result<Json<Alerts>, Problem> {
    let page = app.store.alerts(seen_by(&caller), from, MOST).await?;
    let listed = page.alerts;
    let ids = listed.iter().map(|a| a.document).collect();
    let mut standing: std::collections::BTreeMap<_, _> = server_changes::read(&app.store, ids)
        .await?
        .into_iter()
        .collect();
    let alerts: Vec<AlertEntry> = listed
        .into_iter()
        .filter_map(|listed| match standing.remove(&listed.document)?.content {
            Content::Alert(alert) => Some(entry(listed, &alert)),
            _ => None,
        })
        .collect();
    if !alerts.is_empty() {
        let (by, of) = (caller.principal(), caller.organisation().to_string());
        let detail = format!("alerts={}", alerts.len());
        document_problem::note(&app, by, "alerts.read", of, detail).await?;
    }
    Ok(Json(Alerts {
        alerts,
        more: page.more,
        unheard: page.unheard,
        floods: page.floods.into_iter().map(FloodEntry::from).collect(),
    }))
}

impl From<Flood> for FloodEntry {
    fn from(flood: Flood) -> Self {
        Self {
            device: flood.device,
            organisation: flood.organisation,
            unheard: flood.unheard,
        }
    }
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
        received_at: listed.received_at.into(),
        withdrawn: alert.withdrawn,
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
) -> Result<StatusCode, DocumentProblem> {
    let own = seen_by(&caller);
    document_problem::seen(&app, id, |standing| {
        matches!(standing.content, Content::Alert(_))
            && own.is_none_or(|own| own == standing.organisation)
    })
    .await?;
    let by = caller.principal().device();
    let now = app.now();
    let record = RecordId::from_bytes(app.base.entropy.draw());
    let acknowledgement = Acknowledgement {
        by,
        at: now,
        note: request.note,
        withdrawn: false,
    };
    let act = Act {
        action: "alert.acknowledge",
        detail: format!("outcome={}", request.outcome.unwrap_or(Outcome::Open)),
    };
    let edit = move |content| acknowledged(content, record, acknowledgement, request.outcome, now);
    documents::change(&app, caller.principal(), act, id, edit).await?;
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
    use sync_core::model::{
        Acknowledgement, Alert, Call, Callee, Content, Kind, Need, Outcome, Records,
    };
    use sync_core::protocol::Offer;

    use crate::outreach::routes::testing::{TestApp, TestDevice, pull};
    use crate::shared::audit::show::{AuditRow, Filter};
    use crate::shared::principal::{Role, SecretHash};

    async fn raise(app: &TestApp, device: &TestDevice, id: u8) -> DocumentId {
        let alert = alert(app);
        let actor = actor(device.id, SessionId::from_bytes([id; 8]));
        let (_, change) = Document::create(actor, &alert, app.state.now()).unwrap();
        let document = DocumentId::from_bytes([id; 16]);
        let codes = offer(app, device, document, vec![change.bytes]).await;
        assert_eq!(codes, [None]);
        document
    }

    fn alert(app: &TestApp) -> Content {
        let call = Call {
            to: Callee::DutyService,
            at: app.state.now(),
            answered_by: "socialsekreterare".to_owned(),
            withdrawn: false,
        };
        Content::Alert(Alert {
            category: Need::ChildAtRisk,
            place: None,
            opened: app.state.now(),
            note: "Ett exempel".to_owned(),
            calls: Records([(RecordId::from_bytes([1; 8]), call)].into()),
            acknowledgements: Records::default(),
            outcome: Outcome::Open,
            closed: None,
            withdrawn: false,
        })
    }

    /// Offers the changes and returns the code of the refusal.
    async fn offer(
        app: &TestApp,
        device: &TestDevice,
        document: DocumentId,
        changes: Vec<Vec<u8>>,
    ) -> [Option<String>; 1] {
        let mut request = pull(0);
        request.batch.push(Offer {
            document,
            kind: Kind::Alert,
            known_heads: Vec::new(),
            changes: changes.into_iter().map(Into::into).collect(),
            relayed: None,
        });
        let mut reply = app.exchange(device, &request).await;
        let rejected = reply.results.remove(0).rejected;
        [rejected.map(|r| r.code)]
    }

    /// Returns a device's change to an alert as it was raised.
    fn edited(
        app: &TestApp,
        raised_by: &TestDevice,
        id: u8,
        by: &TestDevice,
        edit: impl FnOnce(&mut Alert),
    ) -> Vec<u8> {
        let actor_of = |device: &TestDevice| actor(device.id, SessionId::from_bytes([id; 8]));
        let Content::Alert(base) = alert(app) else {
            panic!("an alert")
        };
        let whole = Content::Alert(base.clone());
        let (mut document, _) =
            Document::create(actor_of(raised_by), &whole, app.state.now()).unwrap();
        let mut next = base.clone();
        edit(&mut next);
        let json = |alert: &Alert| serde_json::to_value(alert).unwrap();
        document
            .edit(actor_of(by), &json(&base), &json(&next), app.state.now())
            .unwrap()
            .unwrap()
            .bytes
    }

    #[tokio::test]
    async fn nobody_is_heard_in_duty_s_name_and_nobody_s_alert_is_taken_back_by_another() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "forening-a").await;
        let colleague = app.enrolled(Role::Worker, "forening-a").await;
        let duty = app.enrolled(Role::Duty, "eu-teamet").await;
        let id = raise(&app, &worker, 7).await;
        let acknowledgement = Acknowledgement {
            by: duty.id,
            at: app.state.now(),
            note: "Jouren".to_owned(),
            withdrawn: false,
        };
        let forged = edited(&app, &worker, 7, &colleague, |alert| {
            let record = RecordId::from_bytes([2; 8]);
            alert.acknowledgements.insert(record, acknowledgement);
        });
        let ended = edited(&app, &worker, 7, &worker, |a| {
            a.outcome = Outcome::TakenOver;
        });
        let withdrawn = |by| edited(&app, &worker, 7, by, |a| a.withdrawn = true);
        let refused = [Some("not_allowed".to_owned())];
        assert_eq!(offer(&app, &colleague, id, vec![forged]).await, refused);
        assert_eq!(offer(&app, &worker, id, vec![ended]).await, refused);
        let by_another = withdrawn(&colleague);
        assert_eq!(offer(&app, &colleague, id, vec![by_another]).await, refused);
        let list = async || app.get("/alerts").bearer(&duty.token).send().await.json;
        assert_eq!(list().await["unheard"], 1);
        // By who raised it; duty sees it struck through until somebody has looked.
        assert_eq!(
            offer(&app, &worker, id, vec![withdrawn(&worker)]).await,
            [None]
        );
        let seen = list().await;
        assert_eq!(seen["unheard"], 0);
        assert_eq!(seen["alerts"][0]["withdrawn"], true);
        assert_eq!(seen["alerts"][0]["note"], "Ett exempel");
    }

    #[tokio::test]
    async fn whoever_says_that_they_have_it_is_in_the_audit_once_and_by_name() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "eu-teamet").await;
        let duty = app.enrolled(Role::Duty, "eu-teamet").await;
        let alert = raise(&app, &worker, 7).await;
        let last = |(rows, _): (Vec<AuditRow>, _)| rows.last().map_or(0, |row| row.row);
        let database = app.state.store.database();
        let rows = async |after| database.audit_rows(Filter::default(), after).await.unwrap();
        let before = last(rows(0).await);
        let path = format!("/alerts/{alert}/acknowledge");
        let said = json!({"note": "Jouren", "outcome": "taken_over"});
        let reply = app.post(&path).bearer(&duty.token).json(&said).send().await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        let (rows, _) = rows(before).await;
        assert_eq!(rows.len(), 1, "the change and its row are one: {rows:?}");
        assert_eq!(rows[0].action, "alert.acknowledge");
        assert_eq!(rows[0].subject, alert.to_string());
        assert_eq!(rows[0].detail, "outcome=taken_over");
        assert_eq!(rows[0].by.device, Some(duty.id));
        let known = app
            .state
            .store
            .accounts()
            .device_by_token(SecretHash::of(&duty.token));
        let member = known.await.unwrap().unwrap().principal.member;
        assert_eq!(rows[0].by.member, Some(member));
    }

    #[tokio::test]
    async fn a_flood_hides_nobody_and_is_shown_as_one() {
        let app = TestApp::new().await;
        let flooding = app.enrolled(Role::Worker, "forening-a").await;
        let worker = app.enrolled(Role::Worker, "eu-teamet").await;
        let duty = app.enrolled(Role::Duty, "eu-teamet").await;
        for id in 1..=15 {
            raise(&app, &flooding, id).await;
        }
        app.pass(60_000);
        let real = raise(&app, &worker, 200).await;
        for id in 101..=110 {
            raise(&app, &flooding, id).await;
        }
        let list = app.get("/alerts").bearer(&duty.token).send().await.json;
        assert_eq!(list["unheard"], 26);
        // Its device's first comes before the second of any other.
        assert_eq!(list["alerts"][1]["id"], real.to_string());
        assert_eq!(list["floods"].as_array().unwrap().len(), 1);
        assert_eq!(list["floods"][0]["unheard"], 25);
        assert_eq!(list["floods"][0]["device"], flooding.id.to_string());
        let rest = app.get("/alerts?from=20").bearer(&duty.token).send().await;
        assert_eq!(rest.json["alerts"].as_array().unwrap().len(), 6);
        assert_eq!(rest.json["more"], false);
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
