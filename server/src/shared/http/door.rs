//! Who is let in when there is not room for all: the connections that are open,
//! by where they come from.
//!
//! A newcomer is never kept waiting behind those that do nothing. When there is no
//! room, one that waits for its peer is closed in its place: of the crowd that has
//! most connections, and there the one that has waited longest. So whoever takes all
//! the room pushes out only itself.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::neighbourhood::{neighbourhood, region};

/// Most connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Connections in all.
    pub all: usize,
    /// Of one address: IPv4, or a /64 of IPv6. A mobile network shows a city's phones as
    /// one, each with a stream, a sync, and one that its browser opened in advance.
    pub address: usize,
    /// Of one /48 of IPv6, which a site may have.
    pub region: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            all: 4_000,
            address: 1_600,
            region: 2_400,
        }
    }
}

/// Files that the process keeps for the store and for what it serves.
const OTHER_FILES: usize = 200;

impl Room {
    /// As much as the system lets this process have: each connection is an open file.
    pub fn of_this_process() -> Self {
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
        Self::within(&limits)
    }

    fn within(limits: &str) -> Self {
        let room = Self::default();
        let files = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
        match files {
            Some(files) if files < room.all + OTHER_FILES => Self {
                all: files.saturating_sub(OTHER_FILES).max(files / 2),
                ..room
            },
            _ => room,
        }
    }
}

/// Where a connection stands, in the order in which they are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// No request: it idles, or its head is still coming.
    Quiet,
    /// The peer owes us its body, or has to read what we sent.
    Owing,
    /// The peer is being answered: never closed to make room.
    Served,
}

impl Stage {
    fn of(number: u8) -> Self {
        match number {
            0 => Self::Quiet,
            1 => Self::Owing,
            _ => Self::Served,
        }
    }
}

/// Connections that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    /// Of this machine, or of a proxy that is believed: behind it are all the others.
    Trusted,
    Address(IpAddr),
    Region(IpAddr),
}

/// A stage, the number of the moment it began, and the connection.
type Place = (Stage, u64, u64);

#[derive(Debug)]
struct Entry {
    groups: Vec<Group>,
    place: Place,
    end: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Table {
    entries: HashMap<u64, Entry>,
    groups: HashMap<Group, BTreeSet<Place>>,
    /// The size of each group that is nobody's part.
    crowds: BTreeSet<(usize, Group)>,
    moment: u64,
}

/// The door: clones share it.
#[derive(Debug, Clone)]
pub struct Doorkeeper {
    table: Arc<Mutex<Table>>,
    room: Room,
    trusted: Arc<dyn Trusts>,
}

/// Whose connections are not counted by address.
trait Trusts: Fn(IpAddr) -> bool + Send + Sync {}
impl<F: Fn(IpAddr) -> bool + Send + Sync> Trusts for F {}

impl std::fmt::Debug for dyn Trusts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trusts")
    }
}

impl Doorkeeper {
    /// A door that does not count connections of this machine and of these proxies by
    /// address.
    pub fn new(room: Room, proxies: &[IpAddr]) -> Self {
        let proxies = proxies.to_vec();
        Self::trusting(room, move |address| {
            address.is_loopback() || proxies.contains(&address)
        })
    }

