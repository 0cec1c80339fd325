//! The log carries ids, never content and never secrets.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::outreach::routes::testing::{TestApp, enrolment, pull, seal};
use crate::shared::principal::Role;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_content_and_no_secret() {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(kept.clone())
        .with_ansi(false)
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    // With one subscriber alone, tracing asks the thread that first meets a
    // place in the code, which may be another test's, whether it is of interest.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());

    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let cookie = app.signed_in(&device).await;
    app.place(&device, 1).await;
    let code = app.invitation(Role::Worker, "eu-teamet").await;
    let label = "kanariefågel";
    let mut body = enrolment(&code, 1);
    body["label"] = label.into();
    app.post("/enrol").json(&body).send().await;
    app.post("/enrol").json(&"kanariefågel").send().await;
    app.get("/estimate?period=kanariefågel".replace('å', "a").as_str())
        .cookie(&cookie)
        .send()
        .await;
    app.get("/panic").send().await;
    // A change by another device: refused, with a reason.
    let other = app.enrolled(Role::Worker, "eu-teamet").await;
    let mut request = pull(0);
    request.batch.push(app.place_offer(&device, 2));
    app.exchange(&other, &request).await;
    let broken = seal(&device, b"Under bron".to_vec());
    app.post("/sync")
        .bearer(&device.token)
        .body("application/cbor", broken)
        .send()
        .await;
    drop(guard);

    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains(&device.id.to_string()), "ids are there: {log}");
    assert!(log.contains("/api/v1/estimate"), "routes are there: {log}");
    let secret = cookie.split('=').nth(1).unwrap();
    for told in [
        "kanarief",
        "Under bron",
        "secret",
        code.as_str(),
        device.token.as_str(),
        secret,
    ] {
        assert!(!log.contains(told), "{told:?} is in the log:\n{log}");
    }
}
