//! Who said what a document says: read from the engine's history, so that no field has
//! to hold it and nobody can claim it.

use std::collections::BTreeMap;

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValueRef, ValueRef};
use serde::Serialize;
use serde_json::Value;

use super::Document;
use super::conflict::Written;
use crate::ids::{DeviceId, device_of};
use crate::time::Instant;

/// Who made a document and its records, and who changed what afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Authorship {
    /// The device that made the document.
    pub made_by: Option<DeviceId>,
    /// The devices that made records, by `counts/<record>`, where it was another.
    pub records: BTreeMap<String, DeviceId>,
    /// Values that another than their record's maker has written since, and everything that
    /// was withdrawn.
    pub said: Vec<Said>,
}

/// A value that somebody put in the place of another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Said {
    /// Keys from the root to the field.
    pub path: Vec<String>,
    pub device: DeviceId,
    /// When, by that device's clock; to the second.
    pub at: Option<Instant>,
}

impl Document {
    /// Returns the device that made the document; none while it is empty.
    pub fn founder(&self) -> Option<DeviceId> {
        self.engine()
            .get_changes_meta(&[])
            .into_iter()
            .find(|change| change.deps.is_empty())
            .and_then(|change| device_of(&change.actor))
    }

    /// Returns the device that made every change of the document; none where there are several.
    fn only_author(&self) -> Option<DeviceId> {
        let mut devices = self
            .engine()
            .get_changes_meta(&[])
            .into_iter()
            .map(|change| device_of(&change.actor));
        let first = devices.next()??;
        devices.all(|device| device == Some(first)).then_some(first)
    }

    /// Returns [`Document::authorship`] of a document whose content is at hand.
    ///
    /// Most documents are one worker's, and nothing in them is withdrawn: then there is
    /// nothing to look for.
    pub(crate) fn authorship_of(&self, shown: &Value) -> Authorship {
        match self.only_author() {
            Some(device) if !withdraws(shown) => Authorship {
                made_by: Some(device),
                ..Authorship::default()
            },
            _ => self.authorship(),
        }
    }

    /// Returns who said what the document says.
    pub fn authorship(&self) -> Authorship {
        let engine = self.engine();
        let founder = self.founder();
        let mut walk = Walk {
            engine,
            authorship: Authorship {
                made_by: founder,
                ..Authorship::default()
            },
            written: None,
        };
        walk.map(&ROOT, &mut Vec::new(), founder);
        walk.authorship
    }
}

/// Returns whether anything in a content is withdrawn.
fn withdraws(content: &Value) -> bool {
    let Value::Object(fields) = content else {
        return false;
    };
    fields
        .iter()
        .any(|(key, value)| (key == "withdrawn" && *value == Value::Bool(true)) || withdraws(value))
}

struct Walk<'a> {
    engine: &'a Automerge,
    authorship: Authorship,
    /// Read once somebody needs it.
    written: Option<Written>,
}

impl Walk<'_> {
    fn map(&mut self, object: &ObjId, path: &mut Vec<String>, maker: Option<DeviceId>) {
        let engine = self.engine;
        for item in engine.map_range(object, ..) {
            let id = item.id();
            let ObjId::Id(counter, actor, _) = &id else {
                continue;
            };
            let device = device_of(actor);
            path.push(item.key.to_string());
            match item.value {
                ValueRef::Object(ObjType::Map) => {
                    // A record lies two keys deep.
                    let is_record = path.len() == 2;
                    if is_record
                        && device != self.authorship.made_by
                        && let Some(device) = device
                    {
                        self.authorship.records.insert(path.join("/"), device);
                    }
                    self.map(&id, path, if is_record { device } else { maker });
                }
                value => {
                    let withdrawn = item.key == "withdrawn"
                        && matches!(value, ValueRef::Scalar(ScalarValueRef::Boolean(true)));
                    if (withdrawn || device != maker)
                        && let Some(device) = device
                    {
                        let written = self.written.get_or_insert_with(|| Written::of(engine));
                        let at = written.at(&actor.to_hex_string(), *counter);
                        let path = path.clone();
                        self.authorship.said.push(Said { path, device, at });
                    }
                }
            }
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::typed;
    use crate::ids::{SessionId, actor};
    use crate::model::{Count, Kind};

    const NOW: Instant = Instant(1_795_000_000_000);

    #[test]
    fn what_its_only_author_withdrew_is_said() {
        let device = DeviceId::from_bytes([1; 8]);
        let by = |session: u8| actor(device, SessionId::from_bytes([session; 8]));
        let made = json!({
            "place": "0a".repeat(16), "started": NOW.0, "ended": null, "access": "complete",
            "basis": "chosen", "weather_opening": false,
            "counts": {"0101010101010101": json!(Count::of_adults(device, NOW, 4))},
            "encounters": {}, "note": "", "withdrawn": false
        });
        let content = typed(Kind::Visit, made.clone()).unwrap();
        let (mut document, _) = Document::create(by(1), &content, NOW).unwrap();
        let mut gone = made.clone();
        gone["counts"]["0101010101010101"]["withdrawn"] = json!(true);
        document.edit(by(2), &made, &gone, NOW).unwrap();
        let authorship = document.authorship_of(&gone);
        assert_eq!(authorship, document.authorship());
        assert_eq!(authorship.said.len(), 1);
        document.edit(by(3), &gone, &made, NOW).unwrap();
        let authorship = document.authorship_of(&made);
        assert_eq!(authorship, document.authorship());
        assert!(authorship.said.is_empty());
    }

    #[test]
    fn says_who_counted_who_corrected_and_who_withdrew() {
        let device = |n: u8| DeviceId::from_bytes([n; 8]);
        let by = |n: u8| actor(device(n), SessionId::from_bytes([1; 8]));
        let count =
            |adults: u32, observer: u8| json!(Count::of_adults(device(observer), NOW, adults));
        let base = json!({
            "place": "0a".repeat(16), "started": NOW.0, "ended": null, "access": "complete",
            "basis": "chosen", "weather_opening": false,
            "counts": {"0101010101010101": count(4, 1)}, "encounters": {}, "note": "",
            "withdrawn": false
        });
        let content = typed(Kind::Visit, base.clone()).unwrap();
        let (mut document, _) = Document::create(by(1), &content, NOW).unwrap();
        let authorship = document.authorship_of(&base);
        assert_eq!(authorship, document.authorship());
        assert_eq!(authorship.made_by, Some(device(1)));
        assert!(authorship.records.is_empty() && authorship.said.is_empty());

        let mut added = base.clone();
        added["counts"]["0202020202020202"] = count(5, 2);
        added["counts"]["0101010101010101"]["adults"] = json!(6);
        let later = Instant(NOW.0 + 60_000);
        document.edit(by(2), &base, &added, later).unwrap();
        let mut gone = added.clone();
        gone["counts"]["0202020202020202"]["withdrawn"] = json!(true);
        document.edit(by(2), &added, &gone, later).unwrap();
        let authorship = document.authorship_of(&gone);
        assert_eq!(
            authorship.records,
            [("counts/0202020202020202".to_owned(), device(2))].into()
        );
        let said: Vec<(String, DeviceId, Option<Instant>)> = authorship
            .said
            .into_iter()
            .map(|said| (said.path.join("/"), said.device, said.at))
            .collect();
        let expected = |path: &str| (path.to_owned(), device(2), Some(later));
        assert_eq!(
            said,
            [
                expected("counts/0101010101010101/adults"),
                expected("counts/0202020202020202/withdrawn"),
            ]
        );
    }
}
