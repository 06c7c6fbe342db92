//! The timeouts of a client.

use std::time::Duration;

/// The timeouts of a client.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// The timeout for connecting: name resolution, TCP and TLS.
    pub connect: Duration,
    /// The timeout of one attempt, if set.
    pub attempt: Option<Duration>,
    /// The timeout of the whole call, if set: all attempts, the waits between them, and reading the response body
    /// unless it is streamed.
    pub overall: Option<Duration>,
    /// The maximum pause between two blocks of bytes while a request body is being sent or a successful response body
    /// is being received.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), attempt: None, overall: None, idle: Duration::from_secs(30) }
    }
}

impl Timeouts {
    /// The default timeout of the whole call.
    pub const DEFAULT_OVERALL: Duration = Duration::from_secs(60);

    /// The default timeout of one attempt.
    pub const DEFAULT_ATTEMPT: Duration = Duration::from_secs(30);

    /// Returns the timeout of one attempt. If none is set, returns the default if `has_default` is true, and `None` if
    /// it is false.
    ///
    /// The caller passes true if another attempt may follow (otherwise there is no reason to end this attempt early)
    /// and no timeout of the whole call is set: a user who allows two minutes for a call does not expect four attempts
    /// of half a minute.
    pub fn attempt(&self, has_default: bool) -> Option<Duration> {
        self.attempt.or(has_default.then_some(Self::DEFAULT_ATTEMPT))
    }
}
