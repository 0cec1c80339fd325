//! The web app's files.

use std::fs;

use axum::http::{Method, StatusCode};
use tempfile::TempDir;

use crate::config::Config;
use crate::outreach::routes::testing::TestApp;

/// A directory like the one that a build makes.
pub(super) fn site() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("assets")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><title>Lägesbild</title>"),
        ("sw.js", "// service worker"),
        ("manifest.webmanifest", "{}"),
        ("assets/app-1a2b3c.js", "// app"),
        ("assets/app-1a2b3c.js.br", "brotli bytes"),
        ("assets/app-1a2b3c.js.gz", "gzip bytes"),
        ("assets/core-4d5e6f.wasm", "\0asm"),
    ] {
        fs::write(directory.path().join(name), content).unwrap();
    }
    directory
}

#[tokio::test]
async fn files_pages_and_caches() {
    let site = site();
    let app = TestApp::with(Config::default(), Some(site.path())).await;
    let get = |path: &'static str| app.anywhere(Method::GET, path).send();

    for page in ["/", "/samordning", "/synpunkter/ny", "/index.html"] {
        let reply = get(page).await;
        assert_eq!(reply.status, StatusCode::OK, "{page}");
        assert!(
            reply.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert_eq!(reply.headers["cache-control"], "no-cache", "{page}");
        assert!(reply.headers.contains_key("etag"), "{page}");
    }
    assert_eq!(get("/sw.js").await.headers["cache-control"], "no-cache");
    let script = get("/assets/app-1a2b3c.js").await;
    assert_eq!(
        script.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    let wasm = get("/assets/core-4d5e6f.wasm").await;
    assert_eq!(wasm.headers["content-type"], "application/wasm");
    let manifest = get("/manifest.webmanifest").await;
    assert_eq!(
        manifest.headers["content-type"],
        "application/manifest+json"
    );
}

#[tokio::test]
async fn packed_files_are_sent_as_they_are() {
    let site = site();
    let app = TestApp::with(Config::default(), Some(site.path())).await;
    for (accepted, encoding, bytes) in [
        ("gzip, br", "br", "brotli bytes"),
        ("gzip", "gzip", "gzip bytes"),
    ] {
        let reply = app
            .anywhere(Method::GET, "/assets/app-1a2b3c.js")
            .header("accept-encoding", accepted)
            .send()
            .await;
        assert_eq!(reply.headers["content-encoding"], encoding);
        assert_eq!(reply.bytes, bytes.as_bytes());
        assert!(
            reply.headers["content-type"]
                .to_str()
                .unwrap()
                .contains("javascript")
        );
    }
}

#[tokio::test]
async fn nothing_outside_and_nothing_for_the_api() {
    let site = site();
    fs::write(site.path().parent().unwrap().join("outside.txt"), "x").ok();
    let app = TestApp::with(Config::default(), Some(site.path())).await;
    for path in [
        "/../outside.txt",
        "/..%2foutside.txt",
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/assets/missing-123.js",
        "/api/v1/missing",
        "/api/samordning",
    ] {
        let reply = app.anywhere(Method::GET, path).send().await;
        assert!(
            matches!(
                reply.status,
                StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST
            ),
            "{path}: {}",
            reply.status
        );
    }
}

#[tokio::test]
async fn without_a_web_app_there_is_only_the_api() {
    let app = TestApp::new().await;
    let reply = app.anywhere(Method::GET, "/").send().await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");
}
