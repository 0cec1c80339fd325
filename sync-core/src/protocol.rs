//! The messages of phone and server. CBOR (RFC 8949) maps with integer keys: small, and an
//! unknown key is passed over, so fields can be added.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::ids::{DeviceId, DocumentId, Hash};
use crate::model::Kind;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;
/// Largest request or reply body, after decompression, in bytes. Replies stop
/// filling at this size and say that there is more.
pub const BODY_BYTES: usize = 1_000_000;
/// Most documents in one request or reply.
pub const MOST_DOCUMENTS: usize = 200;
/// Largest single change, in bytes.
pub const CHANGE_BYTES: usize = 64 * 1024;

/// Returns whether an answer's code means that nothing is wrong with the changes, only that
/// the server did not take them this time: they wait, and are offered again by themselves.
pub fn is_later(code: &str) -> bool {
    matches!(code, "later" | "quota" | "disk_reserve")
}

/// Begins everything that is signed, so that a signature made for one purpose never serves
/// another.
pub const SIGNATURE_CONTEXT: &[u8] = b"lagesbild sync 1\0";

/// Returns the bytes that the device's key signs: context, device id, payload.
pub fn signed_bytes(device: DeviceId, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(SIGNATURE_CONTEXT.len() + DeviceId::LENGTH + payload.len());
    out.extend_from_slice(SIGNATURE_CONTEXT);
    out.extend_from_slice(device.as_bytes());
    out.extend_from_slice(payload);
    out
}

/// Begins the bytes that a device signs when it enrols.
pub const ENROLMENT_CONTEXT: &[u8] = b"lagesbild enrol 1\0";

/// Returns the bytes that a new device's key signs to show that it holds the private key:
/// context, then the invitation's code.
pub fn enrolment_bytes(code: &str) -> Vec<u8> {
    [ENROLMENT_CONTEXT, code.as_bytes()].concat()
}

/// The body of `POST /api/v1/sync`: the encoded [`Request`] and the device's
/// signature (ECDSA P-256 with SHA-256 over [`signed_bytes`], 64 bytes r‖s).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Signed {
    /// An encoded [`Request`].
    #[n(0)]
    pub payload: ByteVec,
    #[n(1)]
    pub signature: ByteVec,
}

/// A phone's request.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Request {
    /// The sender's [`PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// The server's epoch as the phone knows it; 0 before the first reply.
    #[n(1)]
    pub epoch: u64,
    /// How far the phone has read the server's log; 0 for everything.
    #[n(2)]
    pub cursor: u64,
    /// The phone's own clock at sending, as it runs: never corrected by the server's, which
    /// it is compared with. Milliseconds since 1970 UTC.
    #[n(3)]
    pub sent_at: i64,
    /// Documents with changes for the server.
    #[n(4)]
    pub batch: Vec<Offer>,
    /// In the middle of a reading of several pages, the cursor at which it began:
    /// a document comes with the page of its newest change, and may hold older ones
    /// that no page before had.
    #[n(5)]
    pub since: Option<u64>,
}

/// Changes to one document, offered to the server.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Offer {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: Kind,
    /// Heads that the phone knows the server to hold. Empty for a new document.
    #[n(2)]
    pub known_heads: Vec<Hash>,
    /// Changes (plain change chunks), in causal order.
    #[n(3)]
    pub changes: Vec<ByteVec>,
    /// After a restored server: what it once held of others' making.
    #[n(4)]
    pub relayed: Option<Relayed>,
}

/// Changes that the phone got from this server, which may have lost them since.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Relayed {
    /// The heads that the server gave its word on: it held these changes of the document
    /// and all that they build on.
    #[n(0)]
    pub heads: Vec<Hash>,
    /// Its word: see [`Delivery::receipt`].
    #[n(1)]
    pub receipt: ByteVec,
    /// Changes by anyone, in causal order, each among the heads or before them.
    #[n(2)]
    pub changes: Vec<ByteVec>,
}

