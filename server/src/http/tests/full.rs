//! A full disk: nothing is acknowledged, and what is there can still be read.

use axum::http::StatusCode;
use sync_core::ids::DocumentId;
use sync_core::protocol::Reply;

use crate::auth::Role;
use crate::config::Config;
use crate::http::testing::{TestApp, pull, seal};
use crate::store::{Store, StoreOptions};

/// The pages of a store that holds nothing yet.
async fn empty() -> u32 {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    assert!(store.checkpoint().await.unwrap());
    let file = directory.path().join("lagesbild.db");
    u32::try_from(std::fs::metadata(file).unwrap().len() / 4096).unwrap()
}

#[tokio::test]
async fn is_said_as_507_and_reading_goes_on() {
    let options = StoreOptions {
        max_pages: Some(empty().await + 14),
        ..StoreOptions::default()
    };
    let app = TestApp::on(&options, Config::default(), None).await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let mut acknowledged = Vec::new();
    let mut refused = None;
    for id in 0..200 {
        let mut request = pull(0);
        request.batch.push(app.place_offer(&device, id));
        let body = seal(&device, minicbor::to_vec(&request).unwrap());
        let reply = app
            .post("/sync")
            .bearer(&device.token)
            .body("application/cbor", body)
            .send()
            .await;
        if reply.status != StatusCode::OK {
            reply.is_problem(StatusCode::INSUFFICIENT_STORAGE, "storage_full");
            refused = Some(DocumentId::from_bytes([id; 16]));
            break;
        }
        acknowledged.push(DocumentId::from_bytes([id; 16]));
    }
    let refused = refused.expect("the disk fills");
    let me = app.get("/me").bearer(&device.token).send().await;
    assert_eq!(me.status, StatusCode::OK);

    let mut held = Vec::new();
    let mut cursor = 0;
    loop {
        let reply: Reply = app.exchange(&device, &pull(cursor)).await;
        held.extend(reply.documents.iter().map(|d| d.document));
        cursor = reply.cursor;
        if !reply.more {
            break;
        }
    }
    held.sort_unstable();
    assert_eq!(held, acknowledged);
    assert!(!held.contains(&refused));
}
