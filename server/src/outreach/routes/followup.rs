//! The own organisation's work: what the agreement asks to follow up.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sync_core::time::Night;

use crate::outreach::projection;
use crate::outreach::state::AppState;
use crate::outreach::store::followup::{FollowupStore, Tally};
use crate::shared::access::{Caller, Coordinating};
use crate::shared::audit::Entry;
use crate::shared::http::{Checked, Problem, ProblemBody};

/// Which nights.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Between {
    /// The first night, `YYYY-MM-DD`; the present period's first without it.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Night>,
    /// The last night, `YYYY-MM-DD`; tonight without it.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Night>,
}

/// What was recorded, added up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Followup {
    /// The first night.
    #[schema(value_type = String, format = Date)]
    from: Night,
    /// The last night.
    #[schema(value_type = String, format = Date)]
    to: Night,
    /// The sums. What was never recorded has none.
    tallies: Vec<TallyEntry>,
}

/// How often something was recorded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct TallyEntry {
    /// `visits`, `counts`, `encounters`, `adults`, `children` (met, not distinct persons),
    /// `group`, `language`, `need`, `topic`, `contact`, `alert`, `outcome`, `alert_calls`,
    /// `alert_acknowledged`, `feedback`.
    sort: String,
    /// The code of the closed list; empty for a plain number.
    code: String,
    /// Of a topic: the leaflet that was shown, as version/language.
    detail: String,
    /// How many.
    count: u64,
}

impl From<Tally> for TallyEntry {
    fn from(tally: Tally) -> Self {
        let Tally {
            sort,
            code,
            detail,
            count,
        } = tally;
        Self {
            sort,
            code,
            detail,
            count,
        }
    }
}

/// Adds up what the own organisation recorded: needs by category, contacts,
/// information by leaflet, alerts and how they ended, feedback and its handling.
/// Persons met are not distinct persons: whoever was met twice counts twice.
#[utoipa::path(
    get,
    path = "/followup",
    tag = "estimate",
    params(Between),
    responses(
        (status = 200, description = "The sums", body = Followup),
        (status = 400, description = "`malformed`", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["coordinator"]), ("session" = ["coordinator"]))
)]
pub(crate) async fn show(
    State(app): State<AppState>,
    caller: Caller<Coordinating>,
    Checked(Query(between)): Checked<Query<Between>>,
) -> Result<Json<Followup>, Problem> {
    let tonight = app.now().night();
    let period = projection::Period::of(tonight, app.base.config.period_days.get());
    let from = between.from.unwrap_or(period.first);
    let to = between.to.unwrap_or(tonight);
    if to < from {
        return Err(Problem::malformed("to is not before from."));
    }
    let organisation = caller.organisation().clone();
    let tallies = app.store.followup(organisation, from, to).await?;
    app.store
        .database()
        .audit(Entry {
            at: app.now(),
            by: caller.principal().actor(),
            action: "followup.read",
            subject: caller.organisation().to_string(),
            detail: format!("tallies={}", tallies.len()),
        })
        .await?;
    Ok(Json(Followup {
        from,
        to,
        tallies: tallies.into_iter().map(Into::into).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use crate::outreach::store::rebuild::RebuildStore;
    use std::collections::{BTreeMap, BTreeSet};

    use axum::http::StatusCode;
    use sync_core::document::Document;
    use sync_core::ids::{DocumentId, RecordId, SessionId, actor};
    use sync_core::model::{
        Access, Basis, Code as _, CodeSet, Contact, Content, Encounter, Group, Kind, Language,
        MetBefore, Need, Records, Sleeping, Topic, Visit,
    };
    use sync_core::protocol::Offer;

    use crate::outreach::routes::testing::{TestApp, TestDevice, pull};
    use crate::shared::principal::Role;

    /// An encounter with every need of the agreement and every contact.
    fn full(device: &TestDevice, app: &TestApp) -> Content {
        let encounter = Encounter {
            observer: device.id,
            at: app.state.now(),
            adults: 2,
            children: 1,
            group: Group::EuEea,
            languages: CodeSet(BTreeSet::from([Language::Ro])),
            sleeping: Sleeping::Tent,
            met_before: MetBefore::No,
            met_by: None,
            code: None,
            needs: CodeSet(Need::ALL.iter().copied().collect()),
            information: BTreeMap::from([
                (Topic::Rights, "2026-11/ro".to_owned()),
                (Topic::Complaints, String::new()),
            ]),
            contacts: CodeSet(Contact::ALL.iter().copied().collect()),
            note: String::new(),
            withdrawn: false,
        };
        Content::Visit(Visit {
            place: DocumentId::from_bytes([1; 16]),
            started: app.state.now(),
            ended: None,
            access: Access::Partial,
            basis: Basis::Chosen,
            weather_opening: false,
            counts: Records::default(),
            encounters: Records([(RecordId::from_bytes([1; 8]), encounter)].into()),
            note: String::new(),
            withdrawn: false,
        })
    }

    #[tokio::test]
    async fn every_need_and_contact_of_the_agreement_can_be_followed_up() {
        let app = TestApp::new().await;
        let worker = app.enrolled(Role::Worker, "eu-teamet").await;
        let own = app.enrolled(Role::Coordinator, "eu-teamet").await;
        let other = app.enrolled(Role::Coordinator, "forening-a").await;
        app.place(&worker, 1).await;
        let visit = full(&worker, &app);
        let actor = actor(worker.id, SessionId::from_bytes([5; 8]));
        let (_, change) = Document::create(actor, &visit, app.state.now()).unwrap();
        let mut request = pull(0);
        request.batch.push(Offer {
            document: DocumentId::from_bytes([5; 16]),
            kind: Kind::Visit,
            known_heads: Vec::new(),
            changes: vec![change.bytes.into()],
            relayed: None,
        });
        app.exchange(&worker, &request).await;

        let reply = app.get("/followup").bearer(&own.token).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json);
        let count = |sort: &str, code: &str, detail: &str| {
            reply.json["tallies"]
                .as_array()
                .unwrap()
                .iter()
                .find(|t| t["sort"] == sort && t["code"] == code && t["detail"] == detail)
                .and_then(|t| t["count"].as_u64())
        };
        for need in Need::ALL {
            assert_eq!(count("need", need.as_str(), ""), Some(1), "{need}");
        }
        for contact in Contact::ALL {
            assert_eq!(count("contact", contact.as_str(), ""), Some(1), "{contact}");
        }
        assert_eq!(count("topic", "rights", "2026-11/ro"), Some(1));
        assert_eq!(count("topic", "complaints", ""), Some(1));
        assert_eq!(count("language", "ro", ""), Some(1));
        assert_eq!(count("encounters", "", ""), Some(1));
        assert_eq!(count("children", "", ""), Some(1));
        // Nothing of it is another organisation's to read.
        let reply = app.get("/followup").bearer(&other.token).send().await;
        assert!(!reply.json.to_string().contains("\"need\""));
        let wrong = app
            .get("/followup?from=2026-02-02&to=2026-02-01")
            .bearer(&own.token)
            .send()
            .await;
        wrong.is_problem(StatusCode::BAD_REQUEST, "malformed");
        // And a rebuild gives the same.
        let rebuilt = app.state.store.rebuild().await.unwrap();
        assert!(rebuilt.differences.is_empty(), "{:?}", rebuilt.differences);
    }
}
