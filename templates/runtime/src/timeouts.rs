//! How long a call may take.
//!
//! In: what the builder is told. Out: the limit of an attempt and of the whole call.

use std::time::Duration;

/// Limits of time of a client.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// For a connection: name resolution, TCP and TLS.
    pub connect: Duration,
    /// For one attempt, as far as the caller has set it.
    pub attempt: Option<Duration>,
    /// For the whole call: all attempts, the waits between them, and reading the response unless it is streamed; as far as
    /// the caller has set it.
    pub overall: Option<Duration>,
    /// For a pause in a body: of a request while it is sent, of a successful response while it is read.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), attempt: None, overall: None, idle: Duration::from_secs(30) }
    }
}

impl Timeouts {
    /// The limit of the whole call unless the caller has set one.
    pub const DEFAULT_OVERALL: Duration = Duration::from_secs(60);

    /// The limit of one attempt unless the caller has set one.
    pub const DEFAULT_ATTEMPT: Duration = Duration::from_secs(30);

    /// The limit of one attempt. Unset, there is one only where a second attempt may follow, for to give an attempt up
    /// without trying again would cost the answer and win nothing, and where the caller has set no limit of the whole call:
    /// a caller who allows two minutes for a call does not mean four attempts of half a minute. `has_default` says whether
    /// both hold.
    pub fn attempt(&self, has_default: bool) -> Option<Duration> {
        self.attempt.or(has_default.then_some(Self::DEFAULT_ATTEMPT))
    }
}
