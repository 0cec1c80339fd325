//! Walks the table of rights over the real routes, cell by cell: who, which route, to
//! whose device or document. A route of the description without a row fails.

use axum::http::{Method, StatusCode};
use serde_json::json;
use sync_core::ids::{DocumentId, SessionId};
use sync_core::model::{
    Access, Alert, Basis, Content, Feedback, Kind, Language, Need, Outcome, Records, Visit,
};

use crate::outreach::rights::tests::targets;
use crate::outreach::rights::{Act, Right, Target, Whose, right};
use crate::outreach::routes::document;
use crate::outreach::routes::testing::{TestApp, TestDevice, TestReply};
use crate::outreach::store::log::LogStore;
use crate::outreach::sync::server_changes;
use crate::shared::principal::Role;

const OURS: &str = "eu-teamet";
const THEIRS: &str = "forening-a";
const SINCE: &str = "2026-01-01T00:00:00Z";

/// The subject of a route.
#[derive(Debug, Clone, Copy)]
enum About {
    /// Nobody in particular: these roles may, others may not.
    Roles(&'static [Role]),
    /// Anybody may, who they are is not asked.
    Anybody,
    /// A device, with this act.
    Device(Act),
    /// A document, with this act.
    Document(Act),
    /// A member who is invited.
    Member,
    /// The team key: the first one, and another.
    TeamKey,
}

const ALL: &[Role] = &Role::ALL;
const FIELD: &[Role] = &[Role::Worker, Role::Coordinator];
const DESKS: &[Role] = &[
    Role::Coordinator,
    Role::Reader,
    Role::Duty,
    Role::Administrator,
];
const COORDINATOR: &[Role] = &[Role::Coordinator];
const DECIDING: &[Role] = &[Role::Coordinator, Role::Administrator];
const READING: &[Role] = &[Role::Coordinator, Role::Reader];
const ALARMED: &[Role] = &[Role::Coordinator, Role::Duty];

const ROWS: &[(&str, &str, About)] = &[
    ("get", "/acts", About::Roles(DECIDING)),
    ("post", "/acts/{id}/confirm", About::Roles(DECIDING)),
    ("post", "/acts/{id}/withdraw", About::Roles(DECIDING)),
    ("get", "/alerts", About::Roles(ALARMED)),
    ("post", "/alerts/{id}/acknowledge", About::Roles(ALARMED)),
    ("get", "/devices", About::Roles(DECIDING)),
    (
        "post",
        "/devices/{id}/revoke",
        About::Device(Act::RevokeDevice),
    ),
    (
        "post",
        "/documents/{id}/erase",
        About::Document(Act::EraseDocument),
    ),
    ("get", "/devices/{id}/undo", About::Device(Act::UndoDevice)),
    ("post", "/devices/{id}/undo", About::Device(Act::UndoDevice)),
    (
        "get",
        "/documents/{id}/history",
        About::Document(Act::ReadHistory),
    ),
    ("get", "/draw", About::Roles(COORDINATOR)),
    ("post", "/draw", About::Roles(COORDINATOR)),
    ("post", "/enrol", About::Anybody),
    ("post", "/invitation", About::Anybody),
    ("post", "/sync/envelope", About::Anybody),
    ("get", "/estimate", About::Roles(READING)),
    ("get", "/events", About::Roles(ALL)),
    ("get", "/feedback", About::Roles(COORDINATOR)),
    ("post", "/feedback/{id}/handle", About::Roles(COORDINATOR)),
    ("get", "/followup", About::Roles(COORDINATOR)),
    ("get", "/healthz", About::Anybody),
    ("get", "/incoming", About::Roles(COORDINATOR)),
    ("post", "/invitations", About::Member),
    ("get", "/leaflets", About::Anybody),
    ("get", "/map", About::Anybody),
    ("get", "/me", About::Roles(ALL)),
    ("get", "/openapi.json", About::Anybody),
    ("get", "/people", About::Roles(COORDINATOR)),
    ("get", "/periods", About::Roles(COORDINATOR)),
    ("patch", "/places/{id}", About::Roles(COORDINATOR)),
    (
        "post",
        "/places/{id}/proposals/{record}/decide",
        About::Roles(COORDINATOR),
    ),
    ("get", "/proposals", About::Roles(COORDINATOR)),
    ("get", "/public/feedback/{id}", About::Anybody),
    ("get", "/public/organisations", About::Anybody),
    ("post", "/public/feedback", About::Anybody),
    ("get", "/quarantine", About::Roles(COORDINATOR)),
    (
        "post",
        "/quarantine/{id}/discard",
        About::Roles(COORDINATOR),
    ),
    (
        "post",
        "/quarantine/{id}/release",
        About::Roles(COORDINATOR),
    ),
    ("get", "/readyz", About::Anybody),
    (
        "post",
        "/retention/go-on",
        About::Roles(&[Role::Administrator]),
    ),
    ("delete", "/sessions", About::Anybody),
    ("post", "/sessions", About::Roles(DESKS)),
    ("post", "/sync", About::Roles(FIELD)),
    ("put", "/team-key", About::TeamKey),
    ("get", "/undos", About::Roles(DECIDING)),
    ("get", "/undos/{id}", About::Roles(DECIDING)),
    ("post", "/undos/{id}/take-back", About::Roles(DECIDING)),
];

/// The walker: counts cells, and makes what they are about.
struct Walk {
    app: TestApp,
    cells: usize,
    made: u8,
}

impl Walk {
    async fn device(&mut self, role: Role, organisation: &str) -> TestDevice {
        // Nobody is held up for asking often.
        self.app.pass(120_000);
        self.app.enrolled(role, organisation).await
    }

