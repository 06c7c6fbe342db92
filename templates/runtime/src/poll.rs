//! Asks again until what is pending is done.
//!
//! In: a closure that makes a request, and what to look for in its answer. Out: the answer that has it, the error that
//! makes waiting pointless, or the last answer before the time was up.

use std::fmt;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout_at};

use super::error::Error;

/// How often, and for how long, [`poll_until`] asks.
///
/// The waits double from the first to the longest. Each is between half and all of its length, at random, so that
/// programs that began together do not ask together. A `Retry-After` of the server is the least that is waited.
///
/// ```
/// # use std::time::Duration;
/// # use clientwright_runtime::runtime::PollPolicy;
/// // An enrollment that a person approves.
/// let policy = PollPolicy::new()
///     .timeout(Duration::from_secs(24 * 60 * 60))
///     .initial_wait(Duration::from_secs(10))
///     .max_wait(Duration::from_secs(5 * 60));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollPolicy {
    timeout: Duration,
    initial_wait: Duration,
    max_wait: Duration,
}

impl Default for PollPolicy {
    /// For 5 minutes, with waits from 1 s up to 30 s.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5 * 60),
            initial_wait: Duration::from_secs(1),
            max_wait: Duration::from_secs(30),
        }
    }
}

impl PollPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long it goes on at most, requests included: 5 minutes by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the longest wait before the second request: 1 s by default. It doubles with each further one.
    pub fn initial_wait(mut self, wait: Duration) -> Self {
        self.initial_wait = wait;
        self
    }

    /// Sets the longest wait between two requests, that of a `Retry-After` aside: 30 s by default.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The wait after this many requests.
    fn wait(&self, requests: u32) -> Duration {
        let doubled = 2u32.saturating_pow(requests.saturating_sub(1));
        let longest = self.initial_wait.saturating_mul(doubled).min(self.max_wait);
        let half = longest / 2;
        half + half.mul_f64(fastrand::f64())
    }
}

/// Why [`poll_until`] has nothing to give.
///
/// `E` is the API's enum of documented error bodies. Neither `Display` nor `Debug` shows the last answer.
#[non_exhaustive]
pub enum PollError<T, E> {
    /// A request failed in a way that asking again does not mend.
    Failed(Error<E>),
    /// There is no Tokio runtime to wait in; nothing was sent.
    NoRuntime,
    /// The time is up.
    #[non_exhaustive]
    TimedOut {
        /// The last answer, which was not yet what was waited for; nothing where no request was answered.
        last: Option<T>,
        /// The last error, where no answer came after it.
        error: Option<Error<E>>,
        /// How many requests were made.
        requests: u32,
        /// How long it took.
        elapsed: Duration,
    },
}

/// Asks until an answer is what is waited for, and gives that answer.
///
/// The first request is made at once. An error that [may be retried](Error::is_retryable), left over when the client's
/// own retries are used up, counts as an answer that is not there yet; any other ends it. So does the policy's time,
/// even in the middle of a request. A wait that the time has no room for is shortened, for one last request; a
/// `Retry-After` that it has no room for ends it at once.
///
/// Dropping the future drops the request that is under way, and nothing else happens. Let it make requests that only
/// read: one that issues would issue each time.
///
/// ```
/// # use std::time::Duration;
/// # use clientwright_runtime::runtime::{Error, PollError, PollPolicy, poll_until};
/// # #[derive(PartialEq)]
/// # enum Status { Pending, Issued }
/// # struct Enrollment { status: Status }
/// # async fn enrollment(id: &str) -> Result<Enrollment, Error<()>> { std::future::pending().await }
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let policy = PollPolicy::new().timeout(Duration::from_secs(600));
/// match poll_until(&policy, || enrollment("7"), |it| it.status != Status::Pending).await {
///     Ok(enrollment) => println!("issued: {}", enrollment.status == Status::Issued),
///     Err(PollError::TimedOut { last: Some(_), .. }) => println!("nobody has approved it yet"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// A request fails for good, the time is up, or there is no Tokio runtime.
pub async fn poll_until<T, E, F>(
    policy: &PollPolicy,
    mut request: impl FnMut() -> F,
    mut is_done: impl FnMut(&T) -> bool,
) -> Result<T, PollError<T, E>>
where
    F: Future<Output = Result<T, Error<E>>>,
{
    if Handle::try_current().is_err() {
        return Err(PollError::NoRuntime);
    }
    let start = Instant::now();
    // A limit beyond counting is none.
    let deadline = start.checked_add(policy.timeout);
    let (mut last, mut error, mut requests) = (None, None, 0u32);
    let mut is_last_request = false;
    loop {
        requests = requests.saturating_add(1);
        let outcome = match deadline {
            Some(deadline) => timeout_at(deadline, request()).await,
            None => Ok(request().await),
        };
        match outcome {
            Ok(Ok(value)) if is_done(&value) => return Ok(value),
            Ok(Ok(value)) => (last, error) = (Some(value), None),
            Ok(Err(failed)) if !failed.is_retryable() => return Err(PollError::Failed(failed)),
            Ok(Err(failed)) => error = Some(failed),
            Err(_) => is_last_request = true,
        }
        let asked = error.as_ref().and_then(Error::retry_after);
        let mut wait = policy.wait(requests).max(asked.unwrap_or_default());
        if let Some(left) = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
            let fits = wait < left;
            if is_last_request || left.is_zero() || asked.is_some_and(|asked| asked >= left) {
                return Err(PollError::TimedOut { last, error, requests, elapsed: start.elapsed() });
            }
            if !fits {
                // Half of what is left, so that the request has the other half.
                is_last_request = true;
                wait = left / 2;
            }
        }
        sleep(wait).await;
    }
}

impl<T, E> fmt::Display for PollError<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::NoRuntime => f.write_str("`poll_until` needs a Tokio runtime: call it within one; nothing was sent"),
            Self::TimedOut { error, requests, elapsed, .. } => {
                write!(f, "still pending after {requests} requests in {elapsed:.0?}")?;
                error.as_ref().map_or(Ok(()), |error| write!(f, "; the last error: {error}"))
            }
        }
    }
}

/// Shows what `Display` shows.
impl<T, E> fmt::Debug for PollError<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Failed(_) => "Failed",
            Self::NoRuntime => "NoRuntime",
            Self::TimedOut { .. } => "TimedOut",
        };
        write!(f, "{name}({self})")
    }
}

impl<T, E: 'static> std::error::Error for PollError<T, E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // It is this error, not the cause of another.
            Self::Failed(error) => error.source(),
            Self::NoRuntime => None,
            Self::TimedOut { error, .. } => error.as_ref().map(|error| error as _),
        }
    }
}
