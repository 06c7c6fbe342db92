//! Malicious documents: each results in a client or in diagnostics, in bounded time, and none of its text becomes code
//! or leaves its place.
//!
//! Random inputs are in `fuzz`; this test contains known attacks.

mod circles;
mod document;
mod growth;
mod names;
mod nesting;
mod places;
