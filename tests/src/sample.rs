//! Synthetic content.

use sync_core::ids::{DeviceId, DocumentId, RecordId};
use sync_core::model::{
    Access, Alert, Basis, Code, Content, Count, Need, Outcome, Place, PlaceType, Records, Sleeping,
    Visit,
};
use sync_core::time::Instant;

/// A place in a district.
pub fn place(name: &str, district: &str, created: Instant) -> Content {
    Content::Place(Place {
        name: format!("{name} (exempel)"),
        place_type: PlaceType::SleepingPlace,
        district: district.to_owned(),
        latitude: None,
        longitude: None,
        exact: false,
        created,
        states: Records::default(),
        tips: Records::default(),
        proposals: Records::default(),
        same_as: None,
        note: String::new(),
        withdrawn: false,
    })
}

/// A count of some adults.
pub fn count(observer: DeviceId, at: Instant, adults: u32) -> Count {
    Count {
        sleeping: Sleeping::Outdoors,
        ..Count::of_adults(observer, at, adults)
    }
}

/// A complete visit with one count.
pub fn visit(place: DocumentId, record: RecordId, count: Count) -> Content {
    Content::Visit(Visit {
        place,
        started: count.at,
        ended: None,
        access: Access::Complete,
        basis: Basis::Chosen,
        weather_opening: false,
        counts: Records([(record, count)].into()),
        encounters: Records::default(),
        note: String::new(),
        withdrawn: false,
    })
}

/// An alert that nobody has heard.
pub fn alert(opened: Instant) -> Content {
    Content::Alert(Alert {
        category: Need::ALL[0],
        place: None,
        opened,
        note: "vid entrén (exempel)".to_owned(),
        calls: Records::default(),
        acknowledgements: Records::default(),
        outcome: Outcome::Open,
        closed: None,
        withdrawn: false,
    })
}
