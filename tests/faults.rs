//! What callers get from a server at fault: for each fault, by GET and by POST, how many requests arrive, which error it
//! is, and how long it takes. No POST is doubled.
//!
//! `cargo xtask faults` prints the table.

#[path = "faults/answers.rs"]
mod answers;
#[path = "faults/cases.rs"]
mod cases;
#[path = "examples/mpki/issue_once.rs"]
mod issue_once;
#[path = "faults/kept.rs"]
mod kept;
#[path = "faults/recipe.rs"]
mod recipe;
#[allow(dead_code, reason = "the soak reads the bodies of requests")]
#[path = "faults/server.rs"]
mod server;
#[path = "faults/table.rs"]
mod table;
