//! Documents beside the walks: alerts, and what visitors say.

use std::collections::BTreeMap;

use sync_core::ids::{DocumentId, RecordId};
use sync_core::model::{
    Alert, Call, Callee, Content, Feedback, Handling, Language, Need, Outcome, Records, Step,
};
use sync_core::time::Instant;

use super::DemoError;
use super::city::City;
use super::names::pick;
use super::phone::{AtDesk, Phones};
use super::walk::{Evening, moment, organisation};
use crate::shared::split_mix::Seeded;

const HOUR: i64 = 3_600_000;

/// An alert about every ten days, a view or a complaint about every two weeks.
pub(super) fn evening(
    random: &mut Seeded,
    city: &City,
    phones: &mut Phones,
    evening: &Evening<'_>,
) -> Result<(), DemoError> {
    let at = moment(random, evening.night);
    if at > evening.until {
        return Ok(());
    }
    if random.chance(0.1) && !city.places.is_empty() {
        let place = pick(
            random,
            &city.places.iter().map(|p| p.id).collect::<Vec<_>>(),
        );
        let content = alert(random, at, place);
        let id = DocumentId::made(at.night(), random.bytes());
        phones.record(organisation(random), id, &content, at)?;
        let outcome = pick(
            random,
            &[Outcome::TakenOver, Outcome::Helped, Outcome::Declined],
        );
        let closed = Instant(at.0 + HOUR);
        phones.at_desk(AtDesk::Close(id, outcome, closed));
    }
    if random.chance(0.07) {
        let content = feedback(random, at);
        let id = DocumentId::made(at.night(), random.bytes());
        phones.at_desk(AtDesk::Feedback(
            organisation(random),
            id,
            Box::new(content),
            at,
        ));
    }
    Ok(())
}

fn alert(random: &mut Seeded, at: Instant, place: DocumentId) -> Content {
    let call = Call {
        to: Callee::DutyService,
        at,
        answered_by: "socialsekreterare".to_owned(),
        withdrawn: false,
    };
    let calls = BTreeMap::from([(RecordId::from_bytes(random.bytes()), call)]);
    Content::Alert(Alert {
        category: pick(
            random,
            &[Need::Pregnancy, Need::MentalHealth, Need::OlderPerson],
        ),
        place: Some(place),
        opened: at,
        note: "Påhittat larm (exempel).".to_owned(),
        calls: Records(calls),
        acknowledgements: Records::default(),
        outcome: Outcome::Open,
        closed: None,
        withdrawn: false,
    })
}

fn feedback(random: &mut Seeded, at: Instant) -> Content {
    let step = Step {
        handling: Handling::Received,
        at,
        note: String::new(),
        withdrawn: false,
    };
    let steps = BTreeMap::from([(RecordId::from_bytes(random.bytes()), step)]);
    let text = pick(
        random,
        &[
            "Påhittad synpunkt: broschyren var lätt att förstå (exempel).",
            "Påhittat klagomål: väntetiden var lång (exempel).",
        ],
    );
    Content::Feedback(Feedback {
        text: text.to_owned(),
        language: Language::Sv,
        about: Some("eu-teamet".to_owned()),
        at,
        steps: Records(steps),
        reply: String::new(),
        withdrawn: false,
    })
}
