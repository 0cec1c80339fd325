//! A server for tests: a real store in a temporary directory, the real router
//! called in-process, a clock that only tests move, repeatable randomness.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sync_core::document::Document;
use sync_core::ids::{DeviceId, DocumentId, SessionId, actor};
use sync_core::model::{Content, Kind, Place, PlaceType, Records};
use sync_core::protocol as sync;
use sync_core::time::Instant;
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::router;
use crate::config::Config;
use crate::outreach::state::AppState;
use crate::outreach::store::Store;
use crate::shared::accounts::invitations::NewInvitation;
use crate::shared::accounts::members::Organisation;
use crate::shared::clock::{Clock, Entropy};
use crate::shared::http::{PROBLEM_JSON, WebApp};
use crate::shared::principal::{Actor, InvitationCode, Role};

/// 2026-01-31, 20:00 UTC.
const START: i64 = 1_769_889_600_000;

/// Panics, as a handler that fails does; only tests have such a route.
pub(crate) async fn panics() -> StatusCode {
    panic!("a secret that must not be shown");
}

/// The running server.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) router: Router,
    pub(crate) close: watch::Sender<bool>,
    now: Arc<AtomicI64>,
    drawn: Arc<AtomicU64>,
    _directory: tempfile::TempDir,
}

/// A device of the test's.
pub(crate) struct TestDevice {
    pub(crate) id: DeviceId,
    pub(crate) token: String,
    pub(crate) key: SigningKey,
}

/// A request that only asks for what is new after a cursor.
pub(crate) fn pull(cursor: u64) -> sync::Request {
    sync::Request {
        protocol: sync::PROTOCOL,
        epoch: 0,
        cursor,
        sent_at: 0,
        batch: Vec::new(),
        since: None,
    }
}

/// The body that the device would send with this payload.
pub(crate) fn seal(device: &TestDevice, payload: Vec<u8>) -> Vec<u8> {
    let signature: Signature = device.key.sign(&sync::signed_bytes(device.id, &payload));
    minicbor::to_vec(sync::Signed {
        payload: payload.into(),
        signature: signature.to_bytes().to_vec().into(),
    })
    .unwrap()
}

/// Returns what the device with this seed would send to enrol.
pub(crate) fn enrolment(code: &str, seed: u64) -> Value {
    enrolment_by(&secret(seed), code)
}

fn enrolment_by(secret: &SigningKey, code: &str) -> Value {
    let point = secret.verifying_key().to_sec1_point(false);
    let proof: Signature = secret.sign(&sync::enrolment_bytes(code));
    serde_json::json!({
        "code": code,
        "public_key": URL_SAFE_NO_PAD.encode(point.as_bytes()),
        "proof": URL_SAFE_NO_PAD.encode(proof.to_bytes()),
    })
}

fn secret(seed: u64) -> SigningKey {
    SigningKey::from_slice(&Sha256::digest(seed.to_be_bytes())).unwrap()
}

impl TestApp {
    /// A server with the organisations `eu-teamet` and `forening-a`.
    pub(crate) async fn new() -> Self {
        Self::with(Config::default(), None).await
    }

