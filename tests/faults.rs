//! Fault injection: for each fault of a server, the tests check the number of requests that arrive, the error and the
//! duration of a GET and a POST, and that no POST is processed twice. `hostile` checks that hostile servers cannot make
//! a client exceed limits on time and memory.
//!
//! `cargo xtask faults` prints both tables.

mod responses;
// `attacks`, `floods`, `hostile` and `streams` exist only on Linux, because `hostile` reads the peak memory of a
// process from `/proc`.
#[cfg(target_os = "linux")]
mod attacks;
mod cases;
#[cfg(target_os = "linux")]
mod floods;
#[cfg(target_os = "linux")]
mod hostile;
#[path = "examples/mpki/issue_once.rs"]
mod issue_once;
mod lost_response;
mod reused_connections;
#[allow(dead_code, reason = "only the soak test reads the bodies of requests")]
mod server;
#[cfg(target_os = "linux")]
mod streams;
mod table;

/// A lock that prevents two tests from running at the same time: one keeps all processors busy, so the short timeouts
/// of the other would expire.
static PROCESSORS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
