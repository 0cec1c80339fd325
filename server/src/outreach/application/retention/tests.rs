//! Clocks that jump, and what the server makes of them.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sync_core::ids::{DocumentId, SessionId};
use sync_core::model::{Access, Basis, Content, Records, Visit};
use sync_core::protocol::Request;

use super::{Stop, end, look, run};
use crate::outreach::routes::testing::{TestApp, TestDevice, TestReply, pull};
use crate::outreach::sync::server_changes;
use crate::shared::principal::Actor;
use crate::shared::principal::Role;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Visits that come now.
async fn visits(app: &TestApp, numbers: std::ops::Range<u8>) {
    let now = app.state.now();
    for n in numbers {
        let content = Content::Visit(Visit {
            place: DocumentId::from_bytes([250; 16]),
            started: now,
            ended: None,
            access: Access::Complete,
            basis: Basis::Chosen,
            weather_opening: false,
            counts: Records::default(),
            encounters: Records::default(),
            note: String::new(),
            withdrawn: false,
        });
        server_changes::create(
            &app.state.store,
            &server_changes::Attribution::SERVER,
            "eu-teamet".parse().unwrap(),
            (DocumentId::from_bytes([n; 16]), content),
            SessionId::from_bytes([n; 8]),
            now,
        )
        .await
        .unwrap();
    }
}

/// Visits that are there, and hidden ones.
async fn standing(app: &TestApp) -> (i64, i64) {
    let store = &app.state.store;
    store
        .read(|c| {
            Ok(c.query_row(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM hidden)",
                [],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )?)
        })
        .await
        .unwrap()
}

/// Days pass as they do on a running server, with a run each hour of `step`.
async fn live(app: &TestApp, days: i64) {
    for _ in 0..days {
        app.pass(DAY);
        run(&app.state).await.unwrap();
    }
}

fn stop(app: &TestApp) -> Option<Stop> {
    app.state.times.standing().stop
}

#[tokio::test]
async fn a_start_with_the_clock_far_ahead_destroys_nothing_and_all_is_well_when_it_is_right() {
    let app = TestApp::new().await;
    visits(&app, 1..40).await;
    run(&app.state).await.unwrap();
    end(&app.state).await.unwrap();
    app.pass(200 * DAY);
    for _ in 0..20 {
        run(&app.state).await.unwrap();
        assert_eq!(stop(&app), Some(Stop::ClockAhead));
        app.pass(HOUR);
    }
    // What comes meanwhile bears the wrong time.
    visits(&app, 40..41).await;
    end(&app.state).await.unwrap();
    app.pass(-200 * DAY);
    run(&app.state).await.unwrap();
    assert_eq!(stop(&app), None, "the wrong clock did not raise the mark");
    assert_eq!(standing(&app).await, (40, 0));
    // It counts as received when the clock was right again: its days are not 290.
    live(&app, 89).await;
    assert_eq!(standing(&app).await, (40, 0));
    live(&app, 3).await;
    assert_eq!(stop(&app), Some(Stop::UsualShare), "forty at once");
    let days = &app.state.base.config.retention;
    let (store, now) = (&app.state.store, app.state.now());
    let looked = super::looked(store, days, false, now).await.unwrap();
    super::go_on(store, looked, Actor::SERVER, now)
        .await
        .unwrap();
    run(&app.state).await.unwrap();
    assert_eq!(standing(&app).await, (40, 40));
    live(&app, 8).await;
    assert_eq!(standing(&app).await, (0, 0));
}

#[tokio::test]
async fn a_clock_far_behind_is_doubted_and_receipts_do_not_bear_it() {
    let app = TestApp::new().await;
    visits(&app, 1..20).await;
    run(&app.state).await.unwrap();
    app.pass(-200 * DAY);
    run(&app.state).await.unwrap();
    assert_eq!(stop(&app), Some(Stop::ClockBehind));
    assert!(app.state.times.standing().clock_doubted);
    assert!(app.state.moment().doubted);
    visits(&app, 20..40).await;
    end(&app.state).await.unwrap();
    app.pass(200 * DAY + HOUR);
    run(&app.state).await.unwrap();
    assert_eq!(stop(&app), None, "it recovers by itself");
    live(&app, 80).await;
    assert_eq!(standing(&app).await, (39, 0));
}

#[tokio::test]
async fn a_new_server_whose_clock_was_behind_goes_on_with_all_days_anew() {
    let app = TestApp::new().await;
    run(&app.state).await.unwrap();
    visits(&app, 1..40).await;
    end(&app.state).await.unwrap();
    app.pass(200 * DAY);
    run(&app.state).await.unwrap();
    assert_eq!(stop(&app), Some(Stop::ClockAhead));
    let admin = app.enrolled(Role::Administrator, "eu-teamet").await;
    let second = app.enrolled(Role::Coordinator, "forening-a").await;
    let id = asked(&app, &admin, json!({"anew": true}), "clock_ahead 0 anew").await;
    assert_eq!(stop(&app), Some(Stop::ClockAhead), "nobody has confirmed");
    confirmed(&app, &second, id).await;
    assert_eq!(stop(&app), None);
    live(&app, 90).await;
    assert_eq!(standing(&app).await, (39, 0));
    // Without that word, it stops once more before it hides them all.
    live(&app, 1).await;
    assert_eq!(stop(&app), Some(Stop::UsualShare));
    let body = app.get("/readyz").send().await.json;
    assert_eq!(body["retention"]["state"], "stopped");
    assert_eq!(body["retention"]["reason"], "usual_share");
    assert_eq!(body["ready"], true);
    assert_eq!(standing(&app).await, (39, 0));
    let id = asked(&app, &admin, json!({}), "usual_share 39").await;
    assert_eq!(standing(&app).await, (39, 0), "nobody has confirmed");
    confirmed(&app, &second, id).await;
    assert_eq!(stop(&app), None);
    assert_eq!(standing(&app).await, (39, 39));
    let worker = app.enrolled(Role::Worker, "eu-teamet").await;
    let refused = app
        .post("/retention/go-on")
        .bearer(&worker.token)
        .json(&json!({}))
        .send()
        .await;
    refused.is_problem(StatusCode::FORBIDDEN, "role_not_allowed");
}

