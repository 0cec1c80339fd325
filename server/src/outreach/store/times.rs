//! The server's times: how far its clock was known to be right, and what a person said.
//!
//! A clock that is wrong at one start must not decide what is destroyed. The mark is the
//! latest time at which the store was at work by clocks that did not jump; whoever raises
//! it (`crate::outreach::application::retention`) has compared the clock with it before.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, params};
use sync_core::time::Instant;

use super::{Store, StoreError, sql};
use crate::shared::audit::{self, Entry};
use crate::shared::principal::Actor;

/// How far the clock may lie behind the mark before it is taken for wrong, milliseconds: a
/// clock that is set right by a time service steps less.
pub const BEHIND: i64 = 5 * 60_000;

/// See the table `times`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The mark; 0 before it is known.
    pub mark: Instant,
    /// What was received before counts as received then.
    pub counts_from: Instant,
    /// When a person last said that retention may go on.
    pub went_on_at: Instant,
    /// How many documents of a kind may then be hidden within a day.
    pub allowed: u64,
}

/// What a person says after having looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoOn {
    /// How many documents of a kind may be hidden within a day.
    pub allowed: u64,
    /// Whether all that is there counts as received now.
    pub anew: bool,
}

impl Store {
    /// Reads the times, and notes the mark for receipts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn times(&self) -> Result<Times, StoreError> {
        let times = self.read(times).await?;
        self.inner.mark.store(times.mark.0, Ordering::Relaxed);
        Ok(times)
    }

    /// Raises the mark. It never goes down by this.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn raise_mark(&self, to: Instant) -> Result<(), StoreError> {
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

    /// Notes that a person has looked: the clock is right, the mark is the present.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn go_on(&self, said: GoOn, by: Actor, now: Instant) -> Result<(), StoreError> {
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
