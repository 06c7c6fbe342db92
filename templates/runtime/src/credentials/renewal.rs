//! Fetches a credential when it is needed, and stores it until shortly before its term ends.
//!
//! Only one call of each Tokio runtime fetches at a time. Other calls wait for its result and share it, including
//! errors, so that a server that is down is not flooded with requests. If the call that fetches is dropped, one of the
//! waiting calls fetches instead.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::error::CredentialFailure;
use super::shown::EncodedCredential;
use super::turns::Turns;

/// The maximum time between the renewal of a credential and the end of its term.
const MAX_MARGIN: Duration = Duration::from_secs(60);

/// The maximum time that a call waits for a new credential while the current one is still valid.
const EARLY_LIMIT: Duration = Duration::from_secs(5);

/// The delay between two attempts to renew a credential that is still valid.
const EARLY_PAUSE: Duration = Duration::from_secs(10);

/// A fetched credential and its term.
pub struct Granted {
    /// The credential.
    pub credential: EncodedCredential,
    /// How long the credential can be used; `None` if unknown.
    pub term: Option<Duration>,
}

/// The stored credential, and the state of fetching a new one.
#[derive(Default)]
pub struct Renewal {
    state: Mutex<State>,
    /// The locks, one for each runtime. The call that holds the lock fetches.
    turns: Turns,
}

#[derive(Default)]
struct State {
    stored: Option<Stored>,
    /// The number of finished fetches, successful or not.
    ended: u64,
    /// The result of the last fetch.
    last: Option<Result<Arc<EncodedCredential>, CredentialFailure>>,
}

struct Stored {
    credential: Arc<EncodedCredential>,
    due: Option<Instant>,
    end: Option<Instant>,
}

/// The state of the stored credential.
enum Status {
    /// The credential is valid.
    Valid(Arc<EncodedCredential>),
    /// The credential is valid, but should be renewed because its term ends soon.
    Due(Arc<EncodedCredential>),
    /// There is no valid credential. Contains the number of fetches that had finished when the status was determined.
    Missing(u64),
}

impl Renewal {
    /// Returns the stored credential if it is valid. Otherwise fetches a new one, or waits for the call that is
    /// fetching it.
    pub async fn get(
        &self,
        fetch: impl Future<Output = Result<Granted, CredentialFailure>>,
    ) -> Result<Arc<EncodedCredential>, CredentialFailure> {
        match self.status() {
            Status::Valid(credential) => Ok(credential),
            // One call renews the credential; other calls use the current credential, as does the renewing call if it
            // fails.
            Status::Due(credential) => {
                let Some(_turn) = self.early_turn() else { return Ok(credential) };
                match tokio::time::timeout(EARLY_LIMIT, self.fetch_for_all(fetch)).await {
                    Ok(Ok(renewed)) => Ok(renewed),
                    Ok(Err(_)) | Err(_) => Ok(credential),
                }
            }
            Status::Missing(ended) => {
                let _turn = self.turns.here().lock_owned().await;
                match self.result_since(ended) {
                    Some(outcome) => outcome,
                    None => self.fetch_for_all(fetch).await,
                }
            }
        }
    }

    /// Drops the stored credential if it is the refused one. Otherwise another call has already renewed it.
    pub fn refuse(&self, refused: &Arc<EncodedCredential>) {
        let mut state = self.state();
        state.stored.take_if(|stored| Arc::ptr_eq(&stored.credential, refused));
        state.last.take_if(|last| matches!(last, Ok(credential) if Arc::ptr_eq(credential, refused)));
    }

    /// Returns the stored credential, valid or not.
    pub fn stored(&self) -> Option<Arc<EncodedCredential>> {
        self.state().stored.as_ref().map(|stored| Arc::clone(&stored.credential))
    }

    /// Fetches a credential, and shares the result with waiting calls. The caller must hold the lock of its runtime.
    async fn fetch_for_all(
        &self,
        fetch: impl Future<Output = Result<Granted, CredentialFailure>>,
    ) -> Result<Arc<EncodedCredential>, CredentialFailure> {
        let outcome = fetch.await;
        let now = Instant::now();
        let mut state = self.state();
        let outcome = match outcome {
            Ok(granted) => {
                let credential = Arc::new(granted.credential);
                let after = |wait: Duration| now.checked_add(wait);
                let margin = |term: Duration| MAX_MARGIN.min(term / 10);
                state.stored = Some(Stored {
                    credential: Arc::clone(&credential),
                    due: granted.term.and_then(|term| after(term.saturating_sub(margin(term)))),
                    end: granted.term.and_then(after),
                });
                Ok(credential)
            }
            Err(failure) => Err(failure),
        };
        state.ended = state.ended.wrapping_add(1);
        state.last = Some(outcome.clone());
        outcome
    }

    fn status(&self) -> Status {
        let state = self.state();
        let now = Instant::now();
        let is_past = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        match &state.stored {
            Some(stored) if is_past(stored.end) => Status::Missing(state.ended),
            Some(stored) if is_past(stored.due) => Status::Due(Arc::clone(&stored.credential)),
            Some(stored) => Status::Valid(Arc::clone(&stored.credential)),
            None => Status::Missing(state.ended),
        }
    }

    /// Acquires the right to renew a credential that is about to expire. Returns `None` if another call is renewing it,
    /// or has tried to within the last [`EARLY_PAUSE`].
    fn early_turn(&self) -> Option<OwnedMutexGuard<()>> {
        let turn = self.turns.here().try_lock_owned().ok()?;
        let Status::Due(_) = self.status() else { return None };
        // The time of the next attempt is set before this one: even if this call is dropped, the next call does not try
        // again immediately.
        if let Some(stored) = &mut self.state().stored {
            stored.due = Instant::now().checked_add(EARLY_PAUSE);
        }
        Some(turn)
    }

    /// Returns the result of the last fetch, or `None` if the number of finished fetches is still `ended`.
    fn result_since(&self, ended: u64) -> Option<Result<Arc<EncodedCredential>, CredentialFailure>> {
        let state = self.state();
        state.last.clone().filter(|_| state.ended != ended)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock is harmless: each field is assigned in one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
