//! The work of an organisation, added up for following it up.

use rusqlite::{Connection, params};
use sync_core::ids::OrganisationId;
use sync_core::time::Night;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::followup::{FollowupStore, Tally};

impl FollowupStore for Store {
    async fn followup(
        &self,
        organisation: OrganisationId,
        from: Night,
        to: Night,
    ) -> Result<Vec<Tally>, StoreError> {
        self.read(move |connection| tallies(connection, &organisation, from, to))
            .await
    }
}

fn tallies(
    connection: &Connection,
    organisation: &OrganisationId,
    from: Night,
    to: Night,
) -> Result<Vec<Tally>, StoreError> {
    // Nights for visits; alerts and feedback by the instants between them.
    let mut statement = connection.prepare_cached(
        "WITH v AS (SELECT document, counts FROM visit_row
                    WHERE organisation = ?1 AND night BETWEEN ?2 AND ?3),
              e AS (SELECT * FROM encounter_row WHERE visit IN (SELECT document FROM v)),
              a AS (SELECT * FROM alert_row
                    WHERE organisation = ?1 AND opened >= ?4 AND opened < ?5
                      AND NOT withdrawn),
              f AS (SELECT * FROM feedback_row
                    WHERE organisation = ?1 AND at >= ?4 AND at < ?5)
         SELECT 'visits', '', '', count(*) FROM v
         UNION ALL SELECT 'counts', '', '', coalesce(sum(counts), 0) FROM v
         UNION ALL SELECT 'encounters', '', '', count(*) FROM e
         UNION ALL SELECT 'adults', '', '', coalesce(sum(adults), 0) FROM e
         UNION ALL SELECT 'children', '', '', coalesce(sum(children), 0) FROM e
         UNION ALL SELECT 'group', citizens, '', count(*) FROM e GROUP BY citizens
         UNION ALL SELECT i.sort, i.code, i.detail, count(*) FROM encounter_item i
                   JOIN e ON e.visit = i.visit AND e.record = i.record
                   GROUP BY i.sort, i.code, i.detail
         UNION ALL SELECT 'alert', category, '', count(*) FROM a GROUP BY category
         UNION ALL SELECT 'outcome', outcome, '', count(*) FROM a GROUP BY outcome
         UNION ALL SELECT 'alert_calls', '', '', coalesce(sum(calls), 0) FROM a
         UNION ALL SELECT 'alert_acknowledged', '', '', coalesce(sum(acknowledged), 0) FROM a
         UNION ALL SELECT 'feedback', coalesce(handling, ''), '', count(*) FROM f
                   GROUP BY handling
         ORDER BY 1, 2, 3",
    )?;
    let rows = statement.query_map(
        params![
            organisation.as_str(),
            from.0,
            to.0,
            from.start().0,
            to.plus(1).start().0
        ],
        |r| {
            Ok(Tally {
                sort: r.get(0)?,
                code: r.get(1)?,
                detail: r.get(2)?,
                count: sql::natural(r, 3)?,
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}
