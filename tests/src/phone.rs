//! A phone: `sync-core`'s replica, storage in memory, a real key pair, real HTTP.

use std::io::{Read, Write};
use std::ops::AddAssign;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use hyper::header::{CONTENT_ENCODING, HeaderValue};
use hyper::{Method, StatusCode};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use sync_core::ids::{DeviceId, DocumentId, RecordId, SessionId};
use sync_core::model::Content;
use sync_core::protocol::{self, Signed, enrolment_bytes};
use sync_core::replica::{Command, DocumentRow, Received};
use sync_core::time::{Instant, Night};

use crate::app::{App, Fate};
use crate::client::{Answer, Client};
use crate::evidence::Acknowledged;

/// `N` random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    Ok(bytes)
}

/// The machine's clock.
pub fn now() -> Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// How the site's own pages show what they are, when they change something by a session.
pub const OWN_PAGE: [(&str, &str); 2] = [("x-lagesbild", "1"), ("sec-fetch-site", "same-origin")];

/// The cost of one sync, and what it brought.
#[derive(Debug, Default, Clone, Copy)]
pub struct Cost {
    /// Requests that were made.
    pub round_trips: u32,
    /// Bytes of request bodies.
    pub up: usize,
    /// Of those, as they were sent: compressed.
    pub up_compressed: usize,
    /// Bytes of reply bodies, compressed.
    pub down: usize,
    /// From the sending of requests to the last byte of their replies.
    pub waited: Duration,
    /// Changes that the server took.
    pub accepted: u32,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.round_trips += other.round_trips;
        self.up += other.up;
        self.up_compressed += other.up_compressed;
        self.down += other.down;
        self.waited += other.waited;
        self.accepted += other.accepted;
    }
}

/// An enrolled phone.
#[derive(Debug)]
pub struct Phone {
    client: Client,
    key: SigningKey,
    token: String,
    pub device: DeviceId,
    app: App,
}

impl Phone {
    /// Enrols with an invitation's code.
    pub async fn enrol(client: &Client, code: &str) -> Result<Self> {
        let key = SigningKey::from_slice(&random::<32>()?).context("an unlucky key")?;
        let point = key.verifying_key().to_sec1_point(false);
        let proof: Signature = key.sign(&enrolment_bytes(code));
        let body = serde_json::json!({
            "code": code,
            "proof": URL_SAFE_NO_PAD.encode(proof.to_bytes()),
            "public_key": URL_SAFE_NO_PAD.encode(point.as_bytes()),
            "label": "prov",
        });
        let answer = client
            .send(
                Method::POST,
                "/api/v1/enrol",
                &[("content-type", "application/json")],
                serde_json::to_vec(&body)?,
            )
            .await?;
        let said = answer.json()?;
        if answer.status != StatusCode::CREATED {
            bail!("enrolling: {said}");
        }
        let text = |field: &str| {
            said[field]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {field}"))
        };
        let device: DeviceId = text("device")?.parse()?;
        Ok(Self {
            client: client.clone(),
            key,
            token: text("token")?,
            device,
            app: App::new(device, session()?),
        })
    }

