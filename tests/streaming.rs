//! Bodies that are not held in memory: uploads from disk, downloads to disk, and their behaviour when files change,
//! connections stall or break, or servers respond early. The server is a socket on loopback.
//!
//! ```console
//! $ cargo test --release -p clientwright-tests --test clients streaming::memory -- --nocapture   # prints the measurements
//! ```

mod changes;
mod downloads;
mod early;
// Only where the operating system reports the peak memory of a process.
mod http2;
#[cfg(target_os = "linux")]
mod memory;
mod pressure;
mod server;
mod uploads;
