//! Retention, and the server's doubts of its own clock.
//!
//! What is past its days is hidden first and destroyed days later. Neither happens while
//! the clock or the number of what is due is out of the ordinary: then it waits until a
//! person has looked (see `docs/security.md`, *Times and retention*).

mod guard;
#[cfg(test)]
mod tests;
mod voices;

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sync_core::ids::{DeviceId, OrganisationId};
use sync_core::model::Kind;
use sync_core::time::Instant;

pub use guard::Stop;
pub use voices::Voices;

use crate::app::AppState;
use crate::config::Retention;
use crate::store::expiry::{Due, Term};
use crate::store::times::{GoOn, Times};
use crate::store::{Store, StoreError};

const HOUR: i64 = 3_600_000;
/// How old the mark becomes before it is raised: each raising is a transaction.
const MARK_AGE: i64 = 3 * 60_000;

/// What the running server knows of its times.
#[derive(Debug, Default)]
pub struct Watch {
    voices: Voices,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Why retention stands still.
    stop: Option<Stop>,
    /// By how much phones say that the clock is behind.
    offset: Option<i64>,
    /// The mark, when it was last read.
    mark: Instant,
    /// When a person last said that it may go on, as last read.
    went_on_at: Instant,
    /// What was last said in the log, and when.
    said: Option<(Option<Stop>, bool, Instant)>,
}

impl State {
    fn doubted(&self) -> bool {
        self.offset.is_some() || self.stop == Some(Stop::ClockBehind)
    }
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Why retention stands still, when it does.
    pub stop: Option<Stop>,
    /// Whether the server takes its own clock for wrong.
    pub clock_doubted: bool,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            stop: state
                .stop
                .or_else(|| state.offset.map(|_| Stop::ClockDoubted)),
            clock_doubted: state.doubted(),
        }
    }

    /// Notes what a device's own clock said in a request that came at `now`.
    pub fn hear(
        &self,
        device: DeviceId,
        organisation: &OrganisationId,
        sent_at: Instant,
        now: Instant,
    ) {
        // A phone that says nothing of its clock has no voice.
        if !sent_at.is_plausible() {
            return;
        }
        let far = self.voices.hear(device, organisation, sent_at, now);
        let mut state = self.state();
        if far || state.offset.is_some() {
            state.offset = self.voices.verdict(now);
        }
    }

    /// What phones' times are compared with, and whether that is another time than the
    /// clock's.
    pub fn checked(&self, now: Instant) -> (Instant, bool) {
        let state = self.state();
        let best = match state.offset {
            Some(offset) => Instant(now.0.saturating_add(offset)),
            None if state.doubted() => state.mark.max(now),
            None => now,
        };
        (best, state.doubted())
    }
}

/// What each kind's days are.
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
    let stop = guard::clock(&times, &app.config.retention, now);
    let offset = app.times.voices.verdict(now);
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
    say(&app.times, now);
    if stop.is_none() && offset.is_none() && now.0 > times.mark.0 + MARK_AGE {
        app.store.raise_mark(now).await?;
    }
    Ok(went_on)
}

/// Says in the log what is wrong: at once, and then each hour.
fn say(watch: &Watch, now: Instant) {
    let mut state = watch.state();
    let (stop, doubted) = (state.stop, state.doubted());
    if let Some((said, then_doubted, at)) = state.said
        && (said, then_doubted) == (stop, doubted)
        && (at.0..at.0 + HOUR).contains(&now.0)
    {
        return;
    }
    let before = state.said.replace((stop, doubted, now));
    let (offset, mark) = (state.offset, state.mark);
    drop(state);
    if let Some(stop) = stop {
        tracing::error!(
            clock = now.0,
            mark = mark.0,
            "retention stands still: {}",
            stop.says()
        );
    }
    if doubted {
        let off_by_hours = offset.unwrap_or(mark.0 - now.0) / HOUR;
        tracing::error!(
            off_by_hours,
            "the server takes its own clock for wrong: set date and time"
        );
    }
    if stop.is_none() && !doubted && before.is_some_and(|(stop, was, _)| stop.is_some() || was) {
        tracing::info!("retention and the clock are as they should be again");
    }
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

/// What is due, by kind, and why nothing may be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The times that it was judged by.
    pub times: Times,
    /// Why retention stands still, when it does.
    pub stop: Option<Stop>,
    /// What is due.
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
    let report = report(&app.store, &app.config.retention, now).await?;
    app.times.state().stop = report.stop;
    say(&app.times, now);
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

/// What a person looked at before saying that retention may go on: it goes on for this, and
/// for nothing that came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Why it stood still.
    pub stop: Option<Stop>,
    /// How many documents of a kind may be hidden within a day.
    pub allowed: u64,
    /// Whether all that is there counts as received now.
    pub anew: bool,
}

/// Says what there is to look at now. What is said of the clock is not said of an unusual
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
    by: Option<DeviceId>,
    now: Instant,
) -> Result<(), StoreError> {
    let Looked { allowed, anew, .. } = looked;
    store.go_on(GoOn { allowed, anew }, by, now).await
}

/// `usual_share 39`, or `clock_ahead 0 anew`: what a second person reads, and confirms.
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
