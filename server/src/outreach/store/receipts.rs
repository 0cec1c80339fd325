//! Receipts: the server's word that it held some changes of a document.
//!
//! A server that was put back to a backup believes its own word, so that any
//! phone that has a change can give it back, not only the one that made it. The
//! key lies beside the database, not in it, and is no part of a backup: whoever
//! reads one cannot make receipts.

use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sync_core::ids::{DocumentId, Hash};
use sync_core::model::Kind;
use sync_core::protocol::receipt_mark;

use crate::shared::database::StoreError;
use crate::shared::database::key_file::{self, KEY};

/// The key's file in the data directory.
pub const KEY_FILE: &str = "receipts.key";
/// Length of the part of a receipt that only the key can make, in bytes.
const TAG: usize = 16;

/// Makes receipts and knows them again.
#[derive(Clone)]
pub struct Receipts([u8; KEY]);

impl std::fmt::Debug for Receipts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipts")
    }
}

impl Receipts {
    /// Reads the key of a data directory; draws one when there is none.
    pub(super) fn open(directory: &Path) -> Result<Self, StoreError> {
        Ok(Self(key_file::read(directory, KEY_FILE)?))
    }

    /// The server's word that it holds `heads` of a document, sorted.
    pub fn make(&self, document: DocumentId, kind: Kind, heads: &[Hash]) -> Vec<u8> {
        let mut word = receipt_mark(heads).to_vec();
        word.extend_from_slice(&self.mac(document, kind, heads).finalize().into_bytes()[..TAG]);
        word
    }

    /// Checks whether a receipt is the server's own.
    pub fn knows(&self, document: DocumentId, kind: Kind, heads: &[Hash], word: &[u8]) -> bool {
        let mark = receipt_mark(heads);
        word.strip_prefix(&mark[..])
            .filter(|tag| tag.len() == TAG)
            .is_some_and(|tag| {
                self.mac(document, kind, heads)
                    .verify_truncated_left(tag)
                    .is_ok()
            })
    }

    fn mac(&self, document: DocumentId, kind: Kind, heads: &[Hash]) -> Hmac<Sha256> {
        // A key of any length will do for HMAC; this one has the hash's.
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = <Hmac<Sha256>>::new_from_slice(&self.0).expect("any length");
        mac.update(b"lagesbild receipt 1\0");
        mac.update(document.as_bytes());
        mac.update(kind.as_str().as_bytes());
        mac.update(&[0]);
        for head in heads {
            mac.update(head.as_bytes());
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_known_again_for_what_it_was_made_for() {
        let directory = tempfile::tempdir().unwrap();
        let receipts = Receipts::open(directory.path()).unwrap();
        let document = DocumentId::from_bytes([1; 16]);
        let heads = [Hash::from_bytes([2; 32]), Hash::from_bytes([3; 32])];
        let word = receipts.make(document, Kind::Visit, &heads);
        let again = Receipts::open(directory.path()).unwrap();
        assert!(again.knows(document, Kind::Visit, &heads, &word));
        assert!(!again.knows(document, Kind::Place, &heads, &word));
        assert!(!again.knows(document, Kind::Visit, &heads[..1], &word));
        assert!(!again.knows(DocumentId::from_bytes([4; 16]), Kind::Visit, &heads, &word));
        assert!(!again.knows(document, Kind::Visit, &heads, &word[..19]));
        assert!(!again.knows(document, Kind::Visit, &heads, &[]));
        let elsewhere = tempfile::tempdir().unwrap();
        let other = Receipts::open(elsewhere.path()).unwrap();
        assert!(!other.knows(document, Kind::Visit, &heads, &word));
    }
}
