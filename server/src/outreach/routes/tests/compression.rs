//! Bodies are counted as they are once unpacked, and packed on the way out.

use std::io::Write as _;

use axum::http::StatusCode;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::outreach::routes::testing::{TestApp, enrolment};
use crate::shared::principal::Role;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_packed_request_is_unpacked() {
    let app = TestApp::new().await;
    let code = app.invitation(Role::Worker, "eu-teamet").await;
    let body = enrolment(&code, 1).to_string();
    let reply = app
        .post("/enrol")
        .header("content-encoding", "gzip")
        .body("application/json", gzip(body.as_bytes()))
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_small_request_that_unpacks_to_much_is_refused() {
    let app = TestApp::new().await;
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 60_000);
    let reply = app
        .post("/enrol")
        .header("content-encoding", "gzip")
        .body("application/json", bomb)
        .send()
        .await;
    reply.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
}

#[tokio::test]
async fn what_is_no_gzip_is_malformed() {
    let app = TestApp::new().await;
    let reply = app
        .post("/enrol")
        .header("content-encoding", "gzip")
        .body("application/json", b"not gzip".to_vec())
        .send()
        .await;
    reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
}

#[tokio::test]
async fn answers_are_packed_for_those_who_can_unpack() {
    let app = TestApp::new().await;
    for encoding in ["br", "gzip"] {
        let reply = app
            .get("/openapi.json")
            .header("accept-encoding", encoding)
            .send()
            .await;
        assert_eq!(reply.headers["content-encoding"], encoding);
    }
    let reply = app.get("/openapi.json").send().await;
    assert!(!reply.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn a_short_answer_is_sent_as_it_is() {
    let app = TestApp::new().await;
    let reply = app
        .get("/nothing-here")
        .header("accept-encoding", "br")
        .send()
        .await;
    assert!(!reply.headers.contains_key("content-encoding"));
}
