use axum::http::StatusCode;
use minicbor::bytes::ByteVec;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer as _;
use sync_core::document::Document;
use sync_core::ids::{DocumentId, SessionId, actor};
use sync_core::model::{Content, Kind, Place, PlaceType, Records};
use sync_core::protocol::{Offer, PROTOCOL, Reply, Request, Signed, signed_bytes};

use super::*;
use crate::auth::Role;
use crate::http::testing::{TestApp, TestDevice, TestReply};

fn pull(cursor: u64) -> Request {
    Request {
        protocol: PROTOCOL,
        epoch: 0,
        cursor,
        sent_at: 0,
        batch: Vec::new(),
    }
}

fn seal(device: &TestDevice, payload: Vec<u8>) -> Vec<u8> {
    let signature: Signature = device.key.sign(&signed_bytes(device.id, &payload));
    minicbor::to_vec(Signed {
        payload: payload.into(),
        signature: signature.to_bytes().to_vec().into(),
    })
    .unwrap()
}

async fn send(app: &TestApp, device: &TestDevice, body: Vec<u8>) -> TestReply {
    app.post("/sync")
        .bearer(&device.token)
        .body(CBOR, body)
        .send()
        .await
}

async fn ask(app: &TestApp, device: &TestDevice, request: &Request) -> Reply {
    let body = seal(device, minicbor::to_vec(request).unwrap());
    let reply = send(app, device, body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.json);
    assert_eq!(reply.headers["content-type"], CBOR);
    minicbor::decode(&reply.bytes).unwrap()
}

fn offer(app: &TestApp, device: &TestDevice, id: u8) -> Offer {
    let place = Content::Place(Place {
        name: "Under bron (exempel)".to_owned(),
        place_type: PlaceType::Settlement,
        district: "sodermalm".to_owned(),
        latitude: None,
        longitude: None,
        exact: false,
        created: app.state.now(),
        states: Records::default(),
        tips: Records::default(),
        same_as: None,
        note: String::new(),
        withdrawn: false,
    });
    let actor = actor(device.id, SessionId::from_bytes([1; 8]));
    let (_, change) = Document::create(actor, &place, app.state.now()).unwrap();
    Offer {
        document: DocumentId::from_bytes([id; 16]),
        kind: Kind::Place,
        known_heads: Vec::new(),
        changes: vec![ByteVec::from(change)],
    }
}

#[tokio::test]
async fn what_one_phone_sends_another_gets() {
    let app = TestApp::new().await;
    let one = app.enrolled(Role::Worker, "eu-teamet").await;
    let other = app.enrolled(Role::Coordinator, "forening-a").await;
    let mut request = pull(0);
    request.batch.push(offer(&app, &one, 7));
    let reply = ask(&app, &one, &request).await;
    assert_eq!(reply.results.len(), 1);
    assert_eq!(reply.results[0].rejected, None);
    assert_eq!(reply.results[0].accepted, 1);
    // The reply was lost: the phone asks again.
    let again = ask(&app, &one, &request).await;
    assert_eq!(again.results, reply.results);

    let reply = ask(&app, &other, &pull(0)).await;
    assert_eq!(reply.documents.len(), 1);
    assert_eq!(reply.documents[0].document, DocumentId::from_bytes([7; 16]));
}

#[tokio::test]
async fn only_the_device_s_own_signature_counts() {
    let app = TestApp::new().await;
    let one = app.enrolled(Role::Worker, "eu-teamet").await;
    let other = app.enrolled(Role::Worker, "eu-teamet").await;
    let payload = minicbor::to_vec(pull(0)).unwrap();
    let reply = send(&app, &one, seal(&other, payload.clone())).await;
    reply.is_problem(StatusCode::UNAUTHORIZED, "signature_wrong");
    let mut changed = seal(&one, payload);
    let at = changed.len() / 2;
    changed[at] ^= 1;
    let reply = send(&app, &one, changed).await;
    assert_ne!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_s_session_does_not_sync() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let cookie = app.signed_in(&device).await;
    let body = seal(&device, minicbor::to_vec(pull(0)).unwrap());
    let reply = app
        .post("/sync")
        .cookie(&cookie)
        .own_page()
        .body(CBOR, body)
        .send()
        .await;
    reply.is_problem(StatusCode::UNAUTHORIZED, "token_unknown");
}

#[tokio::test]
async fn a_revoked_phone_is_told_to_erase_itself() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    ask(&app, &device, &pull(0)).await;
    app.revoke(device.id).await;
    let body = seal(&device, minicbor::to_vec(pull(0)).unwrap());
    let reply = send(&app, &device, body).await;
    reply.is_problem(StatusCode::FORBIDDEN, "device_revoked");
    assert_eq!(reply.json["erase"], true);
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    let good = minicbor::to_vec(pull(0)).unwrap();

    let reply = app
        .post("/sync")
        .bearer(&device.token)
        .body("application/json", b"{}".to_vec())
        .send()
        .await;
    reply.is_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_cbor");

    let mut trailing = seal(&device, good.clone());
    trailing.push(0);
    let endless = [vec![0x9f; 1000], vec![0xff; 10]].concat();
    for body in [Vec::new(), b"x".to_vec(), trailing, endless] {
        let reply = send(&app, &device, body).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
    for payload in [Vec::new(), b"hello".to_vec(), [good, vec![0]].concat()] {
        let reply = send(&app, &device, seal(&device, payload)).await;
        reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    }
}

#[tokio::test]
async fn another_version_is_told_so_whatever_else_it_holds() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    // {0: 2, 1: "anything"}
    let payload = vec![0xa2, 0x00, 0x02, 0x01, 0x61, b'x'];
    let reply = send(&app, &device, seal(&device, payload)).await;
    reply.is_problem(StatusCode::UPGRADE_REQUIRED, "protocol_unknown");
}

#[tokio::test]
async fn too_much_at_once_is_refused() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    let large = vec![0; BODY_BYTES + FRAME_BYTES + 1];
    let reply = send(&app, &device, large).await;
    reply.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");

    let mut request = pull(0);
    request.batch = vec![offer(&app, &device, 1); 201];
    let body = seal(&device, minicbor::to_vec(&request).unwrap());
    let reply = send(&app, &device, body).await;
    reply.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
}
