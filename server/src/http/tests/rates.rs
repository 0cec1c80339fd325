//! One device cannot keep the others out.

use axum::http::StatusCode;

use crate::auth::Role;
use crate::http::testing::TestApp;

#[tokio::test]
async fn a_device_that_asks_too_often_waits_and_others_do_not() {
    let app = TestApp::new().await;
    let eager = app.enrolled(Role::Worker, "eu-teamet").await;
    let other = app.enrolled(Role::Worker, "eu-teamet").await;
    for _ in 0..300 {
        let reply = app.get("/me").bearer(&eager.token).send().await;
        assert_eq!(reply.status, StatusCode::OK);
    }
    let reply = app.get("/me").bearer(&eager.token).send().await;
    reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
    assert_eq!(reply.headers["retry-after"], "1");
    let reply = app.get("/me").bearer(&other.token).send().await;
    assert_eq!(reply.status, StatusCode::OK);
    app.pass(1_000);
    let reply = app.get("/me").bearer(&eager.token).send().await;
    assert_eq!(reply.status, StatusCode::OK);
}
