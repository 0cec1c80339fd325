//! One device cannot keep the others out.

use axum::http::StatusCode;

use crate::outreach::routes::testing::{TestApp, enrolment};
use crate::shared::principal::Role;

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

/// Tries so many tokens that nobody has; gives how many were looked up.
async fn guesses(app: &TestApp, times: u32, address: impl Fn(u32) -> String) -> u32 {
    let mut looked_up = 0;
    for n in 0..times {
        let reply = app
            .get("/me")
            .bearer(&format!("guess {n}"))
            .from(&address(n))
            .send()
            .await;
        if reply.status == StatusCode::UNAUTHORIZED {
            looked_up += 1;
        } else {
            reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
        }
    }
    looked_up
}

#[tokio::test]
async fn who_tries_tokens_is_not_looked_up_for_ever_and_phones_beside_go_on() {
    let app = TestApp::new().await;
    let phone = app.enrolled(Role::Coordinator, "eu-teamet").await;
    let cookie = app.signed_in(&phone).await;
    let most = app.state.base.config.rates.unknown.burst.get();
    let one = |_| "192.0.2.1".to_owned();
    assert_eq!(guesses(&app, 5 * most, one).await, most);
    let me = |address: &str| app.get("/me").from(address);
    // Behind the same address: by its token, by its session, and when it is new.
    let new = app.enrolled(Role::Worker, "eu-teamet").await;
    for request in [
        me("192.0.2.1").bearer(&phone.token),
        me("192.0.2.1").cookie(&cookie),
        me("192.0.2.1").bearer(&new.token),
    ] {
        assert_eq!(request.send().await.status, StatusCode::OK);
    }
    // Behind another one a wrong token still hears that it is wrong.
    let reply = me("192.0.2.2").bearer("x").send().await;
    reply.is_problem(StatusCode::UNAUTHORIZED, "token_unknown");
    // Sessions that nobody has count as well.
    let reply = me("192.0.2.1").cookie("__Host-lagesbild=x").send().await;
    reply.is_problem(StatusCode::TOO_MANY_REQUESTS, "too_many");
    app.pass(60_000);
    assert_eq!(guesses(&app, 2 * most, one).await, most);
}

#[tokio::test]
async fn a_server_that_has_just_begun_knows_its_phones_beside_one_who_tries_tokens() {
    let app = TestApp::new().await;
    let phone = app.enrolled(Role::Worker, "eu-teamet").await;
    let app = app.begun_anew();
    let one = |_| "192.0.2.1".to_owned();
    let most = app.state.base.config.rates.unknown.burst.get();
    assert_eq!(guesses(&app, 2 * most, one).await, most);
    app.pass(10_000);
    let reply = app
        .get("/me")
        .bearer(&phone.token)
        .from("192.0.2.1")
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_revoked_device_that_goes_on_asking_is_slowed() {
    let app = TestApp::new().await;
    let phone = app.enrolled(Role::Worker, "eu-teamet").await;
    app.get("/me").bearer(&phone.token).send().await;
    app.revoke(phone.id).await;
    let most = app.state.base.config.rates.unknown.burst.get();
    let mut told = 0;
    for _ in 0..2 * most {
        let reply = app.get("/me").bearer(&phone.token).send().await;
        told += u32::from(reply.status == StatusCode::FORBIDDEN);
    }
    assert!((most..=most + 1).contains(&told), "{told}");
}

#[tokio::test]
async fn many_addresses_that_try_tokens_are_limited_by_region() {
    let app = TestApp::new().await;
    let most = app.state.base.config.rates.unknown.burst.get();
    let region = |n: u32| format!("2001:db8:1:{n:x}::1");
    assert_eq!(guesses(&app, 6 * most, region).await, 4 * most);
}

#[tokio::test]
async fn five_hundred_phones_behind_one_address_enrol_and_work_within_a_minute() {
    const CITY: &str = "192.0.2.1";
    let app = TestApp::new().await;
    let phone = async |n: u64| {
        let code = app.invitation(Role::Worker, "eu-teamet").await;
        let enrol = app.post("/enrol").json(&enrolment(&code, n)).from(CITY);
        let reply = enrol.send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{n}: {}", reply.json);
        let token = reply.json["token"].as_str().unwrap();
        for path in ["/me", "/leaflets", "/map", "/public/organisations"] {
            let reply = app.get(path).bearer(token).from(CITY).send().await;
            assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{n}: {path}");
        }
    };
    // At most as many at once as the writer has places for.
    for some in 0..25 {
        futures_util::future::join_all((0..20).map(|n| phone(20 * some + n))).await;
        app.pass(2_000);
    }
}

#[tokio::test]
async fn views_from_everywhere_to_one_organisation_leave_room_for_the_others() {
    let app = TestApp::new().await;
    let leave = |code: &str, address: String| {
        let body = serde_json::json!({"code": code, "text": "x", "language": "sv"});
        let request = app.post("/public/feedback").json(&body).from(&address);
        async move { request.send().await.status }
    };
    let burst = app.state.base.config.rates.feedback.burst.get();
    let mut taken = 0;
    // One /48, whatever its /64.
    for n in 0..6 * burst {
        let status = leave("eu-teamet", format!("2001:db8:1:{n:x}::1")).await;
        taken += u32::from(status == StatusCode::CREATED);
    }
    assert_eq!(taken, 4 * burst);
    // Everywhere, to one organisation.
    for n in 0..8 * burst {
        let status = leave("eu-teamet", format!("2001:db8:{:x}::1", n + 2)).await;
        taken += u32::from(status == StatusCode::CREATED);
    }
    assert_eq!(taken, 10 * burst);
    let status = leave("forening-a", "192.0.2.1".to_owned()).await;
    assert_eq!(status, StatusCode::CREATED);
    // And everywhere, to all.
    let mut rest = 0;
    for n in 0..10 * burst {
        let status = leave("forening-a", format!("198.51.{}.{}", n / 250, n % 250)).await;
        rest += u32::from(status == StatusCode::CREATED);
    }
    assert!(rest < 10 * burst, "{rest}");
}

#[tokio::test]
async fn who_is_too_eager_is_told_so_before_a_body_is_read() {
    use axum::body::{Body, Bytes};
    use tower::ServiceExt as _;

    let app = TestApp::new().await;
    for path in ["/enrol", "/public/feedback", "/sync/envelope", "/sync"] {
        let ask = |body: Body| {
            let request = axum::http::Request::post(format!("/api/v1{path}"))
                .header("content-type", "application/json")
                .header("authorization", "Bearer x")
                .body(body)
                .unwrap();
            app.router.clone().oneshot(request)
        };
        for _ in 0..120 {
            ask(Body::empty()).await.unwrap();
        }
        let never = futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>();
        let answer = ask(Body::from_stream(never)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}
