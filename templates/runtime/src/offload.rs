//! Decoding of large bodies on a separate thread.
//!
//! Decoding a body of several megabytes blocks its thread, and no timeout can interrupt it. On a thread of the async
//! runtime, all other tasks would wait. Large bodies are therefore decoded on one of Tokio's threads for blocking work.
//! If the call times out, it returns immediately, and decoding stops soon after.

use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

use super::decode_budget;
use super::limits::Limits;
use super::response::RawResponse;

/// The size in bytes up to which a body is decoded on the current thread. Decoding 256 KiB takes about a millisecond, a
/// hundred times longer than switching to another thread.
const MAX_INLINE_BYTES: usize = 256 * 1024;

/// Decodes a body within the limits of its call: the timeouts and `max_response_bytes`.
///
/// # Errors
///
/// Returns a message if a timeout was reached first.
pub async fn decode<T: Send + 'static>(
    response: &RawResponse,
    max_response_bytes: u64,
    limits: &Limits,
    decode: impl FnOnce(&RawResponse) -> T + Send + 'static,
) -> Result<T, String> {
    let large = response.body().len() > MAX_INLINE_BYTES;
    // With a custom transport, there may be no Tokio runtime; the body is then decoded on the current thread.
    let Some(runtime) = large.then(Handle::try_current).and_then(Result::ok) else {
        return Ok(decode_budget::with_settings(max_response_bytes, None, || decode(response)));
    };
    let abandoned = Abandoned(Arc::default());
    let (flag, response) = (abandoned.0.clone(), response.clone());
    let decoding = runtime
        .spawn_blocking(move || decode_budget::with_settings(max_response_bytes, Some(flag), || decode(&response)));
    match limits.hold("the response was not decoded", pin!(decoding)).await? {
        Ok(value) => Ok(value),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(format!("the response was not decoded: {error}")),
        },
    }
}

/// A flag that is set on drop and tells the decoding thread that the value is no longer needed.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
