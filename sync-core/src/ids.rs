//! Identifiers. Each is its own type, so that a place cannot stand where a
//! visit is meant. Randomness comes from the caller.

pub use automerge::ActorId;

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::time::Night;

/// A text that should be an identifier and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {expected} lower-case hexadecimal digits, not {got:?}")]
pub struct IdError {
    what: &'static str,
    expected: usize,
    got: String,
}

fn hex(bytes: &[u8], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // In one piece: ids are written by the thousand.
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out.write_str(&text)
}

fn nibble(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

/// Reads the text of an identifier.
struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err = IdError>> Visitor<'_> for Text<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier's text")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Reads just `N` bytes.
struct Bytes<const N: usize>;

impl<const N: usize> Visitor<'_> for Bytes<N> {
    type Value = [u8; N];
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} bytes")
    }
    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
        bytes
            .try_into()
            .map_err(|_| E::invalid_length(bytes.len(), &self))
    }
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name([u8; $len]);

        impl $name {
            /// The length of an id in bytes.
            pub const LENGTH: usize = $len;

            /// Wraps bytes that the caller drew at random.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Returns the identifier's bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads bytes of unknown length; `None` when there are too many or too few.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                unhex(text).map(Self).ok_or_else(|| IdError {
                    what: $what,
                    expected: 2 * $len,
                    got: text.chars().take(80).collect(),
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        // Text where people read it; in documents a byte string, half the size.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    deserializer.deserialize_str(Text(PhantomData))
                } else {
                    deserializer.deserialize_bytes(Bytes).map(Self)
                }
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| minicbor::decode::Error::message(concat!($what, ": wrong length")))
            }
        }
    };
}

byte_id!(
    /// A document: 16 bytes, 32 hexadecimal digits as text. Whoever makes one takes
    /// [`DocumentId::made`]; a reader must not rely on it.
    DocumentId,
    16,
    "a document id"
);

/// Nights whose documents' ids begin alike: as many as a period has.
const NIGHTS_ALIKE: i64 = 28;

impl DocumentId {
    /// Returns the id of a document made on a night: in which four weeks (counted since
    /// 1970, two bytes), then what the caller drew at random. So ids that come together lie
    /// together wherever they are sorted, and what a server takes in goes to few pages of
    /// its index, however much it holds. It says no more: an id outlives what is erased,
    /// and lies unsealed on a locked phone.
    pub fn made(night: Night, drawn: [u8; 14]) -> Self {
        let weeks = night.0.div_euclid(NIGHTS_ALIKE).to_be_bytes();
        let mut id = [0; Self::LENGTH];
        id[..2].copy_from_slice(&weeks[6..]);
        id[2..].copy_from_slice(&drawn);
        Self(id)
    }
}

byte_id!(
    /// An enrolled device: 8 random bytes that the server gave it. The actor id of
    /// each of its changes starts with them.
    DeviceId,
    8,
    "a device id"
);
byte_id!(
    /// One run of the app on a device: 8 random bytes. Device and session make the
    /// actor id, so no two tabs, and no two lives of one storage, share an actor.
    SessionId,
    8,
    "a session id"
);
byte_id!(
    /// A record inside a document (a count, an encounter, a call …): 8 random bytes,
    /// 16 hexadecimal digits as key.
    RecordId,
    8,
    "a record id"
);
byte_id!(
    /// The SHA-256 of a change: its name everywhere.
    Hash,
    32,
    "a change hash"
);

impl From<automerge::ChangeHash> for Hash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<Hash> for automerge::ChangeHash {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

/// Returns the actor of one session on one device: device id, then session id.
pub fn actor(device: DeviceId, session: SessionId) -> automerge::ActorId {
    let mut bytes = Vec::with_capacity(DeviceId::LENGTH + SessionId::LENGTH);
    bytes.extend_from_slice(device.as_bytes());
    bytes.extend_from_slice(session.as_bytes());
    automerge::ActorId::from(bytes)
}

/// Returns the device that an actor belongs to; `None` for an actor of another shape.
pub fn device_of(actor: &automerge::ActorId) -> Option<DeviceId> {
    let bytes = actor.to_bytes();
    (bytes.len() == DeviceId::LENGTH + SessionId::LENGTH)
        .then(|| DeviceId::from_slice(&bytes[..DeviceId::LENGTH]))
        .flatten()
}

/// An organisation of the partnership: its short name, e.g. `eu-teamet`.
/// 1–32 of `a–z`, `0–9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganisationId(String);

/// A text that should be a short name and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a short name is 1 to 32 of a–z, 0–9 and '-', not {0:?}")]
pub struct SlugError(String);

impl OrganisationId {
    /// Returns the short name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrganisationId {
    type Err = SlugError;
    fn from_str(text: &str) -> Result<Self, SlugError> {
        let fits = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(SlugError(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for OrganisationId {
    type Error = SlugError;
    fn try_from(text: String) -> Result<Self, SlugError> {
        text.parse()
    }
}

impl From<OrganisationId> for String {
    fn from(id: OrganisationId) -> String {
        id.0
    }
}

impl fmt::Display for OrganisationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_refuses_the_rest() {
        let id = DocumentId::from_bytes([0xa7; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in [
            "",
            "a7",
            &"A7".repeat(16),
            &"g0".repeat(16),
            &"a7".repeat(17),
        ] {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn documents_of_four_weeks_lie_together() {
        let made = |night| DocumentId::made(Night(night), [0xab; 14]).to_string();
        let drawn = "ab".repeat(14);
        assert_eq!(made(20_776), format!("02e6{drawn}"));
        assert_eq!(made(20_803), made(20_776));
        assert_eq!(made(20_804), format!("02e7{drawn}"));
        // Of a clock that is wrong: an id all the same.
        assert_eq!(made(-1), format!("ffff{drawn}"));
    }

    #[test]
    fn an_actor_names_its_device() {
        let device = DeviceId::from_bytes([3; 8]);
        let actor = actor(device, SessionId::from_bytes([9; 8]));
        assert_eq!(device_of(&actor), Some(device));
        assert_eq!(device_of(&automerge::ActorId::from(vec![3; 8])), None);
    }
}