/// An administrator asks that retention goes on; the act that waits.
async fn asked(app: &TestApp, by: &TestDevice, said: Value, subject: &str) -> Value {
    let request = app.post("/retention/go-on").bearer(&by.token).json(&said);
    let reply = request.send().await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.json);
    assert_eq!(reply.json["act"], "retention_go_on");
    assert_eq!(reply.json["subject"], subject);
    reply.json["id"].clone()
}

async fn confirms(app: &TestApp, by: &TestDevice, id: &Value) -> TestReply {
    let path = format!("/acts/{id}/confirm");
    app.post(&path).bearer(&by.token).send().await
}

async fn confirmed(app: &TestApp, by: &TestDevice, id: Value) {
    let reply = confirms(app, by, &id).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);
}

#[tokio::test]
async fn nobody_lets_retention_go_on_alone_nor_for_more_than_was_looked_at() {
    let app = TestApp::new().await;
    let [admin, colleague, second] = [
        app.enrolled(Role::Administrator, "eu-teamet").await,
        app.enrolled(Role::Coordinator, "eu-teamet").await,
        app.enrolled(Role::Coordinator, "forening-a").await,
    ];
    visits(&app, 1..30).await;
    run(&app.state).await.unwrap();
    app.pass(DAY / 2);
    visits(&app, 30..50).await;
    live(&app, 90).await;
    assert_eq!(stop(&app), Some(Stop::UsualShare));
    let id = asked(&app, &admin, json!({}), "usual_share 29").await;
    for (device, code) in [(&admin, "not_allowed"), (&colleague, "not_allowed")] {
        let reply = confirms(&app, device, &id).await;
        reply.is_problem(StatusCode::FORBIDDEN, code);
    }
    assert_eq!(standing(&app).await, (49, 0));
    // More is due by the time that the second person confirms: nobody has looked at that.
    app.pass(DAY / 2 + HOUR);
    run(&app.state).await.unwrap();
    confirmed(&app, &second, id).await;
    assert_eq!(stop(&app), Some(Stop::UsualShare));
    assert_eq!(standing(&app).await, (49, 0));

    let id = asked(&app, &admin, json!({}), "usual_share 49").await;
    // Nor for another reason than was looked at.
    app.pass(-DAY);
    let reply = confirms(&app, &second, &id).await;
    reply.is_problem(StatusCode::CONFLICT, "retention_changed");
    app.pass(DAY);
    confirmed(&app, &second, id).await;
    assert_eq!(standing(&app).await, (49, 49));
}

/// A sync of a phone whose clock is `ahead` of the server's.
async fn says(app: &TestApp, device: &TestDevice, ahead: i64) -> sync_core::protocol::Reply {
    let request = Request {
        sent_at: app.state.now().0 + ahead,
        ..pull(0)
    };
    app.exchange(device, &request).await
}

#[tokio::test]
async fn a_clock_behind_what_phones_say_blames_itself_and_refuses_nobody_for_it() {
    let app = TestApp::new().await;
    let behind = 10 * DAY;
    let [anna, berit, cilla] = [
        app.enrolled(Role::Worker, "eu-teamet").await,
        app.enrolled(Role::Worker, "eu-teamet").await,
        app.enrolled(Role::Worker, "forening-a").await,
    ];
    app.pass(behind);
    let offer = app.place_offer(&anna, 7);
    app.pass(-behind);
    let mut with_place = pull(0);
    with_place.sent_at = app.state.now().0 + behind;
    with_place.batch.push(offer);
    let code = |reply: &sync_core::protocol::Reply| {
        reply.results[0].rejected.as_ref().map(|r| r.code.clone())
    };
    let alone = app.exchange(&anna, &with_place).await;
    assert_eq!(code(&alone).as_deref(), Some("clock_ahead"));
    assert!(!alone.clock_doubted, "one phone is not believed");
    says(&app, &berit, behind).await;
    assert!(says(&app, &cilla, behind).await.clock_doubted);
    look(&app.state).await.unwrap();
    let body = app.get("/readyz").send().await.json;
    assert_eq!(body["clock_doubted"], true, "{body}");
    assert_eq!(body["retention"]["reason"], "clock_doubted");
    let taken = app.exchange(&anna, &with_place).await;
    assert_eq!(code(&taken), None);
    assert_eq!(taken.server_time, app.state.now().0);
    // The clock is set right: within a request each it is believed again.
    app.pass(behind);
    assert!(!says(&app, &berit, 0).await.clock_doubted);
}
