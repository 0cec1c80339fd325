//! The read model's rows, kept up in the transaction that appends to the log.

mod coverage;
mod night;
mod place;
mod visit;

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::model::Handling;
use sync_core::time::Night;

use super::StoreError;
use super::sql::{self, Number};
use crate::outreach::projection::{AlertRow, FeedbackRow, Rows};

pub(super) use night::archive_visit;
pub(super) use place::{resolve_all, target};
pub(super) use visit::is_crowded;

/// Most place-nights that a job of the writer works out again for places that were joined
/// or parted.
const AT_ONCE: usize = 200;

/// The document that rows are of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// Its id: what other documents and phones know it by.
    pub(super) id: DocumentId,
    /// The number that visits and encounters are found by.
    pub(super) number: Number,
    /// The organisation that it belongs to.
    pub(super) organisation: &'a OrganisationId,
}

/// Place-nights that documents of this transaction were or are about. They are
/// reconciled once, at the end.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// By place as recorded, with the organisation that was there.
    visits: BTreeSet<(DocumentId, Night, OrganisationId)>,
    /// By the place that it counts as.
    nights: BTreeSet<(DocumentId, Night)>,
}

/// Adds the rows of a document that had none.
pub(super) fn add(
    tx: &Connection,
    subject: Subject<'_>,
    rows: &Rows,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    match rows {
        Rows::Visit(Some(visit)) => visit::add(tx, subject, visit, touched),
        rows => put(tx, subject, rows, touched),
    }
}

/// Replaces a document's rows.
pub(super) fn put(
    tx: &Connection,
    subject: Subject<'_>,
    rows: &Rows,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let Subject {
        id, organisation, ..
    } = subject;
    match rows {
        Rows::Place(place) => place::put(tx, id, place, touched),
        Rows::Visit(visit) => visit::put(tx, subject, visit.as_ref(), touched),
        Rows::Alert(alert) => put_alert(tx, id, organisation, alert),
        Rows::Feedback(feedback) => put_feedback(tx, id, organisation, feedback.as_ref()),
    }
}

/// Removes a document's rows: it was erased.
pub(super) fn remove(
    tx: &Connection,
    document: DocumentId,
    number: Number,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    place::remove(tx, document, touched)?;
    visit::remove(tx, number, touched)?;
    for table in ["alert_row", "feedback_row"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?
            .execute([document.as_bytes()])?;
    }
    Ok(())
}

/// Reconciles what was touched; nights beyond what a job of the writer has time for are
/// noted as due, the oldest of them.
pub(super) fn settle(tx: &Connection, touched: Touched) -> Result<(), StoreError> {
    let mut nights = reconcile_visits(tx, touched)?;
    if nights.len() > AT_ONCE {
        nights.sort_unstable_by_key(|(_, night)| std::cmp::Reverse(*night));
        for (place, night) in nights.split_off(AT_ONCE) {
            tx.prepare_cached("INSERT OR IGNORE INTO night_due (place, night) VALUES (?1, ?2)")?
                .execute(params![place.as_bytes(), night.0])?;
        }
    }
    reconcile_nights(tx, nights)
}

/// Reconciles all that was touched or is due, however long it takes.
pub(super) fn settle_all(tx: &Connection, touched: Touched) -> Result<(), StoreError> {
    let nights = reconcile_visits(tx, touched)?;
    reconcile_nights(tx, nights)?;
    while settle_due(tx)? {}
    Ok(())
}

/// Reconciles some of the nights that are due, the newest first. Whether there are more.
pub(super) fn settle_due(tx: &Connection) -> Result<bool, StoreError> {
    let due: Vec<(DocumentId, Night)> = tx
        .prepare_cached(&format!(
            "DELETE FROM night_due WHERE (night, place) IN
             (SELECT night, place FROM night_due ORDER BY night DESC LIMIT {AT_ONCE})
             RETURNING place, night"
        ))?
        .query_map([], |r| Ok((sql::document(r, 0)?, Night(r.get(1)?))))?
        .collect::<Result<_, _>>()?;
    let more = due.len() == AT_ONCE;
    reconcile_nights(tx, due)?;
    Ok(more)
}

