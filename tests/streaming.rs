//! Tests of bodies that are streamed instead of held in memory: uploads from disk and downloads to disk, even if files
//! change, connections stall or break, or servers respond early. The server is a socket on loopback.
//!
//! ```console
//! $ cargo test --release -p clientwright-tests --test clients streaming::memory -- --nocapture   # prints the measurements
//! ```

mod changes;
mod downloads;
mod early_response;
// `memory` exists only on Linux, because it reads the peak memory of a process from `/proc`.
mod backpressure;
mod http2;
#[cfg(target_os = "linux")]
mod memory;
mod server;
mod uploads;
