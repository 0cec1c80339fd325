//! Every refusal has the form of a problem.

use axum::http::{Method, StatusCode};

use crate::http::testing::TestApp;

#[tokio::test]
async fn what_axum_and_the_layers_refuse_too() {
    let app = TestApp::new().await;
    let reply = app.get("/nothing").send().await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");
    let reply = app.anywhere(Method::GET, "/api").send().await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");
    let reply = app.request(Method::PUT, "/me").send().await;
    reply.is_problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    assert!(reply.headers["allow"].to_str().unwrap().contains("GET"));

    let reply = app
        .post("/enrol")
        .body("text/plain", b"{}".to_vec())
        .send()
        .await;
    reply.is_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json");
    let reply = app
        .post("/enrol")
        .body("application/json", b"{".to_vec())
        .send()
        .await;
    reply.is_problem(StatusCode::BAD_REQUEST, "malformed");
    let large = format!("{{\"code\":\"{}\"}}", "x".repeat(70_000));
    let reply = app
        .post("/enrol")
        .body("application/json", large.into())
        .send()
        .await;
    reply.is_problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    let reply = app
        .post("/enrol")
        .header("content-encoding", "zstd")
        .body("application/json", b"{}".to_vec())
        .send()
        .await;
    reply.is_problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding_unknown");
}

#[tokio::test]
async fn a_panic_tells_nothing() {
    let app = TestApp::new().await;
    let reply = app.get("/panic").send().await;
    reply.is_problem(StatusCode::INTERNAL_SERVER_ERROR, "internal");
    assert!(!String::from_utf8_lossy(&reply.bytes).contains("secret"));
}

#[tokio::test]
async fn a_closing_server_is_not_ready() {
    let app = TestApp::new().await;
    for path in ["/readyz", "/api/v1/readyz", "/healthz"] {
        let reply = app.anywhere(Method::GET, path).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
    }
    app.close.send(true).unwrap();
    let reply = app.anywhere(Method::GET, "/readyz").send().await;
    reply.is_problem(StatusCode::SERVICE_UNAVAILABLE, "closing");
    let reply = app.anywhere(Method::GET, "/healthz").send().await;
    assert_eq!(reply.status, StatusCode::OK);
}
