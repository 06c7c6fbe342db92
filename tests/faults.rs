//! Fault injection: for each fault of a server, by GET and by POST, the number of requests that arrive, the error and
//! the time. No POST is processed twice. `hostile` limits the time and memory that hostile servers can cost a client.
//!
//! `cargo xtask faults` prints both tables.

mod answers;
// Only where the operating system reports the peak memory of a process.
#[cfg(target_os = "linux")]
mod attacks;
mod cases;
#[cfg(target_os = "linux")]
mod floods;
#[cfg(target_os = "linux")]
mod hostile;
#[path = "examples/mpki/issue_once.rs"]
mod issue_once;
mod kept;
mod recipe;
#[allow(dead_code, reason = "only the soak test reads the bodies of requests")]
mod server;
#[cfg(target_os = "linux")]
mod streams;
mod table;

/// Held by the test whose calls have short timeouts, and by the one that keeps all processors busy.
static PROCESSORS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
