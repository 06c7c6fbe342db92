//! Bodies that are not held in memory: uploads from disk, downloads to disk, and their behaviour when files change,
//! connections stall or break, or servers respond early. The server is a socket on loopback.
//!
//! ```console
//! $ cargo test --release -p clientwright-tests --test streaming memory -- --nocapture   # prints the measurements
//! ```

#[path = "streaming/changes.rs"]
mod changes;
#[path = "streaming/downloads.rs"]
mod downloads;
#[path = "streaming/early.rs"]
mod early;
// Only where the operating system reports the peak memory of a process.
#[path = "streaming/http2.rs"]
mod http2;
#[cfg(target_os = "linux")]
#[path = "streaming/memory.rs"]
mod memory;
#[path = "streaming/pressure.rs"]
mod pressure;
#[path = "streaming/server.rs"]
mod server;
#[path = "streaming/uploads.rs"]
mod uploads;
