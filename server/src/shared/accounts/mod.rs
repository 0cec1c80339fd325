//! Who may sign in: organisations, members, invitations, devices, sessions.

pub mod devices;
pub mod invitations;
pub mod members;
pub mod sessions;

use tokio::sync::watch;

use crate::shared::database::Database;

/// The accounts of a database; clones share them. Operations are `impl Accounts` blocks in
/// files by topic.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(super) database: Database,
    departures: watch::Sender<u64>,
}

impl Accounts {
    /// The accounts in a database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            departures: watch::Sender::new(0),
        }
    }

    /// Changes whenever this process revoked a device or ended a session: whoever serves
    /// one for long looks again whether it is still let in.
    pub fn departures(&self) -> watch::Receiver<u64> {
        self.departures.subscribe()
    }

    /// Announces that a device or a session may have been ended.
    pub(super) fn somebody_left(&self) {
        self.departures.send_modify(|n| *n = n.wrapping_add(1));
    }
}
