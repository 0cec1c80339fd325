//! Walks every role over every route of the description, by both doors: those
//! whom the description names get in, nobody else does.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::outreach::routes::document;
use crate::outreach::routes::testing::{TestApp, TestRequest};
use crate::shared::principal::Role;

/// An operation of the description and the roles it names for each door.
#[derive(Debug)]
struct Operation {
    method: Method,
    path: String,
    token: Vec<String>,
    session: Vec<String>,
    open: bool,
}

fn operations() -> Vec<Operation> {
    let description = serde_json::to_value(document()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap_or_else(|| {
                panic!("{method} {path} does not say who may use it");
            });
            let roles = |door: &str| -> Vec<String> {
                security
                    .iter()
                    .filter_map(|entry| entry.get(door))
                    .flat_map(|roles| roles.as_array().unwrap())
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect()
            };
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                // Nothing has this id: whoever is let in finds nothing.
                path: path.replace("{id}", "ffffffffffffffff"),
                token: roles("token"),
                session: roles("session"),
                open: security.iter().any(|entry| entry == &serde_json::json!({})),
            });
        }
    }
    found
}

fn ask(app: &TestApp, operation: &Operation) -> TestRequest {
    app.request(operation.method.clone(), &operation.path)
        .own_page()
}

/// Why a request was kept out, if it was.
fn kept_out(reply: &crate::outreach::routes::testing::TestReply) -> Option<&str> {
    let code = reply.json["code"].as_str()?;
    matches!(
        code,
        "token_unknown" | "signed_out" | "session_ended" | "role_not_allowed" | "device_revoked"
    )
    .then_some(code)
}

#[tokio::test]
async fn those_whom_the_description_names_and_nobody_else() {
    let app = TestApp::new().await;
    let operations = operations();
    assert!(operations.len() > 10);
    for role in Role::ALL {
        let device = app.enrolled(role, "eu-teamet").await;
        let may_sign_in = matches!(
            role,
            Role::Coordinator | Role::Reader | Role::Duty | Role::Administrator
        );
        for operation in &operations {
            if operation.path == "/events" {
                continue; // Endless; the next test asks for it.
            }
            let reply = ask(&app, operation).bearer(&device.token).send().await;
            let named = operation.open || operation.token.contains(&role.to_string());
            let what = format!("{role} with a token: {operation:?}: {}", reply.json);
            assert_eq!(kept_out(&reply).is_none(), named, "{what}");
            assert_ne!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{what}");

            if may_sign_in {
                let cookie = app.signed_in(&device).await;
                let reply = ask(&app, operation).cookie(&cookie).send().await;
                let named = operation.open || operation.session.contains(&role.to_string());
                let what = format!("{role} with a session: {operation:?}: {}", reply.json);
                assert_eq!(kept_out(&reply).is_none(), named, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn neither_strangers_nor_the_revoked() {
    let app = TestApp::new().await;
    let device = app.enrolled(Role::Coordinator, "eu-teamet").await;
    app.revoke(device.id).await;
    for operation in operations() {
        if operation.open {
            continue;
        }
        // Whoever tries so much is slowed.
        app.pass(60_000);
        let reply = ask(&app, &operation).send().await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{operation:?}");
        let reply = ask(&app, &operation).bearer("x").send().await;
        reply.is_problem(StatusCode::UNAUTHORIZED, "token_unknown");
        let reply = ask(&app, &operation)
            .cookie("__Host-lagesbild=x")
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{operation:?}");
        let reply = ask(&app, &operation).bearer(&device.token).send().await;
        reply.is_problem(StatusCode::FORBIDDEN, "device_revoked");
        assert_eq!(reply.json["erase"], true);
    }
}
