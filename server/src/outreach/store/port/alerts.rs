//! Alerts as a desk lists them.

use sync_core::ids::{DeviceId, DocumentId, OrganisationId};
use sync_core::time::Instant;

use super::Answer;
use crate::shared::accounts::members::Organisation;

/// An alert's place in the list; what it says is read from its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAlert {
    pub document: DocumentId,
    /// Whose phone raised it.
    pub organisation: Organisation,
    /// When the server heard of it, by its own clock.
    pub received_at: Instant,
    /// The place's name, when it is a recorded one.
    pub place_name: Option<String>,
    /// The code of the place's district.
    pub district: Option<String>,
}

/// A page of alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertPage {
    /// The alerts of the page, in the list's order.
    pub alerts: Vec<ListedAlert>,
    /// Whether there are more behind them.
    pub more: bool,
    /// Alerts that nobody has heard, on all pages.
    pub unheard: u32,
    /// Devices that raised very many of those.
    pub floods: Vec<Flood>,
}

/// Very many unheard alerts of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flood {
    pub device: DeviceId,
    /// Its organisation.
    pub organisation: Organisation,
    /// Its alerts that nobody has heard.
    pub unheard: u32,
}

/// Operations that list alerts.
pub trait AlertStore {
    /// Returns alerts of one organisation, or of all, from the `from`th on, at most
    /// `limit`: those that nobody has heard first, then those taken back unheard, those
    /// that somebody has, and the closed ones.
    ///
    /// Unheard ones come by their arrival, the first of each device before the second of
    /// any: whoever raises a hundred hides nobody else's. No date that a phone wrote plays
    /// a part.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn alerts(&self, of: Option<OrganisationId>, from: u32, limit: u32) -> impl Answer<AlertPage>;
}
