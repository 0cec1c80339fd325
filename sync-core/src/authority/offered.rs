//! What a page may offer: the same table, asked before anything is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Who;
use super::table::{Field, Holds, creators, table};
use crate::model::Kind;

/// The table for a program that cannot call [`may`]: by `visit` (making one),
/// `visit/counts` (adding a record) and `visit/counts/*/adults` (changing a field), the
/// relations that may add and those that may change, as bits in the order of
/// [`Who::EACH`].
pub fn offers() -> BTreeMap<String, [u8; 2]> {
    let mut offers = BTreeMap::new();
    for kind in [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback] {
        offers.insert(kind.to_string(), [creators(kind).bits(), 0]);
        below(&mut offers, kind.as_str(), table(kind));
    }
    offers
}

fn below(offers: &mut BTreeMap<String, [u8; 2]>, path: &str, fields: &'static [Field]) {
    for field in fields {
        let path = format!("{path}/{}", field.name);
        if let Holds::Records(fields) = field.holds {
            below(offers, &format!("{path}/*"), fields);
        }
        offers.insert(path, [field.first.bits(), field.later.bits()]);
    }
}

/// What somebody would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Make a document (an empty path), or add a record (the path of its map).
    Add,
    /// Change a field.
    Change,
}

/// Returns whether somebody who stands in these relations to a document and the record
/// may do this. `path` has `*` for a record's id: `["counts", "*", "adults"]`. A path
/// that the table does not have is nobody's.
pub fn may(kind: Kind, path: &[&str], act: Act, relations: Who) -> bool {
    if path.is_empty() {
        return act == Act::Add && relations.meets(creators(kind));
    }
    let Some(field) = find(table(kind), path) else {
        return false;
    };
    let who = match act {
        Act::Add if matches!(field.holds, Holds::Records(_)) => field.first,
        Act::Add => return false,
        Act::Change => field.later,
    };
    relations.meets(who)
}

fn find(fields: &'static [Field], path: &[&str]) -> Option<&'static Field> {
    let (name, rest) = path.split_first()?;
    let field = fields.iter().find(|f| f.name == *name)?;
    match (rest, &field.holds) {
        ([], _) | (["*"], Holds::Members) => Some(field),
        (["*", rest @ ..], Holds::Records(fields)) => find(fields, rest),
        _ => None,
    }
}
