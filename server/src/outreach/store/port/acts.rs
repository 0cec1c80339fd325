//! Acts that need two people: asked for by one, claimed by the other, then done.

use sync_core::ids::DeviceId;
use sync_core::time::Instant;

use super::Answer;
use crate::outreach::rights::{self, Asker};
use crate::shared::database::StoreError;
use crate::shared::principal::{Actor, Principal};

/// The act that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The sort of act: a stable code.
    pub act: Wanted,
    /// To what it is done: a document's, device's or undo's id, a key's fingerprint, or why
    /// retention stands still.
    pub subject: String,
    /// Of an undo: since when.
    pub since: Option<Instant>,
    /// Of an undo: whether the device's quarantine is discarded as well.
    pub quarantine: bool,
}

/// The acts that wait for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Another team key takes the place of the one that all share.
    ReplaceTeamKey,
    /// A document is erased for ever.
    EraseDocument,
    /// What a device said since a time is taken back.
    UndoDevice,
    /// Such an undo is taken back.
    UndoUndo,
    /// Retention goes on, and destroys what all organisations recorded.
    RetentionGoOn,
}

impl Wanted {
    const ALL: [Self; 5] = [
        Self::ReplaceTeamKey,
        Self::EraseDocument,
        Self::UndoDevice,
        Self::UndoUndo,
        Self::RetentionGoOn,
    ];

    pub(in crate::outreach::store) const fn as_str(self) -> &'static str {
        match self {
            Self::ReplaceTeamKey => "replace_team_key",
            Self::EraseDocument => "erase_document",
            Self::UndoDevice => "undo_device",
            Self::UndoUndo => "undo_undo",
            Self::RetentionGoOn => "retention_go_on",
        }
    }

    pub(in crate::outreach::store) fn parse(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|act| act.as_str() == text)
            .ok_or_else(|| StoreError::Inconsistent(format!("an act {text:?}")))
    }
}

/// An act that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The row's number.
    pub id: i64,
    /// The act that is to be done.
    pub asked: Asked,
    /// The member who asked.
    pub by: Asker,
    /// When it was asked for, by the server's clock.
    pub asked_at: Instant,
    /// Until when it may be confirmed.
    pub expires_at: Instant,
}

/// The result of an attempt to settle an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is settled; what is to be done now, if it was confirmed.
    Done(Asked),
    /// There is no such act, or no longer.
    Unknown,
    /// Somebody else must settle it.
    NotAllowed,
}

/// Operations on the acts that need two people.
pub trait ActStore {
    /// Notes that somebody asks for an act. The same again gives the one that waits;
    /// `None` when the device asks for too many.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn ask_act(&self, asked: Asked, by: Actor, now: Instant) -> impl Answer<Option<Waiting>>;

    /// Lists the acts that wait for a second person, the oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn waiting_acts(&self, now: Instant) -> impl Answer<Vec<Waiting>>;

    /// Claims an act for whoever confirms it: only one can. The caller does what it says,
    /// and gives it back with [`Self::reopen_act`] when that fails.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn confirm_act(&self, id: i64, by: Principal, now: Instant) -> impl Answer<Settled>;

    /// Takes an act back: whoever asked for it, or an administrator.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn withdraw_act(&self, id: i64, by: Principal, now: Instant) -> impl Answer<Settled>;

    /// Lets an act that was confirmed and could not be done wait again.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn reopen_act(&self, id: i64) -> impl Answer<()>;

    /// Returns whose a device is, also of one that was revoked.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn owner_of(&self, device: DeviceId) -> impl Answer<Option<rights::Owned>>;
}
