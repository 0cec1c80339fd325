//! Who may do what to whom: one table, which the routes ask and the documentation shows.
//!
//! Roles decide what a caller sees (`Caller<…>`); this decides acts on somebody's device,
//! membership or document, and what concerns the whole partnership.

use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::model::Kind;

use crate::shared::principal::{MemberId, Principal, Role};

/// Something that is done to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// See that a device exists, and when it was last heard of.
    SeeDevice,
    /// Take a device's access away.
    RevokeDevice,
    /// Invite somebody to be a member.
    Invite,
    /// Take back everything that a device said since a time, or take such an undo back.
    UndoDevice,
    /// Read what somebody else would have said: what an undo would change, word by word.
    ReadDocument,
    /// Read who did what with a document.
    ReadHistory,
    /// Erase a document for ever.
    EraseDocument,
    /// Make the first team key.
    MakeTeamKey,
    /// Put another team key in the place of the one that all share.
    ReplaceTeamKey,
    /// Let retention go on, which destroys what all recorded.
    RetentionGoOn,
}

/// The subject of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A member of this role, or a device of such a member.
    Member(Role),
    /// A document of this kind.
    Document(Kind),
    /// Something that all organisations share.
    Partnership,
}

/// Whose the target is, seen from whoever acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The acting device itself.
    Mine,
    /// The own organisation's.
    Ours,
    /// Another organisation's.
    Theirs,
    /// Shared by everybody.
    Everybodys,
}

/// Whether it may be done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// No.
    No,
    /// When somebody of another organisation, or an administrator, confirms it.
    WithSecond,
    /// Yes.
    Alone,
}

/// Returns what the table says: one arm, one sentence.
#[expect(
    clippy::match_same_arms,
    reason = "each arm is one sentence about one role"
)]
pub const fn right(actor: Role, act: Act, target: Target, whose: Whose) -> Right {
    match (actor, act, target, whose) {
        // Whoever runs the server decides about members, and destroys; but reads nothing.
        (
            Role::Administrator,
            Act::SeeDevice
            | Act::RevokeDevice
            | Act::Invite
            | Act::UndoDevice
            | Act::EraseDocument
            | Act::ReplaceTeamKey,
            _,
            _,
        ) => Right::Alone,
        // Many documents at once, everybody's, for ever.
        (Role::Administrator, Act::RetentionGoOn, _, _) => Right::WithSecond,

        // A coordinator sees the own organisation, and decides about its workers and the
        // own device: never about an equal, a duty desk or an administrator.
        (Role::Coordinator, Act::SeeDevice, _, Whose::Mine | Whose::Ours)
        | (Role::Coordinator, Act::RevokeDevice | Act::UndoDevice, _, Whose::Mine)
        | (
            Role::Coordinator,
            Act::RevokeDevice | Act::Invite | Act::UndoDevice,
            Target::Member(Role::Worker),
            Whose::Ours,
        )
        // Places are shared, their history too.
        | (Role::Coordinator, Act::ReadDocument | Act::ReadHistory, Target::Document(Kind::Place), _)
        | (Role::Coordinator, Act::ReadDocument | Act::ReadHistory, _, Whose::Ours)
        // Nobody has one yet, so nobody loses one.
        | (Role::Coordinator, Act::MakeTeamKey, _, _) => Right::Alone,

        // What takes away what others made, or cannot be taken back, needs two.
        (
            Role::Coordinator,
            Act::UndoDevice,
            Target::Member(Role::Worker | Role::Coordinator),
            _,
        )
        | (Role::Coordinator, Act::EraseDocument | Act::ReplaceTeamKey, _, _) => Right::WithSecond,

        _ => Right::No,
    }
}

/// Checks whether somebody may confirm what another asked for: an administrator, or a coordinator
/// of another organisation. Nobody confirms the own word, from another device either.
pub fn confirms(second: &Principal, asked: &Asker) -> bool {
    second.member != asked.member
        && match second.role {
            Role::Administrator => true,
            Role::Coordinator => second.organisation != asked.organisation,
            Role::Worker | Role::Reader | Role::Duty => false,
        }
}

/// The person who asked for what needs two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// From which device.
    pub device: DeviceId,
    /// The device's member.
    pub member: MemberId,
    /// The member's organisation.
    pub organisation: OrganisationId,
    /// The member's role.
    pub role: Role,
}

/// The rights of a caller.
pub trait Rights {
    /// Returns the right to act on a member's device.
    fn right_to_device(&self, act: Act, device: &Owned) -> Right;
    /// Returns the right to act on a document of an organisation.
    fn right_to_document(&self, act: Act, kind: Kind, of: &OrganisationId) -> Right;
    /// Returns the right to do what concerns everybody.
    fn right_to_all(&self, act: Act) -> Right;
    /// Whose something of an organisation is, for this caller.
    fn whose(&self, organisation: &OrganisationId) -> Whose;
}

impl Rights for Principal {
    fn right_to_device(&self, act: Act, device: &Owned) -> Right {
        let whose = if device.id == self.device() {
            Whose::Mine
        } else {
            self.whose(&device.organisation)
        };
        right(self.role, act, Target::Member(device.role), whose)
    }