    pub(super) fn trusting(
        room: Room,
        trusted: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            table: Arc::default(),
            room,
            trusted: Arc::new(trusted),
        }
    }

    /// Lets a connection in, if need be in place of another. `None` when there is no
    /// room and all who have it are being answered.
    pub(super) fn enter(&self, peer: IpAddr) -> Option<Arc<Standing>> {
        let peer = peer.to_canonical();
        let groups = if (self.trusted)(peer) {
            vec![Group::Trusted]
        } else {
            let address = Group::Address(neighbourhood(peer));
            match peer {
                IpAddr::V4(_) => vec![address],
                IpAddr::V6(_) => vec![address, Group::Region(region(peer))],
            }
        };
        let is_trusted = groups == [Group::Trusted];
        let mut table = self.table();
        for group in &groups {
            let most = match group {
                Group::Trusted => usize::MAX,
                Group::Address(_) => self.room.address,
                Group::Region(_) => self.room.region,
            };
            if table.size(*group) >= most && !table.make_room_in(*group) {
                return None;
            }
        }
        if table.entries.len() >= self.room.all && !table.make_room() {
            return None;
        }
        let end = Arc::new(Notify::new());
        let id = table.put(groups, Arc::clone(&end));
        Some(Arc::new(Standing {
            table: Arc::clone(&self.table),
            id,
            end,
            is_trusted,
            stage: AtomicU8::new(Stage::Quiet as u8),
            requests: AtomicU64::new(0),
        }))
    }

    /// Closes one that waits for its peer, if there is one: the system has no more to give.
    pub(super) fn relieve(&self) {
        self.table().make_room();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn size(&self, group: Group) -> usize {
        self.groups.get(&group).map_or(0, BTreeSet::len)
    }

    fn put(&mut self, groups: Vec<Group>, end: Arc<Notify>) -> u64 {
        self.moment += 1;
        let id = self.moment;
        let place = (Stage::Quiet, self.moment, id);
        for group in &groups {
            let members = self.groups.entry(*group).or_default();
            members.insert(place);
            let size = members.len();
            self.resize(groups.last(), *group, size - 1, size);
        }
        self.entries.insert(id, Entry { groups, place, end });
        id
    }

    /// Keeps the order of crowds: a connection's crowd is the widest of its groups.
    fn resize(&mut self, crowd: Option<&Group>, group: Group, before: usize, after: usize) {
        if crowd == Some(&group) && group != Group::Trusted {
            self.crowds.remove(&(before, group));
            if after > 0 {
                self.crowds.insert((after, group));
            }
        }
    }

    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        for group in &entry.groups {
            let Some(members) = self.groups.get_mut(group) else {
                continue;
            };
            members.remove(&entry.place);
            let size = members.len();
            if size == 0 {
                self.groups.remove(group);
            }
            self.resize(entry.groups.last(), *group, size + 1, size);
        }
        Some(entry)
    }

    fn becomes(&mut self, id: u64, stage: Stage) {
        self.moment += 1;
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        let former = entry.place;
        entry.place = (stage, self.moment, id);
        for group in &entry.groups {
            if let Some(members) = self.groups.get_mut(group) {
                members.remove(&former);
                members.insert(entry.place);
            }
        }
    }

    fn make_room_in(&mut self, group: Group) -> bool {
        let victim = self
            .groups
            .get(&group)
            .and_then(BTreeSet::first)
            .filter(|(stage, ..)| *stage < Stage::Served)
            .map(|(.., id)| *id);
        let ended = victim.and_then(|id| self.remove(id));
        if let Some(entry) = &ended {
            entry.end.notify_one();
        }
        ended.is_some()
    }

    fn make_room(&mut self) -> bool {
        let crowds: Vec<Group> = self.crowds.iter().rev().map(|(_, group)| *group).collect();
        crowds
            .into_iter()
            .chain([Group::Trusted])
            .any(|group| self.make_room_in(group))
    }
}

/// A connection that was let in; leaves when it is dropped.
#[derive(Debug)]
pub(super) struct Standing {
    table: Arc<Mutex<Table>>,
    id: u64,
    end: Arc<Notify>,
    is_trusted: bool,
    stage: AtomicU8,
    requests: AtomicU64,
}

impl Standing {
    /// Ends when the connection is to be closed to make room.
    pub(super) async fn told_to_end(&self) {
        self.end.notified().await;
    }

