//! The security headers, as they stand on every kind of answer.

use axum::http::{Method, StatusCode};

use super::web::site;
use crate::config::Config;
use crate::outreach::routes::testing::{TestApp, TestReply, pull, seal};
use crate::shared::principal::Role;

const EXPECTED: &str = "\
strict-transport-security: max-age=63072000; includeSubDomains
x-content-type-options: nosniff
referrer-policy: no-referrer
cross-origin-opener-policy: same-origin
content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'
";

fn security(reply: &TestReply) -> String {
    [
        "strict-transport-security",
        "x-content-type-options",
        "referrer-policy",
        "cross-origin-opener-policy",
        "content-security-policy",
    ]
    .map(|name| {
        let values: Vec<_> = reply.headers.get_all(name).iter().collect();
        assert_eq!(values.len(), 1, "{name}");
        format!("{name}: {}\n", values[0].to_str().unwrap())
    })
    .concat()
}

#[tokio::test]
async fn stand_on_every_answer() {
    let site = site();
    let app = TestApp::with(Config::default(), Some(site.path())).await;
    for (method, path, status) in [
        (Method::GET, "/api/v1/healthz", StatusCode::OK),
        (Method::GET, "/api/v1/openapi.json", StatusCode::OK),
        (Method::GET, "/api/v1/nothing", StatusCode::NOT_FOUND),
        (Method::GET, "/api/v1/me", StatusCode::UNAUTHORIZED),
        (Method::PUT, "/api/v1/me", StatusCode::METHOD_NOT_ALLOWED),
        (
            Method::POST,
            "/api/v1/enrol",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            Method::GET,
            "/api/v1/panic",
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (Method::GET, "/", StatusCode::OK),
        (Method::GET, "/samordning", StatusCode::OK),
        (Method::GET, "/assets/app-1a2b3c.js", StatusCode::OK),
        (Method::GET, "/nothing.js", StatusCode::NOT_FOUND),
        (Method::POST, "/", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let reply = app.anywhere(method.clone(), path).send().await;
        assert_eq!(reply.status, status, "{method} {path}");
        assert_eq!(security(&reply), EXPECTED, "{method} {path}");
        assert!(
            reply.headers.contains_key("cache-control"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_reply_to_a_phone_may_load_nothing() {
    let app = TestApp::new().await;
    let phone = app.enrolled(Role::Worker, "eu-teamet").await;
    let body = seal(&phone, minicbor::to_vec(pull(0)).unwrap());
    let reply = app
        .post("/sync")
        .bearer(&phone.token)
        .body("application/cbor", body)
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let policy = EXPECTED.rfind("default-src").unwrap();
    let expected = format!("{}default-src 'none'; sandbox\n", &EXPECTED[..policy]);
    assert_eq!(security(&reply), expected);
}

#[tokio::test]
async fn answers_of_the_api_are_not_kept() {
    let app = TestApp::new().await;
    for path in ["/api/v1/me", "/api/v1/healthz", "/api/v1/nothing"] {
        let reply = app.anywhere(Method::GET, path).send().await;
        assert_eq!(reply.headers["cache-control"], "no-store", "{path}");
    }
}
