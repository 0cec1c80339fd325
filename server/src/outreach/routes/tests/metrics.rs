//! Figures for those who watch over the server: they see that it works, and nobody.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use tower::ServiceExt as _;

use crate::outreach::routes::metrics::private;
use crate::outreach::routes::testing::{TestApp, pull};
use crate::shared::principal::Role;

async fn figures(app: &TestApp) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let reply = private(app.state.clone()).oneshot(request).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    let bytes = to_bytes(reply.into_body(), 1_000_000).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn figures_count_and_name_nobody() {
    let app = TestApp::new().await;
    let phone = app.enrolled(Role::Worker, "eu-teamet").await;
    app.place(&phone, 1).await;
    app.exchange(&phone, &pull(0)).await;
    let brew = Method::from_bytes(b"BREW").unwrap();
    app.anywhere(brew, "/api/v1/me").send().await;

    let text = figures(&app).await;
    for line in [
        r#"lagesbild_requests_total{method="POST",route="/api/v1/sync",status="200"} 2"#,
        "lagesbild_devices 1",
        "lagesbild_devices_behind 0",
        "lagesbild_quarantined 0",
        "lagesbild_writer_queue 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
    }
    assert!(text.contains(r#"method="other""#) && !text.contains("BREW"));
    assert!(text.contains("lagesbild_commit_seconds_count"));
    assert!(text.contains("lagesbild_write_ahead_log_bytes"));
    assert!(!text.contains("eu-teamet") && !text.contains(&phone.id.to_string()));
    assert!(text.ends_with("# EOF\n"));

    app.pass(40 * 3_600_000);
    assert!(figures(&app).await.contains("lagesbild_devices_behind 1"));
}

#[tokio::test]
async fn figures_are_not_where_phones_are() {
    let app = TestApp::new().await;
    let reply = app.anywhere(Method::GET, "/metrics").send().await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}