    /// Checks whether it comes from this machine or from a proxy that is believed.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    pub(super) fn stage(&self) -> Stage {
        Stage::of(self.stage.load(Ordering::Acquire))
    }

    /// Returns how many requests' heads have come.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Acquire)
    }

    /// A request's head has come.
    pub(super) fn is_asked(&self) {
        self.requests.fetch_add(1, Ordering::AcqRel);
        self.becomes(Stage::Owing);
    }

    pub(super) fn becomes(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Release);
        self.table
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .becomes(self.id, stage);
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.table
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Room = Room {
        all: 6,
        address: 3,
        region: 4,
    };

    fn door() -> Doorkeeper {
        Doorkeeper::new(SMALL, &["10.0.0.1".parse().unwrap()])
    }

    #[test]
    fn there_is_no_more_room_than_open_files() {
        let within = |limits: &str| Room::within(limits).all;
        let line =
            |soft| format!("Limit  Soft  Hard  Units\nMax open files  {soft}  524288  files\n");
        assert_eq!(within(&line("1024")), 824);
        assert_eq!(within(&line("300")), 150);
        for roomy in ["4200", "524288", "unlimited"] {
            assert_eq!(within(&line(roomy)), 4_000);
        }
        assert_eq!(within(""), 4_000);
    }

    fn enter(door: &Doorkeeper, peer: &str) -> Option<Arc<Standing>> {
        door.enter(peer.parse().unwrap())
    }

    fn is_in(standing: &Standing) -> bool {
        let table = standing.table.lock().unwrap();
        table.entries.contains_key(&standing.id)
    }

    #[test]
    fn whoever_has_too_many_pushes_out_its_own_that_waited_longest() {
        let door = door();
        let other = enter(&door, "192.0.2.2").unwrap();
        let mine: Vec<_> = (0..3).map(|_| enter(&door, "192.0.2.1").unwrap()).collect();
        mine[0].is_asked();
        mine[0].becomes(Stage::Served);
        let _newest = enter(&door, "192.0.2.1").unwrap();
        let there: Vec<_> = mine.iter().map(|standing| is_in(standing)).collect();
        assert_eq!(there, [true, false, true]);
        assert!(is_in(&other));
    }

    #[test]
    fn those_that_are_answered_are_not_closed_for_a_newcomer() {
        let door = door();
        let mine: Vec<_> = (0..3).map(|_| enter(&door, "192.0.2.1").unwrap()).collect();
        for standing in &mine {
            standing.becomes(Stage::Served);
        }
        assert!(enter(&door, "192.0.2.1").is_none());
        mine[1].becomes(Stage::Owing);
        assert!(enter(&door, "192.0.2.1").is_some());
        assert!(!is_in(&mine[1]));
    }

    #[test]
    fn a_full_house_makes_room_in_its_largest_crowd() {
        let door = door();
        let lone = enter(&door, "192.0.2.9").unwrap();
        let few: Vec<_> = (0..2).map(|_| enter(&door, "192.0.2.2").unwrap()).collect();
        // A crowd of IPv6 is a /48, however many /64 it uses.
        let many: Vec<_> = (0..3)
            .map(|n| enter(&door, &format!("2001:db8:1:{n}::1")).unwrap())
            .collect();
        let newcomer = enter(&door, "192.0.2.3").unwrap();
        assert!(!is_in(&many[0]));
        for standing in few.iter().chain(&many[1..]).chain([&lone, &newcomer]) {
            assert!(is_in(standing));
        }
    }

    #[test]
    fn a_region_of_ipv6_has_its_own_limit_above_that_of_an_address() {
        let door = door();
        let all: Vec<_> = (0..5)
            .map(|n| enter(&door, &format!("2001:db8:1:{n}::1")).unwrap())
            .collect();
        assert_eq!(all.iter().filter(|standing| is_in(standing)).count(), 4);
        assert!(!is_in(&all[0]));
    }

    #[test]
    fn a_proxy_has_no_limit_of_its_own_and_strangers_go_before_it() {
        let door = door();
        let proxy: Vec<_> = (0..5)
            .map(|n| enter(&door, ["10.0.0.1", "127.0.0.1"][n % 2]).unwrap())
            .collect();
        let stranger = enter(&door, "192.0.2.1").unwrap();
        let next = enter(&door, "10.0.0.1").unwrap();
        assert!(!is_in(&stranger));
        assert!(proxy.iter().chain([&next]).all(|standing| is_in(standing)));
        let _more = enter(&door, "192.0.2.1").unwrap();
        assert!(
            !is_in(&proxy[0]),
            "of the proxy's, the one that idles longest"
        );
    }

    #[test]
    fn who_left_takes_no_room() {
        let door = door();
        for n in 0..50 {
            let standing = enter(&door, &format!("2001:db8:{n}::1")).unwrap();
            standing.becomes(Stage::Served);
            drop(standing);
        }
        let table = door.table();
        assert!(table.entries.is_empty() && table.groups.is_empty() && table.crowds.is_empty());
    }
}
