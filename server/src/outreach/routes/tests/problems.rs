//! Every refusal has the form of a problem.

use axum::http::{Method, StatusCode};

use crate::outreach::routes::testing::{TestApp, enrolment};

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
async fn a_body_of_which_nothing_comes_is_given_up_and_a_slow_one_is_not() {
    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt as _, stream};
    use tower::ServiceExt as _;

    let app = TestApp::new().await;
    tokio::time::pause();
    let ask = |body: Body| {
        axum::http::Request::post("/api/v1/enrol")
            .header("content-type", "application/json")
            .body(body)
            .unwrap()
    };
    // A byte each 4 s for 4 minutes, then the rest: one bar of signal in a park.
    let slow = stream::iter(0..60).then(|_| async {
        tokio::time::sleep(std::time::Duration::from_secs(4)).await;
        Ok::<_, std::convert::Infallible>(Bytes::from_static(b" "))
    });
    let rest = stream::iter([Ok(Bytes::from(enrolment("guess", 1).to_string()))]);
    let answer = app
        .router
        .clone()
        .oneshot(ask(Body::from_stream(slow.chain(rest))))
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);

    let begun = tokio::time::Instant::now();
    let silent = stream::pending::<Result<Bytes, std::convert::Infallible>>();
    let answer = app
        .router
        .clone()
        .oneshot(ask(Body::from_stream(silent)))
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(begun.elapsed().as_secs() <= 31);
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
