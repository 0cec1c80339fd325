//! Places as a desk asks for them.

use sync_core::ids::DocumentId;

use super::Answer;

/// Operations that read places.
pub trait PlaceStore {
    /// Returns places with proposals that nobody has decided, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn places_with_proposals(&self, limit: u32) -> impl Answer<Vec<DocumentId>>;

    /// Counts the proposals that nobody has decided.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn open_proposals(&self) -> impl Answer<u64>;

    /// Returns the places that count: neither withdrawn nor the same as another.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn counted_places(&self) -> impl Answer<Vec<DocumentId>>;

    /// Returns what places are called; those that are not there are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn place_names(&self, places: Vec<DocumentId>) -> impl Answer<Vec<(DocumentId, String)>>;

    /// Returns how many places would count as one if `place`, with all that count as it,
    /// were the same as `other`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn counted_as_one(&self, place: DocumentId, other: DocumentId) -> impl Answer<u64>;
}
