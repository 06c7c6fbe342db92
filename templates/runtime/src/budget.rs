//! The retry budget, which limits retries during an outage so that clients do not make the outage worse.
//!
//! Retries take tokens from the budget; responses that show that the server works, e.g. with status 200 or 404, give
//! tokens back.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The default number of tokens in a full budget.
const CAPACITY: u32 = 500;

/// The number of tokens that a retry takes.
const RETRY: u32 = 5;

/// The number of tokens that a retry after a timeout takes: a server that does not respond in time is overloaded.
const RETRY_AFTER_TIMEOUT: u32 = 10;

/// The number of tokens that a call gives back if the server responded to the first attempt.
const FIRST_ATTEMPT_SUCCEEDED: u32 = 1;

/// The tokens that all calls of a client share for retries.
///
/// A retry takes 5 tokens, a retry after a timeout 10. If the server responds to a call, the call gives back the tokens
/// of its last retry, or one token if it had no retry. Responses with status 408, 429 or 5xx give no tokens back.
/// The default budget starts full with 500 tokens: enough for a hundred consecutive failures, and for all retries while
/// most calls succeed. During an outage the budget runs empty, and each call is sent only once until the server
/// responds again. If the budget does not allow a retry, the call fails with the error of its last attempt, which
/// mentions the budget.
///
/// Clones share their tokens, so that several clients of one server can share a budget.
///
/// ```text
/// let budget = RetryBudget::new(100);
/// let first = Client::builder().retry_budget(budget.clone()).build()?;
/// let second = Client::builder().retry_budget(budget).build()?;
/// ```
#[derive(Clone)]
pub struct RetryBudget(Option<Arc<Tokens>>);

struct Tokens {
    capacity: u32,
    left: AtomicU32,
}

impl RetryBudget {
    /// Creates a full budget with this number of tokens. A budget of 0 allows no retries.
    pub fn new(capacity: u32) -> Self {
        Self(Some(Arc::new(Tokens { capacity, left: AtomicU32::new(capacity) })))
    }

    /// Creates an unlimited budget: only the [`RetryPolicy`](super::RetryPolicy) limits retries.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Takes the tokens for a retry and returns their number. Returns `None` if too few tokens remain.
    pub(crate) fn take(&self, after_timeout: bool) -> Option<u32> {
        let cost = if after_timeout { RETRY_AFTER_TIMEOUT } else { RETRY };
        let Some(tokens) = &self.0 else { return Some(cost) };
        tokens.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).ok().map(|_| cost)
    }

    /// Gives tokens back after the server responded to a call: the tokens that the last retry of the call has taken, or
    /// one token if the call had no retry (`None`).
    pub(crate) fn give_back(&self, taken: Option<u32>) {
        let Some(tokens) = &self.0 else { return };
        let given = taken.unwrap_or(FIRST_ATTEMPT_SUCCEEDED);
        let more = |left: u32| (left < tokens.capacity).then(|| left.saturating_add(given).min(tokens.capacity));
        // The update fails if the budget is already full, which is not an error.
        let _ = tokens.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

impl Default for RetryBudget {
    /// Creates a full budget of 500 tokens.
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(tokens) => write!(f, "RetryBudget({}/{})", tokens.left.load(Ordering::Relaxed), tokens.capacity),
            None => f.write_str("RetryBudget(unlimited)"),
        }
    }
}
