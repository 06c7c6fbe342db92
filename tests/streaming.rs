//! Bodies that are not held in memory: uploads from disk, downloads to disk, what happens to both when something
//! changes, stalls, breaks off or is answered too early. The server is a socket on loopback.
//!
//! ```console
//! $ cargo test --release -p clientwright-tests --test streaming memory -- --nocapture   # prints what is measured
//! ```

#[path = "streaming/changes.rs"]
mod changes;
#[path = "streaming/downloads.rs"]
mod downloads;
#[path = "streaming/early.rs"]
mod early;
// Where the operating system says how much memory a process has had.
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
