//! What callers get from a server at fault: for each fault, by GET and by POST, how many requests arrive, which error it
//! is, and how long it takes. No POST is doubled. And what a client takes of time and memory whose server is hostile.
//!
//! `cargo xtask faults` prints both tables.

#[path = "faults/answers.rs"]
mod answers;
// Where the operating system says how much memory a process has had.
#[cfg(target_os = "linux")]
#[path = "faults/attacks.rs"]
mod attacks;
#[path = "faults/cases.rs"]
mod cases;
#[cfg(target_os = "linux")]
#[path = "faults/floods.rs"]
mod floods;
#[cfg(target_os = "linux")]
#[path = "faults/hostile.rs"]
mod hostile;
#[path = "examples/mpki/issue_once.rs"]
mod issue_once;
#[path = "faults/kept.rs"]
mod kept;
#[path = "faults/recipe.rs"]
mod recipe;
#[allow(dead_code, reason = "the soak reads the bodies of requests")]
#[path = "faults/server.rs"]
mod server;
#[cfg(target_os = "linux")]
#[path = "faults/streams.rs"]
mod streams;
#[path = "faults/table.rs"]
mod table;

/// Held by the test whose calls have short time limits, and by the one that keeps every processor busy.
static PROCESSORS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