    /// The same, with a configuration and a web app.
    pub(crate) async fn with(config: Config, web: Option<&Path>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).unwrap();
        for (id, name) in [
            ("eu-teamet", "EU-teamet"),
            ("forening-a", "Förening A (exempel)"),
        ] {
            let organisation = Organisation {
                id: id.parse().unwrap(),
                name: name.to_owned(),
            };
            store
                .accounts()
                .put_organisation(organisation, Instant(START))
                .await
                .unwrap();
        }
        let now = Arc::new(AtomicI64::new(START));
        let drawn = Arc::new(AtomicU64::new(0));
        let clock = Clock::new({
            let now = Arc::clone(&now);
            move || Instant(now.load(Ordering::SeqCst))
        });
        let entropy = Entropy::new({
            let drawn = Arc::clone(&drawn);
            move |bytes| {
                for part in bytes.chunks_mut(32) {
                    let seed = drawn.fetch_add(1, Ordering::SeqCst);
                    part.copy_from_slice(&Sha256::digest(seed.to_be_bytes())[..part.len()]);
                }
            }
        });
        let (close, closing) = watch::channel(false);
        let state = AppState::new(store, config, clock, entropy, closing)
            .with_leaflets(crate::outreach::leaflets::load(None).unwrap());
        Self {
            router: router(state.clone(), web.map(|path| WebApp::open(path).unwrap())),
            state,
            close,
            now,
            drawn,
            _directory: directory,
        }
    }

    /// The same server after it ended and began again.
    pub(crate) fn begun_anew(self) -> Self {
        let state = AppState::new(
            self.state.store.clone(),
            Config::default(),
            self.state.base.clock.clone(),
            self.state.base.entropy.clone(),
            self.state.closing.clone(),
        );
        Self {
            router: router(state.clone(), None),
            state,
            ..self
        }
    }

    /// Lets time pass, in milliseconds.
    pub(crate) fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// Makes an invitation by way of the store.
    pub(crate) async fn invitation(&self, role: Role, organisation: &str) -> String {
        let code = InvitationCode::from_random(self.state.base.entropy.draw());
        let now = self.state.now();
        let made = self
            .state
            .store
            .accounts()
            .invite(NewInvitation {
                code: code.hash(),
                role,
                organisation: organisation.parse().unwrap(),
                label: String::new(),
                made_by: Actor::SERVER,
                made_at: now,
                expires_at: Instant(now.0 + 24 * 3_600_000),
            })
            .await
            .unwrap();
        assert!(made, "{organisation} exists");
        code.reveal().to_owned()
    }

    /// Enrols a device over HTTP.
    pub(crate) async fn enrolled(&self, role: Role, organisation: &str) -> TestDevice {
        let code = self.invitation(role, organisation).await;
        let key = secret(1_000 + self.drawn.load(Ordering::SeqCst));
        let body = enrolment_by(&key, &code);
        let reply = self.post("/enrol").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json);
        TestDevice {
            id: reply.json["device"].as_str().unwrap().parse().unwrap(),
            token: reply.json["token"].as_str().unwrap().to_owned(),
            key,
        }
    }

    /// Signs a device's browser in; gives the `Cookie` line.
    pub(crate) async fn signed_in(&self, device: &TestDevice) -> String {
        let reply = self
            .post("/sessions")
            .bearer(&device.token)
            .own_page()
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.json);
        reply.session_cookie()
    }

    /// Returns what the device sends when it records a place: the document with this id,
    /// sixteen times the byte.
    pub(crate) fn place_offer(&self, device: &TestDevice, id: u8) -> sync::Offer {
        let place = Content::Place(Place {
            name: "Under bron (exempel)".to_owned(),
            place_type: PlaceType::Settlement,
            district: "sodermalm".to_owned(),
            latitude: None,
            longitude: None,
            exact: false,
            created: self.state.now(),
            states: Records::default(),
            tips: Records::default(),
            proposals: Records::default(),
            same_as: None,
            note: String::new(),
            withdrawn: false,
        });
        let actor = actor(device.id, SessionId::from_bytes([id; 8]));
        let (_, change) = Document::create(actor, &place, self.state.now()).unwrap();
        sync::Offer {
            document: DocumentId::from_bytes([id; 16]),
            kind: Kind::Place,
            known_heads: Vec::new(),
            changes: vec![change.bytes.into()],
            relayed: None,
        }
    }

    /// Records a place over HTTP.
    pub(crate) async fn place(&self, device: &TestDevice, id: u8) {
        let mut request = pull(0);
        request.batch.push(self.place_offer(device, id));
        self.exchange(device, &request).await;
    }

    /// Sends a sync request over HTTP.
    pub(crate) async fn exchange(
        &self,
        device: &TestDevice,
        request: &sync::Request,
    ) -> sync::Reply {
        let reply = self
            .post("/sync")
            .bearer(&device.token)
            .body(
                "application/cbor",
                seal(device, minicbor::to_vec(request).unwrap()),
            )
            .send()
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json);
        minicbor::decode(&reply.bytes).unwrap()
    }

    /// Revokes a device by way of the store.
    pub(crate) async fn revoke(&self, device: DeviceId) {
        let now = self.state.now();
        assert!(
            self.state
                .store
                .accounts()
                .revoke_device(device, None, Actor::SERVER, now)
                .await
                .unwrap()
        );
    }

    pub(crate) fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> TestRequest {
        self.request(Method::POST, path)
    }

    pub(crate) fn delete(&self, path: &str) -> TestRequest {
        self.request(Method::DELETE, path)
    }

    pub(crate) fn patch(&self, path: &str) -> TestRequest {
        self.request(Method::PATCH, path)
    }

    /// A request below `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> TestRequest {
        self.anywhere(method, &format!("/api/v1{path}"))
    }

    /// A request to any path.
    pub(crate) fn anywhere(&self, method: Method, path: &str) -> TestRequest {
        TestRequest {
            router: self.router.clone(),
            builder: Request::builder().method(method).uri(path),
            body: Vec::new(),
        }
    }
}

/// A request being built.
pub(crate) struct TestRequest {
    router: Router,
    builder: axum::http::request::Builder,
    body: Vec<u8>,
}

impl TestRequest {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    pub(crate) fn cookie(self, cookie: &str) -> Self {
        self.header(COOKIE.as_str(), cookie)
    }

    /// As if it came from this address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let peer = SocketAddr::new(address.parse().unwrap(), 40_000);
        self.builder = self.builder.extension(ConnectInfo(peer));
        self
    }

    /// As the site's own pages send what changes something.
    pub(crate) fn own_page(self) -> Self {
        self.header("x-lagesbild", "1")
            .header("sec-fetch-site", "same-origin")
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).unwrap();
        self.body("application/json", bytes)
    }

    pub(crate) fn body(mut self, content_type: &str, bytes: Vec<u8>) -> Self {
        self.body = bytes;
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    pub(crate) async fn send(self) -> TestReply {
        let request = self.builder.body(Body::from(self.body)).unwrap();
        let response = self.router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 16_000_000)
            .await
            .unwrap()
            .to_vec();
        TestReply {
            status: parts.status,
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }
}

/// The server's answer.
pub(crate) struct TestReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
    pub(crate) bytes: Vec<u8>,
}

impl TestReply {
    /// Checks that this is the problem, in the form of every problem.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: StatusCode, code: &str) {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        assert_eq!(self.headers[CONTENT_TYPE], PROBLEM_JSON, "{text}");
        assert_eq!(self.json["code"], code, "{text}");
        assert_eq!(self.json["status"], status.as_u16(), "{text}");
        assert!(
            self.json["detail"].as_str().is_some_and(|d| d.len() > 10),
            "{text}"
        );
    }

    /// The cookie that was set, as the browser sends it back.
    pub(crate) fn session_cookie(&self) -> String {
        let line = self.headers[SET_COOKIE].to_str().unwrap();
        line.split(';').next().unwrap().to_owned()
    }
}
