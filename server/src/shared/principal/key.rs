//! The key of a device: it signs each batch that the device sends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use sync_core::ids::DeviceId;
use sync_core::protocol::{enrolment_bytes, signed_bytes};

/// A public key on P-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKey(VerifyingKey);

/// Bytes that are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a public key is the 65 bytes of an uncompressed point on P-256, in base64url")]
pub struct KeyError;

impl DeviceKey {
    /// Length of the uncompressed point, in bytes.
    pub const LENGTH: usize = 65;

    /// Reads an uncompressed point (0x04, x, y) that lies on the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != Self::LENGTH {
            return Err(KeyError);
        }
        VerifyingKey::from_sec1_bytes(bytes)
            .map(Self)
            .map_err(|_| KeyError)
    }

    /// Reads the text that the browser sends: base64url without padding.
    pub fn from_base64url(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError)?)
    }

    /// The uncompressed point, 65 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_sec1_point(false).as_bytes().to_vec()
    }

    /// Checks whether the device that owns this key signed the payload: ECDSA with
    /// SHA-256 over [`signed_bytes`], 64 bytes r‖s as `WebCrypto` makes them.
    pub fn signed(&self, device: DeviceId, payload: &[u8], signature: &[u8]) -> bool {
        self.verifies(&signed_bytes(device, payload), signature)
    }

    /// Checks whether whoever asks to be enrolled with this code holds the private key:
    /// the same kind of signature over [`enrolment_bytes`], in base64url.
    pub fn proved(&self, code: &str, proof: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(proof)
            .is_ok_and(|signature| self.verifies(&enrolment_bytes(code), &signature))
    }

    fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|s| self.0.verify(bytes, &s).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;

    #[test]
    fn a_signature_holds_for_its_device_and_payload_only() {
        let secret = SigningKey::from_slice(&[7; 32]).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let key = DeviceKey::from_bytes(point.as_bytes()).unwrap();
        assert_eq!(key.to_bytes(), point.as_bytes());
        let device = DeviceId::from_bytes([1; 8]);
        let signature: Signature = secret.sign(&signed_bytes(device, b"batch"));
        let signature = signature.to_bytes();
        assert!(key.signed(device, b"batch", &signature));
        assert!(!key.signed(device, b"batcg", &signature));
        assert!(!key.signed(DeviceId::from_bytes([2; 8]), b"batch", &signature));
        assert!(!key.signed(device, b"batch", &signature[..63]));
        assert!(!key.signed(device, b"batch", &[0; 64]));
    }

    #[test]
    fn a_proof_holds_for_its_code_and_key_only() {
        let secret = SigningKey::from_slice(&[7; 32]).unwrap();
        let key = |secret: &SigningKey| {
            let point = secret.verifying_key().to_sec1_point(false);
            DeviceKey::from_bytes(point.as_bytes()).unwrap()
        };
        let sign = |bytes: &[u8]| {
            let signature: Signature = secret.sign(bytes);
            URL_SAFE_NO_PAD.encode(signature.to_bytes())
        };
        let proof = sign(b"lagesbild enrol 1\0abc");
        assert!(key(&secret).proved("abc", &proof));
        assert!(!key(&secret).proved("abd", &proof));
        let other = SigningKey::from_slice(&[8; 32]).unwrap();
        assert!(!key(&other).proved("abc", &proof));
        // What was signed to sync proves nothing here, nor does nothing.
        let device = DeviceId::from_bytes([1; 8]);
        assert!(!key(&secret).proved("abc", &sign(&signed_bytes(device, b"abc"))));
        for proof in ["", "åäö", &URL_SAFE_NO_PAD.encode([0; 64])] {
            assert!(!key(&secret).proved("abc", proof));
        }
    }

    #[test]
    fn refuses_what_is_no_point() {
        assert_eq!(DeviceKey::from_bytes(&[4; 65]), Err(KeyError));
        assert_eq!(DeviceKey::from_bytes(&[]), Err(KeyError));
        assert_eq!(DeviceKey::from_base64url("åäö"), Err(KeyError));
    }
}