    fn right_to_document(&self, act: Act, kind: Kind, of: &OrganisationId) -> Right {
        right(self.role, act, Target::Document(kind), self.whose(of))
    }

    fn right_to_all(&self, act: Act) -> Right {
        right(self.role, act, Target::Partnership, Whose::Everybodys)
    }

    fn whose(&self, organisation: &OrganisationId) -> Whose {
        if *organisation == self.organisation {
            Whose::Ours
        } else {
            Whose::Theirs
        }
    }
}

/// A device, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub id: DeviceId,
    /// Its member's organisation.
    pub organisation: OrganisationId,
    /// Its member's role.
    pub role: Role,
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;

    const ACTS: [Act; 10] = [
        Act::SeeDevice,
        Act::RevokeDevice,
        Act::Invite,
        Act::UndoDevice,
        Act::ReadDocument,
        Act::ReadHistory,
        Act::EraseDocument,
        Act::MakeTeamKey,
        Act::ReplaceTeamKey,
        Act::RetentionGoOn,
    ];
    const KINDS: [Kind; 4] = [Kind::Visit, Kind::Place, Kind::Alert, Kind::Feedback];

    /// Returns what an act is done to, and whose that can be.
    pub(crate) fn targets(act: Act) -> Vec<(Target, Whose)> {
        let across = |targets: Vec<Target>, whose: &[Whose]| -> Vec<(Target, Whose)> {
            targets
                .iter()
                .flat_map(|target| whose.iter().map(|whose| (*target, *whose)))
                .collect()
        };
        let members = || Role::ALL.map(Target::Member).to_vec();
        match act {
            Act::SeeDevice | Act::RevokeDevice | Act::UndoDevice => {
                across(members(), &[Whose::Mine, Whose::Ours, Whose::Theirs])
            }
            Act::Invite => across(members(), &[Whose::Ours, Whose::Theirs]),
            Act::ReadDocument | Act::ReadHistory | Act::EraseDocument => across(
                KINDS.map(Target::Document).to_vec(),
                &[Whose::Ours, Whose::Theirs],
            ),
            Act::MakeTeamKey | Act::ReplaceTeamKey | Act::RetentionGoOn => {
                vec![(Target::Partnership, Whose::Everybodys)]
            }
        }
    }

    fn named(target: Target) -> String {
        match target {
            Target::Member(role) => role.to_string(),
            Target::Document(kind) => kind.to_string(),
            Target::Partnership => "all".to_owned(),
        }
    }

    /// A row for each act, role and owner to which anything is allowed.
    fn table() -> String {
        let mut out = String::from(
            "| act | who | whose | alone | with a second person |\n|---|---|---|---|---|\n",
        );
        for act in ACTS {
            for role in Role::ALL {
                for whose in [Whose::Mine, Whose::Ours, Whose::Theirs, Whose::Everybodys] {
                    let of = |wanted| {
                        targets(act)
                            .into_iter()
                            // A device of one's own has one's own role.
                            .filter(|(target, w)| {
                                *w == whose
                                    && (whose != Whose::Mine || *target == Target::Member(role))
                            })
                            .filter(|(target, w)| right(role, act, *target, *w) == wanted)
                            .map(|(target, _)| named(target))
                            .collect::<Vec<_>>()
                            .join(", ")
                    };
                    let (alone, second) = (of(Right::Alone), of(Right::WithSecond));
                    if !alone.is_empty() || !second.is_empty() {
                        writeln!(out, "| {act:?} | {role} | {whose:?} | {alone} | {second} |")
                            .unwrap();
                    }
                }
            }
        }
        out
    }

    #[test]
    fn the_documentation_shows_this_table() {
        const FROM: &str = "<!-- rights: made by the test auth::rights -->\n";
        const TO: &str = "<!-- end of rights -->";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/security.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(FROM).unwrap();
        let (shown, after) = rest.split_once(TO).unwrap();
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            let text = format!("{before}{FROM}{}{TO}{after}", table());
            std::fs::write(&path, text).unwrap();
            return;
        }
        assert!(
            shown == table(),
            "the table of rights changed: read docs/security.md, then run this test with \
             UPDATE_SNAPSHOTS=1"
        );
    }

    #[test]
    fn nobody_acts_alone_on_a_higher_role_or_an_equal() {
        let rank = |role| match role {
            Role::Worker | Role::Reader => 0,
            Role::Duty => 1,
            Role::Coordinator => 2,
            Role::Administrator => 3,
        };
        for act in [Act::RevokeDevice, Act::Invite, Act::UndoDevice] {
            for actor in Role::ALL {
                for (target, whose) in targets(act) {
                    let Target::Member(of) = target else { continue };
                    if actor == Role::Administrator || whose == Whose::Mine {
                        continue;
                    }
                    let right = right(actor, act, target, whose);
                    assert!(right != Right::Alone || rank(of) < rank(actor));
                    assert!(right == Right::No || rank(of) <= rank(actor));
                }
            }
        }
    }
}