    fn cell(&mut self, what: &str, reply: &TestReply, expected: StatusCode) {
        self.cells += 1;
        assert_eq!(reply.status, expected, "{what}: {}", reply.json);
    }

    async fn document(&mut self, kind: Kind, organisation: &str) -> DocumentId {
        self.made += 1;
        let now = self.app.state.now();
        let id = DocumentId::from_bytes([self.made; 16]);
        if kind == Kind::Place {
            let worker = self.device(Role::Worker, organisation).await;
            self.app.place(&worker, self.made).await;
            return id;
        }
        let content = match kind {
            Kind::Alert => Content::Alert(Alert {
                category: Need::Health,
                place: None,
                opened: now,
                note: String::new(),
                calls: Records::default(),
                acknowledgements: Records::default(),
                outcome: Outcome::Open,
                closed: None,
                withdrawn: false,
            }),
            Kind::Feedback => Content::Feedback(Feedback {
                text: "Tack (exempel)".to_owned(),
                language: Language::Sv,
                about: None,
                at: now,
                steps: Records::default(),
                reply: String::new(),
                withdrawn: false,
            }),
            _ => Content::Visit(Visit {
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
            }),
        };
        let session = SessionId::from_bytes([self.made; 8]);
        let store = &self.app.state.store;
        server_changes::create(
            store,
            &server_changes::Attribution::SERVER,
            organisation.parse().unwrap(),
            (id, content),
            session,
            now,
        )
        .await
        .unwrap();
        id
    }

    async fn send(&self, method: &str, path: &str, actor: &TestDevice) -> TestReply {
        let method: Method = method.to_uppercase().parse().unwrap();
        let request = self.app.request(method.clone(), path).own_page();
        let request = request.bearer(&actor.token);
        if method == Method::POST && path.ends_with("/undo") {
            return request.json(&json!({"since": SINCE})).send().await;
        }
        request.send().await
    }
}

/// Returns the status for somebody to whom the table gives this right.
fn expected(right: Right, done: StatusCode, seen: bool) -> StatusCode {
    match right {
        Right::Alone => done,
        Right::WithSecond => StatusCode::ACCEPTED,
        Right::No if seen => StatusCode::FORBIDDEN,
        Right::No => StatusCode::NOT_FOUND,
    }
}

fn organisation(whose: Whose) -> &'static str {
    match whose {
        Whose::Theirs => THEIRS,
        Whose::Mine | Whose::Ours | Whose::Everybodys => OURS,
    }
}

