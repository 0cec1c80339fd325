//! Bindings of sync-core for the browser: thin, so that what is tested in
//! sync-core is what runs on the phone. Structured values cross as plain
//! JavaScript objects, bytes as `Uint8Array`, errors as
//! `{code, detail, document?}`.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::ids::{DeviceId, DocumentId};
use sync_core::model::{self, Code};
use sync_core::protocol;
use sync_core::replica::{self, Chunk, Command, Identity, Received, ReplicaError, Stored, Writes};
use sync_core::time::Instant;
use wasm_bindgen::prelude::*;

/// What JavaScript catches.
#[derive(Serialize)]
struct Problem {
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<DocumentId>,
}

impl From<ReplicaError> for Problem {
    fn from(error: ReplicaError) -> Self {
        Self {
            code: error.code(),
            detail: error.to_string(),
            document: match error {
                ReplicaError::NotLoaded(id) | ReplicaError::Unknown(id) => Some(id),
                _ => None,
            },
        }
    }
}

impl From<Problem> for JsValue {
    fn from(problem: Problem) -> Self {
        to_js(&problem).unwrap_or(JsValue::NULL)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err as it is")]
fn bad_argument(detail: impl ToString) -> Problem {
    Problem {
        code: "bad_argument",
        detail: detail.to_string(),
        document: None,
    }
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}

// By way of JSON values, so that each type has one reader in the program.
fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let value: serde_json::Value =
        serde_wasm_bindgen::from_value(value).map_err(|e| JsValue::from(bad_argument(e)))?;
    serde_json::from_value(value).map_err(|e| bad_argument(e).into())
}

fn id(text: &str) -> Result<DocumentId, JsValue> {
    text.parse().map_err(|e| bad_argument(e).into())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "instants are whole milliseconds far below 2^53"
)]
fn instant(ms: f64) -> Instant {
    Instant(ms as i64)
}

fn set(object: &JsValue, key: &str, value: impl Into<JsValue>) -> Result<(), JsValue> {
    js_sys::Reflect::set(object, &key.into(), &value.into()).map(drop)
}

fn chunk_to_js(chunk: &Chunk) -> Result<JsValue, JsValue> {
    let object: JsValue = js_sys::Object::new().into();
    set(&object, "document", chunk.document.to_string())?;
    set(&object, "sequence", chunk.sequence)?;
    set(&object, "kind", to_js(&chunk.kind)?)?;
    set(&object, "bytes", Uint8Array::from(chunk.bytes.as_slice()))?;
    Ok(object)
}

fn writes_to_js(writes: &Writes) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Drop {
        document: DocumentId,
        sequence: u32,
    }
    let drops: Vec<Drop> = writes
        .drop_chunks_before
        .iter()
        .map(|(document, sequence)| Drop {
            document: *document,
            sequence: *sequence,
        })
        .collect();
    let chunks = Array::new();
    for chunk in &writes.chunks {
        chunks.push(&chunk_to_js(chunk)?);
    }
    let object: JsValue = js_sys::Object::new().into();
    set(&object, "documents", to_js(&writes.documents)?)?;
    set(&object, "chunks", chunks)?;
    set(&object, "drop_chunks_before", to_js(&drops)?)?;
    set(
        &object,
        "remove_documents",
        to_js(&writes.remove_documents)?,
    )?;
    set(&object, "coverage", to_js(&writes.coverage)?)?;
    set(&object, "meta", to_js(&writes.meta)?)?;
    Ok(object)
}

fn received_to_js(received: &Received) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Rejection<'a> {
        document: DocumentId,
        code: &'a str,
        detail: &'a str,
    }
    fn answers(answers: &[(DocumentId, sync_core::protocol::Rejected)]) -> Vec<Rejection<'_>> {
        let answer = answers.iter().map(|(document, answer)| Rejection {
            document: *document,
            code: &answer.code,
            detail: &answer.detail,
        });
        answer.collect()
    }
    let refused: Vec<_> = received
        .refused
        .iter()
        .map(|(document, code)| Rejection {
            document: *document,
            code,
            detail: "",
        })
        .collect();
    let object: JsValue = js_sys::Object::new().into();
    set(&object, "writes", writes_to_js(&received.writes)?)?;
    set(&object, "more", received.more)?;
    set(&object, "accepted", received.accepted)?;
    set(&object, "rejected", to_js(&answers(&received.rejected))?)?;
    set(&object, "later", to_js(&answers(&received.later))?)?;
    set(&object, "refused", to_js(&refused)?)?;
    set(&object, "changed", to_js(&received.changed)?)?;
    set(&object, "purged", to_js(&received.purged)?)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a server's clock is far below 2^53 ms"
    )]
    set(&object, "server_time", received.server_time.0 as f64)?;
    set(&object, "clock_doubted", received.clock_doubted)?;
    set(&object, "epoch_changed", received.epoch_changed)?;
    Ok(object)
}

/// A phone's replica. See `sync_core::replica`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Replica {
    inner: replica::Replica,
    device: DeviceId,
}

#[wasm_bindgen]
impl Replica {
    /// Opens a replica on what its storage holds.
    #[wasm_bindgen(constructor)]
    pub fn new(identity: JsValue, stored: JsValue) -> Result<Replica, JsValue> {
        let identity: Identity = from_js(identity)?;
        let stored: Stored = from_js(stored)?;
        Ok(Self {
            inner: replica::Replica::open(identity, stored),
            device: identity.device,
        })
    }

