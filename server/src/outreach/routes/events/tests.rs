//! When news are told, and to whom no longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::body::{Body, HttpBody as _};
use axum::http::{Request, StatusCode, header};
use futures_util::StreamExt as _;
use sync_core::ids::DeviceId;
use tower::ServiceExt as _;

use super::*;
use crate::outreach::routes::testing::{TestApp, TestDevice};
use crate::outreach::streams::{MOST_STREAMS, Streams};
use crate::shared::principal::Role;

struct Watched {
    log: watch::Sender<u64>,
    departures: watch::Sender<u64>,
    close: watch::Sender<bool>,
    known: Arc<AtomicBool>,
    looks: Arc<AtomicUsize>,
}

fn watched() -> (Watched, impl Stream<Item = Result<Event, Infallible>>) {
    let (log, log_seen) = watch::channel(7);
    let (departures, departed) = watch::channel(0);
    let (close, closing) = watch::channel(false);
    let known = Arc::new(AtomicBool::new(true));
    let looks = Arc::new(AtomicUsize::new(0));
    let followed = Followed {
        log: log_seen,
        departures: departed,
        closing,
        listener: Streams::default().open(DeviceId::from_bytes([1; 8])),
        ends: Instant::now() + LIFETIME,
    };
    let stream = news(followed, {
        let (known, looks) = (Arc::clone(&known), Arc::clone(&looks));
        move || {
            looks.fetch_add(1, Ordering::SeqCst);
            std::future::ready(known.load(Ordering::SeqCst))
        }
    });
    let watched = Watched {
        log,
        departures,
        close,
        known,
        looks,
    };
    (watched, stream)
}

#[tokio::test(start_paused = true)]
async fn says_where_the_log_stands_and_ends_with_the_server() {
    let (watched, stream) = watched();
    let mut stream = Box::pin(stream);
    assert!(stream.next().await.is_some());
    watched.log.send(8).unwrap();
    watched.log.send(9).unwrap();
    assert!(stream.next().await.is_some());
    // Both changes were told at once; now the server closes.
    watched.close.send(true).unwrap();
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn ends_after_its_lifetime_looking_now_and_then() {
    let (watched, stream) = watched();
    let mut stream = Box::pin(stream);
    assert!(stream.next().await.is_some());
    assert!(stream.next().await.is_none());
    let looks = watched.looks.load(Ordering::SeqCst);
    assert!((55..=60).contains(&looks), "{looks}");
}

#[tokio::test(start_paused = true)]
async fn ends_within_half_a_minute_for_whom_another_program_revoked() {
    let (watched, stream) = watched();
    let mut stream = Box::pin(stream);
    assert!(stream.next().await.is_some());
    watched.known.store(false, Ordering::SeqCst);
    let begun = Instant::now();
    assert!(stream.next().await.is_none());
    assert!(begun.elapsed() <= LOOK);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_who_leaves_ends_nothing() {
    let (watched, stream) = watched();
    let mut stream = Box::pin(stream);
    assert!(stream.next().await.is_some());
    watched.departures.send(1).unwrap();
    watched.log.send(8).unwrap();
    assert!(stream.next().await.is_some());
}

/// Listens as the device, or as the browser with this cookie; passes the first event on.
async fn listening(app: &TestApp, name: header::HeaderName, value: String) -> Body {
    let request = Request::get("/api/v1/events")
        .header(name, value)
        .body(Body::empty())
        .unwrap();
    let answer = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut body = answer.into_body();
    assert!(!is_over(&mut body).await);
    body
}

fn bearer(device: &TestDevice) -> String {
    format!("Bearer {}", device.token)
}

/// Checks whether the stream is at its end; waits for the next event otherwise.
async fn is_over(body: &mut Body) -> bool {
    let next = std::future::poll_fn(|context| std::pin::Pin::new(&mut *body).poll_frame(context));
    tokio::time::timeout(std::time::Duration::from_secs(5), next)
        .await
        .expect("it says something or ends")
        .is_none()
}

#[tokio::test]
async fn a_revoked_device_hears_nothing_more_at_once() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let other = app.enrolled(Role::Worker, "eu-teamet").await;
    let cookie = app.signed_in(&device).await;
    let mut own = listening(&app, header::AUTHORIZATION, bearer(&device)).await;
    let mut browser = listening(&app, header::COOKIE, cookie).await;
    let mut others = listening(&app, header::AUTHORIZATION, bearer(&other)).await;
    app.revoke(device.id).await;
    assert!(is_over(&mut own).await);
    assert!(is_over(&mut browser).await);
    app.place(&other, 1).await;
    assert!(!is_over(&mut others).await);
}

#[tokio::test]
async fn who_signs_out_hears_nothing_more_at_once() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let cookie = app.signed_in(&device).await;
    let mut browser = listening(&app, header::COOKIE, cookie.clone()).await;
    app.delete("/sessions")
        .cookie(&cookie)
        .own_page()
        .send()
        .await;
    assert!(is_over(&mut browser).await);
    // Nor does the one whose place a newer session took.
    let cookie = app.signed_in(&device).await;
    let mut oldest = listening(&app, header::COOKIE, cookie).await;
    for _ in 0..10 {
        app.pass(1_000);
        app.signed_in(&device).await;
    }
    assert!(is_over(&mut oldest).await);
}

#[tokio::test]
async fn a_session_that_idled_too_long_hears_no_further_event() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let other = app.enrolled(Role::Worker, "eu-teamet").await;
    let cookie = app.signed_in(&device).await;
    let mut browser = listening(&app, header::COOKIE, cookie).await;
    app.pass(121 * 60_000);
    app.place(&other, 1).await;
    assert!(is_over(&mut browser).await);
}

#[tokio::test]
async fn a_device_listens_to_four_streams() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Worker, "eu-teamet").await;
    let mut streams = Vec::new();
    for _ in 0..=MOST_STREAMS {
        streams.push(listening(&app, header::AUTHORIZATION, bearer(&device)).await);
    }
    app.place(&device, 1).await;
    for (n, stream) in streams.iter_mut().enumerate() {
        assert_eq!(is_over(stream).await, n == 0, "{n}");
    }
}
