//! Retention, and the server's doubts of its own clock.
//!
//! What is past its days is hidden first and destroyed days later. Neither happens while
//! the clock or the number of what is due is out of the ordinary: then it waits until a
//! person has looked (see `docs/security.md`, *Times and retention*).

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use sync_core::model::Kind;
use sync_core::time::Instant;

use super::error::ActError;
use crate::config::Retention;
use crate::outreach::clock_watch::{Stop, guard};
use crate::outreach::state::AppState;
use crate::outreach::store::acts::Asked;
use crate::outreach::store::expiry::{Due, ExpiryStore, Term};
use crate::outreach::store::times::{GoOn, Times, TimesStore};
use crate::outreach::store::{Store, StoreError};
use crate::shared::principal::Actor;

/// How old the mark becomes before it is raised: each raising is a transaction.
const MARK_AGE: i64 = 3 * 60_000;

/// Returns the days of each kind.
pub fn terms(days: &Retention) -> [Term; 3] {
    let term = |kind, kept: u32| Term {
        kind,
        days: kept,
        hidden_days: days.destroy_after_days.get(),
    };
    [
        term(Kind::Visit, days.visits.get()),
        term(Kind::Alert, days.alerts.get()),
        term(Kind::Feedback, days.feedback.get()),
    ]
}

/// Compares the clock with the mark and with phones' clocks, says in the log what is wrong,
/// and raises the mark when nothing is. Whether a person said, since it last looked, that
/// retention may go on.
///
/// # Errors
/// When the store fails.
pub async fn look(app: &AppState) -> Result<bool, StoreError> {
    let now = app.now();
    let times = app.store.times().await?;
    let stop = guard::clock(&times, &app.base.config.retention, now);
    let offset = app.times.verdict(now);
    let went_on = {
        let mut state = app.times.state();
        let went_on = std::mem::replace(&mut state.went_on_at, times.went_on_at) < times.went_on_at;
        // Of an unusual number it knows more only after the next run.
        if stop.is_some() || went_on || state.stop != Some(Stop::UsualShare) {
            state.stop = stop;
        }
        state.offset = offset;
        state.mark = times.mark;
        went_on
    };
    app.times.say(now);
    if stop.is_none() && offset.is_none() && now.0 > times.mark.0 + MARK_AGE {
        app.store.raise_mark(now).await?;
    }
    Ok(went_on)
}

/// Notes that the server is at work, before it ends.
///
/// # Errors
/// When the store fails.
pub async fn end(app: &AppState) -> Result<(), StoreError> {
    look(app).await?;
    if matches!(app.times.standing().stop, None | Some(Stop::UsualShare)) {
        app.store.raise_mark(app.now()).await?;
    }
    Ok(())
}

/// The documents that are due, by kind, and why nothing may be done about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The times that it was judged by.
    pub times: Times,
    /// Why retention stands still, when it does.
    pub stop: Option<Stop>,
    /// The documents that are due, by kind.
    pub kinds: Vec<(Term, Due)>,
}

/// Looks for what is due and judges it.
///
/// # Errors
/// When the store cannot be read.
pub async fn report(store: &Store, days: &Retention, now: Instant) -> Result<Report, StoreError> {
    let times = store.times().await?;
    let mut kinds = Vec::new();
    for term in terms(days) {
        kinds.push((term, store.due(term, now).await?));
    }
    let unusual = |(_, due): &(Term, Due)| {
        !guard::usual(due.lately + due.to_hide(), due.total, &times, days, now) && due.to_hide() > 0
    };
    let stop = guard::clock(&times, days, now)
        .or_else(|| kinds.iter().any(unusual).then_some(Stop::UsualShare));
    Ok(Report { times, stop, kinds })
}

/// Hides and destroys what is due, unless something is out of the ordinary.
///
/// # Errors
/// When the store fails; what was done until then stays done.
pub async fn run(app: &AppState) -> Result<(), StoreError> {
    look(app).await?;
    let now = app.now();
    let report = report(&app.store, &app.base.config.retention, now).await?;
    app.times.state().stop = report.stop;
    app.times.say(now);
    if app.times.standing().stop.is_some() {
        return Ok(());
    }
    for (term, due) in report.kinds {
        let closing = || *app.closing.borrow();
        let (hidden, destroyed) = app.store.expire(term, due, now, closing).await?;
        if hidden + destroyed > 0 {
            tracing::info!(
                kind = term.kind.as_str(),
                hidden,
                destroyed,
                "retention ran out"
            );
        }
    }
    Ok(())
}

/// The state that a person looked at before saying that retention may go on: it goes on for this,
/// and for nothing that came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Why it stood still.
    pub stop: Option<Stop>,
    /// How many documents of a kind may be hidden within a day.
    pub allowed: u64,
    /// Whether all that is there counts as received now.
    pub anew: bool,
}

/// Returns what there is to look at now. What is said of the clock is not said of an unusual
/// number: that is looked at when the clock is right.
///
/// # Errors
/// When the store cannot be read.
pub async fn looked(
    store: &Store,
    days: &Retention,
    anew: bool,
    now: Instant,
) -> Result<Looked, StoreError> {
    let Report { stop, kinds, .. } = report(store, days, now).await?;
    let most = kinds.iter().map(|(_, due)| due.lately + due.to_hide());
    let allowed = match stop {
        Some(Stop::UsualShare) => most.max().unwrap_or(0),
        _ => 0,
    };
    Ok(Looked {
        stop,
        allowed,
        anew,
    })
}

/// Notes that a person has looked at why retention stands still.
///
/// # Errors
/// When the store fails.
pub async fn go_on(
    store: &Store,
    looked: Looked,
    by: Actor,
    now: Instant,
) -> Result<(), StoreError> {
    let Looked { allowed, anew, .. } = looked;
    store.go_on(GoOn { allowed, anew }, by, now).await
}

/// `usual_share 39`, or `clock_ahead 0 anew`: what a second person reads, and confirms.
/// Lets retention go on, if it still stands still for what was looked at; and for as many.
///
/// # Errors
/// [`ActError::Changed`] when it stands still for another reason now, or no longer.
pub async fn go_on_as_looked_at(app: &AppState, asked: &Asked, by: Actor) -> Result<(), ActError> {
    let looked: Looked = asked
        .subject
        .parse()
        .map_err(|()| ActError::Unreadable("what was looked at"))?;
    let days = &app.base.config.retention;
    let present = self::looked(&app.store, days, looked.anew, app.now()).await?;
    if present.stop != looked.stop {
        return Err(ActError::Changed);
    }
    go_on(&app.store, looked, by, app.now()).await?;
    run(app).await?;
    Ok(())
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stop = self.stop.map_or("running", Stop::as_str);
        let anew = if self.anew { " anew" } else { "" };
        write!(f, "{stop} {}{anew}", self.allowed)
    }
}

impl FromStr for Looked {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(' ');
        let stop = match words.next().ok_or(())? {
            "running" => None,
            name => {
                let named = |stop: &Stop| stop.as_str() == name;
                Some(Stop::ALL.into_iter().find(named).ok_or(())?)
            }
        };
        Ok(Self {
            stop,
            allowed: words.next().and_then(|n| n.parse().ok()).ok_or(())?,
            anew: words.next() == Some("anew"),
        })
    }
}
