//! Who may say what. The gate knows that a change has the right form; this says
//! whether whoever made it had the right to say it.
//!
//! A change is judged by what it does to the document's meaning, on what it builds
//! on: by the operations in it, by who made the record that each touches (which the
//! engine's own operation ids name), and by how the sender stands to the document.
//! Nothing that arrives beside it or later plays a part, so every order of arrival
//! gives one answer.
//!
//! The table itself is [`table`]; `docs/security.md` prints it, and a test holds the
//! two against each other. The phone asks the same table before it offers a button.

mod judge;
mod offered;
mod personal_number;
mod table;
#[cfg(test)]
mod tests;

use crate::ids::{DeviceId, OrganisationId};
use crate::time::Instant;

pub(crate) use judge::judge;
pub use offered::{Act, may, offers};
pub use personal_number::holds_personal_number;
pub use table::{Field, Holds, Sense, markdown, table};

/// How far from its receipt a date of a visit, an alert or feedback may lie. What
/// lies outside waits for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When the change reached the server, by the server's clock.
    pub received: Instant,
    /// How long before that, milliseconds.
    pub before: i64,
    /// How long after it, milliseconds.
    pub after: i64,
}

impl Window {
    /// 45 days before (a period and the time after which a phone locks itself), 48 hours
    /// after.
    pub const fn around(received: Instant) -> Self {
        Self {
            received,
            before: 45 * 86_400_000,
            after: 48 * 3_600_000,
        }
    }
}

/// In which capacity somebody sends a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// A worker's phone.
    Worker,
    /// A coordinator's phone.
    Coordinator,
    /// The server's own hand: what somebody did at a desk, which the server has
    /// checked by their role.
    Desk,
    /// A coordinator lets in what waited in quarantine. Judged as a coordinator's, in the
    /// name of the device that made it; dates are not looked at, since a person did.
    Release,
}

/// Who sends a change.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The device. Each change's actor must name it.
    pub device: DeviceId,
    /// In which capacity.
    pub capacity: Capacity,
    /// Whether the document belongs to the sender's organisation, as a new one does.
    pub own: bool,
    /// Which dates are let in; none when they are not looked at.
    pub window: Option<Window>,
    /// The partnership's organisations; none when they are not known here.
    pub organisations: Option<&'a [OrganisationId]>,
}

impl Actor<'_> {
    /// Returns a worker of the document's organisation, whose dates are not looked at.
    pub const fn worker(device: DeviceId) -> Self {
        Self {
            device,
            capacity: Capacity::Worker,
            own: true,
            window: None,
            organisations: None,
        }
    }
}

/// Relations to a record or a document, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who(u8);

impl Who {
    /// Nobody, not even the desk: fixed once said.
    pub const NOBODY: Self = Self(0);
    /// The device that made the record (the document, outside of records).
    pub const MAKER: Self = Self(1);
    /// Anybody of the document's organisation.
    pub const COLLEAGUE: Self = Self(2);
    /// A coordinator of the document's organisation.
    pub const COORDINATOR: Self = Self(4);
    /// Anybody of another organisation (which only places reach).
    pub const STRANGER: Self = Self(8);
    /// The desk, through the server.
    pub const DESK: Self = Self(16);

    /// Each relation by itself.
    pub const EACH: [Self; 5] = [
        Self::MAKER,
        Self::COLLEAGUE,
        Self::COORDINATOR,
        Self::STRANGER,
        Self::DESK,
    ];

    /// Returns those of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether the two have a relation in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the set as bits, in the order of [`Who::EACH`].
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Returns the relation's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MAKER => "maker",
            Self::COLLEAGUE => "colleague",
            Self::COORDINATOR => "coordinator",
            Self::STRANGER => "other organisation",
            Self::DESK => "desk",
            Self::NOBODY => "nobody",
            _ => "several",
        }
    }
}
