//! Decoding of large bodies, away from the thread that runs the call.
//!
//! A body of some megabytes takes as long to decode as many calls take in all. Decoded in place, it would hold up every
//! other task of the thread, and no limit of time could end it. So it is decoded on a thread for blocking work; a call
//! whose time is up goes on without it, and decoding ends soon after.

use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

use super::decode_budget;
use super::limits::Limits;
use super::response::RawResponse;

/// Bodies of more bytes than that are decoded on another thread: 256 KiB take about a millisecond, a hundred times what
/// it takes to get there.
const LARGE: usize = 256 * 1024;

/// Decodes a body within the limits of its call, `max_response_bytes` among them.
///
/// # Errors
///
/// A limit of time was reached first, as the text says.
pub async fn decode<T: Send + 'static>(
    response: &RawResponse,
    max_response_bytes: u64,
    limits: &Limits,
    decode: impl FnOnce(&RawResponse) -> T + Send + 'static,
) -> Result<T, String> {
    let large = response.body().len() > LARGE;
    // A transport of its own may get along without tokio.
    let Some(runtime) = large.then(Handle::try_current).and_then(Result::ok) else {
        return Ok(decode_budget::with_settings(max_response_bytes, None, || decode(response)));
    };
    let abandoned = Abandoned(Arc::default());
    let (flag, response) = (abandoned.0.clone(), response.clone());
    let decoding = runtime
        .spawn_blocking(move || decode_budget::with_settings(max_response_bytes, Some(flag), || decode(&response)));
    match limits.hold("the answer was not decoded", pin!(decoding)).await? {
        Ok(value) => Ok(value),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(format!("the answer was not decoded: {error}")),
        },
    }
}

/// Tells the decoding thread, when it is dropped, that nobody waits for the value.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
