//! Watching over the chain: its end is noted elsewhere now and then, and it is checked when
//! the server starts and every night, a portion at a time, on a connection that only reads.

use std::time::Duration;

use tokio::sync::watch;

use super::chain::Chain;
use crate::shared::clock::Clock;
use crate::shared::database::Database;

/// How often the chain's end is noted.
const NOTE: Duration = Duration::from_mins(5);
/// Rows that are checked at start.
const RECENT: i64 = 10_000;
const DAY: i64 = 86_400_000;

/// Works until the server closes; the last thing it does is to note the chain's end.
/// `found` hears what each check found.
pub(crate) async fn watch(
    database: Database,
    clock: Clock,
    mut closing: watch::Receiver<bool>,
    found: impl Fn(Chain),
) {
    let report = |checked| match checked {
        Ok(chain) => {
            found(chain);
            tell(chain);
        }
        Err(error) => tracing::warn!(%error, "audit: the chain could not be checked"),
    };
    report(database.verify_recent_audit(RECENT).await);
    // Midnight UTC is one or two at night in Stockholm.
    let day = || clock.now().0.div_euclid(DAY);
    let mut checked = day();
    let mut note = tokio::time::interval(NOTE);
    loop {
        let closes = tokio::select! {
            _ = closing.wait_for(|closing| *closing) => true,
            _ = note.tick() => false,
        };
        if let Err(error) = database.note_audit_head().await {
            tracing::warn!(%error, "the audit's last row was not noted in audit.head");
        }
        if closes {
            return;
        }
        if day() != checked {
            checked = day();
            let whole = tokio::select! {
                _ = closing.wait_for(|closing| *closing) => continue,
                whole = database.verify_audit() => whole,
            };
            report(whole);
        }
    }
}

fn tell(chain: Chain) {
    match chain {
        Chain::Whole { rows } => tracing::info!(rows, "audit: the chain is whole"),
        Chain::BrokenAt { row } => tracing::error!(
            row,
            "audit: THE CHAIN IS BROKEN at this row: keep the files, compare with a backup"
        ),
        Chain::CutAt { row } => tracing::error!(
            row,
            "audit: THE END IS MISSING from this row on: keep the files, compare with a backup"
        ),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::outreach::routes::testing::TestApp;
    use crate::shared::principal::Role;

    /// Does to the file what no program of ours does.
    fn tamper(app: &TestApp, statements: &str) {
        let file = app.state.store.directory().join("lagesbild.db");
        let connection = Connection::open(file).unwrap();
        let drop = "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted;";
        connection.execute_batch(drop).unwrap();
        connection.execute_batch(statements).unwrap();
    }

    #[tokio::test]
    async fn an_end_that_was_cut_off_is_missed() {
        let app = TestApp::new().await;
        app.enrolled(Role::Worker, "eu-teamet").await;
        let store = &app.state.store;
        store.database().note_audit_head().await.unwrap();
        app.enrolled(Role::Worker, "eu-teamet").await;
        let Chain::Whole { rows } = store.database().verify_audit().await.unwrap() else {
            panic!("whole");
        };
        store.database().note_audit_head().await.unwrap();
        tamper(
            &app,
            &format!("DELETE FROM audit WHERE seq >= {}", rows - 1),
        );
        let cut = Chain::CutAt { row: rows - 1 };
        assert_eq!(store.database().verify_audit().await.unwrap(), cut);
        assert_eq!(store.database().verify_recent_audit(2).await.unwrap(), cut);
        // Whoever adds rows again cannot make those that were noted.
        app.enrolled(Role::Worker, "eu-teamet").await;
        app.enrolled(Role::Worker, "eu-teamet").await;
        let broken = Chain::BrokenAt { row: rows };
        assert_eq!(store.database().verify_audit().await.unwrap(), broken);
    }

    #[tokio::test]
    async fn a_row_that_was_changed_shows_at_start_when_it_is_recent() {
        let app = TestApp::new().await;
        for _ in 0..4 {
            app.enrolled(Role::Worker, "eu-teamet").await;
        }
        tamper(&app, "UPDATE audit SET detail = 'x' WHERE seq = 3");
        let store = &app.state.store;
        let broken = Chain::BrokenAt { row: 3 };
        assert_eq!(store.database().verify_audit().await.unwrap(), broken);
        let recent = store.database().verify_recent_audit(4).await.unwrap();
        assert!(matches!(recent, Chain::Whole { .. }));
        let recent = store.database().verify_recent_audit(1_000).await.unwrap();
        assert_eq!(recent, broken);
    }

    #[tokio::test]
    async fn the_end_is_noted_when_the_server_closes() {
        let app = TestApp::new().await;
        app.enrolled(Role::Worker, "eu-teamet").await;
        app.close.send(true).unwrap();
        let state = &app.state;
        let database = state.store.database().clone();
        watch(
            database,
            state.base.clock.clone(),
            state.closing.clone(),
            drop,
        )
        .await;
        let file = app.state.store.directory().join("audit.head");
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(text.lines().count(), 1);
    }
}
