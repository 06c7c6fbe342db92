//! Polling: repeating a request until its response satisfies a condition.

use std::fmt;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout_at};

use super::error::Error;

/// The timing of [`poll_until`].
///
/// The wait between two requests doubles each time, from the initial up to the maximum wait. Each wait is randomly
/// shortened by up to half, so that programs started together do not poll together. A `Retry-After` of the server is
/// the minimum wait.
///
/// ```
/// # use std::time::Duration;
/// # use clientwright_runtime::runtime::PollPolicy;
/// // An enrollment that is approved by a person.
/// let policy = PollPolicy::new()
///     .timeout(Duration::from_secs(24 * 60 * 60))
///     .initial_wait(Duration::from_secs(10))
///     .max_wait(Duration::from_secs(5 * 60));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct PollPolicy {
    timeout: Duration,
    initial_wait: Duration,
    max_wait: Duration,
}

impl Default for PollPolicy {
    /// Returns a policy with a timeout of 5 minutes and waits from 1 s up to 30 s.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5 * 60),
            initial_wait: Duration::from_secs(1),
            max_wait: Duration::from_secs(30),
        }
    }
}

impl PollPolicy {
    /// Creates the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of polling: all requests and waits together. The default is 5 minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the wait before the second request. The wait doubles before each further request. The default is 1 s.
    pub fn initial_wait(mut self, wait: Duration) -> Self {
        self.initial_wait = wait;
        self
    }

    /// Sets the maximum wait between two requests; only a `Retry-After` may exceed it. The default is 30 s.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Returns the wait after this number of requests.
    fn wait(&self, requests: u32) -> Duration {
        let doubled = 2u32.saturating_pow(requests.saturating_sub(1));
        let longest = self.initial_wait.saturating_mul(doubled).min(self.max_wait);
        let half = longest / 2;
        half + half.mul_f64(fastrand::f64())
    }
}

/// An error of [`poll_until`].
///
/// `E` is the API's enum of documented error bodies. Neither `Display` nor `Debug` shows the last response.
#[non_exhaustive]
pub enum PollError<T, E> {
    /// A request failed with an error that is not retryable.
    Failed(Error<E>),
    /// [`poll_until`] was called outside a Tokio runtime; nothing was sent.
    NoRuntime,
    /// The timeout was reached.
    #[non_exhaustive]
    TimedOut {
        /// The last response, which did not satisfy the condition; `None` if there was no response.
        last: Option<T>,
        /// The error of the last request, if that request failed.
        error: Option<Error<E>>,
        /// The number of requests sent.
        requests: u32,
        /// The duration of polling.
        elapsed: Duration,
    },
}

/// Repeats a request until its response satisfies a condition, and returns that response.
///
/// The first request is sent at once. If a request fails with a [retryable](Error::is_retryable) error even after the
/// client's own retries, polling continues; any other error ends polling. The policy's timeout ends polling even during
/// a request. If the remaining time is shorter than the next wait, the wait is shortened for one last request. If the
/// remaining time is shorter than a `Retry-After` of the server, polling ends at once.
///
/// Dropping the future cancels the current request. Poll only with requests that do not change anything: a request that
/// issues a certificate, for example, would issue another certificate each time.
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
///     Err(PollError::TimedOut { last: Some(_), .. }) => println!("not approved yet"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// A request fails with an error that is not retryable, the timeout is reached, or there is no Tokio runtime.
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
    // A timeout that `Instant` cannot represent is treated as no timeout.
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
            if is_last_request || left.is_zero() || asked.is_some_and(|asked| asked >= left) {
                return Err(PollError::TimedOut { last, error, requests, elapsed: start.elapsed() });
            }
            if wait >= left {
                // Wait for only half of the remaining time, so that the other half is left for the last request.
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
            Self::NoRuntime => f.write_str("`poll_until` must be called within a Tokio runtime; nothing was sent"),
            Self::TimedOut { error, requests, elapsed, .. } => {
                write!(f, "still pending after {requests} requests in {elapsed:.0?}")?;
                error.as_ref().map_or(Ok(()), |error| write!(f, "; the last error: {error}"))
            }
        }
    }
}

/// Shows the variant and the message of `Display`.
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
            // The message already contains the message of `error`, so the source is the cause of `error`.
            Self::Failed(error) => error.source(),
            Self::NoRuntime => None,
            Self::TimedOut { error, .. } => error.as_ref().map(|error| error as _),
        }
    }
}