#[tokio::test]
async fn every_cell_of_the_table_holds_on_the_routes() {
    let mut walk = Walk {
        app: TestApp::new().await,
        cells: 0,
        made: 0,
    };
    let description = serde_json::to_value(document()).unwrap();
    let mut routes = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            routes += 1;
            let row = ROWS.iter().find(|(m, p, _)| m == method && p == path);
            let (_, _, about) =
                row.unwrap_or_else(|| panic!("{method} {path} has no row: say who may use it"));
            match about {
                About::Anybody => {}
                About::Roles(roles) => plain(&mut walk, method, path, roles).await,
                About::Device(act) => devices(&mut walk, method, path, *act).await,
                About::Document(act) => documents(&mut walk, method, path, *act).await,
                About::Member => members(&mut walk).await,
                About::TeamKey => team_key().await.into_iter().for_each(|()| walk.cells += 1),
            }
        }
    }
    assert_eq!(routes, ROWS.len(), "a row without a route");
    println!("{} cells on {routes} routes", walk.cells);
    assert!(walk.cells >= 440, "{}", walk.cells);
}

async fn plain(walk: &mut Walk, method: &str, path: &str, roles: &[Role]) {
    for role in Role::ALL {
        let actor = walk.device(role, OURS).await;
        if path == "/events" && roles.contains(&role) {
            continue; // Endless.
        }
        let path = path.replace("{id}", "ffffffffffffffff");
        let reply = walk.send(method, &path, &actor).await;
        walk.cells += 1;
        let kept_out = reply.json["code"] == "role_not_allowed";
        let what = format!("{role}: {method} {path}: {}", reply.json);
        assert_eq!(kept_out, !roles.contains(&role), "{what}");
    }
}

async fn devices(walk: &mut Walk, method: &str, path: &str, act: Act) {
    for actor_role in Role::ALL {
        for (target, whose) in targets(act) {
            let Target::Member(role) = target else {
                continue;
            };
            if whose == Whose::Mine && role != actor_role {
                continue;
            }
            let actor = walk.device(actor_role, OURS).await;
            let other = walk.device(role, organisation(whose)).await;
            let id = if whose == Whose::Mine {
                actor.id
            } else {
                other.id
            };
            let mut path = path.replace("{id}", &id.to_string());
            if method == "get" {
                path = format!("{path}?since={SINCE}");
            }
            let reply = walk.send(method, &path, &actor).await;
            let seen = !DECIDING.contains(&actor_role)
                || right(actor_role, Act::SeeDevice, target, whose) == Right::Alone;
            let right = right(actor_role, act, target, whose);
            let expected = match (method, act) {
                // Looking at what needs a second person needs none.
                ("get", _) if right != Right::No => StatusCode::OK,
                (_, Act::UndoDevice) => expected(right, StatusCode::CREATED, seen),
                _ => expected(right, StatusCode::NO_CONTENT, seen),
            };
            let what = format!("{actor_role} {act:?} of {whose:?} {role}");
            walk.cell(&what, &reply, expected);
        }
    }
}

async fn documents(walk: &mut Walk, method: &str, path: &str, act: Act) {
    for actor_role in Role::ALL {
        let actor = walk.device(actor_role, OURS).await;
        for (target, whose) in targets(act) {
            let Target::Document(kind) = target else {
                continue;
            };
            let id = walk.document(kind, organisation(whose)).await;
            let reply = walk
                .send(method, &path.replace("{id}", &id.to_string()), &actor)
                .await;
            let done = if method == "get" {
                StatusCode::OK
            } else {
                StatusCode::NO_CONTENT
            };
            let expected = expected(right(actor_role, act, target, whose), done, true);
            let what = format!("{actor_role} {act:?} of {whose:?} {kind}");
            walk.cell(&what, &reply, expected);
        }
    }
}

async fn members(walk: &mut Walk) {
    for actor_role in Role::ALL {
        let actor = walk.device(actor_role, OURS).await;
        for (target, whose) in targets(Act::Invite) {
            let Target::Member(role) = target else {
                continue;
            };
            let body = json!({"role": role, "organisation": organisation(whose)});
            let request = walk.app.post("/invitations").bearer(&actor.token);
            let reply = request.json(&body).send().await;
            let expected = expected(
                right(actor_role, Act::Invite, target, whose),
                StatusCode::CREATED,
                true,
            );
            let what = format!("{actor_role} invites {role} to {whose:?}");
            walk.cell(&what, &reply, expected);
        }
    }
}