/// Returns the first bytes of a receipt: they tell a phone which heads (sorted) it is for.
/// The rest of it only the server can make.
pub fn receipt_mark(heads: &[Hash]) -> [u8; 4] {
    let mut digest = Sha256::new();
    for head in heads {
        digest.update(head.as_bytes());
    }
    let digest: [u8; 32] = digest.finalize().into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

/// The server's reply, after the changes are on disk.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reply {
    /// The server's epoch. When it differs from the phone's, the server was
    /// restored from a backup and the phone offers again what it made.
    #[n(0)]
    pub epoch: u64,
    /// How far this reply reads the log.
    #[n(1)]
    pub cursor: u64,
    /// Whether there is more to read; ask again with the new cursor.
    #[n(2)]
    pub more: bool,
    /// One result for each offered document, in the order of the request.
    #[n(3)]
    pub results: Vec<OfferResult>,
    /// Documents that are new to the phone.
    #[n(4)]
    pub documents: Vec<Delivery>,
    /// Documents that were erased: the phone deletes them.
    #[n(5)]
    pub purge: Vec<DocumentId>,
    /// Other organisations' visits, without what they saw of people.
    #[n(6)]
    pub coverage: Vec<Coverage>,
    /// The places drawn in the present period, when they changed since the
    /// request's cursor; `None` when nothing changed.
    #[n(7)]
    pub draw: Option<Draw>,
    /// The server's clock, milliseconds since 1970 UTC.
    #[n(8)]
    pub server_time: i64,
    /// Whether the server takes its own clock for wrong: the phone then says nothing of
    /// its own, and corrects nothing by the server's.
    #[n(9)]
    #[cbor(default)]
    pub clock_doubted: bool,
}

/// The outcome of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OfferResult {
    #[n(0)]
    pub document: DocumentId,
    /// How many of the offered changes the server now holds on disk, counted
    /// from the first: those after them were rejected.
    #[n(1)]
    pub accepted: u32,
    /// Why not all were let in; none when all were.
    #[n(2)]
    pub rejected: Option<Rejected>,
    /// How many of the relayed changes the server now holds; `None` when none
    /// were offered, or when the server does not know the receipt as its own.
    #[n(3)]
    pub relayed: Option<u32>,
}

/// Why a change was not let in. The change stays on the phone and in the
/// server's quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rejected {
    /// A code that never changes its meaning.
    #[n(0)]
    pub code: String,
    /// A sentence for whoever looks into it. Holds no content.
    #[n(1)]
    pub detail: String,
}

/// A document, or what is new in it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Delivery {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: Kind,
    /// The whole document (a document chunk without deflated columns), for a
    /// phone that has nothing of it.
    #[n(2)]
    pub snapshot: Option<ByteVec>,
    /// Changes since the phone's cursor, or since the snapshot.
    #[n(3)]
    pub changes: Vec<ByteVec>,
    /// The server's word that it holds what the document now amounts to: bytes
    /// that only it can make, for [`Relayed::receipt`].
    #[n(4)]
    pub receipt: Option<ByteVec>,
    /// `false` for a place that another organisation found.
    #[n(5)]
    pub own: Option<bool>,
}

/// Another organisation's visits to a place on one night: no encounters, no people.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Coverage {
    #[n(0)]
    pub place: DocumentId,
    /// The night, days since 1970-01-01.
    #[n(1)]
    pub night: i64,
    /// The organisation's short name.
    #[n(2)]
    pub organisation: String,
    /// Whether it saw the whole place.
    #[n(3)]
    pub complete: bool,
    /// Its figure (the median of its counts); `None` without access, or when
    /// the visit was taken back.
    #[n(4)]
    pub count: Option<u32>,
    /// Whether there is a visit at all; `false` tells the phone to drop the row.
    #[n(5)]
    pub present: bool,
}

/// The places drawn for a period.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Draw {
    /// First night of the period, days since 1970-01-01.
    #[n(0)]
    pub period: i64,
    /// When the draw was made, milliseconds since 1970 UTC; 0 when none was made yet.
    #[n(1)]
    pub drawn_at: i64,
    /// The drawn places.
    #[n(2)]
    pub places: Vec<DocumentId>,
}

impl<C> Encode<C> for Kind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Kind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?.parse().map_err(minicbor::decode::Error::message)
    }
}
