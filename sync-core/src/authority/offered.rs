//! The same table for pages, which ask before anything is written.

use serde::{Deserialize, Serialize};

use super::Who;
use super::table::{Field, Holds, creators, table};
use crate::model::Kind;

/// Returns the table for a program that cannot call [`may`], a line each: `visit` (making
/// one), `visit/counts` (adding a record) or `visit/counts/*/adults` (changing a field),
/// then two characters: the relations that may add and those that may change, each a set of
/// bits in the order of [`Who::EACH`], counted from `@`.
pub fn offers() -> String {
    let mut offers = String::new();
    for kind in [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback] {
        line(&mut offers, &[kind.as_str()], creators(kind), Who::NOBODY);
        below(&mut offers, &[kind.as_str()], table(kind));
    }
    offers
}

fn below(offers: &mut String, path: &[&str], fields: &'static [Field]) {
    for field in fields {
        let path = [path, &[field.name]].concat();
        line(offers, &path, field.first, field.later);
        if let Holds::Records(fields) = field.holds {
            below(offers, &[&path[..], &["*"]].concat(), fields);
        }
    }
}

fn line(offers: &mut String, path: &[&str], add: Who, change: Who) {
    offers.push_str(&path.join("/"));
    offers.push(' ');
    for who in [add, change] {
        offers.push(char::from(b'@' + who.bits()));
    }
    offers.push('\n');
}

/// An act that a page may offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Make a document (an empty path), or add a record (the path of its map).
    Add,
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
