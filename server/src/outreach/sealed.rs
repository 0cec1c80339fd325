//! Envelopes: a request that a phone sealed for the server while it was open, so
//! that the browser can send it while the phone is locked, and nobody who holds
//! the phone can read it.
//!
//! HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
//! AES-256-GCM. On the wire: the encapsulated key (65 bytes), then the
//! ciphertext. Sealed within: the length of the device's token (1 byte), the
//! token, and the signed request as `POST /sync` takes it. Whoever sends an
//! envelope once more changes nothing, as with any request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, Serializable as _, single_shot_open};

/// The secret's file in the data directory.
pub const KEY_FILE: &str = "envelopes.key";
/// The text that the seal is bound to beside the key.
const INFO: &[u8] = b"lagesbild envelope 1";
/// Length of the encapsulated key, in bytes.
const ENCAPSULATED: usize = 65;
/// Bytes that an envelope adds to the request in it, at most.
pub(crate) const AROUND: usize = 512;

type Kem = DhP256HkdfSha256;

/// The key pair that opens envelopes.
pub(crate) struct EnvelopeKey {
    private: <Kem as hpke::Kem>::PrivateKey,
    public: String,
}

impl std::fmt::Debug for EnvelopeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EnvelopeKey")
    }
}

/// The contents of an envelope.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// The device's token.
    pub token: String,
    /// The signed request.
    pub request: Vec<u8>,
}

impl EnvelopeKey {
    /// The key pair that follows from a secret.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        let (private, public) = Kem::derive_keypair(secret);
        Self {
            private,
            public: URL_SAFE_NO_PAD.encode(public.to_bytes()),
        }
    }

    /// Returns the key that phones seal with: an uncompressed P-256 point, base64url.
    pub(crate) fn public(&self) -> &str {
        &self.public
    }

    /// Opens an envelope; `None` when it was not sealed for this key, or not so.
    pub(crate) fn open(&self, envelope: &[u8]) -> Option<Opened> {
        let (encapsulated, ciphertext) = envelope.split_at_checked(ENCAPSULATED)?;
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let inside = single_shot_open::<AesGcm256, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.private,
            &encapsulated,
            INFO,
            ciphertext,
            &[],
        )
        .ok()?;
        let (length, rest) = inside.split_first()?;
        let (token, request) = rest.split_at_checked(usize::from(*length))?;
        Some(Opened {
            token: str::from_utf8(token).ok()?.to_owned(),
            request: request.to_vec(),
        })
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use hpke::{OpModeS, single_shot_seal_with_rng};

    use super::*;

    /// Seals a request as a phone does.
    pub(crate) fn seal(public: &str, token: &str, request: &[u8]) -> Vec<u8> {
        let mut inside = vec![u8::try_from(token.len()).unwrap()];
        inside.extend_from_slice(token.as_bytes());
        inside.extend_from_slice(request);
        seal_bytes(public, &inside)
    }

    pub(super) fn seal_bytes(public: &str, inside: &[u8]) -> Vec<u8> {
        let public = URL_SAFE_NO_PAD.decode(public).unwrap();
        let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&public).unwrap();
        let (encapsulated, ciphertext) = single_shot_seal_with_rng::<AesGcm256, HkdfSha256, Kem>(
            &OpModeS::Base,
            &public,
            INFO,
            inside,
            &[],
            &mut getrandom::rand_core::UnwrapErr(getrandom::SysRng),
        )
        .unwrap();
        [encapsulated.to_bytes().to_vec(), ciphertext].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_key_opens_an_envelope_and_only_a_whole_one() {
        let key = EnvelopeKey::new(&[1; 32]);
        let sealed = testing::seal(key.public(), "token", b"request");
        let opened = key.open(&sealed).unwrap();
        assert_eq!(
            (opened.token.as_str(), &opened.request[..]),
            ("token", &b"request"[..])
        );
        assert_eq!(EnvelopeKey::new(&[2; 32]).open(&sealed), None);
        for length in 0..sealed.len() {
            assert_eq!(key.open(&sealed[..length]), None, "{length} bytes");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(&changed), None, "byte {at}");
        }
    }

    #[test]
    fn a_token_that_is_said_to_be_longer_than_all_there_is_opens_nothing() {
        let key = EnvelopeKey::new(&[1; 32]);
        let longer = testing::seal(key.public(), &"t".repeat(200), b"");
        assert_eq!(key.open(&longer).unwrap().request, b"");
        assert_eq!(
            key.open(&testing::seal_bytes(key.public(), &[9, b't'])),
            None
        );
        assert_eq!(key.open(&testing::seal_bytes(key.public(), &[])), None);
    }
}
