//! The team key's fingerprint. The key itself lives on phones and desks only.

use sync_core::time::Instant;

use super::Answer;
use crate::shared::principal::Actor;

/// Operations on the fingerprint of the team key.
pub trait TeamKeyStore {
    /// Returns the fingerprint of the key that is in use; none before the first was made.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn team_key(&self) -> impl Answer<Option<String>>;

    /// Notes the fingerprint of a key that a desk has made. The first one
    /// stands unless `replace` says otherwise. Returns the one that stands.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn put_team_key(
        &self,
        fingerprint: String,
        replace: bool,
        by: Actor,
        now: Instant,
    ) -> impl Answer<String>;
}
