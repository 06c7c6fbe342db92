//! A credential that is fetched when it is needed: kept until shortly before its term ends, fetched by one call of each Tokio runtime
//! at a time.
//!
//! In: a future that fetches. Out: the credential of now. Calls that come while one of them fetches wait for it and take
//! what it gets, error or not: a server that is down is asked once, not once for each of them. A call that is dropped
//! while it fetches leaves its turn to the next.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::error::CredentialFailure;
use super::shown::Shown;
use super::turns::Turns;

/// The longest time before the end of a term at which a credential is renewed.
const LONGEST_MARGIN: Duration = Duration::from_secs(60);

/// The longest that a call waits for another credential while it has one that is still good.
const EARLY_LIMIT: Duration = Duration::from_secs(5);

/// The pause between two attempts to renew a credential that is still good.
const EARLY_PAUSE: Duration = Duration::from_secs(10);

/// A credential, and how long it may be used.
pub struct Granted {
    /// The credential.
    pub shown: Shown,
    /// How long; unknown where it is `None`.
    pub term: Option<Duration>,
}

/// The credential of now.
#[derive(Default)]
pub struct Renewal {
    state: Mutex<State>,
    /// Held by the calls that fetch, one of each runtime.
    turns: Turns,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// How many fetches have ended.
    ended: u64,
    /// What the last of them came to.
    last: Option<Result<Arc<Shown>, CredentialFailure>>,
}

struct Held {
    shown: Arc<Shown>,
    due: Option<Instant>,
    end: Option<Instant>,
}

/// How things stand.
enum Now {
    /// The credential is good.
    Good(Arc<Shown>),
    /// It is good and should be renewed.
    Due(Arc<Shown>),
    /// There is none, after this many fetches.
    Nothing(u64),
}

impl Renewal {
    /// The credential of now, fetched where there is none.
    pub async fn get(
        &self,
        fetch: impl Future<Output = Result<Granted, CredentialFailure>>,
    ) -> Result<Arc<Shown>, CredentialFailure> {
        match self.now() {
            Now::Good(shown) => Ok(shown),
            // One call renews it; the others go on with what there is, and so does that one if it does not succeed.
            Now::Due(shown) => {
                let Some(_turn) = self.early_turn() else { return Ok(shown) };
                match tokio::time::timeout(EARLY_LIMIT, self.lead(fetch)).await {
                    Ok(Ok(renewed)) => Ok(renewed),
                    Ok(Err(_)) | Err(_) => Ok(shown),
                }
            }
            Now::Nothing(ended) => {
                let _turn = self.turns.here().lock_owned().await;
                match self.ended_since(ended) {
                    Some(outcome) => outcome,
                    None => self.lead(fetch).await,
                }
            }
        }
    }

    /// Drops the credential if it is still this one: where another call has renewed it already, there is nothing to do.
    pub fn refuse(&self, refused: &Arc<Shown>) {
        let mut state = self.state();
        state.held.take_if(|held| Arc::ptr_eq(&held.shown, refused));
        state.last.take_if(|last| matches!(last, Ok(shown) if Arc::ptr_eq(shown, refused)));
    }

    /// The credential that is kept, good or not.
    pub fn held(&self) -> Option<Arc<Shown>> {
        self.state().held.as_ref().map(|held| Arc::clone(&held.shown))
    }

    /// Fetches, and tells those who wait. The caller has the turn.
    async fn lead(
        &self,
        fetch: impl Future<Output = Result<Granted, CredentialFailure>>,
    ) -> Result<Arc<Shown>, CredentialFailure> {
        let outcome = fetch.await;
        let now = Instant::now();
        let mut state = self.state();
        let outcome = match outcome {
            Ok(granted) => {
                let shown = Arc::new(granted.shown);
                let after = |wait: Duration| now.checked_add(wait);
                let margin = |term: Duration| LONGEST_MARGIN.min(term / 10);
                state.held = Some(Held {
                    shown: Arc::clone(&shown),
                    due: granted.term.and_then(|term| after(term.saturating_sub(margin(term)))),
                    end: granted.term.and_then(after),
                });
                Ok(shown)
            }
            Err(failure) => Err(failure),
        };
        state.ended = state.ended.wrapping_add(1);
        state.last = Some(outcome.clone());
        outcome
    }

    fn now(&self) -> Now {
        let state = self.state();
        let now = Instant::now();
        let is_past = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        match &state.held {
            Some(held) if is_past(held.end) => Now::Nothing(state.ended),
            Some(held) if is_past(held.due) => Now::Due(Arc::clone(&held.shown)),
            Some(held) => Now::Good(Arc::clone(&held.shown)),
            None => Now::Nothing(state.ended),
        }
    }

    /// The turn to renew what is still good, if it is free and nobody has done so or tried to a moment ago.
    fn early_turn(&self) -> Option<OwnedMutexGuard<()>> {
        let turn = self.turns.here().try_lock_owned().ok()?;
        let Now::Due(_) = self.now() else { return None };
        // At once: if this call is dropped, the next one shall not be held up as well.
        if let Some(held) = &mut self.state().held {
            held.due = Instant::now().checked_add(EARLY_PAUSE);
        }
        Some(turn)
    }

    /// What the last fetch came to, if it ended after this many.
    fn ended_since(&self, ended: u64) -> Option<Result<Arc<Shown>, CredentialFailure>> {
        let state = self.state();
        state.last.clone().filter(|_| state.ended != ended)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever holds it writes whole values: the state is good whatever happened.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