    /// Whether a document is in memory.
    pub fn loaded(&self, document: &str) -> Result<bool, JsValue> {
        Ok(self.inner.is_loaded(id(document)?))
    }

    /// Takes a document into memory, from its chunks in order.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands arrays over by value"
    )]
    pub fn load(&mut self, document: &str, chunks: Vec<Uint8Array>) -> Result<(), JsValue> {
        let chunks: Vec<Vec<u8>> = chunks.iter().map(Uint8Array::to_vec).collect();
        let slices: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        self.inner
            .load(id(document)?, &slices)
            .map_err(|e| Problem::from(e).into())
    }

    /// Forgets a document's memory; what is stored stays.
    pub fn unload(&mut self, document: &str) -> Result<(), JsValue> {
        self.inner.unload(id(document)?);
        Ok(())
    }

    /// Carries out what a person did; returns what to store.
    pub fn execute(&mut self, command: JsValue, now: f64) -> Result<JsValue, JsValue> {
        let command: Command = from_js(command)?;
        let writes = self
            .inner
            .execute(command, instant(now))
            .map_err(Problem::from)?;
        writes_to_js(&writes)
    }

    /// The documents that must be loaded before `request`.
    pub fn documents_to_send(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.documents_to_send())
    }

    /// The next request's payload.
    pub fn request(&mut self, now: f64) -> Result<Uint8Array, JsValue> {
        let payload = self.inner.request(instant(now)).map_err(Problem::from)?;
        Ok(payload.as_slice().into())
    }

    /// A payload whose reply nobody hears, and whether it holds all that waits.
    pub fn request_to_leave(&self, now: f64) -> Result<JsValue, JsValue> {
        let left = self
            .inner
            .request_to_leave(instant(now))
            .map_err(Problem::from)?;
        let object: JsValue = js_sys::Object::new().into();
        set(
            &object,
            "payload",
            Uint8Array::from(left.payload.as_slice()),
        )?;
        set(&object, "whole", JsValue::from_bool(left.whole))?;
        Ok(object)
    }

    /// What the device's key signs.
    pub fn signed_bytes(&self, payload: &[u8]) -> Uint8Array {
        protocol::signed_bytes(self.device, payload)
            .as_slice()
            .into()
    }

    /// The body to post: payload and signature.
    pub fn seal(&self, payload: &[u8], signature: &[u8]) -> Result<Uint8Array, JsValue> {
        let signed = protocol::Signed {
            payload: payload.to_vec().into(),
            signature: signature.to_vec().into(),
        };
        let body = minicbor::to_vec(&signed).map_err(bad_argument)?;
        Ok(body.as_slice().into())
    }

    /// The documents that must be loaded before `receive`.
    pub fn documents_to_receive(&self, reply: &[u8]) -> Result<JsValue, JsValue> {
        let ids = self
            .inner
            .documents_to_receive(reply)
            .map_err(Problem::from)?;
        to_js(&ids)
    }

    /// Takes a reply in; returns what to store and what changed.
    pub fn receive(&mut self, reply: &[u8], now: f64) -> Result<JsValue, JsValue> {
        let received = self
            .inner
            .receive(reply, instant(now))
            .map_err(Problem::from)?;
        received_to_js(&received)
    }
}

/// Who may say what: see `sync_core::authority::offers`.
#[wasm_bindgen]
pub fn authority() -> String {
    sync_core::authority::offers()
}

/// The version of the documents' layout.
#[wasm_bindgen]
pub fn schema() -> u32 {
    model::SCHEMA
}

/// The night that an instant belongs to, `YYYY-MM-DD`.
#[wasm_bindgen]
pub fn night_of(ms: f64) -> String {
    instant(ms).night().to_string()
}

fn all<C: Code>() -> JsValue {
    C::ALL
        .iter()
        .map(|code| JsValue::from(code.to_string()))
        .collect::<Array>()
        .into()
}

/// The closed lists, by name.
#[wasm_bindgen]
pub fn codes() -> Result<JsValue, JsValue> {
    let lists: JsValue = js_sys::Object::new().into();
    set(&lists, "access", all::<model::Access>())?;
    set(&lists, "basis", all::<model::Basis>())?;
    set(&lists, "group", all::<model::Group>())?;
    set(&lists, "method", all::<model::Method>())?;
    set(&lists, "sleeping", all::<model::Sleeping>())?;
    set(&lists, "language", all::<model::Language>())?;
    set(&lists, "need", all::<model::Need>())?;
    set(&lists, "topic", all::<model::Topic>())?;
    set(&lists, "contact", all::<model::Contact>())?;
    set(&lists, "met_before", all::<model::MetBefore>())?;
    set(&lists, "place_type", all::<model::PlaceType>())?;
    set(&lists, "place_state", all::<model::PlaceState>())?;
    set(&lists, "callee", all::<model::Callee>())?;
    set(&lists, "outcome", all::<model::Outcome>())?;
    set(&lists, "handling", all::<model::Handling>())?;
    Ok(lists)
}

/// Every figure of the estimate to its last bit, on the published cases and on
/// synthetic cities: a line each, to be held against those of other platforms.
#[cfg(feature = "bits")]
#[wasm_bindgen]
pub fn estimate_bits(cases: &str) -> String {
    estimate_studies::bits::lines(cases)
}
