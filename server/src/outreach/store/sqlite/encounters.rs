//! The encounters of a period, as far as the estimate of its people needs them:
//! who met how many, on which night, under which code. Codes are compared and
//! never leave the server.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};
use sync_core::estimate::distinct_people::{Earlier, Meeting, Organisation};
use sync_core::model::MetBefore;
use sync_core::time::Period;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::encounters::{EncounterStore, PeriodMeetings};

impl EncounterStore for Store {
    async fn period_meetings(&self, period: Period) -> Result<PeriodMeetings, StoreError> {
        self.read(move |connection| meetings(connection, period))
            .await
    }
}

fn meetings(connection: &Connection, period: Period) -> Result<PeriodMeetings, StoreError> {
    let mut meetings: Vec<Meeting> = connection
        .prepare_cached(
            "SELECT v.organisation, v.night, e.adults + e.children, e.met_before, e.met_by, e.code
             FROM visit_row v JOIN encounter_row e ON e.visit = v.document
             WHERE v.night BETWEEN ?1 AND ?2
             ORDER BY v.started, v.document, e.record",
        )?
        .query_map([period.first.0, period.last().0], meeting)?
        .collect::<Result<_, _>>()?;
    only_lists(&mut meetings);
    Ok(PeriodMeetings {
        meetings,
        erased_share: erased_share(connection, period)?,
    })
}

fn meeting(row: &Row<'_>) -> rusqlite::Result<Meeting> {
    let met_by: Option<String> = row.get(4)?;
    Ok(Meeting {
        organisation: Organisation(row.get(0)?),
        day: row.get(1)?,
        people: row.get(2)?,
        earlier: match sql::parsed(row, 3)? {
            MetBefore::Unknown => Earlier::Unknown,
            MetBefore::No => Earlier::No,
            MetBefore::ByUs => Earlier::ByUs,
            // By somebody, but by whom is not known: no link to anybody.
            MetBefore::ByOther => {
                met_by.map_or(Earlier::Unknown, |by| Earlier::By(Organisation(by)))
            }
        },
        code: row.get(5)?,
    })
}

/// An organisation that records no encounters of its own is no list: whom it met
/// is known only from those who said so. For the lists there are, such people
/// are met for the first time.
fn only_lists(meetings: &mut [Meeting]) {
    let lists: BTreeSet<Organisation> = meetings.iter().map(|m| m.organisation.clone()).collect();
    for meeting in meetings {
        if matches!(&meeting.earlier, Earlier::By(other) if !lists.contains(other)) {
            meeting.earlier = Earlier::No;
        }
    }
}

/// Erasure leaves a row in the archive for each place and night.
fn erased_share(connection: &Connection, period: Period) -> Result<f64, StoreError> {
    let nights = [period.first.0, period.last().0];
    let archived: u32 = connection
        .prepare_cached("SELECT count(*) FROM archive WHERE night BETWEEN ?1 AND ?2")?
        .query_row(nights, |r| r.get(0))?;
    let live: u32 = connection
        .prepare_cached("SELECT count(*) FROM visit_row WHERE night BETWEEN ?1 AND ?2")?
        .query_row(nights, |r| r.get(0))?;
    Ok(if archived == 0 {
        0.0
    } else {
        f64::from(archived) / (f64::from(archived) + f64::from(live))
    })
}
