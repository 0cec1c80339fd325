use axum::http::StatusCode;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sync_core::ids::DocumentId;
use sync_core::protocol::{Reply, Request};

use super::*;
use crate::outreach::routes::testing::{TestApp, TestDevice, TestReply, pull, seal};
use crate::shared::principal::Role;

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

#[tokio::test]
async fn what_one_phone_sends_another_gets() {
    let app = TestApp::new().await;
    let one = app.enrolled(Role::Worker, "eu-teamet").await;
    let other = app.enrolled(Role::Coordinator, "forening-a").await;
    let mut request = pull(0);
    request.batch.push(app.place_offer(&one, 7));
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
    request.batch = vec![app.place_offer(&device, 1); 201];
    let body = seal(&device, minicbor::to_vec(&request).unwrap());
    let reply = send(&app, &device, body).await;
    reply.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
}

/// A change of some bytes of a message.
#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Insert(usize, Vec<u8>),
    Cut(usize, usize),
    Repeat(usize, usize),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let within = |at: usize| at % (bytes.len() + 1);
        match self {
            Self::Set(at, byte) => {
                let at = within(*at);
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            Self::Insert(at, more) => {
                let at = within(*at);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Cut(at, length) => {
                let (from, to) = (within(*at), within(at.saturating_add(*length)));
                if from < to {
                    bytes.drain(from..to);
                }
            }
            Self::Repeat(at, length) => {
                let (from, to) = (within(*at), within(at.saturating_add(*length)));
                if from < to {
                    let part = bytes[from..to].to_vec();
                    bytes.splice(from..from, part);
                }
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = 0..2_000_usize;
    proptest::collection::vec(
        prop_oneof![
            (at.clone(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
            (at.clone(), proptest::collection::vec(any::<u8>(), 1..12))
                .prop_map(|(at, more)| Damage::Insert(at, more)),
            (at.clone(), 1..200_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
            (at, 1..200_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        ],
        1..6,
    )
}

/// A phone that was taken over signs what it likes.
#[test]
fn whatever_a_device_signs_is_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (app, device, good) = runtime.block_on(async {
        let app = TestApp::new().await;
        let device = app.enrolled(Role::Worker, "eu-teamet").await;
        let mut request = pull(0);
        request.batch.push(app.place_offer(&device, 1));
        request.batch.push(app.place_offer(&device, 2));
        (app, device, minicbor::to_vec(&request).unwrap())
    });
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let outcome = runner.run(&(damage(), any::<bool>()), |(damage, sign)| {
        // Time passes, so that the rate is not what refuses.
        app.pass(1_000);
        let mut bytes = if sign {
            good.clone()
        } else {
            seal(&device, good.clone())
        };
        for change in &damage {
            change.apply(&mut bytes);
        }
        let body = if sign { seal(&device, bytes) } else { bytes };
        let reply = runtime.block_on(send(&app, &device, body));
        prop_assert!(
            matches!(reply.status.as_u16(), 200 | 400 | 401 | 413 | 426),
            "{}: {}",
            reply.status,
            reply.json
        );
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    // And it still serves those who mean well.
    let reply = runtime.block_on(app.exchange(&device, &pull(0)));
    assert!(!reply.more);
}
