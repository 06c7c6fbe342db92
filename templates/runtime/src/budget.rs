//! The budget of retries: what keeps clients from making an outage worse.
//!
//! In: the retries that calls ask for, and the answers that show that the server works. Out: whether a retry may be made.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a full budget holds, unless the caller says otherwise.
const CAPACITY: u32 = 500;

/// What a retry takes.
const RETRY: u32 = 5;

/// What a retry after a timeout takes: a server that does not answer in time has more work than it can do.
const RETRY_AFTER_TIMEOUT: u32 = 10;

/// What a call gives back that the server answered at the first attempt.
const ANSWERED: u32 = 1;

/// How many tokens the calls of a client have for retries, all of them together.
///
/// A retry takes 5 tokens, one after a timeout 10. A call that the server answers gives back what its last retry took, and
/// one token where it took none; any answer counts but 408, 429 and those from 500 on. The budget starts full with 500
/// tokens: enough for a hundred failures in a row, and, while most calls succeed, for all of them. In an outage it empties,
/// and each call is then sent once, until the server answers again. A call whose retry the budget does not allow ends with
/// the error of its last attempt, which says so.
///
/// Clones share their tokens, so that several clients of one server may have one budget.
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
    /// A full budget of this many tokens. One of 0 allows no retries.
    pub fn new(capacity: u32) -> Self {
        Self(Some(Arc::new(Tokens { capacity, left: AtomicU32::new(capacity) })))
    }

    /// A budget that never ends: only the [`RetryPolicy`](super::RetryPolicy) limits retries.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Takes the tokens of a retry, and says how many; `None` where there are too few.
    pub(crate) fn take(&self, after_timeout: bool) -> Option<u32> {
        let cost = if after_timeout { RETRY_AFTER_TIMEOUT } else { RETRY };
        let Some(tokens) = &self.0 else { return Some(cost) };
        tokens.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).ok().map(|_| cost)
    }

    /// Gives back what a call that was answered has taken for its last retry.
    pub(crate) fn give_back(&self, taken: Option<u32>) {
        let Some(tokens) = &self.0 else { return };
        let given = taken.unwrap_or(ANSWERED);
        let more = |left: u32| (left < tokens.capacity).then(|| left.saturating_add(given).min(tokens.capacity));
        // Fails where the budget is full.
        let _ = tokens.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

impl Default for RetryBudget {
    /// A full budget of 500 tokens.
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
