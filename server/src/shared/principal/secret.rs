//! Tokens and invitation codes: random, shown once, stored hashed. They need no
//! salt and no slow hash, since nobody can guess 160 random bits.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The SHA-256 of a secret's text: what the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a text that somebody sent.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// A hash that the store holds.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The secret of a device or of a session: 256 random bits, 43 characters of
/// base64url. Never printed by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Makes one of random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The text, for the one who shall keep it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the hash that the store holds.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The code of an invitation: 160 random bits, 32 of `a–z2–7` (RFC 4648
/// base32), which every messenger leaves whole in a link.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(String);

impl InvitationCode {
    /// Makes one of random bytes.
    pub fn from_random(bytes: [u8; 20]) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut text = String::with_capacity(32);
        for five in bytes.chunks_exact(5) {
            let bits = five
                .iter()
                .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                text.push(char::from(ALPHABET[(bits >> (5 * place) & 31) as usize]));
            }
        }
        Self(text)
    }

    /// The text, for the link.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the hash that the store holds.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_base32() {
        // RFC 4648, section 10: "fooba" is MZXW6YTB.
        let code = InvitationCode::from_random(*b"foobafoobafoobafooba");
        assert_eq!(code.reveal(), "mzxw6ytb".repeat(4));
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = Token::from_random([7; 32]);
        assert_eq!(token.reveal().len(), 43);
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert_eq!(token.hash(), SecretHash::of(token.reveal()));
    }
}
