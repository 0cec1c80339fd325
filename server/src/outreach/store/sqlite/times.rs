//! The server's times: how far its clock was known to be right, and what a person said.
//!
//! A clock that is wrong at one start must not decide what is destroyed. The mark is the
//! latest time at which the store was at work by clocks that did not jump; whoever raises
//! it (`crate::outreach::application::retention`) has compared the clock with it before.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, params};
use sync_core::time::Instant;

use super::{Store, StoreError, sql};
use crate::outreach::store::port::times::{BEHIND, GoOn, Times, TimesStore};
use crate::shared::audit::{self, Entry};
use crate::shared::principal::Actor;

impl TimesStore for Store {
    async fn times(&self) -> Result<Times, StoreError> {
        let times = self.read(times).await?;
        self.inner.mark.store(times.mark.0, Ordering::Relaxed);
        Ok(times)
    }

    async fn raise_mark(&self, to: Instant) -> Result<(), StoreError> {
        let mark: i64 = self
            .write(move |tx| {
                Ok(tx
                    .prepare_cached("UPDATE times SET mark = max(mark, ?1) RETURNING mark")?
                    .query_row([to.0], |r| r.get(0))?)
            })
            .await?;
        self.inner.mark.store(mark, Ordering::Relaxed);
        Ok(())
    }

    async fn go_on(&self, said: GoOn, by: Actor, now: Instant) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.execute(
                "UPDATE times SET mark = ?1, went_on_at = ?1, allowed = ?2,
                        counts_from = CASE WHEN ?3 THEN ?1 ELSE counts_from END",
                params![now.0, sql::signed(said.allowed), said.anew],
            )?;
            let entry = Entry {
                at: now,
                by,
                action: "retention.go_on",
                subject: String::new(),
                detail: format!("allowed={} anew={}", said.allowed, said.anew),
            };
            audit::record(tx, &entry)
        })
        .await?;
        self.inner.mark.store(now.0, Ordering::Relaxed);
        Ok(())
    }
}

impl Store {
    /// The time that what comes now is received at: the clock's, but for a clock that is
    /// behind the mark. That one is wrong, and what it received would be due too early once
    /// it is right.
    pub(super) fn receipt_at(&self, now: Instant) -> Instant {
        let mark = self.inner.mark.load(Ordering::Relaxed);
        if now.0 < mark - BEHIND {
            Instant(mark)
        } else {
            now
        }
    }
}

pub(super) fn times(connection: &Connection) -> Result<Times, StoreError> {
    Ok(connection
        .prepare_cached("SELECT mark, counts_from, went_on_at, allowed FROM times")?
        .query_row([], |r| {
            Ok(Times {
                mark: sql::instant(r, 0)?,
                counts_from: sql::instant(r, 1)?,
                went_on_at: sql::instant(r, 2)?,
                allowed: sql::natural(r, 3)?,
            })
        })?)
}