    /// The bearer token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Asks one of the API's other routes, by its path below `/api/v1`, with JSON.
    pub async fn ask(&self, method: Method, path: &str, body: &str) -> Result<Answer> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let (path, body) = (format!("/api/v1{path}"), body.to_owned());
        self.client.send(method, &path, &headers, body).await
    }

    /// Signs its browser in; gives the session's cookie.
    pub async fn sign_in(&self) -> Result<String> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [&OWN_PAGE[..], &[("authorization", &bearer)]].concat();
        let answer = self
            .client
            .send(Method::POST, "/api/v1/sessions", &headers, "")
            .await?;
        let cookie = answer.headers.get("set-cookie").context("no cookie")?;
        let (cookie, _) = cookie.to_str()?.split_once(';').context("a cookie")?;
        Ok(cookie.to_owned())
    }

    /// Talks to another server, or to the same at another address.
    pub fn connect(&mut self, client: &Client) {
        self.client = client.clone();
    }

    /// Kills the app: only what was stored remains.
    pub fn restart(&mut self) -> Result<()> {
        self.app.restart(session()?);
        Ok(())
    }

    /// Makes a document; gives its id.
    pub fn create(&mut self, content: Content) -> Result<DocumentId> {
        self.create_on(now().night(), content)
    }

    /// [`Phone::create`], on another night than tonight.
    pub fn create_on(&mut self, night: Night, content: Content) -> Result<DocumentId> {
        let document = DocumentId::made(night, random()?);
        self.execute(Command::Create {
            document,
            content: content.into(),
        })?;
        Ok(document)
    }

    /// A fresh record id.
    pub fn record_id() -> Result<RecordId> {
        Ok(RecordId::from_bytes(random()?))
    }

    /// Edits a document's content as JSON.
    pub fn edit(
        &mut self,
        document: DocumentId,
        change: impl FnOnce(&mut serde_json::Value),
    ) -> Result<()> {
        let edit = self.app.editing(document, change)?;
        self.execute(edit)
    }

    fn execute(&mut self, command: Command) -> Result<()> {
        self.app.execute(command, now(), Fate::Stored)
    }

    /// Returns what the phone shows of a document.
    pub fn row(&self, document: DocumentId) -> Option<&DocumentRow> {
        self.app.row(document)
    }

    /// Iterates over all documents.
    pub fn rows(&self) -> impl Iterator<Item = &DocumentRow> {
        self.app.rows()
    }

    /// Returns what other organisations did, as far as the server told.
    pub fn coverage(&self) -> &[protocol::Coverage] {
        self.app.coverage()
    }

    /// Returns how many changes wait for the server.
    pub fn unsent(&self) -> u32 {
        self.app.unsent()
    }

    /// The signed body of the next request.
    pub fn body(&mut self) -> Result<Vec<u8>> {
        let payload = self.app.request(now())?;
        self.seal(payload)
    }

    /// Signs a payload with the device's key.
    pub fn seal(&self, payload: Vec<u8>) -> Result<Vec<u8>> {
        let signature: Signature = self
            .key
            .sign(&protocol::signed_bytes(self.device, &payload));
        Ok(minicbor::to_vec(Signed {
            payload: payload.into(),
            signature: signature.to_bytes().to_vec().into(),
        })?)
    }

    /// Posts a body to the sync route, compressed as the app does it.
    pub async fn post(&self, body: Vec<u8>) -> Result<Answer> {
        self.post_counting(body, &mut Cost::default()).await
    }

    /// [`Phone::post`], and notes what it cost.
    pub async fn post_counting(&self, mut body: Vec<u8>, cost: &mut Cost) -> Result<Answer> {
        let bearer = format!("Bearer {}", self.token);
        cost.round_trips += 1;
        cost.up += body.len();
        let mut headers = vec![
            ("content-type", "application/cbor"),
            ("accept-encoding", "gzip, deflate, br, zstd"),
            ("authorization", bearer.as_str()),
        ];
        if body.len() >= WORTH_COMPRESSING {
            headers.push(("content-encoding", "gzip"));
            body = gzip(&body)?;
        }
        cost.up_compressed += body.len();
        let asked = std::time::Instant::now();
        let mut answer = self
            .client
            .send(Method::POST, "/api/v1/sync", &headers, body)
            .await?;
        cost.waited += asked.elapsed();
        cost.down += answer.body.len();
        let mut plain = Vec::new();
        match answer
            .headers
            .get(CONTENT_ENCODING)
            .map(HeaderValue::as_bytes)
        {
            Some(b"br") => {
                brotli::Decompressor::new(&answer.body[..], 4096).read_to_end(&mut plain)?
            }
            Some(b"gzip") => GzDecoder::new(&answer.body[..]).read_to_end(&mut plain)?,
            Some(other) => bail!("an encoding of {}", String::from_utf8_lossy(other)),
            None => return Ok(answer),
        };
        answer.body = plain.into();
        Ok(answer)
    }

    /// Takes a reply in and stores what it brought.
    pub fn receive(&mut self, reply: &[u8]) -> Result<Received> {
        self.app.receive(reply, now(), Fate::Stored)
    }

    /// One request and its reply; notes what the server acknowledged as soon as
    /// the reply is here.
    pub async fn exchange_noting(&mut self, acknowledged: &mut Acknowledged) -> Result<Received> {
        let body = self.body()?;
        let answer = self.post(body.clone()).await?;
        ensure!(answer.status == StatusCode::OK, "sync: {}", answer.status);
        acknowledged.note(&body, &answer.body)?;
        self.receive(&answer.body)
    }

    /// One request and its reply.
    pub async fn exchange(&mut self, cost: &mut Cost) -> Result<Received> {
        let body = self.body()?;
        let answer = self.post_counting(body, cost).await?;
        ensure!(
            answer.status == StatusCode::OK,
            "sync: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        let received = self.receive(&answer.body)?;
        cost.accepted += received.accepted;
        Ok(received)
    }

    /// Syncs until neither side has more.
    pub async fn sync(&mut self) -> Result<Cost> {
        let mut cost = Cost::default();
        while self.exchange(&mut cost).await?.more {
            ensure!(cost.round_trips < 10_000, "sync does not end");
        }
        Ok(cost)
    }
}

/// Bodies below this gain nothing from compression: the app's threshold.
const WORTH_COMPRESSING: usize = 1_000;

/// Compresses as a browser's `CompressionStream` does.
fn gzip(body: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    Ok(encoder.finish()?)
}

fn session() -> Result<SessionId> {
    Ok(SessionId::from_bytes(random()?))
}