/// Reconciles the places and nights that visits were at. Gives the nights at places that
/// do not count as themselves alone, and those that a place's own change touched.
fn reconcile_visits(
    tx: &Connection,
    touched: Touched,
) -> Result<Vec<(DocumentId, Night)>, StoreError> {
    let Touched { visits, mut nights } = touched;
    let mut cursors = sql::Cursors::begin(tx)?;
    let mut visits = visits.into_iter().peekable();
    while let Some((place, night, organisation)) = visits.next() {
        let seen = night::visits(tx, place, night)?;
        coverage::settle(tx, place, night, &organisation, &seen, &mut cursors)?;
        while let Some((_, _, other)) = visits.next_if(|(p, n, _)| (*p, *n) == (place, night)) {
            coverage::settle(tx, place, night, &other, &seen, &mut cursors)?;
        }
        // Nearly every place counts as itself alone, and then all is known of it.
        if place::is_alone(tx, place)? {
            nights.remove(&(place, night));
            night::settle(tx, place, night, vec![(place, seen)])?;
        } else {
            nights.insert((target(tx, place)?, night));
        }
    }
    cursors.end(tx)?;
    Ok(nights.into_iter().collect())
}

fn reconcile_nights(tx: &Connection, nights: Vec<(DocumentId, Night)>) -> Result<(), StoreError> {
    for (place, night) in nights {
        let members = members(tx, place)?
            .into_iter()
            .map(|member| Ok((member, night::visits(tx, member, night)?)))
            .collect::<Result<_, StoreError>>()?;
        night::settle(tx, place, night, members)?;
    }
    Ok(())
}

fn put_alert(
    tx: &Connection,
    document: DocumentId,
    organisation: &OrganisationId,
    row: &AlertRow,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO alert_row
         (document, organisation, category, place, opened, closed, outcome, calls, acknowledged,
          withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        document.as_bytes(),
        organisation.as_str(),
        row.category.as_str(),
        row.place.as_ref().map(DocumentId::as_bytes),
        row.opened.0,
        row.closed.map(|at| at.0),
        row.outcome.as_str(),
        row.calls,
        row.acknowledged,
        row.withdrawn,
    ])?;
    Ok(())
}

fn put_feedback(
    tx: &Connection,
    document: DocumentId,
    organisation: &OrganisationId,
    row: Option<&FeedbackRow>,
) -> Result<(), StoreError> {
    let Some(row) = row else {
        tx.prepare_cached("DELETE FROM feedback_row WHERE document = ?1")?
            .execute([document.as_bytes()])?;
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO feedback_row
         (document, organisation, about, language, at, handling)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        document.as_bytes(),
        organisation.as_str(),
        row.about,
        row.language.as_str(),
        row.at.0,
        row.handling.map(Handling::as_str),
    ])?;
    Ok(())
}

/// Nights on which somebody was at a place as recorded, live or archived.
fn nights_at(tx: &Connection, place: DocumentId) -> Result<Vec<Night>, StoreError> {
    // Visits lie by night: from each night there is to the next, not through them all.
    let nights = tx
        .prepare_cached(
            "WITH RECURSIVE nights (night) AS (
                SELECT min(night) FROM visit_row
                UNION ALL
                SELECT (SELECT min(v.night) FROM visit_row v WHERE v.night > n.night)
                FROM nights n WHERE n.night IS NOT NULL
             )
             SELECT night FROM nights n
             WHERE EXISTS (SELECT 1 FROM visit_row v WHERE v.night = n.night AND v.place = ?1)
             UNION SELECT night FROM archive WHERE place = ?1",
        )?
        .query_map([place.as_bytes()], |r| r.get(0).map(Night))?
        .collect::<Result<_, _>>()?;
    Ok(nights)
}

/// The documents that count as `target`, itself included.
fn members(tx: &Connection, target: DocumentId) -> Result<Vec<DocumentId>, StoreError> {
    let mut members: Vec<DocumentId> = tx
        .prepare_cached("SELECT document FROM place_row WHERE target = ?1")?
        .query_map([target.as_bytes()], |r| sql::document(r, 0))?
        .collect::<Result<_, _>>()?;
    // Visits can arrive before their place does.
    if members.contains(&target) {
        return Ok(members);
    }
    let known: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM place_row WHERE document = ?1)")?
        .query_row([target.as_bytes()], |r| r.get(0))?;
    if !known {
        members.push(target);
    }
    Ok(members)
}

/// Touches every archived place-night: a rebuild reconciles them too.
pub(super) fn touch_archive(tx: &Connection, touched: &mut Touched) -> Result<(), StoreError> {
    let archived: Vec<(DocumentId, Night)> = tx
        .prepare("SELECT place, night FROM archive")?
        .query_map([], |r| Ok((sql::document(r, 0)?, Night(r.get(1)?))))?
        .collect::<Result<_, _>>()?;
    for (place, night) in archived {
        touched.nights.insert((target(tx, place)?, night));
    }
    Ok(())
}