/// Each role makes the first key of a server, and tries to replace one that stands.
async fn team_key() -> Vec<()> {
    let mut cells = Vec::new();
    for role in Role::ALL {
        for act in [Act::MakeTeamKey, Act::ReplaceTeamKey] {
            let app = TestApp::new().await;
            let actor = app.enrolled(role, OURS).await;
            let first = app.enrolled(Role::Coordinator, THEIRS).await;
            let put = |device: &TestDevice, print: &str| {
                app.request(Method::PUT, "/team-key")
                    .bearer(&device.token)
                    .json(&json!({"fingerprint": print.repeat(16), "replace": true}))
                    .send()
            };
            if act == Act::ReplaceTeamKey {
                assert_eq!(put(&first, "a").await.status, StatusCode::OK);
            }
            let reply = put(&actor, "b").await;
            let right = right(role, act, Target::Partnership, Whose::Everybodys);
            let expected = expected(right, StatusCode::OK, true);
            assert_eq!(reply.status, expected, "{role} {act:?}: {}", reply.json);
            cells.push(());
        }
    }
    cells
}

#[tokio::test]
async fn a_stolen_coordinators_session_shuts_out_neither_administrator_nor_duty() {
    let app = TestApp::new().await;
    let thief = app.enrolled(Role::Coordinator, OURS).await;
    for role in [Role::Administrator, Role::Duty, Role::Coordinator] {
        let device = app.enrolled(role, OURS).await;
        let path = format!("/devices/{}/revoke", device.id);
        let reply = app.post(&path).bearer(&thief.token).send().await;
        reply.is_problem(StatusCode::FORBIDDEN, "not_allowed");
        let me = app.get("/me").bearer(&device.token).send().await;
        assert_eq!(me.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn two_people_erase_what_one_may_not() {
    let mut walk = Walk {
        app: TestApp::new().await,
        cells: 0,
        made: 0,
    };
    let id = walk.document(Kind::Visit, THEIRS).await;
    let one = walk.device(Role::Coordinator, OURS).await;
    let colleague = walk.device(Role::Coordinator, OURS).await;
    let other = walk.device(Role::Coordinator, THEIRS).await;
    let worker = walk.device(Role::Worker, THEIRS).await;
    let asked = walk
        .send("post", &format!("/documents/{id}/erase"), &one)
        .await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.json);
    // Asking again is asking once.
    let again = walk
        .send("post", &format!("/documents/{id}/erase"), &one)
        .await;
    assert_eq!(again.json["id"], asked.json["id"]);
    let confirm = format!("/acts/{}/confirm", asked.json["id"]);
    for (device, code) in [
        (&one, "not_allowed"),
        (&colleague, "not_allowed"),
        (&worker, "role_not_allowed"),
    ] {
        let reply = walk.send("post", &confirm, device).await;
        reply.is_problem(StatusCode::FORBIDDEN, code);
    }
    let seen = walk.send("get", "/acts", &other).await;
    assert_eq!(seen.json["acts"][0]["may_confirm"], true, "{}", seen.json);
    assert_eq!(seen.json["acts"][0]["act"], "erase_document");
    let done = walk.send("post", &confirm, &other).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.json);
    let found = walk.app.state.store.find(vec![id]).await.unwrap();
    assert_eq!(found, [crate::outreach::store::log::Found::Erased]);
    let late = walk.send("post", &confirm, &other).await;
    late.is_problem(StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn what_nobody_confirms_in_a_day_or_who_asked_was_revoked_is_gone() {
    let mut walk = Walk {
        app: TestApp::new().await,
        cells: 0,
        made: 0,
    };
    let one = walk.device(Role::Coordinator, OURS).await;
    let other = walk.device(Role::Coordinator, THEIRS).await;
    let id = walk.document(Kind::Place, THEIRS).await;
    let erase = format!("/documents/{id}/erase");
    let asked = walk.send("post", &erase, &one).await;
    walk.app.pass(24 * 3_600_000 + 1);
    let confirm = format!("/acts/{}/confirm", asked.json["id"]);
    let reply = walk.send("post", &confirm, &other).await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");

    let asked = walk.send("post", &erase, &one).await;
    let withdraw = format!("/acts/{}/withdraw", asked.json["id"]);
    let reply = walk.send("post", &withdraw, &other).await;
    reply.is_problem(StatusCode::FORBIDDEN, "not_allowed");
    let reply = walk.send("post", &withdraw, &one).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);

    let asked = walk.send("post", &erase, &one).await;
    walk.app.revoke(one.id).await;
    let confirm = format!("/acts/{}/confirm", asked.json["id"]);
    let reply = walk.send("post", &confirm, &other).await;
    reply.is_problem(StatusCode::NOT_FOUND, "not_found");
}
