//! The duties of an engine, as stories over the port: each engine runs them all.
//!
//! No story knows a table. An engine says how an empty store of its own comes to be, and
//! `stories_on!` makes a test of each.

pub(super) mod acts;
pub(super) mod draws;
pub(super) mod feed;
pub(super) mod log;
pub(super) mod quarantine;
pub(super) mod read_model;
pub(super) mod retention;
pub(super) mod undos;

use sync_core::ids::DocumentId;
use sync_core::model::Content;
use sync_core::protocol::Offer;

use super::port::Port;
use super::port::log::{Append, Appended, NewChange, Submission};
use crate::outreach::projection::rows_of;
use crate::outreach::sync::testing::{NOW, Phone};
use crate::shared::principal::{Principal, Role};

/// An engine, with a store of its own that lasts as long as this.
pub(super) trait Engine: Sized {
    type Store: Port;

    /// Makes an empty store that knows the organisations `eu-teamet` and `forening-a`.
    async fn empty() -> Self;

    fn store(&self) -> &Self::Store;

    /// Closes the store, and opens it again from what lies on the disk.
    fn reopened(self) -> Self;

    /// Enrols a device, whose id is this number eight times, for a member of its own.
    async fn enrol(&self, device: u8, organisation: &str, role: Role) -> Principal;
}

/// Returns what the gate hands the store of an offer that the phone has just made, whose document
/// the store had at `expected` (0: not at all).
fn let_in(phone: &Phone, offer: Offer, expected: u64) -> Append {
    let document = &phone.documents[&offer.document];
    let heads = document.heads();
    let changes = offer.changes.into_iter().map(|bytes| NewChange {
        hash: heads[0],
        bytes: bytes.into(),
        late: false,
        device: phone.scope.device,
    });
    Append {
        document: offer.document,
        kind: offer.kind,
        expected,
        changes: changes.collect(),
        founder: phone.scope.device,
        rows: rows_of(&document.content().unwrap()),
        heads,
        snapshot: None,
    }
}

/// Returns what a phone's request brings.
fn request(phone: &Phone, appends: Vec<Append>) -> Submission {
    Submission {
        scope: phone.scope.clone(),
        now: NOW,
        appends,
        refused: Vec::new(),
    }
}

/// Makes a document on a phone and stores it. Returns its cursor.
async fn record(store: &impl Port, phone: &mut Phone, id: DocumentId, content: &Content) -> u64 {
    let offer = phone.create(id, content, NOW);
    let append = let_in(phone, offer, 0);
    let done = store.submit(request(phone, vec![append])).await.unwrap();
    assert_eq!(done, [Appended::Stored]);
    cursor_of(store, id).await
}

/// The cursor of a document's newest change.
async fn cursor_of(store: &impl Port, id: DocumentId) -> u64 {
    let found = store.find(vec![id]).await.unwrap().remove(0);
    let super::port::log::Found::Document(stored) = found else {
        panic!("a document, not {found:?}")
    };
    stored.last_cursor
}

/// Makes a test of every story, on an engine.
macro_rules! stories_on {
    ($engine:ty) => {
        stories_on! { $engine:
            log: what_is_stored_is_found_as_it_was,
            log: a_change_that_was_checked_against_what_is_no_more_is_checked_again,
            log: a_document_is_made_once,
            log: a_snapshot_takes_the_place_of_the_changes_before_it,
            log: a_room_for_checking_ends_where_it_is_full,
            log: changes_to_a_document_that_came_together_are_one_arrival,
            log: who_changed_a_document_is_told_in_the_order_of_arrival,
            feed: a_colleague_reads_what_is_new_and_then_nothing,
            feed: others_read_places_and_what_was_covered_and_no_visits,
            feed: a_brief_reply_says_that_there_is_more_and_where_to_go_on,
            feed: a_cursor_of_another_life_of_the_data_reads_from_the_beginning,
            draws: a_period_is_drawn_once,
            draws: nothing_is_drawn_before_half_of_the_period_nor_from_nothing,
            draws: a_drawn_place_is_visited_once_it_was_seen_whole,
            quarantine: the_same_again_adds_nothing,
            quarantine: what_is_settled_is_settled_once_and_by_its_organisation,
            quarantine: what_was_discarded_is_known_again,
            quarantine: all_of_a_device_is_discarded_with_an_undo,
            acts: an_act_waits_for_a_second_person,
            acts: whoever_asked_takes_it_back_and_nobody_can_confirm_it_then,
            acts: an_act_that_could_not_be_done_waits_again_and_not_for_ever,
            acts: the_first_team_key_stands_until_one_replaces_it,
            undos: an_undo_goes_on_where_it_was,
            undos: an_undo_looks_through_what_one_device_said,
            undos: an_undo_names_the_one_that_took_it_back,
            retention: what_is_due_is_hidden_then_destroyed_and_its_statistics_stay,
            retention: what_is_taken_out_of_hiding_begins_anew,
            retention: an_erased_id_is_refused_for_ever,
            retention: the_mark_of_time_never_goes_down_by_itself,
            read_model: a_night_is_reconciled_from_all_who_were_there,
            read_model: places_that_are_the_same_count_as_one,
            read_model: unheard_alerts_come_first_and_one_device_hides_nobody_else_s,
            read_model: views_that_wait_longest_come_first,
            read_model: a_rebuild_finds_nothing_to_mend,
            read_model: what_an_organisation_did_is_added_up,
            read_model: encounters_are_read_by_period,
            read_model: what_came_in_lately_says_whose_and_where,
        }
    };
    ($engine:ty: $($topic:ident: $story:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                $crate::outreach::store::suite::$topic::$story::<$engine>().await;
            }
        )+
    };
}
pub(super) use stories_on;
