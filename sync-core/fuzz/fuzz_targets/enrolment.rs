//! The whole enrolment route of the real server, its store included.
#![no_main]

use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use lagesbild_fuzz::{NOW, begin};
use crate::outreach::state::AppState;
use lagesbild_server::config::Config;
use lagesbild_server::outreach::routes::router;
use lagesbild_server::outreach::store::Store;
use libfuzzer_sys::fuzz_target;
use sync_core::time::Instant;
use tower::ServiceExt as _;

struct Server {
    runtime: tokio::runtime::Runtime,
    router: axum::Router,
    _directory: tempfile::TempDir,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("a store");
        let (close, closing) = tokio::sync::watch::channel(false);
        std::mem::forget(close);
        // Time runs so fast that the rate limit never holds the fuzzer up.
        let ticks = std::sync::atomic::AtomicI64::new(0);
        let clock = Clock::new(move || {
            let n = ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Instant(NOW.0 + n * 60_000)
        });
        let state = AppState::new(store, Config::default(), clock, Entropy::system(), closing);
        Server {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            router: router(state, None),
            _directory: directory,
        }
    })
}

fuzz_target!(init: begin(seeds), |data: &[u8]| {
    let Server { runtime, router, .. } = server();
    // The first byte says how the body is labelled.
    let Some((label, body)) = data.split_first() else {
        return;
    };
    let mut request = Request::post("/api/v1/enrol")
        .header("content-type", if label & 1 == 0 { "application/json" } else { "text/plain" });
    if label & 6 == 2 {
        request = request.header("content-encoding", "gzip");
    }
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 1000));
    let request = request
        .extension(ConnectInfo(address))
        .body(Body::from(body.to_vec()))
        .expect("a request");
    let answer = runtime.block_on(router.clone().oneshot(request)).expect("infallible");
    let status = answer.status();
    assert_ne!(status, StatusCode::CREATED, "there is no invitation");
    assert!(!status.is_server_error(), "{status}");
});

fn seeds() -> Vec<Vec<u8>> {
    // The generator of P-256, which lies on the curve.
    let key = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
    // Of the right length; of what key it is does not matter to the parts that read it.
    let proof = "A".repeat(86);
    let body = format!(r#"{{"code":"abc","public_key":"{key}","proof":"{proof}","label":"prov"}}"#);
    vec![[b"\0", body.as_bytes()].concat()]
}
