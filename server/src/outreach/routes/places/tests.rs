use axum::http::StatusCode;
use serde_json::json;
use sync_core::document::Document;
use sync_core::ids::{DocumentId, RecordId, SessionId, actor};
use sync_core::model::{Content, Kind, Place, Proposal, ProposalAbout};
use sync_core::protocol::Offer;

use crate::outreach::routes::testing::{TestApp, TestDevice, pull};
use crate::outreach::sync::server_changes;
use crate::shared::principal::Role;

fn id(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

async fn place(app: &TestApp, n: u8) -> Place {
    let found = server_changes::read(&app.state.store, vec![id(n)])
        .await
        .unwrap()
        .pop();
    match found.unwrap().1.content {
        Content::Place(place) => place,
        other => panic!("a place, not {}", other.kind()),
    }
}

/// Proposes from a phone, as the app does: one change to the place as it was delivered.
async fn propose(app: &TestApp, device: &TestDevice, n: u8, about: ProposalAbout, value: &str) {
    let reply = app.exchange(device, &pull(0)).await;
    let delivery = reply
        .documents
        .iter()
        .find(|d| d.document == id(n))
        .unwrap();
    let chunks: Vec<&[u8]> = delivery
        .snapshot
        .iter()
        .chain(&delivery.changes)
        .map(|c| c.as_slice())
        .collect();
    let mut document = Document::load(Kind::Place, &chunks).unwrap();
    let Content::Place(base) = document.content().unwrap() else {
        panic!("a place")
    };
    let mut next = base.clone();
    let proposal = Proposal {
        about,
        value: value.to_owned(),
        reason: "ett exempel".to_owned(),
        at: app.state.now(),
        decision: None,
        decided: None,
        withdrawn: false,
    };
    next.proposals
        .insert(RecordId::from_bytes([n; 8]), proposal);
    let change = document
        .edit(
            actor(device.id, SessionId::from_bytes([n; 8])),
            &serde_json::to_value(base).unwrap(),
            &serde_json::to_value(next).unwrap(),
            app.state.now(),
        )
        .unwrap()
        .unwrap();
    let mut request = pull(0);
    request.batch.push(Offer {
        document: id(n),
        kind: Kind::Place,
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
}

#[tokio::test]
async fn a_proposal_from_another_organisation_is_seen_and_decided() {
    let app = TestApp::new().await;
    let finder = app.enrolled(Role::Worker, "eu-teamet").await;
    let other = app.enrolled(Role::Worker, "forening-a").await;
    let desk = app.enrolled(Role::Coordinator, "eu-teamet").await;
    app.place(&finder, 1).await;
    app.place(&finder, 2).await;
    propose(&app, &other, 1, ProposalAbout::Name, "Nya namnet").await;
    propose(&app, &other, 2, ProposalAbout::SameAs, &id(1).to_string()).await;

    let list = app.get("/proposals").bearer(&desk.token).send().await;
    let listed = list.json["proposals"].as_array().unwrap();
    assert_eq!(listed.len(), 2, "{}", list.json);
    let same = listed.iter().find(|p| p["about"] == "same_as").unwrap();
    assert!(same["value_name"].is_string(), "{same}");
    assert_eq!(same["organisation"]["id"], "eu-teamet");

    let decide = async |n: u8, decision: &str| {
        let record = RecordId::from_bytes([n; 8]);
        app.post(&format!("/places/{}/proposals/{record}/decide", id(n)))
            .bearer(&desk.token)
            .json(&json!({"decision": decision}))
            .send()
            .await
    };
    assert_eq!(decide(1, "accepted").await.status, StatusCode::NO_CONTENT);
    assert_eq!(decide(2, "declined").await.status, StatusCode::NO_CONTENT);
    assert_eq!(place(&app, 1).await.name, "Nya namnet");
    assert_eq!(place(&app, 2).await.same_as, None);
    // Once.
    decide(1, "declined")
        .await
        .is_problem(StatusCode::NOT_FOUND, "not_found");
    let list = app.get("/proposals").bearer(&desk.token).send().await;
    assert_eq!(list.json["proposals"], json!([]));
}

#[tokio::test]
async fn a_coordinator_sets_a_place_right() {
    let app = TestApp::new().await;
    let finder = app.enrolled(Role::Worker, "eu-teamet").await;
    let desk = app.enrolled(Role::Coordinator, "forening-a").await;
    let duty = app.enrolled(Role::Duty, "eu-teamet").await;
    app.place(&finder, 1).await;
    app.place(&finder, 2).await;
    let patch = async |device: &TestDevice, n: u8, change: serde_json::Value| {
        app.patch(&format!("/places/{}", id(n)))
            .bearer(&device.token)
            .json(&change)
            .send()
            .await
    };
    let exact = json!({"position": [5_931_234, 1_807_117], "exact": true});
    assert_eq!(patch(&desk, 1, exact).await.status, StatusCode::NO_CONTENT);
    let seen = place(&app, 1).await;
    assert_eq!(
        (seen.latitude, seen.longitude),
        (Some(5_931_234), Some(1_807_117))
    );
    // No longer exact: rounded again.
    let coarse = json!({"exact": false});
    assert_eq!(patch(&desk, 1, coarse).await.status, StatusCode::NO_CONTENT);
    let seen = place(&app, 1).await;
    assert_eq!(
        (seen.latitude, seen.longitude),
        (Some(5_931_200), Some(1_807_100))
    );
    let same = json!({"same_as": id(2)});
    assert_eq!(patch(&desk, 1, same).await.status, StatusCode::NO_CONTENT);
    assert_eq!(place(&app, 1).await.same_as, Some(id(2)));
    let none = json!({"same_as": null});
    assert_eq!(patch(&desk, 1, none).await.status, StatusCode::NO_CONTENT);
    assert_eq!(place(&app, 1).await.same_as, None);

    let nowhere = json!({"same_as": id(9)});
    let reply = patch(&desk, 1, nowhere).await;
    reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    let itself = json!({"same_as": id(1)});
    let reply = patch(&desk, 1, itself).await;
    reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    let reply = patch(&desk, 7, json!({"name": "x"})).await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");
    let reply = patch(&duty, 1, json!({"name": "x"})).await;
    reply.is_problem(StatusCode::FORBIDDEN, "role_not_allowed");
    let number = json!({"note": "pnr 811228-9874"});
    let reply = patch(&desk, 1, number).await;
    reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
}

#[tokio::test]
async fn only_so_many_places_count_as_one() {
    let app = TestApp::new().await;
    let finder = app.enrolled(Role::Worker, "eu-teamet").await;
    let desk = app.enrolled(Role::Coordinator, "eu-teamet").await;
    for n in 1..=24 {
        app.place(&finder, n).await;
    }
    let same = async |n: u8, other: u8| {
        app.patch(&format!("/places/{}", id(n)))
            .bearer(&desk.token)
            .json(&json!({"same_as": id(other).to_string()}))
            .send()
            .await
    };
    for n in 2..=21 {
        assert_eq!(same(n, 1).await.status, StatusCode::NO_CONTENT, "place {n}");
    }
    same(22, 1)
        .await
        .is_problem(StatusCode::BAD_REQUEST, "malformed");
    // By way of one that counts as it already, or with others in tow, neither.
    same(22, 5)
        .await
        .is_problem(StatusCode::BAD_REQUEST, "malformed");
    assert_eq!(same(23, 24).await.status, StatusCode::NO_CONTENT);
    same(1, 24)
        .await
        .is_problem(StatusCode::BAD_REQUEST, "malformed");
}
