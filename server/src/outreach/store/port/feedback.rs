//! Views and complaints as a desk lists them.

use sync_core::ids::{DocumentId, OrganisationId};

use super::Answer;

/// Operations that list views and complaints.
pub trait FeedbackStore {
    /// Returns an organisation's views and complaints from the `from`th on, at most
    /// `limit`, and whether there are more: those that are not answered or closed first,
    /// the longest waiting before all, so that no flood pushes an unread one out of sight.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn feedback_of(
        &self,
        organisation: OrganisationId,
        from: u32,
        limit: u32,
    ) -> impl Answer<(Vec<DocumentId>, bool)>;
}
