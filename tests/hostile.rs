//! Malicious documents: each results in a client or in diagnostics, in bounded time, and none of its text becomes code
//! or leaves its place.
//!
//! Random inputs are in `fuzz`; this test contains known attacks.

mod fixture;
#[path = "fuzz/judge.rs"]
mod judge;

#[path = "hostile/circles.rs"]
mod circles;
#[path = "hostile/document.rs"]
mod document;
#[path = "hostile/growth.rs"]
mod growth;
#[path = "hostile/names.rs"]
mod names;
#[path = "hostile/nesting.rs"]
mod nesting;
#[path = "hostile/places.rs"]
mod places;
